package stream

import (
	"net/http"
	"strconv"

	"luodi/data/feed"
)

// pieceMost is how many bytes of a long answer are gathered before they are sent. A shorter one is sent at once.
const pieceMost = 256 << 10

// Kept sends head, the features of a page and tail. They stand in memory, so the length is known before the first byte,
// nothing can fail but the reader, and a slow reader holds nothing that others wait for.
func Kept(w http.ResponseWriter, head string, page *feed.Page, tail []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(head)+page.Size()+len(tail)))
	Gather(func(buf []byte) []byte {
		buf = append(buf, head...)
		for i := range page.Len() {
			buf = page.Append(buf, i)
			if len(buf) >= pieceMost {
				if _, err := w.Write(buf); err != nil {
					return buf // nobody is left to be told
				}
				buf = buf[:0]
			}
		}
		buf = append(buf, tail...)
		_, _ = w.Write(buf) // nobody is left to be told of a failure
		return buf
	})
}

// Gather hands on an empty buffer, which is used again afterwards. What is returned is that buffer, grown or not.
func Gather(use func(buf []byte) []byte) {
	pooled := buffers.Get().(*[]byte)
	*pooled = use((*pooled)[:0])
	if cap(*pooled) <= 2*pieceMost {
		buffers.Put(pooled)
	}
}

// Body is what Kept sends, as a whole.
func Body(head string, page *feed.Page, tail []byte) []byte {
	body := append(make([]byte, 0, len(head)+page.Size()+len(tail)), head...)
	for i := range page.Len() {
		body = page.Append(body, i)
	}
	return append(body, tail...)
}
