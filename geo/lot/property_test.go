package lot_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo/lot"
)

// tally counts what random operations came to, so that a property can't hold by refusing everything.
type tally struct {
	done    int
	refused map[lot.Reason]int
}

func newTally() *tally { return &tally{refused: make(map[lot.Reason]int)} }

// took tells whether an operation was done; a refusal must be for one of the reasons.
func (c *tally) took(t *rapid.T, err error, may ...lot.Reason) bool {
	if err == nil {
		c.done++
		return true
	}
	var r *lot.Refused
	if !errors.As(err, &r) || !slices.Contains(may, r.Reason) {
		t.Fatalf("refused: %v", err)
	}
	c.refused[r.Reason]++
	return false
}

func (c *tally) most(t *testing.T, share float64) {
	t.Helper()
	all := c.done
	for _, n := range c.refused {
		all += n
	}
	t.Logf("%d done of %d, refused %v", c.done, all, c.refused)
	if float64(c.done) < share*float64(all) {
		t.Errorf("only %d of %d were done: %v", c.done, all, c.refused)
	}
}

// fresh draws a parcel on ground of its own, wound as the package winds it.
func fresh(t *rapid.T, tb testing.TB) (ground, lot.Shape, dice) {
	d := newDice(t)
	g := newGround(tb)
	poly := d.parcel()
	for i := range poly {
		if (poly[i].Orientation() > 0) != (i == 0) {
			poly[i].Reverse()
		}
	}
	s := g.add(poly)
	if sound(g, s) != nil {
		t.Skip("the drawn parcel crosses itself")
	}
	return g, s, d
}

// checkRound checks a division of one parcel in all ways: its parts, its neighbours, and that merging gives the parcel back.
func checkRound(t *rapid.T, g ground, s lot.Shape, d lot.Division, tolM2, tolM float64) {
	if err := g.plane.Extend(d.New); err != nil {
		t.Fatal(err)
	}
	checkParts(t, g, []lot.Shape{s}, d.Parts, tolM2, tolM)
	around, islands := frame(g, s)
	var ids []int
	for _, n := range d.New {
		if n.OnEdge {
			ids = append(ids, n.ID)
		}
	}
	around, _ = lot.Enter(g.plane, around, ids, 0.001)
	all := slices.Clone(d.Parts)
	for _, island := range islands {
		island, _ = lot.Enter(g.plane, island, ids, 0.001)
		all = append(all, island)
	}
	checkEdges(t, g, all, around)
	m, err := lot.Merge(g.plane, d.Parts, lot.Rules{SnapM: 0.001})
	if err != nil || len(m.New) > 0 || len(m.Welded) > 0 {
		t.Fatalf("merging the parts: %v, new %v, welded %v", err, m.New, m.Welded)
	}
	sameGround(t, m.Parts[0], s, ids)
}

// sameGround checks that a merged parcel has the rings of the one that was cut, but for nodes entered.
func sameGround(t *rapid.T, got, want lot.Shape, entered []int) {
	canon := func(s lot.Shape) [][]int {
		var out [][]int
		for _, ring := range s {
			ring = slices.DeleteFunc(slices.Clone(ring), func(id int) bool { return slices.Contains(entered, id) })
			first := slices.Index(ring, slices.Min(ring))
			out = append(out, append(ring[first:], ring[:first]...))
		}
		slices.SortFunc(out, slices.Compare)
		return out
	}
	if a, b := canon(got), canon(want); !slices.EqualFunc(a, b, slices.Equal) {
		t.Fatalf("merged %v, was %v", a, b)
	}
}

func TestAnyCutKeepsTheGround(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		line := dice.line(5)
		d, err := lot.Cut(g.plane, s, line, lot.Rules{SnapM: 0.001})
		checkCount(rt, g, s, line, len(d.Parts), err)
		if count.took(rt, err, lot.LineMisses, lot.LineTouches, lot.LineCrosses, lot.PointContact) {
			checkRound(rt, g, s, d, 1e-6*math.Max(1, g.plane.PerimeterM(s)/2000), 1e-6)
		}
	})
	count.most(t, 0.5)
}

