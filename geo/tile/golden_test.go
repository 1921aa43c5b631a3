package tile_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"

	"luodi/geo/tile"
)

var update = flag.Bool("update", false, "write golden files anew")

// expected is what a reader must find in a golden tile: by the shapes in degrees and the formulas of the standards.
type expected struct {
	File   string             `json:"file"`
	Extent uint32             `json:"extent"`
	Areas  map[string]float64 `json:"areas"`  // by status, as a share of the tile
	IDs    []string           `json:"ids"`    // that are drawn as features of their own
	Labels int                `json:"labels"` // at least, of parcels of 40 by 40 pixels
}

// TestGoldenTiles: the bytes are the same from any process. web/src/map/tiles.test.ts reads the same files.
func TestGoldenTiles(t *testing.T) {
	t.Parallel()
	var all []expected
	for seed, zooms := range map[uint64][]int{5: {8, 11, 13, 15, 17}, 10: {9, 12, 14, 16}} {
		p := randomPark(seed, 8, 8)
		for _, z := range zooms {
			at := p.middle(tile.Sets()[0], z)
			e := p.expect(at)
			e.File = fmt.Sprintf("park%d_%d_%d_%d.mvt", seed, z, at.Col, at.Row)
			all = append(all, e)
			golden(t, e.File, p.write(&tile.Writer{}, at))
		}
	}
	slices.SortFunc(all, func(a, b expected) int { return bytes.Compare([]byte(a.File), []byte(b.File)) })
	body, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "expected.json", append(body, '\n'))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s has changed", name)
	}
}

func (p *park) expect(at tile.Address) expected {
	e := expected{Extent: at.Extent(), Areas: map[string]float64{}, IDs: []string{}}
	tile := orb.Bound{Max: orb.Point{1, 1}}
	for i := range p.parcels {
		a := &p.parcels[i]
		var within float64
		for _, polygon := range a.shape {
			for k, ring := range polygon {
				var flat orb.Ring
				for _, v := range ring {
					x, y := cellOf(at.Set, at.Z, v)
					flat = append(flat, orb.Point{x - float64(at.Col), y - float64(at.Row)})
				}
				area := math.Abs(planar.Area(clip.Ring(tile, flat)))
				if k > 0 {
					area = -area
				}
				within += area
			}
		}
		if within < 1e-9 {
			continue
		}
		e.Areas[a.status] += within
		wide, high := a.drawn(at.Set, at.Z)
		if max(wide, high) > 1.01 && a.mean(at.Set, at.Z) > 0.51 {
			e.IDs = append(e.IDs, a.id)
		}
	}
	for status, area := range e.Areas {
		e.Areas[status] = math.Round(area*1e9) / 1e9
	}
	for i := range p.parcels {
		a := &p.parcels[i]
		wide, high := a.drawn(at.Set, at.Z)
		x0, y0 := cellOf(at.Set, at.Z, orb.Point{a.shape.Bound().Min[0], a.shape.Bound().Max[1]})
		x0, y0 = x0-float64(at.Col), y0-float64(at.Row)
		whole := x0 > 0 && y0 > 0 && x0+wide/512 < 1 && y0+high/512 < 1
		if whole && wide >= 40 && high >= 40 && a.plain() {
			e.Labels++
		}
	}
	return e
}
