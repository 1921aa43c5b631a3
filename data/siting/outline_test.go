package siting

import (
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// star has n points and room for nothing: the dearest outline that was found.
func star(n int) orb.Polygon {
	ring := orb.Ring{}
	for i := range n - 1 {
		r := []float64{300, 60}[i%2]
		a := 2 * math.Pi * float64(i) / float64(n-1)
		ring = append(ring, orb.Point{r * math.Cos(a), r * math.Sin(a)})
	}
	return orb.Polygon{append(ring, ring[0])}
}

func TestAnOutlineOfTooManyPointsIsNotWorkedOn(t *testing.T) {
	t.Parallel()
	s := &Sites{Places: []Place{{Shape: star(MaxOutline + 1)}}, measured: newMeasurements()}
	_, err := s.Carve(0, LotWish{AreaMu: 10, FrontageM: 10})
	var refused *geo.Invalid
	if !errors.As(err, &refused) || refused.Field != "parcel" || refused.Got != "4001" {
		t.Errorf("carving gives %v", err)
	}
	f := &Field{Sites: s}
	for at, m := range outlineMeasures {
		if m.outline.costs {
			if v := f.shapeOf(at, 0, &Hall{LengthM: 10, WidthM: 10}); !math.IsNaN(v) {
				t.Errorf("%s is %v", m.ID, v)
			}
		}
	}
}
