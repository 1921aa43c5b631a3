package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/data/store/ewkb"
	"luodi/geo"
)

// Ordered carries out an order and, where once is given, remembers the answer in the same transaction.
func (s Ledger) Ordered(ctx context.Context, o Order, once *store.Once) (Outcome, error) {
	if once != nil {
		o.also = func(ctx context.Context, tx pgx.Tx, out Outcome) error {
			return store.Remember(ctx, tx, once, 201, out)
		}
	}
	return s.Do(ctx, o)
}

var sqlState = `
SELECT jsonb_build_object('id', p.parcel_id, 'version', p.version, 'code', v.code, 'bank_status', v.bank_status,
       'status', CASE WHEN v.parcel_id IS NULL THEN 'retired' WHEN a.state = 'hold' THEN 'held'
         ELSE coalesce(a.state, v.bank_status) END,
       'allotment', l.allotment_id, 'project', t.project_id, 'expires_at', a.expires_at)
  FROM parcel p
  LEFT JOIN parcel_version v ON (v.park_id, v.parcel_id) = (p.park_id, p.parcel_id) AND v.to_seq IS NULL
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (p.park_id, p.parcel_id) AND l.to_seq IS NULL
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
  LEFT JOIN allotment t ON (t.park_id, t.allotment_id) = (l.park_id, l.allotment_id)
 WHERE p.parcel_id = $1
UNION ALL
SELECT jsonb_build_object('id', t.allotment_id, 'version', t.version, 'state', coalesce(a.state, 'ended'),
       'project', t.project_id, 'expires_at', a.expires_at)
  FROM allotment t LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id)
    AND a.to_seq IS NULL
 WHERE t.allotment_id = $1
UNION ALL ` + feed.OfAll(`SELECT to_jsonb(o) FROM (`+sqlObjects+`WHERE v.{table}_id = $1 ORDER BY v.from_seq DESC LIMIT 1) o`)

// StateOf returns, as JSON, the current state of a parcel, right, zone, plan unit or network, to show to a caller
// with a stale version. It is nil for an unknown id.
func (s Ledger) StateOf(ctx context.Context, id uuid.UUID) (json.RawMessage, error) {
	var state json.RawMessage
	err := s.Planner.QueryRow(ctx, sqlState, id).Scan(&state)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return state, store.Translate("read the state of "+id.String(), err)
}

// Clocks is the time zone of a park.
func (s Ledger) Clocks(ctx context.Context, park string) (*time.Location, error) {
	var zone string
	if err := s.Planner.QueryRow(ctx, `SELECT time_zone FROM park WHERE code = $1`, park).Scan(&zone); err != nil {
		return nil, store.Translate("read the time zone of "+park, err)
	}
	return time.LoadLocation(zone)
}

const sqlDegrees = `SELECT ST_AsEWKB(ST_Transform(ST_SetSRID(ST_GeomFromEWKB($2), survey_crs), 4490)) FROM park
	WHERE code = $1`

// Degrees brings points of a park's survey plane, in metres, to longitude and latitude of EPSG:4490, on the stored
// grid.
func (s Ledger) Degrees(ctx context.Context, park string, plane []orb.Point) ([][2]float64, error) {
	b, err := ewkb.Append(nil, orb.MultiPoint(plane), 0)
	if err != nil {
		return nil, err
	}
	var moved []byte
	if err := s.Planner.QueryRow(ctx, sqlDegrees, park, b).Scan(&moved); err != nil {
		return nil, store.Translate("place points", err)
	}
	g, _, err := ewkb.Decode(moved)
	if err != nil {
		return nil, err
	}
	points, ok := g.(orb.MultiPoint)
	if !ok || len(points) != len(plane) {
		return nil, fmt.Errorf("place %d points: got %T", len(plane), g)
	}
	at := make([][2]float64, len(points))
	for i, p := range points {
		at[i] = [2]float64{geo.SnapDegrees(p[0]), geo.SnapDegrees(p[1])}
	}
	return at, nil
}
