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
	if sound(g, s) != nil || closest(g, s) < 0.02 {
		t.Skip("the drawn parcel crosses itself, or has corners that snapping could mix up")
	}
	return g, s, d
}

// closest is the distance between the two vertices of a shape that are closest.
func closest(g ground, s lot.Shape) float64 {
	least := math.Inf(1)
	all := slices.Concat(s...)
	for i, id := range all {
		for _, other := range all[:i] {
			p, q := g.plane.Point(id), g.plane.Point(other)
			least = min(least, math.Hypot(p[0]-q[0], p[1]-q[1]))
		}
	}
	return least
}

// checkRound checks a division of one parcel in all ways: its parts, its neighbours, and that merging gives the parcel
// back.
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
		if count.took(rt, err, lot.LineMisses, lot.LineTouches, lot.LineCrosses, lot.PointContact, lot.TooClose) {
			checkRound(rt, g, s, d, 1e-6*math.Max(1, g.plane.PerimeterM(s)/2000), 1e-6)
		}
	})
	count.most(t, 0.5)
}

// checkCount checks how many parts a straight line makes of a parcel without holes, where it passes no corner closely:
// half as many, and one, as the sides it crosses. So it also checks that a line is refused only where it crosses none.
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
		if count.took(rt, err, lot.LineMisses, lot.LineTouches, lot.LineCrosses, lot.PointContact, lot.LineEndsInside,
			lot.TooClose) {
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
		bearing := rapid.SampledFrom([]float64{0, 90, 180, 270, 45,
			rapid.Float64Range(-360, 360).Draw(rt, "any")}).Draw(rt, "bearing")
		side := lot.Side(dice.int(0, 1))
		d, err := lot.CutArea(g.plane, s, want, bearing, side,
			lot.Rules{SnapM: rapid.SampledFrom([]float64{0.001, 0.02}).Draw(rt, "snap")})
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
