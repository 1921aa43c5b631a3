// Package sheet serves a page for each public parcel, for several together or for a lot that could be cut from one, at
// an address that people can read, /sites/{park}/{code}: what an investor asks of a site, without scripts and without
// an account, and as a sheet of A4 with a plan at a round scale. It tells what the public feeds tell, of the live
// state.
package sheet

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/api/page"
	"luodi/api/paper"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/siting"
	"luodi/data/store"
	"luodi/geo"
	"luodi/message"
)

// Path is where the page of a parcel is, or of several together, given their park and their codes.
func Path(park string, codes ...string) string {
	escaped := make([]string, len(codes))
	for i, code := range codes {
		escaped[i] = url.PathEscape(code)
	}
	return "/sites/" + url.PathEscape(park) + "/" + strings.Join(escaped, ",")
}

// Service draws the pages.
type Service struct {
	feed    feed.Feed
	roads   *siting.Matcher // measures ways and frontages
	version string
	prints  *prints
}

// New makes the service; version goes into what answers are tagged with, because another version may print otherwise.
// The built page, which may be none, has the type of PDFs and pictures.
func New(store *store.Store, matcher *siting.Matcher, version string, web fs.FS) *Service {
	return &Service{feed.Of(store), matcher, version, newPrints(web)}
}

// Routes adds the service to a router.
func (s *Service) Routes(r chi.Router) {
	r.Get("/sites/{park}/{code}", refuse(s.serve))
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) error {
	query, err := request.ParseQuery(r, "f", "lang", "lot")
	if err != nil {
		return err
	}
	lang, err := query.Lang(r)
	if err != nil {
		return err
	}
	name, given := query["f"]
	form, err := formOf(name, given)
	if err != nil {
		return err
	}
	park, code := part(r, "park"), part(r, "code")
	lot, ofLot := query["lot"]
	return s.answer(w, r, park, lang, form, code, lot, func(v *feed.View) (*telling, error) {
		t, err := tell(r.Context(), v, park, code, lang, request.Base(r))
		switch {
		case err != nil:
			return nil, err
		case ofLot && t.isSet():
			return nil, geo.NewInvalid("lot", "sheet.lot.one", code)
		case ofLot:
			if err := t.tellLot(r.Context(), v, lot); err != nil {
				return nil, err
			}
		}
		return t, s.look(r.Context(), v, t)
	})
}

// answer answers a site in a form: from what is kept, or from what tell reads. name and lot tell it from other sites of
// the park.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, park string, lang message.Lang, form *form, name, lot string,
	tell func(*feed.View) (*telling, error)) error {
	var tag string
	var data []byte
	var p page.Page
	var about paper.About
	done := false
	err := s.feed.View(r.Context(), func(v *feed.View) error {
		state, err := v.Park(r.Context(), park)
		if err != nil {
			return err
		}
		tag = request.Tag(state.Stamp(), dayIn(state.TimeZone), s.version, request.Base(r), park, name, lot, string(lang), form.name)
		if done = request.Unchanged(w, r, tag); done {
			return nil
		}
		if form.draw != nil && s.prints.find(tag) != nil {
			return nil
		}
		t, err := tell(v)
		if err != nil {
			return err
		}
		if form.data {
			data, err = t.data()
			return err
		}
		about = paper.About{Lang: lang, Foot: t.foot(), At: t.park.At}
		p, err = t.page(form)
		return err
	})
	if err != nil || done {
		return err
	}
	if form.data {
		send(w, form, lang, name, data)
		return nil
	}
	if form.draw == nil {
		return page.Write(w, r, lang, p)
	}
	print := s.prints.find(tag)
	if print == nil {
		if print, err = s.prints.draw(r.Context(), tag, form, &p, about); err != nil {
			return err
		}
	}
	send(w, form, lang, name, print)
	return nil
}

