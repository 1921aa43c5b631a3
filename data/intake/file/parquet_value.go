package file

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"
	parquetspec "github.com/parquet-go/parquet-go/format"
)

// printerOf gives what prints the values of a column as text, by its logical type, else its physical one; false of it
// is a value without a text.
func printerOf(t parquet.Type) func(parquet.Value) (string, bool) {
	if logical := t.LogicalType(); logical != nil {
		switch l := logical.Value.(type) {
		case *parquetspec.DateType:
			return func(v parquet.Value) (string, bool) {
				return time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly), true
			}
		case *parquetspec.TimestampType:
			return printTime(l.Unit)
		case *parquetspec.TimeType:
			return printClock(l.Unit)
		case *parquetspec.DecimalType:
			return func(v parquet.Value) (string, bool) { return printDecimal(v, int(l.Scale)) }
		case *parquetspec.UUIDType:
			return func(v parquet.Value) (string, bool) {
				id, err := uuid.FromBytes(v.ByteArray())
				return id.String(), err == nil
			}
		case *parquetspec.IntType:
			if !l.IsSigned {
				return printUnsigned
			}
		case *parquetspec.Float16Type, *parquetspec.BsonType:
			return func(v parquet.Value) (string, bool) { return logical.String(), false }
		}
	}
	return printPlain
}

func printPlain(v parquet.Value) (string, bool) {
	switch v.Kind() {
	case parquet.Boolean:
		return strconv.FormatBool(v.Boolean()), true
	case parquet.Int32:
		return strconv.Itoa(int(v.Int32())), true
	case parquet.Int64:
		return strconv.FormatInt(v.Int64(), 10), true
	case parquet.Float:
		return strconv.FormatFloat(float64(v.Float()), 'f', -1, 32), true
	case parquet.Double:
		return strconv.FormatFloat(v.Double(), 'f', -1, 64), true
	case parquet.ByteArray, parquet.FixedLenByteArray:
		return string(v.ByteArray()), true
	}
	return "INT96", false
}

func printUnsigned(v parquet.Value) (string, bool) {
	if v.Kind() == parquet.Int32 {
		return strconv.FormatUint(uint64(v.Uint32()), 10), true
	}
	return strconv.FormatUint(v.Uint64(), 10), true
}

// printTime prints an instant; midnight alone as the day, as of the other formats.
func printTime(unit parquetspec.TimeUnit) func(parquet.Value) (string, bool) {
	return func(v parquet.Value) (string, bool) {
		var at time.Time
		switch n := v.Int64(); unit.Value.(type) {
		case *parquetspec.MilliSeconds:
			at = time.UnixMilli(n)
		case *parquetspec.MicroSeconds:
			at = time.UnixMicro(n)
		default:
			at = time.Unix(0, n)
		}
		if at = at.UTC(); at.Equal(at.Truncate(24 * time.Hour)) {
			return at.Format(time.DateOnly), true
		}
		return at.Format(time.RFC3339Nano), true
	}
}

func printClock(unit parquetspec.TimeUnit) func(parquet.Value) (string, bool) {
	return func(v parquet.Value) (string, bool) {
		n := int64(0)
		if v.Kind() == parquet.Int32 {
			n = int64(v.Int32())
		} else {
			n = v.Int64()
		}
		switch unit.Value.(type) {
		case *parquetspec.MilliSeconds:
			n *= 1e6
		case *parquetspec.MicroSeconds:
			n *= 1e3
		}
		return time.Unix(0, n).UTC().Format("15:04:05.999999999"), true
	}
}

// printDecimal prints an unscaled number with its point: 12345 of a scale of 2 is 123.45.
func printDecimal(v parquet.Value, scale int) (string, bool) {
	n := new(big.Int)
	switch v.Kind() {
	case parquet.Int32:
		n.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		n.SetInt64(v.Int64())
	default: // two's complement, the highest byte first
		body := v.ByteArray()
		if n.SetBytes(body); len(body) > 0 && body[0]&0x80 != 0 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(body))))
		}
	}
	const most = 100
	if scale < 0 || scale > most || n.BitLen() > 8*most {
		return "DECIMAL", false
	}
	digits := new(big.Int).Abs(n).String()
	if scale > 0 {
		digits = strings.Repeat("0", max(0, scale+1-len(digits))) + digits
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if n.Sign() < 0 {
		digits = "-" + digits
	}
	return digits, true
}
