package main

import "luodi/data/sample"

func points(ps []pt) []sample.Point {
	out := make([]sample.Point, len(ps))
	for i, p := range ps {
		out[i] = sample.Point{p.x, p.y}
	}
	return out
}

func closed(ring []pt) []sample.Point {
	return append(points(ring), sample.Point{ring[0].x, ring[0].y})
}

func polygon(ring []pt) sample.Geometry {
	return sample.Geometry{Type: "Polygon", Coordinates: [][]sample.Point{closed(ring)}}
}

func multiPolygon(rings ...[]pt) sample.Geometry {
	var all [][][]sample.Point
	for _, r := range rings {
		all = append(all, [][]sample.Point{closed(r)})
	}
	return sample.Geometry{Type: "MultiPolygon", Coordinates: all}
}

func (r road) network() sample.Network {
	return sample.Network{
		Named: sample.Named{Code: r.code, NameZH: r.zh, NameEN: r.en}, Kind: "road", Grade: r.grade, WidthM: &r.width,
		Geom: sample.Geometry{Type: "LineString", Coordinates: points(placeAll(r.centre))},
	}
}

func lineNetwork(code, kind, grade, zh, en, unit string, capacity float64, placed course) sample.Network {
	return sample.Network{
		Named: sample.Named{Code: code, NameZH: zh, NameEN: en}, Kind: kind, Grade: grade, Capacity: &capacity,
		Unit: &unit,
		Geom: sample.Geometry{Type: "LineString", Coordinates: points(placed)},
	}
}

func pointNetwork(code, kind, zh, en, unit string, capacity float64, p pt) sample.Network {
	return sample.Network{
		Named: sample.Named{Code: code, NameZH: zh, NameEN: en}, Kind: kind, Grade: "node", Capacity: &capacity,
		Unit: &unit,
		Geom: sample.Geometry{Type: "Point", Coordinates: sample.Point{p.x, p.y}},
	}
}
