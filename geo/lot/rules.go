package lot

import "luodi/geo"

// Rules are the tolerances and least sizes of an operation.
type Rules struct {
	// SnapM is how near to a vertex or a side, in metres, a drawn point or line is taken to mean it: 0.001 to 0.02.
	SnapM float64
	// LeastM2 is the area below which a part is refused.
	LeastM2 float64
	// LeastWidthM is the least mean width of a part, twice the area over the perimeter; a thinner part is refused as
	// a sliver. The mean width of a long strip is its width, of a square half its side.
	LeastWidthM float64
	// Near lists vertices of the neighbours: a node that would come to lie within SnapM of one is that one.
	Near []int
}

func (r Rules) check(p *Plane) error {
	if !(r.SnapM >= 0.001 && r.SnapM <= 0.02) {
		return refuse(BadRules, "snap_m", "number.from_to", r.SnapM, "from", 0.001, "to", 0.02)
	}
	if !(r.LeastM2 >= 0) {
		return refuse(BadRules, "least_m2", "number.0_or_more", r.LeastM2)
	}
	if !(r.LeastWidthM >= 0) {
		return refuse(BadRules, "least_width_m", "number.0_or_more", r.LeastWidthM)
	}
	for _, id := range r.Near {
		if id < 0 || id >= p.Len() {
			return refuse(BadRules, "near", "lot.vertices", id)
		}
	}
	return nil
}

// allow refuses parts that are too small or too thin.
func (w *work) allow(parts []Shape, r Rules) error {
	for _, s := range parts {
		area := w.area(s)
		if area < r.LeastM2 || area <= 0 {
			if r.LeastM2 == 0 {
				return refuse(TooSmall, "part", "lot.part_area", text(num(area)+" m²")).at(w.at(s[0][0]))
			}
			least, came := geo.Apart(r.LeastM2, area)
			return refuse(TooSmall, "part", "lot.part_m2", text(came+" m²"), "m2", least).at(w.at(s[0][0]))
		}
		if width := 2 * area / w.perimeter(s); width < r.LeastWidthM {
			least, came := geo.Apart(r.LeastWidthM, width)
			return refuse(TooThin, "part", "lot.part_m", text(came+" m"), "m", least).at(w.at(s[0][0]))
		}
	}
	return nil
}
