package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Building is a workshop that the park builds (标准厂房), as a reader may see it.
type Building struct {
	ID           uuid.UUID `json:"id" db:"id" format:"uuid"`
	Parcel       uuid.UUID `json:"parcel" db:"parcel" format:"uuid" doc:"The parcel on which it stands."`
	ParcelCode   string    `json:"parcel_code" db:"parcel_code"`
	Code         string    `json:"code" db:"code"`
	NameZH       string    `json:"name_zh" db:"name_zh"`
	NameEN       string    `json:"name_en" db:"name_en"`
	Stage        string    `json:"stage" db:"stage" enum:"planned,under_construction,ready"`
	Since        *string   `json:"since" db:"since" format:"date" nullable:"true" doc:"Since when it is in its stage; null: not known."`
	ReadyBy      *string   `json:"ready_by" db:"ready_by" format:"date" nullable:"true" doc:"By when it is expected to be ready; null: not known, or it is."`
	Storeys      *int      `json:"storeys" db:"storeys" nullable:"true"`
	FloorM2      *float64  `json:"floor_m2" db:"floor_m2" nullable:"true" doc:"Gross floor area (建筑面积)."`
	Position     []float64 `json:"position" db:"position" nullable:"true" doc:"A point of its ground, longitude and latitude (CGCS2000), for members; null: not known."`
	Source       *string   `json:"source" db:"source" nullable:"true"`
	Illustrative bool      `json:"illustrative" db:"illustrative" doc:"Made up to show what could be."`
	Publication  string    `json:"publication" db:"publication" enum:"public,internal"`
	Revision     int       `json:"revision" db:"revision" doc:"What If-Match compares."`
	Units        int       `json:"units" db:"units" doc:"How many units of it the reader may see."`
	Free         int       `json:"free" db:"free" doc:"How many of them nobody holds or has let."`
	FreeM2       float64   `json:"free_m2" db:"free_m2"`
}

// BuildingFacts are the facts of a new building or the changes of one; a nil fact stays.
type BuildingFacts struct {
	Parcel       *uuid.UUID `json:"parcel,omitempty" format:"uuid" doc:"A live parcel of the park."`
	Code         *string    `json:"code,omitempty" minLength:"1" maxLength:"100" text:"code"`
	NameZH       *string    `json:"name_zh,omitempty" minLength:"1" maxLength:"200"`
	NameEN       *string    `json:"name_en,omitempty" minLength:"1" maxLength:"200" doc:"Of a new one, without it the Chinese name stands for it."`
	Stage        *string    `json:"stage,omitempty" enum:"planned,under_construction,ready"`
	Since        *string    `json:"since,omitempty" format:"date" doc:"Since when it is in its stage: not a day to come. A ready one has it."`
	ReadyBy      *string    `json:"ready_by,omitempty" format:"date" doc:"By when it is expected to be ready."`
	Storeys      *int       `json:"storeys,omitempty" minimum:"1" maximum:"200"`
	FloorM2      *float64   `json:"floor_m2,omitempty" exclusiveMinimum:"0" maximum:"9999999"`
	Position     []float64  `json:"position,omitempty" minItems:"2" maxItems:"2" doc:"A point of its ground, longitude and latitude (CGCS2000). By it the building finds its parcel when that is cut."`
	Source       *string    `json:"source,omitempty" minLength:"1" maxLength:"500"`
	Illustrative *bool      `json:"illustrative,omitempty"`
	Publication  *string    `json:"publication,omitempty" enum:"public,internal" doc:"internal where nothing is said."`
}

