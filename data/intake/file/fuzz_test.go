package file

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

func floatBits(f float64) uint64 { return math.Float64bits(f) }

// small limits keep a fuzzed input from costing more than it shows.
var small = Limits{FileBytes: 1 << 20, Ratio: 100, FeatureBytes: 128 << 10, Points: 1000, Depth: 16, Values: 50}

// checkReader walks a reader to its end: every error is a fault, every shape is one that another library reads.
func checkReader(t *testing.T, reader Reader, err error) {
	var fault *Fault
	if err != nil {
		if !errors.As(err, &fault) {
			t.Fatalf("not a fault: %v", err)
		}
		return
	}
	defer func() { _ = reader.Close() }()
	for range 10_000 {
		row, err := reader.Next(context.Background())
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			if !errors.As(err, &fault) {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		if row.Fault == nil && row.Shape.Kind != Collection {
			checkShape(t, row.Shape)
		}
	}
}

func checkShape(t *testing.T, shape Shape) {
	g, err := wkb.Unmarshal(shape.WKB)
	if err != nil {
		t.Fatalf("orb can't read % x: %v", shape.WKB, err)
	}
	if b := g.Bound(); !finite(b.Min[0]) || !finite(b.Min[1]) || !finite(b.Max[0]) || !finite(b.Max[1]) {
		t.Fatalf("bounds %v", b)
	}
	single := shape.Single()
	if _, err := wkb.Unmarshal(single.WKB); err != nil {
		t.Fatalf("orb can't read the single part % x: %v", single.WKB, err)
	}
	again, fault := flatten(shape.WKB, math.MaxInt)
	if fault != nil || string(again.WKB) != string(shape.WKB) {
		t.Fatalf("flattened again it is another: %v", fault)
	}
}

func FuzzGeoJSON(f *testing.F) {
	for _, seed := range []string{
		collectionOf(featureOf(`{"type":"MultiPolygon","coordinates":[[` + ring + `]]}`)),
		featureOf(`{"coordinates":[1,2,3],"type":"Point"}`) + "\n\x1e" + featureOf("null"),
		`{"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::4550"}},"features":[17,{"a":"\ud83d\ude00"}],"type":"FeatureCollection"}`,
		"\ufeff" + collectionOf(featureOf(`{"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]}`)),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		reader, err := newGeoJSON(&diskFile{File: file, ctx: context.Background(), size: int64(len(body))},
			Options{Limits: small})
		if err != nil {
			_ = file.Close()
			checkReader(t, nil, err)
			return
		}
		checkReader(t, reader, nil)
	})
}

func FuzzGeometryBlob(f *testing.F) {
	for _, g := range []orb.Geometry{orb.Point{1, 2}, orb.LineString{{0, 0}, {1, 1}}, square,
		orb.MultiPolygon{square, square}, orb.Collection{orb.Point{1, 2}}} {
		f.Add(blob(f, 77, g))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		shape, fault := decodeBlob(body, 77, false, 1000)
		if fault == nil && shape.Kind != Collection {
			checkShape(t, shape)
		}
	})
}

func FuzzGeoPackage(f *testing.F) {
	for _, path := range []string{
		buildGeoPackage(f, `PRAGMA page_size = 512; VACUUM;`+parcelLayer,
			[]any{1, "a", 1.5, "2022-05-28", []byte("x"), blob(f, 77, square)}),
		buildGeoPackage(f, `PRAGMA page_size = 512; VACUUM;`),
	} {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		path := filepath.Join(t.TempDir(), "f.gpkg")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		reader, err := openGeoPackage(context.Background(), path, Options{Limits: small}, nil)
		checkReader(t, reader, err)
	})
}
