// Package board serves two pages for who looks at parks from outside, without scripts: the overview of all parks, and
// the map and list of a park's free land for a frame of another site.
package board

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"luodi/api/background"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/store"
	"luodi/message"
)

// Where the pages are.
const (
	OverviewPath = "/overview"
	embedRoute   = "/embed/{park}"
)

// Service draws the pages.
type Service struct {
	feed        feed.Feed
	version     string
	framers     []string // origins whose pages may show the map and list in a frame
	backgrounds *background.Set
}

// New makes the service; version goes into what answers are tagged with.
func New(store *store.Store, version string, framers []string, backgrounds *background.Set) *Service {
	return &Service{feed.Of(store), version, framers, backgrounds}
}

// Routes adds the service to a router.
func (s *Service) Routes(r chi.Router) {
	r.Get(OverviewPath, s.answering(s.overview))
	r.Get(embedRoute, s.answering(s.embed, "background"))
}

// ask is a request for a page.
type ask struct {
	lang message.Lang
	root string // the path under which a proxy serves this server
}

func (a *ask) text(key string, args ...any) string { return message.Text(a.lang, key, args...) }

// name is a text that stands in two languages, in the reader's, or in the other where that is missing.
func (a *ask) name(zh, en string) string {
	if a.lang == message.EN && en != "" || zh == "" {
		return en
	}
	return zh
}

// instant writes a moment by a park's clock.
func (a *ask) instant(at *time.Time, zone string) string {
	if at == nil {
		return a.text("web.parcel.unstated")
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	return at.In(place).Format("2006-01-02 15:04 MST")
}

func (s *Service) answering(answer func(http.ResponseWriter, *http.Request, *ask) error, more ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Language")
		if err := func() error {
			query, err := request.ParseQuery(r, append(more, "lang")...)
			if err != nil {
				return err
			}
			lang, err := query.Lang(r)
			if err != nil {
				return err
			}
			return answer(w, r, &ask{lang, request.PathPrefix(r)})
		}(); err != nil {
			problem.Write(w, r, err)
		}
	}
}
