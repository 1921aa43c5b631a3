package cql2

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Text prints a filter in the text encoding, in its canonical form: every condition within another stands in brackets,
// names in double quotes.
func Text(n Node) string { return string(appendText(nil, n)) }

func appendText(dst []byte, n Node) []byte {
	switch n := n.(type) {
	case *Property:
		return append(append(append(dst, '"'), strings.ReplaceAll(n.Name, `"`, `""`)...), '"')
	case *String:
		return appendString(dst, n.Value)
	case *Number:
		return append(dst, n.Value...)
	case *Bool:
		return append(dst, strings.ToUpper(strconv.FormatBool(n.Value))...)
	case *Date:
		return append(append(append(dst, "DATE('"...), formatDay(n.Day)...), "')"...)
	case *Timestamp:
		return append(append(append(dst, "TIMESTAMP('"...), formatInstant(n.Instant)...), "')"...)
	case *Interval:
		dst = appendEnd(append(dst, "INTERVAL("...), n.From)
		return append(appendEnd(append(dst, ", "...), n.To), ')')
	case *Shape:
		return appendWKT(dst, n.Shape)
	case *Box:
		return append(appendNumbers(append(dst, "BBOX("...), n.Corners[:], ","), ')')
	case *List:
		return append(appendArguments(append(dst, '('), n.Items), ')')
	case *Call:
		return appendCall(dst, n)
	}
	return dst
}

func appendCall(dst []byte, n *Call) []byte {
	switch f := familyOf(n.Op); {
	case f.isFunction():
		dst = append(append(dst, strings.ToUpper(string(n.Op))...), '(')
		return append(appendArguments(dst, n.Args), ')')
	case f == negation:
		return append(appendText(append(dst, "NOT ("...), n.Args[0]), ')')
	case f == nullness:
		return append(appendOperand(dst, n.Args[0]), " IS NULL"...)
	case f == range3:
		dst = append(appendOperand(dst, n.Args[0]), " BETWEEN "...)
		return appendOperand(append(appendOperand(dst, n.Args[1]), " AND "...), n.Args[2])
	}
	for i, arg := range n.Args {
		if i > 0 {
			dst = append(append(append(dst, ' '), strings.ToUpper(string(n.Op))...), ' ')
		}
		dst = appendOperand(dst, arg)
	}
	return dst
}

// appendOperand appends an operand, in brackets where it is a call between operands itself.
func appendOperand(dst []byte, n Node) []byte {
	if within, is := n.(*Call); is && !familyOf(within.Op).isFunction() {
		return append(appendText(append(dst, '('), n), ')')
	}
	return appendText(dst, n)
}

func appendArguments(dst []byte, args []Node) []byte {
	for i, arg := range args {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendText(dst, arg)
	}
	return dst
}

var toEscape = strings.NewReplacer(`\`, `\\`, "'", "''", "\a", `\a`, "\b", `\b`, "\t", `\t`, "\n", `\n`, "\v", `\v`,
	"\f", `\f`, "\r", `\r`)

func appendString(dst []byte, text string) []byte {
	return append(append(append(dst, '\''), toEscape.Replace(text)...), '\'')
}

func appendEnd(dst []byte, end Node) []byte {
	switch end := end.(type) {
	case *Date:
		return appendString(dst, formatDay(end.Day))
	case *Timestamp:
		return appendString(dst, formatInstant(end.Instant))
	case nil:
		return append(dst, "'..'"...)
	}
	return appendText(dst, end)
}

func appendNumbers(dst []byte, numbers []float64, between string) []byte {
	for i, n := range numbers {
		if i > 0 {
			dst = append(dst, between...)
		}
		dst = strconv.AppendFloat(dst, n, 'f', -1, 64)
	}
	return dst
}

func appendWKT(dst []byte, shape orb.Geometry) []byte {
	dst = append(dst, strings.ToUpper(shape.GeoJSONType())...)
	return appendBody(dst, shape)
}

func appendBody(dst []byte, shape orb.Geometry) []byte {
	switch shape := shape.(type) {
	case orb.Point:
		return append(appendNumbers(append(dst, '('), shape[:], " "), ')')
	case orb.MultiPoint:
		return appendParts(dst, shape, appendBody)
	case orb.LineString:
		return appendPositions(dst, shape)
	case orb.Ring:
		return appendPositions(dst, shape)
	case orb.Polygon:
		return appendParts(dst, shape, appendBody)
	case orb.MultiLineString:
		return appendParts(dst, shape, appendBody)
	case orb.MultiPolygon:
		return appendParts(dst, shape, appendBody)
	case orb.Collection:
		return appendParts(dst, shape, appendWKT)
	}
	return dst
}

func appendParts[S ~[]T, T orb.Geometry](dst []byte, parts S, part func([]byte, orb.Geometry) []byte) []byte {
	dst = append(dst, '(')
	for i, p := range parts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = part(dst, p)
	}
	return append(dst, ')')
}

func appendPositions(dst []byte, points []orb.Point) []byte {
	dst = append(dst, '(')
	for i, p := range points {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendNumbers(dst, p[:], " ")
	}
	return append(dst, ')')
}
