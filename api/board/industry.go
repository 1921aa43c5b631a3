package board

import (
	"net/url"
	"slices"
	"strconv"

	"luodi/api/page"
	"luodi/data/feed"
	"luodi/message"
)

// industries are the sections of the industries of districts, a row an industry, with their sources; none where no
// district has named one.
func (a *ask) industries(all []feed.Industry) []page.Section {
	if len(all) == 0 {
		return nil
	}
	several := slices.ContainsFunc(all, func(i feed.Industry) bool { return i.DistrictZH != all[0].DistrictZH })
	table := &page.Table{}
	var sources []page.Section
	if several {
		table.Head = append(table.Head, a.text("api.overview.district"))
	}
	for _, column := range []string{"industry", "chain", "pieces", "standing", "coming", "missing", "firms",
		"firmland"} {
		table.Head = append(table.Head, a.text("api.overview."+column))
	}
	for i := range all {
		var row []page.Cell
		if several {
			row = append(row, page.Cell{Text: a.name(all[i].DistrictZH, all[i].DistrictEN)})
		}
		table.Rows = append(table.Rows, append(row, a.industryRow(&all[i])...))
		sources = append(sources, page.Section{Text: a.text("api.overview.industries.rests", "industry",
			a.name(all[i].NameZH, all[i].NameEN), "source", a.industrySource(&all[i]))})
	}
	sources[0].Title = a.text("api.overview.industries.sources")
	return append([]page.Section{{Title: a.text("api.overview.industries"), Table: table},
		{Text: a.text("api.overview.industries.note")}}, sources...)
}

// industryRow is what is published of an industry. Without a public firm no figure is known, not even none.
func (a *ask) industryRow(i *feed.Industry) []page.Cell {
	row := []page.Cell{{Text: a.name(i.NameZH, i.NameEN)}, a.chainCell(i)}
	unknown := page.Cell{Text: "–", Number: true}
	figures := []page.Cell{unknown, unknown, unknown, unknown, unknown, unknown}
	if i.Pieces > 0 {
		figures[0] = count(i.Pieces)
	}
	if i.Known() {
		figures = []page.Cell{count(i.Pieces), count(i.Standing), count(i.Coming), count(i.Missing()), count(i.Firms),
			inMu(i.Land())}
	}
	return append(row, figures...)
}

// chainCell leads to the chain on the map, where the map shows that chain.
func (a *ask) chainCell(i *feed.Industry) page.Cell {
	switch {
	case i.Pieces == 0:
		return page.Cell{Text: a.text("api.overview.undescribed")}
	case !i.Shown:
		return page.Cell{Text: a.name(i.ChainZH, i.ChainEN)}
	}
	return page.Cell{Text: a.name(i.ChainZH, i.ChainEN),
		Href: a.root + "/?" + url.Values{"park": {i.Park}, "panel": {"chain"}, "lang": {string(a.lang)}}.Encode()}
}

// industrySource names who says that the industry is one, what its chain rests on, and what the land is.
func (a *ask) industrySource(i *feed.Industry) string {
	source := a.text("api.overview.industry.source", "source", message.Half(a.lang, i.Source), "edition", i.Edition)
	if i.IndustrySource != "" {
		source = a.text("api.overview.industry.named", "industry", message.Half(a.lang, i.IndustrySource), "chain", source)
	}
	switch {
	case i.Illustrative:
		source = a.text("api.overview.industry.drawn", "source", source)
	case i.Known():
		source = a.text("api.overview.industry.land", "source", source)
	}
	return source
}

func count(n int) page.Cell { return page.Cell{Text: strconv.Itoa(n), Number: true} }
