package ledger_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"luodi/data/store/storetest"
)

func TestTwoLiveParcelsNeverOverlap(t *testing.T) {
	t.Parallel()
	refuse(t, overlapWrongs)
}

func TestSplitsAndMergesKeepTheGround(t *testing.T) {
	t.Parallel()
	refuse(t, groundWrongs)
}

func TestWhatIsCopiedInIsCheckedLikeWhatIsInserted(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	park := ground.Plot(t, "copy", land)
	parcel := uuid.New()
	rows := fmt.Sprintf("%s\t%s\t2\tX\tavailable\t1600\tSRID=4490;POLYGON((122.0208 37.2402,122.0215 "+
		"37.2402,122.0215 37.2406,122.0208 37.2406,122.0208 37.2402))\n", park, parcel)
	for _, level := range storetest.Levels {
		a := ground.Attacker(t, park, level)
		for _, c := range []string{a.Try(`SELECT deed('import')`),
			a.Copy(`COPY parcel (park_id, parcel_id) FROM STDIN`, park.String()+"\t"+parcel.String()+"\n"),
			a.Copy(`COPY parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, geom) FROM STDIN`,
				rows)} {
			if c != storetest.Taken {
				t.Fatal(c)
			}
		}
		if got := a.Try("COMMIT"); got != "parcels_overlap" {
			t.Errorf("%s: %s, want parcels_overlap", level, got)
		}
		a.Leave()
	}
}

func TestEachParkOfATransactionIsChecked(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	wrong, right := ground.Plot(t, "wrong", land), ground.Plot(t, "right", land)
	const born = `SELECT deed('create'); SELECT born('X', box(%d,0,%d,50), 2500);`
	for _, level := range storetest.Levels {
		for _, parks := range [][2]uuid.UUID{{wrong, right}, {right, wrong}} {
			sql := ""
			for _, park := range parks {
				x := 500
				if park == wrong {
					x = 50
				}
				sql += `SET LOCAL attack.park = '` + park.String() + `'; ` + fmt.Sprintf(born, x, x+50)
			}
			if got := ground.Attack(t, wrong, level, sql); got != "parcels_overlap" {
				t.Errorf("%s: %s, want parcels_overlap", level, got)
			}
		}
	}
}

// bend is a parcel 621 m long with one edge on a parallel, which bends 6 mm in the plane: with nodes along it, or with
// its ends alone.
const bend = `SELECT deed('create'), born('NORTH',
       here('POLYGON((122.031 37.241%[1]s, 122.032 37.241%[1]s, 122.033 37.241%[1]s, 122.034 37.241%[1]s, 122.035 37.241%[1]s,
	122.036 37.241%[1]s, 122.037 37.241%[1]s, 122.038 37.241%[1]s, 122.038 37.242, 122.031 37.242,
	  122.031 37.241%[1]s))'), 1),
	born('SOUTH', here('POLYGON((122.031 37.240, 122.038 37.240, 122.038 37.241, 122.031 37.241, 122.031 37.240))'), 1)`

