package surveytext

import (
	"math"
	"math/big"
	"regexp"
	"strings"

	"luodi/geo"
)

// units of areas, in square metres; the first is that of a number without one.
var units = []struct {
	name string
	m2   *big.Rat
}{
	{"公顷", big.NewRat(10_000, 1)}, {"ha", big.NewRat(10_000, 1)}, {"hm2", big.NewRat(10_000, 1)},
	{"hm²", big.NewRat(10_000, 1)}, {"亩", big.NewRat(10_000, 15)}, {"平方米", big.NewRat(1, 1)},
	{"㎡", big.NewRat(1, 1)}, {"m²", big.NewRat(1, 1)}, {"m2", big.NewRat(1, 1)},
}

var statedForm = regexp.MustCompile(`^(\d{1,12}(?:\.\d{0,12})?)\s*(\D.*)?$`)

// planeShare is by how much of itself a stated area may differ from that of the corners, beyond its own rounding: what
// the ellipsoid's area differs at most from that in a plane of China's zones of 6°.
const planeShare = 0.003

// stated is an area as a head states it.
type stated struct {
	Stated
	digits, unit string
	each         *big.Rat // of the unit, in m²
	slackM2      float64  // half of its last decimal
}

// readStated reads an area; nil where none is stated, false where it can't be read.
func readStated(text string) (*stated, bool) {
	if text == "" {
		return nil, true
	}
	m := statedForm.FindStringSubmatch(text)
	if m == nil {
		return nil, false
	}
	s := &stated{Stated: Stated{Text: text}, digits: strings.TrimSuffix(m[1], "."), unit: m[2]}
	for _, u := range units {
		if m[2] == u.name || m[2] == "" && s.each == nil {
			s.each = u.m2
		}
	}
	value, ok := new(big.Rat).SetString(s.digits)
	if s.each == nil || !ok {
		return nil, false
	}
	if s.unit == "" {
		s.unit = units[0].name
	}
	area, err := geo.RoundArea(value.Mul(value, s.each).FloatString(8))
	if s.M2 = area; err != nil {
		return nil, false
	}
	each, _ := s.each.Float64()
	s.slackM2 = each / 2 * math.Pow(10, -float64(number{text: s.digits}.decimals()))
	return s, true
}

// fits reports whether a stated area is that of the corners, which are written to a step in metres.
func (s *stated) fits(measured geo.Area, perimeterM, stepM float64) bool {
	differs := math.Abs(s.M2.M2() - measured.M2())
	return differs <= s.slackM2+planeShare*measured.M2()+perimeterM*stepM/2
}

// inUnit is an area in the unit of s, with four decimals.
func (s *stated) inUnit(a geo.Area) string {
	exact := new(big.Rat).SetFrac64(a.Units(), geo.UnitsPerM2)
	return exact.Quo(exact, s.each).FloatString(4) + " " + s.unit
}
