package paper

import (
	"bytes"
	"image/color"
	"math"
	"strconv"

	"codeberg.org/go-pdf/fpdf"

	"luodi/api/page"
)

// Plat is a plan of one parcel (宗地图): its outline at a true scale in a frame with a grid, and beside it what is
// known of it and its boundary points. Positions are metres of a plane, x east and y north.
type Plat struct {
	Title  string
	Lead   string
	Rings  [][]page.Point // the outline, then holes; each corner once, in the order of their numbers
	Around []Outline      // what lies around
	Facts  [][2]string
	Head   []string // of the table of points
	Points [][]string
	Notes  []string           // below: system, day, source
	Legend [3]string          // the parcel, its neighbours, a boundary point
	North  string             // the word at the arrow
	Scale  func(n int) string // the words of a scale 1:n
	A3     bool               // lying; else A4 upright
	Class  string             // of the parcel, by which it is coloured
}

// Outline is a neighbour: its rings, and its name in the middle.
type Outline struct {
	Rings [][]page.Point
	Name  string
	At    page.Point
}

// scales are those that plans of parcels are drawn at.
var scales = []int{100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000}

// plan is one under way. Lengths are millimetres of the sheet.
type plan struct {
	*Press
	*Plat
	pen
	frame  box
	scale  int
	middle page.Point // of the frame, in the plane
}

// PlatPDF draws a plan as a PDF, and says at which scale.
func (p *Press) PlatPDF(of *Plat, about About) ([]byte, int, error) {
	size := fpdf.SizeType{Wd: 210, Ht: 297}
	if of.A3 {
		size = fpdf.SizeType{Wd: 420, Ht: 297}
	}
	doc := p.document(&fpdf.InitType{UnitStr: "mm", Size: size}, of.Title, about)
	doc.AddPage()
	d := &plan{Press: p, Plat: of, pen: &pdfPen{doc}}
	d.sheet(size, about, doc.AddPage)
	var out bytes.Buffer
	err := doc.Output(&out)
	return out.Bytes(), d.scale, err
}

const (
	platMargin = 12.0
	platGap    = 5.0
	pointHigh  = 4.2 // of a row of the table of points
)

// sheet lays the parts out: the plan on top and the rest below on A4, beside it on A3.
func (d *plan) sheet(size fpdf.SizeType, about About, add func()) {
	width, height := size.Wd-2*platMargin, size.Ht-2*platMargin
	ink, soft := d.colour("--ink"), d.colour("--ink-2")
	d.text(page.Point{platMargin, platMargin + 6}, d.faces.bold.plain(d.Title), 6.5, true, ink)
	d.text(page.Point{platMargin, platMargin + 12}, d.faces.regular.plain(d.Lead), 3.6, false, soft)
	top := platMargin + 18.0
	d.frame = box{platMargin + 8, top, width - 8, 0.53 * height}
	facts := box{platMargin, top + d.frame.height + 14, width * 0.5, 0}
	table := box{platMargin + width*0.5 + platGap, facts.y, width*0.5 - platGap, 0}
	if d.A3 {
		d.frame = box{platMargin + 8, top, width*0.66 - 8, height - 36 - 4*float64(len(d.Notes))}
		facts = box{platMargin + width*0.66 + platGap, top, width*0.34 - platGap, 0}
		table = facts
	}
	d.drawMap()
	bottom := size.Ht - platMargin - 4*float64(len(d.Notes)) - 2
	end := d.facts(facts)
	if d.A3 {
		table.y = end + 4
	}
	table.height, facts.height = bottom-table.y, bottom-facts.y
	left := d.table(table, d.Points)
	d.notes(size)
	for len(left) > 0 {
		add()
		d.text(page.Point{platMargin, platMargin + 6}, d.faces.bold.plain(d.Title), 4.5, true, ink)
		for column := range 2 {
			left = d.table(box{platMargin + float64(column)*(width/2+platGap/2), platMargin + 12, width/2 - platGap/2,
				bottom - platMargin - 12}, left)
		}
		d.notes(size)
	}
}

// drawMap draws the frame, the grid, what lies around and the parcel.
func (d *plan) drawMap() {
	d.fit()
	ink, soft := d.colour("--ink"), d.colour("--line-strong")
	wash := mix(d.wash(d.Class), white, 0.55)
	d.within(d.frame, func() {
		for _, o := range d.Around {
			d.line(d.moved(o.Rings), true, 0.18, soft)
		}
		d.area(d.moved(d.Rings), wash)
		d.grid()
		for _, o := range d.Around {
			d.name(o.Name, d.at(o.At), 2.6)
		}
		d.line(d.moved(d.Rings), true, 0.5, d.colour("--seal"))
		d.corners()
	})
	d.line(d.frame.ring(), true, 0.5, ink)
	d.margins()
	d.arrow()
	d.legend()
}

