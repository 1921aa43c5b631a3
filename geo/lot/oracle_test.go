package lot_test

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"

	"luodi/geo/lot"
)

// TestMain lets each property run 1500 times, unless told how often. What fails is reproduced by the seed it prints: no
// file is left.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("rapid.nofailfile", "true"); err != nil {
		panic(err)
	}
	told := false
	flag.Visit(func(f *flag.Flag) { told = told || f.Name == "rapid.checks" })
	if !told && !testing.Short() {
		if err := flag.Set("rapid.checks", "1500"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// dice draw numbers: by rapid, which likes edges and small cases and can shrink them, or evenly from a seed that rapid
// drew.
type dice struct {
	t *rapid.T
	r *rand.Rand
}

func newDice(t *rapid.T) dice {
	if rapid.IntRange(0, 3).Draw(t, "dice") == 0 {
		return dice{t: t}
	}
	return dice{t, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
}

func (d dice) float(lo, hi float64) float64 {
	if d.r != nil {
		return lo + (hi-lo)*d.r.Float64()
	}
	return rapid.Float64Range(lo, hi).Draw(d.t, "x")
}

func (d dice) int(lo, hi int) int {
	if d.r != nil {
		return lo + d.r.IntN(hi-lo+1)
	}
	return rapid.IntRange(lo, hi).Draw(d.t, "n")
}

// star draws a star-shaped ring of 3 to most vertices about the centre, its radii between least and r, sometimes of
// whole metres or millimetres.
func (d dice) star(most int, centre orb.Point, least, r float64) orb.Ring {
	n := d.int(3, most)
	ring := make(orb.Ring, 0, n+1)
	grid := []float64{0, 0, 1, 0.001}[d.int(0, 3)]
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + d.float(0, 0.7)) / float64(n))
		radius := d.float(least, r)
		p := orb.Point{centre[0] + radius*cos, centre[1] + radius*sin}
		if grid > 0 && least > 10 {
			p = orb.Point{math.Round(p[0]/grid) * grid, math.Round(p[1]/grid) * grid}
		}
		ring = append(ring, p)
	}
	return append(ring, ring[0])
}

// skyline draws a concave parcel of whole metres, a street with houses of many heights, so that lines meet corners and
// sides.
func (d dice) skyline() orb.Polygon {
	var ring orb.Ring
	var x float64
	for range d.int(1, 12) {
		width, height := float64(d.int(1, 20)), float64(5*d.int(1, 6))
		ring = append(ring, orb.Point{x, height}, orb.Point{x + width, height})
		x += width
	}
	ring = append(ring, orb.Point{x, 0}, orb.Point{0, 0})
	return orb.Polygon{append(ring, ring[0])}
}

// parcel draws a parcel of up to some hundred metres, with up to three holes.
func (d dice) parcel() orb.Polygon {
	if d.int(0, 3) == 0 {
		return moved(d.skyline())
	}
	poly := orb.Polygon{d.star(80, orb.Point{}, 60, 200)}
	if len(poly[0]) > 12 { // with fewer corners the middle may not be land
		for i := range d.int(0, 3) {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / 3)
			poly = append(poly, d.star(20, orb.Point{20 * cos, 20 * sin}, 2, 12))
		}
	}
	return moved(poly)
}

// line draws a line of up to most points that begins and ends well outside, mostly by way of the middle, its points
// sometimes whole metres.
func (d dice) line(most int) []orb.Point {
	angle := d.float(0, 2*math.Pi)
	pts := []orb.Point{onCircle(angle)}
	if most > 2 && d.int(0, 3) > 0 {
		pts = append(pts, orb.Point{d.float(-30, 30), d.float(-30, 30)})
	}
	for range d.int(0, most-len(pts)-1) {
		pts = append(pts, orb.Point{d.float(-100, 100), d.float(-100, 100)})
	}
	pts = append(pts, onCircle(angle+d.float(2, 4)))
	whole := d.int(0, 1) == 0
	for i, p := range pts {
		if whole {
			p = orb.Point{math.Round(p[0]), math.Round(p[1])}
		}
		pts[i] = orb.Point{p[0] + far[0], p[1] + far[1]}
	}
	return pts
}

func onCircle(angle float64) orb.Point {
	sin, cos := math.Sincos(angle)
	return orb.Point{400 * cos, 400 * sin}
}

