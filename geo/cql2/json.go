package cql2

import (
	"strings"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// ParseJSON reads a filter in the JSON encoding of CQL2.
func ParseJSON(text string) (Node, error) {
	whole, err := document(text)
	if err != nil {
		return nil, err
	}
	root, err := node(whole)
	if err != nil {
		return nil, err
	}
	return root, measure(root)
}

// node reads a part of a filter.
func node(v value) (Node, error) {
	switch v.kind {
	case textValue:
		return &String{v.text, v.at}, nil
	case numberValue:
		return &Number{v.text, v.at}, nil
	case boolValue:
		return &Bool{v.yes, v.at}, nil
	case objectValue:
		for _, form := range forms {
			if of, has := v.members[form.name]; has {
				if err := only(v, form.with...); err != nil {
					return nil, err
				}
				return form.read(v, of)
			}
		}
	}
	return nil, expected(geo.Say("cql2.want.json_value"), v.at, v.shown())
}

// forms are the objects of CQL2 by the member that tells them apart, with the other members that they may have.
var forms []struct {
	name string
	with []string
	read func(v, of value) (Node, error)
}

func init() { // they read one another
	forms = append(forms, []struct {
		name string
		with []string
		read func(v, of value) (Node, error)
	}{
		{"op", []string{"op", "args"}, callOf},
		{"property", []string{"property"}, propertyOf},
		{"date", []string{"date"}, timeOf("DATE")},
		{"timestamp", []string{"timestamp"}, timeOf("TIMESTAMP")},
		{"interval", []string{"interval"}, intervalOf},
		{"type", []string{"type", "coordinates", "geometries", "bbox"}, shapeOf},
		{"bbox", []string{"bbox"}, boxMember},
	}...)
}

// only refuses members that an object does not have: a typing error would go unseen.
func only(v value, names ...string) error {
	for name, of := range v.members {
		known := false
		for _, n := range names {
			known = known || n == name
		}
		if !known {
			return expected(geo.Say("cql2.want.members", "names", strings.Join(names, ", ")), of.at, name)
		}
	}
	return nil
}

func callOf(v, of value) (Node, error) {
	found := find(of.text)
	if of.kind != textValue || found < 0 {
		return nil, expected(geo.Say("cql2.want.op", "names", operatorNames()), of.at, of.shown())
	}
	o, args := operators[found], v.members["args"]
	if args.kind != arrayValue || len(args.items) < o.least || o.most > 0 && len(args.items) > o.most {
		return nil, expected(geo.Say("cql2.want.arguments", "n", o.least, "op", string(o.op)), max(args.at, v.at),
			len(args.items))
	}
	made := make([]Node, len(args.items))
	for i, item := range args.items {
		var err error
		if o.family == membership && i == 1 {
			made[i], err = listNode(item)
		} else {
			made[i], err = node(item)
		}
		if err != nil {
			return nil, err
		}
	}
	return call(o.op, v.at, made...), nil
}

func listNode(v value) (Node, error) {
	if v.kind != arrayValue || len(v.items) == 0 {
		return nil, expected(geo.Say("cql2.want.list"), v.at, v.shown())
	}
	list := &List{At: v.at}
	for _, item := range v.items {
		n, err := node(item)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, n)
	}
	return list, nil
}

func propertyOf(v, of value) (Node, error) {
	if of.kind != textValue {
		return nil, expected(geo.Say("cql2.want.name"), of.at, of.shown())
	}
	return &Property{Name: of.text, At: v.at}, nil
}

func timeOf(word string) func(v, of value) (Node, error) {
	return func(v, of value) (Node, error) {
		if of.kind != textValue {
			return nil, expected(geo.Say("cql2.want.time_text"), of.at, of.shown())
		}
		return parseTime(word, of.text, v.at)
	}
}

func intervalOf(v, of value) (Node, error) {
	if of.kind != arrayValue || len(of.items) != 2 {
		return nil, expected(geo.Say("cql2.want.two_ends"), of.at, of.shown())
	}
	var ends [2]Node
	for i, item := range of.items {
		var err error
		if item.kind == textValue {
			ends[i], err = parseTime("INTERVAL", item.text, item.at)
		} else {
			ends[i], err = node(item)
		}
		if err != nil {
			return nil, err
		}
	}
	return &Interval{ends[0], ends[1], v.at}, nil
}

func boxMember(v, of value) (Node, error) {
	numbers, err := listed(of, coordinateOf)
	if err != nil {
		return nil, err
	}
	return boxOf(numbers, v.at)
}

func coordinateOf(v value) (float64, error) {
	if v.kind != numberValue {
		return 0, expected(geo.Say("cql2.want.coordinate"), v.at, v.shown())
	}
	n, err := degrees(v.text)
	if err != nil {
		return 0, expected(geo.Say("cql2.want.coordinate"), v.at, v.shown())
	}
	return n, nil
}

// listed reads the items of an array.
func listed[T any](v value, read func(value) (T, error)) ([]T, error) {
	if v.kind != arrayValue {
		return nil, expected(geo.Say("cql2.want.array"), v.at, v.shown())
	}
	all := make([]T, len(v.items))
	for i, item := range v.items {
		var err error
		if all[i], err = read(item); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// shapeOf reads a GeoJSON geometry.
func shapeOf(v, _ value) (Node, error) {
	shape, err := geometryOf(v, true)
	if err != nil {
		return nil, err
	}
	return checkedShape(shape, v.at)
}

func geometryOf(v value, mayCollect bool) (orb.Geometry, error) {
	of, kind := v.members["coordinates"], v.members["type"]
	switch kind.text {
	case "Point":
		return positionOf(of)
	case "MultiPoint":
		points, err := listed(of, positionOf)
		return orb.MultiPoint(points), err
	case "LineString":
		return lineOf(of)
	case "MultiLineString":
		lines, err := listed(of, lineOf)
		return orb.MultiLineString(lines), err
	case "Polygon":
		return polygonOf(of)
	case "MultiPolygon":
		polygons, err := listed(of, polygonOf)
		return orb.MultiPolygon(polygons), err
	case "GeometryCollection":
		if mayCollect {
			members, err := listed(v.members["geometries"], func(v value) (orb.Geometry, error) {
				return geometryOf(v, false)
			})
			return orb.Collection(members), err
		}
	}
	return nil, expected(geo.Say("cql2.want.geometry_type"), max(kind.at, v.at), kind.shown())
}

// positionOf reads two coordinates, and a height that is dropped.
func positionOf(v value) (orb.Point, error) {
	numbers, err := listed(v, coordinateOf)
	if err != nil {
		return orb.Point{}, err
	}
	if len(numbers) != 2 && len(numbers) != 3 {
		return orb.Point{}, expected(geo.Say("cql2.want.position"), v.at, len(numbers))
	}
	return orb.Point{numbers[0], numbers[1]}, nil
}

func lineOf(v value) (orb.LineString, error) {
	points, err := listed(v, positionOf)
	return orb.LineString(points), err
}

func polygonOf(v value) (orb.Polygon, error) {
	rings, err := listed(v, func(v value) (orb.Ring, error) {
		line, err := lineOf(v)
		return orb.Ring(line), err
	})
	return orb.Polygon(rings), err
}
