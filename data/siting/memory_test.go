package siting_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/siting"
	"luodi/data/store"
	"luodi/data/store/storetest"
	"luodi/geo/match"
)

// heap is what lives in memory once all garbage is gone.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// ask reads the free parcels of a park and, for dear ones, a column that hangs on tenants, the shapes of some and a
// honeycomb.
func ask(t *testing.T, m *siting.Matcher, park string, public, dear bool) (free int) {
	t.Helper()
	err := m.Read(context.Background(), park, public, func(s *siting.Sites) error {
		free = len(s.Places)
		if !dear {
			return nil
		}
		if _, _, err := s.Column("partner_weaving_m", time.Now(), nil); err != nil {
			return err
		}
		if _, _, err := s.Honeycomb(100); err != nil {
			return err
		}
		_, _, err := s.Table(context.Background(), []match.Criterion{{Measure: "frontage_m", Want: match.Benefit,
			Weight: 1}}, siting.Requirement{}, time.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return free
}

// TestWhatIsCountedIsWhatIsHeld is not parallel: it reads how large the heap is.
func TestWhatIsCountedIsWhatIsHeld(t *testing.T) {
	db := storetest.New(t)
	storetest.Grow(t, db, 0, 10_000)
	m := siting.NewMatcher(db.Store)
	for _, public := range []bool{true, false} {
		for _, dear := range []bool{false, true} {
			before, counted := heap(), m.Memory().Bytes
			ask(t, m, "growing-0", public, dear)
			held := heap() - before
			counted = m.Memory().Bytes - counted
			t.Logf("public %v, dear %v: %d bytes counted, %d held", public, dear, counted, held)
			if ratio := float64(counted) / float64(held); math.Abs(ratio-1) > 0.25 {
				t.Errorf("public %v, dear %v: %d bytes counted, %d held", public, dear, counted, held)
			}
		}
	}
	runtime.KeepAlive(m)
}

// TestParksNotAskedForAreGivenUp asks for parks in turn with memory for two of them and a half.
func TestParksNotAskedForAreGivenUp(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	const parks, free = 4, 500 - 50
	var all []string
	for i := range parks {
		storetest.Grow(t, db, i, 500)
		all = append(all, fmt.Sprintf("growing-%d", i))
	}
	m := siting.NewMatcher(db.Store)
	ask(t, m, all[0], true, false)
	one := m.Memory().Bytes
	m.Most = 2*one + one/2
	for round := range 3 {
		for _, park := range all {
			if n := ask(t, m, park, true, false); n != free {
				t.Errorf("round %d: %d parcels of %s are free, want %d", round, n, park, free)
			}
			if k := m.Memory(); k.Bytes > k.Most || k.Sites > 2 {
				t.Errorf("round %d: %+v after %s", round, k, park)
			}
		}
	}
	given := m.Memory().GivenUp
	ask(t, m, all[3], true, false)
	ask(t, m, all[2], true, false)
	if k := m.Memory(); k.GivenUp != given {
		t.Errorf("what was asked for last was given up: %+v", k)
	}
	ask(t, m, all[0], true, false)
	ask(t, m, all[2], true, false)
	if k := m.Memory(); k.GivenUp != given+1 {
		t.Errorf("another was given up than the one not asked for longest: %+v", k)
	}
	// What was given up is read anew, with what happened since; so is what was kept.
	for _, i := range []int{1, 2} {
		park := all[i]
		holdParcel(t, db, park, storetest.GrownID(i, 1, 1), storetest.GrownID(i, 7, 0))
		if n := ask(t, m, park, true, false); n != free-1 {
			t.Errorf("%s: %d parcels are free after a hold, want %d", park, n, free-1)
		}
	}
}

func TestAParkLargerThanTheMemoryIsAnsweredAndNotKept(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.Grow(t, db, 0, 100)
	m := siting.NewMatcher(db.Store)
	m.Most = 1
	for range 2 {
		if n := ask(t, m, "growing-0", true, true); n != 90 {
			t.Errorf("%d are free", n)
		}
	}
	if k := m.Memory(); k.Bytes != 0 || k.Sites != 0 || k.GivenUp != 2 {
		t.Errorf("%+v", k)
	}
}

func TestMadeUpParksFillNoMemory(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	m := siting.NewMatcher(db.Store)
	for i := range 100 {
		if err := m.Read(context.Background(), fmt.Sprintf("made-up-%d", i), true,
			func(*siting.Sites) error { return nil }); !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if k := m.Memory(); k.Sites != 0 {
		t.Errorf("%+v", k)
	}
}

// holdParcel holds a parcel for a project.
func holdParcel(t *testing.T, db *storetest.DB, park string, parcel, project uuid.UUID) ledger.Outcome {
	t.Helper()
	until := time.Now().Add(30 * 24 * time.Hour)
	return order(t, db, park, ledger.Command{Kind: "hold", Project: &project, Until: &until, Parcels: []ledger.Ref{{
		ID: parcel, Version: storetest.Number[int64](t, db, `SELECT version FROM parcel WHERE parcel_id = $1`, parcel)}}})
}

// order carries out a command by a planner of its own.
func order(t *testing.T, db *storetest.DB, park string, c ledger.Command) ledger.Outcome {
	t.Helper()
	by := uuid.New()
	storetest.Alter(t, db, `INSERT INTO account (account_id, login, name) VALUES ($1, $2, $2)`, by, by.String())
	out, err := ledger.Of(db.Store).Do(context.Background(), ledger.Order{Park: park, Command: c, Reason: "test",
		Documents: []ledger.Document{{Title: "survey"}},
		By:        by, Via: "test"})
	if err != nil {
		t.Fatalf("%s: %v", c.Kind, err)
	}
	return out
}
