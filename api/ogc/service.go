// Package ogc serves OGC API Features over the public collections of package feed: Part 1 (core, GeoJSON, HTML, OpenAPI
// 3.0), Part 3 (filters in CQL2), Part 5 (schemas, code lists), Part 6 (property selection), Part 8 (sorting), Part 9
// (text search).
package ogc

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/store"
)

// Prefix is where the service is mounted.
const Prefix = "/ogc"

// XYZPrefix is where the tiles of collections are by the address that most web maps use: {z}/{x}/{y}.
const XYZPrefix = "/tiles"

// Service answers below Prefix.
type Service struct {
	feed    feed.Feed
	cache   *feed.Cache
	bodies  bodies
	version string
	member  func(context.Context) *feed.Member
	extents feed.Extents
	counts  kept[count]
	tiles   tiles
}

type count struct {
	n  int
	ok bool
}

// New makes the service; cache holds features in memory, tileBytes is how many bytes of map tiles are kept (0:
// [DefaultTiles], less: none), version goes into what answers are tagged with, because
// another version may print otherwise. member tells who in a request's context reads more than the public; nil:
// nobody.
func New(store *store.Store, cache *feed.Cache, tileBytes int64, version string,
	member func(context.Context) *feed.Member) *Service {
	if tileBytes == 0 {
		tileBytes = DefaultTiles
	}
	return &Service{feed: feed.Of(store), cache: cache, tiles: tiles{most: tileBytes}, version: version, member: member}
}

// Routes adds the service to a router, which sees whole paths.
func (s *Service) Routes(r chi.Router) {
	for path, serve := range map[string]func(http.ResponseWriter, *http.Request) error{
		"":                                  s.landing,
		"/conformance":                      s.conformance,
		"/api":                              s.api,
		"/collections":                      s.collections,
		crsPath:                             s.systems,
		crsPath + "/{offset}":               s.mapOffset,
		codelistsPath:                       s.codelists,
		codelistsPath + "/{codelist}":       s.codelist,
		collectionPath:                      s.collection,
		collectionPath + "/queryables":      s.queryables,
		collectionPath + "/sortables":       s.sortables,
		collectionPath + "/schema":          s.schema,
		collectionPath + "/feature-schema":  s.featureSchema,
		collectionPath + "/items":           s.items,
		collectionPath + "/items/{feature}": s.item,
		setsPath:                            s.matrixSets,
		setsPath + "/{set}":                 s.matrixSet,
		collectionPath + "/tiles":           s.tilesets,
		collectionPath + "/tiles/{set}":     s.tileset,
		collectionPath + "/tiles/{set}/{tileMatrix}/{tileRow}/{tileCol}": s.tile,
		collectionPath + "/styles":                                       s.styles,
		collectionPath + "/styles/{style}":                               s.style,
	} {
		r.Get(Prefix+path, s.handle(serve))
	}
	r.Get(XYZPrefix+"/{collection}/{z}/{x}/{y}", s.handle(s.tileXYZ))
}

const collectionPath = "/collections/{collection}"

// handle lets a handler return its error to the one table.
func (s *Service) handle(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept, Accept-Language, Authorization")
		if err := serve(w, s.withMember(r)); err != nil {
			problem.Write(w, r, err)
		}
	}
}

// common are the parameters that every resource takes.
var common = []string{"f", "lang"}

// asked reads a request for a document; more names the parameters allowed besides the common ones.
func asked(r *http.Request, more ...string) (*ask, error) { return askedFor(r, document, more...) }

// askedFor reads a request for a kind of resource.
func askedFor(r *http.Request, of resource, more ...string) (*ask, error) {
	q, err := request.ParseQuery(r, slices.Concat(more, common)...)
	if err != nil {
		return nil, err
	}
	a := &ask{query: q, of: of, member: memberOf(r), root: request.PathPrefix(r), base: request.Base(r) + Prefix,
		path: strings.TrimSuffix(strings.TrimPrefix(r.URL.EscapedPath(), Prefix), "/")}
	if a.own = a.base; of == parkFeatures {
		a.own = request.Base(r)
	}
	if a.sentAs, err = chosen(q, r, of); err != nil {
		return nil, err
	}
	a.format = a.sentAs.name
	if a.profiles, err = profilesOf(q, of, a.format); err != nil {
		return nil, err
	}
	a.lang, err = q.Lang(r)
	return a, err
}

// parameters are the request's, in a fixed order, in a format.
func (a *ask) parameters(f request.Format) string {
	if len(a.query) == 0 {
		return "f=" + string(f)
	}
	values := make(url.Values, len(a.query)+1)
	for name, text := range a.query {
		values[name] = []string{text}
	}
	values["f"] = []string{string(f)}
	return values.Encode()
}

// tag names the answer to a request in the state of a stamp.
func (s *Service) tag(a *ask, stamp string) string {
	return request.Tag(stamp, s.version, a.base, a.path, string(a.lang), a.parameters(a.format), a.memberTag())
}

// writeJSON sends a document.
func writeJSON(w http.ResponseWriter, a *ask, kind string, document any) error {
	body, err := marshal(document)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Language", string(a.lang))
	_, _ = w.Write(body) // nobody is left to be told of a failure
	return nil
}

// marshal is json.Marshal that leaves &, < and > of addresses readable.
func marshal(document any) ([]byte, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}
