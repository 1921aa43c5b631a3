package lot_test

import (
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

func TestAnyMovedBoundaryKeepsTheGround(t *testing.T) {
	count := lottest.NewTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := lottest.Fresh(rt, t)
		first, err := lot.Cut(g.Plane, s, dice.Line(2), lot.Rules{SnapM: 0.001, LeastWidthM: 0.1})
		if err != nil || len(first.Parts) != 2 {
			return
		}
		if err := g.Plane.Extend(first.New); err != nil {
			rt.Fatal(err)
		}
		var pts []orb.Point
		for range 8 {
			if pts = boundary(rt, dice, lottest.NewGround(t), g.Plane.Polygon(s)); pts != nil {
				break
			}
		}
		if pts == nil {
			return
		}
		d, err := lot.MoveBoundary(g.Plane, first.Parts[0], first.Parts[1], pts, lot.Rules{SnapM: 0.001})
		if !count.Took(rt, err, lot.LineEndsInside, lot.LineLeaves, lot.PointContact, lot.SeveralPieces,
			lot.LineCrosses, lot.TooClose) {
			return
		}
		if err := g.Plane.Extend(d.New); err != nil {
			rt.Fatal(err)
		}
		checkParts(rt, g, []lot.Shape{s}, d.Parts, 0.001*g.Plane.PerimeterM(s), 0.002)
		checkParts(rt, g, first.Parts, d.Parts, 0.001*g.Plane.PerimeterM(s), 0.002)
		if _, err := lot.Merge(g.Plane, d.Parts, lot.Rules{SnapM: 0.001}); err != nil {
			rt.Fatal(err)
		}
	})
	count.Most(t, 0.3)
}

// boundary draws a line from outline to outline through a parcel, on ground of its own: what divides it when it is cut;
// nil where that is not one line.
func boundary(t *rapid.T, dice lottest.Dice, g lottest.Ground, poly orb.Polygon) []orb.Point {
	s := g.Add(poly)
	d, err := lot.Cut(g.Plane, s, dice.Line(4), lot.Rules{SnapM: 0.001, LeastWidthM: 0.1})
	if err != nil || len(d.Parts) != 2 {
		return nil
	}
	if err := g.Plane.Extend(d.New); err != nil {
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
				pts = append(pts, g.Plane.Point(ring[k%len(ring)]))
			}
			pts = append(pts, g.Plane.Point(ring[k%len(ring)]))
		}
	}
	return pts
}

func TestAnyPartsMergeJustWhereEdgesJoinThem(t *testing.T) {
	count := lottest.NewTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := lottest.Fresh(rt, t)
		parts := []lot.Shape{s}
		for range dice.Int(1, 4) {
			parts = cutAll(rt, g, parts, dice.Line(3))
		}
		var chosen []lot.Shape
		for _, part := range parts {
			if dice.Int(0, 2) > 0 {
				chosen = append(chosen, part)
			}
		}
		if len(chosen) < 2 {
			return
		}
		d, err := lot.Merge(g.Plane, chosen, lot.Rules{SnapM: 0.001})
		if joined := joinedBySides(chosen); !joined && err == nil {
			rt.Fatal("merged what no edges join")
		} else if joined && !count.Took(rt, err, lot.PointContact) || !joined &&
			!count.Took(rt, err, lot.NoSharedEdge) {
			return
		}
		checkParts(rt, g, chosen, d.Parts, 1e-6, 1e-6)
	})
	count.Most(t, 0.3)
}

