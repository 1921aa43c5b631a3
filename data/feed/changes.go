package feed

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Span names two states of a park by the numbers of its changes: what changed after After, up to and with To.
type Span struct{ After, To int64 }

// State names a state of a park: by the number of a change, else by an instant.
type State struct {
	Seq *int64
	At  *time.Time
}

// SpanOf is the span between two states of a park.
func (v *View) SpanOf(ctx context.Context, park store.ParkState, after, to State) (s Span, err error) {
	if s.After, err = v.number(ctx, park, after); err != nil {
		return s, err
	}
	s.To, err = v.number(ctx, park, to)
	return s, err
}

func (v *View) number(ctx context.Context, park store.ParkState, s State) (int64, error) {
	if s.Seq != nil {
		return *s.Seq, nil
	}
	return v.seqAt(ctx, park, *s.At)
}

// The kinds of a change, seen from a copy of what a query finds: a feature that leaves the query's filter is deleted.
const (
	Inserted = "insert"
	Updated  = "update"
	Deleted  = "delete"
)

// Changes are the features of a query that changed between two states of its park: first those that it finds in the
// later one, by id, then those that it finds in the earlier one alone. A copy of what it found in the earlier state
// becomes what it finds in the later one by applying them. Close them when done.
type Changes struct {
	*Features        // in the later state
	Kind      string // of the current change; of one that was deleted only ID holds

	before []uuid.UUID // what was found in the earlier state, by id
	seen   []bool      // of these, what is in the later one
	at     int         // the next of these that may be gone
	gone   uuid.UUID
}

// Changes asks for what of a query changed in its park, of which the query names no moment. Beside the rows it holds
// 33 bytes of each feature that changed. The public's row of a parcel begins anew with each record of the parcel; so
// such a feature is updated though nothing may be new in it but since and seq.
func (v *View) Changes(ctx context.Context, q *Query, span Span) (*Changes, error) {
	touched, err := v.changedIn(ctx, q, span)
	if err != nil {
		return nil, err
	}
	read := func(q Query, state int64) (*Features, error) {
		q.among, q.When, q.After = touched, When{}, &Position{State: state}
		return v.Features(ctx, &q)
	}
	earlier := *q
	earlier.Sort, earlier.Select = nil, &Selection{}
	rows, err := read(earlier, span.After)
	if err != nil {
		return nil, err
	}
	c := &Changes{}
	for rows.Next() {
		c.before = append(c.before, rows.ID())
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return nil, err
	}
	c.seen = make([]bool, len(c.before))
	c.Features, err = read(*q, span.To)
	return c, err
}

// Next steps to the next change; false at the end or on a failure, which Err tells.
func (c *Changes) Next() bool {
	if c.Features.Next() {
		i, found := slices.BinarySearchFunc(c.before, c.Features.ID(), func(a, b uuid.UUID) int {
			return bytes.Compare(a[:], b[:])
		})
		if c.Kind = Inserted; found {
			c.Kind, c.seen[i] = Updated, true
		}
		return true
	}
	if c.Err() != nil {
		return false
	}
	for ; c.at < len(c.before); c.at++ {
		if !c.seen[c.at] {
			c.Kind, c.gone = Deleted, c.before[c.at]
			c.at++
			return true
		}
	}
	return false
}

// ID is that of the current change.
func (c *Changes) ID() uuid.UUID {
	if c.Kind == Deleted {
		return c.gone
	}
	return c.Features.ID()
}

// sqlSpanTouched are the ids of a kind of things of which a version began or ended in a span.
const sqlSpanTouched = `
SELECT x.{key} AS id FROM {versions} x WHERE x.park_id = $1 AND x.from_seq > $2 AND x.from_seq <= $3
	UNION SELECT x.{key} FROM {versions} x WHERE x.park_id = $1 AND x.to_seq > $2 AND x.to_seq <= $3`

// sqlSpanParcels are parcels beside: those of which a right, a place in a queue or the name of who has a right changed.
// Names have no number of a park's: those that changed since the earlier state are taken.
const sqlSpanParcels = `
	UNION SELECT x.parcel_id FROM allotment_parcel x WHERE x.park_id = $1 AND x.from_seq > $2 AND x.from_seq <= $3
	UNION SELECT x.parcel_id FROM allotment_parcel x WHERE x.park_id = $1 AND x.to_seq > $2 AND x.to_seq <= $3
	UNION SELECT l.parcel_id FROM allotment_version x JOIN allotment_parcel l USING (park_id, allotment_id)
	 WHERE x.park_id = $1 AND (x.from_seq > $2 AND x.from_seq <= $3 OR x.to_seq > $2 AND x.to_seq <= $3)
	UNION SELECT x.parcel_id FROM waiting x WHERE x.park_id = $1
	   AND (x.from_seq > $2 AND x.from_seq <= $3 OR x.to_seq > $2 AND x.to_seq <= $3)
	UNION SELECT l.parcel_id FROM allotment_parcel l JOIN allotment o USING (park_id, allotment_id)
	  JOIN project_version r ON (r.district_id, r.project_id) = (o.district_id, o.project_id)
	  CROSS JOIN (SELECT coalesce((SELECT at FROM record WHERE (park_id, seq) = ($1, $2)), '-infinity') AS at) y
	 WHERE l.park_id = $1 AND l.to_seq IS NULL AND (lower(r.sys) > y.at OR EXISTS (SELECT FROM party_version w
	   WHERE (w.district_id, w.party_id) = (r.district_id, r.party_id) AND w.at > y.at))`

// changedIn are the ids of what changed in a span of the query's park, as its reader may know: the public by its own
// rows alone. They are read before the rows: PostgreSQL then knows how many it looks for, and looks each up once.
func (v *View) changedIn(ctx context.Context, q *Query, span Span) ([]uuid.UUID, error) {
	park, err := v.parkID(ctx, q.Park)
	if err != nil {
		return nil, err
	}
	key, versions, sql := q.Collection.key, "_public", sqlSpanTouched
	if q.Collection.member && q.Member != nil && (q.Member.Every || slices.Contains(q.Member.Parks, park)) {
		if versions = "_version"; key == parcels.key {
			sql += sqlSpanParcels
		}
	}
	sql = strings.NewReplacer("{key}", key, "{versions}", strings.TrimSuffix(key, "_id")+versions).Replace(sql)
	rows, err := v.Tx.Query(ctx, sql, park, span.After, span.To)
	if err != nil {
		return nil, store.Translate("find what changed", err)
	}
	ids, err := pgx.AppendRows([]uuid.UUID{}, rows, pgx.RowTo[uuid.UUID])
	return ids, store.Translate("find what changed", err)
}
