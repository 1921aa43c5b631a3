package feed

import (
	"encoding/json"
	"strings"

	"luodi/geo/land"
)

// Thing is a kind of object that stands beside the parcels: zones, plan units, networks. Each has a table of identities
// and one of versions. The fields that a file or a command states are those of [land.Fields]. Orders, imports and the
// planners' feeds read these rows.
type Thing struct {
	Public *Collection // what the public sees of it
	Table  string
	Shapes []string // GeoJSON types that are taken
	Multi  bool     // kept as a multi geometry

	settings map[string]fact // of fields, where a command states more strictly than a file
	more     []fact          // that a command states and a file doesn't
}

var things = []*Thing{
	{Public: zones, Table: "zone", Multi: true, Shapes: []string{"Polygon", "MultiPolygon"},
		settings: map[string]fact{"name_zh": {due: true}, "name_en": {due: true}, "function": {due: true}}},
	{Public: planUnits, Table: "plan_unit", Multi: true, Shapes: []string{"Polygon", "MultiPolygon"},
		settings: map[string]fact{"conditions": {json: true, empty: json.RawMessage("{}")}}},
	{Public: networks, Table: "network", Shapes: []string{"Point", "LineString", "MultiLineString"},
		more: []fact{{name: "headroom_told", empty: string(land.TellBand), read: land.As(land.ParseTelling)},
			{name: "capacity_told", empty: string(land.TellNone), read: land.As(land.ParseCapacityTelling)}}},
}

// columns lists those of a version that a writer states; the shape besides.
func (t *Thing) columns() []string {
	var all []string
	for _, field := range land.Fields[t.Public.ID] {
		all = append(all, field.Name)
	}
	for _, f := range t.more {
		all = append(all, f.name)
	}
	return append(all, "publication")
}

// ThingIDs lists the collections of things, in their order.
func ThingIDs() []string {
	ids := make([]string, len(things))
	for i, t := range things {
		ids[i] = t.Public.ID
	}
	return ids
}

// FindThing finds a kind by its collection; nil when there is none.
func FindThing(collection string) *Thing {
	for _, t := range things {
		if t.Public.ID == collection {
			return t
		}
	}
	return nil
}

// SQL fills a statement in: {table}, {collection}, {columns}, and {facts}, the columns of a row n.
func (t *Thing) SQL(text string) string {
	columns := t.columns()
	facts := make([]string, len(columns))
	for i, c := range columns {
		facts[i] = "n." + c
	}
	return strings.NewReplacer("{table}", t.Table, "{columns}", strings.Join(columns, ", "), "{facts}",
		strings.Join(facts, ", "), "{collection}", t.Public.ID).Replace(text)
}

// OfAll asks for things of every kind at once.
func OfAll(text string) string {
	parts := make([]string, len(things))
	for i, t := range things {
		parts[i] = t.SQL(text)
	}
	return strings.Join(parts, " UNION ALL ")
}
