package match

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// Grid is a honeycomb over a part of the plane, in metres: hexagons with a corner up, numbered row by row. All grids
// with sides of one length are parts of one honeycomb over the whole plane, so that cells neither move when ground
// comes or goes nor lie askew across two parks.
type Grid struct {
	Origin  orb.Point // centre of the first cell
	EdgeM   float64   // length of a side
	Columns int
	Rows    int
}

// MaxCells is how many cells a honeycomb may have at most.
const MaxCells = 50_000

// NewGrid lays a honeycomb over a box. A [geo.Invalid] names edge_m where the cells would be too many, or none.
func NewGrid(box orb.Bound, edgeM float64) (Grid, error) {
	if !(edgeM > 0) || math.IsInf(edgeM, 1) || box.IsEmpty() {
		return Grid{}, geo.NewInvalid("edge_m", "number.above_0", edgeM)
	}
	g := Grid{EdgeM: edgeM}
	width, height := g.pitch()
	g.Origin = orb.Point{math.Floor(box.Min[0]/width) * width, math.Floor(box.Min[1]/(2*height)) * 2 * height}
	return g.reaching(math.Ceil((box.Max[0]-g.Origin[0])/width)+1, math.Ceil((box.Max[1]-g.Origin[1])/height)+1)
}

// pitch is how far cells of a row, and rows, lie apart.
func (g Grid) pitch() (width, height float64) { return g.EdgeM * math.Sqrt(3), g.EdgeM * 1.5 }

func (g Grid) reaching(columns, rows float64) (Grid, error) {
	if columns*rows > MaxCells {
		return Grid{}, TooManyCells(g.EdgeM)
	}
	g.Columns, g.Rows = int(columns), int(rows)
	return g, nil
}

// TooManyCells is the [geo.Invalid] of a length of sides that makes more than MaxCells cells.
func TooManyCells(edgeM float64) error {
	return geo.NewInvalid("edge_m", "heat.cells", edgeM, "n", MaxCells)
}

// Union is the least grid that has the cells of two with sides of one length. A [geo.Invalid] names edge_m where they
// would be too many.
func (g Grid) Union(o Grid) (Grid, error) {
	column, row := g.place(o.Origin)
	width, height := g.pitch()
	out := Grid{EdgeM: g.EdgeM, Origin: orb.Point{g.Origin[0] + min(column, 0)*width, g.Origin[1] + min(row, 0)*height}}
	return out.reaching(max(float64(g.Columns), column+float64(o.Columns))-min(column, 0),
		max(float64(g.Rows), row+float64(o.Rows))-min(row, 0))
}

// place is where the origin of a grid with sides of the same length lies among the columns and rows of this one.
func (g Grid) place(origin orb.Point) (column, row float64) {
	width, height := g.pitch()
	return math.Round((origin[0] - g.Origin[0]) / width), math.Round((origin[1] - g.Origin[1]) / height)
}

// Move renumbers pieces of a grid, and their places from first on, for a grid that holds it.
func (g Grid) Move(pieces []Piece, to Grid, first int) []Piece {
	column, row := to.place(g.Origin)
	out := make([]Piece, len(pieces))
	for i, p := range pieces {
		c, r := int(p.Cell)%g.Columns+int(column), int(p.Cell)/g.Columns+int(row)
		out[i] = Piece{Place: p.Place + int32(first), Cell: int32(r*to.Columns + c), M2: p.M2}
	}
	return out
}

// Centre of a cell.
func (g Grid) Centre(cell int) orb.Point {
	row, column := cell/g.Columns, cell%g.Columns
	width := g.EdgeM * math.Sqrt(3)
	return orb.Point{g.Origin[0] + width*(float64(column)+.5*float64(row&1)), g.Origin[1] + 1.5*g.EdgeM*float64(row)}
}

// Hexagon is the outline of a cell, counter-clockwise and closed.
func (g Grid) Hexagon(cell int) orb.Ring {
	c, half := g.Centre(cell), g.EdgeM*math.Sqrt(3)/2
	e := g.EdgeM
	return orb.Ring{
		{c[0], c[1] - e}, {c[0] + half, c[1] - e/2}, {c[0] + half, c[1] + e/2},
		{c[0], c[1] + e}, {c[0] - half, c[1] + e/2}, {c[0] - half, c[1] - e/2}, {c[0], c[1] - e},
	}
}

// CellM2 is the area of a cell.
func (g Grid) CellM2() float64 { return 1.5 * math.Sqrt(3) * g.EdgeM * g.EdgeM }

// Piece is what of a place lies in a cell.
type Piece struct {
	Place int32
	Cell  int32
	M2    float64
}

// Cover cuts places by the honeycomb: the pieces of each, in the order of the places. It hangs on the ground alone, not
// on a requirement.
func (g Grid) Cover(places []orb.Polygon) []Piece {
	var out []Piece
	work := clip{}
	for i, p := range places {
		out = g.cover(out, int32(i), p, &work)
	}
	return out
}

