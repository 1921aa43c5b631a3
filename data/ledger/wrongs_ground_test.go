package ledger_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/google/uuid"

	"luodi/data/store/storetest"
	terms "luodi/geo/land"
)

// Two parks on one ground: one is surveyed in EPSG:4550, the other in EPSG:4549, and their borders overlap. The boxes
// of attack.sql are metres of 4550 in both, from the origin of the first.
type twoParks struct {
	*storetest.Ground
	a, b uuid.UUID
}

func newTwoParks(t *testing.T, code string, given ...string) *twoParks {
	t.Helper()
	p := &twoParks{Ground: storetest.NewGround(t)}
	p.a = p.Plot(t, code+"-a", land0)
	p.b = p.second(t, code+"-b")
	for _, sql := range given {
		if got := p.Attack(t, p.b, storetest.Levels[0], sql); got != storetest.Taken {
			t.Fatalf("arrange: %s: %s", sql, got)
		}
	}
	return p
}

// land0 is what the first park holds: a square, and a strip of 600 m along the parallel whose edge on the north has its
// ends alone.
const land0 = `SELECT deed('create'); SELECT born('A', box(0,0,100,100), 10000),
	born('LONG', box(1000,0,1600,100), 60000)`

// second makes a park of another plane whose border is that of the first, but for its nodes.
func (p *twoParks) second(t *testing.T, code string) uuid.UUID {
	t.Helper()
	park := uuid.New()
	const sql = `INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, corners_told, geom)
		SELECT $1, district_id, $2, '邻园', 'Next park', 4549, 'exact',
		  ST_Multi(ST_Transform(ST_Segmentize(ST_Transform(geom, 4550), 50), 4490)) FROM park WHERE park_id = $3`
	if _, err := p.Owner.Exec(t.Context(), sql, park, code, p.a); err != nil {
		t.Fatal(err)
	}
	return park
}

const (
	overA    = `SELECT deed('create'); SELECT born('X', box(20,20,60,60), 1600)`
	overBend = `SELECT deed('create'); SELECT born('X', box(1000,99,1600,200), 60000)`
	carry    = `SELECT deed('correct', ` + correction + `); SELECT shut('Y'); SELECT "on"('Y', %s)`
	ownY     = `SELECT deed('create'); SELECT born('Y', box(0,300,100,400), 10000)`
)

