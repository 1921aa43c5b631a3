package api_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
)

// Every route of the router is asked with every method: Allow names what is served and nothing else, and what it
// doesn't name is refused with 405.
func TestAllowTellsTheTruthOnEveryRoute(t *testing.T) {
	t.Parallel()
	h := open(t)
	served := map[string][]string{}
	err := chi.Walk(h.handler.(chi.Routes), func(method, route string, _ http.Handler,
		_ ...func(http.Handler) http.Handler) error {
		served[route] = append(served[route], method)
		return nil
	})
	if err != nil || len(served) < 60 {
		t.Fatalf("%d routes, %v", len(served), err)
	}
	parameter := regexp.MustCompile(`\{[^}]+\}`)
	for route, methods := range served {
		if route == "/*" {
			continue
		}
		if slices.Contains(methods, http.MethodGet) {
			methods = append(methods, http.MethodHead)
		}
		methods = append(methods, http.MethodOptions)
		slices.Sort(methods)
		path := parameter.ReplaceAllString(route, "zz9")
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
			r := h.send(method, path, strings.NewReader("{}"))
			allow := strings.Split(r.Header.Get("Allow"), ", ")
			slices.Sort(allow)
			switch takes := slices.Contains(methods, method); {
			case method == http.MethodOptions && (r.StatusCode != http.StatusNoContent ||
				!slices.Equal(allow, methods)):
				t.Errorf("OPTIONS %s: %s allows %v, the router %v", path, r.Status, allow, methods)
			case takes && r.StatusCode == http.StatusMethodNotAllowed:
				t.Errorf("%s %s: %s, the router takes it", method, path, r.Status)
			case !takes && (r.StatusCode != http.StatusMethodNotAllowed || !slices.Equal(allow, methods)):
				t.Errorf("%s %s: %s, Allow %v, the router takes %v", method, path, r.Status, allow, methods)
			}
		}
	}
	for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS"} {
		for _, path := range []string{"/nowhere", "/api/nowhere", "/ogc/nowhere", "/api/parks/x/nowhere"} {
			if r := h.send(method, path, strings.NewReader("{}")); r.StatusCode != http.StatusNotFound ||
				r.Header.Get("Allow") != "" {
				t.Errorf("%s %s: %s, Allow %q; there is no such path", method, path, r.Status, r.Header.Get("Allow"))
			}
		}
	}
}
