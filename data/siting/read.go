package siting

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
)

// plot is a parcel as it is read for matching. Shape is in the plane of the park's survey CRS, metres.
type plot struct {
	ID       uuid.UUID `db:"id"`
	Code     string    `db:"code"`
	Version  int64     `db:"version"`
	Status   string    `db:"status"`
	LandUse  string    `db:"land_use"`
	Zone     string    `db:"zone"`
	LegalM2  float64   `db:"legal_m2"`
	Price    *float64  `db:"price"`
	Services []byte    `db:"services"`
	Plane    []byte    `db:"plane"`
	Inside   []byte    `db:"inside"`
	Lon      float64   `db:"lon"`
	Lat      float64   `db:"lat"`

	services map[string]readiness // as [plot.stated] read them
}

// What the public's role and the planner's read of parcels. $2 picks the rows that a change touched (seq above $2; -1
// reads all), $3 an instant instead of now.
const (
	sqlPublicPlots = `
SELECT f.parcel_id AS id, f.code, f.from_seq AS version, f.status, coalesce(f.land_use, '') AS land_use,
       coalesce(f.zone, '') AS zone, f.legal_m2::float8 AS legal_m2,
       f.price_cny_per_m2::float8 AS price, f.services, %s
  FROM parcel_public f JOIN park_public k USING (park_id)
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.geom) AS point) i
 WHERE f.park_id = $1 AND %s AND f.status IN ('available', 'reserve')`
	sqlDeskPlots = `
SELECT f.parcel_id AS id, f.code, p.version, f.bank_status AS status, coalesce(f.land_use, '') AS land_use,
       coalesce(z.code, '') AS zone, f.legal_m2::float8 AS legal_m2,
       f.price_cny_per_m2::float8 AS price, f.services, %s
  FROM parcel_version f JOIN parcel p USING (park_id, parcel_id) JOIN park k USING (park_id)
    LEFT JOIN zone z ON (z.park_id, z.zone_id) = (f.park_id, f.zone_id)
 CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.geom) AS point) i
 WHERE f.park_id = $1 AND %s AND f.bank_status IN ('available', 'reserve')
   AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (f.park_id, f.parcel_id) AND %s)`
	plotShape = `ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane, ST_AsEWKB(ST_Transform(i.point, k.survey_crs)) AS inside, ST_X(i.point) AS lon, ST_Y(i.point) AS lat`
)

// sqlTouched finds the parcels that changes after $2 touched, in either role's history. It reads the changes, not the
// park's parcels.
const (
	sqlSinceThen     = `generate_series($2::bigint + 1, (SELECT c.seq FROM park_clock c WHERE c.park_id = $1)) s (seq)`
	sqlPublicTouched = `
SELECT DISTINCT t.parcel_id FROM ` + sqlSinceThen + ` CROSS JOIN LATERAL (
  SELECT parcel_id FROM parcel_public WHERE (park_id, from_seq) = ($1, s.seq) UNION ALL SELECT parcel_id FROM parcel_public WHERE (park_id, to_seq) = ($1, s.seq) OFFSET 0) t`
	sqlDeskTouched = `SELECT DISTINCT t.parcel_id FROM ` + sqlSinceThen +
		` CROSS JOIN LATERAL (SELECT parcel_id FROM touched_parcels($1, s.seq) OFFSET 0) t`
)

// readPlots reads the free land of a park: all of it, that of some parcels, or as it was at an instant.
func (s *Sites) readPlots(ctx context.Context, tx pgx.Tx, only []uuid.UUID, at *time.Time) ([]plot, error) {
	live := func(alias string) string {
		if at != nil {
			return alias + ".sys @> $3::timestamptz AND ($2::uuid[] IS NULL OR true)"
		}
		if only != nil {
			return alias + ".to_seq IS NULL AND " + alias + ".parcel_id = ANY ($2::uuid[]) AND $3::timestamptz IS NULL"
		}
		return alias + ".to_seq IS NULL AND $2::uuid[] IS NULL AND $3::timestamptz IS NULL"
	}
	sql := fmt.Sprintf(sqlPublicPlots, plotShape, live("f"))
	if !s.Public {
		right := "l.to_seq IS NULL"
		if at != nil {
			right = "l.sys @> $3::timestamptz"
		}
		sql = fmt.Sprintf(sqlDeskPlots, plotShape, live("f"), right)
	}
	rows, err := tx.Query(ctx, sql, s.park, only, at)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[plot])
}

