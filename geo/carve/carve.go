package carve

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/fit"
	"luodi/geo/lot"
)

// Wanted says what lot is to be carved out of a parcel.
type Wanted struct {
	AreaM2         float64 // met to 0.5 m²
	LeastFrontageM float64 // unbroken, on one road; more than 0
	LeastDepth     float64 // the least depth for each metre of width, as Depth measures them; 0 is none
	MostDepth      float64 // the greatest; 0 is none
	LeastRestM2    float64 // the area below which nothing may be left
	RestFrontageM  float64 // what the rest fronts of one road at least, unbroken; 0 asks for any
	ToleranceM     float64 // of what fronts a road, as Frontage takes it
	Most           int     // how many lots to offer at most, 1 to 50
	// Score is what lots are ranked by, the greater the better, -Inf for one that will not do; nil ranks them by their
	// shape. A thousandth of the score of the shape is added, so that of equal lots the better shape comes first. It is
	// called with outlines of lots that were not cut yet, too, and keeps none of them.
	Score func(outline [][]orb.Point) float64
	// Work counts what Carve does, where it isn't nil, in [Effort] of the parcel's outline: one each time a lot is
	// drawn in it, five each time it is cut. The count hangs on the parcel and the question alone.
	Work *int64
}

// Offer is a lot that could be carved.
type Offer struct {
	lot.Division // Parts[0] is the lot, Parts[1] what is left; there is no rest where the whole parcel is taken
	AreaM2       float64
	Frontage     fit.Stretch // its longest
	DepthM       float64     // behind that
	WidthM       float64
	Compactness  float64
	RestM2       float64
	Score        float64 // by which offers are ranked: of the shape, 0 to 1, or what Wanted.Score says
	middle       orb.Point
}

// offM2 is the largest error of a lot's area, in square metres.
const offM2 = 0.5

// Carve offers lots of a given area out of a parcel, best first. Each lot fronts a road and leaves an acceptable
// rest.
//
//  1. Candidates start from places along each stretch that fronts a road: its ends, and five evenly between. From a
//     place a lot extends along the road and in depth as its area and proportions allow, in up to four proportions. At
//     an end of the stretch it reaches the parcel's own side. Its other sides are straight: the back is parallel to
//     the road, the sides are at right angles to it or parallel to the parcel's side at the end. A lot may also go
//     through to the parcel's far side.
//  2. The depth (or width) with exactly the area is found by bisection on the outline.
//  3. The best proportion of every place is cut as [Cut] would, then the second best. If the cut snapped to a vertex,
//     the line is moved until the area is met again. All conditions are then measured on the result.
//  4. Offers with middles closer than a quarter of the side of a square of the area are alike: the better one is kept.
//
// The score is the product of two compactness ratios, each at most 1: the lot's against a square's, and the rest's
// against the parcel's. A square at the edge that leaves the rest no more ragged scores highest. The search is a
// heuristic: an offer keeps every rule, but an empty result doesn't prove that no lot exists.
//
// With Wanted.Score lots are sought by that score instead ([lots.seek]).
//
// It refuses an unsound shape, a request out of range, and a request that no candidate fulfils. The reason is then
// that of the candidate that came furthest, with its shortfall.
func Carve(p *lot.Plane, s lot.Shape, roads []fit.Road, want Wanted, r lot.Rules) ([]Offer, error) {
	cutter, err := lot.NewCutter(p, s, r)
	if err != nil {
		return nil, err
	}
	if err := want.check(); err != nil {
		return nil, err
	}
	whole := cutter.Whole()
	outline := whole.Outline(0)
	near, err := fit.Near(roads, want.ToleranceM, outline)
	if err != nil {
		return nil, err
	}
	c := &lots{cutter: cutter, whole: whole, outline: outline, near: near, want: want, area: whole.AreaM2(0)}
	c.effort = Effort(outline)
	c.fronting = near.Fronting(outline)
	for i, a := range outline[0] {
		b := outline[0][(i+1)%len(outline[0])]
		c.sides = append(c.sides, side{lot.Unit(a, b), lot.Apart(a, b)})
	}
	return c.offers()
}

