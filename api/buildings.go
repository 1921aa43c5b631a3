package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/feed"
	"luodi/data/registry"
	"luodi/data/store"
)

type buildingList struct {
	Buildings []registry.Building `json:"buildings" doc:"By code, at most 500."`
}

// buildingWhole is a building with what is of it.
type buildingWhole struct {
	Building registry.Building `json:"building"`
	Units    []registry.Unit   `json:"units" doc:"By code, at most 1000."`
}

type unitList struct {
	Units []registry.Unit `json:"units" doc:"By building and code, at most 1000."`
	More  bool            `json:"more" doc:"There may be more than are listed: ask more narrowly."`
}

type lettingList struct {
	Lettings []registry.Letting `json:"lettings" doc:"The live ones first, at most 500."`
}

type buildingHistory struct {
	Records []registry.BuildingRecord `json:"records" doc:"The newest first, at most 200."`
}

type listedBuildings struct {
	InPark
	Parcel string `query:"parcel" format:"uuid" doc:"Of one parcel, by its id; without it of the park."`
}

// OfBuilding names something of a park's buildings by its id.
type OfBuilding struct {
	InPark
	ID string `path:"id" format:"uuid" doc:"Its id."`
}

type listedUnits struct {
	InPark
	Building string  `query:"building" format:"uuid" doc:"Of one building, by its id; without it of the park."`
	State    string  `query:"state" enum:"free,held,let" doc:"As they stand today."`
	FreeBy   string  `query:"free_by" format:"date" doc:"Free by that day, as far as is known."`
	MinM2    float64 `query:"min_m2" minimum:"0" doc:"At least so much area. Here and below 0 asks nothing; where a unit's figure isn't known, it isn't listed."`
	MinClear float64 `query:"min_clear_height_m" minimum:"0"`
	MinLoad  float64 `query:"min_load_t_m2" minimum:"0"`
	MinCrane float64 `query:"min_crane_t" minimum:"0"`
	MinPower float64 `query:"min_power_kva" minimum:"0"`
	MaxRent  float64 `query:"max_rent_cny_m2_month" minimum:"0"`
}

type readingHistory struct {
	OfBuilding
	Before int64 `query:"before" minimum:"0" doc:"Those before this number; 0: the newest."`
}

type listedLettings struct {
	InPark
	Project string `query:"project" format:"uuid" doc:"Of one project, by its id; without it of all."`
}

type readingRecords struct {
	InPark
	Parcel string `query:"parcel" format:"uuid" doc:"Of the buildings on one parcel, by its id; without it of the park's."`
	Before int64  `query:"before" minimum:"0" doc:"Those before this number; 0: the newest."`
}

type makingBuilding struct {
	InPark
	Keyed
	Body registry.BuildingFacts
}

type changingBuilding struct {
	OfBuilding
	IfMatch string `header:"If-Match" doc:"The revision that was seen, in quotes."`
	Body    struct {
		registry.BuildingFacts
		registry.Turned
	}
}

type makingUnit struct {
	OfBuilding
	Keyed
	Body registry.UnitFacts
}

type changingUnit struct {
	OfBuilding
	IfMatch string `header:"If-Match" doc:"The revision that was seen, in quotes."`
	Body    struct {
		registry.UnitFacts
		registry.Turned
	}
}

type makingLetting struct {
	OfBuilding
	Keyed
	Body registry.NewLetting
}

type lettingOut struct {
	OfBuilding
	Keyed
	Body registry.Lease
}

type endingLetting struct {
	OfBuilding
	Keyed
	Body registry.EndOfLetting
}

// addBuildings adds the workshops of a park. Anyone may browse what is public; who holds a unit or has let it is for
// those who may see the park's desk.
func (d *domain) addBuildings() {
	const (
		buildings = "/api/parks/{park}/buildings"
		units     = "/api/parks/{park}/units"
		lettings  = "/api/parks/{park}/lettings"
	)
	desk(d, deskRoute{http.MethodGet, buildings, "buildings", http.StatusOK}, d.listBuildings)
	desk(d, deskRoute{http.MethodGet, buildings + "/{id}", "building", http.StatusOK}, d.readBuilding)
	desk(d, deskRoute{http.MethodGet, units, "units", http.StatusOK}, d.listUnits)
	for _, at := range []string{buildings, buildings + "/{id}", units} {
		op := d.api.OpenAPI().Paths[at].Get
		op.Security = append(op.Security, map[string][]string{}) // none is needed
	}
	desk(d, deskRoute{http.MethodPost, buildings, "buildings.create", http.StatusCreated}, d.makeBuilding)
	desk(d, deskRoute{http.MethodPatch, buildings + "/{id}", "buildings.change", http.StatusOK}, d.changeBuilding)
	desk(d, deskRoute{http.MethodGet, buildings + "/{id}/history", "building.history", http.StatusOK},
		d.buildingHistory)
	desk(d, deskRoute{http.MethodGet, "/api/parks/{park}/building-records", "building.records", http.StatusOK},
		d.workshopRecords)
	desk(d, deskRoute{http.MethodGet, lettings, "lettings.list", http.StatusOK}, d.lettingsOf)
	desk(d, deskRoute{http.MethodPost, buildings + "/{id}/units", "units.create", http.StatusCreated}, d.makeUnit)
	desk(d, deskRoute{http.MethodPatch, units + "/{id}", "units.change", http.StatusOK}, d.changeUnit)
	desk(d, deskRoute{http.MethodGet, units + "/{id}/lettings", "lettings", http.StatusOK}, d.listLettings)
	desk(d, deskRoute{http.MethodPost, units + "/{id}/lettings", "lettings.create", http.StatusCreated}, d.makeLetting)
	desk(d, deskRoute{http.MethodPost, lettings + "/{id}/let", "lettings.let", http.StatusCreated}, d.let)
	desk(d, deskRoute{http.MethodPost, lettings + "/{id}/end", "lettings.end", http.StatusCreated}, d.endLetting)
}

