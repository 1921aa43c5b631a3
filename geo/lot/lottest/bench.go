package lottest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/lot"
)

// BigStar is a parcel of n corners about 300 m across, with seven bays.
func BigStar(g Ground, n int) lot.Shape {
	random := rand.New(rand.NewPCG(7, uint64(n)))
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r := 150 + 20*math.Sin(float64(i)/float64(n)*14*math.Pi) + 0.02*random.Float64()
		ring = append(ring, orb.Point{r * cos, r * sin})
	}
	return g.Add(Moved(orb.Polygon{append(ring, ring[0])}))
}

// Sizes are the numbers of corners that operations are measured with.
var Sizes = []int{5, 50, 500, 5000}

// Bench measures an operation on parcels of each of the sizes.
func Bench(b *testing.B, run func(g Ground, s lot.Shape) error) {
	for _, n := range Sizes {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			g := NewGround(b)
			s := BigStar(g, n)
			for b.Loop() {
				if err := run(g, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
