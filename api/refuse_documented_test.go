package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
)

// documented is what a test asks of the API's document.
type documented struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name, In string
			Schema   struct {
				Type   any
				Format string
				Enum   []any
			}
		}
		RequestBody struct {
			Content map[string]struct {
				Schema schemaOf
			}
		}
	}
	Components struct{ Schemas map[string]schemaOf }
}

type schemaOf struct {
	Ref        string `json:"$ref"`
	Properties map[string]any
}

// Of every operation in the API's document: a parameter that stands there without its value is not read as if it were
// absent.
func TestAParameterWithoutItsValueIsRefused(t *testing.T) {
	t.Parallel()
	w, admin, doc := documentedWorld(t)
	tried := 0
	for path, methods := range doc.Paths {
		if strings.HasSuffix(path, "/live") { // refused before its parameters are read: only a socket is taken
			continue
		}
		for method, op := range methods {
			for _, p := range op.Parameters {
				if p.In != "query" || p.Schema.Type == "string" && p.Schema.Format == "" && len(p.Schema.Enum) == 0 {
					continue
				}
				got := admin.do(strings.ToUpper(method), w.filled(path)+"?"+p.Name+"=", object{})
				if tried++; got.status != http.StatusBadRequest || got.body["field"] != p.Name {
					t.Errorf("%s %s?%s=: %d %.200s", method, path, p.Name, got.status, got.text)
				}
			}
		}
	}
	if tried < 80 {
		t.Errorf("%d parameters were tried", tried)
	}
}

// Of every change of facts in the API's document: a fact that is null is refused by name, and not taken for one that
// is left out.
func TestAFactThatIsNullIsRefused(t *testing.T) {
	t.Parallel()
	w, admin, doc := documentedWorld(t)
	tried := 0
	for path, methods := range doc.Paths {
		op, changes := methods["patch"]
		if !changes {
			continue
		}
		body := op.RequestBody.Content["application/json"].Schema
		if name, referred := strings.CutPrefix(body.Ref, "#/components/schemas/"); referred {
			body = doc.Components.Schemas[name]
		}
		for fact := range body.Properties {
			if fact == "$schema" {
				continue
			}
			got := admin.do("PATCH", w.filled(path), object{fact: nil}, "If-Match", `"1"`)
			if tried++; got.status != http.StatusBadRequest || got.body["field"] != fact || got.body["got"] != "null" {
				t.Errorf("%s of %s: %d %.200s", fact, path, got.status, got.text)
			}
		}
	}
	if tried < 20 {
		t.Errorf("%d facts were tried", tried)
	}
}

func documentedWorld(t *testing.T) (*world, *someone, documented) {
	t.Helper()
	w := newWorld(t)
	admin := &someone{name: "admin", roles: []people.Grant{{Role: people.Admin}}}
	w.engage(admin)
	var doc documented
	if err := json.Unmarshal(w.get("/api/openapi.json").body, &doc); err != nil || len(doc.Paths) < 50 {
		t.Fatal(len(doc.Paths), err)
	}
	return w, admin, doc
}

// filled is a path of the document with a park that there is and other names that there are not.
func (w *world) filled(path string) string {
	path = strings.NewReplacer("{park}", here, "{collection}", "parcels", "{seq}", "1").Replace(path)
	for strings.Contains(path, "{") {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + uuid.NewString() + after
	}
	return path
}