// browseBuildings reads buildings as the caller may: from the planners' tables for members, from the public's views for
// others.
func (d *domain) browseBuildings(ctx context.Context, code string,
	read func(q store.Querier, of registry.BuildingSource, park uuid.UUID) error) error {
	open, of := d.feed.View, registry.PublicBuildings
	if d.sees(ctx, code) {
		open, of = d.feed.Desk, registry.DeskBuildings
	}
	return open(ctx, func(v *feed.View) error {
		park, err := v.Park(ctx, code)
		if err != nil {
			return err
		}
		return read(v.Tx, of, park.ID)
	})
}

// idOrNone reads an id that may be left out.
func idOrNone(kind, text string) (*uuid.UUID, error) {
	if text == "" {
		return nil, nil
	}
	id, err := parseID(kind, text)
	return &id, err
}

func (d *domain) listBuildings(ctx context.Context, in *listedBuildings) (int, buildingList, error) {
	var list buildingList
	parcel, err := idOrNone("parcel", in.Parcel)
	if err != nil {
		return 0, list, err
	}
	err = d.browseBuildings(ctx, in.Park, func(q store.Querier, of registry.BuildingSource,
		park uuid.UUID) (err error) {
		list.Buildings, err = registry.Buildings(ctx, q, of, park, parcel)
		return err
	})
	return 0, list, err
}

func (d *domain) readBuilding(ctx context.Context, in *OfBuilding) (int, buildingWhole, error) {
	var whole buildingWhole
	id, err := parseID("building", in.ID)
	if err != nil {
		return 0, whole, err
	}
	err = d.browseBuildings(ctx, in.Park, func(q store.Querier, of registry.BuildingSource,
		park uuid.UUID) (err error) {
		if whole.Building, err = registry.OneBuilding(ctx, q, of, park, id); err != nil {
			return err
		}
		whole.Units, err = registry.Units(ctx, q, of, park, registry.UnitFilter{Building: &id})
		return err
	})
	return 0, whole, err
}

func (d *domain) listUnits(ctx context.Context, in *listedUnits) (int, unitList, error) {
	var list unitList
	f := registry.UnitFilter{State: in.State, FreeBy: in.FreeBy, MinM2: limitOf(in.MinM2),
		MinClearM: limitOf(in.MinClear), MinLoadTM2: limitOf(in.MinLoad), MinCraneT: limitOf(in.MinCrane), MinPowerKVA: limitOf(in.MinPower),
		MaxRent: limitOf(in.MaxRent)}
	var err error
	if f.Building, err = idOrNone("building", in.Building); err != nil {
		return 0, list, err
	}
	err = d.browseBuildings(ctx, in.Park, func(q store.Querier, of registry.BuildingSource,
		park uuid.UUID) (err error) {
		list.Units, err = registry.Units(ctx, q, of, park, f)
		list.More = len(list.Units) == registry.MaxUnits
		return err
	})
	return 0, list, err
}

// limitOf is a limit that is asked for; nil of 0.
func limitOf(limit float64) *float64 {
	if limit == 0 {
		return nil
	}
	return &limit
}

func (d *domain) buildingHistory(ctx context.Context, in *readingHistory) (int, buildingHistory, error) {
	_, park, id, err := d.ofBuilding(ctx, "building", &in.OfBuilding)
	if err != nil {
		return 0, buildingHistory{}, err
	}
	all, err := d.registry.BuildingRecords(ctx, park, id, in.Before)
	return 0, buildingHistory{all}, err
}

func (d *domain) workshopRecords(ctx context.Context, in *readingRecords) (int, buildingHistory, error) {
	_, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return 0, buildingHistory{}, err
	}
	parcel, err := idOrNone("parcel", in.Parcel)
	if err != nil {
		return 0, buildingHistory{}, err
	}
	all, err := d.registry.WorkshopRecords(ctx, park, parcel, in.Before)
	return 0, buildingHistory{all}, err
}

