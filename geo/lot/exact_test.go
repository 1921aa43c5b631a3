package lot

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// orientRat is orient in rational numbers.
func orientRat(a, b, c orb.Point) int {
	rat := func(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
	sub := func(x, y float64) *big.Rat { return new(big.Rat).Sub(rat(x), rat(y)) }
	l := new(big.Rat).Mul(sub(b[0], a[0]), sub(c[1], a[1]))
	r := new(big.Rat).Mul(sub(b[1], a[1]), sub(c[0], a[0]))
	return l.Cmp(r)
}

func TestOrientIsExact(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	naive := 0
	for range 50_000 {
		a := orb.Point{500_000 + 600*random.Float64(), 4_120_000 + 600*random.Float64()}
		b := orb.Point{500_000 + 600*random.Float64(), 4_120_000 + 600*random.Float64()}
		c := along(a, b, 2*random.Float64()-0.5) // as near to the line as numbers go
		want := orientRat(a, b, c)
		if got := orient(a, b, c); got != want || orient(b, c, a) != want || orient(b, a, c) != -want {
			t.Fatalf("%v %v %v: got %d, want %d", a, b, c, got, want)
		}
		if x := cross(a, b, c); x > 0 && want <= 0 || x < 0 && want >= 0 || x == 0 && want != 0 {
			naive++
		}
	}
	if naive == 0 {
		t.Error("plain numbers would have told all of these: the cases are too easy")
	}
	for _, c := range []struct {
		a, b, c orb.Point
		want    int
	}{
		{orb.Point{0, 0}, orb.Point{1, 1}, orb.Point{2, 2}, 0},
		{orb.Point{0.5, 0.5}, orb.Point{12, 12}, orb.Point{24, 24.000000000000004}, 1},
		{orb.Point{41_500_000.1, 4_120_000.1}, orb.Point{41_500_000.1, 4_120_001.1},
			orb.Point{41_500_000.1, 4_120_777.7}, 0},
		{orb.Point{0, 0}, orb.Point{0, 0}, orb.Point{1, 1}, 0},
	} {
		if got := orient(c.a, c.b, c.c); got != c.want || orientRat(c.a, c.b, c.c) != c.want {
			t.Errorf("%v: got %d", c, got)
		}
	}
}

func TestWithinIsExactOnTheBoundary(t *testing.T) {
	t.Parallel()
	ring := []orb.Point{{0, 0}, {4, 0}, {4, 4}, {2, 2}, {0, 4}}
	for p, want := range map[orb.Point]int{
		{0, 0}: 0, {2, 0}: 0, {4, 2}: 0, {3, 3}: 0, {2, 2}: 0, {0, 4}: 0, {0, 2}: 0, {4, 4}: 0,
		{1, 1}: 1, {3, 2.5}: 1, {2, 1.9999999}: 1, {0.5, 3}: 1,
		{2, 2.0000001}: -1, {-1, 0}: -1, {5, 0}: -1, {5, 4}: -1, {-1, 4}: -1, {2, 4}: -1, {2, -1}: -1,
	} {
		if got := within(ring, p); got != want {
			t.Errorf("%v: got %d, want %d", p, got, want)
		}
	}
}

func TestACrossingIsTheSameFromBothSides(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	// where rounding shows most
	point := func() orb.Point { return orb.Point{100 * random.Float64(), 100 * random.Float64()} }
	for range 10_000 {
		a, b, c, d := point(), point(), point(), point()
		p, crosses := crossing(a, b, c, d)
		q, again := crossing(a, b, d, c)
		if crosses != again || p != q || crosses != (meet(a, b, c, d)) {
			t.Fatalf("%v %v, %v %v: %v %v and %v %v", a, b, c, d, p, crosses, q, again)
		}
	}
}
