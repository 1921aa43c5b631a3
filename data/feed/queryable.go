package feed

import (
	"fmt"

	"luodi/geo"
	"luodi/geo/cql2"
)

// GeometryName is the name by which filters, schemas and selections know a feature's geometry.
const GeometryName = "geometry"

// Queryable reports whether a filter may name the property, a parameter may ask for its value, and features can be
// sorted by it: every property but objects.
func (p *Property) Queryable() bool { return p.Kind != Object }

// valueTypes are the type that a kind has in filters, and the type of PostgreSQL that it is compared in.
var valueTypes = [...]struct {
	filter cql2.Type
	sql    string
}{
	Text: {cql2.TypeText, "text"}, Integer: {cql2.TypeNumber, "numeric"}, Boolean: {cql2.TypeBool, "boolean"},
	Number: {cql2.TypeNumber, "numeric"}, Decimal: {cql2.TypeNumber, "numeric"}, Mu: {cql2.TypeNumber, "numeric"},
	Instant: {cql2.TypeTimestamp, "timestamptz"}, Day: {cql2.TypeDate, "date"}, Object: {},
}

// Type is the property's type in filters.
func (p *Property) Type() cql2.Type { return valueTypes[p.Kind].filter }

// sqlParkCode is the code of the park of a row.
const sqlParkCode = "(SELECT p.code FROM park_public p WHERE p.park_id = f.park_id)"

// value is the SQL of the property's value as it is printed: filters and orders say what a reader sees.
func (p *Property) value() string {
	switch {
	case p.expr == "":
		return sqlParkCode
	case p.Kind == Integer:
		return fmt.Sprintf("(%s)::numeric", p.expr)
	case p.Kind == Number: // as appendNumber prints it
		return fmt.Sprintf("(round(%s * 10000)::bigint * 0.0001)", p.expr)
	case p.Kind == Mu: // 10000/15 m² are 1 mu; rounded as geo.Mu is
		return fmt.Sprintf("round(%s * 0.0015, 2)", p.expr)
	}
	return p.expr
}

// Filters is what a filter on the collection is checked against. draft: as GDAL writes filters.
func (c *Collection) Filters(crs geo.CRS, draft bool) cql2.Schema {
	s := cql2.Schema{CRS: crs, Draft: draft}
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Queryable() {
			s.Queryables = append(s.Queryables, cql2.Queryable{Name: p.Name, Type: p.Type()})
		}
	}
	s.Queryables = append(s.Queryables, cql2.Queryable{Name: GeometryName, Type: cql2.TypeGeometry})
	return s
}
