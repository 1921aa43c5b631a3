package carve_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/carve"
	"luodi/geo/fit"
	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// FuzzRubbish gives every search for lots whatever bytes come: it may refuse them, never break.
func FuzzRubbish(f *testing.F) {
	lottest.AddRubbish(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, ok := lottest.ReadRubbish(t, raw)
		if !ok {
			return
		}
		roads := []fit.Road{{Line: r.Road, WidthM: r.At(3)}}
		for _, ring := range r.Polygon {
			roads = append(roads, fit.Road{Line: orb.LineString(ring)})
		}
		offers, err := carve.Carve(r.Plane, r.Shape, roads, carve.Wanted{AreaM2: r.At(0), LeastFrontageM: r.At(1),
			LeastDepth: r.At(5), MostDepth: r.At(6), LeastRestM2: r.At(8), ToleranceM: r.At(9), Most: int(r.At(3))},
			lot.Rules{SnapM: 0.01})
		lottest.CheckRefusal(t, err)
		for _, o := range offers {
			if math.Abs(o.AreaM2-r.At(0)) > 0.5 {
				t.Errorf("%v m² for %v", o.AreaM2, r.At(0))
			}
		}
		var free []carve.Free
		for i, m2 := range r.Numbers {
			free = append(free, carve.Free{AreaM2: m2, Cost: r.At(i + 1),
				Beside: []int{int(math.Abs(r.At(i+2))) % len(r.Numbers)}})
		}
		_, _, err = carve.Assemble(free, carve.Range{LeastM2: r.At(0), MostM2: r.At(1)}, int(r.At(2)))
		lottest.CheckRefusal(t, err)
	})
}
