package siting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"
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
	CutShort string  `json:"cut_short,omitempty" enum:"parents,time" doc:"What limit ended the search before all parents were carved; absent where none did."`
}

// Limits on the search for lots, how many are offered of a parcel where nobody says, and how many are tried by shape.
const (
	maxCarved   = 200
	carveWithin = 2 * time.Second
	lotsEach    = 2
	triedEach   = 5
)

// cutLots makes lots out of the parcels that are larger than wanted.
//
//  1. Parents are free parcels larger than the lot whose land use and status will do.
//  2. The most promising come first: by their own score in all but area and shape.
//  3. Each is carved by shape. These lots make, with the parcels, the scales of the wishes.
//  4. On those scales each is carved again, by the question's own score ([carve.Carve]), until two hundred are, or two
//     seconds have passed.
func (f *Field) cutLots(ctx context.Context, a Ask) error {
	wish, err := a.Lots.wish(a)
	if err != nil {
		return err
	}
	landUse := f.landUse(a.Need.LandUse)
	var parents []int
	for row := range f.Places {
		if f.areaMu(row) > wish.AreaMu && points(f.Places[row].Shape) <= MaxOutline &&
			planar.Area(f.Places[row].Shape) > wish.AreaMu*m2PerMu+1 && f.usable(row, a.Need, landUse) {
			parents = append(parents, row)
		}
	}
	f.Lots = &LotSearch{AreaMu: wish.AreaMu, Parents: len(parents)}
	if parents, err = f.promising(ctx, parents, a, maxCarved); err != nil {
		return err
	}
	if len(parents) < f.Lots.Parents {
		f.Lots.CutShort = "parents"
	}
	until := time.Now().Add(carveWithin)
	shapes := wish
	shapes.Alternates = triedEach
	tried, _, err := f.carveAll(ctx, parents, shapes, until, func(int) func([][]orb.Point) float64 { return nil })
	if err != nil {
		return err
	}
	f.Made = tried
	score, err := f.scorer(ctx, a, wish.AreaMu)
	f.Made = nil
	if err != nil {
		return err
	}
	lots, carved, err := f.carveAll(ctx, parents, wish, until, score)
	if err != nil {
		return err
	}
	f.tried, f.Made, f.Lots.Carved, f.Lots.Found = tried, lots, carved, len(lots)
	if carved < len(parents) {
		f.Lots.CutShort = "time"
	}
	return nil
}

// carveAll carves parents, several at once, until an instant: the lots in the order of the parents, and of how many.
func (f *Field) carveAll(ctx context.Context, parents []int, wish LotWish, until time.Time,
	score func(row int) func([][]orb.Point) float64) (lots []Candidate, carved int, err error) {
	all := make([][]Candidate, len(parents))
	var done atomic.Int64
	var failed atomic.Pointer[error]
	err = onAllCores(ctx, len(parents), func(k int) {
		if time.Now().After(until) || failed.Load() != nil {
			return
		}
		offers, err := f.carve(parents[k], wish, score(parents[k]))
		var refused *lot.Refused
		if err != nil && !errors.As(err, &refused) {
			failed.CompareAndSwap(nil, &err)
			return
		}
		done.Add(1)
		for i, o := range offers {
			all[k] = append(all[k], f.made(GroundLot, fmt.Sprintf("%s/%d", f.Places[parents[k]].Code, i+1),
				[]int{parents[k]}, o.Lot, wish.AreaMu, o.Line))
		}
	})
	if failed.Load() != nil {
		return nil, 0, *failed.Load()
	}
	return slices.Concat(all...), int(done.Load()), err
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
