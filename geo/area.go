package geo

import (
	"cmp"
	"strconv"
	"strings"
)

// Area is a legal area: a decimal number of square metres with four places,
// as numeric(16,4) holds it in the database, so that children can sum exactly
// to their parent. The zero value is 0 m².
//
// It is a struct and not an int64 on purpose: a driver that would take the
// integer for square metres can't be handed one by mistake. Write it to the
// database as String, read it with Scan or [ParseArea].
//
// A parsed Area is below 10¹² m² in size. The whole Earth is 5.1 × 10¹⁴ m²,
// which still fits: no sum of land that exists overflows.
type Area struct {
	units int64 // in 0.0001 m²
}

// UnitsPerM2 is the number of units of an [Area] in a square metre.
const UnitsPerM2 = 10_000

// maxUnits is the largest numeric(16,4).
const maxUnits = 9_999_999_999_999_999

// NewArea returns the area of the given number of 0.0001 m².
func NewArea(units int64) Area { return Area{units} }

// AreaFromM2 rounds square metres to the nearest 0.0001 m², on the exact value
// of the float64. NaN, infinities and sizes that round to 10¹² m² or more are
// refused.
func AreaFromM2(m2 float64) (Area, error) {
	units, ok := parseFixed(strconv.FormatFloat(m2, 'f', 4, 64), 4, maxUnits)
	if !ok {
		return Area{}, NewInvalid("area", "area.size", m2)
	}
	return Area{units}, nil
}

// ParseArea reads a plain decimal of square metres, such as "333333.3333". It
// is exact or it refuses: a fifth decimal other than 0, an exponent, or a size
// that numeric(16,4) can't hold is an [Invalid].
func ParseArea(s string) (Area, error) {
	units, ok := parseFixed(s, 4, maxUnits)
	if !ok {
		return Area{}, NewInvalid("area", "area.form", s)
	}
	return Area{units}, nil
}

// RoundArea reads a decimal of square metres as people and other programs write it: as [ParseArea], but what has more
// than four decimals is rounded to the nearest 0.0001 m², halves away from zero. An exponent is understood.
func RoundArea(s string) (Area, error) {
	units, ok := roundFixed(s, 4, maxUnits)
	if !ok {
		return Area{}, NewInvalid("area", "area.size", s)
	}
	return Area{units}, nil
}

// MustArea is [ParseArea] for tests and constants: it panics on a bad text.
func MustArea(s string) Area {
	a, err := ParseArea(s)
	if err != nil {
		panic(err)
	}
	return a
}

// Units returns the area as a whole number of 0.0001 m².
func (a Area) Units() int64 { return a.units }

// M2 returns the area as the float64 nearest to its square metres.
func (a Area) M2() float64 { return float64(a.units) / UnitsPerM2 }

// Add returns a + b, exactly.
func (a Area) Add(b Area) Area { return Area{a.units + b.units} }

// Sub returns a − b, exactly.
func (a Area) Sub(b Area) Area { return Area{a.units - b.units} }

// Cmp returns −1, 0 or +1 as a is smaller than, equal to or larger than b.
func (a Area) Cmp(b Area) int {
	return cmp.Compare(a.units, b.units)
}

// IsZero reports whether the area is 0 m².
func (a Area) IsZero() bool { return a.units == 0 }

// Sum returns the exact sum of areas; 0 m² of none.
func Sum(areas ...Area) Area {
	var total Area
	for _, a := range areas {
		total = total.Add(a)
	}
	return total
}

// String prints square metres with four decimals: "333333.3333".
func (a Area) String() string { return string(a.Append(nil)) }

// Append appends what String prints to dst.
func (a Area) Append(dst []byte) []byte { return AppendFixed(dst, a.units, 4) }

// MarshalJSON writes the area as a JSON number with four decimals.
func (a Area) MarshalJSON() ([]byte, error) { return a.Append(nil), nil }

// UnmarshalJSON reads a JSON number, or a string that holds one, with the
// rules of [RoundArea]. null is refused: an unknown area is a nil *Area.
func (a *Area) UnmarshalJSON(b []byte) error {
	parsed, err := RoundArea(unquote(b))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// Scan reads what a database driver hands over for a numeric or text column,
// with the rules of [ParseArea]. NULL is refused: scan into a *Area field.
func (a *Area) Scan(src any) error {
	var text string
	switch v := src.(type) {
	case string:
		text = v
	case []byte:
		text = string(v)
	default:
		return NewInvalid("area", "number.as_text", src)
	}
	parsed, err := ParseArea(text)
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// unquote strips the quotes of a JSON string without escapes.
func unquote(b []byte) string {
	s := string(b)
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// parseFixed reads a plain decimal as a whole number of 10^-places. Digits
// beyond places must be 0; the result's size is at most limit.
func parseFixed(s string, places int, limit int64) (int64, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, frac, pointed := strings.Cut(digits, ".")
	if whole == "" || pointed && frac == "" {
		return 0, false
	}
	if len(frac) > places {
		if strings.Trim(frac[places:], "0") != "" {
			return 0, false
		}
		frac = frac[:places]
	}
	frac += strings.Repeat("0", places-len(frac))
	n, err := strconv.ParseUint(whole+frac, 10, 63)
	if err != nil || int64(n) > limit {
		return 0, false
	}
	if negative {
		return -int64(n), true
	}
	return int64(n), true
}

// roundFixed is parseFixed for numbers as others write them: digits beyond places are rounded off, halves away from
// zero, and an exponent is understood.
func roundFixed(s string, places int, limit int64) (int64, bool) {
	if strings.ContainsAny(s, "eE") {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || strings.ContainsAny(s, "xX_") {
			return 0, false
		}
		s = strconv.FormatFloat(x, 'f', -1, 64)
	}
	point := strings.IndexByte(s, '.')
	if point < 0 || len(s)-point-1 <= places {
		return parseFixed(s, places, limit)
	}
	kept, rest := s[:point+1+places], s[point+1+places:]
	if strings.Trim(rest, "0123456789") != "" {
		return 0, false
	}
	n, ok := parseFixed(kept, places, limit)
	if !ok || rest[0] < '5' {
		return n, ok
	}
	if strings.HasPrefix(s, "-") {
		n--
	} else {
		n++
	}
	return n, n <= limit && n >= -limit
}

// AppendFixed prints n × 10^-places with exactly that many decimals.
func AppendFixed(dst []byte, n int64, places int) []byte {
	size := uint64(n)
	if n < 0 {
		dst = append(dst, '-')
		size = -size
	}
	var buf [24]byte
	i := len(buf)
	for done := 0; size > 0 || done <= places; done++ {
		if done == places && places > 0 {
			i--
			buf[i] = '.'
		}
		i--
		buf[i] = byte('0' + size%10)
		size /= 10
	}
	return append(dst, buf[i:]...)
}
