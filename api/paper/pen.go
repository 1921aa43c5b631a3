package paper

import (
	"image/color"

	"luodi/api/page"
)

// pen draws on a sheet.
type pen interface {
	// area fills rings; one that turns the other way is a hole.
	area(rings [][]page.Point, c color.RGBA)
	// line follows points, to the first again where it is closed.
	line(lines [][]page.Point, closed bool, width float64, c color.RGBA)
	// text writes from a point of its base line.
	text(at page.Point, text string, size float64, bold bool, c color.RGBA)
	// within bounds what is drawn to a box until draw returns.
	within(b box, draw func())
	// link leads from a box to an address, where the sheet can.
	link(b box, href string)
}

type box struct{ x, y, width, height float64 }

func (b box) ring() [][]page.Point {
	return [][]page.Point{{{b.x, b.y}, {b.x + b.width, b.y}, {b.x + b.width, b.y + b.height}, {b.x, b.y + b.height}}}
}

// blank draws nothing: what is laid with it is measured.
type blank struct{}

func (blank) area([][]page.Point, color.RGBA)                    {}
func (blank) line([][]page.Point, bool, float64, color.RGBA)     {}
func (blank) text(page.Point, string, float64, bool, color.RGBA) {}
func (blank) within(_ box, draw func())                          { draw() }
func (blank) link(box, string)                                   {}
