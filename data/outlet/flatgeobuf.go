package outlet

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"os"
	"time"

	flatbuffers "github.com/google/flatbuffers/go"
	"github.com/paulmach/orb"

	"luodi/data/feed"
)

// FlatGeobuf (flatgeobuf.org, version 3): a header, a packed Hilbert R-tree of the features' boxes, the features in the
// order of the tree.
//
//  1. Features go to a file on disk as they come; 48 bytes of each stay in memory: its box and where it is.
//  2. At the end these are sorted by the Hilbert number of their middle, the tree is written, and the features are copied
//     in that order.
//
// Beyond maxIndexed features there is no tree, nor of changes, some of which have no shape: the features follow the header
// as they came.
type flatGeobuf struct {
	*paper
	layer    *Layer
	features *os.File
	out      *bufio.Writer // to features
	nodes    []fgbNode
	at       uint64 // how much features holds
	count    uint64
	bounds   orb.Bound
	builder  *flatbuffers.Builder
	props    []byte
	shapes   shapeBuilder
}

// maxIndexed bounds what the index takes of memory: 320 MB.
const maxIndexed = 5_000_000

var fgbMagic = []byte{0x66, 0x67, 0x62, 0x03, 0x66, 0x67, 0x62, 0x00}

func openFlatGeobuf(p *paper) (sink, error) {
	f := &flatGeobuf{paper: p, builder: flatbuffers.NewBuilder(1 << 16), bounds: emptyBound}
	var err error
	if f.features, err = p.temp(); err != nil {
		return nil, err
	}
	f.out = bufio.NewWriterSize(f.features, bufferSize)
	return f, nil
}

// Close lets go of the file of features.
func (f *flatGeobuf) Close() error { return f.features.Close() }

func (f *flatGeobuf) begin(l *Layer) error {
	f.layer = l
	return nil
}

// The numbers of FlatGeobuf's schema.
const (
	fgbBool     = 2
	fgbLong     = 7
	fgbDouble   = 10
	fgbString   = 11
	fgbJSON     = 12
	fgbDateTime = 13

	fgbPoint           = 1
	fgbPolygon         = 3
	fgbMultiLineString = 5
	fgbMultiPolygon    = 6
)

var fgbColumns = [...]byte{feed.Text: fgbString, feed.Integer: fgbLong, feed.Boolean: fgbBool, feed.Number: fgbDouble,
	feed.Decimal: fgbDouble, feed.Mu: fgbDouble, feed.Instant: fgbDateTime, feed.Day: fgbDateTime, feed.Object: fgbJSON}

var fgbTypes = map[string]byte{"Point": fgbPoint, "Polygon": fgbPolygon, "MultiLineString": fgbMultiLineString,
	"MultiPolygon": fgbMultiPolygon}

func (f *flatGeobuf) row(r *Row) error {
	b := f.builder
	b.Reset()
	f.properties(r)
	props := b.CreateByteVector(f.props)
	var shape flatbuffers.UOffsetT
	if r.Shape != nil {
		shape = f.shapes.build(b, r.Shape)
	}
	b.StartObject(3)
	b.PrependUOffsetTSlot(0, shape, 0)
	b.PrependUOffsetTSlot(1, props, 0)
	b.FinishSizePrefixed(b.EndObject())
	bytes := b.FinishedBytes()
	box := emptyBound
	if r.Shape != nil {
		box = r.Shape.Bound()
	}
	f.bounds = f.bounds.Union(box)
	if f.count++; f.count <= maxIndexed && f.layer.changed == nil {
		f.nodes = append(f.nodes, fgbNode{box, f.at, uint32(len(bytes)), 0})
	} else {
		f.nodes = nil
	}
	f.at += uint64(len(bytes))
	_, err := f.out.Write(bytes)
	return err
}

// properties are the row's values: the number of the column, then the value.
func (f *flatGeobuf) properties(r *Row) {
	p := f.props[:0]
	p = appendFGBText(binary.LittleEndian.AppendUint16(p, 0), []byte(r.ID.String()))
	for i := range r.Values {
		v := &r.Values[i]
		if v.Null {
			continue
		}
		p = binary.LittleEndian.AppendUint16(p, uint16(i+1))
		switch f.layer.Fields[i].Kind {
		case feed.Integer:
			p = binary.LittleEndian.AppendUint64(p, uint64(v.Int))
		case feed.Boolean:
			on := byte(0)
			if v.Bool {
				on = 1
			}
			p = append(p, on)
		case feed.Number, feed.Decimal, feed.Mu:
			p = binary.LittleEndian.AppendUint64(p, math.Float64bits(v.Float))
		case feed.Instant:
			p = appendFGBText(p, v.Time.AppendFormat(nil, time.RFC3339Nano))
		case feed.Day:
			p = appendFGBText(p, v.Time.AppendFormat(nil, time.DateOnly))
		default:
			p = appendFGBText(p, v.Text)
		}
	}
	f.props = p
}

func appendFGBText(dst, text []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(dst, uint32(len(text))), text...)
}

func (f *flatGeobuf) end() error {
	if err := f.out.Flush(); err != nil {
		return err
	}
	indexed := len(f.nodes) > 0
	if _, err := f.w.Write(fgbMagic); err != nil {
		return err
	}
	if _, err := f.w.Write(f.header(indexed)); err != nil {
		return err
	}
	if !indexed {
		if _, err := f.features.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := io.Copy(f.w, f.features)
		return err
	}
	sortHilbert(f.nodes, f.bounds)
	if err := writeTree(f.w, f.nodes); err != nil {
		return err
	}
	return copyPieces(f.w, f.features, int64(f.at), f.nodes)
}

