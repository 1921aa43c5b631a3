package feed

import (
	"encoding/binary"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"luodi/geo"
)

// appendValue appends a column, as PostgreSQL sends it in binary, as JSON. nil is null. What a kind can't hold (a NaN,
// an infinite instant) is null too: JSON has no word for it.
type appendValue func(dst, raw []byte) []byte

var appendKind = [...]appendValue{
	Text:    appendText,
	Integer: appendInteger,
	Boolean: appendBoolean,
	Number:  appendNumber,
	Decimal: appendDecimal,
	Mu:      appendMu,
	Instant: appendInstant,
	Day:     appendDay,
	Object:  appendObject,
}

func appendNull(dst []byte) []byte { return append(dst, "null"...) }

const hexDigits = "0123456789abcdef"

// AppendJSONString appends a text as a JSON string. Besides what JSON demands it escapes U+2028 and U+2029, which end a
// line in JavaScript; bytes that are no UTF-8 become U+FFFD.
func AppendJSONString(dst []byte, text string) []byte {
	return appendText(dst, []byte(strings.ToValidUTF8(text, "\uFFFD")))
}

// appendText is AppendJSONString for text known to be UTF-8, such as every text of the database.
func appendText(dst, text []byte) []byte {
	dst = append(dst, '"')
	start := 0
	for i, c := range text {
		switch {
		case plainByte[c]:
			continue
		case c < utf8.RuneSelf:
			dst = append(append(dst, text[start:i]...), '\\')
			dst = appendEscape(dst, c)
			start = i + 1
		case i+2 < len(text) && text[i+1] == 0x80 && text[i+2]|1 == 0xA9: // E2 80 A8 and E2 80 A9
			dst = append(append(dst, text[start:i]...), `\u202`...)
			dst = append(dst, '8'+text[i+2]&1)
			start = i + 3
		}
	}
	return append(append(dst, text[start:]...), '"')
}

