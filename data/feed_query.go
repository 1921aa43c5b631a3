package data

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"luodi/geo"
)

// Query asks a collection for features, ordered by park and id.
type Query struct {
	Collection *Collection
	Park       string    // a park's code; "" for every park
	Box        *geo.BBox // features that share a point with it
	When       When
	Equal      []Equal
	ID         *uuid.UUID // this feature alone
	After      *Position  // features after this one, in the state it names
	Limit      int        // 0: all
}

// Equal asks for features with this value of a property.
type Equal struct {
	Property *Property
	Value    string
}

// When asks for a state of features that have a history. The zero value is the live state; From alone, with Instant set,
// the state the system held at that instant; otherwise per id the latest version valid within [From, To], an end that is
// nil being open, with Interval set.
type When struct {
	From, To *time.Time
	Instant  bool
	Interval bool
}

// Position is where a walk through a collection stands, and the state it reads.
type Position struct {
	Park, ID uuid.UUID
	Seqs     []ParkSeq // ordered by park
}

// ParkSeq is a park's state by number.
type ParkSeq struct {
	Park uuid.UUID
	Seq  int64
}

// statement is SQL under construction: its text and bound values.
type statement struct {
	where []string
	args  []any
}

func (s *statement) bind(value any) string {
	s.args = append(s.args, value)
	return fmt.Sprintf("$%d", len(s.args))
}

func (s *statement) and(format string, parts ...any) {
	s.where = append(s.where, fmt.Sprintf(format, parts...))
}

// scope lists the parks that a query reads; none when it names an unknown one.
func (v *View) scope(q *Query) []ParkState {
	if q.Park == "" {
		return v.Parks
	}
	if park, err := v.Park(q.Park); err == nil {
		return []ParkState{*park}
	}
	return nil
}

// Seqs is the state that a query reads: that of its position, or the newest.
func (v *View) Seqs(q *Query) []ParkSeq {
	if q.After != nil {
		return q.After.Seqs
	}
	scope := v.scope(q)
	seqs := make([]ParkSeq, len(scope))
	for i, park := range scope {
		seqs[i] = ParkSeq{park.ID, park.Seq}
	}
	return seqs
}

// state is the number up to which a query reads each park; nil where that is the newest of each. Versions begin and end at records, so the
// state at an instant is that of the newest record then: numbers say it as exactly as instants, and an index can tell by them.
func (v *View) state(ctx context.Context, q *Query) ([]ParkSeq, error) {
	if !q.Collection.versioned || q.After == nil && !q.When.Instant {
		return nil, nil
	}
	now := map[uuid.UUID]ParkState{}
	scope := v.scope(q)
	for _, park := range scope {
		now[park.ID] = park
	}
	seqs := slices.Clone(v.Seqs(q))
	newest := len(seqs) == len(scope)
	for i := range seqs {
		park := now[seqs[i].Park]
		if q.When.Instant {
			then, err := v.seqAt(ctx, park, *q.When.From)
			if err != nil {
				return nil, err
			}
			seqs[i].Seq = min(seqs[i].Seq, then)
		}
		newest = newest && seqs[i].Seq == park.Seq
	}
	if newest {
		return nil, nil
	}
	return seqs, nil
}

const sqlSeqAt = `SELECT coalesce((SELECT r.seq FROM record r WHERE r.park_id = $1 AND r.at <= $2 ORDER BY r.at DESC LIMIT 1), 0)`

// seqAt is the number of a park's newest change at an instant; 0 before the first.
func (v *View) seqAt(ctx context.Context, park ParkState, at time.Time) (int64, error) {
	if park.At == nil || !at.Before(*park.At) {
		return park.Seq, nil
	}
	var seq int64
	err := v.tx.QueryRow(ctx, sqlSeqAt, park.ID, at).Scan(&seq)
	return seq, translate("find the state of "+park.Code, err)
}

// where builds the conditions of a query on its public table, aliased f.
func (v *View) where(ctx context.Context, q *Query) (*statement, error) {
	s := &statement{}
	c := q.Collection
	state, err := v.state(ctx, q)
	if err != nil {
		return nil, err
	}
	if q.Park != "" && c.versioned {
		s.and("f.park_id = %s", s.bind(v.parkID(q.Park)))
	}
	if q.ID != nil {
		s.and("f.%s = %s", c.key, s.bind(*q.ID))
		if q.Park == "" && c.versioned {
			s.and("f.park_id = ANY (%s)", s.bind(v.parkIDs()))
		}
	}
	for _, e := range q.Equal {
		if e.Property.expr != "" {
			s.and("%s = %s", e.Property.expr, s.bind(e.Value))
		}
	}
	if c.versioned {
		s.whereWhen(q, state)
	}
	if q.Box != nil {
		whereBox(s, *q.Box, c.versioned && (q.When.Interval || state != nil))
	}
	if q.After != nil {
		whereAfter(s, q)
	}
	return s, nil
}

