package cql2

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"luodi/geo"
)

// value is a part of a JSON document, with its place.
type value struct {
	kind    valueKind
	text    string // of a text or a number
	yes     bool   // of a truth value
	items   []value
	members map[string]value
	at      Pos
}

type valueKind uint8

const (
	nullValue valueKind = iota
	textValue
	numberValue
	boolValue
	arrayValue
	objectValue
)

// maxNesting bounds the arrays and objects within one another: those of MaxDepth calls and of a geometry in the
// innermost.
const maxNesting = 2*MaxDepth + 8

// document reads a JSON text. It refuses what JSON leaves open: a name given twice, and a text that is no Unicode.
func document(text string) (value, error) {
	if err := checkSize(text); err != nil {
		return value{}, err
	}
	var whole json.RawMessage
	if err := json.Unmarshal([]byte(text), &whole); err != nil || !utf8.ValidString(text) {
		var syntax *json.SyntaxError
		at := len(text)
		if errors.As(err, &syntax) {
			at = max(0, int(syntax.Offset)-1)
		}
		return value{}, expected(geo.Say("cql2.want.json"), posAt(text, at), firstCharacters(text[characterAt(text, at):], 10))
	}
	r := &reader{text: text, decoder: json.NewDecoder(strings.NewReader(text))}
	r.decoder.UseNumber()
	return r.value(0)
}

// posAt is how many characters stand before that of a byte.
func posAt(text string, at int) Pos { return Pos(utf8.RuneCountInString(text[:characterAt(text, at)])) }

// characterAt is where the character of a byte begins.
func characterAt(text string, at int) int {
	at = min(at, len(text))
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

type reader struct {
	text    string
	decoder *json.Decoder
}

// at is where the token begins that the decoder reads next.
func (r *reader) at() Pos {
	from := int(r.decoder.InputOffset())
	skipped := len(r.text[from:]) - len(strings.TrimLeft(r.text[from:], " \t\r\n,:"))
	return posAt(r.text, from+skipped)
}

func (r *reader) value(nesting int) (value, error) {
	v := value{at: r.at()}
	if nesting > maxNesting {
		return v, tooDeep(MaxDepth, v.at)
	}
	token, err := r.decoder.Token()
	if err != nil { // of a document that Unmarshal has read
		return v, expected(geo.Say("cql2.want.json"), v.at, err.Error())
	}
	switch token := token.(type) {
	case string:
		v.kind, v.text = textValue, token
		if strings.ContainsAny(token, "\x00\uFFFD") { // the decoder puts U+FFFD for half a surrogate pair
			return v, expected(geo.Say("cql2.want.unicode"), v.at, token)
		}
	case json.Number:
		v.kind = numberValue
		var ok bool
		if v.text, ok = canonical(token.String()); !ok {
			return v, expected(geo.Say("cql2.want.number", "digits", maxDigits, "exponent", maxExponent), v.at,
				token.String())
		}
	case bool:
		v.kind, v.yes = boolValue, token
	case json.Delim:
		if token == '[' {
			v.kind = arrayValue
			return v, r.items(&v, nesting)
		}
		v.kind = objectValue
		return v, r.named(&v, nesting)
	}
	return v, nil
}

func (r *reader) items(v *value, nesting int) error {
	for r.decoder.More() {
		item, err := r.value(nesting + 1)
		if err != nil {
			return err
		}
		v.items = append(v.items, item)
	}
	_, err := r.decoder.Token()
	return err
}

func (r *reader) named(v *value, nesting int) error {
	v.members = map[string]value{}
	for r.decoder.More() {
		name, err := r.value(nesting + 1)
		if err != nil {
			return err
		}
		if _, twice := v.members[name.text]; twice {
			return expected(geo.Say("cql2.want.once"), name.at, name.text)
		}
		if v.members[name.text], err = r.value(nesting + 1); err != nil {
			return err
		}
	}
	_, err := r.decoder.Token()
	return err
}

// shown is what a refusal says of a value.
func (v value) shown() any {
	switch v.kind {
	case textValue:
		return v.text
	case numberValue:
		return rawText(v.text)
	case boolValue:
		return v.yes
	case arrayValue:
		return rawText("[…]")
	case objectValue:
		return rawText("{…}")
	}
	return rawText("null")
}

// rawText is printed as it is, without quotes.
type rawText string
