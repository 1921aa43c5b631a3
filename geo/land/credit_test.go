package land_test

import (
	"strings"
	"testing"

	"luodi/geo/land"
)

// The code that GB 32100-2015 works out as its example, and codes that companies publish of themselves.
var creditCodes = []string{"91350100M000100Y43", "91110000802100433B", "914403001922038216", "91330100799655058B"}

func TestACreditCodeHasItsCheckCharacter(t *testing.T) {
	t.Parallel()
	for _, code := range creditCodes {
		if got, err := land.ParseCreditCode(" " + strings.ToLower(code) + " "); err != nil || string(got) != code {
			t.Errorf("%s: %s, %v", code, got, err)
		}
		for i := range code { // no other character stands in any place
			for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
				if other := code[:i] + string(c) + code[i+1:]; other != code {
					if got, err := land.ParseCreditCode(other); err == nil {
						t.Errorf("%s for %s: %s", other, code, got)
					}
				}
			}
		}
	}
	if got, err := land.ParseCreditCode("９１３５０１００Ｍ０００１００Ｙ４３"); err != nil || got != "91350100M000100Y43" {
		t.Errorf("full-width: %s, %v", got, err)
	}
	for _, wrong := range []string{"", "91350100M000100Y4", "91350100M000100Y430", "某公司", "91350100M000100Y4３３"} {
		if got, err := land.ParseCreditCode(wrong); err == nil {
			t.Errorf("%q: %s", wrong, got)
		}
	}
}
