package surveytext

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// star is a text of n corners on two circles in turn: no two sides of it cross.
func star(n int) []byte {
	var out strings.Builder
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r := 5000 + 4000*float64(i%2)
		fmt.Fprintf(&out, "J%d,1,%.3f,%.3f\n", i+1, north0+r*sin, east0+r*cos)
	}
	return []byte(out.String())
}

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{10, 1000, 30_000} {
		body := star(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if read := Read(body, park); len(read.Faults) > 0 {
					b.Fatal(&read.Faults[0])
				}
			}
		})
	}
}
