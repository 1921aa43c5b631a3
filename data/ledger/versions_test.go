package ledger_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"luodi/data/store/storetest"
)

// refused runs one statement as the planner, inside a record of the park, and returns the constraint or code that
// refused it, at the statement or at the commit.
func refused(t *testing.T, db *storetest.DB, park uuid.UUID, sql string, args ...any) string {
	t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, db.Planner, func(tx pgx.Tx) error {
		storetest.Record(t, tx, park)
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	var pg *pgconn.PgError
	if err == nil {
		return "taken"
	}
	if !errors.As(err, &pg) {
		t.Fatalf("%s: %v", sql, err)
	}
	if pg.ConstraintName != "" {
		return pg.ConstraintName
	}
	return pg.Code
}

func TestTheDatabaseRefusesABrokenHistory(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	park := storetest.Park(t, db, "history")
	parcel := storetest.Parcels(t, db, park, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001})[0]
	const columns = `(park_id, parcel_id, from_seq, to_seq, prev_to_seq, code, bank_status, legal_m2, geom)`
	const shape = `ST_MakeEnvelope(122.021, 37.241, 122.022, 37.242, 4490)`
	now := `(SELECT seq FROM park_clock WHERE park_id = $1)`
	for _, c := range []struct{ name, want, sql string }{
		{"a second live version", "parcel_version_first", `INSERT INTO parcel_version ` + columns +
			` SELECT $1, $2, ` + now + `, NULL, NULL, 'B', 'available', 1, ` + shape},
		{"a version after nothing", "parcel_version_park_id_parcel_id_prev_to_seq_fkey",
			`WITH u AS (SELECT $1::uuid p, gen_random_uuid() n),
       i AS (INSERT INTO parcel SELECT p, n FROM u RETURNING parcel_id)
			 INSERT INTO parcel_version ` + columns + ` SELECT $1, parcel_id, ` + now + `, NULL, ` + now + `, 'B', 'available', 1, ` + shape + ` FROM i WHERE $2::uuid IS NOT NULL`},
		{"a version that begins in the past", "version_begins_now", `INSERT INTO parcel_version ` + columns +
			` SELECT $1, $2, 1, NULL, 1, 'B', 'available', 1, ` + shape},
		{"a version that begins in the future", "version_begins_now", `INSERT INTO parcel_version ` + columns +
			` SELECT $1, $2, 99, NULL, 99, 'B', 'available', 1, ` + shape},
		{"a version whose predecessor ended elsewhere", "parcel_version_check1", `INSERT INTO parcel_version ` +
			columns + ` SELECT $1, $2, ` + now + `, NULL, 1, 'B', 'available', 1, ` + shape},
		{"an end in the past", "version_closes_once", `UPDATE parcel_version SET to_seq = 1 WHERE park_id = $1
			AND parcel_id = $2`},
		{"a change of what was", "42501", `UPDATE parcel_version SET code = 'Z' WHERE park_id = $1 AND parcel_id = $2`},
		{"a deletion", "42501", `DELETE FROM parcel_version WHERE park_id = $1 AND parcel_id = $2`},
		{"a tick without a record", "42501", `UPDATE park_clock SET seq = seq + 1 WHERE park_id = $1
			AND $2::uuid IS NOT NULL`},
		{"a record with a number of its own", "42501", `INSERT INTO record SELECT park_id, 77, $2::uuid, 'edit',
			now(), 'x', '[]', 'x' FROM park WHERE park_id = $1`},
		{"a public row of its own", "42501",
			`UPDATE parcel_public SET code = 'Z' WHERE park_id = $1 AND parcel_id = $2`},
	} {
		if got := refused(t, db, park, c.sql, park, parcel); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for _, sql := range []string{`TRUNCATE parcel_version CASCADE`, `ALTER TABLE parcel_version DISABLE TRIGGER ALL`,
		`DROP TRIGGER a_keep_version ON parcel_version`,
		`SET session_replication_role = replica`, `CREATE TABLE mine (x int)`,
		`SELECT publish_parcels($1, ARRAY[]::uuid[])`} {
		var args []any
		if strings.Contains(sql, "$1") {
			args = append(args, park)
		}
		if got := refused(t, db, park, sql, args...); got != "42501" {
			t.Errorf("%s: %s, want 42501", sql, got)
		}
	}
}

func TestAVersionNeedsTheRecordOfItsOwnTransaction(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.New(t)
	park := storetest.Park(t, db, "record")
	parcel := storetest.Parcels(t, db, park, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001})[0]
	_, err := db.Planner.Exec(ctx, `UPDATE parcel_version SET to_seq = 1 WHERE park_id = $1 AND parcel_id = $2`, park,
		parcel)
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.ConstraintName != "version_has_record" {
		t.Errorf("written into another's record: %v", err)
	}
}

