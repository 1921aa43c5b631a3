package registry

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// UnitFilter is which units are asked for; what is nil or "" is not asked. A unit whose figure isn't known keeps no
// limit on it.
type UnitFilter struct {
	Building      *uuid.UUID
	ID            *uuid.UUID
	State, FreeBy string
	MinM2         *float64
	MinClearM     *float64
	MinLoadTM2    *float64
	MinCraneT     *float64
	MinPowerKVA   *float64
	MaxRent       *float64
}

const (
	unitColumns = `u.unit_id AS id, u.building_id AS building, b.code AS building_code, b.name_zh AS building_zh,
       b.name_en AS building_en, b.parcel_id AS parcel, b.parcel AS parcel_code, b.stage, u.code, u.floor,
       u.area_m2::float8 AS area_m2, u.clear_height_m::float8 AS clear_height_m, u.load_t_m2::float8 AS load_t_m2,
       u.crane_t::float8 AS crane_t, u.power_kva::float8 AS power_kva, u.rent_cny_m2_month::float8 AS rent_cny_m2_month,
       u.free_from::text AS free_from, u.state, u.free_on::text AS free_on, u.publication, u.revision`
	sqlUnits = `SELECT ` + unitColumns + `
  FROM %s u JOIN (%s) b USING (park_id, building_id)
 WHERE u.park_id = $1 AND ($2::uuid IS NULL OR u.building_id = $2) AND ($3::uuid IS NULL OR u.unit_id = $3)
   AND ($4 = '' OR u.state = $4) AND ($5 = '' OR u.free_on <= nullif($5, '')::date)
   AND ($6::float8 IS NULL OR u.area_m2 >= $6) AND ($7::float8 IS NULL OR u.clear_height_m >= $7)
   AND ($8::float8 IS NULL OR u.load_t_m2 >= $8) AND ($9::float8 IS NULL OR u.crane_t >= $9)
   AND ($10::float8 IS NULL OR u.power_kva >= $10) AND ($11::float8 IS NULL OR u.rent_cny_m2_month <= $11)
 ORDER BY code_order(b.code), code_order(u.code), u.unit_id LIMIT $12`
)

// Units lists the units of a park that a filter keeps, by building and code, at most MaxUnits.
func Units(ctx context.Context, q store.Querier, of BuildingSource, park uuid.UUID, f UnitFilter) ([]Unit, error) {
	rows, err := q.Query(ctx, fmt.Sprintf(sqlUnits, of.units, of.buildings), park, f.Building, f.ID, f.State, f.FreeBy,
		f.MinM2, f.MinClearM, f.MinLoadTM2, f.MinCraneT, f.MinPowerKVA, f.MaxRent, MaxUnits)
	if err != nil {
		return nil, store.Translate("read units", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Unit])
	return all, store.Translate("read units", err)
}

func unit(ctx context.Context, q store.Querier, park, id uuid.UUID) (Unit, error) {
	all, err := Units(ctx, q, DeskBuildings, park, UnitFilter{ID: &id})
	if err == nil && len(all) == 0 {
		err = &store.Missing{Kind: "unit", Name: id.String()}
	}
	if err != nil {
		return Unit{}, err
	}
	return all[0], nil
}

const (
	sqlAddUnit = `
INSERT INTO unit (park_id, unit_id, changed_by, building_id, code, floor, area_m2, clear_height_m, load_t_m2, crane_t, power_kva,
       rent_cny_m2_month, free_from, publication)
SELECT $1, $2, $3, $4, n.code, n.floor, n.area_m2, n.clear_height_m, n.load_t_m2, n.crane_t, n.power_kva, n.rent_cny_m2_month,
       n.free_from, coalesce(n.publication, 'internal') FROM jsonb_populate_record(NULL::unit, $5) n`
	sqlChangeUnit = `
UPDATE unit u SET (code, floor, area_m2, clear_height_m, load_t_m2, crane_t, power_kva, rent_cny_m2_month, free_from, publication)
       = (SELECT n.code, n.floor, n.area_m2, n.clear_height_m, n.load_t_m2, n.crane_t, n.power_kva, n.rent_cny_m2_month,
         n.free_from, n.publication FROM jsonb_populate_record(u, $4) n),
       changed_by = $3, reason = $5, retired = $6
 WHERE (park_id, unit_id) = ($1, $2) AND NOT retired AND (revision = $7 OR $7 = 0)`
)

// AddUnit makes a unit of a building.
func (s Registry) AddUnit(ctx context.Context, park, by, building uuid.UUID, f UnitFacts, once *store.Once) (Unit,
	error) {
	switch {
	case f.Code == nil:
		return Unit{}, geo.NewInvalid("code", "building.given", geo.None())
	case f.AreaM2 == nil:
		return Unit{}, geo.NewInvalid("area_m2", "building.given", geo.None())
	}
	if err := f.check(); err != nil {
		return Unit{}, err
	}
	columns, err := said(f, nil)
	if err != nil {
		return Unit{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Unit{}, err
	}
	return keep(ctx, s, "make a unit", once, 201, func(tx pgx.Tx) (Unit, error) {
		if _, err := OneBuilding(ctx, tx, DeskBuildings, park, building); err != nil {
			return Unit{}, err
		}
		if _, err := tx.Exec(ctx, sqlAddUnit, park, id, by, building, columns); err != nil {
			return Unit{}, err
		}
		return unit(ctx, tx, park, id)
	})
}

func (f *UnitFacts) check() error {
	if f.Floor != nil && *f.Floor == 0 {
		return geo.NewInvalid("floor", "building.floor", 0)
	}
	return nil
}

// ChangeUnit changes a unit whose revision was seen, 0 being any, or retires it.
func (s Registry) ChangeUnit(ctx context.Context, park, by, id uuid.UUID, seen int, f UnitFacts, t Turned) (Unit,
	error) {
	if err := t.check(); err != nil {
		return Unit{}, err
	}
	if err := f.check(); err != nil {
		return Unit{}, err
	}
	columns, err := said(f, t.Unknown, unitUnknown...)
	if err != nil {
		return Unit{}, err
	}
	return keep(ctx, s, "change a unit", nil, 200, func(tx pgx.Tx) (Unit, error) {
		before, err := unit(ctx, tx, park, id)
		if err != nil {
			return before, err
		}
		done, err := tx.Exec(ctx, sqlChangeUnit, park, id, by, columns, t.Reason, t.Retired, seen)
		if err != nil {
			return before, err
		}
		if done.RowsAffected() == 0 {
			if before, err = unit(ctx, tx, park, id); err == nil {
				err = &store.Stale{Code: before.Code, Seen: int64(seen), Current: int64(before.Revision)}
			}
			return before, err
		}
		if t.Retired {
			return before, nil
		}
		return unit(ctx, tx, park, id)
	})
}
