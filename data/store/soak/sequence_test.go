package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"luodi/data/ledger"
	"luodi/data/store/storetest"
)

// Each sequence is a park of six parcels, one of them reserve and one not public, two substations, a zone and a plan
// unit, and changes of every kind at random. LUODI_SEED runs one sequence again.
func TestRandomChangesKeepEveryPromise(t *testing.T) {
	t.Parallel()
	// parks in one database: they lie on the same ground, and looking for neighbours slows with each
	const aDatabase = 50
	sequences, length := pick(10, 10_000), pick(20, 12)
	first := rand.Uint64() >> 16
	if s := os.Getenv("LUODI_SEED"); s != "" {
		var err error
		if first, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
		sequences = 1
	}
	tally := make(chan map[string]int, (sequences+aDatabase-1)/aDatabase)
	t.Run("sequences", func(t *testing.T) {
		for from := 0; from < sequences; from += aDatabase {
			t.Run(fmt.Sprint("from ", from), func(t *testing.T) {
				t.Parallel()
				db := storetest.New(t)
				counts := map[string]int{}
				for i := from; i < min(from+aDatabase, sequences); i++ {
					playSequence(t, db, first+uint64(i), length, counts)
				}
				tally <- counts
			})
		}
	})
	close(tally)
	total := map[string]int{}
	for counts := range tally {
		for kind, n := range counts {
			total[kind] += n
		}
	}
	t.Logf("%d sequences from seed %d: %v", sequences, first, total)
}

// sequence is one park's history as it is played.
type sequence struct {
	*site
	seed uint64
	seq  int64            // the newest change
	said map[int64]string // what the public read, and what the tables said, after each change
	at   map[int64]time.Time
}

func playSequence(t *testing.T, db *storetest.DB, seed uint64, length int, counts map[string]int) {
	squares := grid(6, 3, false)
	squares[4].Bank, squares[5].Internal = "reserve", true
	s := &sequence{site: newSite(t, db, fmt.Sprint("s", seed), squares...), seed: seed, said: map[int64]string{},
		at: map[int64]time.Time{}}
	s.note(t)
	storetest.Node(t, db, s.id, "SS-1", "substation", "kVA", "100", 2)
	s.note(t)
	storetest.Node(t, db, s.id, "SS-2", "substation", "kVA", "60", 8)
	s.note(t)
	storetest.Need(t, db, s.project, `{"power": 40}`)
	r := rand.New(rand.NewPCG(seed, 3))
	p := &player{pool: db.Planner, park: s.id, project: s.project, rand: r, kinds: everything}
	for _, collection := range []string{"zones", "plan-units"} {
		said := p.stated(collection)
		said["code"] = "FIRST"
		if _, err := ledger.Of(db.Store).Do(context.Background(),
			s.order(ledger.Command{Kind: "create", Object: &ledger.Subject{Collection: collection,
				Geometry: rectangle(122.021, 37.241, 122.026, 37.246), Facts: facts(said)}})); err != nil {
			t.Fatal(err)
		}
		s.note(t)
	}
	for i := range 3 {
		p.others = append(p.others, storetest.Project(t, db, s.id, fmt.Sprint("他", i), true))
	}
	for i := range length {
		command, preview, err := p.suggest(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		o := s.order(command)
		o.Preview = preview
		out, err := ledger.Of(db.Store).Do(context.Background(), o)
		wrong := s.judge(t, r, o, out, err)
		switch {
		case err != nil:
			counts["refused "+nameOf(command)]++
		case preview:
			counts["preview"]++
		default:
			counts[nameOf(command)]++
		}
		for _, w := range wrong {
			t.Errorf("LUODI_SEED=%d, change %d, %s %+v, error %v: %s", seed, i, command.Kind, command, err, w)
		}
		if len(wrong) > 0 {
			return
		}
	}
	for _, w := range audit(t, db, s.id, 0) {
		t.Errorf("LUODI_SEED=%d, at the end: %s", seed, w)
	}
}

// note keeps what the park reads after a change that was arranged.
func (s *sequence) note(t *testing.T) {
	s.seq++
	s.said[s.seq], s.at[s.seq] = s.picture(t, nil),
		number[time.Time](t, s.DB, `SELECT at FROM record WHERE park_id = $1 AND seq = $2`, s.id, s.seq)
}

// judge says what is wrong after an order: a refusal or a preview must have changed nothing, a change must have kept
// every promise, and each state of the past must read as it did.
func (s *sequence) judge(t *testing.T, r *rand.Rand, o ledger.Order, out ledger.Outcome, err error) (wrong []string) {
	if err != nil && !expected(err) {
		return []string{"an error that is no refusal"}
	}
	now := s.picture(t, nil)
	if err != nil || o.Preview {
		if seq := number[int64](t, s.DB, `SELECT seq FROM park_clock WHERE park_id = $1`, s.id); seq != s.seq ||
			now != s.said[s.seq] {
			wrong = append(wrong, "what was not done has changed the park")
		}
		return wrong
	}
	if out.Seq != s.seq+1 {
		wrong = append(wrong, fmt.Sprintf("the change after %d is %d", s.seq, out.Seq))
	}
	since := out.Seq
	if out.Then != nil && out.Then.Outcome != nil { // the split alone was never there to be read: what is read of it now must stay
		s.said[out.Seq], s.at[out.Seq] = s.picture(t, &out.At), out.At
		out = *out.Then.Outcome
		if out.Seq != since+1 || s.said[since] == now {
			wrong = append(wrong, fmt.Sprintf("the hold after split %d is %d", since, out.Seq))
		}
	}
	s.seq, s.said[out.Seq], s.at[out.Seq] = out.Seq, now, out.At
	wrong = append(wrong, audit(t, s.DB, s.id, since)...)
	for _, seq := range []int64{out.Seq, out.Seq - 1, 1 + r.Int64N(out.Seq)} {
		at := s.at[seq]
		if seq < out.Seq {
			at = s.at[seq+1].Add(-time.Microsecond) // the last moment of that state
		}
		for _, moment := range []time.Time{s.at[seq], at} {
			if s.picture(t, &moment) != s.said[seq] {
				wrong = append(wrong, fmt.Sprintf("as of %s, change %d, the park reads otherwise than it did", moment,
					seq))
			}
		}
	}
	return wrong
}

// nameOf is what a command is counted as.
func nameOf(c ledger.Command) string {
	switch {
	case c.Then != nil:
		return c.Kind + " and " + c.Then.Kind
	case c.Object != nil:
		return c.Kind + " " + c.Object.Collection
	}
	return c.Kind
}
