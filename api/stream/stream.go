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

// Features sends head, the features separated by commas, and what tail appends, given their number. An error before
// the first byte is returned. A later one aborts the connection, so that nobody takes a part for the whole.
func Features(ctx context.Context, w http.ResponseWriter, rows *feed.Features, head string,
	tail func(dst []byte, n int) []byte) error {
	pooled := buffers.Get().(*[]byte)
	defer func() {
		if cap(*pooled) <= 4*flushAt { // a giant of a feature is not kept for ever
			buffers.Put(pooled)
		}
	}()
	buf, n, sent := append((*pooled)[:0], head...), 0, false
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
			buf = append(buf, ',', '\n')
		}
		if buf, err = rows.Append(buf, false); err != nil {
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
	buf = tail(buf, n)
	if !sent {
		w.Header().Set("Content-Length", strconv.Itoa(len(buf)))
	}
	sent = true
	if _, err = paced.Write(buf); err != nil {
		return fail(err)
	}
	return nil
}
