package ledger

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"

	"luodi/geo"
)

const (
	// drawnPoints bounds a shape's points: each is looked at against the neighbours'.
	drawnPoints = 20_000
	// drawnAround is how far from its park's box a shape may reach, in degrees. Far away the survey plane distorts
	// all measures, and a polygon of the whole world has no shape there at all.
	drawnAround = 1.0
)

// drawn gathers what a GeoJSON geometry's coordinates cover.
type drawn struct {
	points int
	bound  orb.Bound
}

// checkDrawn refuses, before the database sees it, a shape that is too large, lies elsewhere or is none.
func (w *work) checkDrawn(ctx context.Context, field string, expected geo.Words, geometry json.RawMessage) error {
	const sql = `SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) FROM park WHERE park_id = $1`
	var park orb.Bound
	if err := w.tx.QueryRow(ctx, sql, w.park).Scan(&park.Min[0], &park.Min[1], &park.Max[0], &park.Max[1]); err != nil {
		return err
	}
	var shape struct {
		Coordinates any `json:"coordinates"`
		Geometries  any `json:"geometries"`
	}
	if json.Unmarshal(geometry, &shape) != nil || shape.Geometries != nil {
		return expected.Refuse(field, string(geometry))
	}
	d := drawn{}
	if !d.gather(shape.Coordinates, 0) || d.points == 0 {
		return expected.Refuse(field, string(geometry))
	}
	if d.points > drawnPoints {
		return geo.NewInvalid(field, "shape.few_points", fmt.Sprint(d.points), "n", drawnPoints)
	}
	if reach := park.Pad(drawnAround); !reach.Contains(d.bound.Min) || !reach.Contains(d.bound.Max) {
		return geo.NewInvalid(field, "shape.near", geo.BBoxOf(d.bound).String(), "n", drawnAround)
	}
	return nil
}

// gather walks nested arrays down to positions of two finite numbers. It reports whether it met nothing else.
func (d *drawn) gather(coordinates any, depth int) bool {
	list, ok := coordinates.([]any)
	if !ok || depth > 4 {
		return false
	}
	if len(list) == 2 {
		x, isX := list[0].(float64)
		y, isY := list[1].(float64)
		if isX && isY {
			p := orb.Point{x, y}
			if d.points++; d.points == 1 {
				d.bound = p.Bound()
			}
			d.bound = d.bound.Extend(p)
			return true
		}
	}
	for _, part := range list {
		if !d.gather(part, depth+1) {
			return false
		}
	}
	return true
}
