package carve

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/fit"
	"luodi/geo/lot"
)

// draft is a lot drawn and scored before it is cut: a window along a road, or what lies left of a line across the
// parcel.
type draft struct {
	stretch    int     // which stretch of the frontage the window stands on; -1 for a line across
	way        int     // which of the ways that its sides may run
	mode       int     // what the area decides, as of a sketch
	from, wide float64 // where along the stretch the window begins, and how wide it is
	angle      float64 // of a line across, radians
	score      float64
}

const (
	placesAlong = 9   // of a window of one width along a stretch
	widthsTried = 12  // of windows, from the least frontage to the whole stretch
	waysTried   = 4   // of a window's sides
	anglesTried = 72  // of lines across
	seeds       = 20  // lots from which better ones are sought
	seedTries   = 400 // drafts that are cut to find them
	seedsOfOne  = 2   // of one stretch and way
	finest      = 0.5 // metres of a step
	moves       = 60  // cuts, at most, from one seed
)

// seek looks for the lots of the highest score.
//
//  1. Drafts are windows at even places along each stretch, in widths from the least frontage to the stretch's own,
//     with sides square to the road or parallel to long sides of the parcel; windows through to the far side; and
//     lines across the parcel at even angles. The depth, the width or the place of the line follows from the area.
//  2. Drafts are scored as they are drawn. The best are cut, until twenty that keep every rule are found, no more than
//     two of one stretch, end and way.
//  3. From each of the twenty the window is moved and widened, or the line turned, by ever smaller steps, as long as a
//     lot that keeps every rule scores higher.
func (c *lots) seek() {
	drafts := c.drafts()
	slices.SortStableFunc(drafts, func(a, b draft) int { return cmp.Compare(b.score, a.score) })
	drafts = drafts[:min(len(drafts), seedTries)]
	family := map[[4]int]int{}
	var best []draft
	for _, d := range drafts {
		kind := [4]int{d.stretch, d.way, d.mode, c.endOf(d)}
		if len(best) == seeds || math.IsInf(d.score, -1) {
			break
		}
		if family[kind] == seedsOfOne {
			continue
		}
		if score, ok := c.try(d); ok {
			d.score = score
			family[kind]++
			best = append(best, d)
		}
	}
	for _, d := range best {
		c.climb(d)
	}
}

// endOf tells windows at the beginning of a stretch, at its end and between apart: the first two reach to the parcel's
// own side.
func (c *lots) endOf(d draft) int {
	switch {
	case d.stretch < 0 || d.from > 0 && d.from+d.wide < c.fronting.Stretches[d.stretch].LengthM:
		return 0
	case d.from <= 0:
		return 1
	}
	return 2
}

// drafts draws and scores lots all over the parcel.
func (c *lots) drafts() []draft {
	var out []draft
	put := func(d draft) {
		if d.score = c.draw(d); !math.IsInf(d.score, -1) {
			out = append(out, d)
		}
	}
	for i := range c.stretches() {
		long := c.fronting.Stretches[i].LengthM
		for _, wide := range c.widthsOn(long) {
			for k := range placesAlong {
				for way := range waysTried {
					d := draft{stretch: i, way: way, wide: wide, from: (long - wide) * float64(k) / (placesAlong - 1)}
					if wide == long && k > 0 {
						break
					}
					put(d)
				}
			}
		}
		for way := range waysTried {
			put(draft{stretch: i, way: way, mode: wideFromStart, wide: long / 2})
			put(draft{stretch: i, way: way, mode: wideFromEnd, wide: long / 2, from: long / 2})
		}
	}
	for k := range anglesTried {
		put(draft{stretch: -1, mode: wideFromStart, angle: 2 * math.Pi * float64(k) / anglesTried})
	}
	return out
}

// stretches are those that a window may stand on, the longest first.
func (c *lots) stretches() []fit.Stretch {
	all := c.fronting.Stretches[:min(mostStretches, len(c.fronting.Stretches))]
	for i, s := range all {
		if s.LengthM < c.want.LeastFrontageM {
			return all[:i]
		}
	}
	return all
}

// widthsOn are the widths of windows on a stretch, evenly by their ratio. They don't keep to the lot's proportions,
// which are measured from its longest frontage: that may be on another road.
func (c *lots) widthsOn(long float64) []float64 {
	low := c.leastWide(long)
	var out []float64
	for i := range widthsTried - 1 {
		out = append(out, low*math.Pow(long/low, float64(i)/(widthsTried-1)))
	}
	return append(out, long)
}

// leastWide is how wide a window on a stretch is at least.
func (c *lots) leastWide(long float64) float64 { return min(max(c.want.LeastFrontageM*1.001, 1), long) }

