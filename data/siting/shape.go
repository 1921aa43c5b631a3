package siting

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/lot"
	"luodi/geo/match"
)

// shapeMeasure is something measured of a place's outline that is too dear to be kept for every place. NaN is not to be
// had.
type shapeMeasure struct {
	name string
	most int // how many places are measured for one question
	of   func(s *Sites, o outline, h *Hall) float64
}

// outline is a place's shape with its vertices numbered.
type outline struct {
	plane *lot.Plane
	shape lot.Shape
}

// hallMeasure is the length of the largest rectangle in the proportion of the hall that is asked for, as far as it is
// needed.
const hallMeasure = "hall_m"

// shapeMeasures are in the order of what they cost: a place that one leaves out is not measured by those that follow.
var shapeMeasures = []shapeMeasure{
	{"frontage_m", 20_000, func(s *Sites, o outline, _ *Hall) float64 { return s.front(o).LengthM }},
	{"depth_m", 20_000, func(s *Sites, o outline, _ *Hall) float64 {
		depth, _ := lot.Depth(o.plane, o.shape, s.front(o))
		return max(depth, 0) // of land without frontage there is nothing behind it
	}},
	{hallMeasure, 500, func(_ *Sites, o outline, h *Hall) float64 {
		best, _, err := lot.Fits(o.plane, o.shape, h.LengthM, h.WidthM)
		if err != nil {
			return math.NaN()
		}
		return best.LengthM
	}},
	{"rectangle_m2", 500, func(_ *Sites, o outline, _ *Hall) float64 {
		best, err := lot.LargestRectangle(o.plane, o.shape, lot.Sides{})
		if err != nil {
			return math.NaN()
		}
		return best.AreaM2()
	}},
}

// isShapeMeasure tells the measures that a table takes last.
func isShapeMeasure(name string, r Requirement) bool {
	for _, m := range shapeMeasures {
		if m.name == name {
			return name != hallMeasure || r.Hall != nil
		}
	}
	return false
}

func newOutline(shape orb.Polygon) (outline, error) {
	o := outline{plane: &lot.Plane{}}
	var err error
	o.shape, err = o.plane.Add(shape)
	return o, err
}

// front is the longest unbroken stretch that fronts one road; without length where there is none.
func (s *Sites) front(o outline) lot.Stretch {
	f, err := lot.Frontage(o.plane, o.shape, s.ways.kerbs, frontTolerance)
	if err != nil {
		return lot.Stretch{Road: -1}
	}
	return f.Longest()
}

// shapeCache keeps what was measured of parcels' shapes by their version, as long as the roads are the same.
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
	for _, m := range shapeMeasures {
		for i, c := range t.Criteria {
			if c.Measure != m.name || !t.Dear[i] {
				continue
			}
			rows := f.released(t.Keeping(), r)
			if len(rows) > m.most {
				field := "criteria." + m.name
				if m.name == hallMeasure {
					field = "hall"
				}
				return geo.NewInvalid(field, fmt.Sprintf("other limits that leave at most %d places to be measured",
					m.most), len(rows))
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

// released leaves out what no_reserve does, which has no column.
func (f *Field) released(rows []int32, r Requirement) []int32 {
	if !r.NoReserve {
		return rows
	}
	kept := rows[:0]
	for _, row := range rows {
		if f.Place(int(row)).Status == statusAvailable {
			kept = append(kept, row)
		}
	}
	return kept
}

func (f *Field) shapeOf(m shapeMeasure, row int, h *Hall) float64 {
	place := f.Place(row)
	key := shapeKey{place.ID, place.Version, m.name}
	if m.name == hallMeasure {
		key.measure = fmt.Sprint(m.name, *h)
	}
	parcel := row < len(f.Places)
	if parcel {
		if v, ok := f.shapes.get(key); ok {
			return v
		}
	}
	if m.most < 1_000 && points(place.Shape) > MaxOutline { // of halls and rectangles; not to be had is said, an hour is not waited
		return math.NaN()
	}
	o, err := newOutline(place.Shape)
	if err != nil {
		return math.NaN()
	}
	v := m.of(f.Sites, o, h)
	if parcel {
		f.shapes.put(key, v)
	}
	return v
}
