package ewkb

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// byStrconv is what a number must print as: strconv's digits, trimmed.
func byStrconv(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return s
}

func checkNumber(t interface{ Fatalf(string, ...any) }, x float64, decimals int) {
	if got, want := string(newPrinter(decimals).append(nil, x)), byStrconv(x, decimals); got != want {
		t.Fatalf("%v (bits %x) with %d decimals: got %s, want %s", x, math.Float64bits(x), decimals, got, want)
	}
}

func TestNumbersPrintAsStrconvDoes(t *testing.T) {
	t.Parallel()
	values := []float64{
		0, math.Copysign(0, -1), 0.5, 1.5, 2.5, -0.5, 0.125, 0.375, 1e-9, 5e-10, 4.9e-10, -4.9e-10,
		5.000000000000001e-10,
		9.9999999995, 99.9999999999, 0.9999999999, 122.03, 37.25, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 12345678901234,
		1 << 51, 1<<52 - 0.5, 1 << 52, 1 << 53, 1e15, 1e16, 1e22, 1e300, math.MaxFloat64, math.SmallestNonzeroFloat64,
		4503599.627370495, 4503599.627370496, 4503599.6273704965, 0.1234567895, 0.0000000015, 41_500_123.456,
	}
	for decimals := range MaxDecimals + 1 {
		for _, x := range values {
			checkNumber(t, x, decimals)
			checkNumber(t, -x, decimals)
		}
	}
}

// Ties are where a fast printer goes wrong: numbers next to k + ½ units of the
// last decimal.
func TestNumbersAroundTiesPrintAsStrconvDoes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 400_000 {
		decimals := r.IntN(MaxDecimals + 1)
		n := r.Uint64N(1 << (1 + r.IntN(51)))
		x := (float64(n) + 0.5) / float64(pow10[decimals])
		checkNumber(t, x, decimals)
		checkNumber(t, math.Nextafter(x, math.Inf(1)), decimals)
		checkNumber(t, -math.Nextafter(x, 0), decimals)
	}
}

func TestAnyFiniteNumberPrintsAsStrconvDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := math.Float64frombits(rapid.Uint64().Draw(t, "bits"))
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Skip("JSON has no such number")
		}
		decimals := rapid.IntRange(0, MaxDecimals).Draw(t, "decimals")
		checkNumber(t, x, decimals)
		checkNumber(t, rapid.Float64Range(-180, 180).Draw(t, "degrees"), decimals)
	})
}

func TestGridNumbersReadBackTheSame(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		x := math.Round((r.Float64()*360-180)*1e9) / 1e9
		text := string(newPrinter(9).append(nil, x))
		if back, err := strconv.ParseFloat(text, 64); err != nil || back != x {
			t.Fatalf("%v printed as %s reads back as %v, %v", x, text, back, err)
		}
	}
}

func BenchmarkNumber(b *testing.B) {
	p := newPrinter(9)
	dst := make([]byte, 0, 64)
	for b.Loop() {
		dst = p.append(dst[:0], 122.030123457)
	}
}

func BenchmarkNumberByStrconv(b *testing.B) {
	dst := make([]byte, 0, 64)
	for b.Loop() {
		dst = strconv.AppendFloat(dst[:0], 122.030123457, 'f', 9, 64)
	}
}
