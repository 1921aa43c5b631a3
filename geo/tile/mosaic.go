package tile

import (
	"cmp"
	"math"
	"slices"
)

const (
	mosaicPx = 512 // how many cells a mosaic has in each direction at most: the pixels a tile is drawn wide
	joinedPx = 2   // how many pixels wide a cell is where all shapes are joined
)

// part is the smallest area that a cell counts, as a share of a square unit. Whole numbers add up to the same sum
// in any order.
const part = 1 << 10

// mosaic is the ground of merged shapes: how much of each cell of a grid of pixels each class covers. At the end it
// becomes rectangles, but for what is drawn as it is (see held):
//
//  1. Cells are walked row by row, every second row backwards, so that the next cell is always beside the last one.
//  2. What a class has in a cell, with what was left of it before, becomes a strip of the part of the cell where the
//     ground lies. All strips are as high as that part is full, and as wide as their share.
//  3. A class that has less than an eighth of a cell waits for the next one, as long as there is one. A class that is
//     alone then has its ground as long, if it can give it back there.
//  4. Cells that are full to the same degree of one class, over the edge between them, become one rectangle.
//  5. What a rectangle of whole units can't hold is left for the next one; the last cell takes all.
//
// So each class has its area to the unit.
type mosaic struct {
	cells   int32   // in each direction
	width   int32   // of a cell, in units
	heads   []int32 // of each cell the number of its first node + 1; 0: nothing
	nodes   []node  // in lists by cell
	rows    [mosaicPx]span
	classes []class
	last    int // the class asked for last
	sums    int // how many a class has

	ranked, now, waiting []int32 // classes: by name, in a cell, and of the last cell for the next one
}

// node is the area of a group in a cell, in parts, and the part of the cell where it lies.
type node struct {
	area        int64
	group, next int32
	at          frame
}

// A group is the shapes of a class that the grid shows (0), or those thin ones that it doesn't (1): twice the number of
// the class and that.
const (
	small = iota
	lost
	kinds
)

// frame is a part of a cell, in units from its corner.
type frame struct{ west, north, east, south uint16 }

func (f frame) with(g frame) frame {
	return frame{min(f.west, g.west), min(f.north, g.north), max(f.east, g.east), max(f.south, g.south)}
}

// span is the cells of a row that have something: from first, below end.
type span struct{ first, end int32 }

// class is what was merged of one class.
type class struct {
	name  string
	count int64
	sums  []int64 // in 1/sumParts
	plain bool    // whether its small shapes are drawn as they are
	shown int64   // area of these, in parts
	off   int64   // how much more that is than the grid lets them have
	lost  int64   // area in cells of shapes that the grid doesn't show
	area  int64   // of all cells, of groups that are not plain, in parts
	left  int64   // that is to be drawn yet, in parts
	at    int32   // the last cell with some of it
	rank  int     // by name
	owed  int64   // see owe
	out   pen

	joined pen // shapes that are drawn and joined
}

// reset empties the mosaic for a tile of an extent that has cells of so many pixels, whose merged shapes have a number
// of sums.
func (m *mosaic) reset(extent uint32, px, sums int) {
	m.cells = int32(mosaicPx / px)
	m.width, m.sums = int32(extent)/m.cells, sums
	for i, r := range m.rows {
		if r.end > 0 {
			clear(m.heads[i*mosaicPx+int(r.first) : i*mosaicPx+int(r.end)])
		}
	}
	m.rows = [mosaicPx]span{}
	m.nodes, m.classes, m.last = m.nodes[:0], m.classes[:0], 0
}

// class returns the number of a class.
func (m *mosaic) class(name string) int32 {
	if m.last < len(m.classes) && m.classes[m.last].name == name {
		return int32(m.last)
	}
	for i := range m.classes {
		if m.classes[i].name == name {
			m.last = i
			return int32(i)
		}
	}
	m.last = len(m.classes)
	if m.last < cap(m.classes) {
		m.classes = m.classes[:m.last+1]
	} else {
		m.classes = append(m.classes, class{})
	}
	c := &m.classes[m.last]
	*c = class{name: name, sums: slices.Grow(c.sums[:0], m.sums)[:m.sums], at: -1,
		out: pen{out: c.out.out[:0]}, joined: pen{out: c.joined.out[:0]}}
	clear(c.sums)
	return int32(m.last)
}