// fit chooses the largest scale at which the parcel and some of what lies around it fit the frame.
func (d *plan) fit() {
	low, high := page.Point{math.Inf(1), math.Inf(1)}, page.Point{math.Inf(-1), math.Inf(-1)}
	for _, ring := range d.Rings {
		for _, p := range ring {
			low = page.Point{min(low[0], p[0]), min(low[1], p[1])}
			high = page.Point{max(high[0], p[0]), max(high[1], p[1])}
		}
	}
	d.middle = page.Point{(low[0] + high[0]) / 2, (low[1] + high[1]) / 2}
	const share = 0.8 // of the frame that the parcel takes at most
	for _, d.scale = range scales {
		mm := 1000 / float64(d.scale)
		if (high[0]-low[0])*mm <= share*d.frame.width && (high[1]-low[1])*mm <= share*d.frame.height {
			return
		}
	}
}

// at is where a position of the plane lies on the sheet.
func (d *plan) at(p page.Point) page.Point {
	mm := 1000 / float64(d.scale)
	return page.Point{d.frame.x + d.frame.width/2 + (p[0]-d.middle[0])*mm,
		d.frame.y + d.frame.height/2 - (p[1]-d.middle[1])*mm}
}

func (d *plan) moved(rings [][]page.Point) [][]page.Point {
	all := make([][]page.Point, len(rings))
	for i, ring := range rings {
		all[i] = make([]page.Point, len(ring))
		for j, p := range ring {
			all[i][j] = d.at(p)
		}
	}
	return all
}

// step is how far the lines of the grid are apart, in metres: some 4 to 10 cm of the sheet.
func (d *plan) step() float64 { return float64(d.scale) / 20 }

// lines calls draw for each line of the grid that crosses the frame: its place in the plane, by x or y.
func (d *plan) lines(axis int, draw func(metres float64)) {
	half := []float64{d.frame.width, d.frame.height}[axis] / 2 * float64(d.scale) / 1000
	for at := math.Ceil((d.middle[axis]-half)/d.step()) * d.step(); at <= d.middle[axis]+half; at += d.step() {
		draw(at)
	}
}

// grid draws a cross where lines of the grid meet.
func (d *plan) grid() {
	const arm = 2.5
	d.lines(0, func(x float64) {
		d.lines(1, func(y float64) {
			p := d.at(page.Point{x, y})
			d.line([][]page.Point{{{p[0] - arm, p[1]}, {p[0] + arm, p[1]}}, {{p[0], p[1] - arm}, {p[0], p[1] + arm}}}, false,
				0.12, d.colour("--ink-2"))
		})
	})
}

// margins writes the grid's coordinates at the frame: northings at its left, eastings below.
func (d *plan) margins() {
	ink := d.colour("--ink-2")
	d.lines(0, func(x float64) {
		p := d.at(page.Point{x, d.middle[1]})
		text := strconv.FormatFloat(x, 'f', 0, 64)
		d.line([][]page.Point{{{p[0], d.bottom()}, {p[0], d.bottom() + 1.5}}}, false, 0.2, ink)
		d.text(page.Point{p[0] - d.faces.regular.wide(text, 2.2)/2, d.bottom() + 4}, text, 2.2, false, ink)
	})
	d.lines(1, func(y float64) {
		p := d.at(page.Point{d.middle[0], y})
		text := strconv.FormatFloat(y, 'f', 0, 64)
		d.line([][]page.Point{{{d.frame.x - 1.5, p[1]}, {d.frame.x, p[1]}}}, false, 0.2, ink)
		d.text(page.Point{d.frame.x - 2 - d.faces.regular.wide(text, 2.2), p[1] + 0.8}, text, 2.2, false, ink)
	})
}

func (d *plan) bottom() float64 { return d.frame.y + d.frame.height }

// most is how many points are named on the plan: more would cover it.
const mostNamed = 80

// corners draws the boundary points and their names, outwards of the parcel.
func (d *plan) corners() {
	n := 0
	for _, ring := range d.Rings {
		for _, corner := range ring {
			n++
			p := d.at(corner)
			d.area([][]page.Point{circle(p, 0.75)}, white)
			d.line([][]page.Point{circle(p, 0.75)}, true, 0.25, d.colour("--seal"))
			if n > mostNamed {
				continue
			}
			away := page.Point{p[0] - (d.frame.x + d.frame.width/2), p[1] - (d.frame.y + d.frame.height/2)}
			length := math.Max(0.001, math.Hypot(away[0], away[1]))
			d.name("J"+strconv.Itoa(n), page.Point{p[0] + away[0]/length*3.4, p[1] + away[1]/length*3.4 + 0.8}, 2.3)
		}
	}
}

func circle(p page.Point, r float64) []page.Point {
	const sides = 16
	ring := make([]page.Point, sides)
	for i := range ring {
		angle := 2 * math.Pi * float64(i) / sides
		ring[i] = page.Point{p[0] + r*math.Cos(angle), p[1] + r*math.Sin(angle)}
	}
	return ring
}

