package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Orient tells where c lies of the line from a to b: +1 to its left, −1 to its right, 0 exactly on it. The answer is
// that of exact arithmetic: the determinant in float64 decides where it is larger than its error can be, 4 × 2⁻⁵³ of
// the sum of its two products (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
// Predicates", 1997, ccwerrboundA).
func Orient(a, b, c orb.Point) int {
	l := float64((b[0] - a[0]) * (c[1] - a[1]))
	r := float64((b[1] - a[1]) * (c[0] - a[0]))
	if l == 0 && r == 0 {
		return 0
	}
	det := l - r
	switch bound := 4.5e-16 * (math.Abs(l) + math.Abs(r)); {
	case det > bound:
		return 1
	case det < -bound:
		return -1
	}
	return orientExact(a, b, c)
}

// orientExact adds the six products of the determinant without rounding: each is two floats, the product and what a
// fused multiply-add says it lost, and the sum is kept as floats that don't overlap, the largest of which has its sign.
func orientExact(a, b, c orb.Point) int {
	var sum [12]float64
	n := 0
	for _, f := range [6][2]float64{{b[0], c[1]}, {-b[0], a[1]}, {-a[0], c[1]}, {-b[1], c[0]}, {b[1], a[0]},
		{a[1], c[0]}} {
		product := float64(f[0] * f[1])
		for _, term := range [2]float64{math.FMA(f[0], f[1], -product), product} {
			for i := range n {
				term, sum[i] = twoSum(term, sum[i])
			}
			sum[n] = term
			n++
		}
	}
	for i := n - 1; i >= 0; i-- {
		switch {
		case sum[i] > 0:
			return 1
		case sum[i] < 0:
			return -1
		}
	}
	return 0
}

// twoSum returns a + b rounded, and what the rounding lost.
func twoSum(a, b float64) (sum, lost float64) {
	sum = a + b
	bb := sum - a
	return sum, (a - (sum - bb)) + (b - bb)
}
