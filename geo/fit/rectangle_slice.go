package fit

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

const (
	evenLevels   = 30 // each as high as the others; twice as many where corners are too many to have their own
	cornerLevels = 32 // up to so many corners have levels that begin at them
	ownAngles    = 14 // of the parcel's longest sides
	evenAngles   = 12 // between
	patientEven  = 24 // of a parcel that is not plain, besides
	alikeRadian  = 0.01
)

// slicer cuts a parcel into levels at one angle. It is used again for the next.
type slicer struct {
	at     []float64 // the heights between levels, upwards: one more than there are levels
	levels []level
	open   []span
	next   []span
	stack  []int
	single bool // no level has two spans of land
}

// level is a part of the parcel from one height to another.
type level struct {
	blocks []block // its sides, from left to right
	free   []span  // what is land over the whole of it
	widest float64 // of free
}

// block is what of a level one side of the outline takes up.
type block struct {
	span
	crosses bool // the middle of the level: what is land changes there
}

// seeds gives the best rectangles between levels, of different angles and places, best first. It stops looking where
// one fills the parcel, or has an area of enough.
func (f *finder) seeds(enough float64) []placed {
	var all []placed
	best := 0.0
	angles, own := f.angles()
	for i, angle := range angles {
		if i == own+evenAngles && f.plain(best) {
			break
		}
		for _, found := range f.sliced(angle, worthwhile*best, i < own) {
			all = append(all, found)
			best = max(best, found.score)
		}
		if f.full(best) || best >= enough*(1+1e-6) {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(b.score, a.score) })
	return all
}

// full tells whether a rectangle leaves less than a millionth of the parcel.
func (f *finder) full(score float64) bool { return score >= f.areaM2*(1-1e-6) }

// plain tells whether a rectangle takes as much of the parcel as one of a plain parcel does. What sides are asked for
// takes less of any, so the corners are counted then.
func (f *finder) plain(score float64) bool {
	if f.want != (Sides{}) {
		return len(f.corners) <= fewCorners
	}
	return score >= plainShare*f.areaM2
}

// angles lists the ways to look: along the longest sides, and from own on evenly.
func (f *finder) angles() (all []float64, own int) {
	type way struct{ angle, long float64 }
	var ways []way
	first := 0
	for _, end := range f.ends {
		for i := first; i+1 < end; i++ {
			dx, dy := f.corners[i+1][0]-f.corners[i][0], f.corners[i+1][1]-f.corners[i][1]
			angle := math.Mod(math.Atan2(dy, dx)+math.Pi, math.Pi/2)
			k := slices.IndexFunc(ways, func(w way) bool { return math.Abs(w.angle-angle) < alikeRadian })
			if k < 0 {
				ways = append(ways, way{angle, math.Hypot(dx, dy)})
			} else {
				ways[k].long += math.Hypot(dx, dy)
			}
		}
		first = end
	}
	slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(b.long, a.long) })
	out := make([]float64, 0, ownAngles+evenAngles+patientEven)
	for _, w := range ways[:min(ownAngles, len(ways))] {
		out = append(out, w.angle)
	}
	own = len(out)
	for _, even := range [2]int{evenAngles, patientEven} {
		for i := range even {
			out = append(out, (float64(i)+0.5)*math.Pi/2/float64(even))
		}
	}
	return out, own
}

// sliced gives the best rectangles at one angle whose lower and upper sides are levels, with a score above least: the
// best of all, and the best that begins in another quarter of the height.
func (f *finder) sliced(angle, least float64, own bool) []placed {
	sin, cos := math.Sincos(angle)
	f.turn(orb.Point{}, sin, cos)
	s := &f.slicer
	s.cut(f.turned, own)
	first := 0
	for _, end := range f.ends {
		for i := first; i+1 < end; i++ {
			s.block(f.turned[i], f.turned[i+1])
		}
		first = end
	}
	s.land()
	if least > 0 && s.bound() <= least {
		return nil
	}
	var best [4]placed
	for i := range best {
		best[i].score = least
	}
	low, high := s.at[0], s.at[len(s.levels)]
	for i := range s.levels {
		f.from(i, &best[min(3, int(4*(s.at[i]-low)/(high-low)))])
	}
	out := best[:0]
	for _, b := range best {
		if b.x <= 0 {
			continue
		}
		c := b.centre
		b.centre, b.angle = orb.Point{c[0]*cos - c[1]*sin, c[0]*sin + c[1]*cos}, angle
		out = append(out, b)
	}
	slices.SortStableFunc(out, func(a, b placed) int { return cmp.Compare(b.score, a.score) })
	return out[:min(2, len(out))]
}

// from looks for a better rectangle that begins at level i.
func (f *finder) from(i int, best *placed) {
	s := &f.slicer
	if s.single && f.want.LeastLengthM == 0 && f.want.LeastWidthM == 0 {
		f.fromSingle(i, best)
		return
	}
	low, high := s.at[i], s.at[len(s.levels)]
	s.open = append(s.open[:0], s.levels[i].free...)
	for j := i; j < len(s.levels) && len(s.open) > 0; j++ {
		if j > i {
			s.next = common(s.next[:0], s.open, s.levels[j].free)
			s.open, s.next = s.next, s.open
		}
		var widest float64
		for _, s := range s.open {
			widest = max(widest, s.to-s.from)
		}
		if best.score > 0 && widest*(high-low) <= best.score {
			return
		}
		tall := s.at[j+1] - low
		for _, s := range s.open {
			score := f.want.score(s.to-s.from, tall)
			if score > best.score || best.x <= 0 && best.score <= 0 {
				*best = placed{centre: orb.Point{(s.from + s.to) / 2, low + tall/2}, x: (s.to - s.from) / 2,
					y: tall / 2, score: score}
			}
		}
	}
}

