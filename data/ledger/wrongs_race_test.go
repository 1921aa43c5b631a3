package ledger_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/store/storetest"
)

// rivals are two records of one park, each right when it is alone. The second begins while the first is open, and its
// snapshot, where its level keeps one, is older than the first's commit. After the first commits, the second must be
// refused: at READ COMMITTED by the rule want, above that because the clock moved on. If the first is rolled back, the
// second is taken.
type rivals struct {
	name          string
	given         []string
	first, second string
	want          string
}

var races = []rivals{
	{name: "two parcels on one ground", first: `SELECT deed('create'); SELECT born('X', box(0,200,100,300), 10000)`,
		second: `SELECT deed('create'); SELECT born('Y', box(50,200,150,300), 10000)`, want: "parcels_overlap"},
	{name: "two neighbours that grow into each other", given: []string{`SELECT deed('create'); SELECT born('X',
		box(0,200,100,300), 10000), born('Y', box(110,200,200,300), 9000)`},
		first: `SELECT deed('correct', ` + correction +
			`); SELECT shut('X'); SELECT "on"('X', box(0,200,110,300), 11000)`,
		second: `SELECT deed('correct', ` + correction +
			`); SELECT shut('Y'); SELECT "on"('Y', box(100,200,200,300), 10000)`, want: "parcels_overlap"},
	{name: "two that each creep over what both share", given: []string{long, cutL}, first: lift("move", 1010.0001),
		second: `SELECT deed('move'); SELECT shut('N'); SELECT "on"('N', box(990,1009.9899,1990,1020))`,
		want:   "parcels_overlap"},
	{name: "two rights to one parcel", first: `SELECT deed('hold'); SELECT hold('h', 'A')`,
		second: `SELECT deed('hold'); SELECT hold('k', 'A')`, want: "one_right_at_a_time"},
	{name: "two rights that share one of their parcels", first: `SELECT deed('hold'); SELECT hold('h', 'A', 'B')`,
		second: `SELECT deed('hold'); SELECT hold('k', 'B', 'FAR')`, want: "one_right_at_a_time"},
	{name: "a right to what is being retired", first: retireA, second: heldA, want: "right_on_live_land"},
	{name: "a retirement of what is being held", first: heldA, second: retireA, want: "right_on_live_land"},
	{name: "a right to what is being merged away", first: `SELECT deed('merge'); SELECT shut('A', 'B');
		SELECT born('M', box(0,0,200,100), 20000), descends('M', 'A', 'B')`, second: heldA, want: "right_on_live_land"},
	{name: "an end of a right and an addition to it", given: []string{heldA},
		first:  `SELECT deed('take_back'); SELECT uncover('h', 'A'), finish('h')`,
		second: `SELECT deed('edit'); SELECT cover('h', 'B')`, want: "right_covers_land"},
	{name: "two next versions of the one that both saw", first: saw +
		`, 'reserve', legal_m2, geom FROM parcel_version WHERE parcel_id = id('A') AND from_seq = 1`,
		second: saw + `, 'withdrawn', legal_m2, geom FROM parcel_version WHERE parcel_id = id('A') AND from_seq = 1`,
		want:   "version_closes_once"},
	{name: "two who draw the last of a node", given: []string{powered, heldA, `SELECT deed('hold'), hold('k', 'B')`},
		first: `SELECT deed('draw'), draw('h', 'SS', 600)`, second: `SELECT deed('draw'), draw('k', 'SS', 401)`,
		want: "node_has_headroom"},
	{name: "a draw from a node that is being cut", given: []string{powered, heldA},
		first: `SELECT deed('edit'), cut('SS', 100)`, second: `SELECT deed('draw'), draw('h', 'SS', 101)`,
		want: "node_has_headroom"},
	{name: "a cut of a node that is being drawn from", given: []string{powered, heldA},
		first: `SELECT deed('draw'), draw('h', 'SS', 101)`, second: `SELECT deed('edit'), cut('SS', 100)`,
		want: "cut_names_at_risk"},
	{name: "a draw by a right that is ending", given: []string{powered, heldA},
		first:  `SELECT deed('take_back'), uncover('h', 'A'), finish('h')`,
		second: `SELECT deed('draw'), draw('h', 'SS', 1)`, want: "draw_by_live_right"},
	{name: "two who serve one place", given: append([]string{}, inQueue...),
		first:  `SELECT deed('hold'), hold_for('p', 'k', 'A'), unwait('p', 'A')`,
		second: `SELECT deed('hold'), hold_for('p', 'l', 'A'), unwait('p', 'A')`, want: "one_right_at_a_time"},
	{name: "a hold of land for which one is lining up", given: inQueue[:3],
		first:  `SELECT deed('queue'), wait('p', 'A')`,
		second: `SELECT deed('take_back'), uncover('h', 'A'), finish('h'); SELECT hold_for('q', 'k', 'A')`,
		want:   "queue_is_kept"},
	{name: "two records of one name", first: `SELECT begin_record(attack.park(), id('record'), 'edit', 'x', 'x')`,
		second: `SELECT begin_record(attack.park(), id('record'), 'edit', 'x', 'x')`,
		want:   "record_park_id_record_id_key"},
	{name: "a right to what goes back to the reserve", first: `SELECT deed('edit'); SELECT shut('A');
		SELECT "on"('A', bank => 'reserve')`, second: heldA, want: "reserve_needs_release"},
	{name: "two splits of one parcel", first: cutA, second: `SELECT deed('split'); SELECT shut('A');
		SELECT born('A3', box(0,0,100,50), 5000), born('A4', box(0,50,100,100), 5000), descends('A3', 'A'),
		descends('A4', 'A')`,
		want: "parcels_overlap"},
	{name: "a split of what is being held", first: heldA, second: cutA, want: "right_on_live_land"},
	{name: "two splits that name another heir", given: []string{heldA}, first: cutA +
		`SELECT uncover('h', 'A'), cover('h', 'A1')`,
		second: `SELECT deed('split'); SELECT shut('A'); SELECT born('A3', box(0,0,50,100), 5000),
			born('A4', box(50,0,100,100), 5000), descends('A3', 'A'), descends('A4', 'A');
			SELECT uncover('h', 'A'), cover('h', 'A4')`,
		want: "parcels_overlap"},
}

