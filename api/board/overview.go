package board

import (
	"net/http"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/geo"
	"luodi/geo/land"
)

// parksMost is how many parks the overview lists.
const parksMost = 200

// overview draws the land of all parks by status: a row a park, each with its source and its time.
func (s *Service) overview(w http.ResponseWriter, r *http.Request, a *ask) error {
	var p page.Page
	done := false
	err := s.feed.View(r.Context(), func(v *feed.View) error {
		state, err := v.State(r.Context())
		if err != nil {
			return err
		}
		done = request.Unchanged(w, r, request.Tag(state.Stamp(), s.version, request.Base(r), OverviewPath, string(a.lang)))
		if done {
			return nil
		}
		parks, more, err := v.LandOfParks(r.Context(), parksMost)
		p = a.overview(parks, more)
		return err
	})
	if err != nil || done {
		return err
	}
	return page.Write(w, r, a.lang, p)
}

// contactCell is a park's telephone, or where it told none its e-mail.
func contactCell(c *feed.ParkContact) page.Cell {
	switch {
	case c == nil:
	case c.Phone != nil:
		return page.Cell{Text: *c.Phone, Phone: true}
	case c.Email != nil:
		return page.Cell{Text: *c.Email, Href: "mailto:" + *c.Email}
	}
	return page.Cell{}
}

func (a *ask) overview(parks []feed.ParkLand, more bool) page.Page {
	table := &page.Table{Head: []string{a.text("api.overview.district"), a.text("api.overview.park")}}
	var statuses []land.ParcelStatus
	for _, status := range land.ParcelStatuses() {
		if status.BalanceRow() == status {
			statuses = append(statuses, status)
			table.Head = append(table.Head, a.text("web.status."+string(status)))
		}
	}
	table.Head = append(table.Head, a.text("api.overview.total"), a.text("api.overview.at"), a.text("api.overview.source"), a.text("web.contact"))
	var total geo.Area
	sums := map[land.ParcelStatus]geo.Area{}
	mu := func(area geo.Area) page.Cell {
		return page.Cell{Text: ogc.Grouped(area.Mu().Round().String()), Number: true}
	}
	for i := range parks {
		p := &parks[i]
		row := []page.Cell{{Text: a.name(p.DistrictZH, p.DistrictEN)}, {Text: a.name(p.NameZH, p.NameEN),
			Href: a.root + "/?park=" + p.Code + "&lang=" + string(a.lang)}}
		for _, status := range statuses {
			row = append(row, mu(p.Legal[status]))
			sums[status] = sums[status].Add(p.Legal[status])
		}
		total = total.Add(p.Total)
		source := a.text("api.overview.ledger")
		if p.Illustrative {
			source = a.text("api.overview.drawn")
		}
		table.Rows = append(table.Rows, append(row, mu(p.Total), page.Cell{Text: a.instant(p.At, p.TimeZone)},
			page.Cell{Text: source}, contactCell(p.Contact)))
	}
	last := []page.Cell{{Text: a.text("api.overview.all", "n", len(parks))}, {}}
	for _, status := range statuses {
		last = append(last, mu(sums[status]))
	}
	table.Rows = append(table.Rows, append(last, mu(total), page.Cell{}, page.Cell{}, page.Cell{}))
	note := a.text("api.overview.note")
	if more {
		note += a.text("api.overview.more", "n", parksMost)
	}
	free := ogc.Grouped(sums[land.ParcelAvailable].Mu().Round().String())
	lead := a.text("api.overview.lead", "n", len(parks), "mu", free)
	return page.Page{Root: a.root, Title: a.text("api.overview.title"), Lead: lead, About: lead,
		Map:      a.root + "/?lang=" + string(a.lang),
		Sections: []page.Section{{Table: table}, {Text: note}}}
}
