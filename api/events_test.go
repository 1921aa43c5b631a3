package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/event"
	"luodi/data/people"
	"luodi/data/store/storetest"
)

const events = "/api/parks/desk/events"

// heard is an event as a stream tells it.
type heard struct {
	ID  string // of a server-sent event
	End bool   // why the stream ends
	event.Event
}

// eventStream is an open stream. Its lines are read by the test.
type eventStream struct {
	t     testing.TB
	body  *bufio.Reader
	close context.CancelFunc
	head  http.Header
	last  string // the newest id
}

// stream opens one as server-sent events; an empty secret is the public.
func (h *house) stream(path, secret string, headers ...string) *eventStream {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	h.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Accept-Encoding", "gzip")
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" ||
		resp.Header.Get("Content-Encoding") != "" {
		h.t.Fatalf("%s: %s %v", path, resp.Status, resp.Header)
	}
	return &eventStream{t: h.t, body: bufio.NewReader(resp.Body), close: cancel, head: resp.Header}
}

// next waits for the next event, or the stream's last word. It passes over signs of life, and keeps their id.
func (s *eventStream) next() heard {
	s.t.Helper()
	var e heard
	var text string
	for {
		line, err := s.body.ReadString('\n')
		if err != nil {
			s.t.Fatalf("the stream ended: %v", err)
		}
		line = strings.TrimSuffix(line, "\n")
		switch name, value, _ := strings.Cut(line, ": "); {
		case line == "" && text != "":
			if err := json.Unmarshal([]byte(text), &e.Event); err != nil && !e.End {
				s.t.Fatalf("%s: %v", text, err)
			}
			e.ID = s.last
			return e
		case name == "id":
			s.last = value
		case name == "event":
			e.End = value == "end"
		case name == "data":
			text += value
		}
	}
}

// told is what an event says of each thing, as collection code op.
func (e heard) told() string { return changesText(e.Changes) }

func changesText(changes []event.Change) string {
	var parts []string
	for _, c := range changes {
		code := "-"
		if c.Code != nil {
			code = *c.Code
		}
		parts = append(parts, c.Collection+" "+code+" "+c.Op)
	}
	return strings.Join(parts, ", ")
}

type page struct {
	Events []event.Event
	Next   json.RawMessage
	More   bool
}

func (c *colleague) page(path string) (p page) {
	c.t.Helper()
	if err := json.Unmarshal([]byte(c.want(http.StatusOK, "GET", path, nil).text), &p); err != nil {
		c.t.Fatal(err)
	}
	return p
}

func (p page) text() string {
	var lines []string
	for _, e := range p.Events {
		lines = append(lines, fmt.Sprintf("%s %d %s: %s", e.Park, e.Seq, e.Kind, changesText(e.Changes)))
	}
	return strings.Join(lines, "\n")
}

// public is someone without a token.
func (o *office) public() *colleague { return &colleague{office: o, head: http.Header{}} }

func TestEventsTellMembersWhatChangedAndThePublicWhatIsPublicOfIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001},
		storetest.Square{Code: "SECRET", X: 0.3, Y: 0.3, Side: 0.001, Internal: true})
	p, public := o.planner(), o.public()
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[1]))
	held := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	p.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "SECRET reason",
		"parcels": o.refs(o.parcels[0])})
	p.want(http.StatusCreated, "POST", records, object{"kind": "publish", "reason": "SECRET reason",
		"parcels": o.refs(o.parcels[0])})

	all := p.page(events)
	want := "desk 1 import: parcels A created, parcels SECRET created\n" +
		"desk 2 hold: allotments - created, parcels SECRET changed\n" +
		"desk 3 hold: allotments - created, parcels A changed\n" +
		"desk 4 unpublish: parcels A changed\n" +
		"desk 5 publish: parcels A changed"
	if all.text() != want || string(all.Next) != "5" || all.More {
		t.Errorf("members get\n%s\nnext %s more %v, want\n%s", all.text(), all.Next, all.More, want)
	}
	e := all.Events[2]
	if e.Who == nil || e.Who.Name != "Name of planner" || e.Reason != "agreed" || e.Record == nil ||
		e.Record.String() != held.body["record"] || e.ChangeCount != 2 || e.At.IsZero() {
		t.Errorf("an event is %+v", e)
	}
	open := public.want(http.StatusOK, "GET", events, nil)
	for _, word := range []string{"SECRET", "hold", "agreed", "planner", "record", "who", "kind", "reason",
		o.parcels[1].String(), "allotments"} {
		if strings.Contains(open.text, word) {
			t.Errorf("the public reads %q in %s", word, open.text)
		}
	}
	if got, want := public.page(events).text(),
		"desk 1 : parcels A created\ndesk 3 : parcels A changed\ndesk 4 : parcels A retired\ndesk 5 : parcels A created"; got != want {
		t.Errorf("the public gets\n%s\nwant\n%s", got, want)
	}
	stranger := o.colleague("stranger", false, people.ScopeRead)
	if got := stranger.want(http.StatusOK, "GET", events, nil).text; got != open.text {
		t.Errorf("someone without a role gets %s", got)
	}
}

