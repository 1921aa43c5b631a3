package ledger_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/data/ledger"
	"luodi/data/store/storetest"
	"luodi/message"
)

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

// What is offered for land of a status names parcels or a right, and every kind has its word.
func TestAKindIsOfferedForWhatItTakes(t *testing.T) {
	t.Parallel()
	for _, k := range ledger.Kinds() {
		if len(k.From) > 0 && (k.Unordered || !slices.Contains(k.Takes, "parcels") && !slices.Contains(k.Takes, "allotment")) {
			t.Errorf("%s is offered for land, and takes %v", k.Name, k.Takes)
		}
		if !message.Known("web.order." + k.Name) {
			t.Errorf("the page has no word for %s", k.Name)
		}
	}
}
