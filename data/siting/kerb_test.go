package siting

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/fit"
	"luodi/geo/land"
)

// TestLandFrontsTheSameRoadsHoweverManyThereAre lays roads of many widths about parcels: what is found among the roads
// nearby is what is found among all.
func TestLandFrontsTheSameRoadsHoweverManyThereAre(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	var roads []Node
	for i := range 300 {
		x, y := 2000*random.Float64(), 2000*random.Float64()
		line := orb.LineString{{x, y}, {x + 300, y + 20*random.Float64()}, {x + 400, y + 200}}
		if i%2 == 0 {
			line = orb.LineString{{x, y}, {x, y + 300}}
		}
		roads = append(roads, Node{Kind: string(land.NetworkRoad), Code: fmt.Sprint("R-", i), WidthM: float64(i % 40),
			shape: line})
	}
	s := &Sites{ways: newWays(roads)}
	fronting := 0
	for range 500 {
		x, y := 2000*random.Float64(), 2000*random.Float64()
		o, err := newOutline(orb.Polygon{{{x, y}, {x + 100, y}, {x + 100, y + 80}, {x, y + 80}, {x, y}}})
		if err != nil {
			t.Fatal(err)
		}
		all, err := fit.Frontage(o.plane, o.shape, s.ways.kerbs.roads, frontTolerance)
		if err != nil {
			t.Fatal(err)
		}
		got, want := s.front(o), all.Longest()
		if got.Road != want.Road || got.LengthM != want.LengthM {
			t.Errorf("%v fronts %v m of %d, of all roads %v m of %d", o.polygon, got.LengthM, got.Road, want.LengthM, want.Road)
		}
		if want.LengthM > 0 {
			fronting++
		}
	}
	if fronting < 100 || fronting == 500 {
		t.Errorf("%d of 500 parcels front a road", fronting)
	}
}
