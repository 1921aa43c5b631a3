package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"luodi/api/problem"
)

// Whatever shape is sent wherever one is taken, the answer is of the caller's fault and names the field; nothing is
// written.
func TestShapesOfTheWholeWorldAndOthersThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	box := func(w, s, e, n float64) string {
		return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]g,%[2]g],[%[3]g,%[2]g],[%[3]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[2]g]]]}`, w, s, e, n)
	}
	comb := func(n int) string {
		var ring strings.Builder
		for i := range n {
			fmt.Fprintf(&ring, "[%g,%g],", 122+float64(i)*1e-6, 37+float64(i%2)*1e-3)
		}
		return `{"type":"Polygon","coordinates":[[` + ring.String() + `[122,36.9],[122,37]]]}`
	}
	shapes := map[string]string{
		"the world": box(-180, -90, 180, 90), "nearly the world": box(-179.9, -89.9, 179.9, 89.9),
		"a hemisphere": box(0, -80, 180, 80), "a country": box(73, 18, 135, 54),
		"the pole": box(100, 85, 140, 90), "over the 180th meridian": box(179, 30, -179, 31),
		"another continent": box(-60, -30, -59.99, -29.99), "beyond the globe": box(200, 37, 201, 38),
		"1e308": box(122, 37, 1e308, 37.1), "1e400": strings.Replace(box(122, 37, 7, 37.1), "7,", "1e400,", 1),
		"NaN":           strings.Replace(box(122, 37, 7, 37.1), "7,", "NaN,", 1),
		"30,000 points": comb(30_000), "deep": `{"type":"Polygon","coordinates":` + strings.Repeat("[", 5000) +
			strings.Repeat("]", 5000) + `}`, "nothing": `{"type":"Polygon","coordinates":null}`,
		"empty":        `{"type":"Polygon","coordinates":[]}`,
		"one number":   `{"type":"Polygon","coordinates":[[[1],[2],[3],[1]]]}`,
		"texts":        `{"type":"Polygon","coordinates":[[["a","b"]]]}`,
		"a collection": `{"type":"GeometryCollection","geometries":[` + box(122, 37, 122.1, 37.1) + `]}`,
		"a bow":        `{"type":"Polygon","coordinates":[[[122,37],[122.01,37.01],[122.01,37],[122,37.01],[122,37]]]}`,
	}
	before := o.count(`SELECT count(*) FROM record`)
	for name, shape := range shapes {
		for kind, body := range map[string]string{
			"create a parcel":  `{"kind":"create","reason":"r","object":{"collection":"parcels","facts":{"code":"NEW","land_use":"1001"},"geometry":%s}}`,
			"create a zone":    `{"kind":"create","reason":"r","object":{"collection":"zones","facts":{"code":"NEW","name_zh":"新","name_en":"New","function":"logistics"},"geometry":%s}}`,
			"create a network": `{"kind":"create","reason":"r","object":{"collection":"networks","facts":{"code":"NEW","kind":"road","grade":"main","name_zh":"路","name_en":"Road"},"geometry":%s}}`,
			"correct a survey": fmt.Sprintf(`{"kind":"correct","reason":"r","documents":[{"title":"s"}],"parcels":[{"id":%q,"version":%d}],"shape":{"geometry":%%s}}`, o.parcels[0], o.version(o.parcels[0])),
		} {
			shape := shape
			if kind == "create a network" {
				if name == "a bow" { // lines may cross themselves
					continue
				}
				shape = strings.Replace(shape, `"Polygon"`, `"MultiLineString"`, 1)
			}
			r, err := http.NewRequest("POST", o.url+records, strings.NewReader(fmt.Sprintf(body, shape)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+p.secret)
			r.Header.Set("Content-Type", "application/json")
			answer, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			told := problemOf(t, answer)
			if answer.StatusCode < 400 || answer.StatusCode >= 500 || !strings.HasSuffix(told.Field, "geometry") &&
				told.Field != "body" {
				t.Errorf("%s: %s: %s %+v", kind, name, answer.Status, told)
			}
		}
	}
	if after := o.count(`SELECT count(*) FROM record`); after != before {
		t.Errorf("%d records were written", after-before)
	}
}

func problemOf(t *testing.T, answer *http.Response) problem.Problem {
	t.Helper()
	defer func() { _ = answer.Body.Close() }()
	var told problem.Problem
	if err := json.NewDecoder(answer.Body).Decode(&told); err != nil && answer.StatusCode >= 400 {
		t.Errorf("%s: %v", answer.Status, err)
	}
	return told
}
