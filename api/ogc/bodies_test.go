package ogc

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"testing"
)

// A body is kept once it was asked for twice, in each encoding for itself, and is sent as it is kept.
func TestABodyIsKeptInTheEncodingItIsAskedIn(t *testing.T) {
	t.Parallel()
	var b bodies
	body := bytes.Repeat([]byte(`{"type":"Feature"},`), 1000)
	for _, encoding := range []string{"", "gzip", "zstd"} {
		if kept, again := b.find(`"tag"`, encoding); kept != nil || again {
			t.Errorf("%q: %v, %v before it was asked for", encoding, kept, again)
		}
		if kept, again := b.find(`"tag"`, encoding); kept != nil || !again {
			t.Errorf("%q: %v, %v when it was asked for once", encoding, kept, again)
		}
		made := b.keep(`"tag"`, encoding, typeGeoJSON, bytes.Clone(body))
		if kept, _ := b.find(`"tag"`, encoding); kept != made || made.encoding != encoding {
			t.Errorf("%q: it is not kept", encoding)
		}
		w := httptest.NewRecorder()
		w.Header().Set("ETag", `"tag"`)
		made.send(w, httptest.NewRequest("GET", "/", nil))
		want := map[string]string{"": `"tag"`, "gzip": `"tag-gzip"`, "zstd": `"tag-zstd"`}[encoding]
		if h := w.Header(); h.Get("ETag") != want || h.Get("Content-Encoding") != encoding ||
			h.Get("Content-Length") != fmt.Sprint(len(made.body)) || !bytes.Equal(w.Body.Bytes(), made.body) {
			t.Errorf("%q: sent with %v", encoding, h)
		}
	}
	zipped, _ := b.find(`"tag"`, "gzip")
	d, err := gzip.NewReader(bytes.NewReader(zipped.body))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(d); err != nil || !bytes.Equal(plain, body) {
		t.Errorf("%d bytes come back, %v", len(plain), err)
	}
	if small := b.keep(`"small"`, "gzip", typeGeoJSON, []byte("{}")); small.encoding != "" || string(small.body) != "{}" {
		t.Errorf("a small body is compressed: %+v", small)
	}
}

// All bodies together take no more than the bound, in whatever encodings, and the one asked for last stays.
func TestBodiesKeepTheirBound(t *testing.T) {
	t.Parallel()
	var b bodies
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 60 {
		body := make([]byte, 1<<20+random.IntN(5<<20)) // some are larger than what is kept
		for j := range body {
			body[j] = byte(random.IntN(256))
		}
		encoding := []string{"", "gzip", "zstd"}[i%3]
		made := b.keep(fmt.Sprintf("%q", fmt.Sprint(i)), encoding, typeGeoJSON, body)
		total := 0
		for _, e := range b.kept {
			one := e.Value.(*keptBody)
			if total += len(one.body); len(one.body) > bodyMost {
				t.Fatalf("a body of %d bytes is kept", len(one.body))
			}
		}
		if total != b.bytes || total > bodiesMost || len(b.kept) != b.order.Len() {
			t.Fatalf("%d bodies of %d bytes, counted %d", len(b.kept), total, b.bytes)
		}
		if kept, _ := b.find(fmt.Sprintf("%q", fmt.Sprint(i)), encoding); (kept == made) != (len(made.body) <= bodyMost) {
			t.Fatalf("the body of %d bytes is kept: %v", len(made.body), kept != nil)
		}
	}
	if b.bytes < bodiesMost/2 {
		t.Errorf("only %d bytes are kept: nothing had to make room", b.bytes)
	}
}
