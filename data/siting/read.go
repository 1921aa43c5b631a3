package siting

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
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

// reader is where the public or planners read land: the names of tables and views that have the same columns, and what
// is written otherwise. Both read parks in park_public.
type reader struct {
	parcels, zones, planUnits, networks, tenants string

	version string // of a parcel, as commands name it
	status  string // of a parcel; with free it is one of available land or of reserve alone where nobody has a right
	free    string // whether nobody has a right to a parcel; %s is the condition on the right's versions
	offered string // what of it is offered at all; "": all
	touched string // the parcels that the change of the number s.seq touched
	// plans, zones and networks where their changes are looked for: no view, through which another index was taken
	ground []string

	touchedSQL, groundworkSQL, tenantsSQL, networksSQL, plansSQL string
}

var (
	publicReader = newReader(reader{parcels: "parcel_public", zones: "zone_public", planUnits: "plan_unit_public",
		networks: "network_public", tenants: "tenant_public", version: "f.from_seq", status: "f.status",
		// Where a park shows nothing of intentions, reserve may be held or withdrawn: none of it is offered.
		offered: ` AND (f.status = 'available' OR k.hold_shown <> 'nothing')`,
		touched: `SELECT parcel_id FROM parcel_public WHERE (park_id, from_seq) = ($1, s.seq)
			UNION ALL SELECT parcel_id FROM parcel_public WHERE (park_id, to_seq) = ($1, s.seq)`,
		ground: []string{"plan_unit_public", "zone_public", "network_public"}})
	deskReader = newReader(reader{parcels: "parcel_desk", zones: "zone_desk", planUnits: "plan_unit_desk",
		networks: "network_desk", tenants: "tenant", version: "f.version", status: "f.bank_status",
		free: ` AND NOT EXISTS (SELECT FROM allotment_parcel l
			WHERE (l.park_id, l.parcel_id) = (f.park_id, f.parcel_id) AND %s)`,
		touched: `SELECT parcel_id FROM touched_parcels($1, s.seq)`,
		ground:  []string{"plan_unit_version", "zone_version", "network_version"}})
)

func newReader(r reader) *reader {
	r.touchedSQL, r.groundworkSQL = r.sql(sqlTouched), groundwork(r.ground...)
	r.tenantsSQL, r.networksSQL, r.plansSQL = r.sql(sqlTenants), r.sql(sqlNetworks), r.sql(sqlPlans)
	return &r
}

// sql fills the names of a reader into a query.
func (r reader) sql(text string) string {
	return strings.NewReplacer("{parcels}", r.parcels, "{zones}", r.zones, "{plan_units}", r.planUnits, "{networks}",
		r.networks, "{tenants}", r.tenants, "{version}", r.version, "{status}", r.status, "{touched}",
		r.touched).Replace(text)
}

// reads is the reader of the sites.
func (s *Sites) reads() *reader {
	if s.Public {
		return publicReader
	}
	return deskReader
}

// $2 picks some parcels, $3 an instant instead of now. The rent of a workshop is no price of land.
const sqlPlots = `
SELECT f.parcel_id AS id, f.code, {version} AS version, {status} AS status, coalesce(f.land_use, '') AS land_use,
       coalesce(f.zone, '') AS zone, f.legal_m2::float8 AS legal_m2, CASE WHEN f.price_kind IS DISTINCT FROM 'rent' THEN f.price_cny_per_m2::float8 END AS price, f.services,
       ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane, ST_AsEWKB(ST_Transform(i.point, k.survey_crs)) AS inside,
       ST_X(i.point) AS lon, ST_Y(i.point) AS lat
  FROM {parcels} f JOIN park_public k USING (park_id)
 CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.geom) AS point) i
 WHERE f.park_id = $1 AND {live} AND {status} IN ('available', 'reserve'){free}{offered}`

// sqlTouched finds the parcels that changes after $2 touched. It reads the changes, not the park's parcels.
const (
	sqlSinceThen = `generate_series($2::bigint + 1, (SELECT c.seq FROM park_clock c WHERE c.park_id = $1)) s (seq)`
	sqlTouched   = `
SELECT DISTINCT t.parcel_id FROM ` + sqlSinceThen + ` CROSS JOIN LATERAL ({touched} OFFSET 0) t`
)