func (v Wanted) check() error {
	for _, f := range []struct {
		field string
		x     float64
		above bool
	}{{"area_m2", v.AreaM2, true}, {"least_frontage_m", v.LeastFrontageM, true}, {"least_depth", v.LeastDepth, false},
		{"most_depth", v.MostDepth, false}, {"least_rest_m2", v.LeastRestM2, false},
		{"rest_frontage_m", v.RestFrontageM, false}} {
		if !(f.x >= 0 && f.x <= lot.MaxMetres*lot.MaxMetres) || f.above && f.x == 0 {
			if f.above {
				return lot.Refuse(lot.BadRequest, f.field, "lot.m_above_0", f.x)
			}
			return lot.Refuse(lot.BadRequest, f.field, "lot.m_0_or_more", f.x)
		}
	}
	if v.MostDepth > 0 && v.MostDepth < v.LeastDepth {
		return lot.Refuse(lot.BadRequest, "most_depth", "bound.least", v.MostDepth, "name", "least_depth", "n", v.LeastDepth)
	}
	if v.AreaM2 <= 2*offM2 {
		return lot.Refuse(lot.BadRequest, "area_m2", "lot.above_m2", v.AreaM2, "n", 2*offM2)
	}
	if v.Most < 1 || v.Most > 50 {
		return lot.Refuse(lot.BadRequest, "most", "number.from_to", v.Most, "from", 1, "to", 50)
	}
	return nil
}

// lots looks for lots in one parcel.
type lots struct {
	cutter   *lot.Cutter
	whole    lot.Piece
	outline  [][]orb.Point // of the parcel
	effort   int64         // of it
	area     float64
	near     fit.Kerbs
	fronting fit.Fronting
	sides    []side // of the outer ring
	want     Wanted
	found    []Offer
	short    *shortfall
	last     float64 // the score of the lot considered last, where it keeps every rule: kept or not
}

// Effort is what is counted for going once round an outline: its points, and fifteen for what no point adds to. One
// of it takes about a quarter of a microsecond.
func Effort(outline [][]orb.Point) int64 {
	n := int64(15)
	for _, ring := range outline {
		n += int64(len(ring))
	}
	return n
}

// What drawing in an outline and cutting it take, in its effort.
const (
	drawWork = 1
	cutWork  = 5
)

// work counts what was done with the parcel's outline.
func (c *lots) work(times int64) {
	if c.want.Work != nil {
		*c.want.Work += times * c.effort
	}
}

// side is a side of a parcel: its way and its length.
type side struct {
	way   orb.Point
	longM float64
}

// shortfall is why the lot that came furthest will not do.
type shortfall struct {
	stage int     // how far it came
	by    float64 // the share of what is asked that it has
	err   *lot.Refused
}

// fails notes why a lot will not do.
func (c *lots) fails(stage int, by float64, err *lot.Refused) {
	if c.short == nil || stage > c.short.stage || stage == c.short.stage && by > c.short.by {
		c.short = &shortfall{stage, by, err}
	}
}

const (
	tries     = 30 // sketches that are tried in any case
	mostTries = 90 // and where they come to few offers
	fewOffers = 5
	apartBy   = 4 // the part of a square's side by which offers differ
)

func (c *lots) offers() ([]Offer, error) {
	if err := c.possible(); err != nil {
		return nil, err
	}
	if math.Abs(c.area-c.want.AreaM2) <= offM2 {
		c.consider(c.whole)
	} else if c.want.Score != nil {
		c.seek()
	} else {
		for i, s := range c.sketches() {
			if i >= mostTries || i >= tries && len(c.found) >= min(c.want.Most, fewOffers) {
				break
			}
			c.cut(s)
		}
	}
	if len(c.found) > 0 {
		return c.found[:min(len(c.found), c.want.Most)], nil
	}
	if c.short != nil {
		return nil, c.short.err
	}
	return nil, lot.Refuse(lot.NoRoom, "area_m2", "lot.proportions", geo.Say("came.no_lot"), "m2", lot.Num(c.want.AreaM2))
}

