package tile_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"luodi/geo/tile"
)

// TestGDALReadsTheSameGround: the areas by status and the ids of a park, as GDAL reads a folder of tiles and cuts
// them at their edges.
func TestGDALReadsTheSameGround(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed (Debian: gdal-bin)")
	}
	set := tile.SetByID("WebMercatorQuad")
	for _, seed := range []uint64{2, 3, 4} {
		p := randomPark(seed, 8, 8)
		for _, z := range []int{8, 11, 13, 14, 16, 17} {
			tiles := p.tiles(set, z)
			rows := gdal(t, path, z, tiles)
			area, ids := map[string]float64{}, map[string]bool{}
			width := 2 * math.Pi * 6378137 / math.Exp2(float64(z))
			for _, row := range rows {
				m2, err := strconv.ParseFloat(row["area"], 64)
				if err != nil {
					t.Fatal(row, err)
				}
				area[row["status"]] += m2 / width / width
				if row["id"] != "" {
					ids[row["id"]] = true
				}
			}
			for status, want := range p.truth(set, z).area {
				if off := area[status]/want - 1; math.Abs(off) > 0.005 {
					t.Errorf("seed %d, z%d %s: %.3f %% off", seed, z, status, 100*off)
				}
			}
			for i := range p.parcels {
				a := &p.parcels[i]
				if wide, high := a.drawn(set, z); !ids[a.id] && max(wide, high) > 1.01 && a.mean(set, z) > 0.51 {
					t.Errorf("seed %d, z%d: %s is %.1f by %.1f pixels large and not there", seed, z, a.id, wide, high)
				}
			}
		}
	}
}

// mean is how wide a parcel is drawn on average, in pixels: its area over the longer side of its box.
func (a *parcel) mean(set *tile.Set, z int) float64 {
	one := park{parcels: []parcel{*a}}
	return one.truth(set, z).area[a.status] * 512 * 512 / max(a.drawn(set, z))
}

// gdal reads tiles of a zoom with GDAL.
func gdal(t *testing.T, path string, z int, tiles map[tile.Address][]byte) []map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), strconv.Itoa(z))
	for at, body := range tiles {
		column := filepath.Join(dir, strconv.Itoa(at.Col))
		if err := os.MkdirAll(column, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(column, fmt.Sprintf("%d.mvt", at.Row)), body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out, complaints bytes.Buffer
	c := exec.Command(path, "-f", "CSV", "/vsistdout/", dir, "-oo", "TILE_EXTENSION=mvt",
		"-sql", "SELECT *, OGR_GEOM_AREA AS area FROM parcels")
	c.Stdout, c.Stderr = &out, &complaints
	if err := c.Run(); err != nil || complaints.Len() > 0 {
		t.Fatalf("ogr2ogr: %v\n%s", err, complaints.String())
	}
	table, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range table[1:] {
		row := map[string]string{}
		for i, name := range table[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
