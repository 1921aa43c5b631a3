package file

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"

	"luodi/geo"
)

// dxfArcDegrees is the angle of the chords that stand for arcs: they lie within 2.4 mm of an arc of 1 km radius
// (the radius × (1 − cos 0.125°)).
const dxfArcDegrees = "0.25"

// beginsDXF reports whether text begins as a drawing: groups of a code and a value, a line each, remarks (999) first.
func beginsDXF(head []byte) bool {
	lines := strings.Split(strings.ReplaceAll(string(bytes.TrimPrefix(head, utf8BOM)), "\r\n", "\n"), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		switch code := strings.TrimSpace(lines[i]); {
		case code == "0" && strings.TrimSpace(lines[i+1]) == "SECTION":
			return true
		case code != "999":
			return false
		}
	}
	return false
}

// checkDXF looks for the end of a drawing, as GDAL takes one that breaks off for a whole one, and for its encoding.
func checkDXF(file *os.File, _ Options) (env []string, err error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("check the drawing: %w", err)
	}
	tail := make([]byte, min(stat.Size(), 256))
	if _, err := file.ReadAt(tail, stat.Size()-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("check the drawing: %w", err)
	}
	words := strings.Fields(string(bytes.TrimRight(tail, "\x00\x1a")))
	if n := len(words); n < 2 || words[n-1] != "EOF" || words[n-2] != "0" {
		return nil, &Fault{Code: Truncated, Field: "DXF: EOF", Got: fmt.Sprint(stat.Size())}
	}
	return drawnEncoding(io.NewSectionReader(file, 0, stat.Size()))
}

// drawnEncoding tells GDAL the encoding of a drawing's texts where the bytes show it: programs leave its name out, or
// write one that isn't so. A name of another than these stands.
func drawnEncoding(in io.Reader) (env []string, err error) {
	plain, utf, gbk := true, true, true
	lines := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, fmt.Errorf("check the drawing: %w", err)
		}
		if slices.ContainsFunc(line, func(c byte) bool { return c >= utf8.RuneSelf }) {
			plain = false
			utf = utf && utf8.Valid(line)
			gbk = gbk && isGBK(line)
		} else if name := strings.TrimSpace(string(line)); strings.HasPrefix(name, "ANSI_") && name != "ANSI_1252" &&
			name != "ANSI_936" {
			gbk = false
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	switch {
	case plain:
	case utf:
		return []string{"DXF_ENCODING=UTF-8"}, nil
	case gbk:
		return []string{"DXF_ENCODING=CP936"}, nil
	}
	return nil, nil
}

// drawing gives what a drawing shows of land: the closed lines and hatches of a layer, or of all; where it has none,
// its lines; where it has none either, its points.
//
//  1. All rows are looked at once: what there is of each, texts with their places, and outlines, so that a hatch of one
//     is not taken for a second.
//  2. Areas get the texts that stand in them: the only one is the code, several are text_1, text_2 and so on from the
//     top.
type drawing struct {
	*geoPackage
	layer    string
	kind     Kind // of single shapes that are given
	texts    rtree.RTreeG[drawnText]
	outlines map[[sha256.Size]byte]bool
	notes    []geo.Words
	number   int64
}

type drawnText struct {
	at   orb.Point
	text string
}

// Names of the columns that GDAL's driver gives.
const (
	dxfLayer  = "Layer"
	dxfText   = "Text"
	dxfKind   = "SubClasses"
	dxfPaper  = "PaperSpace"
	maxTexts  = 200_000
	maxInside = 9
)

func newDrawing(ctx context.Context, first Reader, opts Options) (Reader, error) {
	whole, is := first.(*geoPackage)
	if !is {
		return nil, errors.Join(errors.New("a drawing that is no GeoPackage"), first.Close())
	}
	d := &drawing{geoPackage: whole, layer: opts.Layer, outlines: map[[sha256.Size]byte]bool{}}
	if err := d.look(ctx); err != nil {
		return nil, errors.Join(err, whole.Close())
	}
	if err := whole.rewind(ctx); err != nil {
		return nil, errors.Join(err, whole.Close())
	}
	return d, nil
}

