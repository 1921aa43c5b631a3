package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/geo/land"
	"luodi/message"
)

// facts are the parcel's own facts, each with its name; what is unknown is said to be.
func (t *telling) facts() *page.Table {
	table := &page.Table{}
	add := t.adder(table)
	add("api.property.status", t.value("status"))
	add("web.parcel.legal", page.Cell{Text: t.area()})
	add("web.parcel.computed", page.Cell{Text: t.metres2("computed_m2")})
	add("api.sheet.front", page.Cell{Text: t.front()})
	add("web.parcel.zone", page.Cell{Text: t.zone()})
	add("web.parcel.landuse", t.value("land_use"))
	add("web.parcel.price", page.Cell{Text: t.price()})
	if who := t.name(t.feature.Text("tenant_zh"), t.feature.Text("tenant_en")); who != "" {
		add("web.parcel.holder", page.Cell{Text: who})
	}
	if what := t.name(t.feature.Text("project_zh"), t.feature.Text("project_en")); what != "" {
		add("web.parcel.project", page.Cell{Text: what})
	}
	if t.feature.Text("expires_at") != "" {
		add("web.parcel.helduntil", page.Cell{Text: t.instantText(t.feature.Text("expires_at"))})
	}
	add("web.parcel.cadastral", t.value("cadastral_no"))
	add("web.parcel.since", page.Cell{Text: t.instantText(t.feature.Text("since"))})
	if number := t.park.MapReviewNo; number != nil {
		add("web.settings.review", page.Cell{Text: *number})
	}
	return table
}

// adder adds facts with their names to a table; what is unknown is said to be.
func (t *telling) adder(table *page.Table) func(key string, cell page.Cell) {
	return func(key string, cell page.Cell) {
		if cell.Text == "" || cell.Text == "—" {
			cell = page.Cell{Text: t.text("web.parcel.unstated")}
		}
		table.Rows = append(table.Rows, []page.Cell{{Text: t.text(key), Head: true}, cell})
	}
}

// Square metres of a hectare and of an acre (international, of 4,046.8564224 m²).
const (
	hectare = 10_000
	acre    = 4046.8564224
)

// area is the legal area in all the units that investors read.
func (t *telling) area() string {
	return t.areaText(t.feature.Number("legal_mu"), t.feature.Number("legal_m2"))
}

func (t *telling) areaText(legalMu, legalM2 string) string {
	m2, err := strconv.ParseFloat(legalM2, 64)
	if err != nil {
		return ""
	}
	return t.text("api.sheet.area", "mu", ogc.Grouped(legalMu), "m2", t.metres2Text(legalM2), "ha",
		ogc.Grouped(fmt.Sprintf("%.2f", m2/hectare)), "acre", ogc.Grouped(fmt.Sprintf("%.2f", m2/acre)))
}

func (t *telling) metres2(name string) string { return t.metres2Text(t.feature.Number(name)) }

func (t *telling) metres2Text(number string) string {
	m2, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return ""
	}
	return ogc.Grouped(fmt.Sprintf("%.2f", m2)) + " " + t.text("web.unit.m2")
}

func (t *telling) zone() string {
	var zh, en string
	if t.parcel.ZoneNameZH != nil {
		zh = *t.parcel.ZoneNameZH
	}
	if t.parcel.ZoneNameEN != nil {
		en = *t.parcel.ZoneNameEN
	}
	return strings.TrimSpace(t.name(zh, en) + " " + t.feature.Text("zone"))
}

// price is the price with its kind, document and day, and the word that the notice decides; "" where none is stated.
func (t *telling) price() string {
	price := t.feature.Number("price_cny_per_m2")
	if price == "" {
		return ""
	}
	kind, unit := t.feature.Text("price_kind"), "web.unit.price"
	if kind == string(land.PriceRent) {
		unit = "web.unit.rent"
	}
	if kind == "" {
		kind = "unstated"
	}
	words := t.text(unit, "price", ogc.Grouped(price)) + " · " + t.text("web.price."+kind)
	if document := t.feature.Text("price_document"); document != "" {
		words += " · " + t.half(document)
	}
	if day := t.feature.Text("price_on"); day != "" {
		words += " · " + t.text("web.price.on", "day", day)
	}
	return words + t.text("api.sheet.notice")
}

// instant writes a moment by the park's clock; "" for none.
func (t *telling) instant(at *time.Time) string {
	if at == nil {
		return t.text("web.parcel.unstated")
	}
	zone, err := time.LoadLocation(t.park.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return at.In(zone).Format("2006-01-02 15:04 MST")
}

func (t *telling) instantText(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return ""
	}
	return t.instant(&at)
}