// sketchOf is the sketch of a draft; false where there is none.
func (c *lots) sketchOf(d draft) (sketch, bool) {
	if d.stretch < 0 {
		u := orb.Point{math.Cos(d.angle), math.Sin(d.angle)}
		return sketch{frame: newFrame(c.outline[0][0], u, orb.Point{-u[1], u[0]}), mode: d.mode}, true
	}
	s := c.fronting.Stretches[d.stretch]
	a, b := lot.At(s.Line, d.from), lot.At(s.Line, d.from+d.wide)
	if lot.Apart(a, b) < d.wide/4 || s.Ring != 0 && s.Line[0] == s.Line[len(s.Line)-1] {
		return sketch{}, false
	}
	u := lot.Unit(a, b)
	ways := c.ways(u, waysTried)
	if d.way >= len(ways) {
		return sketch{}, false
	}
	return c.window(s, d.from, d.wide, u, ways[d.way], d.mode), true
}

// draw scores a draft: -Inf for one that has not the area, or will not do.
func (c *lots) draw(d draft) float64 {
	s, ok := c.sketchOf(d)
	if !ok {
		return math.Inf(-1)
	}
	c.work(drawWork)
	s.look(c.outline)
	outline, ok := s.drawn(c.want.AreaM2)
	if !ok || !c.promises(outline) {
		return math.Inf(-1)
	}
	perimeter := 0.0
	for _, ring := range outline {
		for i, p := range ring {
			perimeter += lot.Apart(p, ring[(i+1)%len(ring)])
		}
	}
	return c.want.Score(outline) + byShape*min(1, geo.Compactness(c.want.AreaM2, perimeter)/(math.Pi/4))
}

// promises tells whether an outline that was drawn may have the frontage and the proportions that are asked for, which
// its cut moves a little.
func (c *lots) promises(outline [][]orb.Point) bool {
	const slackM, slack = 1, 0.02
	front := c.near.Longest(outline)
	deep, wide := front.Depth(outline[0])
	return front.LengthM >= c.want.LeastFrontageM-slackM && deep >= c.want.LeastDepth*wide*(1-slack) &&
		(c.want.MostDepth == 0 || deep <= c.want.MostDepth*wide*(1+slack))
}

// byShape is the weight of a lot's shape beside the score that is asked for.
const byShape = 1e-3

// try cuts a draft, and gives the score of the lot where it keeps every rule.
func (c *lots) try(d draft) (float64, bool) {
	s, ok := c.sketchOf(d)
	if !ok {
		return 0, false
	}
	c.last = math.Inf(-1)
	c.cut(s)
	return c.last, !math.IsInf(c.last, -1)
}

// climb seeks better lots round one.
func (c *lots) climb(d draft) {
	step := 2 * math.Pi / anglesTried / 2
	if d.stretch >= 0 {
		step = max(c.fronting.Stretches[d.stretch].LengthM/(2*placesAlong), finest)
	}
	least := step / 64
	if d.stretch >= 0 {
		least = finest
	}
	for cuts := 0; step >= least && cuts < moves; {
		moved := false
		for _, next := range c.round(d, step) {
			if c.draw(next) <= d.score {
				continue
			}
			cuts++
			if score, ok := c.try(next); ok && score > d.score {
				d, d.score, moved = next, score, true
				break
			}
		}
		if !moved {
			step /= 2
		}
	}
}

// round lists the drafts a step away.
func (c *lots) round(d draft, step float64) []draft {
	if d.stretch < 0 {
		left, right := d, d
		left.angle, right.angle = d.angle+step, d.angle-step
		return []draft{left, right}
	}
	if d.mode != deep {
		return nil
	}
	long := c.fronting.Stretches[d.stretch].LengthM
	low := c.leastWide(long)
	var out []draft
	for _, by := range [][2]float64{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, -1}, {-1, 1}} {
		next := d
		next.wide = min(max(d.wide+by[1]*step, low), long)
		next.from = min(max(d.from+by[0]*step, 0), long-next.wide)
		if next.wide != d.wide || next.from != d.from {
			out = append(out, next)
		}
	}
	return out
}

// drawn is the outline of a sketch's lot, as the area makes it.
func (s *sketch) drawn(areaM2 float64) ([][]orb.Point, bool) {
	at, ok := s.edge(areaM2)
	if !ok {
		return nil, false
	}
	rings := s.rings
	switch s.mode {
	case deep:
		rings = clip(clip(rings, 0, s.x0, s.x1), 1, s.y0, at)
	case wideFromStart:
		rings = clip(rings, 0, math.Inf(-1), at)
	case wideFromEnd:
		rings = clip(rings, 0, at, math.Inf(1))
	}
	out := make([][]orb.Point, len(rings))
	for i, ring := range rings {
		for _, p := range ring {
			out[i] = append(out[i], s.place(p[0], p[1]))
		}
	}
	return out, len(out) > 0
}
