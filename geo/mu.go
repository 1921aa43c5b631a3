package geo

import (
	"cmp"
	"math"
	"strings"
)

// Mu is an area in mu (亩): 1 mu = 10000/15 m² exactly, 15 mu = 1 ha. It is a
// decimal with eight places, because 0.0001 m² is 0.00000015 mu: the mu of an
// [Area] is exact, never rounded. The zero value is 0 mu.
//
// Printed for reading it has two decimals, as land tenders do; its JSON is
// exact. Compute with square metres.
type Mu struct {
	e8 int64 // in 10⁻⁸ mu
}

const (
	muScale     = 100_000_000 // units of a Mu in one mu
	muPerUnit   = 15          // units of a Mu in 0.0001 m²
	maxMu       = muPerUnit * maxUnits
	muCentScale = muScale / 100   // units of a Mu in 0.01 mu
	muPerM2     = muPerUnit * 1e4 // units of a Mu in 1 m²
)

// Mu returns the area in mu, exactly. It holds for any size [ParseArea] takes.
func (a Area) Mu() Mu { return Mu{a.units * muPerUnit} }

// MuFromM2 returns square metres in mu, rounded to 10⁻⁸ mu. NaN, infinities
// and sizes of 10¹² m² and more are refused.
func MuFromM2(m2 float64) (Mu, error) {
	e8 := math.Round(m2 * muPerM2)
	if !(math.Abs(e8) < maxMu+muPerUnit) {
		return Mu{}, NewInvalid("area", "area.size", m2)
	}
	return Mu{int64(e8)}, nil
}

// ParseMu reads a decimal number of mu such as "300" or "102.76128", with an optional unit 亩 or mu after it. A number
// with more than eight decimals (5/3 mu, say) is rounded to the nearest 10⁻⁸ mu, halves away from zero. A text that
// is no number, and a size of 10¹² m² or more, is an [Invalid].
func ParseMu(s string) (Mu, error) {
	number := strings.TrimSpace(s)
	for _, unit := range []string{"亩", "mu"} {
		if before, found := strings.CutSuffix(number, unit); found {
			number = strings.TrimSpace(before)
			break
		}
	}
	e8, ok := roundFixed(number, 8, maxMu)
	if !ok {
		return Mu{}, NewInvalid("mu", "mu.form", s)
	}
	return Mu{e8}, nil
}

// Area returns the area rounded to the nearest 0.0001 m², halves away from
// zero: 500 mu is 333333.3333 m².
func (m Mu) Area() Area { return Area{roundDiv(m.e8, muPerUnit)} }

// M2 returns the float64 nearest to the area in square metres, without
// rounding to a decimal first.
func (m Mu) M2() float64 { return float64(m.e8) / muPerM2 }

// Float returns the float64 nearest to the number of mu.
func (m Mu) Float() float64 { return float64(m.e8) / muScale }

// Round returns m rounded to 0.01 mu, halves away from zero: what fields that
// end in _mu carry.
func (m Mu) Round() Mu { return Mu{roundDiv(m.e8, muCentScale) * muCentScale} }

// Cmp returns −1, 0 or +1 as m is smaller than, equal to or larger than n.
func (m Mu) Cmp(n Mu) int { return cmp.Compare(m.e8, n.e8) }

// String prints mu with two decimals, rounded as Round does: "102.76".
func (m Mu) String() string { return string(m.Append(nil)) }

// Append appends what String prints to dst.
func (m Mu) Append(dst []byte) []byte {
	return AppendFixed(dst, roundDiv(m.e8, muCentScale), 2)
}

// MarshalJSON writes the exact number of mu, without trailing zeros.
func (m Mu) MarshalJSON() ([]byte, error) {
	exact := string(AppendFixed(nil, m.e8, 8))
	return []byte(strings.TrimSuffix(strings.TrimRight(exact, "0"), ".")), nil
}

// UnmarshalJSON reads a JSON number, or a string that holds one, with the
// rules of [ParseMu].
func (m *Mu) UnmarshalJSON(b []byte) error {
	parsed, err := ParseMu(unquote(b))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// roundDiv returns n/d rounded to the nearest whole, halves away from zero.
func roundDiv(n, d int64) int64 {
	q, r := n/d, n%d
	switch {
	case 2*r >= d:
		q++
	case -2*r >= d:
		q--
	}
	return q
}
