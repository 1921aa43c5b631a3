package feed

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"pgregory.net/rapid"
)

var binaryTypes = pgtype.NewMap()

// sent is a value as PostgreSQL sends it in binary, by pgx's own encoder.
func sent(t testing.TB, oid uint32, value any) []byte {
	t.Helper()
	raw, err := binaryTypes.Encode(oid, pgtype.BinaryFormatCode, value, nil)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func FuzzAppendJSONString(f *testing.F) {
	for _, seed := range []string{"", "plain", "碳纤维", "a\"b\\c/d", "\x00\x1f\n\r\t\b\f\x7f",
		"\u2028\u2029\u2027\u202a", "é€😀", "\xff\xfe", "a\xe2", "\xe2\x80", "<script>&"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted := AppendJSONString([]byte("x"), text)
		var back string
		if err := json.Unmarshal(quoted[1:], &back); err != nil {
			t.Fatalf("%q became %s: %v", text, quoted, err)
		}
		if want := strings.ToValidUTF8(text, "\uFFFD"); back != want {
			t.Errorf("%q came back as %q", want, back)
		}
		if !utf8.Valid(quoted) || strings.ContainsAny(string(quoted), "\u2028\u2029") || quoted[0] != 'x' {
			t.Errorf("%q became %q", text, quoted)
		}
	})
}

func TestDecimalsPrintExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits, scale := rapid.Int64().Draw(t, "digits"), rapid.IntRange(0, 12).Draw(t, "scale")
		number := pgtype.Numeric{Int: big.NewInt(digits), Exp: int32(-scale), Valid: true}
		raw, err := binaryTypes.Encode(pgtype.NumericOID, pgtype.BinaryFormatCode, number, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := string(appendDecimal(nil, raw))
		want := new(big.Rat).SetFrac(big.NewInt(digits),
			new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))
		back, ok := new(big.Rat).SetString(got)
		if !ok || back.Cmp(want) != 0 || !json.Valid([]byte(got)) {
			t.Fatalf("%d e-%d became %s", digits, scale, got)
		}
	})
	for _, raw := range [][]byte{nil, {1}, {0, 9, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0xC0, 0, 0, 0},
		{0, 0, 0, 0, 0xD0, 0, 0, 0}} {
		if got := string(appendDecimal(nil, raw)); got != "null" {
			t.Errorf("%x became %s", raw, got)
		}
	}
}

func TestMuAreRoundedFromTheExactArea(t *testing.T) {
	t.Parallel()
	for m2, want := range map[string]string{"333333.3333": "500.00", "200000.0000": "300.00", "68507.52": "102.76",
		"0.0001": "0.00", "999999999999.9999": "1500000000.00", "3.3333": "0.00", "3.3334": "0.01", "1": "0.00"} {
		var n pgtype.Numeric
		if err := n.Scan(m2); err != nil {
			t.Fatal(err)
		}
		if got := string(appendMu(nil, sent(t, pgtype.NumericOID, n))); got != want {
			t.Errorf("%s m² became %s mu, want %s", m2, got, want)
		}
	}
}

func TestNumbersHaveFourDecimals(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{0: "0.0000", 12318.64591: "12318.6459", -1.5: "-1.5000",
		0.00005: "0.0000", 0.00025: "0.0002", 1e12: "1000000000000.0000", 1e300: "null", math.Inf(1): "null"} {
		if got := string(appendNumber(nil, sent(t, pgtype.Float8OID, value))); got != want {
			t.Errorf("%g became %s, want %s", value, got, want)
		}
	}
	if got := string(appendNumber(nil, sent(t, pgtype.Float8OID, math.NaN()))); got != "null" {
		t.Errorf("NaN became %s", got)
	}
}

func TestInstantsDaysAndTheRest(t *testing.T) {
	t.Parallel()
	instant := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	id := uuid.MustParse("01a207cc-0233-709d-b423-89ee3291cccc")
	for _, c := range []struct {
		append appendValue
		oid    uint32
		value  any
		want   string
	}{
		{appendInstant, pgtype.TimestamptzOID, instant("2026-11-23T17:45:40.048569+08:00"),
			`"2026-11-23T09:45:40.048569Z"`},
		{appendInstant, pgtype.TimestamptzOID, instant("1999-12-31T23:59:59.999999Z"), `"1999-12-31T23:59:59.999999Z"`},
		{appendInstant, pgtype.TimestamptzOID, instant("1900-01-01T00:00:00Z"), `"1900-01-01T00:00:00Z"`},
		{appendInstant, pgtype.TimestamptzOID, pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true},
			"null"},
		{appendDay, pgtype.DateOID, instant("2022-01-01T00:00:00Z"), `"2022-01-01"`},
		{appendDay, pgtype.DateOID, instant("1970-02-28T00:00:00Z"), `"1970-02-28"`},
		{appendDay, pgtype.DateOID, pgtype.Date{InfinityModifier: pgtype.NegativeInfinity, Valid: true}, "null"},
		{appendBoolean, pgtype.BoolOID, true, "true"}, {appendBoolean, pgtype.BoolOID, false, "false"},
		{appendInteger, pgtype.Int8OID, int64(math.MinInt64), "-9223372036854775808"},
		{appendInteger, pgtype.Int8OID, int64(0), "0"},
		{appendObject, pgtype.JSONBOID, json.RawMessage(`{"road": {"ready": true}}`), `{"road": {"ready": true}}`},
		{appendObject, pgtype.JSONOID, json.RawMessage(`{"road":{}}`), `{"road":{}}`},
		{appendUUID, pgtype.UUIDOID, id, `"` + id.String() + `"`},
	} {
		if got := string(c.append(nil, sent(t, c.oid, c.value))); got != c.want {
			t.Errorf("%v became %s, want %s", c.value, got, c.want)
		}
	}
	for _, short := range []appendValue{appendInstant, appendDay, appendBoolean, appendInteger, appendNumber,
		appendObject, appendMu, appendUUID} {
		if got := string(short(nil, []byte{1})); got != "null" && got != "true" {
			t.Errorf("a short value became %s", got)
		}
	}
}

func BenchmarkAppendValues(b *testing.B) {
	var n pgtype.Numeric
	if err := n.Scan("333333.3333"); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		append appendValue
		raw    []byte
	}{
		{"text", appendText, []byte("Carbon Fibre Industrial Park")}, {"chinese", appendText, []byte("威海拓展纤维有限公司")},
		{"decimal", appendDecimal, sent(b, pgtype.NumericOID, n)},
		{"mu", appendMu, sent(b, pgtype.NumericOID, n)},
		{"number", appendNumber, sent(b, pgtype.Float8OID, 12318.64591)},
		{"instant", appendInstant, sent(b, pgtype.TimestamptzOID, time.Unix(1.7e9, 123456000))},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 1024)
			for b.Loop() {
				buf = c.append(buf[:0], c.raw)
			}
		})
	}
}
