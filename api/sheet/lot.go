package sheet

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/data/feed"
	"luodi/geo"
)

// Corners that the outline of a lot may have: more would not fit into a code that a phone reads.
const (
	cornersLeast = 3
	cornersMost  = 100
)

// grid is the unit of a lot's corners, in degrees: the feeds' grid.
const grid = 1e-9

// ParseLot reads the parameter that holds the outline of a lot: longitude and latitude of a corner, then each further
// one's difference from the one before, whole numbers in 10⁻⁹ degrees with "_" between. The ring closes by itself.
// A [geo.Invalid] for lot says what a text should be.
func ParseLot(text string) ([][2]float64, error) {
	parts := strings.Split(text, "_")
	refuse := func() error {
		return geo.NewInvalid("lot", "sheet.lot.form", text, "least", cornersLeast, "n", cornersMost)
	}
	if len(parts)%2 != 0 || len(parts) < 2*cornersLeast || len(parts) > 2*cornersMost {
		return nil, refuse()
	}
	const most = 180_000_000_000 // 180 degrees
	corners := make([][2]float64, len(parts)/2)
	var at [2]int64
	for i, part := range parts {
		step, err := strconv.ParseInt(part, 10, 64)
		if err != nil || step > 2*most || step < -2*most || strconv.FormatInt(step, 10) != part {
			return nil, refuse()
		}
		at[i%2] += step
		if at[i%2] > most || at[i%2] < -most || i%2 == 1 && (at[1] > most/2 || at[1] < -most/2) {
			return nil, refuse()
		}
		corners[i/2][i%2] = geo.SnapDegrees(float64(at[i%2]) * grid)
	}
	return corners, nil
}

// FormatLot writes what ParseLot reads.
func FormatLot(corners [][2]float64) string {
	var text []byte
	var was [2]int64
	for i, c := range corners {
		for k, degrees := range c {
			at := int64(math.Round(degrees / grid))
			if i+k > 0 {
				text = append(text, '_')
			}
			text = strconv.AppendInt(text, at-was[k], 10)
			was[k] = at
		}
	}
	return string(text)
}

// tellLot makes of the telling of a parcel that of a lot in it.
func (t *telling) tellLot(ctx context.Context, v *feed.View, text string) error {
	corners, err := ParseLot(text)
	if err != nil {
		return err
	}
	id, err := uuid.Parse(t.feature.ID)
	if err != nil {
		return err
	}
	if t.lot, err = v.LotFacts(ctx, t.park.Code, id, corners); err != nil {
		return err
	}
	t.lotText = FormatLot(corners)
	facts := *t.parcel
	facts.BBox, facts.PlanUnit, facts.Neighbours = t.lot.BBox, t.lot.PlanUnit, t.lot.Neighbours
	t.parcel = &facts
	t.feature.Geometry = t.lot.Geometry
	t.sites = []site{{facts: t.parcel, feature: t.feature}}
	return nil
}

// CheckLot refuses the outline of a lot that has no page: a [geo.Invalid] for lot, or an error that matches
// [store.ErrNotFound] where the public sees no such parcel.
func CheckLot(ctx context.Context, v *feed.View, park, parcel, text string) error {
	corners, err := ParseLot(text)
	if err != nil {
		return err
	}
	of, err := find(ctx, v, park, parcel)
	if err != nil {
		return err
	}
	id, err := uuid.Parse(of.feature.ID)
	if err != nil {
		return err
	}
	_, err = v.LotFacts(ctx, park, id, corners)
	return err
}

// lotLegal is what of the parcel's legal area comes to the lot, in square metres, by computed area; false where the
// legal area is unknown.
func (t *telling) lotLegal() (geo.Area, bool) {
	legal, err := strconv.ParseFloat(t.feature.Number("legal_m2"), 64)
	if err != nil || t.lot.ParentM2 <= 0 {
		return geo.Area{}, false
	}
	area, err := geo.ParseArea(fmt.Sprintf("%.4f", legal*t.lot.ComputedM2/t.lot.ParentM2))
	return area, err == nil
}

// lotMu is the lot's area in mu as it is printed, "" where it is unknown.
func (t *telling) lotMu() string {
	area, known := t.lotLegal()
	if !known {
		return ""
	}
	return ogc.Grouped(area.Mu().Round().String())
}

// lotFacts are the facts of a lot: its own, and those that it has from its parcel.
func (t *telling) lotFacts() *page.Table {
	table := &page.Table{}
	add := t.adder(table)
	code, legal := t.feature.Text("code"), ""
	if area, known := t.lotLegal(); known {
		legal = t.areaText(area.Mu().Round().String(), area.String())
	}
	rest := t.text("api.sheet.lot.whole")
	if left := t.lot.ParentM2 - t.lot.ComputedM2; left >= feed.LeastLotM2 {
		rest = t.metres2Text(fmt.Sprint(left))
	}
	add("api.sheet.lot.parent", page.Cell{Text: code, Href: t.mount() + Path(t.park.Code, code) + "?lang=" + string(t.lang)})
	add("api.sheet.lot.parent.status", t.value("status"))
	add("api.sheet.lot.share", page.Cell{Text: legal})
	add("web.parcel.computed", page.Cell{Text: t.metres2Text(fmt.Sprint(t.lot.ComputedM2))})
	add("api.sheet.lot.rest", page.Cell{Text: rest})
	add("api.sheet.front", page.Cell{Text: t.front()})
	add("web.parcel.zone", page.Cell{Text: t.zone()})
	add("web.parcel.landuse", t.value("land_use"))
	add("web.parcel.price", page.Cell{Text: t.price()})
	add("web.parcel.since", page.Cell{Text: t.instantText(t.feature.Text("since"))})
	return table
}

// restRow is what of the lot's boundary lies along the rest of its parcel; nil where nothing is left.
func (t *telling) restRow() []page.Cell {
	if t.lot == nil || t.lot.RestEdgeM < 1 {
		return nil
	}
	code, status := t.feature.Text("code"), t.feature.Text("status")
	who := cmp.Or(t.name(t.feature.Text("tenant_zh"), t.feature.Text("tenant_en")),
		t.name(t.feature.Text("project_zh"), t.feature.Text("project_en")))
	return []page.Cell{{Text: t.text("api.sheet.lot.rest.name", "code", code),
		Href: t.mount() + Path(t.park.Code, code) + "?lang=" + string(t.lang)}, {Text: t.occupant(who, status)},
		{Text: t.text("web.status." + status), Class: status}, t.shared(t.lot.RestEdgeM)}
}

// lotFeature is the lot as GeoJSON, with the facts that it has of its own.
func (t *telling) lotFeature() ([]byte, error) {
	of := map[string]any{"park": t.park.Code, "parcel": t.feature.Text("code"), "status": t.feature.Text("status"),
		"land_use": t.feature.Text("land_use"), "computed_m2": math.Round(t.lot.ComputedM2*1e4) / 1e4, "legal_m2": nil,
		"frontage_m": nil, "road": nil, "plan_unit": t.lot.PlanUnit, "neighbours": t.lot.Neighbours,
		"seq": t.park.Seq, "at": t.park.At}
	if !math.IsNaN(t.ways.FrontM) {
		of["frontage_m"] = math.Round(t.ways.FrontM*10) / 10
	}
	if t.ways.Road != "" {
		of["road"] = t.ways.Road
	}
	if area, known := t.lotLegal(); known {
		of["legal_m2"] = json.Number(area.String())
	}
	return json.Marshal(map[string]any{"type": "Feature", "geometry": t.lot.Geometry, "properties": of})
}
