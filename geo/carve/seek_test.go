package carve_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/carve"
	"luodi/geo/carve/carvetest"
	"luodi/geo/fit"
	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// wished draws what lots of a parcel are scored by, from 0 to 1: nearness to somewhere, shape and breadth, each with
// its weight.
func wished(d lottest.Dice, g lottest.Ground, s lot.Shape) func([][]orb.Point) float64 {
	box := orb.MultiPoint(g.Plane.Outline(s)[0]).Bound()
	size := math.Hypot(box.Max[0]-box.Min[0], box.Max[1]-box.Min[1])
	to := orb.Point{d.Float(box.Min[0]-size, box.Max[0]+size), d.Float(box.Min[1]-size, box.Max[1]+size)}
	near, shape := d.Float(0, 1), d.Float(0, 1)
	reach := farthest(g.Plane.Outline(s), to)
	return func(outline [][]orb.Point) float64 {
		m2, long := 0.0, 0.0
		for _, ring := range outline {
			for i, p := range ring {
				q := ring[(i+1)%len(ring)]
				m2, long = m2+(p[0]-to[0])*(q[1]-to[1])-(q[0]-to[0])*(p[1]-to[1]), long+lot.Apart(p, q)
			}
		}
		return (near*(1-nearest(outline, to)/reach) + shape*geo.Compactness(m2/2, long)) / (near + shape)
	}
}

func farthest(outline [][]orb.Point, to orb.Point) float64 {
	far := 0.0
	for _, p := range outline[0] {
		far = max(far, lot.Apart(p, to))
	}
	return far
}

// nearest is the distance from a point to the outer ring, as to a neighbour's corner.
func nearest(outline [][]orb.Point, to orb.Point) float64 {
	near := math.Inf(1)
	ring := outline[0]
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		dx, dy := q[0]-p[0], q[1]-p[1]
		t := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			t = min(max(((to[0]-p[0])*dx+(to[1]-p[1])*dy)/l, 0), 1)
		}
		near = min(near, math.Hypot(p[0]+t*dx-to[0], p[1]+t*dy-to[1]))
	}
	return near
}

// plot draws a parcel as parks have them: four sides of some hundred metres that are not quite square, at times with a
// corner taken out.
func plot(d lottest.Dice) orb.Polygon {
	long, deep := d.Float(200, 700), d.Float(150, 500)
	off := func(m float64) float64 { return m * d.Float(-.15, .15) }
	ring := orb.Ring{{off(long), off(deep)}, {long + off(long), off(deep)}, {long + off(long), deep + off(deep)}}
	if d.Int(0, 2) == 0 {
		x, y := long*d.Float(.4, .7), deep*d.Float(.4, .7)
		ring = append(ring, orb.Point{x, deep + off(deep)}, orb.Point{x, y})
		ring = append(ring, orb.Point{off(long), y})
	} else {
		ring = append(ring, orb.Point{off(long), deep + off(deep)})
	}
	turn := d.Float(0, 2*math.Pi)
	for i, p := range ring {
		ring[i] = orb.Point{p[0]*math.Cos(turn) - p[1]*math.Sin(turn), p[0]*math.Sin(turn) + p[1]*math.Cos(turn)}
	}
	return orb.Polygon{append(ring, ring[0])}
}

// streetsBy draws streets along one to three sides of a parcel.
func streetsBy(d lottest.Dice, g lottest.Ground, s lot.Shape) []fit.Road {
	var roads []fit.Road
	ring := g.Plane.Outline(s)[0]
	first := d.Int(0, len(ring)-1)
	for k := range d.Int(1, 3) {
		p, q := ring[(first+k)%len(ring)], ring[(first+k+1)%len(ring)]
		u := lot.Unit(p, q)
		roads = append(roads, fit.Road{WidthM: 20,
			Line: orb.LineString{{p[0] + 11*u[1], p[1] - 11*u[0]}, {q[0] + 11*u[1], q[1] - 11*u[0]}}})
	}
	return roads
}

// TestNoCutScoresMuchMoreThanTheOffer walks through all cuts of random parcels: none that keeps the rules scores over
// 2 % more than the best lot offered.
func TestNoCutScoresMuchMoreThanTheOffer(t *testing.T) {
	n, better, worst, compared := lottest.Soak(60, 1000), 0, 0.0, 0
	for seed := range n {
		dice := lottest.Seeded(13, uint64(seed))
		g := lottest.NewGround(t)
		s := g.Add(plot(dice))
		want := carve.Wanted{AreaM2: g.Plane.AreaM2(s) * dice.Float(.03, .6), LeastFrontageM: dice.Float(20, 100),
			LeastDepth: []float64{0, .3}[dice.Int(0, 1)], MostDepth: []float64{0, 3}[dice.Int(0, 1)], ToleranceM: 3,
			Most: 2}
		want.Score = wished(dice, g, s)
		roads := streetsBy(dice, g, s)
		rules := lot.Rules{SnapM: 0.01}
		offers, err := carve.Carve(g.Plane, s, roads, want, rules)
		judged, jerr := carvetest.Exhaust(g.Plane, s, roads, want, rules, 48)
		if jerr != nil {
			continue
		}
		if err != nil {
			if !math.IsInf(judged.Score, -1) {
				better++
				t.Logf("%d: %v, and a cut scores %v", seed, err, judged.Score)
			}
			continue
		}
		own := g.Plane.Clone()
		if err := own.Extend(offers[0].New); err != nil {
			t.Fatal(err)
		}
		got := want.Score(own.Outline(offers[0].Parts[0]))
		compared++
		if gain := judged.Score/got - 1; gain > worst {
			worst = gain
		}
		if judged.Score > 1.02*got {
			better++
			t.Logf("%d: offered %.4f, a cut scores %.4f of %d drawn and %d cut", seed, got, judged.Score, judged.Drawn,
				judged.Cuts)
		}
	}
	t.Logf("%d parcels compared, %d with a better cut, the best by %.2f %%", compared, better, 100*worst)
	if better > 0 || compared < n/4 {
		t.Errorf("%d of %d", better, compared)
	}
}
