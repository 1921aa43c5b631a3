package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/live"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/event"
	"luodi/data/store"
)

const (
	socketReads  = 4 << 10          // bytes of a message of the page's
	socketWrites = 30 * time.Second // for the page to take one
	// Of the page's messages, so many may come at once, and one more each tells: a hand that moves over parcels is
	// followed, a flood is not.
	tellsAtOnce = 20
	tells       = 250 * time.Millisecond
)

// Status codes with which a socket ends (RFC 6455, 7.4.2: 4000 and above are ours).
const (
	socketSignIn    websocket.StatusCode = 4401
	socketForbidden websocket.StatusCode = 4403
	socketTooMany   websocket.StatusCode = 4429
)

// socket is the map's connection: a park's events, and for its members who of them has it open.
func (d *domain) socket(w http.ResponseWriter, r *http.Request) error {
	q, err := request.ParseQuery(r, "after", "lang")
	if err != nil {
		return err
	}
	if !sameOrigin(r) {
		return &problem.Request{Kind: problem.Forbidden, Field: "Origin", Expected: "auth.expected.same_site",
			Got: r.Header.Get("Origin")}
	}
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		return &problem.Request{Kind: problem.InvalidParameter, Field: "Upgrade", Expected: "live.expected.upgrade",
			Got: r.Header.Get("Upgrade")}
	}
	after, err := parseCursor("after", q["after"], chi.URLParam(r, "park"))
	if err != nil {
		return err
	}
	f, err := d.newFeed(r, after)
	if err != nil {
		return err
	}
	leave, err := f.seat()
	if err != nil {
		return err
	}
	defer leave()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		problem.Report(r.Context(), err) // Accept has answered
		return nil
	}
	conn.SetReadLimit(socketReads)
	s := &socket{eventFeed: f, conn: conn}
	s.serve(r.Context())
	return nil
}

// sameOrigin reports whether a page of ours asks, or no page. Browsers name the page's origin in every such request.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

type socket struct {
	*eventFeed
	conn  *websocket.Conn
	guest *live.Guest // nil for the public
}

// hello is the first message: where the park is, where this socket begins, and as whom.
type hello struct {
	Type     string         `json:"type"`
	Park     string         `json:"park"`
	Seq      int64          `json:"seq"`
	After    int64          `json:"after"`
	Audience event.Audience `json:"audience"`
	You      *store.Person  `json:"you"`
	Beat     float64        `json:"beat_seconds"`
}

// serve keeps the socket until the page goes, is stuck, or may no longer have it.
func (s *socket) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	failed := make(chan error, 5)
	var group sync.WaitGroup
	run := func(part func(context.Context) error) { group.Go(func() { failed <- part(ctx) }) }
	if err := s.greet(ctx); err != nil {
		failed <- err
	} else {
		run(s.read)
		run(s.tellEvents)
		run(s.ping)
		if s.guest != nil {
			run(s.showPeople)
		}
	}
	s.close(<-failed) // before the rest ends: a read that is cancelled breaks the connection
	cancel()
	group.Wait()
	if s.guest != nil {
		s.guest.Leave(ctx)
	}
}

func (s *socket) greet(ctx context.Context) error {
	at := s.places[0]
	first := hello{Type: "hello", Park: at.Park.Code, Seq: at.Seq, After: at.Cursor, Audience: at.To,
		Beat: beatEvery.Seconds()}
	if at.To == event.Members {
		first.You = &store.Person{ID: s.who.Account, Name: s.who.Name}
		var err error
		if s.guest, err = s.hub.Enter(ctx, at.Park.ID, s.who.Account); err != nil {
			return err
		}
	}
	if err := s.sendJSON(ctx, first); err != nil {
		return errGone
	}
	return nil
}

func (s *socket) tellEvents(ctx context.Context) error {
	follower := s.follow()
	defer follower.Close()
	return s.pump(ctx, func(frames []live.Frame) error { return s.sendFrames(ctx, frames, follower) }, follower)
}

