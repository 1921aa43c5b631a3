package lot_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// checkRound checks a division of one parcel in all ways: its parts, its neighbours, and that merging gives the parcel
// back.
func checkRound(t *rapid.T, g lottest.Ground, s lot.Shape, d lot.Division, tolM2, tolM float64) {
	if err := g.Plane.Extend(d.New); err != nil {
		t.Fatal(err)
	}
	checkParts(t, g, []lot.Shape{s}, d.Parts, tolM2, tolM)
	around, islands := frame(g, s)
	ids := onEdges(d)
	around, _ = lot.Enter(g.Plane, around, ids, 0.001)
	all := slices.Clone(d.Parts)
	for _, island := range islands {
		island, _ = lot.Enter(g.Plane, island, ids, 0.001)
		all = append(all, island)
	}
	checkEdges(t, g, all, around)
	m, err := lot.Merge(g.Plane, d.Parts, lot.Rules{SnapM: 0.001})
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
	count := lottest.NewTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := lottest.Fresh(rt, t)
		line := dice.Line(5)
		d, err := lot.Cut(g.Plane, s, line, lot.Rules{SnapM: 0.001})
		checkCount(rt, g, s, line, len(d.Parts), err)
		if count.Took(rt, err, lot.LineMisses, lot.LineTouches, lot.LineCrosses, lot.PointContact, lot.TooClose) {
			checkRound(rt, g, s, d, 1e-6*math.Max(1, g.Plane.PerimeterM(s)/2000), 1e-6)
		}
	})
	count.Most(t, 0.5)
}

// checkCount checks how many parts a straight line makes of a parcel without holes, where it passes no corner closely:
// half as many, and one, as the sides it crosses. So it also checks that a line is refused only where it crosses none.
func checkCount(t *rapid.T, g lottest.Ground, s lot.Shape, line []orb.Point, parts int, err error) {
	if len(line) > 2 || len(s) > 1 {
		return
	}
	height := func(id int) float64 {
		p, a, b := g.Plane.Point(id), line[0], line[1]
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
	count := lottest.NewTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := lottest.Fresh(rt, t)
		line := dice.Line(4)
		corner := g.Plane.Point(s[0][dice.Int(0, len(s[0])-1)])
		corner[0] += dice.Float(-0.02, 0.02)
		corner[1] += dice.Float(-0.02, 0.02)
		line = slices.Insert(line, dice.Int(0, len(line)), corner)
		d, err := lot.Cut(g.Plane, s, line, lot.Rules{SnapM: 0.02})
		if count.Took(rt, err, lot.LineMisses, lot.LineTouches, lot.LineCrosses, lot.PointContact, lot.LineEndsInside,
			lot.TooClose) {
			checkEnds(rt, g, d, 0.02)
			checkRound(rt, g, s, d, 0.02*g.Plane.PerimeterM(s)+0.01, 0.03)
		}
	})
	count.Most(t, 0.4)
}

func TestAnyAreaIsMetOrRefused(t *testing.T) {
	count := lottest.NewTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := lottest.Fresh(rt, t)
		total := g.Plane.AreaM2(s)
		want := total * dice.Float(0.02, 0.98)
		if rapid.Bool().Draw(rt, "whole") {
			want = math.Max(1, math.Round(want))
		}
		bearing := rapid.SampledFrom([]float64{0, 90, 180, 270, 45,
			rapid.Float64Range(-360, 360).Draw(rt, "any")}).Draw(rt, "bearing")
		side := lot.Side(dice.Int(0, 1))
		d, err := lot.CutArea(g.Plane, s, want, bearing, side,
			lot.Rules{SnapM: rapid.SampledFrom([]float64{0.001, 0.02}).Draw(rt, "snap")})
		if !count.Took(rt, err, lot.SeveralPieces, lot.PointContact, lot.BadArea) {
			return
		}
		checkRound(rt, g, s, d, 1e-6, 1e-6)
		if got := g.Plane.AreaM2(d.Parts[0]); math.Abs(got-want) > 0.001 || len(d.Parts) != 2 {
			rt.Fatalf("%d parts, %v m² in place of %v", len(d.Parts), got, want)
		}
		checkSides(rt, g, s, d, bearing, side)
	})
	count.Most(t, 0.7)
}

// checkSides checks that the piece is on the side asked for: where the cut is, its land lies that way.
func checkSides(t *rapid.T, g lottest.Ground, s lot.Shape, d lot.Division, bearing float64, side lot.Side) {
	sin, cos := math.Sincos(bearing * math.Pi / 180)
	if side == lot.Right {
		sin, cos = -sin, -cos
	}
	away := func(part lot.Shape) float64 { // the middle of the outer ring's corners, to the left of the direction
		low, high := math.Inf(1), math.Inf(-1)
		for _, id := range part[0] {
			p := g.Plane.Point(id)
			y := (p[1]-lottest.Far[1])*sin - (p[0]-lottest.Far[0])*cos
			low, high = min(low, y), max(high, y)
		}
		return low
	}
	if piece, rest := away(d.Parts[0]), away(d.Parts[1]); piece < rest-1e-6 {
		t.Fatalf("the piece reaches %v, further back than the rest at %v", piece, rest)
	}
}

func TestAnyPartsHaveTheirShares(t *testing.T) {
	count := lottest.NewTally()
	rapid.Check(t, func(rt *rapid.T) {
		g, s, dice := lottest.Fresh(rt, t)
		shares := rapid.SliceOfN(rapid.Float64Range(0.5, 3), 2, 7).Draw(rt, "shares")
		var sum float64
		for _, x := range shares {
			sum += x
		}
		d, err := lot.CutShares(g.Plane, s, shares, dice.Float(0, 360), lot.Rules{SnapM: 0.005})
		if !count.Took(rt, err, lot.SeveralPieces, lot.PointContact) {
			return
		}
		total := g.Plane.AreaM2(s)
		checkRound(rt, g, s, d, 1e-6, 1e-6)
		for i, area := range g.Areas(d.Parts) {
			if math.Abs(area-total*shares[i]/sum) > 0.002 {
				rt.Fatalf("part %d of shares %v has %v of %v m²", i, shares, area, total)
			}
		}
	})
	count.Most(t, 0.4)
}

func TestConvexLandIsNeverRefused(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dice := lottest.NewDice(rt)
		n := dice.Int(3, 40)
		ring := make(orb.Ring, 0, n+1)
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * (float64(i) + dice.Float(0, 0.5)) / float64(n))
			ring = append(ring, orb.Point{150 * cos, 90 * sin})
		}
		g := lottest.NewGround(t)
		s := g.Add(lottest.Moved(orb.Polygon{append(ring, ring[0])}))
		total := g.Plane.AreaM2(s)
		r := lot.Rules{SnapM: dice.Float(0.001, 0.02)}
		d, err := lot.CutArea(g.Plane, s, total*dice.Float(0.001, 0.999), dice.Float(0, 360), lot.Left, r)
		if err != nil || len(d.Parts) != 2 {
			rt.Fatalf("%d parts, %v", len(d.Parts), err)
		}
		parts := dice.Int(2, 9)
		d, err = lot.CutInto(g.Plane, s, parts, dice.Float(0, 360), r)
		if err != nil || len(d.Parts) != parts {
			rt.Fatalf("%d parts of %d, %v", len(d.Parts), parts, err)
		}
		checkRound(rt, g, s, d, 1e-6, 1e-6)
	})
}
