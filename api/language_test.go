package api_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/message"
)

// english is a sentence of English, or the beginning of one; codes, names and numbers are none.
var english = regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,}\b`)

// machinery is what only the log may hold: SQL, words of the database's driver, and names of Go types.
var machinery = regexp.MustCompile(`violates|relation \\?"|SQLSTATE|pgconn|pgx|Go struct|\*?(geo|data|orb|lot)\.[A-Z]`)

// inChinese fails the test where a problem, but for the rule's own words, speaks English to a reader of Chinese, and
// where it is none of the reader's making.
func inChinese(t *testing.T, what string, got told) {
	t.Helper()
	if got.status >= http.StatusInternalServerError {
		t.Errorf("%s: %d %s", what, got.status, got.text)
	}
	if got.status < http.StatusBadRequest {
		return
	}
	if leak := machinery.FindString(got.text); leak != "" {
		t.Errorf("%s: %q is for the log: %.300s", what, leak, got.text)
	}
	for _, member := range []string{"title", "detail", "expected"} {
		text, _ := got.body[member].(string)
		if said, _ := got.body["got"].(string); said != "" {
			text = strings.ReplaceAll(text, said, "")
		}
		if english.MatchString(text) || member == "detail" && text == "" {
			t.Errorf("%s: %s is %q: %.300s", what, member, text, got.text)
		}
	}
}

// document is what the test needs of the OpenAPI document.
type document struct {
	Paths map[string]map[string]struct {
		Parameters  []struct{ Name, In string }
		RequestBody *struct {
			Content map[string]struct{ Schema schema }
		}
	}
	Components struct{ Schemas map[string]schema }
}

type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
	Items      *schema
	Type       any
	Format     string
	Enum       []any
	WriteOnly  bool `json:"writeOnly"`
}

func (d *document) resolve(s schema) schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return d.Components.Schemas[name]
	}
	return s
}

var wrongs = []any{"", "\x01", strings.Repeat("x", 5000), -1, 1.5, 1e30, true, nil, []any{}, []any{1, "a"}, object{},
	object{"zz": 1}}

// bodies are objects with one wrong member each, to the third level; deep down a few wrongs of each kind do.
func (d *document) bodies(s schema, level int) []any {
	s = d.resolve(s)
	all := append([]any{}, wrongs...)
	if level > 1 {
		all = []any{"", -1, object{"zz": 1}}
	}
	if level == 3 {
		return all
	}
	for name, member := range s.Properties {
		for _, wrong := range d.bodies(member, level+1) {
			all = append(all, object{name: wrong})
		}
	}
	if s.Items != nil {
		for _, wrong := range d.bodies(*s.Items, level+1) {
			all = append(all, []any{wrong})
		}
	}
	return all
}

// start is the first 200 bytes of a body as it is sent.
func start(body any) string {
	text, ok := body.(json.RawMessage)
	if !ok {
		text, _ = json.Marshal(body)
	}
	return string(text[:min(len(text), 200)])
}

func TestWhatEveryOperationRefusesIsSaidInChinese(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	admin := o.colleague("admin", false, people.ScopeWrite, people.Admin)
	var d document
	o.json("/api/openapi.json", &d)
	if len(d.Paths) < 20 {
		t.Fatalf("%d paths", len(d.Paths))
	}
	asked := 0
	ask := func(method, path string, body any, headers ...string) {
		asked++
		inChinese(t, fmt.Sprintf("%s %s %s", method, path, start(body)), admin.do(method, path, body,
			append(headers, "Accept-Language", "zh")...))
	}
	for path, operations := range d.Paths {
		place := strings.NewReplacer("{park}", "desk", "{id}", o.project.String(), "{seq}", "1").Replace(path)
		place = regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(place, uuid.NewString())
		for method, operation := range operations {
			method = strings.ToUpper(method)
			ask(method, place+"?colour=red", nil)
			ask(method, regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "x"), nil)
			for _, p := range operation.Parameters {
				for _, wrong := range []string{"x", "-1", "1.5", strings.Repeat("9", 30)} {
					switch p.In {
					case "query":
						ask(method, place+"?"+p.Name+"="+wrong, nil)
					case "header":
						ask(method, place, nil, p.Name, wrong)
					}
				}
			}
			if operation.RequestBody == nil {
				continue
			}
			ask(method, place, nil)
			ask(method, place, json.RawMessage(`"`+strings.Repeat("x", 2<<20)+`"`))
			for _, content := range operation.RequestBody.Content {
				for _, body := range d.bodies(content.Schema, 0) {
					ask(method, place, body)
				}
			}
		}
	}
	t.Logf("%d requests", asked)
	if asked < 800 {
		t.Errorf("only %d requests", asked)
	}
}

