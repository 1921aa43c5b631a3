package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"luodi/data/store/cluster"
	"luodi/data/store/storetest"
)

// secrets are words of what the public may not read; they stand in an internal parcel, in an unnamed project that holds
// land, and in a record.
var secrets = []string{"SECRET", "不具名", "123456789", "122.0249", "122.0254"}

// secretGround holds one parcel that is public and one that isn't, both under the right of a project that isn't named.
func secretGround(t *testing.T) *storetest.DB {
	t.Helper()
	db := storetest.New(t)
	park := storetest.Park(t, db, "public")
	parcels := storetest.Parcels(t, db, park, storetest.Square{Code: "OPEN", X: 0.1, Y: 0.1, Side: 0.001},
		storetest.Square{Code: "SECRET", X: 0.495, Y: 0.5, Side: 0.0005, Internal: true})
	storetest.Allot(t, db, park, storetest.Project(t, db, park, "不具名", false), "reserved", parcels...)
	for _, sql := range []string{`ANALYZE`, `INSERT INTO account (account_id, login, name)
		VALUES (gen_random_uuid(), 'secret', 'SECRET')`,
		`INSERT INTO contact (district_id, contact_id, party_id, name)
			SELECT district_id, gen_random_uuid(), party_id, 'SECRET' FROM party`} {
		if _, err := db.Owner.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// prying runs a script as the public's role and returns the SQLSTATE it ended with, or Taken, and everything the server
// said: rows, notices, errors.
func prying(t *testing.T, db *storetest.DB, sql string) (code, said string) {
	t.Helper()
	ctx := context.Background()
	config, err := pgx.ParseConfig(db.Source.URL)
	if err != nil {
		t.Fatal(err)
	}
	var heard bytes.Buffer
	config.User = cluster.PublicRole
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		heard.WriteString(n.Message + n.Detail + n.Hint +
			"\n")
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if strings.HasPrefix(sql, "COPY") {
		_, err = conn.PgConn().CopyTo(ctx, &heard, sql)
	} else {
		var results []*pgconn.Result
		results, err = conn.PgConn().Exec(ctx, sql).ReadAll()
		for _, r := range results {
			for _, row := range r.Rows {
				heard.Write(append(bytes.Join(row, []byte(" ")), '\n'))
			}
		}
	}
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return storetest.Taken, heard.String()
	case !errors.As(err, &pg):
		t.Fatalf("%s: %v", sql, err)
	}
	return pg.Code, heard.String() + pg.Message + pg.Detail + pg.Hint + pg.Where
}

// pries are what the public might try. Where want is empty it may have an answer, but no secret in it.
var pries = []struct{ sql, want string }{
	{`SELECT * FROM parcel_version`, "42501"},
	{`SELECT count(*) FROM parcel_version`, "42501"},
	{`SELECT FROM parcel_version`, "42501"},
	{`SELECT ctid FROM parcel_version`, "42501"},
	{`EXPLAIN ANALYZE SELECT * FROM parcel_version`, "42501"},
	{`EXPLAIN SELECT * FROM parcel_version WHERE geom && ST_MakeEnvelope(122, 37, 123, 38, 4490)`, "42501"},
	{`COPY parcel_version TO STDOUT`, "42501"},
	{`COPY (SELECT code FROM parcel_version) TO STDOUT`, "42501"},
	{`COPY (SELECT * FROM parcel_public) TO STDOUT`, ""},
	{`SELECT p.*, p FROM parcel_public p`, ""},
	{`SELECT * FROM parcel_public p, LATERAL (SELECT v.legal_m2 FROM parcel_version v WHERE v.parcel_id = p.parcel_id) s`, "42501"},
	{`TABLE project_version`, "42501"},
	{`TABLE project_milestone`, "42501"},
	{`TABLE contact`, "42501"},
	{`TABLE party`, "42501"},
	{`TABLE account`, "42501"},
	{`TABLE token`, "42501"},
	{`TABLE session`, "42501"},
	{`TABLE record`, "42501"},
	{`TABLE event`, "42501"},
	{`TABLE lineage`, "42501"},
	{`TABLE proposal`, "42501"},
	{`TABLE idempotency`, "42501"},
	{`TABLE allotment_version`, "42501"},
	{`TABLE allotment_parcel`, "42501"},
	{`TABLE allotment_draw`, "42501"},
	{`TABLE supply_at_risk`, "42501"},
	{`TABLE waiting`, "42501"},
	{`TABLE invitation`, "42501"},
	{`TABLE spent_invitation`, "42501"},
	{`TABLE parcel_desk`, "42501"},
	{`SELECT FROM parcel_desk WHERE geom && ST_MakeEnvelope(122, 37, 123, 38, 4490)`, "42501"},
	{`TABLE zone_desk`, "42501"},
	{`TABLE plan_unit_desk`, "42501"},
	{`TABLE network_desk`, "42501"},
	{`TABLE service_public`, ""},
	{`SELECT node_room(park_id, 1, network_id, 'power') FROM network_public`, "42501"},
	{`SELECT stood(park_id, 1, parcel_id) FROM parcel_public`, "42501"},
	{`TABLE park_clock`, "42501"},
	{`SELECT writer FROM park_clock`, "42501"},
	{`SELECT dirty FROM park_clock`, "42501"},
	{`SELECT park_id, seq, at FROM park_clock`, ""},
	{`BEGIN; LOCK TABLE parcel_version IN ACCESS SHARE MODE`, "42501"},
	{`SELECT table_to_xml('parcel_version', true, true, '')`, "42501"},
	{`SELECT query_to_xml('SELECT code FROM parcel_version', true, true, '')`, "42501"},
	{`SELECT schema_to_xml('public', true, true, '')`, ""},
	{`SELECT ST_EstimatedExtent('public', 'parcel_version', 'geom')`, "42501"},
	{`SELECT ST_EstimatedExtent('parcel_version', 'geom')`, "42501"},
	{`SELECT ST_EstimatedExtent('public', 'parcel_version', 'geom', true)`, "42501"},
	{`SELECT ST_FindExtent('parcel_version', 'geom')`, "42501"},
	{`SELECT _postgis_stats('parcel_version', 'geom')`, "42501"},
	{`SELECT _postgis_selectivity('parcel_version', 'geom', ST_MakeEnvelope(122.02, 37.24, 122.03, 37.25, 4490))`,
		"42501"},
	{`SELECT _postgis_join_selectivity('parcel_version', 'geom', 'parcel_public', 'geom')`, "42501"},
	{`SELECT _postgis_index_extent('parcel_version', 'geom')`, "42501"},
	{`SELECT * FROM pg_stats WHERE schemaname = 'public'`, ""},
	{`SELECT * FROM pg_statistic`, "42501"},
	{`SELECT * FROM pg_statistic_ext_data`, "42501"},
	{`SELECT * FROM pg_stats_ext`, ""},
	{`SELECT * FROM pg_stat_activity`, ""},
	{`SELECT * FROM pg_stat_all_tables`, ""},
	{`SELECT * FROM geometry_columns`, ""},
	{`SELECT * FROM pg_prepared_statements, pg_cursors`, ""},
	{`DO $$ DECLARE t text; BEGIN EXECUTE 'SELECT chunk_data::text FROM ' || (SELECT reltoastrelid::regclass
		FROM pg_class WHERE relname = 'parcel_version') INTO t; RAISE NOTICE '%', t; END $$`, "42501"},
	{`CREATE TEMP TABLE mine (LIKE parcel_version)`, "42501"},
	{`CREATE TEMP VIEW mine AS SELECT * FROM parcel_version; SELECT * FROM mine`, "42501"},
	{`CREATE TABLE public.mine (x int)`, "42501"},
	{`CREATE TEMP TABLE mine (x uuid); CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$; SELECT count(*) FROM parcel_public WHERE pg_temp.leak(code || coalesce(project_zh, ''))`, ""},
	{`CREATE FUNCTION pg_temp.peek() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT code FROM public.parcel_version'; SELECT pg_temp.peek()`, "42501"},
	{`INSERT INTO parcel_public SELECT * FROM parcel_public`, "42501"},
	{`UPDATE parcel_public SET code = 'x'`, "42501"},
	{`DELETE FROM parcel_public`, "42501"},
	{`INSERT INTO parcel SELECT park_id, parcel_id FROM parcel_public`, "42501"},
	{`SELECT begin_record(park_id, gen_random_uuid(), 'edit', 'x', 'x') FROM park_public`, "42501"},
	{`SELECT publish_parcels(park_id, ARRAY[parcel_id]) FROM parcel_public`, "42501"},
	{`SELECT refuse_overlap(park_id, 1) FROM park_public`, "42501"},
	{`SELECT changed_land(park_id, 1) FROM park_public`, "42501"},
	{`SET ROLE luodi_planner`, "42501"},
	{`SET ROLE luodi`, "42501"},
	{`SET SESSION AUTHORIZATION luodi`, "42501"},
	{`RESET ROLE; RESET SESSION AUTHORIZATION; SELECT code FROM parcel_version`, "42501"},
	{`SET session_replication_role = replica`, "42501"},
	{`SET row_security = off; SELECT code FROM parcel_version`, "42501"},
	{`CREATE EXTENSION dblink`, "42501"},
	{`CREATE EXTENSION postgres_fdw`, "42501"},
	{`SELECT pg_read_file('PG_VERSION')`, "42501"},
	{`SELECT pg_ls_dir('.')`, "42501"},
	{`SELECT lo_import('/etc/passwd')`, "42501"},
	{`SELECT lo_create(0)`, "42501"},
	{`SELECT lo_creat(-1)`, "42501"},
	{`SELECT lo_from_bytea(0, 'x')`, "42501"},
	{`SELECT lo_put(1, 0, 'x')`, "42501"},
	{`SELECT lo_get(1)`, "42501"},
	{`SELECT lo_unlink(1)`, "42501"},
	{`BEGIN; SELECT lowrite(lo_open(1, 131072), 'x')`, "42501"},
	{`SELECT pg_notify('luodi_event', park_id::text) FROM park_public`, "42501"},
	{`SELECT pg_advisory_lock(1)`, "42501"},
	{`SELECT pg_try_advisory_lock_shared(1, 1)`, "42501"},
	{`SELECT pg_try_advisory_xact_lock(1)`, "42501"},
	{`SELECT pg_cancel_backend(pid) FROM pg_stat_activity`, "42501"},
	{`SELECT pg_terminate_backend(pid) FROM pg_stat_activity`, "42501"},
	{`COPY parcel_public TO PROGRAM 'cat'`, "42501"},
	{`SELECT pg_create_logical_replication_slot('mine', 'test_decoding')`, "42501"},
}

func TestThePublicPriesInVain(t *testing.T) {
	t.Parallel()
	db := secretGround(t)
	busy, err := db.Planner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Rollback(context.Background()) }()
	if _, err := busy.Exec(t.Context(), `SELECT code FROM parcel_version WHERE code = 'SECRET'`); err != nil {
		t.Fatal(err)
	}
	for _, p := range pries {
		code, said := prying(t, db, p.sql)
		if p.want != "" && code != p.want || p.want == "" && code != storetest.Taken {
			t.Errorf("%s: %s, want %s: %s", p.sql, code, p.want, said)
		}
		if i := slices.IndexFunc(secrets, func(s string) bool {
			return strings.Contains(strings.ReplaceAll(said, p.sql,
				""), s)
		}); i >= 0 {
			t.Errorf("%s: it told %s", p.sql, secrets[i])
		}
	}
}

