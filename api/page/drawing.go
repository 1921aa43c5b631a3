package page

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Drawing is a map without a script: shapes in longitude and latitude, projected on one plane and drawn as SVG.
type Drawing struct {
	Title  string    // what a reader hears in place of the drawing
	Ground []Shape   // drawn below, for orientation: it does not widen the drawing
	Shapes []Shape   // what the drawing is about
	Legend []Key     // what the colours mean
	Scale  ScaleText // writes the length of the scale bar
}

// ScaleText writes a length in metres, as "200 m".
type ScaleText func(metres float64) string

// Key explains a colour: a class of the style sheet and its meaning, perhaps with the address of those features alone.
type Key struct {
	Class string
	Text  string
	Href  string
}

// Shape is the geometry of a feature on a drawing.
type Shape struct {
	Class string // of the style sheet, which gives the colour
	Title string // shown at the pointer
	Href  string // where a click leads, "" for nowhere
	kind  string // of GeoJSON
	parts [][]point
}

type point [2]float64

// ParseShape reads a GeoJSON geometry. Its coordinates must be longitude and latitude. Null or no geometry is an
// empty shape.
func ParseShape(geometry []byte) (Shape, error) {
	var g struct {
		Type        string
		Coordinates json.RawMessage
	}
	if len(geometry) == 0 {
		return Shape{}, nil
	}
	if err := json.Unmarshal(geometry, &g); err != nil {
		return Shape{}, err
	}
	s := Shape{kind: g.Type}
	var err error
	switch g.Type {
	case "Point":
		s.parts = [][]point{{{}}}
		err = json.Unmarshal(g.Coordinates, &s.parts[0][0])
	case "MultiPoint", "LineString":
		s.parts = make([][]point, 1)
		err = json.Unmarshal(g.Coordinates, &s.parts[0])
	case "MultiLineString", "Polygon":
		err = json.Unmarshal(g.Coordinates, &s.parts)
	case "MultiPolygon":
		var polygons [][][]point
		err = json.Unmarshal(g.Coordinates, &polygons)
		for _, rings := range polygons {
			s.parts = append(s.parts, rings...)
		}
	}
	return s, err
}

// Sizes of a drawing in its own units, of which a full-width drawing on a desk shows about one a pixel.
const (
	drawingWidth  = 960.0
	heightMost    = 560.0
	heightLeast   = 260.0
	margin        = 28.0
	metresADegree = 111_319.49 // of longitude on the equator, of the ellipsoid's radius 6,378,137 m
	barMost       = 180.0      // the longest scale bar
	spanLeast     = 50.0       // metres across at least: a point alone has no extent
)

// frame maps longitude and latitude onto the sheet: equirectangular, true to scale at the middle latitude.
type frame struct {
	lon, lat       float64 // what comes into the middle
	perLon, perLat float64 // units a degree
	Width, Height  float64 // of the sheet, in units
	metres         float64 // a unit
}

// drawn is what the template draws.
type drawn struct {
	Drawing
	frame
	Ground, Shapes []path
	Bar            bar
}

type path struct {
	Shape
	D     string // the outline, "" for marks
	Marks []point
	Area  bool
}

type bar struct {
	X, Y, Length float64
	Text         string
}

// lay projects a drawing; nil where there is nothing to see.
func (d *Drawing) lay() *drawn {
	f, ok := frameOf(d.Shapes)
	if !ok {
		return nil
	}
	out := &drawn{Drawing: *d, frame: f}
	for _, s := range d.Ground {
		out.Ground = append(out.Ground, f.path(s))
	}
	for _, s := range d.Shapes {
		out.Shapes = append(out.Shapes, f.path(s))
	}
	metres := round125(barMost * f.metres)
	out.Bar = bar{X: margin / 2, Y: f.Height - margin/2, Length: metres / f.metres}
	if d.Scale != nil {
		out.Bar.Text = d.Scale(metres)
	}
	return out
}

// Bounds is the box around shapes; false where there is none, or not in degrees.
func Bounds(shapes []Shape) (west, south, east, north float64, ok bool) {
	west, south, east, north = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range shapes {
		for _, part := range s.parts {
			for _, p := range part {
				west, east = min(west, p[0]), max(east, p[0])
				south, north = min(south, p[1]), max(north, p[1])
			}
		}
	}
	return west, south, east, north, west <= east && west >= -180 && east <= 180 && south >= -90 && north <= 90
}

// frameOf fits all shapes onto a sheet.
func frameOf(shapes []Shape) (frame, bool) {
	west, south, east, north, ok := Bounds(shapes)
	if !ok {
		return frame{}, false
	}
	perDegree := metresADegree * math.Cos((south+north)/2*math.Pi/180)
	wide, high := max((east-west)*perDegree, spanLeast), max((north-south)*metresADegree, spanLeast)
	scale := min((drawingWidth-2*margin)/wide, (heightMost-2*margin)/high) // units a metre
	return frame{perLon: perDegree * scale, perLat: metresADegree * scale, metres: 1 / scale, Width: drawingWidth,
		Height: math.Round(max(high*scale+2*margin, heightLeast)), lon: (west + east) / 2, lat: (south + north) / 2}, true
}

func (f *frame) place(p point) point {
	return point{f.Width/2 + (p[0]-f.lon)*f.perLon, f.Height/2 - (p[1]-f.lat)*f.perLat}
}

// path draws a shape. Vertices that fall on the tenth of a unit of the one before are left out.
func (f *frame) path(s Shape) path {
	out := path{Shape: s, Area: strings.HasSuffix(s.kind, "Polygon")}
	if strings.HasSuffix(s.kind, "Point") {
		for _, p := range s.parts[0] {
			at := f.place(p)
			out.Marks = append(out.Marks, point{tenth(at[0]), tenth(at[1])})
		}
		return out
	}
	var d []byte
	for _, part := range s.parts {
		last := point{math.NaN(), math.NaN()}
		for _, p := range part {
			at := f.place(p)
			at = point{tenth(at[0]), tenth(at[1])}
			if at == last {
				continue
			}
			if math.IsNaN(last[0]) {
				d = append(d, 'M')
			} else {
				d = append(d, 'L')
			}
			d = strconv.AppendFloat(d, at[0], 'f', -1, 64)
			d = append(d, ' ')
			d = strconv.AppendFloat(d, at[1], 'f', -1, 64)
			last = at
		}
		if out.Area && len(part) > 0 {
			d = append(d, 'Z')
		}
	}
	out.D = string(d)
	return out
}

// tenth rounds to what the sheet shows; far beyond its edges nothing is told apart.
func tenth(v float64) float64 {
	return math.Round(max(-5000, min(v, 5000))*10) / 10
}

// round125 is the longest of 1, 2 and 5 times a power of ten that is not above a length.
func round125(length float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(length)))
	for _, step := range []float64{5, 2} {
		if step*power <= length {
			return step * power
		}
	}
	return power
}

// Metres writes a length: from 1,000 m on in kilometres.
func Metres(metres float64, m, km string) string {
	if metres >= 1000 {
		return fmt.Sprintf("%g %s", metres/1000, km)
	}
	return fmt.Sprintf("%g %s", metres, m)
}
