package coverage

import (
	"math"

	"github.com/paulmach/orb"
)

// pieces calls each with boxes that together hold everything within reach of a segment: one box for a short segment,
// several for one much longer than step, since the one box of a long slanting edge holds half a town.
func pieces(a, b orb.Point, step, reach float64, each func(lo, hi [2]float64)) {
	n := 1
	if dx, dy := math.Abs(b[0]-a[0]), math.Abs(b[1]-a[1]); min(dx, dy) > step {
		n = min(256, 1+int(max(dx, dy)/(4*step)))
	}
	at := func(i int) orb.Point {
		s := float64(i) / float64(n)
		return orb.Point{a[0] + s*(b[0]-a[0]), a[1] + s*(b[1]-a[1])}
	}
	for i := range n {
		p, q := at(i), at(i+1)
		each([2]float64{min(p[0], q[0]) - reach, min(p[1], q[1]) - reach},
			[2]float64{max(p[0], q[0]) + reach, max(p[1], q[1]) + reach})
	}
}

// cells finds vertices within a distance: squares of that side, each with its vertices.
type cells struct {
	m    *mesh
	side float64
	head map[[2]int64]int32
	next []int32
}

// cellSides is how many sides wide a cell is: a square of two sides then mostly lies in one cell, seldom in two or
// four.
const cellSides = 8

func newCells(m *mesh, side float64) *cells {
	return &cells{m: m, side: side, head: make(map[[2]int64]int32, len(m.at)), next: make([]int32, len(m.at))}
}

func (c *cells) key(p orb.Point) [2]int64 {
	wide := cellSides * c.side
	return [2]int64{int64(math.Floor(p[0] / wide)), int64(math.Floor(p[1] / wide))}
}

func (c *cells) add(id int32) {
	k := c.key(c.m.at[id])
	c.next[id] = c.head[k] - 1
	c.head[k] = id + 1
}

// near calls each with every vertex but id itself within the side of a square of it.
func (c *cells) near(id int32, each func(other int32, distance float64)) {
	c.nearTo(c.m.at[id], func(other int32, d float64) {
		if other != id {
			each(other, d)
		}
	})
}

// nearTo calls each with every vertex within the side of a square of a place.
func (c *cells) nearTo(p orb.Point, each func(other int32, distance float64)) {
	low, high := c.key(orb.Point{p[0] - c.side, p[1] - c.side}), c.key(orb.Point{p[0] + c.side, p[1] + c.side})
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			for o := c.head[[2]int64{x, y}] - 1; o >= 0; o = c.next[o] {
				if d := apart(p, c.m.at[o]); d <= c.side {
					each(o, d)
				}
			}
		}
	}
}