// checkCount checks how many parts a straight line makes of a parcel without holes, where it passes no corner closely: half as many,
// and one, as the sides it crosses. So it also checks that a line is refused only where it crosses none.
func checkCount(t *rapid.T, g ground, s lot.Shape, line []orb.Point, parts int, err error) {
	if len(line) > 2 || len(s) > 1 {
		return
	}
	height := func(id int) float64 {
		p, a, b := g.plane.Point(id), line[0], line[1]
		return ((b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])) / math.Hypot(b[0]-a[0], b[1]-a[1])
	}
	crossed := 0
	for i, id := range s[0] {
		h, next := height(id), height(s[0][(i+1)%len(s[0])])
		if math.Abs(h) < 0.002 {
			return
		}
		if (h > 0) != (next > 0) {
			crossed++
		}
	}
	if crossed > 0 && parts != crossed/2+1 || crossed == 0 && err == nil {
		t.Fatalf("%d parts where %d sides are crossed: %v", parts, crossed, err)
	}
}

func TestAnyCutThatSnapsKeepsTheGround(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		line := dice.line(4)
		corner := g.plane.Point(s[0][dice.int(0, len(s[0])-1)])
		corner[0] += dice.float(-0.02, 0.02)
		corner[1] += dice.float(-0.02, 0.02)
		line = slices.Insert(line, dice.int(0, len(line)), corner)
		d, err := lot.Cut(g.plane, s, line, lot.Rules{SnapM: 0.02})
		if count.took(rt, err, lot.LineMisses, lot.LineTouches, lot.LineCrosses, lot.PointContact, lot.LineEndsInside, lot.TooClose) {
			checkRound(rt, g, s, d, 0.02*g.plane.PerimeterM(s)+0.01, 0.03)
		}
	})
	count.most(t, 0.4)
}

func TestAnyAreaIsMetOrRefused(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		total := g.plane.AreaM2(s)
		want := total * dice.float(0.02, 0.98)
		if rapid.Bool().Draw(rt, "whole") {
			want = math.Max(1, math.Round(want))
		}
		bearing := rapid.SampledFrom([]float64{0, 90, 180, 270, 45, rapid.Float64Range(-360, 360).Draw(rt, "any")}).Draw(rt, "bearing")
		side := lot.Side(dice.int(0, 1))
		d, err := lot.CutArea(g.plane, s, want, bearing, side, lot.Rules{SnapM: rapid.SampledFrom([]float64{0.001, 0.02}).Draw(rt, "snap")})
		if !count.took(rt, err, lot.SeveralPieces, lot.PointContact, lot.BadArea) {
			return
		}
		checkRound(rt, g, s, d, 1e-6, 1e-6)
		if got := g.plane.AreaM2(d.Parts[0]); math.Abs(got-want) > 0.001 || len(d.Parts) != 2 {
			rt.Fatalf("%d parts, %v m² in place of %v", len(d.Parts), got, want)
		}
		checkSides(rt, g, s, d, bearing, side)
	})
	count.most(t, 0.7)
}

// checkSides checks that the piece is on the side asked for: where the cut is, its land lies that way.
func checkSides(t *rapid.T, g ground, s lot.Shape, d lot.Division, bearing float64, side lot.Side) {
	sin, cos := math.Sincos(bearing * math.Pi / 180)
	if side == lot.Right {
		sin, cos = -sin, -cos
	}
	away := func(part lot.Shape) float64 { // the middle of the outer ring's corners, to the left of the direction
		low, high := math.Inf(1), math.Inf(-1)
		for _, id := range part[0] {
			p := g.plane.Point(id)
			y := (p[1]-far[1])*sin - (p[0]-far[0])*cos
			low, high = min(low, y), max(high, y)
		}
		return low
	}
	if piece, rest := away(d.Parts[0]), away(d.Parts[1]); piece < rest-1e-6 {
		t.Fatalf("the piece reaches %v, further back than the rest at %v", piece, rest)
	}
}

