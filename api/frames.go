package api

import (
	"net/http"
	"strconv"

	"luodi/api/live"
)

// framer writes events to a stream: server-sent events, or a JSON document a line.
type framer struct {
	feed     *eventFeed
	follower *live.Follower
	w        http.ResponseWriter
	control  *http.ResponseController
	sse      bool
	buf      []byte
}

// send writes events in one piece. Without events it writes a heartbeat with the cursor, so that a reconnecting
// client skips numbers without a visible event.
func (o *framer) send(frames []live.Frame) error {
	o.buf = o.buf[:0]
	for _, frame := range frames {
		o.event(frame)
	}
	if len(frames) == 0 {
		o.beat()
	}
	return o.flush()
}

func (o *framer) event(frame live.Frame) {
	if !o.sse {
		o.buf = append(append(o.buf, frame.JSON...), '\n')
		return
	}
	at := o.feed.cursor(func(p live.Place) int64 { // what of the frame's park comes after it in this piece has not come yet
		if p.Park.Code == frame.Park {
			return frame.Seq
		}
		return o.follower.Cursor(p.Park.ID)
	})
	if o.feed.after.whole {
		at = strconv.FormatInt(o.follower.After(frame), 10)
	}
	o.buf = append(append(append(o.buf, "id: "...), at...), "\ndata: "...)
	o.buf = append(append(o.buf, frame.JSON...), "\n\n"...)
}

func (o *framer) beat() {
	at := o.feed.followed(o.follower)
	if o.sse {
		// an id alone moves Last-Event-ID and is no event
		o.buf = append(append(append(o.buf, ": at\nid: "...), at...), "\n\n"...)
		return
	}
	o.buf = append(append(append(o.buf, `{"next":`...), o.feed.jsonCursor(at)...), "}\n"...)
}

// end says why the stream ends.
func (o *framer) end(err error) {
	why := problemJSON(o.feed.r, err)
	if o.sse {
		o.buf = append(append(append(o.buf[:0], "event: end\ndata: "...), why...), "\n\n"...)
	} else {
		o.buf = append(append(append(o.buf[:0], `{"end":`...), why...), "}\n"...)
	}
	_ = o.flush() // who is gone needs no reason
}

func (o *framer) flush() error {
	if _, err := o.w.Write(o.buf); err != nil {
		return err
	}
	return o.control.Flush()
}
