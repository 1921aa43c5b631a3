package api_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"luodi/api/sheet"
)

// carvedLot is the best lot of 20 mu with 60 m of frontage in a parcel of the sample, as a question for lots gives it.
func carvedLot(t *testing.T, h *house, parcel string) (corners [][2]float64, areaM2, frontM float64) {
	t.Helper()
	var answer struct {
		Lots []struct {
			AreaM2    float64 `json:"area_m2"`
			FrontageM float64 `json:"frontage_m"`
			Geometry  struct{ Coordinates [][][2]float64 }
		}
	}
	r := h.send(http.MethodPost, "/api/carve", strings.NewReader(fmt.Sprintf(
		`{"park":"carbon-fibre","parcel":%q,"area_mu":20,"frontage_m":60}`, parcel)))
	if err := json.Unmarshal(r.body, &answer); err != nil || len(answer.Lots) == 0 {
		t.Fatalf("no lot of %s: %s %s", parcel, r.Status, r.body)
	}
	ring := answer.Lots[0].Geometry.Coordinates[0]
	return ring[:len(ring)-1], answer.Lots[0].AreaM2, answer.Lots[0].FrontageM
}

// lotPage is the page of a lot.
func lotPage(code string, corners [][2]float64, more string) string {
	return sitePage(code) + "?lot=" + sheet.FormatLot(corners) + more
}

// TestALotsPageTellsWhatItIs: its area and frontage are the question's, its neighbours' lengths and its share of the
// legal area are PostGIS's, and what it has from its parcel stands there with it.
func TestALotsPageTellsWhatItIs(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	corners, area, front := carvedLot(t, h, "TX-L04")
	var legal, parent, beside float64
	var neighbour string
	text := make([]string, 0, len(corners)+1)
	for i := range len(corners) + 1 {
		c := corners[i%len(corners)]
		text = append(text, fmt.Sprintf("%.9f %.9f", c[0], c[1]))
	}
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT f.legal_m2::float8, f.computed_m2, n.code, s.m FROM parcel_public f
		CROSS JOIN (SELECT ST_Transform(ST_GeomFromText($1, 4490), 4550) AS geom) l
		JOIN parcel_public n ON n.park_id = f.park_id AND n.to_seq IS NULL AND n.code <> f.code
		CROSS JOIN LATERAL (SELECT ST_Length(ST_Intersection(ST_Buffer(ST_Boundary(l.geom), 0.05),
			ST_Boundary(ST_Transform(n.geom, 4550)))) AS m) s
		WHERE f.code = 'TX-L04' AND f.to_seq IS NULL ORDER BY s.m DESC LIMIT 1`,
		"POLYGON(("+strings.Join(text, ",")+"))").Scan(&legal, &parent, &neighbour, &beside); err != nil {
		t.Fatal(err)
	}
	mu := strconv.FormatFloat(math.Round(legal*area/parent*15/100)/100, 'f', -1, 64)
	for lang, words := range map[string][]string{
		"zh": {"TX-L04 内一宗", "约 " + mu + " 亩", "母地块</th><td><a href=\"/sites/carbon-fibre/TX-L04?lang=zh\">", "TX-L04（余下部分）",
			"最近的交通与管网", "道路里程", "容积率</th><td>0.7 – 1.8", "供电</th><td>已通"},
		"en": {"A lot of TX-L04", "About " + mu + " mu", ">" + neighbour + "</a>", fmt.Sprintf("%.1f m on ", front),
			"share of the legal area", "Left of that parcel"},
	} {
		r := h.get(lotPage("TX-L04", corners, "&lang="+lang))
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s", lang, r.Status, r.body)
		}
		for _, word := range words {
			if !strings.Contains(string(r.body), word) {
				t.Errorf("%s: the page doesn't say %q", lang, word)
			}
		}
		shared := regexp.MustCompile(">" + neighbour + `</a></td>.*?>([0-9.]+) m shared<`).FindStringSubmatch(string(r.body))
		if lang == "en" {
			if shared == nil {
				t.Fatalf("%s is no neighbour", neighbour)
			}
			if got, _ := strconv.ParseFloat(shared[1], 64); math.Abs(got-beside) > 0.2 {
				t.Errorf("%s shares %s m, PostGIS measures %.1f", neighbour, shared[1], beside)
			}
		}
		scale := regexp.MustCompile(`(?:比例 |>)1:([0-9,]+)`).FindStringSubmatch(string(r.body))
		outline := regexp.MustCompile(`<path class="area available" d="([^"]+)"`).FindStringSubmatch(string(r.body))
		if scale == nil || outline == nil {
			t.Fatalf("%s: no plan", lang)
		}
		denominator, _ := strconv.ParseFloat(strings.ReplaceAll(scale[1], ",", ""), 64)
		if got := outlineArea(t, outline[1]) * math.Pow(denominator/1000, 2); math.Abs(got/area-1) > 0.01 {
			t.Errorf("%s: the plan shows %.0f m² of %.0f", lang, got, area)
		}
	}
	var feature struct {
		Type       string
		Properties struct {
			Parcel     string
			ComputedM2 float64 `json:"computed_m2"`
		}
	}
	r := h.get(lotPage("TX-L04", corners, "&f=geojson"))
	if json.Unmarshal(r.body, &feature) != nil || feature.Type != "Feature" || feature.Properties.Parcel != "TX-L04" ||
		math.Abs(feature.Properties.ComputedM2-area) > 0.1 {
		t.Errorf("the lot as GeoJSON: %s %s", r.Status, r.body)
	}
}

