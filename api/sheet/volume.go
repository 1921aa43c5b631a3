package sheet

import (
	"context"
	"encoding/json"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/geo/land"
)

// ruled is a planning condition as a plan unit states it.
type ruled struct {
	Min, Max        *float64
	Source, Edition string
}

// rulesOf are the conditions of a parcel's plan unit that are stated.
func rulesOf(parcel *feed.ParcelFacts) map[string]ruled {
	if parcel.PlanUnit == nil {
		return nil
	}
	var known map[string]ruled
	if json.Unmarshal(parcel.PlanUnit.Conditions, &known) != nil {
		return nil
	}
	return known
}

// limitsOf are those that bound a volume.
func limitsOf(rules map[string]ruled) land.Limits {
	return land.Limits{FAR: rules[string(land.ConditionFAR)].Max,
		Coverage: rules[string(land.ConditionBuildingCoefficient)].Max,
		HeightM:  rules[string(land.ConditionHeightM)].Max, SetbackM: rules[string(land.ConditionSetbackM)].Min}
}

// readInset reads what a setback leaves of the site, where one is stated.
func (t *telling) readInset(ctx context.Context, v *feed.View) error {
	back := limitsOf(rulesOf(t.parcel)).SetbackM
	if back == nil {
		t.inset = orb.MultiPolygon{t.ground.Shape}
		return nil
	}
	var err error
	t.inset, err = v.Inset(ctx, t.ground.Shape, *back)
	return err
}

// volume tells and draws the most that the conditions allow to be built on one site.
func (t *telling) volume() page.Section {
	section := page.Section{Title: t.text("api.sheet.volume")}
	rules := rulesOf(t.parcel)
	limits := limitsOf(rules)
	if limits == (land.Limits{}) {
		section.Text = t.text("api.sheet.volume.none")
		return section
	}
	area := planar.Area(t.ground.Shape)
	e := land.GreatestEnvelope(area, planar.Area(t.inset), limits)
	section.Text = t.text("api.sheet.volume.about")
	section.Solid = t.solid(e, limits)
	section.Table = t.volumeFacts(e, limits, rules[string(land.ConditionFAR)].Min, area)
	return section
}

func (t *telling) volumeFacts(e land.Envelope, limits land.Limits, farMin *float64, area float64) *page.Table {
	table := &page.Table{}
	add := t.adder(table)
	buildable := t.text("api.sheet.volume.nosetback")
	if limits.SetbackM != nil {
		buildable = t.text("api.sheet.volume.nothing")
		if inside := planar.Area(t.inset); inside > 0 {
			buildable = t.text("api.sheet.volume.setback", "area", t.square(inside), "m", t.number(*limits.SetbackM)+" "+t.text("web.unit.m"))
		}
	}
	add("api.sheet.volume.buildable", page.Cell{Text: buildable})
	add("api.sheet.volume.footprint", page.Cell{Text: t.square(e.FootprintM2)})
	floor := ""
	switch most := t.square(e.FloorM2); {
	case limits.FAR != nil && farMin != nil:
		floor = t.text("api.sheet.volume.between", "least", t.square(*farMin*area), "most", most)
	case limits.FAR != nil:
		floor = t.text("api.sheet.volume.atmost", "most", most)
	case farMin != nil:
		floor = t.text("api.sheet.volume.atleast", "least", t.square(*farMin*area))
	}
	add("api.sheet.volume.floor", page.Cell{Text: floor})
	height := ""
	if limits.HeightM != nil {
		height = t.number(*limits.HeightM) + " " + t.text("web.unit.m")
	}
	add("api.sheet.volume.height", page.Cell{Text: height})
	if !math.IsNaN(e.Storeys) {
		add("api.sheet.volume.storeys", page.Cell{Text: t.text("api.sheet.volume.storeys.n", "n", t.number(round(e.Storeys, 1)),
			"m", t.metres(e.Storeys*land.CountedStoreyM, 1))})
	}
	add("api.sheet.volume.binds", page.Cell{Text: t.binding(e)})
	return table
}

// binding names what bounds the footprint and what the height.
func (t *telling) binding(e land.Envelope) string {
	ground, up := t.text("api.sheet.volume.boundary"), t.text("api.sheet.volume.open")
	if e.GroundBy != "" {
		ground = t.text("web.condition." + string(e.GroundBy))
	}
	if e.UpBy != "" {
		up = t.text("web.condition." + string(e.UpBy))
	}
	return t.text("api.sheet.volume.binds.ground", "what", ground) + t.text("api.sheet.volume.and") +
		t.text("api.sheet.volume.binds.up", "what", up)
}

// solid draws the land, what the setback leaves and the greatest volume: where the coverage leaves less, each piece
// about its own middle is drawn as much smaller.
func (t *telling) solid(e land.Envelope, limits land.Limits) *page.Solid {
	origin := t.ground.Shape.Bound().Center()
	rings := func(p orb.Polygon, shrink float64, about orb.Point) [][]page.Point {
		out := make([][]page.Point, len(p))
		for i, ring := range p {
			for _, at := range ring[:max(len(ring)-1, 0)] {
				out[i] = append(out[i], page.Point{about[0] + (at[0]-about[0])*shrink - origin[0],
					about[1] + (at[1]-about[1])*shrink - origin[1]})
			}
		}
		return out
	}
	s := &page.Solid{Title: t.text("api.sheet.volume.drawn"), North: t.text("api.sheet.north"),
		Text: t.text("api.sheet.volume.drawn"), Ground: rings(t.ground.Shape, 1, origin)}
	inside := planar.Area(t.inset)
	if inside <= 0 || e.FootprintM2 <= 0 {
		return s
	}
	if !math.IsNaN(e.HeightM) {
		s.High = e.HeightM
	}
	shrink := math.Sqrt(min(e.FootprintM2/inside, 1))
	for _, piece := range t.inset {
		if limits.SetbackM != nil {
			s.Zone = append(s.Zone, rings(piece, 1, origin)...)
		}
		middle, _ := planar.CentroidArea(piece)
		s.Base = append(s.Base, rings(piece, shrink, middle))
	}
	return s
}

// square writes an area in whole square metres.
func (t *telling) square(m2 float64) string {
	return ogc.Grouped(strconv.FormatFloat(m2, 'f', 0, 64)) + " " + t.text("web.unit.m2")
}

func (t *telling) number(v float64) string { return ogc.Grouped(strconv.FormatFloat(v, 'f', -1, 64)) }

func round(v float64, decimals int) float64 {
	power := math.Pow10(decimals)
	return math.Round(v*power) / power
}
