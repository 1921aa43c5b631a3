package lot

// Rules say how an operation treats small things.
type Rules struct {
	// SnapM is how near to a vertex or a side, in metres, a drawn point or line is taken to mean it: 0.001 to 0.02.
	SnapM float64
	// LeastM2 is the area below which a part is refused.
	LeastM2 float64
	// LeastWidthM is the mean width, twice the area over the perimeter, below which a part is refused as a sliver. That
	// of a long strip is its width, that of a square half its side.
	LeastWidthM float64
	// Near lists vertices of the neighbours: a node that would come to lie within SnapM of one is that one.
	Near []int
}

func (r Rules) check(p *Plane) error {
	if !(r.SnapM >= 0.001 && r.SnapM <= 0.02) {
		return refuse(BadRules, "snap_m", "0.001 to 0.02", r.SnapM)
	}
	if !(r.LeastM2 >= 0) {
		return refuse(BadRules, "least_m2", "0 or more", r.LeastM2)
	}
	if !(r.LeastWidthM >= 0) {
		return refuse(BadRules, "least_width_m", "0 or more", r.LeastWidthM)
	}
	for _, id := range r.Near {
		if id < 0 || id >= p.Len() {
			return refuse(BadRules, "near", "numbers of vertices of the plane", id)
		}
	}
	return nil
}

// allow refuses parts that are too small or too thin.
func (w *work) allow(parts []Shape, r Rules) error {
	for _, s := range parts {
		area := w.area(s)
		if area < r.LeastM2 || area <= 0 {
			return refuse(TooSmall, "part", num(r.LeastM2)+" m² or more", text(num(area)+" m²"), w.at(s[0][0]))
		}
		if width := 2 * area / w.perimeter(s); width < r.LeastWidthM {
			return refuse(TooThin, "part", num(r.LeastWidthM)+" m wide or more", text(num(width)+" m"), w.at(s[0][0]))
		}
	}
	return nil
}
