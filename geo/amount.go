package geo

import (
	"cmp"
	"strconv"
)

// Amount is an amount of a service: capacity, promised or asked. It is a decimal with three places, stored as
// numeric(16,3), so that promises sum exactly. Its unit (kVA, t/h, m³ a day or an hour) is the service's. The zero
// value is 0.
//
// Like [Area] it is a struct, so that no driver takes its thousandths for wholes: write it to the database as String,
// read it with Scan or [ParseAmount].
type Amount struct {
	units int64 // in 0.001
}

// maxAmount is the largest numeric(16,3), in 0.001.
const maxAmount = 9_999_999_999_999_999

// ParseAmount reads a plain decimal such as "2000" or "12.5". It is exact or it refuses: a fourth decimal other than 0,
// an exponent, or a size that numeric(16,3) can't hold is an [Invalid].
func ParseAmount(s string) (Amount, error) {
	units, ok := parseFixed(s, 3, maxAmount)
	if !ok {
		return Amount{}, NewInvalid("amount", "amount.form", s)
	}
	return Amount{units}, nil
}

// AmountFrom takes a number as JSON gave it, by its shortest decimal, with the rules of [ParseAmount].
func AmountFrom(f float64) (Amount, error) {
	return ParseAmount(strconv.FormatFloat(f, 'f', -1, 64))
}

// Float returns the float64 nearest to the amount.
func (a Amount) Float() float64 { return float64(a.units) / 1000 }

// Add returns a + b, exactly.
func (a Amount) Add(b Amount) Amount { return Amount{a.units + b.units} }

// Sub returns a − b, exactly.
func (a Amount) Sub(b Amount) Amount { return Amount{a.units - b.units} }

// Cmp returns −1, 0 or +1 as a is smaller than, equal to or larger than b.
func (a Amount) Cmp(b Amount) int { return cmp.Compare(a.units, b.units) }

// Sign returns −1, 0 or +1 as a is below, at or above nothing.
func (a Amount) Sign() int { return cmp.Compare(a.units, 0) }

// String prints the amount with three decimals: "2000.000".
func (a Amount) String() string { return string(AppendFixed(nil, a.units, 3)) }

// MarshalJSON writes the amount as a JSON number with three decimals.
func (a Amount) MarshalJSON() ([]byte, error) { return AppendFixed(nil, a.units, 3), nil }

// UnmarshalJSON reads a JSON number, or a string that holds one, with the rules of [ParseAmount]. null is refused.
func (a *Amount) UnmarshalJSON(b []byte) error {
	parsed, err := ParseAmount(unquote(b))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// Scan reads what a database driver hands over for a numeric or text column, with the rules of [ParseAmount]. NULL is
// refused.
func (a *Amount) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return NewInvalid("amount", "number.as_text", src)
	}
	parsed, err := ParseAmount(text)
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}
