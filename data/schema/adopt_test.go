package schema_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luodi/data"
	"luodi/data/cluster"
	"luodi/data/datatest"
	"luodi/data/schema"
)

// noise is what pg_dump prints that is not schema.
var noise = regexp.MustCompile(`(?m)^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)\n`)

// dump is a database's schema, the table of its version included.
func dump(t *testing.T, src data.Source) string {
	t.Helper()
	bin, err := cluster.FindBinaries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "pg_dump"), "--schema-only", "--no-owner", src.URL).Output()
	if err != nil {
		t.Fatalf("pg_dump: %v", err)
	}
	// A condition of several parts loses parentheses that mean nothing when a constraint is made anew from its text.
	return strings.NewReplacer("(", "", ")", "").Replace(noise.ReplaceAllString(string(out), ""))
}

// rows sums every table but that of the version.
func rows(t *testing.T, src data.Source) []string {
	t.Helper()
	conn := open(t, src)
	var sums []string
	for _, table := range list(t, conn, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
		AND relkind = 'r' AND relname NOT IN ('schema_version', 'spatial_ref_sys') ORDER BY 1`) {
		sums = append(sums, table+" "+list(t, conn, fmt.Sprintf(`SELECT concat_ws(' ', count(*), md5(string_agg(x, E'\n'
			ORDER BY x))) FROM (SELECT t::text COLLATE "C" AS x FROM public.%s t) r`, table))[0])
	}
	return sums
}

// A cluster at the last version of before the fold becomes, without a touch to its rows, the same database that a new
// one is: same rows and same schema, so the same answers.
func TestADatabaseOfBeforeTheFoldIsAdopted(t *testing.T) {
	t.Parallel()
	src := datatest.LastOld(t)
	before := rows(t, src)
	if !slices.ContainsFunc(before, func(s string) bool { return strings.HasPrefix(s, "parcel_version ") && len(s) > 45 }) {
		t.Fatalf("the database of before holds no parcels: %q", before)
	}
	state, err := data.SchemaOf(t.Context(), src)
	if err != nil || state.Current != schema.LastOld || len(state.Pending) < 2 ||
		state.Pending[0] != fmt.Sprintf("%04d = %04d", schema.LastOld, schema.Baseline) {
		t.Fatalf("%+v, %v", state, err)
	}
	var applied []string
	after, err := data.Migrate(t.Context(), src, func(name string) { applied = append(applied, name) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(state.Pending, applied); diff != "" {
		t.Errorf("pending and applied differ (-pending +applied):\n%s", diff)
	}
	if target, err := schema.Target(); err != nil || after.Current != target || len(after.Pending) > 0 {
		t.Errorf("%+v, %v", after, err)
	}
	if diff := cmp.Diff(dump(t, datatest.New(t).Source), dump(t, src)); diff != "" {
		t.Errorf("an adopted database (+) has another schema than a new one (-):\n%s", diff)
	}
	if target, _ := schema.Target(); target == schema.Baseline { // a later table file may change rows
		if diff := cmp.Diff(before, rows(t, src)); diff != "" {
			t.Errorf("the rows were touched (-before +after):\n%s", diff)
		}
	}
	conn := open(t, src)
	do(t, conn, `SET ROLE luodi_public`)
	if parks := list(t, conn, `SELECT count(*)::text FROM park_public`); parks[0] != "6" {
		t.Errorf("the public sees %s parks", parks[0])
	}
}

// A program of before the fold reads the version alone, and takes a number above its own for a newer schema.
func TestAProgramOfBeforeTheFoldRefusesTheDatabase(t *testing.T) {
	t.Parallel()
	src := datatest.LastOld(t)
	if _, err := data.Migrate(t.Context(), src, nil); err != nil {
		t.Fatal(err)
	}
	newer := list(t, open(t, src), `SELECT (version > $1)::text FROM schema_version`, schema.LastOld)
	if !slices.Equal(newer, []string{"true"}) {
		t.Errorf("%q", newer)
	}
}
