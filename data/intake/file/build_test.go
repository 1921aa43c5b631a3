package file

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/encoding/wkt"
)

// write puts a file into the test's folder.
func write(t testing.TB, name string, body []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readAll reads a file to its end.
func readAll(path string, opts Options) (Info, []Row, error) {
	ctx := context.Background()
	reader, err := Open(ctx, path, opts)
	if err != nil {
		return Info{}, nil, err
	}
	defer func() { _ = reader.Close() }()
	var rows []Row
	for {
		row, err := reader.Next(ctx)
		if errors.Is(err, io.EOF) {
			return reader.Info(), rows, nil
		}
		if err != nil {
			return reader.Info(), rows, err
		}
		rows = append(rows, row)
	}
}

func faultOf(t testing.TB, err error) Fault {
	t.Helper()
	var fault *Fault
	if !errors.As(err, &fault) {
		t.Fatalf("want a fault, got %v", err)
	}
	return *fault
}

// text is a shape as WKT by another library's reading.
func text(t testing.TB, shape Shape) string {
	t.Helper()
	g, err := wkb.Unmarshal(shape.WKB)
	if err != nil {
		t.Fatalf("orb can't read the shape: %v", err)
	}
	return wkt.MarshalString(g)
}

func zipped(t testing.TB, entries map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, body := range entries {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gzipped(t testing.TB, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// blob is a GeoPackage geometry without envelope.
func blob(t testing.TB, srs int32, g orb.Geometry) []byte {
	t.Helper()
	body, err := wkb.Marshal(g, binary.LittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	return append(binary.LittleEndian.AppendUint32([]byte{'G', 'P', 0, 1}, uint32(srs)), body...)
}

const geoPackageTables = `
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
       organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL);
INSERT INTO gpkg_spatial_ref_sys VALUES ('undefined', -1, 'NONE', -1, ''), ('undefined', 0, 'NONE', 0, ''),
       ('CGCS2000', 4490, 'EPSG', 4490, ''), ('a zone', 77, 'epsg', 4550, ''), ('other', 78, 'ESRI', 102012, '');
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT,
       srs_id INTEGER, z TINYINT, m TINYINT);`

const parcelLayer = `
CREATE TABLE parcel (fid INTEGER PRIMARY KEY, code TEXT, area REAL, surveyed DATE, note BLOB, geom BLOB);
INSERT INTO gpkg_contents VALUES ('parcel', 'features', 77);
INSERT INTO gpkg_geometry_columns VALUES ('parcel', 'geom', 'POLYGON', 77, 0, 0);`

// geoPackage writes one by SQL; each further argument is one statement's arguments for an insert into parcel.
func buildGeoPackage(t testing.TB, schema string, rows ...[]any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "land.gpkg")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(geoPackageTables + schema); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if _, err := db.Exec("INSERT INTO parcel (fid, code, area, surveyed, note, geom) VALUES (?, ?, ?, ?, ?, ?)",
			row...); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

var square = orb.Polygon{{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}}
