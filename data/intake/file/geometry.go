package file

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// geometry gathers a GeoJSON geometry. The coordinates may come before the type, so they are kept flat: positions in a
// row, and for each array that closed, how deep it was and how many positions there were by then.
type geometry struct {
	there  bool
	kind   string
	xy     []float64
	closed []closing
	depth  int // how many arrays are around a position; -1 when no position was seen
	level  int
	fault  *Fault
	extra  bool
	crs    any // the crs member of it or of its feature
}

type closing struct{ level, positions int }

func (g *geometry) read(s *scanner) error {
	c, err := s.inside()
	if err != nil {
		return err
	}
	if c != '{' {
		return s.skip()
	}
	g.there, g.depth = true, -1
	return s.members(func(name string) (err error) {
		switch name {
		case "type":
			g.kind, _, err = s.scalar()
		case "crs":
			g.crs, err = s.member()
		case "coordinates":
			if c, err := s.inside(); err != nil || c != '[' {
				return errors.Join(err, skipUnless(s, err))
			}
			g.xy, g.closed, g.depth = g.xy[:0], g.closed[:0], -1
			err = g.coordinates(s)
		default:
			err = s.skip()
		}
		return err
	})
}

// coordinates reads one array: a position when its first element is a number, else arrays.
func (g *geometry) coordinates(s *scanner) error {
	count := 0
	isPosition := false
	level := g.level
	g.level++
	err := s.elements(func() error {
		c, err := s.inside()
		if err != nil {
			return err
		}
		if count++; c == '[' && !isPosition {
			return g.coordinates(s)
		}
		if count > 1 && !isPosition {
			g.refuse(BadGeometry, "[…]", strconv.QuoteRuneToASCII(rune(c)))
			return s.skip()
		}
		isPosition = true
		return g.number(s, count)
	})
	g.level--
	if err != nil {
		return err
	}
	if !isPosition {
		g.closed = append(g.closed, closing{level, len(g.xy) / 2})
		return nil
	}
	if g.depth == -1 {
		g.depth = level
	}
	if count < 2 || g.depth != level {
		g.refuse(BadGeometry, "[x, y]", fmt.Sprintf("%d numbers at depth %d", count, level))
	}
	if len(g.xy)%2 == 1 {
		g.xy = append(g.xy, 0)
	}
	if len(g.xy)/2 > s.limits.Points {
		g.refuse(TooManyPoints, strconv.Itoa(s.limits.Points), "> "+strconv.Itoa(s.limits.Points))
		g.xy, g.closed = g.xy[:0], g.closed[:0]
	}
	return nil
}

