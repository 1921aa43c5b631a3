package land

import (
	"strings"

	"luodi/geo"
)

// CreditCode is a unified social credit code (统一社会信用代码) of a registered company, 18 characters by GB 32100-2015:
// who registered it and as what, 6 digits of where, 9 characters of the organisation's code, and a check character.
type CreditCode string

// creditSigns are the characters by their values; I, O, S, V and Z are left out.
const creditSigns = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseCreditCode reads a code as people type it: in small letters or full-width, with spaces around it. The sum of the
// values of its characters, the i-th of the first 17 weighted by 3 to the power i-1, is a multiple of 31 with the last.
func ParseCreditCode(s string) (CreditCode, error) {
	code := strings.ToUpper(halfWidth(strings.TrimSpace(s)))
	sum, weight := 0, 1
	for i, c := range []byte(code) {
		value := strings.IndexByte(creditSigns, c)
		if len(code) != 18 || value < 0 || i > 1 && i < 8 && value > 9 {
			return "", geo.NewInvalid("credit_code", "code.credit", s)
		}
		if i == 17 {
			weight = 1
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	if code == "" || sum%31 != 0 {
		return "", geo.NewInvalid("credit_code", "code.credit.check", s)
	}
	return CreditCode(code), nil
}

// halfWidth narrows the full-width forms of ASCII (U+FF01 to U+FF5E).
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}
