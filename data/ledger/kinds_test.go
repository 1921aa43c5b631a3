package ledger_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/data/ledger"
	"luodi/data/store/storetest"
)

var update = flag.Bool("update", false, "write the table of kinds in docs/changes.md anew")

// named lists the kinds that are as asked.
func named(as func(ledger.Kind) bool) []string {
	var all []string
	for _, k := range ledger.Kinds() {
		if as(k) {
			all = append(all, k.Name)
		}
	}
	return all
}

func ordered(k ledger.Kind) bool { return !k.Unordered }

func sameKinds(t *testing.T, where string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("%s has %v, the rows of kinds %v", where, got, want)
	}
}

var quoted = regexp.MustCompile(`'([a-z_]+)'`)

// words are the first groups of a pattern's matches.
func words(pattern *regexp.Regexp, text string) []string {
	var all []string
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestTheDatabaseKnowsTheKindsByTheirRows(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	two := func(k ledger.Kind) bool { return k.Two }
	for name, want := range map[string]func(ledger.Kind) bool{
		"record_kind_check":     func(ledger.Kind) bool { return true },
		"record_needs_two":      two,
		"proposal_kind_check":   two,
		"record_needs_document": func(k ledger.Kind) bool { return k.Document != nil },
	} {
		check := storetest.Number[string](t, db, `SELECT pg_get_constraintdef(oid) FROM pg_constraint
			WHERE conname = $1`, name)
		sameKinds(t, name, words(quoted, check), named(want))
	}
}

func TestTheDocumentOfTheAPIKnowsTheKindsByTheirRows(t *testing.T) {
	t.Parallel()
	members := map[string]bool{}
	command := reflect.TypeFor[ledger.Command]()
	for field := range command.NumField() {
		name, _, _ := strings.Cut(command.Field(field).Tag.Get("json"), ",")
		members[name] = true
	}
	kind, _ := command.FieldByName("Kind")
	if got, want := strings.Split(kind.Tag.Get("enum"), ","), named(ordered); !slices.Equal(got, want) {
		t.Errorf("the enum of Command.Kind is %v, the rows of kinds are %v", got, want)
	}
	taken := map[string]bool{"kind": true}
	for _, k := range ledger.Kinds() {
		for _, name := range k.Takes {
			if taken[name] = true; !members[name] {
				t.Errorf("%s takes %s, which is no member of a Command", k.Name, name)
			}
		}
	}
	for name := range members {
		if !taken[name] {
			t.Errorf("no kind takes %s", name)
		}
	}
}

// table prints the kinds as docs/changes.md has them.
func table() string {
	var b strings.Builder
	b.WriteString("| kind | takes | second person | document | frees land | reversed by `revert` | draws parcels |\n" +
		"|---|---|---|---|---|---|---|\n")
	mark := func(yes bool) string {
		if yes {
			return "●"
		}
		return ""
	}
	for _, k := range ledger.Kinds() {
		takes := "`" + strings.Join(k.Takes, "` `") + "`"
		if k.Unordered {
			takes = "not ordered"
		}
		_, _ = fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", k.Name, takes, mark(k.Two), k.Document,
			mark(k.Frees), mark(!k.Final), mark(k.Reshapes))
	}
	return b.String()
}

func TestTheTableOfKindsIsTheRows(t *testing.T) {
	t.Parallel()
	const path = "../../docs/changes.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), "| kind | takes |")
	_, after, ended := strings.Cut(rest, "\n\n")
	if !found || !ended {
		t.Fatal("docs/changes.md has no table of kinds")
	}
	want := before + table() + "\n" + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Errorf("docs/changes.md has another table: go test ./data/ledger -run TableOfKinds -update. It should be\n%s",
			table())
	}
}

// The page offers some kinds and knows some of what their rows say: no list of it may say otherwise.
func TestThePageKnowsTheKindsByTheirRows(t *testing.T) {
	t.Parallel()
	var page string
	err := filepath.WalkDir("../../web/src", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".ts") || strings.HasSuffix(path, ".test.ts") {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), "export const kinds = [\n  'hold'") {
			page = string(text)
		}
		return err
	})
	if err != nil || page == "" {
		t.Fatalf("no file of the page lists the kinds of orders: %v", err)
	}
	offered := words(quoted, between(page, "export const kinds = [", "]"))
	known := named(ordered)
	for _, kind := range offered {
		if !slices.Contains(known, kind) {
			t.Errorf("the page offers %s", kind)
		}
	}
	for list, as := range map[string]func(ledger.Kind) bool{
		"proposed = new Set<CommandKind>(":   func(k ledger.Kind) bool { return k.Two },
		"documented = new Set<CommandKind>(": func(k ledger.Kind) bool { return k.Document != nil },
	} {
		want := slices.DeleteFunc(named(as), func(kind string) bool { return !slices.Contains(offered, kind) })
		sameKinds(t, "the page's list "+list, words(quoted, between(page, list, ")")), want)
	}
	files, err := filepath.Glob("../../message/*.json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]any{}
	for _, path := range files {
		file, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(file, &texts)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	for _, k := range ledger.Kinds() {
		if texts["web.order."+k.Name] == nil {
			t.Errorf("the page has no word for %s", k.Name)
		}
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}
