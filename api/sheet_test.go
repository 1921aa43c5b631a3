package api_test

import (
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"luodi/data/ledger"
)

// sitePage is a page of the sample's park.
func sitePage(code string) string { return "/sites/carbon-fibre/" + code }

// TestASitesPageTellsWhatTheFeedTells in both languages, and says what isn't known.
func TestASitesPageTellsWhatTheFeedTells(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for lang, words := range map[string][]string{
		"zh": {"<html lang=\"zh\">", "可供，29.26 亩", "1.95 公顷", "地价</th><td>336 元/m² · 参考价", "供电</th><td>已通</td><td>1,400 kVA",
			"容积率</th><td>0.7 – 1.8", "≥ 250 万元/亩", "TX-L05</a>", "邦德汽车轻量化", "共边 175.4 米", "并非测绘成果"},
		"en": {"<html lang=\"en\">", "Available, 29.26 mu", "4.82 acres", "Price</th><td>336 CNY/m² · reference",
			"Power</th><td>Connected</td><td>1,400 kVA", "≥ 2,500,000 CNY/mu", "175.4 m shared"},
	} {
		r := h.get(sitePage("TX-L04") + "?lang=" + lang)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Language") != lang {
			t.Fatalf("%s: %s", lang, r.Status)
		}
		for _, word := range words {
			if !strings.Contains(string(r.body), word) {
				t.Errorf("%s: the page doesn't say %q", lang, word)
			}
		}
	}
	if r := h.get(sitePage("TX-L04"), "Accept-Language", "en-GB,en;q=0.9"); r.Header.Get("Content-Language") != "en" {
		t.Error("the browser's language is ignored")
	}
}

// TestAPlanIsTrueToItsScale measures the ground by the plan: the outline's area in square millimetres, at the scale
// that the page tells, is the parcel's area.
func TestAPlanIsTrueToItsScale(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, code := range []string{"TX-L04", "TX-R01", "TX-C01", "TX-D05"} {
		body := string(h.get(sitePage(code) + "?lang=en").body)
		scale := regexp.MustCompile(`1:([0-9,]+) on A4`).FindStringSubmatch(body)
		outline := regexp.MustCompile(`<path class="area [a-z]+" d="([^"]+)"`).FindStringSubmatch(body)
		if scale == nil || outline == nil || !strings.Contains(body, `viewBox="0 0 180 120" width="180mm" height="120mm"`) {
			t.Fatalf("%s has no plan at a scale", code)
		}
		denominator, err := strconv.ParseFloat(strings.ReplaceAll(scale[1], ",", ""), 64)
		if err != nil {
			t.Fatal(err)
		}
		var want float64
		if err := h.db.Owner.QueryRow(t.Context(), `SELECT ellipsoid_m2 FROM parcel_public WHERE code = $1 AND to_seq IS NULL`,
			code).Scan(&want); err != nil {
			t.Fatal(err)
		}
		got := outlineArea(t, outline[1]) * math.Pow(denominator/1000, 2)
		if math.Abs(got/want-1) > 0.003 { // the plan is drawn to 0.01 mm
			t.Errorf("%s: the plan at 1:%.0f shows %.0f m², the parcel has %.0f", code, denominator, got, want)
		}
	}
}

// outlineArea is the area of a path of one ring.
func outlineArea(t *testing.T, d string) float64 {
	t.Helper()
	var x, y []float64
	for _, pair := range regexp.MustCompile(`[ML](-?[0-9.]+) (-?[0-9.]+)`).FindAllStringSubmatch(d, -1) {
		for into, text := range map[*[]float64]string{&x: pair[1], &y: pair[2]} {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			*into = append(*into, v)
		}
	}
	twice := 0.0
	for i := range x {
		k := (i + 1) % len(x)
		twice += x[i]*y[k] - x[k]*y[i]
	}
	return math.Abs(twice) / 2
}