func whereAfter(s *statement, q *Query) {
	id := s.bind(q.After.ID)
	switch {
	case !q.Collection.versioned || q.Park != "":
		// As a constant the id of a park that came after the statistics lies beyond all ids they know: so few rows seem left that a walk through the park looks shorter than its box.
		s.and("f.%s > (SELECT %s::uuid)", q.Collection.key, id)
	default:
		s.and("(f.park_id, f.%s) > (%s, %s)", q.Collection.key, s.bind(q.After.Park), id)
	}
}

// seqOf gives the SQL of the number up to which a row's park is read, "" when that is its newest.
func (s *statement) seqOf(q *Query, state []ParkSeq) string {
	if state == nil {
		return ""
	}
	parks, seqs := make([]uuid.UUID, 0, len(state)), make([]int64, 0, len(state))
	for _, then := range state {
		parks, seqs = append(parks, then.Park), append(seqs, then.Seq)
	}
	if q.Park != "" && len(seqs) == 1 {
		return s.bind(seqs[0]) + "::bigint"
	}
	return fmt.Sprintf("(%s::bigint[])[array_position(%s::uuid[], f.park_id)]", s.bind(seqs), s.bind(parks))
}

// whereWhen picks the version of each id. A version that ended after the state that is read had not ended in it. The end is written as in the
// index parcel_public_state, which leaves out what had ended without looking at the rows.
func (s *statement) whereWhen(q *Query, state []ParkSeq) {
	seq := s.seqOf(q, state)
	switch {
	case q.When.Interval:
		s.whereInterval(q, seq)
	case seq == "":
		s.and("f.to_seq IS NULL")
	default:
		s.and("f.from_seq <= %s AND coalesce(f.to_seq, 9223372036854775807) > %s", seq, seq)
	}
}

// whereInterval keeps the versions valid within the interval that no later one valid within it follows.
func (s *statement) whereInterval(q *Query, seq string) {
	open := "f.to_seq IS NULL"
	if seq != "" {
		s.and("f.from_seq <= %s", seq)
		open = fmt.Sprintf("(f.to_seq IS NULL OR f.to_seq > %s)", seq)
	}
	if q.When.From != nil {
		s.and("(%s OR upper(f.sys) > %s)", open, s.bind(*q.When.From))
	}
	later := ""
	if seq != "" {
		later = fmt.Sprintf(" AND w.from_seq <= %s", seq)
	}
	if q.When.To != nil {
		to := s.bind(*q.When.To)
		s.and("lower(f.sys) <= %s", to)
		later += fmt.Sprintf(" AND lower(w.sys) <= %s", to)
	}
	c := q.Collection
	s.and("NOT EXISTS (SELECT FROM %s w WHERE w.park_id = f.park_id AND w.%s = f.%s AND w.from_seq > f.from_seq%s)", c.table, c.key, c.key, later)
}

// innerMargin is more than the rounding of the boxes that a GiST index keeps in single precision, 1.5e-5° at 180°.
const innerMargin = 1e-4

// whereBox asks the index for what overlaps the box, then is exact: a shape well inside is taken by its own box, the rest is
// compared as it is. Past versions have an index of their own: where they are read, each arm names its own.
func whereBox(s *statement, box geo.BBox, past bool) {
	var parts []string
	for _, b := range box.Bounds() {
		corners := []any{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		names := make([]any, len(corners))
		for i, corner := range corners {
			names[i] = s.bind(corner) + "::float8"
		}
		envelope := fmt.Sprintf("ST_MakeEnvelope(%s, %s, %s, %s, 4490)", names...)
		exact := fmt.Sprintf("ST_Intersects(f.geom, %s)", envelope)
		if b.Max[0]-b.Min[0] > 2*innerMargin && b.Max[1]-b.Min[1] > 2*innerMargin {
			exact = fmt.Sprintf("(f.geom @ ST_Expand(%s, -%g) OR %s)", envelope, innerMargin, exact)
		}
		parts = append(parts, fmt.Sprintf("f.geom && %s AND %s", envelope, exact))
	}
	found := "(" + strings.Join(parts, " OR ") + ")"
	if past {
		found = fmt.Sprintf("((f.to_seq IS NULL AND %s) OR (f.to_seq IS NOT NULL AND %s))", found, found)
	}
	s.and("%s", found)
}

func (v *View) parkID(code string) uuid.UUID {
	if park, err := v.Park(code); err == nil {
		return park.ID
	}
	return uuid.Nil
}

func (v *View) parkIDs() []uuid.UUID {
	ids := make([]uuid.UUID, len(v.Parks))
	for i, park := range v.Parks {
		ids[i] = park.ID
	}
	return ids
}
