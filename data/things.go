package data

import "strings"

// thing is a kind of object that stands beside the parcels: zones, plan units, networks. Each has a table of identities
// and one of versions.
type thing struct {
	public  *Collection // what the public sees of it
	table   string
	columns []string // of a version, that a writer states; the shape besides
	shapes  []string // GeoJSON types that are taken
	multi   bool     // kept as a multi geometry
}

var things = []*thing{
	{public: zones, table: "zone", multi: true, shapes: []string{"Polygon", "MultiPolygon"},
		columns: []string{"name_zh", "name_en", "function", "legal_m2", "publication"}},
	{public: planUnits, table: "plan_unit", multi: true, shapes: []string{"Polygon", "MultiPolygon"},
		columns: []string{"land_use", "conditions", "edition", "effective_from", "publication"}},
	{public: networks, table: "network", shapes: []string{"Point", "LineString", "MultiLineString"},
		columns: []string{"kind", "grade", "name_zh", "name_en", "width_m", "capacity", "unit", "headroom_told",
			"publication"}},
}

// findThing finds a kind by its collection; nil when there is none.
func findThing(collection string) *thing {
	for _, t := range things {
		if t.public.ID == collection {
			return t
		}
	}
	return nil
}

// sql fills a statement in: {table}, {collection}, {columns}, and {facts}, the columns of a row n.
func (t *thing) sql(text string) string {
	facts := make([]string, len(t.columns))
	for i, c := range t.columns {
		facts[i] = "n." + c
	}
	return strings.NewReplacer("{table}", t.table, "{columns}", strings.Join(t.columns, ", "), "{facts}",
		strings.Join(facts, ", "), "{collection}", t.public.ID).Replace(text)
}

// ofAll asks for things of every kind at once.
func ofAll(text string) string {
	parts := make([]string, len(things))
	for i, t := range things {
		parts[i] = t.sql(text)
	}
	return strings.Join(parts, " UNION ALL ")
}
