package tile_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/tile"
)

// TestTheSetsAreThoseOfTheStandard: figures of OGC's register, levels 0 and 18 of WebMercatorQuad and of
// WorldCRS84Quad.
func TestTheSetsAreThoseOfTheStandard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id, uri, crs string
		axes         [2]string
		origin       [2]float64
		z            int
		scale, cell  float64
		wide, high   int
	}{
		{"WebMercatorQuad", "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
			"http://www.opengis.net/def/crs/EPSG/0/3857", [2]string{"X", "Y"},
			[2]float64{-20037508.3427892, 20037508.3427892},
			0, 559082264.028717, 156543.033928041, 1, 1},
		{"WebMercatorQuad", "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
			"http://www.opengis.net/def/crs/EPSG/0/3857", [2]string{"X", "Y"},
			[2]float64{-20037508.3427892, 20037508.3427892},
			18, 2132.72958384978, 0.597164283477939, 262144, 262144},
		{"CGCS2000Quad", "", "http://www.opengis.net/def/crs/EPSG/0/4490", [2]string{"Lat", "Lon"},
			[2]float64{90, -180},
			0, 279541132.014358, 0.703125, 2, 1},
		{"CGCS2000Quad", "", "http://www.opengis.net/def/crs/EPSG/0/4490", [2]string{"Lat", "Lon"},
			[2]float64{90, -180},
			18, 1066.36479192489, 0.00000268220901489258, 524288, 262144},
	} {
		d := tile.SetByID(c.id).Definition()
		m := d.TileMatrices[c.z]
		if d.URI != c.uri || d.CRS != c.crs || d.OrderedAxes != c.axes || len(d.TileMatrices) != tile.MostZoom+1 {
			t.Errorf("%s: %+v", c.id, d)
		}
		if !near(m.ScaleDenominator, c.scale) || !near(m.CellSize, c.cell) || !near(m.PointOfOrigin[0], c.origin[0]) ||
			!near(m.PointOfOrigin[1], c.origin[1]) || m.MatrixWidth != c.wide || m.MatrixHeight != c.high {
			t.Errorf("%s, level %d: %+v", c.id, c.z, m)
		}
		if _, err := json.Marshal(d); err != nil {
			t.Error(err)
		}
	}
	if tile.SetByID("webmercatorquad") != nil {
		t.Error("ids have a case")
	}
}

func near(got, want float64) bool {
	return math.Abs(got-want) <= 1e-13*math.Abs(want)+1e-13 || math.Abs(got/want-1) < 4e-15
}

func TestAddressesOutsideOfTheGridAreRefused(t *testing.T) {
	t.Parallel()
	for _, set := range tile.Sets() {
		good := tile.Address{Set: set, Z: 3, Row: 7, Col: 7}
		if err := good.Check(); err != nil {
			t.Error(err)
		}
		for field, bad := range map[string]tile.Address{
			"tileMatrix": {Set: set, Z: 25}, "tileRow": {Set: set, Z: 3, Row: 8}, "tileCol": {Set: set, Z: 3, Col: 16},
		} {
			var invalid *geo.Invalid
			if err := bad.Check(); !errors.As(err, &invalid) || invalid.Field != field {
				t.Errorf("%s %+v: %v", field, bad, err)
			}
		}
		if (tile.Address{Set: set, Z: -1}).Check() == nil || (tile.Address{Set: set, Row: -1}).Check() == nil ||
			(tile.Address{Set: set, Col: -1}).Check() == nil {
			t.Error("negative numbers are taken")
		}
	}
}

// TestDegreesAreAllThatATileShows: a place is in the box of a tile exactly where it is shown, but for the width of
// a unit.
func TestDegreesAreAllThatATileShows(t *testing.T) {
	t.Parallel()
	for _, set := range tile.Sets() {
		for z := 0; z <= tile.MostZoom; z++ {
			x, y := cellOf(set, z, orb.Point{121.9, 30.9})
			for _, shift := range append(geo.MapOffsets(), "") {
				at := tile.Address{Set: set, Z: z, Row: int(y), Col: int(x), Shift: shift}
				e := float64(at.Extent())
				box := at.Degrees()
				for _, c := range []orb.Point{{-e / 64, -e / 64}, {e + e/64, -e / 64}, {e / 2, e + e/64},
					{e / 3, e / 5}} {
					p := shift.Undo(degreesAt(at, c, e))
					if math.Abs(p[0]) < 179 && math.Abs(p[1]) < 85 && !box.Contains(p) {
						t.Errorf("%s z%d %s: %v is shown and not looked at", set.ID(), z, shift, p)
					}
				}
			}
		}
	}
}

// TestShiftedTilesLieOnTheShiftedMap: a point stands where the map of AMap or Baidu has it.
func TestShiftedTilesLieOnTheShiftedMap(t *testing.T) {
	t.Parallel()
	var w tile.Writer
	for _, set := range tile.Sets() {
		for _, shift := range append(geo.MapOffsets(), "") {
			p := orb.Point{121.9, 30.9}
			there := shift.Move(p)
			x, y := cellOf(set, 17, there)
			at := tile.Address{Set: set, Z: 17, Row: int(y), Col: int(x), Shift: shift}
			w.Begin(at, "things", nil, nil)
			if err := w.Add(wkb(p), ""); err != nil {
				t.Fatal(err)
			}
			l := read(t, w.Append(nil), "things")
			if l == nil {
				t.Fatalf("%s %s: not in its tile", set.ID(), shift)
			}
			v, e := l.Features[0].Geometry.(orb.Point), float64(l.Extent)
			if math.Abs(v[0]-(x-math.Floor(x))*e) > 0.51 || math.Abs(v[1]-(y-math.Floor(y))*e) > 0.51 {
				t.Errorf("%s %s: at %v", set.ID(), shift, v)
			}
		}
	}
}
