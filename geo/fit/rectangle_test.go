package fit_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/fit"
	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// ngon is a regular polygon of n corners on a circle.
func ngon(n int, r float64) orb.Polygon {
	var ring orb.Ring
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		ring = append(ring, orb.Point{r * cos, r * sin})
	}
	return orb.Polygon{append(ring, ring[0])}
}

// turnedBy turns a polygon about 0, 0 and moves it far.
func turnedBy(poly orb.Polygon, degrees float64) orb.Polygon {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	out := poly.Clone()
	for _, ring := range out {
		for i, p := range ring {
			ring[i] = orb.Point{p[0]*cos - p[1]*sin, p[0]*sin + p[1]*cos}
		}
	}
	return lottest.Moved(out)
}

// teeth is a hole of 80 m in a square of 100, with teeth 0.2 m thick every 10 m that reach to 0.5 m from the square's
// sides.
func teeth() orb.Ring {
	var ring orb.Ring
	for side := range 4 {
		sin, cos := math.Sincos(float64(side) * math.Pi / 2)
		put := func(x, y float64) {
			ring = append(ring, orb.Point{50 + (x-50)*cos - (y-50)*sin, 50 + (x-50)*sin + (y-50)*cos})
		}
		put(10, 10)
		for x := 20.0; x < 90; x += 10 {
			put(x-0.1, 10)
			put(x-0.1, 0.5)
			put(x+0.1, 0.5)
			put(x+0.1, 10)
		}
	}
	return append(ring, ring[0])
}

// drawn is a rectangle as a ring, counter-clockwise and closed.
func drawn(r fit.Rectangle) orb.Ring {
	sin, cos := math.Sincos(r.Bearing * math.Pi / 180)
	at := func(x, y float64) orb.Point {
		return orb.Point{r.Centre[0] + x*sin - y*cos, r.Centre[1] + x*cos + y*sin}
	}
	x, y := r.LengthM/2, r.WidthM/2
	return orb.Ring{at(-x, -y), at(x, -y), at(x, y), at(-x, y), at(-x, -y)}
}

// checkInside checks that a rectangle lies in a parcel.
func checkInside(t testing.TB, g lottest.Ground, s lot.Shape, r fit.Rectangle) {
	t.Helper()
	poly := g.Plane.Polygon(s)
	ring := drawn(r)
	for i := 1; i < len(ring); i++ {
		for share := 0.0; share <= 1; share += 1.0 / 64 {
			p := orb.Point{ring[i-1][0] + share*(ring[i][0]-ring[i-1][0]), ring[i-1][1] +
				share*(ring[i][1]-ring[i-1][1])}
			if in, near := lottest.Holds(poly, p); !in && near > 1e-7 {
				t.Fatalf("%+v leaves %s by %v m at %v", r, g.WKT(s), near, p)
			}
		}
	}
	whole := orb.Polygon{ring}
	for _, r := range poly {
		for _, p := range r {
			if in, near := lottest.Holds(whole, p); in && near > 1e-7 {
				t.Fatalf("%v lies %v m within the rectangle", p, near)
			}
		}
	}
}

func TestLargestRectangleOfKnownShapes(t *testing.T) {
	t.Parallel()
	box := func(x0, y0, x1, y1 float64) orb.Ring {
		return orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
	}
	cases := []struct {
		name string
		poly orb.Polygon
		want fit.Sides
		m2   float64
	}{
		{"a rectangle is its own", orb.Polygon{box(0, 0, 300, 40)}, fit.Sides{}, 12000},
		{"half of a triangle", orb.Polygon{{{0, 0}, {120, 0}, {50, 90}, {0, 0}}}, fit.Sides{}, 2700},
		{"the square in a circle", ngon(360, 100), fit.Sides{}, 20000},
		{"twice as long as wide in a circle", ngon(360, 100), fit.Sides{LeastRatio: 2}, 4e4 * 2 / 5},
		{"one arm of an L", orb.Polygon{{{0, 0}, {200, 0}, {200, 30}, {30, 30}, {30, 100}, {0, 100}, {0, 0}}},
			fit.Sides{}, 6000},
		{"beside a hole", orb.Polygon{box(0, 0, 100, 100), box(40, 40, 60, 60)}, fit.Sides{}, 4000},
		{"an arm of a frame, not what it frames", orb.Polygon{box(0, 0, 100, 100), box(4, 4, 96, 96)}, fit.Sides{},
			400},
		{"a bay of a comb, not what it is round", orb.Polygon{box(0, 0, 100, 100), teeth()}, fit.Sides{}, 199},
		{"a square beside a hole", orb.Polygon{box(0, 0, 100, 100), box(40, 40, 60, 60)}, fit.Sides{MostRatio: 1},
			1600},
		{"as wide as asked, though smaller", orb.Polygon{{{0, 0}, {200, 0}, {200, 30}, {50, 30}, {50, 80}, {0, 80},
			{0, 0}}}, fit.Sides{LeastWidthM: 40}, 4000},
	}
	for _, c := range cases {
		for _, degrees := range []float64{0, 7.3, 45, 81} {
			g := lottest.NewGround(t)
			s := g.Add(turnedBy(c.poly, degrees))
			got, err := fit.LargestRectangle(g.Plane, s, c.want)
			if err != nil {
				t.Fatalf("%s, turned %v: %v", c.name, degrees, err)
			}
			checkInside(t, g, s, got)
			if got.AreaM2() < 0.99*c.m2 || got.AreaM2() > 1.001*c.m2 {
				t.Errorf("%s, turned %v: %v m², want %v", c.name, degrees, got.AreaM2(), c.m2)
			}
		}
	}
}

