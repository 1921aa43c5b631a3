package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// listed is what the test reads of `go list`.
type listed struct {
	ImportPath string
	Imports    []string
}

// may is the table of every package of ours, and which of ours it may import. A further edge is added with a decision
// in docs/decisions.
var may = map[string][]string{
	// the command: the only place that wires the parts together
	"cmd/luodi": {"api", "api/auth", "api/background", "api/live", "api/problem", "api/remind", "api/request",
		"api/webhook", "data/backup",
		"data/feed", "data/intake", "data/intake/file", "data/ledger", "data/outlet", "data/people", "data/registry",
		"data/reminder", "data/sample",
		"data/schema", "data/siting", "data/store", "data/store/cluster", "geo", "geo/land", "message", "web"},
	"web": {},

	// the HTTP server
	"api": {"api/auth", "api/background", "api/board", "api/live", "api/ogc", "api/page", "api/paper", "api/problem",
		"api/proof", "api/remind", "api/request", "api/scope", "api/sheet",
		"api/stream",
		"api/webhook", "data/content", "data/event", "data/feed", "data/intake", "data/intake/file",
		"data/intake/workbook", "data/ledger", "data/outlet", "data/people", "data/registry", "data/reminder",
		"data/siting", "data/store", "data/store/ewkb", "geo", "geo/chain", "geo/flow", "geo/land", "geo/lot",
		"geo/match",
		"geo/surveytext", "message"},
	"api/auth":       {"api/problem", "api/request", "data/people", "data/store", "geo", "geo/land", "message"},
	"api/background": {"api/problem", "api/request", "data/store", "geo", "geo/land"},
	"api/board": {"api/background", "api/ogc", "api/page", "api/problem", "api/request", "api/sheet",
		"data/feed", "data/store", "geo",
		"geo/land", "message"},
	"api/live": {"data/event", "data/store"},
	"api/ogc": {"api/page", "api/problem", "api/request", "api/stream", "data/feed", "data/outlet", "data/store", "geo",
		"geo/cql2", "geo/tile", "message"},
	"api/page":    {"message"},
	"api/paper":   {"api/page", "message"},
	"api/problem": {"data/intake", "data/intake/file", "data/ledger", "data/store", "geo", "geo/lot", "message"},
	"api/proof":   {},
	"api/remind": {"api/auth", "api/scope", "data/people", "data/registry", "data/reminder", "data/store",
		"geo", "message"},
	"api/request": {"api/problem", "geo", "geo/land", "message"},
	"api/scope":   {"api/auth", "data/registry"},
	"api/sheet": {"api/ogc", "api/page", "api/paper", "api/problem", "api/request", "data/feed", "data/siting",
		"data/store", "geo",
		"geo/land", "message"},
	"api/stream":  {"api/problem", "data/feed"},
	"api/webhook": {"data/event", "data/store", "geo"},

	// what reads and writes, each on the store, none on a sibling but: ledger, siting and intake read what the feed
	// shows and its table of collections, registry and intake make records
	"data/event": {"data/store", "geo"},
	"data/feed": {"data/content", "data/feed/cache", "data/feed/name", "data/store", "data/store/ewkb",
		"geo", "geo/cql2", "geo/land", "geo/tile"},
	"data/feed/cache": {"data/store/ewkb"},
	"data/feed/name":  {},
	"data/content":    {"geo"},
	"data/intake": {"data/feed", "data/intake/file", "data/ledger", "data/store", "data/store/ewkb", "geo",
		"geo/coverage", "geo/land"},
	"data/intake/confine":  {},
	"data/intake/file":     {"data/intake/confine", "data/store/ewkb", "geo", "geo/surveytext"},
	"data/intake/workbook": {"geo"},
	"data/ledger": {"data/content", "data/feed", "data/store", "data/store/ewkb", "geo", "geo/land",
		"geo/lot"},
	"data/outlet": {"data/feed", "data/outlet/pmtiles", "data/store", "data/store/ewkb", "geo", "geo/surveytext",
		"geo/tile"},
	"data/outlet/pmtiles":             {},
	"data/outlet/pmtiles/pmtilestest": {},
	"data/people":                     {"data/store", "geo", "geo/land"},
	"data/registry": {"data/content", "data/feed", "data/intake/workbook", "data/ledger", "data/store", "geo",
		"geo/chain", "geo/flow", "geo/land",
		"geo/workday"},
	"data/reminder": {"data/store", "geo"},
	"data/siting": {"data/feed", "data/store", "data/store/ewkb", "geo", "geo/carve", "geo/chain", "geo/fit",
		"geo/land",
		"geo/lot", "geo/match"},

	// the database itself
	"data":               {},
	"data/backup":        {"data/schema", "data/store", "data/store/cluster"},
	"data/schema":        {},
	"data/sample":        {"data/registry"},
	"data/sample/draw":   {"data/sample"},
	"data/store":         {"data/schema", "data/store/cluster", "geo", "geo/land"},
	"data/store/cluster": {"data/schema"},
	"data/store/ewkb":    {"geo"},

	// for tests alone
	"api/remind/mailtest":            {},
	"geo/geotest":                    {"geo"},
	"geo/lot/lottest":                {"geo", "geo/lot"},
	"geo/carve/carvetest":            {"geo/carve", "geo/fit", "geo/lot"},
	"data/store/cluster/clustertest": {},
	"data/store/soak":                {},
	"data/store/storetest":           {"data/store", "data/store/cluster"},

	// shapes and rules: no I/O
	"geo":          {},
	"geo/land":     {"geo"},
	"geo/lot":      {"geo", "geo/land"},
	"geo/coverage": {"geo"},
	"geo/fit":      {"geo", "geo/lot"},
	"geo/carve":    {"geo", "geo/fit", "geo/lot"},
	"geo/chain":    {"geo", "geo/land"},
	"geo/cql2":     {"geo"},
	"geo/match":    {"geo", "geo/land", "geo/lot", "geo/chain"},

	// the exchange text of land surveys: no I/O
	"geo/surveytext": {"geo"},

	// vector tiles: no I/O
	"geo/tile": {"geo"},

	// approvals: days and flows of steps: no I/O
	"geo/workday": {"geo", "geo/land"},
	"geo/flow":    {"geo", "geo/land", "geo/workday"},

	"message": {},
}