func TestWhatAnOrderLacksIsSaidInChinese(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	p := o.planner()
	held := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[2]))
	right := func() object { return o.right(at(held.body, "allotment", "id")) }
	one, two, nothing := o.refs(o.parcels[0]), o.refs(o.parcels[0], o.parcels[1]),
		[]object{{"id": uuid.New(), "version": 1}}
	line := [][2]float64{{122.0195, 37.2405}, {122.0215, 37.2405}}
	for _, body := range []object{
		{"kind": "hold", "parcels": one}, {"kind": "hold", "parcels": one, "project": o.project},
		{"kind": "hold", "parcels": one, "project": o.project, "until": "2000-01-01T00:00:00Z"},
		{"kind": "hold", "parcels": one, "project": uuid.New(), "until": "2000-01-01T00:00:00Z"},
		{"kind": "hold", "parcels": one, "project": o.project, "until": "9000-01-01T00:00:00Z"},
		{"kind": "hold", "parcels": nothing, "project": o.project}, {"kind": "extend", "allotment": right()},
		{"kind": "extend", "allotment": right(), "until": "2000-01-01T00:00:00Z"},
		{"kind": "supply", "allotment": right()}, {"kind": "build", "allotment": right()}, {"kind": "reserve"},
		{"kind": "reserve", "allotment": nothing[0]},
		{"kind": "withdraw"}, {"kind": "withdraw", "parcels": append(one, one...)},
		{"kind": "withdraw", "parcels": nothing}, {"kind": "restore", "parcels": one},
		{"kind": "release", "parcels": one},
		{"kind": "split", "parcels": one}, {"kind": "split", "parcels": two, "shape": object{"line": line}},
		{"kind": "split", "parcels": one, "shape": object{"line": line, "parts": 2}},
		{"kind": "split", "parcels": one, "shape": object{"line": line[:1]}},
		{"kind": "split", "parcels": one, "shape": object{"line": line, "codes": []string{"Q"}}},
		{"kind": "split", "parcels": one, "shape": object{"line": line, "codes": []string{"Q", "Q"}}},
		{"kind": "split", "parcels": one, "shape": object{"line": line, "heir": "Q"}},
		{"kind": "split", "parcels": one, "shape": object{"line": [][2]float64{{999, 0}, {0, 999}}}},
		{"kind": "split", "parcels": one, "shape": object{"area_mu": 9999, "bearing": 0, "side": "left"}},
		{"kind": "split", "parcels": one, "shape": object{"area_mu": "many"}},
		{"kind": "split", "parcels": one, "shape": object{"area_mu": 0.001, "bearing": 0, "side": "left"}},
		{"kind": "merge", "parcels": one}, {"kind": "merge", "parcels": two},
		{"kind": "merge", "parcels": two, "shape": object{"codes": []string{"M"}, "decision": 7}},
		{"kind": "move", "parcels": one, "shape": object{"line": line}},
		{"kind": "move", "parcels": two, "shape": object{"line": line}},
		{"kind": "correct", "parcels": one}, {"kind": "correct", "parcels": one, "documents": []object{{"title": "d"}}},
		{"kind": "correct", "parcels": one, "documents": []object{{"title": "d"}},
			"shape": object{"geometry": object{"type": "Point", "coordinates": []float64{122, 37}}}},
		{"kind": "correct", "parcels": one, "documents": []object{{"title": "d"}},
			"shape": object{"geometry": object{"type": "Polygon", "coordinates": []float64{}}}},
		{"kind": "correct", "parcels": one, "documents": []object{{"title": "d"}}, "shape": object{"geometry": "none"}},
		{"kind": "revert"}, {"kind": "revert", "reverts": 99}, {"kind": "revert", "reverts": 1}, {"kind": "give"},
		{"kind": "expire", "allotment": right()},
		{"kind": "create"}, {"kind": "edit", "parcels": one}, {"kind": "retire", "parcels": one},
	} {
		body["reason"] = "r"
		got := p.do("POST", records, body, "Accept-Language", "zh")
		inChinese(t, fmt.Sprintf("%v", body), got)
		if got.status < http.StatusBadRequest && body["kind"] != "retire" {
			t.Errorf("%v was taken: %s", body, got.text)
		}
	}
}