// Unit is floor space of a building that is let as one.
type Unit struct {
	ID           uuid.UUID `json:"id" db:"id" format:"uuid"`
	Building     uuid.UUID `json:"building" db:"building" format:"uuid"`
	BuildingCode string    `json:"building_code" db:"building_code"`
	BuildingZH   string    `json:"building_zh" db:"building_zh"`
	BuildingEN   string    `json:"building_en" db:"building_en"`
	Parcel       uuid.UUID `json:"parcel" db:"parcel" format:"uuid" doc:"The parcel on which its building stands."`
	ParcelCode   string    `json:"parcel_code" db:"parcel_code"`
	Stage        string    `json:"stage" db:"stage" enum:"planned,under_construction,ready" doc:"Of its building."`
	Code         string    `json:"code" db:"code"`
	Floor        *int      `json:"floor" db:"floor" nullable:"true" doc:"Its storey: 1 the ground floor, -1 the first below; null: it has several."`
	AreaM2       float64   `json:"area_m2" db:"area_m2"`
	ClearHeightM *float64  `json:"clear_height_m" db:"clear_height_m" nullable:"true" doc:"Null here and below: not known."`
	LoadTM2      *float64  `json:"load_t_m2" db:"load_t_m2" nullable:"true" doc:"What the floor carries, in t/m2."`
	CraneT       *float64  `json:"crane_t" db:"crane_t" nullable:"true" doc:"What the crane lifts, in t; 0: there is none."`
	PowerKVA     *float64  `json:"power_kva" db:"power_kva" nullable:"true"`
	Rent         *float64  `json:"rent_cny_m2_month" db:"rent_cny_m2_month" nullable:"true"`
	FreeFrom     *string   `json:"free_from" db:"free_from" format:"date" nullable:"true" doc:"Not offered before; null: nothing is said."`
	State        string    `json:"state" db:"state" enum:"free,held,let"`
	FreeOn       *string   `json:"free_on" db:"free_on" format:"date" nullable:"true" doc:"From when it is free, by its lettings and when its building is ready; null: not known."`
	Publication  string    `json:"publication" db:"publication" enum:"public,internal"`
	Revision     int       `json:"revision" db:"revision" doc:"What If-Match compares."`
}

// UnitFacts are the facts of a new unit or the changes of one; a nil fact stays.
type UnitFacts struct {
	Code         *string  `json:"code,omitempty" minLength:"1" maxLength:"100" text:"code"`
	Floor        *int     `json:"floor,omitempty" minimum:"-9" maximum:"200" doc:"Its storey: 1 the ground floor, -1 the first below; there is no 0."`
	AreaM2       *float64 `json:"area_m2,omitempty" exclusiveMinimum:"0" maximum:"9999999"`
	ClearHeightM *float64 `json:"clear_height_m,omitempty" exclusiveMinimum:"0" maximum:"100"`
	LoadTM2      *float64 `json:"load_t_m2,omitempty" exclusiveMinimum:"0" maximum:"1000"`
	CraneT       *float64 `json:"crane_t,omitempty" minimum:"0" maximum:"1000" doc:"0: there is none."`
	PowerKVA     *float64 `json:"power_kva,omitempty" minimum:"0" maximum:"1000000"`
	Rent         *float64 `json:"rent_cny_m2_month,omitempty" minimum:"0" maximum:"100000"`
	FreeFrom     *string  `json:"free_from,omitempty" format:"date"`
	Publication  *string  `json:"publication,omitempty" enum:"public,internal" doc:"internal where nothing is said."`
}

// Turned is what a change of a building or unit does besides its facts.
type Turned struct {
	Unknown []string `json:"unknown,omitempty" maxItems:"20" doc:"Facts that are not known any more, by name."`
	Retired bool     `json:"retired,omitempty" doc:"It is offered no more; for good, with a reason."`
	Reason  *string  `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose"`
}

// said gives the facts that are stated by their columns, for jsonb_populate_record, those not known any more as null.
func said(facts any, unknown []string, may ...string) (map[string]any, error) {
	text, err := json.Marshal(facts)
	if err != nil {
		return nil, err
	}
	columns := map[string]any{}
	if err := json.Unmarshal(text, &columns); err != nil {
		return nil, err
	}
	for i, name := range unknown {
		known := false
		for _, one := range may {
			known = known || one == name
		}
		if _, given := columns[name]; given || !known {
			return nil, geo.NewInvalid(fmt.Sprintf("unknown[%d]", i), "building.unknown", name)
		}
		columns[name] = nil
	}
	if id, given := columns["parcel"]; given {
		columns["parcel_id"] = id
		delete(columns, "parcel")
	}
	if at, given := columns["position"].([]any); given {
		columns["position"] = fmt.Sprintf("SRID=4490;POINT(%v %v)", at[0], at[1])
	}
	return columns, nil
}

