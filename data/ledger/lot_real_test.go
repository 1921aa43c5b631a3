package ledger_test

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"luodi/data/intake/file"
	"luodi/data/store/ewkb"
	"luodi/data/store/storetest"
	"luodi/geo/lot"
)

// cadastre is the parcels of a French village in metres of EPSG:2154, as geo/lot sees them.
type cadastre struct {
	plane  *lot.Plane
	shapes []lot.Shape
	whole  int // rows, with those of several parts
}

func readCadastre(t testing.TB) *cadastre {
	t.Helper()
	c := &cadastre{plane: new(lot.Plane)}
	readReal(t, "parcel.gpkg", func(g orb.Geometry, _ map[string]string) {
		c.whole++
		poly, single := g.(orb.Polygon)
		if !single {
			return
		}
		s, err := c.plane.Add(poly)
		if err != nil {
			t.Fatal(err)
		}
		c.shapes = append(c.shapes, s)
	})
	return c
}

// readReal reads a file of the village; a shape of one part comes as that part.
func readReal(t testing.TB, name string, take func(g orb.Geometry, values map[string]string)) {
	t.Helper()
	path := storetest.Shared(t, filepath.Join("data", "real", name))
	reader, err := file.Open(context.Background(), path, file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	for {
		row, err := reader.Next(context.Background())
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil || row.Fault != nil {
			t.Fatal(err, row.Fault)
		}
		g, _, err := ewkb.Decode(row.Shape.Single().WKB)
		if err != nil {
			t.Fatal(err)
		}
		take(g, row.Values)
	}
}

// apart returns a plane of its own with one parcel in it.
func (c *cadastre) apart(t testing.TB, i int) (*lot.Plane, lot.Shape) {
	t.Helper()
	p := new(lot.Plane)
	s, err := p.Add(c.plane.Polygon(c.shapes[i]))
	if err != nil {
		t.Fatal(err)
	}
	return p, s
}

// tallied counts what came of an operation over all parcels.
type tallied struct {
	done    int
	refused map[lot.Reason]int
}

func (c *tallied) took(t testing.TB, i int, err error) bool {
	t.Helper()
	var r *lot.Refused
	switch {
	case err == nil:
		c.done++
		return true
	case !errors.As(err, &r):
		t.Fatalf("parcel %d: %v", i, err)
	case c.refused == nil:
		c.refused = make(map[lot.Reason]int)
	}
	c.refused[r.Reason]++
	return false
}

// bearingOf gives the bearing of a parcel's longest side, and across it.
func bearingOf(p *lot.Plane, s lot.Shape) (along, across float64) {
	var longest float64
	for i, id := range s[0] {
		a, b := p.Point(id), p.Point(s[0][(i+1)%len(s[0])])
		if d := math.Hypot(b[0]-a[0], b[1]-a[1]); d > longest {
			longest, along = d, math.Atan2(b[0]-a[0], b[1]-a[1])*180/math.Pi
		}
	}
	if across = along + 90; across > 180 {
		across -= 360
	}
	return along, across
}

// settleDivision extends the plane by a division and checks that its parts have the parcel's area and merge back to its
// rings.
func settleDivision(t testing.TB, i int, p *lot.Plane, s lot.Shape, d lot.Division) {
	t.Helper()
	if err := p.Extend(d.New); err != nil {
		t.Fatalf("parcel %d: %v", i, err)
	}
	sum := -p.AreaM2(s)
	for _, part := range d.Parts {
		sum += p.AreaM2(part)
	}
	if math.Abs(sum) > 1e-6 {
		t.Errorf("parcel %d: the parts' areas are off by %v m²", i, sum)
	}
	m, err := lot.Merge(p, d.Parts, lot.Rules{SnapM: 0.001})
	if err != nil || len(m.New) > 0 || len(m.Welded) > 0 {
		t.Errorf("parcel %d: merging back: %v, new %v, welded %v", i, err, m.New, m.Welded)
		return
	}
	entered := func(id int) bool {
		return slices.ContainsFunc(d.New, func(n lot.Node) bool { return n.ID == id })
	}
	if got, want := ringsWithout(m.Parts[0], entered),
		ringsWithout(s, entered); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("parcel %d: merged back to %v, was %v", i, got, want)
	}
}

