package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"luodi/api"
	"luodi/api/live"
	"luodi/data/event"
	"luodi/data/people"
	"luodi/data/store"
)

// spoken is what a socket says.
type spoken struct {
	Type     string
	Seq      int64
	After    int64
	Audience string
	You      *store.Person
	Event    event.Event
	People   []event.Present
	Business int

	Enquiries *int
}

type pageSocket struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial opens a park's socket at a server; an empty secret is the public.
func dial(t *testing.T, url, path, secret string) *pageSocket {
	t.Helper()
	head := http.Header{}
	if secret != "" {
		head.Set("Authorization", "Bearer "+secret)
	}
	conn, _, err := websocket.Dial(t.Context(), url+path, &websocket.DialOptions{HTTPHeader: head})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &pageSocket{t, conn}
}

// next waits for the next message of a type.
func (s *pageSocket) next(of string) spoken {
	s.t.Helper()
	for {
		_, text, err := s.conn.Read(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		var m spoken
		if err := json.Unmarshal(text, &m); err != nil {
			s.t.Fatalf("%s: %v", text, err)
		}
		if m.Type == of {
			return m
		}
		if m.Type == "presence" && s.t.Name() == "TestTheSocketOfThePublicShowsNobody" {
			s.t.Fatalf("the public sees %s", text)
		}
	}
}

// sees waits until the socket's colleagues are these: "name" or "name at parcel".
func (s *pageSocket) sees(want ...string) {
	s.t.Helper()
	for {
		var got []string
		for _, p := range s.next("presence").People {
			text := strings.TrimPrefix(p.Name, "Name of ")
			if p.Parcel != nil {
				text += " at " + p.Parcel.String()
			}
			got = append(got, text)
		}
		if strings.Join(got, ",") == strings.Join(want, ",") {
			return
		}
	}
}

func (s *pageSocket) say(text string) {
	s.t.Helper()
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

const socket = "/api/parks/desk/live"

func TestTheSocketTellsEventsAndColleagues(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p, q := o.planner(), o.colleague("quentin", false, people.ScopeRead, people.Viewer)
	// a second process
	another := httptest.NewServer(api.New(api.Options{Store: o.db.Store, Live: running(t, o.db, live.DefaultLimits),
		Logger: quiet, Version: "test"}))
	t.Cleanup(another.Close)

	one := dial(t, o.url, socket+"?after=0", p.secret)
	if m := one.next("hello"); m.Seq != 1 || m.After != 0 || m.Audience != "members" || m.You == nil ||
		m.You.ID != p.id {
		t.Errorf("%+v", m)
	}
	if m := one.next("event"); m.Event.Seq != 1 || m.Event.Kind != "import" {
		t.Errorf("%+v", m)
	}
	one.say(`{"type":"here","parcel":"` + o.parcels[0].String() + `"}`)
	one.say(`{"type":"of a newer page"}`)
	one.sees("planner at " + o.parcels[0].String())
	two := dial(t, another.URL, socket+"?after=now", q.secret)
	two.sees("planner at "+o.parcels[0].String(), "quentin")
	one.sees("planner at "+o.parcels[0].String(), "quentin")
	one.say(`{"type":"here","parcel":null}`)
	two.sees("planner", "quentin")

	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[1]))
	for _, s := range []*pageSocket{one, two} {
		if m := s.next("event"); m.Event.Seq != 2 || m.Event.Reason != "agreed" {
			t.Errorf("%+v", m)
		}
	}
	_ = one.conn.Close(websocket.StatusNormalClosure, "")
	two.sees("quentin")
}

// Who has a park open hears that something of the district's projects changed, not what, and whoever's project it is.
func TestTheSocketTellsThatProjectsChanged(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	s := dial(t, c.url, socket, c.two.secret)
	was := s.next("presence").Business
	_, project := c.lead(c.one, "甲", nil)
	told := func(what string) {
		t.Helper()
		now := was
		for now == was {
			now = s.next("presence").Business
		}
		was = now
		t.Log(what)
	}
	told("a new project")
	c.one.want(http.StatusCreated, "POST", project+"/milestones", milestone("in_talks", "2026-05-01", nil))
	told("a stage")
	c.one.want(http.StatusCreated, "POST", project+"/visits", object{"visited_on": "2026-05-02", "note": "n",
		"next_step": "送方案"})
	told("a visit")
	c.one.want(http.StatusCreated, "POST", project+"/turns", object{"turn": "paused", "since": "2026-05-09", "reason": "r"})
	told("a turn")
	c.first(c.one, http.StatusCreated, project, c.teams[0])
	told("a first contact")
}

func TestTheSocketOfThePublicShowsNobody(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	dial(t, o.url, socket, p.secret).sees("planner")
	s := dial(t, o.url, socket+"?after=now", "")
	if m := s.next("hello"); m.Audience != "public" || m.You != nil {
		t.Errorf("%+v", m)
	}
	s.say(`{"type":"here","parcel":"` + o.parcels[0].String() + `"}`)
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	if m := s.next("event"); m.Event.Seq != 2 || m.Event.Kind != "" || m.Event.Reason != "" || m.Event.Who != nil {
		t.Errorf("%+v", m)
	}
	if n := o.count(`SELECT count(*) FROM presence`); n != 1 {
		t.Errorf("%d are present", n)
	}
}

func TestFollowersAreCountedAndOtherSitesRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	server := httptest.NewServer(api.New(api.Options{Store: o.db.Store,
		Live: running(t, o.db, live.Limits{Account: 1, Address: 2, All: 3}), Logger: quiet, Version: "test"}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	h := *o.house
	h.url = server.URL
	p, q := o.planner(), o.colleague("second", false, people.ScopeRead, people.Viewer)
	h.stream(events, p.secret)
	h.stream(events, "")
	for _, c := range []struct {
		secret, origin string
		want           int
	}{{p.secret, "", http.StatusTooManyRequests}, {"", "https://elsewhere.example", http.StatusForbidden},
		{"", "null", http.StatusForbidden}} {
		_, resp, err := websocket.Dial(t.Context(), h.url+socket,
			&websocket.DialOptions{HTTPHeader: http.Header{"Authorization": bearer(c.secret), "Origin": {c.origin}}})
		if err == nil || resp.StatusCode != c.want {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if r := h.get("/metrics"); !strings.Contains(string(r.body), "luodi_event_followers 2") {
		t.Errorf("%s", r.body)
	}
	dial(t, h.url, socket, "")
	if _, resp, err := websocket.Dial(t.Context(), h.url+socket,
		&websocket.DialOptions{HTTPHeader: http.Header{"Authorization": bearer(q.secret)}}); err == nil ||
		resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one more than all: %v", err)
	}
	if r := h.get(socket); r.StatusCode != http.StatusBadRequest || !strings.Contains(string(r.body), `"Upgrade"`) {
		t.Errorf("no socket asked for: %s", r.body)
	}
}

func bearer(secret string) []string {
	if secret == "" {
		return nil
	}
	return []string{"Bearer " + secret}
}

func TestASocketThatFloodsIsEnded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, send := range map[string]func(*websocket.Conn) error{
		"many": func(c *websocket.Conn) error {
			for range 100 {
				if err := c.Write(t.Context(), websocket.MessageText, []byte(`{"type":"here"}`)); err != nil {
					return nil // it is over
				}
			}
			return nil
		},
		"long": func(c *websocket.Conn) error {
			return c.Write(t.Context(), websocket.MessageText,
				make([]byte, 5<<10))
		},
		"not JSON": func(c *websocket.Conn) error { return c.Write(t.Context(), websocket.MessageText, []byte("x")) },
	} {
		s := dial(t, o.url, socket, "")
		s.next("hello")
		if err := send(s.conn); err != nil {
			t.Fatal(err)
		}
		var err error
		for err == nil {
			_, _, err = s.conn.Read(t.Context())
		}
		want := map[string]websocket.StatusCode{"many": 4429, "long": websocket.StatusMessageTooBig,
			"not JSON": websocket.StatusPolicyViolation}[name]
		if got := websocket.CloseStatus(err); got != want {
			t.Errorf("%s: %d (%v), want %d", name, got, err, want)
		}
	}
}

func TestWhoIsGoneWithoutAWordIsNotShownForLong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.planner()
	ctx := context.Background()
	gone := event.Presence{Connection: uuid.New(), Park: o.parkID, Account: p.id}
	if err := event.Of(o.db.Store).ConfirmPresence(ctx, false, gone); err != nil {
		t.Fatal(err)
	}
	if there, err := event.Of(o.db.Store).WhoIsPresent(ctx, o.parkID); err != nil || len(there) != 1 {
		t.Fatalf("%v, %v", there, err)
	}
	if _, err := o.db.Owner.Exec(ctx, `UPDATE presence SET seen_at = seen_at - $1::interval`,
		event.PresenceHolds+time.Second); err != nil {
		t.Fatal(err)
	}
	if there, err := event.Of(o.db.Store).WhoIsPresent(ctx, o.parkID); err != nil || len(there) != 0 {
		t.Errorf("%v, %v", there, err)
	}
}

// Whose account is disabled, whose token is revoked or who leaves the park: the socket ends with the reason, within
// moments, and that is no error of the server's.
func TestASocketEndsWhenOneMayNoLongerHaveIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	stays := dial(t, o.url, socket, o.planner().secret)
	stays.next("hello")
	const signIn, forbidden = 4401, 4403
	for name, c := range map[string]struct {
		sql  string
		code websocket.StatusCode
	}{
		"disabled": {`UPDATE account SET disabled_at = clock_timestamp() WHERE account_id = $1`, signIn},
		"revoked":  {`UPDATE token SET revoked_at = clock_timestamp() WHERE account_id = $1`, signIn},
		"left":     {`DELETE FROM membership WHERE account_id = $1`, forbidden},
	} {
		who := o.colleague(name, false, people.ScopeRead, people.Viewer)
		s := dial(t, o.url, socket, who.secret)
		s.next("hello")
		if _, err := o.db.Owner.Exec(t.Context(), c.sql, who.id); err != nil {
			t.Fatal(err)
		}
		for {
			_, _, err := s.conn.Read(t.Context())
			if err == nil {
				continue
			}
			if got := websocket.CloseStatus(err); got != c.code {
				t.Errorf("%s: the socket ends with %d, want %d: %v", name, got, c.code, err)
			}
			break
		}
	}
	eventually(t, "their ends are in the log", func() bool { return strings.Count(o.log.String(), "/live") >= 3 })
	if log := o.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the ends are errors in the log:\n%s", log)
	}
}
