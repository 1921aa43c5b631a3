package api_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// An unchanged page that is asked for again is kept as it is sent: it comes with its length, which an answer that is
// compressed while it is sent has not, with the bytes and the tag that it had when it was compressed for the first
// time, and they are those of the plain page.
func TestAPageIsKeptAsItIsCompressed(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	eventually(t, "features are kept", func() bool {
		h.get(parcelItems + "?limit=1")
		return strings.Contains(string(h.get("/metrics").body), "luodi_feed_loads_total 1\n")
	})
	path := parcelItems + "?limit=500"
	plain := h.get(path)
	for accept, encoding := range map[string]string{"gzip": "gzip", "zstd": "zstd", "gzip, deflate, br, zstd": "zstd",
		"gzip;q=1, zstd;q=0.5": "gzip", "br": ""} {
		var first reply
		for i := range 4 {
			r := h.get(path, "Accept-Encoding", accept)
			if i == 0 {
				first = r
			}
			tag := strings.TrimSuffix(plain.Header.Get("ETag"), `"`) + map[string]string{"": "", "gzip": "-gzip",
				"zstd": "-zstd"}[encoding] + `"`
			if r.StatusCode != http.StatusOK || r.Header.Get("Content-Encoding") != encoding ||
				r.Header.Get("ETag") != tag || !strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "Accept-Encoding") ||
				r.Header.Get("Content-Type") != "application/geo+json" || !bytes.Equal(r.body, first.body) {
				t.Fatalf("%q, asked %d times: %s %v, %d bytes, first %d", accept, i+1, r.Status, r.Header, len(r.body),
					len(first.body))
			}
			if got, err := unpacked(encoding, r.body); err != nil || !bytes.Equal(got, plain.body) {
				t.Errorf("%q, asked %d times: %d of %d bytes come back, %v", accept, i+1, len(got), len(plain.body), err)
			}
			if r := h.get(path, "Accept-Encoding", accept, "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
				t.Errorf("%q, asked %d times: %s for the tag", accept, i+1, r.Status)
			}
		}
		// on a busy machine memory may have to be brought up meanwhile
		eventually(t, "the page is kept for "+accept, func() bool {
			r := h.get(path, "Accept-Encoding", accept)
			return r.Header.Get("Content-Length") == fmt.Sprint(len(r.body)) && bytes.Equal(r.body, first.body)
		})
	}
	if r := h.answer(h.url, http.MethodHead, path); r.Header.Get("Content-Encoding") != "" || len(r.body) > 0 {
		t.Errorf("HEAD: %v", r.Header)
	}
}

func unpacked(encoding string, body []byte) ([]byte, error) {
	switch encoding {
	case "gzip":
		d, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(d)
	case "zstd":
		d, err := zstd.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		defer d.Close()
		return io.ReadAll(d)
	}
	return body, nil
}
