package feed

import (
	"context"
	"math"

	"luodi/data/store/ewkb"
	"luodi/geo"
)

// form is how the positions of a query's features are printed.
func (q *Query) form() ewkb.Form {
	if q.Offset != "" {
		return ewkb.Form{Decimals: Decimals, Move: q.Offset.Move}
	}
	if q.CRS == (geo.CRS{}) {
		return plainForm
	}
	form := ewkb.Form{Decimals: q.CRS.Decimals(), NorthFirst: q.CRS.NorthFirst()}
	if projection, plane := q.CRS.Projection(); plane {
		form.Move = projection.Forward
	}
	return form
}

// OfferedCRS lists the reference systems that the features can be read in: those of [geo.ServedCRS] that suit the
// ground of a park. A Gauss–Krüger zone suits ground that lies within its own width of its meridian, which takes in the
// zones on both sides. Where there is no park, all are offered.
func (e *Extents) OfferedCRS(ctx context.Context, v *View) ([]geo.CRS, error) {
	ground, err := e.Of(ctx, v, parks)
	if err != nil {
		return nil, err
	}
	var offered []geo.CRS
	for _, c := range geo.ServedCRS() {
		zone, ok := c.Code.GaussKruger()
		if !ok || ground.Box == nil || suits(zone, *ground.Box) {
			offered = append(offered, c)
		}
	}
	return offered, nil
}

// suits reports whether ground of a box lies within a zone's width of its meridian.
func suits(zone geo.GaussKruger, ground geo.BBox) bool {
	meridian := float64(zone.CentralMeridian)
	nearest := math.Max(ground.West, math.Min(meridian, ground.East))
	return math.Abs(nearest-meridian) <= float64(zone.WidthDeg)
}
