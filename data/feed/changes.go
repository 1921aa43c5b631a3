package feed

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

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

// Changes are the features of a query that changed between two states of its park: first those that it finds in the later
// one, by id, then those that it finds in the earlier one alone. A copy of what it found in the earlier state becomes what
// it finds in the later one by applying them. Close them when done.
type Changes struct {
	*Features        // in the later state
	Kind      string // of the current change; of one that was deleted only ID holds

	before []uuid.UUID // what was found in the earlier state, by id
	seen   []bool      // of these, what is in the later one
	at     int         // the next of these that may be gone
	gone   uuid.UUID
}

// Changes asks for what of a query changed in its park, of which the query names no moment. Beside the rows it holds 17
// bytes of each feature that changed. The public's row of a parcel begins anew with each record of the parcel; so such a
// feature is updated though nothing may be new in it but since and seq.
func (v *View) Changes(ctx context.Context, q *Query, span Span) (*Changes, error) {
	earlier := *q
	earlier.Sort, earlier.Select = nil, &Selection{}
	c := &Changes{}
	rows, err := v.changed(ctx, earlier, span, span.After)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		c.before = append(c.before, rows.ID())
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return nil, err
	}
	c.seen = make([]bool, len(c.before))
	c.Features, err = v.changed(ctx, *q, span, span.To)
	return c, err
}

func (v *View) changed(ctx context.Context, q Query, span Span, state int64) (*Features, error) {
	q.changed, q.When, q.After = &span, When{}, &Position{State: state}
	return v.Features(ctx, &q)
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
const sqlSpanTouched = `SELECT x.{key} AS id FROM {versions} x WHERE x.park_id = {park} AND x.from_seq > {after} AND x.from_seq <= {to}
	UNION SELECT x.{key} FROM {versions} x WHERE x.park_id = {park} AND x.to_seq > {after} AND x.to_seq <= {to}`

// sqlSpanParcels are parcels beside: those of which a right, a place in a queue or the name of who has a right changed.
// Names have no number of a park's: those that changed since the earlier state are taken.
const sqlSpanParcels = `
	UNION SELECT x.parcel_id FROM allotment_parcel x WHERE x.park_id = {park} AND x.from_seq > {after} AND x.from_seq <= {to}
	UNION SELECT x.parcel_id FROM allotment_parcel x WHERE x.park_id = {park} AND x.to_seq > {after} AND x.to_seq <= {to}
	UNION SELECT l.parcel_id FROM allotment_version x JOIN allotment_parcel l USING (park_id, allotment_id)
	 WHERE x.park_id = {park} AND (x.from_seq > {after} AND x.from_seq <= {to} OR x.to_seq > {after} AND x.to_seq <= {to})
	UNION SELECT x.parcel_id FROM waiting x WHERE x.park_id = {park}
	   AND (x.from_seq > {after} AND x.from_seq <= {to} OR x.to_seq > {after} AND x.to_seq <= {to})
	UNION SELECT l.parcel_id FROM allotment_parcel l JOIN allotment o USING (park_id, allotment_id)
	  JOIN project_version r ON (r.district_id, r.project_id) = (o.district_id, o.project_id)
	 WHERE l.park_id = {park} AND l.to_seq IS NULL AND (lower(r.sys) > {since} OR EXISTS (SELECT FROM party_version w
	   WHERE (w.district_id, w.party_id) = (r.district_id, r.party_id) AND w.at > {since}))`

// touched is the SQL of the ids that changed in a span of a park, as the query's reader may know: the public by its own
// rows alone.
func (s *statement) touched(q *Query, park uuid.UUID) string {
	key, versions, sql := q.Collection.key, "_public", sqlSpanTouched
	if q.Collection.member && q.Member != nil && (q.Member.Every || slices.Contains(q.Member.Parks, park)) {
		if versions = "_version"; key == parcels.key {
			sql += sqlSpanParcels
		}
	}
	id := s.bind(park)
	after, to := s.bind(q.changed.After)+"::bigint", s.bind(q.changed.To)+"::bigint"
	since := fmt.Sprintf("coalesce((SELECT y.at FROM record y WHERE (y.park_id, y.seq) = (%s, %s)), '-infinity')", id, after)
	return strings.NewReplacer("{key}", key, "{versions}", strings.TrimSuffix(key, "_id")+versions, "{park}", id,
		"{after}", after, "{to}", to, "{since}", since).Replace(sql)
}
