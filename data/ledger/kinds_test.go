package ledger_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/store"
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

func TestTheDatabaseKnowsTheKindsByTheirRows(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for condition, want := range map[string]func(ledger.Kind) bool{
		"true":           func(ledger.Kind) bool { return true },
		"needs_two":      func(k ledger.Kind) bool { return k.Two },
		"needs_document": func(k ledger.Kind) bool { return k.Document != nil },
	} {
		listed := storetest.Number[[]string](t, db, `SELECT array_agg(kind) FROM record_kind WHERE `+condition)
		sameKinds(t, condition, listed, named(want))
	}
}

// Nothing waits for a second person that needs none.
func TestOnlyWhatNeedsTwoIsProposed(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	park := storetest.Park(t, db, "p")
	account := storetest.Number[uuid.UUID](t, db, `INSERT INTO account (account_id, login, name)
		VALUES (gen_random_uuid(), 'p', 'P') RETURNING account_id`)
	propose := func(kind string) error {
		_, err := db.Owner.Exec(t.Context(), `INSERT INTO proposal (park_id, proposal_id, kind, command, reason, proposed_by)
			VALUES ($1, gen_random_uuid(), $2, '{}', 'why', $3)`, park, kind, account)
		return err
	}
	for _, k := range ledger.Kinds() {
		err := propose(k.Name)
		if k.Two && err != nil || !k.Two && store.Constraint(err) != "proposal_kind_check" {
			t.Errorf("%s: %v", k.Name, err)
		}
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
		ofLand := slices.Contains(k.Takes, "parcels") || slices.Contains(k.Takes, "allotment")
		if len(k.From) > 0 && (k.Unordered || !ofLand) {
			t.Errorf("%s is offered for land, and takes %v", k.Name, k.Takes)
		}
		if !message.Known("web.order." + k.Name) {
			t.Errorf("the page has no word for %s", k.Name)
		}
	}
}
