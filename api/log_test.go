package api_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/api"
	"luodi/data/people"
)

const logMark = "ZZMARKED"

// markedBodies are bodies of every way in which one can be wrong, with a mark in each place where a value or a name can
// stand.
func markedBodies(schema object, schemas object) []string {
	whole, _ := json.Marshal(fill(schema, schemas, 0))
	mistyped := strings.ReplaceAll(string(whole), `"`+logMark+`"`, `{"`+logMark+`":["`+logMark+`"]}`)
	return []string{string(whole), mistyped, `{"` + logMark + `":"` + logMark + `"}`, `{"name":"` + logMark, logMark,
		`["` + logMark + `"]`, `"` + logMark + `"`,
		`{"reason":"` + strings.Repeat(logMark, 100_000) + `"}`,
		strings.Replace(string(whole), "{", `{"`+logMark+`":"`+logMark+`",`, 1)}
}

// fill makes a value of a schema with the mark in every text.
func fill(schema, schemas object, depth int) any {
	if ref, ok := schema["$ref"].(string); ok {
		schema, _ = schemas[ref[strings.LastIndexByte(ref, '/')+1:]].(object)
	}
	if values, ok := schema["enum"].([]any); ok {
		return values[0]
	}
	kind := schema["type"]
	if several, ok := kind.([]any); ok {
		kind = several[0]
	}
	switch kind {
	case "object":
		filled := object{}
		properties, _ := schema["properties"].(object)
		for name, of := range properties {
			if depth < 5 && !strings.HasPrefix(name, "$") {
				filled[name] = fill(of.(object), schemas, depth+1)
			}
		}
		return filled
	case "array":
		of, _ := schema["items"].(object)
		return []any{fill(of, schemas, depth+1)}
	case "string":
		return logMark
	case "integer", "number":
		return 7.25
	}
	return true
}

// TestTheLogHoldsNoValue sends marked bodies to every operation that takes one, as the public and as who may
// everything, and marked queries to every one that reads: the log has a line of each request, none holds a mark, none
// is longer than 4 KiB.
func TestTheLogHoldsNoValue(t *testing.T) {
	t.Parallel()
	var log *kept
	h := open(t, func(o *api.Options) {
		log = &kept{}
		o.Logger = slog.New(slog.NewTextHandler(api.Lines(log), nil))
	})
	o := &office{house: h, t: t}
	admin := o.everywhere(t)
	var doc struct {
		Paths      map[string]map[string]object
		Components struct{ Schemas object }
	}
	h.json("/api/openapi.json", &doc)
	sent := 0
	for _, who := range []*colleague{{office: o}, admin} {
		for path, methods := range doc.Paths {
			at := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "01900000-0000-7000-8000-00000000000a")
			for method, op := range methods {
				if strings.HasSuffix(path, "/live") || op["operationId"] == "session.close" {
					continue
				}
				if method == "get" {
					for _, query := range []string{"?q=" + logMark, "?" + logMark + "=" + logMark, "?lang=" + logMark,
						"?datetime=" + logMark + "&limit=" + logMark + "&after=" + logMark + "&park=" + logMark} {
						who.do("GET", at+query, nil)
						sent++
					}
					continue
				}
				schema, _ := at2(op, "requestBody", "content", "application/json", "schema").(object)
				for _, body := range markedBodies(schema, doc.Components.Schemas) {
					who.raw(strings.ToUpper(method), at, body)
					sent++
				}
			}
		}
	}
	text := log.String()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	longest := slices.MaxFunc(lines, func(a, b string) int { return len(a) - len(b) })
	if len(lines) < sent || len(longest) > 4<<10 {
		t.Errorf("%d requests, %d lines, the longest of %d bytes", sent, len(lines), len(longest))
	}
	found := 0
	for _, l := range lines {
		if strings.Contains(l, logMark) {
			if found++; found < 10 {
				t.Errorf("%.400s", l)
			}
		}
	}
	t.Logf("%d requests, %d lines, the longest of %d bytes, %d with a value", sent, len(lines), len(longest), found)
}

// at2 walks into a document as far as it goes.
func at2(doc any, names ...string) any {
	for _, name := range names {
		in, ok := doc.(object)
		if !ok {
			return nil
		}
		doc = in[name]
	}
	return doc
}

// everywhere is someone who may everything, by a token: none ends it.
func (o *office) everywhere(t *testing.T) *colleague {
	t.Helper()
	c := o.colleague("everywhere", true, people.ScopeWrite)
	if _, err := o.db.Owner.Exec(t.Context(), `INSERT INTO membership (account_id, role) VALUES ($1, 'admin')`,
		c.id); err != nil {
		t.Fatal(err)
	}
	return c
}

// raw sends a body as it is.
func (c *colleague) raw(method, path, body string) int {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if c.secret != "" {
		r.Header.Set("Authorization", "Bearer "+c.secret)
	}
	resp, err := client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode
}

func TestALineOfTheLogIsBounded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 4095, 4096, 4097, 900_000} {
		var out strings.Builder
		line := strings.Repeat("地", n/3) + strings.Repeat("x", n%3) + "\n"
		if wrote, err := api.Lines(&out).Write([]byte(line)); err != nil || wrote != len(line) {
			t.Errorf("%d: %d, %v", n, wrote, err)
		}
		if got := out.String(); len(got) > 4096 || !strings.HasSuffix(got, "\n") || n < 4095 && got != line ||
			strings.ContainsRune(got, '\uFFFD') {
			t.Errorf("%d bytes become %d", n, len(got))
		}
	}
}
