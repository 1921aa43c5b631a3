package ledger_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"luodi/data/store/storetest"
	geoland "luodi/geo/land"
)

// The table that geo/land and the page are held to as well.
func codeCases(t *testing.T) (table struct {
	Cases []struct {
		In, Out, Bad string
		At           int
	}
	Order []string
}) {
	t.Helper()
	file, err := os.ReadFile("../../geo/land/codes.json")
	if err == nil {
		err = json.Unmarshal(file, &table)
	}
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTheDatabaseHoldsCodesToTheirNormalForm(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for _, c := range codeCases(t).Cases {
		code, _ := geoland.ParseCode("code", c.In)
		for _, text := range []string{c.In, code} {
			want, settled := geoland.ParseCode("code", text)
			var fault *string
			if err := db.Planner.QueryRow(t.Context(), "SELECT code_fault($1)", text).Scan(&fault); err != nil {
				t.Fatal(err)
			}
			if (fault == nil) != (settled == nil && want == text) {
				said := "nothing"
				if fault != nil {
					said = *fault
				}
				t.Errorf("%+q: the database says %s, land %+q, %v", text, said, want, settled)
			}
		}
		var blank bool
		if err := db.Planner.QueryRow(t.Context(), "SELECT is_blank($1)", c.In).Scan(&blank); err != nil ||
			blank != geoland.Blank(c.In) {
			t.Errorf("%+q: is_blank says %v, %v; land says %v", c.In, blank, err, geoland.Blank(c.In))
		}
	}
}

func TestTheDatabaseSeesTheSameCharacters(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	rows, err := db.Owner.Query(t.Context(), `SELECT i FROM generate_series(1, 1114111) i
		WHERE i NOT BETWEEN 55296 AND 57343 AND chr(i) ~ ('[' || unseen_characters() || ']')`)
	if err != nil {
		t.Fatal(err)
	}
	unseen, err := pgx.CollectRows(rows, pgx.RowTo[rune])
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for r := rune(1); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		there := found < len(unseen) && unseen[found] == r
		if there {
			found++
		}
		if there != geoland.Unseen(r) {
			t.Fatalf("U+%04X: the database says %v, land %v", r, there, geoland.Unseen(r))
		}
	}
}

func TestTheDatabaseSortsCodesAsPeopleCount(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	want := codeCases(t).Order
	shuffled := slices.Clone(want)
	rand.Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
	rows, err := db.Planner.Query(t.Context(), "SELECT c FROM unnest($1::text[]) c ORDER BY code_order(c)", shuffled)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	// Made of few characters, so that runs of digits, equal numbers and common beginnings abound.
	random := rand.New(rand.NewPCG(1, 2))
	var made []string
	for range 3000 {
		var b strings.Builder
		for range 1 + random.IntN(8) {
			b.WriteString([]string{"0", "0", "1", "9", "-", "A", "é", "地", "\U00020BB7", "\uFF10"}[random.IntN(10)])
		}
		made = append(made, b.String())
	}
	if rows, err = db.Planner.Query(t.Context(), "SELECT c FROM unnest($1::text[]) c ORDER BY code_order(c)",
		made); err != nil {
		t.Fatal(err)
	}
	if got, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(made, geoland.CompareCodes)
	if !slices.Equal(got, made) {
		t.Error("the database sorts other than land")
	}
}
