package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
	"github.com/klauspost/compress/gzhttp"

	"luodi/api/auth"
	"luodi/api/live"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/event"
	"luodi/data/store"
)

const (
	eventsDefault = 100
	eventsMost    = 1000
	waitMost      = 55 * time.Second // what usual proxies let a request wait
	// beatEvery is how often a stream says that it lives, and how far it has come.
	beatEvery = 15 * time.Second
)

// The forms of a stream.
const (
	eventStream = "text/event-stream"
	ndjson      = "application/x-ndjson"
)

// addEvents adds the feeds of events. A page, a long poll and a stream are one path, so they stand beside huma and are
// only described to it.
func (d *domain) addEvents(r chi.Router) {
	for path, id := range map[string]string{parkEventsPath: "events", districtEventsPath: "events.district"} {
		r.Get(path, func(w http.ResponseWriter, r *http.Request) {
			if err := d.answerEvents(w, r.WithContext(auth.With(r.Context(), id))); err != nil {
				problem.Write(w, r, err)
			}
		})
	}
	r.Get(socketPath, func(w http.ResponseWriter, r *http.Request) {
		if err := d.socket(w, r.WithContext(auth.With(r.Context(), "live"))); err != nil {
			problem.Write(w, r, err)
		}
	})
	d.describeEvents()
}

func (d *domain) answerEvents(w http.ResponseWriter, r *http.Request) error {
	q, err := request.ParseQuery(r, "after", "limit", "wait", "lang")
	if err != nil {
		return err
	}
	if _, err := q.Lang(r); err != nil {
		return err
	}
	if err := q.Valued("wait"); err != nil {
		return err
	}
	limit, err := q.Limit(eventsDefault, eventsMost)
	if err != nil {
		return err
	}
	wait, err := parseWait(q["wait"])
	if err != nil {
		return err
	}
	after, err := askedCursor(r, q)
	if err != nil {
		return err
	}
	f, err := d.newFeed(r, after)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	switch {
	case strings.Contains(accept, eventStream):
		return f.stream(w, eventStream)
	case strings.Contains(accept, ndjson):
		return f.stream(w, ndjson)
	}
	return f.page(w, limit, wait)
}

// askedCursor is the cursor of a reconnecting EventSource (Last-Event-ID), or else that of the query.
func askedCursor(r *http.Request, q request.Query) (*cursor, error) {
	park := chi.URLParam(r, "park")
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		return parseCursor("Last-Event-ID", last, park)
	}
	return parseCursor("after", q["after"], park)
}

func parseWait(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || time.Duration(n)*time.Second > waitMost {
		return 0, &problem.Request{Kind: problem.InvalidParameter, Field: "wait", Expected: "api.expected.range",
			Args: []any{"from", 0, "to", waitMost.Seconds()}, Got: text}
	}
	return time.Duration(n) * time.Second, nil
}

// page answers with the events after the cursor; if there are none, it waits for the first.
func (f *eventFeed) page(w http.ResponseWriter, limit int, wait time.Duration) error {
	ctx := f.r.Context()
	read := f.eachPark
	if f.after.whole {
		read = f.everywhere
	}
	frames, more, err := read(ctx, limit)
	if err != nil {
		return err
	}
	next := f.cursor(func(p live.Place) int64 { return p.Cursor })
	if len(frames) == 0 && !more && wait > 0 {
		if frames, next, more, err = f.await(ctx, wait); err != nil {
			return err
		}
	}
	body := []byte(`{"events":[`)
	for i, frame := range frames {
		if i > 0 {
			body = append(body, ',', '\n')
		}
		body = append(body, frame.JSON...)
	}
	body = fmt.Appendf(body, "],\"next\":%s,\"more\":%v}\n", f.jsonCursor(next), more)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // who asked and left needs no answer
	return nil
}

// eachPark reads a page of one park after another, and moves the places on.
func (f *eventFeed) eachPark(ctx context.Context, limit int) (frames []live.Frame, more bool, err error) {
	for i := range f.places {
		p := &f.places[i]
		if left := limit - len(frames); left > 0 {
			page, err := f.events.Events(ctx, p.Park, p.To, p.Cursor, left)
			if err != nil {
				return nil, false, err
			}
			fresh, err := live.Encode(page.Events)
			if err != nil {
				return nil, false, err
			}
			frames, p.Cursor = append(frames, fresh...), page.Next
		}
		more = more || p.Cursor < p.Seq
	}
	return frames, more, nil
}

// everywhere reads a page of all parks in the order of their commits, and moves the places on.
func (f *eventFeed) everywhere(ctx context.Context, limit int) (frames []live.Frame, more bool, err error) {
	page, err := f.events.EventsEverywhere(ctx, func(park uuid.UUID) event.Audience { return f.audience(f.who, park) },
		f.places[0].Cursor, limit)
	if err != nil {
		return nil, false, err
	}
	for i := range f.places {
		f.places[i].Cursor = page.Next
	}
	frames, err = live.Encode(page.Events)
	return frames, page.Next < page.Seq, err
}

// await follows until something comes or the time is over.
func (f *eventFeed) await(ctx context.Context, wait time.Duration) (frames []live.Frame, next string, more bool,
	err error) {
	leave, err := f.seat()
	if err != nil {
		return nil, "", false, err
	}
	defer leave()
	follower := f.follow()
	defer follower.Close()
	for until := time.Now().Add(wait); ; {
		frames, err = follower.Next(ctx, time.Until(until))
		if err != nil || !follower.Doubted() {
			break
		}
		if err = f.recheck(follower); err != nil {
			break
		}
	}
	if errors.Is(err, live.ErrStopping) {
		err = fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return frames, f.followed(follower), follower.Behind(), err
}

// stream sends events as they come, until the reader goes, is stuck, or may no longer have them.
func (f *eventFeed) stream(w http.ResponseWriter, form string) error {
	leave, err := f.seat()
	if err != nil {
		return err
	}
	defer leave()
	h := w.Header()
	h.Set("Content-Type", form)
	h.Set("X-Accel-Buffering", "no") // nginx would gather a stream
	h.Set(gzhttp.HeaderNoCompression, "1")
	w.WriteHeader(http.StatusOK)
	if f.r.Method == http.MethodHead {
		return nil
	}
	follower := f.follow()
	defer follower.Close()
	out := &framer{feed: f, follower: follower, w: w, control: http.NewResponseController(w), sse: form == eventStream}
	switch err := f.pump(f.r.Context(), out.send, follower); {
	case errors.Is(err, errGone), f.r.Context().Err() != nil, errors.Is(err, live.ErrStopping):
		return nil
	case err != nil:
		out.end(err)
	}
	return nil
}

var errGone = errors.New("the reader is gone or stuck")

// pump hands on what a follower gets, as soon as there is any, and nothing where there is none for a while, until
// either fails.
func (f *eventFeed) pump(ctx context.Context, send func([]live.Frame) error, follower *live.Follower) error {
	if err := send(nil); err != nil { // where one begins
		return errGone
	}
	checked := time.Now()
	for {
		frames, err := follower.Next(ctx, beatEvery)
		if err != nil {
			return err
		}
		doubted, changes := follower.Doubted(), f.who != nil || f.after.park == ""
		if doubted || changes && time.Since(checked) >= recheckEvery {
			if err := f.recheck(follower); err != nil {
				return err
			}
			checked = time.Now()
		}
		if doubted {
			continue
		}
		if err := send(frames); err != nil {
			return errGone
		}
	}
}
