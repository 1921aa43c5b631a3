package file

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
	"luodi/geo"
)

// kmlFormat is the name of Google's KML, an OGC standard (07-147r2).
const kmlFormat = "KML"

// beginsKML reports whether XML begins with KML's element.
func beginsKML(head []byte) bool {
	name, _ := firstElement(head)
	return name == "kml"
}

// firstElement is the local name of the first element of XML, and its prefix.
func firstElement(head []byte) (name, prefix string) {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n")
	if !bytes.HasPrefix(text, []byte("<")) {
		return "", ""
	}
	for {
		at := bytes.IndexByte(text, '<')
		if at < 0 || at+1 >= len(text) {
			return "", ""
		}
		if text = text[at+1:]; text[0] != '?' && text[0] != '!' {
			break
		}
		if bytes.HasPrefix(text, []byte("!--")) {
			_, after, ok := bytes.Cut(text, []byte("-->"))
			if !ok {
				return "", ""
			}
			text = after
		}
	}
	tag, _, _ := bytes.Cut(text, []byte(">"))
	words := strings.Fields(strings.TrimRight(string(tag), "/"))
	if len(words) == 0 {
		return "", ""
	}
	if prefix, local, ok := strings.Cut(words[0], ":"); ok {
		return local, prefix
	}
	return words[0], ""
}

// kml gives the Placemarks of a document, in whatever folders they lie.
type kml struct {
	xml    *xmlReader
	source source
	info   Info
	limits Limits
	number int64
}

func openKML(src source, opts Options) (Reader, error) {
	return &kml{xml: newXMLReader(src, opts.Limits), source: src, limits: opts.Limits,
		info: Info{Format: kmlFormat, CRS: "KML: WGS 84", EPSG: int(geo.WGS84), Rows: -1}}, nil
}

func openKMLFile(_ context.Context, file *diskFile, opts Options) (Reader, error) {
	return openKML(file, opts)
}

func unpackKML(_ context.Context, c *unpacked, opts Options) (Reader, error) { return openKML(c, opts) }

func (k *kml) Info() Info { return k.info }

func (k *kml) Progress() (done, total int64) { return k.source.progress() }

func (k *kml) Close() error { return k.source.Close() }

// Next implements Reader.
func (k *kml) Next(ctx context.Context) (Row, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Row{}, err
		}
		k.xml.begin()
		token, err := k.xml.next()
		if err != nil {
			return Row{}, err
		}
		if start, is := token.(xml.StartElement); is && start.Name.Local == "Placemark" {
			k.number++
			return k.placemark(start)
		}
	}
}

// placemark reads a Placemark to its end.
func (k *kml) placemark(start xml.StartElement) (Row, error) {
	row := Row{Number: k.number, Values: map[string]string{}}
	for _, a := range start.Attr {
		if a.Name.Local == "id" {
			row.ID = clip(a.Value)
		}
	}
	var shapes kmlShapes
	err := k.xml.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "name", "description", "address":
			return k.value(&row, e.Name.Local)
		case "ExtendedData":
			return k.extended(&row)
		}
		return k.geometry(e, &shapes, 0)
	})
	if err != nil {
		return Row{}, err
	}
	row.Shape, row.Fault = shapes.shape(k.limits)
	if len(row.Values) > k.limits.Values {
		row.Fault = &Fault{Code: TooManyValues, Expected: strconv.Itoa(k.limits.Values),
			Got: strconv.Itoa(len(row.Values))}
	}
	return row, nil
}

func (k *kml) value(row *Row, name string) error {
	text, err := k.xml.text()
	text = strings.TrimSpace(text)
	if _, again := row.Values[name]; err == nil && !again && text != "" && name != "" {
		row.Values[name] = text
	}
	return err
}

// extended reads <Data name><value> and <SchemaData><SimpleData name>.
func (k *kml) extended(row *Row) error {
	return k.xml.children(func(e xml.StartElement) error {
		name := nameOf(e)
		switch e.Name.Local {
		case "Data":
			return k.xml.children(func(e xml.StartElement) error {
				if e.Name.Local == "value" {
					return k.value(row, name)
				}
				return k.xml.skip()
			})
		case "SchemaData":
			return k.xml.children(func(e xml.StartElement) error {
				if e.Name.Local == "SimpleData" {
					return k.value(row, nameOf(e))
				}
				return k.xml.skip()
			})
		}
		return k.xml.skip()
	})
}