func TestNoFunctionOfTheOwnersRightsIsThePublics(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for role, allowed := range map[string][]string{"luodi_public": nil,
		// state_lineage writes what shapes say, of the record under way alone: keep_lineage refuses any other
		"luodi_planner": {"begin_record", "erase_enquiries", "forget_answers", "state_lineage", "take_clocks"}} {
		rows, _ := db.Owner.Query(t.Context(), `SELECT proname::text FROM pg_proc WHERE prosecdef
			AND has_function_privilege($1, oid, 'EXECUTE') ORDER BY 1`, role)
		got, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, allowed) {
			t.Errorf("%s may run with the owner's rights: %v, want %v", role, got, allowed)
		}
	}
	var loose int
	const sql = `SELECT count(*) FROM pg_proc WHERE prosecdef AND NOT coalesce(proconfig::text,
		'') LIKE '%search_path%' AND pronamespace = 'public'::regnamespace AND proname <> 'st_estimatedextent'`
	if err := db.Owner.QueryRow(t.Context(), sql).Scan(&loose); err != nil || loose != 0 {
		t.Errorf("%d functions of the owner's rights look names up where their caller says: %v", loose, err)
	}
}

// TestWithItsRightsThePublicReads shows that prying can succeed: with a right granted back, the secret is told.
func TestWithItsRightsThePublicReads(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ grant, sql, secret string }{
		{`GRANT SELECT ON parcel_version TO luodi_public`, `SELECT * FROM parcel_version`, "SECRET"},
		{`GRANT SELECT (code) ON parcel_version TO luodi_public`, `COPY (SELECT code FROM parcel_version) TO STDOUT`,
			"SECRET"},
		{`GRANT SELECT ON parcel_desk TO luodi_public`, `TABLE parcel_desk`, "SECRET"},
		{`GRANT SELECT ON project_version TO luodi_public`, `TABLE project_version`, "123456789"},
		{`GRANT EXECUTE ON FUNCTION st_estimatedextent(text, text, text) TO PUBLIC`,
			`SELECT ST_EstimatedExtent('public', 'parcel_version', 'geom')`, "122.025"},
	} {
		db := secretGround(t)
		if _, err := db.Owner.Exec(t.Context(), c.grant); err != nil {
			t.Fatal(err)
		}
		if code, said := prying(t, db, c.sql); code != storetest.Taken || !strings.Contains(said, c.secret) {
			t.Errorf("%s: %s: %s %s, want it to tell %s", c.grant, c.sql, code, said, c.secret)
		}
	}
}
