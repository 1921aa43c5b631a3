package tile_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"luodi/geo/tile"
)

// TestTheTableOfMercatorIsExact: to a hundredth of a unit at the deepest zoom, 2³⁷ units high.
func TestTheTableOfMercatorIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	worst := 0.0
	for i := range 2_000_000 {
		lat := 180*r.Float64() - 90
		if i < 1000 {
			lat = float64(i-500) / 4 // where one piece of the table ends
		}
		worst = max(worst, math.Abs(tile.MercatorDown(lat)-tile.ExactDown(lat)))
	}
	if units := worst * (1 << 37); units > 0.01 {
		t.Errorf("off by %g units", units)
	} else {
		t.Logf("off by %g units at most", units)
	}
}
