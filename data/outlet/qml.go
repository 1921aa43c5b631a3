package outlet

import (
	"fmt"
	"strings"
)

// qml is a style of QGIS for a layer: a colour a class, a label, and the titles of its fields.
func (l *Layer) qml(words Vocabulary, english bool) string {
	b := &strings.Builder{}
	b.WriteString(`<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'><qgis version="3.22" ` +
		`styleCategories="Symbology|Labeling|Fields|AttributeTable" labelsEnabled="1">`)
	classes := l.classes(words)
	if len(classes) == 0 {
		fmt.Fprintf(b, `<renderer-v2 type="singleSymbol"><symbols>%s</symbols></renderer-v2>`, l.symbol(0, ""))
	} else {
		fmt.Fprintf(b, `<renderer-v2 type="categorizedSymbol" attr="%s"><categories>`, classField[l.ID])
		for i, c := range classes {
			fmt.Fprintf(b, `<category render="true" symbol="%d" value="%s" label="%s"/>`, i, escapeXML(c.value),
				escapeXML(c.title.In(english)))
		}
		b.WriteString(`</categories><symbols>`)
		for i, c := range classes {
			b.WriteString(l.symbol(i, c.value))
		}
		b.WriteString(`</symbols></renderer-v2>`)
	}
	b.WriteString(l.labelling())
	b.WriteString(`<aliases>`)
	for i, f := range l.Fields {
		fmt.Fprintf(b, `<alias index="%d" field="%s" name="%s"/>`, i+2, escapeXML(f.Name), escapeXML(f.Title.In(english)))
	}
	b.WriteString(`</aliases></qgis>`)
	return b.String()
}

// qgisPlacements are where QGIS puts labels: on the middle of an area, along a line, around a point. Without a place of
// its own an area's stands around it, where no other is near: in a park of parcels nowhere.
var qgisPlacements = map[string]int{"Point": 0, "MultiLineString": 2, "Polygon": 1, "MultiPolygon": 1}

// labelling is how QGIS labels a layer by its codes. Without a named style and weight it takes the first style that
// a font has, which may be the thinnest.
func (l *Layer) labelling() string {
	priority := 2
	if l.ID == "parcels" {
		priority = 9 // where there isn't room for all
	}
	return fmt.Sprintf(`<labeling type="simple"><settings><text-style fieldName="code" fontSize="8" fontSizeUnit="Point" `+
		`namedStyle="Regular" fontWeight="50" textColor="29,42,51,255" textOpacity="1"><text-buffer bufferDraw="1" `+
		`bufferSize="0.8" bufferSizeUnits="MM" bufferOpacity="1" bufferColor="255,255,255,255"/></text-style>`+
		`<placement placement="%d" placementFlags="10" centroidWhole="1" centroidInside="1" quadOffset="4" dist="1" `+
		`distUnits="MM" priority="%d"/><rendering drawLabels="1" obstacle="0"/></settings></labeling>`,
		qgisPlacements[l.Geometry], priority)
}

// symbol is how QGIS draws a class.
func (l *Layer) symbol(n int, class string) string {
	c := l.colour(class)
	colour := fmt.Sprintf("%d,%d,%d,255", c.r, c.g, c.b)
	option := func(name, value string) string {
		return fmt.Sprintf(`<Option type="QString" name="%s" value="%s"/>`, name, value)
	}
	kind, simple, options := "fill", "SimpleFill", option("color", colour)+option("outline_color", "74,70,54,255")+
		option("outline_width", "0.26")+option("style", "solid")
	switch l.Geometry {
	case "MultiLineString":
		kind, simple, options = "line", "SimpleLine", option("line_color", colour)+option("line_width", "0.6")
	case "Point":
		kind, simple, options = "marker", "SimpleMarker", option("color", colour)+option("name", "square")+option("size", "2.6")
	}
	if l.ID == "zones" || l.ID == "plan-units" { // they lie under parcels
		options = option("color", colour) + option("outline_color", colour) + option("outline_width", "0.6") +
			option("style", "no")
	}
	return fmt.Sprintf(`<symbol type="%s" name="%d" alpha="1" clip_to_extent="1"><layer class="%s" enabled="1" `+
		`locked="0" pass="0"><Option type="Map">%s</Option></layer></symbol>`, kind, n, simple, options)
}