// literals calls see with each string literal that pick finds in the Go files of folders, tests aside.
func literals(t *testing.T, folders []string, pick func(ast.Node) ast.Expr, see func(where, text string)) {
	t.Helper()
	files := token.NewFileSet()
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if literal, ok := pick(n).(*ast.BasicLit); ok && literal.Kind == token.STRING {
					text, _ := strconv.Unquote(literal.Value)
					see(files.Position(literal.Pos()).String(), text)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryReasonOfAShapeHasAMessage(t *testing.T) {
	t.Parallel()
	found := 0
	reason := func(n ast.Node) ast.Expr {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if kind, ok := v.Type.(*ast.Ident); ok && kind.Name == "Reason" {
				return v.Values[0]
			}
		}
		return nil
	}
	literals(t, []string{"../geo/lot"}, reason, func(where, text string) {
		found++
		if !message.Known("change.shape." + text) {
			t.Errorf("%s: the table lacks change.shape.%s", where, text)
		}
	})
	if found < 10 {
		t.Errorf("only %d reasons found", found)
	}
}

// TestEveryDenialHasAMessage reads the program and the schema: each rule that denies a change, in Go or raised by a
// trigger, has its words.
func TestEveryDenialHasAMessage(t *testing.T) {
	t.Parallel()
	found := 0
	see := func(where, rule string) {
		found++
		if !message.Known("change.rule." + rule) {
			t.Errorf("%s: the table lacks change.rule.%s", where, rule)
		}
	}
	rule := func(n ast.Node) ast.Expr {
		switch n := n.(type) {
		case *ast.KeyValueExpr: // Denial{Rule: "…"}, Change{Rule: "…"}
			if key, is := n.Key.(*ast.Ident); is && key.Name == "Rule" {
				return n.Value
			}
		case *ast.CallExpr:
			switch name := n.Fun.(type) {
			case *ast.Ident:
				if name.Name == "because" {
					return n.Args[0]
				}
			case *ast.SelectorExpr:
				if name.Sel.Name == "denial" {
					return n.Args[0]
				}
			}
		}
		return nil
	}
	literals(t, []string{"../data", "../api"}, rule, func(where, text string) {
		if text != "shape" { // told by its reason
			see(where, text)
		}
	})
	raised := regexp.MustCompile(`(?:CONSTRAINT = |\brefuse\()'([a-z_0-9]+)'`)
	err := filepath.WalkDir("../data", func(path string, entry os.DirEntry, err error) error {
		// rules of older versions, replaced before anybody is denied anything
		if err == nil && entry.Name() == "before" {
			return filepath.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, ".sql") {
			return err
		}
		body, err := os.ReadFile(path)
		for _, match := range raised.FindAllStringSubmatch(string(body), -1) {
			see(path, match[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 80 {
		t.Errorf("only %d rules found", found)
	}
}
