package outlet

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"luodi/data/feed"
	"luodi/data/store/ewkb"
	"luodi/geo"
)

// geoParquet writes GeoParquet 1.1 (geoparquet.org/releases/v1.1.0): geometries as WKB, the box of each beside it as its
// covering, the reference system as PROJJSON. Rows are gathered a group at a time.
type geoParquet struct {
	*paper
	layer   *Layer
	writer  *parquet.GenericWriter[any]
	rows    []parquet.Row
	arena   []byte // of the batch: what its values point to
	types   map[string]bool
	columns int
}

const (
	parquetGroup = 64 << 10 // rows of a group
	parquetBatch = 256
)

func openParquet(p *paper) (sink, error) { return &geoParquet{paper: p}, nil }

// parquetTypes are the Go type and the tag of each kind of column.
var parquetTypes = [...]struct {
	of  reflect.Type
	tag string
}{
	feed.Text: {reflect.TypeFor[string](), ""}, feed.Integer: {reflect.TypeFor[int64](), ""},
	feed.Boolean: {reflect.TypeFor[bool](), ""}, feed.Number: {reflect.TypeFor[float64](), ""},
	feed.Decimal: {reflect.TypeFor[float64](), ""}, feed.Mu: {reflect.TypeFor[float64](), ""},
	feed.Instant: {reflect.TypeFor[int64](), ",timestamp(microsecond)"}, feed.Day: {reflect.TypeFor[int32](), ",date"},
	feed.Object: {reflect.TypeFor[string](), ",json"},
}

// parquetBox is the covering of a geometry.
type parquetBox struct {
	XMin float64 `parquet:"xmin"`
	YMin float64 `parquet:"ymin"`
	XMax float64 `parquet:"xmax"`
	YMax float64 `parquet:"ymax"`
}

// schema describes the columns, in the layer's order, by a type that is made for it.
func (l *Layer) parquetSchema() *parquet.Schema {
	fields := []reflect.StructField{{Name: "F", Type: reflect.TypeFor[string](), Tag: `parquet:"id"`}}
	for i, f := range l.Fields {
		kind := parquetTypes[f.Kind]
		tag := kind.tag
		if f.Kind == feed.Text && (f.property.Filter || f.property.Values != nil) && f.Name != "code" {
			tag += ",dict"
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: kind.of,
			Tag: reflect.StructTag(fmt.Sprintf(`parquet:"%s,optional%s"`, f.Name, tag))})
	}
	fields = append(fields,
		reflect.StructField{Name: "B", Type: reflect.TypeFor[parquetBox](), Tag: `parquet:"bbox"`},
		reflect.StructField{Name: "G", Type: reflect.TypeFor[[]byte](), Tag: `parquet:"geometry"`})
	return parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Elem().Interface())
}

func (g *geoParquet) begin(l *Layer) error {
	g.layer, g.types, g.columns = l, map[string]bool{}, len(l.Fields)+6
	g.writer = parquet.NewGenericWriter[any](g.w, l.parquetSchema(), parquet.Compression(&parquet.Snappy),
		parquet.CreatedBy("luodi", "1", ""), parquet.MaxRowsPerRowGroup(parquetGroup), parquet.PageBufferSize(64<<10),
		parquet.SkipPageBounds("geometry"), parquet.ColumnIndexSizeLimit(func([]string) int { return 16 }))
	return nil
}

func (g *geoParquet) row(r *Row) error {
	n := len(g.rows)
	if n < cap(g.rows) {
		g.rows = g.rows[:n+1]
	} else {
		g.rows = append(g.rows, make(parquet.Row, 0, g.columns))
	}
	row := g.rows[n][:0]
	row = append(row, parquet.ByteArrayValue(g.keep([]byte(r.ID.String()))).Level(0, 0, 0))
	for i := range r.Values {
		row = append(row, g.value(i, &r.Values[i]))
	}
	box := r.Shape.Bound()
	for i, edge := range [4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]} {
		row = append(row, parquet.DoubleValue(edge).Level(0, 0, len(r.Values)+1+i))
	}
	start := len(g.arena)
	var err error
	if g.arena, err = ewkb.Append(g.arena, r.Shape, 0); err != nil {
		return err
	}
	g.types[r.Shape.GeoJSONType()] = true
	g.rows[n] = append(row, parquet.ByteArrayValue(g.arena[start:]).Level(0, 0, len(r.Values)+5))
	if len(g.rows) == parquetBatch {
		return g.flush()
	}
	return nil
}

// keep copies what has to outlive the row.
func (g *geoParquet) keep(b []byte) []byte {
	start := len(g.arena)
	g.arena = append(g.arena, b...)
	return g.arena[start:]
}

func (g *geoParquet) value(i int, v *feed.Value) parquet.Value {
	if v.Null {
		return parquet.NullValue().Level(0, 0, i+1)
	}
	return g.known(g.layer.Fields[i].Kind, v).Level(0, 1, i+1)
}

func (g *geoParquet) known(kind feed.Kind, v *feed.Value) parquet.Value {
	switch kind {
	case feed.Integer:
		return parquet.Int64Value(v.Int)
	case feed.Boolean:
		return parquet.BooleanValue(v.Bool)
	case feed.Number, feed.Decimal, feed.Mu:
		return parquet.DoubleValue(v.Float)
	case feed.Instant:
		return parquet.Int64Value(v.Time.UnixMicro())
	case feed.Day:
		return parquet.Int32Value(int32(v.Time.Unix() / 86400))
	}
	return parquet.ByteArrayValue(g.keep(v.Text))
}

func (g *geoParquet) flush() error {
	_, err := g.writer.WriteRows(g.rows)
	g.rows, g.arena = g.rows[:0], g.arena[:0]
	return err
}

func (g *geoParquet) end() error {
	if err := g.flush(); err != nil {
		return err
	}
	kinds := make([]string, 0, len(g.types))
	for kind := range g.types {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	column := map[string]any{"encoding": "WKB", "geometry_types": kinds, "covering": map[string]any{"bbox": map[string]any{
		"xmin": []string{"bbox", "xmin"}, "ymin": []string{"bbox", "ymin"},
		"xmax": []string{"bbox", "xmax"}, "ymax": []string{"bbox", "ymax"}}}}
	if strings.HasSuffix(g.layer.Geometry, "Polygon") {
		column["orientation"] = "counterclockwise"
	}
	if g.layer.CRS.Code != geo.WGS84 { // without one it is CRS84
		column["crs"] = projJSON(g.layer.CRS.Code)
	}
	if g.layer.flat() {
		column["edges"] = "planar"
	}
	g.writer.SetKeyValueMetadata("geo", jsonText(map[string]any{"version": "1.1.0", "primary_column": "geometry",
		"columns": map[string]any{"geometry": column}}))
	titles := map[string]any{}
	for _, f := range g.layer.Fields {
		titles[f.Name] = f.Title.Both()
	}
	g.writer.SetKeyValueMetadata("luodi", jsonText(map[string]any{"layer": g.layer.ID, "title": g.layer.Title.Both(),
		"fields": titles}))
	return g.writer.Close()
}
