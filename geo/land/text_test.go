package land

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"luodi/geo"
)

// codeCases is the one table of codes that this package, the database (data) and the page (web/src/core) are held to.
type codeCases struct {
	Cases []struct {
		In, Out, Bad string
		At           int
	}
	Order []string
}

func readCodeCases(t *testing.T) (c codeCases) {
	t.Helper()
	file, err := os.ReadFile("codes.json")
	if err == nil {
		err = json.Unmarshal(file, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCodesHaveOneNormalForm(t *testing.T) {
	t.Parallel()
	table := readCodeCases(t)
	for _, c := range table.Cases {
		got, err := ParseCode("code", c.In)
		var invalid *geo.Invalid
		switch {
		case c.Bad == "":
			if err != nil || got != c.Out {
				t.Errorf("%+q: got %+q, %v; want %+q", c.In, got, err, c.Out)
			}
			if again, err := ParseCode("code", got); err != nil || again != got {
				t.Errorf("%+q: its normal form %+q is not its own: %+q, %v", c.In, got, again, err)
			}
		case !errors.As(err, &invalid):
			t.Errorf("%+q: taken as %+q", c.In, got)
		case c.At > 0 && fmt.Sprint(invalid.Words) != fmt.Sprintf("text.without (code U+%04s, n %d)", c.Bad, c.At):
			t.Errorf("%+q: %v does not name U+%s at %d", c.In, err, c.Bad, c.At)
		}
	}
	if len(table.Cases) < 60 {
		t.Errorf("%d cases", len(table.Cases))
	}
}

// Whatever Go's newer tables say: what has no form of its own is on the list, and what Go calls graphic is on it only
// where it draws nothing or came after Unicode 14.
func TestTheUnseenAreAllOnTheList(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		nothing := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp,
			unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Noncharacter_Code_Point) ||
			!unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C)
		if nothing && !Unseen(r) {
			t.Errorf("U+%04X is not on the list", r)
		}
	}
	for _, r := range "Aaé地𠮷😀 -_/.'\"\\%{}<>&،אب한" {
		if Unseen(r) {
			t.Errorf("%+q is on the list", r)
		}
	}
}

func TestNormalFormsOfCodesAreStable(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(10, 3))
	taken := 0
	for range 200_000 {
		var b strings.Builder
		for range 1 + random.IntN(6) {
			switch random.IntN(4) {
			case 0:
				b.WriteRune(rune(random.IntN(0x80)))
			case 1:
				b.WriteRune(rune(0x300 + random.IntN(0x70))) // marks, which NFC moves and joins
			case 2:
				b.WriteRune(rune(random.IntN(0x3100)))
			default:
				b.WriteRune(rune(random.IntN(unicode.MaxRune)))
			}
		}
		code, err := ParseCode("code", b.String())
		if err != nil {
			continue
		}
		taken++
		if again, err := ParseCode("code", code); err != nil || again != code || !norm.NFC.IsNormalString(code) ||
			strings.TrimSpace(code) != code || strings.ContainsFunc(code, Unseen) {
			t.Fatalf("%+q became %+q, then %+q, %v", b.String(), code, again, err)
		}
	}
	if taken < 1000 {
		t.Errorf("only %d were taken", taken)
	}
}

func TestCodesSortAsPeopleCount(t *testing.T) {
	t.Parallel()
	order := readCodeCases(t).Order
	for i, a := range order {
		for k, b := range order {
			if got, want := CompareCodes(a, b), min(max(i-k, -1), 1); got != want {
				t.Errorf("%q, %q: got %d, want %d", a, b, got, want)
			}
		}
	}
	shuffled := slices.Clone(order)
	rand.Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
	slices.SortFunc(shuffled, CompareCodes)
	if !slices.Equal(shuffled, order) {
		t.Errorf("sorted: %q", shuffled)
	}
}

func TestTextsHaveOneNormalForm(t *testing.T) {
	t.Parallel()
	line := func(s string) (string, error) { return ParseLine("name", s, 20) }
	prose := func(s string) (string, error) { return ParseProse("reason", s, 20) }
	for _, c := range []struct {
		read     func(string) (string, error)
		in, want string // want "" is refused
	}{
		{line, "  威高 集团 ", "威高 集团"}, {line, "e\u0301", "é"}, {line, "A\u200dB", "A\u200dB"}, {line, "👩‍🔬", "👩‍🔬"},
		{line, "a\nb", ""}, {line, "a\tb", ""}, {line, "a\x00b", ""}, {line, "a\u202eb", ""}, {line, "a\ufffdb", ""},
		{line, "\ufeffa", ""}, {line, "a\u200bb", ""}, {line, "a\xffb", ""},
		{line, "\u200d", ""}, {line, "\u3164", ""}, {line, strings.Repeat("地", 20), strings.Repeat("地", 20)},
		{line, strings.Repeat("地", 21), ""},
		{prose, "a\r\nb\rc\td\u2028e", "a\nb\nc\td\ne"}, {prose, " \n\u2800\u3164\u200c", ""}, {prose, "a\u2066b", ""},
		{prose, "", ""}, {prose, "\\x41 'E''", "\\x41 'E''"},
	} {
		got, err := c.read(c.in)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+q: got %+q, %v; want %+q", c.in, got, err, c.want)
		}
	}
}

// The page reads ranges.json: what a condition is at most, one table for both.
func TestThePageHasTheRangesOfConditions(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("ranges.json")
	var most map[ConditionKey]float64
	if err == nil {
		err = json.Unmarshal(file, &most)
	}
	if err != nil || len(most) != len(ConditionKeys()) {
		t.Fatalf("%d ranges, %v", len(most), err)
	}
	for key, limit := range most {
		beyond := limit * 1.0001
		if key.CheckRange(nil, &limit) != nil || key.CheckRange(nil, &beyond) == nil {
			t.Errorf("%s is not up to %g", key, limit)
		}
	}
}