// BuildingSource is which buildings and units are read: those of the public, or, in the planners' role, all.
type BuildingSource struct{ buildings, units string }

// The two readers of buildings.
var (
	PublicBuildings = BuildingSource{`SELECT *, NULL::double precision[] AS at FROM building_public`, `unit_public`}
	DeskBuildings   = BuildingSource{`SELECT b.*, v.code AS parcel, CASE WHEN b.position IS NOT NULL THEN
		ARRAY[ST_X(b.position), ST_Y(b.position)] END AS at FROM building b LEFT JOIN parcel_version v
		ON (v.park_id, v.parcel_id) = (b.park_id, b.parcel_id) AND v.to_seq IS NULL WHERE NOT b.retired`, `unit_now`}
)

// maxBuildings and MaxUnits are how many are listed at most.
const (
	maxBuildings = 500
	MaxUnits     = 1000
)

const sqlBuildings = `
SELECT b.building_id AS id, b.parcel_id AS parcel, b.parcel AS parcel_code, b.code, b.name_zh, b.name_en, b.stage,
       b.since::text AS since, b.ready_by::text AS ready_by, b.storeys, b.floor_m2::float8 AS floor_m2, b.at AS position, b.source,
       b.illustrative, b.publication, b.revision, coalesce(u.units, 0) AS units, coalesce(u.free, 0) AS free,
       coalesce(u.free_m2, 0)::float8 AS free_m2
  FROM (%s) b LEFT JOIN LATERAL (SELECT count(*) AS units, count(*) FILTER (WHERE x.state = 'free') AS free,
         sum(x.area_m2) FILTER (WHERE x.state = 'free') AS free_m2
         FROM %s x WHERE (x.park_id, x.building_id) = (b.park_id, b.building_id)) u ON true
 WHERE b.park_id = $1 AND ($2::uuid IS NULL OR b.parcel_id = $2) AND ($3::uuid IS NULL OR b.building_id = $3)
 ORDER BY code_order(b.code), b.building_id LIMIT $4`

// Buildings lists those of a park, or of one parcel of it, by code, at most 500.
func Buildings(ctx context.Context, q store.Querier, of BuildingSource, park uuid.UUID, parcel *uuid.UUID) ([]Building,
	error) {
	return buildings(ctx, q, of, park, parcel, nil)
}

func buildings(ctx context.Context, q store.Querier, of BuildingSource, park uuid.UUID,
	parcel, id *uuid.UUID) ([]Building, error) {
	rows, err := q.Query(ctx, fmt.Sprintf(sqlBuildings, of.buildings, of.units), park, parcel, id, maxBuildings)
	if err != nil {
		return nil, store.Translate("read buildings", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Building])
	return all, store.Translate("read buildings", err)
}

// OneBuilding reads a building; a Missing when the reader may not see it.
func OneBuilding(ctx context.Context, q store.Querier, of BuildingSource, park, id uuid.UUID) (Building, error) {
	all, err := buildings(ctx, q, of, park, nil, &id)
	if err == nil && len(all) == 0 {
		err = &store.Missing{Kind: "building", Name: id.String()}
	}
	if err != nil {
		return Building{}, err
	}
	return all[0], nil
}

// buildingUnknown and unitUnknown are the facts that may be unknown.
var (
	buildingUnknown = []string{"since", "ready_by", "storeys", "floor_m2", "position", "source"}
	unitUnknown     = []string{"floor", "clear_height_m", "load_t_m2", "crane_t", "power_kva", "rent_cny_m2_month",
		"free_from"}
)