// add puts an area in square units, which lies between two places, into a cell.
func (m *mosaic) add(group int32, col, row int32, area float64, low, high point) {
	if m.heads == nil {
		m.heads = make([]int32, mosaicPx*mosaicPx)
	}
	parts := int64(math.Round(area * part))
	at := frame{m.within(math.Floor(low.x), col, 0), m.within(math.Floor(low.y), row, 0),
		m.within(math.Ceil(high.x), col, 1), m.within(math.Ceil(high.y), row, 1)}
	at.east, at.south = max(at.east, at.west+1), max(at.south, at.north+1)
	cell := row*mosaicPx + col
	for i := m.heads[cell]; i > 0; i = m.nodes[i-1].next {
		if n := &m.nodes[i-1]; n.group == group {
			n.area += parts
			n.at = n.at.with(at)
			return
		}
	}
	m.nodes = append(m.nodes, node{parts, group, m.heads[cell], at})
	m.heads[cell] = int32(len(m.nodes))
	r := &m.rows[row]
	if r.end == 0 {
		*r = span{col, col + 1}
	}
	r.first, r.end = min(r.first, col), max(r.end, col+1)
}

// within is how far a line is from the edge of a cell, in units: from the first to the last but one, or one more each.
func (m *mosaic) within(v float64, cell, more int32) uint16 {
	return uint16(min(max(int32(v)-cell*m.width, more), m.width-1+more))
}

// strip is a class in a cell, or in a run of cells side by side.
type strip struct {
	class        int32
	col, end     int32 // of the cells
	row          int32
	west, east   int32 // in units of the tile, as the two below
	north, south int32
	area         int64 // in parts
}

// owe adds what a drawn shape has more (or less, below 0) than the grid let it have, in square units. It is settled
// where there are merged shapes of the class, which then cover as much more or less.
func (c *class) owe(area float64) { c.owed += int64(math.Round(area * part)) }

// draw makes the rectangles.
func (m *mosaic) draw() {
	m.ranked = m.ranked[:0]
	for i := range m.classes {
		m.ranked = append(m.ranked, int32(i))
	}
	slices.SortFunc(m.ranked, func(a, b int32) int { return cmp.Compare(m.classes[a].name, m.classes[b].name) })
	for rank, i := range m.ranked {
		m.classes[i].rank = rank
	}
	for _, n := range m.nodes {
		if !m.plain(n.group) {
			m.classes[n.group/kinds].area += n.area
		}
	}
	for i := range m.classes {
		c := &m.classes[i]
		c.left = max(-c.area/2, min(c.owed, c.area/2))
	}
	var run strip
	for row := range m.cells {
		r := m.rows[row]
		for i := range r.end - r.first {
			col, beside := r.first+i, int32(1)
			if row%2 == 1 {
				col, beside = r.end-1-i, -1
			}
			if !m.some(row*mosaicPx + col) {
				continue
			}
			next := row*mosaicPx + col + beside
			if col+beside < r.first || col+beside >= r.end || !m.some(next) {
				next = -1
			}
			m.cell(&run, col, row, next)
		}
	}
	for i := range m.classes {
		m.rest(&m.classes[i])
	}
}

func (m *mosaic) plain(group int32) bool { return group%kinds == small && m.classes[group/kinds].plain }

// some reports whether there is anything in a cell that is to be rectangles.
func (m *mosaic) some(cell int32) bool {
	for i := m.heads[cell]; i > 0; i = m.nodes[i-1].next {
		if !m.plain(m.nodes[i-1].group) {
			return true
		}
	}
	return false
}

// cell draws what is in a cell and what waited for it. The run goes on in the next cell, or ends here where that is -1.
func (m *mosaic) cell(run *strip, col, row, next int32) {
	here := m.gather(row*mosaicPx + col)
	least, ends := m.full()/8, next < 0
	if ends {
		least = part
	}
	var total, waits int64
	drawn := m.now[:0]
	m.waiting = m.waiting[:0]
	for _, i := range m.now {
		if left := m.classes[i].left; left >= least {
			total += left
			drawn = append(drawn, i)
		} else {
			m.waiting = append(m.waiting, i)
			waits += max(0, left)
		}
	}
	if len(drawn) == 1 {
		if ends || m.has(next, drawn[0]) < waits {
			waits = 0
		}
		m.single(run, drawn[0], col, row, here, waits)
	} else {
		m.close(run)
		m.strips(drawn, col, row, here, total)
	}
	if ends {
		m.close(run)
		m.waiting = m.waiting[:0]
		for _, i := range drawn {
			if c := &m.classes[i]; c.left >= int64(m.width)*part {
				m.rest(c) // shapes on top of each other
			}
		}
	}
}

// gather puts the classes of a cell, and those that wait, into now, by their names. It returns where the ground lies.
func (m *mosaic) gather(cell int32) frame {
	here := frame{west: math.MaxUint16, north: math.MaxUint16}
	m.now = append(m.now[:0], m.waiting...)
	for i := m.heads[cell]; i > 0; i = m.nodes[i-1].next {
		n := m.nodes[i-1]
		if m.plain(n.group) {
			continue
		}
		here = here.with(n.at)
		class := n.group / kinds
		m.classes[class].left += n.area
		if !slices.Contains(m.now, class) {
			m.now = append(m.now, class)
		}
	}
	for _, i := range m.now {
		m.classes[i].at = cell
	}
	slices.SortFunc(m.now, func(a, b int32) int { return m.classes[a].rank - m.classes[b].rank })
	return here
}

