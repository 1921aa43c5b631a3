package auth

import (
	_ "embed"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The strength of a password is the cost, in bits, of the cheapest way to compose it.
//
//  1. The password is reduced to base characters: lower case, no accents, narrow forms, and Shift undone.
//  2. A piece that is a common word, a run of keys or figures, a date, or a repetition of an earlier piece costs a few
//     bits. Any other character has a cost of its own.
//  3. The cheapest cover of the whole is found from left to right. Below enough bits the password is refused, with the
//     kind of piece that covers most of it.
//
// The costs are rough logarithms of the number of such pieces that an attacker tries: a word of the list is 9 bits; a
// run has a start, a direction and a length.
const (
	enough     = 34.0
	wordBits   = 9.0
	runBits    = 5.0
	turnBits   = 0.8 // each change of direction of a walk over the keyboard
	yearBits   = 4.0
	dateBits   = 7.0
	againBits  = 3.0
	twistBits  = 1.0 // look-alike figures, or backwards
	letterBits = 3.3
	digitBits  = 2.7
	markBits   = 1.0 // a space or a sign between words
	otherBits  = 8.0 // Chinese and other scripts
	// judged is how much of a password is looked at: what follows can only make it harder.
	judged   = 64
	wordMost = 16
)

// piece is what a part of a password is made of.
type piece int

const (
	fresh piece = iota
	commonWord
	keyboardRun
	figureRun
	repetition
	pieces
)

// said has, for each kind of piece, the message key for a password that consists mostly of it.
var said = [pieces]string{"auth.expected.unguessed", "auth.expected.uncommon", "auth.expected.no_run",
	"auth.expected.no_figures", "auth.expected.no_repetition"}

//go:embed common.txt
var commonText string

var common = readWords(commonText)

func readWords(text string) map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, word := range strings.Fields(line) {
			words[word] = true
		}
	}
	return words
}

// guessable tells what a password is mostly made of when too little of it can't be guessed; "" when enough is left. own
// are words near its user.
func guessable(password string, own ...string) string {
	g := newGuess(password, own)
	bits, of := g.cheapest()
	if bits >= enough {
		return ""
	}
	most := fresh
	for kind := commonWord; kind < pieces; kind++ {
		if of[kind] > 0 && of[kind] >= of[most] || most == fresh && of[kind] > 0 {
			most = kind
		}
	}
	return said[most]
}

// guess is a password under judgement: its keys (what was pressed) and its plain reading (look-alikes read as letters).
type guess struct {
	keys  []rune
	plain [2][]rune // with 1 read as i, and as l
	own   map[string]bool
}

func newGuess(password string, own []string) *guess {
	g := &guess{own: map[string]bool{}}
	for _, text := range own {
		for _, word := range append(strings.FieldsFunc(text, unbound), text) {
			if word = string(unaccented(word)); len([]rune(word)) > 1 {
				g.own[word] = true
			}
		}
	}
	text := unaccented(password)
	if len(text) > judged {
		text = text[:judged]
	}
	for _, r := range text {
		if key, shifted := shifts[r]; shifted {
			g.keys = append(g.keys, key)
		} else {
			g.keys = append(g.keys, r)
		}
		for i := range g.plain {
			g.plain[i] = append(g.plain[i], lookAlike(r, i))
		}
	}
	return g
}