// number reads the i-th number of a position. Height and measure are read and left out.
func (g *geometry) number(s *scanner, i int) error {
	c, err := s.inside()
	if err != nil {
		return err
	}
	if c == '[' || c == '{' || c == '"' {
		g.refuse(BadGeometry, "[x, y]", strconv.QuoteRuneToASCII(rune(c)))
		return s.skip()
	}
	if err := s.word(); err != nil {
		return err
	}
	text := string(s.token)
	if !isNumber(text) && !isNonFinite(text) && text != "null" {
		return s.badWord("a number")
	}
	if i > 2 {
		g.extra = true
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !finite(v) {
		g.refuse(NotFinite, "", clip(text))
		v = 0
	}
	g.xy = append(g.xy, v)
	return nil
}

// refuse keeps the first fault; reading goes on, for what follows this feature.
func (g *geometry) refuse(code, expected, got string) {
	if g.fault == nil {
		g.fault = &Fault{Code: code, Field: "coordinates", Expected: expected, Got: got}
	}
}

var kindsByName = map[string]Kind{
	"Point": Point, "LineString": LineString, "Polygon": Polygon, "MultiPoint": MultiPoint,
	"MultiLineString": MultiLineString,
	"MultiPolygon":    MultiPolygon, "GeometryCollection": Collection,
}

// depths is how many arrays are around a position of each kind.
var depths = map[Kind]int{Point: 0, LineString: 1, MultiPoint: 1, Polygon: 2, MultiLineString: 2, MultiPolygon: 3}

// shape makes the geometry that was gathered, checked as one from WKB is.
func (g *geometry) shape(maxPoints int) (Shape, *Fault) {
	kind, known := kindsByName[g.kind]
	switch {
	case !g.there:
		return Shape{}, &Fault{Code: NoGeometry}
	case g.fault != nil:
		return Shape{}, g.fault
	case !known:
		return Shape{}, &Fault{Code: BadGeometry, Field: "type", Expected: "Point … MultiPolygon", Got: clip(g.kind)}
	case kind == Collection:
		return Shape{Kind: Collection}, nil
	case len(g.xy) == 0:
		return Shape{}, &Fault{Code: EmptyGeometry, Got: g.kind}
	case g.depth != depths[kind] || slices.ContainsFunc(g.closed, func(c closing) bool { return c.level >= g.depth }):
		return Shape{}, &Fault{Code: BadGeometry, Field: "coordinates",
			Expected: fmt.Sprintf("%s: depth %d", g.kind, depths[kind]), Got: strconv.Itoa(g.depth)}
	}
	shape, fault := flatten(g.encode(kind), maxPoints)
	shape.Dropped = shape.Dropped || g.extra
	return shape, fault
}

// encode writes WKB from the flat form.
func (g *geometry) encode(kind Kind) []byte {
	w := wkbWriter{xy: g.xy, out: make([]byte, 0, 32+8*len(g.xy)+16*len(g.closed))}
	w.head(kind)
	total := len(g.xy) / 2
	switch kind {
	case Point:
		w.positions(total)
	case LineString:
		w.counted(total)
	case MultiPoint:
		w.count(total)
		for i := range total {
			w.head(Point)
			w.positions(i + 1)
		}
	default:
		w.nested(kind, g.closed)
	}
	return w.out
}

// wkbWriter appends little-endian WKB from positions in a row.
type wkbWriter struct {
	xy  []float64
	at  int // positions written
	out []byte
}

func (w *wkbWriter) head(kind Kind) {
	w.out = binary.LittleEndian.AppendUint32(append(w.out, 1), uint32(kind))
}

func (w *wkbWriter) count(n int) { w.out = binary.LittleEndian.AppendUint32(w.out, uint32(n)) }

func (w *wkbWriter) positions(until int) {
	for ; w.at < until; w.at++ {
		w.out = binary.LittleEndian.AppendUint64(w.out, math.Float64bits(w.xy[2*w.at]))
		w.out = binary.LittleEndian.AppendUint64(w.out, math.Float64bits(w.xy[2*w.at+1]))
	}
}

func (w *wkbWriter) counted(until int) {
	w.count(until - w.at)
	w.positions(until)
}

// open writes a count of 0 and returns where it stands, for add to raise.
func (w *wkbWriter) open() int {
	w.count(0)
	return len(w.out) - 4
}

func (w *wkbWriter) add(place int) {
	binary.LittleEndian.PutUint32(w.out[place:], binary.LittleEndian.Uint32(w.out[place:])+1)
}

// nested writes the body of a Polygon, MultiLineString or MultiPolygon. Arrays close from the inside out: the rings of
// a polygon stand before its own end.
func (w *wkbWriter) nested(kind Kind, closed []closing) {
	outer, polygon := w.open(), 0
	for _, c := range closed {
		innermost := c.level == depths[kind]-1
		if kind == MultiPolygon && c.level > 0 && polygon == 0 {
			w.head(Polygon)
			polygon = w.open()
			w.add(outer)
		}
		switch {
		case innermost && kind == MultiPolygon:
			w.counted(c.positions)
			w.add(polygon)
		case innermost && kind == MultiLineString:
			w.head(LineString)
			w.counted(c.positions)
			w.add(outer)
		case innermost:
			w.counted(c.positions)
			w.add(outer)
		case c.level == 1:
			polygon = 0
		}
	}
}
