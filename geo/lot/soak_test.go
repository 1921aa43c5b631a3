package lot_test

import "os"

// soak is how often a long property is tried: few times or, with LUODI_SOAK, many.
func soak(few, many int) int {
	if os.Getenv("LUODI_SOAK") != "" {
		return many
	}
	return few
}
