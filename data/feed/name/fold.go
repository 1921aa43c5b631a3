package name

import (
	"bufio"
	"bytes"
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text in the form in which texts are compared.
type folded struct {
	text   string
	starts []bool // for each byte whether a word begins there
}

// class is what a letter is, for where words begin.
type class uint8

const (
	nothing   class = iota // not seen: as if it were not there
	separator              // between words
	letter
	digit
	han // a Chinese character, which is a word of its own
)

// fold gives the form in which texts are compared: letters, digits and Chinese characters alone, compatible forms
// such as full width as their plain ones (NFKD), small letters, no accents, simplified characters. A word begins
// after what is left out, between letters and digits, and at each Chinese character.
func fold(s string) folded { return foldWith(s, false) }

// foldLoose is fold without the zeros that digits begin with: L04 and L4 are the same.
func foldLoose(s string) folded { return foldWith(s, true) }

func foldWith(s string, loose bool) folded {
	if !ascii(s) {
		s = norm.NFKD.String(s)
	}
	text := make([]byte, 0, len(s))
	starts := make([]bool, 0, len(s))
	before := separator
	for at, r := range s {
		r, is := classify(r)
		if is == nothing {
			continue
		}
		begins := is != before || is == han
		if is == separator || loose && r == '0' && begins && digitFollows(s[at+1:]) {
			before = separator
			continue
		}
		before = is
		from := len(text)
		text = utf8.AppendRune(text, r)
		for i := from; i < len(text); i++ {
			starts = append(starts, begins && i == from)
		}
	}
	return folded{string(text), starts}
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func digitFollows(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// classify gives a letter in its compared form, and what it is. Its text is decomposed.
func classify(r rune) (rune, class) {
	switch {
	case r >= 'a' && r <= 'z':
		return r, letter
	case r >= '0' && r <= '9':
		return r, digit
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A', letter
	case r < utf8.RuneSelf:
		return r, separator
	case unicode.Is(unicode.Han, r):
		return simple(r), han
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return r, nothing
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return unicode.ToLower(r), letter
	}
	return r, separator
}

// traditional is the table of traditional characters and their simplified forms of OpenCC, as it is published: see
// docs/decisions/0016.
//
//go:embed TSCharacters.txt
var traditional []byte

var simplified = sync.OnceValue(func() map[rune]rune {
	table := make(map[rune]rune, 4200)
	lines := bufio.NewScanner(bytes.NewReader(traditional))
	for lines.Scan() {
		from, to, two := strings.Cut(lines.Text(), "\t")
		if !two || strings.HasPrefix(from, "#") {
			continue
		}
		a, _ := utf8.DecodeRuneInString(from)
		b, _ := utf8.DecodeRuneInString(to) // the first is the usual one
		if a != b {
			table[a] = b
		}
	}
	return table
})

// simple is the simplified form of a character.
func simple(r rune) rune {
	if to, differs := simplified()[r]; differs {
		return to
	}
	return r
}