func TestOfTwoThatRaceOneIsRefused(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	for i, r := range races {
		t.Run(r.name, func(t *testing.T) {
			for j, level := range storetest.Levels {
				for _, end := range []string{"COMMIT", "ROLLBACK"} {
					want := storetest.Taken
					if end == "COMMIT" {
						want = []string{r.want, overtaken, overtaken}[j]
					}
					park := ground.Plot(t, fmt.Sprintf("race-%d-%d-%s", i, j, strings.ToLower(end)),
						append([]string{land}, r.given...)...)
					if first, second := run(t, ground, park, level, end, r.first, r.second); first != storetest.Taken ||
						second != want {
						t.Errorf("%s, the first ends by %s: first %s, second %s; want %s, %s", level, end, first,
							second, storetest.Taken, want)
					}
				}
			}
		})
	}
	const gaps = `SELECT count(*) FROM park_clock c WHERE (SELECT (count(*), coalesce(max(seq), 0))
       FROM record r WHERE r.park_id = c.park_id) <> (c.seq, c.seq)
		OR (SELECT array_agg(e.seq || e.kind ORDER BY e.at) FROM event e
		  WHERE e.park_id = c.park_id) <> (SELECT array_agg(r.seq || r.kind ORDER BY r.seq) FROM record r
		  WHERE r.park_id = c.park_id)`
	var broken int
	if err := ground.Owner.QueryRow(context.Background(), gaps).Scan(&broken); err != nil || broken != 0 {
		t.Errorf("%d parks have gaps in their records or events, or events out of order: %v", broken, err)
	}
}

// TestWithoutItsRuleARaceIsLost shows that the races can fail: with the rule gone, both are taken.
func TestWithoutItsRuleARaceIsLost(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{
		"two parcels on one ground":                 without(`refuse_overlap(p_park uuid, p_seq bigint)`),
		"two rights to one parcel":                  `ALTER TABLE allotment_parcel DROP CONSTRAINT one_right_at_a_time; DROP TRIGGER publish_inserted ON allotment_parcel; DROP TRIGGER says_what_is ON record`,
		"a right to what is being retired":          without(`refuse_bad_right(p_park uuid, p_seq bigint)`),
		"a retirement of what is being held":        noSettling,
		"two who draw the last of a node":           without(`refuse_overdraw(p_park uuid, p_seq bigint)`),
		"a cut of a node that is being drawn from":  without(`refuse_overdraw(p_park uuid, p_seq bigint)`),
		"a hold of land for which one is lining up": without(`refuse_jumped_queue(p_park uuid, p_seq bigint, p_kind text)`),
		"two records of one name":                   `ALTER TABLE record DROP CONSTRAINT record_park_id_record_id_key`,
		"a right to what goes back to the reserve":  without(`refuse_bad_right(p_park uuid, p_seq bigint)`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := races[slices.IndexFunc(races, func(r rivals) bool { return r.name == name })]
			ground := storetest.NewGround(t)
			park := ground.Plot(t, "race", append([]string{land}, r.given...)...)
			if _, err := ground.Owner.Exec(context.Background(), rule); err != nil {
				t.Fatal(err)
			}
			if first, second := run(t, ground, park, storetest.Levels[0], "COMMIT", r.first,
				r.second); first != storetest.Taken || second != storetest.Taken {
				t.Errorf("%s, %s; want both taken", first, second)
			}
		})
	}
}

// overtaken is serialization_failure: the snapshot is older than the clock.
const overtaken = "40001"

