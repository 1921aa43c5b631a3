package feed

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"luodi/geo/cql2"
)

// SortKey is a property to sort by. Unknown values come last in either direction; features of equal keys come by park
// and id.
type SortKey struct {
	Property   *Property
	Descending bool
}

// Takes reports whether a text may be a value of the key, as PostgreSQL prints it.
func (k SortKey) Takes(text string) bool {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return false
	}
	switch k.Property.Type() {
	case cql2.TypeNumber:
		_, err := cql2.Literal(k.Property.Name, cql2.TypeNumber, text)
		return err == nil
	case cql2.TypeBool:
		return text == "true" || text == "false"
	case cql2.TypeDate:
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	case cql2.TypeTimestamp:
		_, err := time.Parse("2006-01-02 15:04:05.999999999-07", text)
		return err == nil
	}
	return true
}

// sortOrder is what of ORDER BY comes before park and id.
func (q *Query) sortOrder() string {
	var order strings.Builder
	for _, k := range q.Sort {
		direction := "ASC"
		if k.Descending {
			direction = "DESC"
		}
		if k.Property.Nullable { // an index can be walked backwards where nothing is unknown
			direction += " NULLS LAST"
		}
		fmt.Fprintf(&order, "%s %s, ", k.Property.value(), direction)
	}
	return order.String()
}

// sortColumns are the columns of the sort keys' values, behind those of the layout.
func (q *Query) sortColumns() string {
	var columns strings.Builder
	for _, k := range q.Sort {
		fmt.Fprintf(&columns, ", (%s)::text", k.Property.value())
	}
	return columns.String()
}

// afterSorted is the condition of what comes after a query's position, from its sort key i on.
func (s *statement) afterSorted(q *Query, i int) string {
	if i == len(q.Sort) {
		if !q.Collection.versioned {
			return fmt.Sprintf("f.%s > %s", q.Collection.key, s.bind(q.After.ID))
		}
		return fmt.Sprintf("(f.park_id, f.%s) > (%s, %s)", q.Collection.key, s.bind(q.After.Park), s.bind(q.After.ID))
	}
	k, at := q.Sort[i], q.After.Sort[i]
	value := k.Property.value()
	if at == nil {
		return fmt.Sprintf("(%s IS NULL AND %s)", value, s.afterSorted(q, i+1))
	}
	after := ">"
	if k.Descending {
		after = "<"
	}
	bound := s.bind(*at) + "::" + valueTypes[k.Property.Kind].sql
	return fmt.Sprintf("(%[1]s %[2]s %[3]s OR %[1]s IS NULL OR (%[1]s = %[3]s AND %[4]s))", value, after, bound,
		s.afterSorted(q, i+1))
}

// sortColumns are the values of the sort keys of the newest row.
type sortColumns struct {
	from   int // the first column
	values [][]byte
}

func (s *sortColumns) keep(raw [][]byte) {
	for i := range s.values {
		if raw[s.from+i] == nil {
			s.values[i] = nil
			continue
		}
		s.values[i] = append(s.values[i][:0:cap(s.values[i])], raw[s.from+i]...)
		if s.values[i] == nil {
			s.values[i] = []byte{}
		}
	}
}

func (s *sortColumns) texts() []*string {
	if len(s.values) == 0 {
		return nil
	}
	texts := make([]*string, len(s.values))
	for i, value := range s.values {
		if value != nil {
			text := string(value)
			texts[i] = &text
		}
	}
	return texts
}

// Selection is what of a feature is printed besides its id.
type Selection struct {
	Properties []*Property // in their order in the collection
	Geometry   bool
}

// layout is the layout of what is selected.
func (sel *Selection) layout(c *Collection) *layout {
	part := *c
	part.Properties = make([]Property, len(sel.Properties))
	for i, p := range sel.Properties {
		part.Properties[i] = *p
	}
	l := newLayout(&part)
	if !sel.Geometry {
		l.columns = strings.Replace(l.columns, "f.geom", "NULL", 1)
	}
	return l
}
