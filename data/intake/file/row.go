// Package file reads files of land from outside, in bounded memory: GeoJSON (RFC 7946, and the older form with a crs
// member) as FeatureCollection, Feature or one Feature a line, GeoPackage, the exchange text of land surveys,
// Shapefile, KML, tables in CSV and XLSX, and what GDAL reads in a confined child; plain, in gzip, or in a zip.
//
// A file is untrusted. What can't be taken is a [Fault]: of a row, which leaves the rest readable, or of the file.
package file

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/project"

	"luodi/geo"
)

// Row is one feature of a file.
type Row struct {
	Number int64             // place in the layer, from 1
	ID     string            // the file's own id: a GeoPackage's primary key, a Feature's id; "" if none
	Values map[string]string // attributes as text: null ones are absent, objects and arrays are JSON
	Unread map[string]*Fault // attributes that are not text that can be kept; nobody minds unless one is asked for
	Shape  Shape             // empty when Fault is set
	Fault  *Fault            // why this row can't be taken
}

// Kind is a geometry type by its WKB code.
type Kind uint32

// The kinds that files hold here. Curves, surfaces and solids are refused.
const (
	Point Kind = 1 + iota
	LineString
	Polygon
	MultiPoint
	MultiLineString
	MultiPolygon
	Collection
)

var kindNames = []string{"", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
	"GeometryCollection"}

// KindOf is the kind that GeoJSON gives a name; 0 for one that it doesn't have.
func KindOf(name string) Kind { return Kind(max(0, slices.Index(kindNames, name))) }

// String names the kind as GeoJSON does.
func (k Kind) String() string {
	if int(k) < len(kindNames) && k > 0 {
		return kindNames[k]
	}
	return fmt.Sprintf("WKB %d", uint32(k))
}

// Shape is a geometry as little-endian WKB in two dimensions, in the order x (east), y (north). Its numbers are finite,
// its rings closed and of four points or more, its lines of two or more; whether rings cross is not known here.
type Shape struct {
	WKB     []byte
	Kind    Kind
	Parts   int        // members of a multi geometry; 1 for a single one
	Points  int        // of all rings and lines
	Dropped bool       // it had Z or M, which were left out
	Bounds  [4]float64 // smallest x, smallest y, largest x, largest y
}

// Single returns a multi geometry of one part as that part, anything else as it is.
func (s Shape) Single() Shape {
	const multiHeader = 9
	if s.Kind >= MultiPoint && s.Kind <= MultiPolygon && s.Parts == 1 {
		s.Kind -= MultiPoint - Point
		s.WKB = s.WKB[multiHeader:]
	}
	return s
}

// Scaled returns the shape with its coordinates times a factor.
func (s Shape) Scaled(by float64) Shape {
	g, err := wkb.Unmarshal(s.WKB)
	if err != nil { // readers give shapes that can be read
		return s
	}
	g = project.Geometry(g, func(p orb.Point) orb.Point { return orb.Point{p[0] * by, p[1] * by} })
	body, err := wkb.Marshal(g, binary.LittleEndian)
	if err != nil {
		return s
	}
	s.WKB = body
	for i := range s.Bounds {
		s.Bounds[i] *= by
	}
	return s
}

// Info is what a file says of its layer before the first row.
type Info struct {
	Format string   // of Formats
	Layer  string   // the layer's name; "" in a GeoJSON without one
	CRS    string   // the reference system as the file names it; "" when it names none
	EPSG   int      // the code that the name stands for; 0 when it has none
	Fields []string // the attributes' names in order; nil where only the rows tell
	Rows   int64    // how many rows there are; -1 when not known beforehand
	// Encoding is that of its texts where it isn't UTF-8, or had to be found out.
	Encoding string
	// Fitted: its coordinates were led to their system by control points; they are for looking until a survey confirms
	// them.
	Fitted bool
	// Unit is what a drawing says that its numbers are in, UnitM that in metres; "" and 0: it doesn't say, 0 alone: it
	// can't be used.
	Unit   string
	UnitM  float64
	Offset geo.MapOffset // of the web map that it was drawn on, which was undone
	// Notes are what a reader of the report should know of how the file was taken.
	Notes []geo.Words
	// Unproven: the system rests on what the file says of it, and its coordinates would fit others as well.
	Unproven bool
}

// ForLooking reports whether no survey stands behind the place of the coordinates: they were led to their system by
// control points, or the offset of a web map was undone.
func (i Info) ForLooking() bool { return i.Fitted || i.Offset != "" }

// Reader gives the rows of one layer in order.
type Reader interface {
	Info() Info
	// Next returns the next row, io.EOF after the last, or what ends the reading: a *[Fault] of the file, or ctx's
	// error.
	Next(ctx context.Context) (Row, error)
	// Progress is how much of the file has been read, in bytes or rows.
	Progress() (done, total int64)
	Close() error
}

// Fault says why a file or one of its rows can't be taken. The code is stable; the texts for people are the message
// table's "import.fault." + Code, with the other three in place.
type Fault struct {
	Code     string `json:"code"`
	Field    string `json:"field,omitempty"`    // the attribute, member or part it is about; "" when it is the whole
	Expected string `json:"expected,omitempty"` // what would have been taken: a name, a code or a number
	Got      string `json:"got,omitempty"`      // what came
	// Words are what would have been taken, where a rule says it; Expected is then left for its text in a language.
	Words *geo.Words `json:"-"`
	Came  *geo.Words `json:"-"` // likewise of what came
	Where *geo.Words `json:"-"` // likewise of Field
}

// Error gives the fault for a log.
func (f *Fault) Error() string {
	s := f.Code
	if f.Field != "" {
		s += " in " + f.Field
	}
	switch {
	case f.Expected != "":
		s += ", expected " + f.Expected
	case f.Words != nil:
		s += ", expected " + f.Words.String()
	}
	switch {
	case f.Got != "":
		s += ", got " + f.Got
	case f.Came != nil:
		s += ", got " + f.Came.String()
	}
	return s
}

// Limits bound what a file may cost.
type Limits struct {
	FileBytes    int64 // of the file as it lies on the disk, and of what is packed in it
	Ratio        int64 // how many times larger than its packed form the content may be, beyond the first 64 MiB
	FeatureBytes int64 // of one feature's text or one value in a GeoPackage
	Points       int   // of one feature
	Depth        int   // of nested arrays and objects in GeoJSON
	Values       int   // attributes of one feature
}

// DefaultLimits allow a file of 4 GiB and features of 64 MiB with a million points.
var DefaultLimits = Limits{FileBytes: 4 << 30, Ratio: 200, FeatureBytes: 64 << 20, Points: 1_000_000, Depth: 32,
	Values: 2000}
