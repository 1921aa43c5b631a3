package feed

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store"
	"luodi/geo"
)

// Query asks a collection for features, ordered by park and id, or as Sort says.
type Query struct {
	Collection *Collection
	Park       string        // a park's code; "" for every park
	Box        *geo.BBox     // features that share a point with it
	Plane      *geo.PlaneBox // likewise, where their corners are in its plane and their edges straight there
	When       When
	Equal      []Equal
	Filter     *Filter    // features for which it is true
	Search     []Phrase   // features in which one of these stands
	Sort       []SortKey  // before park and id
	Select     *Selection // what is printed; nil: all
	ID         *uuid.UUID // this feature alone
	After      *Position  // features after this one, in the state it names
	Limit      int        // 0: all
	Skip       int        // how many of those found are left out before the first
	CRS        geo.CRS    // of the positions that are printed, one of [geo.ServedCRS]; the zero value: CRS84
	Offset     geo.MapOffset
	Joined     bool        // of map tiles: all areas of a class are one feature, see [Collection.BeginTile]
	Member     *Member     // who reads one of [MemberCollections]; nil for the public's
	among      []uuid.UUID // these features alone, by id; nil: any. See [View.Changes]
	amongParks []uuid.UUID // the parks in which these lie; nil: any
	Found      *Found      // the page that memory found in the state of the view, for [View.Features] alone; nil: none
	Live       *Kept       // what may print versions that still hold, for [Features.Append] alone; nil: nothing
}

// Equal asks for features with this value of a property.
type Equal struct {
	Property *Property
	Value    string
}

// When asks for a state of features that have a history. The zero value is the live state; From alone, with Instant
// set, the state the system held at that instant; otherwise per id the latest version valid within [From, To], an end
// that is nil being open, with Interval set.
type When struct {
	From, To *time.Time
	Instant  bool
	Interval bool
}

// Position is a keyset cursor into a collection, with the state that the walk reads: the number of the park's clock
// if the query names a park, else the number of the database's state.
type Position struct {
	Park, ID uuid.UUID
	State    int64
	Sort     []*string // the values of the query's sort keys, as PostgreSQL prints them; nil is unknown
}

// Plain reports whether a query asks by park, box of degrees, time and values alone, for whole features in their own
// order and in CRS84, none skipped, as the public sees them.
func (q *Query) Plain() bool {
	return q.Filter == nil && len(q.Search) == 0 && len(q.Sort) == 0 && q.Plane == nil && q.Skip == 0 && q.printsPlain()
}

// printsPlain reports whether features are printed whole and in CRS84, as the public sees them.
func (q *Query) printsPlain() bool {
	return q.Select == nil && q.CRS == (geo.CRS{}) && q.Offset == "" && q.Member == nil
}

// statement is SQL under construction: its conditions and bound values. With arms, the rows are the union of the
// arms.
type statement struct {
	where []string
	arms  []arm
	args  []any
	areas []area // geometries of the filter that may be invalid
	table string // what is selected from
	until string // the SQL of when a version ended; "": none that is read had ended
}

// arm is one access path to the rows, with an index of its own: an item for FROM, aliased before the table, and a
// condition.
type arm struct{ from, where string }

func (s *statement) bind(value any) string {
	s.args = append(s.args, value)
	return fmt.Sprintf("$%d", len(s.args))
}

func (s *statement) and(format string, parts ...any) {
	s.where = append(s.where, fmt.Sprintf(format, parts...))
}

// stateOf returns the number of the state that a query reads, and of the newest state.
func (v *View) stateOf(ctx context.Context, q *Query) (reads, newest int64, err error) {
	if q.Park == "" {
		now, err := v.State(ctx)
		if err != nil {
			return 0, 0, err
		}
		newest = now.N
	} else if park, err := v.Park(ctx, q.Park); err == nil {
		newest = park.Seq
	} else if !errors.Is(err, store.ErrNotFound) {
		return 0, 0, err
	}
	if q.After != nil {
		return q.After.State, newest, nil
	}
	return newest, newest, nil
}

// Reaches reports whether the database has reached the state of a query's cursor. It has not if the cursor comes from
// another database, or from this one before a restore.
func (v *View) Reaches(ctx context.Context, q *Query) (bool, error) {
	reads, newest, err := v.stateOf(ctx, q)
	return reads <= newest, err
}

// past is the state of a query that does not read the newest. Versions begin and end at records, so the newest record
// at an instant identifies a park's state as exactly as the instant does, and an index can use its number. Across all
// parks the instant itself is compared, because each park would need its own number.
type past struct {
	seq     *int64      // of the query's park
	changed []uuid.UUID // of all parks those that changed since
	seqs    []int64     // the number up to which each of these is read
}

