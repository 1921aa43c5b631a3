package lot_test

import (
	"maps"
	"slices"
	"testing"

	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim   string
		parcels []string
		want    string
	}{
		{"two squares make one, the ends of their common side stay",
			[]string{"POLYGON((0 0, 50 0, 50 100, 0 100, 0 0))", "POLYGON((50 0, 100 0, 100 100, 50 100, 50 0))"},
			"(0 0, 50 0, 100 0, 100 100, 50 100, 0 100)"},
		{"a corner that lies on the other's side is entered there",
			[]string{"POLYGON((0 0, 50 0, 50 100, 0 100, 0 0))", "POLYGON((50 20, 100 20, 100 60, 50 60, 50 20))"},
			"(0 0, 50 0, 50 20, 100 20, 100 60, 50 60, 50 100, 0 100)"},
		{"three at a T make one", []string{"POLYGON((0 0, 50 0, 50 100, 0 100, 0 0))",
			"POLYGON((50 0, 100 0, 100 50, 50 50, 50 0))", "POLYGON((50 50, 100 50, 100 100, 50 100, 50 50))"},
			"(0 0, 50 0, 100 0, 100 50, 100 100, 50 100, 0 100)"},
		{"vertices that differ by millimetres are taken for one",
			[]string{"POLYGON((0 0, 5 0, 5 10, 0 10, 0 0))",
				"POLYGON((5.003 0.001, 10 0, 10 10, 4.997 10.002, 5.003 0.001))"},
			"(0 0, 5 0, 10 0, 10 10, 5 10, 0 10)"},
		{"a ring of parcels leaves a hole", []string{"POLYGON((0 0, 30 0, 30 10, 0 10, 0 0))",
			"POLYGON((20 10, 30 10, 30 20, 20 20, 20 10))", "POLYGON((0 20, 30 20, 30 30, 0 30, 0 20))",
			"POLYGON((0 10, 10 10, 10 20, 0 20, 0 10))"},
			"(0 0, 30 0, 30 10, 30 20, 30 30, 0 30, 0 20, 0 10), (10 10, 10 20, 20 20, 20 10)"},
		{"an island fills the hole",
			[]string{"POLYGON((0 0, 30 0, 30 30, 0 30, 0 0), (10 10, 10 20, 20 20, 20 10, 10 10))",
				"POLYGON((10 10, 20 10, 20 20, 10 20, 10 10))"},
			"(0 0, 30 0, 30 30, 0 30)"},
		{"an island that fills part of the hole leaves the rest",
			[]string{"POLYGON((0 0, 30 0, 30 30, 0 30, 0 0), (10 10, 10 20, 20 20, 20 10, 10 10))",
				"POLYGON((10 10, 20 10, 20 15, 10 15, 10 10))"},
			"(0 0, 30 0, 30 30, 0 30), (10 15, 10 20, 20 20, 20 15)"},
		{"a side that is shared as it is stays so, though a corner lies within the distance of it",
			[]string{"POLYGON((0 0, 50 0, 50 100, 0 100, 0 0))",
				"POLYGON((50 0, 100 0, 100 40, 50.005 50, 100 60, 100 100, 50 100, 50 0))"},
			"(0 0, 50 0, 100 0, 100 40, 50.005 50, 100 60, 100 100, 50 100, 0 100)"},
		{"a corner close to the end of a side, and off in another direction, is no part of it",
			[]string{"POLYGON((-50 -25, 100 -25, 0 0, -10 10, -50 -25))",
				"POLYGON((0 0, 0.005 0.001, 10 10, -10 10, 0 0))"},
			"(-50 -25, 100 -25, 0 0, 0.005 0.001, 10 10, -10 10)"},
		{"vertices that one parcel tells apart are not taken for one",
			[]string{"POLYGON((0 0, 50 0, 20 60, 0 60, 0 0))", "POLYGON((50 0, 50.005 0, 80 60, 20 60, 50 0))",
				"POLYGON((50.005 0, 100 0, 100 60, 80 60, 50.005 0))"},
			"(0 0, 50 0, 50.005 0, 100 0, 100 60, 80 60, 20 60, 0 60)"},
		{"holes stay", []string{"POLYGON((0 0, 30 0, 30 30, 0 30, 0 0), (10 10, 10 20, 20 20, 20 10, 10 10))",
			"POLYGON((30 0, 60 0, 60 30, 30 30, 30 0))"},
			"(0 0, 30 0, 60 0, 60 30, 30 30, 0 30), (10 10, 10 20, 20 20, 20 10)"},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			var shapes []lot.Shape
			for _, text := range c.parcels {
				shapes = append(shapes, g.Parcel(text))
			}
			for range len(shapes) { // whichever comes first
				d := g.Take(lot.Merge(g.Plane, shapes, lottest.Rules))
				if got := g.WKT(d.Parts[0]); got != c.want && len(d.Welded) == 0 || len(d.New) > 0 {
					t.Errorf("got %s, want %s", got, c.want)
				}
				shapes = append(shapes[1:], shapes[0])
			}
			d := g.Take(lot.Merge(g.Plane, shapes, lottest.Rules))
			if got := g.WKT(d.Parts[0]); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestMergeSaysWhatItWelded(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	a, b := g.Parcel("POLYGON((0 0, 5 0, 5 10, 0 10, 0 0))"),
		g.Parcel("POLYGON((5.003 0.001, 10 0, 10 10, 4.997 10.002, 5.003 0.001))")
	d := g.Take(lot.Merge(g.Plane, []lot.Shape{a, b}, lottest.Rules))
	want := map[int]int{b[0][0]: a[0][1], b[0][3]: a[0][2]}
	if !maps.Equal(d.Welded, want) {
		t.Errorf("welded %v, want %v", d.Welded, want)
	}
}

func TestMergeIsRefused(t *testing.T) {
	t.Parallel()
	const a = "POLYGON((0 0, 50 0, 50 100, 0 100, 0 0))"
	for _, c := range []struct {
		claim   string
		parcels []string
		want    lot.Reason
		pair    []int
	}{
		{"one parcel", []string{a}, lot.BadShape, nil},
		{"parcels apart", []string{a, "POLYGON((60 0, 100 0, 100 100, 60 100, 60 0))"}, lot.NoSharedEdge, []int{0, 1}},
		{"parcels apart by more than the distance",
			[]string{a, "POLYGON((50.02 0, 100 0, 100 100, 50.02 100, 50.02 0))"}, lot.NoSharedEdge, []int{0, 1}},
		{"corners that touch", []string{a, "POLYGON((50 100, 100 100, 100 200, 50 200, 50 100))"}, lot.NoSharedEdge,
			[]int{0, 1}},
		{"a corner that touches a side", []string{a, "POLYGON((50 50, 80 20, 80 80, 50 50))"}, lot.NoSharedEdge,
			[]int{0, 1}},
		{"a third that only touches the second", []string{a, "POLYGON((50 0, 100 0, 100 100, 50 100, 50 0))",
			"POLYGON((100 100, 150 100, 150 150, 100 150, 100 100))"}, lot.NoSharedEdge, []int{1, 2}},
		{"an edge and a corner with a gap between",
			[]string{"POLYGON((0 0, 30 0, 30 10, 10 10, 20 20, 0 20, 0 0))",
				"POLYGON((30 0, 40 0, 40 30, 20 30, 20 20, 30 20, 30 0))"}, lot.PointContact, []int{0, 1}},
		{"an overlap", []string{a, "POLYGON((40 0, 100 0, 100 100, 40 100, 40 0))"}, lot.Overlaps, []int{0, 1}},
		{"an overlap across", []string{a, "POLYGON((-10 40, 60 40, 60 60, -10 60, -10 40))"}, lot.Overlaps,
			[]int{0, 1}},
		{"a parcel in the other", []string{a, "POLYGON((10 10, 20 10, 20 20, 10 20, 10 10))"}, lot.Overlaps,
			[]int{0, 1}},
		{"a parcel in the other, at its corner", []string{a, "POLYGON((0 0, 20 0, 20 20, 0 20, 0 0))"}, lot.Overlaps,
			[]int{0, 1}},
		{"the same parcel twice", []string{a, a}, lot.Overlaps, []int{0, 1}},
		{"edges that differ by 9 mm over 100 m", []string{a,
			"POLYGON((50.009 0, 100 0, 100 100, 50.009 100, 50.009 0))"}, lot.Overlaps, []int{1, 0}},
		{"a parcel that crosses itself", []string{a, "POLYGON((50 0, 100 100, 50 100, 100 0, 50 0))"}, lot.BadShape,
			[]int{1}},
	} {
		t.Run(c.claim, func(t *testing.T) {
			t.Parallel()
			g := lottest.NewGround(t)
			var shapes []lot.Shape
			for _, text := range c.parcels {
				shapes = append(shapes, g.Parcel(text))
			}
			_, err := lot.Merge(g.Plane, shapes, lottest.Rules)
			if r := lottest.Refused(t, err, c.want); !slices.Equal(r.Parcels, c.pair) {
				t.Errorf("names %v, want %v: %v", r.Parcels, c.pair, err)
			}
		})
	}
}

func TestCutThenMergeGivesBackTheRing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ parcel, line, want string }{
		{square, "LINESTRING(50 -10, 50 50, 110 50)", "(0 0, 50 0, 100 0, 100 50, 100 100, 0 100)"},
		{holed, "LINESTRING(50 -10, 50 110)",
			"(0 0, 50 0, 100 0, 100 100, 50 100, 0 100), (50 40, 40 40, 40 60, 50 60, 60 60, 60 40)"},
		{square, "LINESTRING(20 20, 40 20, 40 40, 20 40, 20 20)", "(0 0, 100 0, 100 100, 0 100)"},
	} {
		g := lottest.NewGround(t)
		d := g.Take(lot.Cut(g.Plane, g.Parcel(c.parcel), lottest.Line(c.line), lottest.Rules))
		m := g.Take(lot.Merge(g.Plane, d.Parts, lottest.Rules))
		s := m.Parts[0]
		if got := g.WKT(lot.Shape{s[0]}); got != c.want && g.Plane.AreaM2(s) != 9600 || len(m.Welded) > 0 {
			t.Errorf("got %s, want %s", g.WKT(s), c.want)
		}
	}
}