// name writes around a point, on a light ground.
func (d *plan) name(text string, at page.Point, size float64) {
	text = d.faces.regular.plain(text)
	wide := d.faces.regular.wide(text, size)
	d.area(box{at[0] - wide/2 - 0.3, at[1] - 0.85*size, wide + 0.6, size}.ring(), white)
	d.text(page.Point{at[0] - wide/2, at[1]}, text, size, false, d.colour("--ink"))
}

// arrow points to the north, which is up.
func (d *plan) arrow() {
	x, y, ink := d.frame.x+d.frame.width-9, d.frame.y+5, d.colour("--ink")
	d.area(box{x - 5, y - 2, 10, 19}.ring(), white)
	d.area([][]page.Point{{{x, y}, {x + 3, y + 10}, {x, y + 8}, {x - 3, y + 10}}}, ink)
	d.name(d.North, page.Point{x, y + 14}, 3)
}

// legend says the scale, with a bar, and what is drawn.
func (d *plan) legend() {
	y, x := d.bottom()+9, d.frame.x
	ink := d.colour("--ink")
	text := d.faces.bold.plain(d.Scale(d.scale))
	d.text(page.Point{x, y}, text, 3.4, true, ink)
	x += d.faces.bold.wide(text, 3.4) + 4
	bar := d.step() / 2 * 1000 / float64(d.scale)
	d.line([][]page.Point{{{x, y - 2}, {x, y}, {x + bar, y}, {x + bar, y - 2}}}, false, 0.3, ink)
	meters := strconv.FormatFloat(d.step()/2, 'f', -1, 64) + " m"
	d.text(page.Point{x + bar + 1, y}, meters, 2.6, false, ink)
	x += bar + 4 + d.faces.regular.wide(meters, 2.6)
	key := func(draw func(), text string) {
		draw()
		text = d.faces.regular.plain(text)
		d.text(page.Point{x + 7, y}, text, 2.8, false, ink)
		x += 11 + d.faces.regular.wide(text, 2.8)
	}
	square := func(fill color.RGBA, line color.RGBA, width float64) func() {
		return func() {
			b := box{x, y - 3, 5.5, 3}
			d.area(b.ring(), fill)
			d.line(b.ring(), true, width, line)
		}
	}
	key(square(mix(d.wash(d.Class), white, 0.55), d.colour("--seal"), 0.5), d.Legend[0])
	key(square(white, d.colour("--line-strong"), 0.18), d.Legend[1])
	key(func() {
		d.line([][]page.Point{circle(page.Point{x + 3, y - 1.2}, 0.75)}, true, 0.25, d.colour("--seal"))
	},
		d.Legend[2])
}

// facts writes names and values, and returns where they end.
func (d *plan) facts(b box) float64 {
	const size, leads = 3.0, 4.4
	name := b.width * 0.34
	y := b.y
	for _, fact := range d.Facts {
		values := d.faces.regular.lines(fact[1], size, b.width-name)
		names := d.faces.bold.lines(fact[0], size, name-1)
		for i, line := range names {
			d.text(page.Point{b.x, y + 3 + leads*float64(i)}, line, size, true, d.colour("--ink-2"))
		}
		for i, line := range values {
			d.text(page.Point{b.x + name, y + 3 + leads*float64(i)}, line, size, false, d.colour("--ink"))
		}
		y += leads*float64(max(len(values), len(names), 1)) + 0.6
		d.line([][]page.Point{{{b.x, y - 0.6}, {b.x + b.width, y - 0.6}}}, false, 0.1, d.colour("--line"))
	}
	return y
}

// table writes as many points as fit, and returns the others.
func (d *plan) table(b box, rows [][]string) [][]string {
	if len(rows) == 0 || b.height < 3*pointHigh {
		return rows
	}
	column := func(i int) float64 { return b.x + b.width*[]float64{0, 0.16, 0.45, 0.77, 1}[i] }
	y := b.y + pointHigh
	for i, head := range d.Head {
		d.text(page.Point{column(i), y - 1}, d.faces.bold.plain(head), 2.6, true, d.colour("--ink-2"))
	}
	d.line([][]page.Point{{{b.x, y}, {b.x + b.width, y}}}, false, 0.25, d.colour("--ink"))
	for len(rows) > 0 && y+pointHigh <= b.y+b.height {
		y += pointHigh
		for i, cell := range rows[0] {
			d.text(page.Point{column(i), y - 1}, cell, 2.6, false, d.colour("--ink"))
		}
		d.line([][]page.Point{{{b.x, y}, {b.x + b.width, y}}}, false, 0.08, d.colour("--line"))
		rows = rows[1:]
	}
	return rows
}

// notes are written at the foot of each sheet.
func (d *plan) notes(size fpdf.SizeType) {
	for i, note := range d.Notes {
		d.text(page.Point{platMargin, size.Ht - platMargin - 4*float64(len(d.Notes)-1-i)}, d.faces.regular.plain(note), 2.7,
			false, d.colour("--ink-2"))
	}
}
