package file

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"luodi/data/store/ewkb"
	"luodi/geo"
)

// shapefileFormat is the name of Esri's Shapefile.
const shapefileFormat = "Shapefile"

// shapefile reads a Shapefile in a zip: the shapes of its .shp and the rows of its .dbf, one beside the other. Source:
// Esri's Shapefile Technical Description (July 1998). The .shx is not needed: shapes are read in their order.
type shapefile struct {
	archive *archive
	shapes  *shp
	table   *dbf
	closing []io.Closer
	whole   wholeTexts
	info    Info
	limits  Limits
	number  int64
}

// shapeParts are the files of one Shapefile in a zip, by their ending.
type shapeParts map[string]packed

// shapefilesOf finds the Shapefiles in a zip, and their names.
func shapefilesOf(a *archive) (found []shapeParts, names []string) {
	byStem := map[string]shapeParts{}
	for _, entry := range a.files {
		if stem := strings.ToLower(entry.stem()); entry.ending() == ".shp" && byStem[stem] == nil {
			byStem[stem] = shapeParts{}
			found, names = append(found, byStem[stem]), append(names, path.Base(entry.stem()))
		}
	}
	for _, entry := range a.files {
		if parts := byStem[strings.ToLower(entry.stem())]; parts != nil {
			parts[entry.ending()] = entry
		}
	}
	return found, names
}

func holdsShapefile(a *archive) bool {
	return slices.ContainsFunc(a.files, func(p packed) bool { return p.ending() == ".shp" })
}

func openShapefile(_ context.Context, a *archive, opts Options) (Reader, error) {
	found, names := shapefilesOf(a)
	at, err := pickLayer(names, opts.Layer)
	if err != nil {
		return nil, err
	}
	s := &shapefile{archive: a, limits: opts.Limits}
	if err := s.open(found[at]); err != nil {
		for _, c := range s.closing {
			_ = c.Close()
		}
		return nil, err
	}
	return s, nil
}

func (s *shapefile) open(parts shapeParts) error {
	layer := path.Base(parts[".shp"].stem())
	if _, ok := parts[".dbf"]; !ok {
		return &Fault{Code: ShapefileParts, Field: clip(layer), Expected: ".dbf"}
	}
	s.info = Info{Format: shapefileFormat, Layer: layer, Rows: -1}
	if wkt, err := s.small(parts, ".prj"); err != nil {
		return err
	} else if wkt != "" {
		code, name := geo.NamedCRS(wkt)
		s.info.EPSG, s.info.CRS = int(code), clip(name)
	}
	cpg, err := s.small(parts, ".cpg")
	if err != nil {
		return err
	}
	if s.table, err = s.openTable(parts[".dbf"]); err != nil {
		return err
	}
	first, err := s.openTable(parts[".dbf"])
	if err == nil {
		err = s.table.settleEncoding(first, cpg)
	}
	if err != nil {
		return err
	}
	if err := s.openWhole(parts[".shp"]); err != nil {
		return err
	}
	s.info.Fields, s.info.Rows, s.info.Encoding = s.whole.fields(s.table.nameFields()), s.table.rows, s.table.name
	content, err := s.entry(parts[".shp"])
	if err != nil {
		return err
	}
	s.shapes, err = openSHP(content, s.limits)
	return err
}

func (s *shapefile) entry(part packed) (*unpacked, error) {
	content, err := s.archive.open(part)
	if err == nil {
		s.closing = append(s.closing, content)
	}
	return content, err
}

func (s *shapefile) openTable(part packed) (*dbf, error) {
	content, err := s.entry(part)
	if err != nil {
		return nil, err
	}
	return openDBF(content, s.limits.Values)
}

// small reads a part of a few words; "" where there is none.
func (s *shapefile) small(parts shapeParts, ending string) (string, error) {
	part, ok := parts[ending]
	if !ok {
		return "", nil
	}
	content, err := s.entry(part)
	if err != nil {
		return "", err
	}
	const most = 64 << 10
	text, err := io.ReadAll(io.LimitReader(content, most))
	return string(text), err
}

func (s *shapefile) Info() Info { return s.info }

func (s *shapefile) Progress() (done, total int64) { return s.shapes.in.(source).progress() }

func (s *shapefile) Close() error {
	var errs []error
	for _, c := range s.closing {
		errs = append(errs, c.Close())
	}
	return errors.Join(append(errs, s.archive.file.Close())...)
}

