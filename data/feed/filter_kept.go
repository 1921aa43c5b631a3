package feed

import (
	"bytes"
	"cmp"
	"strings"
	"time"

	"luodi/data/feed/cache"
	"luodi/geo/cql2"
)

// truth is the value of a condition in SQL's logic of three.
type truth int8

const (
	falsehood truth = iota
	unknown
	verity
)

func truthOf(is bool) truth {
	if is {
		return verity
	}
	return falsehood
}

// sight is a feature as it is kept: the JSON that feeds print of it, and the tags of map tiles, which are read sooner.
type sight struct{ feature, tags []byte }

func sightOf(s *cache.Snapshot, n uint32) sight {
	_, tags := s.Drawn(n)
	return sight{s.Feature(n), tags}
}

// condition is a part of a filter over features as they are kept.
type condition func(of sight) truth

// inMemory is a filter as a condition that is true of the features for which the filter's SQL is true; nil where the
// database has to decide: shapes, patterns, arithmetic, texts in their order.
func (f *Filter) inMemory(c *Collection) condition { return keptCondition(c, f.Root) }

func keptCondition(c *Collection, n cql2.Node) condition {
	if literal, is := n.(*cql2.Bool); is {
		value := truthOf(literal.Value)
		return func(sight) truth { return value }
	}
	call, is := n.(*cql2.Call)
	if !is {
		return nil
	}
	switch call.Op {
	case cql2.OpAnd, cql2.OpOr:
		return keptJunction(c, call)
	case cql2.OpNot:
		negated := keptCondition(c, call.Args[0])
		if negated == nil {
			return nil
		}
		return func(of sight) truth { return verity - negated(of) }
	case cql2.OpIsNull:
		read := keptOperand(c, call.Args[0])
		if read == nil {
			return nil
		}
		return func(of sight) truth { return truthOf(isNull(read(of.feature))) }
	case cql2.OpEqual, "<>", "<", ">", "<=", ">=":
		return keptComparison(c, call.Op, call.Args[0], call.Args[1])
	case cql2.OpBetween:
		return keptAll(keptComparison(c, ">=", call.Args[0], call.Args[1]),
			keptComparison(c, "<=", call.Args[0], call.Args[2]))
	case cql2.OpIn:
		return keptMembership(c, call)
	}
	return nil
}

func keptJunction(c *Collection, call *cql2.Call) condition {
	parts := make([]condition, len(call.Args))
	for i, arg := range call.Args {
		if parts[i] = keptCondition(c, arg); parts[i] == nil {
			return nil
		}
	}
	if call.Op == cql2.OpAnd {
		return keptAll(parts...)
	}
	return keptAny(parts...)
}

// keptAll is true where all are, false where one is.
func keptAll(parts ...condition) condition {
	return keptWorst(parts, func(of, least truth) bool { return of < least }, verity)
}

// keptAny is true where one is, false where all are.
func keptAny(parts ...condition) condition {
	return keptWorst(parts, func(of, most truth) bool { return of > most }, falsehood)
}

func keptWorst(parts []condition, beats func(of, than truth) bool, from truth) condition {
	for _, part := range parts {
		if part == nil {
			return nil
		}
	}
	return func(of sight) truth {
		found := from
		for _, part := range parts {
			if is := part(of); beats(is, found) {
				found = is
			}
		}
		return found
	}
}

func keptMembership(c *Collection, call *cql2.Call) condition {
	list, is := call.Args[1].(*cql2.List)
	if !is {
		return nil
	}
	parts := make([]condition, len(list.Items))
	for i, item := range list.Items {
		parts[i] = keptComparison(c, cql2.OpEqual, call.Args[0], item)
	}
	return keptAny(parts...)
}

