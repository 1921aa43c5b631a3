package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"luodi/api/problem"
	"luodi/data/store"
)

// anyFile is the pattern of the page's files: it fits every path, so it says nothing about one.
const anyFile = "/*"

// refusals answers requests that match no route: an unknown path (404), or a method that the path does not take
// (405).
type refusals struct {
	routes chi.Routes
	page   *static
}

// allowed lists the methods of a path; it is empty for an unknown path.
func (f refusals) allowed(path string) []string {
	path = "/" + strings.Trim(path, "/") // as StripSlashes has it
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete} {
		pattern := f.routes.Find(chi.NewRouteContext(), method, path)
		if pattern == "" || pattern == anyFile && !f.page.has(strings.TrimPrefix(path, "/")) {
			continue
		}
		methods = append(methods, method)
		if method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	if methods == nil {
		return nil
	}
	return append(methods, http.MethodOptions)
}

// refuse answers 404 where the path takes no method at all, what OPTIONS asks, and 405 else, with the methods that the
// path takes.
func (f refusals) refuse(w http.ResponseWriter, r *http.Request) {
	methods := f.allowed(r.URL.Path)
	if methods == nil {
		problem.Write(w, r, &store.Missing{Kind: "page", Name: r.URL.Path})
		return
	}
	list := strings.Join(methods, ", ")
	w.Header().Set("Allow", list)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if slices.Contains(methods, r.Method) { // a file that went away between two looks
		problem.Write(w, r, &store.Missing{Kind: "page", Name: r.URL.Path})
		return
	}
	problem.Write(w, r, &problem.Request{Kind: problem.MethodNotAllowed, Field: "method",
		Expected: "api.expected.one_of",
		Args:     []any{"values", list},
		Got:      r.Method})
}
