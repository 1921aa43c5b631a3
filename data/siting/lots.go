package siting

import (
	"cmp"
	"math"
	"slices"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"

	"luodi/geo"
	"luodi/geo/carve"
	"luodi/geo/land"
	"luodi/geo/lot"
)

// LotWish says what lot is to be cut out of a parcel.
type LotWish struct {
	AreaMu     float64 `json:"area_mu" exclusiveMinimum:"0" maximum:"1000000" doc:"Of the lot, met to 0.5 m²."`
	FrontageM  float64 `json:"frontage_m" exclusiveMinimum:"0" maximum:"100000" doc:"Unbroken, on one road."`
	DepthMin   float64 `json:"depth_min,omitempty" minimum:"0" doc:"Least depth for each metre of width; 0: any."`
	DepthMax   float64 `json:"depth_max,omitempty" minimum:"0" doc:"Greatest depth for each metre of width; 0: any."`
	RestMu     float64 `json:"rest_mu,omitempty" minimum:"0" doc:"Below which nothing may be left."`
	RestFrontM float64 `json:"rest_frontage_m,omitempty" minimum:"0" doc:"What is left fronts so much of one road; 0: any."`
	Alternates int     `json:"alternatives,omitempty" minimum:"0" maximum:"20" doc:"How many to offer at most; 5 without it."`
}

// LotOffer is a lot that could be cut, in the survey plane. Line is the cut from side to side: a split by that line
// makes the lot; nil where the cut is not one line.
type LotOffer struct {
	carve.Offer
	Lot, Rest orb.Polygon
	Line      orb.LineString
	Road      string // code of the road it fronts
}

// frontTolerance is how far from a road's edge, in metres, land still fronts it.
const frontTolerance = 3

// MaxOutline is how many points an outline may have that lots are carved out of, or halls and rectangles sought in:
// what these take grows with the points (a star of 4,000 took 4 s and 190 MB on a busy core), and no parcel of the
// cadastres met has a tenth of so many.
const MaxOutline = 4_000

func points(p orb.Polygon) int {
	n := 0
	for _, ring := range p {
		n += len(ring)
	}
	return n
}

// Carve offers lots out of the free parcel of a row, the best shape first. A *[lot.Refused] says what falls short.
func (s *Sites) Carve(row int, wish LotWish) ([]LotOffer, error) {
	return s.carve(row, wish, nil, nil)
}

// carve offers lots by a score of their outlines, best first, and counts its work.
func (s *Sites) carve(row int, wish LotWish, score func([][]orb.Point) float64, work *int64) ([]LotOffer, error) {
	if n := points(s.Places[row].Shape); n > MaxOutline {
		return nil, geo.NewInvalid("parcel", "shape.outline", n, "n", MaxOutline)
	}
	plane := &lot.Plane{}
	shape, err := plane.Add(s.Places[row].Shape)
	if err != nil {
		return nil, err
	}
	want := carve.Wanted{AreaM2: wish.AreaMu * m2PerMu, LeastFrontageM: wish.FrontageM, LeastDepth: wish.DepthMin,
		MostDepth:   wish.DepthMax,
		LeastRestM2: wish.RestMu * m2PerMu, RestFrontageM: wish.RestFrontM, ToleranceM: frontTolerance, Most: 5, Score: score,
		Work: work}
	if wish.Alternates > 0 {
		want.Most = wish.Alternates
	}
	near, place := s.ways.kerbs.near(s.Places[row].Shape)
	offers, err := carve.Carve(plane, shape, near, want, lot.ParcelRules)
	if err != nil {
		return nil, err
	}
	out := make([]LotOffer, len(offers))
	for i, o := range offers {
		own := plane.Clone()
		if err := own.Extend(o.New); err != nil {
			return nil, err
		}
		out[i] = LotOffer{Offer: o, Lot: own.Polygon(o.Parts[0]), Road: s.ways.kerbs.code(place(o.Frontage.Road))}
		if len(o.Parts) > 1 {
			out[i].Rest = own.Polygon(o.Parts[1])
			out[i].Line = lot.CutLine(own, o.Parts[0], o.Parts[1])
		}
	}
	return out, nil
}

// Row finds a free parcel by its code; -1 where it is not free, or not there.
func (s *Sites) Row(code string) int {
	return slices.IndexFunc(s.Places, func(p Place) bool { return p.Code == code })
}

// AssemblyWish is the size of the assemblies of neighbouring parcels to look for.
type AssemblyWish struct {
	MinMu   float64 `json:"min_mu" exclusiveMinimum:"0" maximum:"1000000"`
	MaxMu   float64 `json:"max_mu" exclusiveMinimum:"0" maximum:"1000000"`
	Most    int     `json:"most,omitempty" minimum:"0" maximum:"50" doc:"How many sets to offer at most; 5 without it."`
	Reserve bool    `json:"reserve,omitempty" doc:"Take reserve land in too, which a release must free first."`
}