var overlapWrongs = []wrong{
	{name: "a parcel on another's ground", sql: `SELECT deed('create'), born('X', box(20,20,60,60), 1600)`,
		want: "parcels_overlap"},
	{name: "a corner of a square metre", sql: `SELECT deed('create'), born('X', box(99,99,150,150), 2601)`,
		want: "parcels_overlap"},
	{name: "a strip just beyond the tolerance", sql: `SELECT deed('create'), born('X', box(0,99.9994,100,120), 2000)`,
		want: "parcels_overlap"},
	{name: "two of one record on the same ground", sql: `SELECT deed('import'), born('X', box(0,200,50,250), 2500),
		born('Y', box(0,200,50,250), 2500)`, want: "parcels_overlap"},
	{name: "a correction that grows over a neighbour", sql: `SELECT deed('correct', '[{"title": "survey"}]');
		SELECT shut('A'); SELECT "on"('A', box(0,0,101,100), 10100)`, want: "parcels_overlap"},
	{name: "a split whose children overlap", sql: `SELECT deed('split'); SELECT shut('A');
		SELECT born('A1', box(0,0,60,100), 5000), born('A2', box(50,0,100,100), 5000), descends('A1', 'A'),
		descends('A2', 'A')`,
		want: "parcels_overlap"},
	{name: "the same ground named 360 degrees further on", sql: `SELECT deed('create'), born('X',
		ST_Translate(box(20,20,60,60), 360, 0), 1600)`, want: "parcels_overlap"},
	{name: "the same ground named 360 degrees back", sql: `SELECT deed('create'), born('X',
		ST_Translate(box(20,20,60,60), -360, 0), 1600)`, want: "parcels_overlap"},
	{name: "neighbours in degrees that bend into each other in the plane", sql: sprint(bend, ""),
		want: "parcels_overlap"},
	{name: "neighbours whose boxes of degrees lie apart", sql: sprint(bend, "00001"), want: "parcels_overlap"},
	{name: "a ring that its own hole crosses in the plane", sql: `SELECT deed('create'), born('X',
       here('POLYGON((122.031 37.240, 122.038 37.240, 122.038 37.241, 122.031 37.241, 122.031 37.240),
		(122.0345 37.24000003, 122.0355 37.2405, 122.0335 37.2405, 122.0345 37.24000003))'), 1)`, want: "shape_is_plane"},
	{name: "a ring that crosses itself", sql: `SELECT deed('create'), born('X',
		'SRID=4490;POLYGON((122.05 37.2, 122.053 37.201, 122.053 37.2, 122.05 37.203, 122.05 37.2))', 1)`, want: "parcel_version_geom_check"},
	{name: "an edge to nowhere", sql: `SELECT deed('create'), born('X',
		'SRID=4490;POLYGON((122.05 37.2, 122.051 37.2, NaN NaN, 122.05 37.2))', 1)`, want: "XX000"},
	{name: "an empty shape", sql: `SELECT deed('create'), born('X', 'SRID=4490;POLYGON EMPTY', 1)`, want: "23502"},
	{name: "a shape with heights", sql: `SELECT deed('create'), born('X',
		'SRID=4490;POLYGON Z((122.05 37.2 1, 122.051 37.2 1, 122.051 37.201 1, 122.05 37.2 1))', 1)`, want: "22023"},
	{name: "a curved shape", sql: `SELECT deed('create'), born('X',
		'SRID=4490;CURVEPOLYGON(CIRCULARSTRING(122.05 37.2, 122.051 37.2, 122.051 37.201, 122.051 37.2, 122.05 37.2))', 1)`, want: "22023"},
	{name: "two shapes in one", sql: `SELECT deed('create'), born('X', ST_Multi(box(0,200,50,250)), 2500)`,
		want: "22023"},

	{name: "an overlap written before what was written right", sql: `SELECT deed('create'), born('X',
		box(20,20,60,60), 1600); SELECT born('Y', box(0,200,50,250), 2500)`, want: "parcels_overlap"},
	{name: "an overlap in a savepoint that is released", sql: `SELECT deed('create'); SAVEPOINT s;
		SELECT born('X', box(20,20,60,60), 1600); RELEASE s`, want: "parcels_overlap"},
	{name: "an overlap outside a savepoint that is rolled back", sql: `SELECT deed('create'), born('X',
		box(20,20,60,60), 1600); SAVEPOINT s; SELECT born('Y', box(0,200,50,250), 2500); ROLLBACK TO s`,
		want: "parcels_overlap"},
	{name: "a check that was passed before the overlap came", sql: `SET CONSTRAINTS ALL IMMEDIATE;
		SELECT deed('create'), born('Y', box(0,200,50,250), 2500); SET CONSTRAINTS ALL DEFERRED;
		SELECT born('X', box(20,20,60,60), 1600)`,
		want: "parcels_overlap"},
	{name: "a failed check that is caught", sql: `SELECT deed('create'), born('X', box(20,20,60,60), 1600);
		DO $$ BEGIN SET CONSTRAINTS ALL IMMEDIATE; EXCEPTION WHEN check_violation THEN NULL; END $$`, want: "parcels_overlap"},
	{name: "an overlap written while the commit is checked", sql: `CREATE TEMP TABLE late (x int);
		CREATE FUNCTION pg_temp.write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM attack.born('X',
		  attack.box(20,20,60,60), 1600); RETURN NULL; END $$;
		CREATE CONSTRAINT TRIGGER late AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
		  EXECUTE FUNCTION pg_temp.write();
		SELECT deed('create'), born('Y', box(0,200,50,250), 2500); INSERT INTO late VALUES (1)`, want: "parcels_overlap"},
	{name: "an overlap written by a cursor that outlives the commit", sql: `CREATE FUNCTION pg_temp.write() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM attack.born('X', attack.box(20,20,60,60), 1600); RETURN 1; END $$;
		SELECT deed('create'); DECLARE c CURSOR WITH HOLD FOR SELECT pg_temp.write()`, want: "parcels_overlap"},
	{name: "an overlap by MERGE", sql: `SELECT deed('create'); INSERT INTO parcel (park_id, parcel_id)
       VALUES (attack.park(), id('X'));
		MERGE INTO parcel_version v USING (SELECT id('X') AS x) s ON v.parcel_id = s.x WHEN NOT MATCHED THEN
		INSERT (park_id, parcel_id, from_seq, code, bank_status, legal_m2, geom)
		  VALUES (attack.park(), s.x, seq(), 'X', 'available', 1600, box(20,20,60,60))`, want: "parcels_overlap"},
	{name: "an overlap inside a WITH", sql: `SELECT deed('create'); WITH p AS (INSERT INTO parcel (park_id,
       parcel_id) VALUES (attack.park(), id('X')) RETURNING parcel_id),
		v AS (INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, geom)
		  SELECT attack.park(), parcel_id, seq(), 'X', 'available', 1600, box(20,20,60,60) FROM p RETURNING 1)
		  SELECT * FROM v`,
		want: "parcels_overlap"},
	{name: "names of its own before the database's", sql: `CREATE TEMP TABLE park AS SELECT park_id,
       4490 AS survey_crs FROM public.park; CREATE TEMP TABLE parcel_version (LIKE public.parcel_version); CREATE TEMP TABLE record (LIKE public.record);
		CREATE TEMP TABLE park_clock AS SELECT park_id, seq, at, pg_current_xact_id() AS writer, false AS dirty
		  FROM public.park_clock;
		CREATE FUNCTION pg_temp.st_intersection(geometry,
		  geometry) RETURNS geometry LANGUAGE sql AS 'SELECT NULL::geometry'; CREATE FUNCTION pg_temp.refuse(text,
		  text) RETURNS void LANGUAGE sql AS '';
		CREATE FUNCTION pg_temp.slack_m2(float8) RETURNS float8 LANGUAGE sql AS 'SELECT 1e9::float8'; CREATE FUNCTION pg_temp.never(box, box) RETURNS bool LANGUAGE sql AS 'SELECT false';
		CREATE OPERATOR pg_temp.&& (LEFTARG = box, RIGHTARG = box, FUNCTION = pg_temp.never);
		SELECT deed('create'); SET LOCAL search_path = pg_temp, public, attack; SELECT born('X', box(20,20,60,60), 1600)`, want: "parcels_overlap"},
	{name: "a plane of degrees", sql: `INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs,
		geom) SELECT gen_random_uuid(), district_id, 'flat', 'x', 'x', 4490, geom FROM park WHERE park_id = attack.park()`,
		want: "plane_keeps_area"},
	{name: "a plane of feet", sql: `INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs,
		geom) SELECT gen_random_uuid(), district_id, 'flat', 'x', 'x', 2225,
		ST_Multi(ST_MakeEnvelope(-122, 41, -121.99, 41.01, 4490)) FROM park WHERE park_id = attack.park()`,
		want: "plane_keeps_area"},
	{name: "another plane for the park", sql: `UPDATE park SET survey_crs = 4490 WHERE park_id = attack.park()`,
		want: "42501"},
}

