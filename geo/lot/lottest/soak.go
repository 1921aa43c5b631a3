package lottest

import "os"

// Soak is how often a long property is tried: few times or, with LUODI_SOAK, many.
func Soak(few, many int) int {
	if os.Getenv("LUODI_SOAK") != "" {
		return many
	}
	return few
}
