package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// discard is a reader who takes everything.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// BenchmarkKept measures what the program itself does for an answer from memory, without a network.
func BenchmarkKept(b *testing.B) {
	h := open(b)
	h.fill("bench", 20_000)
	eventually(b, "features are kept", func() bool {
		h.get(parcelItems + "?limit=1")
		return strings.Contains(string(h.get("/metrics").body), "luodi_feed_features 20000\n")
	})
	item := parcelItems + "/" + "01900000-0000-7000-8000-000000001000"
	tag := h.get(parcelItems + "?limit=500").Header.Get("ETag")
	for _, c := range []struct{ name, path, tag string }{{"item", item, ""},
		{"10 of 1000 in a box", parcelItems + "?limit=10&bbox=121.1,36,121.2,36.04", ""},
		{"1000 in a box", parcelItems + "?limit=1000&bbox=121.1,36,121.2,36.04", ""},
		{"500, not modified", parcelItems + "?limit=500", tag}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					r := httptest.NewRequest(http.MethodGet, h.url+c.path, nil)
					if c.tag != "" {
						r.Header.Set("If-None-Match", c.tag)
					}
					h.handler.ServeHTTP(&discard{http.Header{}}, r)
				}
			})
		})
	}
}
