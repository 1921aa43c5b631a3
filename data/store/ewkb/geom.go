package ewkb

import (
	"encoding/binary"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	geomewkb "github.com/twpayne/go-geom/encoding/ewkb"

	"luodi/geo"
)

// Geom builds the go-geom geometry in ewkb, with its SRID, Z and M. The bytes
// are checked as [Summarize] does first, since go-geom's own reader trusts the
// counts it reads. It can't read what only [AppendGeoJSON] can: ISO types,
// parts with other dimensions than the whole.
func Geom(ewkb []byte) (geom.T, error) {
	if _, err := Summarize(ewkb); err != nil {
		return nil, err
	}
	g, err := geomewkb.Unmarshal(ewkb)
	if err != nil {
		return nil, geo.NewInvalid("geometry", "EWKB as PostGIS writes it", err)
	}
	return g, nil
}

// AppendGeom appends g as little-endian EWKB, with its SRID, Z and M. What
// go-geom can't write as EWKB is a [geo.Invalid].
func AppendGeom(dst []byte, g geom.T) ([]byte, error) {
	if g == nil {
		return dst, geo.NewInvalid("geometry", "a geometry of package geom", g)
	}
	b, err := geomewkb.Marshal(g, binary.LittleEndian)
	if err != nil {
		return dst, geo.NewInvalid("geometry", "a geometry that EWKB can hold", fmt.Sprintf("%T: %v", g, err))
	}
	return append(dst, b...), nil
}

// FromGeom turns a go-geom geometry into an orb one, in x and y, and its SRID.
// What is refused is as in [Decode].
func FromGeom(g geom.T) (orb.Geometry, int32, error) {
	b, err := AppendGeom(nil, g)
	if err != nil {
		return nil, 0, err
	}
	return Decode(b)
}

// ToGeom turns an orb geometry into a go-geom one with the SRID.
func ToGeom(g orb.Geometry, srid int32) (geom.T, error) {
	b, err := Append(nil, g, srid)
	if err != nil {
		return nil, err
	}
	return Geom(b)
}