func unbound(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// unaccented gives the base characters in lower case.
func unaccented(text string) []rune {
	var out []rune
	for _, r := range norm.NFKD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// shifts are the signs over the figures of a keyboard, and the figures of other scripts.
var shifts = map[rune]rune{
	'!': '1', '@': '2', '#': '3', '$': '4', '%': '5', '^': '6', '&': '7', '*': '8', '(': '9', ')': '0',
	'〇': '0', '零': '0', '一': '1', '二': '2', '三': '3', '四': '4', '五': '5', '六': '6', '七': '7', '八': '8', '九': '9',
}

func lookAlike(r rune, reading int) rune {
	switch r {
	case '1', '!', '|':
		return []rune{'i', 'l'}[reading]
	case '@', '4':
		return 'a'
	case '3', '€':
		return 'e'
	case '0':
		return 'o'
	case '$', '5':
		return 's'
	case '7', '+':
		return 't'
	case '8':
		return 'b'
	case '9', '6':
		return 'g'
	case '2':
		return 'z'
	}
	return r
}

// step is the cheapest way to a place in the password.
type step struct {
	bits float64
	of   [pieces]int // characters of each kind
}

// cheapest covers the password at the least cost.
func (g *guess) cheapest() (float64, [pieces]int) {
	n := len(g.keys)
	best := make([]step, n+1)
	for i := 1; i <= n; i++ {
		best[i].bits = float64(i) * 1e3
	}
	for i := range n {
		offer := func(length int, kind piece, bits float64) {
			if at := i + length; best[i].bits+bits < best[at].bits {
				best[at] = best[i]
				best[at].bits += bits
				best[at].of[kind] += length
			}
		}
		offer(1, fresh, g.freshBits(i))
		g.offerWords(i, offer)
		g.offerRuns(i, offer)
		g.offerDates(i, offer)
		g.offerAgain(i, offer)
	}
	return best[n].bits, best[n].of
}

func (g *guess) freshBits(i int) float64 {
	switch r := g.keys[i]; {
	case r >= '0' && r <= '9':
		return digitBits
	case r < unicode.MaxASCII && unicode.IsLetter(r):
		return letterBits
	case unicode.IsLetter(r):
		return otherBits
	}
	return markBits
}

// offerWords offers each common word that begins at i, as it is, in figures that look like letters, or backwards.
func (g *guess) offerWords(i int, offer func(int, piece, float64)) {
	for length := 2; length <= wordMost && i+length <= len(g.keys); length++ {
		for reading, text := range [][]rune{g.keys, g.plain[0], g.plain[1]} {
			word := text[i : i+length]
			bits := wordBits
			if reading > 0 {
				bits += twistBits
			}
			if g.known(string(word)) {
				offer(length, commonWord, bits)
			} else if g.known(reversed(word)) {
				offer(length, commonWord, bits+twistBits)
			}
		}
	}
}

func (g *guess) known(word string) bool { return common[word] || g.own[word] }

func reversed(word []rune) string {
	back := make([]rune, len(word))
	for i, r := range word {
		back[len(word)-1-i] = r
	}
	return string(back)
}

// offerRuns offers what counts up or down, one by one or with up to three counts woven together (112233, a1b2c3), and
// walks over the keyboard.
func (g *guess) offerRuns(i int, offer func(int, piece, float64)) {
	for woven := 1; woven <= 3; woven++ {
		for length := g.counts(i, woven); length >= max(3, 2*woven); length-- {
			offer(length, figureRun, runBits+float64(woven-1)*runBits/2)
		}
	}
	turns, last := 0, [2]int{}
	for at := i + 1; at < len(g.keys); at++ {
		direction, near := neighbours(g.keys[at-1], g.keys[at])
		if !near {
			break
		}
		if at > i+1 && direction != last {
			turns++
		}
		last = direction
		if length := at - i + 1; length >= 3 {
			offer(length, keyboardRun, runBits+turnBits*float64(turns))
		}
	}
}

// counts is how long the count that begins at i goes on, where each character is compared with the one woven places
// before it. 0 follows 9, and a follows z.
func (g *guess) counts(i, woven int) int {
	var steps [3]int
	at := i + woven
	for ; at < len(g.keys); at++ {
		step, ok := apart(g.keys[at-woven], g.keys[at])
		if !ok || step < -2 || step > 2 {
			break
		}
		if k := (at - i) % woven; at < i+2*woven {
			steps[k] = step
		} else if steps[k] != step {
			break
		}
	}
	if steps == [3]int{} { // what stands still is a repetition
		return 0
	}
	return min(at, len(g.keys)) - i
}

func apart(a, b rune) (int, bool) {
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	switch {
	case digit(a) && digit(b):
		return (int(b-a)+15)%10 - 5, true
	case unicode.IsLetter(a) && unicode.IsLetter(b) || a == b:
		return int(b - a), true
	}
	return 0, false
}

// rows are the keys of a keyboard, each row half a key or so to the right of the one above, and those of its block of
// figures.
var (
	rows   = place("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
	figure = place("789", "456", "123", "0")
)

func place(lines ...string) map[rune][2]int {
	at := map[rune][2]int{}
	for y, line := range lines {
		for x, r := range line {
			at[r] = [2]int{x, y}
		}
	}
	return at
}

// neighbours tells whether two keys touch and in which direction the second lies. On the block of figures only straight
// lines count: there each key touches most others.
func neighbours(a, b rune) (direction [2]int, near bool) {
	for _, block := range []map[rune][2]int{rows, figure} {
		from, one := block[a]
		to, two := block[b]
		dx, dy := to[0]-from[0], to[1]-from[1]
		if one && two && a != b && dx*dx <= 1 && dy*dy <= 1 {
			return [2]int{dx, dy}, true
		}
	}
	return direction, false
}

// offerDates offers years, and days written in figures.
func (g *guess) offerDates(i int, offer func(int, piece, float64)) {
	number := func(from, length int) int {
		n := 0
		for _, r := range g.keys[from : from+length] {
			if r < '0' || r > '9' {
				return -1
			}
			n = n*10 + int(r-'0')
		}
		return n
	}
	within := func(n, low, high int) bool { return n >= low && n <= high }
	left := len(g.keys) - i
	if left >= 4 && within(number(i, 4), 1900, 2099) {
		offer(4, figureRun, yearBits)
	}
	if left >= 6 && within(number(i+2, 2), 1, 12) && within(number(i+4, 2), 1, 31) && number(i, 2) >= 0 {
		offer(6, figureRun, dateBits)
	}
	if left < 8 {
		return
	}
	if within(number(i, 4), 1900, 2099) && within(number(i+4, 2), 1, 12) && within(number(i+6, 2), 1, 31) {
		offer(8, figureRun, dateBits)
	}
	if within(number(i+4, 4), 1900, 2099) && within(number(i, 2), 1, 31) && within(number(i+2, 2), 1, 31) {
		offer(8, figureRun, dateBits)
	}
}

// offerAgain offers what stands somewhere before i already, forwards or backwards: three characters or more.
func (g *guess) offerAgain(i int, offer func(int, piece, float64)) {
	longest, mirror := 0, 0
	for from := range i {
		length := 0
		for i+length < len(g.keys) && g.same(from+length, i+length) {
			length++
		}
		longest = max(longest, length)
		length = 0
		for i+length < len(g.keys) && from-length >= 0 && g.same(from-length, i+length) {
			length++
		}
		mirror = max(mirror, length)
	}
	for length := 3; length <= max(longest, mirror); length++ {
		bits := againBits
		if length > longest {
			bits += twistBits
		}
		offer(length, repetition, bits)
	}
}

func (g *guess) same(a, b int) bool { return g.keys[a] == g.keys[b] || g.plain[0][a] == g.plain[0][b] }
