package api_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// number reads a figure of a page before a unit.
func pageNumber(t *testing.T, body, before, unit string) float64 {
	t.Helper()
	m := regexp.MustCompile(before + `</th><td>(?:at most )?([0-9,.]+) ` + unit).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no %s in %s", before, body)
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestASitesPageDrawsTheGreatestVolume: of conditions as they stand, and of ones with a height and a setback, whose
// ground is that of a strip along the boundary taken off.
func TestASitesPageDrawsTheGreatestVolume(t *testing.T) {
	t.Parallel()
	h := withType(t)
	path := sitePage("TX-L04") + "?lang=en"
	var area, around float64
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT computed_m2, ST_Perimeter(ST_Transform(geom, 4550)) FROM parcel_public
		WHERE code = 'TX-L04' AND to_seq IS NULL`).Scan(&area, &around); err != nil {
		t.Fatal(err)
	}
	body := string(h.get(path).body)
	for _, word := range []string{"Setback not stated: drawn to the boundary", "Height at most</th><td>Not stated",
		"the footprint: Building coefficient; the height: Floor-area ratio", `class="solid-roof"`} {
		if !strings.Contains(body, word) {
			t.Errorf("the page doesn't say %q", word)
		}
	}
	if got := pageNumber(t, body, "Footprint at most", "m²"); math.Abs(got-0.65*area) > 1 {
		t.Errorf("the footprint is %.0f m² of %.0f", got, 0.65*area)
	}
	set := func(conditions string) {
		t.Helper()
		if _, err := h.db.Owner.Exec(t.Context(), `UPDATE plan_unit_public SET conditions = $1::json WHERE to_seq IS NULL AND
			code = 'PU-L-100102'`, conditions); err != nil {
			t.Fatal(err)
		}
		hidePublic(t, h, "TX-D05") // a change, so that the page is made anew
	}
	set(`{"far":{"min":null,"max":3,"source":"s","edition":"e"},"height_m":{"min":null,"max":24,"source":"s","edition":"e"},
		"setback_m":{"min":10,"max":null,"source":"s","edition":"e"}}`)
	body = string(h.get(path).body)
	want := area - 10*around + 4*100
	if got := pageNumber(t, body, "Footprint at most", "m²"); math.Abs(got/want-1) > 0.01 {
		t.Errorf("a setback of 10 m leaves %.0f m², about %.0f are left of %.0f", got, want, area)
	}
	if got := pageNumber(t, body, "Counted floor area", "m²"); math.Abs(got-3*area) > 2 {
		t.Errorf("the floor area is %.0f of %.0f", got, 3*area)
	}
	for _, word := range []string{"the footprint: Setback; the height: Height", "(10 m from every boundary)", `class="solid-zone"`,
		"Setback</th><td>≥ 10 m"} {
		if !strings.Contains(body, word) {
			t.Errorf("the page doesn't say %q", word)
		}
	}
	_, said := pdfRead(t, h.get(path+"&f=pdf").body)
	for _, word := range []string{"What the conditions allow to be built", "10 m from every", "Axonometric drawing"} {
		if !strings.Contains(said, word) {
			t.Errorf("paper doesn't say %q", word)
		}
	}
	corners, lot, _ := func() ([][2]float64, float64, float64) { return carvedLot(t, h, "TX-L04") }()
	body = string(h.get(lotPage("TX-L04", corners, "&lang=en")).body)
	if got := pageNumber(t, body, "Counted floor area", "m²"); math.Abs(got-3*lot) > 2 {
		t.Errorf("the lot's floor area is %.0f of %.0f", got, 3*lot)
	}
}

// TestAVolumeIsDrawnAtOneScale: the roof of the drawing lies as high above the ground as the volume is high, and
// walls are as long as the ground's edges, by the isometric axes.
func TestAVolumeIsDrawnAtOneScale(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	body := string(h.get(sitePage("TX-L04") + "?lang=en").body)
	high, err := strconv.ParseFloat(regexp.MustCompile(`at 8 m each ([0-9.]+) m high`).FindStringSubmatch(body)[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	var area float64
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT computed_m2 FROM parcel_public WHERE code = 'TX-L04' AND to_seq IS NULL`).
		Scan(&area); err != nil {
		t.Fatal(err)
	}
	land := regexp.MustCompile(`class="solid-land" d="([^"]+)"`).FindStringSubmatch(body)
	wall := regexp.MustCompile(`class="solid-wall" d="M([0-9.]+) ([0-9.]+)L([0-9.]+) ([0-9.]+)L([0-9.]+) ([0-9.]+)L`).FindStringSubmatch(body)
	if land == nil || wall == nil {
		t.Fatal("no volume is drawn")
	}
	// the isometric projection of ground shrinks areas by (√3/2 · 1/2) · 2 = √3/2
	scale := math.Sqrt(outlineArea(t, land[1]) / (area * math.Sqrt(3) / 2)) // millimetres a metre
	y := make([]float64, 7)
	for i := range y {
		if i > 0 {
			if _, err := fmt.Sscan(wall[i], &y[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := (y[4] - y[6]) / scale; math.Abs(got/high-1) > 0.02 || y[3] != y[5] {
		t.Errorf("a wall is drawn %.1f m high of %.1f", got, high)
	}
}
