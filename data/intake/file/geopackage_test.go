package file

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"luodi/geo"
)

func TestGeoPackageRows(t *testing.T) {
	t.Parallel()
	path := buildGeoPackage(t, parcelLayer,
		[]any{3, "甲-1", 12.5, "2022-05-28", []byte("text"), blob(t, 77, square)},
		[]any{9, nil, nil, nil, nil, blob(t, 77, orb.MultiPolygon{square})},
	)
	info, rows, err := readAll(path, Options{})
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, error %v", len(rows), err)
	}
	if info.EPSG != 4550 || info.Layer != "parcel" || info.Rows != 2 || info.Format != "GeoPackage" {
		t.Errorf("info %+v", info)
	}
	want := map[string]string{"fid": "3", "code": "甲-1", "area": "12.5", "surveyed": "2022-05-28", "note": "text"}
	if diff := cmp.Diff(want, rows[0].Values); diff != "" || rows[0].ID != "3" || rows[0].Number != 1 {
		t.Errorf("row %+v\n%s", rows[0], diff)
	}
	if got := text(t, rows[1].Shape.Single()); got != "POLYGON((0 0,10 0,10 10,0 10,0 0))" {
		t.Errorf("a multi polygon of one part alone is %s", got)
	}
	if b := rows[0].Shape.Bounds; b != [4]float64{0, 0, 10, 10} {
		t.Errorf("bounds %v", b)
	}
}

func TestGeoPackageRefusesRows(t *testing.T) {
	t.Parallel()
	good := blob(t, 77, square)
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[at] = to
		return b
	}
	for name, c := range map[string]struct {
		geom any
		code string
		want string
	}{
		"null":              {nil, "a", NoGeometry},
		"text":              {"POLYGON((0 0,1 0,1 1,0 0))", "a", BadGeometry},
		"no magic":          {change(0, 'X'), "a", BadGeometry},
		"version 1":         {change(2, 1), "a", BadGeometry},
		"extended":          {change(3, 0x21), "a", BadGeometry},
		"envelope 5":        {change(3, 0x0b), "a", BadGeometry},
		"empty flag":        {change(3, 0x11), "a", EmptyGeometry},
		"another system":    {blob(t, 4490, square), "a", CRSOther},
		"byte order 7":      {change(8, 7), "a", BadGeometry},
		"a curve":           {change(9, 10), "a", CurvedGeometry},
		"no such type":      {change(9, 99), "a", BadGeometry},
		"a lying count":     {change(16, 0xff), "a", BadGeometry},
		"cut":               {good[:len(good)-1], "a", BadGeometry},
		"longer":            {append(bytes.Clone(good), 0), "a", BadGeometry},
		"an open ring":      {blob(t, 77, orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}), "a", RingOpen},
		"a text that isn't": {good, "\xff\xfe", NotText},
		"a NUL":             {good, "a\x00b", NotText},
	} {
		path := buildGeoPackage(t, parcelLayer, []any{1, c.code, nil, nil, nil, c.geom},
			[]any{2, "b", nil, nil, nil, good})
		_, rows, err := readAll(path, Options{})
		if err != nil || len(rows) != 2 {
			t.Errorf("%s: %d rows, error %v", name, len(rows), err)
			continue
		}
		if unread := rows[0].Unread["code"]; c.want == NotText && unread != nil {
			rows[0].Fault = unread
		}
		if rows[0].Fault == nil || rows[0].Fault.Code != c.want {
			t.Errorf("%s: fault %v, want %s", name, rows[0].Fault, c.want)
		}
		if rows[1].Fault != nil {
			t.Errorf("%s: the next row suffered: %v", name, rows[1].Fault)
		}
	}
}

// Heights and measures are left out, whichever of the two ways the WKB marks them.
func TestFlattenDropsHeights(t *testing.T) {
	t.Parallel()
	flat, err := ewkb.Marshal(orb.LineString{{1, 2}, {3, 4}}, 0, binary.BigEndian)
	if err != nil {
		t.Fatal(err)
	}
	iso := func(code uint32, order binary.AppendByteOrder, mark byte, values ...float64) []byte {
		b := order.AppendUint32(order.AppendUint32([]byte{mark}, code), 2)
		for _, v := range values {
			b = order.AppendUint64(b, floatBits(v))
		}
		return b
	}
	for name, c := range map[string]struct {
		wkb   []byte
		extra bool
	}{
		"big-endian":  {flat, false},
		"ISO Z":       {iso(1002, binary.LittleEndian, 1, 1, 2, 9, 3, 4, 9), true},
		"ISO M":       {iso(2002, binary.BigEndian, 0, 1, 2, 9, 3, 4, 9), true},
		"ISO ZM":      {iso(3002, binary.LittleEndian, 1, 1, 2, 9, 8, 3, 4, 9, 8), true},
		"EWKB Z flag": {iso(0x80000002, binary.LittleEndian, 1, 1, 2, 9, 3, 4, 9), true},
	} {
		shape, fault := flatten(c.wkb, 10)
		if fault != nil {
			t.Errorf("%s: %v", name, fault)
			continue
		}
		if got := text(t, shape); got != "LINESTRING(1 2,3 4)" || shape.Dropped != c.extra {
			t.Errorf("%s: %s, dropped %v", name, got, shape.Dropped)
		}
	}
}