// has is what the next cell has of a class.
func (m *mosaic) has(cell, class int32) (area int64) {
	for i := m.heads[cell]; i > 0; i = m.nodes[i-1].next {
		if n := m.nodes[i-1]; n.group/kinds == class && !m.plain(n.group) {
			area += n.area
		}
	}
	return area
}

// single draws a cell of one class: as part of the run, or as the begin of one. It takes the ground of those that wait,
// who get as much of its own in the next cell: no hole shows where there is none.
func (m *mosaic) single(run *strip, i, col, row int32, here frame, waits int64) {
	c := &m.classes[i]
	x, y := col*m.width, row*m.width
	now := strip{class: i, col: col, end: col + 1, row: row, west: x + int32(here.west), east: x + int32(here.east),
		north: y + int32(here.north), south: y + int32(here.south), area: min(c.left+waits, m.full())}
	c.left -= now.area
	if run.joins(now, m.width) {
		run.col, run.end = min(run.col, now.col), max(run.end, now.end)
		run.west, run.east = min(run.west, now.west), max(run.east, now.east)
		run.north, run.south = min(run.north, now.north), max(run.south, now.south)
		run.area += now.area
		return
	}
	m.close(run) // which may leave some for this one
	more := max(0, min(c.left, m.full()-now.area))
	now.area, c.left = now.area+more, c.left-more
	*run = now
}

// full is the area of a cell in parts.
func (m *mosaic) full() int64 { return int64(m.width) * int64(m.width) * part }

// joins reports whether a cell goes on from a run: beside it, over the edge, of its class, and as full within an
// eighth.
func (s strip) joins(next strip, width int32) bool {
	if s.area == 0 || s.class != next.class || s.row != next.row || next.col != s.end && next.end != s.col {
		return false
	}
	if gap := max(next.west-s.east, s.west-next.east); 8*gap > width {
		return false
	}
	mean := s.area / int64(s.east-s.west)
	return 8*abs(next.area/int64(next.east-next.west)-mean) <= mean
}

func abs(n int64) int64 { return max(n, -n) }

// close draws a run.
func (m *mosaic) close(run *strip) {
	if run.area == 0 {
		return
	}
	c, units := &m.classes[run.class], run.area/part
	if units > int64(run.east-run.west)*int64(m.width) {
		run.west, run.east = run.col*m.width, run.end*m.width
	}
	wide := int64(run.east - run.west)
	if units < wide {
		wide = min(units, int64(m.width))
	}
	if wide > 0 {
		high := units / wide
		m.rectangle(c, run.west, m.level(run.row, run.north, run.south, int32(high)), int32(wide), int32(high))
		run.area -= wide * high * part
	}
	c.left += run.area
	*run = strip{}
}

// level is where a rectangle of a height begins that lies about the middle of two edges, and within the row of cells.
func (m *mosaic) level(row, north, south, high int32) int32 {
	return min(max((north+south-high)/2, row*m.width), (row+1)*m.width-high)
}

// strips draws several classes side by side in the part of a cell where they lie.
func (m *mosaic) strips(drawn []int32, col, row int32, here frame, total int64) {
	x, end, width := int64(here.west), int64(here.east), int64(m.width)
	if total/part > (end-x)*width {
		x, end = 0, width
	}
	high := min(max((total/part+end-x-1)/(end-x), 1), width)
	y := m.level(row, row*m.width+int32(here.north), row*m.width+int32(here.south), int32(high))
	for _, i := range drawn {
		c := &m.classes[i]
		if wide := min(c.left/(high*part), end-x); wide > 0 {
			m.rectangle(c, col*m.width+int32(x), y, int32(wide), int32(high))
			c.left -= wide * high * part
			x += wide
		}
	}
}

// rest draws what is left of a class in the last cell that had some of it: less than a row of units, unless shapes
// lie on top of each other. A class without any area to speak of has one unit.
func (m *mosaic) rest(c *class) {
	if c.at < 0 {
		return
	}
	x, y := c.at%mosaicPx*m.width, c.at/mosaicPx*m.width
	width := int64(m.width)
	for units := (c.left + part/2) / part; units > 0; {
		wide := min(units, width)
		high := min(units/wide, width)
		m.rectangle(c, x, y+m.width-int32(high), int32(wide), int32(high))
		units -= wide * high
	}
	if len(c.out.out) == 0 {
		m.rectangle(c, x, y, 1, 1)
	}
	c.left = 0
}

func (m *mosaic) rectangle(c *class, x, y, wide, high int32) {
	c.out.ring([]vertex{{x, y}, {x + wide, y}, {x + wide, y + high}, {x, y + high}}, false)
}
