package ledger_test

import (
	"fmt"
	"testing"

	"luodi/data/store/storetest"
)

// Two long parcels share 10 m by 10 mm, which the slack of their outlines of two kilometres takes (0.21 m²). Cut at 980
// m, the part that shares it has an outline of 60 m, whose slack is 0.016 m².
const (
	long = `SELECT deed('import'); SELECT born('L', box(0,1000,1000,1010), 10000),
		born('N', box(990,1009.99,1990,1020), 10000)`
	parts = `SELECT shut('L'); SELECT born('L1', box(0,1000,980,1010), 9800),
		born('L2', box(980,1000,1000,1010), 200), descends('L1', 'L'), descends('L2', 'L')`
	cutL = `SELECT deed('split'); ` + parts
)

// lift draws L2 anew, its upper side where it says, in a record of some kind.
func lift(kind string, y float64) string {
	documents := `'[]'`
	if kind == "correct" {
		documents = correction
	}
	return fmt.Sprintf(`SELECT deed('%s', %s); SELECT shut('L2'); SELECT "on"('L2', box(980,1000,1000,%g))`, kind,
		documents, y)
}

// Five strips of 2 m lie on N by 5 mm each, which is within the slack of each, 0.0108 m², and together beyond that of
// the land they would make.
const strips = `SELECT deed('import'); SELECT born('N', box(990,1009.995,1990,1020), 10000),
       born('T1', box(1000,1008,1002,1010), 4), born('T2', box(1002,1008,1004,1010), 4),
	born('T3', box(1004,1008,1006,1010), 4), born('T4', box(1006,1008,1008,1010), 4),
	  born('T5', box(1008,1008,1010,1010), 4)`

var inheritedWrongs = []wrong{
	{name: "a split that grows the overlap it inherits", given: []string{long}, sql: `SELECT deed('split'); SELECT shut('L');
		SELECT born('L1', box(0,1000,980,1010), 9800), born('L2', box(980,1000,1000,1010.0006), 200),
		  descends('L1', 'L'), descends('L2', 'L')`, want: "parcels_overlap"},
	{name: "a move that grows an inherited overlap", given: []string{long, cutL}, sql: lift("move", 1010.0006),
		want: "parcels_overlap"},
	{name: "a correction that grows an inherited overlap", given: []string{long, cutL},
		sql: lift("correct", 1010.0006), want: "parcels_overlap"},
	{name: "an inherited overlap that creeps", given: []string{long, cutL, lift("move", 1010.0001)},
		sql: lift("move", 1010.0003), want: "parcels_overlap"},
	{name: "an inherited overlap elsewhere on the same neighbour", given: []string{long, cutL},
		sql: `SELECT deed('correct', ` + correction +
			`); SELECT shut('L2'); SELECT "on"('L2', box(1000,1000,1020,1010))`, want: "parcels_overlap"},
	{name: "an inherited overlap that was given up", given: []string{long, cutL, lift("correct", 1009.99)},
		sql: lift("correct", 1010), want: "parcels_overlap"},
	{name: "a correction that gave up an inherited overlap, taken back",
		given: []string{long, cutL, lift("correct", 1009.99)},
		sql: `SELECT deed('revert', '[]', 'a', 'b', seq()); SELECT shut('L2');
			SELECT "on"('L2', (SELECT geom FROM parcel_version WHERE parcel_id = id('L2') ORDER BY from_seq LIMIT 1))`, want: "parcels_overlap"},
	{name: "an inherited overlap retired and brought in anew",
		given: []string{long, cutL, `SELECT deed('retire'); SELECT shut('L2')`},
		sql:   `SELECT deed('import'); SELECT born('X', box(980,1000,1000,1010), 200)`, want: "parcels_overlap"},
	{name: "another neighbour where an inherited overlap was",
		given: []string{long, cutL, `SELECT deed('retire'); SELECT shut('N')`},
		sql:   `SELECT deed('import'); SELECT born('X', box(990,1009.99,1010,1020), 200)`, want: "parcels_overlap"},
	{name: "a new parcel on what another inherits", given: []string{long, cutL},
		sql: `SELECT deed('create'); SELECT born('X', box(1000,1009.98,1020,1010), 1)`, want: "parcels_overlap"},
	{name: "a merge that adds overlaps up", given: []string{strips}, sql: `SELECT deed('merge'); SELECT shut('T1',
       'T2', 'T3', 'T4', 'T5');
		SELECT born('T', box(1000,1008,1010,1010), 20), descends('T', 'T1', 'T2', 'T3', 'T4', 'T5')`, want: "parcels_overlap"},
	{name: "a swap with the neighbour that grows an inherited overlap", given: []string{long, cutL}, sql: `SELECT deed('move'); SELECT shut('L2', 'N');
		SELECT "on"('L2', box(980,1000,1000,1010.0004)), "on"('N', box(990,1009.9896,1990,1020))`, want: "parcels_overlap"},
}

func TestAnInheritedOverlapNeverGrows(t *testing.T) {
	t.Parallel()
	refuse(t, inheritedWrongs)
}

// Land that was taken can be dealt out, as often as one likes, and put together again.
func TestAnInheritedOverlapStays(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	park := ground.Plot(t, "plot", land, long)
	for _, step := range []string{
		cutL,
		`SELECT deed('publish'); SELECT shut('L2'); SELECT "on"('L2', publication => 'public')`,
		`SELECT deed('split'); SELECT shut('L2'); SELECT born('L3', box(980,1000,993,1010), 130),
			born('L4', box(993,1000,1000,1010), 70), descends('L3', 'L2'), descends('L4', 'L2')`,
		`SELECT deed('move'); SELECT shut('L3', 'L4'); SELECT "on"('L3', box(980,1000,995,1010), 150),
			"on"('L4', box(995,1000,1000,1010), 50)`,
		`SELECT deed('split'); SELECT shut('N'); SELECT born('N1', box(990,1009.99,1010,1020), 200),
			born('N2', box(1010,1009.99,1990,1020), 9800), descends('N1', 'N'), descends('N2', 'N')`,
		`SELECT deed('merge'); SELECT shut('L3', 'L4'); SELECT born('L5', box(980,1000,1000,1010), 200),
			descends('L5', 'L3', 'L4')`,
		`SELECT deed('revert', '[]', 'a', 'b', seq()); SELECT shut('L5');
			SELECT born('L6', box(980,1000,995,1010), 150), born('L7', box(995,1000,1000,1010), 50),
			descends('L6', 'L5'), descends('L7', 'L5')`,
		`SELECT deed('split'); SELECT shut('L6', 'N1'); SELECT born('L8', box(980,1000,985,1010), 50),
			born('L9', box(985,1000,995,1010), 100), "on"('N1', ST_Segmentize(box(990,1009.99,1010,1020), 0.0001)),
			descends('L8', 'L6'), descends('L9', 'L6')`,
		`SELECT deed('merge'); SELECT shut('L1', 'L7', 'L8', 'L9');
			SELECT born('L0', box(0,1000,1000,1010), 10000), descends('L0', 'L1', 'L7', 'L8', 'L9')`,
	} {
		if got := ground.Attack(t, park, storetest.Levels[0], step); got != storetest.Taken {
			t.Fatalf("%s: %s", step, got)
		}
	}
}