// Next implements Reader.
func (s *shapefile) Next(ctx context.Context) (Row, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Row{}, err
		}
		lives, err := s.table.next()
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return Row{}, err
		}
		body, err := s.shapes.next()
		switch {
		case last && errors.Is(err, io.EOF):
			return Row{}, io.EOF
		case last && err == nil, errors.Is(err, io.EOF):
			return Row{}, &Fault{Code: ShapefileDamaged, Field: ".shp", Expected: fmt.Sprint(s.table.rows),
				Got: fmt.Sprint(s.shapes.number)}
		case err != nil:
			return Row{}, err
		case !lives:
			continue
		}
		s.number++
		row := Row{Number: s.number}
		row.Values, row.Unread = s.table.values()
		s.whole.restore(&row)
		row.Shape, row.Fault = shpShape(body, s.limits)
		return row, nil
	}
}

// shp reads the records of a .shp in their order.
type shp struct {
	in     io.Reader
	buffer *bufio.Reader
	left   int64 // bytes, as the head says
	body   bytes.Buffer
	number int64
	most   int64
}

const (
	shpHead    = 100
	shpCode    = 9994
	shpVersion = 1000
)

func openSHP(in io.Reader, limits Limits) (*shp, error) {
	s := &shp{in: in, buffer: bufio.NewReaderSize(in, 64<<10), most: limits.FeatureBytes}
	var head [shpHead]byte
	if _, err := io.ReadFull(s.buffer, head[:]); err != nil {
		return nil, s.cut(err)
	}
	code, version := binary.BigEndian.Uint32(head[:]), binary.LittleEndian.Uint32(head[28:])
	if code != shpCode || version != shpVersion {
		return nil, &Fault{Code: ShapefileDamaged, Field: ".shp", Expected: fmt.Sprintf("%d, %d", shpCode, shpVersion),
			Got: fmt.Sprintf("%d, %d", code, version)}
	}
	if s.left = 2*int64(binary.BigEndian.Uint32(head[24:])) - shpHead; s.left < 0 {
		return nil, &Fault{Code: ShapefileDamaged, Field: ".shp", Expected: fmt.Sprintf("≥ %d", shpHead),
			Got: fmt.Sprint(s.left + shpHead)}
	}
	return s, nil
}

func (s *shp) cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Fault{Code: ShapefileDamaged, Field: ".shp", Expected: fmt.Sprint(s.number + 1),
			Came: said("came.cut_short")}
	}
	return err
}

// next is the content of the next record, until the one after; io.EOF after the last.
func (s *shp) next() ([]byte, error) {
	const recordHead = 8
	if s.left == 0 {
		if _, err := s.buffer.Peek(1); err == nil {
			return nil, &Fault{Code: ShapefileDamaged, Field: ".shp", Expected: fmt.Sprint(s.number),
				Came: said("came.more")}
		} else if !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, io.EOF
	}
	var head [recordHead]byte
	if _, err := io.ReadFull(s.buffer, head[:]); err != nil {
		return nil, s.cut(err)
	}
	size := 2 * int64(binary.BigEndian.Uint32(head[4:]))
	s.left -= recordHead + size
	switch {
	case size > s.most:
		return nil, &Fault{Code: FeatureTooLarge, Field: ".shp: ", Expected: fmt.Sprint(s.most), Got: fmt.Sprint(size)}
	case s.left < 0:
		return nil, &Fault{Code: ShapefileDamaged, Field: ".shp", Expected: fmt.Sprintf("≤ %d", s.left+size),
			Got: fmt.Sprint(size)}
	}
	s.body.Reset()
	if _, err := io.CopyN(&s.body, s.buffer, size); err != nil {
		return nil, s.cut(err)
	}
	s.number++
	return s.body.Bytes(), nil
}

// Types of shapes. Those with heights have 10 more, those with measures 20.
const (
	shpPoint    = 1
	shpLine     = 3
	shpPolygon  = 5
	shpPoints   = 8
	shpHeights  = 10
	shpPatches  = 31
	maxShpRings = 1000 // of a polygon
)