// keptComparison compares a property with a literal.
func keptComparison(c *Collection, op cql2.Op, a, b cql2.Node) condition {
	if _, is := a.(*cql2.Property); !is {
		turned := map[cql2.Op]cql2.Op{"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
		a, b, op = b, a, turned[op]
	}
	property, is := a.(*cql2.Property)
	if !is {
		return nil
	}
	if literal, is := b.(*cql2.String); is && (op == cql2.OpEqual || op == "<>") {
		if at := tagOf(c, c.Property(property.Name)); at > 0 {
			return func(of sight) truth {
				value := nthTag(of.tags, at)
				if value == "" {
					return unknown
				}
				return truthOf((value.Text() == literal.Value) == (op == cql2.OpEqual))
			}
		}
	}
	read := keptOperand(c, property)
	if read == nil {
		return nil
	}
	compare := keptOrder(c.Property(property.Name), op, b)
	if compare == nil {
		return nil
	}
	return func(of sight) truth {
		value := read(of.feature)
		if isNull(value) {
			return unknown
		}
		return truthOf(holds(op, compare(value)))
	}
}

// holds reports whether an operator holds of two values in an order.
func holds(op cql2.Op, order int) bool {
	switch op {
	case cql2.OpEqual:
		return order == 0
	case "<>":
		return order != 0
	case "<":
		return order < 0
	case ">":
		return order > 0
	case "<=":
		return order <= 0
	}
	return order >= 0
}

// keptOrder compares values of a property, as JSON, with a literal; nil where the database has to.
func keptOrder(p *Property, op cql2.Op, literal cql2.Node) func(value []byte) int {
	equality := op == cql2.OpEqual || op == "<>"
	switch literal := literal.(type) {
	case *cql2.String:
		if p.Kind == Text && equality { // the order of texts is that of the database's language
			want := AppendJSONString(nil, literal.Value)
			return func(value []byte) int { return bytes.Compare(value, want) }
		}
	case *cql2.Bool:
		if p.Kind == Boolean && equality {
			want := []byte("false")
			if literal.Value {
				want = []byte("true")
			}
			return func(value []byte) int { return bytes.Compare(value, want) }
		}
	case *cql2.Number:
		if want, ok := parseDigits([]byte(literal.Value)); ok && p.Kind <= Mu && p.Kind >= Integer && p.Kind != Boolean {
			return func(value []byte) int {
				is, _ := parseDigits(value)
				return is.compare(want)
			}
		}
	case *cql2.Timestamp:
		if p.Kind == Instant {
			return keptTime(time.RFC3339Nano, literal.Instant)
		}
	case *cql2.Date:
		if p.Kind == Day {
			return keptTime(time.DateOnly, literal.Day)
		}
	}
	return nil
}

func keptTime(form string, want time.Time) func(value []byte) int {
	return func(value []byte) int {
		is, err := time.Parse(form, string(bytes.Trim(value, `"`)))
		if err != nil {
			return -1
		}
		return is.Compare(want)
	}
}

// nestedNames are the names that objects among the properties of parcels have within.
const nestedNames = " ready capacity unit stated_on min max "

// keptOperand reads a property from a feature, as JSON; nil where its name may stand elsewhere in the feature too.
func keptOperand(c *Collection, n cql2.Node) func(feature []byte) []byte {
	property, is := n.(*cql2.Property)
	if !is || property.Type == cql2.TypeGeometry {
		return nil
	}
	objects := false
	for i := range c.Properties {
		p := &c.Properties[i]
		if p.Name != property.Name {
			objects = objects || p.Kind == Object
			continue
		}
		if !p.Queryable() || objects && (c.key != parcels.key || strings.Contains(nestedNames, " "+p.Name+" ")) {
			return nil
		}
		head := append(AppendJSONString(nil, p.Name), ':')
		return func(feature []byte) []byte { return valueAfter(feature, head) }
	}
	return nil
}

// valueAfter is the text, number or word after a head. A quote within a text is escaped, so a head stands nowhere else.
func valueAfter(feature, head []byte) []byte {
	at := bytes.Index(feature, head)
	if at < 0 {
		return nil
	}
	value := feature[at+len(head):]
	if value[0] != '"' {
		return value[:bytes.IndexAny(value, ",}")]
	}
	for end := 1; ; end++ {
		switch value[end] {
		case '\\':
			end++
		case '"':
			return value[:end+1]
		}
	}
}

func isNull(value []byte) bool { return value == nil || value[0] == 'n' }

// digits is a decimal number: its digits without the zeros that tell nothing.
type digits struct {
	negative       bool
	whole, decimal []byte
}

// parseDigits reads a decimal number without an exponent.
func parseDigits(text []byte) (d digits, ok bool) {
	if d.negative = len(text) > 0 && text[0] == '-'; d.negative {
		text = text[1:]
	}
	if len(text) == 0 || bytes.ContainsAny(text, "eE+") {
		return d, false
	}
	d.whole, d.decimal, _ = bytes.Cut(text, []byte{'.'})
	d.whole = bytes.TrimLeft(d.whole, "0")
	d.decimal = bytes.TrimRight(d.decimal, "0")
	if len(d.whole) == 0 && len(d.decimal) == 0 {
		d.negative = false
	}
	return d, true
}

func (d digits) compare(other digits) int {
	if d.negative != other.negative {
		if d.negative {
			return -1
		}
		return 1
	}
	order := cmp.Compare(len(d.whole), len(other.whole))
	if order == 0 {
		order = bytes.Compare(d.whole, other.whole)
	}
	if order == 0 {
		order = bytes.Compare(d.decimal, other.decimal)
	}
	if d.negative {
		return -order
	}
	return order
}