func (g Grid) cover(out []Piece, place int32, p orb.Polygon, work *clip) []Piece {
	if len(p) == 0 {
		return out
	}
	g.near(p.Bound(), func(cell int, hexagon orb.Ring) {
		if m2 := work.area(p, hexagon); m2 > 1e-6 {
			out = append(out, Piece{Place: place, Cell: int32(cell), M2: m2})
		}
	})
	return out
}

// near gives every cell whose box meets a box, with its outline.
func (g Grid) near(box orb.Bound, each func(cell int, hexagon orb.Ring)) {
	width, height := g.pitch()
	span := func(lo, hi, size float64, n int) (int, int) {
		return max(int(math.Floor(lo/size))-1, 0), min(int(math.Ceil(hi/size))+1, n-1)
	}
	c0, c1 := span(box.Min[0]-g.Origin[0], box.Max[0]-g.Origin[0], width, g.Columns)
	r0, r1 := span(box.Min[1]-g.Origin[1], box.Max[1]-g.Origin[1], height, g.Rows)
	for row := r0; row <= r1; row++ {
		for column := c0; column <= c1; column++ {
			cell := row*g.Columns + column
			if hexagon := g.Hexagon(cell); hexagon.Bound().Intersects(box) {
				each(cell, hexagon)
			}
		}
	}
}

// clip measures polygons inside convex windows. Each ring is cut by one side of the window after the other (Sutherland
// and Hodgman 1974); where a ring falls apart the cut leaves bridges along the window, which have no area, so that
// signed areas stay exact.
type clip struct{ in, out []orb.Point }

func (c *clip) area(p orb.Polygon, window orb.Ring) float64 {
	total := 0.0
	for i, ring := range p {
		part := math.Abs(c.ring(ring, window))
		if i == 0 {
			total = part
		} else {
			total -= part
		}
	}
	return total
}

func (c *clip) ring(ring, window orb.Ring) float64 {
	if len(ring) < 4 {
		return 0
	}
	c.in = append(c.in[:0], ring[:len(ring)-1]...)
	for s := 0; s+1 < len(window) && len(c.in) > 0; s++ {
		a, b := window[s], window[s+1]
		side := func(p orb.Point) float64 { return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0]) }
		c.out = c.out[:0]
		last := c.in[len(c.in)-1]
		before := side(last)
		for _, p := range c.in {
			now := side(p)
			if (before < 0) != (now < 0) {
				t := before / (before - now)
				c.out = append(c.out, orb.Point{last[0] + t*(p[0]-last[0]), last[1] + t*(p[1]-last[1])})
			}
			if now >= 0 {
				c.out = append(c.out, p)
			}
			last, before = p, now
		}
		c.in, c.out = c.out, c.in
	}
	twice := 0.0
	for i, p := range c.in { // about the window's first corner: survey coordinates have seven digits before the point
		q := c.in[(i+1)%len(c.in)]
		twice += (p[0]-window[0][0])*(q[1]-window[0][1]) - (q[0]-window[0][0])*(p[1]-window[0][1])
	}
	return twice / 2
}

// Cell is one cell of a heat surface.
type Cell struct {
	Cell     int
	Score    float64 // mean score of the ranked ground in the cell, by area
	Coverage float64 // share of the cell that is ranked ground: where lots lie over each other, at most
	Best     int     // row of the best place in the cell
	Top      float64 // its score
	Ask      bool    // the best, and so every place in the cell, may or may not keep a limit
}

// Heat aggregates a ranking over a honeycomb. For each cell with ranked ground it gives the mean score, the share of
// the cell that this ground covers, and the best place: by standing, one that surely fits before others, as in the
// ranking. scores has a score for each row, NaN for rows that are not ranked or not judged; sure tells the rows that
// surely fit; the pieces' places are rows.
func (g Grid) Heat(pieces []Piece, scores, standings []float64, sure []bool) []Cell {
	type sum struct{ m2, weighted, top float64 }
	sums := make([]sum, g.Columns*g.Rows)
	bestIn := make([]int32, len(sums))
	for _, p := range pieces {
		score := scores[p.Place]
		if math.IsNaN(score) {
			continue
		}
		s := &sums[p.Cell]
		best := bestIn[p.Cell]
		if s.m2 == 0 || sure[p.Place] && !sure[best] || sure[p.Place] == sure[best] && standings[p.Place] > standings[best] {
			s.top, bestIn[p.Cell] = score, p.Place
		}
		s.m2 += p.M2
		s.weighted += p.M2 * score
	}
	var cells []Cell
	for i, s := range sums {
		if s.m2 > 0 {
			cells = append(cells, Cell{Cell: i, Score: s.weighted / s.m2, Coverage: min(s.m2/g.CellM2(), 1),
				Best: int(bestIn[i]), Top: s.top, Ask: !sure[bestIn[i]]})
		}
	}
	return slices.Clip(cells)
}
