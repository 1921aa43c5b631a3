package api_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestThePageOfItemsShowsWhatTheFeedHolds: as many rows and shapes as features, in the words and colours of the map.
func TestThePageOfItemsShowsWhatTheFeedHolds(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	want := liveCodes(h, "status = 'supplied'")
	for lang, word := range map[string]string{"zh": "已供在建", "en": "Supplied"} {
		body := string(h.get(parcelItems + "?f=html&limit=1000&status=supplied&lang=" + lang).body)
		var codes []string
		for _, m := range regexp.MustCompile(`<tr><td><a href="[^"]*/items/[0-9a-f-]+\?[^"]*">([^<]+)</a>`).
			FindAllStringSubmatch(body, -1) {
			codes = append(codes, m[1])
		}
		slices.Sort(codes)
		if !slices.Equal(codes, want) {
			t.Errorf("%s: the table shows %v, want %v", lang, codes, want)
		}
		if n := strings.Count(body, `<path class="area supplied"`); n != len(want) {
			t.Errorf("%s: %d shapes are drawn, want %d", lang, n, len(want))
		}
		if n := strings.Count(body, `<i class="swatch supplied" aria-hidden="true"></i>`+word+"</td>"); n != len(want) {
			t.Errorf("%s: %d rows say %q, want %d", lang, n, word, len(want))
		}
		if !strings.Contains(body, `<option value="supplied" selected>`+word+`</option>`) {
			t.Errorf("%s: the form does not show the choice in words", lang)
		}
	}
}

// TestAFormLeftBlankAsksForNothing: a browser sends every field of a form, blank ones too.
func TestAFormLeftBlankAsksForNothing(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	body := string(h.get(parcelItems + "?f=html&lang=en&sortby=-legal_m2").body)
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<(?:input type="(?:text|hidden)"|select) name="([^"]+)"(?: value="([^"]*)")?`).
		FindAllStringSubmatch(body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	if form.Get("f") != "html" || form.Get("sortby") != "-legal_m2" || !form.Has("status") || !form.Has("filter") {
		t.Fatalf("the form holds %v", form)
	}
	form.Set("status", "available")
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := stay.Get(h.url + parcelItems + "?" + form.Encode())
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	at, err := answer.Location()
	if err != nil || answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s, %v", answer.Status, err)
	}
	if got := at.Query().Encode(); got != "f=html&lang=en&sortby=-legal_m2&status=available" {
		t.Errorf("the form leads to %s", got)
	}
	if r := h.get(parcelItems + "?f=json&status="); r.StatusCode != http.StatusBadRequest {
		t.Errorf("a blank value of a program is taken: %s", r.Status)
	}
}

// TestEachPageKeepsItsAddressInTheOtherLanguage: the switch changes the language alone.
func TestEachPageKeepsItsAddressInTheOtherLanguage(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	body := string(h.get(parcelItems + "?f=html&status=built&limit=7&lang=zh").body)
	m := regexp.MustCompile(`<a href="([^"]+)" lang="en"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("no switch")
	}
	at, err := url.Parse(html.UnescapeString(m[1]))
	if err != nil || at.Path != parcelItems || at.Query().Encode() != "f=html&lang=en&limit=7&status=built" {
		t.Errorf("the switch leads to %s", m[1])
	}
}

// The way to each page names every step once, and ends where the page is.
func TestTheWayToAPageNamesEachStepOnce(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	way := regexp.MustCompile(`(?s)<nav aria-label="[^"]*"><ol>(.*?)</ol></nav>`)
	step := regexp.MustCompile(`<li[^>]*>(?:<a [^>]*>)?([^<]+)`)
	var page items
	h.json(parcelItems+"?limit=1", &page)
	for _, path := range []string{"/ogc", "/ogc/conformance", "/ogc/api", "/ogc/crs", "/ogc/codelists",
		"/ogc/codelists/status", "/ogc/collections", "/ogc/collections/parcels", parcelItems,
		parcelItems + "/" + page.Features[0].ID, "/ogc/collections/parcels/queryables",
		"/ogc/collections/parcels/sortables", "/ogc/collections/parcels/schema", "/ogc/collections/networks/items"} {
		for _, lang := range []string{"zh", "en"} {
			body := string(h.get(path + "?f=html&lang=" + lang).body)
			var steps []string
			for _, m := range step.FindAllStringSubmatch(way.FindString(body), -1) {
				if slices.Contains(steps, m[1]) {
					t.Errorf("%s in %s: %q stands twice on the way", path, lang, m[1])
				}
				steps = append(steps, m[1])
			}
			if len(steps) == 0 {
				t.Errorf("%s in %s has no way", path, lang)
			}
		}
	}
}