// testOnly are packages that no other than a test may import.
var testOnly = []string{"api/remind/mailtest", "geo/geotest", "geo/lot/lottest", "geo/carve/carvetest",
	"data/outlet/pmtiles/pmtilestest", "data/store/cluster/clustertest", "data/store/soak",
	"data/store/storetest"}

// outsideOfGeo is what the shapes and rules of land must not know: I/O, SQL, HTTP, clock, logger, context.
var outsideOfGeo = []string{"context", "database/sql", "log", "log/slog", "net", "net/http", "os", "io/fs",
	"github.com/jackc/pgx/v5", "github.com/go-chi/chi/v5"}

// forbidden lists the imports of a package that it may not have.
func forbidden(pkg listed) []string {
	var wrong []string
	path := strings.TrimPrefix(pkg.ImportPath, "luodi/")
	allowed, known := may[path]
	if !known {
		return []string{path + " stands in no room: give it a row in the table"}
	}
	for _, name := range pkg.Imports {
		to, ours := strings.CutPrefix(name, "luodi/")
		if ours && !slices.Contains(allowed, to) {
			wrong = append(wrong, path+" → "+to)
		}
		if (path == "geo" || strings.HasPrefix(path, "geo/")) && !slices.Contains(testOnly, path) &&
			slices.Contains(outsideOfGeo, name) {
			wrong = append(wrong, path+" → "+name)
		}
	}
	return wrong
}

