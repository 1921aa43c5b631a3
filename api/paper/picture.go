package paper

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"luodi/api/page"
	"luodi/message"
)

// The long picture: as wide as a phone shows it, as long as its content, at most mostLength.
const (
	pictureWidth  = 90.0
	pictureMargin = 5.0
	pictureDots   = 12.0 // a millimetre: 1,080 dots across
	mostLength    = 600.0
)

// The room for a plan on the long picture.
const (
	PicturePlanWidth  = pictureWidth - 2*pictureMargin
	PicturePlanHeight = 66
)

// The picture of a link, 1,200 by 630 dots, and the room for its plan.
const (
	cardDots       = 10.0
	cardWidth      = 120.0
	cardHeight     = 63.0
	CardPlanWidth  = 60
	CardPlanHeight = 63
)

// Picture draws a page as one long picture (PNG).
func (p *Press) Picture(of *page.Page, about About) ([]byte, error) {
	f := &flow{Press: p, pen: blank{}, left: pictureMargin, width: PicturePlanWidth, bottom: endless, body: 3.4, columns: 1,
		turn: func() {}}
	length := min(f.long(of, about.Lang), mostLength)
	sheet := p.sheet(pictureWidth, length, pictureDots)
	f.pen = sheet
	f.long(of, about.Lang)
	return sheet.encode()
}

// long sets a page on one sheet and says how long it is.
func (f *flow) long(of *page.Page, lang message.Lang) float64 {
	f.y = pictureMargin
	f.paragraph(message.Text(lang, "api.product"), 3.2, true, "--seal")
	f.paragraph(of.Title, 6, true, "--ink")
	f.paragraph(of.Lead, 4, false, "--ink-2")
	f.y += 2
	f.sections(of)
	if code := qr(of); code != nil {
		const side = 36
		f.code(code, box{(pictureWidth - side) / 2, f.y, side, side})
		f.y += side + 1
		for _, line := range f.faces.regular.lines(code.Text, 3, f.width) {
			f.y += f.write([]string{line}, (pictureWidth-f.faces.regular.wide(line, 3))/2, f.y, 3, false, "--ink-2")
		}
	}
	return f.y + pictureMargin
}

// Card draws what a link shows: the plan, the title, what it is about.
func (p *Press) Card(of *page.Page, about About) ([]byte, error) {
	sheet := p.sheet(cardWidth, cardHeight, cardDots)
	f := &flow{Press: p, pen: sheet, left: CardPlanWidth + 5, width: cardWidth - CardPlanWidth - 9, bottom: endless, y: 6,
		turn: func() {}}
	for i := range of.Sections {
		if d := of.Sections[i].Laid(); d != nil {
			f.plan(d, 0, 0)
			break
		}
	}
	f.paragraph(message.Text(about.Lang, "api.product"), 3.2, true, "--seal")
	f.y += 4
	f.paragraph(of.Title, 6, true, "--ink")
	f.y += 2
	f.paragraph(of.Lead, 4.4, false, "--ink-2")
	if of.Contact != "" {
		f.y += 2
		f.paragraph(of.Contact, 3.6, true, "--ink")
	}
	return sheet.encode()
}

// sheet is an empty picture.
func (p *Press) sheet(width, height, dots float64) *pngPen {
	s := &pngPen{image: image.NewRGBA(image.Rect(0, 0, int(width*dots), int(math.Ceil(height*dots)))), dots: dots,
		faces: &p.faces, set: map[setting]font.Face{}}
	s.clip = s.image.Bounds()
	draw.Draw(s.image, s.clip, image.NewUniform(p.colour("--sheet")), image.Point{}, draw.Src)
	return s
}

type setting struct {
	size float64
	bold bool
}

// pngPen draws on a picture. It belongs to one picture.
type pngPen struct {
	image  *image.RGBA
	clip   image.Rectangle
	dots   float64 // a millimetre
	faces  *faces
	set    map[setting]font.Face
	failed error
}

func (p *pngPen) encode() ([]byte, error) {
	if p.failed != nil {
		return nil, p.failed
	}
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, p.image)
	return out.Bytes(), err
}

// fill draws what a path encloses, in the box around it as far as that shows.
func (p *pngPen) fill(rings [][]page.Point, c color.RGBA) {
	least, most := page.Point{math.Inf(1), math.Inf(1)}, page.Point{math.Inf(-1), math.Inf(-1)}
	for _, ring := range rings {
		for _, at := range ring {
			for k := range 2 {
				least[k], most[k] = min(least[k], at[k]*p.dots), max(most[k], at[k]*p.dots)
			}
		}
	}
	if !(least[0] <= most[0]) {
		return
	}
	shown := image.Rect(int(math.Floor(least[0])), int(math.Floor(least[1])), int(math.Ceil(most[0])),
		int(math.Ceil(most[1]))).Intersect(p.clip)
	if shown.Empty() {
		return
	}
	r := vector.NewRasterizer(shown.Dx(), shown.Dy())
	for _, ring := range rings {
		for i, at := range ring {
			x, y := float32(at[0]*p.dots)-float32(shown.Min.X), float32(at[1]*p.dots)-float32(shown.Min.Y)
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(p.image, shown, image.NewUniform(c), image.Point{})
}

func (p *pngPen) area(rings [][]page.Point, c color.RGBA) { p.fill(rings, c) }

// line draws each stretch of a line as a box that is as wide as the line, with a square where two meet: what turns one
// way adds up.
func (p *pngPen) line(lines [][]page.Point, closed bool, width float64, c color.RGBA) {
	half := max(width, 1/p.dots) / 2
	for _, line := range lines {
		var rings [][]page.Point
		for i := range line {
			a, b := line[i], line[(i+1)%len(line)]
			if i+1 == len(line) && !closed {
				break
			}
			long := math.Hypot(b[0]-a[0], b[1]-a[1])
			if long == 0 {
				continue
			}
			x, y := (b[1]-a[1])/long*half, (a[0]-b[0])/long*half
			rings = append(rings, []page.Point{{a[0] + x, a[1] + y}, {b[0] + x, b[1] + y}, {b[0] - x, b[1] - y},
				{a[0] - x, a[1] - y}},
				[]page.Point{{a[0], a[1] - half}, {a[0] + half, a[1]}, {a[0], a[1] + half}, {a[0] - half, a[1]}})
		}
		p.fill(rings, c)
	}
}

func (p *pngPen) text(at page.Point, text string, size float64, bold bool, c color.RGBA) {
	face, known := p.set[setting{size, bold}]
	if !known {
		var err error
		face, err = opentype.NewFace(p.faces.of(bold).font, &opentype.FaceOptions{Size: size * p.dots, DPI: 72,
			Hinting: font.HintingNone})
		if err != nil {
			p.failed = err
			return
		}
		p.set[setting{size, bold}] = face
	}
	into, ok := p.image.SubImage(p.clip).(*image.RGBA)
	if !ok || into.Rect.Empty() {
		return
	}
	(&font.Drawer{Dst: into, Src: image.NewUniform(c), Face: face,
		Dot: fixed.Point26_6{X: fixed.Int26_6(at[0] * p.dots * 64), Y: fixed.Int26_6(at[1] * p.dots * 64)}}).DrawString(text)
}

func (p *pngPen) within(b box, draw func()) {
	before := p.clip
	p.clip = image.Rect(int(b.x*p.dots), int(b.y*p.dots), int((b.x+b.width)*p.dots), int((b.y+b.height)*p.dots)).
		Intersect(before)
	draw()
	p.clip = before
}

func (p *pngPen) link(box, string) {}
