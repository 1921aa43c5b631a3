package outlet

import (
	"fmt"

	"luodi/data/feed"
)

// classField is the field of each collection by whose values a drawing parts and colours its features.
var classField = map[string]string{"parcels": "status", "zones": "function", "plan-units": "land_use",
	"networks": "kind", "network-nodes": "kind"}

// colours are those of the page's light map (--status-…, --kind-… of its style), by the value of the class.
var colours = map[string]rgb{
	"reserve": {0xed, 0xca, 0x62}, "available": {0x7c, 0xc3, 0xa3}, "in_negotiation": {0xf2, 0xc0, 0x9f},
	"held": {0xea, 0xa6, 0x7c}, "reserved": {0xc3, 0xa1, 0xcb}, "supplied": {0x93, 0xb7, 0xd6},
	"built": {0x4a, 0x73, 0x9f}, "withdrawn": {0xcd, 0xc8, 0xbb},
	"road": {0x80, 0x80, 0x80}, "rail": {0x3a, 0x3f, 0x44}, "port": {0x2c, 0x5d, 0x7c}, "substation": {0xb3, 0x26, 0x1e},
	"power": {0xb3, 0x26, 0x1e}, "steam": {0xc9, 0x6a, 0x14}, "water": {0x1a, 0x78, 0xb0}, "gas": {0xc2, 0x44, 0x7e},
	"sewer": {0x7d, 0x5a, 0x38}, "nitrogen": {0x4d, 0x6b, 0x3c},
}

// plain are the colours of classes that the map has none of: zones and plan units.
var plain = map[string]rgb{"zones": {0x7b, 0x6a, 0x45}, "plan-units": {0x5b, 0x4a, 0x8a}}

type rgb struct{ r, g, b uint8 }

// colour is that of a class of a layer.
func (l *Layer) colour(class string) rgb {
	if c, known := plain[l.ID]; known {
		return c
	}
	if c, known := colours[class]; known {
		return c
	}
	return rgb{0x80, 0x80, 0x80}
}

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// class is a value by which a layer's features are parted, with its words.
type class struct {
	value string
	title Text
}

// class is that of a row; "" where it has none.
func (l *Layer) class(r *Row, words Vocabulary) class {
	i := l.field(classField[l.ID])
	if i < 0 {
		return class{}
	}
	value := r.text(i)
	return class{value, l.valueText(i, value, words)}
}

// classes lists those that a layer can have, where they are told beforehand: see [feed.Property.Values].
func (l *Layer) classes(words Vocabulary) []class {
	i := l.field(classField[l.ID])
	if i < 0 {
		return nil
	}
	var all []class
	for _, value := range l.Fields[i].property.Values {
		all = append(all, class{value, l.valueText(i, value, words)})
	}
	return all
}

func (l *Layer) valueText(field int, value string, words Vocabulary) Text {
	if value == "" || words.Value == nil {
		return Text{value, value}
	}
	return words.Value(l.Fields[field].property, value)
}

// name is what a drawing calls a feature: its code, or its name where that is in the drawing's language.
func (l *Layer) name(r *Row, english bool) string {
	if l.Geometry == "Polygon" || l.field("name_zh") < 0 {
		return r.text(l.field("code"))
	}
	own, other := "name_zh", "name_en"
	if english {
		own, other = other, own
	}
	for _, field := range []string{own, other, "code"} {
		if text := r.text(l.field(field)); text != "" {
			return text
		}
	}
	return ""
}

// OutlineColour is the colour of outlines.
const OutlineColour = "#4a4636"

// MapColour is the colour, as #rrggbb, of the features with a value.
type MapColour struct{ Value, Colour string }

// MapColours are the colours of a collection's features on a map: the field that tells them apart, with the colours of
// its values, and the colour of the rest.
func MapColours(c *feed.Collection) (field string, classes []MapColour, other string) {
	l := &Layer{ID: c.ID}
	field, other = classField[c.ID], l.colour("").String()
	if _, one := plain[c.ID]; one || field == "" {
		return field, nil, other
	}
	for _, value := range c.Property(field).Values {
		classes = append(classes, MapColour{value, l.colour(value).String()})
	}
	return field, classes, other
}