func TestAnyStripAlongASideHasTheArea(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		want := g.plane.AreaM2(s) * dice.float(0.02, 0.98)
		i := dice.int(0, len(s[0])-1)
		d, err := lot.CutAlong(g.plane, s, want, s[0][i], s[0][(i+1)%len(s[0])], rapid.Bool().Draw(rt, "far"), lot.Rules{SnapM: 0.005})
		if !count.took(rt, err, lot.SeveralPieces, lot.PointContact) {
			return
		}
		checkRound(rt, g, s, d, 1e-6, 1e-6)
		if got := g.plane.AreaM2(d.Parts[0]); math.Abs(got-want) > 0.001 {
			rt.Fatalf("%v m² in place of %v", got, want)
		}
	})
	count.most(t, 0.4)
}

func TestAnyPartsHaveTheirShares(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		shares := rapid.SliceOfN(rapid.Float64Range(0.5, 3), 2, 7).Draw(rt, "shares")
		var sum float64
		for _, x := range shares {
			sum += x
		}
		d, err := lot.CutShares(g.plane, s, shares, dice.float(0, 360), lot.Rules{SnapM: 0.005})
		if !count.took(rt, err, lot.SeveralPieces, lot.PointContact) {
			return
		}
		total := g.plane.AreaM2(s)
		checkRound(rt, g, s, d, 1e-6, 1e-6)
		for i, area := range g.areas(d.Parts) {
			if math.Abs(area-total*shares[i]/sum) > 0.002 {
				rt.Fatalf("part %d of shares %v has %v of %v m²", i, shares, area, total)
			}
		}
	})
	count.most(t, 0.4)
}

func TestAnyMovedBoundaryKeepsTheGround(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		first, err := lot.Cut(g.plane, s, dice.line(2), lot.Rules{SnapM: 0.001, LeastWidthM: 0.1})
		if err != nil || len(first.Parts) != 2 {
			return
		}
		if err := g.plane.Extend(first.New); err != nil {
			rt.Fatal(err)
		}
		var pts []orb.Point
		for range 8 {
			if pts = boundary(rt, dice, newGround(t), g.plane.Polygon(s)); pts != nil {
				break
			}
		}
		if pts == nil {
			return
		}
		d, err := lot.MoveBoundary(g.plane, first.Parts[0], first.Parts[1], pts, lot.Rules{SnapM: 0.001})
		if !count.took(rt, err, lot.LineEndsInside, lot.LineLeaves, lot.PointContact, lot.SeveralPieces, lot.LineCrosses, lot.TooClose) {
			return
		}
		if err := g.plane.Extend(d.New); err != nil {
			rt.Fatal(err)
		}
		checkParts(rt, g, []lot.Shape{s}, d.Parts, 0.001*g.plane.PerimeterM(s), 0.002)
		checkParts(rt, g, first.Parts, d.Parts, 0.001*g.plane.PerimeterM(s), 0.002)
		if _, err := lot.Merge(g.plane, d.Parts, lot.Rules{SnapM: 0.001}); err != nil {
			rt.Fatal(err)
		}
	})
	count.most(t, 0.3)
}

// boundary draws a line from outline to outline through a parcel, on ground of its own: what divides it when it is cut; nil
// where that is not one line.
func boundary(t *rapid.T, dice dice, g ground, poly orb.Polygon) []orb.Point {
	s := g.add(poly)
	d, err := lot.Cut(g.plane, s, dice.line(4), lot.Rules{SnapM: 0.001, LeastWidthM: 0.1})
	if err != nil || len(d.Parts) != 2 {
		return nil
	}
	if err := g.plane.Extend(d.New); err != nil {
		t.Fatal(err)
	}
	ring := d.Parts[0][0]
	common := func(i int) bool {
		from, to := ring[i%len(ring)], ring[(i+1)%len(ring)]
		for k, id := range d.Parts[1][0] {
			if id == to && d.Parts[1][0][(k+1)%len(d.Parts[1][0])] == from {
				return true
			}
		}
		return false
	}
	var pts []orb.Point
	for i := range ring {
		if !common(i+len(ring)-1) && common(i) {
			if pts != nil {
				return nil
			}
			k := i
			for ; common(k); k++ {
				pts = append(pts, g.plane.Point(ring[k%len(ring)]))
			}
			pts = append(pts, g.plane.Point(ring[k%len(ring)]))
		}
	}
	return pts
}

