package carve_test

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"luodi/geo/carve"
	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// grid is a map of free parcels: w × h fields of a grid of which some are not free, some neighbours lie apart, and
// areas and costs are drawn.
func grid(r *rand.Rand, w, h int, free float64, draw func() (areaM2, cost float64)) []carve.Free {
	at := make(map[[2]int]int)
	var out []carve.Free
	for y := range h {
		for x := range w {
			if r.Float64() > free {
				continue
			}
			m2, cost := draw()
			p := carve.Free{AreaM2: m2, Cost: cost}
			for _, d := range [][2]int{{-1, 0}, {0, -1}, {-1, -1}} {
				if k, there := at[[2]int{x + d[0], y + d[1]}]; there && (d[0] == 0 || d[1] == 0 || r.IntN(3) == 0) &&
					r.IntN(12) > 0 {
					p.Beside = append(p.Beside, k)
				}
			}
			at[[2]int{x, y}] = len(out)
			out = append(out, p)
		}
	}
	return out
}

// key is what assemblies are ranked by.
type key struct {
	cost   float64
	excess int
}

// everySet lists the keys of all connected sets in the range, best first, by trying all subsets.
func everySet(parcels []carve.Free, target carve.Range) []key {
	beside := make([]uint32, len(parcels))
	for i, p := range parcels {
		for _, k := range p.Beside {
			beside[i] |= 1 << k
			beside[k] |= 1 << i
		}
	}
	var out []key
	for set := uint32(1); set < 1<<len(parcels); set++ {
		var m2, cost float64
		for rest := set; rest != 0; rest &= rest - 1 {
			p := parcels[bits.TrailingZeros32(rest)]
			m2, cost = m2+p.AreaM2, cost+p.Cost
		}
		if m2 < target.LeastM2 || m2 > target.MostM2 {
			continue
		}
		reached := set & -set
		for {
			more := reached
			for rest := reached; rest != 0; rest &= rest - 1 {
				more |= beside[bits.TrailingZeros32(rest)] & set
			}
			if more == reached {
				break
			}
			reached = more
		}
		if reached == set {
			out = append(out, key{cost, int(math.Floor((m2 - target.LeastM2) / target.LeastM2 * 100))})
		}
	}
	slices.SortFunc(out, func(a, b key) int {
		if math.Abs(a.cost-b.cost) > 1e-9*a.cost {
			return int(math.Copysign(1, a.cost-b.cost))
		}
		return a.excess - b.excess
	})
	return out
}

func TestAssembleEqualsExhaustiveSearch(t *testing.T) {
	t.Parallel()
	maps, sets := 0, 0
	for seed := uint64(0); maps < lottest.Soak(500, 3000); seed++ {
		r := rand.New(rand.NewPCG(seed, 9))
		unit := seed%2 == 0
		parcels := grid(r, 4, 4, 0.55+0.3*r.Float64(), func() (float64, float64) {
			m2 := math.Round(1000*math.Exp(r.NormFloat64()*float64(seed%4)/2)) + 1
			if unit {
				return m2, 1
			}
			return m2, m2 * (0.5 + r.Float64())
		})
		if len(parcels) == 0 || len(parcels) > 14 {
			continue
		}
		maps++
		least := 1000 * (0.5 + 6*r.Float64())
		target := carve.Range{LeastM2: least, MostM2: least * (1 + r.Float64()*r.Float64())}
		most := 1 + r.IntN(10)
		want := everySet(parcels, target)
		got, proven, err := carve.Assemble(parcels, target, most)
		if len(want) == 0 {
			lottest.Refused(t, err, lot.NoAssembly)
			continue
		}
		if err != nil || !proven || len(got) != min(most, len(want)) {
			t.Fatalf("seed %d: %d of %d sets, proven %v, %v", seed, len(got), len(want), proven, err)
		}
		for i, g := range got {
			sets++
			if math.Abs(g.Cost-want[i].cost) > 1e-9*g.Cost || g.Excess != want[i].excess {
				t.Fatalf("seed %d, set %d: cost %v, excess %d; exhaustive search has %+v", seed, i, g.Cost, g.Excess,
					want[i])
			}
			checkAssembly(t, parcels, target, g)
			for _, other := range got[:i] {
				if slices.Equal(other.Parcels, g.Parcels) {
					t.Fatalf("seed %d: %v twice", seed, g.Parcels)
				}
			}
		}
	}
	t.Logf("%d maps, %d sets", maps, sets)
}

// checkAssembly checks that a set is connected and has the area and cost that it says.
func checkAssembly(t testing.TB, parcels []carve.Free, target carve.Range, g carve.Assembly) {
	t.Helper()
	var m2, cost float64
	for _, k := range g.Parcels {
		m2, cost = m2+parcels[k].AreaM2, cost+parcels[k].Cost
	}
	if math.Abs(m2-g.AreaM2) > 1e-6 || math.Abs(cost-g.Cost) > 1e-9*cost || m2 < target.LeastM2-1e-6 ||
		m2 > target.MostM2+1e-6 {
		t.Fatalf("%+v has %v m² and costs %v", g, m2, cost)
	}
	reached := map[int]bool{g.Parcels[0]: true}
	for range g.Parcels {
		for _, k := range g.Parcels {
			for _, o := range g.Parcels {
				if reached[o] && (slices.Contains(parcels[k].Beside, o) || slices.Contains(parcels[o].Beside, k)) {
					reached[k] = true
				}
			}
		}
	}
	if len(reached) != len(g.Parcels) {
		t.Fatalf("%v is not connected", g.Parcels)
	}
}

