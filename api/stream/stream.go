// Package stream sends features as they come from the database, in one buffer that is used again and again.
package stream

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"luodi/api/problem"
	"luodi/data/feed"
)

// flushAt is how many bytes are gathered before they are sent; a buffer has room for a feature more.
const (
	flushAt  = 64 << 10
	roomMore = 16 << 10
)

var buffers = sync.Pool{New: func() any {
	buf := make([]byte, 0, flushAt+roomMore)
	return &buf
}}

// Page is what surrounds features, and the form they are sent in.
type Page struct {
	Head    string
	Between string
	Append  func(dst []byte, rows *feed.Features) ([]byte, error) // appends the current feature
	Tail    func(dst []byte, n int) []byte                        // appends what follows n features
}

// Features sends GeoJSON features between head and what tail appends, given their number. See [Page.Send].
func Features(ctx context.Context, w http.ResponseWriter, rows *feed.Features, head string,
	tail func(dst []byte, n int) []byte) error {
	return Page{head, ",\n", GeoJSON, tail}.Send(ctx, w, rows)
}

// GeoJSON appends a feature as GeoJSON.
func GeoJSON(dst []byte, rows *feed.Features) ([]byte, error) { return rows.Append(dst, false) }

// Send sends a page of features. An error before the first byte is returned. A later one aborts the connection, so
// that nobody takes a part for the whole.
func (p Page) Send(ctx context.Context, w http.ResponseWriter, rows *feed.Features) error {
	pooled := buffers.Get().(*[]byte)
	defer func() {
		if cap(*pooled) <= 4*flushAt { // a giant of a feature is not kept for ever
			buffers.Put(pooled)
		}
	}()
	buf, n, sent := append((*pooled)[:0], p.Head...), 0, false
	defer func() { *pooled = buf }()
	fail := func(err error) error {
		if !sent {
			return err
		}
		problem.Report(ctx, err)
		panic(http.ErrAbortHandler)
	}
	var err error
	paced := newPace(w, rows.Wanted)
	defer paced.close()
	for rows.Next() {
		if n > 0 {
			buf = append(buf, p.Between...)
		}
		if buf, err = p.Append(buf, rows); err != nil {
			return fail(err)
		}
		n++
		if len(buf) >= flushAt {
			sent = true
			if _, err = paced.Write(buf); err != nil {
				return fail(err)
			}
			buf = buf[:0]
		}
	}
	if err = rows.Err(); err != nil {
		return fail(err)
	}
	buf = p.Tail(buf, n)
	if !sent {
		w.Header().Set("Content-Length", strconv.Itoa(len(buf)))
	}
	sent = true
	if _, err = paced.Write(buf); err != nil {
		return fail(err)
	}
	return nil
}
