package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"luodi/data/event"
	"luodi/data/store"
)

const maxWhy = 500 // bytes of an error that are kept

// deliver sends the dead letters that were ordered again, then the events after the cursor.
func (s *Sender) deliver(ctx context.Context, d *event.Delivery) error {
	for range turn {
		seq, err := d.ToResend(ctx)
		if err != nil {
			return err
		}
		if seq == 0 {
			break
		}
		if err := s.resend(ctx, d, seq); err != nil {
			return err
		}
	}
	page, err := s.events.Events(ctx, event.ParkName{ID: d.ParkID, Code: d.Park}, event.Members, d.Cursor, turn)
	if err != nil {
		return err
	}
	for i := range page.Events {
		if d.State != event.WebhookActive {
			return nil
		}
		if page.Events[i].Seq != d.Cursor+1 {
			return fmt.Errorf("event %d follows %d", page.Events[i].Seq, d.Cursor)
		}
		if taken, err := s.try(ctx, d, &page.Events[i]); err != nil || !taken {
			return err
		}
	}
	return nil
}

// try sends the event after the cursor and notes what became of it.
func (s *Sender) try(ctx context.Context, d *event.Delivery, e *event.Event) (taken bool, err error) {
	status, why := s.sendEvent(ctx, d.Target, e)
	switch {
	case ctx.Err() != nil: // it was broken off: that says nothing about the receiver
		return false, ctx.Err()
	case why == "":
		return true, d.Delivered(ctx, status)
	case d.Tries < len(s.Pauses):
		return false, d.Failed(ctx, status, why, jitter(s.Pauses[d.Tries]))
	}
	return true, d.GiveUp(ctx, status, why)
}

// jitter spreads tries by a tenth, so that many webhooks of a receiver that comes back don't all come at once.
func jitter(d time.Duration) time.Duration { return d + time.Duration(rand.Int64N(int64(d)/10+1)) }

func (s *Sender) resend(ctx context.Context, d *event.Delivery, seq int64) error {
	page, err := s.events.Events(ctx, event.ParkName{ID: d.ParkID, Code: d.Park}, event.Members, seq-1, 1)
	if err != nil {
		return err
	}
	if len(page.Events) == 0 {
		return fmt.Errorf("there is no event %d", seq)
	}
	status, why := s.sendEvent(ctx, d.Target, &page.Events[0])
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return d.Resent(ctx, seq, status, why)
}

// payload is the body of a delivery (Standard Webhooks 1.0).
type payload struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// sendEvent sends one event. Its id is the record's, the same at each try. People go by their ids alone: a name that
// was sent away could not be erased any more.
func (s *Sender) sendEvent(ctx context.Context, to event.Target, e *event.Event) (status int, why string) {
	sent := *e
	sent.Who, sent.ApprovedBy = nil, nil
	body, err := json.Marshal(payload{"park.changed", e.At, struct {
		event.Event
		Who        *personID `json:"who,omitempty"`
		ApprovedBy *personID `json:"approved_by,omitempty"`
	}{sent, idOf(e.Who), idOf(e.ApprovedBy)}})
	if err != nil {
		return 0, err.Error()
	}
	return s.post(ctx, to, e.Record.String(), body)
}

type personID struct {
	ID uuid.UUID `json:"id"`
}

func idOf(p *store.Person) *personID {
	if p == nil {
		return nil
	}
	return &personID{p.ID}
}

// Tried is how a test message went.
type Tried struct {
	OK     bool    `json:"ok"`
	Status int     `json:"status,omitempty" doc:"What the receiver answered; absent where it did not."`
	Error  string  `json:"error,omitempty"`
	TookMS float64 `json:"took_ms"`
}

// Ping sends a test message, once, outside the order of events.
func (s *Sender) Ping(ctx context.Context, to event.Target) (Tried, error) {
	begin := time.Now()
	body, err := json.Marshal(payload{"ping", begin.UTC(),
		map[string]string{"park": to.Park, "webhook": to.ID.String()}})
	if err != nil {
		return Tried{}, err
	}
	status, why := s.post(ctx, to, "ping_"+uuid.NewString(), body)
	return Tried{OK: why == "", Status: status, Error: why, TookMS: float64(time.Since(begin).Microseconds()) / 1000},
		ctx.Err()
}

// post sends a signed message. why is "" where the receiver took it: any status of 200 to 299.
func (s *Sender) post(ctx context.Context, to event.Target, id string, body []byte) (status int, why string) {
	if err := s.CheckURL(to.URL); err != nil { // what was allowed when it was made may not be now
		return 0, cut(err.Error())
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(body))
	if err != nil {
		return 0, cut(err.Error())
	}
	now, keys := time.Now(), [][]byte{to.Secret}
	if to.OldSecret != nil {
		keys = append(keys, to.OldSecret)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", s.Via)
	r.Header.Set("webhook-id", id)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	r.Header.Set("webhook-signature", sign(keys, id, now, body))
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, cut(err.Error())
	}
	defer func() { _ = resp.Body.Close() }()
	// drain the body so that the connection can be reused
	_, _ = io.CopyN(io.Discard, resp.Body, bodyBytes)
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return resp.StatusCode, "HTTP " + strconv.Itoa(resp.StatusCode)
	}
	return resp.StatusCode, ""
}

func cut(text string) string {
	text = strings.ToValidUTF8(text, "?")
	if len(text) <= maxWhy {
		return text
	}
	text = text[:maxWhy]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text
}
