package geo

import (
	"math"
	"strconv"
	"strings"
)

// wktNode is a keyword of WKT with what stands in its brackets: texts, numbers and further nodes.
type wktNode struct {
	word  string // in upper case
	texts []string
	nums  []float64
	nodes []wktNode
}

// Limits of a system's WKT.
const (
	maxWKT      = 64 << 10
	maxWKTDepth = 20
)

// NamedCRS is the system that WKT describes: 1 or 2, of OGC or Esri. The system is known by its parameters: names are
// free, and programs write their own (CGCS2000_3_Degree_GK_CM_123E). Where the parameters are of none that is known
// here, the code that the WKT gives itself counts; where both say something and differ, neither does. The code is 0
// then. name is what the WKT calls it.
//
// Source of the parameters: EPSG's registry (v10.076) for the Gauss–Krüger zones and UTM, Esri's projection engine for
// the names.
func NamedCRS(text string) (code EPSG, name string) {
	root, ok := parseWKT(text)
	if !ok {
		return 0, ""
	}
	for root.word == "COMPD_CS" || root.word == "COMPOUNDCRS" || root.word == "BOUNDCRS" || root.word == "SOURCECRS" {
		if len(root.nodes) == 0 {
			return 0, ""
		}
		root = root.nodes[0]
	}
	if len(root.texts) > 0 {
		name = root.texts[0]
	}
	known, stated := root.known(), root.stated()
	switch {
	case known == 0:
		return stated, name
	case stated == 0 || stated == known || sameZone(known, stated):
		if stated != 0 {
			return stated, name
		}
		return known, name
	}
	return 0, name
}

// sameZone reports whether two codes are one plane: zones of 3° and of 6° on one meridian, without the zone's number.
func sameZone(a, b EPSG) bool {
	za, prefixedA, okA := a.Zone()
	zb, prefixedB, okB := b.Zone()
	return okA && okB && za.Datum == zb.Datum && za.Meridian() == zb.Meridian() && !prefixedA && !prefixedB
}

// stated is the code of EPSG that a WKT gives itself.
func (n wktNode) stated() EPSG {
	for _, child := range n.nodes {
		if child.word != "AUTHORITY" && child.word != "ID" || len(child.texts) == 0 ||
			!strings.EqualFold(child.texts[0], "EPSG") {
			continue
		}
		var text string
		if len(child.texts) > 1 {
			text = child.texts[1]
		} else if len(child.nums) > 0 {
			text = strconv.FormatFloat(child.nums[0], 'f', -1, 64)
		}
		if crs, err := ParseCRS("EPSG:" + text); err == nil {
			return crs.Code
		}
	}
	return 0
}

// known is the code that the parameters are of.
func (n wktNode) known() EPSG {
	switch n.word {
	case "GEOGCS", "GEOGCRS", "GEODCRS", "GEOGRAPHICCRS", "GEODETICCRS":
		return n.datum()
	case "PROJCS", "PROJCRS", "PROJECTEDCRS":
	default:
		return 0
	}
	datum := n.datum()
	p, ok := n.projection()
	if datum == 0 || !ok {
		return 0
	}
	if p.method == "mercator" {
		if datum == WGS84 && p.meridian == 0 && p.east == 0 && p.north == 0 {
			return WebMercator
		}
		return 0
	}
	if datum == WGS84 {
		return p.utm()
	}
	return p.zone(datum, n.texts)
}

// wktProjection are the parameters of a projection in metres and degrees.
type wktProjection struct {
	method                    string // transverse or mercator
	meridian, latitude, scale float64
	east, north               float64
}

func (n wktNode) projection() (p wktProjection, ok bool) {
	p.scale = 1
	holder := n
	if conversion := n.child("CONVERSION"); conversion != nil {
		holder = *conversion
	}
	method := holder.child("PROJECTION")
	if method == nil {
		method = holder.child("METHOD")
	}
	if method == nil || len(method.texts) == 0 || n.metresPerUnit() != 1 {
		return p, false
	}
	switch name := plainName(method.texts[0]); name {
	case "gausskruger", "transversemercator":
		p.method = "transverse"
	case "mercatorauxiliarysphere", "popularvisualisationpseudomercator":
		p.method = "mercator"
	default:
		return p, false
	}
	for _, parameter := range holder.nodes {
		if parameter.word != "PARAMETER" || len(parameter.texts) == 0 || len(parameter.nums) == 0 {
			continue
		}
		switch v, name := parameter.nums[0], plainName(parameter.texts[0]); name {
		case "falseeasting":
			p.east = v
		case "falsenorthing":
			p.north = v
		case "centralmeridian", "longitudeofcenter", "longitudeofnaturalorigin", "longitudeoforigin":
			p.meridian = v
		case "scalefactor", "scalefactoratnaturalorigin":
			p.scale = v
		case "latitudeoforigin", "latitudeofnaturalorigin", "latitudeofcenter", "standardparallel1":
			p.latitude = v
		}
	}
	return p, true
}

// utm is the zone of UTM on WGS 84; 0 where it is none.
func (p wktProjection) utm() EPSG {
	zone := (p.meridian + 183) / 6
	if p.scale != 0.9996 || p.east != 500_000 || p.latitude != 0 || zone != math.Trunc(zone) || zone < 1 || zone > 60 {
		return 0
	}
	switch p.north {
	case 0:
		return 32600 + EPSG(zone)
	case 10_000_000:
		return 32700 + EPSG(zone)
	}
	return 0
}

