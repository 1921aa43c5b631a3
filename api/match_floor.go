package api

import (
	"context"

	"github.com/google/uuid"

	"luodi/data/registry"
	"luodi/data/store"
)

// Which places a question asks for.
const (
	placeGround = "ground"
	placeFloor  = "floor_space"
)

// floorMost is how many units are told of each sort.
const floorMost = 100

// matchFloor are the units of workshops beside the ground.
type matchFloor struct {
	Units    []matchUnit `json:"units" doc:"Those that no known figure leaves out, at most 100: first those that surely keep every limit."`
	Fits     int         `json:"fits" doc:"How many surely keep every limit."`
	ToAsk    int         `json:"to_ask" doc:"How many more may, as some figure is not known: ask the park."`
	Excluded []matchUnit `json:"excluded" doc:"Those left out, at most 100, those short of the fewest limits first."`
	Out      int         `json:"out" doc:"How many are left out."`
}

type matchUnit struct {
	Rank    int               `json:"rank,omitempty"`
	Unit    registry.Unit     `json:"unit"`
	Reasons []matchUnitReason `json:"reasons"`
}

type matchUnitReason struct {
	Measure string                `json:"measure" enum:"area_m2,clear_height_m,load_t_m2,crane_t,power_kva,rent_cny_m2_month,free_on"`
	Verdict registry.FloorVerdict `json:"verdict" enum:"met,short,unknown"`
	Text    bilingual             `json:"text"`
}

// floor ranks the units of a park as they are now, by what is public alone where the asker is no member.
func (d *domain) floor(ctx context.Context, a *asked) (*matchFloor, error) {
	var units []registry.Unit
	err := d.browseBuildings(ctx, a.Park, func(q store.Querier, of registry.BuildingSource,
		park uuid.UUID) (err error) {
		units, err = registry.Units(ctx, q, of, park, registry.UnitFilter{})
		return err
	})
	if err != nil {
		return nil, err
	}
	var wish registry.FloorWish
	if a.Floor != nil {
		wish = *a.Floor
	}
	ranked, left := registry.RankFloor(units, wish)
	out := &matchFloor{Units: []matchUnit{}, Excluded: []matchUnit{}, Out: len(left)}
	for i, space := range ranked {
		if space.Count(registry.FloorUnknown) == 0 {
			out.Fits++
		} else {
			out.ToAsk++
		}
		if i < floorMost {
			out.Units = append(out.Units, unitOf(i+1, space))
		}
	}
	for _, space := range left[:min(len(left), floorMost)] {
		out.Excluded = append(out.Excluded, unitOf(0, space))
	}
	return out, nil
}

func unitOf(rank int, space registry.FloorSpace) matchUnit {
	out := matchUnit{Rank: rank, Unit: space.Unit, Reasons: []matchUnitReason{}}
	for _, r := range space.Reasons {
		key := map[registry.FloorVerdict]string{registry.FloorMet: "match.floor.met",
			registry.FloorShort: "match.floor.short", registry.FloorUnknown: "match.floor.unknown"}[r.Verdict]
		if r.Asked == "—" {
			key = "match.floor.let"
		}
		out.Reasons = append(out.Reasons, matchUnitReason{r.Measure, r.Verdict,
			both(key, "name", both("match.floor.name."+r.Measure), "asked", r.Asked, "value", r.Value)})
	}
	return out
}