// Node is a node of a network that serves land, with its free capacity.
type Node struct {
	ID       uuid.UUID `db:"id"`
	Code     string    `db:"code"`
	Kind     string    `db:"kind"`
	NameZH   string    `db:"name_zh"`
	NameEN   string    `db:"name_en"`
	Grade    string    `db:"grade"`
	Capacity *float64  `db:"capacity"`
	Unit     *string   `db:"unit"`
	Headroom *float64  `db:"headroom"` // nil where it is not known, or the public is told less than a figure
	// the published free capacity, in the public's sites; nil if the node supplies no service
	Public *PublicRoom `db:"-"`
	WidthM float64     `db:"width_m"`
	Plane  []byte      `db:"plane"`
	Lon    float64     `db:"lon"`
	Lat    float64     `db:"lat"`

	shape orb.Geometry
}

// LonLat is where the node is.
func (n Node) LonLat() [2]float64 { return [2]float64{n.Lon, n.Lat} }

// LonLat is a point inside the tenant's parcel.
func (t Tenant) LonLat() [2]float64 { return [2]float64{t.Lon, t.Lat} }

// Tenant is a firm that fills a node of a chain on a parcel.
type Tenant struct {
	Node   string    `db:"node"`
	Parcel uuid.UUID `db:"parcel"`
	Code   string    `db:"code"`
	NameZH string    `db:"name_zh"`
	NameEN string    `db:"name_en"`
	Lon    float64   `db:"lon"`
	Lat    float64   `db:"lat"`
	Plane  []byte    `db:"plane"`

	shape orb.Polygon
	box   orb.Bound
}

const (
	sqlPublicTenants = `
SELECT t.node, t.parcel_id AS parcel, f.code, t.name_zh, t.name_en, ST_X(ST_PointOnSurface(f.geom)) AS lon,
       ST_Y(ST_PointOnSurface(f.geom)) AS lat, ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane
  FROM tenant_public t JOIN park_public k USING (park_id)
  JOIN parcel_public f ON (f.park_id, f.parcel_id) = (t.park_id, t.parcel_id)
    AND f.sys @> coalesce($2::timestamptz, 'infinity')
 WHERE t.park_id = $1 AND t.sys @> coalesce($2::timestamptz, 'infinity') ORDER BY t.node, code_order(f.code)`
	sqlDeskTenants = `
SELECT t.node, t.parcel_id AS parcel, f.code, t.name_zh, t.name_en, ST_X(ST_PointOnSurface(f.geom)) AS lon,
       ST_Y(ST_PointOnSurface(f.geom)) AS lat, ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane
  FROM tenant t JOIN park k USING (park_id)
  JOIN parcel_version f ON (f.park_id, f.parcel_id) = (t.park_id, t.parcel_id)
    AND f.sys @> coalesce($2::timestamptz, 'infinity')
 WHERE t.park_id = $1 AND t.sys @> coalesce($2::timestamptz, 'infinity') ORDER BY t.node, code_order(f.code)`
)

func (s *Sites) readTenants(ctx context.Context, tx pgx.Tx, at *time.Time) ([]Tenant, error) {
	sql := sqlDeskTenants
	if s.Public {
		sql = sqlPublicTenants
	}
	rows, err := tx.Query(ctx, sql, s.park, at)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[Tenant])
	for i := range all {
		if all[i].shape, err = ewkb.DecodePolygon(all[i].Plane); err != nil {
			return nil, err
		}
		all[i].box, all[i].Plane = all[i].shape.Bound(), nil
	}
	return all, err
}

