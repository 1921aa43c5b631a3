package siting

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/fit"
	"luodi/geo/lot"
	"luodi/geo/match"
)

// outlined is how a measure of a place's outline comes about that is too expensive to be measured of every place before
// it is asked for. NaN is not to be had.
type outlined struct {
	costs bool  // what it takes grows with the points of the outline: halls and rectangles
	roads bool  // it hangs on the roads
	work  int64 // what it takes, in [carve.Effort] of the outline: measured on outlines of 8 to 1,000 points
	of    func(s *Sites, o outline, h *Hall) float64
}

// outline is a place's shape with its vertices numbered.
type outline struct {
	plane   *lot.Plane
	shape   lot.Shape
	polygon orb.Polygon
}

// outlineMeasures are sorted by cost, cheapest first: a candidate that fails one is not measured by the next.
var outlineMeasures = []Measure{
	{ID: "frontage_m", Unit: inMetres, cut: true, outline: &outlined{roads: true, work: 10,
		of: func(s *Sites, o outline, _ *Hall) float64 { return s.front(o).LengthM }}},
	{ID: "depth_m", Unit: inMetres, cut: true, outline: &outlined{roads: true, work: 10,
		of: func(s *Sites, o outline, _ *Hall) float64 {
			depth, _ := fit.Depth(o.plane, o.shape, s.front(o))
			return max(depth, 0) // of land without frontage there is nothing behind it
		}}},
	// the length of the largest rectangle in the proportion of the hall that is asked for, as far as it is needed
	{ID: hallMeasure, Unit: inMetres, cut: true, words: words{hall: true}, outline: &outlined{costs: true, work: 35,
		of: func(_ *Sites, o outline, h *Hall) float64 {
			best, _, err := fit.Fits(o.plane, o.shape, h.LengthM, h.WidthM)
			if err != nil {
				return math.NaN()
			}
			return best.LengthM
		}}},
	{ID: "rectangle_m2", Unit: inM2, cut: true, outline: &outlined{costs: true, work: 40,
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
	o := outline{plane: &lot.Plane{}, polygon: shape}
	var err error
	o.shape, err = o.plane.Add(shape)
	return o, err
}

// front is the longest unbroken stretch that fronts one road; without length where there is none.
func (s *Sites) front(o outline) fit.Stretch {
	near, place := s.ways.kerbs.near(o.polygon)
	f, err := fit.Frontage(o.plane, o.shape, near, frontTolerance)
	if err != nil {
		return fit.Stretch{Road: -1}
	}
	longest := f.Longest()
	longest.Road = place(longest.Road)
	return longest
}

// maxMeasured is how many places are measured for one question. 50,000 parcels of a cadastre take some seconds; within
// the 30 s of a question the rest of what is allowed is for outlines that take longer.
const maxMeasured = 50_000

// measure fills the table's dear columns, the cheaper first, for the rows that every limit known by then keeps. A
// [geo.Invalid] names the measure where those are too many.
func (f *Field) measure(ctx context.Context, t match.Table, r Requirement) error {
	for at, m := range outlineMeasures {
		for i, c := range t.Criteria {
			if c.Measure != m.ID || !t.Dear[i] {
				continue
			}
			rows := t.Keeping()
			if len(rows) > maxMeasured {
				field := "criteria." + m.ID
				if m.ID == hallMeasure {
					field = "hall"
				}
				return geo.NewInvalid(field, "measure.few_places", len(rows), "n", maxMeasured)
			}
			err := onAllCores(ctx, len(rows), func(k int) {
				t.Columns[i][rows[k]] = f.shapeOf(at, int(rows[k]), r.Hall)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// onAllCores does n pieces of work, as many at once as there are cores, until ctx is done. A panic in one is its own.
func onAllCores(ctx context.Context, n int, do func(int)) error {
	var next atomic.Int64
	var panicked atomic.Pointer[any]
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					panicked.CompareAndSwap(nil, &r)
				}
			}()
			for k := int(next.Add(1)) - 1; k < n && ctx.Err() == nil && panicked.Load() == nil; k = int(next.Add(1)) - 1 {
				do(k)
			}
		})
	}
	all.Wait()
	if r := panicked.Load(); r != nil {
		panic(*r)
	}
	return ctx.Err()
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

// shapeOf gives a measure of outlines, by its place among them, of a row: as it was kept, or measured now.
func (f *Field) shapeOf(measure, row int, h *Hall) float64 {
	place, m := f.Place(row), outlineMeasures[measure]
	if m.outline.costs && points(place.Shape) > MaxOutline { // not to be had is said, an hour is not waited
		return math.NaN()
	}
	key := measurementKey{outline: place.digest}
	if m.outline.roads {
		key.roads = f.ways.digest
	}
	if m.ID == hallMeasure {
		key.long, key.wide = h.Sides()
	}
	kept := f.measured.of[measure].get(key)
	kept.once.Do(func() {
		if o, err := newOutline(place.Shape); err == nil {
			kept.value = m.outline.of(f.Sites, o, h)
		}
	})
	return kept.value
}