const columns = 400

// bySlices looks for the largest rectangle at one angle over cells, 400 across and n up, that lie wholly inside.
func bySlices(poly orb.Polygon, angle float64, n int) float64 {
	sin, cos := math.Sincos(angle)
	at := func(p orb.Point) orb.Point {
		x, y := p[0]-lottest.Far[0], p[1]-lottest.Far[1]
		return orb.Point{x*cos + y*sin, y*cos - x*sin}
	}
	box := orb.Bound{Min: at(poly[0][0]), Max: at(poly[0][0])}
	for _, p := range poly[0] {
		box = box.Extend(at(p))
	}
	wide, tall := (box.Max[0]-box.Min[0])/columns, (box.Max[1]-box.Min[1])/float64(n)
	column := func(x float64) int { return max(0, min(columns, int(math.Floor((x-box.Min[0])/wide)))) }
	free := make([][columns]bool, n)
	for i := range free {
		y0 := box.Min[1] + float64(i)*tall
		y1 := y0 + tall
		var blocked [columns]bool
		var flips [columns + 1]bool
		for _, ring := range poly {
			for k := 1; k < len(ring); k++ {
				p, q := at(ring[k-1]), at(ring[k])
				if p[1] > q[1] {
					p, q = q, p
				}
				if q[1] < y0 || p[1] > y1 {
					continue
				}
				x := func(y float64) float64 { return p[0] + (q[0]-p[0])*(y-p[1])/math.Max(q[1]-p[1], 1e-300) }
				a, b := p[0], q[0]
				if p[1] < y0 {
					a = x(y0)
				}
				if q[1] > y1 {
					b = x(y1)
				}
				for c := column(min(a, b)); c < columns && c <= column(max(a, b)); c++ {
					blocked[c] = true
				}
				if middle := (y0 + y1) / 2; (p[1] > middle) != (q[1] > middle) {
					c := column(x(middle))
					flips[c] = !flips[c]
				}
			}
		}
		in := false
		for c := range columns {
			in = in != flips[c]
			free[i][c] = in && !blocked[c]
		}
	}
	return histogram(free, wide, tall)
}

// histogram is the largest rectangle of free cells.
func histogram(free [][columns]bool, wide, tall float64) float64 {
	var heights [columns + 1]int
	var best float64
	for _, row := range free {
		var stack []int
		for c := range heights {
			if c < columns && row[c] {
				heights[c]++
			} else {
				heights[c] = 0
			}
			for len(stack) > 0 && heights[stack[len(stack)-1]] >= heights[c] {
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				left := 0
				if len(stack) > 0 {
					left = stack[len(stack)-1] + 1
				}
				best = max(best, float64(heights[top])*tall*float64(c-left)*wide)
			}
			stack = append(stack, c)
		}
	}
	return best
}

// block is a parcel as a cadastre has them: about a rectangle, with cut corners, in an L, with a curved side.
func block(seed uint64) orb.Polygon {
	d := lottest.Seeded(seed, 77)
	w, h := d.Float(20, 300), d.Float(20, 300)
	off := func(most float64) float64 { return d.Float(-most, most) }
	var ring orb.Ring
	switch d.Int(0, 4) {
	case 0:
		ring = orb.Ring{{off(3), off(3)}, {w + off(3), off(3)}, {w + off(3), h + off(3)}, {off(3), h + off(3)}}
	case 1:
		c := d.Float(5, 10)
		ring = orb.Ring{{c, 0}, {w - c, off(1)}, {w, c}, {w + off(3), h - c}, {w - c, h}, {c, h + off(1)}, {0, h - c},
			{0, c}}
	case 2:
		ring = orb.Ring{{0, 0}, {w, off(3)}, {w + off(3), h / 2}, {w / 2, h/2 + off(3)}, {w/2 + off(3), h}, {off(3), h}}
	case 3:
		for side, corner := range []orb.Point{{0, 0}, {w, 0}, {w, h}, {0, h}} {
			sin, cos := math.Sincos(float64(side) * math.Pi / 2)
			long := []float64{w, h}[side%2]
			for i := range 5 {
				along, in := long*float64(i)/5, 0.3+off(0.3)
				ring = append(ring, orb.Point{corner[0] + along*cos - in*sin, corner[1] + along*sin + in*cos})
			}
		}
	default:
		ring = orb.Ring{{0, 0}, {w, 0}}
		for i := range 16 {
			t := float64(i) / 15
			ring = append(ring, orb.Point{w * (1 - t), h + 0.2*h*math.Sin(math.Pi*t)})
		}
	}
	return turnedBy(orb.Polygon{append(ring, ring[0])}, d.Float(0, 90))
}

