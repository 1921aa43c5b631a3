package schema_test

import (
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luodi/data/schema"
	"luodi/data/store"
	"luodi/data/store/cluster"
	"luodi/data/store/storetest"
)

// noise is what pg_dump prints that is not schema.
var noise = regexp.MustCompile(`(?m)^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)\n`)

// dump is a database's schema, the table of its version included.
func dump(t *testing.T, src store.Source) string {
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

// rows sums every table but that of the version, by the columns it is asked for; nil asks for all it has, and fills it.
func rows(t *testing.T, src store.Source, columns map[string]string) []string {
	t.Helper()
	conn := open(t, src)
	if len(columns) == 0 {
		for _, pair := range list(t, conn, `SELECT c.relname || '=' || string_agg(quote_ident(a.attname), ',' ORDER BY a.attnum)
			FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
			  AND c.relname NOT IN ('schema_version', 'spatial_ref_sys') GROUP BY c.relname`) {
			table, names, _ := strings.Cut(pair, "=")
			columns[table] = names
		}
	}
	var sums []string
	for _, table := range slices.Sorted(maps.Keys(columns)) {
		sums = append(sums, table+" "+list(t, conn, fmt.Sprintf(`SELECT concat_ws(' ', count(*), md5(string_agg(x, E'\n'
			ORDER BY x))) FROM (SELECT ROW(%s)::text COLLATE "C" AS x FROM public.%s t) r`, columns[table], table))[0])
	}
	return sums
}

// A cluster of before the fold becomes the same database that a new one is, and what its rows said they still say: the
// same answers.
func TestADatabaseOfBeforeTheFoldIsAdopted(t *testing.T) {
	t.Parallel()
	src := storetest.Old(t)
	columns := map[string]string{}
	rows(t, src, columns)
	told := strings.Split(columns["parcel_public"], ",") // intentions are told by another word since 0118
	columns["parcel_public"] = strings.Join(slices.DeleteFunc(told, func(name string) bool {
		return name == "status" || name == "expires_at"
	}), ",")
	before := rows(t, src, columns)
	if !slices.ContainsFunc(before, func(s string) bool { return strings.HasPrefix(s, "parcel_version ") && len(s) > 45 }) {
		t.Fatalf("the database of before holds no parcels: %q", before)
	}
	state, err := store.SchemaOf(t.Context(), src)
	if err != nil || state.Current != schema.OldestKept ||
		!slices.Contains(state.Pending, fmt.Sprintf("%04d = %04d", schema.LastOld, schema.Baseline)) {
		t.Fatalf("%+v, %v", state, err)
	}
	var applied []string
	after, err := store.Migrate(t.Context(), src, func(name string) { applied = append(applied, name) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(state.Pending, applied); diff != "" {
		t.Errorf("pending and applied differ (-pending +applied):\n%s", diff)
	}
	if target, err := schema.Target(); err != nil || after.Current != target || len(after.Pending) > 0 {
		t.Errorf("%+v, %v", after, err)
	}
	if diff := cmp.Diff(dump(t, storetest.New(t).Source), dump(t, src)); diff != "" {
		t.Errorf("an adopted database (+) has another schema than a new one (-):\n%s", diff)
	}
	if diff := cmp.Diff(before, rows(t, src, columns)); diff != "" {
		t.Errorf("the rows were touched (-before +after):\n%s", diff)
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
	src := storetest.Old(t)
	if _, err := store.Migrate(t.Context(), src, nil); err != nil {
		t.Fatal(err)
	}
	newer := list(t, open(t, src), `SELECT (version > $1)::text FROM schema_version`, schema.LastOld)
	if !slices.Equal(newer, []string{"true"}) {
		t.Errorf("%q", newer)
	}
}