// ping checks with WebSocket pings that the browser is connected: writes to a vanished browser would only fill
// buffers.
func (s *socket) ping(ctx context.Context) error {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		wait, cancel := context.WithTimeout(ctx, socketWrites)
		err := s.conn.Ping(wait)
		cancel()
		if err != nil {
			return errGone
		}
	}
}

func (s *socket) sendFrames(ctx context.Context, frames []live.Frame, follower *live.Follower) error {
	if len(frames) == 0 {
		return s.send(ctx, []byte(`{"type":"at","seq":`+s.followed(follower)+`}`))
	}
	for _, frame := range frames {
		text := make([]byte, 0, len(frame.JSON)+32)
		text = append(append(append(text, `{"type":"event","event":`...), frame.JSON...), '}')
		if err := s.send(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

func (s *socket) sendJSON(ctx context.Context, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.send(ctx, text)
}

func (s *socket) send(ctx context.Context, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, socketWrites)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, text)
}

// presence is who has the park open and, to those who handle them, how many new enquiries it has; 100 are 100 or more.
// Business is another number whenever something of the projects of its district may have changed.
type presence struct {
	Type      string          `json:"type"`
	People    []event.Present `json:"people"`
	Enquiries *int            `json:"enquiries,omitempty"`
	Business  int             `json:"business"`
}

func (s *socket) showPeople(ctx context.Context) error {
	handles := s.who.May(auth.RightTo("enquiries", "").Action, s.places[0].Park.ID) == nil
	for {
		people, waiting, business, changed := s.guest.People()
		if people != nil {
			now := presence{Type: "presence", People: people, Business: business}
			if handles {
				now.Enquiries = &waiting
			}
			if err := s.sendJSON(ctx, now); err != nil {
				return errGone
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// read takes the page's messages. Of those it does not know it makes nothing: a newer page may send more.
func (s *socket) read(ctx context.Context) error {
	spare, since := tellsAtOnce, time.Now()
	for {
		_, text, err := s.conn.Read(ctx)
		if err != nil {
			return errGone
		}
		if n := int(time.Since(since) / tells); n > 0 {
			spare, since = min(tellsAtOnce, spare+n), time.Now()
		}
		if spare--; spare < 0 {
			return &problem.Request{Kind: problem.TooMany, Field: "messages", Expected: "live.expected.messages",
				Got: "-"}
		}
		var told struct {
			Type   string     `json:"type"`
			Parcel *uuid.UUID `json:"parcel"`
		}
		if err := json.Unmarshal(text, &told); err != nil {
			return &problem.Request{Kind: problem.InvalidParameter, Field: "message",
				Expected: "live.expected.message", Got: string(text)}
		}
		if told.Type == "here" && s.guest != nil {
			if err := s.guest.Here(ctx, told.Parcel); err != nil && !errors.Is(err, store.ErrUnavailable) {
				return err
			}
		}
	}
}

// close says why the socket ends.
func (s *socket) close(err error) {
	why := problem.From(err, problem.Lang(s.r))
	code := websocket.StatusInternalError
	switch {
	case errors.Is(err, live.ErrStopping), errors.Is(err, store.ErrUnavailable):
		code, why.Title = websocket.StatusTryAgainLater, ""
	case errors.Is(err, errGone), errors.Is(err, context.Canceled):
		_ = s.conn.CloseNow()
		return
	case why.Status == http.StatusUnauthorized:
		code = socketSignIn
	case why.Status == http.StatusForbidden:
		code = socketForbidden
	case why.Status == http.StatusTooManyRequests:
		code = socketTooMany
	case why.Status < http.StatusInternalServerError:
		code = websocket.StatusPolicyViolation
	}
	problem.Report(s.r.Context(), err)
	_ = s.conn.Close(code, why.Title) // who is gone needs no reason
}
