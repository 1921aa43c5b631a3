package surveytext

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"luodi/geo"
)

// decimal is how a number of the format is written: no exponent, in which programs for tables lose digits.
var decimal = regexp.MustCompile(`^[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})$`)

// micro is in how many parts of a metre areas are reckoned. Further decimals of a coordinate are rounded off.
const micro = 6

// number is a number as it is written.
type number struct {
	text string
	v    float64
}

func parseNumber(s string) (number, bool) {
	if !decimal.MatchString(s) {
		return number{}, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return number{s, v}, err == nil
}

// exact is the number in units of 10^-places, rounded half away from zero.
func (n number) exact(places int) int64 {
	text, negative := strings.CutPrefix(strings.TrimPrefix(n.text, "+"), "-")
	whole, part, _ := strings.Cut(text, ".")
	part += strings.Repeat("0", places+1)
	units, _ := strconv.ParseInt("0"+whole+part[:places], 10, 64)
	if part[places] >= '5' {
		units++
	}
	if negative {
		return -units
	}
	return units
}

// decimals is how many stand after the point.
func (n number) decimals() int {
	_, part, _ := strings.Cut(n.text, ".")
	return len(part)
}

// xy is a corner in units of 10^-6 m.
type xy struct{ x, y int64 }

// twiceArea is twice the signed area of a ring in units of 10^-12 m², exactly.
func twiceArea(ring []xy) *big.Int {
	sum, a, b := new(big.Int), new(big.Int), new(big.Int)
	for i, p := range ring {
		q, o := ring[(i+1)%len(ring)], ring[0]
		a.SetInt64(p.x - o.x)
		sum.Add(sum, a.Mul(a, b.SetInt64(q.y-o.y)))
		a.SetInt64(q.x - o.x)
		sum.Sub(sum, a.Mul(a, b.SetInt64(p.y-o.y)))
	}
	return sum
}

// areaOf is the area of an outline less that of its holes, rounded to 0.0001 m², halves away from zero; false where it
// is more than an area can be.
func areaOf(rings [][]xy) (geo.Area, bool) {
	twice := new(big.Int)
	for i, ring := range rings {
		one := twiceArea(ring)
		if one.Abs(one); i == 0 {
			twice.Add(twice, one)
		} else {
			twice.Sub(twice, one)
		}
	}
	// of 2 × 10^-12 m² to 10^-4 m²
	per := big.NewInt(2e8)
	twice.Add(twice, big.NewInt(1e8)).Div(twice, per)
	if !twice.IsInt64() {
		return geo.Area{}, false
	}
	area, err := geo.ParseArea(new(big.Rat).SetFrac(twice, big.NewInt(geo.UnitsPerM2)).FloatString(4))
	return area, err == nil
}
