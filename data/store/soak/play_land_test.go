package soak

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"luodi/data/ledger"
	"luodi/geo"
)

// land makes, edits or retires parcels.
func (p *player) land(ctx context.Context, kind string, all []stand) (ledger.Command, error) {
	c := ledger.Command{Kind: kind, Object: &ledger.Subject{Collection: "parcels"}}
	if kind != "create" {
		c.Parcels = p.some(all, kind)
	}
	if kind == "retire" {
		return c, nil
	}
	zones, err := p.items(ctx, "zones")
	if err != nil {
		return c, err
	}
	said := map[string]any{"land_use": one(p.rand, uses...), "price_cny_per_m2": p.rand.IntN(1000),
		"zone": p.item(zones).Code}
	if kind == "edit" {
		said = p.fewer(said)
		switch p.rand.IntN(8) {
		case 0:
			said["code"] = p.code()
		case 1:
			said["code"] = one(p.rand, all...).Code
		case 2:
			said["publication"] = "public"
		case 3:
			said["zone"], said["price_cny_per_m2"] = nil, nil
		}
		c.Object.Facts = facts(said)
		return c, nil
	}
	said["code"], said["bank_status"], said["publication"] = p.code(),
		one(p.rand, "available", "available", "reserve"), one(p.rand, "public", "internal")
	if p.rand.IntN(3) == 0 {
		delete(said, "zone")
	}
	if len(all) > 0 && p.rand.IntN(8) == 0 {
		said["code"] = one(p.rand, all...).Code
	}
	c.Object.Facts = facts(said)
	c.Object.Geometry, err = p.ground(ctx, all)
	return c, err
}

// Ground that was a parcel's and is nobody's now.
const sqlFallow = `
SELECT ST_AsGeoJSON(v.geom, 9, 0)::json FROM parcel_version v
 WHERE v.park_id = $1 AND v.to_seq IS NOT NULL
   AND NOT EXISTS (SELECT FROM parcel_version n WHERE n.park_id = v.park_id AND n.to_seq IS NULL
     AND n.geom && v.geom AND ST_Area(ST_Intersection(n.geom, v.geom)) > 1e-13)
 ORDER BY v.from_seq, v.code`

// ground is where a parcel may be made: on ground that is nobody's any more, beside another parcel, or, where it must
// be refused, on one.
func (p *player) ground(ctx context.Context, all []stand) (json.RawMessage, error) {
	rows, err := p.pool.Query(ctx, sqlFallow, p.park)
	if err != nil {
		return nil, err
	}
	fallow, err := pgx.CollectRows(rows, pgx.RowTo[json.RawMessage])
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || len(fallow) > 0 && p.rand.IntN(2) == 0 {
		return one(p.rand, fallow...), nil
	}
	b := one(p.rand, all...).Box
	w, h := b[2]-b[0], b[3]-b[1]
	from, to, deep := 0.5*p.rand.Float64(), 0.5+0.5*p.rand.Float64(), 0.1+0.9*p.rand.Float64()
	switch p.rand.IntN(9) {
	case 0, 1:
		return rectangle(b[0]+from*w, b[3], b[0]+to*w, b[3]+deep*h), nil
	case 2, 3:
		return rectangle(b[0]+from*w, b[1]-deep*h, b[0]+to*w, b[1]), nil
	case 4, 5:
		return rectangle(b[2], b[1]+from*h, b[2]+deep*w, b[1]+to*h), nil
	case 6, 7:
		return rectangle(b[0]-deep*w, b[1]+from*h, b[0], b[1]+to*h), nil
	}
	return rectangle(b[0]+from*w, b[1]+from*h, b[0]+to*w, b[1]+to*h), nil
}

// correct redraws a parcel with one of its corners elsewhere, and perhaps with another legal area: it may take the
// corner into free ground, or into a neighbour's.
func (p *player) correct(ctx context.Context, all []stand) (ledger.Command, error) {
	s := all[p.rand.IntN(len(all))]
	var shape struct {
		Type        string         `json:"type"`
		Coordinates [][][2]float64 `json:"coordinates"`
	}
	if err := p.pool.QueryRow(ctx, `SELECT ST_AsGeoJSON(geom, 9, 0)::json FROM parcel_version WHERE park_id = $1
		AND parcel_id = $2 AND to_seq IS NULL`, p.park, s.ID).Scan(&shape); err != nil {
		return ledger.Command{}, err
	}
	ring := shape.Coordinates[0]
	at := p.rand.IntN(len(ring) - 1)
	ring[at][0] += (p.rand.Float64() - 0.5) * 0.2 * (s.Box[2] - s.Box[0])
	ring[at][1] += (p.rand.Float64() - 0.5) * 0.2 * (s.Box[3] - s.Box[1])
	ring[len(ring)-1] = ring[0]
	text, err := json.Marshal(shape)
	c := ledger.Command{Kind: "correct", Parcels: []ledger.Ref{{ID: s.ID, Version: s.Version}},
		Shape: &ledger.Shape{Geometry: text}}
	if p.rand.IntN(2) == 0 {
		legal := geo.MustArea(fmt.Sprintf("%.4f", geo.MustArea(s.Legal).M2()*(0.95+0.1*p.rand.Float64())))
		c.Shape.LegalM2 = &legal
	}
	return c, err
}
