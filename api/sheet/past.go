package sheet

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
)

// readPast reads the public past of the parcel that the page is about.
func (t *telling) readPast(ctx context.Context, v *feed.View) error {
	id, err := uuid.Parse(t.feature.ID)
	if err != nil {
		return err
	}
	t.spells, err = v.Past(ctx, t.park.Code, id)
	return err
}

// past tells what the public was told of the parcel, the newest first.
func (t *telling) past() page.Section {
	table := &page.Table{Head: []string{t.text("api.sheet.past.from"), t.text("api.property.status"),
		t.text("web.parcel.legal"), t.text("web.parcel.landuse"), t.text("api.sheet.past.note")}}
	for i, s := range t.spells {
		from := s.From
		note := ""
		switch {
		case len(s.Out) > 0:
			note = t.text("api.sheet.past.out", "codes", strings.Join(s.Out, ", "))
		case i == len(t.spells)-1:
			note = t.text("api.sheet.past.first")
		case t.spells[i+1].Until != nil && t.spells[i+1].Until.Before(s.From):
			note = t.text("api.sheet.past.again", "time", t.instant(t.spells[i+1].Until))
		}
		if s.Code != t.feature.Text("code") {
			note = strings.TrimSpace(t.text("api.sheet.past.code", "code", s.Code) + " " + note)
		}
		raw, err := json.Marshal(s.LandUse)
		if err != nil {
			raw = nil // which reads as not stated
		}
		use := ogc.PropertyCell(t.lang, feed.Parcels().Property("land_use"), raw).Text
		table.Rows = append(table.Rows, []page.Cell{{Text: t.instant(&from)},
			{Text: t.text("web.status." + s.Status), Class: s.Status},
			{Text: t.text("api.sheet.set.mu", "mu", ogc.Grouped(s.LegalMu)), Number: true}, {Text: use}, {Text: note}})
	}
	return page.Section{Title: t.text("api.sheet.past"), Text: t.text("api.sheet.past.about"), Table: table}
}
