package sheet

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/data/siting"
	"luodi/geo"
	"luodi/geo/land"
)

// setMost is how many parcels a page tells of together.
const setMost = 10

// codesOf are the parcels that a path names: one, or several with commas between.
func codesOf(text string) ([]string, error) {
	codes := strings.Split(text, ",")
	sorted := slices.Clone(codes)
	slices.Sort(sorted)
	if len(codes) > setMost || slices.Contains(codes, "") || len(slices.Compact(sorted)) < len(codes) {
		return nil, geo.NewInvalid("code", "sheet.set", text, "n", setMost)
	}
	return codes, nil
}

// site is one parcel of a page.
type site struct {
	facts   *feed.ParcelFacts
	feature feed.Parsed
	ways    *siting.Around // of one that is compared with others
	road    string
}

// isSet reports a page of several parcels.
func (t *telling) isSet() bool { return len(t.sites) > 1 }

// has reports a parcel that the page is about.
func (t *telling) has(id string) bool {
	return slices.ContainsFunc(t.sites, func(s site) bool { return s.feature.ID == id })
}

// codes are the codes of the page's parcels, as its path has them.
func (t *telling) codes() []string {
	codes := make([]string, len(t.sites))
	for i := range t.sites {
		codes[i] = t.sites[i].feature.Text("code")
	}
	return codes
}

// setSections are what a page tells of several parcels: sums where sums are true, and each of them.
func (t *telling) setSections() []page.Section {
	sections := []page.Section{{Table: t.setFacts()}, {Title: t.text("api.sheet.set.parcels"), Table: t.setParcels()},
		t.setServices()}
	units := map[string]bool{}
	for _, s := range t.sites {
		code := ""
		if s.facts.PlanUnit != nil {
			code = s.facts.PlanUnit.Code
		}
		if !units[code] {
			units[code] = true
			sections = append(sections, t.conditionsOf(s.facts))
		}
	}
	return append(sections, t.neighboursOf(t.setNeighbours()))
}

// setArea sums an area of all parcels, exactly; false where one of them is unknown.
func (t *telling) setArea(name string) (sum geo.Area, known bool) {
	for _, s := range t.sites {
		var area geo.Area
		if s.feature.Number(name) == "" || json.Unmarshal(s.feature.Properties[name], &area) != nil {
			return geo.Area{}, false
		}
		sum = sum.Add(area)
	}
	return sum, true
}

func (t *telling) setFacts() *page.Table {
	area := t.text("web.parcel.unstated")
	if sum, known := t.setArea("legal_m2"); known {
		area = t.areaText(sum.Mu().Round().String(), sum.String())
	}
	whole := t.text("api.sheet.set.apart")
	if t.adjoin() {
		whole = t.text("api.sheet.set.adjoin")
	}
	return &page.Table{Rows: [][]page.Cell{
		{{Text: t.text("api.sheet.set.parcels"), Head: true}, {Text: strconv.Itoa(len(t.sites))}},
		{{Text: t.text("web.parcel.legal"), Head: true}, {Text: area}},
		{{Text: t.text("api.sheet.set.ground"), Head: true}, {Text: whole}},
	}}
}

// setParcels is a row for each parcel.
func (t *telling) setParcels() *page.Table {
	table := &page.Table{Head: []string{t.text("api.property.code"), t.text("api.property.status"),
		t.text("web.parcel.legal"), t.text("web.parcel.landuse"), t.text("web.parcel.price")}}
	for _, s := range t.sites {
		one := *t
		one.feature, one.parcel = s.feature, s.facts
		code, status := s.feature.Text("code"), s.feature.Text("status")
		price := one.price()
		if price == "" {
			price = t.text("web.parcel.unstated")
		}
		table.Rows = append(table.Rows, []page.Cell{
			{Text: code, Href: t.mount() + Path(t.park.Code, code) + "?lang=" + string(t.lang)},
			{Text: t.text("web.status." + status), Class: status},
			{Text: t.text("api.sheet.set.mu", "mu", ogc.Grouped(s.feature.Number("legal_mu")))},
			{Text: one.value("land_use").Text}, {Text: price}})
	}
	return table
}

