package land

import (
	"slices"
	"strings"

	"luodi/geo"
)

// parse returns s as one of all, or a [geo.Invalid] for field that lists them.
func parse[T ~string](field, s string, all []T) (T, error) {
	if v := T(s); slices.Contains(all, v) {
		return v, nil
	}
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = string(v)
	}
	return "", geo.NewInvalid(field, "one_of", s, "values", strings.Join(names, ", "))
}

// allDigits reports whether s is made of ASCII digits; the empty string is.
func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
