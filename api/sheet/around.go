package sheet

import (
	"context"
	"fmt"
	"math"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/geo/land"
)

// look reads what lies around a site and how roads lead there.
func (s *Service) look(ctx context.Context, v *feed.View, t *telling) error {
	if t.isCompared() {
		return s.lookAtEach(ctx, v, t)
	}
	if t.isSet() {
		return nil
	}
	var err error
	if t.ground, err = v.Ground(ctx, t.park.Code, t.feature.Geometry); err != nil {
		return err
	}
	if err = t.readInset(ctx, v); err != nil {
		return err
	}
	if err = t.readPast(ctx, v); err != nil {
		return err
	}
	if err = t.readPapers(ctx, v); err != nil {
		return err
	}
	if t.ways, err = s.roads.Around(ctx, t.park.Code, t.ground.Shape, t.ground.Point); err != nil || t.ways.Road == "" {
		return err
	}
	name, err := v.NetworkName(ctx, t.park.Code, t.ways.Road)
	t.road = t.named(name.ZH, name.EN, t.ways.Road)
	return err
}

// lookAtEach measures the frontage of each of a few parcels.
func (s *Service) lookAtEach(ctx context.Context, v *feed.View, t *telling) error {
	for i := range t.sites {
		one := &t.sites[i]
		ground, err := v.Ground(ctx, t.park.Code, one.feature.Geometry)
		if err != nil {
			return err
		}
		if one.ways, err = s.roads.Around(ctx, t.park.Code, ground.Shape, ground.Point); err != nil {
			return err
		}
		if one.ways.Road == "" {
			continue
		}
		name, err := v.NetworkName(ctx, t.park.Code, one.ways.Road)
		if err != nil {
			return err
		}
		one.road = t.named(name.ZH, name.EN, one.ways.Road)
	}
	return nil
}

// front is the longest frontage with its road; "" where it is not measured.
func (t *telling) front() string {
	switch {
	case t.ways == nil || math.IsNaN(t.ways.FrontM):
		return ""
	case t.ways.FrontM < 0.05:
		return t.text("api.sheet.front.none")
	}
	return t.text("api.sheet.front.on", "length", t.metres(t.ways.FrontM, 1), "road", t.road)
}

func (t *telling) metres(m float64, decimals int) string {
	return ogc.Grouped(fmt.Sprintf("%.*f", decimals, m)) + " " + t.text("web.unit.m")
}

// target is the way by road that is told of a network; "" for none.
func target(n *feed.Near) string {
	switch {
	case n.Kind == string(land.NetworkPort):
		return "port"
	case n.Kind == string(land.NetworkRail):
		return "rail_station"
	case n.Grade == string(land.GradeExpressway):
		return "highway"
	}
	return ""
}

// near lists the nearest network of each kind, straight and, where vehicles go, by road.
func (t *telling) near() page.Section {
	section := page.Section{Title: t.text("api.sheet.near")}
	if len(t.ground.Networks) == 0 {
		section.Text = t.text("api.sheet.near.none")
		return section
	}
	section.Text = t.text("api.sheet.near.about")
	table := &page.Table{Head: []string{t.text("api.property.kind"), t.text("api.head.name"),
		t.text("api.sheet.near.straight"), t.text("api.sheet.near.byroad")}}
	for _, kind := range land.NetworkKinds() {
		for i := range t.ground.Networks {
			n := &t.ground.Networks[i]
			if n.Kind != string(kind) {
				continue
			}
			name := t.text("web.kind." + n.Kind)
			if n.Grade == string(land.GradeExpressway) {
				name = t.text("web.grade.expressway")
			}
			byRoad := ""
			if to := target(n); to != "" {
				byRoad = t.text("api.sheet.near.noroad")
				if m, ok := t.ways.ByRoad[to]; ok {
					byRoad = t.metres(m, 0)
				}
			}
			table.Rows = append(table.Rows, []page.Cell{{Text: name, Head: true}, {Text: t.called(n)},
				{Text: t.metres(n.M, 0), Number: true}, {Text: byRoad, Number: true}})
		}
	}
	section.Table = table
	return section
}

// called is a network's name with its code.
func (t *telling) called(n *feed.Near) string {
	var zh, en string
	if n.NameZH != nil {
		zh = *n.NameZH
	}
	if n.NameEN != nil {
		en = *n.NameEN
	}
	return t.named(zh, en, n.Code)
}

// named is a name with a code, or the code alone.
func (t *telling) named(zh, en, code string) string {
	if name := t.name(zh, en); name != "" {
		return t.text("web.network.named", "name", name, "code", code)
	}
	return code
}
