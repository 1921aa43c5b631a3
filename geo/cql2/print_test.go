package cql2

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/paulmach/orb"
)

// JSON prints a filter in the JSON encoding, without spaces.
func JSON(n Node) string { return compact(plain(n)) }

// plain is a node as encoding/json prints it.
func plain(n Node) any {
	type object = map[string]any
	switch n := n.(type) {
	case *Property:
		return object{"property": n.Name}
	case *String:
		return n.Value
	case *Number:
		return json.Number(n.Value)
	case *Bool:
		return n.Value
	case *Date:
		return object{"date": formatDay(n.Day)}
	case *Timestamp:
		return object{"timestamp": formatInstant(n.Instant)}
	case *Interval:
		return object{"interval": []any{plainEnd(n.From), plainEnd(n.To)}}
	case *Shape:
		return plainShape(n.Shape)
	case *Box:
		return object{"bbox": n.Corners}
	case *List:
		return plainAll(n.Items)
	case *Call:
		return struct {
			Op   Op    `json:"op"`
			Args []any `json:"args"`
		}{n.Op, plainAll(n.Args)}
	}
	return nil
}

func plainAll(nodes []Node) []any {
	all := make([]any, len(nodes))
	for i, n := range nodes {
		all[i] = plain(n)
	}
	return all
}

func plainEnd(end Node) any {
	switch end := end.(type) {
	case *Date:
		return formatDay(end.Day)
	case *Timestamp:
		return formatInstant(end.Instant)
	case nil:
		return ".."
	}
	return plain(end)
}

// plainShape is a geometry in GeoJSON: orb's geometries are arrays of arrays of numbers already.
func plainShape(shape orb.Geometry) any {
	type object = map[string]any
	parts, is := shape.(orb.Collection)
	if !is {
		return object{"type": shape.GeoJSONType(), "coordinates": shape}
	}
	members := make([]any, len(parts))
	for i, part := range parts {
		members[i] = plainShape(part)
	}
	return object{"type": shape.GeoJSONType(), "geometries": members}
}

// compact is JSON without spaces, its strings as they are.
func compact(document any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil { // texts, numbers and lists always encode
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}
