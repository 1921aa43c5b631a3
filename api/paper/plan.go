package paper

import (
	"image/color"

	"luodi/api/page"
)

// Sizes on a plan, in millimetres.
const (
	barSize  = 3.2
	legend   = 3.2
	markSize = 2.4
	halo     = 0.5
)

// plan draws a laid drawing with its upper left corner at a point: its millimetres are those of the sheet.
func (f *flow) plan(d *page.Drawn, left, top float64) {
	frame := box{left, top, d.Width, d.Height}
	move := func(lines [][]page.Point) [][]page.Point {
		out := make([][]page.Point, len(lines))
		for i, line := range lines {
			out[i] = make([]page.Point, len(line))
			for k, p := range line {
				out[i][k] = page.Point{p[0] + left, p[1] + top}
			}
		}
		return out
	}
	f.pen.area(frame.ring(), f.colour("--park-fill"))
	f.pen.within(frame, func() {
		for i := range d.Ground {
			f.ground(&d.Ground[i], move)
		}
		for i := range d.Shapes {
			f.shape(&d.Shapes[i], move)
		}
		for _, all := range [][]page.Path{d.Ground, d.Shapes} {
			for i := range all {
				if p := &all[i]; p.Name != nil {
					f.onPlan(p.Label, page.Point{p.Name[0] + left, p.Name[1] + top}, page.LabelSize)
				}
			}
		}
		f.bar(d, left, top)
		f.north(d, left, top)
	})
	f.pen.line(frame.ring(), true, 0.2, f.colour("--line-strong"))
}

func (f *flow) ground(p *page.Path, move func([][]page.Point) [][]page.Point) {
	lines := move(p.Lines)
	if p.Area {
		f.pen.area(lines, f.colour("--land"))
	}
	f.pen.line(lines, p.Area, 0.18, f.colour("--line-strong"))
}

func (f *flow) shape(p *page.Path, move func([][]page.Point) [][]page.Point) {
	lines, wash := move(p.Lines), f.wash(p.Class)
	switch {
	case p.Area:
		f.pen.area(lines, wash)
		f.pen.line(lines, true, 0.25, f.colour("--parcel-line"))
	case len(lines) > 0:
		f.pen.line(lines, false, 0.6, wash)
	}
	for _, m := range move([][]page.Point{p.Marks})[0] {
		f.pen.area(box{m[0] - markSize/2, m[1] - markSize/2, markSize, markSize}.ring(), wash)
	}
}

// onPlan writes around the middle of a point, on a light ground.
func (f *flow) onPlan(text string, at page.Point, size float64) {
	text = f.faces.regular.plain(text)
	wide := f.faces.regular.wide(text, size)
	under := f.colour("--sheet")
	f.pen.area(box{at[0] - wide/2 - halo, at[1] - 0.85*size, wide + 2*halo, size * 1.05}.ring(), under)
	f.pen.text(page.Point{at[0] - wide/2, at[1]}, text, size, false, f.colour("--ink"))
}

// bar draws the scale bar.
func (f *flow) bar(d *page.Drawn, left, top float64) {
	b := d.Bar
	if b.Text == "" {
		return
	}
	x, y := b.X+left, b.Y+top
	f.onPlan(b.Text, page.Point{x + b.Length/2, y + b.Above()}, barSize)
	f.pen.line([][]page.Point{{{x, y - b.Tick}, {x, y + b.Tick}}, {{x, y}, {x + b.Length, y}},
		{{x + b.Length, y - b.Tick}, {x + b.Length, y + b.Tick}}}, false, 0.35, f.colour("--ink"))
}

// north draws the arrow that points up.
func (f *flow) north(d *page.Drawn, left, top float64) {
	if d.Paper == nil {
		return
	}
	x, y, ink := left+d.Width-6, top+6, f.colour("--ink")
	f.pen.area([][]page.Point{{{x, y}, {x + 3, y + 9}, {x, y + 7}, {x - 3, y + 9}}}, ink)
	f.onPlan(d.Paper.North, page.Point{x, y + 13}, barSize)
}

// caption says the scale and what the colours mean, below a drawing.
func (f *flow) caption(d *page.Drawn) {
	x := f.left
	f.y += 1.5
	base := f.y + legend
	put := func(text string, bold bool, swatch *color.RGBA) {
		wide := f.faces.of(bold).wide(f.faces.of(bold).plain(text), legend)
		if x > f.left && x+wide+legend+1 > f.left+f.width {
			x, base = f.left, base+1.5*legend
		}
		if swatch != nil {
			square := box{x, base - 0.85*legend, legend, legend}
			f.pen.area(square.ring(), *swatch)
			f.pen.line(square.ring(), true, 0.15, f.colour("--parcel-line"))
			x += legend + 1
		}
		f.pen.text(page.Point{x, base}, f.faces.of(bold).plain(text), legend, bold, f.colour("--ink"))
		x += wide + 4
	}
	if d.OnPaper != "" {
		put(d.OnPaper, true, nil)
	}
	for _, k := range d.Legend {
		wash := f.wash(k.Class)
		put(k.Text, false, &wash)
	}
	f.y = base + 1.5
}