const (
	sqlAddBuilding = `
INSERT INTO building (park_id, building_id, changed_by, parcel_id, code, name_zh, name_en, stage, since, ready_by, storeys, floor_m2,
       position, source, illustrative, publication)
SELECT $1, $2, $3, n.parcel_id, n.code, n.name_zh, coalesce(n.name_en, n.name_zh), n.stage, n.since, n.ready_by, n.storeys,
       n.floor_m2, n.position, n.source, coalesce(n.illustrative, false), coalesce(n.publication, 'internal')
  FROM jsonb_populate_record(NULL::building, $4) n`
	sqlChangeBuilding = `
UPDATE building b SET (parcel_id, code, name_zh, name_en, stage, since, ready_by, storeys, floor_m2, position, source, illustrative,
       publication) = (SELECT n.parcel_id, n.code, n.name_zh, n.name_en, n.stage, n.since, n.ready_by, n.storeys, n.floor_m2,
         n.position, n.source, n.illustrative, n.publication FROM jsonb_populate_record(b, $4) n),
       changed_by = $3, reason = $5, retired = $6
 WHERE (park_id, building_id) = ($1, $2) AND NOT retired AND (revision = $7 OR $7 = 0)`
)

// AddBuilding makes a building.
func (s Registry) AddBuilding(ctx context.Context, park, by uuid.UUID, f BuildingFacts, once *store.Once) (Building,
	error) {
	for _, must := range []struct {
		field string
		given bool
	}{{"parcel", f.Parcel != nil}, {"code", f.Code != nil}, {"name_zh", f.NameZH != nil}, {"stage", f.Stage != nil}} {
		if !must.given {
			return Building{}, geo.NewInvalid(must.field, "building.given", geo.None())
		}
	}
	if err := f.check(); err != nil {
		return Building{}, err
	}
	columns, err := said(f, nil)
	if err != nil {
		return Building{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Building{}, err
	}
	return keep(ctx, s, "make a building", once, 201, func(tx pgx.Tx) (Building, error) {
		if _, err := tx.Exec(ctx, sqlAddBuilding, park, id, by, columns); err != nil {
			return Building{}, err
		}
		return OneBuilding(ctx, tx, DeskBuildings, park, id)
	})
}

// check looks at what hangs together in one request; the database looks at what is kept.
func (f *BuildingFacts) check() error {
	if f.Stage != nil && *f.Stage == "ready" && f.ReadyBy != nil {
		return geo.NewInvalid("ready_by", "building.ready_by", *f.ReadyBy)
	}
	if len(f.Position) == 2 && (math.Abs(f.Position[0]) > 180 || math.Abs(f.Position[1]) > 90) {
		return geo.NewInvalid("position", "building.position", fmt.Sprint(f.Position))
	}
	return nil
}

// ChangeBuilding changes a building whose revision was seen, 0 being any, or retires it. One that becomes ready is
// expected no more.
func (s Registry) ChangeBuilding(ctx context.Context, park, by, id uuid.UUID, seen int, f BuildingFacts,
	t Turned) (Building, error) {
	if err := t.check(); err != nil {
		return Building{}, err
	}
	if err := f.check(); err != nil {
		return Building{}, err
	}
	columns, err := said(f, t.Unknown, buildingUnknown...)
	if err != nil {
		return Building{}, err
	}
	if f.Stage != nil && *f.Stage == "ready" {
		columns["ready_by"] = nil
	}
	return keep(ctx, s, "change a building", nil, 200, func(tx pgx.Tx) (Building, error) {
		before, err := OneBuilding(ctx, tx, DeskBuildings, park, id)
		if err != nil {
			return before, err
		}
		done, err := tx.Exec(ctx, sqlChangeBuilding, park, id, by, columns, t.Reason, t.Retired, seen)
		if err != nil {
			return before, err
		}
		if done.RowsAffected() == 0 {
			if before, err = OneBuilding(ctx, tx, DeskBuildings, park, id); err == nil {
				err = &store.Stale{Code: before.Code, Seen: int64(seen), Current: int64(before.Revision)}
			}
			return before, err
		}
		if t.Retired {
			return before, nil
		}
		return OneBuilding(ctx, tx, DeskBuildings, park, id)
	})
}

func (t *Turned) check() error {
	if t.Retired && t.Reason == nil {
		return geo.NewInvalid("reason", "building.given", geo.None())
	}
	return nil
}

// keep carries out a change in a transaction and remembers its answer.
func keep[T any](ctx context.Context, s Registry, doing string, once *store.Once, status int,
	do func(tx pgx.Tx) (T, error)) (T, error) {
	var after T
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) (err error) {
		if after, err = do(tx); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, status, after)
	})
	var missing *store.Missing
	if errors.As(err, &missing) {
		return after, err
	}
	return after, store.ExplainDenial(store.Translate(doing, err))
}

