package ledger_test

import (
	"context"
	"testing"

	"luodi/data/store/storetest"
)

// many begins 1,200 parcels of 10 m beside each other, by two statements.
const many = `SELECT deed('import'); INSERT INTO parcel (park_id, parcel_id)
	  SELECT attack.park(), id('M' || i) FROM generate_series(0, 1199) i;
	INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, geom)
	  SELECT attack.park(), id('M' || i), seq(), 'M' || i, 'available', 100, 'public',
	    box(i % 40 * 10, 2000 + i / 40 * 10, i % 40 * 10 + 10, 2010 + i / 40 * 10) FROM generate_series(0, 1199) i; `

// manyWrongs attack what the database says of many parcels at once, as of those of an import.
var manyWrongs = []wrong{
	{name: "two of many on each other's ground", sql: many + `SELECT born('X', box(5,2003,15,2009), 60)`,
		want: "parcels_overlap"},
	{name: "a sliver between two of many", sql: many + `SELECT born('X', box(400,2000,410,2010), 100),
		born('Y', box(409.99,2000,419.99,2010), 100)`, want: "parcels_overlap"},
	{name: "a wide parcel over many", sql: many + `SELECT born('X', box(195,1995,395,2295), 60000)`,
		want: "parcels_overlap"},
	{name: "two wide parcels beside many", sql: many + `SELECT born('X', box(500,2000,700,2200), 40000),
		born('Y', box(600,2100,800,2300), 40000)`, want: "parcels_overlap"},
	{name: "many parcels, one of them on older land",
		given: []string{`SELECT deed('create'); SELECT born('OLD', box(395,2295,405,2305), 100)`}, sql: many,
		want: "parcels_overlap"},
	{name: "a parcel on another's ground after its check was brought forward",
		sql:  `SET CONSTRAINTS ALL IMMEDIATE; SELECT deed('create'); SELECT born('X', box(50,50,150,150), 10000)`,
		want: "parcels_overlap"},
	{name: "a boundary that moves after its check was brought forward",
		sql:  `SELECT deed('correct', '[{"title": "survey"}]'); SET CONSTRAINTS ALL IMMEDIATE; SELECT shut('A')`,
		want: "ground_is_kept"},
	{name: "a version of no parcel", sql: `SELECT deed('create'); ` + anew + `SELECT attack.park(), id('X'), seq(), NULL,
		NULL, 'X', 'available', 10000, box(0,2000,100,2100)`, want: "version_of_parcel"},
	{name: "a parcel of no park",
		sql:  `INSERT INTO parcel (park_id, parcel_id, version) VALUES (gen_random_uuid(), id('X'), 1)`,
		want: "parcel_begins_now"},
	{name: "a parcel of a change to come", sql: `INSERT INTO parcel (park_id, parcel_id, version) VALUES (attack.park(),
		id('X'), seq() + 1)`, want: "parcel_begins_now"},
	{name: "one of many from a change to come", sql: `SELECT deed('import'); INSERT INTO parcel (park_id, parcel_id)
		SELECT attack.park(), id('M' || i) FROM generate_series(0, 9) i; ` + anew + `SELECT attack.park(), id('M' || i),
		  seq() + (i = 7)::integer, NULL, NULL, 'M' || i, 'available', 100, box(i * 10, 2000, i * 10 + 10, 2010)
		  FROM generate_series(0, 9) i`, want: "version_begins_now"},
}

func TestManyParcelsAreCheckedAsOneIs(t *testing.T) { t.Parallel(); refuse(t, manyWrongs) }

// A wrong public row among many is found as one of few is, and not without the function that compares them as a set.
func TestOneOfManyPublicRowsIsFound(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	park := ground.Plot(t, "plot", land)
	const (
		corrupted = "XX001"
		lies      = `CREATE FUNCTION attack.lie() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			NEW.status := CASE NEW.code WHEN 'M777' THEN 'reserve' ELSE NEW.status END; RETURN NEW; END $$;
			CREATE TRIGGER lie BEFORE INSERT ON parcel_public FOR EACH ROW EXECUTE FUNCTION attack.lie()`
		blind = `CREATE OR REPLACE FUNCTION doubtful_parcels(p_park uuid, p_seq bigint) RETURNS uuid[] LANGUAGE sql
			AS $$ SELECT '{}'::uuid[] $$`
	)
	for _, step := range []struct{ sql, want string }{{lies, corrupted}, {blind, storetest.Taken}} {
		if _, err := ground.Owner.Exec(context.Background(), step.sql); err != nil {
			t.Fatal(err)
		}
		if got := ground.Attack(t, park, storetest.Levels[0], many); got != step.want {
			t.Errorf("after %s: %s, want %s", step.sql, got, step.want)
		}
	}
}
