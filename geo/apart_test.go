package geo_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"luodi/geo"
)

// TestABoundAndWhatCameAreNeverPrintedAlike: whatever two numbers are told apart by a rule read differently, in the
// same order, and equal ones alike.
func TestABoundAndWhatCameAreNeverPrintedAlike(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	pair := func() (float64, float64) {
		a := math.Ldexp(random.Float64()-0.3, random.IntN(60)-20)
		switch random.IntN(4) {
		case 0:
			return a, math.Nextafter(a, math.Inf(random.IntN(2)*2-1))
		case 1:
			return a, a + (random.Float64()-0.5)*math.Pow10(-random.IntN(12))
		case 2:
			return math.Round(a), math.Round(a) - math.Ldexp(random.Float64(), -random.IntN(40))
		}
		return a, math.Ldexp(random.Float64(), random.IntN(60)-20)
	}
	for range 200_000 {
		a, b := pair()
		s, u := geo.Apart(a, b)
		x, err := strconv.ParseFloat(s, 64)
		y, err2 := strconv.ParseFloat(u, 64)
		if err != nil || err2 != nil || (a < b) != (x < y) || (a > b) != (x > y) || (a == b) != (s == u) {
			t.Fatalf("%v and %v are printed %s and %s", a, b, s, u)
		}
	}
	for _, c := range []struct {
		a, b       float64
		want, came string
	}{
		{10, 9.99999, "10", "9.99999"}, {8000.0009, 7999.99, "8000.0009", "7999.99"}, {10, 10, "10", "10"},
		{0, -1e-12, "0", "-0.000000000001"}, {math.Nextafter(0.3, 1), 0.3, "0.30000000000000004", "0.3"},
		{1e15, 1, "1e+15", "1"},
		{math.Copysign(0, -1), 5, "0", "5"}, {12.34567, 20, "12.3457", "20"},
	} {
		if s, u := geo.Apart(c.a, c.b); s != c.want || u != c.came {
			t.Errorf("%v and %v are printed %s and %s, want %s and %s", c.a, c.b, s, u, c.want, c.came)
		}
	}
}
