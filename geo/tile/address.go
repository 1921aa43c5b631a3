package tile

import (
	"math"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// Address names a tile: its set, level, row from the north and column from the west, each from 0. Shift is that of
// a Chinese web map that the tile is to lie on; the zero value is none.
type Address struct {
	Set         *Set
	Z, Row, Col int
	Shift       geo.MapOffset
}

// Check refuses an address that no tile has: a [geo.Invalid] of tileMatrix, tileRow or tileCol.
func (a Address) Check() error {
	if a.Z < 0 || a.Z > MostZoom {
		return geo.NewInvalid("tileMatrix", "number.whole_from_to", a.Z, "from", 0, "to", MostZoom)
	}
	if n := a.Set.rows(a.Z); a.Row < 0 || a.Row >= n {
		return geo.NewInvalid("tileRow", "number.whole_from_to", a.Row, "from", 0, "to", n-1)
	}
	if n := a.Set.cols(a.Z); a.Col < 0 || a.Col >= n {
		return geo.NewInvalid("tileCol", "number.whole_from_to", a.Col, "from", 0, "to", n-1)
	}
	return nil
}

// Extent is the width of the tile in units. It is 8192 at the zooms where parcels are large, which is what MapLibre
// counts in, and doubles with each zoom out as long as a unit stays 3.7 cm, up to 65536: so thin parcels keep their
// area.
func (a Address) Extent() uint32 {
	zoom := a.Z
	if a.Set.columns == 2 {
		zoom++ // a tile as wide as those of Web Mercator's next level
	}
	switch {
	case zoom <= 14:
		return 65536
	case zoom == 15:
		return 32768
	case zoom == 16:
		return 16384
	}
	return 8192
}

// bufferParts is how many times the buffer goes into a tile: on each side 8 of the 512 pixels it is drawn wide.
const bufferParts = 64

// rimDeg is more than a shift of a map moves a point.
const rimDeg = 0.02

// Degrees is the box, in stored longitudes and latitudes, of all that the tile shows, its buffer included.
func (a Address) Degrees() orb.Bound {
	const buffer = 1.0/bufferParts + 1e-4 // and the rounding to the grid
	west, north := a.corner(float64(a.Col)-buffer, float64(a.Row)-buffer)
	east, south := a.corner(float64(a.Col+1)+buffer, float64(a.Row+1)+buffer)
	if a.Shift != "" {
		west, south, east, north = west-rimDeg, south-rimDeg, east+rimDeg, north+rimDeg
	}
	return orb.Bound{
		Min: orb.Point{max(west, -180), max(south, -90)},
		Max: orb.Point{min(east, 180), min(north, 90)},
	}
}

// corner is the place of the corner of four tiles, in degrees.
func (a Address) corner(col, row float64) (lon, lat float64) {
	lon = col/float64(a.Set.cols(a.Z))*360 - 180
	down := row / float64(a.Set.rows(a.Z))
	if a.Set.crs.Geographic() {
		return lon, 90 - 180*down
	}
	return lon, math.Atan(math.Sinh(math.Pi*(1-2*down))) / radian
}
