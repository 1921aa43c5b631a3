package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// The series for small rings and Karney's sum must agree on the largest rings
// that the series is used for, with edges as long as they can be there.
func TestSmallRingsAgreeWithKarney(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	for range 3000 {
		w, s := r.Float64()*300-150, r.Float64()*159-79.5
		ring := orb.Ring{{w, s}, {w + smallDeg*0.99, s + 0.01*r.Float64()}, {w + 0.03*r.Float64(), s + smallDeg*0.99}}
		if !isSmall(ring) {
			t.Fatalf("%v is not small", ring)
		}
		var want float64
		if err := traverse(ring, false, &want, nil); err != nil {
			t.Fatal(err)
		}
		if got := smallRingArea(ring); math.Abs(got-want) > 1e-8*want || want <= 0 {
			t.Fatalf("%v: got %v m², want %v", ring, got, want)
		}
	}
}

// Wide, tall and polar rings, and those over the 180th meridian, are Karney's.
func TestRingsThatAreNotSmall(t *testing.T) {
	t.Parallel()
	for _, ring := range []orb.Ring{
		nil,
		{{0, 0}, {0.06, 0}, {0, 0.01}},
		{{0, 0}, {0.01, 0}, {0, 0.06}},
		{{0, 80}, {0.01, 80}, {0, 80.01}},
		{{179.99, 0}, {-179.99, 0}, {179.99, 0.01}},
	} {
		if isSmall(ring) {
			t.Errorf("%v counts as small", ring)
		}
	}
}
