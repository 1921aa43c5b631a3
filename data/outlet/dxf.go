package outlet

import (
	"bufio"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"luodi/geo"
)

// dxf writes AutoCAD's exchange format of release 2000 (AC1015) as text: a ring a closed LWPOLYLINE, a line an open one,
// a point a POINT; a layer a class of features, another for their labels. All values stand in the extended data of a
// feature's first entity. Texts are in GBK ($DWGCODEPAGE ANSI_936), what that lacks as \U+XXXX, a half of UTF-16 each.
//
// The table of layers and the extent stand before the entities: those go to disk first.
type dxf struct {
	*paper
	layer    *Layer
	entities *part
	out      *dxfText // to entities
	layers   []dxfLayer
	bounds   orb.Bound
}

type dxfLayer struct {
	name   string
	colour rgb
}

// dxfText writes pairs of a group code and a value.
type dxfText struct {
	w       *bufio.Writer
	encoder *encoding.Encoder
	handle  uint64
	buf     []byte
}

// Handles of what stands before the entities.
const (
	dxfModelSpace = "1F"
	dxfFirst      = 0x100
)

func openDXF(p *paper) (sink, error) {
	d := &dxf{paper: p, bounds: emptyBound}
	var err error
	if d.entities, err = p.part(); err != nil {
		return nil, err
	}
	d.out = &dxfText{w: d.entities.Writer, encoder: simplifiedchinese.GBK.NewEncoder(), handle: dxfFirst}
	return d, nil
}

// Close lets go of the entities on disk.
func (d *dxf) Close() error { return d.entities.file.Close() }

func (d *dxf) begin(l *Layer) error {
	d.layer = l
	for _, c := range l.classes(d.Words) {
		d.layerOf(l, c)
	}
	return nil
}

// layerOf is the name of the layer of a class.
func (d *dxf) layerOf(l *Layer, c class) string {
	name := l.Title.In(d.English)
	if c.value != "" {
		name += "_" + c.title.In(d.English)
	}
	return d.named(name, l.colour(c.value))
}

// named adds a layer if there is none of the name.
func (d *dxf) named(name string, colour rgb) string {
	name = strings.Map(func(c rune) rune {
		if strings.ContainsRune(`<>/\":;?*|=,'`+"`", c) || c < ' ' {
			return '_'
		}
		return c
	}, name)
	if !slices.ContainsFunc(d.layers, func(l dxfLayer) bool { return l.name == name }) {
		d.layers = append(d.layers, dxfLayer{name, colour})
	}
	return name
}

func (d *dxf) row(r *Row) error {
	l, o := d.layer, d.out
	layer := d.layerOf(l, l.class(r, d.Words))
	d.bounds = d.bounds.Union(r.Shape.Bound())
	if p, ok := r.Shape.(orb.Point); ok {
		o.entity("POINT", layer, "AcDbPoint")
		o.position(p, l.decimals())
		d.data(r)
	}
	number := 0
	for part, lines := range partsOf(r.Shape) {
		for _, line := range lines {
			d.line(layer, line)
			if number++; number == 1 {
				d.data(r)
			} else {
				d.further(r, part+1, number)
			}
		}
	}
	d.label(r)
	return nil // the writer keeps a failure and tells it at the end
}

// partsOf are the lines and rings of a geometry by its parts.
func partsOf(g orb.Geometry) [][][]orb.Point {
	var parts [][][]orb.Point
	for _, polygon := range polygonsOf(g) {
		parts = append(parts, linesOf(polygon))
	}
	if lines, is := g.(orb.MultiLineString); is {
		parts = append(parts, linesOf(lines))
	}
	return parts
}

