package feed_test

import (
	"context"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"luodi/data/store/storetest"
)

// TestTextsFoldAsUnicodeSays holds fold_case to full case folding of every letter that has a case, by
// golang.org/x/text, and fold_accents to decomposing and dropping what is no letter of its own.
func TestTextsFoldAsUnicodeSays(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	var letters []string
	folding := cases.Fold()
	for r := rune(1); r <= unicode.MaxRune; r++ {
		cherokee := r >= 0x13A0 && r <= 0x13F5 // x/text folds them to small letters; CaseFolding.txt has them fold to themselves
		text := string(r)
		changes := unicode.ToLower(r) != r || unicode.ToUpper(r) != r || folding.String(text) != text ||
			unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Greek, r) || r == 'あ' || r == '落'
		if utf8.ValidRune(r) && changes && !cherokee {
			letters = append(letters, string(r))
		}
	}
	letters = append(letters, "Straße", "ΣΊΣΥΦΟΣ", "İstanbul", "ŐŰ", "落地 Luodi", "", "ﬁnal")
	fold := func(function string) []string {
		var folded []string
		if err := db.Public.QueryRow(context.Background(), "SELECT array_agg("+function+"(x) ORDER BY n) FROM "+
			"unnest($1::text[]) WITH ORDINALITY u (x, n)", letters).Scan(&folded); err != nil {
			t.Fatal(err)
		}
		return folded
	}
	wrong := 0
	for i, got := range fold("fold_case") {
		want := cases.Fold().String(letters[i])
		if letters[i] == "İ" || letters[i] == "İstanbul" {
			want = "i\u0307" + letters[i][2:]
		}
		if got != want && wrong < 20 {
			wrong++
			t.Errorf("%q (%U) folds to %q, want %q", letters[i], []rune(letters[i]), got, want)
		}
	}
	if len(letters) < 2_800 {
		t.Errorf("only %d letters", len(letters))
	}
	for i, got := range fold("fold_accents") {
		for _, r := range norm.NFD.String(got) {
			if r >= 0x300 && r <= 0x36F {
				t.Fatalf("%q keeps an accent: %q", letters[i], got)
			}
		}
	}
	latin := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	for _, text := range []string{"Société", "ÀÉÎÕÜ", "Ångström", "naïve", "Žižek", "Ελλάδα"} {
		want, _, err := transform.String(latin, text)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := db.Public.QueryRow(context.Background(), "SELECT fold_accents($1)", text).Scan(&got); err != nil ||
			got != want {
			t.Errorf("%s loses its accents as %q, want %q, %v", text, got, want, err)
		}
	}
}
