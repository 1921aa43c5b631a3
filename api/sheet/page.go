package sheet

import (
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/message"
)

// page puts the page together, its plan as large as a form has room for.
func (t *telling) page(f *form) (page.Page, error) {
	plan, err := t.plan(f)
	if err != nil {
		return page.Page{}, err
	}
	link := t.base + t.address(nil)
	shown, err := page.NewQR(t.text("api.sheet.qr"), t.base+t.address(url.Values{"lang": {string(t.lang)}}), link)
	if err != nil {
		return page.Page{}, err
	}
	sections := []page.Section{{Drawing: plan}}
	if t.isSet() {
		if t.isCompared() {
			side, err := t.compared()
			if err != nil {
				return page.Page{}, err
			}
			sections = append(sections, side)
		}
		sections = append(sections, t.setSections()...)
	} else {
		sections = append(sections, t.own())
		if papers, some := t.paperSection(); some {
			sections = append(sections, papers)
		}
		sections = append(sections, t.services(), t.conditionsOf(t.parcel), t.volume(),
			t.neighboursOf(t.parcel.Neighbours), t.near(), t.past())
	}
	sections = append(sections, page.Section{Title: t.text("api.sheet.take"), QR: shown, Links: t.downloads()},
		page.Section{Text: t.source()})
	lead, contact := t.summary(), t.contact()
	if contact != (page.Contact{}) {
		sections = append(sections[:len(sections)-2:len(sections)-2], append([]page.Section{contact.Section(t.lang)},
			sections[len(sections)-2:]...)...)
	}
	return page.Page{Root: t.mount(), Title: t.title(), Here: strings.Join(t.codes(), ", "), Lead: lead, About: lead, Map: t.onMap(), Contact: contact.Line(),
		Image: t.base + t.as("card"), Sections: sections}, nil
}

// as is the address of the page in another form, below the server's.
func (t *telling) as(form string) string {
	return t.address(url.Values{"f": {form}, "lang": {string(t.lang)}})
}

// address is where the page is, below the server's, with more parameters.
func (t *telling) address(more url.Values) string {
	if t.lot != nil {
		if more == nil {
			more = url.Values{}
		}
		more.Set("lot", t.lotText)
	}
	if len(more) == 0 {
		return Path(t.park.Code, t.codes()...)
	}
	return Path(t.park.Code, t.codes()...) + "?" + more.Encode()
}

// contact is whom the park says to ask; empty where it says nothing.
func (t *telling) contact() page.Contact {
	return Contact(t.park.Contact, t.lang)
}

// own are the facts of one parcel, or of the lot in it.
func (t *telling) own() page.Section {
	if t.lot != nil {
		return page.Section{Text: t.text("api.sheet.lot.about"), Table: t.lotFacts()}
	}
	return page.Section{Table: t.facts()}
}

