package feed

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store"
	"luodi/data/store/ewkb"
	"luodi/geo/land"
)

// Ground is a polygon in the plane of a park's survey CRS, metres, with the public networks that lie nearest to it.
type Ground struct {
	Point    orb.Point // inside, where distances are measured from, as rankings measure them
	Shape    orb.Polygon
	Networks []Near // by kind, expressways before other roads
}

// Near is the nearest public network of a kind; of roads the nearest expressway and the nearest other road.
type Near struct {
	Kind   string  `db:"kind"`
	Grade  string  `db:"grade"`
	Code   string  `db:"code"`
	NameZH *string `db:"name_zh"`
	NameEN *string `db:"name_en"`
	M      float64 `db:"m"` // straight, in metres
}

const sqlPlane = `
SELECT ST_AsEWKB(ST_Transform(g.geom, k.survey_crs)), ST_AsEWKB(ST_Transform(ST_PointOnSurface(g.geom), k.survey_crs))
  FROM park_public k CROSS JOIN (SELECT ST_SetSRID(ST_GeomFromGeoJSON($2), 4490) AS geom) g WHERE k.park_id = $1`

const sqlNear = `
SELECT DISTINCT ON (n.kind, (n.grade <> 'expressway')) n.kind, n.grade, n.code, n.name_zh, n.name_en, d.m
  FROM network_public n JOIN park_public k USING (park_id)
 CROSS JOIN LATERAL (SELECT ST_Distance(ST_Transform(n.geom, k.survey_crs),
     ST_SetSRID(ST_MakePoint($2, $3), k.survey_crs)) AS m) d
 WHERE n.park_id = $1 AND n.to_seq IS NULL
 ORDER BY n.kind, (n.grade <> 'expressway'), d.m, code_order(n.code)`

// NetworkName is what a public network of a park is called; an empty name where there is none of that code.
func (v *View) NetworkName(ctx context.Context, park, code string) (land.Name, error) {
	var name land.Name
	err := v.Tx.QueryRow(ctx, `SELECT coalesce(n.name_zh, ''), coalesce(n.name_en, '') FROM network_public n
		JOIN park_public k USING (park_id) WHERE k.code = $1 AND n.code = $2 AND n.to_seq IS NULL LIMIT 1`, park, code).
		Scan(&name.ZH, &name.EN)
	if err == pgx.ErrNoRows {
		return name, nil
	}
	return name, store.Translate("read a network's name", err)
}

// Ground reads what lies around a GeoJSON polygon of a park, in EPSG:4490.
func (v *View) Ground(ctx context.Context, code string, geometry json.RawMessage) (*Ground, error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	var shape, point []byte
	if err := v.Tx.QueryRow(ctx, sqlPlane, park.ID, string(geometry)).Scan(&shape, &point); err != nil {
		return nil, store.Translate("place ground", err)
	}
	g := &Ground{}
	if g.Shape, err = ewkb.DecodePolygon(shape); err != nil {
		return nil, err
	}
	inside, _, err := ewkb.Decode(point)
	if err != nil {
		return nil, err
	}
	g.Point, _ = inside.(orb.Point)
	rows, err := v.Tx.Query(ctx, sqlNear, park.ID, g.Point[0], g.Point[1])
	if err != nil {
		return nil, store.Translate("find near networks", err)
	}
	g.Networks, err = pgx.CollectRows(rows, pgx.RowToStructByName[Near])
	return g, store.Translate("find near networks", err)
}

// sqlInset keeps corners sharp, as a setback is measured from each boundary's line.
const sqlInset = `SELECT ST_AsEWKB(ST_Multi(ST_CollectionExtract(
	ST_Buffer(ST_GeomFromEWKB($1), -$2::float8, 'join=mitre mitre_limit=10'), 3)))`

// Inset is what of a polygon in a plane lies so many metres or more inside its boundary; it may be in several pieces,
// or in none.
func (v *View) Inset(ctx context.Context, shape orb.Polygon, metres float64) (orb.MultiPolygon, error) {
	sent, err := ewkb.Append(nil, shape, 0)
	if err != nil {
		return nil, err
	}
	var read []byte
	if err := v.Tx.QueryRow(ctx, sqlInset, sent, metres).Scan(&read); err != nil {
		return nil, store.Translate("draw a setback", err)
	}
	g, _, err := ewkb.Decode(read)
	if err != nil {
		return nil, err
	}
	pieces, _ := g.(orb.MultiPolygon)
	return pieces, nil
}