// plainByte marks the bytes that stand for themselves in a JSON string; 0xE2 may begin U+2028 and needs a look.
var plainByte = func() (plain [256]bool) {
	for c := range plain {
		plain[c] = c >= ' ' && c != '"' && c != '\\' && c != 0xE2
	}
	return plain
}()

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, c)
	case '\n':
		return append(dst, 'n')
	case '\r':
		return append(dst, 'r')
	case '\t':
		return append(dst, 't')
	}
	return append(dst, 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

func appendInteger(dst, raw []byte) []byte {
	if len(raw) != 8 {
		return appendNull(dst)
	}
	return geo.AppendFixed(dst, int64(binary.BigEndian.Uint64(raw)), 0)
}

func appendBoolean(dst, raw []byte) []byte {
	switch {
	case len(raw) != 1:
		return appendNull(dst)
	case raw[0] != 0:
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

// appendNumber prints a double with four decimals, halves to even, as round() of PostgreSQL does: a balance that sums
// in the database and a reader who sums what the feed printed get the same.
func appendNumber(dst, raw []byte) []byte {
	if len(raw) != 8 {
		return appendNull(dst)
	}
	units := math.RoundToEven(math.Float64frombits(binary.BigEndian.Uint64(raw)) * geo.UnitsPerM2)
	if !(math.Abs(units) < 1<<62) {
		return appendNull(dst)
	}
	return geo.AppendFixed(dst, int64(units), 4)
}

// PostgreSQL's binary numeric: four int16 (digits, weight, sign, decimals) and base-10000 digits, the first worth
// 10000^weight (src/backend/utils/adt/numeric.c, numeric_send).
type numeric struct {
	digits   []byte // two bytes each
	weight   int
	negative bool
	decimals int
}

const (
	numericBase     = 10000
	numericPositive = 0x0000
	numericNegative = 0x4000
)

func parseNumeric(raw []byte) (numeric, bool) {
	if len(raw) < 8 {
		return numeric{}, false
	}
	sign := binary.BigEndian.Uint16(raw[4:])
	n := numeric{
		digits:   raw[8:],
		weight:   int(int16(binary.BigEndian.Uint16(raw[2:]))),
		negative: sign == numericNegative,
		decimals: int(binary.BigEndian.Uint16(raw[6:])),
	}
	whole := len(n.digits) == 2*int(binary.BigEndian.Uint16(raw))
	return n, whole && (sign == numericPositive || sign == numericNegative)
}

// at returns the digit worth 10000^power.
func (n numeric) at(power int) int {
	i := 2 * (n.weight - power)
	if i < 0 || i >= len(n.digits) {
		return 0
	}
	return int(binary.BigEndian.Uint16(n.digits[i:]))
}

func appendDecimal(dst, raw []byte) []byte {
	n, ok := parseNumeric(raw)
	if !ok {
		return appendNull(dst)
	}
	if n.negative {
		dst = append(dst, '-')
	}
	dst = geo.AppendFixed(dst, int64(n.at(max(n.weight, 0))), 0)
	for power := n.weight - 1; power >= 0; power-- {
		dst = append4(dst, n.at(power))
	}
	if n.decimals == 0 {
		return dst
	}
	dst = append(dst, '.')
	end := len(dst) + n.decimals
	for power := -1; len(dst) < end; power-- {
		dst = append4(dst, n.at(power))
	}
	return dst[:end]
}

func append4(dst []byte, d int) []byte {
	return append(dst, byte('0'+d/1000), byte('0'+d/100%10), byte('0'+d/10%10), byte('0'+d%10))
}

// maxUnitPower bounds what fits in an int64 of 0.0001 m²: below 10000^4 square metres.
const maxUnitPower = 3

// appendMu prints exact square metres as mu with two decimals.
func appendMu(dst, raw []byte) []byte {
	n, ok := parseNumeric(raw)
	if !ok || n.weight > maxUnitPower-1 {
		return appendNull(dst)
	}
	units := int64(0)
	for power := maxUnitPower - 1; power >= -1; power-- {
		units = units*numericBase + int64(n.at(power))
	}
	if n.negative {
		units = -units
	}
	return geo.NewArea(units).Mu().Append(dst)
}

// pgEpoch is where PostgreSQL counts microseconds and days from.
var pgEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

const pgEpochUnix = 946684800

func appendInstant(dst, raw []byte) []byte {
	if len(raw) != 8 {
		return appendNull(dst)
	}
	micros := int64(binary.BigEndian.Uint64(raw))
	if micros == math.MaxInt64 || micros == math.MinInt64 {
		return appendNull(dst)
	}
	seconds := micros / 1e6
	if micros%1e6 < 0 {
		seconds--
	}
	t := time.Unix(pgEpochUnix+seconds, (micros-seconds*1e6)*1000).UTC()
	return append(t.AppendFormat(append(dst, '"'), time.RFC3339Nano), '"')
}

func appendDay(dst, raw []byte) []byte {
	if len(raw) != 4 {
		return appendNull(dst)
	}
	days := int32(binary.BigEndian.Uint32(raw))
	if days == math.MaxInt32 || days == math.MinInt32 {
		return appendNull(dst)
	}
	return append(pgEpoch.AddDate(0, 0, int(days)).AppendFormat(append(dst, '"'), time.DateOnly), '"')
}

// appendObject passes JSON text on as it is: of a json column, or of jsonb, which comes after a version byte.
func appendObject(dst, raw []byte) []byte {
	switch {
	case len(raw) >= 2 && raw[0] == '{':
		return append(dst, raw...)
	case len(raw) >= 3 && raw[0] == 1:
		return append(dst, raw[1:]...)
	}
	return appendNull(dst)
}

func appendUUID(dst, raw []byte) []byte {
	if len(raw) != 16 {
		return appendNull(dst)
	}
	dst = append(dst, '"')
	for i, b := range raw {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
	}
	return append(dst, '"')
}
