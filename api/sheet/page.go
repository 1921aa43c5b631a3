package sheet

import (
	"net/url"
	"strconv"

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
	code := t.feature.Text("code")
	link := t.base + Path(t.park.Code, code)
	shown, err := page.NewQR(t.text("api.sheet.qr"), link+"?lang="+string(t.lang), link)
	if err != nil {
		return page.Page{}, err
	}
	sections := []page.Section{{Drawing: plan}, {Table: t.facts()}, t.services(), t.conditions(), t.neighbours(), {
		Title: t.text("api.sheet.take"), QR: shown, Links: t.downloads()}, {Text: t.source()}}
	lead := t.summary()
	return page.Page{Root: t.mount(), Title: t.title(), Here: code, Lead: lead, About: lead, Map: t.onMap(),
		Image: t.base + t.as("card"), Sections: sections}, nil
}

// as is the address of the page in another form, below the server's.
func (t *telling) as(form string) string {
	return Path(t.park.Code, t.feature.Text("code")) + "?" + url.Values{"f": {form}, "lang": {string(t.lang)}}.Encode()
}

// downloads are what can be taken along.
func (t *telling) downloads() []page.Link {
	data := t.mount() + "/ogc/collections/parcels/items/" + t.feature.ID
	return []page.Link{{Text: t.text("api.sheet.pdf"), Href: t.mount() + t.as("pdf")},
		{Text: t.text("api.sheet.png"), Href: t.mount() + t.as("png")},
		{Text: t.text("api.sheet.geojson"), Href: data + "?f=json"},
		{Text: t.text("api.sheet.record"), Href: data + "?f=html&lang=" + string(t.lang)}}
}

// foot says on each sheet of paper where the figures come from, and of when they are.
func (t *telling) foot() string {
	return t.text("api.sheet.foot", "title", t.title(), "link", t.base+Path(t.park.Code, t.feature.Text("code")), "time",
		t.instant(t.park.At))
}

// onMap is the address of the parcel on the map.
func (t *telling) onMap() string {
	query := url.Values{"park": {t.park.Code}, "parcel": {t.feature.Text("code")}, "lang": {string(t.lang)}}
	return t.mount() + "/?" + query.Encode()
}

// summary says in a line what the parcel is: its status, its area, its use.
func (t *telling) summary() string {
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
	d := &page.Drawing{Title: t.text("api.sheet.plan", "code", t.feature.Text("code")), Paper: &page.Paper{
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
			if near[i].ID == t.feature.ID {
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
	s, err := page.ParseShape(t.feature.Geometry)
	status := t.feature.Text("status")
	s.Class, s.Title, s.Label = status, t.feature.Text("code"), t.feature.Text("code")
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
