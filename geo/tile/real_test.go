package tile_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"luodi/geo"
	"luodi/geo/tile"
)

// cadastre is a file of real parcels beside the project, if it is there.
const cadastre = "../../../shared/data/real/parcel.gpkg"

// TestARealCadastre: areas by class and the number of parcels, at every zoom.
func TestARealCadastre(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(cadastre); err != nil {
		t.Skipf("no real cadastre: %v", err)
	}
	path, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed (Debian: gdal-bin)")
	}
	var out bytes.Buffer
	c := exec.Command(path, "-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=9", "-dim", "XY",
		"-nlt", "MULTIPOLYGON", "/vsistdout/", cadastre)
	c.Stdout, c.Stderr = &out, os.Stderr
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var p park
	for i, f := range fc.Features {
		if shape, is := f.Geometry.(orb.MultiPolygon); is {
			p.parcels = append(p.parcels, parcel{shape: shape, status: statuses[i%len(statuses)]})
		}
	}
	p.finish()
	p.trueAtAllZooms(t)
}

// TestTheSamplePark: likewise.
func TestTheSamplePark(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("../../data/sample/lingang.json")
	if err != nil {
		t.Fatal(err)
	}
	var sample struct {
		CRS   geo.EPSG
		Parks []struct {
			Parcels []struct {
				Geom   geojson.Geometry
				Status string `json:"bank_status"`
			}
		}
	}
	if err := json.Unmarshal(file, &sample); err != nil {
		t.Fatal(err)
	}
	plane, known := geo.CRS{Code: sample.CRS}.Projection()
	if !known {
		t.Fatal(sample.CRS)
	}
	var p park
	for _, park := range sample.Parks {
		for _, a := range park.Parcels {
			shape, several := a.Geom.Geometry().(orb.MultiPolygon)
			if !several {
				shape = orb.MultiPolygon{a.Geom.Geometry().(orb.Polygon)}
			}
			for _, polygon := range shape {
				for _, ring := range polygon {
					for i := range ring {
						ring[i] = plane.Inverse(ring[i])
					}
				}
			}
			p.parcels = append(p.parcels, parcel{shape: shape, status: a.Status})
		}
	}
	p.finish()
	p.trueAtAllZooms(t)
}

// trueAtAllZooms holds the areas and the number of the parcels to what tiles show.
func (p *park) trueAtAllZooms(t *testing.T) {
	t.Helper()
	for _, set := range tile.Sets() {
		for z := 8; z <= 18; z++ {
			want, tiles := p.truth(set, z), p.tiles(set, z)
			got, worst, size := shown(t, tiles), 0.0, 0
			for status, area := range want.area {
				worst = max(worst, math.Abs(got.area[status]/area-1))
			}
			for _, body := range tiles {
				size += len(body)
			}
			t.Logf("%s z%d: %d parcels, %.4f %% off, %d tiles, %d bytes", set.ID(), z, got.count, 100*worst, len(tiles),
				size)
			if worst > 0.005 || got.count != want.count {
				t.Errorf("z%d: %.3f %% off, %d of %d parcels", z, 100*worst, got.count, want.count)
			}
		}
	}
}