// unreal lists the names of the table that are no package of ours, and those of tests that a package may import.
func unreal(table map[string][]string, packages []string) []string {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(table)) {
		for _, named := range append([]string{name}, table[name]...) {
			if !slices.Contains(packages, named) {
				wrong = append(wrong, named)
			}
		}
		for _, to := range table[name] {
			if slices.Contains(testOnly, to) {
				wrong = append(wrong, name+" → "+to)
			}
		}
	}
	return wrong
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "luodi/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	var packages []string
	for {
		var pkg listed
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, strings.TrimPrefix(pkg.ImportPath, "luodi/"))
		for _, edge := range forbidden(pkg) {
			t.Errorf("forbidden edge: %s", edge)
		}
	}
	for _, name := range unreal(may, packages) {
		t.Errorf("the table has %s, which is no package of ours or one of tests", name)
	}
}

var (
	node   = regexp.MustCompile(`(?m)^ +([a-z0-9]+)\["([a-z0-9/]+) — `)
	arrow  = regexp.MustCompile(`(?m)^ +([a-z0-9]+) --> ([a-z0-9 &]+)$`)
	roomAt = regexp.MustCompile(`[a-z0-9]+(?:/[a-z0-9]+)*`)
)

// TestTheDrawingOfTheRoomsIsTheTable: docs/architecture.md draws no import that there is not, and names each package.
func TestTheDrawingOfTheRoomsIsTheTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "flowchart TD\n")
	drawing, _, _ := strings.Cut(rest, "```")
	drawn := map[string]string{} // the package of a node
	for _, m := range node.FindAllStringSubmatch(drawing, -1) {
		drawn[m[1]] = m[2]
	}
	arrows := arrow.FindAllStringSubmatch(drawing, -1)
	if len(drawn) == 0 || len(arrows) == 0 {
		t.Fatal("no drawing of the rooms")
	}
	for _, m := range arrows {
		for to := range strings.SplitSeq(m[2], " & ") {
			if !slices.Contains(may[drawn[m[1]]], drawn[to]) {
				t.Errorf("%s → %s is drawn", m[1], to)
			}
		}
	}
	named := roomAt.FindAllString(string(text), -1)
	for name := range may {
		if !slices.Contains(testOnly, name) && !slices.Contains(named, name) {
			t.Errorf("%s is not named", name)
		}
	}
}

func TestForbiddenEdgesAreSeen(t *testing.T) {
	t.Parallel()
	for _, pkg := range []listed{
		{ImportPath: "luodi/data/store", Imports: []string{"luodi/api"}},
		{ImportPath: "luodi/data/store", Imports: []string{"luodi/data/feed"}},
		{ImportPath: "luodi/data/feed", Imports: []string{"luodi/data/ledger"}},
		{ImportPath: "luodi/data/people", Imports: []string{"luodi/data/event"}},
		{ImportPath: "luodi/data/ledger", Imports: []string{"luodi/message"}},
		{ImportPath: "luodi/data/ledger", Imports: []string{"luodi/data/store/storetest"}},
		{ImportPath: "luodi/api", Imports: []string{"luodi/web"}},
		{ImportPath: "luodi/api", Imports: []string{"luodi/data/schema"}},
		{ImportPath: "luodi/geo/lot", Imports: []string{"luodi/geo/match"}},
		{ImportPath: "luodi/geo", Imports: []string{"luodi/data"}},
		{ImportPath: "luodi/geo/land", Imports: []string{"context"}},
		{ImportPath: "luodi/util"},
		{ImportPath: "luodi/data/feed/more"},
	} {
		if len(forbidden(pkg)) == 0 {
			t.Errorf("%+v was taken", pkg)
		}
	}
	real := []string{"geo", "geo/land", "data/store/storetest"}
	for _, table := range []map[string][]string{
		{"geo/allot": {"geo"}},
		{"geo/land": {"geo", "geo/allot"}},
		{"geo/land": {"data/store/storetest"}},
	} {
		if len(unreal(table, real)) == 0 {
			t.Errorf("%v was taken", table)
		}
	}
}
