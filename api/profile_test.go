package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"luodi/data/feed"
)

const profileNames = "http://www.opengis.net/def/profile/OGC/0/"

// described is what the test reads of a property in a schema of OGC API Features Part 5.
type describedProperty struct {
	Type, Format, Title string
	Ref                 string `json:"$ref"`
	ReadOnly            bool
	Enum                []string
	OneOf               []struct{ Const, Title string }
	Codelist            string  `json:"x-ogc-codelistUri"`
	Role                string  `json:"x-ogc-role"`
	Unit                *string `json:"x-ogc-unit"`
	Seq                 int     `json:"x-ogc-propertySeq"`
}

type logicalSchema struct {
	Schema     string `json:"$schema"`
	ID         string `json:"$id"`
	Type       string
	Properties map[string]describedProperty
	Additional *bool `json:"additionalProperties"`
	Required   []string
}

func (h *house) schema(t *testing.T, path string) (s logicalSchema, profiles string) {
	t.Helper()
	r := h.get(path, "Accept", "application/schema+json")
	if kind := r.Header.Get("Content-Type"); r.StatusCode != http.StatusOK || kind != "application/schema+json" {
		t.Fatalf("%s: %s, %s: %s", path, r.Status, kind, r.body)
	}
	if err := json.Unmarshal(r.body, &s); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return s, r.Header.Get("Link")
}

// schemasOf are the documents of a collection that are schemas of Part 5.
var schemasOf = []string{"schema", "queryables", "sortables"}

// The classes schemas and advanced-property-roles, for each document of each collection.
func TestSchemasSayWhatPropertiesAre(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, c := range feed.Collections() {
		for _, name := range schemasOf {
			path := "/ogc/collections/" + c.ID + "/" + name
			s, _ := h.schema(t, path)
			if s.Schema != "https://json-schema.org/draft/2020-12/schema" || s.Type != "object" || s.ID != h.url+path {
				t.Errorf("%s: %s, %s, %s", path, s.Schema, s.Type, s.ID)
			}
			if again, _ := h.schema(t, strings.TrimPrefix(s.ID, h.url)); again.ID != s.ID {
				t.Errorf("%s: its $id returns %s", path, again.ID)
			}
			roles := map[string][]string{}
			for property, d := range s.Properties {
				checkProperty(t, path+": "+property, d)
				roles[d.Role] = append(roles[d.Role], property)
			}
			want := map[string]string{}
			if name != "sortables" {
				want["primary-geometry"] = "geometry"
			}
			if name == "schema" {
				want["id"] = "id"
				if c.Timed() {
					want["primary-interval-start"], want["primary-interval-end"] = "since", "until"
				}
			}
			delete(roles, "")
			if len(roles) != len(want) {
				t.Errorf("%s: roles %v, want %v", path, roles, want)
			}
			for role, property := range want {
				if !slices.Equal(roles[role], []string{property}) {
					t.Errorf("%s: %s has %v, want %s", path, role, roles[role], property)
				}
			}
		}
	}
}

func checkProperty(t *testing.T, what string, d describedProperty) {
	t.Helper()
	spatial := strings.HasPrefix(d.Format, "geometry-")
	if d.Ref != "" || spatial == (d.Type != "") || d.Title == "" {
		t.Errorf("%s: type %q, format %q, $ref %q, title %q", what, d.Type, d.Format, d.Ref, d.Title)
	}
	if d.Unit != nil && (*d.Unit == "" || d.Type != "number") {
		t.Errorf("%s: a unit of %s: %q", what, d.Type, *d.Unit)
	}
}

// The class returnables-and-receivables: the schema names what features have, and nothing in it can be sent.
func TestTheSchemaNamesWhatFeaturesHave(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, c := range feed.Collections() {
		s, _ := h.schema(t, "/ogc/collections/"+c.ID+"/schema")
		var page struct {
			Features []struct{ Properties map[string]any }
		}
		h.json("/ogc/collections/"+c.ID+"/items?limit=1", &page)
		seqs := map[int]bool{}
		for name, d := range s.Properties {
			if _, has := page.Features[0].Properties[name]; !has && d.Role != "id" && d.Role != "primary-geometry" {
				t.Errorf("%s: features have no %s", c.ID, name)
			}
			if !d.ReadOnly || seqs[d.Seq] || d.Seq < 1 {
				t.Errorf("%s: %s is for reading %v, place %d", c.ID, name, d.ReadOnly, d.Seq)
			}
			seqs[d.Seq] = true
		}
		for name := range page.Features[0].Properties {
			if _, told := s.Properties[name]; !told {
				t.Errorf("%s: the schema lacks %s", c.ID, name)
			}
		}
		r := h.send(http.MethodPost, "/ogc/collections/"+c.ID+"/items", strings.NewReader("{}"))
		if r.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s takes a feature: %s", c.ID, r.Status)
		}
	}
}

