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
	Title  string     // what a reader hears in place of the drawing
	Under  []Backdrop // pictures below all, the lowest first
	Credit string     // whose work these are
	Ground []Shape    // drawn below, for orientation: it does not widen the drawing
	Shapes []Shape    // what the drawing is about
	Legend []Key      // what the colours mean
	Scale  ScaleText  // writes the length of the scale bar
	Paper  *Paper     // nil: as wide as the page
}

// Paper is a sheet that a drawing fills at a round scale, on a screen as on paper.
type Paper struct {
	Width, Height float64                      // in millimetres
	North         string                       // beside the arrow
	Scale         func(denominator int) string // says at which scale the paper shows the ground
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
	Label string // written inside an area where it fits, "" for nothing
	kind  string // of GeoJSON
	parts [][]Point
}

// Point is a position: longitude and latitude, or units to the right and downwards.
type Point [2]float64

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
		s.parts = [][]Point{{{}}}
		err = json.Unmarshal(g.Coordinates, &s.parts[0][0])
	case "MultiPoint", "LineString":
		s.parts = make([][]Point, 1)
		err = json.Unmarshal(g.Coordinates, &s.parts[0])
	case "MultiLineString", "Polygon":
		err = json.Unmarshal(g.Coordinates, &s.parts)
	case "MultiPolygon":
		var polygons [][][]Point
		err = json.Unmarshal(g.Coordinates, &polygons)
		for _, rings := range polygons {
			s.parts = append(s.parts, rings...)
		}
	}
	return s, err
}

// Sizes of a drawing in its own units, of which a full-width drawing on a desk shows about one a pixel.
const (
	drawingWidth = 960.0
	heightMost   = 560.0
	heightLeast  = 260.0
	margin       = 28.0
	barShare     = 0.19 // of the width, at most, is the scale bar
	spanLeast    = 50.0 // metres across at least: a Point alone has no extent
	paperMargin  = 8.0  // millimetres
)

// The ellipsoid of CGCS2000 (GB/T 30117-2013; WGS 84's differs by 0.1 mm): its radius at the equator in metres, and
// its eccentricity squared.
const (
	radius       = 6_378_137.0
	eccentricity = 0.006_694_380_022_9
)

// perDegree is how long a degree of longitude and one of latitude are, in metres, at a latitude: the radii of curvature
// of an ellipsoid in the prime vertical and in the meridian.
func perDegree(lat float64) (lon, meridian float64) {
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := 1 - eccentricity*sin*sin
	return radius / math.Sqrt(w) * cos * math.Pi / 180, radius * (1 - eccentricity) / math.Pow(w, 1.5) * math.Pi / 180
}

// denominators are the scales of plans, 1 to so many.
var denominators = []float64{200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000}

// frame maps longitude and latitude onto the sheet: equirectangular, true to scale at the middle latitude, of an
// ellipsoid.
type frame struct {
	lon, lat       float64 // what comes into the middle
	perLon, perLat float64 // units a degree
	Width, Height  float64 // of the sheet, in units
	metres         float64 // a unit
	margin         float64 // in units
	round          float64 // positions are rounded to one unit by this
}

// Drawn is a drawing on its sheet, in units of which y grows downwards: millimetres on paper.
type Drawn struct {
	Drawing
	frame
	Ground, Shapes []Path
	Images         []Image
	Bar            Bar
	OnPaper        string // says the scale of a drawing on paper
}

// Path is a shape on the sheet.
type Path struct {
	Shape
	Lines [][]Point // the rings of an area, or lines; none for marks
	Marks []Point
	Area  bool
	Name  *Point // where the label stands; nil where it doesn't fit
	Dense bool   // a label that in the larger type of a phone would lie over another
}

// Bar is the scale bar, its lower left end at X and Y.
type Bar struct {
	X, Y, Length, Tick float64
	Text               string
}

// Up leads from the bar to the upper end of a tick, Down from there to the lower, Above to where the text stands.
func (b Bar) Up() float64    { return -b.Tick }
func (b Bar) Down() float64  { return 2 * b.Tick }
func (b Bar) Above() float64 { return -1.5 * b.Tick }

