package ledger_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/data/ledger"
	"luodi/data/store/storetest"
	"luodi/message"
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

func TestAKindTakesMembersOfACommand(t *testing.T) {
	t.Parallel()
	members := map[string]bool{}
	command := reflect.TypeFor[ledger.Command]()
	for field := range command.NumField() {
		name, _, _ := strings.Cut(command.Field(field).Tag.Get("json"), ",")
		members[name] = true
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
		paper := ""
		if k.Document != nil {
			paper = message.Text(message.EN, "rule."+string(k.Document.Rule))
		}
		_, _ = fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", k.Name, takes, mark(k.Two), paper,
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

// pageKind is a row of the page's table of kinds: its name, and what is said of it.
var pageKind = regexp.MustCompile(`(?m)^  ([a-z_]+): \{(.*)\},$`)

// The page offers some kinds and knows some of what their rows say: its table may not say otherwise.
func TestThePageKnowsTheKindsByTheirRows(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../web/src/core/orders.ts")
	if err != nil {
		t.Fatal(err)
	}
	rows := pageKind.FindAllStringSubmatch(between(string(page), "const table = {\n", "} as const"), -1)
	if len(rows) == 0 {
		t.Fatal("the page lists no kinds of orders")
	}
	kinds := ledger.Kinds()
	for _, row := range rows {
		at := slices.IndexFunc(kinds, func(k ledger.Kind) bool { return k.Name == row[1] && ordered(k) })
		if at < 0 {
			t.Errorf("the page offers %s", row[1])
			continue
		}
		for mark, want := range map[string]bool{
			"proposed: true":   kinds[at].Two,
			"documented: true": kinds[at].Document != nil,
			"right: true":      slices.Contains(kinds[at].Takes, "allotment"),
		} {
			if got := strings.Contains(row[2], mark); got != want {
				t.Errorf("the page says %v of %q for %s, its row %v", got, mark, row[1], want)
			}
		}
	}
	history, err := os.ReadFile("../../web/src/core/history.ts")
	if err != nil {
		t.Fatal(err)
	}
	lasting := words(quoted, between(string(history), "const lasting = new Set([", "]"))
	for _, k := range kinds {
		if k.Final && !slices.Contains(lasting, k.Name) {
			t.Errorf("the page offers to undo %s", k.Name)
		}
		if !message.Known("web.order." + k.Name) {
			t.Errorf("the page has no word for %s", k.Name)
		}
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}
