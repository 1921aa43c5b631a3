package feed

import (
	"bytes"
	"fmt"
	"iter"

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
	for i, key := range land.ServiceKeys() {
		member := fmt.Sprintf("%s->'%s'->>", exprServices, key)
		all = append(all, Property{Name: "service_" + string(key), Kind: Boolean, Nullable: true,
			expr: fmt.Sprintf("(%s'ready')::boolean", member), of: exprServices, derive: serviceReady(i)})
		if known, measured := serviceUnits[key]; measured {
			all = append(all, Property{Name: "service_" + string(key) + "_capacity", Kind: Decimal, Nullable: true,
				Unit: known.ucum,
				expr: fmt.Sprintf("CASE WHEN %s'unit' = '%s' THEN (%s'capacity')::numeric END", member, known.unit, member),
				of:   exprServices, derive: serviceCapacity(i, known.unit)})
		}
	}
	return all
}

func serviceReady(i int) appendService {
	return func(dst []byte, s *services) []byte { return appendMember(dst, s[i].ready) }
}

func serviceCapacity(i int, unit string) appendService {
	quoted := AppendJSONString(nil, unit)
	return func(dst []byte, s *services) []byte {
		if !bytes.Equal(s[i].unit, quoted) {
			return appendNull(dst)
		}
		return appendMember(dst, s[i].capacity)
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

// services are members of a parcel's services, as they are written, in the order of [land.ServiceKeys]: nil where there
// is none.
type services [servicesMost]struct{ ready, unit, capacity []byte }

const servicesMost = 16

// appendService appends what is derived of a parcel's services.
type appendService func(dst []byte, s *services) []byte

// serviceAt is where a service stands in services.
var serviceAt = func() map[string]int {
	at := map[string]int{}
	for i, key := range land.ServiceKeys() {
		at[string(key)] = i
	}
	return at
}()

// read reads the column of a parcel's services.
func (s *services) read(raw []byte) {
	*s = services{}
	for name, value := range jsonMembers(unversioned(raw)) {
		i, known := serviceAt[string(name)]
		if !known {
			continue
		}
		for name, value := range jsonMembers(value) {
			switch string(name) {
			case "ready":
				s[i].ready = value
			case "unit":
				s[i].unit = value
			case "capacity":
				s[i].capacity = value
			}
		}
	}
}

// jsonMembers yields the names of an object's members, as they are written between their quotes, and their values; of
// what is no object nothing. It reads what PostgreSQL prints, which is well formed.
func jsonMembers(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		rest := skipBlanks(object)
		if len(rest) == 0 || rest[0] != '{' {
			return
		}
		rest = skipBlanks(rest[1:])
		for len(rest) > 1 && rest[0] == '"' {
			end := valueEnd(rest)
			name := rest[1 : end-1]
			rest = skipBlanks(rest[end:])
			if len(rest) == 0 || rest[0] != ':' {
				return
			}
			rest = skipBlanks(rest[1:])
			end = valueEnd(rest)
			if !yield(name, rest[:end]) {
				return
			}
			rest = skipBlanks(rest[end:])
			if len(rest) == 0 || rest[0] != ',' {
				return
			}
			rest = skipBlanks(rest[1:])
		}
	}
}

func skipBlanks(text []byte) []byte {
	for i, c := range text {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return text[i:]
		}
	}
	return nil
}

// structure marks the bytes of JSON at which valueEnd has to look.
var structure = func() (marked [256]bool) {
	for _, c := range []byte("\"{}[],: \t\r\n") {
		marked[c] = true
	}
	return marked
}()

// valueEnd is where the JSON value that a text begins with ends.
func valueEnd(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		if !structure[text[i]] {
			continue
		}
		switch text[i] {
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
		default:
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
