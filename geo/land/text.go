package land

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"luodi/geo"
)

// Longest texts, in characters.
const (
	MaxCode  = 100
	MaxLine  = 200
	MaxProse = 2000
)

//go:embed unseen.json
var unseenFile []byte

// unseen are the characters that no code may have, because nobody sees them, or not everybody sees the same: control,
// format and private-use characters, what Unicode 14 assigns to nothing, and letters, marks and symbols that are drawn
// as nothing. The page and the database have the same list.
var unseen = readUnseen(unseenFile)

func readUnseen(file []byte) [][2]rune {
	var texts []string
	if err := json.Unmarshal(file, &texts); err != nil {
		panic("unseen.json: " + err.Error())
	}
	ranges := make([][2]rune, len(texts))
	for i, text := range texts {
		from, to, several := strings.Cut(text, "-")
		if !several {
			to = from
		}
		for k, end := range []string{from, to} {
			n, err := strconv.ParseInt(end, 16, 32)
			if err != nil {
				panic("unseen.json: " + err.Error())
			}
			ranges[i][k] = rune(n)
		}
	}
	return ranges
}

// Unseen reports whether no code may have the character.
func Unseen(r rune) bool {
	_, found := slices.BinarySearchFunc(unseen, r, func(at [2]rune, r rune) int {
		switch {
		case at[1] < r:
			return -1
		case at[0] > r:
			return 1
		}
		return 0
	})
	return found
}

// Blank reports whether a text is empty or consists of spaces and invisible characters.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !Unseen(r) })
}

// Trim brings a text to Unicode NFC and takes the spaces at its ends away.
func Trim(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// ParseCode brings a code that people assign (of a parcel, zone, plan unit, network or project) to its normal form:
// Unicode NFC, no leading or trailing space, each run of spaces within being one. Codes with the same normal form are
// the same code. An invisible character, a line end, or more than [MaxCode] characters are refused with a
// [geo.Invalid] for field, which names the first such character.
func ParseCode(field, s string) (string, error) {
	text, err := settle(field, s, Unseen)
	if err != nil {
		return "", err
	}
	text = strings.Join(strings.FieldsFunc(text, unicode.IsSpace), " ")
	return within(field, text, MaxCode)
}

// ParseLine brings a single-line text (a name, a unit, an edition, a source) to its normal form: Unicode NFC,
// trimmed. It refuses line ends, control, direction and format characters (except the two joiners, which some scripts
// need), characters that stand for damaged text, a blank text, and one longer than most characters.
func ParseLine(field, s string, most int) (string, error) {
	text, err := settle(field, s, badInLine)
	if err != nil {
		return "", err
	}
	return within(field, text, most)
}

// ParseProse is ParseLine for a text of several lines, such as a reason. Every kind of line end becomes a line feed.
func ParseProse(field, s string, most int) (string, error) {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	text, err := settle(field, s, func(r rune) bool { return r != '\n' && r != '\t' && badInLine(r) })
	if err != nil {
		return "", err
	}
	return within(field, text, most)
}

// settle brings a text to NFC and trims it. It refuses a bad character, by its position in the trimmed text, and a
// blank text.
func settle(field, s string, bad func(rune) bool) (string, error) {
	if !utf8.ValidString(s) {
		return "", geo.NewInvalid(field, "text.utf8", strings.ToValidUTF8(s, "\uFFFD"))
	}
	text := Trim(s)
	at := 0
	for _, r := range text {
		if at++; bad(r) {
			return "", geo.NewInvalid(field, "text.without", text, "code", fmt.Sprintf("U+%04X", r), "n", at)
		}
	}
	if Blank(text) {
		return "", geo.NewInvalid(field, "text.shows", s)
	}
	return text, nil
}

func within(field, text string, most int) (string, error) {
	if n := utf8.RuneCountInString(text); n > most {
		return "", geo.NewInvalid(field, "text.long", n, "n", most)
	}
	return text, nil
}

const (
	zeroWidthNonJoiner = '\u200C'
	zeroWidthJoiner    = '\u200D'
)

// badInLine: control and format characters, line and paragraph separators, code points that are no characters, and
// U+FFFD, which stands where text was damaged on its way (encoding/json puts it for half of a surrogate pair).
func badInLine(r rune) bool {
	switch {
	case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
		return false
	case r == unicode.ReplacementChar, unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Zl, unicode.Zp)
}

// CompareCodes orders codes as people count: A-2 before A-10. Runs of the digits 0 to 9 compare as numbers, all else by
// code point; where that finds them equal, the whole texts decide. The database orders by code_order, the
// page by compareCodes, alike.
func CompareCodes(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		m, n := digits(x), digits(y)
		if m > 0 && n > 0 {
			if c := compareNumbers(x[:m], y[:n]); c != 0 {
				return c
			}
			x, y = x[m:], y[n:]
			continue
		}
		r, i := utf8.DecodeRuneInString(x)
		s, k := utf8.DecodeRuneInString(y)
		if r != s {
			return cmp.Compare(r, s)
		}
		x, y = x[i:], y[k:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// digits counts the digits that a text begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}
