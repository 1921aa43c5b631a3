package feed

import (
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Value is a property of the current feature as a file keeps it, typed by the property's [Kind]. What it points to holds
// until the next row.
type Value struct {
	Null  bool
	Bool  bool      // of a Boolean
	Int   int64     // of an Integer
	Float float64   // of a Number, Decimal or Mu: the nearest to its digits
	Text  []byte    // of a Text; the digits of a number as feeds print them; the JSON of an Object
	Time  time.Time // of an Instant, in UTC; of a Day, its midnight in UTC
}

// readValue reads a column, as PostgreSQL sends it in binary, into a value, and returns the digits that it appended. What
// is null in JSON is null here.
type readValue func(v *Value, raw, digits []byte) []byte

var readKind = [...]readValue{
	Text:    func(v *Value, raw, digits []byte) []byte { v.Text = raw; return digits },
	Integer: readInteger,
	Boolean: func(v *Value, raw, digits []byte) []byte {
		v.Null = len(raw) != 1
		v.Bool = !v.Null && raw[0] != 0
		return digits
	},
	Number:  readNumberAs(appendNumber),
	Decimal: readNumberAs(appendDecimal),
	Mu:      readNumberAs(appendMu),
	Instant: readInstant,
	Day:     readDay,
	Object: func(v *Value, raw, digits []byte) []byte {
		start := len(digits)
		digits = appendObject(digits, raw)
		v.Text = digits[start:]
		v.Null = len(v.Text) == 0 || v.Text[0] != '{'
		return digits
	},
}

func readInteger(v *Value, raw, digits []byte) []byte {
	if v.Null = len(raw) != 8; !v.Null {
		v.Int = int64(binary.BigEndian.Uint64(raw))
	}
	return digits
}

// readNumberAs reads a number by the digits that feeds print of it: a file says what the feed says.
func readNumberAs(appendDigits appendValue) readValue {
	return func(v *Value, raw, digits []byte) []byte {
		start := len(digits)
		digits = appendDigits(digits, raw)
		v.number(digits[start:])
		return digits
	}
}

// number reads what is printed of a number.
func (v *Value) number(printed []byte) {
	f, err := strconv.ParseFloat(string(printed), 64)
	v.Text, v.Float, v.Null = printed, f, err != nil
}

func readInstant(v *Value, raw, digits []byte) []byte {
	if v.Null = len(raw) != 8; v.Null {
		return digits
	}
	micros := int64(binary.BigEndian.Uint64(raw))
	v.Null = micros == math.MaxInt64 || micros == math.MinInt64
	v.Time = time.Unix(pgEpochUnix+micros/1e6, micros%1e6*1000).UTC()
	return digits
}

func readDay(v *Value, raw, digits []byte) []byte {
	if v.Null = len(raw) != 4; v.Null {
		return digits
	}
	days := int32(binary.BigEndian.Uint32(raw))
	v.Null = days == math.MaxInt32 || days == math.MinInt32
	v.Time = pgEpoch.AddDate(0, 0, int(days))
	return digits
}

// derived reads what is derived of a parcel's services, as JSON.
func (v *Value) derived(kind Kind, printed []byte) {
	switch {
	case string(printed) == "null":
		v.Null = true
	case kind == Boolean:
		v.Bool = string(printed) == "true"
	default:
		v.number(printed)
	}
}

// ID is the current feature's id.
func (f *Features) ID() uuid.UUID { return f.id }

// Shape is the current feature's geometry in EWKB, longitude and latitude on CGCS2000 whatever the query asks for; nil
// where there is none. It holds until the next row.
func (f *Features) Shape() []byte { return f.rows.RawValues()[columnShape] }

// Values reads the current feature's properties, in the order of its collection, into dst, which it returns grown. They
// hold until the next row.
func (f *Features) Values(dst []Value) []Value {
	row := f.line()
	dst, f.digits = dst[:0], f.digits[:0]
	for i := range f.layout.fields {
		fl := &f.layout.fields[i]
		dst = append(dst, Value{})
		v := &dst[len(dst)-1]
		raw := row.raw[fl.column]
		switch {
		case fl.column == columnPark && row.code != nil:
			v.Text = f.code
		case fl.column == columnPark:
			v.Text = row.raw[len(row.raw)-1]
		case raw == nil:
			v.Null = true
		case fl.derive != nil:
			start := len(f.digits)
			f.digits = fl.appendTo(f.digits, row)
			v.derived(fl.kind, f.digits[start:])
		default:
			f.digits = readKind[fl.kind](v, raw, f.digits)
		}
	}
	return dst
}

// Properties are those whose values a query gives, in their order.
func (q *Query) Properties() []*Property {
	if q.Select != nil {
		return q.Select.Properties
	}
	all := make([]*Property, len(q.Collection.Properties))
	for i := range q.Collection.Properties {
		all[i] = &q.Collection.Properties[i]
	}
	return all
}