// plotsSQL is the query of the parcels in force now, of some of them, or of those at an instant.
func (r reader) plotsSQL(some, then bool) string {
	live, right := "f.to_seq IS NULL AND $2::uuid[] IS NULL AND $3::timestamptz IS NULL", "l.to_seq IS NULL"
	switch {
	case then:
		live, right = "f.sys @> $3::timestamptz AND ($2::uuid[] IS NULL OR true)", "l.sys @> $3::timestamptz"
	case some:
		live = "f.to_seq IS NULL AND f.parcel_id = ANY ($2::uuid[]) AND $3::timestamptz IS NULL"
	}
	free := ""
	if r.free != "" {
		free = fmt.Sprintf(r.free, right)
	}
	return strings.NewReplacer("{live}", live, "{free}", free, "{offered}", r.offered).Replace(r.sql(sqlPlots))
}

// readPlots reads the free land of a park: all of it, that of some parcels, or as it was at an instant.
func (s *Sites) readPlots(ctx context.Context, tx pgx.Tx, only []uuid.UUID, at *time.Time) ([]plot, error) {
	rows, err := tx.Query(ctx, s.reads().plotsSQL(only != nil, at != nil), s.park, only, at)
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

const sqlTenants = `
SELECT t.node, t.parcel_id AS parcel, f.code, t.name_zh, t.name_en, ST_X(ST_PointOnSurface(f.geom)) AS lon,
       ST_Y(ST_PointOnSurface(f.geom)) AS lat, ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane
  FROM {tenants} t JOIN park_public k USING (park_id)
  JOIN {parcels} f ON (f.park_id, f.parcel_id) = (t.park_id, t.parcel_id)
    AND f.sys @> coalesce($2::timestamptz, 'infinity')
 WHERE t.park_id = $1 AND t.sys @> coalesce($2::timestamptz, 'infinity') ORDER BY t.node, code_order(f.code)`

func (s *Sites) readTenants(ctx context.Context, tx pgx.Tx, at *time.Time) ([]Tenant, error) {
	rows, err := tx.Query(ctx, s.reads().tenantsSQL, s.park, at)
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

const sqlNetworks = `
SELECT f.network_id AS id, f.code, f.kind, coalesce(f.name_zh, '') AS name_zh, coalesce(f.name_en, '') AS name_en,
       f.grade, f.capacity::float8 AS capacity, f.unit, coalesce(f.width_m, 0)::float8 AS width_m,
       ST_X(ST_PointOnSurface(f.geom)) AS lon, ST_Y(ST_PointOnSurface(f.geom)) AS lat,
       ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane
  FROM {networks} f JOIN park_public k USING (park_id)
 WHERE f.park_id = $1 AND f.sys @> coalesce($2::timestamptz, 'infinity') ORDER BY code_order(f.code)`

func (s *Sites) readNetworks(ctx context.Context, tx pgx.Tx, at *time.Time) ([]Node, error) {
	rows, err := tx.Query(ctx, s.reads().networksSQL, s.park, at)
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
const sqlPlans = `
SELECT f.code, f.edition, f.conditions, f.land_use LIKE '07%' AS living,
       ST_AsEWKB(ST_Transform(f.geom, k.survey_crs)) AS plane
  FROM {plan_units} f JOIN park_public k USING (park_id)
 WHERE f.park_id = $1 AND f.sys @> coalesce($2::timestamptz, 'infinity')
UNION ALL
SELECT f.code, '', NULL, true, ST_AsEWKB(ST_Transform(f.geom, k.survey_crs))
  FROM {zones} f JOIN park_public k USING (park_id)
 WHERE f.park_id = $1 AND f.function = 'living' AND f.sys @> coalesce($2::timestamptz, 'infinity')
 ORDER BY code`

func (s *Sites) readPlans(ctx context.Context, tx pgx.Tx, at *time.Time) ([]planned, error) {
	rows, err := tx.Query(ctx, s.reads().plansSQL, s.park, at)
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
