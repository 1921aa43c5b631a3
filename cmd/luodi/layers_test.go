package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// listed is what the test reads of `go list`.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// may says which rooms a room may use besides itself; the longest prefix of a package's path names its room.
var may = map[string][]string{
	"message":   {},
	"geo":       {},
	"geo/land":  {"geo"},
	"geo/lot":   {"geo", "geo/land"},
	"geo/chain": {"geo", "geo/land"},
	"geo/match": {"geo", "geo/land", "geo/lot", "geo/chain"},
	"geo/allot": {"geo", "geo/land", "geo/lot", "geo/chain"},
	"data":      {"geo", "geo/land", "geo/lot", "geo/chain", "geo/match", "geo/allot", "message"},
	"web":       {},
	"api":       {"geo", "geo/land", "geo/lot", "geo/chain", "geo/match", "geo/allot", "data", "message"},
	"cmd": {"geo", "geo/land", "geo/lot", "geo/chain", "geo/match", "geo/allot", "data", "api", "web",
		"message"},
	"data/storetest": {"geo", "geo/land", "geo/lot", "geo/chain", "geo/match", "geo/allot", "data", "message"},
}

// outsideOfGeo is what the shapes and rules of land must not know: I/O, SQL, HTTP, clock, logger, context.
var outsideOfGeo = []string{"context", "database/sql", "log", "log/slog", "net", "net/http", "os", "io/fs",
	"github.com/jackc/pgx/v5", "github.com/go-chi/chi/v5"}

func room(path string) string {
	best := ""
	for name := range may {
		if (path == name || strings.HasPrefix(path, name+"/")) && len(name) > len(best) {
			best = name
		}
	}
	return best
}

// forbidden lists the edges of a package that its room may not have.
func forbidden(pkg listed) []string {
	var wrong []string
	path := strings.TrimPrefix(pkg.ImportPath, "luodi/")
	from := room(path)
	if from == "" {
		return []string{path + " stands in no room of DESIGN"}
	}
	for _, dep := range pkg.Deps {
		name, ours := strings.CutPrefix(dep, "luodi/")
		if !ours {
			continue
		}
		if to := room(name); to != from && !slices.Contains(may[from], to) {
			wrong = append(wrong, path+" → "+name)
		}
	}
	if from == "geo" || strings.HasPrefix(from, "geo/") {
		for _, name := range pkg.Imports {
			if slices.Contains(outsideOfGeo, name) {
				wrong = append(wrong, path+" → "+name)
			}
		}
	}
	return wrong
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps", "luodi/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for {
		var pkg listed
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(pkg.ImportPath, "luodi/") {
			continue
		}
		seen++
		for _, edge := range forbidden(pkg) {
			t.Errorf("forbidden edge: %s", edge)
		}
	}
	if seen < 5 {
		t.Errorf("only %d packages of ours were listed", seen)
	}
}

func TestForbiddenEdgesAreSeen(t *testing.T) {
	t.Parallel()
	for _, pkg := range []listed{
		{ImportPath: "luodi/data", Deps: []string{"luodi/api"}},
		{ImportPath: "luodi/api", Deps: []string{"luodi/web"}},
		{ImportPath: "luodi/geo/lot", Deps: []string{"luodi/geo/match"}},
		{ImportPath: "luodi/geo", Deps: []string{"luodi/data"}},
		{ImportPath: "luodi/geo/land", Imports: []string{"context"}},
		{ImportPath: "luodi/util"},
	} {
		if len(forbidden(pkg)) == 0 {
			t.Errorf("%+v was taken", pkg)
		}
	}
}
