package cql2

import (
	"strconv"
	"strings"
)

// Limits of a number: more than any property has, and few enough for a database to compute with.
const (
	maxDigits   = 40
	maxExponent = 60
)

// canonical is the shortest form of a decimal number: digits without a point where it is near, else one digit before
// the point and an exponent. ok is false for what is no decimal number, or one of too many digits or too far from 1.
func canonical(text string) (number string, ok bool) {
	rest, negative := strings.CutPrefix(text, "-")
	rest = strings.TrimPrefix(rest, "+")
	mantissa, power := rest, 0
	if i := strings.IndexAny(rest, "eE"); i >= 0 {
		var err error
		if power, err = strconv.Atoi(rest[i+1:]); err != nil || len(rest)-i > 6 {
			return "", false
		}
		mantissa = rest[:i]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	power -= len(fraction)
	digits = strings.TrimLeft(digits, "0")
	for strings.HasSuffix(digits, "0") {
		digits, power = digits[:len(digits)-1], power+1
	}
	if digits == "" {
		return "0", true
	}
	point := len(digits) + power // digits before the point
	if len(digits) > maxDigits || point > maxExponent || point < -maxExponent {
		return "", false
	}
	number = written(digits, point)
	if negative {
		number = "-" + number
	}
	return number, true
}

// near is how many zeros a number may have beside its digits before it is written with an exponent.
const near = 20

func written(digits string, point int) string {
	switch {
	case point > len(digits)+near || point < -near:
		text := digits[:1]
		if len(digits) > 1 {
			text += "." + digits[1:]
		}
		return text + "E" + strconv.Itoa(point-1)
	case point >= len(digits):
		return digits + strings.Repeat("0", point-len(digits))
	case point > 0:
		return digits[:point] + "." + digits[point:]
	}
	return "0." + strings.Repeat("0", -point) + digits
}

// degrees reads a coordinate. Minus zero is zero. Only what is no number fails: canonical numbers are far from the
// ends of float64.
func degrees(text string) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if n == 0 {
		return 0, err
	}
	return n, err
}