const sqlSiteNetworks = `
SELECT f.network_id AS id, %[2]s AS code, f.kind, coalesce(f.name_zh, '') AS name_zh,
       coalesce(f.name_en, '') AS name_en, f.grade, f.capacity::float8 AS capacity, f.unit,
       coalesce(f.width_m, 0)::float8 AS width_m,
       ST_X(ST_PointOnSurface(f.geom)) AS lon, ST_Y(ST_PointOnSurface(f.geom)) AS lat,
         ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane
  FROM %[1]s JOIN %[3]s k USING (park_id)
 WHERE f.park_id = $1 AND f.sys @> coalesce($2::timestamptz, 'infinity') ORDER BY code_order(%[2]s)`

func (s *Sites) readNetworks(ctx context.Context, tx pgx.Tx, at *time.Time) ([]Node, error) {
	sql := fmt.Sprintf(sqlSiteNetworks, "network_version f JOIN network n USING (park_id, network_id)", "n.code",
		"park")
	if s.Public {
		sql = fmt.Sprintf(sqlSiteNetworks, "network_public f", "f.code", "park_public")
	}
	rows, err := tx.Query(ctx, sql, s.park, at)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[Node])
	for i := range all {
		if all[i].shape, _, err = ewkb.Decode(all[i].Plane); err != nil {
			return nil, err
		}
		all[i].Plane = nil
	}
	return all, err
}

// planned is a plan unit with its conditions, or a zone where people live.
type planned struct {
	Code       string `db:"code"`
	Edition    string `db:"edition"`
	Conditions []byte `db:"conditions"`
	Living     bool   `db:"living"`
	Plane      []byte `db:"plane"`

	conditions map[string]condition
	shape      orb.MultiPolygon
}

type condition struct {
	Min    *float64 `json:"min"`
	Max    *float64 `json:"max"`
	Source string   `json:"source"`
}

// Land on which people live: residential use in the land-use classification begins with 07; a zone may be for living
// too.
const sqlSitePlans = `
SELECT %[2]s AS code, f.edition, f.conditions, f.land_use LIKE '07%%' AS living,
       ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane
  FROM %[1]s JOIN %[5]s k USING (park_id) WHERE f.park_id = $1 AND f.sys @> coalesce($2::timestamptz, 'infinity')
UNION ALL
SELECT %[4]s, '', NULL, true, ST_AsEWKB(ST_Transform(f.geom, k.survey_crs))
  FROM %[3]s JOIN %[5]s k USING (park_id) WHERE f.park_id = $1 AND f.function = 'living'
    AND f.sys @> coalesce($2::timestamptz, 'infinity')
 ORDER BY code`

func (s *Sites) readPlans(ctx context.Context, tx pgx.Tx, at *time.Time) ([]planned, error) {
	sql := fmt.Sprintf(sqlSitePlans, "plan_unit_version f JOIN plan_unit u USING (park_id, plan_unit_id)", "u.code",
		"zone_version f JOIN zone z USING (park_id, zone_id)", "z.code", "park")
	if s.Public {
		sql = fmt.Sprintf(sqlSitePlans, "plan_unit_public f", "f.code", "zone_public f", "f.code", "park_public")
	}
	rows, err := tx.Query(ctx, sql, s.park, at)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[planned])
	if err != nil {
		return nil, err
	}
	for i := range all {
		p := &all[i]
		g, _, err := ewkb.Decode(p.Plane)
		if err != nil {
			return nil, err
		}
		shape, ok := g.(orb.MultiPolygon)
		if !ok {
			return nil, fmt.Errorf("plan unit %s is a %s", p.Code, g.GeoJSONType())
		}
		p.shape, p.Plane = shape, nil
		if p.Conditions != nil {
			if err := json.Unmarshal(p.Conditions, &p.conditions); err != nil {
				return nil, fmt.Errorf("conditions of %s: %w", p.Code, err)
			}
		}
	}
	return all, nil
}
