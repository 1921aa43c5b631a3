package outlet

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"luodi/geo"
)

// shapefile writes ESRI shapefiles (white paper of July 1998) into a zip, one a layer, each of .shp, .shx, .dbf, .prj
// and .cpg, and fields.txt, which says what the short names of the columns stand for. A .dbf has columns of one width,
// and the heads of all three say how long they are: everything goes to disk first.
type shapefile struct {
	*paper
	zip    *zip.Writer
	layer  *shapeLayer
	fields strings.Builder // the text of fields.txt
}

// shapeLayer is a shapefile under way.
type shapeLayer struct {
	*Layer
	names   []string // of the columns
	kind    uint32   // of the shapes
	shp     *part
	shx     *part
	values  *part // of the .dbf: for each row a length and the bytes of each column
	long    *part // texts that don't fit, as CSV
	widths  []dbfWidth
	rows    uint32
	bounds  orb.Bound
	encoder *encoding.Encoder // nil: UTF-8
}

// part is a file on disk that is written in order.
type part struct {
	file *os.File
	*bufio.Writer
	size int64
}

func (p *paper) part() (*part, error) {
	file, err := p.temp()
	if err != nil {
		return nil, err
	}
	return &part{file: file, Writer: bufio.NewWriterSize(file, 64<<10)}, nil
}

func (p *part) Write(b []byte) (int, error) {
	p.size += int64(len(b))
	return p.Writer.Write(b)
}

// rewind makes what was written readable from the beginning.
func (p *part) rewind() (io.Reader, error) {
	if err := p.Flush(); err != nil {
		return nil, err
	}
	_, err := p.file.Seek(0, io.SeekStart)
	return bufio.NewReaderSize(p.file, 64<<10), err
}

// Limits of the format: 2 GiB are what all readers take.
const (
	shapeMost = 1<<31 - 1
	dbfText   = 254 // bytes of a text
	shpHead   = 100
)

const (
	shpPoint    = 1
	shpPolyLine = 3
	shpPolygon  = 5
)

var shpKinds = map[string]uint32{"Point": shpPoint, "MultiLineString": shpPolyLine, "Polygon": shpPolygon,
	"MultiPolygon": shpPolygon}

func openShapefile(p *paper) (sink, error) { return &shapefile{paper: p, zip: zip.NewWriter(p.w)}, nil }

func (s *shapefile) begin(l *Layer) (err error) {
	if err := s.finish(); err != nil {
		return err
	}
	n := &shapeLayer{Layer: l, kind: shpKinds[l.Geometry], bounds: emptyBound, names: shortNames(l.Fields)}
	for _, to := range []**part{&n.shp, &n.shx, &n.values, &n.long} {
		if *to, err = s.part(); err != nil {
			return err
		}
	}
	if s.GBK {
		n.encoder = simplifiedchinese.GBK.NewEncoder()
	}
	n.widths = make([]dbfWidth, len(n.names))
	s.layer = n
	return nil
}

// Close lets go of the files of a layer under way.
func (s *shapefile) Close() error {
	if s.layer != nil {
		s.layer.close()
	}
	return nil
}

func (n *shapeLayer) close() {
	for _, p := range []*part{n.shp, n.shx, n.values, n.long} {
		if p != nil {
			_ = p.file.Close() // it is thrown away
		}
	}
}

func (s *shapefile) row(r *Row) error {
	n := s.layer
	n.rows++
	if err := n.shape(r.Shape); err != nil {
		return err
	}
	if err := n.value(0, []byte(r.ID.String())); err != nil {
		return err
	}
	for i := range r.Values {
		text, err := n.cell(r, i)
		if err != nil {
			return err
		}
		if err := n.value(i+1, text); err != nil {
			return err
		}
	}
	if n.shp.size > shapeMost || n.values.size > shapeMost {
		return geo.NewInvalid("format", "outlet.too_large", n.ID, "format", "Shapefile")
	}
	return nil
}

// shape writes a record of the .shp and its place into the .shx.
func (n *shapeLayer) shape(g orb.Geometry) error {
	var b []byte
	b = binary.LittleEndian.AppendUint32(b, n.kind)
	if p, ok := g.(orb.Point); ok {
		b = appendPositions(b, []orb.Point{p})
	} else {
		b = appendParts(b, g)
	}
	n.bounds = n.bounds.Union(g.Bound())
	head := binary.BigEndian.AppendUint32(nil, uint32(shpHead+n.shp.size)/2)
	head = binary.BigEndian.AppendUint32(head, uint32(len(b)/2))
	if _, err := n.shx.Write(head); err != nil {
		return err
	}
	head = binary.BigEndian.AppendUint32(head[:0], n.rows)
	head = binary.BigEndian.AppendUint32(head, uint32(len(b)/2))
	if _, err := n.shp.Write(head); err != nil {
		return err
	}
	_, err := n.shp.Write(b)
	return err
}

