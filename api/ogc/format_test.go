package ogc

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"luodi/api/problem"
	"luodi/api/request"
)

func TestAcceptPicksTheForm(t *testing.T) {
	t.Parallel()
	const none request.Format = ""
	for accept, want := range map[string]request.Format{
		"": request.JSON, "*/*": request.JSON, "application/json": request.JSON, "text/html": request.HTML,
		"application/geo+json": request.JSON, "application/*": request.JSON, "text/*": request.HTML,
		"text/html;q=0.4, application/geo+json;q=0.5":                        request.JSON,
		"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8": request.HTML, "TEXT/HTML": request.HTML,
		"text/html;q=0": none, "text/html;level=1;q=0.7, application/json;q=0.6": request.HTML,
		"text/html;q=x":               request.HTML,
		"application/vnd.ogc.fg+json": jsonFG, "application/fg+json, application/json;q=0.9": jsonFG,
		"application/geo+json-seq": geoJSONSeq, "application/geo+json-seq;q=0.1, text/html;q=0.2": request.HTML,
		"application/json;q=0, */*": jsonFG, "image/png": none, "image/png, */*;q=0.1": request.JSON,
		"application/*;q=0, */*": request.HTML, "application/json;q=0.2, text/html;q=0.9": request.HTML,
		"text/html;q=0, */*": request.JSON,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept", accept)
		got, err := chosen(request.Query{}, r, features)
		var refused *problem.Request
		if got.name != want || (want == none) != errors.As(err, &refused) ||
			refused != nil && (refused.Kind.Status != http.StatusNotAcceptable || refused.Field != "Accept") {
			t.Errorf("%q: %s, %v, want %s", accept, got.name, err, want)
		}
	}
	for _, c := range []struct {
		f    string
		of   resource
		want request.Format
	}{{"json", document, request.JSON}, {"html", features, request.HTML}, {"jsonfg", oneFeature, jsonFG},
		{"geojsonseq", features, geoJSONSeq}, {"geojsonseq", oneFeature, none}, {"jsonfg", document, none},
		{"xml", features, none}, {"", features, none}, {"JSON", features, none}} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept", "image/png") // f goes before Accept
		if got, err := chosen(request.Query{"f": c.f}, r, c.of); got.name != c.want || (err == nil) == (c.want == none) {
			t.Errorf("f=%s: %s, %v, want %s", c.f, got.name, err, c.want)
		}
	}
}

func TestProfilesThatAFormatLacksHaveNoEffect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile string
		format  request.Format
		want    string
	}{
		{"", request.JSON, "rfc7946"}, {"jsonfg", request.JSON, "jsonfg"}, {"rel-as-key,jsonfg-plus", request.JSON, "jsonfg-plus"},
		{profileURI + "jsonfg", request.JSON, "jsonfg"}, {"nonsense", request.JSON, "rfc7946"}, {"", jsonFG, "jsonfg"},
		{"rfc7946", jsonFG, "jsonfg"}, {"jsonfg-plus", jsonFG, "jsonfg-plus"}, {"jsonfg", geoJSONSeq, "rfc7946"},
		{"jsonfg", request.HTML, "rfc7946"},
	} {
		if got := profileOf(request.Query{"profile": c.profile}, c.format); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.profile, c.format, got, c.want)
		}
	}
}