func (d *domain) lettingsOf(ctx context.Context, in *listedLettings) (int, lettingList, error) {
	_, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return 0, lettingList{}, err
	}
	project, err := idOrNone("project", in.Project)
	if err != nil {
		return 0, lettingList{}, err
	}
	all, err := d.registry.LettingsOf(ctx, park, project)
	return 0, lettingList{all}, err
}

// ofBuilding finds who asks, the park, and the id of what is asked for, once the principal has the right in the park.
func (d *domain) ofBuilding(ctx context.Context, kind string, in *OfBuilding) (*auth.Principal, uuid.UUID, uuid.UUID,
	error) {
	who, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return nil, park, park, err
	}
	id, err := parseID(kind, in.ID)
	return who, park, id, err
}

func (d *domain) makeBuilding(ctx context.Context, in *makingBuilding) (int, *kept[registry.Building], error) {
	who, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Building, error) {
		made, err := d.registry.AddBuilding(ctx, park, who.Account, in.Body, once)
		return http.StatusCreated, made, err
	})
}

func (d *domain) changeBuilding(ctx context.Context, in *changingBuilding) (int, registry.Building, error) {
	who, park, id, err := d.ofBuilding(ctx, "building", &in.OfBuilding)
	if err != nil {
		return 0, registry.Building{}, err
	}
	seen, err := d.seen(in.IfMatch, in.ID, who, park)
	if err != nil {
		return 0, registry.Building{}, err
	}
	after, err := d.registry.ChangeBuilding(ctx, park, who.Account, id, seen, in.Body.BuildingFacts, in.Body.Turned)
	return 0, after, err
}

func (d *domain) makeUnit(ctx context.Context, in *makingUnit) (int, *kept[registry.Unit], error) {
	who, park, id, err := d.ofBuilding(ctx, "building", &in.OfBuilding)
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Unit, error) {
		made, err := d.registry.AddUnit(ctx, park, who.Account, id, in.Body, once)
		return http.StatusCreated, made, err
	})
}

func (d *domain) changeUnit(ctx context.Context, in *changingUnit) (int, registry.Unit, error) {
	who, park, id, err := d.ofBuilding(ctx, "unit", &in.OfBuilding)
	if err != nil {
		return 0, registry.Unit{}, err
	}
	seen, err := d.seen(in.IfMatch, in.ID, who, park)
	if err != nil {
		return 0, registry.Unit{}, err
	}
	after, err := d.registry.ChangeUnit(ctx, park, who.Account, id, seen, in.Body.UnitFacts, in.Body.Turned)
	return 0, after, err
}

func (d *domain) listLettings(ctx context.Context, in *OfBuilding) (int, lettingList, error) {
	_, park, id, err := d.ofBuilding(ctx, "unit", in)
	if err != nil {
		return 0, lettingList{}, err
	}
	all, err := d.registry.Lettings(ctx, park, id)
	return 0, lettingList{all}, err
}

// makeLetting holds or lets a unit for a project that is the caller's business too.
func (d *domain) makeLetting(ctx context.Context, in *makingLetting) (int, *kept[registry.Letting], error) {
	who, park, id, err := d.ofBuilding(ctx, "unit", &in.OfBuilding)
	if err != nil {
		return 0, nil, err
	}
	_, of, err := d.business(ctx, auth.Asked(ctx).As("for a project"), "")
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Letting, error) {
		made, err := d.registry.AddLetting(ctx, of, park, who.Account, id, in.Body, once)
		return http.StatusCreated, made, err
	})
}

func (d *domain) let(ctx context.Context, in *lettingOut) (int, *kept[registry.Letting], error) {
	return d.letting(ctx, &in.OfBuilding, in.Keyed, in.Body, func(park, by, id uuid.UUID,
		once *store.Once) (registry.Letting, error) {
		return d.registry.Let(ctx, park, by, id, in.Body, once)
	})
}

func (d *domain) endLetting(ctx context.Context, in *endingLetting) (int, *kept[registry.Letting], error) {
	return d.letting(ctx, &in.OfBuilding, in.Keyed, in.Body, func(park, by, id uuid.UUID,
		once *store.Once) (registry.Letting, error) {
		return d.registry.EndLetting(ctx, park, by, id, in.Body, once)
	})
}

func (d *domain) letting(ctx context.Context, in *OfBuilding, key Keyed, body any, do func(park, by, id uuid.UUID,
	once *store.Once) (registry.Letting, error)) (int, *kept[registry.Letting], error) {
	who, park, id, err := d.ofBuilding(ctx, "letting", in)
	if err != nil {
		return 0, nil, err
	}
	once, err := key.once(ctx, who, body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Letting, error) {
		after, err := do(park, who.Account, id, once)
		return http.StatusCreated, after, err
	})
}