// ringsWithout puts a shape's rings in an order, each from its smallest vertex and in one direction, without the
// vertices entered.
func ringsWithout(s lot.Shape, entered func(int) bool) [][]int {
	var out [][]int
	for _, ring := range s {
		ring = slices.DeleteFunc(slices.Clone(ring), entered)
		first := slices.Index(ring, slices.Min(ring))
		ring = append(ring[first:], ring[:first]...)
		if len(ring) > 2 && ring[1] > ring[len(ring)-1] {
			slices.Reverse(ring[1:])
		}
		out = append(out, ring)
	}
	slices.SortFunc(out, func(a, b []int) int { return cmp.Or(slices.Compare(a, b), cmp.Compare(len(a), len(b))) })
	return out
}

func TestEveryRealParcelIsCutAndMergedBack(t *testing.T) {
	t.Parallel()
	c := readCadastre(t)
	rules := lot.Rules{SnapM: 0.01}
	var byLine, byArea, into4 tallied
	for i := range c.shapes {
		p, s := c.apart(t, i)
		along, across := bearingOf(p, s)
		b := p.Polygon(s).Bound()
		d, err := lot.Cut(p, s, []orb.Point{{b.Min[0] - 1, b.Min[1] - 1}, {b.Max[0] + 1, b.Max[1] + 1}}, rules)
		if byLine.took(t, i, err) {
			settleDivision(t, i, p, s, d)
		}

		p, s = c.apart(t, i)
		target := p.AreaM2(s) / 3
		if d, err = lot.CutArea(p, s, target, across, lot.Left, rules); err != nil {
			d, err = lot.CutArea(p, s, target, along, lot.Left, rules)
		}
		if byArea.took(t, i, err) {
			settleDivision(t, i, p, s, d)
			if got := p.AreaM2(d.Parts[0]); math.Abs(got-target) > 0.001 || len(d.Parts) != 2 {
				t.Errorf("parcel %d: %v m² in %d parts for %v m²", i, got, len(d.Parts), target)
			}
		}

		p, s = c.apart(t, i)
		if d, err = lot.CutInto(p, s, 4, across, rules); err != nil {
			d, err = lot.CutInto(p, s, 4, along, rules)
		}
		if into4.took(t, i, err) {
			settleDivision(t, i, p, s, d)
		}
	}
	t.Logf("%d parcels of %d rows: by a line %+v, by a third of the area %+v, into four %+v", len(c.shapes), c.whole,
		byLine, byArea, into4)
	for what, n := range map[string]int{"by a line": byLine.done, "by area": byArea.done, "into four": into4.done} {
		if n < len(c.shapes)*98/100 {
			t.Errorf("only %d of %d parcels were cut %s", n, len(c.shapes), what)
		}
	}
}

// pairs lists the parcels that have sides in common, each pair once, and the sides.
func (c *cadastre) pairs() ([][2]int, map[[2]int][][2]int) {
	owner := make(map[[2]int]int)
	common := make(map[[2]int][][2]int)
	var order [][2]int
	for i, s := range c.shapes {
		for _, ring := range s {
			for k, id := range ring {
				side := [2]int{min(id, ring[(k+1)%len(ring)]), max(id, ring[(k+1)%len(ring)])}
				other, taken := owner[side]
				if !taken {
					owner[side] = i
					continue
				}
				pair := [2]int{other, i}
				if common[pair] == nil {
					order = append(order, pair)
				}
				common[pair] = append(common[pair], side)
			}
		}
	}
	return order, common
}