// The classes queryables and sortables: the document is linked, names what is taken, and what it does not name is
// refused.
func TestWhatTheSchemasDoNotNameIsRefused(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, c := range feed.Collections() {
		var d described
		h.json("/ogc/collections/"+c.ID, &d)
		for _, name := range schemasOf {
			rel := "http://www.opengis.net/def/rel/ogc/1.0/" + name
			if !slices.ContainsFunc(d.Links, func(l link) bool {
				return l.Rel == rel && l.Href == h.url+"/ogc/collections/"+c.ID+"/"+name
			}) {
				t.Errorf("%s has no link %s", c.ID, rel)
			}
		}
		for document, query := range map[string]string{"queryables": "filter=PROPERTY%20IS%20NULL",
			"sortables": "sortby=PROPERTY"} {
			s, _ := h.schema(t, "/ogc/collections/"+c.ID+"/"+document)
			if s.Additional == nil || *s.Additional {
				t.Errorf("%s: %s takes any property", c.ID, document)
			}
			for name, p := range s.Properties {
				if document == "sortables" && (p.Type == "object" || p.Type == "array" || p.Type == "") {
					t.Errorf("%s: %s of type %q sorts", c.ID, name, p.Type)
				}
				path := "/ogc/collections/" + c.ID + "/items?limit=1&" + strings.Replace(query, "PROPERTY", name, 1)
				if r := h.get(path); p.Type != "" && r.StatusCode != http.StatusOK {
					t.Errorf("%s: %s: %s", path, r.Status, r.body)
				}
			}
			for _, name := range []string{"services", "conditions", "no_such", "id"} {
				h.refuses(t, "/ogc/collections/"+c.ID+"/items?"+strings.Replace(query, "PROPERTY", name, 1), "code")
			}
		}
	}
}

// refuses asks for what must be a 400 that names what there is.
func (h *house) refuses(t *testing.T, path, known string) {
	t.Helper()
	for _, lang := range []string{"zh", "en"} {
		r := h.get(path, "Accept-Language", lang)
		var p struct{ Field, Expected, Got string }
		if err := json.Unmarshal(r.body, &p); err != nil || r.StatusCode != http.StatusBadRequest || p.Field == "" ||
			p.Got == "" && !strings.Contains(path, "=&") || !strings.Contains(p.Expected, known) {
			t.Errorf("%s in %s: %s, %s", path, lang, r.Status, r.body)
		}
	}
}

// The classes profile-codelists and profile-domains: every property with a closed list of values has it by the one
// profile that is asked for, and the lists tell what each code means in the reader's language.
func TestCodeListsComeByTheProfileThatIsAskedFor(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	listed := 0
	for _, c := range feed.Collections() {
		for _, document := range schemasOf {
			for profile, inline := range map[string]bool{"": false, "?profile=codelist-ref": false,
				"?profile=valid-domain,codelist-inline":                                    true,
				"?profile=" + url.QueryEscape(profileNames+"codelist-inline,codelist-ref"): true} {
				path := "/ogc/collections/" + c.ID + "/" + document + profile
				s, links := h.schema(t, path)
				followed := map[bool]string{false: "codelist-ref", true: "codelist-inline"}[inline]
				if want := "<" + profileNames + followed + `>; rel="profile", <` + profileNames +
					`valid-domain>; rel="profile"`; links != want {
					t.Errorf("%s: Link %s, want %s", path, links, want)
				}
				for name, d := range s.Properties {
					p := c.Property(name)
					if p == nil || p.Values == nil {
						if d.Enum != nil || d.OneOf != nil || d.Codelist != "" {
							t.Errorf("%s: %s has values: %+v", path, name, d)
						}
						continue
					}
					listed++
					var codes []string
					for _, one := range d.OneOf {
						codes = append(codes, one.Const)
						if one.Title == "" || one.Title == one.Const {
							t.Errorf("%s: %s: %q has no title", path, name, one.Const)
						}
					}
					if inline && (!slices.Equal(codes, p.Values) || d.Enum != nil || d.Codelist != "") ||
						!inline && (!slices.Equal(d.Enum, p.Values) || d.OneOf != nil ||
							d.Codelist != h.url+"/ogc/codelists/"+name) || d.Type != "string" {
						t.Errorf("%s: %s: %+v", path, name, d)
					}
				}
			}
		}
	}
	if listed < 40 {
		t.Errorf("only %d properties with values were seen", listed)
	}
}

