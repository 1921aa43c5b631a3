package cql2

import (
	"strings"
	"unicode/utf8"

	"luodi/geo"
)

// ParseText reads a filter in the text encoding of CQL2. NOT LIKE, NOT BETWEEN, NOT IN and IS NOT NULL become NOT of
// the condition.
func ParseText(text string) (Node, error) { return parseText(text, false) }

// ParseDraft reads a filter as GDAL's driver for OGC API Features writes it, in a draft of CQL2 that it calls cql-text:
// a backslash is an ordinary character, and ILIKE is LIKE in any letter case.
func ParseDraft(text string) (Node, error) { return parseText(text, true) }

func parseText(text string, draft bool) (Node, error) {
	if err := checkSize(text); err != nil {
		return nil, err
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, geo.NewInvalid(field, "cql2.utf8", text)
	}
	p := &textParser{lexer: lexer{rest: text, draft: draft}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	root, err := p.expression(lowest)
	if err != nil {
		return nil, err
	}
	if p.token.kind != endToken {
		return nil, expected(geo.Say("cql2.want.end"), p.token.at, p.token.shown())
	}
	return root, measure(root)
}

// textParser is a parser by precedence: each operator binds its operands as strongly as its level says. What types the
// operands must have is left to Check.
type textParser struct {
	lexer
	token token // the one to be read next
	depth int   // of brackets
}

// The levels at which operators bind, from loose to tight.
const (
	lowest = iota
	orLevel
	andLevel
	notLevel
	compareLevel
	sumLevel
	productLevel
	powerLevel
)

// binary are the operators between two operands.
var binary = map[string]int{"OR": orLevel, "AND": andLevel, "=": compareLevel, "<>": compareLevel, "<": compareLevel,
	">": compareLevel, "<=": compareLevel, ">=": compareLevel, "+": sumLevel, "-": sumLevel, "*": productLevel,
	"/": productLevel, "%": productLevel, "DIV": productLevel, "^": powerLevel}

func (p *textParser) advance() (err error) {
	p.token, err = p.next()
	return err
}

// take passes over a keyword or sign if it comes next.
func (p *textParser) take(text string) (bool, error) {
	if !p.token.is(text) {
		return false, nil
	}
	return true, p.advance()
}

// must passes over a keyword or sign, and refuses anything else.
func (p *textParser) must(text string) error {
	if !p.token.is(text) {
		return expected(geo.Say("cql2.want.sign", "sign", text), p.token.at, p.token.shown())
	}
	return p.advance()
}

// enter counts a bracket or a prefix in which others may stand, until the returned function is called.
func (p *textParser) enter() (leave func(), err error) {
	if p.depth++; p.depth > MaxBrackets {
		return nil, tooDeep(MaxBrackets, p.token.at)
	}
	return func() { p.depth-- }, nil
}

// expression reads operators that bind tighter than a level.
func (p *textParser) expression(level int) (Node, error) {
	left, err := p.prefix()
	for err == nil {
		word := ""
		if p.token.kind == wordToken || p.token.kind == signToken {
			word = strings.ToUpper(p.token.text)
		}
		binds, known := binary[word]
		switch {
		case known && binds > level:
			left, err = p.binary(left, word, binds)
		case level < compareLevel && p.startsTest():
			left, err = p.test(left)
		default:
			return left, nil
		}
	}
	return nil, err
}

// binary reads what follows the left operand of an operator.
func (p *textParser) binary(left Node, word string, level int) (Node, error) {
	at := p.token.at
	if err := p.advance(); err != nil {
		return nil, err
	}
	right, err := p.expression(level)
	if err != nil {
		return nil, err
	}
	return call(operators[find(word)].op, at, left, right), nil
}

// startsTest reports whether IS, LIKE, BETWEEN or IN comes next, perhaps after NOT.
func (p *textParser) startsTest() bool {
	for _, word := range []string{"NOT", "IS", "LIKE", "BETWEEN", "IN"} {
		if p.token.is(word) {
			return true
		}
	}
	return p.draft && p.token.is("ILIKE")
}

// test reads IS NULL, LIKE, BETWEEN or IN after its left operand.
func (p *textParser) test(left Node) (Node, error) {
	at := p.token.at
	if is, err := p.take("IS"); is || err != nil {
		return p.nullTest(left, at, err)
	}
	not, err := p.take("NOT")
	if err != nil {
		return nil, err
	}
	var found Node
	word := strings.ToUpper(p.token.text)
	if word != "ILIKE" && p.token.kind == wordToken && p.startsTest() || p.draft && word == "ILIKE" {
		if err = p.advance(); err != nil {
			return nil, err
		}
	}
	switch word {
	case "LIKE":
		found, err = p.like(left, at)
	case "ILIKE":
		found, err = p.like(call(OpCaseI, at, left), at)
	case "BETWEEN":
		found, err = p.between(left, at)
	case "IN":
		found, err = p.in(left, at)
	default:
		return nil, expected(geo.Say("cql2.want.test"), p.token.at, p.token.shown())
	}
	if err == nil && not {
		found = call(OpNot, at, found)
	}
	return found, err
}

func (p *textParser) nullTest(left Node, at Pos, err error) (Node, error) {
	if err != nil {
		return nil, err
	}
	not, err := p.take("NOT")
	if err == nil {
		err = p.must("NULL")
	}
	if err != nil {
		return nil, err
	}
	if found := call(OpIsNull, at, left); !not {
		return found, nil
	}
	return call(OpNot, at, call(OpIsNull, at, left)), nil
}

func (p *textParser) like(left Node, at Pos) (Node, error) {
	pattern, err := p.expression(compareLevel)
	if err != nil {
		return nil, err
	}
	if p.draft { // without an escape character
		if text, is := pattern.(*String); is {
			pattern = &String{strings.ReplaceAll(text.Value, `\`, `\\`), text.At}
		}
		if folded, is := left.(*Call); is && folded.Op == OpCaseI {
			pattern = call(OpCaseI, at, pattern)
		}
	}
	return call(OpLike, at, left, pattern), nil
}

func (p *textParser) between(left Node, at Pos) (Node, error) {
	low, err := p.expression(compareLevel)
	if err != nil {
		return nil, err
	}
	if err = p.must("AND"); err != nil {
		return nil, err
	}
	high, err := p.expression(compareLevel)
	return call(OpBetween, at, left, low, high), err
}

func (p *textParser) in(left Node, at Pos) (Node, error) {
	list := &List{At: p.token.at}
	if err := p.must("("); err != nil {
		return nil, err
	}
	var err error
	list.Items, err = p.arguments()
	return call(OpIn, at, left, list), err
}

// arguments reads expressions up to a closing bracket: one at least.
func (p *textParser) arguments() ([]Node, error) {
	leave, err := p.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	var all []Node
	for {
		argument, err := p.expression(lowest)
		if err != nil {
			return nil, err
		}
		if all = append(all, argument); len(all) > MaxNodes {
			return nil, expected(geo.Say("cql2.nodes", "n", MaxNodes), p.token.at, geo.Say("came.more"))
		}
		more, err := p.take(",")
		if err != nil {
			return nil, err
		}
		if !more {
			return all, p.must(")")
		}
	}
}

// prefix reads a value, or NOT or a sign and what it stands before.
func (p *textParser) prefix() (Node, error) {
	t := p.token
	switch {
	case t.is("NOT"):
		leave, err := p.enter()
		if err == nil {
			defer leave()
			err = p.advance()
		}
		if err != nil {
			return nil, err
		}
		operand, err := p.expression(notLevel - 1)
		return call(OpNot, t.at, operand), err
	case t.kind == signToken && (t.text == "-" || t.text == "+"):
		return p.signed(t)
	case t.is("("):
		return p.bracketed()
	}
	return p.value()
}

// signed reads a number with a sign, or what is to be negated.
func (p *textParser) signed(sign token) (Node, error) {
	leave, err := p.enter()
	if err == nil {
		defer leave()
		err = p.advance()
	}
	if err != nil {
		return nil, err
	}
	operand, err := p.expression(powerLevel) // a sign binds tighter than any operator
	if err != nil || sign.text == "+" {
		return operand, err
	}
	if number, is := operand.(*Number); is {
		return &Number{negated(number.Value), sign.at}, nil
	}
	return call(OpMinus, sign.at, &Number{"0", sign.at}, operand), nil
}

func negated(number string) string {
	switch rest, negative := strings.CutPrefix(number, "-"); {
	case negative:
		return rest
	case number == "0":
		return number
	}
	return "-" + number
}

func (p *textParser) bracketed() (Node, error) {
	leave, err := p.enter()
	if err == nil {
		defer leave()
		err = p.advance()
	}
	if err != nil {
		return nil, err
	}
	inner, err := p.expression(lowest)
	if err != nil {
		return nil, err
	}
	return inner, p.must(")")
}

// value reads a literal, a property or a function.
func (p *textParser) value() (Node, error) {
	t := p.token
	if t.kind == signToken || t.kind == endToken || t.kind == wordToken && keywords[strings.ToUpper(t.text)] {
		return nil, expected(geo.Say("cql2.want.value"), t.at, t.shown())
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch t.kind {
	case stringToken:
		return &String{t.text, t.at}, nil
	case numberToken:
		return &Number{t.text, t.at}, nil
	case quotedToken:
		return &Property{Name: t.text, At: t.at}, nil
	}
	switch word := strings.ToUpper(t.text); {
	case word == "TRUE" || word == "FALSE":
		return &Bool{word == "TRUE", t.at}, nil
	case word == "DATE" || word == "TIMESTAMP" || word == "INTERVAL":
		return p.time(word, t.at)
	case shapes[word] != nil || word == "BBOX":
		return p.shape(word, t.at)
	case p.token.is("("):
		return p.function(t)
	}
	return &Property{Name: t.text, At: t.at}, nil
}

// keywords can't stand where a value is expected.
var keywords = map[string]bool{"AND": true, "OR": true, "IS": true, "LIKE": true, "BETWEEN": true, "IN": true,
	"NULL": true, "DIV": true}

func (p *textParser) function(name token) (Node, error) {
	found := find(name.text)
	if found < 0 || !operators[found].family.isFunction() {
		return nil, expected(geo.Say("cql2.want.function", "names", functionNames()), name.at, name.text)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	arguments, err := p.arguments()
	if err != nil {
		return nil, err
	}
	o := operators[found]
	if len(arguments) != o.least {
		return nil, expected(geo.Say("cql2.want.arguments", "n", o.least, "op", strings.ToUpper(string(o.op))), name.at,
			len(arguments))
	}
	return call(o.op, name.at, arguments...), nil
}

// time reads what follows DATE, TIMESTAMP or INTERVAL.
func (p *textParser) time(word string, at Pos) (Node, error) {
	if err := p.must("("); err != nil {
		return nil, err
	}
	from, err := p.end(word)
	if err != nil {
		return nil, err
	}
	switch instant := from.(type) {
	case *Date:
		instant.At = at
	case *Timestamp:
		instant.At = at
	}
	if word != "INTERVAL" {
		return from, p.must(")")
	}
	if err := p.must(","); err != nil {
		return nil, err
	}
	to, err := p.end(word)
	if err != nil {
		return nil, err
	}
	return &Interval{from, to, at}, p.must(")")
}

// end reads an instant, or an end of an interval; nil where that is open.
func (p *textParser) end(word string) (Node, error) {
	t := p.token
	if word == "INTERVAL" && (t.kind == wordToken || t.kind == quotedToken) {
		return p.value()
	}
	if t.kind != stringToken {
		return nil, expected(geo.Say("cql2.want.time_text"), t.at, t.shown())
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	return parseTime(word, t.text, t.at)
}

// parseTime reads the text of a DATE, of a TIMESTAMP, or of an end of an INTERVAL.
func parseTime(word, text string, at Pos) (Node, error) {
	if word == "INTERVAL" && text == ".." {
		return nil, nil
	}
	if word != "TIMESTAMP" {
		if day, ok := parseDay(text); ok {
			return &Date{day, at}, nil
		}
	}
	if word != "DATE" {
		if instant, ok := parseInstant(text); ok {
			return &Timestamp{instant, at}, nil
		}
	}
	switch word {
	case "DATE":
		return nil, expected(geo.Say("cql2.want.date"), at, text)
	case "TIMESTAMP":
		return nil, expected(geo.Say("cql2.want.timestamp"), at, text)
	}
	return nil, expected(geo.Say("cql2.want.interval_end"), at, text)
}
