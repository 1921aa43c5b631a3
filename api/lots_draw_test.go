package api_test

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"strings"
	"testing"
)

const reserveDrawing = "../docs/reserve-lots.svg"

// TestTheReserveIsDrawnAsItIsOffered draws the lots that the sample's 500-mu reserve offers at 100 m of frontage, a
// column for each size: the README shows the file.
func TestTheReserveIsDrawnAsItIsOffered(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	d := &drawing{}
	var feed object
	h.json("/api/parks/carbon-fibre/parcels.geojson", &feed)
	for _, f := range feed["features"].([]any) {
		if at(f, "properties", "code") == "TX-R01" {
			d.around(at(f, "geometry"))
		}
	}
	h.json("/ogc/collections/networks/items?f=json&limit=1000&park=carbon-fibre", &feed)
	for _, f := range feed["features"].([]any) {
		if at(f, "properties", "kind") == "road" {
			d.roads = append(d.roads, at(f, "geometry"))
		}
	}
	for column, mu := range []float64{20, 40, 60, 80, 120} {
		a := h.ask("/api/carve", http.StatusOK,
			fmt.Sprintf(`{"park":"carbon-fibre","parcel":"TX-R01","area_mu":%g,"frontage_m":100,"alternatives":3}`, mu))
		lots := a["lots"].([]any)
		if len(lots) < 3 {
			t.Fatalf("%v mu: %d alternatives", mu, len(lots))
		}
		for row, lot := range lots {
			d.cell(column, row, lot.(object))
		}
	}
	svg := d.svg()
	if *update {
		if err := os.WriteFile(reserveDrawing, []byte(svg), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(reserveDrawing)
	if err != nil || string(kept) != svg {
		t.Errorf("%s is not what is offered; if it should change, run with -update (%v)", reserveDrawing, err)
	}
}

// drawing is a table of small maps, in pixels, north up.
type drawing struct {
	outline string
	roads   []any
	west    float64
	north   float64
	wide    float64 // pixels a degree of longitude
	high    float64
	cells   strings.Builder
}

const (
	cellWide, cellHigh = 170.0, 150.0
	inset, caption     = 8.0, 34.0
)

// around fits the cells to a reserve parcel.
func (d *drawing) around(geometry any) {
	ring := at(geometry, "coordinates").([]any)[0].([]any)
	east, south := math.Inf(-1), math.Inf(1)
	d.west, d.north = math.Inf(1), math.Inf(-1)
	for _, p := range ring {
		x, y := p.([]any)[0].(float64), p.([]any)[1].(float64)
		d.west, east, south, d.north = min(d.west, x), max(east, x), min(south, y), max(d.north, y)
	}
	flat := math.Cos(d.north * math.Pi / 180)
	scale := min((cellWide-2*inset)/((east-d.west)*flat), (cellHigh-2*inset-caption)/(d.north-south))
	d.wide, d.high = scale*flat, scale
	d.outline = d.path(at(geometry, "coordinates").([]any)) + "Z"
}

func (d *drawing) path(lines []any) string {
	var b strings.Builder
	for _, line := range lines {
		for i, p := range line.([]any) {
			x, y := p.([]any)[0].(float64), p.([]any)[1].(float64)
			fmt.Fprintf(&b, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], inset+(x-d.west)*d.wide,
				inset+(d.north-y)*d.high)
		}
	}
	return b.String()
}

func (d *drawing) cell(column, row int, lot object) {
	fmt.Fprintf(&d.cells,
		`<g transform="translate(%.0f %.0f)"><svg width="%.0f" height="%.0f"><use href="#land"/><path class="lot" d="%sZ"/>`,
		float64(column)*cellWide, float64(row)*cellHigh, cellWide, cellHigh-caption,
		d.path(at(lot, "geometry", "coordinates").([]any)))
	if cut, ok := lot["cut"].(object); ok {
		fmt.Fprintf(&d.cells, `<path class="cut" d="%s"/>`, d.path([]any{cut["coordinates"]}))
	}
	fmt.Fprintf(&d.cells,
		"</svg><text x=\"%.0f\" y=\"%.0f\"><tspan class=\"mu\">%.2f 亩 mu</tspan><tspan x=\"%.0f\" dy=\"13\">临街 "+
			"frontage %.0f m · %s</tspan></text></g>\n",
		inset, cellHigh-caption+12, lot["area_mu"], inset, lot["frontage_m"], lot["road"])
}

func (d *drawing) svg() string {
	var roads []string
	for _, r := range d.roads {
		lines := at(r, "coordinates").([]any)
		if at(r, "type") == "LineString" {
			lines = []any{lines}
		}
		roads = append(roads, d.path(lines))
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="sans-serif" font-size="10.5" role="img">
<title>500 亩储备用地 TX-R01 的切地方案 / Lots offered out of the 500-mu reserve TX-R01</title>
<style>.road{fill:none;stroke:#9aa4ad;stroke-width:3}.land{fill:#efe9d8;stroke:#8a8060}.lot{fill:#4f9d7a;fill-opacity:.75;stroke:#1f5c43}.cut{fill:none;stroke:#1f5c43;stroke-width:1.6;stroke-dasharray:4 2}text{fill:#33393f}.mu{font-weight:bold}</style>
<defs><g id="land"><path class="road" d="%s"/><path class="land" d="%s"/></g></defs>
<rect width="100%%" height="100%%" fill="#fff"/>
%s</svg>
`, 5*cellWide, 3*cellHigh, strings.Join(roads, ""), d.outline, d.cells.String())
}
