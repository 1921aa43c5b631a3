package match_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo/match"
)

func TestTheWayAlongTheRoads(t *testing.T) {
	t.Parallel()
	// A long street, a side street that ends on it 0.4 m off, and a bridge that crosses both and meets neither.
	roads := match.NewRoads([]orb.LineString{
		{{0, 0}, {100, 0}, {200, 0}},
		{{150, .4}, {150, 80}},
		{{120, -50}, {120, 50}},
	}, 1)
	from := roads.Access(orb.Point{10, 5})
	if from.GapM != 5 || from.AlongM != 10 || from.Road != 0 {
		t.Fatalf("access %+v", from)
	}
	reach := roads.Reach([]match.Access{from})
	for _, test := range []struct {
		name string
		to   orb.Point
		want float64
	}{
		{"along one edge", orb.Point{40, -7}, 5 + 30 + 7},
		{"over a vertex", orb.Point{180, 3}, 5 + 170 + 3},
		{"into the side street", orb.Point{160, 60}, 5 + 140 + 60 + 10},
		{"from itself", orb.Point{10, 5}, 5 + 5},
	} {
		if got, source := reach.To(roads.Access(test.to)); math.Abs(got-test.want) > .5 || source != 0 {
			t.Errorf("%s: %v from %d, want %v", test.name, got, source, test.want)
		}
	}
	if got, source := reach.To(roads.Access(orb.Point{121, 45})); !math.IsInf(got, 1) || source != -1 {
		t.Errorf("the bridge is reached over %v from %d: it doesn't meet the street", got, source)
	}
	if match.NewRoads(nil, 1).Access(orb.Point{}).OK() {
		t.Error("there is access where there is no road")
	}
}

// TestRoadDistancesAreTheShortest compares with Floyd and Warshall's algorithm on random street grids with missing
// blocks.
func TestRoadDistancesAreTheShortest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 9))
		n := 2 + r.IntN(5)
		point := func(i int) orb.Point { return orb.Point{float64(i%n) * 100, float64(i/n) * 70} }
		far := make([][]float64, n*n)
		for i := range far {
			far[i] = make([]float64, n*n)
			for j := range far[i] {
				far[i][j] = math.Inf(1)
			}
			far[i][i] = 0
		}
		var lines []orb.LineString
		on := make([]bool, n*n)
		join := func(i, j int, m float64) {
			if r.IntN(4) > 0 {
				far[i][j], far[j][i] = m, m
				on[i], on[j] = true, true
				lines = append(lines, orb.LineString{point(i), point(j)})
			}
		}
		for i := range n * n {
			if i%n+1 < n {
				join(i, i+1, 100)
			}
			if i+n < n*n {
				join(i, i+n, 70)
			}
		}
		for k := range far {
			for i := range far {
				for j := range far {
					far[i][j] = math.Min(far[i][j], far[i][k]+far[k][j])
				}
			}
		}
		roads := match.NewRoads(lines, .5)
		a := r.IntN(n * n)
		if !on[a] {
			return
		}
		reach := roads.Reach([]match.Access{roads.Access(point(a))})
		for b := range n * n {
			if !on[b] {
				continue
			}
			if got, _ := reach.To(roads.Access(point(b))); got != far[a][b] && math.Abs(got-far[a][b]) > 1e-6 {
				rt.Fatalf("from %v to %v: %v, want %v", point(a), point(b), got, far[a][b])
			}
		}
	})
}
