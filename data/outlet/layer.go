package outlet

import (
	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/geo"
)

// Text is a text in both languages.
type Text struct{ ZH, EN string }

// In is the text in a language.
func (t Text) In(english bool) string {
	if english {
		return t.EN
	}
	return t.ZH
}

// Both is the text in both languages, once where they are the same.
func (t Text) Both() string {
	if t.ZH == t.EN {
		return t.ZH
	}
	return t.ZH + " " + t.EN
}

// Vocabulary has the words of files, which the caller has.
type Vocabulary struct {
	Layer func(*feed.Collection) Text
	Field func(*feed.Property) Text
	Value func(*feed.Property, string) Text // of one of the property's values
	Say   func(key string) Text
	Tiles func(c *feed.Collection, english bool) []VectorLayer
}

// VectorLayer describes a layer of map tiles, as TileJSON 3.0 does.
type VectorLayer struct {
	ID      string            `json:"id"`
	About   string            `json:"description"`
	MinZoom int               `json:"minzoom"`
	MaxZoom int               `json:"maxzoom"`
	Fields  map[string]string `json:"fields"` // what each means
}

// Field is a column of a layer.
type Field struct {
	Name  string // of the property, as feeds have it
	Title Text
	Kind  feed.Kind
	Unit  string // UCUM code

	property *feed.Property
}

// Layer is what of a collection goes into a file.
type Layer struct {
	ID       string // of the collection
	Title    Text
	Geometry string // the GeoJSON type that all of its features have
	Fields   []Field
	CRS      geo.CRS // x is east or longitude, whatever EPSG says

	query   *feed.Query
	changed *feed.Span                // what changed in it alone, with a last field that says how
	move    func(orb.Point) orb.Point // from the stored position to the layer's; nil: as it is
}

// changeField is the field of a set of changes that says what became of a feature: insert, update or delete. Of what was
// deleted there is no more than its id.
const changeField = "change"

// newLayer describes what a query gives, or where changed is not nil what of it changed.
func newLayer(q *feed.Query, changed *feed.Span, words Vocabulary) *Layer {
	c := q.Collection
	l := &Layer{ID: c.ID, Title: words.Layer(c), Geometry: c.Geometry[0], CRS: q.CRS, query: q}
	if projection, flat := q.CRS.Projection(); flat {
		l.move = projection.Forward
	}
	for _, p := range q.Properties() {
		l.Fields = append(l.Fields, Field{p.Name, words.Field(p), p.Kind, p.Unit, p})
	}
	if l.changed = changed; changed != nil {
		l.Fields = append(l.Fields, Field{changeField, words.Say("outlet.change"), feed.Text, "", nil})
	}
	return l
}

// field is the place of a field; -1 where there is none of this name.
func (l *Layer) field(name string) int {
	for i := range l.Fields {
		if l.Fields[i].Name == name {
			return i
		}
	}
	return -1
}

// flat reports whether positions are metres of a plane.
func (l *Layer) flat() bool { return l.move != nil }

// decimals is how many of a coordinate are printed: enough to come back to the same point of the stored grid.
func (l *Layer) decimals() int { return l.CRS.Decimals() }

// Row is a feature on its way into a file. What it holds is valid until the next.
type Row struct {
	ID     uuid.UUID
	Values []feed.Value // by the layer's fields
	Shape  orb.Geometry // in the layer's reference system

	feature *feed.Features
	change  string // of a set of changes: its kind
}

// deleted reports whether the row tells of a feature that is gone: there are no values but its kind, and no shape.
func (r *Row) deleted() bool { return r.change == feed.Deleted }

// text is the text of a field; "" where there is none.
func (r *Row) text(field int) string {
	if field < 0 || r.Values[field].Null {
		return ""
	}
	return string(r.Values[field].Text)
}

// sink writes rows in a format.
type sink interface {
	begin(*Layer) error // the rows that follow are of this layer
	row(*Row) error
	end() error // all rows were written
}