// fromSingle is from where every level has one span of land, or none, and rectangles of any size will do.
func (f *finder) fromSingle(i int, best *placed) {
	s := &f.slicer
	low, high := s.at[i], s.at[len(s.levels)]
	open := span{math.Inf(-1), math.Inf(1)}
	for j := i; j < len(s.levels); j++ {
		for _, free := range s.levels[j].free {
			if free.from > open.from {
				open.from = free.from
			}
			if free.to < open.to {
				open.to = free.to
			}
		}
		wide := open.to - open.from
		if len(s.levels[j].free) == 0 || wide <= 0 || wide*(high-low) <= best.score {
			return
		}
		tall := s.at[j+1] - low
		if wide*tall <= best.score {
			continue
		}
		if score := f.want.score(wide, tall); score > best.score {
			*best = placed{centre: orb.Point{(open.from + open.to) / 2, low + tall/2}, x: wide / 2, y: tall / 2,
				score: score}
		}
	}
}

// cut sets the heights of the levels: even ones and, at an angle of the parcel's own sides, those of the corners as far
// as these are few.
func (s *slicer) cut(corners []orb.Point, own bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range corners {
		low, high = min(low, p[1]), max(high, p[1])
	}
	off := 1e-7 * (high - low) // else rounding lays a side that runs along a level across it
	s.at = s.at[:0]
	even := evenLevels
	switch {
	case !own:
	case len(corners) > cornerLevels:
		even = 2 * evenLevels
	default:
		for _, p := range corners {
			s.at = append(s.at, max(low+off, p[1]-off), min(high-off, p[1]+off))
		}
	}
	for i := range even + 1 {
		s.at = append(s.at, low+off+(high-low-2*off)*float64(i)/float64(even))
	}
	if own {
		slices.Sort(s.at)
		s.at = slices.Compact(s.at)
	}
	s.clear(len(s.at) - 1)
}

// clear leaves so many empty levels, which keep their memory.
func (s *slicer) clear(n int) {
	s.levels = s.levels[:cap(s.levels)]
	for len(s.levels) < n {
		s.levels = append(s.levels, level{})
	}
	s.levels = s.levels[:n]
	for i := range s.levels {
		l := &s.levels[i]
		l.blocks, l.free, l.widest = l.blocks[:0], l.free[:0], 0
	}
}

// block enters a side into the levels that it runs through, each level's sides in order.
func (s *slicer) block(p, q orb.Point) {
	from, to := min(p[1], q[1]), max(p[1], q[1])
	first, _ := slices.BinarySearch(s.at, from)
	for i := max(0, first-1); i < len(s.levels) && s.at[i] < to; i++ {
		across := span{s.at[i], s.at[i+1]}
		at, ok := between2(p[0], p[1], q[0], q[1], across)
		if !ok {
			continue
		}
		middle := (across.from + across.to) / 2
		b := block{at, (p[1] > middle) != (q[1] > middle)}
		all := append(s.levels[i].blocks, b)
		k := len(all) - 1
		for ; k > 0 && all[k-1].from > b.from; k-- {
			all[k] = all[k-1]
		}
		all[k], s.levels[i].blocks = b, all
	}
}

// land lists for each level what is land over the whole of it.
func (s *slicer) land() {
	s.single = true
	for i := range s.levels {
		l := &s.levels[i]
		in, reach := false, math.Inf(-1)
		for _, b := range l.blocks {
			if in && b.from > reach {
				l.free = append(l.free, span{reach, b.from})
				l.widest = max(l.widest, b.from-reach)
			}
			reach = max(reach, b.to)
			in = in != b.crosses
		}
		s.single = s.single && len(l.free) < 2
	}
}

// bound is an area that no rectangle between levels has more of: the largest under the widths of the levels.
func (s *slicer) bound() float64 {
	most, stack := 0.0, s.stack[:0]
	for i := range len(s.levels) + 1 {
		wide := -1.0
		if i < len(s.levels) {
			wide = s.levels[i].widest
		}
		for len(stack) > 0 && s.levels[stack[len(stack)-1]].widest >= wide {
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			low := s.at[0]
			if len(stack) > 0 {
				low = s.at[stack[len(stack)-1]+1]
			}
			most = max(most, s.levels[top].widest*(s.at[i]-low))
		}
		stack = append(stack, i)
	}
	s.stack = stack
	return most
}

// common adds what two lists of spans, each in order, have in common.
func common(out, a, b []span) []span {
	for len(a) > 0 && len(b) > 0 {
		if s := (span{max(a[0].from, b[0].from), min(a[0].to, b[0].to)}); s.to > s.from {
			out = append(out, s)
		}
		if a[0].to < b[0].to {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}