// zone is the Gauss–Krüger zone on a datum of China. Zones of 3° and 6° without their number before the eastings share
// meridians: Esri's names tell them apart, else it is the zone of 3°.
func (p wktProjection) zone(datum EPSG, names []string) EPSG {
	if p.scale != 1 || p.latitude != 0 || p.north != 0 || p.meridian != math.Trunc(p.meridian) {
		return 0
	}
	meridian := int(p.meridian)
	if p.east == 500_000 {
		name := plainName(strings.Join(names, " "))
		wide := strings.Contains(name, "6degree") || strings.Contains(name, "gk") && !strings.Contains(name, "3degree")
		if number := ZoneOn(6, meridian); wide && number != 0 {
			return Zone{datum, 6, number}.Code(false)
		}
		return Zone{datum, 3, ZoneOn(3, meridian)}.Code(false)
	}
	for _, width := range []int{3, 6} {
		if number := ZoneOn(width, meridian); number != 0 && p.east == 500_000+1e6*float64(number) {
			return Zone{datum, width, number}.Code(true)
		}
	}
	return 0
}

// datum is the geodetic system under a WKT, of those that have a name here, by its ellipsoid and names.
func (n wktNode) datum() EPSG {
	ellipsoid := n.find("SPHEROID", "ELLIPSOID")
	meridian := n.find("PRIMEM", "PRIMEMERIDIAN")
	if ellipsoid == nil || len(ellipsoid.nums) < 2 ||
		meridian != nil && len(meridian.nums) > 0 && meridian.nums[0] != 0 {
		return 0
	}
	var names []string
	if datum := n.find("DATUM", "GEODETICDATUM", "ENSEMBLE"); datum != nil {
		names = append(names, datum.texts...)
	}
	if under := n.find("GEOGCS", "BASEGEOGCRS", "BASEGEODCRS"); under != nil {
		names = append(names, under.texts...)
	} else {
		names = append(names, n.texts...)
	}
	name := plainName(strings.Join(names, " ") + " " + strings.Join(ellipsoid.texts, " "))
	is := func(semiMajor, flattening float64) bool {
		return ellipsoid.nums[0] == semiMajor && math.Abs(ellipsoid.nums[1]-flattening) < 1e-7
	}
	has := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(name, word) {
				return true
			}
		}
		return false
	}
	switch {
	case is(6378137, 298.257222101) && has("cgcs", "china", "2000国家"):
		return CGCS2000
	case is(6378137, 298.257223563) && has("wgs"):
		return WGS84
	case is(6378140, 298.257) && has("xian", "西安"):
		return XiAn80
	case is(6378245, 298.3) && has("newbeijing"):
		return NewBeijing
	case is(6378245, 298.3) && has("beijing", "北京"):
		return Beijing54
	}
	return 0
}

// metresPerUnit is the unit of a plane; 0 where none is stated.
func (n wktNode) metresPerUnit() float64 {
	unit := n.child("UNIT")
	if unit == nil {
		unit = n.child("LENGTHUNIT")
	}
	if unit == nil {
		for _, axis := range n.nodes {
			if axis.word == "AXIS" && unit == nil {
				unit = axis.child("LENGTHUNIT")
			}
		}
	}
	if unit == nil || len(unit.nums) == 0 {
		return 0
	}
	return unit.nums[0]
}

func (n wktNode) child(word string) *wktNode {
	for i := range n.nodes {
		if n.nodes[i].word == word {
			return &n.nodes[i]
		}
	}
	return nil
}

// find is the first node of one of these words at any depth.
func (n wktNode) find(words ...string) *wktNode {
	for i := range n.nodes {
		for _, word := range words {
			if n.nodes[i].word == word {
				return &n.nodes[i]
			}
		}
		if found := n.nodes[i].find(words...); found != nil {
			return found
		}
	}
	return nil
}

// plainName is a name in lower case without what programs write differently.
func plainName(s string) string {
	return strings.NewReplacer("_", "", " ", "", "-", "", "'", "", "/", "", "(", "", ")",
		"").Replace(strings.ToLower(s))
}

// parseWKT reads WKT; false for what is none.
func parseWKT(text string) (wktNode, bool) {
	if len(text) > maxWKT {
		return wktNode{}, false
	}
	p := wktParser{rest: strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))}
	word := p.word()
	return p.node(word, 0)
}

type wktParser struct{ rest string }

func (p *wktParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

func (p *wktParser) word() string {
	p.space()
	end := strings.IndexFunc(p.rest, func(r rune) bool { return strings.ContainsRune("[]()\", \t\r\n", r) })
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	p.space()
	return word
}

func (p *wktParser) take(any string) bool {
	p.space()
	if p.rest == "" || !strings.Contains(any, p.rest[:1]) {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// node reads what stands in brackets after a word.
func (p *wktParser) node(word string, depth int) (wktNode, bool) {
	n := wktNode{word: strings.ToUpper(word)}
	if word == "" || depth > maxWKTDepth || !p.take("[(") {
		return n, false
	}
	for {
		if p.take("\"") {
			text, rest, closed := strings.Cut(p.rest, "\"")
			if !closed {
				return n, false
			}
			n.texts, p.rest = append(n.texts, text), rest
		} else if word := p.word(); p.rest != "" && strings.Contains("[(", p.rest[:1]) {
			child, ok := p.node(word, depth+1)
			if !ok {
				return n, false
			}
			n.nodes = append(n.nodes, child)
		} else if v, err := strconv.ParseFloat(word, 64); err == nil {
			n.nums = append(n.nums, v)
		}
		switch {
		case p.take(","):
		case p.take("])"):
			return n, true
		default:
			return n, false
		}
	}
}