func TestEventsArePagedByCursor(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2, "reserve")...)
	p, public := o.planner(), o.public()
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[1]))
	p.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "r",
		"parcels": o.refs(o.parcels[1])})
	p.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "r",
		"parcels": o.refs(o.parcels[0])})
	for path, want := range map[string]string{
		events + "?limit=1":         "1 1 true",
		events + "?limit=2":         "2 2 true",
		events + "?after=2&limit=2": "2 4 false",
		events + "?after=4":         "0 4 false",
		events + "?after=now":       "0 4 false",
	} {
		got := p.page(path)
		if text := fmt.Sprintf("%d %s %v", len(got.Events), got.Next, got.More); text != want {
			t.Errorf("%s: %s, want %s", path, text, want)
		}
	}
	for path, field := range map[string]string{
		"?after=5": "after", "?after=-1": "after", "?after=x": "after", "?after=99999999999999999999": "after",
		"?after=desk:1": "after", "?wait=56": "wait", "?wait=x": "wait",
		"?limit=0": "limit", "?from=1": "from",
	} {
		if bad := public.want(http.StatusBadRequest, "GET", events+path, nil); bad.body["field"] != field {
			t.Errorf("%s: %s", path, bad.text)
		}
	}
	if bad := public.want(http.StatusBadRequest, "GET", events, nil, "Last-Event-ID",
		"7"); bad.body["field"] != "Last-Event-ID" || bad.body["expected"] != "a whole number from 0 to 4" ||
		bad.body["got"] != "7" {
		t.Errorf("ahead: %s", bad.text)
	}
	public.want(http.StatusNotFound, "GET", "/api/parks/none/events", nil)
}

func TestTheDistrictsEventsHaveACursorForEachPark(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	other := storetest.Park(t, o.db, "other")
	storetest.Parcels(t, o.db, other, storetest.Square{Code: "X", X: 0.5, Y: 0.5, Side: 0.001})
	p := o.planner()
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[1]))
	first := p.page("/api/events?after=desk:0,other:0&limit=2")
	if string(first.Next) != `"desk:2,other:0"` || !first.More || len(first.Events) != 2 {
		t.Errorf("first page: next %s, more %v\n%s", first.Next, first.More, first.text())
	}
	rest := p.page("/api/events?after=desk:2,other:0")
	// no role in that park: as the public
	if rest.text() != "other 1 : parcels X created" || string(rest.Next) != `"desk:2,other:1"` || rest.More {
		t.Errorf("rest: next %s\n%s", rest.Next, rest.text())
	}
	if unnamed := p.page("/api/events?after=desk:2"); unnamed.text() != rest.text() {
		t.Errorf("a park that is not named begins at\n%s", unnamed.text())
	}
	for _, bad := range []string{"desk", "desk:3", "desk:x", "desk:1,desk:1", "none:1", ":1", "desk:1,"} {
		if got := p.want(http.StatusBadRequest, "GET", "/api/events?after="+bad, nil); got.body["field"] != "after" {
			t.Errorf("%s: %s", bad, got.text)
		}
	}
	s := o.stream("/api/events?after=desk:1,other:1", p.secret)
	if e := s.next(); e.Park != "desk" || e.ID != "desk:2,other:1" {
		t.Errorf("%+v", e)
	}
	storetest.Parcels(t, o.db, other, storetest.Square{Code: "Y", X: 0.7, Y: 0.7, Side: 0.001})
	if e := s.next(); e.told() != "parcels Y created" || e.ID != "desk:2,other:2" {
		t.Errorf("%+v", e)
	}
	again := o.stream("/api/events", p.secret, "Last-Event-ID", "desk:2,other:1")
	if e := again.next(); e.Seq != 2 || e.Park != "other" {
		t.Errorf("who comes back gets %+v", e)
	}
}

