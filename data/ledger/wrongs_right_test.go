package ledger_test

import (
	"fmt"
	"testing"
)

func sprint(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func TestAParcelNeverHasTwoRightsNorARetiredOneAny(t *testing.T) {
	t.Parallel()
	refuse(t, rightWrongs)
}

func TestASplitOfAllottedLandNamesTheHeir(t *testing.T) {
	t.Parallel()
	refuse(t, heirWrongs)
}

func TestReserveIsNeverAllottedWithoutARelease(t *testing.T) {
	t.Parallel()
	refuse(t, reserveWrongs)
}

const (
	heldA   = `SELECT deed('hold'), hold('h', 'A')`
	retireA = `SELECT deed('retire'); SELECT shut('A')`
)

var rightWrongs = []wrong{
	{name: "a second right", given: []string{heldA}, sql: `SELECT deed('hold'), hold('k', 'A')`,
		want: "one_right_at_a_time"},
	{name: "a second right among others", given: []string{heldA},
		sql: `SELECT deed('hold'), hold('k', 'B', 'A', 'FAR')`, want: "one_right_at_a_time"},
	{name: "two rights in one record", sql: `SELECT deed('hold'), hold('h', 'A'), hold('k', 'A')`,
		want: "one_right_at_a_time"},
	{name: "the same right twice", given: []string{heldA}, sql: `SELECT deed('edit'), cover('h', 'A')`,
		want: "one_right_at_a_time"},
	{name: "a second right whose conflict is ignored", given: []string{heldA}, sql: `SELECT deed('hold'); INSERT INTO allotment (park_id, allotment_id, district_id, project_id) SELECT park_id, id('k'), district_id, project_id FROM allotment WHERE park_id = attack.park();
		SELECT state('k', 'hold', true); INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id,
		  from_seq) VALUES (attack.park(), id('k'), id('A'), seq()) ON CONFLICT DO NOTHING`, want: "right_covers_land"},
	{name: "a second right with an instant of its own", given: []string{heldA}, sql: `SELECT deed('hold'), hold('k',
       'B'); INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq, sys)
		VALUES (attack.park(), id('k'), id('A'), seq(), 'empty')`, want: "one_right_at_a_time"},
	{name: "a right that is made to have been never", given: []string{heldA},
		sql:  `SELECT deed('hold'); UPDATE allotment_parcel SET sys = 'empty' WHERE park_id = attack.park()`,
		want: "version_closes_once"},
	{name: "a right that began before it was written",
		sql: `SELECT deed('hold'); INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq) VALUES (attack.park(), id('h'), id('A'), 1)`, want: "version_begins_now"},
	{name: "a right begun and ended in one record", sql: `SELECT deed('hold'), hold('h', 'A');
		SELECT uncover('h', 'A'), finish('h')`, want: "allotment_parcel_check"},
	{name: "a right on retired land", given: []string{retireA}, sql: `SELECT deed('hold'), hold('h', 'A')`,
		want: "right_on_live_land"},
	{name: "a right on withdrawn land", given: []string{`SELECT deed('withdraw'); SELECT shut('A');
		SELECT "on"('A', bank => 'withdrawn')`}, sql: heldA, want: "right_on_live_land"},
	{name: "a right on land that never was", sql: `SELECT deed('hold'); INSERT INTO parcel (park_id, parcel_id)
		VALUES (attack.park(), id('X')); SELECT hold('h', 'X')`, want: "right_on_live_land"},
	{name: "a right on another park's land", sql: `SELECT deed('hold'), hold('h',
		'A'); INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq)
		VALUES (attack.park(), id('h'), md5('elsewhere')::uuid, seq())`,
		want: "allotment_parcel_park_id_parcel_id_fkey"},
	{name: "land retired under a right", given: []string{heldA}, sql: retireA, want: "right_on_live_land"},
	{name: "one of a right's two parcels retired", given: []string{`SELECT deed('hold'), hold('h', 'A', 'B')`},
		sql: retireA, want: "right_on_live_land"},
	{name: "land withdrawn under a right", given: []string{heldA},
		sql:  `SELECT deed('withdraw'); SELECT shut('A'); SELECT "on"('A', bank => 'withdrawn')`,
		want: "right_on_live_land"},
	{name: "land merged away under a right", given: []string{heldA}, sql: `SELECT deed('merge'); SELECT shut('A',
		'B'); SELECT born('M', box(0,0,200,100), 20000), descends('M', 'A', 'B')`, want: "right_on_live_land"},
	{name: "a right that ends and keeps its land", given: []string{heldA},
		sql: `SELECT deed('take_back'), finish('h')`, want: "right_covers_land"},
	{name: "a right that goes on without land", given: []string{heldA}, sql: `SELECT deed('take_back'), uncover('h',
		'A')`, want: "right_covers_land"},
	{name: "a right that begins without land", sql: `SELECT deed('hold'), hold('h', VARIADIC '{}')`,
		want: "right_covers_land"},
	{name: "land under a right that has no state", sql: `SELECT deed('hold'); INSERT INTO allotment (park_id,
       allotment_id, district_id, project_id) SELECT park.park_id, id('k'), district_id, project_id FROM park
       JOIN project USING (district_id) WHERE park.park_id = attack.park();
		SELECT cover('k', 'A')`, want: "right_covers_land"},
	{name: "land given to a right that has ended", given: []string{heldA, `SELECT deed('take_back'), uncover('h',
		'A'), finish('h')`}, sql: `SELECT deed('hold'), cover('h', 'A')`, want: "right_covers_land"},
	{name: "a right that has ended and begins again", given: []string{heldA, `SELECT deed('take_back'), uncover('h',
		'A'), finish('h')`}, sql: `SELECT deed('hold'), state('h', 'hold', true), cover('h', 'A')`,
		want: "allotment_version_first"},
}

// cutA splits A, which is held, in two with its lineage.
const cutA = `SELECT deed('split'); SELECT shut('A'); SELECT born('A1', box(0,0,50,100), 5000),
	born('A2', box(50,0,100,100), 5000), descends('A1', 'A'), descends('A2', 'A');`

var heirWrongs = []wrong{
	{name: "a split that leaves the right behind", given: []string{heldA}, sql: cutA, want: "right_on_live_land"},
	{name: "a split that ends the right", given: []string{heldA}, sql: cutA + `SELECT uncover('h', 'A'), finish('h')`,
		want: "heir_is_named"},
	{name: "a split after which the right has other land", given: []string{heldA}, sql: cutA +
		`SELECT uncover('h', 'A'), cover('h', 'B')`, want: "heir_is_named"},
	{name: "a split after which the right keeps its other parcel only",
		given: []string{`SELECT deed('hold'), hold('h', 'A', 'B')`}, sql: cutA + `SELECT uncover('h', 'A')`,
		want: "heir_is_named"},
	{name: "a child that has another's right", given: []string{heldA}, sql: cutA +
		`SELECT uncover('h', 'A'), finish('h'), hold('k', 'A1')`, want: "heir_is_named"},
	{name: "an heir that is another parent's child", given: []string{heldA}, sql: cutA +
		`SELECT shut('FAR'); SELECT born('F1', box(0,500,100,600), 10000), descends('F1', 'FAR'); SELECT uncover('h', 'A'), cover('h', 'F1')`,
		want: "heir_is_named"},
	{name: "an heir that says it is a child and is not", given: []string{heldA}, sql: cutA +
		`SELECT shut('FAR'); SELECT born('F1', box(0,500,100,600), 10000), descends('F1', 'FAR', 'A'); SELECT uncover('h', 'A'), cover('h', 'F1')`,
		want: "lineage_is_kept"},
	{name: "a part split off while the right falls away from the rest", given: []string{heldA}, sql: `SELECT deed('split'); SELECT shut('A'); SELECT "on"('A', box(0,0,50,100), 5000), born('A2', box(50,0,100,100), 5000), descends('A2', 'A');
		SELECT uncover('h', 'A'), finish('h')`, want: "heir_is_named"},
	{name: "a merge of two rights of which one ends", given: []string{heldA, `SELECT deed('hold'), hold('k', 'B')`}, sql: `SELECT deed('merge'); SELECT shut('A', 'B'); SELECT born('M', box(0,0,200,100), 20000), descends('M', 'A', 'B');
		SELECT uncover('h', 'A'), uncover('k', 'B'), finish('k'), cover('h', 'M')`, want: "heir_is_named"},
	{name: "land retired with the right on it in one record", given: []string{heldA}, sql: retireA +
		`; SELECT uncover('h', 'A'), finish('h')`, want: "heir_is_named"},
}

// creep moves the boundary between B and the reserve to x, and leaves the legal areas.
func creep(x float64) string {
	return sprint(`SELECT deed('move'); SELECT shut('B', 'R'); SELECT "on"('B', box(100,0,%[1]g,100)),
		"on"('R', box(%[1]g,0,300,100))`, x)
}

const correction = `'[{"title": "survey"}]'`

var reserveWrongs = append([]wrong{
	{name: "reserve under a right", sql: `SELECT deed('hold'), hold('h', 'R')`, want: "reserve_needs_release"},
	{name: "reserve among a right's parcels", sql: `SELECT deed('hold'), hold('h', 'A', 'R')`,
		want: "reserve_needs_release"},
	{name: "land under a right that becomes reserve", given: []string{heldA},
		sql:  `SELECT deed('edit'); SELECT shut('A'); SELECT "on"('A', bank => 'reserve')`,
		want: "reserve_needs_release"},
	{name: "reserve made available by an edit", sql: `SELECT deed('edit'); SELECT shut('R');
		SELECT "on"('R', bank => 'available')`, want: "reserve_needs_release"},
	{name: "reserve made available and allotted at once", sql: `SELECT deed('hold'); SELECT shut('R');
		SELECT "on"('R', bank => 'available'); SELECT hold('h', 'R')`, want: "reserve_needs_release"},
	{name: "reserve allotted in a release of other land", sql: `SELECT deed('release'); SELECT shut('S');
		SELECT "on"('S', bank => 'available'); SELECT hold('h', 'R')`, want: "reserve_needs_release"},
	{name: "a release that one person signed", sql: `SELECT deed('release', '[]', 'a', 'nobody')`,
		want: "record_needs_two"},
	{name: "a release that one person signed twice", sql: `SELECT deed('release', '[]', 'a', 'a');
		SELECT shut('R'); SELECT "on"('R', bank => 'available')`, want: "record_needs_two"},
	{name: "reserve and other land that swap their status", sql: `SELECT deed('edit'); SELECT shut('A', 'R');
		SELECT "on"('A', bank => 'reserve'), "on"('R', bank => 'available')`, want: "reserve_needs_release"},
	{name: "reserve and other land that swap their shapes by a move", sql: `SELECT deed('move'); SELECT shut('B',
		'R'); SELECT "on"('B', box(200,0,300,100)), "on"('R', box(100,0,200,100))`, want: "reserve_needs_release"},
	{name: "reserve and other land that swap their shapes by a correction", sql: `SELECT deed('correct', ` +
		correction + `); SELECT shut('A', 'R'); SELECT "on"('A', box(200,0,300,100)), "on"('R', box(0,0,100,100))`,
		want: "reserve_needs_release"},
	{name: "a boundary moved into the reserve", sql: `SELECT deed('move'); SELECT shut('B', 'R');
		SELECT "on"('B', box(100,0,210,100), 11000), "on"('R', box(210,0,300,100), 9000)`, want: "reserve_needs_release"},
	{name: "a boundary moved into the reserve whose legal area stays", sql: `SELECT deed('move'); SELECT shut('B',
		'R'); SELECT "on"('B', box(100,0,210,100)), "on"('R', box(210,0,300,100))`, want: "reserve_needs_release"},
	{name: "a boundary that creeps into the reserve", given: []string{creep(200.0004)}, sql: creep(200.0008),
		want: "reserve_needs_release"},
	{name: "legal area moved out of the reserve", sql: `SELECT deed('move'); SELECT shut('B', 'R');
		SELECT "on"('B', NULL, 19000), "on"('R', NULL, 1000)`, want: "reserve_needs_release"},
	{name: "reserve merged into other land", sql: `SELECT deed('merge'); SELECT shut('B', 'R');
		SELECT born('M', box(100,0,300,100), 20000), descends('M', 'B', 'R')`, want: "reserve_needs_release"},
	{name: "reserve split into other land", sql: `SELECT deed('split'); SELECT shut('R');
		SELECT born('R1', box(200,0,250,100), 10000, 'reserve'), born('R2', box(250,0,300,100), 0.0001),
		descends('R1', 'R'), descends('R2', 'R')`,
		want: "ground_is_kept"},
	{name: "reserve split into other land whose legal area adds up",
		sql:  `SELECT deed('split'); SELECT shut('R'); SELECT born('R1', box(200,0,250,100), 5000, 'reserve'), born('R2', box(250,0,300,100), 5000), descends('R1', 'R'), descends('R2', 'R')`,
		want: "reserve_needs_release"},
	{name: "a correction into what a correction took from the reserve",
		given: []string{`SELECT deed('correct', ` + correction +
			`); SELECT shut('R'); SELECT "on"('R', box(290,0,300,100), 1000)`},
		sql: `SELECT deed('correct', ` + correction +
			`); SELECT shut('B'); SELECT "on"('B', box(100,0,290,100), 19000)`, want: "reserve_needs_release"},
	{name: "a parcel made where a correction took from the reserve",
		given: []string{`SELECT deed('correct', ` + correction +
			`); SELECT shut('R'); SELECT "on"('R', box(290,0,300,100), 1000)`},
		sql: `SELECT deed('create'), born('X', box(200,0,290,100), 9000)`, want: "reserve_needs_release"},
	{name: "reserve retired and brought in anew as available",
		given: []string{`SELECT deed('retire'); SELECT shut('R')`},
		sql:   `SELECT deed('import'), born('X', box(200,0,300,100), 10000)`, want: "reserve_needs_release"},
	{name: "reserve retired and brought in anew in pieces", given: []string{`SELECT deed('retire'); SELECT shut('R',
		'S')`}, sql: `SELECT deed('import'), born('X', box(150,100,400,200), 25000), born('Y', box(299,0,301,100), 200)`,
		want: "reserve_needs_release"},
	{name: "reserve retired, brought in as reserve, and made available by an edit",
		given: []string{`SELECT deed('retire'); SELECT shut('R')`,
			`SELECT deed('import'), born('X', box(200,0,300,100), 10000, 'reserve')`},
		sql:  `SELECT deed('edit'); SELECT shut('X'); SELECT "on"('X', bank => 'available')`,
		want: "reserve_needs_release"},
	{name: "a release that is taken back and taken for granted",
		given: []string{`SELECT deed('release'); SELECT shut('R'); SELECT "on"('R', bank => 'available')`,
			`SELECT deed('revert', '[]', 'a', 'b', seq()); SELECT shut('R'); SELECT "on"('R', bank => 'reserve')`},
		sql:  `SELECT deed('revert', '[]', 'a', 'b', seq()); SELECT shut('R'); SELECT "on"('R', bank => 'available')`,
		want: "reserve_needs_release"},
	{name: "a retirement that makes reserve available", sql: `SELECT deed('retire'); SELECT shut('R');
		SELECT "on"('R', bank => 'available')`, want: "ground_is_kept"},
}, kinds("reserve made available by a record",
	`SELECT $record; SELECT shut('R'); SELECT "on"('R', bank => 'available')`, "reserve_needs_release",
	"split", "merge", "move", "correct", "withdraw", "restore", "hold", "extend", "reserve", "supply", "build",
	"take_back", "expire", "publish", "unpublish", "revert")...)
