package feed

import (
	"context"
	"encoding/json"
	"math"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// LotFacts are what the public can know of a lot: ground inside a live public parcel that no record has cut yet. Areas
// are in the plane of the survey CRS.
type LotFacts struct {
	Geometry   json.RawMessage // GeoJSON, EPSG:4490
	BBox       []float64
	ComputedM2 float64
	ParentM2   float64 // of the parcel that it would be cut from
	RestEdgeM  float64 // of the new boundary, with the rest of that parcel
	PlanUnit   *ParcelPlanUnit
	Neighbours []Neighbour // other parcels, with the boundary that the lot shares with them
}

// LeastLotM2 is the least area of a lot.
const LeastLotM2 = 1

// touchM is how near an outline runs to another where they touch: a lot has vertices on its parcel's edges that the
// neighbours don't have. leastBorderM is the least length of a border, so that a corner is none.
const (
	touchM       = "0.02"
	leastBorderM = "1"
)

const sqlLot = `
SELECT ARRAY[ST_XMin(l.geom), ST_YMin(l.geom), ST_XMax(l.geom), ST_YMax(l.geom)], ST_AsGeoJSON(l.geom, 9), ST_Area(p.lot),
       f.computed_m2, ST_Area(ST_Difference(p.lot, p.parcel)), ST_Perimeter(p.lot),
       ST_Perimeter(p.lot) - ST_Length(ST_Intersection(ST_Boundary(p.lot), ST_Buffer(ST_Boundary(p.parcel), ` + touchM + `))),
       u.code, u.land_use, u.conditions, u.edition
  FROM parcel_public f JOIN park_public k USING (park_id)
 CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(ST_GeomFromText($3, 4490)) AS geom) l
 CROSS JOIN LATERAL (SELECT ST_Transform(l.geom, k.survey_crs) AS lot, ST_Transform(f.geom, k.survey_crs) AS parcel,
     ST_PointOnSurface(l.geom) AS inside OFFSET 0) p
  LEFT JOIN LATERAL (SELECT u.* FROM (SELECT * FROM plan_unit_public x WHERE x.to_seq IS NULL
    AND x.geom && p.inside OFFSET 0) u
                      WHERE u.park_id = f.park_id AND ST_Intersects(u.geom, p.inside) ORDER BY code_order(u.code) LIMIT 1) u ON true
 WHERE f.park_id = $1 AND f.parcel_id = $2 AND f.to_seq IS NULL`

const sqlLotNeighbours = `
SELECT n.parcel_id::text AS id, n.code, n.status, n.tenant_zh, n.tenant_en, n.project_zh, n.project_en,
       round(s.m::numeric, 3)::float8 AS shared_m
  FROM park_public k CROSS JOIN (SELECT ST_GeomFromText($3, 4490) AS geom) l
 CROSS JOIN LATERAL (SELECT * FROM parcel_public x WHERE x.to_seq IS NULL AND x.geom && l.geom OFFSET 0) n
 CROSS JOIN LATERAL (SELECT ST_Length(ST_Intersection(ST_Boundary(ST_Transform(l.geom, k.survey_crs)),
     ST_Buffer(ST_Transform(n.geom, k.survey_crs), ` + touchM + `))) AS m) s
 WHERE k.park_id = $1 AND n.park_id = $1 AND n.parcel_id <> $2 AND s.m >= ` + leastBorderM + `
 ORDER BY s.m DESC, code_order(n.code)`

// LotFacts reads a lot of a live parcel, given by the corners of its outline in degrees, the first not repeated. A
// [geo.Invalid] for lot says what is wrong with the outline: it crosses itself, is too small, or leaves the parcel.
func (v *View) LotFacts(ctx context.Context, code string, parcel uuid.UUID, corners [][2]float64) (*LotFacts, error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	outline := wkt(corners)
	var simple bool
	if err := v.Tx.QueryRow(ctx, `SELECT ST_IsValid(ST_GeomFromText($1, 4490))`, outline).Scan(&simple); err != nil {
		return nil, store.Translate("read an outline", err)
	}
	if !simple {
		return nil, geo.NewInvalid("lot", "sheet.lot.simple", geo.Say("came.crossing"))
	}
	l := &LotFacts{}
	var unitCode, landUse, edition *string
	var conditions, shape []byte
	var outside, perimeter float64
	err = v.Tx.QueryRow(ctx, sqlLot, park.ID, parcel, outline).Scan(&l.BBox, &shape, &l.ComputedM2, &l.ParentM2, &outside,
		&perimeter, &l.RestEdgeM, &unitCode, &landUse, &conditions, &edition)
	if err == pgx.ErrNoRows {
		return nil, &store.Missing{Kind: "parcel", Name: parcel.String()}
	}
	if err != nil {
		return nil, store.Translate("read a lot", err)
	}
	if l.ComputedM2 < LeastLotM2 {
		return nil, geo.NewInvalid("lot", "sheet.lot.least", rounded(l.ComputedM2, 2), "n", LeastLotM2)
	}
	if most := lotTolerance(perimeter); outside > most {
		return nil, geo.NewInvalid("lot", "sheet.lot.inside", rounded(outside, 3), "n", rounded(most, 3))
	}
	roundDegrees(l.BBox)
	l.Geometry, l.RestEdgeM = shape, max(l.RestEdgeM, 0)
	if unitCode != nil {
		l.PlanUnit = &ParcelPlanUnit{*unitCode, *landUse, conditions, *edition}
	}
	rows, err := v.Tx.Query(ctx, sqlLotNeighbours, park.ID, parcel, outline)
	if err != nil {
		return nil, store.Translate("read neighbours of a lot", err)
	}
	l.Neighbours, err = pgx.CollectRows(rows, pgx.RowToStructByName[Neighbour])
	return l, store.Translate("read neighbours of a lot", err)
}

// lotTolerance is how much of a lot of a perimeter in metres may lie outside of its parcel: as for all overlaps 0.01 m²
// and 0.1 mm along the outline.
func lotTolerance(perimeterM float64) float64 { return 0.01 + 0.0001*perimeterM }

// wkt writes a closed outline as well-known text.
func wkt(corners [][2]float64) string {
	text := []byte("POLYGON((")
	for i := range len(corners) + 1 {
		c := corners[i%len(corners)]
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendFloat(text, c[0], 'f', 9, 64)
		text = append(text, ' ')
		text = strconv.AppendFloat(text, c[1], 'f', 9, 64)
	}
	return string(append(text, "))"...))
}

func rounded(v float64, decimals int) float64 {
	power := math.Pow10(decimals)
	return math.Round(v*power) / power
}
