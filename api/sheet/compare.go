package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/geo/land"
)

// comparedMost is how many parcels stand side by side: as many columns as A4 has room for.
const comparedMost = 4

// neighboursTold is how many neighbours of each are named.
const neighboursTold = 3

// isCompared reports a set that is told side by side.
func (t *telling) isCompared() bool { return t.isSet() && len(t.sites) <= comparedMost }

// alone is the telling of one parcel of a set.
func (t *telling) alone(i int) *telling {
	one := *t
	s := t.sites[i]
	one.sites, one.feature, one.parcel, one.ways, one.road = t.sites[i:i+1], s.feature, s.facts, s.ways, s.road
	return &one
}

// compared are the parcels of a set as columns: small maps, and a table of which rows that differ are marked.
func (t *telling) compared() (page.Section, error) {
	const gap = 3
	wide := (180 - gap*float64(len(t.sites)-1)) / float64(len(t.sites))
	section := page.Section{Title: t.text("api.sheet.compare"), Text: t.text("api.sheet.compare.about")}
	columns := make([]*telling, len(t.sites))
	table := &page.Table{Head: []string{t.text("api.property.code")}}
	for i := range t.sites {
		columns[i] = t.alone(i)
		small, err := columns[i].plan(&form{width: wide, height: min(0.75*wide, 48)})
		if err != nil {
			return section, err
		}
		small.Legend = nil
		section.Maps = append(section.Maps, small)
		table.Head = append(table.Head, t.sites[i].feature.Text("code"))
	}
	add := func(name string, say func(*telling) string) {
		row := []page.Cell{{Text: name, Head: true}}
		for _, one := range columns {
			text := say(one)
			if text == "" || text == "—" {
				text = t.text("web.parcel.unstated")
			}
			row = append(row, page.Cell{Text: text})
		}
		if slices.ContainsFunc(row[2:], func(c page.Cell) bool { return c.Text != row[1].Text }) {
			row[0].Text = "* " + name
		}
		table.Rows = append(table.Rows, row)
	}
	t.comparedFacts(add)
	for _, key := range land.ServiceKeys() {
		add(t.text("web.service."+string(key)), func(one *telling) string { return one.serviceText(key) })
	}
	for _, key := range land.ConditionKeys() {
		if slices.ContainsFunc(columns, func(one *telling) bool { _, ok := rulesOf(one.parcel)[string(key)]; return ok }) {
			add(t.text("web.condition."+string(key)), func(one *telling) string { return one.ruleText(key) })
		}
	}
	add(t.text("web.condition.sources"), (*telling).ruleSources)
	add(t.text("web.parcel.neighbours"), (*telling).beside)
	section.Table = table
	return section, nil
}

// comparedFacts adds what parcels are, what they cost, and from when.
func (t *telling) comparedFacts(add func(name string, say func(*telling) string)) {
	add(t.text("api.property.status"), func(one *telling) string { return one.value("status").Text })
	add(t.text("web.parcel.legal"), func(one *telling) string {
		return t.text("api.sheet.set.mu", "mu", ogc.Grouped(one.feature.Number("legal_mu"))) + " · " + one.metres2("legal_m2")
	})
	add(t.text("api.sheet.front"), (*telling).front)
	add(t.text("web.parcel.landuse"), func(one *telling) string { return one.value("land_use").Text })
	add(t.text("web.parcel.price"), (*telling).price)
	add(t.text("api.sheet.compare.ready"), (*telling).readyText)
	add(t.text("web.parcel.since"), func(one *telling) string { return one.instantText(one.feature.Text("since")) })
}

// serviceText is a service of one parcel: its state, and what can be drawn as far as that is told.
func (t *telling) serviceText(key land.ServiceKey) string {
	s, stated := servicesOf(&t.feature)[string(key)]
	if !stated {
		return ""
	}
	text := t.text(map[bool]string{true: "web.service.ready", false: "web.service.notready"}[s.Ready])
	if draw := s.draw(t); draw != "" {
		text += " · " + draw
	}
	return text
}

// readyText is the day on which the last service of one parcel is ready: at once where all are; "" where one isn't and
// gives no day, or nobody stated one.
func (t *telling) readyText() string {
	last := ""
	for _, key := range land.ServiceKeys() {
		s, stated := servicesOf(&t.feature)[string(key)]
		switch {
		case key == land.ServiceNitrogen || stated && s.Ready: // nitrogen isn't counted, as in rankings
		case !stated || s.ReadyOn == nil:
			return ""
		default:
			last = max(last, *s.ReadyOn)
		}
	}
	if last == "" {
		return t.text("api.sheet.compare.now")
	}
	return last
}

func (t *telling) ruleText(key land.ConditionKey) string {
	rule, stated := rulesOf(t.parcel)[string(key)]
	if !stated {
		return ""
	}
	return t.bounds(key, rule.Min, rule.Max)
}

// ruleSources are the documents of all conditions of one parcel, each once.
func (t *telling) ruleSources() string {
	var all []string
	rules := rulesOf(t.parcel)
	for _, key := range land.ConditionKeys() {
		if rule, ok := rules[string(key)]; ok {
			if source := strings.TrimSpace(t.half(rule.Source) + " " + t.half(rule.Edition)); !slices.Contains(all, source) {
				all = append(all, source)
			}
		}
	}
	return strings.Join(all, "; ")
}

// beside names the neighbours with the longest shared boundary.
func (t *telling) beside() string {
	var all []string
	for _, n := range t.parcel.Neighbours[:min(len(t.parcel.Neighbours), neighboursTold)] {
		who := n.Code + " " + t.text("web.status."+n.Status)
		if name := t.tenant(&n); name != "" {
			who = name + " (" + n.Code + ")"
		}
		all = append(all, fmt.Sprintf("%s %s", who, t.metres(n.SharedM, 0)))
	}
	if len(all) == 0 {
		return t.text("web.parcel.noneighbours")
	}
	return strings.Join(all, "; ")
}

// tenant is who uses a neighbouring parcel, or else the project that does; "" for nobody named.
func (t *telling) tenant(n *feed.Neighbour) string {
	said := func(name *string) string {
		if name == nil {
			return ""
		}
		return *name
	}
	return cmp.Or(t.name(said(n.TenantZH), said(n.TenantEN)), t.name(said(n.ProjectZH), said(n.ProjectEN)))
}

// occupant is who, or where nobody is named what can be said by the status: that nobody is there, or nothing.
func (t *telling) occupant(who, status string) string {
	nobody := "web.parcel.unstated" // somebody is there, or may come
	switch land.ParcelStatus(status) {
	case land.ParcelReserve, land.ParcelAvailable, land.ParcelWithdrawn:
		nobody = "web.parcel.vacant"
	}
	return cmp.Or(who, t.text(nobody))
}
