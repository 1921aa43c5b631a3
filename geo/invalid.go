package geo

import (
	"errors"
	"fmt"
	"strings"
)

// ErrInvalid is what every [Invalid] matches with errors.Is.
var ErrInvalid = errors.New("invalid value")

// Rule is the stable, dotted name of a rule, such as "parcels.one_to_split". Package message has its words in each
// language under "rule." and that name; a test holds every name in the code to the table.
type Rule string

// Words are the words of a rule with the values of their placeholders: the expected value, or the received one. A
// value may be Words itself.
type Words struct {
	Rule Rule
	Args []any // alternating names and values
}

// Say returns the words of a rule. args alternate the names and values of its placeholders; numbers are printed without
// an exponent.
func Say(rule Rule, args ...any) Words {
	for i, arg := range args {
		if x, is := arg.(float64); is {
			args[i] = exact(x)
		}
	}
	return Words{rule, args}
}

// None are the words for a value that did not come.
func None() Words { return Say("came.none") }

// String prints the name of the rule and its values, for a log.
func (w Words) String() string {
	if len(w.Args) == 0 {
		return string(w.Rule)
	}
	var parts []string
	for i := 0; i+1 < len(w.Args); i += 2 {
		parts = append(parts, fmt.Sprintf("%v %v", w.Args[i], w.Args[i+1]))
	}
	return string(w.Rule) + " (" + strings.Join(parts, ", ") + ")"
}

// Refuse returns the refusal of a value that the words rule out.
func (w Words) Refuse(field string, got any) *Invalid {
	return NewInvalid(field, w.Rule, got, w.Args...)
}

// Invalid is the refusal of a value: its field, the rule, and the received value. Package message puts it into words.
type Invalid struct {
	Field string // the parameter, column or part of a value: "bbox", "legal_m2"
	Words        // what would have been accepted
	Got   string // what came, cut to a length that can be read
	Came  *Words // what came, where a rule says it; nil where Got is a value
}

// maxGot bounds the echo of what a caller sent, in bytes.
const maxGot = 120

// NewInvalid returns an Invalid. What came is got printed with %v, or quoted when it is a string, cut to 120 bytes; or
// said by rule when it is [Words]. args alternate the names and values of the rule's placeholders.
func NewInvalid(field string, rule Rule, got any, args ...any) *Invalid {
	e := &Invalid{Field: field, Words: Say(rule, args...)}
	switch got := got.(type) {
	case Words:
		e.Came, e.Got = &got, cut(got.String(), maxGot)
	case string:
		e.Got = Quoted(got)
	case float64:
		e.Got = cut(exact(got), maxGot)
	default:
		e.Got = cut(fmt.Sprint(got), maxGot)
	}
	return e
}

// Quoted is a text that came, in quotes and cut to a length that can be read.
func Quoted(s string) string { return fmt.Sprintf("%q", cut(s, maxGot)) }

// cut returns at most n bytes of s, never through the middle of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

// Under returns the same refusal of a value that goes by another name: of a part of a larger value, by its path.
func (e *Invalid) Under(field string) *Invalid {
	named := *e
	named.Field = field
	return &named
}

// Withheld returns the same refusal without the received value, which must not be shown.
func (e *Invalid) Withheld(instead string) *Invalid {
	hidden := *e
	hidden.Got, hidden.Came = instead, nil
	return &hidden
}

// Error prints the field, the rule with its values, and what came, for a log.
func (e *Invalid) Error() string {
	return fmt.Sprintf("%s: expected %s, got %s", e.Field, e.Words, e.Got)
}

// Is reports whether target is [ErrInvalid].
func (e *Invalid) Is(target error) bool { return target == ErrInvalid }
