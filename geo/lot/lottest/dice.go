package lottest

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"

	"luodi/geo/lot"
)

// Main runs tests with each property tried 1500 times, unless told how often. What fails is reproduced by the seed it
// prints: no file is left.
func Main(m *testing.M) {
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

// Dice draw numbers: by rapid, which likes edges and small cases and can shrink them, or evenly from a seed that rapid
// drew.
type Dice struct {
	t *rapid.T
	r *rand.Rand
}

// NewDice draws the kind of dice.
func NewDice(t *rapid.T) Dice {
	if rapid.IntRange(0, 3).Draw(t, "dice") == 0 {
		return Dice{t: t}
	}
	return Dice{t, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
}

// Seeded are dice without rapid.
func Seeded(seed, stream uint64) Dice { return Dice{r: rand.New(rand.NewPCG(seed, stream))} }

// Float draws a number from lo to hi.
func (d Dice) Float(lo, hi float64) float64 {
	if d.r != nil {
		return lo + (hi-lo)*d.r.Float64()
	}
	return rapid.Float64Range(lo, hi).Draw(d.t, "x")
}

// Int draws a whole number from lo to hi.
func (d Dice) Int(lo, hi int) int {
	if d.r != nil {
		return lo + d.r.IntN(hi-lo+1)
	}
	return rapid.IntRange(lo, hi).Draw(d.t, "n")
}

// Star draws a star-shaped ring of 3 to most vertices about the centre, its radii between least and r, sometimes of
// whole metres or millimetres.
func (d Dice) Star(most int, centre orb.Point, least, r float64) orb.Ring {
	n := d.Int(3, most)
	ring := make(orb.Ring, 0, n+1)
	grid := []float64{0, 0, 1, 0.001}[d.Int(0, 3)]
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + d.Float(0, 0.7)) / float64(n))
		radius := d.Float(least, r)
		p := orb.Point{centre[0] + radius*cos, centre[1] + radius*sin}
		if grid > 0 && least > 10 {
			p = orb.Point{math.Round(p[0]/grid) * grid, math.Round(p[1]/grid) * grid}
		}
		ring = append(ring, p)
	}
	return append(ring, ring[0])
}

// Skyline draws a concave parcel of whole metres, a street with houses of many heights, so that lines meet corners and
// sides.
func (d Dice) Skyline() orb.Polygon {
	var ring orb.Ring
	var x float64
	for range d.Int(1, 12) {
		width, height := float64(d.Int(1, 20)), float64(5*d.Int(1, 6))
		ring = append(ring, orb.Point{x, height}, orb.Point{x + width, height})
		x += width
	}
	ring = append(ring, orb.Point{x, 0}, orb.Point{0, 0})
	return orb.Polygon{append(ring, ring[0])}
}

// Parcel draws a parcel of up to some hundred metres, with up to three holes.
func (d Dice) Parcel() orb.Polygon {
	if d.Int(0, 3) == 0 {
		return Moved(d.Skyline())
	}
	poly := orb.Polygon{d.Star(80, orb.Point{}, 60, 200)}
	if len(poly[0]) > 12 { // with fewer corners the middle may not be land
		for i := range d.Int(0, 3) {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / 3)
			poly = append(poly, d.Star(20, orb.Point{20 * cos, 20 * sin}, 2, 12))
		}
	}
	return Moved(poly)
}

// Line draws a line of up to most points that begins and ends well outside, mostly by way of the middle, its points
// sometimes whole metres.
func (d Dice) Line(most int) []orb.Point {
	angle := d.Float(0, 2*math.Pi)
	pts := []orb.Point{onCircle(angle)}
	if most > 2 && d.Int(0, 3) > 0 {
		pts = append(pts, orb.Point{d.Float(-30, 30), d.Float(-30, 30)})
	}
	for range d.Int(0, most-len(pts)-1) {
		pts = append(pts, orb.Point{d.Float(-100, 100), d.Float(-100, 100)})
	}
	pts = append(pts, onCircle(angle+d.Float(2, 4)))
	whole := d.Int(0, 1) == 0
	for i, p := range pts {
		if whole {
			p = orb.Point{math.Round(p[0]), math.Round(p[1])}
		}
		pts[i] = orb.Point{p[0] + Far[0], p[1] + Far[1]}
	}
	return pts
}

func onCircle(angle float64) orb.Point {
	sin, cos := math.Sincos(angle)
	return orb.Point{400 * cos, 400 * sin}
}

// Sound asks an independent library whether a shape is a valid polygon.
func Sound(g Ground, s lot.Shape) error {
	rings := make([][]float64, len(s))
	for i, ring := range g.Plane.Polygon(s) {
		for _, p := range ring {
			rings[i] = append(rings[i], p[0]-Far[0], p[1]-Far[1])
		}
	}
	return geom.NewPolygonXY(rings...).Validate()
}

// Holds tells by counting crossings of a ray, in plain float64, whether p is in a polygon, and how near its boundary
// is.
func Holds(poly orb.Polygon, p orb.Point) (in bool, near float64) {
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
