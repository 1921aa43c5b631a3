package fit

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/lot"
)

// Rectangle lies anywhere in the plane, at any angle.
type Rectangle struct {
	Centre  orb.Point
	Bearing float64 // of the long sides, in degrees clockwise from grid north, 0 to 180
	LengthM float64
	WidthM  float64 // no more than the length
}

// AreaM2 is the rectangle's area.
func (r Rectangle) AreaM2() float64 { return r.LengthM * r.WidthM }

// Sides are the bounds of acceptable rectangles. A bound of 0 is none.
type Sides struct {
	LeastLengthM float64
	LeastWidthM  float64
	LeastRatio   float64 // of length to width, 1 or more
	MostRatio    float64
}

func (b Sides) check() error {
	for _, f := range []struct {
		field string
		x     float64
		least float64
	}{{"least_length_m", b.LeastLengthM, 0}, {"least_width_m", b.LeastWidthM, 0}, {"least_ratio", b.LeastRatio, 1},
		{"most_ratio", b.MostRatio, 1}} {
		if !(f.x == 0 || f.x >= f.least && f.x <= lot.MaxMetres) {
			return lot.Refuse(lot.BadRequest, f.field, "lot.none_or_range", f.x, "n", f.least)
		}
	}
	if b.MostRatio > 0 && b.MostRatio < b.LeastRatio {
		return lot.Refuse(lot.BadRequest, "most_ratio", "bound.least", b.MostRatio, "name", "least_ratio", "n", b.LeastRatio)
	}
	return nil
}

// trim takes off a rectangle what its ratio allows no place for.
func (b Sides) trim(x, y float64) (long, wide float64) {
	long, wide = max(x, y), min(x, y)
	if b.MostRatio > 0 {
		long = min(long, wide*b.MostRatio)
	}
	if b.LeastRatio > 0 {
		wide = min(wide, long/b.LeastRatio)
	}
	return long, wide
}

// score is the area of the best rectangle with these sides or, below 0, how far its sides fall short.
func (b Sides) score(x, y float64) float64 {
	if !(x > 0 && y > 0) {
		return -1
	}
	long, wide := b.trim(x, y)
	if long < b.LeastLengthM || wide < b.LeastWidthM {
		return min(share(long, b.LeastLengthM), share(wide, b.LeastWidthM)) - 1
	}
	return long * wide
}

func share(x, of float64) float64 {
	if of <= 0 {
		return 1
	}
	return min(1, x/of)
}

// LargestRectangle finds the largest rectangle within a parcel, at any angle, that avoids its holes.
//
//  1. The parcel is sliced into levels at up to 50 angles: those of the longest sides, and even ones between. The free
//     part of a level is a list of spans, and of several levels the intersection of their spans. This gives the best
//     rectangle with ends on levels. An angle whose levels are too narrow for a good one is passed over, and the search
//     ends where a rectangle leaves less than a millionth of the parcel.
//  2. The best of these that differ are moved, rotated and stretched at random, from a fixed seed, by steps that shrink
//     when there is no gain. Each time the sides are pushed out until they meet the outline. Outlines of many corners
//     are tried for longer.
//
// The result lies within the parcel. It isn't proven to be the largest; tests hold it within 1 % of exhaustive
// searches and of known answers. It refuses an unsound shape, bounds out of range, and a parcel where it finds no
// rectangle within the bounds; the refusal then names the length and width of the nearest one.
func LargestRectangle(p *lot.Plane, s lot.Shape, want Sides) (Rectangle, error) {
	best, err := largest(p, s, want, math.Inf(1))
	if err != nil {
		return Rectangle{}, err
	}
	if short := 1e-9; best.LengthM < want.LeastLengthM-short || best.WidthM < want.LeastWidthM-short ||
		best.LengthM <= 0 {
		if best.LengthM <= 0 {
			return Rectangle{}, lot.Refuse(lot.NoRectangle, "sides", "lot.rectangle", geo.None()).Where(best.Centre)
		}
		length, long := geo.Apart(want.LeastLengthM, best.LengthM)
		width, wide := geo.Apart(want.LeastWidthM, best.WidthM)
		return Rectangle{}, lot.Refuse(lot.NoRectangle, "sides", "lot.rectangle_m", geo.Say("came.rectangle_m", "length", long,
			"width", wide), "length", length, "width", width).Where(best.Centre)
	}
	return best, nil
}

// Fits tells whether a hall of the given sides, in metres, stands within a parcel at some angle, and where. Where it
// doesn't, the rectangle is the largest of its proportion that does. Like [LargestRectangle], on which it is built, it
// may miss a place that is larger than the hall by less than 1 %; a place that it gives is one.
func Fits(p *lot.Plane, s lot.Shape, lengthM, widthM float64) (Rectangle, bool, error) {
	for _, x := range [2]float64{lengthM, widthM} {
		if !(x > 0 && x <= lot.MaxMetres) {
			return Rectangle{}, false, lot.Refuse(lot.BadRequest, "sides", "lot.metres_above_0", x)
		}
	}
	long, wide := max(lengthM, widthM), min(lengthM, widthM)
	ratio := long / wide
	if ratio > lot.MaxMetres {
		return Rectangle{}, false, lot.Refuse(lot.BadRequest, "sides", "lot.sides_ratio", ratio)
	}
	best, err := largest(p, s, Sides{LeastRatio: ratio, MostRatio: ratio}, long*wide)
	if err != nil {
		return Rectangle{}, false, err
	}
	if best.LengthM < long || best.WidthM < wide {
		return best, false, nil
	}
	best.LengthM, best.WidthM = long, wide
	return best, true, nil
}

