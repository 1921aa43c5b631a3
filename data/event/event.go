package event

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Audience is for whom a park's events are read.
type Audience string

// The audiences.
const (
	Members Audience = "members" // those who may see what is not public
	Public  Audience = "public"
)

// Event is one change of a park. What the public may not know is absent for it: kind, record, who, approved_by and
// reason.
type Event struct {
	Park       string        `json:"park" db:"park" doc:"The park's code."`
	Seq        int64         `json:"seq" db:"seq" doc:"The park's clock: the number of the change."`
	At         time.Time     `json:"at" db:"at"`
	Kind       string        `json:"kind,omitempty" db:"kind" doc:"The record's kind; absent for the public, as are record, who, approved_by and reason."`
	Record     *uuid.UUID    `json:"record,omitempty" db:"record" format:"uuid"`
	Who        *store.Person `json:"who,omitempty" db:"who" doc:"Absent for what the server or a program did on its own."`
	ApprovedBy *store.Person `json:"approved_by,omitempty" db:"approved_by"`
	Reason     string        `json:"reason,omitempty" db:"reason"`
	Changes    []Change      `json:"changes" db:"changes" doc:"The first hundred things that changed, by collection and code."`
	ParkID     uuid.UUID     `json:"-" db:"-"`
	// the number of the database's state that it led to; 0 where a park's events were read
	State       int64 `json:"-" db:"-"`
	ChangeCount int   `json:"change_count" db:"change_count" doc:"How many changed; 10001 means more than 10000. Where it exceeds the changes shown, read the park anew."`
}

// Change is one thing that an event made, changed or retired. For the public, what appears is created and what
// disappears is retired.
type Change struct {
	Collection string    `json:"collection" enum:"allotments,networks,parcels,plan-units,zones" doc:"The feed's collection."`
	ID         uuid.UUID `json:"id" format:"uuid"`
	Code       *string   `json:"code" nullable:"true" doc:"Rights have none."`
	Op         string    `json:"op" enum:"created,changed,retired"`
}

// EventPage is what changed after a cursor.
type EventPage struct {
	Events []Event
	Next   int64 // the cursor after them: nothing visible up to it is missing
	Seq    int64 // the park's newest change
}

// shownChanges is how many things of an event are listed, countedChanges to where they are counted.
const (
	shownChanges   = "100"
	countedChanges = "10001"
)

// versioned is a kind of object with versions: the feed's collection, and the name with which its tables and its id
// begin. identity holds its code, for members: the public's tables have it beside each version. Members read versions
// and look the code up after the limit; through a view, which joins before it, the plan was worse (measured).
type versioned struct{ collection, table, code, identity string }

const identity = `JOIN {table} i ON (i.park_id, i.{table}_id) = (v.park_id, v.{table}_id)`

var tables = []versioned{
	{"parcels", "parcel", "v.code", ""},
	{"zones", "zone", "i.code", identity},
	{"plan-units", "plan_unit", "i.code", identity},
	{"networks", "network", "i.code", identity},
	{"allotments", "allotment", "NULL", ""}, // members alone
}

// What begins at s.seq was changed where another version of it ended there, else it was created; what ends there and
// does not go on was retired.
const sqlChangedThings = `
SELECT '{collection}' AS collection, v.{table}_id AS id, {code} AS code, CASE WHEN o.{table}_id IS NULL THEN 'created'
       ELSE 'changed' END AS op, lower(v.sys) AS at
  FROM (SELECT * FROM {versions} x WHERE x.park_id = c.park_id AND x.from_seq = s.seq LIMIT {most}) v {join}
  LEFT JOIN LATERAL (SELECT * FROM {versions} x WHERE (x.park_id, x.{table}_id, x.to_seq) = (c.park_id, v.{table}_id,
    s.seq) OFFSET 0) o ON true
 WHERE {differs}
UNION ALL
SELECT '{collection}', v.{table}_id, {code}, 'retired', upper(v.sys)
  FROM (SELECT * FROM {versions} x WHERE x.park_id = c.park_id AND x.to_seq = s.seq LIMIT {most}) v {join}
 WHERE NOT EXISTS (SELECT FROM {versions} n WHERE (n.park_id, n.{table}_id, n.from_seq) = (c.park_id, v.{table}_id, s.seq))`

// A public row may begin anew with nothing in it that is new, where something of the parcel changed that is not public.
// That is no event for the public.
const publicDiffers = `o.{table}_id IS NULL OR to_jsonb(v) - '{from_seq,to_seq,sys}'::text[] <> to_jsonb(o) - '{from_seq,to_seq,sys}'::text[]`

