package fit_test

import (
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/fit"
	"luodi/geo/lot/lottest"
)

// FuzzRubbish gives every measure of a parcel whatever bytes come: it may refuse them, never break.
func FuzzRubbish(f *testing.F) {
	lottest.AddRubbish(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, ok := lottest.ReadRubbish(t, raw)
		if !ok {
			return
		}
		p, s := r.Plane, r.Shape
		roads := []fit.Road{{Line: r.Road, WidthM: r.At(3)}}
		for _, ring := range r.Polygon {
			roads = append(roads, fit.Road{Line: orb.LineString(ring)})
		}
		fronting, err := fit.Frontage(p, s, roads, r.At(1))
		lottest.CheckRefusal(t, err)
		fit.Depth(p, s, fronting.Longest())
		_, err = fit.LargestRectangle(p, s, fit.Sides{LeastLengthM: r.At(2), LeastWidthM: r.At(4), LeastRatio: r.At(5),
			MostRatio: r.At(6)})
		lottest.CheckRefusal(t, err)
		_, _, err = fit.Fits(p, s, r.At(2), r.At(4))
		lottest.CheckRefusal(t, err)
	})
}
