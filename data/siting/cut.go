package siting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/paulmach/orb/planar"

	"luodi/geo"
	"luodi/geo/lot"
)

// LotsWish asks for lots cut out of larger parcels, ranked together with whole parcels. Their area comes from the
// criterion on area_mu: its target, else its min.
type LotsWish struct {
	FrontageM  float64 `json:"frontage_m" exclusiveMinimum:"0" maximum:"100000" doc:"Unbroken, on one road."`
	DepthMin   float64 `json:"depth_min,omitempty" minimum:"0" maximum:"1000" doc:"Least depth for each metre of width; 0: any."`
	DepthMax   float64 `json:"depth_max,omitempty" minimum:"0" maximum:"1000" doc:"Greatest depth for each metre of width; 0: any."`
	RestMu     float64 `json:"rest_mu,omitempty" minimum:"0" maximum:"1000000" doc:"Below which nothing may be left."`
	RestFrontM float64 `json:"rest_frontage_m,omitempty" minimum:"0" maximum:"100000" doc:"What is left fronts so much of one road; 0: any."`
	Alternates int     `json:"alternatives,omitempty" minimum:"1" maximum:"5" doc:"How many lots of one parcel at most; 2 without it."`
}

// LotSearch says how far lots were sought.
type LotSearch struct {
	AreaMu   float64 `json:"area_mu" doc:"Of each lot."`
	Parents  int     `json:"parents" doc:"Free parcels that are larger and whose land use and status will do."`
	Carved   int     `json:"carved" doc:"Of those, in how many lots were sought: the most promising first."`
	Found    int     `json:"found" doc:"Lots that are ranked."`
	CutShort string  `json:"cut_short,omitempty" enum:"parents,work" doc:"What limit ended the search before all parents were carved; absent where none did."`
}

// Limits on the search for lots, how many are offered of a parcel where nobody says, and how many are tried by shape.
const (
	maxCarved = 200
	lotsEach  = 2
	triedEach = 5
)

// carveWork is how much is done for the lots of one question, in [carve.Effort]; of that one part in forShapes at most
// is for lots by shape alone. It is counted and not timed, so that a busy or a slow machine gives the same answer. All
// of it takes some four seconds of one core.
const (
	carveWork = 15_000_000
	forShapes = 4
)

// cutLots makes lots out of the parcels that are larger than wanted.
//
//  1. Parents are free parcels larger than the lot whose land use and status will do.
//  2. The most promising two hundred come first: by their own score in all but area and shape.
//  3. Each is carved by shape. These lots make, with the parcels, the scales of the wishes.
//  4. On those scales each is carved again, by the question's own score ([carve.Carve]).
//
// Both times parents are carved in their order until the work for the question is done.
func (f *Field) cutLots(ctx context.Context, a Ask) error {
	wish, err := a.Lots.wish(a)
	if err != nil {
		return err
	}
	parents := f.larger(wish, a.Need)
	f.Lots = &LotSearch{AreaMu: wish.AreaMu, Parents: len(parents)}
	if parents, err = f.promising(ctx, parents, a, maxCarved); err != nil {
		return err
	}
	if len(parents) < f.Lots.Parents {
		f.Lots.CutShort = "parents"
	}
	shapes := wish
	shapes.Alternates = triedEach
	work := cmp.Or(a.work, carveWork)
	tried, err := f.carveAll(ctx, parents, shapes, work/forShapes, byShape)
	if err != nil {
		return err
	}
	f.Made = tried.lots
	score, err := f.scorer(ctx, a, wish.AreaMu)
	f.Made = nil
	if err != nil {
		return err
	}
	cut, err := f.carveAll(ctx, parents[:tried.parents], wish, work-tried.work, score)
	if err != nil {
		return err
	}
	f.tried, f.Made, f.Lots.Carved, f.Lots.Found = tried.lots, cut.lots, cut.parents, len(cut.lots)
	if cut.parents < len(parents) {
		f.Lots.CutShort = "work"
	}
	return nil
}

// larger are the rows of the free parcels that a lot can be cut out of.
func (f *Field) larger(wish LotWish, need Requirement) (rows []int) {
	landUse := f.landUse(need.LandUse)
	for row := range f.Places {
		if f.areaMu(row) > wish.AreaMu && points(f.Places[row].Shape) <= MaxOutline &&
			planar.Area(f.Places[row].Shape) > wish.AreaMu*m2PerMu+1 && f.usable(row, need, landUse) {
			rows = append(rows, row)
		}
	}
	return rows
}

// carved is what came of carving: the lots in the order of their parents, how many of these, and the work it took.
type carved struct {
	lots    []Candidate
	parents int
	work    int64
}

// carveAll carves parents in their order, as long as those before took less work than the budget. Several are carved at
// once: one is begun while the work of those before that is known is within the budget, and what turns out to be beyond
// is left out. So speed and cores don't tell in what comes of it.
func (f *Field) carveAll(ctx context.Context, parents []int, wish LotWish, budget int64, score scorer) (carved, error) {
	lots, errs := make([][]Candidate, len(parents)), make([]error, len(parents))
	took := make([]atomic.Int64, len(parents)) // 0 until it is carved
	err := onAllCores(ctx, len(parents), func(k int) {
		known := int64(0)
		for i := range took[:k] {
			known += took[i].Load()
		}
		if known < budget {
			var work int64
			lots[k], errs[k] = f.carveOne(parents[k], wish, score, &work)
			took[k].Store(work)
		}
	})
	if err != nil {
		return carved{}, err
	}
	var out carved
	for k := 0; k < len(parents) && out.work < budget; k++ {
		if errs[k] != nil {
			return carved{}, errs[k]
		}
		out.parents, out.work = k+1, out.work+took[k].Load()
	}
	out.lots = slices.Concat(lots[:out.parents]...)
	return out, nil
}

// carveOne makes the lots of one parent: none where it is refused.
func (f *Field) carveOne(parent int, wish LotWish, score scorer, work *int64) (lots []Candidate, err error) {
	offers, err := f.carve(parent, wish, score(parent, work), work)
	var refused *lot.Refused
	if err != nil && !errors.As(err, &refused) {
		return nil, err
	}
	for i, o := range offers {
		lots = append(lots, f.made(GroundLot, fmt.Sprintf("%s/%d", f.Places[parent].Code, i+1), []int{parent}, o.Lot,
			wish.AreaMu, o.Line))
	}
	return lots, nil
}

// wish is the lot to carve out of each parent.
func (w LotsWish) wish(a Ask) (LotWish, error) {
	out := LotWish{FrontageM: w.FrontageM, DepthMin: w.DepthMin, DepthMax: w.DepthMax, RestMu: w.RestMu,
		RestFrontM: w.RestFrontM, Alternates: w.Alternates}
	if out.Alternates == 0 {
		out.Alternates = lotsEach
	}
	area := areaWish(a.Criteria)
	switch {
	case area != nil && area.Target != nil:
		out.AreaMu = *area.Target
	case area != nil && area.Min != nil:
		out.AreaMu = *area.Min
	}
	switch {
	case !(out.AreaMu*m2PerMu > 1 && out.AreaMu <= 1e6):
		return out, geo.NewInvalid("criteria.area_mu", "lots.area", geo.None())
	case !(w.FrontageM > 0):
		return out, geo.NewInvalid("lots.frontage_m", "lots.frontage", w.FrontageM)
	case w.DepthMax > 0 && w.DepthMax < w.DepthMin:
		return out, geo.NewInvalid("lots.depth_max", "bound.least", w.DepthMax, "name", "depth_min", "n", w.DepthMin)
	}
	return out, nil
}