// A parcel changes for members when a right on it or a paper of it does, though it has no new version.
const sqlRightsTouch = `
SELECT 'parcels', t.parcel_id, p.code, 'changed', NULL::timestamptz
  FROM (SELECT parcel_id FROM (SELECT parcel_id FROM allotment_parcel x WHERE x.park_id = c.park_id
    AND x.from_seq = s.seq LIMIT {most}) b
        UNION SELECT parcel_id FROM (SELECT parcel_id FROM allotment_parcel x WHERE x.park_id = c.park_id
          AND x.to_seq = s.seq LIMIT {most}) e
        UNION SELECT parcel_id FROM (SELECT l.parcel_id FROM allotment_version w
          JOIN allotment_parcel l USING (park_id, allotment_id)
                WHERE w.park_id = c.park_id AND w.from_seq = s.seq AND l.from_seq <= s.seq
                  AND (l.to_seq IS NULL OR l.to_seq >= s.seq) LIMIT {most}) m
        UNION SELECT parcel_id FROM paper_version x WHERE x.park_id = c.park_id AND x.from_seq = s.seq
        UNION SELECT parcel_id FROM paper_version x WHERE x.park_id = c.park_id AND x.to_seq = s.seq) t
  CROSS JOIN LATERAL (SELECT code, from_seq, to_seq FROM parcel_version v WHERE v.park_id = c.park_id
    AND v.parcel_id = t.parcel_id AND v.from_seq <= s.seq ORDER BY v.from_seq DESC LIMIT 1) p
 WHERE p.from_seq <> s.seq AND p.to_seq IS DISTINCT FROM s.seq`

// changesOf is the SQL of what happened at s.seq in park c.park_id, as an audience reads it.
func changesOf(to Audience, differs string, more ...string) string {
	parts := make([]string, 0, len(tables)+len(more))
	for _, t := range tables {
		if to == Public && t.collection == "allotments" {
			continue
		}
		versions, code, join := t.table+"_version", t.code, t.identity
		if to == Public {
			versions, code, join = t.table+"_public", "v.code", ""
		}
		fill := strings.NewReplacer("{collection}", t.collection, "{versions}", versions, "{code}", code,
			"{join}", strings.ReplaceAll(join, "{table}", t.table), "{table}", t.table, "{most}", countedChanges)
		parts = append(parts, fill.Replace(strings.ReplaceAll(sqlChangedThings, "{differs}", differs)))
	}
	for _, sql := range more {
		parts = append(parts, strings.ReplaceAll(sql, "{most}", countedChanges))
	}
	return `SELECT least(count(*), ` + countedChanges + `)::int AS n, max(at) AS at,
       coalesce(jsonb_agg(jsonb_build_object('collection', collection, 'id', id, 'code', code, 'op', op) ORDER BY i) FILTER (WHERE i <= ` + shownChanges + `), '[]') AS shown
  FROM (SELECT *, row_number() OVER (ORDER BY collection, code, id) AS i FROM (` + strings.Join(parts, "\nUNION ALL") + `) u) w`
}

// Each statement reads one state: the clock and everything up to it. A page is the events of the next $3 numbers after
// $2.
var (
	sqlMemberEvents = `
SELECT c.seq AS head, e.seq, e.at, e.kind, e.record, e.who, e.approved_by, e.reason, e.changes, e.change_count
  FROM park_clock c LEFT JOIN LATERAL (
    SELECT s.seq, s.at, s.kind, s.record_id AS record, r.reason, ch.shown AS changes, ch.n AS change_count,
           CASE WHEN p.account_id IS NOT NULL THEN jsonb_build_object('id', p.account_id, 'name', p.name) END AS who,
           CASE WHEN a.account_id IS NOT NULL THEN jsonb_build_object('id', a.account_id, 'name',
             a.name) END AS approved_by
      FROM event s JOIN record r ON (r.park_id, r.seq) = (s.park_id, s.seq)
      LEFT JOIN account p ON p.account_id = r.proposed_by LEFT JOIN account a ON a.account_id = r.approved_by
     CROSS JOIN LATERAL (` + changesOf(Members, "true", sqlRightsTouch) + `) ch
     WHERE s.park_id = c.park_id AND s.seq > $2 AND s.seq <= $2 + $3) e ON true
 WHERE c.park_id = $1 ORDER BY e.seq`
	sqlPublicEvents = `
SELECT c.seq AS head, e.seq, e.at, e.changes, e.change_count
  FROM park_clock c LEFT JOIN LATERAL (
    SELECT s.seq, ch.at, ch.shown AS changes, ch.n AS change_count
      FROM generate_series($2::bigint + 1, least($2 + $3, c.seq)) s (seq)
     CROSS JOIN LATERAL (` + changesOf(Public, publicDiffers) + `) ch
     WHERE ch.n > 0) e ON true
 WHERE c.park_id = $1 ORDER BY e.seq`
)

