package board

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"luodi/api/background"
	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/api/request"
	"luodi/api/sheet"
	"luodi/data/feed"
	"luodi/geo"
	"luodi/geo/land"
)

const (
	drawnMost  = 1000 // parcels on the map
	listedMost = 200  // in the list
)

// embed draws a park's land as a map, and lists what of it is free.
func (s *Service) embed(w http.ResponseWriter, r *http.Request, a *ask) error {
	code := chi.URLParam(r, "park")
	var p page.Page
	done := false
	err := s.feed.View(r.Context(), func(v *feed.View) error {
		state, err := v.Park(r.Context(), code)
		if err != nil {
			return err
		}
		back, err := s.background(code, r.URL.Query().Get("background"))
		if err != nil {
			return err
		}
		done = request.Unchanged(w, r, request.Tag(state.Stamp(), s.version, request.Base(r), "embed", code,
			string(a.lang), r.URL.Query().Get("background"), s.backgrounds.Digest()))
		if done {
			return nil
		}
		park, err := v.ParkFacts(r.Context(), code)
		if err != nil {
			return err
		}
		all, rows, err := v.Parsed(r.Context(), &feed.Query{Collection: feed.Parcels(), Park: code, Limit: drawnMost})
		if err != nil {
			return err
		}
		free, listed, err := v.Parsed(r.Context(), &feed.Query{Collection: feed.Parcels(), Park: code, Limit: listedMost,
			Equal: []feed.Equal{{Property: feed.Parcels().Property("status"), Value: string(land.ParcelAvailable)}}})
		if err != nil {
			return err
		}
		if p, err = a.embedded(park, all, free, back); rows.More || listed.More {
			first := a.text("api.embed.first", "drawn", drawnMost, "listed", listedMost)
			p.Sections = append(p.Sections, page.Section{Text: first})
		}
		if back != nil {
			p.Pictures = s.backgrounds.Hosts(back.Code)
		}
		return err
	})
	if err != nil || done {
		return err
	}
	p.Framers, p.Outward = s.framers, true
	return page.Write(w, r, a.lang, p)
}

// background is the one that the address asks for; nil where it asks for none. Of a file of
// tiles elsewhere, and of vectors, no page without a script can show a part.
func (s *Service) background(park, code string) (*background.Background, error) {
	if code == "" {
		return nil, nil
	}
	var values []string
	for _, b := range s.backgrounds.For(park) {
		if b.Pictures("") == nil {
			continue
		}
		if values = append(values, b.Code); b.Code == code {
			return &b, nil
		}
	}
	if len(values) == 0 {
		return nil, geo.NewInvalid("background", "background.none", code)
	}
	return nil, geo.NewInvalid("background", "one_of", code, "values", strings.Join(values, ", "))
}

func (a *ask) embedded(park *feed.Park, all, free []feed.Parsed, back *background.Background) (page.Page, error) {
	drawing, err := a.plan(park, all)
	if err != nil {
		return page.Page{}, err
	}
	if back != nil {
		drawing.Credit = back.Attribution(string(a.lang))
		for _, layer := range back.Pictures(a.root) {
			drawing.Under = append(drawing.Under, page.Backdrop{Tiles: layer.Tiles, MinZoom: layer.MinZoom,
				MaxZoom: layer.MaxZoom})
		}
	}
	list := page.Section{Title: a.text("api.embed.free"), Table: a.list(park, free)}
	if len(free) == 0 {
		list.Table, list.Text = nil, a.text("api.embed.none")
	}
	note := a.text("api.embed.source", "time", a.instant(park.At, park.TimeZone))
	if park.Illustrative {
		note += a.text("web.illustrative.text")
	}
	sections := []page.Section{{Drawing: drawing}, list}
	if contact := sheet.Contact(park.Contact, a.lang); contact != (page.Contact{}) {
		sections = append(sections, contact.Section(a.lang))
	}
	return page.Page{Root: a.root, Title: a.name(park.NameZH, park.NameEN),
		Lead:     a.text("api.embed.lead", "n", len(free)),
		Map:      a.root + "/?" + url.Values{"park": {park.Code}, "lang": {string(a.lang)}}.Encode(),
		Sections: append(sections, page.Section{Text: note})}, nil
}

// site is the address of a parcel's page.
func (a *ask) site(park *feed.Park, code string) string {
	return a.root + sheet.Path(park.Code, code) + "?lang=" + string(a.lang)
}

// plan draws parcels in the colours of their statuses, each leading to its page.
func (a *ask) plan(park *feed.Park, all []feed.Parsed) (*page.Drawing, error) {
	d := &page.Drawing{Title: a.text("api.embed.map"), Scale: func(m float64) string {
		return page.Metres(m, a.text("web.unit.m"), a.text("web.unit.km"))
	}}
	seen := map[string]bool{}
	for i := range all {
		shape, err := page.ParseShape(all[i].Geometry)
		if err != nil {
			return nil, err
		}
		status, code := all[i].Text("status"), all[i].Text("code")
		shape.Class, shape.Title, shape.Href = status, code+" · "+a.text("web.status."+status), a.site(park, code)
		d.Shapes, seen[status] = append(d.Shapes, shape), true
	}
	for _, status := range land.ParcelStatuses() {
		if seen[string(status)] {
			d.Legend = append(d.Legend, page.Key{Class: string(status), Text: a.text("web.status." + string(status))})
		}
	}
	return d, nil
}

// list is a row for each free parcel.
func (a *ask) list(park *feed.Park, free []feed.Parsed) *page.Table {
	t := &page.Table{Head: []string{a.text("api.property.code"), a.text("web.parcel.legal"), a.text("web.parcel.landuse")}}
	for i := range free {
		f := &free[i]
		use := ogc.PropertyCell(a.lang, feed.Parcels().Property("land_use"), f.Properties["land_use"])
		t.Rows = append(t.Rows, []page.Cell{{Text: f.Text("code"), Href: a.site(park, f.Text("code"))},
			{Text: a.text("api.sheet.set.mu", "mu", ogc.Grouped(f.Number("legal_mu"))), Number: true}, use})
	}
	slices.SortFunc(t.Rows, func(a, b []page.Cell) int { return strings.Compare(a[0].Text, b[0].Text) })
	return t
}
