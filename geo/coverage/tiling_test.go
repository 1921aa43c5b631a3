package coverage_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo/coverage"
)

// tiling is polygons that meet edge to edge: rings, open, of numbers of places.
type tiling struct {
	at    []orb.Point
	cells [][][]int // of each polygon its rings, the first one outer
}

// the corner of the test land in metres, where float64 has as few bits left as on real land
const eastM, northM = 414_000.0, 4_124_000.0

func (t *tiling) add(x, y float64) int {
	t.at = append(t.at, orb.Point{eastM + x, northM + y})
	return len(t.at) - 1
}

// grid is columns × rows of quadrilaterals of w × h metres with their corners moved by a share of that.
func grid(r *rand.Rand, columns, rows int, w, h, jitter float64) *tiling {
	t := &tiling{}
	for y := range rows + 1 {
		for x := range columns + 1 {
			t.add((float64(x)+jitter*(r.Float64()-0.5))*w, (float64(y)+jitter*(r.Float64()-0.5))*h)
		}
	}
	for y := range rows {
		for x := range columns {
			a := y*(columns+1) + x
			t.cells = append(t.cells, [][]int{{a, a + 1, a + columns + 2, a + columns + 1}})
		}
	}
	return t
}

// comb is hexagons, as a Voronoi diagram of shaken places has them.
func comb(r *rand.Rand, columns, rows int, size float64) *tiling {
	t := &tiling{}
	ids := map[[2]int]int{}
	corner := func(x, y int) int { // of a brick pattern: x in half bricks
		k := [2]int{x, y}
		id, known := ids[k]
		if !known {
			id = t.add((float64(x)+0.3*(r.Float64()-0.5))*size,
				(float64(y)+0.25*float64((x+y)%2)+0.3*(r.Float64()-0.5))*size)
			ids[k] = id
		}
		return id
	}
	for y := range rows {
		for x := range columns {
			o := 2*x + y%2
			t.cells = append(t.cells, [][]int{{corner(o, y), corner(o+1, y), corner(o+2, y), corner(o+2, y+1),
				corner(o+1, y+1), corner(o, y+1)}})
		}
	}
	return t
}

// pierce cuts a hole into some cells and fills it with a parcel of its own.
func (t *tiling) pierce(r *rand.Rand) {
	for i := range t.cells {
		if r.IntN(3) != 0 {
			continue
		}
		outer := t.cells[i][0]
		var mx, my float64
		for _, id := range outer {
			mx, my = mx+t.at[id][0]/float64(len(outer)), my+t.at[id][1]/float64(len(outer))
		}
		var inner []int
		for _, id := range outer {
			inner = append(inner, t.add(0.4*t.at[id][0]+0.6*mx-eastM, 0.4*t.at[id][1]+0.6*my-northM))
		}
		hole := slices.Clone(inner)
		slices.Reverse(hole)
		t.cells[i] = append(t.cells[i], hole)
		t.cells = append(t.cells, [][]int{inner})
	}
}

// noded puts nodes on some edges, the same ones into both parcels.
func (t *tiling) noded(r *rand.Rand) {
	put := map[[2]int][]int{}
	for _, rings := range t.cells {
		for k, ring := range rings {
			var out []int
			for i, a := range ring {
				b := ring[(i+1)%len(ring)]
				key := [2]int{min(a, b), max(a, b)}
				nodes, known := put[key]
				if !known {
					p, q := t.at[key[0]], t.at[key[1]]
					n := r.IntN(3)
					for j := range n {
						s := (float64(j) + 0.3 + 0.4*r.Float64()) / float64(n)
						nodes = append(nodes, t.add(p[0]+s*(q[0]-p[0])-eastM, p[1]+s*(q[1]-p[1])-northM))
					}
					put[key] = nodes
				}
				out = append(out, a)
				if a == key[0] {
					out = append(out, nodes...)
				} else {
					back := slices.Clone(nodes)
					slices.Reverse(back)
					out = append(out, back...)
				}
			}
			rings[k] = out
		}
	}
}

// surveyed draws every parcel as somebody who measures it alone: each vertex is off by up to noise metres, and nodes
// that lie on a straight edge are dropped now and then.
func (t *tiling) surveyed(r *rand.Rand, noise float64, corners int) []coverage.Shape {
	shapes := make([]coverage.Shape, len(t.cells))
	for i, rings := range t.cells {
		for _, ring := range rings {
			var out orb.Ring
			for _, id := range ring {
				if id >= corners && r.IntN(2) == 0 {
					continue // a node of a straight edge
				}
				sin, cos := math.Sincos(2 * math.Pi * r.Float64())
				d := noise * r.Float64()
				out = append(out, orb.Point{t.at[id][0] + d*cos, t.at[id][1] + d*sin})
			}
			shapes[i].Rings = append(shapes[i].Rings, append(out, out[0]))
		}
	}
	return shapes
}

// exact draws every parcel with all its vertices as they are.
func (t *tiling) exact() []coverage.Shape {
	return t.surveyed(rand.New(rand.NewPCG(0, 0)), 0, math.MaxInt)
}

// drawn makes the i-th random tiling: the tiling, how many of its places are corners and no nodes of an edge.
func drawn(r *rand.Rand, i int) (t *tiling, corners int) {
	switch i % 5 {
	case 0:
		t = grid(r, 2+r.IntN(6), 1+r.IntN(6), 20+80*r.Float64(), 20+80*r.Float64(), 0)
	case 1:
		t = grid(r, 2+r.IntN(6), 1+r.IntN(6), 20+80*r.Float64(), 20+80*r.Float64(), 0.4)
	case 2:
		t = comb(r, 2+r.IntN(5), 1+r.IntN(5), 15+60*r.Float64())
	case 3:
		t = grid(r, 2+r.IntN(20), 1+r.IntN(3), 1+2*r.Float64(), 100+200*r.Float64(), 0.1)
	case 4:
		t = comb(r, 2+r.IntN(4), 1+r.IntN(4), 30+60*r.Float64())
		t.pierce(r)
	}
	corners = len(t.at)
	if i%2 == 1 || i%5 == 2 {
		t.noded(r)
	}
	return t, corners
}
