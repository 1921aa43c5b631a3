package paper

import (
	"math"
	"strings"

	"luodi/api/page"
)

// flow sets a page's parts one below the other, sheet after sheet.
type flow struct {
	*Press
	pen
	left, width float64
	top, bottom float64 // of what a sheet holds; bottom is infinite for a picture
	y           float64
	body        float64 // size of the type
	columns     int     // in which facts stand
	turn        func()  // begins the next sheet
}

const leading = 1.45 // from one line to the next, in sizes

// room begins the next sheet where so much does not fit any more.
func (f *flow) room(high float64) {
	if f.y+high > f.bottom && f.y > f.top {
		f.turn()
		f.y = f.top
	}
}

// lines writes lines from a place on, and says how high they are.
func (f *flow) write(lines []string, x, y, size float64, bold bool, ink string) float64 {
	for i, line := range lines {
		if line != "" {
			f.text(page.Point{x, y + size*(leading*float64(i)+1.1)}, line, size, bold, f.colour(ink))
		}
	}
	return size * leading * float64(len(lines))
}

// paragraph writes a text as wide as the sheet.
func (f *flow) paragraph(text string, size float64, bold bool, ink string) {
	for _, line := range f.faces.of(bold).lines(text, size, f.width) {
		f.room(size * leading)
		f.y += f.write([]string{line}, f.left, f.y, size, bold, ink)
	}
}

// sections sets all parts of a page that paper can hold: not its links and forms.
func (f *flow) sections(p *page.Page) {
	for i := range p.Sections {
		s := &p.Sections[i]
		if s.Drawing == nil && s.Solid == nil && s.Maps == nil && s.Table == nil && s.Text == "" {
			continue
		}
		if s.Title != "" {
			f.y += 1.5
			f.room(1.2*f.body*leading + 3*f.body*leading) // a title stands above what it names
			f.paragraph(s.Title, 1.2*f.body, true, "--ink")
			f.y += 0.5
		}
		if s.Text != "" {
			f.paragraph(s.Text, 0.9*f.body, false, "--ink-2")
		}
		if d := s.Laid(); d != nil {
			f.room(d.Height + 4*legend)
			f.plan(d, f.left, f.y)
			f.y += d.Height
			f.caption(d)
		}
		f.maps(s.Maps)
		if d := s.Raised(); d != nil {
			f.solid(d)
		}
		if s.Table != nil {
			f.table(s.Table)
		}
		f.y += 1.5
	}
}

// table sets facts by their names, anything else in columns.
func (f *flow) table(t *page.Table) {
	named := len(t.Head) == 0
	for _, row := range t.Rows {
		named = named && len(row) > 1 && row[0].Head
	}
	if named {
		f.facts(t.Rows)
		return
	}
	f.grid(t)
}

// facts sets names and values, side by side in the columns of the sheet.
func (f *flow) facts(rows [][]page.Cell) {
	const gap = 5
	n := max(1, f.columns)
	width := (f.width - gap*float64(n-1)) / float64(n)
	name := 0.3 * width
	for at := 0; at < len(rows); at += n {
		var high float64
		set := make([][2][]string, 0, n)
		for _, row := range rows[at:min(at+n, len(rows))] {
			var values []string
			for _, cell := range row[1:] {
				if cell.Text != "" {
					values = append(values, cell.Text)
				}
			}
			lines := [2][]string{f.faces.bold.lines(row[0].Text, 0.9*f.body, name-1),
				f.faces.regular.lines(strings.Join(values, " · "), f.body, width-name)}
			set = append(set, lines)
			high = max(high, f.body*leading*float64(max(len(lines[0]), len(lines[1])))+1)
		}
		f.room(high)
		for k, lines := range set {
			x := f.left + float64(k)*(width+gap)
			f.write(lines[0], x, f.y+0.5, 0.9*f.body, true, "--ink-2")
			f.write(lines[1], x+name, f.y+0.5, f.body, false, "--ink")
			f.line([][]page.Point{{{x, f.y + high}, {x + width, f.y + high}}}, false, 0.1, f.colour("--line"))
		}
		f.y += high
	}
}

// grid sets a table in columns as wide as their longest cells, as far as these fit.
func (f *flow) grid(t *page.Table) {
	widths := f.widths(t)
	row := func(cells []page.Cell, bold bool) {
		high := 0.0
		lines := make([][]string, len(cells))
		for i, c := range cells {
			if i < len(widths) {
				lines[i] = f.faces.of(bold || c.Head).lines(c.Text, f.body, max(widths[i]-2-f.swatch(c), f.body))
				high = max(high, f.body*leading*float64(len(lines[i]))+1)
			}
		}
		f.room(high)
		x := f.left
		for i, c := range cells {
			if i >= len(widths) {
				break
			}
			if c.Class != "" {
				square := box{x, f.y + 0.5 + 0.3*f.body, 0.9 * f.body, 0.9 * f.body}
				f.area(square.ring(), f.wash(c.Class))
			}
			if c.Href != "" && len(lines[i]) > 0 {
				f.link(box{x, f.y, widths[i], high}, c.Href)
			}
			f.write(lines[i], x+f.swatch(c), f.y+0.5, f.body, bold || c.Head, "--ink")
			x += widths[i]
		}
		f.line([][]page.Point{{{f.left, f.y + high}, {f.left + f.width, f.y + high}}}, false, 0.1, f.colour("--line"))
		f.y += high
	}
	if len(t.Head) > 0 {
		head := make([]page.Cell, len(t.Head))
		for i, text := range t.Head {
			head[i] = page.Cell{Text: text}
		}
		row(head, true)
	}
	for _, cells := range t.Rows {
		row(cells, false)
	}
}

// swatch is how wide the colour before a cell's text is.
func (f *flow) swatch(c page.Cell) float64 {
	if c.Class == "" {
		return 0
	}
	return 1.3 * f.body
}

// widths are those of a table's columns: each as wide as its longest cell, all narrower where they don't fit.
func (f *flow) widths(t *page.Table) []float64 {
	var widths []float64
	measure := func(i int, text string, more float64) {
		for len(widths) <= i {
			widths = append(widths, 0)
		}
		widths[i] = max(widths[i], f.faces.bold.wide(f.faces.bold.plain(text), f.body)+more+2)
	}
	for i, text := range t.Head {
		measure(i, text, 0)
	}
	for _, row := range t.Rows {
		for i, c := range row {
			measure(i, c.Text, f.swatch(c))
		}
	}
	sum, most := 0.0, f.width/float64(max(1, len(widths)))
	for _, w := range widths {
		sum += w
	}
	if sum <= f.width {
		return widths
	}
	var wide float64 // of the columns that must give
	for _, w := range widths {
		wide += max(0, w-most)
	}
	for i, w := range widths {
		if w > most && wide > 0 {
			widths[i] = w - (sum-f.width)*(w-most)/wide
		}
	}
	return widths
}

// code draws a QR code with its quiet zone.
func (f *flow) code(q *page.QR, at box) {
	f.area(at.ring(), white)
	unit := at.width / float64(q.Size)
	var dark [][]page.Point // as one area: between two modules no seam shows
	for _, m := range q.Dark {
		dark = append(dark, box{at.x + float64(m[0])*unit, at.y + float64(m[1])*unit, unit, unit}.ring()...)
	}
	f.area(dark, black)
}

// qr is the page's code; nil for none.
func qr(p *page.Page) *page.QR {
	for i := range p.Sections {
		if p.Sections[i].QR != nil {
			return p.Sections[i].QR
		}
	}
	return nil
}

var endless = math.Inf(1)
