package event

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Everywhere stands for all parks at once: their events are read in the order in which they were committed, by the
// number of the database's state.
var Everywhere = ParkName{}

// parkChange is a record of a park, and the state that it led to.
type parkChange struct {
	N    int64
	ID   uuid.UUID `db:"park_id"`
	Code string
	Seq  int64
}

const sqlChangesAfter = `
SELECT c.n, c.park_id, p.code, c.seq FROM state_change c JOIN park_public p USING (park_id) WHERE c.n > $1
       AND c.seq IS NOT NULL ORDER BY c.n LIMIT $2`

// NewestState is the number of the database's state.
func (s Events) NewestState(ctx context.Context) (n int64, err error) {
	err = s.Public.QueryRow(ctx, `SELECT coalesce(max(n), 0) FROM state_change`).Scan(&n)
	return n, store.Translate("read the state", err)
}

// EventsEverywhere reads the changes of all parks after a state: the events of the next limit records, each filtered
// for the audience that to gives for its park. The cost grows with the number of records, not of parks. Next and Seq
// of the page are states.
func (s Events) EventsEverywhere(ctx context.Context, to func(park uuid.UUID) Audience, after int64,
	limit int) (EventPage, error) {
	newest, err := s.NewestState(ctx) // before the changes: what is committed between the two is read next time
	if err != nil {
		return EventPage{}, err
	}
	rows, err := s.Public.Query(ctx, sqlChangesAfter, after, limit)
	if err != nil {
		return EventPage{}, store.Translate("read what changed", err)
	}
	changes, err := pgx.CollectRows(rows, pgx.RowToStructByName[parkChange])
	if err != nil {
		return EventPage{}, store.Translate("read what changed", err)
	}
	page := EventPage{Next: max(after, newest), Seq: max(after, newest)}
	if len(changes) > 0 {
		last := changes[len(changes)-1].N
		page.Seq = max(page.Seq, last)
		if page.Next = max(page.Next, last); len(changes) == limit {
			page.Next = last
		}
	}
	page.Events, err = s.eventsOf(ctx, changes, to)
	return page, err
}

// eventsOf reads the events of changes, a park's together, and orders them as the changes are.
func (s Events) eventsOf(ctx context.Context, changes []parkChange, to func(park uuid.UUID) Audience) ([]Event, error) {
	type span struct {
		park        ParkName
		first, last int64
		states      map[int64]int64
	}
	spans := map[uuid.UUID]*span{}
	var parks []*span
	for _, c := range changes {
		p := spans[c.ID]
		if p == nil {
			p = &span{park: ParkName{c.ID, c.Code}, first: c.Seq, states: map[int64]int64{}}
			spans[c.ID], parks = p, append(parks, p)
		}
		p.last, p.states[c.Seq] = c.Seq, c.N
	}
	all := []Event{}
	for _, p := range parks {
		page, err := s.Events(ctx, p.park, to(p.park.ID), p.first-1, int(p.last-p.first+1))
		if err != nil {
			return nil, err
		}
		for _, e := range page.Events {
			e.State = p.states[e.Seq]
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b Event) int { return int(a.State - b.State) })
	return all, nil
}