func TestWritersOfOneParkFollowOneAnother(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.New(t)
	park := storetest.Park(t, db, "race")
	const writers, each = 8, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each {
				tx, err := db.Planner.Begin(ctx)
				if err != nil {
					t.Error(err)
					return
				}
				storetest.Record(t, tx, park)
				end := tx.Commit
				if (w+i)%3 == 0 {
					end = tx.Rollback
				}
				if err := end(ctx); err != nil {
					t.Error(err)
					return
				}
			}
		}()
	}
	wg.Wait()
	var ticks, newest int64
	var ordered bool
	const sql = `SELECT count(*), max(seq), bool_and(at > before)
		FROM (SELECT seq, at, lag(at, 1, '-infinity') OVER (ORDER BY seq) AS before FROM record WHERE park_id = $1) r`
	if err := db.Owner.QueryRow(ctx, sql, park).Scan(&ticks, &newest, &ordered); err != nil {
		t.Fatal(err)
	}
	if ticks == 0 || ticks != newest || !ordered {
		t.Errorf("%d records, the newest is %d, instants rise: %v; want no gap and rising instants", ticks, newest,
			ordered)
	}
}

func TestTwoRightsNeverCoverOneParcel(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	park := storetest.Park(t, db, "rights")
	parcel := storetest.Parcels(t, db, park, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001})[0]
	first := storetest.Project(t, db, park, "甲", true)
	second := storetest.Project(t, db, park, "乙", true)
	storetest.Allot(t, db, park, first, "hold", parcel)
	const sql = `WITH a AS (INSERT INTO allotment SELECT $1, gen_random_uuid(), district_id, $3 FROM park
       WHERE park_id = $1 RETURNING allotment_id)
		INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq)
		  SELECT $1, allotment_id, $2, (SELECT seq FROM park_clock WHERE park_id = $1) FROM a`
	if got := refused(t, db, park, sql, park, parcel, second); got != "one_right_at_a_time" {
		t.Errorf("a second right: %s, want one_right_at_a_time", got)
	}
}

