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
	"luodi/data"
)

// feed is one request for events: who asks, for which parks, from where on.
type feed struct {
	*domain
	r      *http.Request
	who    *auth.Principal
	after  *cursor
	places []live.Place
}

// newFeed finds the parks, as whom the caller may follow each, and where they begin.
func (d *domain) newFeed(r *http.Request, after *cursor) (*feed, error) {
	f := &feed{domain: d, r: r, who: auth.From(r.Context()), after: after}
	places, err := f.look(f.who)
	f.places = places
	return f, err
}

// look finds what someone may follow, as things are now.
func (f *feed) look(who *auth.Principal) ([]live.Place, error) {
	ctx := f.r.Context()
	parks, err := f.store.PublicParks(ctx)
	if err != nil {
		return nil, err
	}
	var codes []string
	var ids []uuid.UUID
	var places []live.Place
	for _, park := range parks {
		if f.after.park != "" && f.after.park != park.Code {
			continue
		}
		to := data.Public
		if who != nil && who.May(auth.See, park.ID) == nil {
			to = data.Members
		}
		codes, ids = append(codes, park.Code), append(ids, park.ID)
		places = append(places, live.Place{Park: park, To: to})
	}
	if f.after.park != "" && len(places) == 0 {
		return nil, &data.Missing{Kind: "park", Name: f.after.park}
	}
	if err := f.after.known(codes); err != nil {
		return nil, err
	}
	seqs, err := f.store.ParkSeqs(ctx, ids)
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
func (f *feed) seat() (leave func(), err error) {
	account := ""
	if f.who != nil {
		account = f.who.Account.String()
	}
	leave, most := f.hub.Sit(account, f.guard.Address(f.r))
	if most > 0 {
		return nil, &problem.Request{Kind: problem.TooMany, Field: "connections", Expected: "live.expected.seats", Args: []any{"n", most}, Got: strconv.Itoa(most)}
	}
	return leave, nil
}

func (f *feed) follow() *live.Follower {
	account := uuid.Nil
	if f.who != nil {
		account = f.who.Account
	}
	return f.hub.Follow(account, f.places...)
}

// recheckEvery is how long one may go on following after signing out, losing a role or having a token revoked where the database's notice of it is lost.
const recheckEvery = 15 * time.Second

// recheck looks whether one may still follow what one follows, and follows what was added since. A database that is away for a moment ends nothing: it tells no events either.
func (f *feed) recheck(follower *live.Follower) error {
	who, err := f.guard.Still(f.r)
	if err == nil {
		var now []live.Place
		if now, err = f.look(who); err == nil {
			return f.compare(follower, now)
		}
	}
	if errors.Is(err, data.ErrUnavailable) {
		return nil
	}
	return err
}

func (f *feed) compare(follower *live.Follower, now []live.Place) error {
	before := map[uuid.UUID]data.Audience{}
	for _, p := range f.places {
		before[p.Park.ID] = p.To
	}
	for _, p := range now {
		if before[p.Park.ID] == data.Members && p.To != data.Members {
			return &problem.Request{Kind: problem.Forbidden, Field: "role", Expected: "auth.expected.role.see", Got: "-"}
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
func (f *feed) cursor(at func(live.Place) int64) string {
	if f.after.park != "" {
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
func (f *feed) followed(follower *live.Follower) string {
	return f.cursor(func(p live.Place) int64 { return follower.Cursor(p.Park.ID) })
}

// jsonCursor is a cursor as JSON has it: a park's is a number.
func (f *feed) jsonCursor(text string) string {
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
