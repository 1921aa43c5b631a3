package tile

import (
	"encoding/binary"
	"math"
	"strings"
	"unicode/utf8"
)

// Value is the value of a key as a layer has it: the field of a Value message (Vector Tile Specification 2.1, 4.4) with
// its length, so that it is copied into tiles as it is. "" is null, which tiles leave out.
type Value string

// TextValue is a text; what of it is not UTF-8 is U+FFFD.
func TextValue(s string) Value { return Value(AppendText(nil, s)) }

// NumberValue is a number: an integer where it is whole, null where it is not finite.
func NumberValue(f float64) Value { return Value(AppendNumber(nil, f)) }

// IntValue is an integer.
func IntValue(n int64) Value { return Value(appendInt(nil, n)) }

// BoolValue is a truth.
func BoolValue(b bool) Value { return Value(AppendBool(nil, b)) }

// AppendText appends a [TextValue].
func AppendText[T ~string | ~[]byte](dst []byte, text T) []byte {
	s := string(text)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	dst = append(dst, layerValue)
	dst = binary.AppendUvarint(dst, uint64(1+sizeOf(uint64(len(s)))+len(s)))
	return appendText(append(dst, valueText), s)
}

// AppendNumber appends a [NumberValue]; nothing for one that is not finite.
func AppendNumber(dst []byte, f float64) []byte {
	if whole := int64(f); float64(whole) == f && math.Abs(f) < 1<<53 {
		return appendInt(dst, whole)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return dst
	}
	dst = append(dst, layerValue, 9, valueDouble)
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(f))
}

// AppendBool appends a [BoolValue].
func AppendBool(dst []byte, b bool) []byte {
	truth := byte(0)
	if b {
		truth = 1
	}
	return append(dst, layerValue, 2, valueBool, truth)
}

func appendInt(dst []byte, n int64) []byte {
	field, u := byte(valueUint), uint64(n)
	if n < 0 {
		field, u = valueSint, uint64(n<<1)^uint64(n>>63)
	}
	dst = append(dst, layerValue, byte(1+sizeOf(u)), field)
	return binary.AppendUvarint(dst, u)
}

// sizeOf is how many bytes a varint takes.
func sizeOf(u uint64) int {
	n := 1
	for ; u >= 1<<7; u >>= 7 {
		n++
	}
	return n
}

// CutValue cuts the first of values that were appended one after the other, which is not null.
func CutValue(values string) (first Value, rest string) {
	size, n := uvarint(values[1:])
	end := 1 + n + int(size)
	return Value(values[:end]), values[end:]
}

// Text is the text; "" of any other value.
func (v Value) Text() string {
	if v == "" {
		return ""
	}
	_, n := uvarint(string(v[1:]))
	if v[1+n] != valueText {
		return ""
	}
	message := string(v[2+n:])
	_, n = uvarint(message)
	return message[n:]
}

// Number is the number; 0 of any other value.
func (v Value) Number() float64 {
	if v == "" {
		return 0
	}
	_, n := uvarint(string(v[1:]))
	rest := string(v[2+n:])
	switch v[1+n] {
	case valueUint:
		u, _ := uvarint(rest)
		return float64(u)
	case valueSint:
		u, _ := uvarint(rest)
		return float64(int64(u>>1) ^ -int64(u&1))
	case valueDouble:
		return math.Float64frombits(binary.LittleEndian.Uint64([]byte(rest)))
	}
	return 0
}

// uvarint is [binary.Uvarint] of a text.
func uvarint(s string) (u uint64, n int) {
	for shift := 0; ; shift += 7 {
		b := s[n]
		n++
		u |= uint64(b&0x7f) << shift
		if b < 1<<7 {
			return u, n
		}
	}
}
