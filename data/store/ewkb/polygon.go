package ewkb

import (
	"github.com/paulmach/orb"

	"luodi/geo"
)

// DecodePolygon is Decode where nothing but a polygon may come.
func DecodePolygon(b []byte) (orb.Polygon, error) {
	g, _, err := Decode(b)
	if err != nil {
		return nil, err
	}
	p, ok := g.(orb.Polygon)
	if !ok {
		return nil, geo.NewInvalid("geometry", "shape.polygon", g.GeoJSONType())
	}
	return p, nil
}