// header describes the layer.
func (f *flatGeobuf) header(indexed bool) []byte {
	b := flatbuffers.NewBuilder(1 << 12)
	columns := []flatbuffers.UOffsetT{fgbColumn(b, "id", "", fgbString)}
	for _, field := range f.layer.Fields {
		columns = append(columns, fgbColumn(b, field.Name, field.Title.Both(), fgbColumns[field.Kind]))
	}
	b.StartVector(4, len(columns), 4)
	for i := len(columns) - 1; i >= 0; i-- {
		b.PrependUOffsetT(columns[i])
	}
	list := b.EndVector(len(columns))
	b.StartVector(8, 4, 8)
	for _, edge := range []float64{f.bounds.Max[1], f.bounds.Max[0], f.bounds.Min[1], f.bounds.Min[0]} {
		b.PrependFloat64(edge)
	}
	envelope := b.EndVector(4)
	name, title := b.CreateString(f.layer.ID), b.CreateString(f.layer.Title.Both())
	org, crsTitle, wkt := b.CreateString("EPSG"), b.CreateString(crsName(f.layer.CRS.Code)),
		b.CreateString(ogcWKT(f.layer.CRS.Code))
	b.StartObject(6)
	b.PrependUOffsetTSlot(0, org, 0)
	b.PrependInt32Slot(1, int32(f.layer.CRS.Code), 0)
	b.PrependUOffsetTSlot(2, crsTitle, 0)
	b.PrependUOffsetTSlot(4, wkt, 0)
	crs := b.EndObject()
	b.StartObject(14)
	b.PrependUOffsetTSlot(0, name, 0)
	if f.bounds.Min[0] <= f.bounds.Max[0] {
		b.PrependUOffsetTSlot(1, envelope, 0)
	}
	b.PrependByteSlot(2, fgbTypes[f.layer.Geometry], 0)
	b.PrependUOffsetTSlot(7, list, 0)
	b.PrependUint64Slot(8, f.count, 0)
	size := uint16(0)
	if indexed {
		size = treeFan
	}
	b.PrependUint16Slot(9, size, treeFan)
	b.PrependUOffsetTSlot(10, crs, 0)
	b.PrependUOffsetTSlot(11, title, 0)
	b.FinishSizePrefixed(b.EndObject())
	return b.FinishedBytes()
}

func fgbColumn(b *flatbuffers.Builder, name, title string, kind byte) flatbuffers.UOffsetT {
	n, t := b.CreateString(name), b.CreateString(title)
	b.StartObject(11)
	b.PrependUOffsetTSlot(0, n, 0)
	b.PrependByteSlot(1, kind, 0)
	b.PrependUOffsetTSlot(2, t, 0)
	return b.EndObject()
}

// shapeBuilder builds geometries; its slices are used again.
type shapeBuilder struct {
	lines [][]orb.Point
	ends  []uint32
}

// build builds a geometry: the positions of all rings or lines in one, and where each ends.
func (s *shapeBuilder) build(b *flatbuffers.Builder, g orb.Geometry) flatbuffers.UOffsetT {
	switch g := g.(type) {
	case orb.Point:
		return s.simple(b, fgbPoint, [][]orb.Point{{g}})
	case orb.Polygon:
		s.lines = s.lines[:0]
		for _, ring := range g {
			s.lines = append(s.lines, ring)
		}
		return s.simple(b, fgbPolygon, s.lines)
	case orb.MultiLineString:
		s.lines = s.lines[:0]
		for _, line := range g {
			s.lines = append(s.lines, line)
		}
		return s.simple(b, fgbMultiLineString, s.lines)
	case orb.MultiPolygon:
		parts := make([]flatbuffers.UOffsetT, len(g))
		for i, polygon := range g {
			parts[i] = s.build(b, polygon)
		}
		b.StartVector(4, len(parts), 4)
		for i := len(parts) - 1; i >= 0; i-- {
			b.PrependUOffsetT(parts[i])
		}
		list := b.EndVector(len(parts))
		b.StartObject(8)
		b.PrependByteSlot(6, fgbMultiPolygon, 0)
		b.PrependUOffsetTSlot(7, list, 0)
		return b.EndObject()
	}
	return s.simple(b, 0, nil)
}

func (s *shapeBuilder) simple(b *flatbuffers.Builder, kind byte, lines [][]orb.Point) flatbuffers.UOffsetT {
	n := 0
	s.ends = s.ends[:0]
	for _, line := range lines {
		n += len(line)
		s.ends = append(s.ends, uint32(n))
	}
	var ends flatbuffers.UOffsetT
	if len(s.ends) > 1 || kind == fgbMultiLineString {
		b.StartVector(4, len(s.ends), 4)
		for i := len(s.ends) - 1; i >= 0; i-- {
			b.PrependUint32(s.ends[i])
		}
		ends = b.EndVector(len(s.ends))
	}
	b.StartVector(8, 2*n, 8)
	for i := len(lines) - 1; i >= 0; i-- {
		for j := len(lines[i]) - 1; j >= 0; j-- {
			b.PrependFloat64(lines[i][j][1])
			b.PrependFloat64(lines[i][j][0])
		}
	}
	xy := b.EndVector(2 * n)
	b.StartObject(8)
	b.PrependUOffsetTSlot(0, ends, 0)
	b.PrependUOffsetTSlot(1, xy, 0)
	b.PrependByteSlot(6, kind, 0)
	return b.EndObject()
}