// look walks over all rows once.
func (d *drawing) look(ctx context.Context) error {
	counts, layers := map[Kind]int{}, map[string]bool{}
	for {
		row, err := d.entity(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		layers[row.Values[dxfLayer]] = true
		shape := row.Shape
		if row.Fault != nil || row.Values[dxfPaper] == "1" {
			continue
		}
		if isText(row) {
			if d.texts.Len() == maxTexts {
				return &Fault{Code: TooManyPoints, Field: dxfText, Expected: fmt.Sprint(maxTexts),
					Got: fmt.Sprintf("> %d", maxTexts)}
			}
			at := orb.Point{shape.Bounds[0], shape.Bounds[1]}
			d.texts.Insert(at, at, drawnText{at, plainText(row.Values[dxfText])})
			continue
		}
		if d.chosen(row) {
			counts[singleKind(shape.Kind)]++
			if shape.Kind == Polygon && !isHatch(row) {
				d.outlines[outlineKey(shape)] = true
			}
		}
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(layers)), func(s string) bool { return s == "" })
	if d.layer != "" && !slices.ContainsFunc(names, func(s string) bool { return strings.EqualFold(s, d.layer) }) {
		return &Fault{Code: LayerUnknown, Expected: clip(strings.Join(names, ", ")), Got: clip(d.layer)}
	}
	switch {
	case counts[Polygon] > 0:
		d.kind = Polygon
	case counts[LineString] > 0:
		d.kind = LineString
	default:
		d.kind = Point
	}
	left := 0
	for kind, n := range counts {
		if kind != d.kind {
			left += n
		}
	}
	d.notes = append(d.notes, geo.Say("note.drawing", "kind", d.kind.String(), "n", counts[d.kind], "left", left))
	return nil
}

// entity is the next row, a closed line as the area in it.
func (d *drawing) entity(ctx context.Context) (Row, error) {
	row, err := d.geoPackage.Next(ctx)
	if err != nil || row.Fault != nil {
		return row, err
	}
	row.Shape = row.Shape.Single()
	if row.Shape.Kind != LineString || row.Shape.Points < 4 {
		return row, nil
	}
	g, err := wkb.Unmarshal(row.Shape.WKB)
	if line, is := g.(orb.LineString); err == nil && is && planar.Distance(line[0], line[len(line)-1]) <= closedM {
		line[len(line)-1] = line[0]
		body, err := wkb.Marshal(orb.Polygon{orb.Ring(line)}, binary.LittleEndian)
		if err != nil {
			return row, fmt.Errorf("close a line: %w", err)
		}
		dropped := row.Shape.Dropped
		row.Shape, row.Fault = flatten(body, row.Shape.Points)
		row.Shape.Dropped = dropped
	}
	return row, nil
}

// closedM is how far apart the ends of a line may lie that is taken for closed: draughtsmen snap by eye.
const closedM = 0.001

func (d *drawing) chosen(row Row) bool {
	return d.layer == "" || strings.EqualFold(row.Values[dxfLayer], d.layer)
}

// singleKind is the kind of the parts.
func singleKind(k Kind) Kind {
	if k >= MultiPoint && k <= MultiPolygon {
		return k - (MultiPoint - Point)
	}
	return k
}

func isText(row Row) bool {
	return row.Shape.Kind == Point && row.Values[dxfText] != ""
}

func isHatch(row Row) bool { return strings.Contains(row.Values[dxfKind], "AcDbHatch") }

// plainText is a text on one line, with the characters that its encoding lacks.
func plainText(s string) string {
	spelled := spelledOut.ReplaceAllStringFunc(s, func(run string) string {
		var halves []uint16
		for _, hex := range strings.Split(run, `\U+`)[1:] {
			half, err := strconv.ParseUint(hex, 16, 16)
			if err != nil {
				return run
			}
			halves = append(halves, uint16(half))
		}
		return string(utf16.Decode(halves))
	})
	return strings.Join(strings.Fields(spelled), " ")
}

