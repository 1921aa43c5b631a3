package siting

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/fit"
	"luodi/geo/lot"
	"luodi/geo/match"
)

// outlined is how a measure of a place's outline comes about that is too expensive to be kept for every place. NaN is
// not to be had.
type outlined struct {
	most  int  // how many places are measured for one question
	costs bool // what it takes grows with the points of the outline: halls and rectangles
	of    func(s *Sites, o outline, h *Hall) float64
}

// outline is a place's shape with its vertices numbered.
type outline struct {
	plane *lot.Plane
	shape lot.Shape
}

// outlineMeasures are sorted by cost, cheapest first: a candidate that fails one is not measured by the next.
var outlineMeasures = []Measure{
	{ID: "frontage_m", Unit: inMetres, cut: true, outline: &outlined{most: 20_000,
		of: func(s *Sites, o outline, _ *Hall) float64 { return s.front(o).LengthM }}},
	{ID: "depth_m", Unit: inMetres, cut: true, outline: &outlined{most: 20_000,
		of: func(s *Sites, o outline, _ *Hall) float64 {
			depth, _ := fit.Depth(o.plane, o.shape, s.front(o))
			return max(depth, 0) // of land without frontage there is nothing behind it
		}}},
	// the length of the largest rectangle in the proportion of the hall that is asked for, as far as it is needed
	{ID: hallMeasure, Unit: inMetres, cut: true, words: words{hall: true}, outline: &outlined{most: 500, costs: true,
		of: func(_ *Sites, o outline, h *Hall) float64 {
			best, _, err := fit.Fits(o.plane, o.shape, h.LengthM, h.WidthM)
			if err != nil {
				return math.NaN()
			}
			return best.LengthM
		}}},
	{ID: "rectangle_m2", Unit: inM2, cut: true, outline: &outlined{most: 500, costs: true,
		of: func(_ *Sites, o outline, _ *Hall) float64 {
			best, err := fit.LargestRectangle(o.plane, o.shape, fit.Sides{})
			if err != nil {
				return math.NaN()
			}
			return best.AreaM2()
		}}},
}

// ofOutline reports whether a table measures this from outlines, last; the hall's measure only if the question asks
// for a hall.
func (m Measure) ofOutline(need Requirement) bool {
	return m.outline != nil && (m.ID != hallMeasure || need.Hall != nil)
}

func newOutline(shape orb.Polygon) (outline, error) {
	o := outline{plane: &lot.Plane{}}
	var err error
	o.shape, err = o.plane.Add(shape)
	return o, err
}

// front is the longest unbroken stretch that fronts one road; without length where there is none.
func (s *Sites) front(o outline) fit.Stretch {
	f, err := fit.Frontage(o.plane, o.shape, s.ways.kerbs, frontTolerance)
	if err != nil {
		return fit.Stretch{Road: -1}
	}
	return f.Longest()
}

// shapeCache caches the measures of parcels' shapes by version, as long as the roads are unchanged.
type shapeCache struct {
	mu     sync.Mutex
	values map[shapeKey]float64
}

type shapeKey struct {
	parcel  uuid.UUID
	version int64
	measure string
}

// maxShapes bounds the cache.
const maxShapes = 200_000

func (c *shapeCache) get(k shapeKey) (float64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.values[k]
	return v, ok
}

func (c *shapeCache) put(k shapeKey, v float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.values) >= maxShapes {
		clear(c.values)
	}
	c.values[k] = v
}

// measure fills the table's dear columns, the cheaper first, for the rows that every limit known by then keeps. A
// [geo.Invalid] names the measure where those are too many.
func (f *Field) measure(ctx context.Context, t match.Table, r Requirement) error {
	for _, m := range outlineMeasures {
		for i, c := range t.Criteria {
			if c.Measure != m.ID || !t.Dear[i] {
				continue
			}
			rows := t.Keeping()
			if len(rows) > m.outline.most {
				field := "criteria." + m.ID
				if m.ID == hallMeasure {
					field = "hall"
				}
				return geo.NewInvalid(field, "measure.few_places", len(rows), "n", m.outline.most)
			}
			for _, row := range rows {
				if err := ctx.Err(); err != nil {
					return err
				}
				t.Columns[i][row] = f.shapeOf(m, int(row), r.Hall)
			}
		}
	}
	return nil
}

// released marks the rows that no release must free first.
func (f *Field) released() []float64 {
	out := make([]float64, f.Rows())
	for row := range out {
		if f.Place(row).Status == statusAvailable {
			out[row] = 1
		}
	}
	return out
}

func (f *Field) shapeOf(m Measure, row int, h *Hall) float64 {
	place := f.Place(row)
	key := shapeKey{place.ID, place.Version, m.ID}
	if m.ID == hallMeasure {
		key.measure = fmt.Sprint(m.ID, *h)
	}
	parcel := row < len(f.Places)
	if parcel {
		if v, ok := f.shapes.get(key); ok {
			return v
		}
	}
	if m.outline.costs && points(place.Shape) > MaxOutline { // not to be had is said, an hour is not waited
		return math.NaN()
	}
	o, err := newOutline(place.Shape)
	if err != nil {
		return math.NaN()
	}
	v := m.outline.of(f.Sites, o, h)
	if parcel {
		f.shapes.put(key, v)
	}
	return v
}