// Each list says in both languages what its codes mean, for members the planners' too; a list that is not there is not
// found.
func TestCodeListsSayWhatCodesMean(t *testing.T) {
	t.Parallel()
	o := hide(t)
	insider, public := o.colleagueIn("desk", "insider"), &colleague{office: o.office}
	for reader, collections := range map[*colleague][]*feed.Collection{public: feed.Collections(),
		insider: feed.MemberCollections()} {
		values := map[string][]string{}
		for _, c := range collections {
			for i := range c.Properties {
				p := &c.Properties[i]
				if p.Values == nil {
					continue
				}
				if known := values[p.Name]; known != nil && !slices.Equal(known, p.Values) {
					t.Errorf("%s of %s has other values than elsewhere: they need lists of their own", p.Name, c.ID)
				}
				values[p.Name] = p.Values
			}
		}
		var all struct{ Codelists []struct{ ID string } }
		read(t, reader.want(http.StatusOK, "GET", "/ogc/codelists", nil).text, &all)
		if len(all.Codelists) != len(values) {
			t.Errorf("%d lists of %d", len(all.Codelists), len(values))
		}
		for name, want := range values {
			titles := map[string]string{}
			for _, lang := range []string{"zh", "en"} {
				var list struct {
					ID    string
					Codes []struct{ Const, Title string }
				}
				read(t, reader.want(http.StatusOK, "GET", "/ogc/codelists/"+name+"?lang="+lang, nil).text, &list)
				var codes []string
				for _, c := range list.Codes {
					codes = append(codes, c.Const)
					if c.Title == "" || c.Title == c.Const || c.Title == titles[c.Const] {
						t.Errorf("%s: %s means %q in %s", name, c.Const, c.Title, lang)
					}
					titles[c.Const] = c.Title
				}
				if list.ID != name || !slices.Equal(codes, want) {
					t.Errorf("%s in %s: %+v, want %v", name, lang, list, want)
				}
			}
		}
	}
	public.want(http.StatusNotFound, "GET", "/ogc/codelists/publication", nil)
	public.want(http.StatusNotFound, "GET", "/ogc/codelists/code", nil)
	public.want(http.StatusNotAcceptable, "GET", "/ogc/codelists/status", nil, "Accept", "image/png")
}

func read(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// The class profile-parameter, by the method of its abstract test: the API document lists the values of each resource
// that has profiles; each is answered with 200 and told, by name or by URI, alone or together; every other is a 400
// with the list.
func TestProfilesAreThoseThatTheDocumentLists(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var document struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct {
					Ref string `json:"$ref"`
				}
			}
		}
		Components struct {
			Parameters map[string]struct {
				Name    string
				Explode *bool
				Schema  struct {
					Type  string
					Items struct{ Enum []string }
				}
			}
		}
	}
	h.json("/ogc/api?f=json", &document)
	profiled := 0
	for path, item := range document.Paths {
		var allowed []string
		for _, p := range item.Get.Parameters {
			d := document.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
			if d.Name == "profile" {
				allowed = d.Schema.Items.Enum
				if d.Schema.Type != "array" || d.Explode == nil || *d.Explode || len(allowed) == 0 {
					t.Errorf("%s: profile is %+v", path, d)
				}
			}
		}
		if strings.HasSuffix(path, "{featureId}") {
			var page struct{ Features []struct{ ID string } }
			h.json("/ogc"+strings.TrimSuffix(path, "/{featureId}")+"?limit=1", &page)
			path = strings.Replace(path, "{featureId}", page.Features[0].ID, 1)
		}
		path = "/ogc" + strings.TrimSuffix(path, "/")
		if allowed == nil {
			if !strings.Contains(path, "{") {
				h.refuses(t, path+"?profile=rfc7946", "")
			}
			continue
		}
		profiled++
		for _, value := range append(slices.Clone(allowed), strings.Join(allowed, ",")) {
			r := h.get(path + "?profile=" + url.QueryEscape(value))
			first, _, _ := strings.Cut(value, ",")
			uri := profileNames + strings.TrimPrefix(first, profileNames)
			if r.StatusCode != http.StatusOK || !strings.Contains(r.Header.Get("Link"), "<"+uri+`>; rel="profile"`) {
				t.Errorf("%s, profile %s: %s, Link %s", path, value, r.Status, r.Header.Get("Link"))
			}
			if strings.Contains(path, "/items") && !strings.Contains(string(r.body),
				`{"href":"`+uri+`","rel":"profile"`) {
				t.Errorf("%s, profile %s: no link in the body", path, value)
			}
		}
		for _, value := range []string{"nonsense", allowed[0] + ",nonsense", profileNames + "nonsense",
			"https://example.org/profile", "actual-domain", "rel-as-link"} {
			h.refuses(t, path+"?profile="+url.QueryEscape(value), allowed[0])
		}
		h.refuses(t, path+"?profile=&f=json", allowed[0])
	}
	if want := 5 * len(feed.Collections()); profiled != want {
		t.Errorf("%d resources have profiles, want %d", profiled, want)
	}
}