// foreign are attacks of the second park. The same rules hold for the first.
var foreign = []struct {
	name, given, sql, want, rule string
}{
	{name: "the polygon another park holds", sql: `SELECT deed('create'); SELECT born('X', box(0,0,100,100), 10000)`,
		want: "parcels_overlap", rule: "refuse_double_ground(p_park uuid, p_seq bigint)"},
	{name: "a part of it", sql: overA, want: "parcels_overlap",
		rule: "refuse_double_ground(p_park uuid, p_seq bigint)"},
	{name: "a metre of a long edge", sql: overBend, want: "parcels_overlap",
		rule: "refuse_double_ground(p_park uuid, p_seq bigint)"},
	{name: "an import of it", sql: `SELECT deed('import'); SELECT born('X', box(0,0,100,100), 10000)`,
		want: "parcels_overlap", rule: "refuse_double_ground(p_park uuid, p_seq bigint)"},
	{name: "a correction onto it", given: ownY, sql: fmt.Sprintf(carry, `box(50,0,150,100)`), want: "parcels_overlap",
		rule: "refuse_double_ground(p_park uuid, p_seq bigint)"},
	{name: "a correction that grows over it", given: ownY, sql: fmt.Sprintf(carry, `box(0,99,100,400)`),
		want: "parcels_overlap", rule: "refuse_double_ground(p_park uuid, p_seq bigint)"},
	{name: "a parcel 600 km away", sql: `SELECT deed('create'); SELECT born('X', box(600000,0,600100,100), 10000)`,
		want: "parcel_in_park", rule: "refuse_stray(p_park uuid, p_seq bigint, p_kind text)"},
	{name: "a parcel a round of the earth away", sql: `SELECT deed('create'); SELECT born('X',
		ST_Translate(box(0,300,100,400), 360, 0), 10000)`, want: "parcel_in_park", rule: "refuse_stray(p_park uuid, p_seq bigint, p_kind text)"},
	{name: "a correction that carries it 500 km", given: ownY, sql: fmt.Sprintf(carry, `box(0,500000,100,500100)`),
		want: "parcel_in_park", rule: "refuse_stray(p_park uuid, p_seq bigint, p_kind text)"},
	{name: "a parcel half outside the border", sql: `SELECT deed('create'); SELECT born('X', box(10950,0,11050,100),
		10000)`, want: "parcel_in_park", rule: "refuse_stray(p_park uuid, p_seq bigint, p_kind text)"},
	{name: "a needle out of the border", sql: `SELECT deed('create'); SELECT born('X',
		drawn('POLYGON((10900 0, 11000 0, 11000 49.9999, 11100 50, 11000 50.0001, 11000 100, 10900 100, 10900 0))'),
		10000)`, want: "parcel_in_park", rule: "refuse_stray(p_park uuid, p_seq bigint, p_kind text)"},
	{name: "a parcel that is a sliver",
		sql:  fmt.Sprintf(`SELECT deed('create'); SELECT born('X', box(0,300,%g,301), 1)`, terms.LeastParcelM2*0.99),
		want: "parcel_has_area", rule: "refuse_stray(p_park uuid, p_seq bigint, p_kind text)"},
	{name: "a border without a record", sql: `UPDATE park SET geom = ST_Multi(box(-400,-400,900,900))
		WHERE park_id = attack.park()`, want: "border_has_record", rule: ""},
	{name: "a border by an edit", sql: `SELECT deed('edit'); UPDATE park
		SET geom = ST_Multi(box(-400,-400,900,900)) WHERE park_id = attack.park()`, want: "border_has_record", rule: ""},
	{name: "a border without a document", sql: `SELECT deed('border')`, want: "record_needs_document", rule: ""},
	{name: "a border that leaves a parcel outside", given: ownY, sql: `SELECT deed('border', ` + correction +
		`); UPDATE park SET geom = ST_Multi(box(-400,-400,900,399)) WHERE park_id = attack.park()`,
		want: "parcel_in_park",
		rule: "refuse_stray(p_park uuid, p_seq bigint, p_kind text)"},
	{name: "an edge too long for the search", sql: `SELECT deed('border', ` + correction +
		`); UPDATE park SET geom = ST_Multi(box(-25000,-400,900,900)) WHERE park_id = attack.park()`,
		want: "border_is_dense", rule: ""},
}

func TestGroundIsOneWhateverParkItIsFiledUnder(t *testing.T) {
	t.Parallel()
	for _, c := range foreign {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var given []string
			if c.given != "" {
				given = []string{c.given}
			}
			p := newTwoParks(t, "ground", given...)
			before := state(t, p.Ground, p.b)
			for _, level := range storetest.Levels {
				for _, end := range []string{"", "; SET CONSTRAINTS ALL IMMEDIATE"} {
					if got := p.Attack(t, p.b, level, c.sql+end); got != c.want {
						t.Errorf("%s%s: %s, want %s", level, end, got, c.want)
					}
				}
			}
			if after := state(t, p.Ground, p.b); after != before {
				t.Errorf("it left a trace:\nbefore %s\nafter  %s", before, after)
			}
			rule := `DROP TRIGGER keep_border ON park; DROP TRIGGER settle_park ON park; DROP TRIGGER z_keep_kind ON record`
			if c.rule != "" {
				rule = without(c.rule)
			}
			if _, err := p.Owner.Exec(t.Context(), rule); err != nil {
				t.Fatal(err)
			}
			if got := p.Attack(t, p.b, storetest.Levels[0], c.sql); got != storetest.Taken {
				t.Errorf("without its rule: %s, want %s", got, storetest.Taken)
			}
		})
	}
}

