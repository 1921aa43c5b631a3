package feed

import "strings"

// Thing is a kind of object that stands beside the parcels: zones, plan units, networks. Each has a table of identities
// and one of versions.
type Thing struct {
	Public  *Collection // what the public sees of it
	Table   string
	columns []string // of a version, that a writer states; the shape besides
	Shapes  []string // GeoJSON types that are taken
	Multi   bool     // kept as a multi geometry
}

var things = []*Thing{
	{Public: zones, Table: "zone", Multi: true, Shapes: []string{"Polygon", "MultiPolygon"},
		columns: []string{"name_zh", "name_en", "function", "legal_m2", "publication"}},
	{Public: planUnits, Table: "plan_unit", Multi: true, Shapes: []string{"Polygon", "MultiPolygon"},
		columns: []string{"land_use", "conditions", "edition", "effective_from", "publication"}},
	{Public: networks, Table: "network", Shapes: []string{"Point", "LineString", "MultiLineString"},
		columns: []string{"kind", "grade", "name_zh", "name_en", "width_m", "capacity", "unit", "headroom_told",
			"publication"}},
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
	facts := make([]string, len(t.columns))
	for i, c := range t.columns {
		facts[i] = "n." + c
	}
	return strings.NewReplacer("{table}", t.Table, "{columns}", strings.Join(t.columns, ", "), "{facts}",
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