// data is the ground of the page as GeoJSON, with what the public feed tells of it.
func (t *telling) data() ([]byte, error) {
	if t.lot != nil {
		return t.lotFeature()
	}
	type feature struct {
		Type       string                     `json:"type"`
		ID         string                     `json:"id"`
		Geometry   json.RawMessage            `json:"geometry"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	all := make([]feature, len(t.sites))
	for i, s := range t.sites {
		all[i] = feature{"Feature", s.feature.ID, s.feature.Geometry, s.feature.Properties}
	}
	return json.Marshal(map[string]any{"type": "FeatureCollection", "features": all})
}

// downloads are what can be taken along.
func (t *telling) downloads() []page.Link {
	links := []page.Link{{Text: t.text("api.sheet.ask"), Href: t.onMap() + "&" + t.asking().Encode()},
		{Text: t.text("api.sheet.pdf"), Href: t.mount() + t.as("pdf")},
		{Text: t.text("api.sheet.png"), Href: t.mount() + t.as("png")},
		{Text: t.text("api.sheet.geojson"), Href: t.mount() + t.address(url.Values{"f": {"geojson"}})}}
	if t.isSet() || t.lot != nil {
		return links
	}
	data := t.mount() + "/ogc/collections/parcels/items/" + t.feature.ID
	plat := t.mount() + "/api/parks/" + url.PathEscape(t.park.Code) + "/parcels/" + t.feature.ID + "/plat.pdf?lang=" +
		string(t.lang)
	links = append(links, page.Link{Text: t.text("outlet.plat") + " (PDF)", Href: plat})
	return append(links, page.Link{Text: t.text("api.sheet.record"), Href: data + "?f=html&lang=" + string(t.lang)})
}

// askedOutline is the longest outline that the page's shortlist keeps (web/src/core/kept.ts).
const askedOutline = 600

// asking opens the form of an enquiry with what the page is about on the shortlist: a parcel by its code, a lot or a set
// as the shortlist has it in addresses. An outline that is too long for that is left out, and the parcel asked about.
func (t *telling) asking() url.Values {
	codes := t.codes()
	var parts []string
	switch {
	case t.isSet():
		parts = append([]string{strings.Join(codes, "+"), "a", ""}, codes...)
	case t.lot != nil && len(t.lotText) <= askedOutline:
		mu := strconv.FormatFloat(math.Round(t.lot.ComputedM2*15/100)/100, 'f', -1, 64)
		parts = []string{t.text("api.sheet.lot.title", "code", codes[0]), "o", mu, t.lotText, codes[0]}
	default:
		return url.Values{"enquire": {codes[0]}}
	}
	mark := strings.NewReplacer("%", "%25", ",", "%2C", ";", "%3B")
	for i := range parts {
		parts[i] = mark.Replace(parts[i])
	}
	return url.Values{"enquire": {"form"}, "list": {strings.Join(parts, ";")}}
}

// link is the address that paper shows: of a lot that of its parcel, whose code of the sheet leads on.
func (t *telling) link() string { return Path(t.park.Code, t.codes()...) }

// foot says on each sheet of paper where the figures come from, and of when they are.
func (t *telling) foot() string {
	return t.text("api.sheet.foot", "title", t.title(), "link", t.base+t.link(), "time",
		t.instant(t.park.At))
}

// onMap is the address of the parcel on the map.
func (t *telling) onMap() string {
	query := url.Values{"park": {t.park.Code}, "parcel": {t.feature.Text("code")}, "lang": {string(t.lang)}}
	return t.mount() + "/?" + query.Encode()
}

// summary says in a line what the parcel is: its status, its area, its use.
func (t *telling) summary() string {
	if t.lot != nil {
		mu := t.lotMu()
		if mu == "" {
			mu = t.text("web.parcel.unstated")
		}
		return t.text("api.sheet.lot.summary", "code", t.feature.Text("code"), "status",
			t.text("web.status."+t.feature.Text("status")), "mu", mu, "use", t.value("land_use").Text)
	}
	if t.isSet() {
		sum, known := t.setArea("legal_m2")
		if !known {
			return t.text("api.sheet.set.summary.unknown", "n", len(t.sites))
		}
		return t.text("api.sheet.set.summary", "n", len(t.sites), "mu", ogc.Grouped(sum.Mu().Round().String()))
	}
	return t.text("api.sheet.summary", "status", t.text("web.status."+t.feature.Text("status")), "mu",
		ogc.Grouped(t.feature.Number("legal_mu")), "use", t.value("land_use").Text)
}

func (t *telling) value(name string) page.Cell {
	return ogc.PropertyCell(t.lang, feed.Parcels().Property(name), t.feature.Properties[name])
}

// source says whose figures these are, of when, and what they are not.
func (t *telling) source() string {
	text := t.text("api.sheet.source", "time", t.instant(t.park.At))
	if t.park.Illustrative {
		text += t.text("web.illustrative.text")
	}
	return text
}

// plan draws the parcel among its neighbours at a round scale.
func (t *telling) plan(f *form) (*page.Drawing, error) {
	d := &page.Drawing{Title: t.text("api.sheet.plan", "code", strings.Join(t.codes(), ", ")), Paper: &page.Paper{
		Width: f.width, Height: f.height, North: t.text("api.sheet.north"), Scale: func(denominator int) string {
			if !f.onA4() {
				return "" // a picture is shown in any size
			}
			return t.text("api.sheet.scale", "n", ogc.Grouped(strconv.Itoa(denominator)))
		}}, Scale: func(m float64) string {
		return page.Metres(m, t.text("web.unit.m"), t.text("web.unit.km"))
	}}
	for at, near := range [][]feed.Parsed{t.outlines, t.around} {
		for i := range near {
			if t.lot == nil && t.has(near[i].ID) {
				continue
			}
			s, err := page.ParseShape(near[i].Geometry)
			if err != nil {
				return nil, err
			}
			if s.Title = near[i].Text("code"); at > 0 {
				s.Label = s.Title
			}
			d.Ground = append(d.Ground, s)
		}
	}
	for i := range t.sites {
		f := &t.sites[i].feature
		s, err := page.ParseShape(f.Geometry)
		if err != nil {
			return nil, err
		}
		status := f.Text("status")
		s.Class, s.Title, s.Label = status, f.Text("code"), f.Text("code")
		if t.lot != nil {
			s.Title = t.text("api.sheet.lot.title", "code", s.Label)
			s.Label = t.text("api.sheet.lot.label")
		}
		d.Shapes = append(d.Shapes, s)
		if key := (page.Key{Class: status, Text: t.text("web.status." + status)}); !slices.Contains(d.Legend, key) {
			d.Legend = append(d.Legend, key)
		}
	}
	return d, nil
}

// name is a text that stands in two languages, in the reader's, or in the other where that is missing.
func (t *telling) name(zh, en string) string {
	if t.lang == message.EN && en != "" || zh == "" {
		return en
	}
	return zh
}
