package siting_test

import (
	"context"
	"encoding/json"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"luodi/data/siting"
	"luodi/geo/match"
)

// TestABusyMachineFindsTheSameLots asks on many cores at leisure, and on one core that others keep busy. The work of
// the question ends after some of the parents, where speed would tell.
func TestABusyMachineFindsTheSameLots(t *testing.T) { // alone: it takes the cores
	m := newMatched(t)
	ask := siting.Ask{Today: time.Now(), Lots: &siting.LotsWish{FrontageM: 60}, Criteria: []match.Criterion{
		{Measure: "area_mu", Min: val(3), Want: match.Target, Target: val(5), Weight: 1},
		{Measure: "rectangle_m2", Want: match.Benefit, Weight: 2},
		{Measure: "partner_prepreg_m", Want: match.Cost, Weight: 1}}}.Within(500_000)
	answer := func() string {
		var said []byte
		err := m.m.Read(context.Background(), samplePark, false, func(s *siting.Sites) error {
			f, err := s.Field(context.Background(), ask)
			if err != nil {
				return err
			}
			if l := f.Lots; l.CutShort != "work" || l.Carved == 0 || l.Carved >= l.Parents {
				t.Errorf("the search is not cut short by its work: %+v", *l)
			}
			said, err = json.Marshal(struct {
				Search *siting.LotSearch
				Lots   []siting.Candidate
			}{f.Lots, f.Made})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(said)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	quick := answer()
	runtime.GOMAXPROCS(1)
	var over atomic.Bool
	defer over.Store(true)
	for range 2 {
		go func() {
			for !over.Load() {
			}
		}()
	}
	if slow := answer(); slow != quick {
		t.Errorf("on a busy core the answer is\n%s\nand on free ones\n%s", slow, quick)
	}
}
