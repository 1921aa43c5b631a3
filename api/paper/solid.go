package paper

import "luodi/api/page"

// solid draws a laid volume as wide as the sheet, with its text below.
func (f *flow) solid(d *page.DrawnSolid) {
	scale := f.width / d.Width
	high := d.Height * scale
	f.room(high + 2*legend)
	frame := box{f.left, f.y, f.width, high}
	move := func(p page.Point) page.Point { return page.Point{f.left + p[0]*scale, f.y + p[1]*scale} }
	f.pen.area(frame.ring(), f.colour("--park-fill"))
	for _, face := range d.Faces {
		rings := make([][]page.Point, len(face.Rings))
		for i, ring := range face.Rings {
			for _, p := range ring {
				rings[i] = append(rings[i], move(p))
			}
		}
		switch face.Class {
		case "solid-land":
			f.pen.area(rings, f.colour("--land"))
		case "solid-wall":
			f.pen.area(rings, f.colour("--status-reserve"))
		case "solid-roof":
			f.pen.area(rings, f.colour("--sheet"))
		}
		f.pen.line(rings, true, 0.2, f.colour("--ink"))
	}
	from, to := move(d.Arrow[0]), move(d.Arrow[1])
	f.pen.line([][]page.Point{{from, to}}, false, 0.4, f.colour("--ink"))
	f.onPlan(d.North, page.Point{to[0] - 3, to[1] + 1}, barSize)
	f.pen.line(frame.ring(), true, 0.2, f.colour("--line-strong"))
	f.y += high + 1
	if d.Text != "" {
		f.paragraph(d.Text, 0.9*f.body, false, "--ink-2")
	}
}