func TestAComputedAreaCannotBeStated(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.New(t)
	park := storetest.Park(t, db, "area")
	storetest.Parcels(t, db, park, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001})
	var computed, planar, ellipsoid, geodesic float64
	const sql = `SELECT computed_m2, ST_Area(ST_Transform(geom, 4550)), ellipsoid_m2, ST_Area(geom::geography)
		FROM parcel_version`
	if err := db.Owner.QueryRow(ctx, sql).Scan(&computed, &planar, &ellipsoid, &geodesic); err != nil {
		t.Fatal(err)
	}
	if computed != planar || ellipsoid != geodesic || computed == ellipsoid {
		t.Errorf("computed %v (plane %v), ellipsoid %v (%v)", computed, planar, ellipsoid, geodesic)
	}
	bad := `INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, geom)
		SELECT $1, $2, (SELECT seq FROM park_clock WHERE park_id = $1), 'B', 'available', 1,`
	for _, c := range []struct{ name, shape, want string }{
		{"a bow tie", `'SRID=4490;POLYGON((122 37,122.003 37.001,122.003 37,122 37.003,122 37))'::geometry`,
			"parcel_version_geom_check"},
		{"a sliver thinner than the grid",
			`'SRID=4490;POLYGON((122 37,122.001 37,122.001 37.0000000001,122 37))'::geometry`, ""},
		{"another datum", `'SRID=4326;POLYGON((122 37,122.001 37,122.001 37.001,122 37))'::geometry`, "22023"},
	} {
		got := refused(t, db, park, `WITH i AS (INSERT INTO parcel VALUES ($1, $2)) `+bad+c.shape, park, uuid.New())
		if got == "taken" || (c.want != "" && got != c.want && got != "23503") {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestThePublicReadsWhatIsPublishedAndNothingElse(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.New(t)
	park := storetest.Park(t, db, "public")
	parcels := storetest.Parcels(t, db, park, storetest.Square{Code: "OPEN", X: 0.1, Y: 0.1, Side: 0.001},
		storetest.Square{Code: "SECRET", X: 0.5, Y: 0.5, Side: 0.001, Internal: true})
	storetest.Allot(t, db, park, storetest.Project(t, db, park, "不具名", false), "reserved", parcels...)

	rows, _ := db.Public.Query(ctx, `SELECT c.relname::text || '.' || a.attname FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
		  AND has_column_privilege(c.oid, a.attnum, 'SELECT') ORDER BY 1`)
	readable, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"park_clock.at", "park_clock.park_id", "park_clock.seq", "record.at", "record.park_id",
		"record.seq", "state_change.at", "state_change.n", "state_change.park_id", "state_change.seq"}
	for _, column := range readable {
		table, _, _ := strings.Cut(column, ".")
		if !strings.HasSuffix(table, "_public") && table != "spatial_ref_sys" && table != "geometry_columns" &&
			table != "geography_columns" && !slices.Contains(allowed, column) {
			t.Errorf("the public can read %s", column)
		}
	}
	var codes, tenants string
	var writable int
	const sql = `SELECT string_agg(code, ','), coalesce(string_agg(tenant_zh || project_zh, ','), ''),
       (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace
		AND (has_table_privilege(oid, 'INSERT') OR has_table_privilege(oid, 'UPDATE')
		  OR has_table_privilege(oid, 'DELETE'))) FROM parcel_public WHERE to_seq IS NULL`
	if err := db.Public.QueryRow(ctx, sql).Scan(&codes, &tenants, &writable); err != nil {
		t.Fatal(err)
	}
	if codes != "OPEN" || tenants != "" || writable != 0 {
		t.Errorf("the public sees parcels %q, tenants %q, and may write %d tables", codes, tenants, writable)
	}
}

func TestPublicRowsFollowTheRight(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.New(t)
	park := storetest.Park(t, db, "follow")
	parcel := storetest.Parcels(t, db, park, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001})[0]
	project := storetest.Project(t, db, park, "丙", true)
	right := storetest.Allot(t, db, park, project, "hold", parcel)
	for _, step := range []string{"reserved", "supplied", "built"} {
		err := pgx.BeginFunc(ctx, db.Planner, func(tx pgx.Tx) error {
			seq := storetest.Record(t, tx, park)
			if _, err := tx.Exec(ctx, `UPDATE allotment_version SET to_seq = $3 WHERE park_id = $1
				AND allotment_id = $2 AND to_seq IS NULL`, park, right, seq); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO allotment_version (park_id, allotment_id, from_seq, prev_to_seq,
				state) VALUES ($1, $2, $3, $3, $4)`, park, right, seq, step)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := pgx.BeginFunc(ctx, db.Planner, func(tx pgx.Tx) error {
		seq := storetest.Record(t, tx, park)
		if _, err := tx.Exec(ctx, `UPDATE allotment_version SET to_seq = $3 WHERE park_id = $1
			AND allotment_id = $2 AND to_seq IS NULL`, park, right, seq); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE allotment_parcel SET to_seq = $3 WHERE park_id = $1 AND allotment_id = $2
			AND to_seq IS NULL`, park, right, seq)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := db.Public.Query(ctx, `SELECT status || ' ' || from_seq || '-' || coalesce(to_seq::text, '')
		FROM parcel_public WHERE parcel_id = $1 ORDER BY from_seq`, parcel)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"available 1-2", "in_negotiation 2-3", "in_negotiation 3-4", "supplied 4-5", "built 5-6",
		"available 6-"}
	if !slices.Equal(got, want) {
		t.Errorf("public rows: %v, want %v", got, want)
	}
}