func TestGeoPackageLayers(t *testing.T) {
	t.Parallel()
	second := `CREATE TABLE zone (fid INTEGER PRIMARY KEY, geom BLOB);
		INSERT INTO gpkg_contents VALUES ('zone', 'features', -1); INSERT INTO gpkg_geometry_columns
		  VALUES ('zone', 'geom', 'POLYGON', -1, 0, 0);`
	both := buildGeoPackage(t, parcelLayer+second)
	if got := faultOf(t, third(readAll(both, Options{}))); got.Code != LayerAmbiguous ||
		got.Expected != "parcel, zone" {
		t.Errorf("%+v", got)
	}
	if got := faultOf(t, third(readAll(both, Options{Layer: "roads"}))); got.Code != LayerUnknown ||
		got.Got != "roads" {
		t.Errorf("%+v", got)
	}
	info, _, err := readAll(both, Options{Layer: "ZONE"})
	if err != nil || info.Layer != "zone" || info.EPSG != 0 || info.CRS != "" {
		t.Errorf("info %+v, error %v", info, err)
	}
	other := buildGeoPackage(t, parcelLayer+`UPDATE gpkg_geometry_columns SET srs_id = 78;`)
	if info, _, err := readAll(other, Options{}); err != nil || info.EPSG != 0 || info.CRS != "ESRI:102012" {
		t.Errorf("info %+v, error %v", info, err)
	}
}

func third[A, B any](_ A, _ B, err error) error { return err }

// A file can't make the reader run what it says: its views, virtual tables and generated columns are not read.
func TestGeoPackageRunsNothingOfTheFile(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string]string{
		"view": `CREATE VIEW parcel AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1
			FROM n) SELECT fid, NULL AS geom FROM n;`,
		"virtual table": `CREATE VIRTUAL TABLE parcel USING rtree(fid, a, b);`,
	} {
		path := buildGeoPackage(t, schema+`INSERT INTO gpkg_contents VALUES ('parcel', 'features', 77);
			INSERT INTO gpkg_geometry_columns VALUES ('parcel', 'geom', 'POLYGON', 77, 0, 0);`)
		if got := faultOf(t, third(readAll(path, Options{}))); got.Code != LayerNotTable {
			t.Errorf("%s: %+v", name, got)
		}
	}
	generated := buildGeoPackage(t, `CREATE TABLE parcel (fid INTEGER PRIMARY KEY, code TEXT, area REAL,
       surveyed DATE, note BLOB, geom BLOB, big AS (zeroblob(1000000000)) VIRTUAL);
		INSERT INTO gpkg_contents VALUES ('parcel', 'features', 77); INSERT INTO gpkg_geometry_columns
		  VALUES ('parcel', 'geom', 'POLYGON', 77, 0, 0);`,
		[]any{1, "a", nil, nil, nil, blob(t, 77, square)})
	info, rows, err := readAll(generated, Options{})
	if err != nil || len(rows) != 1 || len(info.Fields) != 5 {
		t.Errorf("generated column: fields %v, %d rows, error %v", info.Fields, len(rows), err)
	}
}

func TestGeoPackageGuard(t *testing.T) {
	t.Parallel()
	path := buildGeoPackage(t, parcelLayer)
	reader, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	g := reader.(*geoPackage)
	if err := g.rows.Close(); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"ATTACH 'other.db' AS other", "SELECT load_extension('x')", "INSERT INTO parcel (fid) VALUES (5)",
		"DROP TABLE parcel", "PRAGMA journal_mode = WAL",
		"SELECT zeroblob(10)", "CREATE TEMP TABLE x (a)", "PRAGMA trusted_schema = 1",
	} {
		if _, err := g.conn.ExecContext(context.Background(), sql); err == nil {
			t.Errorf("%s was taken", sql)
		}
	}
}

