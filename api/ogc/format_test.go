package ogc

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/feed"
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
		if got, err := chosen(request.Query{"f": c.f}, r, c.of); got.name != c.want ||
			(err == nil) == (c.want == none) {
			t.Errorf("f=%s: %s, %v, want %s", c.f, got.name, err, c.want)
		}
	}
}

func TestAnAnswerFollowsTheFirstProfileThatItsFormatHas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile string
		of      resource
		format  request.Format
		want    string
	}{
		{"", features, request.JSON, "rfc7946"}, {"jsonfg", oneFeature, request.JSON, "jsonfg"},
		{"jsonfg-plus,jsonfg", features, request.JSON, "jsonfg-plus"},
		{"jsonfg,rfc7946", features, request.JSON, "jsonfg"},
		{profileURI + "jsonfg", features, request.JSON, "jsonfg"}, {"", features, jsonFG, "jsonfg"},
		{"rfc7946", features, jsonFG, "jsonfg"}, {"rfc7946,jsonfg-plus", features, jsonFG, "jsonfg-plus"},
		{"jsonfg", features, geoJSONSeq, "rfc7946"}, {"jsonfg", features, request.HTML, ""},
		{"", schemas, request.JSON, "codelist-ref valid-domain"}, {"valid-domain", schemas, request.HTML,
			"codelist-ref valid-domain"},
		{"valid-domain,codelist-inline,codelist-ref", schemas, request.JSON, "codelist-inline valid-domain"},
	} {
		q := request.Query{"profile": c.profile}
		if c.profile == "" {
			q = request.Query{}
		}
		got, err := profilesOf(q, c.of, c.format)
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%q of %s: %v, %v, want %s", c.profile, c.format, got, err, c.want)
		}
	}
}

func TestAProfileThatAResourceLacksIsRefused(t *testing.T) {
	t.Parallel()
	for text, of := range map[string]resource{"nonsense": features, "": features, "jsonfg,": features,
		"jsonfg,nonsense": features, "codelist-ref": features, "rfc7946": schemas, "actual-domain": schemas,
		profileURI + "nonsense": schemas, "JSONFG": features, "codelist-inline, valid-domain": schemas} {
		var refused *problem.Request
		if got, err := profilesOf(request.Query{"profile": text}, of, request.JSON); !errors.As(err, &refused) ||
			refused.Field != "profile" {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// What memory keeps is GeoJSON as the public reads it: any other form, profile or reader is left to the database.
func TestMemoryKeepsOneForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format  request.Format
		profile string
		member  *feed.Member
		want    bool
	}{
		{request.JSON, rfc7946, nil, true}, {geoJSONSeq, rfc7946, nil, false}, {request.JSON, jsonFGOnly, nil, false},
		{request.JSON, rfc7946, &feed.Member{}, false}, {request.HTML, "", nil, false},
	} {
		a := &ask{format: c.format, profiles: []string{c.profile}, member: c.member}
		if got := a.keeps(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