// services are the services of the parcel, each with its state and its capacity.
func (t *telling) services() page.Section {
	section := page.Section{Title: t.text("web.parcel.services")}
	known := servicesOf(&t.feature)
	if len(known) == 0 {
		section.Text = t.text("web.parcel.noservices")
		return section
	}
	table := &page.Table{}
	for _, key := range land.ServiceKeys() {
		service, stated := known[string(key)]
		state, capacity := t.text("web.parcel.unstated"), ""
		if stated {
			state = t.text(map[bool]string{true: "web.service.ready", false: "web.service.notready"}[service.Ready])
			capacity = service.draw(t)
		}
		table.Rows = append(table.Rows, []page.Cell{{Text: t.text("web.service." + string(key)), Head: true}, {Text: state},
			{Text: capacity}})
	}
	section.Table = table
	return section
}

// conditionsOf are the planning conditions of the plan unit that the parcel lies in, each with its source.
func (t *telling) conditionsOf(parcel *feed.ParcelFacts) page.Section {
	section := page.Section{Title: t.text("web.parcel.conditions")}
	if parcel.PlanUnit == nil {
		section.Text = t.text("web.parcel.noconditions")
		return section
	}
	known := rulesOf(parcel)
	if len(known) == 0 {
		section.Text = t.text("web.parcel.emptyunit")
		return section
	}
	table := &page.Table{Head: []string{t.text("api.head.name"), t.text("api.sheet.bound"), t.text("web.condition.sources")}}
	for _, key := range land.ConditionKeys() {
		c, stated := known[string(key)]
		if !stated {
			continue
		}
		table.Rows = append(table.Rows, []page.Cell{{Text: t.text("web.condition." + string(key)), Head: true},
			{Text: t.bounds(key, c.Min, c.Max)}, {Text: strings.TrimSpace(t.half(c.Source) + " " + t.half(c.Edition))}})
	}
	section.Title += " · " + t.text("web.parcel.planunit", "code", parcel.PlanUnit.Code)
	section.Table = table
	return section
}

// half is the reader's half of a text that says the same in Chinese and English, with a slash between.
func (t *telling) half(text string) string {
	zh, en, both := strings.Cut(text, " / ")
	if !both {
		return text
	}
	return t.name(zh, en)
}

// bounds writes a condition's least and most in the unit that people use: shares in percent, money by the mu in 万元,
// in English in yuan.
func (t *telling) bounds(key land.ConditionKey, least, most *float64) string {
	factor, unit := 1.0, ""
	switch key {
	case land.ConditionBuildingCoefficient, land.ConditionOfficeShare, land.ConditionGreenRatio:
		factor, unit = 100, " %"
	case land.ConditionInvestPerMu, land.ConditionOutputPerMu, land.ConditionTaxPerMu:
		unit = " " + t.text("web.unit.wan_per_mu")
		if t.lang == message.EN {
			factor = 10_000
		}
	case land.ConditionHeightM, land.ConditionSetbackM:
		unit = " " + t.text("web.unit.m")
	}
	number := func(v float64) string {
		return ogc.Grouped(strconv.FormatFloat(math.Round(v*factor*1e6)/1e6, 'f', -1, 64))
	}
	switch {
	case least != nil && most != nil:
		return t.text("web.condition.between", "min", number(*least), "max", number(*most)) + unit
	case least != nil:
		return t.text("web.condition.atleast", "min", number(*least)) + unit
	case most != nil:
		return t.text("web.condition.atmost", "max", number(*most)) + unit
	}
	return t.text("web.parcel.unstated")
}

// neighboursOf lists parcels that share a boundary.
func (t *telling) neighboursOf(all []feed.Neighbour) page.Section {
	section := page.Section{Title: t.text("web.parcel.neighbours")}
	table := &page.Table{}
	if rest := t.restRow(); rest != nil {
		table.Rows = append(table.Rows, rest)
	}
	if len(all)+len(table.Rows) == 0 {
		section.Text = t.text("web.parcel.noneighbours")
		return section
	}
	for _, n := range all {
		table.Rows = append(table.Rows, []page.Cell{
			{Text: n.Code, Href: t.mount() + Path(t.park.Code, n.Code) + "?lang=" + string(t.lang)},
			{Text: t.occupant(t.tenant(&n), n.Status)},
			{Text: t.text("web.status." + n.Status), Class: n.Status},
			t.shared(n.SharedM)})
	}
	section.Table = table
	return section
}

// shared is the cell of a shared boundary.
func (t *telling) shared(m float64) page.Cell {
	return page.Cell{Text: t.text("web.parcel.shared", "length", t.metres(m, 1)), Number: true}
}
