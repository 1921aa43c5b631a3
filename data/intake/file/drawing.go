package file

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"

	"luodi/geo"
)

// drawing gives what a drawing shows of land: the closed lines and hatches of a layer, or of all; where it has none,
// its lines; where it has none either, its points.
//
//  1. All rows are looked at once: what there is of each, texts with their places, and outlines, so that a hatch of one
//     is not taken for a second. Outlines in pieces are put together (joinLines).
//  2. Areas get the texts that stand in them: the only one is the code, several are text_1, text_2 and so on from the
//     top.
//  3. What luodi drew itself has its values as extended data, and its holes as outlines that name their feature.
type drawing struct {
	*geoPackage
	facts    *drawnFacts
	layer    string
	lines    bool    // lines are wanted: what is closed stays a line
	within   float64 // closedM in the drawing's unit
	kind     Kind    // of single shapes that are given
	texts    rtree.RTreeG[wordAt]
	outlines map[[sha256.Size]byte]bool
	pieces   map[string][]openLine // by layer
	corners  int                   // of the pieces
	joined   []joinedOutline
	inJoined map[int64]bool // rows that are pieces of one
	rings    map[string][]ownRing
	fields   map[string]bool
	notes    []geo.Words
	number   int64
}

// wordAt is a text with its place.
type wordAt struct {
	at   orb.Point
	text string
}

// ownRing is a further ring of a feature that luodi drew.
type ownRing struct {
	part string
	ring orb.Ring
}

// Names of the columns that GDAL's driver gives.
const (
	dxfLayer  = "Layer"
	dxfText   = "Text"
	dxfKind   = "SubClasses"
	dxfPaper  = "PaperSpace"
	dxfHandle = "EntityHandle"
	maxTexts  = 200_000
	maxInside = 9
)

func newDrawing(ctx context.Context, first Reader, folder string, opts Options) (Reader, error) {
	whole, is := first.(*geoPackage)
	if !is {
		return nil, errors.Join(errors.New("a drawing that is no GeoPackage"), first.Close())
	}
	facts, err := readDrawnFacts(filepath.Join(folder, dxfInput))
	if err != nil {
		return nil, errors.Join(err, whole.Close())
	}
	d := &drawing{geoPackage: whole, facts: facts, layer: opts.Layer, lines: opts.Lines, within: closedM,
		outlines: map[[sha256.Size]byte]bool{}, pieces: map[string][]openLine{}, inJoined: map[int64]bool{},
		rings: map[string][]ownRing{}, fields: map[string]bool{"layer": true}}
	if unit, known := dxfUnits[facts.unit]; known {
		d.within = closedM / unit.metres
	}
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
	counts, layers, collections := map[Kind]int{}, map[string]bool{}, map[string]bool{}
	for {
		row, err := d.entity(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		layers[row.Values[dxfLayer]] = true
		own := d.own(row)
		if own["collection"] != "" {
			collections[own["collection"]] = true
		}
		if row.Fault != nil || row.Values[dxfPaper] == "1" {
			continue
		}
		if isText(row) {
			if err := d.addText(row); err != nil {
				return err
			}
			continue
		}
		if d.chosen(row) {
			d.note(row, own, counts)
		}
	}
	if err := d.checkLayer(layers, collections); err != nil {
		return err
	}
	d.join(counts)
	d.settle(counts)
	return nil
}

func (d *drawing) addText(row Row) error {
	if d.texts.Len() == maxTexts {
		return &Fault{Code: TooManyPoints, Field: dxfText, Expected: fmt.Sprint(maxTexts),
			Got: fmt.Sprintf("> %d", maxTexts)}
	}
	at := orb.Point{row.Shape.Bounds[0], row.Shape.Bounds[1]}
	d.texts.Insert(at, at, wordAt{at, plainText(row.Values[dxfText])})
	return nil
}

// note keeps of a row what the rows that are given depend on.
func (d *drawing) note(row Row, own map[string]string, counts map[Kind]int) {
	shape := row.Shape
	for name := range own {
		d.fields[name] = true
	}
	if own["ring"] != "" && shape.Kind == Polygon {
		if g, err := wkb.Unmarshal(shape.WKB); err == nil {
			d.rings[own["id"]] = append(d.rings[own["id"]], ownRing{own["part"], g.(orb.Polygon)[0]})
		}
		return
	}
	counts[singleKind(shape.Kind)]++
	switch {
	case shape.Kind == Polygon && !isHatch(row):
		d.outlines[outlineKey(shape)] = true
	case shape.Kind == LineString && !d.lines && len(own) == 0 && d.corners <= joinMost:
		if g, err := wkb.Unmarshal(shape.WKB); err == nil {
			d.corners += shape.Points
			layer := row.Values[dxfLayer]
			d.pieces[layer] = append(d.pieces[layer], openLine{row.Number, row.Values[dxfHandle], g.(orb.LineString)})
		}
	}
}

// checkLayer refuses a layer that isn't there, and several collections of luodi's own of which none is named.
func (d *drawing) checkLayer(layers, collections map[string]bool) error {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(layers)), func(s string) bool { return s == "" })
	same := func(s string) bool { return strings.EqualFold(s, d.layer) }
	drawn := slices.Sorted(maps.Keys(collections))
	switch {
	case d.layer == "" && len(drawn) > 1:
		return &Fault{Code: LayerAmbiguous, Expected: clip(strings.Join(drawn, ", "))}
	case d.layer != "" && !slices.ContainsFunc(names, same) && !slices.ContainsFunc(drawn, same):
		return &Fault{Code: LayerUnknown, Expected: clip(strings.Join(append(drawn, names...), ", ")), Got: clip(d.layer)}
	}
	return nil
}