// BuildingRecord is a state that a building, a unit of it or a letting of one had from some instant on.
type BuildingRecord struct {
	N        int64           `json:"n" db:"n"`
	At       time.Time       `json:"at" db:"at"`
	Who      *store.Person   `json:"who" db:"who"`
	Building uuid.UUID       `json:"building" db:"building" format:"uuid"`
	Code     string          `json:"building_code" db:"building_code"`
	NameZH   string          `json:"building_zh" db:"building_zh" doc:"As it is called today."`
	NameEN   string          `json:"building_en" db:"building_en"`
	Unit     *string         `json:"unit_code" db:"unit_code" nullable:"true" doc:"Of a unit, or of a letting's: its code."`
	Project  *Tenant         `json:"project" db:"project" doc:"Of a letting."`
	Thing    string          `json:"thing" db:"thing" enum:"building,unit,letting"`
	ID       uuid.UUID       `json:"id" db:"thing_id" format:"uuid"`
	Revision int             `json:"revision" db:"revision"`
	Reason   *string         `json:"reason" db:"reason" nullable:"true" doc:"Where no person wrote it: lapsed, of a hold that was over, or parcel_changed, of a building whose parcel was cut or merged."`
	Facts    json.RawMessage `json:"facts" db:"facts" doc:"The columns of its row as they were from then on."`
	Was      json.RawMessage `json:"was" db:"was" doc:"As they were before; null: it was made."`
}

const sqlBuildingRecords = `
SELECT r.n, r.at, CASE WHEN a.account_id IS NOT NULL
  THEN jsonb_build_object('id', a.account_id, 'name', a.name) END AS who,
       b.building_id AS building, b.code AS building_code, b.name_zh AS building_zh, b.name_en AS building_en,
       CASE r.thing WHEN 'unit' THEN r.facts->>'code' WHEN 'letting' THEN (SELECT u.code FROM unit u
         WHERE (u.park_id, u.unit_id) = (r.park_id, (r.facts->>'unit_id')::uuid)) END AS unit_code,
       (SELECT jsonb_build_object('id', j.project_id, 'code', j.code, 'name_zh', v.name_zh, 'name_en', v.name_en)
          FROM project j JOIN project_version v USING (district_id, project_id) WHERE upper_inf(v.sys)
           AND (j.district_id, j.project_id) = ((r.facts->>'district_id')::uuid, (r.facts->>'project_id')::uuid)) AS project,
       r.thing, r.thing_id, r.revision, r.reason, r.facts, (SELECT p.facts FROM building_record p
         WHERE (p.thing_id, p.revision, p.park_id) = (r.thing_id, r.revision - 1, r.park_id)) AS was
  FROM building_record r JOIN building b USING (park_id, building_id) LEFT JOIN account a USING (account_id)
 WHERE r.park_id = $1 AND ($2::uuid IS NULL OR r.building_id = $2) AND ($3::uuid IS NULL OR b.parcel_id = $3)
   AND ($4 = 0 OR r.n < $4) ORDER BY r.n DESC LIMIT 200`

// BuildingRecords reads the states of a building and what is of it, the newest first, at most 200: those before n, or,
// with 0, the newest. Of a retired building too.
func (s Registry) BuildingRecords(ctx context.Context, park, id uuid.UUID, before int64) ([]BuildingRecord, error) {
	all, err := store.ReadAll[BuildingRecord](ctx, s.Store, sqlBuildingRecords, park, id, nil, before)
	if err == nil && len(all) == 0 && before == 0 {
		err = &store.Missing{Kind: "building", Name: id.String()}
	}
	return all, err
}

// WorkshopRecords reads the same of all buildings of a park, or of those on one parcel of it.
func (s Registry) WorkshopRecords(ctx context.Context, park uuid.UUID, parcel *uuid.UUID, before int64) ([]BuildingRecord,
	error) {
	return store.ReadAll[BuildingRecord](ctx, s.Store, sqlBuildingRecords, park, nil, parcel, before)
}
