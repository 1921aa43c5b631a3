package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"luodi/api/background"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/store"
)

// frontFile is the file of the map's page.
const frontFile = "index.html"

// front serves the map's page with the answers that it asks for first written into it, so that its first figures wait
// for no further way to the server (docs/decisions/0017-first-load.md).
type front struct {
	files   *static
	answers http.Handler // every route, as a caller meets them
	// what the page may ask other machines for
	backgrounds *background.Set
}

// openedFirst is the park that opens where the address names none, if it exists: defaultPark of web/src/state/links.ts.
const openedFirst = "carbon-fibre"

// givenWithin bounds how long the page waits for the answers that go with it. Without them it asks for itself.
const givenWithin = 2 * time.Second

// parcelsMost is how many parcels of a park go with the page: those of a larger park would keep the page from its code.
const parcelsMost = 300

// parkShapes is where the page reads the outlines of all parks.
const parkShapes = "/ogc/collections/parks/items?f=json&limit=10000"

func (f front) serve(w http.ResponseWriter, r *http.Request) {
	plain, err := f.read()
	if err != nil {
		problem.Write(w, r, &store.Missing{Kind: "client", Name: r.URL.Path})
		return
	}
	answers, tags := f.given(r)
	given, err := json.Marshal(answers) // its <, > and & are escaped: the text cannot end the element
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Cookie, Authorization")
	keep := "no-cache"
	if signsIn(r) {
		keep = "private, no-store"
	}
	// browsers keep the policy of a page that they find unchanged: another policy is another page
	tag := request.Tag("", append(tags, string(plain), f.backgrounds.Digest())...)
	h.Set("ETag", tag)
	h.Set("Content-Security-Policy", policyFor(f.backgrounds.Hosts()))
	h.Set("Cache-Control", keep)
	if request.Holds(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	http.ServeContent(w, r, frontFile, time.Time{}, bytes.NewReader(withGiven(plain, given)))
}

func (f front) read() ([]byte, error) {
	file, err := f.files.open(frontFile)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(file)
}

// withGiven writes answers to the end of a page's body: as data, which no policy lets run.
func withGiven(page, given []byte) []byte {
	end := bytes.LastIndex(page, []byte("</body>"))
	if end < 0 {
		return page
	}
	element := "<script type=\"application/json\" id=\"given-answers\">" + string(given) + "</script>\n"
	return append(append(append(make([]byte, 0, len(page)+len(element)), page[:end]...), element...), page[end:]...)
}

// given are the answers by their path: who is signed in, the parks, and of the park that the page opens the balance
// and, for the public, the parcels; each as the caller gets it from the path itself; and what names their states. One
// that is refused, late or sets a cookie is left out.
func (f front) given(r *http.Request) (given map[string]json.RawMessage, tags []string) {
	ctx, cancel := context.WithTimeout(r.Context(), givenWithin)
	defer cancel()
	given = map[string]json.RawMessage{}
	add := func(path string) {
		if body, tag := f.ask(ctx, r, path); body != nil {
			given[path] = body
			tags = append(tags, path, cmp.Or(tag, string(body)))
		}
	}
	add("/api/session")
	add(parkShapes)
	add("/api/parks") // before the balance, which is then never older than what the park's events are followed from
	query := r.URL.Query()
	park, parcels := opened(given["/api/parks"], query.Get("park"))
	if park != "" && query.Get("on") == "" {
		add("/api/parks/" + url.PathEscape(park) + "/balance")
		if !signsIn(r) && parcels <= parcelsMost { // planners read other rows
			add("/api/parks/" + url.PathEscape(park) + "/parcels.geojson")
		}
	}
	if park != "" {
		add("/api/parks/" + url.PathEscape(park) + "/backgrounds")
	}
	return given, tags
}

// opened is the code of the park that the page opens, and how many parcels it has: the one named, else the usual one,
// else the first; "" for none.
func opened(parks json.RawMessage, named string) (code string, parcels int) {
	var list struct {
		Parks []struct {
			Code    string
			Parcels int
		}
	}
	if json.Unmarshal(parks, &list) != nil || len(list.Parks) == 0 {
		return "", 0
	}
	for _, code := range []string{named, openedFirst} {
		for _, park := range list.Parks {
			if park.Code == code {
				return code, park.Parcels
			}
		}
	}
	return list.Parks[0].Code, list.Parks[0].Parcels
}

// signsIn tells whether a request says who sends it.
func signsIn(r *http.Request) bool {
	return r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != ""
}

// ask is what the caller would be answered at a path, and its tag; nil where that is not plain success.
func (f front) ask(ctx context.Context, r *http.Request, path string) (body json.RawMessage, tag string) {
	// a route of its own: that of the page stands in its context
	ctx = context.WithValue(context.WithValue(ctx, chi.RouteCtxKey, nil), withinKey{}, true)
	asked, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, ""
	}
	asked.Header = r.Header.Clone()
	for _, name := range []string{"Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range"} {
		asked.Header.Del(name)
	}
	asked.Header.Set("Accept", "application/json, application/geo+json")
	asked.Host, asked.RemoteAddr, asked.TLS, asked.RequestURI = r.Host, r.RemoteAddr, r.TLS, path
	answer := &gathered{header: http.Header{}}
	f.answers.ServeHTTP(answer, asked)
	body = answer.body.Bytes()
	if answer.status != http.StatusOK || answer.header.Get("Set-Cookie") != "" || !json.Valid(body) {
		return nil, ""
	}
	return body, answer.header.Get("ETag")
}

// withinKey marks what the server asks itself for a page: it is counted and logged with the page.
type withinKey struct{}

// gathered is an answer that is kept in memory.
type gathered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (g *gathered) Header() http.Header { return g.header }

func (g *gathered) WriteHeader(status int) {
	if g.status == 0 {
		g.status = status
	}
}

func (g *gathered) Write(b []byte) (int, error) {
	g.WriteHeader(http.StatusOK)
	return g.body.Write(b)
}
