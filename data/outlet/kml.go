package outlet

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"luodi/data/feed"
)

// kml writes OGC KML 2.2 (07-147r2): a folder a layer, styles by class, and all values as typed data of a schema.
type kml struct {
	*paper
	layer  *Layer
	opened bool
	buf    []byte
}

func openKML(p *paper) (sink, error) {
	k := &kml{paper: p}
	_, err := fmt.Fprintf(p.w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">"+
		"<Document><name>%s</name>\n", escapeXML(p.Title))
	return k, err
}

// kmlTypes are KML's types of simple fields. It has none for a time: that is a text.
var kmlTypes = map[feed.Kind]string{feed.Integer: "int", feed.Boolean: "bool", feed.Number: "double",
	feed.Decimal: "double", feed.Mu: "double"}

func (k *kml) begin(l *Layer) error {
	k.finish()
	k.layer, k.opened = l, true
	b := &strings.Builder{}
	fmt.Fprintf(b, "<Schema name=\"%s\" id=\"%s\"><SimpleField type=\"string\" name=\"id\"/>", l.ID, l.ID)
	for _, f := range l.Fields {
		kind := kmlTypes[f.Kind]
		if kind == "" {
			kind = "string"
		}
		fmt.Fprintf(b, "<SimpleField type=\"%s\" name=\"%s\"><displayName>%s</displayName></SimpleField>", kind, f.Name,
			escapeXML(f.Title.In(k.English)))
	}
	b.WriteString("</Schema>\n")
	for _, c := range append(l.classes(k.Words), class{}) {
		colour := l.colour(c.value)
		hex := fmt.Sprintf("%02x%02x%02x", colour.b, colour.g, colour.r)
		fmt.Fprintf(b, "<Style id=\"%s\"><LineStyle><color>ff%s</color><width>1.5</width></LineStyle><PolyStyle>"+
			"<color>99%s</color></PolyStyle></Style>\n", styleID(l, c.value), hex, hex)
	}
	fmt.Fprintf(b, "<Folder><name>%s</name>\n", escapeXML(l.Title.In(k.English)))
	_, err := k.w.WriteString(b.String())
	return err
}

func styleID(l *Layer, class string) string { return l.ID + "." + class }

func (k *kml) row(r *Row) error {
	c := k.layer.class(r, k.Words)
	if _, known := colours[c.value]; !known {
		c.value = ""
	}
	b := append(k.buf[:0], "<Placemark id=\""...)
	b = append(append(b, r.ID.String()...), "\"><name>"...)
	b = append(append(b, escapeXML(k.layer.name(r, k.English))...), "</name><styleUrl>#"...)
	b = append(append(b, styleID(k.layer, c.value)...), "</styleUrl><ExtendedData><SchemaData schemaUrl=\"#"...)
	b = append(append(b, k.layer.ID...), "\"><SimpleData name=\"id\">"...)
	b = append(append(b, r.ID.String()...), "</SimpleData>"...)
	for i := range r.Values {
		if r.Values[i].Null {
			continue
		}
		f := &k.layer.Fields[i]
		b = append(append(append(b, "<SimpleData name=\""...), f.Name...), "\">"...)
		switch {
		case f.Kind == feed.Text || f.Kind == feed.Object:
			b = append(b, escapeXML(string(r.Values[i].Text))...)
		case f.Kind == feed.Boolean && r.Values[i].Bool: // GDAL reads numbers alone
			b = append(b, '1')
		case f.Kind == feed.Boolean:
			b = append(b, '0')
		default:
			b = appendText(b, f.Kind, &r.Values[i])
		}
		b = append(b, "</SimpleData>"...)
	}
	b = append(b, "</SchemaData></ExtendedData>"...)
	b = appendKML(b, r.Shape, k.layer.decimals())
	k.buf = append(b, "</Placemark>\n"...)
	_, err := k.w.Write(k.buf)
	return err
}

// finish closes the folder of a layer.
func (k *kml) finish() {
	if k.opened {
		_, _ = k.w.WriteString("</Folder>\n") // a failure is kept by the writer and told by the next
	}
}

func (k *kml) end() error {
	k.finish()
	_, err := k.w.WriteString("</Document></kml>\n")
	return err
}

func appendKML(dst []byte, g orb.Geometry, decimals int) []byte {
	switch g := g.(type) {
	case orb.Point:
		return appendKMLLine(dst, "Point", []orb.Point{g}, decimals)
	case orb.LineString:
		return appendKMLLine(dst, "LineString", g, decimals)
	case orb.Polygon:
		dst = append(dst, "<Polygon>"...)
		for i, ring := range g {
			side := "outerBoundaryIs"
			if i > 0 {
				side = "innerBoundaryIs"
			}
			dst = append(append(append(dst, '<'), side...), '>')
			dst = appendKMLLine(dst, "LinearRing", ring, decimals)
			dst = append(append(append(dst, "</"...), side...), '>')
		}
		return append(dst, "</Polygon>"...)
	case orb.MultiLineString:
		dst = append(dst, "<MultiGeometry>"...)
		for _, line := range g {
			dst = appendKML(dst, line, decimals)
		}
		return append(dst, "</MultiGeometry>"...)
	case orb.MultiPolygon:
		dst = append(dst, "<MultiGeometry>"...)
		for _, polygon := range g {
			dst = appendKML(dst, polygon, decimals)
		}
		return append(dst, "</MultiGeometry>"...)
	}
	return dst
}

func appendKMLLine(dst []byte, kind string, line []orb.Point, decimals int) []byte {
	dst = append(append(append(dst, '<'), kind...), "><coordinates>"...)
	for i, p := range line {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(strconv.AppendFloat(dst, p[0], 'f', decimals, 64), ',')
		dst = strconv.AppendFloat(dst, p[1], 'f', decimals, 64)
	}
	return append(append(append(dst, "</coordinates></"...), kind...), '>')
}
