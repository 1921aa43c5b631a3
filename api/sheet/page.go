package sheet

import (
	"net/url"
	"strconv"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/message"
)

// The plan's sheet, in millimetres: as wide as A4 between its margins.
const (
	planWidth  = 180
	planHeight = 120
)

// page puts the page together.
func (t *telling) page() (page.Page, error) {
	plan, err := t.plan()
	if err != nil {
		return page.Page{}, err
	}
	code := t.feature.text("code")
	link := t.base + Path(t.park.Code, code)
	ask := t.onMap() + "&" + url.Values{"enquire": {code}}.Encode()
	shown, err := page.NewQR(t.text("api.sheet.qr"), link+"?lang="+string(t.lang), link)
	if err != nil {
		return page.Page{}, err
	}
	sections := []page.Section{{Drawing: plan}, {Table: t.facts()}, t.services(), t.conditions(), t.neighbours(), {
		Title: t.text("api.sheet.take"), QR: shown, Links: []page.Link{{Text: t.text("api.sheet.ask"), Href: ask}, {Text: t.text("api.sheet.geojson"),
			Href: t.mount() + "/ogc/collections/parcels/items/" + t.feature.ID + "?f=json"},
			{Text: t.text("api.sheet.record"), Href: t.mount() + "/ogc/collections/parcels/items/" + t.feature.ID +
				"?f=html&lang=" + string(t.lang)}}},
		{Text: t.source()}}
	lead := t.summary()
	return page.Page{Root: t.mount(), Title: t.title(), Here: code, Lead: lead, About: lead, Map: t.onMap(), Sections: sections}, nil
}

// onMap is the address of the parcel on the map.
func (t *telling) onMap() string {
	query := url.Values{"park": {t.park.Code}, "parcel": {t.feature.text("code")}, "lang": {string(t.lang)}}
	return t.mount() + "/?" + query.Encode()
}

// summary says in a line what the parcel is: its status, its area, its use.
func (t *telling) summary() string {
	return t.text("api.sheet.summary", "status", t.text("web.status."+t.feature.text("status")), "mu",
		ogc.Grouped(t.feature.number("legal_mu")), "use", t.value("land_use").Text)
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
func (t *telling) plan() (*page.Drawing, error) {
	d := &page.Drawing{Title: t.text("api.sheet.plan", "code", t.feature.text("code")), Paper: &page.Paper{
		Width: planWidth, Height: planHeight, North: t.text("api.sheet.north"), Scale: func(denominator int) string {
			return t.text("api.sheet.scale", "n", ogc.Grouped(strconv.Itoa(denominator)))
		}}, Scale: func(m float64) string {
		return page.Metres(m, t.text("web.unit.m"), t.text("web.unit.km"))
	}}
	for at, near := range [][]feature{t.outlines, t.around} {
		for i := range near {
			if near[i].ID == t.feature.ID {
				continue
			}
			s, err := page.ParseShape(near[i].Geometry)
			if err != nil {
				return nil, err
			}
			if s.Title = near[i].text("code"); at > 0 {
				s.Label = s.Title
			}
			d.Ground = append(d.Ground, s)
		}
	}
	s, err := page.ParseShape(t.feature.Geometry)
	status := t.feature.text("status")
	s.Class, s.Title, s.Label = status, t.feature.text("code"), t.feature.text("code")
	d.Shapes = []page.Shape{s}
	d.Legend = []page.Key{{Class: status, Text: t.text("web.status." + status)}}
	return d, err
}

// name is a text that stands in two languages, in the reader's, or in the other where that is missing.
func (t *telling) name(zh, en string) string {
	if t.lang == message.EN && en != "" || zh == "" {
		return en
	}
	return zh
}
