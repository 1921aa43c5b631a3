package cql2

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"luodi/geo"
)

// tokenKind is what a token is.
type tokenKind uint8

const (
	endToken tokenKind = iota
	wordToken
	quotedToken // a property's name in double quotes
	stringToken
	numberToken // without a sign
	signToken   // punctuation and operators
)

type token struct {
	kind tokenKind
	text string // a word or sign as it stands, a number canonical, a string or name without quotes and escapes
	at   Pos
}

// is reports whether a token is a keyword or a sign.
func (t token) is(text string) bool {
	return t.kind == signToken && t.text == text || t.kind == wordToken && strings.EqualFold(t.text, text)
}

// shown is what a refusal says of a token.
func (t token) shown() any {
	if t.kind == endToken {
		return geo.Say("came.end")
	}
	return t.text
}

// lexer cuts a text into tokens.
type lexer struct {
	rest  string
	at    Pos
	draft bool // a backslash in a string is an ordinary character
}

// step passes over n bytes.
func (l *lexer) step(n int) {
	l.at += Pos(utf8.RuneCountInString(l.rest[:n]))
	l.rest = l.rest[n:]
}

// next cuts the next token.
func (l *lexer) next() (token, error) {
	l.step(len(l.rest) - len(strings.TrimLeftFunc(l.rest, unicode.IsSpace)))
	if l.rest == "" {
		return token{endToken, "", l.at}, nil
	}
	first, _ := utf8.DecodeRuneInString(l.rest)
	switch {
	case first == '\'':
		return l.quoted('\'', stringToken)
	case first == '"':
		return l.quoted('"', quotedToken)
	case first >= '0' && first <= '9' || first == '.':
		return l.number()
	case startsName(first):
		return l.word(), nil
	}
	for _, sign := range []string{"<=", ">=", "<>", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/", "%", "^"} {
		if strings.HasPrefix(l.rest, sign) {
			t := token{signToken, sign, l.at}
			l.step(len(sign))
			return t, nil
		}
	}
	return token{}, expected(geo.Say("cql2.want.character"), l.at, string(first))
}

func (l *lexer) word() token {
	n := len(l.rest)
	if i := strings.IndexFunc(l.rest, func(r rune) bool { return !continuesName(r) }); i >= 0 {
		n = i
	}
	t := token{wordToken, l.rest[:n], l.at}
	l.step(n)
	return t
}

// startsName and continuesName follow the rules identifierStart and identifierPart of CQL2, which are XML's.
func startsName(r rune) bool {
	switch {
	case r == ':' || r == '_' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z':
		return true
	case r < 0xC0 || r == 0xD7 || r == 0xF7:
		return false
	}
	for _, span := range [][2]rune{{0xC0, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFE}, {0x200C, 0x200D}, {0x2070, 0x218F},
		{0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}} {
		if r >= span[0] && r <= span[1] {
			return !unicode.IsSpace(r)
		}
	}
	return false
}

func continuesName(r rune) bool {
	return startsName(r) || r == '.' || '0' <= r && r <= '9' || 0x300 <= r && r <= 0x36F || r == 0x203F || r == 0x2040
}

// number cuts an unsigned number.
func (l *lexer) number() (token, error) {
	n := 0
	for n < len(l.rest) {
		c := l.rest[n]
		exponent := n > 0 && (c == 'e' || c == 'E')
		signed := n > 0 && (c == '+' || c == '-') && (l.rest[n-1] == 'e' || l.rest[n-1] == 'E')
		if !exponent && !signed && c != '.' && (c < '0' || c > '9') {
			break
		}
		n++
	}
	number, ok := canonical(l.rest[:n])
	if !ok {
		return token{}, expected(geo.Say("cql2.want.number", "digits", maxDigits, "exponent", maxExponent), l.at,
			l.rest[:n])
	}
	t := token{numberToken, number, l.at}
	l.step(n)
	return t, nil
}

// escapes are the characters that stand for others after a backslash.
var escapes = map[byte]string{'\'': "'", '\\': `\`, 'a': "\a", 'b': "\b", 't': "\t", 'n': "\n", 'v': "\v", 'f': "\f",
	'r': "\r", '%': `\%`, '_': `\_`} // the last two are left to LIKE

// quoted cuts a string or a name in quotes, in which a doubled quote stands for one.
func (l *lexer) quoted(quote byte, kind tokenKind) (token, error) {
	t := token{kind: kind, at: l.at}
	var text strings.Builder
	for i := 1; i < len(l.rest); i++ {
		c := l.rest[i]
		switch {
		case c == quote && strings.HasPrefix(l.rest[i+1:], string(quote)):
			text.WriteByte(quote)
			i++
		case c == quote:
			l.step(i + 1)
			t.text = text.String()
			return t, nil
		case c == '\\' && kind == stringToken && !l.draft:
			stands, known := "", false
			if i+1 < len(l.rest) {
				stands, known = escapes[l.rest[i+1]]
			}
			if !known {
				l.step(i)
				return token{}, expected(geo.Say("cql2.want.escape"), l.at, firstCharacters(l.rest, 2))
			}
			text.WriteString(stands)
			i++
		default:
			text.WriteByte(c)
		}
	}
	l.step(len(l.rest))
	return token{}, expected(geo.Say("cql2.want.closing_quote", "quote", string(quote), "from", int(t.at)+1), l.at,
		geo.Say("came.end"))
}

func firstCharacters(text string, n int) string {
	runes := []rune(text)
	return string(runes[:min(n, len(runes))])
}