// What is right across two parks is taken: neighbours that share long edges, in whichever plane they are straight, a
// border that leaves all inside, free ground.
func TestNeighboursInTwoParksAreTaken(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"free ground":                   ownY,
		"a neighbour":                   `SELECT deed('create'); SELECT born('X', box(100,0,200,100), 10000)`,
		"a neighbour along a long edge": `SELECT deed('create'); SELECT born('X', box(1000,100,1600,200), 60000)`,
		"a neighbour with nodes on the edge": `SELECT deed('create'); SELECT born('X',
			ST_Transform(ST_Segmentize(ST_Transform(box(1000,100,1600,200), 4550), 30), 4490), 60000)`,
		"an overlap within the tolerance": `SELECT deed('create'); SELECT born('X', box(99.9998,0,200,100), 10000)`,
		"the least parcel":                `SELECT deed('create'); SELECT born('X', box(0,300,1.01,301), 1)`,
		"a border that grows": `SELECT deed('border', ` + correction +
			`); UPDATE park SET geom = ST_Multi(box(-500,-5500,11500,7000)) WHERE park_id = attack.park()`,
		"a border that shrinks to its ground": `SELECT deed('border', ` + correction +
			`); UPDATE park SET geom = ST_Multi(box(-400,-400,900,900)) WHERE park_id = attack.park()`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newTwoParks(t, "right")
			for _, level := range storetest.Levels {
				a := p.Attacker(t, p.b, level)
				if got := a.Try(sql + "; SET CONSTRAINTS ALL IMMEDIATE"); got != storetest.Taken {
					t.Errorf("%s: %s", level, got)
				}
				a.Leave()
			}
		})
	}
}

// acrossRaces are two records of two parks, each right when it is alone.
var acrossRaces = []struct{ name, given, first, second string }{
	{"two that create on one ground", "", `SELECT deed('create'); SELECT born('X', box(0,300,100,400), 10000)`,
		`SELECT deed('create'); SELECT born('Y', box(50,300,150,400), 10000)`},
	{"a creation and a correction", `SELECT deed('create'); SELECT born('Y', box(300,300,400,400), 10000)`,
		`SELECT deed('create'); SELECT born('X', box(0,300,100,400), 10000)`,
		fmt.Sprintf(carry, `box(50,300,150,400)`)},
	{"two imports", "", `SELECT deed('import'); SELECT born('X', box(0,300,100,400), 10000),
		born('Z', box(0,500,100,600), 10000)`, `SELECT deed('import'); SELECT born('Y', box(50,500,150,600), 10000)`},
}

// TestOfTwoParksThatRaceForOneGroundOneIsRefused lets both write before either is judged; the second's snapshot, where
// it keeps one, is older than the first's commit. Whichever is ended, no more than one is taken, and where the first
// goes through the second is refused: by the rule, as overtaken, or as a deadlock that PostgreSQL ended.
func TestOfTwoParksThatRaceForOneGroundOneIsRefused(t *testing.T) {
	t.Parallel()
	for _, r := range acrossRaces {
		for _, level := range storetest.Levels {
			for _, swap := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %s %v", r.name, level, swap), func(t *testing.T) {
					t.Parallel()
					var given []string
					if r.given != "" {
						given = []string{r.given}
					}
					p := newTwoParks(t, "race", given...)
					one, two := p.raceAcross(t, level, swap, r.first, r.second)
					if one == storetest.Taken && two == storetest.Taken {
						t.Errorf("both were taken")
					}
					for _, got := range []string{one, two} {
						if got != storetest.Taken && got != "parcels_overlap" && got != overtaken && got != "40P01" {
							t.Errorf("%s", got)
						}
					}
					if one != storetest.Taken && two != storetest.Taken {
						t.Errorf("neither was taken: %s, %s", one, two)
					}
				})
			}
		}
	}
	t.Run("without the clocks of the parks nearby both are taken", func(t *testing.T) {
		t.Parallel()
		p := newTwoParks(t, "lost")
		if _, err := p.Owner.Exec(t.Context(), `CREATE OR REPLACE FUNCTION near_parks(p_park uuid,
			p_shape geometry) RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT '{}'::uuid[] $$`); err != nil {
			t.Fatal(err)
		}
		if one, two := p.raceAcross(t, storetest.Levels[0], false, acrossRaces[0].first,
			acrossRaces[0].second); one != storetest.Taken || two != storetest.Taken {
			t.Errorf("%s, %s; want both taken", one, two)
		}
	})
}