// spelledOut is a run of characters as AutoCAD writes those that an encoding lacks: \U+XXXX, a half of UTF-16 each.
var spelledOut = regexp.MustCompile(`(?:\\U\+[0-9A-Fa-f]{4})+`)

// outlineKey tells outlines apart by their corners, rounded to 0.1 mm: of a closed line and the hatch of it the same,
// wherever they begin and whichever way they go.
func outlineKey(shape Shape) [sha256.Size]byte {
	g, err := wkb.Unmarshal(shape.WKB)
	polygon, is := g.(orb.Polygon)
	if err != nil || !is || len(polygon) == 0 {
		return sha256.Sum256(shape.WKB)
	}
	var corners [][2]int64
	for _, p := range polygon[0][1:] {
		corner := [2]int64{int64(math.Round(p[0] * 1e4)), int64(math.Round(p[1] * 1e4))}
		if len(corners) == 0 || corners[len(corners)-1] != corner {
			corners = append(corners, corner)
		}
	}
	slices.SortFunc(corners, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
	var key []byte
	for _, c := range corners {
		key = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(key, uint64(c[0])), uint64(c[1]))
	}
	return sha256.Sum256(key)
}

// Info implements Reader.
func (d *drawing) Info() Info {
	info := d.geoPackage.Info()
	info.Format, info.Layer, info.Rows, info.Notes = dxfFormatName, d.layer, -1, d.notes
	info.Fields = []string{"layer"}
	return info
}

// dxfFormatName is the name of AutoCAD's exchange format.
const dxfFormatName = "DXF"

// Next implements Reader.
func (d *drawing) Next(ctx context.Context) (Row, error) {
	for {
		row, err := d.entity(ctx)
		if err != nil {
			return Row{}, err
		}
		shape := row.Shape
		if row.Values[dxfPaper] == "1" || !d.chosen(row) || isText(row) && d.kind != Point ||
			row.Fault == nil && singleKind(shape.Kind) != d.kind {
			continue
		}
		if shape.Kind == Polygon && isHatch(row) && d.outlines[outlineKey(shape)] {
			continue
		}
		d.number++
		row.Number = d.number
		row.ID = row.Values["EntityHandle"]
		texts := d.within(shape)
		row.Values = map[string]string{"layer": row.Values[dxfLayer]}
		if len(texts) == 1 {
			row.Values["code"] = texts[0]
		}
		for i, text := range texts[:min(len(texts), maxInside)] {
			row.Values[fmt.Sprintf("text_%d", i+1)] = text
		}
		return row, nil
	}
}

// within are the texts that stand in an area, from the top.
func (d *drawing) within(shape Shape) []string {
	if shape.Kind != Polygon && shape.Kind != MultiPolygon {
		return nil
	}
	g, err := wkb.Unmarshal(shape.WKB)
	if err != nil {
		return nil
	}
	areas, is := g.(orb.MultiPolygon)
	if polygon, single := g.(orb.Polygon); single {
		areas, is = orb.MultiPolygon{polygon}, true
	}
	if !is {
		return nil
	}
	var found []drawnText
	b := shape.Bounds
	d.texts.Search([2]float64{b[0], b[1]}, [2]float64{b[2], b[3]}, func(_, _ [2]float64, t drawnText) bool {
		if planar.MultiPolygonContains(areas, t.at) {
			found = append(found, t)
		}
		return len(found) < 1000
	})
	slices.SortStableFunc(found, func(a, b drawnText) int {
		return cmp.Or(cmp.Compare(b.at[1], a.at[1]), cmp.Compare(a.at[0], b.at[0]))
	})
	texts := make([]string, len(found))
	for i, t := range found {
		texts[i] = t.text
	}
	return texts
}
