// Package carvetest judges lots that were sought by a score: it walks through all cuts of two kinds, in steps as fine
// as asked, without any of the search's shortcuts.
package carvetest

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo/carve"
	"luodi/geo/fit"
	"luodi/geo/lot"
)

// Judged is the best lot that the walk came to.
type Judged struct {
	Score   float64 // -Inf where no cut keeps every rule
	Outline [][]orb.Point
	Cuts    int // how many lots were cut and measured
	Drawn   int // how many were drawn
}

// walk goes through the cuts of one parcel.
type walk struct {
	cutter *lot.Cutter
	near   fit.Kerbs
	want   carve.Wanted
	rings  [][]orb.Point
	best   Judged
}

// Exhaust finds the best lot among the straight cuts across a parcel at fine angles, and among the windows that stand
// on a stretch of its frontage at fine places and in fine widths, with sides square to the road or parallel to any
// side of the parcel, and a back parallel to the road. A lot whose drawing scores less than the best so far is not
// cut.
func Exhaust(p *lot.Plane, s lot.Shape, roads []fit.Road, want carve.Wanted, r lot.Rules, fine int) (Judged, error) {
	cutter, err := lot.NewCutter(p, s, r)
	if err != nil {
		return Judged{}, err
	}
	whole := cutter.Whole()
	w := &walk{cutter: cutter, want: want, rings: whole.Outline(0), best: Judged{Score: math.Inf(-1)}}
	if w.near, err = fit.Near(roads, want.ToleranceM, w.rings); err != nil {
		return Judged{}, err
	}
	for k := range 6 * fine {
		angle := 2 * math.Pi * float64(k) / float64(6*fine)
		w.across(orb.Point{math.Cos(angle), math.Sin(angle)})
	}
	for _, stretch := range w.near.Fronting(w.rings).Stretches {
		if stretch.LengthM >= want.LeastFrontageM {
			w.along(stretch, fine)
		}
	}
	return w.best, nil
}

// halfPlane keeps what of rings lies where n·p ≤ at.
func halfPlane(rings [][]orb.Point, n orb.Point, at float64) [][]orb.Point {
	var out [][]orb.Point
	for _, ring := range rings {
		var kept []orb.Point
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			a, b := n[0]*p[0]+n[1]*p[1]-at, n[0]*q[0]+n[1]*q[1]-at
			if a <= 0 {
				kept = append(kept, p)
			}
			if a < 0 && b > 0 || a > 0 && b < 0 {
				t := a / (a - b)
				kept = append(kept, orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])})
			}
		}
		if len(kept) > 2 {
			out = append(out, kept)
		}
	}
	return out
}

// areaM2 is the signed area of rings, holes against the outer ring.
func areaM2(rings [][]orb.Point) float64 {
	sum := 0.0
	for _, ring := range rings {
		o := ring[0]
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			sum += (p[0]-o[0])*(q[1]-o[1]) - (q[0]-o[0])*(p[1]-o[1])
		}
	}
	return sum / 2
}

// edge finds by halving where along n the rings hold an area.
func edge(rings [][]orb.Point, n orb.Point, m2 float64) (at float64, ok bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, ring := range rings {
		for _, p := range ring {
			low, high = min(low, n[0]*p[0]+n[1]*p[1]), max(high, n[0]*p[0]+n[1]*p[1])
		}
	}
	if len(rings) == 0 || areaM2(rings) <= m2 {
		return 0, false
	}
	for range 60 {
		at = (low + high) / 2
		if areaM2(halfPlane(rings, n, at)) < m2 {
			low = at
		} else {
			high = at
		}
	}
	return at, true
}

// across tries the lot on one side of a line at right angles to n.
func (w *walk) across(n orb.Point) {
	aim := w.want.AreaM2
	at, ok := edge(w.rings, n, aim)
	if !ok {
		return
	}
	far := 1e4
	c := orb.Point{n[0] * at, n[1] * at}
	c = toward(c, w.rings[0][0], orb.Point{-n[1], n[0]})
	w.take(halfPlane(w.rings, n, at), func(off float64) []orb.Point {
		at, _ := edge(w.rings, n, aim+off)
		c := orb.Point{c[0] + n[0]*(at-(c[0]*n[0]+c[1]*n[1])), c[1] + n[1]*(at-(c[0]*n[0]+c[1]*n[1]))}
		return []orb.Point{{c[0] + n[1]*far, c[1] - n[0]*far}, {c[0] - n[1]*far, c[1] + n[0]*far}}
	})
}

// toward moves c along a line's way to where p stands beside it.
func toward(c, p, way orb.Point) orb.Point {
	t := (p[0]-c[0])*way[0] + (p[1]-c[1])*way[1]
	return orb.Point{c[0] + t*way[0], c[1] + t*way[1]}
}