// Lay projects a drawing; nil where there is nothing to see.
func (d *Drawing) Lay() *Drawn {
	f, ok := frameOf(d.Shapes, d.Paper)
	if !ok {
		return nil
	}
	out := &Drawn{Drawing: *d, frame: f}
	if d.Paper != nil {
		out.OnPaper = d.Paper.Scale(int(math.Round(f.metres * 1000)))
	}
	for _, b := range d.Under {
		out.Images = append(out.Images, f.images(b)...)
	}
	for _, s := range d.Ground {
		out.Ground = append(out.Ground, f.path(s))
	}
	for _, s := range d.Shapes {
		out.Shapes = append(out.Shapes, f.path(s))
	}
	spread(out.Shapes, out.Ground)
	metres := round125(f.Width * barShare * f.metres)
	out.Bar = Bar{X: f.margin / 2, Y: f.Height - f.margin/2, Length: metres / f.metres, Tick: f.margin / 7}
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
func frameOf(shapes []Shape, paper *Paper) (frame, bool) {
	west, south, east, north, ok := Bounds(shapes)
	if !ok {
		return frame{}, false
	}
	lon, lat := perDegree((south + north) / 2)
	f := frame{lon: (west + east) / 2, lat: (south + north) / 2, Width: drawingWidth, margin: margin, round: 10}
	wide, high := max((east-west)*lon, spanLeast), max((north-south)*lat, spanLeast)
	if paper != nil {
		f.Width, f.Height, f.margin, f.round = paper.Width, paper.Height, paperMargin, 100
		f.metres = paper.scale(wide, high) / 1000
	} else {
		f.metres = max(wide/(drawingWidth-2*margin), high/(heightMost-2*margin))
		f.Height = math.Round(max(high/f.metres+2*margin, heightLeast))
	}
	f.perLon, f.perLat = lon/f.metres, lat/f.metres
	return f, true
}

// scale is the denominator of the largest scale at which so many metres fit on the paper.
func (p *Paper) scale(wide, high float64) float64 {
	least := 1000 * max(wide/(p.Width-2*paperMargin), high/(p.Height-2*paperMargin))
	for _, d := range denominators {
		if d >= least {
			return d
		}
	}
	return math.Ceil(least)
}

func (f *frame) place(p Point) Point {
	return Point{f.Width/2 + (p[0]-f.lon)*f.perLon, f.Height/2 - (p[1]-f.lat)*f.perLat}
}

// path draws a shape. Vertices that are rounded to the place of the one before are left out.
func (f *frame) path(s Shape) Path {
	out := Path{Shape: s, Area: strings.HasSuffix(s.kind, "Polygon")}
	if strings.HasSuffix(s.kind, "Point") {
		for _, p := range s.parts[0] {
			at := f.place(p)
			out.Marks = append(out.Marks, f.rounded(at))
		}
		return out
	}
	for _, part := range s.parts {
		last := Point{math.NaN(), math.NaN()}
		var line []Point
		for _, p := range part {
			at := f.rounded(f.place(p))
			if at != last {
				line = append(line, at)
			}
			last = at
		}
		out.Lines = append(out.Lines, line)
	}
	out.Name = f.labelPlace(&s)
	return out
}

// D is the outline as SVG writes it, "" for marks.
func (p Path) D() string {
	var d []byte
	for _, line := range p.Lines {
		for i, at := range line {
			if i == 0 {
				d = append(d, 'M')
			} else {
				d = append(d, 'L')
			}
			d = strconv.AppendFloat(d, at[0], 'f', -1, 64)
			d = append(d, ' ')
			d = strconv.AppendFloat(d, at[1], 'f', -1, 64)
		}
		if p.Area && len(line) > 0 {
			d = append(d, 'Z')
		}
	}
	return string(d)
}

// rounded rounds to what the sheet shows; far beyond its edges nothing is told apart.
func (f *frame) rounded(p Point) Point {
	for i := range p {
		p[i] = math.Round(max(-5000, min(p[i], 5000))*f.round) / f.round
	}
	return p
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