func TestRealNeighboursMergeAndTheirBoundaryMoves(t *testing.T) {
	t.Parallel()
	c := readCadastre(t)
	pairs, common := c.pairs()
	rules := lot.Rules{SnapM: 0.001}
	var merged, straightened tallied
	for i, pair := range pairs {
		a, b := c.shapes[pair[0]], c.shapes[pair[1]]
		before := c.plane.AreaM2(a) + c.plane.AreaM2(b)
		d, err := lot.Merge(c.plane, []lot.Shape{a, b}, rules)
		if !merged.took(t, i, err) {
			continue
		}
		if off := c.plane.AreaM2(d.Parts[0]) - before; math.Abs(off) > lot.Tolerance(c.plane.PerimeterM(d.Parts[0])) {
			t.Errorf("pair %v: off by %v m²", pair, off)
		}
		ends := chainEnds(common[pair])
		if len(ends) != 2 || len(common[pair]) < 2 {
			continue
		}
		moved, err := lot.MoveBoundary(c.plane, a, b, []orb.Point{c.plane.Point(ends[0]), c.plane.Point(ends[1])},
			rules)
		if straightened.took(t, i, err) {
			if off := c.plane.AreaM2(moved.Parts[0]) +
				c.plane.AreaM2(moved.Parts[1]) - before; math.Abs(off) > lot.Tolerance(c.plane.PerimeterM(d.Parts[0])) {
				t.Errorf("pair %v: moving its boundary is off by %v m²", pair, off)
			}
		}
	}
	t.Logf("%d pairs: merged %+v, boundary of several sides made straight %+v", len(pairs), merged, straightened)
	if merged.done < len(pairs)*9/10 {
		t.Errorf("only %d of %d pairs merged", merged.done, len(pairs))
	}
}

// chainEnds lists the vertices that only one of the sides has.
func chainEnds(sides [][2]int) []int {
	count := make(map[int]int)
	for _, s := range sides {
		count[s[0]]++
		count[s[1]]++
	}
	var ends []int
	for id, n := range count {
		if n == 1 {
			ends = append(ends, id)
		}
	}
	slices.Sort(ends)
	return ends
}

func TestNodesOfARealCutEnterTheNeighbours(t *testing.T) {
	t.Parallel()
	c := readCadastre(t)
	pairs, common := c.pairs()
	entered := 0
	for i := range c.shapes {
		plane, shapes := new(lot.Plane), map[int]lot.Shape{}
		add := func(k int) {
			s, err := plane.Add(c.plane.Polygon(c.shapes[k]))
			if err != nil {
				t.Fatal(err)
			}
			shapes[k] = s
		}
		add(i)
		shared := map[[2]int]int{} // a side of parcel i, by its ends' places, to the neighbour beyond
		for _, pair := range pairs {
			if pair[0] != i && pair[1] != i {
				continue
			}
			other := pair[0] + pair[1] - i
			add(other)
			for _, side := range common[pair] {
				p, _ := plane.Vertex(c.plane.Point(side[0]))
				q, _ := plane.Vertex(c.plane.Point(side[1]))
				shared[[2]int{min(p, q), max(p, q)}] = other
			}
		}
		_, across := bearingOf(plane, shapes[i])
		d, err := lot.CutInto(plane, shapes[i], 2, across, lot.Rules{SnapM: 0.01})
		if err != nil {
			continue
		}
		if err := plane.Extend(d.New); err != nil {
			t.Fatal(err)
		}
		for _, n := range d.New {
			other, beyond := shared[[2]int{min(n.On.From, n.On.To), max(n.On.From, n.On.To)}]
			if !n.OnEdge || !beyond {
				continue
			}
			got, did := lot.Enter(plane, shapes[other], []int{n.ID}, 0.001)
			entered++
			if !did || !hasSide(got, n.On.From, n.ID) || !hasSide(got, n.ID, n.On.To) {
				t.Errorf("parcel %d: node %d is not on the side of %d", i, n.ID, other)
			}
		}
	}
	t.Logf("%d nodes entered the neighbours", entered)
	if entered < 500 {
		t.Errorf("only %d nodes", entered)
	}
}

// hasSide tells whether a shape has a side between two vertices.
func hasSide(s lot.Shape, a, b int) bool {
	for _, ring := range s {
		for i, id := range ring {
			next := ring[(i+1)%len(ring)]
			if id == a && next == b || id == b && next == a {
				return true
			}
		}
	}
	return false
}