// raceAcross has the first park's record and the second's written both before either commits, and ends them in the
// order given. A commit that waits for the other is waited for in its turn.
func (p *twoParks) raceAcross(t *testing.T, level string, swap bool, first, second string) (one, two string) {
	t.Helper()
	a, b := p.Attacker(t, p.a, level), p.Attacker(t, p.b, level)
	defer a.Leave()
	defer b.Leave()
	for _, side := range []struct {
		who *storetest.Attacker
		sql string
	}{{a, first}, {b, second}} {
		if got := side.who.Try("SELECT seq FROM park_clock; " + side.sql); got != storetest.Taken {
			t.Fatalf("%s: %s", side.sql, got)
		}
	}
	if swap {
		a, b = b, a
	}
	done := make(chan string, 1)
	go func() { done <- a.Try("COMMIT") }()
	two = b.Try("COMMIT")
	one = <-done
	return one, two
}

// Two new parks made at once on one ground don't see each other's rows: one of them waits at its border, and is then
// refused.
func TestTwoNewParksOnOneGroundAreNotBothTaken(t *testing.T) {
	t.Parallel()
	newPark := func(code string) string {
		id := uuid.New()
		return fmt.Sprintf(`INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, geom)
       SELECT '%[1]s', district_id, '%[2]s', 'x', 'x', survey_crs, ST_Multi(box(-100,-100,400,400)) FROM park
       WHERE park_id = attack.park();
			SET LOCAL attack.park = '%[1]s'; SELECT deed('import'); INSERT INTO parcel (park_id, parcel_id)
			  VALUES ('%[1]s', id('N'));
			INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, geom)
			  SELECT '%[1]s', id('N'), 1, 'N', 'available', 1,
			  ST_SetSRID(ST_Expand(ST_Centroid(geom), 0.0005), 4490) FROM park WHERE park_id = '%[1]s'`, id, code)
	}
	for _, level := range storetest.Levels {
		for _, guard := range []bool{true, false} {
			if !guard && level == storetest.Levels[2] { // PostgreSQL sees by itself that the two read past each other
				continue
			}
			ground := storetest.NewGround(t)
			plot := ground.Plot(t, "plot")
			if !guard {
				if _, err := ground.Owner.Exec(t.Context(), without(`take_border(p_park uuid)`)); err != nil {
					t.Fatal(err)
				}
			}
			a, b := ground.Attacker(t, plot, level), ground.Attacker(t, plot, level)
			for i, who := range []*storetest.Attacker{a, b} {
				if got := who.Try("SELECT seq FROM park_clock; " +
					newPark(fmt.Sprint("new-", i))); got != storetest.Taken {
					t.Fatal(got)
				}
			}
			if !guard { // neither waits: both are taken
				if one, two := a.Try("SELECT check_now()"), b.Try("SELECT check_now()"); one != storetest.Taken ||
					two != storetest.Taken || a.Try("COMMIT") != storetest.Taken || b.Try("COMMIT") != storetest.Taken {
					t.Errorf("%s, without its rule: %s, %s", level, one, two)
				}
			} else {
				if got := a.Try("SELECT check_now()"); got != storetest.Taken {
					t.Fatal(got)
				}
				done := later(func() string { return b.Try("SELECT check_now()") })
				await(t, ground, b.PID(), a.PID())
				if got := a.Try("COMMIT"); got != storetest.Taken {
					t.Fatal(got)
				}
				want := "parcels_overlap"
				if level != storetest.Levels[0] {
					want = overtaken
				}
				if got := <-done; got != want {
					t.Errorf("%s: the second came to %s, want %s", level, got, want)
				}
			}
			a.Leave()
			b.Leave()
		}
	}
}

// later runs something while the test goes on.
func later(f func() string) chan string {
	done := make(chan string, 1)
	go func() { done <- f() }()
	return done
}

