package ewkb

import (
	"math"
	"slices"
	"strconv"
)

// MaxDecimals is the most decimals that are printed.
const MaxDecimals = 15

// numberRoom is the room that a number needs on the fast path: a sign, 16
// digits before the point, the point, 15 after it.
const numberRoom = 1 + 16 + 1 + MaxDecimals

// exactBelow bounds the scaled numbers of the fast path: below 2⁵² a float64
// has a bit for the half.
const exactBelow = 1 << 52

// pow10 holds the powers that scale a number to its decimals.
var pow10 = [MaxDecimals + 1]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
}

const pairs = "00010203040506070809" + "10111213141516171819" + "20212223242526272829" +
	"30313233343536373839" + "40414243444546474849" + "50515253545556575859" +
	"60616263646566676869" + "70717273747576777879" + "80818283848586878889" + "90919293949596979899"

// printer prints numbers with a fixed number of decimals.
type printer struct {
	decimals int
	scale    uint64  // 10^decimals
	factor   float64 // the same; exact, as it is below 10²²
}

func newPrinter(decimals int) printer {
	return printer{decimals, pow10[decimals], float64(pow10[decimals])}
}

// append prints a finite x rounded to the decimals, half to even on the exact
// binary value, with trailing zeros and a sign before zero left out. The
// result is what strconv.FormatFloat(x, 'f', decimals, 64) gives, so trimmed.
//
//  1. Scale: p = x × 10^d, rounded to a float64; the lost part is at most half
//     of p's last bit.
//  2. Round p to a whole n. Below 2⁵² the fraction of p is a multiple of its
//     last bit, so unless it is exactly ½ the lost part can't turn the rounding.
//  3. Exactly ½: the sign of the lost part, by fused multiply-add, decides; if
//     nothing was lost it is a true tie and the even n is taken.
//  4. Print n as digits, with the point put in.
func (p printer) append(dst []byte, x float64) []byte {
	size := math.Abs(x)
	scaled := size * p.factor
	if scaled >= exactBelow {
		return p.appendLarge(dst, x)
	}
	n := uint64(scaled)
	if fraction := scaled - float64(n); fraction > 0.5 {
		n++
	} else if fraction == 0.5 {
		lost := math.FMA(size, p.factor, -scaled)
		if lost > 0 || lost == 0 && n&1 == 1 {
			n++
		}
	}
	if cap(dst)-len(dst) < numberRoom {
		dst = slices.Grow(dst, numberRoom)
	}
	end := len(dst)
	out := dst[:end+numberRoom]
	if x < 0 && n > 0 {
		out[end] = '-'
		end++
	}
	whole, fraction := p.split(n)
	end = putWhole(out, end, whole)
	if fraction > 0 {
		end = p.putFraction(out, end, fraction)
	}
	return out[:end]
}

// split divides n by the scale. The usual scales are named so that the
// compiler divides by a constant.
func (p printer) split(n uint64) (whole, fraction uint64) {
	switch p.decimals {
	case 9:
		whole = n / 1e9
	case 7:
		whole = n / 1e7
	case 5:
		whole = n / 1e5
	default:
		whole = n / p.scale
	}
	return whole, n - whole*p.scale
}

// putWhole writes n at out[at:] and returns where it ends.
func putWhole(out []byte, at int, n uint64) int {
	if n < 100 {
		if n >= 10 {
			out[at] = pairs[2*n]
			at++
		}
		out[at] = pairs[2*n+1]
		return at + 1
	}
	end := at + 2
	for rest := n / 100; rest > 0; rest /= 10 {
		end++
	}
	for i := end; i > at; {
		if i-at == 1 {
			out[at] = byte('0' + n)
			break
		}
		pair := n % 100
		n /= 100
		out[i-1], out[i-2] = pairs[2*pair+1], pairs[2*pair]
		i -= 2
	}
	return end
}

// putFraction writes the point and the digits of fraction, trailing zeros left
// out, at out[at:] and returns where they end.
func (p printer) putFraction(out []byte, at int, fraction uint64) int {
	out[at] = '.'
	i := at + 1 + p.decimals
	if p.decimals&1 == 1 {
		i--
		out[i] = byte('0' + fraction%10)
		fraction /= 10
	}
	for i > at+1 {
		pair := fraction % 100
		fraction /= 100
		out[i-1], out[i-2] = pairs[2*pair+1], pairs[2*pair]
		i -= 2
	}
	end := at + 1 + p.decimals
	for out[end-1] == '0' {
		end--
	}
	return end
}

// appendLarge prints numbers too large for the fast path.
func (p printer) appendLarge(dst []byte, x float64) []byte {
	dst = strconv.AppendFloat(dst, x, 'f', p.decimals, 64)
	if p.decimals == 0 {
		return dst
	}
	end := len(dst)
	for dst[end-1] == '0' {
		end--
	}
	if dst[end-1] == '.' {
		end--
	}
	return dst[:end]
}