func TestConvexLandIsNeverRefused(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dice := newDice(rt)
		n := dice.int(3, 40)
		ring := make(orb.Ring, 0, n+1)
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * (float64(i) + dice.float(0, 0.5)) / float64(n))
			ring = append(ring, orb.Point{150 * cos, 90 * sin})
		}
		g := newGround(t)
		s := g.add(moved(orb.Polygon{append(ring, ring[0])}))
		total := g.plane.AreaM2(s)
		r := lot.Rules{SnapM: dice.float(0.001, 0.02)}
		d, err := lot.CutArea(g.plane, s, total*dice.float(0.001, 0.999), dice.float(0, 360), lot.Left, r)
		if err != nil || len(d.Parts) != 2 {
			rt.Fatalf("%d parts, %v", len(d.Parts), err)
		}
		parts := dice.int(2, 9)
		d, err = lot.CutInto(g.plane, s, parts, dice.float(0, 360), r)
		if err != nil || len(d.Parts) != parts {
			rt.Fatalf("%d parts of %d, %v", len(d.Parts), parts, err)
		}
		checkRound(rt, g, s, d, 1e-6, 1e-6)
	})
}

func TestAnyPartsMergeJustWhereEdgesJoinThem(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		parts := []lot.Shape{s}
		for range dice.int(1, 4) {
			parts = cutAll(rt, g, parts, dice.line(3))
		}
		var chosen []lot.Shape
		for _, part := range parts {
			if dice.int(0, 2) > 0 {
				chosen = append(chosen, part)
			}
		}
		if len(chosen) < 2 {
			return
		}
		d, err := lot.Merge(g.plane, chosen, lot.Rules{SnapM: 0.001})
		if joined := joinedBySides(chosen); !joined && err == nil {
			rt.Fatal("merged what no edges join")
		} else if joined && !count.took(rt, err, lot.PointContact) || !joined && !count.took(rt, err, lot.NoSharedEdge) {
			return
		}
		checkParts(rt, g, chosen, d.Parts, 1e-6, 1e-6)
	})
	count.most(t, 0.3)
}

// cutAll cuts what a line crosses; new nodes are entered in the parts beside.
func cutAll(t *rapid.T, g ground, parts []lot.Shape, line []orb.Point) []lot.Shape {
	var out []lot.Shape
	for i := range parts {
		d, err := lot.Cut(g.plane, parts[i], line, lot.Rules{SnapM: 0.001, LeastWidthM: 0.01})
		if err != nil {
			out = append(out, parts[i])
			continue
		}
		if err := g.plane.Extend(d.New); err != nil {
			t.Fatal(err)
		}
		var ids []int
		for _, n := range d.New {
			ids = append(ids, n.ID)
		}
		for k := i + 1; k < len(parts); k++ {
			parts[k], _ = lot.Enter(g.plane, parts[k], ids, 1e-6)
		}
		for k := range out {
			out[k], _ = lot.Enter(g.plane, out[k], ids, 1e-6)
		}
		out = append(out, d.Parts...)
	}
	return out
}

// joinedBySides tells whether chains of common sides join all shapes.
func joinedBySides(shapes []lot.Shape) bool {
	seen := map[int]bool{0: true}
	for queue := []int{0}; len(queue) > 0; queue = queue[1:] {
		for k := range shapes {
			if !seen[k] && commonSide(shapes[queue[0]], shapes[k]) {
				seen[k] = true
				queue = append(queue, k)
			}
		}
	}
	return len(seen) == len(shapes)
}

func commonSide(s, o lot.Shape) bool {
	sides := make(map[[2]int]bool)
	for _, ring := range s {
		for i, id := range ring {
			sides[[2]int{id, ring[(i+1)%len(ring)]}] = true
		}
	}
	for _, ring := range o {
		for i, id := range ring {
			if sides[[2]int{ring[(i+1)%len(ring)], id}] {
				return true
			}
		}
	}
	return false
}