// TestASitesPageIsOfNow: a change shows at the next request, an unchanged page is not sent again, and what the public
// no longer sees is gone.
func TestASitesPageIsOfNow(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	first := h.get(sitePage("TX-L04"))
	tag := first.Header.Get("ETag")
	if r := h.get(sitePage("TX-L04"), "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
		t.Errorf("an unchanged page: %s", r.Status)
	}
	if r := h.get(sitePage("TX-L04")+"?lang=en", "If-None-Match", tag); r.StatusCode != http.StatusOK {
		t.Errorf("a page in another language: %s", r.Status)
	}
	var parcel ledger.Ref
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT parcel_id, version FROM parcel_version JOIN parcel USING (parcel_id)
		WHERE code = 'TX-L04' AND upper_inf(sys)`).Scan(&parcel.ID, &parcel.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Of(h.db.Store).Do(t.Context(), ledger.Order{Park: "carbon-fibre", Reason: "r", Via: "test",
		Command: ledger.Command{Kind: "unpublish", Parcels: []ledger.Ref{parcel}}}); err != nil {
		t.Fatal(err)
	}
	if r := h.get(sitePage("TX-L04"), "If-None-Match", tag); r.StatusCode != http.StatusNotFound {
		t.Errorf("a parcel that is no longer public: %s", r.Status)
	}
	if strings.Contains(string(h.get(sitePage("TX-L05")).body), "TX-L04") {
		t.Error("its neighbour's page still names it")
	}
}

// TestASitesPageRefuses what it can't know, by the one form of refusals.
func TestASitesPageRefuses(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for path, status := range map[string]int{
		sitePage("NONE"): http.StatusNotFound, "/sites/none/TX-L04": http.StatusNotFound,
		sitePage("TX-L04") + "?lang=fr": http.StatusBadRequest, sitePage("TX-L04") + "?x=1": http.StatusBadRequest,
		sitePage("%00"): http.StatusNotFound, sitePage("a%2Fb"): http.StatusNotFound,
		sitePage(strings.Repeat("a", 500)): http.StatusNotFound, "/sites/carbon-fibre": http.StatusNotFound,
	} {
		if r := h.get(path); r.StatusCode != status {
			t.Errorf("%s: %s, want %d", path, r.Status, status)
		}
	}
	if r := h.send(http.MethodPost, sitePage("TX-L04"), strings.NewReader("")); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s", r.Status)
	}
}

// TestAPageOfASetAddsUp: areas and capacities of its parcels are summed, what is not stated is said, and what lies
// beside one of them inside the set is no neighbour.
func TestAPageOfASetAddsUp(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var mu, power float64
	var ready int
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT round(sum(legal_m2) * 15 / 10000, 2)::float8,
		sum((services->'power'->>'capacity')::float8) FILTER (WHERE (services->'power'->>'ready')::bool),
		count(*) FILTER (WHERE (services->'power'->>'ready')::bool)
		FROM parcel_public WHERE code IN ('TX-L04', 'TX-L05') AND to_seq IS NULL`).Scan(&mu, &power, &ready); err != nil {
		t.Fatal(err)
	}
	for lang, words := range map[string][]string{
		"zh": {"2 块地，共 " + strconv.FormatFloat(mu, 'f', 2, 64) + " 亩", "2 块中 " + strconv.Itoa(ready) + " 块已通", "相连，可合并考虑"},
		"en": {"2 parcels, " + strconv.FormatFloat(mu, 'f', 2, 64) + " mu together", "Yes: they share boundaries",
			"TX-L04 &#43; TX-L05 · "},
	} {
		r := h.get(sitePage("TX-L04,TX-L05") + "?lang=" + lang)
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s", lang, r.Status, r.body)
		}
		body := string(r.body)
		for _, word := range words {
			if !strings.Contains(body, word) {
				t.Errorf("%s: the page doesn't say %q", lang, word)
			}
		}
		if n := strings.Count(body, `>TX-L05</a>`); n != 1 {
			t.Errorf("%s: TX-L05 is listed %d times", lang, n)
		}
		if n := len(regexp.MustCompile(`<path class="area [a-z]+"`).FindAllString(body, -1)); n != 4 { // two on the plan, one on each small map
			t.Errorf("%s: %d parcels are drawn", lang, n)
		}
	}
	if power > 0 {
		text := strconv.FormatFloat(power, 'f', -1, 64)
		if n := len(text); n > 3 {
			text = text[:n-3] + "," + text[n-3:]
		}
		if body := string(h.get(sitePage("TX-L04,TX-L05") + "?lang=en").body); !strings.Contains(body, text+" kVA") {
			t.Errorf("the page doesn't add power up to %s kVA", text)
		}
	}
	if body := string(h.get(sitePage("TX-L04,TX-R01") + "?lang=en").body); !strings.Contains(body, "No: they lie apart") {
		t.Error("parcels that lie apart are one piece of ground")
	}
	for path, status := range map[string]int{
		"TX-L04,": http.StatusBadRequest, "TX-L04,TX-L04": http.StatusBadRequest, "TX-L04,NONE": http.StatusNotFound,
		"A,B,C,D,E,F,G,H,I,J,K": http.StatusBadRequest, "TX-L04,TX-L05?f=pdf": http.StatusNotFound,
	} {
		if r := h.get(sitePage(path)); r.StatusCode != status {
			t.Errorf("%s: %s, want %d", path, r.Status, status)
		}
	}
}
