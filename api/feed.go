package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/live"
	"luodi/api/problem"
	"luodi/data/event"
	"luodi/data/store"
)

// eventFeed is one request for events: the principal, the parks, and the cursor to start after.
type eventFeed struct {
	*domain
	r      *http.Request
	who    *auth.Principal
	after  *cursor
	places []live.Place
}

// newFeed finds the parks of a request, the audience that the caller belongs to in each, and the first number to
// send.
func (d *domain) newFeed(r *http.Request, after *cursor) (*eventFeed, error) {
	f := &eventFeed{domain: d, r: r, who: auth.From(r.Context()), after: after}
	places, err := f.look(f.who)
	f.places = places
	return f, err
}

// look finds what someone may follow, as things are now.
func (f *eventFeed) look(who *auth.Principal) ([]live.Place, error) {
	switch {
	case f.after.park != "":
		return f.lookAtPark(who)
	case f.after.whole:
		return f.lookEverywhere(who)
	}
	return f.lookAtParks(who)
}

func (f *eventFeed) lookAtPark(who *auth.Principal) ([]live.Place, error) {
	park, seq, err := f.events.FindPark(f.r.Context(), f.after.park)
	if err != nil {
		return nil, err
	}
	at, err := f.after.at(park.Code, seq)
	return []live.Place{{Park: park, To: f.audience(who, park.ID), Cursor: at, Seq: seq}}, err
}

// lookEverywhere follows all parks by one number: as a member in the parks where the principal is one, as the public
// in the others. It needs no list of the parks.
func (f *eventFeed) lookEverywhere(who *auth.Principal) ([]live.Place, error) {
	newest, err := f.events.NewestState(f.r.Context())
	if err != nil {
		return nil, err
	}
	at, err := f.after.at("", newest)
	if err != nil {
		return nil, err
	}
	public := live.Place{Park: event.Everywhere, To: event.Public, Cursor: at, Seq: newest}
	if who == nil {
		return []live.Place{public}, nil
	}
	members := public
	// f.who is looked up again while one follows
	public.Only = func(park uuid.UUID) bool { return f.audience(f.who, park) == event.Public }
	members.To, members.Only = event.Members, func(park uuid.UUID) bool {
		return f.audience(f.who,
			park) == event.Members
	}
	return []live.Place{public, members}, nil
}

func (f *eventFeed) audience(who *auth.Principal, park uuid.UUID) event.Audience {
	if who != nil && who.Shown(auth.Asked(f.r.Context()), park) {
		return event.Members
	}
	return event.Public
}

// lookAtParks follows each park by its own number, for a cursor that names parks.
func (f *eventFeed) lookAtParks(who *auth.Principal) ([]live.Place, error) {
	ctx := f.r.Context()
	parks, err := f.events.PublicParks(ctx)
	if err != nil {
		return nil, err
	}
	codes, ids, places := make([]string, len(parks)), make([]uuid.UUID, len(parks)), make([]live.Place, len(parks))
	for i, park := range parks {
		codes[i], ids[i], places[i] = park.Code, park.ID, live.Place{Park: park, To: f.audience(who, park.ID)}
	}
	if err := f.after.known(codes); err != nil {
		return nil, err
	}
	seqs, err := f.events.ParkSeqs(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range places {
		p := &places[i]
		p.Seq = seqs[p.Park.ID]
		if p.Cursor, err = f.after.at(p.Park.Code, p.Seq); err != nil {
			return nil, err
		}
	}
	return places, nil
}

// seat takes a place among those who follow; the caller gives it back.
func (f *eventFeed) seat() (leave func(), err error) {
	account := ""
	if f.who != nil {
		account = f.who.Account.String()
	}
	leave, most := f.hub.Sit(account, f.guard.Address(f.r))
	if most > 0 {
		return nil, &problem.Request{Kind: problem.TooMany, Field: "connections", Expected: "live.expected.seats",
			Args: []any{"n", most}, Got: strconv.Itoa(most)}
	}
	return leave, nil
}

func (f *eventFeed) follow() *live.Follower {
	account := uuid.Nil
	if f.who != nil {
		account = f.who.Account
	}
	return f.hub.Follow(account, f.places...)
}

// recheckEvery bounds how long a stream outlives a sign-out, a lost role or a revoked token when the database's
// notice is lost.
const recheckEvery = 15 * time.Second

// recheck checks that the principal may still follow these parks, and adds new ones. A database that is unavailable
// for a moment ends no stream: it sends no events either.
func (f *eventFeed) recheck(follower *live.Follower) error {
	who, err := f.guard.Still(f.r)
	if err == nil && f.after.whole {
		return f.compareRoles(who)
	}
	if err == nil {
		var now []live.Place
		if now, err = f.look(who); err == nil {
			return f.compare(follower, now)
		}
	}
	if errors.Is(err, store.ErrUnavailable) {
		return nil
	}
	return err
}

// compareRoles ends the stream if the principal lost a role; otherwise the stream goes on with the current roles.
func (f *eventFeed) compareRoles(now *auth.Principal) error {
	before := f.who
	if before == nil {
		return nil
	}
	for _, role := range before.Roles {
		park := auth.EveryPark
		if role.ParkID != nil {
			park = *role.ParkID
		}
		if before.May(auth.See, park) == nil && now.May(auth.See, park) != nil {
			return errRoleLost
		}
	}
	f.who = now
	return nil
}

var errRoleLost = &problem.Request{Kind: problem.Forbidden, Field: "role", Expected: "auth.expected.role.see", Got: "-"}

func (f *eventFeed) compare(follower *live.Follower, now []live.Place) error {
	before := map[uuid.UUID]event.Audience{}
	for _, p := range f.places {
		before[p.Park.ID] = p.To
	}
	for _, p := range now {
		if before[p.Park.ID] == event.Members && p.To != event.Members {
			return errRoleLost
		}
		if _, known := before[p.Park.ID]; !known {
			p.Cursor = 0 // a new park is told from its beginning
		}
		follower.Add(p)
	}
	f.places = now
	return nil
}

// cursor writes where a caller is: in each park what at says.
func (f *eventFeed) cursor(at func(live.Place) int64) string {
	if f.after.park != "" || f.after.whole {
		return strconv.FormatInt(at(f.places[0]), 10)
	}
	var text []byte
	for i, p := range f.places {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, p.Park.Code...), ':')
		text = strconv.AppendInt(text, at(p), 10)
	}
	return string(text)
}

// followed is the cursor of a follower.
func (f *eventFeed) followed(follower *live.Follower) string {
	if f.after.whole {
		return strconv.FormatInt(follower.Least(), 10)
	}
	return f.cursor(func(p live.Place) int64 { return follower.Cursor(p.Park.ID) })
}

// jsonCursor is a cursor as JSON has it: a park's is a number.
func (f *eventFeed) jsonCursor(text string) string {
	if f.after.park != "" {
		return text
	}
	return strconv.Quote(text)
}

// problemJSON is why a stream ends, as its last message has it.
func problemJSON(r *http.Request, err error) []byte {
	problem.Report(r.Context(), err)
	text, failed := json.Marshal(problem.From(err, problem.Lang(r)))
	if failed != nil {
		return []byte("{}")
	}
	return text
}
