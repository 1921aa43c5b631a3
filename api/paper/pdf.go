package paper

import (
	"bytes"
	"image/color"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"luodi/api/page"
	"luodi/message"
)

// A4 and its margins.
const (
	a4Width, a4Height = 210, 297
	sideMargin        = 15
	headMargin        = 14
	footMargin        = 18
	codeSide          = 26 // of the QR code
)

// A4Plan is the room for a plan on A4: as wide as between the margins.
const (
	A4PlanWidth  = a4Width - 2*sideMargin
	A4PlanHeight = 120
)

// About is what a document says of itself.
type About struct {
	Lang message.Lang
	Foot string     // at the foot of each sheet, before its number
	At   *time.Time // of the figures; the document is made at that moment, so that equal pages are equal files
}

// PDF draws a page on sheets of A4.
func (p *Press) PDF(of *page.Page, about About) ([]byte, error) {
	sheets := 1
	p.sheets(of, about, 0, blank{}, func() { sheets++ })
	doc := p.document(&fpdf.InitType{UnitStr: "mm", SizeStr: "A4"}, of.Title, about)
	doc.SetSubject(p.faces.regular.plain(of.Lead), true)
	doc.AddPage()
	p.sheets(of, about, sheets, &pdfPen{doc}, doc.AddPage)
	var out bytes.Buffer
	err := doc.Output(&out)
	return out.Bytes(), err
}

// document is an empty document with the type, and what it says of itself.
func (p *Press) document(sheet *fpdf.InitType, title string, about About) *fpdf.Fpdf {
	doc := fpdf.NewCustom(sheet)
	doc.AddUTF8FontFromBytes("luodi", "", p.faces.regular.file)
	doc.AddUTF8FontFromBytes("luodi", "B", p.faces.bold.file)
	doc.SetAutoPageBreak(false, 0)
	doc.SetCatalogSort(true)
	made := time.Unix(0, 0).UTC()
	if about.At != nil {
		made = about.At.UTC()
	}
	doc.SetCreationDate(made)
	doc.SetModificationDate(made)
	doc.SetTitle(p.faces.regular.plain(title), true)
	doc.SetCreator("Luodi", true)
	doc.SetLang(map[message.Lang]string{message.ZH: "zh-CN", message.EN: "en"}[about.Lang])
	return doc
}

// sheets sets a page on A4, with a pen.
func (p *Press) sheets(of *page.Page, about About, all int, with pen, add func()) {
	f := &flow{Press: p, pen: with, left: sideMargin, width: A4PlanWidth, top: headMargin, bottom: a4Height - footMargin,
		y: headMargin, body: 3.3, columns: 2}
	number := 1
	foot := func() {
		y := float64(a4Height - footMargin + 4)
		f.line([][]page.Point{{{f.left, y}, {f.left + f.width, y}}}, false, 0.15, f.colour("--line-strong"))
		count := message.Text(about.Lang, "api.sheet.of", "n", number, "all", all)
		wide := f.faces.regular.wide(count, 2.8)
		lines := f.faces.regular.lines(about.Foot, 2.8, f.width-wide-5)
		f.write(lines[:min(2, len(lines))], f.left, y+1, 2.8, false, "--ink-2")
		f.write([]string{count}, f.left+f.width-wide, y+1, 2.8, false, "--ink-2")
	}
	f.turn = func() {
		foot()
		add()
		number++
	}
	f.head(of, message.Text(about.Lang, "api.product"))
	f.sections(of)
	foot()
}

// head sets the title beside the QR code.
func (f *flow) head(of *page.Page, product string) {
	code, top, whole := qr(of), f.y, f.width
	if code != nil {
		at := box{f.left + f.width - codeSide, top - 2, codeSide, codeSide}
		f.code(code, at)
		f.link(at, code.Text)
		f.width -= codeSide + 4
	}
	f.paragraph(product, 3, true, "--seal")
	f.paragraph(of.Title, 6.2, true, "--ink")
	f.paragraph(of.Lead, 4, false, "--ink-2")
	if f.width = whole; code != nil {
		f.paragraph(code.Text, 2.6, false, "--ink-2")
		f.y = max(f.y, top+codeSide-2)
	}
	f.y += 2
}

// pdfPen draws on the sheets of a PDF.
type pdfPen struct{ doc *fpdf.Fpdf }

func (p *pdfPen) path(lines [][]page.Point, closed bool) {
	for _, line := range lines {
		for i, at := range line {
			if i == 0 {
				p.doc.MoveTo(at[0], at[1])
			} else {
				p.doc.LineTo(at[0], at[1])
			}
		}
		if closed && len(line) > 0 {
			p.doc.ClosePath()
		}
	}
}

func (p *pdfPen) area(rings [][]page.Point, c color.RGBA) {
	p.doc.SetFillColor(int(c.R), int(c.G), int(c.B))
	p.path(rings, true)
	p.doc.DrawPath("f*")
}

func (p *pdfPen) line(lines [][]page.Point, closed bool, width float64, c color.RGBA) {
	p.doc.SetDrawColor(int(c.R), int(c.G), int(c.B))
	p.doc.SetLineWidth(width)
	p.doc.SetLineJoinStyle("round")
	p.path(lines, closed)
	p.doc.DrawPath("D")
}

func (p *pdfPen) text(at page.Point, text string, size float64, bold bool, c color.RGBA) {
	p.doc.SetTextColor(int(c.R), int(c.G), int(c.B))
	p.doc.SetFont("luodi", map[bool]string{true: "B"}[bold], 10)
	p.doc.SetFontUnitSize(size)
	p.doc.Text(at[0], at[1], text)
}

func (p *pdfPen) within(b box, draw func()) {
	p.doc.ClipRect(b.x, b.y, b.width, b.height, false)
	draw()
	p.doc.ClipEnd()
}

func (p *pdfPen) link(b box, href string) {
	if strings.HasPrefix(href, "http") { // on paper nothing is relative
		p.doc.LinkString(b.x, b.y, b.width, b.height, href)
	}
}
