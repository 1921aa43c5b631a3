package geo

import (
	"errors"
	"fmt"
)

// ErrInvalid is what every [Invalid] matches with errors.Is.
var ErrInvalid = errors.New("invalid value")

// Invalid says that a value was refused: which one, what would have been
// accepted, and what came. The three parts are shown to the caller of the API
// as they are, so Got is cut to a length that can be read.
type Invalid struct {
	Field    string // the parameter, column or part of a value: "bbox", "legal_m2"
	Expected string // what would have been accepted: "four numbers w,s,e,n"
	Got      string // what came
}

// maxGot bounds the echo of what a caller sent, in bytes.
const maxGot = 120

// NewInvalid returns an Invalid whose Got is got printed with %v, or quoted
// when it is a string, cut to 120 bytes.
func NewInvalid(field, expected string, got any) *Invalid {
	text := fmt.Sprint(got)
	if s, ok := got.(string); ok {
		text = fmt.Sprintf("%q", cut(s, maxGot))
	}
	return &Invalid{Field: field, Expected: expected, Got: cut(text, maxGot+2)}
}

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

// Error implements error.
func (e *Invalid) Error() string {
	return fmt.Sprintf("%s: expected %s, got %s", e.Field, e.Expected, e.Got)
}

// Is reports whether target is [ErrInvalid].
func (e *Invalid) Is(target error) bool { return target == ErrInvalid }