// AssemblyOffer is free neighbours that together have the area.
type AssemblyOffer struct {
	carve.Assembly
	IDs   []uuid.UUID
	Codes []string
	rows  []int
}

// maxNeighbours is how many parcels are searched at once: those nearest to where they lie densest, where a park has
// more.
const maxNeighbours = 2000

// Assemble puts free neighbours together that have the area, the fewest parcels first; proven says that no better ones
// exist. Parcels that alone have more than the area are left out.
func (s *Sites) Assemble(wish AssemblyWish) (offers []AssemblyOffer, proven bool, err error) {
	if wish.MinMu > wish.MaxMu {
		return nil, false, geo.NewInvalid("min_mu", "bound.most", wish.MinMu, "name", "max_mu", "n", wish.MaxMu)
	}
	var rows []int
	for i, p := range s.Places {
		if (p.Status == statusAvailable || wish.Reserve) && s.areaMu(i) <= wish.MaxMu {
			rows = append(rows, i)
		}
	}
	if len(rows) > maxNeighbours {
		return nil, false, geo.NewInvalid("max_mu", "assembly.few", len(rows), "n", maxNeighbours)
	}
	return s.assemble(rows, wish.MinMu, wish.MaxMu, wish.Most)
}

// assemblies is how many sets are offered where nobody says.
const assemblies = 5

// assemble puts parcels of some rows together.
func (s *Sites) assemble(rows []int, minMu, maxMu float64, most int) (offers []AssemblyOffer, proven bool, err error) {
	if len(rows) == 0 {
		return []AssemblyOffer{}, true, nil
	}
	free := make([]carve.Free, len(rows))
	beside := s.touching(rows)
	for k, row := range rows {
		free[k] = carve.Free{AreaM2: s.areaMu(row) * m2PerMu, Cost: 1, Beside: beside[k]}
	}
	found, proven, err := carve.Assemble(free, carve.Range{LeastM2: minMu * m2PerMu, MostM2: maxMu * m2PerMu},
		cmp.Or(most, assemblies))
	if err != nil {
		return nil, proven, err
	}
	for _, a := range found {
		slices.SortFunc(a.Parcels, func(x, y int) int {
			return land.CompareCodes(s.Places[rows[x]].Code,
				s.Places[rows[y]].Code)
		})
		o := AssemblyOffer{Assembly: a}
		for _, k := range a.Parcels {
			p := &s.Places[rows[k]]
			o.IDs, o.Codes, o.rows = append(o.IDs, p.ID), append(o.Codes, p.Code), append(o.rows, rows[k])
		}
		offers = append(offers, o)
	}
	return offers, proven, nil
}

// touchM is how near, in metres, two outlines run where they touch, and leastBorderM for how long, so that a corner is
// no border.
const (
	touchM       = 0.02
	leastBorderM = 1
)

// touching lists for each of some rows which others share a border with it.
func (s *Sites) touching(rows []int) [][]int {
	var index rtree.RTreeG[int]
	for k, row := range rows {
		b := s.Places[row].Shape.Bound()
		index.Insert(b.Min, b.Max, k)
	}
	out := make([][]int, len(rows))
	for k, row := range rows {
		b := s.Places[row].Shape.Bound().Pad(touchM)
		index.Search(b.Min, b.Max, func(_, _ [2]float64, other int) bool {
			if other > k && border(s.Places[row].Shape, s.Places[rows[other]].Shape) >= leastBorderM {
				out[k] = append(out[k], other)
			}
			return true
		})
	}
	return out
}

// border is how long the outlines of two parcels run together: of each edge of one what lies along an edge of the
// other.
func border(a, b orb.Polygon) float64 {
	total := 0.0
	for i := 0; i+1 < len(a[0]); i++ {
		p, q := a[0][i], a[0][i+1]
		length := planar.Distance(p, q)
		if length == 0 {
			continue
		}
		for k := 0; k+1 < len(b[0]); k++ {
			u, v := b[0][k], b[0][k+1]
			if offLine(p, q, u) > touchM || offLine(p, q, v) > touchM {
				continue
			}
			along := func(x orb.Point) float64 { return ((x[0]-p[0])*(q[0]-p[0]) + (x[1]-p[1])*(q[1]-p[1])) / length }
			lo, hi := along(u), along(v)
			total += math.Max(0, math.Min(math.Max(lo, hi), length)-math.Max(math.Min(lo, hi), 0))
		}
	}
	return total
}

// offLine is how far x lies from the line through p and q.
func offLine(p, q, x orb.Point) float64 {
	return math.Abs((q[0]-p[0])*(x[1]-p[1])-(q[1]-p[1])*(x[0]-p[0])) / planar.Distance(p, q)
}