// line draws a polyline: of an area a closed one, without the corner that ends it.
func (d *dxf) line(layer string, line []orb.Point) {
	o, closed := d.out, 0
	if d.layer.Geometry != "MultiLineString" {
		closed, line = 1, line[:len(line)-1]
	}
	o.entity("LWPOLYLINE", layer, "AcDbPolyline")
	o.int(90, len(line))
	o.int(70, closed)
	for _, p := range line {
		o.number(10, p[0], d.layer.decimals())
		o.number(20, p[1], d.layer.decimals())
	}
}

// Extended data holds 16 KiB for an entity, 255 bytes for a text.
const (
	dxfRoom = 15_000
	dxfMost = 240
)

// data writes the values as extended data: name=value, as CSV has it, and name+=more of what a text can't hold. A value
// for which there is no room is left out.
func (d *dxf) data(r *Row) {
	o := d.out
	o.text(1001, "LUODI")
	o.text(1000, "id="+r.ID.String())
	o.text(1000, "collection="+d.layer.ID)
	room := dxfRoom
	for i := range r.Values {
		f := &d.layer.Fields[i]
		if r.Values[i].Null {
			continue
		}
		texts := o.pieces(f.Name, string(appendText(nil, f.Kind, &r.Values[i])))
		size := 0
		for _, text := range texts {
			size += len(text) + 8
		}
		if size > room {
			continue
		}
		room -= size
		for _, text := range texts {
			o.pair(1000, text)
		}
	}
}

// further says of a further line of a feature to which it belongs.
func (d *dxf) further(r *Row, part, number int) {
	o := d.out
	o.text(1001, "LUODI")
	o.text(1000, "id="+r.ID.String())
	o.text(1000, "collection="+d.layer.ID)
	o.text(1000, "part="+strconv.Itoa(part))
	o.text(1000, "ring="+strconv.Itoa(number))
}

// pieces are a value as texts that a group can hold.
func (o *dxfText) pieces(name, value string) (texts [][]byte) {
	text := append([]byte(name), '=')
	for _, c := range value {
		one := o.encoded(string(c))
		if len(text)+len(one) > dxfMost {
			texts, text = append(texts, text), append([]byte(name), "+="...)
		}
		text = append(text, one...)
	}
	return append(texts, text)
}

// label writes the name of a feature, and of a parcel its legal area below.
func (d *dxf) label(r *Row) {
	l := d.layer
	if l.Geometry == "MultiLineString" {
		return
	}
	layer := d.named(l.Title.In(d.English)+"_"+d.Words.Say("outlet.labels").In(d.English), rgb{})
	height := 3.0
	at, inside := r.Shape.(orb.Point)
	if polygons := polygonsOf(r.Shape); len(polygons) > 0 {
		largest := slices.MaxFunc(polygons, func(a, b orb.Polygon) int {
			return int(math.Copysign(1, boxArea(a.Bound())-boxArea(b.Bound())))
		})
		at, inside = geo.PointInside(largest), true
		height = min(8, max(0.5, math.Sqrt(boxArea(largest.Bound()))/16))
	}
	name := l.name(r, d.English)
	if !inside || name == "" {
		return
	}
	d.out.label(layer, at, height, name)
	if mu := l.field("legal_mu"); mu >= 0 && !r.Values[mu].Null && l.Geometry == "Polygon" {
		d.out.label(layer, orb.Point{at[0], at[1] - 1.5*height}, 0.8*height, r.text(mu)+" "+
			d.Words.Say("outlet.mu").In(d.English))
	}
}

func boxArea(b orb.Bound) float64 { return (b.Max[0] - b.Min[0]) * (b.Max[1] - b.Min[1]) }

func (o *dxfText) entity(kind, layer, subclass string) {
	o.text(0, kind)
	o.handle++
	o.text(5, strings.ToUpper(strconv.FormatUint(o.handle, 16)))
	o.text(330, dxfModelSpace)
	o.text(100, "AcDbEntity")
	o.text(8, layer)
	o.text(100, subclass)
}

