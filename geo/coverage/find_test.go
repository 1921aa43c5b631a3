package coverage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/coverage"
)

func TestFindTellsKindSizeAndPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shapes []coverage.Shape
		want   []coverage.Finding
	}{
		"a gap of 5 mm along 80 m": {[]coverage.Shape{box(0, 0, 100, 80), box(100.005, 0, 100, 80)}, []coverage.Finding{
			{Kind: coverage.Gap, A: 0, B: 1, WidthM: 0.005, AreaM2: 0.4, LengthM: 80, At: orb.Point{100, 0}},
			{Kind: coverage.NearVertices, A: 0, B: 1, WidthM: 0.005, At: orb.Point{100.005, 0}},
			{Kind: coverage.NearVertices, A: 0, B: 1, WidthM: 0.005, At: orb.Point{100.005, 80}}}},
		"an overlap of 5 mm": {[]coverage.Shape{box(0, 0, 100, 80), box(99.995, 0, 100, 80)}, []coverage.Finding{
			{Kind: coverage.Overlap, A: 0, B: 1, WidthM: 0.005, AreaM2: 0.4, LengthM: 80, At: orb.Point{100, 0}},
			{Kind: coverage.NearVertices, A: 0, B: 1, WidthM: 0.005, At: orb.Point{99.995, 0}},
			{Kind: coverage.NearVertices, A: 0, B: 1, WidthM: 0.005, At: orb.Point{99.995, 80}}}},
		"a wide gap is told as one": {[]coverage.Shape{box(0, 0, 100, 80), box(100.3, 0, 100, 80)}, []coverage.Finding{
			{Kind: coverage.Gap, A: 0, B: 1, WidthM: 0.3, AreaM2: 24, LengthM: 80, At: orb.Point{100, 0}}}},
		"edges that cross": {[]coverage.Shape{box(0, 0, 100, 80), ring([2]float64{100.2, -40}, [2]float64{200, -40},
			[2]float64{200, 120}, [2]float64{99.8, 120})}, []coverage.Finding{
			{Kind: coverage.Overlap, A: 0, B: 1, WidthM: 0.1, AreaM2: 2, LengthM: 40, At: orb.Point{100, 80}},
			{Kind: coverage.Gap, A: 0, B: 1, WidthM: 0.1, AreaM2: 2, LengthM: 40, At: orb.Point{100, 0}}}},
		"T-junctions": {[]coverage.Shape{box(0, 0, 100, 80), box(100, 20, 50, 20)}, []coverage.Finding{
			{Kind: coverage.TJunction, A: 0, B: 1, At: orb.Point{100, 20}},
			{Kind: coverage.TJunction, A: 0, B: 1, At: orb.Point{100, 40}}}},
		"a point twice": {[]coverage.Shape{ring([2]float64{0, 0}, [2]float64{9, 0}, [2]float64{9, 0},
			[2]float64{9, 9})},
			[]coverage.Finding{{Kind: coverage.Duplicate, A: 0, B: -1, At: orb.Point{9, 0}}}},
		"points beside each other": {[]coverage.Shape{ring([2]float64{0, 0}, [2]float64{9, 0}, [2]float64{9.01, 0.01},
			[2]float64{9, 9})}, []coverage.Finding{{Kind: coverage.ClosePoints, A: 0, B: -1, WidthM: 0.0141,
			At: orb.Point{9.01, 0.01}}}},
		"a spike of 1 cm": {[]coverage.Shape{ring([2]float64{0, 0}, [2]float64{50, 0}, [2]float64{90, 0.005},
			[2]float64{50, 0.01}, [2]float64{50, 50})}, []coverage.Finding{
			{Kind: coverage.ClosePoints, A: 0, B: -1, WidthM: 0.01, At: orb.Point{50, 0.01}},
			{Kind: coverage.Spike, A: 0, B: -1, WidthM: 0.01, AreaM2: 0.2, LengthM: 40, At: orb.Point{90, 0.005}}}},
		"a bow": {[]coverage.Shape{ring([2]float64{0, 0}, [2]float64{10, 10}, [2]float64{10, 0}, [2]float64{0, 10})},
			[]coverage.Finding{{Kind: coverage.Crossing, A: 0, B: -1, At: orb.Point{5, 5}}}},
		"what another parcel fills is no gap": {[]coverage.Shape{box(0, 0, 100, 80), box(100, 0, 0.3, 80),
			box(100.3, 0, 100, 80)}, nil},
		"neighbours that agree": {[]coverage.Shape{box(0, 0, 100, 80), box(100, 0, 50, 80), box(0, 80, 100, 10)}, nil},
		"a parcel by itself":    {[]coverage.Shape{box(0, 0, 1, 1)}, nil},
		"nothing":               {nil, nil},
		"fixed ones among them": {[]coverage.Shape{fixed(box(0, 0, 100, 80)).shape(),
			fixed(box(100.005, 0, 9, 80)).shape()}, nil},
		"no shape and no number": {[]coverage.Shape{{},
			ring([2]float64{0, 0}, [2]float64{math.Inf(1), 0}, [2]float64{0, 1})}, nil},
	} {
		got := coverage.Find(c.shapes, 0.02, 0.5)
		if !slices.EqualFunc(got, c.want, alike) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
	}
}

// alike compares to a tenth of a millimetre, places from the corner of the land.
func alike(got, want coverage.Finding) bool {
	near := func(a, b, tol float64) bool { return math.Abs(a-b) <= tol }
	return got.Kind == want.Kind && got.A == want.A && got.B == want.B && near(got.WidthM, want.WidthM, 1e-4) &&
		near(got.AreaM2, want.AreaM2, 1e-3) && near(got.LengthM, want.LengthM, 1e-3) &&
		near(got.At[0]-eastM, want.At[0], 1e-4) && near(got.At[1]-northM, want.At[1], 1e-4)
}

// Nothing is found in a tiling that is right nor in one that was mended, and something in nearly every noised one.
func TestFindAgreesWithMend(t *testing.T) {
	t.Parallel()
	for i := range 300 {
		r := rand.New(rand.NewPCG(uint64(i), 47))
		plan, corners := drawn(r, i)
		if got := coverage.Find(plan.exact(), 0.02, 0.02); len(got) > 0 {
			t.Fatalf("tiling %d is right, found %+v", i, got[0])
		}
		noise := 0.001 + 0.009*r.Float64()
		shapes := plan.surveyed(r, noise, corners)
		before := coverage.Find(shapes, 2.05*noise, 2.05*noise)
		if len(before) == 0 {
			t.Fatalf("tiling %d is noised by %f m, nothing found", i, noise)
		}
		mended := coverage.Mend(shapes, 2.05*noise)
		if after := coverage.Find(shapesOf(mended.Rings), 2.05*noise, 2.05*noise); len(after) > 0 {
			t.Fatalf("tiling %d was mended, found %+v", i, after[0])
		}
	}
}

func BenchmarkFind(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 46))
	plan := grid(r, 316, 317, 33, 33, 0.2)
	corners := len(plan.at)
	plan.noded(r)
	for name, shapes := range map[string][]coverage.Shape{"clean": plan.exact(),
		"noised": plan.surveyed(r, 0.009, corners)} {
		b.Run(fmt.Sprintf("%s/%d", name, len(shapes)), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				coverage.Find(shapes, 0.02, 0.5)
			}
		})
	}
}