// A snapshot older than a new park, or than a border that came near, is refused and not judged.
func TestASnapshotThatDoesNotKnowANewBorderIsOvertaken(t *testing.T) {
	t.Parallel()
	for _, level := range storetest.Levels[1:] {
		p := newTwoParks(t, "stale")
		a := p.Attacker(t, p.a, level)
		if got := a.Try("SELECT seq FROM park_clock"); got != storetest.Taken {
			t.Fatal(got)
		}
		third := p.second(t, "third")
		if got := p.Attack(t, third, storetest.Levels[0], `SELECT deed('create'); SELECT born('T',
			box(0,300,100,400), 10000)`); got != storetest.Taken {
			t.Fatal(got)
		}
		if got := a.Try(`SELECT deed('create'); SELECT born('X', box(0,300,100,400), 10000);
			SET CONSTRAINTS ALL IMMEDIATE`); got != overtaken {
			t.Errorf("%s: %s, want %s", level, got, overtaken)
		}
		a.Leave()
	}
}

// Overlaps that are stored already may be dealt out, never grow, and take no new right; ground that lies astray
// likewise.
func TestWhatLayDoubleBeforeStaysAndNeverGrows(t *testing.T) {
	t.Parallel()
	p := newTwoParks(t, "stored")
	const gone = `ALTER FUNCTION refuse_double_ground(uuid,
       bigint) RENAME TO kept_double; CREATE FUNCTION refuse_double_ground(p_park uuid,
       p_seq bigint) RETURNS void LANGUAGE sql AS '';
		ALTER FUNCTION refuse_stray(uuid, bigint,
		  text) RENAME TO kept_stray; CREATE FUNCTION refuse_stray(p_park uuid, p_seq bigint,
		  p_kind text) RETURNS void LANGUAGE sql AS ''`
	const back = `DROP FUNCTION refuse_double_ground(uuid, bigint); ALTER FUNCTION kept_double(uuid,
       bigint) RENAME TO refuse_double_ground;
		DROP FUNCTION refuse_stray(uuid, bigint, text); ALTER FUNCTION kept_stray(uuid, bigint,
		  text) RENAME TO refuse_stray`
	byOwner(t, p.DB, gone)
	if got := p.Attack(t, p.b, storetest.Levels[0], `SELECT deed('create'); SELECT born('D', box(50,0,150,100),
		10000), born('O', box(11000,0,11100,100), 10000), born('F', box(500,500,600,600), 10000)`); got != storetest.Taken {
		t.Fatal(got)
	}
	byOwner(t, p.DB, back)
	byOwner(t, p.DB, storedInserts)
	for _, want := range []string{"double", "stray"} {
		if n := storetest.Number[int](t, p.DB, `SELECT count(*) FROM stored_faults() WHERE fault = $1`, want); n != 1 {
			t.Errorf("%d faults of kind %s are listed, want 1", n, want)
		}
	}
	project := func(park uuid.UUID) string {
		return `INSERT INTO allotment (park_id, allotment_id, district_id, project_id)
			SELECT attack.park(), id('h'), j.district_id, j.project_id FROM project j JOIN park k USING (district_id)
			WHERE k.park_id = attack.park() LIMIT 1;`
	}
	const state = `SELECT state('h', 'hold', true), cover('h', '%s')`
	splitD := `SELECT deed('split'); SELECT shut('D'); SELECT born('D1', box(50,0,100,100), 5000),
		born('D2', box(100,0,150,100), 5000), descends('D1', 'D'), descends('D2', 'D')`
	for _, step := range []struct{ name, sql, want string }{
		{"a right on it", `SELECT deed('hold'); ` + project(p.b) + fmt.Sprintf(state, "D"), "right_on_single_ground"},
		{"a right beside it", `SELECT deed('hold'); ` + project(p.b) + fmt.Sprintf(state, "F"), ""},
		{"a correction that grows it", `SELECT deed('correct', ` + correction +
			`); SELECT shut('D'); SELECT "on"('D', box(49,0,150,100))`, "parcels_overlap"},
		{"a correction that moves it", `SELECT deed('correct', ` + correction +
			`); SELECT shut('D'); SELECT "on"('D', box(0,0,50,100))`, "parcels_overlap"},
		{"another parcel on it", `SELECT deed('create'); SELECT born('X', box(40,0,50,100), 1000)`, "parcels_overlap"},
		{"a split of it", splitD, ""},
		{"a split of it, then a right on a part", splitD +
			`; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; SELECT deed('hold'); ` + project(p.b) +
			fmt.Sprintf(state, "D1"), "right_on_single_ground"},
		{"a split of it, then a right on the part that is free", splitD +
			`; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; SELECT deed('hold'); ` + project(p.b) +
			fmt.Sprintf(state, "D2"), ""},
		{"a correction that ends it", `SELECT deed('correct', ` + correction +
			`); SELECT shut('D'); SELECT "on"('D', box(100,0,150,100))`, ""},
		{"what lies astray, farther", `SELECT deed('correct', ` + correction +
			`); SELECT shut('O'); SELECT "on"('O', box(11000,0,11101,100))`, "parcel_in_park"},
		{"what lies astray, less", `SELECT deed('correct', ` + correction +
			`); SELECT shut('O'); SELECT "on"('O', box(11000,0,11050,100))`, ""},
	} {
		want := step.want
		if want == "" {
			want = storetest.Taken
		}
		for _, level := range storetest.Levels {
			a := p.Attacker(t, p.b, level)
			if got := a.Try(step.sql + "; SET CONSTRAINTS ALL IMMEDIATE"); got != want {
				t.Errorf("%s, %s: %s, want %s", step.name, level, got, want)
			}
			a.Leave()
		}
	}
	byOwner(t, p.DB, without(`refuse_double_right(p_park uuid, p_seq bigint)`))
	a := p.Attacker(t, p.b, storetest.Levels[0])
	if got := a.Try(`SELECT deed('hold'); ` + project(p.b) + fmt.Sprintf(state, "D") +
		"; SET CONSTRAINTS ALL IMMEDIATE"); got != storetest.Taken {
		t.Errorf("without its rule a right on double ground: %s", got)
	}
}