func (o *dxfText) label(layer string, at orb.Point, height float64, text string) {
	o.entity("TEXT", layer, "AcDbText")
	o.position(at, 3)
	o.number(40, height, 2)
	o.text(1, text)
	o.int(72, 1) // middled on the second position
	o.number(11, at[0], 3)
	o.number(21, at[1], 3)
	o.number(31, 0, 1)
	o.text(100, "AcDbText")
	o.int(73, 2)
}

func (o *dxfText) position(p orb.Point, decimals int) {
	o.number(10, p[0], decimals)
	o.number(20, p[1], decimals)
	o.number(30, 0, 1)
}

// pair writes what is in the buffer as the value of a code. The writer keeps a failure.
func (o *dxfText) pair(code int, value []byte) {
	head := fmt.Appendf(nil, "%3d\n", code)
	_, _ = o.w.Write(head)
	_, _ = o.w.Write(append(value, '\n'))
}

func (o *dxfText) int(code, n int) { o.pair(code, strconv.AppendInt(o.buf[:0], int64(n), 10)) }

func (o *dxfText) number(code int, x float64, decimals int) {
	o.pair(code, strconv.AppendFloat(o.buf[:0], x, 'f', decimals, 64))
}

// text writes a text.
func (o *dxfText) text(code int, text string) { o.pair(code, o.encoded(text)) }

// encoded is a text in GBK, valid until the next. Control characters become blanks: a value is one line.
func (o *dxfText) encoded(text string) []byte {
	b := o.buf[:0]
	plain := true
	for i := range len(text) {
		plain = plain && text[i] >= ' ' && text[i] < 0x7f
	}
	if plain {
		return append(b, text...)
	}
	for _, c := range text {
		if c < ' ' || c == 0x7f {
			c = ' '
		}
		one, err := o.encoder.Bytes([]byte(string(c)))
		switch {
		case err == nil:
			b = append(b, one...)
		case c > 0xffff: // as AutoCAD does: its texts are UTF-16
			high, low := utf16.EncodeRune(c)
			b = fmt.Appendf(b, "\\U+%04X\\U+%04X", high, low)
		default:
			b = fmt.Appendf(b, "\\U+%04X", c)
		}
	}
	return b
}

func (d *dxf) end() error {
	entities, err := d.entities.rewind()
	if err != nil {
		return err
	}
	o := &dxfText{w: d.w, encoder: d.out.encoder}
	d.head(o)
	o.text(0, "SECTION")
	o.text(2, "ENTITIES")
	if _, err := d.w.ReadFrom(entities); err != nil {
		return err
	}
	o.text(0, "ENDSEC")
	o.objects()
	o.text(0, "EOF")
	return nil
}

// aciColours are the colours of AutoCAD's index that are told apart at a glance, by number.
var aciColours = map[int]rgb{1: {255, 0, 0}, 2: {255, 255, 0}, 3: {0, 255, 0}, 4: {0, 255, 255}, 5: {0, 0, 255},
	6: {255, 0, 255}, 8: {128, 128, 128}, 9: {192, 192, 192}, 30: {255, 127, 0}, 40: {255, 191, 0}, 32: {165, 82, 0},
	94: {0, 129, 0}, 115: {127, 223, 191}, 151: {127, 191, 255}, 154: {0, 76, 127}, 191: {191, 127, 255}, 31: {255, 191, 127}}

// aci is the number of the nearest of them; 7, the ink of the screen, for black and white.
func (c rgb) aci() int {
	if c == (rgb{}) || c == (rgb{255, 255, 255}) {
		return 7
	}
	best, least := 7, math.Inf(1)
	for _, number := range []int{1, 2, 3, 4, 5, 6, 8, 9, 30, 31, 32, 40, 94, 115, 151, 154, 191} {
		a := aciColours[number]
		far := math.Pow(float64(a.r)-float64(c.r), 2) + math.Pow(float64(a.g)-float64(c.g), 2) +
			math.Pow(float64(a.b)-float64(c.b), 2)
		if far < least {
			best, least = number, far
		}
	}
	return best
}
