package stream

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// Compress serves zstd or gzip to those who take it, and marks the tag with which. What names its encoding already is
// left as it is.
func Compress(next http.Handler) http.Handler { return wrap(next) }

var wrap = func() func(http.Handler) http.HandlerFunc {
	wrapper, err := gzhttp.NewWrapper(gzhttp.SuffixETag("-gzip"), gzhttp.CompressionLevel(1), gzhttp.PreferZstd(true))
	if err != nil { // the options are constants
		return func(next http.Handler) http.HandlerFunc { return next.ServeHTTP }
	}
	return wrapper
}()

// Encoding is the encoding in which [Compress] answers a request where the answer is worth it: zstd or gzip, "" for
// none. Like Compress it takes zstd where both are as welcome, and reads no asterisk.
func Encoding(r *http.Request) string {
	if r.Method == http.MethodHead {
		return ""
	}
	header := r.Header.Get("Accept-Encoding")
	zstd, gzip := weight(header, "zstd"), weight(header, "gzip")
	switch {
	case zstd > 0 && zstd >= gzip:
		return "zstd"
	case gzip > 0:
		return "gzip"
	}
	return ""
}

// weight is how welcome an encoding is by an Accept-Encoding header, from 0 to 1.
func weight(header, encoding string) float64 {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.ToLower(strings.TrimSpace(name)) != encoding {
			continue
		}
		for param := range strings.SplitSeq(params, ";") {
			if name, text, given := strings.Cut(strings.TrimSpace(param), "="); given && strings.EqualFold(name, "q") {
				q, err := strconv.ParseFloat(text, 64)
				if err != nil {
					return 0
				}
				return max(0, min(q, 1))
			}
		}
		return 1
	}
	return 0
}

// Encoded is a body in the bytes in which [Compress] sends it in an encoding; nil where Compress leaves it as it is.
func Encoded(encoding, mediaType string, body []byte) []byte {
	if encoding == "" {
		return nil
	}
	out := &recorder{header: http.Header{"Content-Type": {mediaType}}}
	wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(body) // a recorder doesn't fail
	})).ServeHTTP(out, &http.Request{Method: http.MethodGet, Header: http.Header{"Accept-Encoding": {encoding}}})
	if out.header.Get("Content-Encoding") != encoding {
		return nil
	}
	return out.body
}

// recorder keeps what is written.
type recorder struct {
	header http.Header
	body   []byte
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) Write(b []byte) (int, error) {
	r.body = append(r.body, b...)
	return len(b), nil
}

func (r *recorder) WriteHeader(int) {}