// adjoin reports whether the parcels are one piece of ground, by the boundaries that they share.
func (t *telling) adjoin() bool {
	reached := map[string]bool{t.sites[0].feature.ID: true}
	for range t.sites {
		for _, s := range t.sites {
			for _, n := range s.facts.Neighbours {
				if reached[s.feature.ID] && t.has(n.ID) {
					reached[n.ID] = true
				}
			}
		}
	}
	return len(reached) == len(t.sites)
}

// setNeighbours are the parcels beside the set, with all that they share with it, the longest first.
func (t *telling) setNeighbours() []feed.Neighbour {
	all := map[string]feed.Neighbour{}
	for _, s := range t.sites {
		for _, n := range s.facts.Neighbours {
			if !t.has(n.ID) {
				n.SharedM += all[n.ID].SharedM
				all[n.ID] = n
			}
		}
	}
	return slices.SortedFunc(maps.Values(all), func(a, b feed.Neighbour) int {
		return cmp.Or(cmp.Compare(b.SharedM, a.SharedM), strings.Compare(a.Code, b.Code))
	})
}

// service is a service of a parcel as the feed prints it.
type service struct {
	Ready    bool
	ReadyOn  *string `json:"ready_on"`
	Capacity *json.Number
	Unit     string
	Min, Max *json.Number // in place of the capacity, where the public is told a band
	StatedOn string       `json:"stated_on"`
}

// draw writes what can be drawn, or between what it lies, and of which day that is stated; "" where nothing is told.
func (s service) draw(t *telling) string {
	unit := " " + strings.ReplaceAll(s.Unit, "m3", "m³")
	var parts []string
	switch {
	case s.Capacity != nil:
		parts = append(parts, ogc.Grouped(s.Capacity.String())+unit)
	case s.Min != nil && s.Max != nil:
		parts = append(parts, ogc.Grouped(s.Min.String())+"–"+ogc.Grouped(s.Max.String())+unit)
	}
	if s.StatedOn != "" {
		parts = append(parts, t.text("web.price.on", "day", s.StatedOn))
	}
	return strings.Join(parts, " · ")
}

// servicesOf are a parcel's services that are stated.
func servicesOf(f *feed.Parsed) map[string]service {
	var known map[string]service
	if json.Unmarshal(f.Properties["services"], &known) != nil {
		return nil
	}
	return known
}

// setServices adds services up: of how many parcels each is connected, and the capacities there. A capacity that isn't
// stated makes the sum a least.
func (t *telling) setServices() page.Section {
	table := &page.Table{}
	for _, key := range land.ServiceKeys() {
		ready, unstated, open := 0, 0, false
		sums := map[string]float64{}
		for i := range t.sites {
			s, stated := servicesOf(&t.sites[i].feature)[string(key)]
			switch {
			case !stated:
				unstated++
			case s.Ready:
				ready++
				capacity, err := s.capacity()
				if err == nil {
					sums[s.Unit] += capacity
				}
				open = open || err != nil
			}
		}
		state := t.text("api.sheet.set.ready", "n", ready, "all", len(t.sites))
		if unstated > 0 {
			state += t.text("api.sheet.set.unstated", "n", unstated)
		}
		table.Rows = append(table.Rows, []page.Cell{{Text: t.text("web.service." + string(key)), Head: true}, {Text: state},
			{Text: sumText(sums, open)}})
	}
	return page.Section{Title: t.text("web.parcel.services"), Table: table}
}

func (s service) capacity() (float64, error) {
	if s.Capacity == nil {
		return 0, fmt.Errorf("no capacity")
	}
	return s.Capacity.Float64()
}

// sumText writes sums by their units, with ≥ where something is left out.
func sumText(sums map[string]float64, open bool) string {
	var parts []string
	for _, unit := range slices.Sorted(maps.Keys(sums)) {
		text := ogc.Grouped(strconv.FormatFloat(math.Round(sums[unit]*1e6)/1e6, 'f', -1, 64)) + " " +
			strings.ReplaceAll(unit, "m3", "m³")
		if open {
			text = "≥ " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " + ")
}