// marginM is held off the outline: more than rounding can do.
const marginM = 1e-6

// round says how many of the rectangles found are improved further, by how many attempts each, and what share of the
// best's score is too little for that.
type round struct {
	keep, attempts int
	share          float64
}

// plainShare is what share of a plain parcel its largest rectangle takes. Where it seems to take less, the parcel has
// arms or bays: the search has more angles and patience then. Where sides are asked for, a plain parcel has fewCorners.
const (
	plainShare = 0.6
	fewCorners = 24
)

var (
	rounds        = []round{{12, 20, 0.8}, {4, 60, 0.92}, {2, 200, 0.98}}
	patientRounds = []round{{40, 50, 0.7}, {10, 120, 0.85}, {4, 300, 0.93}}
)

// worthwhile is the share of the best rectangle's area that one between levels has at least, to be improved.
const worthwhile = 0.8

// largest gives the largest rectangle found, or the nearest to what is wanted; it stops at one with an area of enough.
func largest(p *lot.Plane, s lot.Shape, want Sides, enough float64) (Rectangle, error) {
	if err := want.check(); err != nil {
		return Rectangle{}, err
	}
	shape, err := p.Sound(s)
	if err != nil {
		return Rectangle{}, err
	}
	f := newFinder(p.Outline(shape), want)
	found := f.seeds(enough)
	if len(found) == 0 {
		return f.rectangle(placed{}), nil
	}
	random := rand.New(rand.NewPCG(2026, 1))
	all := rounds
	if !f.plain(found[0].score) {
		all = patientRounds
	}
	for _, round := range all {
		found = apart(found, round.keep)
		for i := range found {
			if found[0].score > 0 && found[i].score < round.share*found[0].score {
				found = found[:i]
				break
			}
			found[i] = f.improve(found[i], random, round.attempts, enough)
			if found[i].score >= enough*(1+1e-6) || f.full(found[i].score) {
				return f.rectangle(found[i]), nil
			}
		}
		slices.SortStableFunc(found, func(a, b placed) int { return cmp.Compare(b.score, a.score) })
	}
	return f.rectangle(found[0]), nil
}

// apart keeps the first so many rectangles that are not nearly another that comes before.
func apart(found []placed, most int) []placed {
	out := found[:0]
	for _, a := range found {
		if len(out) < most && !slices.ContainsFunc(out, a.nearly) {
			out = append(out, a)
		}
	}
	return out
}

// alike is by what share of its size a rectangle differs from one that it is nearly.
const alike = 0.06

func (r placed) nearly(other placed) bool {
	turn := math.Remainder(r.angle-other.angle, math.Pi/2)
	quarter := math.Abs(math.Remainder(r.angle-other.angle, math.Pi)) > math.Pi/4 // its x is the other's y
	x, y := r.x, r.y
	if quarter {
		x, y = y, x
	}
	return math.Abs(turn)*max(x, y) < alike*min(x, y) && math.Abs(x-other.x) < alike*x && math.Abs(y-other.y) < alike*y &&
		math.Hypot(r.centre[0]-other.centre[0], r.centre[1]-other.centre[1]) < alike*min(x, y)
}

// placed is a rectangle as it is looked for: x along the way it is turned, y to the left.
type placed struct {
	centre orb.Point // from the finder's origin
	angle  float64   // from east, counter-clockwise, in radians
	x, y   float64   // half of its sides
	score  float64
}

// rectangle converts the place found to a Rectangle, held off the outline by the possible rounding error.
func (f *finder) rectangle(got placed) Rectangle {
	long, wide := f.want.trim(2*got.x-marginM, 2*got.y-marginM)
	if !(wide > 0) {
		return Rectangle{Centre: orb.Point{f.origin[0] + got.centre[0], f.origin[1] + got.centre[1]}}
	}
	bearing := 90 - got.angle*180/math.Pi
	if got.y > got.x {
		bearing -= 90
	}
	bearing = math.Mod(math.Mod(bearing, 180)+180, 180)
	return Rectangle{Centre: orb.Point{f.origin[0] + got.centre[0], f.origin[1] + got.centre[1]}, Bearing: bearing,
		LengthM: long, WidthM: wide}
}

// improve moves, turns and stretches a rectangle as long as that wins area.
func (f *finder) improve(best placed, random *rand.Rand, attempts int, enough float64) placed {
	step := 0.1
	for range attempts {
		if step < 1e-5 || best.score >= enough*(1+1e-6) {
			break
		}
		if got, ok := f.grow(best.shaken(step, random), random.IntN(2) == 0, best.score); ok {
			best = got
			step = min(0.3, 1.6*step)
		} else {
			step *= 0.94
		}
	}
	return best
}

// shaken turns a rectangle about one of its corners, or about its middle, moves it, and takes off its sides about what
// that takes it out of the old one.
func (r placed) shaken(step float64, random *rand.Rand) placed {
	sin, cos := math.Sincos(r.angle)
	turn := step * random.NormFloat64() * min(r.x, r.y) / max(r.x, r.y)
	px, py := float64(random.IntN(3)-1)*r.x, float64(random.IntN(3)-1)*r.y // the point that stays, from the middle
	dx, dy := step*r.x*random.NormFloat64()+py*turn, step*r.y*random.NormFloat64()-px*turn
	out := r
	out.centre[0] += dx*cos - dy*sin
	out.centre[1] += dx*sin + dy*cos
	out.angle += turn
	out.x = r.x / (1 + math.Abs(step*random.NormFloat64()))
	out.y = r.y / (1 + math.Abs(step*random.NormFloat64()))
	return out
}