func byOwner(t *testing.T, db *storetest.DB, sql string) {
	t.Helper()
	if _, err := db.Owner.Exec(context.Background(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// An overlap that two parks share within their slack stays right when a part is cut off whose slack is smaller, and
// never grows.
func TestAnOverlapOfTwoParksIsInheritedAndNeverGrows(t *testing.T) {
	t.Parallel()
	// 0.06 m2 of LONG, whose slack is 0.15
	p := newTwoParks(t, "heir", `SELECT deed('create'); SELECT born('N', box(1000,99.9999,1600,200), 60000)`)
	cut := `SELECT deed('split'); SELECT shut('N'); SELECT born('N1',
		ST_Transform(ST_Segmentize(ST_Transform(box(1000,99.9999,1590,200), 4550), 100), 4490), 59000),
		born('N2', box(1590,99.9999,1600,200), 1000), descends('N1', 'N'), descends('N2', 'N')`
	if got := p.Attack(t, p.b, storetest.Levels[0], cut); got != storetest.Taken {
		t.Fatalf("a cut of what shares ground within its slack: %s", got)
	}
	grow := `SELECT deed('correct', ` + correction + `); SELECT shut('N2'); SELECT "on"('N2', box(1590,99.9,1600,200))`
	if got := p.Attack(t, p.b, storetest.Levels[0], grow); got != "parcels_overlap" {
		t.Errorf("it grew: %s", got)
	}
}

// The margin by which neighbours are sought holds whatever the plane, the place and the direction: an edge of 20 km
// bends out of the straight by less than half of it.
func TestEdgesBendLessThanTheMargin(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	// The edge as it is straight in the plane, brought to degrees point by point, and how far it comes from the
	// straight line of degrees between its ends.
	const sql = `
WITH e AS (SELECT ST_MakeLine(o, ST_Translate(o, $5::float8 * sin(radians($4::float8)),
       $5::float8 * cos(radians($4::float8)))) AS line
             FROM ST_Transform(ST_SetSRID(ST_MakePoint($2, $3), 4490), $1::int) o),
d AS (SELECT ST_Transform(ST_Segmentize(line, $5::float8 / 64), 4490) AS bent, ST_Transform(line, 4490) AS chord FROM e)
SELECT max(ST_Distance(p.geom, chord)) / bend_degrees(chord) FROM d, ST_DumpPoints(bent) p GROUP BY chord`
	worst := 0.0
	for _, at := range []struct {
		crs      int
		lon, lat float64
	}{{4550, 122.03, 37.25}, {4550, 124.4, 53}, {4549, 121.4, 31}, {4549, 118.6, 20}, {4526, 114, 23}, {4509, 126, 50},
		{4491, 75, 39}, {32632, 6.1, 47}, {32633, 17.9, 60}, {32748, 107, -6}} {
		for bearing := 0.0; bearing < 360; bearing += 7.5 {
			var share float64
			if err := db.Owner.QueryRow(t.Context(), sql, at.crs, at.lon, at.lat, bearing,
				20_000.0).Scan(&share); err != nil {
				t.Fatal(err)
			}
			worst = max(worst, share)
		}
	}
	t.Logf("an edge of 20 km bends by %.3f of the margin at most", worst)
	if !(worst <= 0.5) || worst < 0.1 || math.IsNaN(worst) {
		t.Errorf("an edge of 20 km bends by %.3f of the margin; want some of it, and no more than its half", worst)
	}
}

// storedInserts find what lay double or astray before the rules came, as the upgrade that brought them did.
const storedInserts = `
INSERT INTO double_ground
SELECT n.park_id, n.parcel_id, n.from_seq, o.park_id, o.parcel_id, o.from_seq, ST_Transform(s.g, 4490)
  FROM parcel_version n
  JOIN park k USING (park_id)
 CROSS JOIN LATERAL (SELECT * FROM parcel_version v WHERE v.to_seq IS NULL AND v.geom && reach(n.geom) OFFSET 0) o
 CROSS JOIN LATERAL (SELECT ST_Transform(n.geom, k.survey_crs) AS a,
     ST_MakeValid(ST_Transform(o.geom, k.survey_crs)) AS b WHERE o.park_id > n.park_id OFFSET 0) g
 CROSS JOIN LATERAL (SELECT ST_Intersection(g.a, g.b) AS g OFFSET 0) s
 WHERE n.to_seq IS NULL AND ST_Area(s.g) > slack_m2(least(ST_Perimeter(g.a), ST_Perimeter(g.b)));

INSERT INTO stray_ground
SELECT v.park_id, v.parcel_id, ST_Transform(beyond.g, 4490)
  FROM (SELECT k.*, ST_Transform(k.geom, k.survey_crs) AS plane FROM park k) k
  JOIN parcel_version v ON v.park_id = k.park_id AND v.to_seq IS NULL
 CROSS JOIN LATERAL (SELECT ST_Transform(v.geom, k.survey_crs) AS plane OFFSET 0) s
 CROSS JOIN LATERAL (SELECT ST_Difference(s.plane, k.plane) AS g
     WHERE NOT (k.geom && v.geom AND ST_Covers(k.plane, s.plane)) OFFSET 0) beyond
 WHERE ST_Area(beyond.g) > slack_m2(ST_Perimeter(s.plane)) OR NOT k.geom && v.geom
     OR NOT ST_Covers(ST_Buffer(k.plane, 1), s.plane);`

// Writers of parks that are far from each other never wait for each other; those of neighbours do, where they draw
// ground near the border.
func TestWritersOfFarParksDoNotWait(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	parks := []uuid.UUID{ground.Plot(t, "one", land0), ground.Plot(t, "two", land0), ground.Plot(t, "three", land0)}
	var writers []*storetest.Attacker
	for _, park := range parks {
		a := ground.Attacker(t, park, storetest.Levels[0])
		writers = append(writers, a)
		if got := a.Try(`SET LOCAL lock_timeout = '10ms'; SELECT take_clocks(attack.park(),
			ARRAY[box(0,300,100,400)]); SELECT deed('create'); SELECT born('X', box(0,300,100,400), 10000);
			SELECT check_now()`); got != storetest.Taken {
			t.Errorf("a writer of a far park waits: %s", got)
		}
	}
	for _, a := range writers {
		if got := a.Try("COMMIT"); got != storetest.Taken {
			t.Error(got)
		}
	}
}