func nameOf(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "name" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// kmlShapes are the geometries of a Placemark.
type kmlShapes struct {
	points   orb.MultiPoint
	lines    orb.MultiLineString
	polygons orb.MultiPolygon
	count    int
	heights  bool
	fault    *Fault
}

// geometry reads an element to its end; what is no geometry is passed over.
func (k *kml) geometry(e xml.StartElement, to *kmlShapes, depth int) error {
	switch e.Name.Local {
	case "MultiGeometry":
		return k.xml.children(func(e xml.StartElement) error { return k.geometry(e, to, depth+1) })
	case "Point", "LineString", "LinearRing":
		line, err := k.coordinates(to)
		switch {
		case err != nil:
			return err
		case e.Name.Local != "Point":
			to.lines = append(to.lines, line)
		case len(line) > 0:
			to.points = append(to.points, line[0])
		}
		return nil
	case "Polygon":
		var outer, inner []orb.Ring
		err := k.xml.children(func(e xml.StartElement) error {
			rings := &inner
			switch e.Name.Local {
			case "outerBoundaryIs":
				rings = &outer
			case "innerBoundaryIs":
			default:
				return k.xml.skip()
			}
			return k.xml.children(func(e xml.StartElement) error {
				line, err := k.coordinates(to)
				*rings = append(*rings, orb.Ring(line))
				return err
			})
		})
		if len(outer) != 1 && to.fault == nil {
			to.fault = &Fault{Code: BadGeometry, Field: "outerBoundaryIs", Expected: "1", Got: strconv.Itoa(len(outer))}
		}
		to.polygons = append(to.polygons, orb.Polygon(append(outer, inner...)))
		return err
	case "Model", "Track", "MultiTrack":
		if to.fault == nil {
			to.fault = &Fault{Code: BadGeometry, Expected: "Polygon, LineString, Point", Got: clip(e.Name.Local)}
		}
	}
	return k.xml.skip()
}

// aroundComma is space that people leave within a position.
var aroundComma = regexp.MustCompile(`\s*,\s*`)

// coordinates reads the <coordinates> of the element that began: longitude, latitude and a height, parted by commas.
func (k *kml) coordinates(to *kmlShapes) (orb.LineString, error) {
	var line orb.LineString
	err := k.xml.children(func(e xml.StartElement) error {
		if e.Name.Local != "coordinates" {
			return k.xml.skip()
		}
		text, err := k.xml.text()
		if err != nil {
			return err
		}
		for position := range strings.FieldsSeq(aroundComma.ReplaceAllString(text, ",")) {
			parts := strings.Split(position, ",")
			if to.count++; to.count > k.limits.Points {
				to.fault = &Fault{Code: TooManyPoints, Expected: strconv.Itoa(k.limits.Points),
					Got: "> " + strconv.Itoa(k.limits.Points)}
				return nil
			}
			x, errX := strconv.ParseFloat(parts[0], 64)
			y, errY := strconv.ParseFloat(parts[min(1, len(parts)-1)], 64)
			if len(parts) < 2 || len(parts) > 3 || errX != nil || errY != nil {
				if to.fault == nil {
					to.fault = &Fault{Code: BadGeometry, Field: "coordinates", Expected: "lon,lat", Got: clip(position)}
				}
				return nil
			}
			to.heights = to.heights || len(parts) > 2 && strings.Trim(parts[2], "0.+-") != ""
			line = append(line, orb.Point{x, y})
		}
		return nil
	})
	return line, err
}

// shape makes one geometry of all, which must be of one kind.
func (s *kmlShapes) shape(limits Limits) (Shape, *Fault) {
	if s.fault != nil {
		return Shape{}, s.fault
	}
	var g orb.Geometry
	switch n, l, p := len(s.points), len(s.lines), len(s.polygons); {
	case n+l+p == 0:
		return Shape{}, &Fault{Code: NoGeometry}
	case n+l == 0:
		g = s.polygons
	case n+p == 0:
		g = s.lines
	case l+p == 0:
		g = s.points
	default:
		return Shape{Kind: Collection}, nil
	}
	wkb, err := ewkb.Append(nil, g, 0)
	if err != nil {
		return Shape{}, &Fault{Code: NoGeometry}
	}
	shape, fault := flatten(wkb, limits.Points)
	shape.Dropped = s.heights
	return shape.Single(), fault
}

// checkXML refuses XML with a document type before another program reads it.
func checkXML(in io.Reader, limits Limits) error {
	x := newXMLReader(in, limits)
	for {
		token, err := x.next()
		if errors.Is(err, io.EOF) {
			return &Fault{Code: FileEmpty}
		}
		if err != nil {
			return err
		}
		if _, is := token.(xml.StartElement); is {
			return nil
		}
	}
}
