package tile_test

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"

	"luodi/geo/tile"
)

// TestMergedGroundStandsWhereItIs: of places in the rectangles, few lie in parcels that are drawn by themselves, and
// few outside of the merged parcels of their status.
func TestMergedGroundStandsWhereItIs(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	places, taken, right := 0, 0, 0
	for seed := range uint64(30) {
		p := randomPark(seed, 8, 8)
		for z := 8; z <= 12; z++ {
			for at, body := range p.tiles(tile.Sets()[seed%2], z) {
				l := read(t, body, "parcels")
				if l == nil {
					continue
				}
				for _, f := range l.Features {
					parts, several := f.Geometry.(orb.MultiPolygon)
					if f.Properties["id"] != nil || !several {
						continue
					}
					for _, rectangle := range parts {
						b := rectangle.Bound()
						for range 4 {
							v := orb.Point{b.Min[0] + r.Float64()*(b.Max[0]-b.Min[0]),
								b.Min[1] + r.Float64()*(b.Max[1]-b.Min[1])}
							if !planar.PolygonContains(rectangle, v) {
								continue
							}
							places++
							if drawnAt(l.Features, v) {
								taken++
							}
							if p.has(f.Properties["status"].(string), degreesAt(at, v, float64(l.Extent))) {
								right++
							}
						}
					}
				}
			}
		}
	}
	if places < 10_000 || 20*taken > 7*places || 20*right < 11*places {
		t.Errorf("of %d places %d lie in drawn parcels, %d in a parcel of the status", places, taken, right)
	}
}

// drawnAt reports whether a parcel that is drawn by itself has a place.
func drawnAt(features []*geojson.Feature, v orb.Point) bool {
	for _, f := range features {
		if f.Properties["id"] == nil || !f.Geometry.Bound().Contains(v) {
			continue
		}
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			if planar.PolygonContains(g, v) {
				return true
			}
		case orb.MultiPolygon:
			if planar.MultiPolygonContains(g, v) {
				return true
			}
		}
	}
	return false
}

// has reports whether a parcel of a status has a place, in degrees.
func (p *park) has(status string, d orb.Point) bool {
	for _, a := range p.parcels {
		if a.status == status && a.shape.Bound().Contains(d) && planar.MultiPolygonContains(a.shape, d) {
			return true
		}
	}
	return false
}
