package outlet

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"luodi/data/feed"
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

// dbfWidth is how wide a column has to be: before the point and behind it.
type dbfWidth struct{ whole, decimals int }

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

// cell is a value as the .dbf has it, without the blanks around it.
func (n *shapeLayer) cell(r *Row, i int) ([]byte, error) {
	f, v := &n.Fields[i], &r.Values[i]
	switch {
	case v.Null:
		return nil, nil
	case f.Kind == feed.Boolean && v.Bool:
		return []byte("T"), nil
	case f.Kind == feed.Boolean:
		return []byte("F"), nil
	case f.Kind == feed.Day:
		return []byte(v.Time.Format("20060102")), nil
	case f.Kind == feed.Instant:
		return []byte(v.Time.Format(time.RFC3339Nano)), nil
	case f.Kind != feed.Text && f.Kind != feed.Object:
		return appendText(nil, f.Kind, v), nil
	}
	text := v.Text
	if n.encoder != nil {
		var err error
		if text, err = n.encoder.Bytes(text); err != nil {
			return nil, geo.NewInvalid("encoding", "outlet.gbk", string(v.Text), "field", f.Name, "code",
				r.text(n.field("code")))
		}
	}
	if len(text) <= dbfText {
		return text, nil
	}
	w := csv.NewWriter(n.long)
	if err := w.Write([]string{r.ID.String(), n.names[i+1], string(v.Text)}); err != nil {
		return nil, err
	}
	w.Flush()
	return n.cut(text), w.Error()
}

// cut is as much of a text as fits, in whole characters.
func (n *shapeLayer) cut(text []byte) []byte {
	if n.encoder == nil {
		for end := dbfText; end > 0; end-- {
			if utf8.RuneStart(text[end]) {
				return text[:end]
			}
		}
	}
	end := 0
	for end < dbfText {
		size := 1
		if text[end] >= 0x81 {
			size = 2
		}
		if end+size > dbfText {
			break
		}
		end += size
	}
	return text[:end]
}

// value keeps a cell, and how wide it is.
func (n *shapeLayer) value(column int, text []byte) error {
	w := &n.widths[column]
	whole, decimals := len(text), 0
	if dbfNumeric(n.kindOf(column)) {
		if point := strings.IndexByte(string(text), '.'); point >= 0 {
			whole, decimals = point, len(text)-point-1
		}
	}
	w.whole, w.decimals = max(w.whole, whole), max(w.decimals, decimals)
	if _, err := n.values.Write([]byte{byte(len(text))}); err != nil {
		return err
	}
	_, err := n.values.Write(text)
	return err
}

// kindOf is the kind of a column; the first is the id.
func (n *shapeLayer) kindOf(column int) feed.Kind {
	if column == 0 {
		return feed.Text
	}
	return n.Fields[column-1].Kind
}

func dbfNumeric(kind feed.Kind) bool {
	return kind == feed.Integer || kind == feed.Number || kind == feed.Decimal || kind == feed.Mu
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

// dbf writes dBASE III: a head, a description of each column, rows of columns of one width.
func (n *shapeLayer) dbf(to io.Writer, at time.Time) error {
	w := bufio.NewWriterSize(to, 64<<10)
	row := 1
	columns := make([]byte, 0, 32*len(n.names))
	sizes := make([]int, len(n.names))
	for i, name := range n.names {
		kind, size, decimals := n.column(i)
		sizes[i] = size
		row += size
		column := make([]byte, 32)
		copy(column[:10], name)
		column[11], column[16], column[17] = kind, byte(size), byte(decimals)
		columns = append(columns, column...)
	}
	if int64(n.rows)*int64(row) > shapeMost {
		return geo.NewInvalid("format", "outlet.too_large", n.ID, "format", "Shapefile")
	}
	at = at.UTC()
	head := []byte{3, byte(at.Year() - 1900), byte(at.Month()), byte(at.Day())}
	head = binary.LittleEndian.AppendUint32(head, n.rows)
	head = binary.LittleEndian.AppendUint16(head, uint16(32+len(columns)+1))
	head = binary.LittleEndian.AppendUint16(head, uint16(row))
	head = append(head, make([]byte, 20)...)
	if n.encoder != nil {
		head[29] = 0x4d // language driver of code page 936
	}
	if _, err := w.Write(append(append(head, columns...), '\r')); err != nil {
		return err
	}
	values, err := n.values.rewind()
	if err != nil {
		return err
	}
	line := make([]byte, row)
	read := bufio.NewReader(values)
	var cell [256]byte
	for range n.rows {
		line = append(line[:0], ' ')
		for i, size := range sizes {
			length, err := read.ReadByte()
			if err != nil {
				return err
			}
			text := cell[:length]
			if _, err := io.ReadFull(read, text); err != nil {
				return err
			}
			line = n.appendCell(line, i, text, size)
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	if err := w.WriteByte(0x1a); err != nil {
		return err
	}
	return w.Flush()
}

// column is the type of a column, its width and its decimals.
func (n *shapeLayer) column(i int) (kind byte, size, decimals int) {
	w := n.widths[i]
	switch k := n.kindOf(i); {
	case k == feed.Boolean:
		return 'L', 1, 0
	case k == feed.Day:
		return 'D', 8, 0
	case dbfNumeric(k) && w.decimals > 0:
		return 'N', max(1, w.whole) + 1 + w.decimals, w.decimals
	case k == feed.Number, k == feed.Decimal, k == feed.Mu:
		return 'N', max(3, w.whole+2), 1 // a column of whole numbers is read as one of decimals all the same
	case k == feed.Integer:
		return 'N', max(10, w.whole), 0
	}
	return 'C', max(1, w.whole), 0
}

// appendCell appends a value with the blanks that its column needs.
func (n *shapeLayer) appendCell(line []byte, i int, text []byte, size int) []byte {
	kind, _, decimals := n.column(i)
	blanks := func(count int) {
		for range count {
			line = append(line, ' ')
		}
	}
	switch {
	case kind == 'L' && len(text) == 0:
		return append(line, '?')
	case kind == 'N' && len(text) > 0 && decimals > 0:
		point := strings.IndexByte(string(text), '.')
		have := 0
		if point < 0 {
			text = append(text, '.')
		} else {
			have = len(text) - point - 1
		}
		for range decimals - have {
			text = append(text, '0')
		}
		fallthrough
	case kind == 'N':
		blanks(size - len(text))
		return append(line, text...)
	}
	line = append(line, text...)
	blanks(size - len(text))
	return line
}

// shortNames are names of at most ten letters for the id and the fields: known words cut short, then the end, then a
// number where two would be the same.
func shortNames(fields []Field) []string {
	short := strings.NewReplacer("service_", "s_", "_capacity", "_c", "price_cny_per_m2", "price_cny", "document", "doc",
		"computed", "comp", "ellipsoid", "ellip", "effective_from", "effective", "estate_unit", "estate", "cadastral",
		"cadastr", "allotment_version", "allot_ver", "first_in_line", "first_line", "publication", "public",
		"nitrogen", "nitro", "levelled", "level", "telecom", "tele", "bank_status", "bank_stat", "project", "proj",
		"headroom_told", "head_told", "capacity_told", "cap_told")
	names := []string{"id"}
	for _, f := range fields {
		name := short.Replace(f.Name)
		name = name[:min(10, len(name))]
		for n := 2; slices.Contains(names, name); n++ {
			end := strconv.Itoa(n)
			name = name[:min(10-len(end), len(name))] + end
		}
		names = append(names, name)
	}
	return names
}