// possible refuses what no lot can fulfil.
func (c *lots) possible() error {
	if c.want.AreaM2 > c.area+offM2 {
		most, came := geo.Apart(c.area, c.want.AreaM2)
		return lot.Refuse(lot.BadArea, "area_m2", "lot.at_most_parcel", geo.Say("came.m2_more", "m2", came, "more",
			lot.Num(c.want.AreaM2-c.area)), "m2", most)
	}
	if long := c.fronting.Longest().LengthM; long < c.want.LeastFrontageM {
		least, came := geo.Apart(c.want.LeastFrontageM, long)
		return lot.Refuse(lot.NoFrontage, "least_frontage_m", "lot.frontage", geo.Say("came.parcel_fronts", "m", came, "less",
			lot.Num(c.want.LeastFrontageM-long)), "m", least)
	}
	if rest := c.area - c.want.AreaM2; rest > offM2 && rest < c.want.LeastRestM2 {
		least, came := geo.Apart(c.want.LeastRestM2, rest)
		return lot.Refuse(lot.NoRest, "least_rest_m2", "lot.rest_or_nothing", geo.Say("came.m2_less", "m2", came, "less",
			lot.Num(c.want.LeastRestM2-rest)), "m2", least)
	}
	return nil
}

// consider measures a lot that was cut and keeps it when it will do.
func (c *lots) consider(got lot.Piece) {
	outline := got.Outline(0)
	at := outline[0][0]
	fronting := c.near.Longest(outline)
	if f := fronting.LengthM; f < c.want.LeastFrontageM-fit.JoinM {
		least, came := geo.Apart(c.want.LeastFrontageM, f)
		c.fails(2, f/c.want.LeastFrontageM, lot.Refuse(lot.NoFrontage, "least_frontage_m", "lot.frontage",
			geo.Say("came.m_less", "m", came, "less", lot.Num(c.want.LeastFrontageM-f)), "m", least).Where(at))
		return
	}
	o := Offer{AreaM2: got.AreaM2(0), Frontage: fronting}
	o.Compactness = geo.Compactness(o.AreaM2, got.PerimeterM(0))
	o.DepthM, o.WidthM = fronting.Depth(outline[0])
	o.middle = middle(outline[0])
	o.Score = min(1, o.Compactness/(math.Pi/4))
	if got.Parts() == 2 {
		o.RestM2 = got.AreaM2(1)
		o.Score *= min(1, geo.Compactness(o.RestM2, got.PerimeterM(1))/geo.Compactness(c.area, c.whole.PerimeterM(0)))
	}
	if c.want.Score != nil {
		o.Score = c.want.Score(outline) + byShape*o.Score
	}
	if !c.proportioned(o, at) || math.IsInf(o.Score, -1) || c.want.Score == nil && c.beaten(o) || !c.leaves(got, o) {
		return
	}
	if c.last = o.Score; c.beaten(o) {
		return
	}
	var err error
	if o.Division, err = got.Division(); err != nil {
		var refused *lot.Refused
		if errors.As(err, &refused) {
			c.fails(4, 0, refused)
		}
		c.last = math.Inf(-1)
		return
	}
	c.keep(o)
}