// sound asks an independent library whether a shape is a valid polygon.
func sound(g ground, s lot.Shape) error {
	rings := make([][]float64, len(s))
	for i, ring := range g.plane.Polygon(s) {
		for _, p := range ring {
			rings[i] = append(rings[i], p[0]-far[0], p[1]-far[1])
		}
	}
	return geom.NewPolygonXY(rings...).Validate()
}

// holds tells by counting crossings of a ray, in plain float64, whether p is in a polygon, and how near its boundary
// is.
func holds(poly orb.Polygon, p orb.Point) (in bool, near float64) {
	near = math.Inf(1)
	for _, ring := range poly {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > p[1]) != (b[1] > p[1]) && p[0]-a[0] < (b[0]-a[0])*((p[1]-a[1])/(b[1]-a[1])) {
				in = !in
			}
			dx, dy := b[0]-a[0], b[1]-a[1]
			share := math.Max(0, math.Min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/(dx*dx+dy*dy)))
			near = math.Min(near, math.Hypot(a[0]+share*dx-p[0], a[1]+share*dy-p[1]))
		}
	}
	return in, near
}

// checkParts checks that parts are valid, disjoint, and cover just what the parents do; tolM2 is how far areas may
// differ.
func checkParts(t *rapid.T, g ground, parents, parts []lot.Shape, tolM2, tolM float64) {
	var before, after float64
	for _, s := range parents {
		before += g.plane.AreaM2(s)
	}
	polys := make([]orb.Polygon, len(parts))
	for i, s := range parts {
		if err := sound(g, s); err != nil {
			t.Fatalf("part %d is not valid: %v: %s", i, err, g.wkt(s))
		}
		after += g.plane.AreaM2(s)
		polys[i] = g.plane.Polygon(s)
	}
	if math.Abs(before-after) > tolM2 {
		t.Fatalf("%v m² of %v are lost", before-after, before)
	}
	box := polys[0].Bound()
	for _, s := range parents {
		box = box.Union(g.plane.Polygon(s).Bound())
	}
	random := rand.New(rand.NewPCG(uint64(len(parts)), math.Float64bits(after)))
	for range 30 {
		p := orb.Point{box.Min[0] + random.Float64()*(box.Max[0]-box.Min[0]), box.Min[1] +
			random.Float64()*(box.Max[1]-box.Min[1])}
		want, got := 0, 0
		least := math.Inf(1)
		for _, s := range parents {
			in, near := holds(g.plane.Polygon(s), p)
			if least = min(least, near); in {
				want++
			}
		}
		for _, poly := range polys {
			in, near := holds(poly, p)
			if least = min(least, near); in {
				got++
			}
		}
		if least > tolM && got != want {
			t.Fatalf("%v is in %d parts and %d parents", p, got, want)
		}
	}
}

// checkEdges checks that every side of every shape is a side of just one other, the other way round: that they leave no
// gap and no overlap, by number. The outermost ring of the frame is left out.
func checkEdges(t *rapid.T, g ground, shapes []lot.Shape, frame lot.Shape) {
	type side struct{ a, b int }
	count := make(map[side]int)
	for _, s := range append(shapes, frame[1:]) {
		for _, ring := range s {
			for i, id := range ring {
				count[side{id, ring[(i+1)%len(ring)]}]++
			}
		}
	}
	for s, n := range count {
		if n != 1 || count[side{s.b, s.a}] != 1 {
			t.Fatalf("the side %v to %v is there %d times one way and %d the other", g.plane.Point(s.a),
				g.plane.Point(s.b), n, count[side{s.b, s.a}])
		}
	}
}

// frame is what lies round a parcel: everything within 1 km less its outer ring, and its holes as parcels of their own.
func frame(g ground, s lot.Shape) (around lot.Shape, islands []lot.Shape) {
	around = g.add(moved(orb.Polygon{{{-1000, -1000}, {1000, -1000}, {1000, 1000}, {-1000, 1000}, {-1000, -1000}}}))
	around = append(around, backwards(s[0]))
	for _, hole := range s[1:] {
		islands = append(islands, lot.Shape{backwards(hole)})
	}
	return around, islands
}

// backwards returns a ring run the other way.
func backwards(ring []int) []int {
	out := slices.Clone(ring)
	slices.Reverse(out)
	return out
}