const sqlChangedSince = `SELECT park_id, min(seq) - 1 FROM state_change WHERE n > $1 AND seq IS NOT NULL
	GROUP BY park_id ORDER BY park_id`

// past finds the past state that a query reads; nil for the newest. The cost grows with the changes since that state
// only.
func (v *View) past(ctx context.Context, q *Query) (*past, error) {
	if !q.Collection.Timed() || q.After == nil && !q.When.Instant {
		return nil, nil
	}
	reads, newest, err := v.stateOf(ctx, q)
	if err != nil {
		return nil, err
	}
	if q.Park != "" {
		if q.When.Instant {
			park, err := v.Park(ctx, q.Park)
			if err != nil {
				return nil, ignoreMissing(err)
			}
			then, err := v.seqAt(ctx, *park, *q.When.From)
			if err != nil {
				return nil, err
			}
			reads = min(reads, then)
		}
		if reads == newest {
			return nil, nil
		}
		return &past{seq: &reads}, nil
	}
	then := &past{}
	if reads < newest {
		rows, err := v.Tx.Query(ctx, sqlChangedSince, reads)
		if err != nil {
			return nil, store.Translate("find what changed since", err)
		}
		var park uuid.UUID
		var seq int64
		if _, err = pgx.ForEachRow(rows, []any{&park, &seq}, func() error {
			then.changed, then.seqs = append(then.changed, park), append(then.seqs, seq)
			return nil
		}); err != nil {
			return nil, store.Translate("find what changed since", err)
		}
	}
	if len(then.changed) == 0 && !q.When.Instant {
		return nil, nil
	}
	return then, nil
}

// ignoreMissing is nil for what says that something is not there: a query of it finds nothing.
func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

const sqlChangeAt = `SELECT r.seq, r.at FROM record r WHERE r.park_id = $1 AND r.at <= $2 ORDER BY r.at DESC LIMIT 1`

// changeAt is a park's newest change at an instant, by its number and time: 0 and nil before the first.
type changeAt struct {
	Seq int64
	At  *time.Time
}

func (v *View) changeAt(ctx context.Context, park store.ParkState, at time.Time) (changeAt, error) {
	if park.At == nil || !at.Before(*park.At) {
		return changeAt{park.Seq, park.At}, nil
	}
	var then changeAt
	err := v.Tx.QueryRow(ctx, sqlChangeAt, park.ID, at).Scan(&then.Seq, &then.At)
	if errors.Is(err, pgx.ErrNoRows) {
		return changeAt{}, nil
	}
	return then, store.Translate("find the state of "+park.Code, err)
}

// seqAt is the number of a park's newest change at an instant; 0 before the first.
func (v *View) seqAt(ctx context.Context, park store.ParkState, at time.Time) (int64, error) {
	then, err := v.changeAt(ctx, park, at)
	return then.Seq, err
}

// where builds the conditions of a query on its public table, aliased f.
func (v *View) where(ctx context.Context, q *Query) (*statement, error) {
	s := &statement{}
	c := q.Collection
	if err := checkMember(q); err != nil {
		return nil, err
	}
	then, err := v.past(ctx, q)
	if err != nil {
		return nil, err
	}
	var park uuid.UUID
	if q.Park != "" && c.Timed() {
		if park, err = v.parkID(ctx, q.Park); err != nil {
			return nil, err
		}
	}
	s.table = s.tableOf(q, then, park)
	if q.Park != "" && c.Timed() {
		s.and("f.park_id = %s", s.bind(park))
	}
	if q.among != nil {
		s.and("f.%s = ANY (%s::uuid[])", c.key, s.bind(q.among))
	}
	if q.amongParks != nil && q.Park == "" {
		s.and("f.park_id = ANY (%s::uuid[])", s.bind(q.amongParks))
	}
	if q.ID != nil {
		s.and("f.%s = %s", c.key, s.bind(*q.ID))
	}
	for _, e := range q.Equal {
		if e.Property.expr != "" {
			s.and("%s = %s", e.Property.expr, s.bind(e.Value))
		}
	}
	if c.versioned {
		s.whereWhen(q, then)
	}
	past := c.versioned && s.arms == nil && (q.When.Interval || then != nil)
	if q.Box != nil {
		whereBox(s, *q.Box, past)
	}
	if q.Filter != nil {
		if err := s.filter(c, *q.Filter, past); err != nil {
			return nil, err
		}
		if err := v.checkAreas(ctx, s.areas); err != nil {
			return nil, err
		}
	}
	if len(q.Search) > 0 {
		s.search(c, q.Search)
	}
	if q.Plane != nil {
		wherePlane(s, *q.Plane, past)
	}
	if q.After != nil {
		whereAfter(s, q)
	}
	for i := range s.where {
		s.where[i] = s.untilIn(s.where[i])
	}
	return s, nil
}

