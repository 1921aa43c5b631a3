package outlet

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/geo"
)

// geoJSON writes RFC 7946. In another system than CRS84 it says so by the older crs member, which GDAL, QGIS and
// luodi import read.
type geoJSON struct {
	*paper
	n   int
	buf []byte
}

func openGeoJSON(p *paper) (sink, error) { return &geoJSON{paper: p}, nil }

func (g *geoJSON) begin(l *Layer) error {
	head := `{"type":"FeatureCollection","name":` + string(feed.AppendJSONString(nil, l.ID))
	if l.changed != nil {
		head += fmt.Sprintf(`,"changes":{"after":%d,"to":%d}`, l.changed.After, l.changed.To)
	}
	if l.CRS.Code != geo.WGS84 {
		head += `,"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::` + strconv.Itoa(int(l.CRS.Code)) + `"}}`
	}
	_, err := g.w.WriteString(head + ",\"features\":[\n")
	return err
}

func (g *geoJSON) row(r *Row) (err error) {
	g.buf = g.buf[:0]
	if g.n++; g.n > 1 {
		g.buf = append(g.buf, ",\n"...)
	}
	if g.buf, err = r.appendFeature(g.buf); err != nil {
		return err
	}
	_, err = g.w.Write(g.buf)
	return err
}

// appendFeature appends the row as a feature of GeoJSON; of a change its kind is the last property.
func (r *Row) appendFeature(dst []byte) ([]byte, error) {
	if r.change == "" {
		return r.feature.Append(dst, false)
	}
	if r.deleted() {
		return fmt.Appendf(dst, `{"type":"Feature","id":"%s","geometry":null,"properties":{"%s":"%s"}}`, r.ID, changeField,
			r.change), nil
	}
	dst, err := r.feature.Append(dst, true)
	if err != nil {
		return dst, err
	}
	return fmt.Appendf(dst[:len(dst)-1], `,"%s":"%s"}}`, changeField, r.change), nil // the properties come last
}

func (g *geoJSON) end() error {
	_, err := g.w.WriteString("\n]}\n")
	return err
}

// geoJSONSeq writes a text sequence (RFC 8142).
type geoJSONSeq struct {
	*paper
	buf []byte
}

func openGeoJSONSeq(p *paper) (sink, error) { return &geoJSONSeq{paper: p}, nil }

func (g *geoJSONSeq) begin(*Layer) error { return nil }

func (g *geoJSONSeq) row(r *Row) (err error) {
	if g.buf, err = r.appendFeature(append(g.buf[:0], 0x1e)); err != nil {
		return err
	}
	_, err = g.w.Write(append(g.buf, '\n'))
	return err
}

func (g *geoJSONSeq) end() error { return nil }

// appendText writes a value as a text of one line, as CSV and KML have it: numbers with the digits of the feeds, RFC
// 3339 for times, JSON for objects; nothing for null.
func appendText(dst []byte, kind feed.Kind, v *feed.Value) []byte {
	switch {
	case v.Null:
		return dst
	case kind == feed.Integer:
		return strconv.AppendInt(dst, v.Int, 10)
	case kind == feed.Boolean:
		return strconv.AppendBool(dst, v.Bool)
	case kind == feed.Instant:
		return v.Time.AppendFormat(dst, time.RFC3339Nano)
	case kind == feed.Day:
		return v.Time.AppendFormat(dst, time.DateOnly)
	}
	return append(dst, v.Text...)
}

// csvFile writes comma-separated values with a geometry in WKT. It begins with a byte-order mark: Excel takes the rest
// for UTF-8 by it.
type csvFile struct {
	*paper
	*csv.Writer
	layer  *Layer
	record []string
	buf    []byte
}

func openCSV(p *paper) (sink, error) {
	return &csvFile{paper: p, Writer: csv.NewWriter(p.w)}, nil
}

func (c *csvFile) begin(l *Layer) error {
	c.layer = l
	c.record = append(c.record, "id")
	for _, f := range l.Fields {
		c.record = append(c.record, f.Name)
	}
	if _, err := c.w.WriteString("\ufeff"); err != nil {
		return err
	}
	return c.Writer.Write(append(c.record, "WKT"))
}

func (c *csvFile) row(r *Row) error {
	c.record = append(c.record[:0], r.ID.String())
	for i := range r.Values {
		kind := c.layer.Fields[i].Kind
		c.buf = appendText(c.buf[:0], kind, &r.Values[i])
		text := string(c.buf)
		if kind == feed.Text {
			text = harmless(text)
		}
		c.record = append(c.record, text)
	}
	c.buf = appendWKT(c.buf[:0], r.Shape, c.layer.decimals())
	return c.Writer.Write(append(c.record, string(c.buf)))
}

func (c *csvFile) end() error {
	c.Writer.Flush()
	return c.Error()
}

// harmless puts an apostrophe before a text that a spreadsheet would take for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠'", []rune(text)[0]) {
		return "'" + text
	}
	return text
}

// appendWKT appends a geometry as well-known text.
func appendWKT(dst []byte, g orb.Geometry, decimals int) []byte {
	switch g := g.(type) {
	case nil:
		return dst
	case orb.Point:
		dst = append(dst, "POINT ("...)
		return append(appendXY(dst, g, decimals), ')')
	case orb.LineString:
		return appendLineWKT(append(dst, "LINESTRING "...), g, decimals)
	case orb.MultiLineString:
		dst = append(dst, "MULTILINESTRING ("...)
		for i, line := range g {
			dst = appendLineWKT(comma(dst, i), line, decimals)
		}
		return append(dst, ')')
	case orb.Polygon:
		return appendPolygonWKT(append(dst, "POLYGON "...), g, decimals)
	case orb.MultiPolygon:
		dst = append(dst, "MULTIPOLYGON ("...)
		for i, polygon := range g {
			dst = appendPolygonWKT(comma(dst, i), polygon, decimals)
		}
		return append(dst, ')')
	}
	return append(dst, "GEOMETRYCOLLECTION EMPTY"...)
}

func appendPolygonWKT(dst []byte, p orb.Polygon, decimals int) []byte {
	dst = append(dst, '(')
	for i, ring := range p {
		dst = appendLineWKT(comma(dst, i), orb.LineString(ring), decimals)
	}
	return append(dst, ')')
}

func appendLineWKT(dst []byte, line orb.LineString, decimals int) []byte {
	dst = append(dst, '(')
	for i, p := range line {
		dst = appendXY(comma(dst, i), p, decimals)
	}
	return append(dst, ')')
}

func appendXY(dst []byte, p orb.Point, decimals int) []byte {
	dst = strconv.AppendFloat(dst, p[0], 'f', decimals, 64)
	return strconv.AppendFloat(append(dst, ' '), p[1], 'f', decimals, 64)
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

// escapeXML writes a text inside XML; what XML can't hold becomes U+FFFD.
func escapeXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder doesn't fail
	return b.String()
}

// jsonText is a value as JSON.
func jsonText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil { // texts and numbers always marshal
		return "null"
	}
	return string(raw)
}
