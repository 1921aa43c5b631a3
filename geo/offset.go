package geo

import (
	"math"
	"strings"

	"github.com/paulmach/orb"
)

// The offsets of Chinese web maps. GCJ-02 (AMap, Tencent) moves WGS 84 by some
// hundred metres; BD-09 (Baidu) moves GCJ-02 again. Neither formula was ever
// published by its owner: these are the ones that became known in 2010–2013 and
// that every open implementation shares, described in "Restrictions on
// geographic data in China" (Wikipedia, sections GCJ-02 and BD-09; libraries
// eviltransform and coordtransform). They are applied at the edge to data that
// came from or goes to such a map, never to stored coordinates, and they carry
// no survey's accuracy: a map service's own answer may differ by a metre.
//
// All points are longitude and latitude in degrees. Outside the rectangle
// 72.004–137.8347°E, 0.8293–55.8271°N, which is how the known code draws
// "China", the offsets are none and points come back unchanged. The rectangle
// is coarse (Seoul and Hanoi lie in it).

const (
	gcjSemiMajorM = 6378245.0 // Krassowsky 1940
	gcjE2         = 0.00669342162296594323
	bdFrequency   = math.Pi * 3000 / 180
)

// MapOffset names the shift of a Chinese web map. The zero value is none. It is no reference system: no register has a
// code for it, and it must not be taken for WGS 84.
type MapOffset string

// The shifts.
const (
	GCJ02 MapOffset = "gcj-02" // AMap, Tencent
	BD09  MapOffset = "bd-09"  // Baidu
)

// MapOffsets lists the shifts.
func MapOffsets() []MapOffset { return []MapOffset{GCJ02, BD09} }

// Name is what the shift is called: GCJ-02, BD-09.
func (o MapOffset) Name() string { return strings.ToUpper(string(o)) }

// ParseMapOffset reads the name of a shift, in either case, with a hyphen or without; false for another name.
func ParseMapOffset(s string) (MapOffset, bool) {
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "-", "") }
	for _, o := range MapOffsets() {
		if plain(s) == plain(string(o)) {
			return o, true
		}
	}
	return "", false
}

// Move returns where a map with this offset shows the place p.
func (o MapOffset) Move(p orb.Point) orb.Point {
	switch o {
	case GCJ02:
		return GCJ02FromWGS84(p)
	case BD09:
		return BD09FromWGS84(p)
	}
	return p
}

// Moves reports whether a map with this offset shows the place p elsewhere: it lies in the rectangle of the offsets.
func (o MapOffset) Moves(p orb.Point) bool { return o != "" && inGCJArea(p, 0) }

// inGCJArea reports whether p lies where the offsets apply, or at most pad
// degrees outside. NaN lies nowhere.
func inGCJArea(p orb.Point, pad float64) bool {
	return p.Lon() >= 72.004-pad && p.Lon() <= 137.8347+pad && p.Lat() >= 0.8293-pad && p.Lat() <= 55.8271+pad
}

// GCJ02FromWGS84 returns where a GCJ-02 map shows the place p.
func GCJ02FromWGS84(p orb.Point) orb.Point {
	if !inGCJArea(p, 0) {
		return p
	}
	return shiftGCJ(p)
}

// BD09FromGCJ02 returns where Baidu's map shows what a GCJ-02 map shows at p.
func BD09FromGCJ02(p orb.Point) orb.Point {
	if !inGCJArea(p, 0) {
		return p
	}
	return shiftBD(p)
}

// BD09FromWGS84 is both offsets, one after the other.
func BD09FromWGS84(p orb.Point) orb.Point { return BD09FromGCJ02(GCJ02FromWGS84(p)) }

// shiftGCJ applies GCJ-02 wherever p is.
func shiftGCJ(p orb.Point) orb.Point {
	x, y := p.Lon()-105, p.Lat()-35
	east, north := gcjEast(x, y), gcjNorth(x, y)
	sin, cos := math.Sincos(p.Lat() * math.Pi / 180)
	w2 := 1 - gcjE2*sin*sin
	w := math.Sqrt(w2)
	meridianM := gcjSemiMajorM * (1 - gcjE2) / (w2 * w) * math.Pi / 180
	parallelM := gcjSemiMajorM / w * cos * math.Pi / 180
	return orb.Point{p.Lon() + east/parallelM, p.Lat() + north/meridianM}
}

// gcjNorth is GCJ-02's shift to the north, in metres.
func gcjNorth(x, y float64) float64 {
	m := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x))
	m += wave(20, 6*x) + wave(20, 2*x)
	m += wave(20, y) + wave(40, y/3)
	return m + wave(160, y/12) + wave(320, y/30)
}

// gcjEast is GCJ-02's shift to the east, in metres.
func gcjEast(x, y float64) float64 {
	m := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x))
	m += wave(20, 6*x) + wave(20, 2*x)
	m += wave(20, x) + wave(40, x/3)
	return m + wave(150, x/12) + wave(300, x/30)
}

// wave is two thirds of amplitude × sin(π t).
func wave(amplitude, t float64) float64 {
	return amplitude * math.Sin(math.Pi*t) * 2 / 3
}

// shiftBD applies BD-09 wherever p is.
func shiftBD(p orb.Point) orb.Point {
	x, y := p.Lon(), p.Lat()
	radius := math.Hypot(x, y) + 0.00002*math.Sin(y*bdFrequency)
	angle := math.Atan2(y, x) + 0.000003*math.Cos(x*bdFrequency)
	sin, cos := math.Sincos(angle)
	return orb.Point{radius*cos + 0.0065, radius*sin + 0.006}
}
