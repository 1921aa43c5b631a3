package stream

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

// compressed is what Compress sends of a body that is written in pieces.
func compressed(accept, method string, body []byte, piece int) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/geo+json")
		for rest := body; len(rest) > 0; rest = rest[min(piece, len(rest)):] {
			_, _ = w.Write(rest[:min(piece, len(rest))])
		}
	})).ServeHTTP(w, r)
	return w
}

func TestTheEncodingIsTheOneThatCompressChooses(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("parcel "), 1000)
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.Custom(func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"gzip", "zstd", "br", "*", "GZIP", " zstd ", "x-gzip", ""}).Draw(t, "name") +
				rapid.SampledFrom([]string{"", ";q=0", ";q=0.5", "; q=1", ";Q=0.2", ";q=x", ";q=-1", ";q=7", ";a=b;q=0.1",
					";q", ";q=0.000"}).Draw(t, "weight")
		})
		accept := strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, "accept"), ",")
		method := rapid.SampledFrom([]string{http.MethodGet, http.MethodHead}).Draw(t, "method")
		r := httptest.NewRequest(method, "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		if got, want := Encoding(r), compressed(accept, method, body, 1<<20).Header().Get("Content-Encoding"); got != want {
			t.Fatalf("%s %q: %q, Compress sends %q", method, accept, got, want)
		}
	})
}

// A tag names bytes: what is compressed at once has those of what is compressed as it is written.
func TestWhatIsCompressedAtOnceHasTheSameBytes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{0, 1, 1023, 1024, 5000, 300_000, 3_000_000} {
		body := make([]byte, size)
		for i := range body {
			body[i] = "0123456789.,:{}[]\"codestaus"[random.IntN(27)]
		}
		for _, encoding := range []string{"gzip", "zstd"} {
			got := Encoded(encoding, "application/geo+json", body)
			if size < 1024 {
				if got != nil {
					t.Errorf("%d bytes in %s: not worth it", size, encoding)
				}
				continue
			}
			for _, piece := range []int{1000, 64 << 10, 1 << 30} {
				if sent := compressed(encoding, http.MethodGet, body, piece).Body.Bytes(); !bytes.Equal(sent, got) {
					t.Errorf("%d bytes in %s, %d at a time: %d bytes, at once %d", size, encoding, piece, len(sent), len(got))
				}
			}
			if plain, err := decoded(encoding, got); err != nil || !bytes.Equal(plain, body) {
				t.Errorf("%d bytes in %s: %d come back, %v", size, encoding, len(plain), err)
			}
		}
	}
	if Encoded("", "application/geo+json", bytes.Repeat([]byte("a"), 5000)) != nil {
		t.Error("no encoding is one")
	}
}

func decoded(encoding string, body []byte) ([]byte, error) {
	if encoding == "zstd" {
		d, err := zstd.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		defer d.Close()
		return io.ReadAll(d)
	}
	d, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(d)
}
