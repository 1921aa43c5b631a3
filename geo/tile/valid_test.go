package tile_test

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"

	"luodi/geo/tile"
)

// TestWhatIsCutStaysValid: a parcel that winds over the edge of a tile falls into polygons that neither touch
// themselves along a line nor lose their holes.
func TestWhatIsCutStaysValid(t *testing.T) {
	t.Parallel()
	cut, invalid := 0, 0
	for seed := range uint64(16) {
		p := randomPark(seed, 8, 8)
		for z := 16; z <= 18; z++ {
			for at, body := range p.tiles(tile.Sets()[seed%2], z) {
				l := read(t, body, "parcels")
				if l == nil {
					continue
				}
				for _, f := range l.Features {
					if f.Properties["id"] == nil {
						continue // rectangles side by side
					}
					if err := geometry(f.Geometry).Validate(); err != nil {
						invalid++
						t.Logf("seed %d, %v: %v: %v", seed, at, f.Properties["id"], err)
					}
					if b := f.Geometry.Bound(); b.Min[0] < 0 || b.Max[1] > float64(l.Extent) {
						cut++
					}
				}
			}
		}
	}
	if 1000*invalid > cut { // vertices that the grid puts on top of each other
		t.Errorf("%d of %d are not valid", invalid, cut)
	}
	if cut < 1000 {
		t.Errorf("%d shapes are cut", cut)
	}
}

// geometry is a shape of a tile as simplefeatures has it.
func geometry(g orb.Geometry) geom.Geometry {
	polygons, several := g.(orb.MultiPolygon)
	if !several {
		polygons = orb.MultiPolygon{g.(orb.Polygon)}
	}
	var out []geom.Polygon
	for _, p := range polygons {
		var rings []geom.LineString
		for _, ring := range p {
			var at []float64
			for _, v := range ring {
				at = append(at, v[0], v[1])
			}
			rings = append(rings, geom.NewLineString(geom.NewSequence(at, geom.DimXY)))
		}
		out = append(out, geom.NewPolygon(rings))
	}
	return geom.NewMultiPolygon(out).AsGeometry()
}

// TestHolesStayInTheirOutlines: of a parcel that the edge of the tile cuts in two, each with a hole.
func TestHolesStayInTheirOutlines(t *testing.T) {
	t.Parallel()
	at, _ := home()
	e := float64(at.Extent())
	ring := func(xy ...float64) orb.Ring {
		var r orb.Ring
		for i := 0; i < len(xy); i += 2 {
			r = append(r, in(e*xy[i], e*xy[i+1]))
		}
		return append(r, r[0])
	}
	u := orb.Polygon{ring(0.5, 0.1, 1.5, 0.1, 1.5, 0.9, 0.5, 0.9, 0.5, 0.6, 1.2, 0.6, 1.2, 0.4, 0.5, 0.4),
		ring(0.6, 0.2, 0.6, 0.3, 0.7, 0.3, 0.7, 0.2), ring(0.6, 0.7, 0.6, 0.8, 0.7, 0.8, 0.7, 0.7)}
	var w tile.Writer
	w.Begin(at, "parcels", nil, nil)
	if err := w.Add(wkb(u), ""); err != nil {
		t.Fatal(err)
	}
	got := read(t, w.Append(nil), "parcels").Features[0].Geometry
	parts, several := got.(orb.MultiPolygon)
	if !several || len(parts) != 2 || len(parts[0]) != 2 || len(parts[1]) != 2 || geometry(got).Validate() != nil {
		t.Errorf("%v", got)
	}
}
