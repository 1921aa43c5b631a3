package ledger_test

import "testing"

func TestMakingsAndReversalsKeepToTheirOwn(t *testing.T) {
	t.Parallel()
	refuse(t, undoWrongs)
}

// What is made and unmade: X is made and can be unmade, FAR is retired and can come back.
const (
	madeX      = `SELECT deed('create'), born('X', box(0,200,50,250), 2500)`
	retiredFar = `SELECT deed('retire'); SELECT shut('FAR')`
	undo       = `SELECT deed('revert', '[]', 'a', 'b', seq()); `
	undoBefore = `SELECT deed('revert', '[]', 'a', 'b', seq() - 1); `
	zoneZ      = `SELECT deed('create'); INSERT INTO zone (park_id, zone_id, code) VALUES (attack.park(), id('Z'), 'Z');
		INSERT INTO zone_version (park_id, zone_id, from_seq, name_zh, name_en, function, geom)
		  VALUES (attack.park(), id('Z'), seq(), 'z', 'z', 'mixed', ST_Multi(box(0,0,100,100)))`
	shutZ = `UPDATE zone_version SET to_seq = seq() WHERE park_id = attack.park() AND to_seq IS NULL; `
	inZ   = `INSERT INTO parcel (park_id, parcel_id) VALUES (attack.park(), id('X'));
		INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, zone_id, bank_status, legal_m2, geom)
		  VALUES (attack.park(), id('X'), seq(), 'X', id('Z'), 'available', 2500, box(0,200,50,250)); `
)

var undoWrongs = []wrong{
	{name: "a reversed making that ends another parcel", given: []string{madeX}, sql: undo + `SELECT shut('FAR')`,
		want: "ground_is_kept"},
	{name: "a reversed making that ends a parcel changed since",
		given: []string{madeX,
			`SELECT deed('publish'); SELECT shut('X'); SELECT "on"('X', publication => 'internal')`}, sql: undoBefore +
			`SELECT shut('X')`, want: "ground_is_kept"},
	{name: "a reversed making that makes another", given: []string{madeX}, sql: undo +
		`SELECT shut('X'); SELECT born('Y', box(0,200,50,250), 2500), descends('Y', 'X')`, want: "ground_is_kept"},
	{name: "a reversed making of held land", given: []string{madeX, `SELECT deed('hold'), hold('h', 'X')`},
		sql: undoBefore + `SELECT shut('X')`, want: "right_on_live_land"},
	{name: "a retirement by one person called a reversal", sql: `SELECT deed('revert', '[]', 'a', 'b', 1);
		SELECT shut('A'); SELECT born('A', box(0,0,100,100), 10000)`, want: "parcel_pkey"},
	{name: "a reversed retirement that brings back more ground", given: []string{retiredFar}, sql: undo +
		`SELECT born('F', box(0,500,110,600), 10000), descends('F', 'FAR')`, want: "ground_is_kept"},
	{name: "a reversed retirement that brings back more legal area", given: []string{retiredFar}, sql: undo +
		`SELECT born('F', box(0,500,100,600), 10001), descends('F', 'FAR')`, want: "ground_is_kept"},
	{name: "a reversed retirement that says nothing of what came back", given: []string{retiredFar}, sql: undo +
		`SELECT born('F', box(0,500,100,600), 10000)`, want: "ground_is_kept"},
	{name: "a reversed retirement that names another parent too", given: []string{retiredFar}, sql: undo +
		`SELECT born('F', box(0,500,100,600), 10000), descends('F', 'FAR', 'A')`, want: "lineage_is_kept"},
	{name: "a reversed retirement that ends another parcel", given: []string{retiredFar}, sql: undo +
		`SELECT born('F', box(0,500,100,600), 10000), descends('F', 'FAR'); SELECT shut('A')`, want: "ground_is_kept"},
	{name: "a reversed retirement of reserve that brings it back as available",
		given: []string{`SELECT deed('retire'); SELECT shut('R')`},
		sql:   undo + `SELECT born('F', box(200,0,300,100), 10000), descends('F', 'R')`, want: "ground_is_kept"},
	{name: "a reversed retirement over what was made since",
		given: []string{retiredFar, `SELECT deed('create'), born('X', box(50,550,150,650), 10000)`},
		sql:   undoBefore + `SELECT born('F', box(0,500,100,600), 10000), descends('F', 'FAR')`,
		want:  "parcels_overlap"},
	{name: "a reversed making of reserve, made anew as available", given: []string{`SELECT deed('create'), born('X',
		box(0,200,50,250), 2500, 'reserve')`, undo + `SELECT shut('X')`},
		sql: `SELECT deed('create'), born('Y', box(0,200,50,250), 2500)`, want: "reserve_needs_release"},
	{name: "a making that moves a neighbour's boundary", sql: madeX +
		`; SELECT shut('A'); SELECT "on"('A', box(0,0,99,100))`, want: "ground_is_kept"},
	{name: "a making that changes a neighbour's legal area", sql: madeX +
		`; SELECT shut('A'); SELECT "on"('A', legal => 9999)`, want: "ground_is_kept"},
	{name: "a making that changes a neighbour's facts", sql: madeX +
		`; SELECT shut('A'); SELECT "on"('A', publication => 'internal')`, want: "ground_is_kept"},
	{name: "a making that ends a neighbour", sql: madeX + `; SELECT shut('A')`, want: "ground_is_kept"},
	{name: "a shape changed by an edit", sql: `SELECT deed('edit'); SELECT shut('A');
		SELECT "on"('A', box(0,0,99.99,100))`, want: "ground_is_kept"},
	{name: "a legal area changed by an edit", sql: `SELECT deed('edit'); SELECT shut('A');
		SELECT "on"('A', legal => 10000.0001)`, want: "ground_is_kept"},
	{name: "land put in a retired zone", given: []string{zoneZ, `SELECT deed('retire'); ` + shutZ},
		sql: `SELECT deed('create'); ` + inZ, want: "zone_is_live"},
	{name: "a zone retired under its land", given: []string{zoneZ, `SELECT deed('create'); ` + inZ},
		sql: `SELECT deed('retire'); ` + shutZ, want: "zone_is_live"},
	{name: "a retired zone said to be live", sql: `SELECT deed('create'); INSERT INTO zone (park_id, zone_id,
		code) VALUES (attack.park(), id('Y'), 'Y'), (attack.park(), id('Z'), 'Y')`, want: "zone_live_code"},
}
