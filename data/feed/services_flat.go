package feed

import (
	"bytes"
	"fmt"

	"luodi/geo/land"
)

// serviceUnits are the units of the services that have a capacity, by the key of a parcel's services, with their UCUM
// codes. The other keys are there or not.
var serviceUnits = map[land.ServiceKey]struct{ unit, ucum string }{
	land.ServicePower:    {land.DrawPower.Unit(), "kV.A"},
	land.ServiceSteam:    {land.DrawSteam.Unit(), "t/h"},
	land.ServiceWater:    {land.DrawWater.Unit(), "m3/d"},
	land.ServiceSewer:    {land.DrawSewage.Unit(), "m3/d"},
	land.ServiceGas:      {land.DrawGas.Unit(), "m3/h"},
	land.ServiceNitrogen: {land.DrawNitrogen.Unit(), "m3/h"},
}

// exprServices is the column of a parcel's services.
const exprServices = "f.services"

// serviceProperties flatten a parcel's services for tools that read no objects: whether each is ready, and its
// capacity where that is stated in the service's own unit. Null says that it is not stated, or in another unit.
func serviceProperties() []Property {
	var all []Property
	for _, key := range land.ServiceKeys() {
		member := fmt.Sprintf("%s->'%s'->>", exprServices, key)
		all = append(all, Property{Name: "service_" + string(key), Kind: Boolean, Nullable: true,
			expr: fmt.Sprintf("(%s'ready')::boolean", member), of: exprServices, derive: serviceReady(key)})
		if known, measured := serviceUnits[key]; measured {
			all = append(all, Property{Name: "service_" + string(key) + "_capacity", Kind: Decimal, Nullable: true,
				Unit: known.ucum,
				expr: fmt.Sprintf("CASE WHEN %s'unit' = '%s' THEN (%s'capacity')::numeric END", member, known.unit, member),
				of:   exprServices, derive: serviceCapacity(key, known.unit)})
		}
	}
	return all
}

func serviceReady(key land.ServiceKey) appendValue {
	return func(dst, raw []byte) []byte {
		return appendMember(dst, jsonMember(jsonMember(unversioned(raw), string(key)), "ready"))
	}
}

func serviceCapacity(key land.ServiceKey, unit string) appendValue {
	quoted := AppendJSONString(nil, unit)
	return func(dst, raw []byte) []byte {
		service := jsonMember(unversioned(raw), string(key))
		if !bytes.Equal(jsonMember(service, "unit"), quoted) {
			return appendNull(dst)
		}
		return appendMember(dst, jsonMember(service, "capacity"))
	}
}

func appendMember(dst, value []byte) []byte {
	if value == nil {
		return appendNull(dst)
	}
	return append(dst, value...)
}

// unversioned is the text of a json column, or of jsonb, which comes after a version byte.
func unversioned(raw []byte) []byte {
	if len(raw) > 0 && raw[0] == 1 {
		return raw[1:]
	}
	return raw
}

// jsonMember returns the value of an object's member as it is written; nil where there is no such member, or no object.
// It reads what PostgreSQL prints, which is well formed. Names are compared as they are written.
func jsonMember(object []byte, name string) []byte {
	rest := skipBlanks(object)
	if len(rest) == 0 || rest[0] != '{' {
		return nil
	}
	rest = skipBlanks(rest[1:])
	for len(rest) > 0 && rest[0] == '"' {
		end := valueEnd(rest)
		found := end >= 2 && string(rest[1:end-1]) == name
		rest = skipBlanks(rest[end:])
		if len(rest) == 0 || rest[0] != ':' {
			return nil
		}
		rest = skipBlanks(rest[1:])
		end = valueEnd(rest)
		if found {
			return rest[:end]
		}
		rest = skipBlanks(rest[end:])
		if len(rest) == 0 || rest[0] != ',' {
			return nil
		}
		rest = skipBlanks(rest[1:])
	}
	return nil
}

func skipBlanks(text []byte) []byte { return bytes.TrimLeft(text, " \t\r\n") }

// valueEnd is where the JSON value that a text begins with ends.
func valueEnd(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			i = stringEnd(text, i)
			if depth == 0 {
				return min(i+1, len(text))
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return i + depth + 1 // a brace of what surrounds a number is not its own
			}
		case ',', ' ', '\t', '\r', '\n', ':':
			if depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// stringEnd is the place of the quote that ends the string beginning at i.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}