// within is a triangle well inside a ring that is nearly convex.
func within(ring [][2]float64) [][2]float64 {
	var mean [2]float64
	for _, corner := range ring[1:] { // the first is told again at the end
		mean[0] += corner[0] / float64(len(ring)-1)
		mean[1] += corner[1] / float64(len(ring)-1)
	}
	var corners [][2]float64
	for _, i := range []int{0, len(ring) / 3, 2 * len(ring) / 3} {
		corners = append(corners, [2]float64{(ring[i][0] + mean[0]) / 2, (ring[i][1] + mean[1]) / 2})
	}
	return corners
}

// TestALotsPageIsOfItsParcel: what is not in the parcel is refused in words, and with the parcel goes every lot of
// it, in every form.
func TestALotsPageIsOfItsParcel(t *testing.T) {
	t.Parallel()
	h := withType(t)
	corners, _, _ := carvedLot(t, h, "TX-L04")
	good := lotPage("TX-L04", corners, "")
	moved := append([][2]float64{}, corners...)
	moved[0] = [2]float64{moved[0][0] + 0.01, moved[0][1] + 0.01}
	crossed := append([][2]float64{}, corners...)
	crossed[0], crossed[1] = crossed[1], crossed[0]
	for path, want := range map[string]string{
		lotPage("TX-L04", moved, ""): "", lotPage("TX-L04", crossed, ""): "crosses itself",
		lotPage("TX-L05", corners, ""): "inside its parcel", sitePage("TX-L04,TX-L05") + "?lot=1_2_3_4_5_6": "one parcel",
		sitePage("TX-L04") + "?lot=": "3 to 100 corners", sitePage("TX-L04") + "?lot=1_2_3_4": "3 to 100 corners",
		sitePage("TX-L04") + "?lot=a_b_c_d_e_f":                                             "10⁻⁹ degrees",
		sitePage("TX-L04") + "?lot=999999999999999999999_0_1_0_0_1":                         "10⁻⁹ degrees",
		sitePage("TX-L04") + "?lot=1_1" + strings.Repeat("_1_0", 100):                       "3 to 100 corners",
		sitePage("TX-L04") + "?lot=122021000000_37241000000_1_0_0_1":                        "1 m² at least",
		sitePage("TX-L04") + "?lot=122021000000_37241000000_0_0_0_0":                        "",
		sitePage("TX-L04") + "?lot=" + url.QueryEscape("122021000000_37241000000_+1_0_0_1"): "10⁻⁹ degrees",
	} {
		r := h.get(path, "Accept-Language", "en")
		if r.StatusCode != http.StatusBadRequest || !strings.Contains(string(r.body), want) || !strings.Contains(string(r.body), `"lot"`) {
			t.Errorf("%s: %s, want %q: %s", path, r.Status, want, r.body)
		}
	}
	whole := h.get(sitePage("TX-L04")).Header.Get("ETag")
	if r := h.get(good, "If-None-Match", whole); r.StatusCode != http.StatusOK {
		t.Errorf("a lot is taken for its parcel: %s", r.Status)
	}
	var built struct {
		Features []struct {
			Geometry struct{ Coordinates [][][2]float64 }
		}
	}
	h.json(parcelItems+"?code=TX-L03", &built)
	body := string(h.get(lotPage("TX-L03", within(built.Features[0].Geometry.Coordinates[0]), "&lang=en")).body)
	if !strings.Contains(body, `Prepreg plant (not named in the report)</td><td><i class="swatch built"`) {
		t.Errorf("the rest of a built parcel isn't said to be in use: %s", body)
	}
	tag := h.get(good).Header.Get("ETag")
	_, said := pdfRead(t, h.get(good+"&f=pdf&lang=zh").body)
	for _, word := range []string{"TX-L04 内一宗", "折算法定面积", "最近的交通与管网", "A4 纸上比例"} {
		if !strings.Contains(said, word) {
			t.Errorf("the lot's sheet doesn't say %q: %s", word, said)
		}
	}
	hidePublic(t, h, "TX-L04")
	for _, f := range []string{"", "&f=pdf", "&f=png", "&f=card", "&f=geojson"} {
		if r := h.get(good+f, "If-None-Match", tag); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s of a lot of a parcel that is no longer public: %s", f, r.Status)
		}
	}
}