func TestAssembleIsRefused(t *testing.T) {
	t.Parallel()
	two := []carve.Free{{AreaM2: 100, Cost: 1}, {AreaM2: 50, Cost: 1, Beside: []int{0}}}
	for _, c := range []struct {
		parcels []carve.Free
		target  carve.Range
		most    int
		want    lot.Reason
	}{
		{two, carve.Range{LeastM2: 151, MostM2: 200}, 1, lot.NoAssembly},
		{two, carve.Range{LeastM2: 110, MostM2: 140}, 1, lot.NoAssembly},
		{two, carve.Range{LeastM2: 110, MostM2: 100}, 1, lot.BadRequest},
		{two, carve.Range{LeastM2: math.NaN(), MostM2: 100}, 1, lot.BadRequest},
		{two, carve.Range{LeastM2: 1, MostM2: math.Inf(1)}, 1, lot.BadRequest},
		{two, carve.Range{LeastM2: 1, MostM2: 2}, 0, lot.BadRequest},
		{nil, carve.Range{LeastM2: 1, MostM2: 2}, 1, lot.BadRequest},
		{[]carve.Free{{AreaM2: 1, Cost: 1, Beside: []int{1}}}, carve.Range{LeastM2: 1, MostM2: 2}, 1, lot.BadRequest},
		{[]carve.Free{{AreaM2: math.NaN(), Cost: 1}}, carve.Range{LeastM2: 1, MostM2: 2}, 1, lot.BadRequest},
		{[]carve.Free{{AreaM2: 1}}, carve.Range{LeastM2: 1, MostM2: 2}, 1, lot.BadRequest},
	} {
		_, _, err := carve.Assemble(c.parcels, c.target, c.most)
		lottest.Refused(t, err, c.want)
	}
}

// parkMap is 200 free neighbours of 10 to 100 mu, or all of nearly the same area.
func parkMap(alike bool) []carve.Free {
	r := rand.New(rand.NewPCG(200, 1))
	return grid(r, 20, 10, 1, func() (float64, float64) {
		if alike {
			return muM2 * (30 + r.Float64()), 1
		}
		return muM2 * 10 * math.Exp(r.Float64()*math.Log(10)), 1
	})
}

// assemblies are what is asked of a map of 200 parcels.
var assemblies = []struct {
	name     string
	alike    bool
	low, top float64 // mu
}{
	{"60-66mu", false, 60, 66}, {"120-126mu", false, 120, 126}, {"300-305mu", false, 300, 305},
	{"500-505mu", false, 500, 505},
	{"alike-60-66mu", true, 60, 66}, {"alike-300-315mu", true, 300, 315}, {"alike-500-530mu", true, 500, 530},
}

func TestAssembleOver200NeighboursIsProven(t *testing.T) {
	t.Parallel()
	for _, c := range assemblies {
		parcels := parkMap(c.alike)
		target := carve.Range{LeastM2: c.low * muM2, MostM2: c.top * muM2}
		got, proven, err := carve.Assemble(parcels, target, 5)
		if err != nil || !proven || len(got) != 5 {
			t.Errorf("%s: %d sets, proven %v, %v", c.name, len(got), proven, err)
			continue
		}
		for _, g := range got {
			checkAssembly(t, parcels, target, g)
		}
		t.Logf("%s: %v parcels, %.2f mu", c.name, got[0].Cost, got[0].AreaM2/muM2)
	}
}

func BenchmarkAssemble(b *testing.B) {
	for _, c := range assemblies {
		b.Run(fmt.Sprintf("n=200/%s", c.name), func(b *testing.B) {
			parcels := parkMap(c.alike)
			for b.Loop() {
				if _, _, err := carve.Assemble(parcels, carve.Range{LeastM2: c.low * muM2, MostM2: c.top * muM2},
					5); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestAssemblingAWholeParkTakesSeconds asks 1600 parcels for nearly all of themselves: time that grows with the cube of
// their number would be minutes.
func TestAssemblingAWholeParkTakesSeconds(t *testing.T) {
	t.Parallel()
	const n = 40
	free := make([]carve.Free, n*n)
	for i := range free {
		free[i] = carve.Free{AreaM2: 1000 + float64(i%7), Cost: 1}
		if i%n+1 < n {
			free[i].Beside = append(free[i].Beside, i+1)
		}
		if i+n < n*n {
			free[i].Beside = append(free[i].Beside, i+n)
		}
	}
	done := make(chan error, 1)
	go func() {
		_, _, err := carve.Assemble(free, carve.Range{LeastM2: 1_500_000, MostM2: 1_500_000.5}, 5)
		done <- err
	}()
	select {
	case <-done: // none was found, which a million steps don't prove
	case <-time.After(time.Minute):
		t.Error("it takes more than a minute")
	}
}
