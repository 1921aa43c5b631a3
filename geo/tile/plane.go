package tile

import (
	"math"

	"luodi/geo"

	"github.com/paulmach/orb"
)

// point is a place in a tile, in units.
type point struct{ x, y float64 }

// plane leads from degrees to units of a tile.
//
// It goes by the whole world: a place's share of the width and the height of the world is multiplied by a power of
// two and a whole number is taken off, both exactly. So a place has the same fraction of a unit in every tile of a
// zoom, and goes to the same point of the grid. (float64 leaves 2⁻¹⁶ of a unit at level 24.)
type plane struct {
	mercator       bool
	shifted        bool
	shift          geo.MapOffset
	width, height  float64 // of the world, in units
	west, north    float64 // of the tile
	extent, buffer float64
}

func (a Address) plane() plane {
	extent := float64(a.Extent())
	return plane{
		mercator: !a.Set.crs.Geographic(),
		shifted:  a.Shift != "",
		shift:    a.Shift,
		width:    extent * float64(a.Set.cols(a.Z)),
		height:   extent * float64(a.Set.rows(a.Z)),
		west:     extent * float64(a.Col),
		north:    extent * float64(a.Row),
		extent:   extent,
		buffer:   extent / bufferParts,
	}
}

// at is the place of a longitude and latitude. Products are converted so that no processor fuses them with a sum.
func (p *plane) at(lon, lat float64) point {
	if p.shifted {
		moved := p.shift.Move(orb.Point{lon, lat})
		lon, lat = moved[0], moved[1]
	}
	x := 0.5 + float64(lon*(1.0/360))
	y := 0.0
	if p.mercator {
		y = mercatorDown(lat)
	} else {
		y = 0.5 - float64(lat*(1.0/180))
	}
	return point{float64(x*p.width) - p.west, float64(y*p.height) - p.north}
}

// mercatorLatitude is where the world of Web Mercator ends, as in package geo. What lies beyond is put there.
const mercatorLatitude = 85.06

// exactDown is how far from the northern edge a latitude lies in Web Mercator, as a share of the height of the
// world.
func exactDown(lat float64) float64 {
	lat = max(-mercatorLatitude, min(mercatorLatitude, lat))
	return 0.5 - math.Asinh(math.Tan(lat*radian))/(2*math.Pi)
}

const (
	bandsPerDegree = 4
	tableLatitude  = 64 // beyond it the series would need more terms
)

// bands are Taylor series of exactDown, each about the middle of a quarter of a degree. The remainder is below 2⁻⁵²
// up to tableLatitude, one unit in 2¹⁵ at level 24.
var bands = func() (bands [2 * tableLatitude * bandsPerDegree][6]float64) {
	for i := range bands {
		lat := (float64(i)+0.5)/bandsPerDegree - tableLatitude
		bands[i] = downSeries(lat)
	}
	return bands
}()

// downSeries are the coefficients of exactDown in powers of degrees from lat. With t the tangent and s the secant,
// the derivatives of asinh(tan φ) are s, st, s(1+2t²), st(5+6t²), s(5+28t²+24t⁴).
func downSeries(lat float64) [6]float64 {
	t := math.Tan(lat * radian)
	s := math.Sqrt(1 + t*t)
	t2 := t * t
	derivatives := [6]float64{0, s, s * t, s * (1 + 2*t2), s * t * (5 + 6*t2), s * (5 + 28*t2 + 24*t2*t2)}
	series := [6]float64{exactDown(lat)}
	factor := -1 / (2 * math.Pi)
	for n := 1; n < len(series); n++ {
		factor *= radian / float64(n)
		series[n] = factor * derivatives[n]
	}
	return series
}

// mercatorDown is exactDown, by the table where that serves.
func mercatorDown(lat float64) float64 {
	band := (lat + tableLatitude) * bandsPerDegree
	if !(band >= 0 && band < float64(len(bands))) {
		return exactDown(lat)
	}
	i := int(band)
	c := &bands[i]
	d := lat - ((float64(i)+0.5)/bandsPerDegree - tableLatitude)
	d2 := float64(d * d)
	low := c[0] + float64(c[1]*d)
	middle := c[2] + float64(c[3]*d)
	high := c[4] + float64(c[5]*d)
	return low + float64(d2*(middle+float64(d2*high)))
}