// appendParts appends a box, parts and positions. Outlines run clockwise and holes the other way, as the format wants.
func appendParts(b []byte, g orb.Geometry) []byte {
	lines := linesOf(g)
	switch g.(type) {
	case orb.Polygon, orb.MultiPolygon:
		for i := range lines {
			lines[i] = slices.Clone(lines[i])
			slices.Reverse(lines[i])
		}
	}
	box := g.Bound()
	b = appendPositions(b, []orb.Point{box.Min, box.Max})
	points := 0
	for _, line := range lines {
		points += len(line)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(lines)))
	b = binary.LittleEndian.AppendUint32(b, uint32(points))
	at := 0
	for _, line := range lines {
		b = binary.LittleEndian.AppendUint32(b, uint32(at))
		at += len(line)
	}
	for _, line := range lines {
		b = appendPositions(b, line)
	}
	return b
}

func appendPositions(b []byte, points []orb.Point) []byte {
	for _, p := range points {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[0]))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[1]))
	}
	return b
}

// finish puts a layer into the zip.
func (s *shapefile) finish() error {
	n := s.layer
	if n == nil {
		return nil
	}
	defer n.close()
	s.layer = nil
	for _, f := range []struct {
		ending string
		head   []byte
		body   *part
	}{{".shp", n.head(n.shp.size), n.shp}, {".shx", n.head(n.shx.size), n.shx}} {
		w, err := s.create(n.ID + f.ending)
		if err != nil {
			return err
		}
		body, err := f.body.rewind()
		if err != nil {
			return err
		}
		if _, err := w.Write(f.head); err != nil {
			return err
		}
		if _, err := io.Copy(w, body); err != nil {
			return err
		}
	}
	w, err := s.create(n.ID + ".dbf")
	if err != nil {
		return err
	}
	if err := n.dbf(w, s.At); err != nil {
		return err
	}
	charset := "UTF-8"
	if s.GBK {
		charset = "GBK"
	}
	if err := s.put(n.ID+".prj", esriWKT(n.CRS.Code)); err != nil {
		return err
	}
	if err := s.put(n.ID+".cpg", charset); err != nil {
		return err
	}
	s.explain(n)
	if n.long.size == 0 {
		return nil
	}
	body, err := n.long.rewind()
	if err != nil {
		return err
	}
	if w, err = s.create(n.ID + "-long.csv"); err != nil {
		return err
	}
	_, err = io.Copy(w, io.MultiReader(strings.NewReader("\ufeffid,field,value\n"), body))
	return err
}

func (s *shapefile) create(name string) (io.Writer, error) {
	return s.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: s.At})
}

func (s *shapefile) put(name, text string) error {
	w, err := s.create(name)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	return err
}

// explain says what the columns of a layer stand for.
func (s *shapefile) explain(n *shapeLayer) {
	fmt.Fprintf(&s.fields, "%s.shp  %s\r\n", n.ID, n.Title.Both())
	fmt.Fprintf(&s.fields, "  %-10s = id\r\n", "id")
	for i, f := range n.Fields {
		fmt.Fprintf(&s.fields, "  %-10s = %s  %s\r\n", n.names[i+1], f.Name, f.Title.Both())
	}
	if n.long.size > 0 {
		fmt.Fprintf(&s.fields, "  %s-long.csv  %s\r\n", n.ID, s.Words.Say("outlet.long").Both())
	}
	s.fields.WriteString("\r\n")
}

func (s *shapefile) end() error {
	if err := s.finish(); err != nil {
		return err
	}
	if err := s.put("fields.txt", "\ufeff"+s.fields.String()); err != nil {
		return err
	}
	return s.zip.Close()
}

// head is the first 100 bytes of a .shp or .shx with a body of so many bytes.
func (n *shapeLayer) head(body int64) []byte {
	b := binary.BigEndian.AppendUint32(nil, 9994)
	b = append(b, make([]byte, 20)...)
	b = binary.BigEndian.AppendUint32(b, uint32((shpHead+body)/2))
	b = binary.LittleEndian.AppendUint32(b, 1000)
	b = binary.LittleEndian.AppendUint32(b, n.kind)
	box := n.bounds
	if n.rows == 0 {
		box = orb.Bound{}
	}
	b = appendPositions(b, []orb.Point{box.Min, box.Max})
	return append(b, make([]byte, 32)...)
}