func TestParcelsMeasuredApartMergeWithoutSlivers(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := fresh(rt, t)
		d, err := lot.CutShares(g.plane, s, []float64{1, 2, 1}, dice.float(0, 360), lot.Rules{SnapM: 0.005})
		if err != nil {
			return
		}
		if err := g.plane.Extend(d.New); err != nil {
			rt.Fatal(err)
		}
		apart := newGround(t)
		var parts []lot.Shape
		for _, part := range d.Parts {
			poly := g.plane.Polygon(part)
			for _, ring := range poly {
				for i := range ring[1:] {
					ring[i][0] += dice.float(-5e-5, 5e-5)
					ring[i][1] += dice.float(-5e-5, 5e-5)
				}
				ring[len(ring)-1] = ring[0]
			}
			parts = append(parts, apart.add(poly))
		}
		m, err := lot.Merge(apart.plane, parts, lot.Rules{SnapM: 0.001})
		if !count.took(rt, err) {
			return
		}
		if err := sound(apart, m.Parts[0]); err != nil || len(m.Parts[0]) != len(s) {
			rt.Fatalf("%d rings where there were %d: %v", len(m.Parts[0]), len(s), err)
		}
		if off := apart.plane.AreaM2(m.Parts[0]) - g.plane.AreaM2(s); math.Abs(off) > lot.Tolerance(g.plane.PerimeterM(s)) {
			rt.Fatalf("off by %v m²", off)
		}
	})
	count.most(t, 1)
}

// Points of a small grid make rings that cross, touch, fold and repeat themselves, and lines along sides and through corners.
func TestRubbishIsRefusedAndNeverBreaksAnything(t *testing.T) {
	count := newTally()
	rapid.Check(t, func(rt *rapid.T) {
		dice := newDice(rt)
		points := func(least, most int, lo, hi int) orb.LineString {
			pts := make(orb.LineString, dice.int(least, most))
			for i := range pts {
				pts[i] = orb.Point{far[0] + float64(dice.int(lo, hi)), far[1] + float64(dice.int(lo, hi))}
			}
			return pts
		}
		g := newGround(t)
		shapes := make([]lot.Shape, 2)
		for k := range shapes {
			poly := orb.Polygon{orb.Ring(points(3, 7, 0, 5))}
			for range dice.int(0, 1) {
				poly = append(poly, orb.Ring(points(3, 4, 1, 4)))
			}
			shapes[k] = g.add(poly)
		}
		s, line, r := shapes[0], points(0, 5, -1, 6), lot.Rules{SnapM: 0.01}
		for _, run := range []func() (lot.Division, []lot.Shape, error){
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.Cut(g.plane, s, line, r)
				return d, shapes[:1], err
			},
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.CutArea(g.plane, s, dice.float(-1, 20), dice.float(-400, 400), lot.Left, r)
				return d, shapes[:1], err
			},
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.CutInto(g.plane, s, dice.int(0, 5), float64(45*dice.int(0, 8)), r)
				return d, shapes[:1], err
			},
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.Merge(g.plane, shapes, r)
				return d, shapes, err
			},
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.MoveBoundary(g.plane, shapes[0], shapes[1], line, r)
				return d, shapes, err
			},
		} {
			d, parents, err := run()
			var refused *lot.Refused
			if err != nil && !errors.As(err, &refused) {
				rt.Fatal(err)
			}
			if err != nil {
				count.refused[refused.Reason]++
				continue
			}
			count.done++
			own := ground{g.t, g.plane.Clone()}
			if err := own.plane.Extend(d.New); err != nil {
				rt.Fatal(err)
			}
			for _, s := range parents {
				if err := sound(own, s); err != nil {
					rt.Fatalf("took a parcel that is not valid: %v", err)
				}
			}
			checkParts(rt, own, parents, d.Parts, 1e-6, 1e-6)
		}
	})
	count.most(t, 0.01)
}
