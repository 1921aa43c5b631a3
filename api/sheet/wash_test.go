package sheet

import (
	"testing"

	"luodi/api/page"
	"luodi/geo/land"
)

func TestEveryStatusHasItsColour(t *testing.T) {
	t.Parallel()
	colours := map[string]land.ParcelStatus{}
	for _, status := range land.ParcelStatuses() {
		wash := page.Wash(string(status))
		if other, taken := colours[wash]; taken || wash == "" {
			t.Errorf("%s has the colour %q, as %q has", status, wash, other)
		}
		colours[wash] = status
	}
}