// untilIn puts the end of a version, as the query reads it, into SQL that names it by exprUntil.
func (s *statement) untilIn(sql string) string {
	if s.until == "" {
		return sql
	}
	return strings.ReplaceAll(sql, exprUntil, s.until)
}

func whereAfter(s *statement, q *Query) {
	if len(q.Sort) > 0 {
		s.where = append(s.where, s.afterSorted(q, 0))
		return
	}
	id := s.bind(q.After.ID)
	switch {
	case !q.Collection.versioned || q.Park != "":
		// As a constant the id of a park that came after the statistics lies beyond all ids they know: so few rows seem
		// left that a walk through the park looks shorter than its box.
		s.and("f.%s > (SELECT %s::uuid)", q.Collection.key, id)
	default:
		s.and("(f.park_id, f.%s) > (%s, %s)", q.Collection.key, s.bind(q.After.Park), id)
	}
}

// openEnd is the number that stands for the end of what has not ended.
const openEnd = "9223372036854775807"

// upTo gives the SQL of the number up to which a row's park is read; "" where that is the newest of every park.
func (s *statement) upTo(then *past) string {
	switch {
	case then == nil || then.seq == nil && then.changed == nil:
		return ""
	case then.seq != nil:
		return s.bind(*then.seq) + "::bigint"
	}
	return fmt.Sprintf("coalesce((%s::bigint[])[array_position(%s::uuid[], f.park_id)], %s)", s.bind(then.seqs),
		s.bind(then.changed), openEnd)
}

// whereWhen picks the version of each id. A version that ended after the state that is read had not ended in it. The
// end is written as in the index parcel_public_state, which leaves out what had ended without looking at the rows.
func (s *statement) whereWhen(q *Query, then *past) {
	switch {
	case q.When.Interval:
		s.whereInterval(q, s.upTo(then))
	case then == nil:
		s.and("f.to_seq IS NULL")
	case then.seq != nil:
		seq := s.upTo(then)
		s.and("f.from_seq <= %s AND coalesce(f.to_seq, %s) > %s", seq, openEnd, seq)
	case q.When.Instant:
		s.whereInstant(*q.When.From, s.upTo(then))
	default:
		s.whereUnchanged(then)
	}
}

// whereInstant selects the versions valid at an instant, as known in the state that the query reads.
func (s *statement) whereInstant(at time.Time, seq string) {
	instant := s.bind(at) + "::timestamptz"
	if seq == "" {
		s.and("f.sys @> %s", instant)
		return
	}
	s.and("f.from_seq <= %[1]s AND lower(f.sys) <= %[2]s AND (f.to_seq IS NULL OR f.to_seq > %[1]s OR upper(f.sys) > "+
		"%[2]s)", seq, instant)
}

// whereUnchanged selects the rows of a past state in two arms: the live rows that were live then, and the few that
// have ended since.
func (s *statement) whereUnchanged(then *past) {
	parks, seqs := s.bind(then.changed), s.bind(then.seqs)
	s.arms = []arm{
		{"", fmt.Sprintf("f.to_seq IS NULL AND f.from_seq <= coalesce((%s::bigint[])[array_position(%s::uuid[], "+
			"f.park_id)], %s)", seqs, parks, openEnd)},
		{fmt.Sprintf("unnest(%s::uuid[], %s::bigint[]) was (park_id, seq), ", parks, seqs),
			"f.park_id = was.park_id AND f.to_seq > was.seq AND f.from_seq <= was.seq"},
	}
}