// TestALotsLinkIsReadAsItWasWritten to the feeds' grid, anywhere on earth.
func TestALotsLinkIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, corners := range [][][2]float64{
		{{122.021234567, 37.241234567}, {122.031234568, 37.24}, {122.02, 37.25}},
		{{-179.999999999, -89.999999999}, {179.999999999, 89.999999999}, {0, 0}, {1e-9, -1e-9}},
	} {
		read, err := sheet.ParseLot(sheet.FormatLot(corners))
		if err != nil || fmt.Sprint(read) != fmt.Sprint(corners) {
			t.Errorf("%v is read as %v: %v", corners, read, err)
		}
	}
}

// TestASitesPageNamesWhatIsNearest: each kind of network once, with the distance that PostGIS measures and the way by
// road that rankings use.
func TestASitesPageNamesWhatIsNearest(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	body := string(h.get(sitePage("TX-L04") + "?lang=en").body)
	var kinds int
	var code string
	var metres float64
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT (SELECT count(DISTINCT (kind, grade = 'expressway')) FROM network_public n
		WHERE n.park_id = f.park_id AND n.to_seq IS NULL), n.code, ST_Distance(ST_Transform(ST_PointOnSurface(f.geom), 4550),
		ST_Transform(n.geom, 4550)) AS m FROM parcel_public f JOIN network_public n USING (park_id)
		WHERE f.code = 'TX-L04' AND f.to_seq IS NULL AND n.to_seq IS NULL AND n.kind = 'steam' ORDER BY m LIMIT 1`).
		Scan(&kinds, &code, &metres); err != nil {
		t.Fatal(err)
	}
	table := body[strings.Index(body, "Nearest networks"):]
	table = table[:strings.Index(table, "</table>")]
	if n := strings.Count(table, "<tr>") - 1; n != kinds {
		t.Errorf("%d kinds are told of %d", n, kinds)
	}
	row := regexp.MustCompile(`<tr><th scope="row">Steam</th>.*`).FindString(table)
	if !strings.Contains(row, "("+code+")") || !strings.Contains(row, fmt.Sprintf(">%.0f m<", metres)) {
		t.Errorf("steam is %s at %.0f m: %s", code, metres, row)
	}
	var measures struct {
		IDs      []string `json:"ids"`
		Measures []struct {
			Measure string
			Values  []*float64
		}
	}
	h.json("/api/parks/carbon-fibre/measures", &measures)
	var id string
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT parcel_id FROM parcel_public WHERE code = 'TX-L04' AND to_seq IS NULL`).
		Scan(&id); err != nil {
		t.Fatal(err)
	}
	for _, m := range measures.Measures {
		for i, of := range measures.IDs {
			if m.Measure == "port_road_m" && of == id && m.Values[i] != nil {
				want := fmt.Sprintf("%.0f", *m.Values[i])
				if len(want) > 3 {
					want = want[:len(want)-3] + "," + want[len(want)-3:]
				}
				if port := regexp.MustCompile(`<tr><th scope="row">Port</th>.*`).FindString(table); !strings.Contains(port, want+" m<") {
					t.Errorf("the way to the port is %s m: %s", want, port)
				}
				return
			}
		}
	}
	t.Error("no way to the port is measured")
}