// ParkName is a park by its id and its code.
type ParkName struct {
	ID   uuid.UUID `db:"park_id"`
	Code string    `db:"code"`
}

// FindPark reads a park's name and the number of its newest change; a Missing where there is none of this code.
func (s Events) FindPark(ctx context.Context, code string) (park ParkName, seq int64, err error) {
	const sql = `SELECT p.park_id, p.code, c.seq FROM park_public p JOIN park_clock c USING (park_id) WHERE p.code = $1`
	err = s.Public.QueryRow(ctx, sql, code).Scan(&park.ID, &park.Code, &seq)
	if errors.Is(err, pgx.ErrNoRows) {
		return park, 0, &store.Missing{Kind: "park", Name: code}
	}
	return park, seq, store.Translate("find a park", err)
}

// PublicParks lists the parks by id, as the public's role sees them.
func (s Events) PublicParks(ctx context.Context) ([]ParkName, error) {
	rows, err := s.Public.Query(ctx, `SELECT park_id, code FROM park_public ORDER BY park_id`)
	if err != nil {
		return nil, store.Translate("list parks", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[ParkName])
	return all, store.Translate("list parks", err)
}

// eventRow is an event as the database tells it; all but the head is null where a page is empty.
type eventRow struct {
	Head        int64
	Seq         *int64
	At          *time.Time
	Kind        *string
	Record      *uuid.UUID
	Who         *store.Person
	ApprovedBy  *store.Person
	Reason      *string
	Changes     []Change
	ChangeCount *int
}

// Events reads what changed in a park after a cursor: the events of the next limit numbers, as far as there are any.
// For the public, numbers at which nothing public changed are passed over. The public's are read in the public's role,
// which can read nothing else. Of [Everywhere] after is a state, and each event is one audience's.
func (s Events) Events(ctx context.Context, park ParkName, to Audience, after int64, limit int) (EventPage, error) {
	if park == Everywhere {
		return s.EventsEverywhere(ctx, func(uuid.UUID) Audience { return to }, after, limit)
	}
	pool, sql := s.Planner, sqlMemberEvents
	if to != Members {
		pool, sql = s.Public, sqlPublicEvents
	}
	rows, err := pool.Query(ctx, sql, park.ID, after, int64(limit))
	if err != nil {
		return EventPage{}, store.Translate("read events", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[eventRow])
	if err != nil {
		return EventPage{}, store.Translate("read events", err)
	}
	if len(found) == 0 {
		return EventPage{}, &store.Missing{Kind: "park", Name: park.Code}
	}
	page := EventPage{Seq: found[0].Head, Next: max(after, min(after+int64(limit), found[0].Head)),
		Events: make([]Event, 0, len(found))}
	for _, r := range found {
		if r.Seq != nil {
			page.Events = append(page.Events, r.event(park))
		}
	}
	return page, nil
}

func (r *eventRow) event(park ParkName) Event {
	e := Event{Park: park.Code, ParkID: park.ID, Seq: *r.Seq, Record: r.Record, Who: r.Who, ApprovedBy: r.ApprovedBy,
		Changes: r.Changes}
	if r.At != nil {
		e.At = *r.At
	}
	if r.Kind != nil {
		e.Kind, e.Reason = *r.Kind, *r.Reason
	}
	if r.ChangeCount != nil {
		e.ChangeCount = *r.ChangeCount
	}
	return e
}

const sqlParkSeqs = `SELECT park_id, seq FROM park_clock WHERE park_id = ANY ($1)`

// ParkSeqs reads the numbers of the newest changes of parks.
func (s Events) ParkSeqs(ctx context.Context, parks []uuid.UUID) (map[uuid.UUID]int64, error) {
	rows, err := s.Public.Query(ctx, sqlParkSeqs, parks)
	if err != nil {
		return nil, store.Translate("read the clocks", err)
	}
	seqs := map[uuid.UUID]int64{}
	var park uuid.UUID
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&park, &seq}, func() error { seqs[park] = seq; return nil })
	return seqs, store.Translate("read the clocks", err)
}