// run lets the first write and hold its transaction open until the second waits for it, ends the first, and returns
// what each came to.
func run(t *testing.T, ground *storetest.Ground, park uuid.UUID, level, end, first, second string) (one, two string) {
	t.Helper()
	a, b := ground.Attacker(t, park, level), ground.Attacker(t, park, level)
	defer a.Leave()
	defer b.Leave()
	b.Try("SELECT seq FROM park_clock")
	if one = a.Try(first); one != storetest.Taken {
		return one, ""
	}
	done := make(chan string, 1)
	go func() { done <- b.Try(second) }()
	await(t, ground, b.PID(), a.PID())
	if one = a.Try(end); one != storetest.Taken {
		return one, <-done
	}
	if two = <-done; two != storetest.Taken {
		return one, two
	}
	return one, b.Try("COMMIT")
}

// await returns when one backend waits for a lock that the other holds.
func await(t *testing.T, ground *storetest.Ground, waiter, holder uint32) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for waits := false; !waits; runtime.Gosched() {
		if err := ground.Owner.QueryRow(ctx, `SELECT $2 = ANY (pg_blocking_pids($1))`, int32(waiter),
			int32(holder)).Scan(&waits); err != nil {
			t.Errorf("the second never waited for the first: %v", err)
			return
		}
	}
}

func TestNobodyWritesIntoARecordThatAnotherHasOpen(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	park := ground.Plot(t, "open", land)
	for _, level := range storetest.Levels {
		a := ground.Attacker(t, park, level)
		if got := a.Try(`SELECT deed('retire'); SELECT shut('A')`); got != storetest.Taken {
			t.Fatal(got)
		}
		if got := ground.Attack(t, park, level, `SELECT shut('B')`); got != "version_has_record" {
			t.Errorf("%s: %s, want version_has_record", level, got)
		}
		a.Leave()
	}
}

func TestWhatIsUnpublishedWhileARightRacesStaysHidden(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	ground := storetest.NewGround(t)
	const hide = `SELECT deed('unpublish'); SELECT shut('A'); SELECT "on"('A', publication => 'internal')`
	for i, order := range [][2]string{{hide, heldA}, {heldA, hide}} {
		park := ground.Plot(t, fmt.Sprintf("hidden-%d", i), land)
		if first, second := run(t, ground, park, storetest.Levels[0], "COMMIT", order[0],
			order[1]); first != storetest.Taken || second != storetest.Taken {
			t.Fatalf("%s, %s; want both taken", first, second)
		}
		var live int
		if err := ground.Public.QueryRow(ctx, `SELECT count(*) FROM parcel_public WHERE park_id = $1
			AND code = 'A' AND to_seq IS NULL`, park).Scan(&live); err != nil || live != 0 {
			t.Errorf("the public sees %d live rows of a hidden parcel: %v", live, err)
		}
	}
}

// sqlSaidOtherwise lists what the public reads otherwise than the rights on the land are.
const sqlSaidOtherwise = `SELECT coalesce(string_agg(p.code || ' ' || p.status, ', ' ORDER BY p.code), '')
  FROM parcel_public p
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (p.park_id, p.parcel_id) AND l.to_seq IS NULL
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
 WHERE p.park_id = $1 AND p.to_seq IS NULL
   AND (p.status IN ('in_negotiation', 'held', 'reserved')) <> (a.allotment_id IS NOT NULL)`

// A right that ends while another record waits with an older snapshot is not told of any more, whatever becomes of the
// other; nor is one told of whose record was undone.
func TestThePublicReadsWhatARaceLeaves(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	plots := 0
	const freed = `SELECT deed('take_back'); SELECT uncover('h', 'A'), finish('h')`
	const again = `SELECT deed('hold'); SELECT hold('k', 'A')`
	const heldB = `SELECT deed('hold'); SELECT hold('k', 'B')`
	const beside = `SELECT deed('hold'); SELECT hold('k', 'A', 'B')`
	for name, r := range map[string]rivals{
		"freed, then held anew":         {given: []string{heldA}, first: freed, second: again},
		"freed, then held with another": {given: []string{heldA}, first: freed, second: beside},
		"freed twice":                   {given: []string{heldA}, first: freed, second: freed},
		"another held, then freed":      {given: []string{heldA}, first: heldB, second: freed},
		"held, then another held":       {first: heldA, second: heldB},
	} {
		for _, level := range storetest.Levels {
			for _, end := range []string{"COMMIT", "ROLLBACK"} {
				plots++
				park := ground.Plot(t, fmt.Sprintf("left-%d", plots), append([]string{land}, r.given...)...)
				one, two := run(t, ground, park, level, end, r.first, r.second)
				said := storetest.Number[string](t, ground.DB, sqlSaidOtherwise, park)
				if said != "" || one != storetest.Taken {
					t.Errorf("%s, %s, the first ends by %s: %s, %s; the public reads %s", name, level, end, one, two,
						said)
				}
			}
		}
	}
}

// saw ends the version that was seen and begins the next one, of which the bank status and what follows it is left to
// say.
const saw = `SELECT deed('edit'); UPDATE parcel_version SET to_seq = seq() WHERE parcel_id = id('A') AND from_seq = 1;
	INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status, legal_m2, geom)
	  SELECT park_id, parcel_id, seq(), seq(), code`
