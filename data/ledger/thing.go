package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
)

// ObjectState is a zone, plan unit or network as a planner sees it in the answer to an order. Geometry is GeoJSON in
// EPSG:4490.
type ObjectState struct {
	Collection string          `json:"collection" db:"collection"`
	ID         uuid.UUID       `json:"id" db:"id" format:"uuid"`
	Code       string          `json:"code" db:"code"`
	Version    int64           `json:"version" db:"version"`
	Live       bool            `json:"live" db:"live" doc:"It has not been retired."`
	Facts      json.RawMessage `json:"facts" db:"facts"`
	Geometry   json.RawMessage `json:"geometry" db:"geometry"`
}

// sqlObjects reads versions v of things, with the state of each.
const sqlObjects = `
SELECT '{collection}' AS collection, v.{table}_id AS id, i.code, i.version, i.live,
       ST_AsGeoJSON(v.geom, 9, 0)::json AS geometry,
       to_jsonb(v) - ARRAY['park_id', '{table}_id', 'from_seq', 'to_seq', 'prev_to_seq', 'sys', 'geom'] AS facts
  FROM {table}_version v CROSS JOIN LATERAL (SELECT * FROM {table} x
    WHERE (x.park_id, x.{table}_id) = (v.park_id, v.{table}_id) OFFSET 0) i `

// Of what a record touched: the newest version of each. Which those are is asked apart, so that the record's number
// finds them.
var sqlTouchedObjects = `SELECT * FROM (` + feed.OfAll(sqlObjects+`WHERE v.park_id = $1 AND v.from_seq = $2`) +
	` UNION ALL ` + feed.OfAll(sqlObjects+`WHERE v.park_id = $1 AND v.to_seq = $2 AND NOT i.live`) +
	`) o ORDER BY collection, code_order(code)`

// objects reads the things that the order touched.
func (w *work) objects(ctx context.Context) ([]ObjectState, error) {
	rows, err := w.tx.Query(ctx, sqlTouchedObjects, w.park, w.seq)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[ObjectState])
}

// beginThing makes the identity of a new thing.
func (w *work) beginThing(ctx context.Context, t *feed.Thing, code string) (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return id, err
	}
	_, err = w.tx.Exec(ctx, t.SQL(`INSERT INTO {table} (park_id, {table}_id, code) VALUES ($1, $2, $3)`), w.park, id,
		code)
	return id, err
}

// closeThing ends a thing's live version.
func (w *work) closeThing(ctx context.Context, t *feed.Thing, id uuid.UUID) error {
	w.things = true
	_, err := w.tx.Exec(ctx, t.SQL(`UPDATE {table}_version SET to_seq = $3 WHERE park_id = $1 AND {table}_id = $2
		AND to_seq IS NULL`), w.park, id, w.seq)
	return err
}

// version names a version of a thing by the record that ended it.
type version struct {
	ID    uuid.UUID
	ToSeq int64
}

// The new version is another one, or nothing, with the facts and the shape that are given.
const sqlPutThing = `
INSERT INTO {table}_version (park_id, {table}_id, from_seq, prev_to_seq, {columns}, geom)
SELECT $1, $2, $3::bigint, CASE WHEN $4 THEN $3::bigint END, {facts}, coalesce(ST_GeomFromEWKB($6::bytea), o.geom)
  FROM (SELECT) one LEFT JOIN {table}_version o ON (o.park_id, o.{table}_id, o.to_seq) = ($1, $7, $8),
    jsonb_populate_record(o, $5::jsonb) n`

// putThing begins a version of a thing: like another but for the facts given, and of its shape where none is given. It
// follows the thing's own version that this order closed, or is the first.
func (w *work) putThing(ctx context.Context, t *feed.Thing, id uuid.UUID, follows bool, like version,
	facts map[string]any,
	shape []byte) error {
	w.things = true
	if facts == nil {
		facts = map[string]any{}
	}
	_, err := w.tx.Exec(ctx, t.SQL(sqlPutThing), w.park, id, w.seq, follows, facts, shape, like.ID, like.ToSeq)
	return err
}

// thingSeen is a thing as the order finds it, under the clock.
type thingSeen struct {
	ID      uuid.UUID
	Code    string
	Version int64
	Live    bool
	Facts   map[string]json.RawMessage // of its live version
}

const sqlLookThing = `
SELECT i.code, i.version, i.live, coalesce(to_jsonb(v) - 'geom', '{}') FROM {table} i
  LEFT JOIN {table}_version v ON (v.park_id, v.{table}_id) = (i.park_id, i.{table}_id) AND v.to_seq IS NULL
 WHERE i.park_id = $1 AND i.{table}_id = $2`

// lookThing finds an object by its id; nil if the park has none.
func (w *work) lookThing(ctx context.Context, t *feed.Thing, id uuid.UUID) (*thingSeen, error) {
	s := &thingSeen{ID: id}
	err := w.tx.QueryRow(ctx, t.SQL(sqlLookThing), w.park, id).Scan(&s.Code, &s.Version, &s.Live, &s.Facts)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at %s %s: %w", t.Table, id, err)
	}
	return s, nil
}
