package board

import (
	"net/http"
	"slices"
	"strconv"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/geo"
	"luodi/geo/land"
)

// parksMost is how many parks the overview lists.
const parksMost = 200

// overview draws the land of all parks by status, a row a park, each with its source and its time; and the industries
// of their districts.
func (s *Service) overview(w http.ResponseWriter, r *http.Request, a *ask) error {
	var p page.Page
	done := false
	err := s.feed.View(r.Context(), func(v *feed.View) error {
		state, err := v.State(r.Context())
		if err != nil {
			return err
		}
		editions, err := v.ChainsOfParks(r.Context(), parksMost)
		if err != nil {
			return err
		}
		done = request.Unchanged(w, r, request.Tag(state.Stamp(), strconv.FormatInt(editions, 10), s.version,
			request.Base(r), OverviewPath, string(a.lang)))
		if done {
			return nil
		}
		parks, more, err := v.LandOfParks(r.Context(), parksMost)
		if err != nil {
			return err
		}
		industries, err := v.IndustriesOfParks(r.Context(), parksMost)
		p = a.overview(parks, more)
		p.Sections = append(p.Sections, a.industries(industries)...)
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
	var total geo.Area
	sums := map[land.ParcelStatus]geo.Area{}
	for i := range parks {
		total = total.Add(parks[i].Total)
		for status, area := range parks[i].Legal {
			sums[status] = sums[status].Add(area)
		}
	}
	statuses := columns(sums)
	table := &page.Table{Head: []string{a.text("api.overview.district"), a.text("api.overview.park")}}
	last := []page.Cell{{Text: a.text("api.overview.all", "n", len(parks))}, {}}
	for _, status := range statuses {
		table.Head = append(table.Head, a.text("web.status."+string(status)))
		last = append(last, inMu(sums[status]))
	}
	table.Head = append(table.Head, a.text("api.overview.total"), a.text("api.overview.at"), a.text("api.overview.source"),
		a.text("web.contact"))
	for i := range parks {
		table.Rows = append(table.Rows, a.parkRow(&parks[i], statuses))
	}
	table.Rows = append(table.Rows, append(last, inMu(total), page.Cell{}, page.Cell{}, page.Cell{}))
	title := a.text("api.overview.title")
	if len(parks) > 0 && !several(parks) {
		title += " · " + a.name(parks[0].DistrictZH, parks[0].DistrictEN)
	}
	withoutWaste(table, parks)
	note := a.text("api.overview.note")
	if more {
		note += a.text("api.overview.more", "n", parksMost)
	}
	free := ogc.Grouped(sums[land.ParcelAvailable].Mu().Round().String())
	lead := a.text("api.overview.lead", "n", len(parks), "mu", free)
	return page.Page{Root: a.root, Title: title, Lead: lead, About: lead,
		Map:      a.root + "/?lang=" + string(a.lang),
		Sections: []page.Section{{Title: a.text("api.overview.land"), Table: table}, {Text: note}}}
}

// withoutWaste leaves out the column of contacts where no park tells one, and that of districts where there is one
// district, which the title names: the sum's words then stand under the parks.
func withoutWaste(table *page.Table, parks []feed.ParkLand) {
	told := slices.ContainsFunc(parks, func(p feed.ParkLand) bool { return contactCell(p.Contact) != page.Cell{} })
	from, to := 0, len(table.Head)
	if !several(parks) {
		sum := table.Rows[len(table.Rows)-1]
		from, sum[1] = 1, sum[0]
	}
	if !told {
		to--
	}
	table.Head = table.Head[from:to]
	for i, row := range table.Rows {
		table.Rows[i] = row[from:to]
	}
}

func several(parks []feed.ParkLand) bool {
	return slices.ContainsFunc(parks, func(p feed.ParkLand) bool {
		return p.DistrictZH != parks[0].DistrictZH || p.DistrictEN != parks[0].DistrictEN
	})
}

// columns are the statuses of a balance; those that come before a supply only where some land has them.
func columns(sums map[land.ParcelStatus]geo.Area) (all []land.ParcelStatus) {
	passing := []land.ParcelStatus{land.ParcelInTalks, land.ParcelHeld, land.ParcelReserved}
	for _, status := range land.ParcelStatuses() {
		if status.BalanceRow() == status && (sums[status] != geo.Area{} || !slices.Contains(passing, status)) {
			all = append(all, status)
		}
	}
	return all
}

// parkRow is the land of a park. Of a park without public parcels no area is known, not even none.
func (a *ask) parkRow(p *feed.ParkLand, statuses []land.ParcelStatus) []page.Cell {
	row := []page.Cell{{Text: a.name(p.DistrictZH, p.DistrictEN)}, {Text: a.name(p.NameZH, p.NameEN),
		Href: a.root + "/?park=" + p.Code + "&lang=" + string(a.lang)}}
	source := a.text("api.overview.ledger")
	if p.Illustrative {
		source = a.text("api.overview.drawn")
	}
	if len(p.Legal) == 0 {
		source = a.text("api.overview.none")
	}
	for _, status := range statuses {
		cell := page.Cell{Text: "–", Number: true}
		if len(p.Legal) > 0 {
			cell = inMu(p.Legal[status])
		}
		row = append(row, cell)
	}
	total := page.Cell{Text: "–", Number: true}
	if len(p.Legal) > 0 {
		total = inMu(p.Total)
	}
	return append(row, total, page.Cell{Text: a.instant(p.At, p.TimeZone)}, page.Cell{Text: source},
		contactCell(p.Contact))
}

func inMu(area geo.Area) page.Cell {
	return page.Cell{Text: ogc.Grouped(area.Mu().Round().String()), Number: true}
}