// part is a part of the path as it was meant: one that holds a slash comes escaped.
func part(r *http.Request, name string) string {
	text := chi.URLParam(r, name)
	if r.URL.RawPath == "" {
		return text
	}
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// telling is what a page is made of.
type telling struct {
	lang     message.Lang
	base     string // scheme, host and a proxy's prefix
	park     *feed.Park
	sites    []site            // what the page is about
	parcel   *feed.ParcelFacts // the first of them
	feature  feed.Parsed
	lot      *feed.LotFacts   // what of the parcel the page is about; nil: all of it
	lotText  string           // its outline, as the address has it
	ground   *feed.Ground     // nil for several parcels
	ways     *siting.Around   // likewise
	road     string           // the name of the road that it fronts
	inset    orb.MultiPolygon // of the ground, what lies inside the setback
	spells   []feed.Spell     // of the parcel\'s public past, the newest first
	papers   []feed.Paper     // its photos and documents
	around   []feed.Parsed    // other parcels near it
	outlines []feed.Parsed    // of the parks that it lies in
}

func (t *telling) text(key string, args ...any) string { return message.Text(t.lang, key, args...) }

// mount is the path under which a proxy serves this server.
func (t *telling) mount() string {
	u, err := url.Parse(t.base)
	if err != nil {
		return ""
	}
	return u.Path
}

// tell reads parcels by their codes; an error that matches [store.ErrNotFound] where the public sees one of them not.
func tell(ctx context.Context, v *feed.View, park, text string, lang message.Lang, base string) (*telling, error) {
	t := &telling{lang: lang, base: base}
	first, err := find(ctx, v, park, text)
	if errors.Is(err, store.ErrNotFound) && strings.Contains(text, ",") { // else the code itself has a comma
		err = t.findAll(ctx, v, park, text)
	} else if err == nil {
		t.sites = []site{*first}
	}
	if err != nil {
		return nil, err
	}
	t.feature, t.parcel = t.sites[0].feature, t.sites[0].facts
	if t.park, err = v.ParkFacts(ctx, park); err != nil {
		return nil, err
	}
	around := slices.Clone(t.parcel.BBox)
	for _, s := range t.sites[1:] {
		for i, side := range s.facts.BBox {
			if i < 2 {
				around[i] = min(around[i], side)
			} else {
				around[i] = max(around[i], side)
			}
		}
	}
	if t.around, _, err = v.Parsed(ctx, near(feed.Parcels(), around, aroundMost)); err != nil {
		return nil, err
	}
	parks, err := feed.FindCollection("parks")
	if err != nil {
		return nil, err
	}
	t.outlines, _, err = v.Parsed(ctx, near(parks, around, aroundMost))
	return t, err
}

// find reads one parcel by its code.
func find(ctx context.Context, v *feed.View, park, code string) (*site, error) {
	found, _, err := v.Parsed(ctx, &feed.Query{Collection: feed.Parcels(), Park: park, Limit: 1,
		Equal: []feed.Equal{{Property: feed.Parcels().Property("code"), Value: code}}})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &store.Missing{Kind: "parcel", Name: code}
	}
	id, err := uuid.Parse(found[0].ID)
	if err != nil {
		return nil, err
	}
	facts, err := v.ParcelFacts(ctx, park, id)
	if err != nil {
		return nil, err
	}
	return &site{facts: facts, feature: found[0]}, nil
}

// findAll reads the parcels that a path names together.
func (t *telling) findAll(ctx context.Context, v *feed.View, park, text string) error {
	codes, err := codesOf(text)
	if err != nil {
		return err
	}
	for _, code := range codes {
		one, err := find(ctx, v, park, code)
		if err != nil {
			return err
		}
		t.sites = append(t.sites, *one)
	}
	return nil
}

// aroundMost is how many parcels are drawn beside the one.
const aroundMost = 300

// title is what the page is called.
func (t *telling) title() string {
	name := t.park.NameZH
	if t.lang == message.EN {
		name = t.park.NameEN
	}
	what := strings.Join(t.codes(), " + ")
	if t.lot != nil {
		what = t.text("api.sheet.lot.title", "code", what)
	}
	return strings.TrimSpace(what + " · " + name)
}
