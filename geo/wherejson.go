package geo

import (
	"encoding/json"
	"errors"
	"strings"
)

// WhereJSON says in an [Invalid] what a text has that is not the JSON expected, by the error of its decoder: the member
// or the byte that is wrong.
func WhereJSON(err error) any {
	var member *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &member):
		return member.Field + ": " + member.Value
	case errors.As(err, &syntax):
		return Say("came.broken_at_byte", "n", syntax.Offset)
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return Say("came.unknown_member", "name", name)
	}
	return Say("came.unreadable")
}