// along tries windows on a stretch.
func (w *walk) along(stretch fit.Stretch, fine int) {
	if stretch.Line[0] == stretch.Line[len(stretch.Line)-1] {
		return
	}
	least, long := w.want.LeastFrontageM*1.001, stretch.LengthM
	widths := fine / 2
	for k := range widths + 1 {
		wide := least * math.Pow(long/least, float64(k)/float64(widths))
		if wide > long || k == widths {
			wide = long
		}
		for i := range fine + 1 {
			from := (long - wide) * float64(i) / float64(fine)
			a, b := lot.At(stretch.Line, from), lot.At(stretch.Line, from+wide)
			if lot.Apart(a, b) < wide/4 {
				continue
			}
			for _, v := range w.ways(lot.Unit(a, b)) {
				w.window(stretch, a, b, v, i == 0 || wide == long, i == fine || wide == long)
			}
			if wide == long {
				break
			}
		}
	}
}

// ways are square to the road, and along each side of the parcel within 35° of that.
func (w *walk) ways(u orb.Point) []orb.Point {
	out := []orb.Point{{-u[1], u[0]}}
	ring := w.rings[0]
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		t := lot.Unit(p, q)
		if u[0]*t[1]-u[1]*t[0] < 0 {
			t = orb.Point{-t[0], -t[1]}
		}
		alike := func(o orb.Point) bool { return o[0]*t[0]+o[1]*t[1] > .99995 }
		if math.Abs(u[0]*t[0]+u[1]*t[1]) < .57 && lot.Apart(p, q) > math.Sqrt(w.want.AreaM2)/2 &&
			!slices.ContainsFunc(out, alike) {
			out = append(out, t)
		}
	}
	return out
}

// window tries the lot behind a to b with sides along v, open at an end of the stretch.
func (w *walk) window(stretch fit.Stretch, a, b, v orb.Point, start, end bool) {
	u := lot.Unit(a, b)
	side := orb.Point{v[1], -v[0]} // out of the window at b
	rings := w.rings
	if !end {
		rings = halfPlane(rings, side, side[0]*b[0]+side[1]*b[1])
	}
	if !start {
		rings = halfPlane(rings, orb.Point{-side[0], -side[1]}, -side[0]*a[0]-side[1]*a[1])
	}
	n := orb.Point{-u[1], u[0]} // into the land
	if !start && !end {
		front := math.Inf(1)
		for _, p := range append(slices.Clone(stretch.Line), a, b) {
			if s, t := side[0]*(p[0]-a[0])+side[1]*(p[1]-a[1]), side[0]*(p[0]-b[0])+side[1]*(p[1]-b[1]); s > -1e-9 && t < 1e-9 {
				front = min(front, n[0]*p[0]+n[1]*p[1])
			}
		}
		rings = halfPlane(rings, orb.Point{-n[0], -n[1]}, -(front - 1))
	}
	at, ok := edge(rings, n, w.want.AreaM2)
	base := n[0]*a[0] + n[1]*a[1]
	if !ok || at <= base {
		return
	}
	w.take(halfPlane(rings, n, at), func(off float64) []orb.Point {
		at, _ := edge(rings, n, w.want.AreaM2+off)
		deep := (at - base) / (n[0]*v[0] + n[1]*v[1])
		backA := orb.Point{a[0] + v[0]*deep, a[1] + v[1]*deep}
		backB := orb.Point{b[0] + v[0]*deep, b[1] + v[1]*deep}
		const far = 1e4
		line := []orb.Point{b, backB, backA, a}
		if end {
			line = append([]orb.Point{{backB[0] + u[0]*far, backB[1] + u[1]*far}}, line[2:]...)
		}
		if start {
			line = append(line[:len(line)-2], orb.Point{backA[0] - u[0]*far, backA[1] - u[1]*far})
		}
		return line
	})
}

// take cuts a drawn lot that promises more than the best so far, and keeps it where it keeps every rule. line gives the
// cut for an area that is off by so much.
func (w *walk) take(drawn [][]orb.Point, line func(off float64) []orb.Point) {
	w.best.Drawn++
	if len(drawn) == 0 || w.want.Score(drawn) <= w.best.Score {
		return
	}
	off := 0.0
	for range 5 {
		got, err := w.cutter.Off(line(off))
		if err != nil {
			return
		}
		w.best.Cuts++
		miss := w.want.AreaM2 - got.AreaM2(0)
		if math.Abs(miss) <= 0.5 {
			w.keep(got)
			return
		}
		if math.Abs(miss) > w.want.AreaM2/4 {
			return
		}
		off += miss
	}
}

// keep measures a lot that was cut.
func (w *walk) keep(got lot.Piece) {
	if got.Parts() != 2 {
		return
	}
	outline, rest := got.Outline(0), got.Outline(1)
	front := w.near.Longest(outline)
	deep, wide := front.Depth(outline[0])
	score := w.want.Score(outline)
	left := w.near.Longest(rest).LengthM
	ok := score > w.best.Score && front.LengthM >= w.want.LeastFrontageM && deep >= w.want.LeastDepth*wide &&
		(w.want.MostDepth == 0 || deep <= w.want.MostDepth*wide) && wide > 0 &&
		got.AreaM2(1) >= w.want.LeastRestM2 && left > 0 && left >= w.want.RestFrontageM
	if !ok {
		return
	}
	if _, err := got.Division(); err != nil {
		return
	}
	w.best.Score, w.best.Outline = score, outline
}