// What an exhaustive search over angles and cells finds lies within the parcel too, so the largest is no smaller.
func TestLargestRectangleIsWithinOnePercentOfBruteForce(t *testing.T) {
	t.Parallel()
	worst, tried := math.Inf(1), 0
	for seed := uint64(0); tried < lottest.Soak(120, 1200); seed++ {
		g := lottest.NewGround(t)
		poly := lottest.Seeded(seed, 5).Parcel()
		if seed%3 == 0 {
			poly = block(seed)
		}
		s := g.Add(poly)
		if lottest.Sound(g, s) != nil {
			continue
		}
		tried++
		got, err := fit.LargestRectangle(g.Plane, s, fit.Sides{})
		if err != nil {
			t.Fatal(err)
		}
		checkInside(t, g, s, got)
		var brute float64
		for i := range 90 {
			brute = max(brute, bySlices(g.Plane.Polygon(s), float64(i)*math.Pi/180, 200))
		}
		worst = min(worst, got.AreaM2()/brute)
		if got.AreaM2() < 0.99*brute {
			t.Errorf("seed %d: %v m², brute force %v: %s", seed, got.AreaM2(), brute, g.WKT(s))
		}
	}
	t.Logf("the least of found over brute force in %d: %.4f", tried, worst)
}

func TestAHallFits(t *testing.T) {
	t.Parallel()
	box := orb.Polygon{{{0, 0}, {303, 0}, {303, 41}, {0, 41}, {0, 0}}}
	for _, degrees := range []float64{0, 12.34, 45, 77} {
		g := lottest.NewGround(t)
		s := g.Add(turnedBy(box, degrees))
		got, fits, err := fit.Fits(g.Plane, s, 40, 300)
		if err != nil || !fits || got.LengthM != 300 || got.WidthM != 40 {
			t.Fatalf("turned %v: %+v %v %v", degrees, got, fits, err)
		}
		checkInside(t, g, s, got)
		if off := math.Abs(math.Remainder(got.Bearing-(90-degrees), 180)); off > 1 {
			t.Errorf("turned %v: bearing %v", degrees, got.Bearing)
		}
		if got, fits, err = fit.Fits(g.Plane, s, 310, 40); err != nil || fits || got.LengthM > 304 ||
			got.LengthM < 300 {
			t.Errorf("a hall of 310 m: %+v %v %v", got, fits, err)
		}
	}
}

func TestRectanglesAreRefused(t *testing.T) {
	t.Parallel()
	g := lottest.NewGround(t)
	s := g.Parcel("POLYGON((0 0, 100 0, 100 50, 0 50, 0 0))")
	for _, c := range []struct {
		want   fit.Sides
		reason lot.Reason
	}{
		{fit.Sides{LeastLengthM: 120}, lot.NoRectangle},
		{fit.Sides{LeastWidthM: 51}, lot.NoRectangle},
		{fit.Sides{LeastRatio: 0.5}, lot.BadRequest},
		{fit.Sides{LeastRatio: 3, MostRatio: 2}, lot.BadRequest},
		{fit.Sides{LeastWidthM: math.NaN()}, lot.BadRequest},
		{fit.Sides{LeastLengthM: -1}, lot.BadRequest},
	} {
		_, err := fit.LargestRectangle(g.Plane, s, c.want)
		lottest.Refused(t, err, c.reason)
	}
	_, _, err := fit.Fits(g.Plane, s, 0, math.Inf(1))
	lottest.Refused(t, err, lot.BadRequest)
	_, _, err = fit.Fits(g.Plane, lot.Shape{{0, 2, 1, 3}}, 3, 4)
	lottest.Refused(t, err, lot.BadShape)
}

func BenchmarkLargestRectangle(b *testing.B) {
	lottest.Bench(b, func(g lottest.Ground, s lot.Shape) error {
		_, err := fit.LargestRectangle(g.Plane, s, fit.Sides{})
		return err
	})
}

// BenchmarkRectangleOfParcels takes parcels as a cadastre has them in turn.
func BenchmarkRectangleOfParcels(b *testing.B) {
	g := lottest.NewGround(b)
	shapes := make([]lot.Shape, 500)
	for i := range shapes {
		shapes[i] = g.Add(block(uint64(i)))
	}
	for i := 0; b.Loop(); i++ {
		if _, err := fit.LargestRectangle(g.Plane, shapes[i%len(shapes)], fit.Sides{}); err != nil {
			b.Fatal(err)
		}
	}
}
