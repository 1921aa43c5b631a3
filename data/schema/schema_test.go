package schema_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"luodi/data/schema"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestMain(m *testing.M) { storetest.Main(m) }

// Rules that changed are a new edition, so that a program with the old ones doesn't put them back.
func TestChangedRulesAreANewEdition(t *testing.T) {
	number, sum, err := schema.Edition()
	if err != nil {
		t.Fatal(err)
	}
	now := schema.RulesSum()
	if *update && now != sum {
		if err := os.WriteFile("edition.txt", fmt.Appendf(nil, "%d %s\n", number+1, now), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now != sum {
		t.Errorf("the rules are not those of edition %d any more: run `make schema`", number)
	}
}

func TestNewerRulesAreLeftAlone(t *testing.T) {
	t.Parallel()
	conn := open(t, storetest.New(t).Source)
	do(t, conn, `UPDATE schema_version SET rules = '1000000 of a newer program'`)
	if _, err := schema.Migrate(t.Context(), conn, nil); !errors.Is(err, schema.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// open connects to a database as its owner.
func open(t *testing.T, src store.Source) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), src.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func do(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// list collects the one column of a query.
func list(t *testing.T, conn *pgx.Conn, sql string, args ...any) []string {
	t.Helper()
	rows, err := conn.Query(context.Background(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// stale makes the database believe that it has the rules of another program.
const stale = `UPDATE schema_version SET rules = '0 of another program'`

func TestMigrateAppliesEveryStepOnceInOrder(t *testing.T) {
	t.Parallel()
	conn := open(t, storetest.Empty(t))
	before, err := schema.Read(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	if before.Current != 0 || before.Target < schema.Baseline || len(before.Pending) != before.Target-100+1 {
		t.Fatalf("an empty database is at %+v", before)
	}
	var applied []string
	if _, err := schema.Migrate(t.Context(), conn, func(name string) { applied = append(applied, name) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before.Pending, applied); diff != "" {
		t.Errorf("pending and applied differ (-pending +applied):\n%s", diff)
	}
	again, err := schema.Migrate(t.Context(), conn, func(name string) { t.Errorf("%s was applied twice", name) })
	if err != nil || again.Current != again.Target {
		t.Errorf("second run: %+v, %v", again, err)
	}
}

// A start on a database that is current waits for nobody: here another holds the lock of migrating, and every table.
func TestACurrentDatabaseIsOnlyRead(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	holder, conn := open(t, db.Source), open(t, db.Source)
	do(t, holder, `BEGIN; SELECT pg_advisory_xact_lock(9628173550095224); LOCK TABLE parcel_version, park, record IN
		ACCESS EXCLUSIVE MODE`)
	do(t, conn, `SET lock_timeout = '1ms'; SET default_transaction_read_only = on`)
	if _, err := schema.Migrate(t.Context(), conn, func(name string) { t.Errorf("applies %s", name) }); err != nil {
		t.Error(err)
	}
	do(t, conn, `SET default_transaction_read_only = off`)
	do(t, conn, stale)
	if _, err := schema.Migrate(t.Context(), conn, nil); err == nil {
		t.Error("the rules were replaced without the lock")
	}
}

func TestSeveralMigratorsAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	src := storetest.Empty(t)
	type result struct {
		steps int
		err   error
	}
	results := make(chan result, 4)
	for range 4 {
		go func() {
			steps := 0
			_, err := store.Migrate(context.Background(), src, func(string) { steps++ })
			results <- result{steps, err}
		}()
	}
	steps := 0
	for range 4 {
		r := <-results
		if r.err != nil {
			t.Error(r.err)
		}
		steps += r.steps
	}
	if target, err := schema.Target(); err != nil || steps != target-100+1 {
		t.Errorf("%d steps, %v", steps, err)
	}
}

func TestVersionsFromWhichNothingLeadsOnAreRefused(t *testing.T) {
	t.Parallel()
	target, err := schema.Target()
	if err != nil {
		t.Fatal(err)
	}
	var older *schema.OlderError
	for version, want := range map[int]func(error) bool{
		target + 1:          func(err error) bool { return errors.Is(err, schema.ErrNewer) },
		schema.Baseline - 1: func(err error) bool { return errors.Is(err, schema.ErrUnknown) },
		schema.LastOld:      func(err error) bool { return errors.Is(err, schema.ErrUnknown) }, // the rules of the new, the number of the old
	} {
		db := storetest.New(t)
		do(t, open(t, db.Source), fmt.Sprintf("UPDATE schema_version SET version = %d", version))
		if _, err := store.Migrate(t.Context(), db.Source, nil); !want(err) {
			t.Errorf("%d: %v", version, err)
		}
		if _, err := store.SchemaOf(t.Context(), db.Source); !want(err) {
			t.Errorf("%d: %v", version, err)
		}
	}
	for version, want := range map[int]func(error) bool{
		1:                     func(err error) bool { return errors.As(err, &older) && older.Version == 1 },
		schema.OldestKept - 1: func(err error) bool { return errors.As(err, &older) && !errors.Is(err, schema.ErrNewer) },
		schema.LastOld + 1:    func(err error) bool { return errors.Is(err, schema.ErrNewer) },
		schema.Baseline:       func(err error) bool { return errors.Is(err, schema.ErrUnknown) },
	} {
		src := storetest.Empty(t)
		conn := open(t, src)
		do(t, conn, fmt.Sprintf("CREATE TABLE schema_version (version int4 NOT NULL); INSERT INTO schema_version VALUES (%d)",
			version))
		if _, err := store.Migrate(t.Context(), src, nil); !want(err) {
			t.Errorf("%d of before the fold: %v", version, err)
		}
		if tables := list(t, conn, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace`); !slices.Equal(tables,
			[]string{"schema_version"}) {
			t.Errorf("%d of before the fold was refused and has %v", version, tables)
		}
	}
}

func TestAFailedMigrationLeavesTheDatabaseAsItWas(t *testing.T) {
	t.Parallel()
	src := storetest.Empty(t)
	conn := open(t, src)
	do(t, conn, "CREATE TABLE webhook (in_the_way int)")
	if _, err := store.Migrate(t.Context(), src, nil); err == nil {
		t.Fatal("migrated over a table that is in the way")
	}
	state, err := store.SchemaOf(t.Context(), src)
	if err != nil || state.Current != 0 {
		t.Errorf("after the failure: %+v, %v", state, err)
	}
	if tables := list(t, conn, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace`); !slices.Equal(tables,
		[]string{"webhook"}) {
		t.Errorf("after the failure: %v", tables)
	}
}

// inForce is all that the rules make: functions with their text and rights, triggers, views, rights to tables.
const inForce = `
SELECT format('%s %s %s', p.oid::regprocedure, md5(pg_get_functiondef(p.oid)), p.proacl::text)
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
     AND d.deptype = 'e')
UNION ALL
SELECT pg_get_triggerdef(t.oid) || t.tgenabled::text FROM pg_trigger t WHERE NOT t.tgisinternal
UNION ALL
SELECT format('%s %s %s', c.relname, c.relacl::text, CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END)
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'S')
UNION ALL
SELECT format('%s.%s %s', c.relname, a.attname, a.attacl::text)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL
ORDER BY 1`

// Whatever was done to the rules, and whatever an older program left, an upgrade brings back just the rules of the
// files: what they don't name vanishes, and what was changed or dropped is there again.
func TestRulesAreReplacedWhole(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	conn := open(t, db.Source)
	want := list(t, conn, inForce)
	if len(want) < 200 {
		t.Fatalf("only %d", len(want))
	}
	do(t, conn, `
		CREATE FUNCTION of_before() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
		CREATE PROCEDURE of_before_too() LANGUAGE sql AS 'SELECT';
		CREATE TRIGGER of_before BEFORE INSERT ON parcel FOR EACH ROW EXECUTE FUNCTION of_before();
		CREATE VIEW view_of_before AS SELECT * FROM tenant;
		CREATE FUNCTION refuse(p_rule text) RETURNS void LANGUAGE sql AS 'SELECT';
		CREATE OR REPLACE FUNCTION slack_m2(p_perimeter double precision) RETURNS double precision LANGUAGE sql IMMUTABLE
		  AS 'SELECT 1e9::double precision';`)
	do(t, conn, `
		ALTER TABLE parcel_version DISABLE TRIGGER a_keep_version;
		DROP TRIGGER z_settle_record ON park_clock;
		DROP VIEW party_park;
		DROP FUNCTION count_parcels CASCADE;
		GRANT DELETE, TRUNCATE ON parcel_version, event TO luodi_planner;
		GRANT UPDATE (seq) ON event TO luodi_public;
		GRANT EXECUTE ON FUNCTION publish_parcels TO luodi_public;
		REVOKE SELECT ON park_public FROM luodi_public;
		REVOKE EXECUTE ON FUNCTION settle_shape FROM PUBLIC;`)
	if got := list(t, conn, inForce); slices.Equal(got, want) {
		t.Fatal("nothing was changed")
	}
	do(t, conn, stale)
	var applied []string
	if _, err := schema.Migrate(t.Context(), conn, func(name string) { applied = append(applied, name) }); err != nil {
		t.Fatal(err)
	}
	if len(applied) != 1 || !strings.HasPrefix(applied[0], "rules ") {
		t.Errorf("applied %q", applied)
	}
	if diff := cmp.Diff(want, list(t, conn, inForce)); diff != "" {
		t.Errorf("the rules are others than those of the files (-want +got):\n%s", diff)
	}
}

// A function on which a table depends can't be dropped: its file replaces it, and one that no file names any more is
// refused with what depends on it.
func TestAFunctionThatATableNeedsIsReplaced(t *testing.T) {
	t.Parallel()
	conn := open(t, storetest.New(t).Source)
	want := list(t, conn, inForce)
	do(t, conn, `CREATE INDEX by_order ON zone (code_order(code)); REVOKE EXECUTE ON FUNCTION code_order FROM PUBLIC;
		GRANT EXECUTE ON FUNCTION code_order TO luodi_public; `+stale)
	if _, err := schema.Migrate(t.Context(), conn, nil); err != nil {
		t.Fatal(err)
	}
	plain := func(rows []string) []string { // the rights of a new function may be written down or not
		same := regexp.MustCompile(`(code_order\(text\) \w+) .*`)
		for i := range rows {
			rows[i] = same.ReplaceAllString(rows[i], "$1")
		}
		return rows
	}
	if diff := cmp.Diff(plain(want), plain(list(t, conn, inForce))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if open := list(t, conn, `SELECT has_function_privilege('luodi_planner', 'code_order(text)', 'EXECUTE')::text`); open[0] != "true" {
		t.Error("code_order is closed to planners")
	}
	do(t, conn, `CREATE FUNCTION needed(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
		CREATE INDEX by_needed ON zone (needed(code)); `+stale)
	if _, err := schema.Migrate(t.Context(), conn, nil); err == nil || !strings.Contains(err.Error(), "needed(text)") {
		t.Errorf("got %v", err)
	}
}

// mapped is a row of the map's second part.
var mapped = regexp.MustCompile(`^--   (\w*) +(\d+)  (.{35})  ?(\w+) +(\w+)$`)

func TestTheMapIsTheDatabase(t *testing.T) {
	t.Parallel()
	conn := open(t, storetest.New(t).Source)
	text, err := schema.Text(schema.Map)
	if err != nil {
		t.Fatal(err)
	}
	rules, tables, found := strings.Cut(text, "-- Tables, ")
	if !found {
		t.Fatal("the map has no second part")
	}
	var got []string
	table := ""
	for line := range strings.Lines(tables) {
		if m := mapped.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			if m[1] != "" {
				table = m[1]
			}
			got = append(got, strings.Join([]string{table, m[2], strings.TrimSpace(m[3]), m[4], m[5]}, " | "))
		}
	}
	want := list(t, conn, sqlTriggers)
	if len(want) < 80 {
		t.Fatalf("only %d triggers", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the map (+) is not the database (-):\n%s", diff)
	}
	var explained []string
	for _, m := range regexp.MustCompile(`(?m)^--   (\w+) +\S.*$`).FindAllStringSubmatch(rules, -1) {
		explained = append(explained, m[1])
	}
	if diff := cmp.Diff(list(t, conn, `SELECT DISTINCT p.proname::text COLLATE "C" FROM pg_trigger t
		JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal ORDER BY 1`), explained); diff != "" {
		t.Errorf("the map explains others (+) than the rules that are there (-):\n%s", diff)
	}
}

// sqlTriggers are the triggers in the words of the map: table, order, event, trigger, rule.
const sqlTriggers = `
SELECT concat_ws(' | ', relname, row_number() OVER (PARTITION BY relname ORDER BY phase, tgname COLLATE "C"),
       CASE WHEN phase = 4 THEN 'at commit, ' WHEN phase = 1 THEN 'before ' ELSE 'after ' END || events
         || CASE WHEN phase = 3 THEN ', each statement' ELSE '' END, tgname, proname)
  FROM (SELECT c.relname::text COLLATE "C" AS relname, t.tgname::text AS tgname, p.proname,
               CASE WHEN t.tginitdeferred THEN 4 WHEN t.tgtype & 1 = 0 THEN 3 WHEN t.tgtype & 2 = 0 THEN 2 ELSE 1 END
                 AS phase,
               concat_ws(' or ', CASE WHEN t.tgtype & 4 > 0 THEN 'insert' END,
                 CASE WHEN t.tgtype & 8 > 0 THEN 'delete' END,
                 CASE WHEN t.tgtype & 16 > 0 THEN 'update' || coalesce(' of ' || (
                   SELECT string_agg(a.attname, ', ') FROM pg_attribute a
                    WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr::int2[])), '') END) AS events
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
         WHERE NOT t.tgisinternal) t
 ORDER BY relname, phase, tgname COLLATE "C"`

// The roles are told once: the constants here, and the file that makes them.
func TestTheRolesAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	text, err := schema.Text("10_roles.sql")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("ARRAY['%s', '%s']", schema.PlannerRole, schema.PublicRole); !strings.Contains(text, want) {
		t.Errorf("10_roles.sql does not make %s", want)
	}
}

// A function is named by one file, once: what the database refuses now stands in one place.
func TestEachRuleStandsOnce(t *testing.T) {
	t.Parallel()
	conn := open(t, storetest.New(t).Source)
	names := list(t, conn, `SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
		AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
		  AND d.deptype = 'e')`)
	seen := map[string]int{}
	for _, file := range schema.Files() {
		text, err := schema.Text(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^CREATE OR REPLACE FUNCTION (\w+)`).FindAllStringSubmatch(text, -1) {
			seen[m[1]]++
		}
	}
	for _, name := range names {
		if seen[name] != 1 {
			t.Errorf("%s is made %d times", name, seen[name])
		}
	}
}
