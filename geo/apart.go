package geo

import (
	"math"
	"strconv"
)

// Apart prints two measures to four decimals, or to as many more as make them differ. So a refusal never shows a
// bound and a value that exceeds it as the same number. The order of the two is kept.
func Apart(a, b float64) (string, string) {
	for decimals := 4; decimals <= 9; decimals++ {
		if s, t := decimal(a, decimals), decimal(b, decimals); s != t || a == b {
			return s, t
		}
	}
	return exact(a), exact(b)
}

// decimal prints a number rounded to some decimals, without zeros at its end and without a sign before zero.
func decimal(x float64, decimals int) string {
	scale := math.Pow10(decimals)
	if rounded := math.Round(x*scale) / scale; !math.IsInf(rounded, 0) && !math.IsNaN(rounded) {
		x = rounded
	}
	return exact(x)
}

// exact prints the shortest decimal that stands for just this number, from 10¹⁵ on with an exponent.
func exact(x float64) string {
	if x == 0 {
		x = 0 // never -0
	}
	if math.Abs(x) >= 1e15 {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