func TestGeoPackageDamaged(t *testing.T) {
	t.Parallel()
	rows := make([][]any, 300)
	for i := range rows {
		rows[i] = []any{i + 1, "code", nil, nil, bytes.Repeat([]byte("x"), 100), blob(t, 77, square)}
	}
	whole, err := os.ReadFile(buildGeoPackage(t, parcelLayer, rows...))
	if err != nil {
		t.Fatal(err)
	}
	clobbered := bytes.Clone(whole)
	for i := len(clobbered) / 2; i < len(clobbered); i += 7 {
		clobbered[i] ^= 0xff
	}
	for name, c := range map[string]struct {
		body []byte
		want string
	}{
		"cut by a byte":   {whole[:len(whole)-1], Truncated},
		"cut by pages":    {whole[:8192], Truncated},
		"header alone":    {whole[:50], Truncated},
		"pages clobbered": {clobbered, DatabaseDamaged},
	} {
		if got := faultOf(t, third(readAll(write(t, "land.gpkg", c.body), Options{}))); got.Code != c.want {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
	path := write(t, "land.gpkg", whole)
	if err := os.WriteFile(path+"-wal", []byte("changes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := faultOf(t, third(readAll(path, Options{}))); got.Code != JournalBeside {
		t.Errorf("with a journal beside it: %+v", got)
	}
}

// TestAValueThatIsTooLargeIsToldByTheLimit: in which table, and how large it may be.
func TestAValueThatIsTooLargeIsToldByTheLimit(t *testing.T) {
	t.Parallel()
	path := buildGeoPackage(t, parcelLayer, []any{1, "a", nil, nil, bytes.Repeat([]byte("x"), 200<<10),
		blob(t, 77, square)})
	got := faultOf(t, third(readAll(path, Options{Limits: small})))
	if want := fmt.Sprint(small.FeatureBytes); got.Code != FeatureTooLarge || got.Expected != want ||
		!strings.HasPrefix(got.Field, "parcel:") {
		t.Errorf("%+v, want a limit of %s", got, want)
	}
}

func TestSQLiteThatIsNoGeoPackage(t *testing.T) {
	t.Parallel()
	path := buildGeoPackage(t, `DROP TABLE gpkg_contents; CREATE TABLE x (a);`)
	if got := faultOf(t, third(readAll(path, Options{}))); got.Code != NotGeoPackage {
		t.Errorf("%+v", got)
	}
}

func TestGeoPackagePathIsNoURI(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile(buildGeoPackage(t, parcelLayer, []any{1, "a", nil, nil, nil, blob(t, 77, square)}))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a b?mode=rwc&x=%41#地.gpkg")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, rows, err := readAll(path, Options{}); err != nil || len(rows) != 1 {
		t.Errorf("%d rows, error %v", len(rows), err)
	}
}

func TestReadersStopWithTheirContext(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		buildGeoPackage(t, parcelLayer, []any{1, "a", nil, nil, nil, blob(t, 77, square)}),
		write(t, "f.json", []byte(collectionOf(featureOf("null")))),
	} {
		ctx, cancel := context.WithCancel(context.Background())
		reader, err := Open(ctx, path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := reader.Next(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", path, err)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A shape that says another system than its layer is refused, unless the caller states the system.
func TestWhatIsStatedOutranksStaleMarks(t *testing.T) {
	t.Parallel()
	path := buildGeoPackage(t, parcelLayer, []any{1, "a", nil, nil, nil, blob(t, 4490, square)})
	for crs, refused := range map[geo.EPSG]bool{0: true, 4549: false} {
		_, rows, err := readAll(path, Options{CRS: crs})
		if err != nil || len(rows) != 1 || (rows[0].Fault != nil) != refused {
			t.Errorf("with %v stated: %v %+v", crs, err, rows)
		}
	}
}

// A layer whose system has no authority is known by the system's parameters; a table without row ids is read by its
// key; a column of bytes is left alone.
func TestUnusualGeoPackagesAreRead(t *testing.T) {
	t.Parallel()
	path := buildGeoPackage(t, `
INSERT INTO gpkg_spatial_ref_sys VALUES ('own', 100000, 'NONE', 100000, '`+wktOfZone+`');
CREATE TABLE parcel (code TEXT PRIMARY KEY, fid INTEGER, area REAL, surveyed DATE, note BLOB, geom BLOB) WITHOUT ROWID;
INSERT INTO gpkg_contents VALUES ('parcel', 'features', 100000);
INSERT INTO gpkg_geometry_columns VALUES ('parcel', 'geom', 'POLYGON', 100000, 0, 0);`,
		[]any{2, "b", 1, nil, []byte("\xff\x00"), blob(t, 100000, square)},
		[]any{1, "a", 1, nil, nil, blob(t, 100000, square)})
	info, rows, err := readAll(path, Options{})
	if err != nil || len(rows) != 2 || info.EPSG != 4550 || info.CRS != "CGCS2000_3_Degree_GK_CM_123E" {
		t.Fatalf("%v %+v %+v", err, info, rows)
	}
	if rows[0].Values["code"] != "a" || rows[1].Fault != nil || rows[1].Unread["note"] == nil {
		t.Errorf("%+v", rows)
	}
}
