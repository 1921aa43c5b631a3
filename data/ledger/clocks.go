package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"math"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// The ground that a change may draw anew: the ground of its parcels, a new shape, or all ground that the reversed
// record touched.
const sqlTakeClocks = `
SELECT take_clocks(p.park_id, ARRAY(
         SELECT v.geom FROM unnest($2::uuid[]) u (id)
           CROSS JOIN LATERAL (SELECT * FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (p.park_id, u.id)
           AND x.to_seq IS NULL OFFSET 0) v
         UNION ALL SELECT ST_MakeEnvelope(b[1], b[2], b[3], b[4], 4490) FROM (SELECT $3::float8[] AS b) drawn
           WHERE b IS NOT NULL
         UNION ALL SELECT v.geom FROM parcel_version v WHERE (v.park_id, v.from_seq) = (p.park_id, $4)
         UNION ALL SELECT v.geom FROM parcel_version v WHERE (v.park_id, v.to_seq) = (p.park_id, $4)
         UNION ALL SELECT b.was FROM park_border b WHERE (b.park_id, b.seq) = (p.park_id, $4)),
       $5 OR EXISTS (SELECT FROM park_border b WHERE (b.park_id, b.seq) = (p.park_id, $4)))
  FROM park p WHERE p.code = $1`

// queueClocks locks, before the record begins, the clocks of the order's park and of the parks near the ground it may
// draw, in the one order that avoids deadlocks. The database locks the same clocks itself when it checks the record.
// An order that draws ground elsewhere is still checked.
func (w *work) queueClocks(batch *pgx.Batch) {
	c := w.order.Command
	if !kindOf(c.Kind).Reshapes {
		return
	}
	ids := make([]uuid.UUID, len(c.Parcels))
	for i, p := range c.Parcels {
		ids[i] = p.ID
	}
	var drawn json.RawMessage
	if c.Shape != nil {
		drawn = c.Shape.Geometry
	}
	if c.Object.parcels() && c.Object != nil {
		drawn = c.Object.Geometry
	}
	batch.Queue(sqlTakeClocks, w.order.Park, ids, boxOf(drawn), c.Reverts, c.Kind == "border")
}

// boxOf is the bounding box (west, south, east, north) of a GeoJSON geometry. It is nil for a geometry without a
// valid position in degrees; the order's parser reports that.
func boxOf(geometry json.RawMessage) []float64 {
	var g struct {
		Coordinates any `json:"coordinates"`
	}
	if len(geometry) == 0 || json.Unmarshal(geometry, &g) != nil {
		return nil
	}
	box := []float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	widen(box, g.Coordinates)
	if !(-180 <= box[0] && box[0] <= box[2] && box[2] <= 180 && -90 <= box[1] && box[1] <= box[3] && box[3] <= 90) {
		return nil
	}
	return box
}

// widen takes the positions below a GeoJSON coordinates member into a box.
func widen(box []float64, coordinates any) {
	list, ok := coordinates.([]any)
	if !ok {
		return
	}
	if len(list) >= 2 {
		x, isX := list[0].(float64)
		y, isY := list[1].(float64)
		if isX && isY {
			box[0], box[1], box[2], box[3] = min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)
			return
		}
	}
	for _, part := range list {
		widen(box, part)
	}
}

// redrawBorder replaces the park's border by the order's shape. Live land must stay inside.
func redrawBorder(ctx context.Context, w *work) error {
	shape := w.order.Command.Shape
	if shape == nil || len(shape.Geometry) == 0 {
		return geo.NewInvalid("shape.geometry", "border.given", geo.None())
	}
	stored, _, err := w.readShape(ctx, "shape.geometry", []string{"Polygon", "MultiPolygon"}, true, shape.Geometry)
	if err != nil {
		return err
	}
	return w.drawBorder(ctx, stored)
}

func (w *work) drawBorder(ctx context.Context, stored []byte) error {
	var same bool
	const sql = `UPDATE park p SET geom = ST_GeomFromEWKB($2::bytea) FROM park was WHERE p.park_id = $1
		AND was.park_id = $1 RETURNING ST_OrderingEquals(p.geom, was.geom)`
	if err := w.tx.QueryRow(ctx, sql, w.park, stored).Scan(&same); err != nil {
		return err
	}
	if same {
		return geo.NewInvalid("shape.geometry", "border.other", geo.Say("came.same"))
	}
	w.bordered = true
	return nil
}

// revertBorder restores the border from before a record, if the border is still the one that the record drew. It
// reports whether the record drew a border.
func (w *work) revertBorder(ctx context.Context, seq int64) (bool, error) {
	var was []byte
	var current bool
	const sql = `SELECT ST_AsEWKB(b.was), ST_OrderingEquals(b.geom, p.geom) FROM park_border b
		JOIN park p USING (park_id) WHERE b.park_id = $1 AND b.seq = $2`
	err := w.tx.QueryRow(ctx, sql, w.park, seq).Scan(&was, &current)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	case !current:
		return true, store.Because("record_can_be_reversed", "reversal.border_anew")
	}
	return true, w.drawBorder(ctx, was)
}
