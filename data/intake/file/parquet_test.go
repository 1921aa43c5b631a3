package file

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// parquetRow has a column of each sort that is read, and some that are left alone.
type parquetRow struct {
	Code    string    `parquet:"code"`
	Area    *float64  `parquet:"area,optional"`
	Price   int64     `parquet:"price,decimal(2:18)"`
	Count   uint32    `parquet:"count"`
	Free    bool      `parquet:"free"`
	Day     int32     `parquet:"day,date"`
	At      time.Time `parquet:"at,timestamp(millisecond)"`
	Bytes   []byte    `parquet:"bytes"`
	Words   []string  `parquet:"words"`
	BBox    struct{ XMin float64 }
	Geom    []byte `parquet:"geom"`
	Other   []byte `parquet:"other_geom"`
	Written string `parquet:"某字段,optional"`
}

const parquetGeo = `{"version":"1.1.0","primary_column":"geom","columns":{"geom":{"encoding":"WKB","geometry_types":[]}}}`

// parquetOf writes rows with the metadata "geo"; "" leaves it out.
func parquetOf[T any](t testing.TB, meta string, rows ...T) []byte {
	t.Helper()
	var out bytes.Buffer
	w := parquet.NewGenericWriter[T](&out, parquet.Compression(&parquet.Zstd))
	if meta != "" {
		w.SetKeyValueMetadata("geo", meta)
	}
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func wkbOf(t testing.TB, g orb.Geometry) []byte {
	t.Helper()
	body, err := wkb.Marshal(g, binary.BigEndian)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestGeoParquetIsRead(t *testing.T) {
	t.Parallel()
	area := 12.5
	at := time.Date(2026, 11, 30, 8, 0, 0, 5e6, time.UTC)
	body := parquetOf(t, parquetGeo,
		parquetRow{Code: "甲-1", Area: &area, Price: -5, Count: 1 << 31, Free: true, Day: 20_000, At: at,
			Bytes: []byte("\xff\x00"), Words: []string{"a", "b"}, Geom: wkbOf(t, square), Written: "字"},
		parquetRow{Code: "B", Price: 123456, At: at.Truncate(24 * time.Hour), Geom: []byte("no shape")})
	for name, file := range map[string][]byte{"plain": body, "gzip": gzipped(t, body),
		"zip": zipped(t, map[string][]byte{"land.parquet": body, "readme.txt": []byte("a note\n")})} {
		info, rows, err := readAll(write(t, "land", file), Options{})
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %v, %d rows", name, err, len(rows))
		}
		if info.Format != "GeoParquet" || info.EPSG != 4326 || info.Rows != 2 {
			t.Errorf("%s: %+v", name, info)
		}
		want := map[string]string{"code": "甲-1", "area": "12.5", "price": "-0.05", "count": "2147483648",
			"free": "true",
			"day":  "2024-10-04", "at": "2026-11-30T08:00:00.005Z", "other_geom": "", "某字段": "字"}
		if diff := cmp.Diff(want, rows[0].Values); diff != "" || rows[0].Unread["bytes"] == nil {
			t.Errorf("%s: %s\n%v", name, diff, rows[0].Unread)
		}
		if s := rows[0].Shape; s.Kind != Polygon || s.Points != len(square[0]) {
			t.Errorf("%s: %+v", name, s)
		}
		if v := rows[1].Values; v["price"] != "1234.56" || v["at"] != "2026-11-30" || v["area"] != "" ||
			rows[1].Fault == nil {
			t.Errorf("%s: %v %+v", name, v, rows[1].Fault)
		}
	}
}

func TestGeoParquetNamesItsSystem(t *testing.T) {
	t.Parallel()
	for crs, want := range map[string]int{
		"": 4326, `,"crs":null`: 0,
		`,"crs":{"type":"GeographicCRS","name":"x","id":{"authority":"EPSG","code":4490}}`:          4490,
		`,"crs":{"id":{"authority":"OGC","code":"CRS84"}}`:                                          4326,
		`,"crs":{"name":"x","ids":[{"authority":"EPSG","code":"4550"},{"authority":"x","code":1}]}`: 4550,
		`,"crs":{"type":"ProjectedCRS","name":"my own"}`:                                            0,
		`,"crs":"` + strings.ReplaceAll(wktOfZone, `"`, `\"`) + `"`:                                 4550,
		`,"crs":[1]`: 0, `,"crs":{"id":{"authority":"ESRI","code":102012}}`: 0,
	} {
		meta := strings.Replace(parquetGeo, `"encoding":"WKB"`, `"encoding":"WKB"`+crs, 1)
		path := write(t, "land.parquet", parquetOf(t, meta, parquetRow{Code: "A", Geom: wkbOf(t, square)}))
		info, rows, err := readAll(path, Options{})
		if err != nil || info.EPSG != want || info.CRS == "" || len(rows) != 1 || rows[0].Fault != nil {
			t.Errorf("%s: %v %+v", crs, err, info)
		}
	}
}

// Parquet of other things, and shapes in another form than WKB, are named for what they are.
func TestParquetOfOtherThingsIsNamed(t *testing.T) {
	t.Parallel()
	row := parquetRow{Code: "A", Geom: wkbOf(t, square)}
	good := parquetOf(t, parquetGeo, row)
	for name, c := range map[string]struct {
		body []byte
		code string
		got  string
	}{
		"no shapes": {parquetOf(t, "", row), NotGeoParquet, "—"},
		"native encoding": {parquetOf(t, strings.Replace(parquetGeo, "WKB", "polygon", 1), row), NotGeoParquet,
			"polygon"},
		"no such column": {parquetOf(t, strings.ReplaceAll(parquetGeo, `"geom"`, `"shape"`), row), NotGeoParquet,
			"—"},
		"a column of words": {parquetOf(t, strings.ReplaceAll(parquetGeo, `"geom"`, `"words"`), row), NotGeoParquet,
			"—"},
		"metadata of no use": {parquetOf(t, "{", row), NotGeoParquet, "{"},
		"cut short":          {good[:len(good)-20], ConversionFailed, ""},
		"the head alone":     {good[:4], ConversionFailed, ""},
		"too large a row": {parquetOf(t, parquetGeo, parquetRow{Code: strings.Repeat("a", 1<<20), Geom: row.Geom}),
			FeatureTooLarge, ""},
	} {
		limits := DefaultLimits
		limits.FeatureBytes = 1 << 20
		_, _, err := readAll(write(t, "land.parquet", c.body), Options{Limits: limits})
		if fault := faultOf(t, err); fault.Code != c.code || fault.Got != c.got {
			t.Errorf("%s: %+v", name, fault)
		}
	}
}

// What a child wrote is not trusted either: cells that lie about their length or column end the reading.
func TestCellsOfAParquetAreChecked(t *testing.T) {
	t.Parallel()
	cell := func(sort byte, column, size uint32, body string) string {
		head := binary.LittleEndian.AppendUint32([]byte{sort}, column)
		return string(binary.LittleEndian.AppendUint32(head, size)) + body
	}
	end := cell(cellEnd, 0, 0, "")
	for name, c := range map[string]struct {
		rows string
		good bool
	}{
		"a row":             {cell(cellText, 0, 1, "A") + end, true},
		"a long cell":       {cell(cellText, 0, 1<<31, "A") + end, false},
		"a short cell":      {cell(cellText, 0, 9, "A"), false},
		"a column too many": {cell(cellText, 1, 1, "A") + end, false},
		"no end":            {cell(cellText, 0, 1, "A"), false},
		"a row too many":    {end + end, false},
		"half a head":       {end + "abc", false},
	} {
		folder := t.TempDir()
		err := errors.Join(os.WriteFile(folder+"/"+parquetHead, []byte(`{"Fields":["code"],"Rows":1}`), 0o600),
			os.WriteFile(folder+"/"+parquetRows, []byte(c.rows), 0o600))
		if err != nil {
			t.Fatal(err)
		}
		reader, err := newParquetRows(folder, Options{Limits: DefaultLimits})
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = reader.Next(t.Context())
		}
		if errors.Is(err, io.EOF) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
}
