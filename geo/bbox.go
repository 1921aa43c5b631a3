package geo

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// BBox is a box of longitudes and latitudes in degrees. It runs from West
// eastwards to East: where West is larger it crosses the 180th meridian. The
// zero value is the point 0, 0.
type BBox struct {
	West, South, East, North float64
}

// parseDegrees reads "w,s,e,n" or "w,s,minHeight,e,n,maxHeight", whose heights are checked and dropped (OGC API
// Features, 7.15.3); latitudes come first if northFirst is set. Numbers must be plain and finite, longitudes within
// ±180, latitudes within ±90, south not above north and the lower height not above the upper; w > e crosses the 180th
// meridian. field names the value in the [Invalid].
func parseDegrees(field, s string, northFirst bool) (BBox, error) {
	n, err := parseCorners(field, s)
	if err != nil {
		return BBox{}, err
	}
	b := BBox{n[0], n[1], n[2], n[3]}
	if northFirst {
		b = BBox{n[1], n[0], n[3], n[2]}
	}
	return b, b.check(field, s)
}

// parseCorners reads four numbers, or six of which the third and the sixth, heights, are checked and dropped.
func parseCorners(field, s string) (corners [4]float64, err error) {
	texts := strings.Split(s, ",")
	if len(texts) != 4 && len(texts) != 6 {
		return corners, NewInvalid(field, "bbox.form", s)
	}
	var n [6]float64
	for i, text := range texts {
		v, ok := parseFinite(strings.TrimSpace(text))
		if !ok {
			return corners, NewInvalid(field, "bbox.form", s)
		}
		n[i] = v
	}
	if len(texts) == 4 {
		return [4]float64(n[:4]), nil
	}
	if n[2] > n[5] {
		return corners, NewInvalid(field, "bbox.heights", s)
	}
	return [4]float64{n[0], n[1], n[3], n[4]}, nil
}

// parseFinite reads a decimal number; hexadecimal, underscores, NaN and
// infinities are no coordinates.
func parseFinite(s string) (float64, bool) {
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// Check refuses a box that [ParseBBoxIn] would refuse. field names it.
func (b BBox) Check(field string) error { return b.check(field, b.String()) }

func (b BBox) check(field, got string) error {
	for _, p := range []orb.Point{{b.West, b.South}, {b.East, b.North}} {
		if err := CheckLonLat(field, p); err != nil {
			return NewInvalid(field, "bbox.degrees", got)
		}
	}
	if b.South > b.North {
		return NewInvalid(field, "bbox.south", got)
	}
	return nil
}

// BBoxOf returns the box around b, which can't cross the 180th meridian.
func BBoxOf(b orb.Bound) BBox { return BBox{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} }

// Crosses reports whether the box runs over the 180th meridian.
func (b BBox) Crosses() bool { return b.West > b.East }

// Bounds returns the box as one plain bound, or as two (the western part, up
// to 180°, first) when it crosses the 180th meridian.
func (b BBox) Bounds() []orb.Bound {
	if !b.Crosses() {
		return []orb.Bound{bound(b.West, b.South, b.East, b.North)}
	}
	return []orb.Bound{bound(b.West, b.South, 180, b.North), bound(-180, b.South, b.East, b.North)}
}

func bound(w, s, e, n float64) orb.Bound {
	return orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{e, n}}
}

// Intersects reports whether the boxes share a point; a shared edge is enough.
func (b BBox) Intersects(c BBox) bool {
	for _, p := range b.Bounds() {
		for _, q := range c.Bounds() {
			if p.Intersects(q) {
				return true
			}
		}
	}
	// 180° and −180° are one meridian.
	touches := b.East == 180 && c.West == -180 || c.East == 180 && b.West == -180
	return touches && b.South <= c.North && c.South <= b.North
}

// Union returns the narrowest box around both; of two equally narrow boxes, the one that doesn't cross the 180th
// meridian.
//
// Each end of that box is an end of b or c, so the four pairs of a west and an east end are tried.
func (b BBox) Union(c BBox) BBox {
	best := BBox{West: -180, East: 180}
	for _, west := range []float64{min(b.West, c.West), max(b.West, c.West)} {
		for _, east := range []float64{max(b.East, c.East), min(b.East, c.East)} {
			u := BBox{West: west, East: east}
			if u.spans(b) && u.spans(c) && u.width() < best.width() {
				best = u
			}
		}
	}
	best.South, best.North = min(b.South, c.South), max(b.North, c.North)
	return best
}

// width is how many degrees of longitude the box runs over.
func (b BBox) width() float64 {
	if b.Crosses() {
		return 360 - (b.West - b.East)
	}
	return b.East - b.West
}

// spans reports whether every longitude of c lies in b.
func (b BBox) spans(c BBox) bool {
	switch {
	case b.Crosses() && c.Crosses():
		return b.West <= c.West && c.East <= b.East
	case b.Crosses():
		return c.West >= b.West || c.East <= b.East
	case c.Crosses():
		return b.West == -180 && b.East == 180
	}
	return b.West <= c.West && c.East <= b.East
}

// String prints "w,s,e,n" so that [ParseBBoxIn] reads back the same box.
func (b BBox) String() string {
	texts := make([]string, 0, 4)
	for _, v := range []float64{b.West, b.South, b.East, b.North} {
		texts = append(texts, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return strings.Join(texts, ",")
}

// CheckLonLat refuses a point that is no place on Earth: a coordinate that is
// not finite, a longitude beyond ±180° or a latitude beyond ±90°. field names
// the value in the error.
func CheckLonLat(field string, p orb.Point) error {
	if math.Abs(p.Lon()) <= 180 && math.Abs(p.Lat()) <= 90 {
		return nil
	}
	return NewInvalid(field, "point.degrees", p)
}