// cutAll cuts what a line crosses; new nodes are entered in the parts beside.
func cutAll(t *rapid.T, g lottest.Ground, parts []lot.Shape, line []orb.Point) []lot.Shape {
	var out []lot.Shape
	for i := range parts {
		d, err := lot.Cut(g.Plane, parts[i], line, lot.Rules{SnapM: 0.001, LeastWidthM: 0.01})
		if err != nil {
			out = append(out, parts[i])
			continue
		}
		if err := g.Plane.Extend(d.New); err != nil {
			t.Fatal(err)
		}
		var ids []int
		for _, n := range d.New {
			ids = append(ids, n.ID)
		}
		for k := i + 1; k < len(parts); k++ {
			parts[k], _ = lot.Enter(g.Plane, parts[k], ids, 1e-6)
		}
		for k := range out {
			out[k], _ = lot.Enter(g.Plane, out[k], ids, 1e-6)
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
	count := lottest.NewTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := lottest.Fresh(rt, t)
		d, err := lot.CutShares(g.Plane, s, []float64{1, 2, 1}, dice.Float(0, 360), lot.Rules{SnapM: 0.005})
		if err != nil {
			return
		}
		if err := g.Plane.Extend(d.New); err != nil {
			rt.Fatal(err)
		}
		apart := lottest.NewGround(t)
		var parts []lot.Shape
		for _, part := range d.Parts {
			poly := g.Plane.Polygon(part)
			for _, ring := range poly {
				for i := range ring[1:] {
					ring[i][0] += dice.Float(-5e-5, 5e-5)
					ring[i][1] += dice.Float(-5e-5, 5e-5)
				}
				ring[len(ring)-1] = ring[0]
			}
			parts = append(parts, apart.Add(poly))
			if lottest.Sound(apart, parts[len(parts)-1]) != nil {
				return // thinner than the error
			}
		}
		m, err := lot.Merge(apart.Plane, parts, lot.Rules{SnapM: 0.001})
		if !count.Took(rt, err) {
			return
		}
		if err := lottest.Sound(apart, m.Parts[0]); err != nil || len(m.Parts[0]) != len(s) {
			rt.Fatalf("%d rings where there were %d: %v", len(m.Parts[0]), len(s), err)
		}
		if off := apart.Plane.AreaM2(m.Parts[0]) - g.Plane.AreaM2(s); math.Abs(off) > lot.Tolerance(g.Plane.PerimeterM(s)) {
			rt.Fatalf("off by %v m²", off)
		}
	})
	count.Most(t, 1)
}

// Points of a small grid make rings that cross, touch, fold and repeat themselves, and lines along sides and through
// corners.
func TestRubbishIsRefusedAndNeverBreaksAnything(t *testing.T) {
	count := lottest.NewTally()
	rapid.Check(t, func(rt *rapid.T) {
		dice := lottest.NewDice(rt)
		points := func(least, most int, lo, hi int) orb.LineString {
			pts := make(orb.LineString, dice.Int(least, most))
			for i := range pts {
				pts[i] = orb.Point{lottest.Far[0] + float64(dice.Int(lo, hi)), lottest.Far[1] +
					float64(dice.Int(lo, hi))}
			}
			return pts
		}
		g := lottest.NewGround(t)
		shapes := make([]lot.Shape, 2)
		for k := range shapes {
			poly := orb.Polygon{orb.Ring(points(3, 7, 0, 5))}
			for range dice.Int(0, 1) {
				poly = append(poly, orb.Ring(points(3, 4, 1, 4)))
			}
			shapes[k] = g.Add(poly)
		}
		s, line, r := shapes[0], points(0, 5, -1, 6), lot.Rules{SnapM: 0.01}
		for _, run := range []func() (lot.Division, []lot.Shape, error){
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.Cut(g.Plane, s, line, r)
				return d, shapes[:1], err
			},
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.CutArea(g.Plane, s, dice.Float(-1, 20), dice.Float(-400, 400), lot.Left, r)
				return d, shapes[:1], err
			},
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.CutInto(g.Plane, s, dice.Int(0, 5), float64(45*dice.Int(0, 8)), r)
				return d, shapes[:1], err
			},
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.Merge(g.Plane, shapes, r)
				return d, shapes, err
			},
			func() (lot.Division, []lot.Shape, error) {
				d, err := lot.MoveBoundary(g.Plane, shapes[0], shapes[1], line, r)
				return d, shapes, err
			},
		} {
			d, parents, err := run()
			var refused *lot.Refused
			if err != nil && !errors.As(err, &refused) {
				rt.Fatal(err)
			}
			if err != nil {
				count.Refused[refused.Reason]++
				continue
			}
			count.Done++
			own := lottest.NewGround(t)
			own.Plane = g.Plane.Clone()
			if err := own.Plane.Extend(d.New); err != nil {
				rt.Fatal(err)
			}
			for _, s := range parents {
				if err := lottest.Sound(own, s); err != nil {
					rt.Fatalf("took a parcel that is not valid: %v", err)
				}
			}
			checkParts(rt, own, parents, d.Parts, 1e-6, 1e-6)
		}
	})
	count.Most(t, 0.01)
}