// join puts outlines in pieces together. One that is there as a whole too is left in pieces.
func (d *drawing) join(counts map[Kind]int) {
	if d.corners > joinMost {
		return
	}
	for _, layer := range slices.Sorted(maps.Keys(d.pieces)) {
		for _, outline := range joinLines(layer, d.pieces[layer], d.within) {
			shape, fault := outline.shape()
			if fault == nil && d.outlines[outlineKey(shape)] {
				continue
			}
			d.joined = append(d.joined, outline)
			for _, number := range outline.rows {
				d.inJoined[number] = true
			}
			counts[Polygon]++
			counts[LineString] -= len(outline.rows)
		}
	}
	d.pieces = nil
}

func (o joinedOutline) shape() (Shape, *Fault) {
	body, err := wkb.Marshal(orb.Polygon{o.ring}, binary.LittleEndian)
	if err != nil {
		return Shape{}, &Fault{Code: BadGeometry, Field: clip(o.handle), Expected: "Polygon", Got: clip(err.Error())}
	}
	return flatten(body, math.MaxInt)
}

// settle chooses the kind that is given, and says what is left.
func (d *drawing) settle(counts map[Kind]int) {
	switch {
	case counts[Polygon] > 0 && !d.lines:
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
	if n := len(d.joined); n > 0 {
		d.notes = append(d.notes, geo.Say("note.joined", "n", n, "pieces", len(d.inJoined), "mm", closedM*1000))
	}
}

// own are the values that luodi drew an entity with; nil for another's.
func (d *drawing) own(row Row) map[string]string { return d.facts.own[row.Values[dxfHandle]] }

// entity is the next row, a closed line as the area in it.
func (d *drawing) entity(ctx context.Context) (Row, error) {
	row, err := d.geoPackage.Next(ctx)
	if err != nil || row.Fault != nil {
		return row, err
	}
	row.Shape = row.Shape.Single()
	if row.Shape.Kind != LineString || row.Shape.Points < 4 || d.lines {
		return row, nil
	}
	g, err := wkb.Unmarshal(row.Shape.WKB)
	if line, is := g.(orb.LineString); err == nil && is && planar.Distance(line[0], line[len(line)-1]) <= d.within {
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

// closedM is how far apart, in metres, the ends of a line may lie that is taken for closed, and those of lines that are
// joined to an outline: draughtsmen snap by eye. Where the drawing states no unit it is so much of its own.
const closedM = 0.001

func (d *drawing) chosen(row Row) bool {
	return d.layer == "" || strings.EqualFold(row.Values[dxfLayer], d.layer) ||
		strings.EqualFold(d.own(row)["collection"], d.layer)
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

// plainText is a text on one line.
func plainText(s string) string { return strings.Join(strings.Fields(spelled(s)), " ") }

// outlineKey tells outlines apart by their corners, rounded to 0.1 mm: of a closed line and the hatch of it the same,
// wherever they begin and whichever way they go.
func outlineKey(shape Shape) [sha256.Size]byte {
	g, err := wkb.Unmarshal(shape.WKB)
	polygon, is := g.(orb.Polygon)
	if err != nil || !is || len(polygon) == 0 {
		return sha256.Sum256(shape.WKB)
	}
	return sha256.Sum256(cornersKey(polygon[0][1:], 1e-4))
}

// cornersKey tells sets of corners apart, rounded to a step, wherever they begin and whichever way they go.
func cornersKey(line []orb.Point, step float64) []byte {
	var corners [][2]int64
	for _, p := range line {
		corner := [2]int64{int64(math.Round(p[0] / step)), int64(math.Round(p[1] / step))}
		if len(corners) == 0 || corners[len(corners)-1] != corner {
			corners = append(corners, corner)
		}
	}
	slices.SortFunc(corners, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
	var key []byte
	for _, c := range corners {
		key = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(key, uint64(c[0])), uint64(c[1]))
	}
	return key
}

// Info implements Reader.
func (d *drawing) Info() Info {
	info := d.geoPackage.Info()
	info.Format, info.Layer, info.Rows, info.Notes = dxfFormatName, d.layer, -1, d.notes
	info.Fields = slices.Sorted(maps.Keys(d.fields))
	if unit, known := dxfUnits[d.facts.unit]; known {
		info.Unit, info.UnitM = unit.name, unit.metres
	} else if d.facts.unit != 0 {
		info.Unit = fmt.Sprintf("$INSUNITS %d", d.facts.unit)
	}
	return info
}

// dxfFormatName is the name of AutoCAD's exchange format.
const dxfFormatName = "DXF"

// Next implements Reader.
func (d *drawing) Next(ctx context.Context) (Row, error) {
	for {
		row, err := d.entity(ctx)
		if errors.Is(err, io.EOF) && d.kind == Polygon && len(d.joined) > 0 {
			return d.nextJoined(), nil
		}
		if err != nil {
			return Row{}, err
		}
		shape, own := row.Shape, d.own(row)
		if row.Values[dxfPaper] == "1" || !d.chosen(row) || isText(row) && d.kind != Point || own["ring"] != "" ||
			d.inJoined[row.Number] || row.Fault == nil && singleKind(shape.Kind) != d.kind {
			continue
		}
		if shape.Kind == Polygon && isHatch(row) && d.outlines[outlineKey(shape)] {
			continue
		}
		d.number++
		row.Number, row.ID = d.number, row.Values[dxfHandle]
		row.Values, row.Unread = d.valuesOf(row.Values[dxfLayer], shape, own)
		if rings := d.rings[own["id"]]; len(rings) > 0 && row.Fault == nil && shape.Kind == Polygon {
			row.Shape, row.Fault = withRings(shape, rings)
		}
		return row, nil
	}
}

func (d *drawing) nextJoined() Row {
	outline := d.joined[0]
	d.joined = d.joined[1:]
	d.number++
	row := Row{Number: d.number, ID: outline.handle}
	row.Shape, row.Fault = outline.shape()
	row.Values, _ = d.valuesOf(outline.layer, row.Shape, nil)
	return row
}

// valuesOf are the layer, and what luodi drew an area with, else the texts in it.
func (d *drawing) valuesOf(layer string, shape Shape, own map[string]string) (values map[string]string,
	unread map[string]*Fault) {
	if len(own) > 0 {
		var heads, cells []string
		for name, text := range own {
			heads, cells = append(heads, name), append(cells, text)
		}
		values, unread = valuesUnder(heads, cells)
		values["layer"] = layer
		return values, unread
	}
	values = map[string]string{"layer": layer}
	texts := d.inside(shape)
	if len(texts) == 1 {
		values["code"] = texts[0]
	}
	for i, text := range texts[:min(len(texts), maxInside)] {
		values[fmt.Sprintf("text_%d", i+1)] = text
	}
	return values, nil
}

// inside are the texts that stand in an area, from the top.
func (d *drawing) inside(shape Shape) []string {
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
	var found []wordAt
	b := shape.Bounds
	d.texts.Search([2]float64{b[0], b[1]}, [2]float64{b[2], b[3]}, func(_, _ [2]float64, t wordAt) bool {
		if planar.MultiPolygonContains(areas, t.at) {
			found = append(found, t)
		}
		return len(found) < 1000
	})
	slices.SortStableFunc(found, func(a, b wordAt) int {
		return cmp.Or(cmp.Compare(b.at[1], a.at[1]), cmp.Compare(a.at[0], b.at[0]))
	})
	texts := make([]string, len(found))
	for i, t := range found {
		texts[i] = t.text
	}
	return texts
}
