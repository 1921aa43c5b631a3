package ledger_test

import (
	"fmt"
	"testing"

	"luodi/data/store/storetest"
)

// TestWhatIsRightIsTaken: a database that refused everything would pass the other tests. Each of these is right, at
// each level and settled either way.
func TestWhatIsRightIsTaken(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	for i, c := range []struct {
		name  string
		given []string
		sql   string
	}{
		{name: "neighbours that share an edge",
			sql: `SELECT deed('create'); SELECT born('X', box(0,100,100,200), 10000)`},
		{name: "an overlap within the tolerance", sql: `SELECT deed('create'); SELECT born('X',
			box(0,99.9998,100,200), 10000)`},
		{name: "a parcel in another's hole", given: []string{`SELECT deed('create'); SELECT born('X',
			ST_Difference(box(0,200,100,300), box(40,240,60,260)), 9600)`},
			sql: `SELECT deed('create'); SELECT born('Y', box(40,240,60,260), 400)`},
		{name: "a split", sql: cutA},
		{name: "a split whose cut has a node between the grid's", sql: `SELECT deed('split'); SELECT shut('A');
			SELECT born('A1', drawn('POLYGON((0 0, 33.333 0, 66.667 100, 0 100, 0 0))'), 5000),
			born('A2', drawn('POLYGON((33.333 0, 100 0, 100 100, 66.667 100, 33.333 0))'), 5000),
			  descends('A1', 'A'), descends('A2', 'A')`},
		{name: "a part split off from what goes on", sql: `SELECT deed('split'); SELECT shut('A');
			SELECT "on"('A', box(0,0,50,100), 5000), born('A2', box(50,0,100,100), 5000), descends('A2', 'A')`},
		{name: "two splits far apart in one record", sql: cutA + `SELECT shut('FAR'); SELECT born('F1',
			box(0,500,50,600), 4000), born('F2', box(50,500,100,600), 6000), descends('F1', 'FAR'), descends('F2', 'FAR')`},
		{name: "a split of reserve", sql: `SELECT deed('split'); SELECT shut('R');
			SELECT born('R1', box(200,0,250,100), 5000, 'reserve'), born('R2', box(250,0,300,100), 5000, 'reserve'),
			descends('R1', 'R'), descends('R2', 'R')`},
		{name: "a merge", sql: `SELECT deed('merge'); SELECT shut('A', 'B');
			SELECT born('M', box(0,0,200,100), 20000), descends('M', 'A', 'B')`},
		{name: "a merge that undoes a split", given: []string{cutA}, sql: `SELECT deed('revert', '[]', 'a', 'b',
			seq()); SELECT shut('A1', 'A2'); SELECT born('M', box(0,0,100,100), 10000), descends('M', 'A1', 'A2')`},
		{name: "a merge of reserve", sql: `SELECT deed('merge'); SELECT shut('R', 'S');
			SELECT born('M', box(200,0,400,100), 20000, 'reserve'), descends('M', 'R', 'S')`},
		{name: "a moved boundary", sql: `SELECT deed('move'); SELECT shut('A', 'B');
			SELECT "on"('A', box(0,0,90,100), 9000), "on"('B', box(90,0,200,100), 11000)`},
		{name: "a boundary of the reserve drawn anew within the tolerance", sql: creep(200.0004)},
		{name: "a part released, the rest split", given: []string{`SELECT deed('edit'); SELECT shut('R');
			SELECT "on"('R', publication => 'internal')`,
			`SELECT deed('release'); SELECT shut('R'); SELECT "on"('R', box(200,0,250,100), 5000),
				born('R2', box(250,0,300,100), 5000), descends('R2', 'R')`},
			sql: `SELECT deed('split'); SELECT shut('R', 'R2');
       SELECT born('R3', box(200,0,250,50), 2500, 'reserve'), born('R4', box(200,50,250,100), 2500, 'reserve'),
       "on"('R2', box(250,0,300,50), 2500), born('R5', box(250,50,300,100), 2500),
				descends('R3', 'R'), descends('R4', 'R'), descends('R5', 'R2')`},
		{name: "a boundary moved between two of the reserve", sql: `SELECT deed('move'); SELECT shut('R', 'S');
			SELECT "on"('R', box(200,0,290,100), 9000), "on"('S', box(290,0,400,100), 11000)`},
		{name: "a correction", sql: `SELECT deed('correct', ` + correction +
			`); SELECT shut('A'); SELECT "on"('A', box(0,0,98,101), 9898)`},
		{name: "a correction of reserve", sql: `SELECT deed('correct', ` + correction +
			`); SELECT shut('R'); SELECT "on"('R', box(201,0,300,100), 9900)`},
		{name: "a correction taken back", given: []string{`SELECT deed('correct', ` + correction +
			`); SELECT shut('A'); SELECT "on"('A', box(0,0,90,100), 9000)`},
			sql: `SELECT deed('revert', '[]', 'a', 'b', seq()); SELECT shut('A');
				SELECT "on"('A', (SELECT geom FROM parcel_version WHERE parcel_id = id('A') AND from_seq = 1), 10000)`},
		{name: "a retirement by two", sql: retireA},
		{name: "land brought in where other land was retired", given: []string{retireA},
			sql: `SELECT deed('import'); SELECT born('X', box(0,0,100,100), 10000)`},
		{name: "reserve brought in where reserve was retired",
			given: []string{`SELECT deed('retire'); SELECT shut('R')`},
			sql:   `SELECT deed('import'); SELECT born('X', box(200,0,300,100), 10000, 'reserve')`},
		{name: "a release by two",
			sql: `SELECT deed('release'); SELECT shut('R'); SELECT "on"('R', bank => 'available')`},
		{name: "a release of a part", sql: `SELECT deed('release'); SELECT shut('R');
			SELECT "on"('R', box(200,0,250,100), 5000), born('R2', box(250,0,300,100), 5000), descends('R2', 'R')`},
		{name: "a release taken back", given: []string{release}, sql: `SELECT deed('revert', '[]', 'a', 'b',
			seq()); SELECT shut('R'); SELECT "on"('R', bank => 'reserve')`},
		{name: "a right to what was released", given: []string{release}, sql: `SELECT deed('hold'); SELECT hold('h',
			'R')`},
		{name: "a split of what was released", given: []string{release},
			sql: `SELECT deed('split'); SELECT shut('R'); SELECT born('R1', box(200,0,250,100), 5000), born('R2', box(250,0,300,100), 5000), descends('R1', 'R'), descends('R2', 'R')`},
		{name: "land withdrawn and restored after its release",
			given: []string{release,
				`SELECT deed('withdraw'); SELECT shut('R'); SELECT "on"('R', bank => 'withdrawn')`},
			sql: `SELECT deed('restore'); SELECT shut('R'); SELECT "on"('R', bank => 'available')`},
		{name: "a boundary moved between what was released and other land", given: []string{release},
			sql: `SELECT deed('move'); SELECT shut('B', 'R'); SELECT "on"('B', box(100,0,210,100), 11000), "on"('R', box(210,0,300,100), 9000)`},
		{name: "a right to several parcels", sql: `SELECT deed('hold'); SELECT hold('h', 'A', 'B', 'FAR')`},
		{name: "a right that goes from state to state", given: []string{heldA},
			sql: `SELECT deed('reserve'); SELECT finish('h'); SELECT state('h', 'reserved')`},
		{name: "a right after another that ended", given: []string{heldA,
			`SELECT deed('take_back'); SELECT uncover('h', 'A'), finish('h')`},
			sql: `SELECT deed('hold'); SELECT hold('k', 'A')`},
		{name: "a right after another in one record", given: []string{heldA},
			sql: `SELECT deed('edit'); SELECT uncover('h', 'A'), finish('h'); SELECT hold('k', 'A')`},
		{name: "a split that names one heir", given: []string{heldA}, sql: cutA +
			`SELECT uncover('h', 'A'), cover('h', 'A2')`},
		{name: "a split whose children all inherit", given: []string{heldA}, sql: cutA +
			`SELECT uncover('h', 'A'), cover('h', 'A1', 'A2')`},
		{name: "a part split off while the rest keeps the right", given: []string{heldA},
			sql: `SELECT deed('split'); SELECT shut('A'); SELECT "on"('A', box(0,0,50,100), 5000), born('A2', box(50,0,100,100), 5000), descends('A2', 'A')`},
		{name: "a part split off that takes the right along", given: []string{heldA}, sql: `SELECT deed('split'); SELECT shut('A'); SELECT "on"('A', box(0,0,50,100), 5000), born('A2', box(50,0,100,100), 5000), descends('A2', 'A');
			SELECT uncover('h', 'A'), cover('h', 'A2')`},
		{name: "a merge that inherits the right", given: []string{heldA},
			sql: `SELECT deed('merge'); SELECT shut('A', 'B'); SELECT born('M', box(0,0,200,100), 20000), descends('M', 'A', 'B'); SELECT uncover('h', 'A'), cover('h', 'M')`},
		{name: "publishing under a right", given: []string{heldA},
			sql: `SELECT deed('unpublish'); SELECT shut('A'); SELECT "on"('A', publication => 'internal')`},
		{name: "a project's next revision", sql: `INSERT INTO project_version (district_id, project_id, revision,
			name_zh, name_en, sys) SELECT district_id, project_id, 2, 'x', 'x', 'empty' FROM project
			JOIN park USING (district_id) WHERE park.park_id = attack.park()`},
		{name: "a record that changes nothing", sql: `SELECT deed('edit')`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for j, level := range storetest.Levels {
				for k, end := range []string{"", "; SET CONSTRAINTS ALL IMMEDIATE"} {
					park := ground.Plot(t, fmt.Sprintf("right-%d-%d-%d", i, j, k),
						append([]string{land}, c.given...)...)
					if got := ground.Attack(t, park, level, c.sql+end); got != storetest.Taken {
						t.Errorf("%s%s: %s", level, end, got)
					}
				}
			}
		})
	}
}

const release = `SELECT deed('release'); SELECT shut('R'); SELECT "on"('R', bank => 'available')`