// proportioned tells whether a lot is as deep for its width as was asked.
func (c *lots) proportioned(o Offer, at orb.Point) bool {
	const slack = 1e-9
	low, high := c.want.LeastDepth, c.want.MostDepth
	if high == 0 {
		high = math.Inf(1)
	}
	ratio := o.DepthM / o.WidthM
	if ratio >= low*(1-slack) && ratio <= high*(1+slack) {
		return true
	}
	var short *lot.Refused
	if ratio < low {
		bound, came := geo.Apart(low, ratio)
		short = lot.Refuse(lot.NoRoom, "depth", "lot.depth_least", c.proportion(o, came), "n", bound)
	} else {
		bound, came := geo.Apart(high, ratio)
		short = lot.Refuse(lot.NoRoom, "depth", "lot.depth_most", c.proportion(o, came), "n", bound)
	}
	c.fails(3, min(ratio/low, high/ratio), short.Where(at))
	return false
}

// proportion says how deep a lot is for its width.
func (c *lots) proportion(o Offer, ratio string) geo.Words {
	return geo.Say("came.proportion", "n", ratio, "depth", lot.Num(o.DepthM), "width", lot.Num(o.WidthM))
}

// leaves reports whether the rest beside a lot is acceptable.
func (c *lots) leaves(got lot.Piece, o Offer) bool {
	if got.Parts() == 1 {
		return true
	}
	rest := got.Outline(1)
	at := rest[0][0]
	if n := got.Parts() - 1; n > 1 {
		c.fails(1, 0, lot.Refuse(lot.NoRest, "rest", "lot.rest_one_piece", n).Where(at))
		return false
	}
	if o.RestM2 < c.want.LeastRestM2 {
		least, came := geo.Apart(c.want.LeastRestM2, o.RestM2)
		c.fails(4, o.RestM2/c.want.LeastRestM2, lot.Refuse(lot.NoRest, "least_rest_m2", "lot.rest", lot.Text(came+" m²"), "m2",
			least).Where(at))
		return false
	}
	f := c.near.Longest(rest).LengthM
	if f < c.want.RestFrontageM-fit.JoinM || f <= 0 {
		if f <= 0 && c.want.RestFrontageM <= 0 {
			c.fails(4, 0, lot.Refuse(lot.NoRest, "rest_frontage_m", "lot.rest_some_road", lot.Text("0 m")).Where(at))
			return false
		}
		least, came := geo.Apart(c.want.RestFrontageM, f)
		c.fails(4, share(f, c.want.RestFrontageM), lot.Refuse(lot.NoRest, "rest_frontage_m", "lot.rest_frontage",
			geo.Say("came.m_less", "m", came, "less", lot.Num(c.want.RestFrontageM-f)), "m", least).Where(at))
		return false
	}
	return true
}

// alike tells whether two offers are too close to be told apart.
func (c *lots) alike(a, b Offer) bool {
	return lot.Apart(a.middle, b.middle) < math.Sqrt(c.want.AreaM2)/apartBy
}

// beaten tells whether an offer that was kept is like this one, and no worse.
func (c *lots) beaten(o Offer) bool {
	return slices.ContainsFunc(c.found, func(x Offer) bool { return x.Score >= o.Score && c.alike(x, o) })
}

// keep puts an offer in its place, and drops those like it.
func (c *lots) keep(o Offer) {
	c.found = append(slices.DeleteFunc(c.found, func(x Offer) bool { return c.alike(x, o) }), o)
	slices.SortStableFunc(c.found, func(a, b Offer) int { return cmp.Compare(b.Score, a.Score) })
}

// middle is the centroid of a ring.
func middle(ring []orb.Point) orb.Point {
	origin := ring[0]
	var x, y, twice float64
	for i := 1; i+1 < len(ring); i++ {
		a, b := ring[i], ring[i+1]
		t := (a[0]-origin[0])*(b[1]-origin[1]) - (a[1]-origin[1])*(b[0]-origin[0])
		x, y, twice = x+t*(a[0]+b[0]-2*origin[0]), y+t*(a[1]+b[1]-2*origin[1]), twice+t
	}
	return orb.Point{origin[0] + x/(3*twice), origin[1] + y/(3*twice)}
}

// share is the ratio of the available to the wanted amount, at most 1.
func share(x, of float64) float64 {
	if of <= 0 {
		return 1
	}
	return min(1, x/of)
}