// TestTheDistrictsEventsHaveOneCursorForAllParks: without one of each park, events come in the order of their commits,
// and one number says how far one is.
func TestTheDistrictsEventsHaveOneCursorForAllParks(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	other := storetest.Park(t, o.db, "other")
	storetest.Parcels(t, o.db, other, storetest.Square{Code: "X", X: 0.5, Y: 0.5, Side: 0.001})
	p := o.planner()
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[1]))
	number := func(next json.RawMessage) string {
		text := strings.Trim(string(next), `"`)
		if _, err := strconv.ParseUint(text, 10, 63); err != nil || string(next) != strconv.Quote(text) {
			t.Fatalf("next is %s, want a number as text", next)
		}
		return text
	}
	first := p.page("/api/events?limit=2")
	if len(first.Events) != 2 || !first.More || first.Events[0].Park != "desk" || first.Events[1].Park != "other" ||
		first.Events[0].Kind == "" || first.Events[1].Kind != "" {
		t.Errorf("first page, more %v:\n%s", first.More, first.text())
	}
	rest := p.page("/api/events?after=" + number(first.Next))
	if len(rest.Events) != 1 || rest.Events[0].Park != "desk" || rest.Events[0].Seq != 2 ||
		rest.Events[0].Kind != "hold" || rest.More {
		t.Errorf("rest, more %v:\n%s", rest.More, rest.text())
	}
	end := number(rest.Next)
	if none := p.page("/api/events?after=" + end); len(none.Events) != 0 || none.More || number(none.Next) != end {
		t.Errorf("after the end: next %s, more %v\n%s", none.Next, none.More, none.text())
	}
	ahead, _ := strconv.Atoi(end)
	for _, bad := range []string{strconv.Itoa(ahead + 1), "x", "-1"} {
		if got := p.want(http.StatusBadRequest, "GET", "/api/events?after="+bad, nil); got.body["field"] != "after" {
			t.Errorf("%s: %s", bad, got.text)
		}
	}
	for _, secret := range []string{p.secret, ""} {
		s := o.stream("/api/events?after=now", secret)
		storetest.Parcels(t, o.db, other, storetest.Square{Code: "Y" + secret[:min(1, len(secret))], X: 0.7, Y: 0.1 +
			0.3*float64(min(1, len(secret))), Side: 0.001})
		e := s.next()
		if e.Park != "other" || len(e.ID) > 20 {
			t.Errorf("%+v", e)
		}
		again := o.stream("/api/events", secret, "Last-Event-ID", e.ID)
		storetest.Parcels(t, o.db, other, storetest.Square{Code: "Z" + secret[:min(1, len(secret))], X: 0.9, Y: 0.1 +
			0.3*float64(min(1, len(secret))), Side: 0.001})
		next := again.next()
		for next.Seq == e.Seq { // told again at most: who is a member in some parks follows two audiences by one number
			next = again.next()
		}
		if next.Park != "other" || next.Seq != e.Seq+1 {
			t.Errorf("who comes back after %+v gets %+v", e, next)
		}
	}
}

func TestAStreamTellsAChangeAsItIsCommitted(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	p := o.planner()
	member, public := o.stream(events+"?after=1", p.secret), o.stream(events+"?after=now", "")
	waited := make(chan page, 1)
	go func() { waited <- p.page(events + "?after=1&wait=55") }()
	for i, parcel := range o.parcels {
		p.want(http.StatusCreated, "POST", records, o.hold(parcel))
		for _, s := range []*eventStream{member, public} {
			if e := s.next(); e.Seq != int64(i+2) || e.ID != fmt.Sprint(i+2) ||
				!strings.Contains(e.told(), "parcels "+string(rune('A'+i))+" changed") {
				t.Errorf("change %d: %+v", i+2, e)
			}
		}
	}
	if got := <-waited; len(got.Events) == 0 || got.Events[0].Seq != 2 {
		t.Errorf("the long poll got %s", got.text())
	}
	if member.head.Get("X-Accel-Buffering") != "no" || member.head.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", member.head)
	}
}

func TestALongPollEndsWithNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	if got := o.public().page(events + "?after=1&wait=1"); len(got.Events) != 0 || string(got.Next) != "1" || got.More {
		t.Errorf("%+v", got)
	}
}

func TestThePublicHearsNothingWhereNothingPublicChanged(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p := o.planner()
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	// The parcel's land use is public; its publication, as long as it is public, and the terms of its right are not.
	right := o.uuid(`SELECT allotment_id FROM allotment`)
	p.want(http.StatusCreated, "POST", records, object{"kind": "reserve", "reason": "r", "allotment": o.right(right)})
	if n := o.count(`SELECT count(*) FROM parcel_public WHERE parcel_id = $1`, o.parcels[0]); n != 3 {
		t.Fatalf("%d public rows", n)
	}
	const rewritten = `WITH r AS (SELECT * FROM begin_record($1, gen_random_uuid(), 'edit', 'r', 'test'))
		SELECT publish_parcels($1, ARRAY[$2]::uuid[]) FROM r`
	if _, err := o.db.Owner.Exec(t.Context(), rewritten, o.parkID, o.parcels[0]); err != nil {
		t.Fatal(err)
	}
	if n := o.count(`SELECT count(*) FROM parcel_public WHERE parcel_id = $1 AND from_seq = 4`, o.parcels[0]); n != 1 {
		t.Fatalf("%d public rows begin with the record", n)
	}
	// A hold and a reservation are one word to the public.
	if got := o.public().page(events + "?after=1"); got.text() != "desk 2 : parcels A changed" ||
		string(got.Next) != "4" {
		t.Errorf("the public gets\n%s\nnext %s", got.text(), got.Next)
	}
	if got := p.page(events + "?after=3"); len(got.Events) != 1 {
		t.Errorf("members get\n%s", got.text())
	}
}

func (o *office) uuid(sql string) string {
	o.t.Helper()
	var id uuid.UUID
	if err := o.db.Owner.QueryRow(o.t.Context(), sql).Scan(&id); err != nil {
		o.t.Fatal(err)
	}
	return id.String()
}

func TestAStreamEndsWhenOneMayNoLongerHaveIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	disabled := o.colleague("disabled", false, people.ScopeRead, people.Viewer)
	stops := o.stream(events+"?after=now", disabled.secret)
	polled := make(chan told, 1)
	go func() { polled <- disabled.do("GET", events+"?after=1&wait=50", nil) }()
	revoked, left := o.colleague("revoked", false, people.ScopeRead, people.Viewer),
		o.colleague("left", false, people.ScopeRead, people.Viewer)
	ends, goes, stays := o.stream(events+"?after=now", revoked.secret), o.stream(events+"?after=now", left.secret),
		o.stream(events+"?after=now", p.secret)
	eventually(t, "four streams and the long poll follow", func() bool { return o.hub.Following() == 5 })
	if _, err := o.db.Owner.Exec(t.Context(), `UPDATE token SET revoked_at = clock_timestamp() WHERE account_id = $1`,
		revoked.id); err != nil {
		t.Fatal(err)
	}
	if _, err := o.db.Owner.Exec(t.Context(), `DELETE FROM membership WHERE account_id = $1`, left.id); err != nil {
		t.Fatal(err)
	}
	if _, err := o.db.Owner.Exec(t.Context(),
		`UPDATE account SET disabled_at = clock_timestamp() WHERE account_id = $1`, disabled.id); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for _, s := range []*eventStream{ends, goes, stops} {
		if e := s.next(); !e.End {
			t.Errorf("%+v", e)
		}
	}
	if answer := <-polled; answer.status != http.StatusUnauthorized {
		t.Errorf("the long poll ends with %d", answer.status)
	}
	t.Logf("ended after %s", time.Since(begin))
	if log := o.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the ends are errors in the log:\n%s", log)
	}
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	if e := stays.next(); e.Seq != 2 {
		t.Errorf("who may stay gets %+v", e)
	}
	o.public().do("GET", events, nil)
}
