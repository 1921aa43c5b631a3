package soak

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/geo/geotest"
)

// item is a zone, plan unit or network as a player finds it, live or retired.
type item struct {
	ID      uuid.UUID
	Code    string
	Version int64
	Live    bool
}

var sqlItems = map[string]string{
	"zones":      `SELECT zone_id, code, version, live FROM zone WHERE park_id = $1 ORDER BY code, version`,
	"plan-units": `SELECT plan_unit_id, code, version, live FROM plan_unit WHERE park_id = $1 ORDER BY code, version`,
	"networks":   `SELECT network_id, code, version, live FROM network WHERE park_id = $1 ORDER BY code, version`,
}

func (p *player) items(ctx context.Context, collection string) ([]item, error) {
	rows, err := p.pool.Query(ctx, sqlItems[collection], p.park)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[item])
}

// item picks one of some, rather a live one; one that is not there where there are none.
func (p *player) item(items []item) item {
	if len(items) == 0 {
		return item{ID: p.project, Code: "none"}
	}
	i := p.rand.IntN(len(items))
	for n := 0; n < len(items) && !items[i].Live && p.rand.IntN(8) > 0; n++ {
		i = (i + 1) % len(items)
	}
	return items[i]
}

// object makes, edits or retires a zone, plan unit or network.
func (p *player) object(ctx context.Context, kind, collection string, all []stand) (ledger.Command, error) {
	o := &ledger.Subject{Collection: collection}
	c := ledger.Command{Kind: kind, Object: o}
	items, err := p.items(ctx, collection)
	if err != nil {
		return c, err
	}
	found := p.item(items)
	stated := p.stated(collection)
	if kind == "create" {
		if stated["code"] = p.code(); p.rand.IntN(6) == 0 {
			stated["code"] = found.Code
		}
		o.Facts, o.Geometry = facts(stated), p.shape(collection, all)
		return c, nil
	}
	o.ID, o.Version = &found.ID, found.Version-int64(one(p.rand, 0, 0, 0, 0, 0, 0, 0, 1))
	if kind == "edit" {
		o.Facts = facts(p.fewer(stated))
		if p.rand.IntN(3) == 0 {
			o.Geometry = p.shape(collection, all)
		}
	}
	if collection == "networks" && p.rand.IntN(3) > 0 {
		c.AtRisk, err = p.risks(ctx, &found.ID)
	}
	return c, err
}

// stated is what a player says of a zone, plan unit or network. A network is a substation, now and then a source of
// steam.
func (p *player) stated(collection string) map[string]any {
	said := map[string]any{"publication": one(p.rand, "public", "public", "internal")}
	switch collection {
	case "zones":
		said["name_zh"], said["name_en"] = one(p.rand, "甲区", "乙区"), one(p.rand, "Zone A", "Zone B")
		said["function"], said["legal_m2"] = one(p.rand, "fibre_production", "logistics", "mixed"),
			1+p.rand.IntN(100_000)
	case "plan-units":
		said["land_use"], said["edition"], said["effective_from"] = one(p.rand, uses...), one(p.rand, "2022", "2026"),
			one(p.rand, "2022-01-01", "2026-01-01")
		said["conditions"] = map[string]any{"far": map[string]any{"min": 0.7, "max": one(p.rand, 1.8, 2.5)}}
	case "networks":
		said["kind"], said["grade"], said["capacity"], said["unit"] = "substation", "node", p.rand.IntN(120), "kVA"
		if p.rand.IntN(12) == 0 {
			said["kind"], said["unit"] = "steam", "t/h"
		}
	}
	return said
}

var uses = []string{"100101", "100102", "100103"}

// fewer leaves some of the facts unsaid.
func (p *player) fewer(said map[string]any) map[string]any {
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if p.rand.IntN(2) == 0 {
			delete(said, name)
		}
	}
	return said
}

func facts(said map[string]any) feed.Facts {
	f := feed.Facts{}
	for name, value := range said {
		f[name], _ = json.Marshal(value) // texts and numbers
	}
	return f
}

// shape is a point in a parcel for a network, else a rectangle about one.
func (p *player) shape(collection string, all []stand) json.RawMessage {
	box := one(p.rand, all...).Box
	w, h := box[2]-box[0], box[3]-box[1]
	if collection == "networks" {
		return fmt.Appendf(nil, `{"type":"Point","coordinates":[%.9f,%.9f]}`, box[0]+w*p.rand.Float64(),
			box[1]+h*p.rand.Float64())
	}
	return rectangle(box[0]-w*p.rand.Float64(), box[1]-h*p.rand.Float64(), box[2]+w*p.rand.Float64(),
		box[3]+h*p.rand.Float64())
}

func rectangle(west, south, east, north float64) json.RawMessage {
	return fmt.Appendf(nil,
		`{"type":"Polygon","coordinates":[[[%[1]f,%[2]f],[%[3]f,%[2]f],[%[3]f,%[4]f],[%[1]f,%[4]f],[%[1]f,%[2]f]]]}`,
		west, south, east, north)
}

const sqlRisks = `
SELECT service, network_id AS node, amount::text AS amount, allotment_id AS allotment FROM allotment_draw
 WHERE park_id = $1 AND to_seq IS NULL AND network_id = coalesce($2, network_id) ORDER BY from_seq, amount`

// risks names all that draw from a node, or nil: from any; now and then more than they draw.
func (p *player) risks(ctx context.Context, node *uuid.UUID) ([]ledger.Risk, error) {
	rows, err := p.pool.Query(ctx, sqlRisks, p.park, node)
	if err != nil {
		return nil, err
	}
	risks, err := pgx.CollectRows(rows, pgx.RowToStructByName[ledger.Risk])
	if len(risks) > 0 && p.rand.IntN(8) == 0 {
		risks[0].Amount = risks[0].Amount.Add(geotest.Amount("0.001"))
	}
	return risks, err
}