// shpShape makes a shape of a record.
func shpShape(body []byte, limits Limits) (Shape, *Fault) {
	if len(body) < 4 {
		return Shape{}, &Fault{Code: BadGeometry, Expected: shapefileFormat, Came: said("came.bytes", "n", len(body))}
	}
	code := binary.LittleEndian.Uint32(body)
	body = body[4:]
	if code == 0 {
		return Shape{}, &Fault{Code: NoGeometry}
	}
	plain := code % shpHeights
	if code == shpPatches || code > 28 || plain != shpPoint && plain != shpLine && plain != shpPolygon &&
		plain != shpPoints {
		return Shape{}, &Fault{Code: BadGeometry, Expected: "Point, PolyLine, Polygon",
			Got: fmt.Sprintf("Shapefile %d", code)}
	}
	g, fault := shpGeometry(plain, body, limits)
	if fault != nil {
		return Shape{}, fault
	}
	wkb, err := ewkb.Append(nil, g, 0)
	if err != nil {
		return Shape{}, &Fault{Code: NoGeometry}
	}
	shape, fault := flatten(wkb, limits.Points)
	shape.Dropped = code > shpHeights
	return shape, fault
}

func shpGeometry(plain uint32, body []byte, limits Limits) (orb.Geometry, *Fault) {
	short := &Fault{Code: BadGeometry, Expected: shapefileFormat, Came: said("came.bytes", "n", len(body))}
	if plain == shpPoint {
		if len(body) < 16 {
			return nil, short
		}
		return shpPositions(body, 1)[0], nil
	}
	const bounds = 32
	if len(body) < bounds+8 {
		return nil, short
	}
	body = body[bounds:]
	n := int64(binary.LittleEndian.Uint32(body))
	if plain == shpPoints {
		if 4+16*n > int64(len(body)) {
			return nil, short
		}
		return orb.MultiPoint(shpPositions(body[4:], int(n))), nil
	}
	points := int64(binary.LittleEndian.Uint32(body[4:]))
	switch {
	case plain == shpPolygon && n > maxShpRings, points > int64(limits.Points):
		return nil, &Fault{Code: TooManyPoints, Expected: strconv.Itoa(limits.Points), Got: fmt.Sprintf("%d: %d", n,
			points)}
	case 8+4*n+16*points > int64(len(body)):
		return nil, short
	}
	starts, positions := body[8:8+4*n], shpPositions(body[8+4*n:], int(points))
	parts := make([]orb.LineString, n)
	for i := range parts {
		from, until := int64(binary.LittleEndian.Uint32(starts[4*i:])), points
		if int64(i) < n-1 {
			until = int64(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		if from > until || until > points {
			return nil, &Fault{Code: BadGeometry, Expected: fmt.Sprintf("≤ %d", until), Got: fmt.Sprint(from)}
		}
		parts[i] = positions[from:until]
	}
	if plain == shpLine {
		return orb.MultiLineString(parts), nil
	}
	return polygonsOf(parts), nil
}

func shpPositions(body []byte, n int) orb.LineString {
	points := make(orb.LineString, n)
	for i := range points {
		points[i] = orb.Point{math.Float64frombits(binary.LittleEndian.Uint64(body[16*i:])),
			math.Float64frombits(binary.LittleEndian.Uint64(body[16*i+8:]))}
	}
	return points
}

// polygonsOf makes polygons of rings: a clockwise ring is an outline, another a hole of the smallest outline around it.
// A hole that no outline is around is an outline drawn the wrong way.
func polygonsOf(rings []orb.LineString) orb.MultiPolygon {
	type outline struct {
		ring orb.Ring
		box  orb.Bound
		area float64
	}
	var outlines []outline
	var holes []orb.Ring
	var all orb.MultiPolygon
	for _, line := range rings {
		ring := orb.Ring(line)
		if len(ring) >= 3 && ring.Orientation() == orb.CCW && len(rings) > 1 {
			holes = append(holes, ring)
			continue
		}
		outlines = append(outlines, outline{ring, ring.Bound(), math.Abs(planar.Area(ring))})
		all = append(all, orb.Polygon{ring})
	}
	for _, hole := range holes {
		at, box := -1, hole.Bound()
		for i, o := range outlines {
			if o.box.Contains(box.Min) && o.box.Contains(box.Max) && (at < 0 || o.area < outlines[at].area) &&
				around(o.ring, hole) {
				at = i
			}
		}
		if at < 0 {
			all = append(all, orb.Polygon{hole})
			continue
		}
		all[at] = append(all[at], hole)
	}
	return all
}

// around reports whether three corners of a ring lie in another or on it.
func around(outer, ring orb.Ring) bool {
	for _, i := range []int{0, len(ring) / 3, 2 * len(ring) / 3} {
		if !planar.RingContains(outer, ring[i]) {
			return false
		}
	}
	return true
}
