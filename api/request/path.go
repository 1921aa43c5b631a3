package request

import (
	"net/http"
	"regexp"
	"strings"
)

// DecodePath has a path routed by what it says, however it is percent-encoded: plan%2Dunits is plan-units (RFC 3986,
// 6.2.2.2). A path with an encoded slash stays as it came, because it says something else than one with a slash.
func DecodePath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawPath != "" && !strings.Contains(strings.ToLower(r.URL.RawPath), "%2f") {
			r.URL.RawPath = ""
		}
		next.ServeHTTP(w, r)
	})
}

// prefixForm is a path that may stand before others.
var prefixForm = regexp.MustCompile(`^(/[A-Za-z0-9._~-]{1,100}){1,10}$`)

// PathPrefix is the path under which a proxy in front serves this server, "" where it serves it at its root: the last
// X-Forwarded-Prefix. What a caller writes of a proxy that isn't there never comes so far: see Forwarded.
func PathPrefix(r *http.Request) string {
	all := strings.Join(r.Header.Values("X-Forwarded-Prefix"), ",")
	prefix := strings.TrimRight(strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:]), "/")
	if !prefixForm.MatchString(prefix) || strings.Contains(prefix, "/..") || strings.Contains(prefix+"/", "/./") {
		return ""
	}
	return prefix
}
