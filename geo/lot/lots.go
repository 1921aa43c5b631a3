package lot

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
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
}

// Offer is a lot that could be carved.
type Offer struct {
	Division    // Parts[0] is the lot, Parts[1] what is left; there is no rest where the whole parcel is taken
	AreaM2      float64
	Frontage    Stretch // its longest
	DepthM      float64 // behind that
	WidthM      float64
	Compactness float64
	RestM2      float64
	Score       float64 // 0 to 1, by which offers are ranked
	middle      orb.Point
}

// offM2 is by how much the area of a lot may differ from what was asked.
const offM2 = 0.5

// Carve offers lots of a given area out of a parcel, best first, that front a road and leave a rest that does.
//
//  1. From places along each stretch that fronts a road (its ends, and five evenly between) a lot reaches as far along the road and
//     as deep as its area and proportions allow, in up to four proportions. At an end of the stretch it goes to
//     the parcel's own side. Its other sides are straight: the back is parallel to the road, the sides at right angles to it or
//     parallel to the parcel's side at the end. A lot may also go through to the parcel's far side.
//  2. How deep, or how wide, gives just the area is found by bisection on the outline.
//  3. The best proportion of every place is cut as [Cut] would, then the second best, and the line moved until the area is met again
//     where it was drawn to a vertex; then all that was asked is measured on what came of it.
//  4. Offers whose middles lie closer than a quarter of the side of a square of the area are alike: the better is kept.
//
// The score is the product of the lot's compactness against a square's and of the rest's against the parcel's, each at
// most 1: a square at the edge that leaves the rest no more ragged scores highest. The search is not exhaustive: an
// offer keeps every rule, but that none is found doesn't prove that there is none.
//
// Refused are a shape that is no sound parcel, a request out of range, and one that no lot that was tried fulfils: the
// reason is that of the lot which came furthest, and says by how much it falls short.
func Carve(p *Plane, s Shape, roads []Road, want Wanted, r Rules) ([]Offer, error) {
	w := newWork(p)
	if err := r.check(p); err != nil {
		return nil, err
	}
	shape, err := w.settle(s, 0)
	if err != nil {
		return nil, err
	}
	if err := want.check(); err != nil {
		return nil, err
	}
	near, err := kerbs(roads, want.ToleranceM, p.Polygon(shape).Bound())
	if err != nil {
		return nil, err
	}
	c := &lots{w: w, shape: shape, near: w.beside(near, shape), want: want, rules: r, area: w.area(shape)}
	c.fronting = w.frontage(shape, c.near, want.ToleranceM)
	for e := range edges(shape[:1]) {
		a, b := w.at(e.from), w.at(e.to)
		c.sides = append(c.sides, side{unit(a, b), apart(a, b)})
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
		if !(f.x >= 0 && f.x <= maxMetres*maxMetres) || f.above && f.x == 0 {
			return refuse(BadRequest, f.field, map[bool]string{true: "more than 0", false: "0 or more"}[f.above], f.x)
		}
	}
	if v.MostDepth > 0 && v.MostDepth < v.LeastDepth {
		return refuse(BadRequest, "most_depth", "no less than the least, "+num(v.LeastDepth), v.MostDepth)
	}
	if v.AreaM2 <= 2*offM2 {
		return refuse(BadRequest, "area_m2", "more than 1 m²", v.AreaM2)
	}
	if v.Most < 1 || v.Most > 50 {
		return refuse(BadRequest, "most", "1 to 50", v.Most)
	}
	return nil
}

// lots looks for lots in one parcel.
type lots struct {
	w        *work
	shape    Shape
	area     float64
	near     []kerb
	fronting Fronting
	sides    []side // of the outer ring
	want     Wanted
	rules    Rules
	found    []Offer
	short    *shortfall
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
	err   *Refused
}

// fails notes why a lot will not do.
func (c *lots) fails(stage int, by float64, err *Refused) {
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
		c.consider(carved{w: c.w, parts: []Shape{c.shape}, area: c.area})
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
	return nil, refuse(NoRoom, "area_m2", "a lot of "+num(c.want.AreaM2)+" m² in the proportions asked for",
		text("no such lot along the roads"))
}