// whereInterval keeps the versions valid within the interval that no later one valid within it follows.
func (s *statement) whereInterval(q *Query, seq string) {
	open := "f.to_seq IS NULL"
	s.until = "upper(f.sys)"
	if seq != "" {
		s.until = fmt.Sprintf("CASE WHEN f.to_seq <= %s THEN upper(f.sys) END", seq)
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
	s.and("NOT EXISTS (SELECT FROM %s w WHERE w.park_id = f.park_id AND w.%s = f.%s AND w.from_seq > f.from_seq%s)",
		s.table, c.key, c.key, later)
}

// innerMargin is more than the rounding of the boxes that a GiST index keeps in single precision, 1.5e-5° at 180°.
const innerMargin = 1e-4

// whereBox asks the index for what overlaps the box, then is exact: a shape well inside is taken by its own box, the
// rest is compared as it is.
func whereBox(s *statement, box geo.BBox, past bool) {
	var parts []string
	for _, b := range box.Bounds() {
		envelope := s.envelope(b, geo.CGCS2000)
		exact := fmt.Sprintf("ST_Intersects(f.geom, %s)", envelope)
		if b.Max[0]-b.Min[0] > 2*innerMargin && b.Max[1]-b.Min[1] > 2*innerMargin {
			exact = fmt.Sprintf("(f.geom @ ST_Expand(%s, -%g) OR %s)", envelope, innerMargin, exact)
		}
		parts = append(parts, fmt.Sprintf("f.geom && %s AND %s", envelope, exact))
	}
	s.andFound("("+strings.Join(parts, " OR ")+")", past)
}

// wherePlane is whereBox of a box that bends in degrees: the index is asked for what overlaps a box of degrees around
// it, and what is not in one within it is compared in the plane.
func wherePlane(s *statement, box geo.PlaneBox, past bool) {
	around, within := box.Degrees(innerMargin)
	exact := fmt.Sprintf("ST_Intersects(ST_Transform(f.geom, %d), %s)", box.CRS.Code,
		s.envelope(orb.Bound{Min: box.Min, Max: box.Max}, box.CRS.Code))
	if within != nil {
		exact = fmt.Sprintf("(f.geom @ %s OR %s)", s.envelope(*within, geo.CGCS2000), exact)
	}
	if around != nil {
		exact = fmt.Sprintf("(f.geom && %s AND %s)", s.envelope(*around, geo.CGCS2000), exact)
	}
	s.andFound(exact, past)
}

// envelope is the SQL of a box.
func (s *statement) envelope(b orb.Bound, crs geo.EPSG) string {
	names := []any{}
	for _, corner := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
		names = append(names, s.bind(corner)+"::float8")
	}
	return fmt.Sprintf("ST_MakeEnvelope(%s, %s, %s, %s, %d)", append(names, int(crs))...)
}

// andFound adds a condition that asks an index of shapes. Past versions have an index of their own: where they are
// read, each arm names its own.
func (s *statement) andFound(found string, past bool) {
	if past {
		found = fmt.Sprintf("((f.to_seq IS NULL AND %s) OR (f.to_seq IS NOT NULL AND %s))", found, found)
	}
	s.and("%s", found)
}

// text is what a query selects from, aliased f.
func (s *statement) text() string {
	if s.arms == nil {
		return fmt.Sprintf("%s f%s", s.table, conditions(s.where))
	}
	parts := make([]string, len(s.arms))
	for i, a := range s.arms {
		parts[i] = fmt.Sprintf("SELECT f.* FROM %s%s f%s", a.from, s.table,
			conditions(append([]string{a.where}, s.where...)))
	}
	return "(" + strings.Join(parts, " UNION ALL ") + ") f"
}

func conditions(where []string) string {
	if len(where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(where, " AND ")
}

// ParkOf finds the park of a live public feature of a collection. An unknown id gives an error that matches
// ErrNotFound.
func (v *View) ParkOf(ctx context.Context, c *Collection, id uuid.UUID) (*store.ParkState, error) {
	return v.parkOf(ctx, c, id, "f.to_seq IS NULL")
}

// ParkOfPast is ParkOf of a feature that may have ended.
func (v *View) ParkOfPast(ctx context.Context, c *Collection, id uuid.UUID) (*store.ParkState, error) {
	park, err := v.ParkOf(ctx, c, id)
	if errors.Is(err, store.ErrNotFound) && c.versioned {
		return v.parkOf(ctx, c, id, "f.to_seq IS NOT NULL")
	}
	return park, err
}

func (v *View) parkOf(ctx context.Context, c *Collection, id uuid.UUID, version string) (*store.ParkState, error) {
	if !c.versioned {
		version = "true"
	}
	sql := fmt.Sprintf(`SELECT %s FROM %s f JOIN park_public p USING (park_id) JOIN park_clock c USING (park_id)
		WHERE f.%s = $1 AND %s LIMIT 1`, store.ParkColumns, c.table, c.key, version)
	park, err := v.ReadPark(ctx, sql, id)
	if err != nil {
		return nil, err
	}
	if park == nil {
		return nil, &store.Missing{Kind: "feature", Name: id.String()}
	}
	return park, nil
}