// splitA splits A in two; the rest of each attack says what it does otherwise.
const splitA = `SELECT deed('split'); SELECT shut('A'); SELECT born('A1', box(0,0,50,100), 5000), descends('A1', 'A'); `

var groundWrongs = append(append([]wrong{
	{name: "a split that loses ground", sql: splitA + `SELECT born('A2', box(50,0,99,100), 5000), descends('A2', 'A')`,
		want: "ground_is_kept"},
	{name: "a split that loses a child", sql: splitA, want: "ground_is_kept"},
	{name: "a split that leaves a gap inside", sql: splitA + `SELECT born('A2', box(50.01,0,100,100), 5000),
		descends('A2', 'A')`, want: "ground_is_kept"},
	{name: "a split that gains ground", sql: splitA +
		`SELECT born('A2', box(50,0,100,101), 5000), descends('A2', 'A')`, want: "ground_is_kept"},
	{name: "a split that loses legal area", sql: splitA + `SELECT born('A2', box(50,0,100,100), 4999.9999),
		descends('A2', 'A')`, want: "ground_is_kept"},
	{name: "a split that gains legal area", sql: splitA + `SELECT born('A2', box(50,0,100,100), 5000.00005),
		descends('A2', 'A')`, want: "ground_is_kept"},
	{name: "no legal area at all", sql: `SELECT deed('create'), born('X', box(0,200,50,250), 'NaN')`,
		want: "area_is_finite"},
	{name: "a split into a child without legal area", sql: splitA + `SELECT born('A2', box(50,0,100,100), 0.00004),
		descends('A2', 'A')`, want: "parcel_version_legal_m2_check"},
	{name: "a split that takes its legal area from another far away", sql: splitA + `SELECT born('A2', box(50,0,100,100), 6000), descends('A2', 'A'); SELECT shut('FAR');
		SELECT born('F1', box(0,500,50,600), 5000), born('F2', box(50,500,100,600), 4000), descends('F1', 'FAR'),
		  descends('F2', 'FAR')`, want: "ground_is_kept"},
	{name: "a split hidden among parcels with long outlines", given: []string{`SELECT deed('create'), born('LONG',
		box(0,-5000,10000,-4999), 10000)`},
		sql: splitA + `SELECT born('A2', box(50,0,99.99,100), 5000), descends('A2', 'A'); SELECT shut('LONG');
			SELECT "on"('LONG', box(0,-5000,10000,-4999.00000001))`, want: "ground_is_kept"},
	{name: "a merge that loses a parcel's ground", sql: `SELECT deed('merge'); SELECT shut('A', 'B');
		SELECT born('M', box(0,0,199,100), 20000), descends('M', 'A', 'B')`, want: "ground_is_kept"},
	{name: "a merge that loses legal area", sql: `SELECT deed('merge'); SELECT shut('A', 'B');
		SELECT born('M', box(0,0,200,100), 19999), descends('M', 'A', 'B')`, want: "ground_is_kept"},
	{name: "a moved boundary that leaves a gap", sql: `SELECT deed('move'); SELECT shut('A', 'B');
		SELECT "on"('A', box(0,0,90,100)), "on"('B', box(91,0,200,100))`, want: "ground_is_kept"},
	{name: "a move that goes elsewhere", sql: `SELECT deed('move'); SELECT shut('A');
		SELECT "on"('A', box(0,300,100,400))`, want: "ground_is_kept"},
	{name: "legal area dealt out anew by an edit", sql: `SELECT deed('edit'); SELECT shut('A', 'B');
		SELECT "on"('A', NULL, 1), "on"('B', NULL, 19999)`, want: "ground_is_kept"},
	{name: "an import that ends a parcel", sql: `SELECT deed('import'); SELECT shut('A');
		SELECT born('X', box(0,0,100,100), 10000), descends('X', 'A')`, want: "record_needs_document"},
	{name: "an import without a checksum that draws a parcel anew", sql: `SELECT deed('import', '[{"title": "survey"}]');
		SELECT shut('A'); SELECT "on"('A', box(0,0,90,100), 9000)`, want: "record_needs_document"},
	{name: "an import by an account that retires a parcel", sql: theFile + `SELECT shut('A')`,
		want: "record_needs_two"},
	{name: "an import by an account that puts one parcel in another's place", sql: theFile + `SELECT shut('A', 'B');
		SELECT "on"('A', box(0,0,150,100), 15000)`, want: "record_needs_two"},
	{name: "an import that withdraws a parcel", sql: theFile + `SELECT shut('A');
		SELECT "on"('A', NULL, NULL, 'withdrawn')`, want: "ground_is_kept"},
	{name: "an import that hides a parcel", sql: theFile + `SELECT shut('A');
		SELECT "on"('A', NULL, NULL, NULL, 'internal')`, want: "ground_is_kept"},
	{name: "an import that says nothing of a parent", sql: theFile + `SELECT shut('A');
		SELECT "on"('A', box(0,0,90,100), 9000), born('X', box(90,0,100,100), 1000)`, want: "lineage_is_kept"},
	{name: "an import that draws a parcel on another's ground", sql: theFile + `SELECT shut('A');
		SELECT "on"('A', box(0,0,110,100), 11000)`, want: "parcels_overlap"},
	{name: "a retirement that begins a parcel", sql: `SELECT deed('retire'); SELECT shut('A');
		SELECT born('X', box(0,0,50,100), 5000), descends('X', 'A')`, want: "ground_is_kept"},
	{name: "a retirement that one person signed", sql: `SELECT deed('retire', '[]', 'a', 'nobody'); SELECT shut('A')`,
		want: "record_needs_two"},
	{name: "a correction that ends a parcel", sql: `SELECT deed('correct', '[{"title": "survey"}]'); SELECT shut('A')`,
		want: "ground_is_kept"},
	{name: "a correction that begins a parcel", sql: `SELECT deed('correct', '[{"title": "survey"}]');
		SELECT born('X', box(0,300,50,400), 5000)`, want: "ground_is_kept"},
	{name: "a correction without a document", sql: `SELECT deed('correct'); SELECT shut('A');
		SELECT "on"('A', box(0,0,90,100), 9000)`, want: "record_needs_document"},
	{name: "a reversal of a correction to another shape",
		given: []string{`SELECT deed('correct', '[{"title": "survey"}]'); SELECT shut('A'); SELECT "on"('A', box(0,0,90,100), 9000)`},
		sql:   `SELECT deed('revert', '[]', 'a', 'b', seq()); SELECT shut('A'); SELECT "on"('A', box(0,0,80,100), 10000)`, want: "ground_is_kept"},
	{name: "a split that says nothing of its parent", sql: `SELECT deed('split'); SELECT shut('A');
		SELECT born('A1', box(0,0,50,100), 5000), born('A2', box(50,0,100,100), 5000)`, want: "lineage_is_kept"},
	{name: "a split that forgets one child", sql: splitA + `SELECT born('A2', box(50,0,100,100), 5000)`,
		want: "lineage_is_kept"},
	{name: "a child of a parcel that goes on", sql: splitA + `SELECT born('A2', box(50,0,100,100), 5000),
		descends('A2', 'A', 'FAR')`, want: "lineage_is_kept"},
	{name: "a child of another record's parent", sql: `SELECT deed('create'), born('X', box(0,300,50,400), 5000),
		descends('X', 'A')`, want: "lineage_is_kept"},
	{name: "children that swap their parents", sql: `SELECT deed('split'); SELECT shut('A', 'FAR');
		SELECT born('A1', box(0,0,100,100), 10000), born('F1', box(0,500,100,600), 10000), descends('A1', 'FAR'),
		descends('F1', 'A')`,
		want: "lineage_is_kept"},
	{name: "a parent that is its child's child", sql: splitA + `SELECT born('A2', box(50,0,100,100), 5000),
		descends('A2', 'A'), descends('A', 'A1')`, want: "lineage_is_kept"},
	{name: "a parcel that comes out of itself", sql: splitA + `SELECT descends('A', 'A')`, want: "lineage_check"},
	{name: "lineage in an older record", sql: `SELECT deed('edit'); INSERT INTO lineage (park_id, seq, parent_id,
		child_id) VALUES (attack.park(), 1, id('A'), id('B'))`, want: "version_has_record"},
	{name: "lineage without a record", sql: `INSERT INTO lineage (park_id, seq, parent_id, child_id)
		VALUES (attack.park(), seq(), id('A'), id('B'))`, want: "version_has_record"},
	{name: "a parent in another park", sql: splitA + `INSERT INTO lineage (park_id, seq, parent_id, child_id)
		SELECT attack.park(), seq(), md5('elsewhere')::uuid, id('A1')`, want: "lineage_park_id_parent_id_fkey"},
}, kinds("a split", `SELECT $record; SELECT shut('A'); SELECT born('A1', box(0,0,50,100), 5000),
	born('A2', box(50,0,100,100), 5000), descends('A1', 'A'), descends('A2', 'A')`, "ground_is_kept",
	"create", "sample", "retire", "correct", "withdraw", "restore", "hold", "extend", "reserve", "supply",
	"build", "take_back", "expire", "publish", "unpublish")...),
	wrong{name: "a split called an edit", sql: `SELECT deed('edit'); SELECT shut('A');
		SELECT born('A1', box(0,0,50,100), 5000), descends('A1', 'A')`, want: "ground_is_kept"},
	wrong{name: "a split called nothing known", sql: `SELECT deed('divide')`, want: "record_kind_check"})
