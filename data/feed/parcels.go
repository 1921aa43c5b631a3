package feed

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// ParcelFacts is what the public knows of one parcel beyond its properties in the feed.
type ParcelFacts struct {
	Properties json.RawMessage // the object of the parcels collection
	ID         string
	BBox       []float64
	Point      []float64 // inside the parcel
	ZoneNameZH *string
	ZoneNameEN *string
	PlanUnit   *ParcelPlanUnit
	LegalM2    float64
	ComputedM2 float64
	Neighbours []Neighbour
}

// ParcelPlanUnit is the plan unit that a parcel falls into, by its inner point.
type ParcelPlanUnit struct {
	Code       string          `json:"code"`
	LandUse    string          `json:"land_use"`
	Conditions json.RawMessage `json:"conditions"`
	Edition    string          `json:"edition"`
}

// Neighbour is a public parcel that shares a boundary of some length.
type Neighbour struct {
	ID        string  `json:"id" db:"id" format:"uuid"`
	Code      string  `json:"code" db:"code"`
	Status    string  `json:"status" db:"status"`
	TenantZH  *string `json:"tenant_zh" db:"tenant_zh" nullable:"true"`
	TenantEN  *string `json:"tenant_en" db:"tenant_en" nullable:"true"`
	ProjectZH *string `json:"project_zh" db:"project_zh" nullable:"true"`
	ProjectEN *string `json:"project_en" db:"project_en" nullable:"true"`
	SharedM   float64 `json:"shared_m" db:"shared_m" doc:"Length of the shared boundary in the survey CRS, in metres."`
}

// OFFSET 0 makes the planner use the spatial index, even where statistics say that a park has few rows.
const sqlParcel = `
SELECT ARRAY[ST_XMin(f.geom), ST_YMin(f.geom), ST_XMax(f.geom), ST_YMax(f.geom)], ARRAY[ST_X(o.point), ST_Y(o.point)],
       z.name_zh, z.name_en, f.legal_m2::float8, f.computed_m2, u.code, u.land_use, u.conditions, u.edition
  FROM parcel_public f CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.geom) AS point) o
  LEFT JOIN zone_public z ON z.park_id = f.park_id AND z.code = f.zone AND z.to_seq IS NULL
  LEFT JOIN LATERAL (SELECT u.* FROM (SELECT * FROM plan_unit_public x WHERE x.to_seq IS NULL
    AND x.geom && o.point OFFSET 0) u
                      WHERE u.park_id = f.park_id AND ST_Intersects(u.geom, o.point) ORDER BY u.code LIMIT 1) u ON true
 WHERE f.park_id = $1 AND f.parcel_id = $2 AND f.to_seq IS NULL`

// Lengths shorter than a millimetre are corners that meet, not a shared boundary.
const sqlNeighbours = `
SELECT n.parcel_id::text AS id, n.code, n.status, n.tenant_zh, n.tenant_en, n.project_zh, n.project_en,
       round(s.m::numeric, 3)::float8 AS shared_m
  FROM parcel_public f JOIN park_public p USING (park_id)
  CROSS JOIN LATERAL (SELECT * FROM parcel_public x WHERE x.to_seq IS NULL AND x.geom && f.geom OFFSET 0) n
  CROSS JOIN LATERAL (SELECT ST_Length(ST_Transform(ST_CollectionExtract(ST_Intersection(ST_Boundary(f.geom),
    ST_Boundary(n.geom)), 2), p.survey_crs)) AS m) s
 WHERE f.park_id = $1 AND f.parcel_id = $2 AND f.to_seq IS NULL AND n.park_id = f.park_id
   AND n.parcel_id <> f.parcel_id AND s.m >= 0.001
 ORDER BY s.m DESC, code_order(n.code)`

// ParcelFacts reads one live parcel; an error that matches ErrNotFound when the park or the parcel is unknown.
func (v *View) ParcelFacts(ctx context.Context, code string, id uuid.UUID) (*ParcelFacts, error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	p := &ParcelFacts{ID: id.String()}
	var unitCode, landUse, edition *string
	var conditions []byte
	err = v.Tx.QueryRow(ctx, sqlParcel, park.ID, id).Scan(&p.BBox, &p.Point, &p.ZoneNameZH, &p.ZoneNameEN, &p.LegalM2,
		&p.ComputedM2,
		&unitCode, &landUse, &conditions, &edition)
	if err == pgx.ErrNoRows {
		return nil, &store.Missing{Kind: "parcel", Name: id.String()}
	}
	if err != nil {
		return nil, store.Translate("read parcel "+p.ID, err)
	}
	roundDegrees(p.BBox)
	roundDegrees(p.Point)
	if unitCode != nil {
		p.PlanUnit = &ParcelPlanUnit{*unitCode, *landUse, conditions, *edition}
	}
	if p.Properties, err = v.properties(ctx, code, id); err != nil {
		return nil, err
	}
	rows, err := v.Tx.Query(ctx, sqlNeighbours, park.ID, id)
	if err != nil {
		return nil, store.Translate("read neighbours of "+p.ID, err)
	}
	p.Neighbours, err = pgx.CollectRows(rows, pgx.RowToStructByName[Neighbour])
	return p, store.Translate("read neighbours of "+p.ID, err)
}

// properties reads one parcel's properties as the feed prints them.
func (v *View) properties(ctx context.Context, park string, id uuid.UUID) (json.RawMessage, error) {
	feature, err := v.Feature(ctx, &Query{Collection: parcels, Park: park, ID: &id})
	if err != nil {
		return nil, err
	}
	var parts struct{ Properties json.RawMessage }
	if err := json.Unmarshal(feature, &parts); err != nil {
		return nil, err
	}
	return parts.Properties, nil
}

// Feature reads the one feature of a query that names an ID, as GeoJSON; an error that matches ErrNotFound when there
// is none.
func (v *View) Feature(ctx context.Context, q *Query) ([]byte, error) {
	return v.FeatureAs(ctx, q, func(dst []byte, f *Features) ([]byte, error) { return f.Append(dst, false) })
}

// FeatureAs is Feature in a form of the caller's.
func (v *View) FeatureAs(ctx context.Context, q *Query, form func([]byte, *Features) ([]byte, error)) ([]byte, error) {
	rows, err := v.Features(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return nil, err
		}
		return nil, &store.Missing{Kind: "feature", Name: q.ID.String()}
	}
	feature, err := form(nil, rows)
	if err != nil {
		return nil, err
	}
	rows.Next()
	return feature, rows.Err()
}