// possible refuses what no lot can fulfil.
func (c *lots) possible() error {
	if c.want.AreaM2 > c.area+offM2 {
		return refuse(BadArea, "area_m2", "no more than the parcel's "+num(c.area)+" m²",
			text(fmt.Sprintf("%s m², %s m² more", num(c.want.AreaM2), num(c.want.AreaM2-c.area))))
	}
	if long := c.fronting.Longest().LengthM; long < c.want.LeastFrontageM {
		return refuse(NoFrontage, "least_frontage_m", num(c.want.LeastFrontageM)+" m along one road",
			text(fmt.Sprintf("the parcel fronts %s m, %s m less", num(long), num(c.want.LeastFrontageM-long))))
	}
	if rest := c.area - c.want.AreaM2; rest > offM2 && rest < c.want.LeastRestM2 {
		return refuse(NoRest, "least_rest_m2", num(c.want.LeastRestM2)+" m² left, or nothing",
			text(fmt.Sprintf("%s m², %s m² less", num(rest), num(c.want.LeastRestM2-rest))))
	}
	return nil
}

// consider measures a lot that was cut and keeps it when it will do.
func (c *lots) consider(got carved) {
	lot := got.parts[0]
	at := got.w.at(lot[0][0])
	fronting := got.w.fronting(lot, c.near, c.want.ToleranceM).Longest()
	if f := fronting.LengthM; f < c.want.LeastFrontageM-joinM {
		c.fails(2, f/c.want.LeastFrontageM, refuse(NoFrontage, "least_frontage_m",
			num(c.want.LeastFrontageM)+" m along one road",
			text(fmt.Sprintf("%s m at most, %s m less", num(f), num(c.want.LeastFrontageM-f))), at))
		return
	}
	fronting.Line = got.w.stretch(lot[fronting.Ring], fronting.at)
	o := Offer{AreaM2: got.area, Frontage: fronting, Compactness: geo.Compactness(got.area, got.w.perimeter(lot))}
	o.DepthM, o.WidthM = depth(got.w.points(lot[0]), fronting)
	o.middle = got.w.middle(lot[0])
	o.Score = min(1, o.Compactness/(math.Pi/4))
	if len(got.parts) == 2 {
		o.RestM2 = got.w.area(got.parts[1])
		o.Score *= min(1, geo.Compactness(o.RestM2, got.w.perimeter(got.parts[1]))/geo.Compactness(c.area,
			c.w.perimeter(c.shape)))
	}
	if !c.proportioned(o, at) || c.beaten(o) || !c.leaves(got, o) {
		return
	}
	if err := got.w.allow(got.parts, c.rules); err != nil {
		var refused *Refused
		if errors.As(err, &refused) {
			c.fails(4, 0, refused)
		}
		return
	}
	o.Division = got.w.finish(got.parts)
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
	c.fails(3, min(ratio/low, high/ratio), refuse(NoRoom, "depth",
		fmt.Sprintf("%s to %s m of depth for each of width", num(low), num(high)),
		text(fmt.Sprintf("%s m (%s deep, %s wide)", num(ratio), num(o.DepthM), num(o.WidthM))), at))
	return false
}

// leaves tells whether what a lot leaves will do.
func (c *lots) leaves(got carved, o Offer) bool {
	rest := got.parts[1:]
	if len(rest) == 0 {
		return true
	}
	at := got.w.at(rest[0][0][0])
	if len(rest) > 1 {
		c.fails(1, 0, refuse(NoRest, "rest", "land in one piece", len(rest), at))
		return false
	}
	if o.RestM2 < c.want.LeastRestM2 {
		c.fails(4, o.RestM2/c.want.LeastRestM2, refuse(NoRest, "least_rest_m2", num(c.want.LeastRestM2)+" m² left",
			text(num(o.RestM2)+" m²"), at))
		return false
	}
	f := got.w.fronting(rest[0], c.near, c.want.ToleranceM).Longest().LengthM
	if f < c.want.RestFrontageM-joinM || f <= 0 {
		c.fails(4, share(f, c.want.RestFrontageM), refuse(NoRest, "rest_frontage_m",
			fmt.Sprintf("%s m of the rest along one road", num(c.want.RestFrontageM)),
			text(fmt.Sprintf("%s m, %s m less", num(f), num(c.want.RestFrontageM-f))), at))
		return false
	}
	return true
}

// alike tells whether two offers are too close to be told apart.
func (c *lots) alike(a, b Offer) bool {
	return apart(a.middle, b.middle) < math.Sqrt(c.want.AreaM2)/apartBy
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
func (w *work) middle(ring []int) orb.Point {
	origin := w.at(ring[0])
	var x, y, twice float64
	for i := 1; i+1 < len(ring); i++ {
		a, b := w.at(ring[i]), w.at(ring[i+1])
		t := cross(origin, a, b)
		x, y, twice = x+t*(a[0]+b[0]-2*origin[0]), y+t*(a[1]+b[1]-2*origin[1]), twice+t
	}
	return orb.Point{origin[0] + x/(3*twice), origin[1] + y/(3*twice)}
}
