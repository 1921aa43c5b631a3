package lot

import (
	"cmp"
	"math"
	"slices"
)

// Enter returns a neighbour with new vertices entered in its sides, so that it shares every edge with the land that
// the vertices were made for. Each vertex goes into the nearest side within snapM, once.
//
// Left out are vertices that the neighbour has already or that lie on none of its sides, and vertices that would move
// its ground by more than half its [Tolerance] in all: such a side only runs close by and isn't shared. The second
// result reports whether any vertex was entered. Vertices keep the numbers of the plane, which must include the new
// nodes; the shape given isn't changed.
func Enter(p *Plane, neighbour Shape, ids []int, snapM float64) (Shape, bool) {
	var list []entry
	// m² that may move: the triangles between sides and their new vertices bound it
	left := Tolerance(p.PerimeterM(neighbour)) / 2
	has := make(map[int]bool)
	for e := range edges(neighbour) {
		has[e.from] = true
	}
	for _, id := range ids {
		if has[id] || id < 0 || id >= p.Len() {
			continue
		}
		has[id] = true
		best := entry{id: id}
		least, moved := math.Inf(1), 0.0
		for r, ring := range neighbour {
			for i, from := range ring {
				a, b, xy := p.xy[from], p.xy[ring[(i+1)%len(ring)]], p.xy[id]
				if !nearBox(a, b, xy, snapM) {
					continue
				}
				if t, d := foot(a, b, xy); d <= snapM && d < least {
					least, best.on, best.t, moved = d, place{r, i}, t, d*apart(a, b)/2
				}
			}
		}
		if least <= snapM && moved <= left {
			left -= moved
			list = append(list, best)
		}
	}
	if len(list) == 0 {
		return neighbour, false
	}
	slices.SortStableFunc(list, byPlace)
	out := make(Shape, len(neighbour))
	for r, ring := range neighbour {
		for i, id := range ring {
			out[r] = append(out[r], id)
			for ; len(list) > 0 && list[0].on == (place{r, i}); list = list[1:] {
				out[r] = append(out[r], list[0].id)
			}
		}
	}
	return out, true
}

func byPlace(a, b entry) int {
	return cmp.Or(cmp.Compare(a.on.ring, b.on.ring), cmp.Compare(a.on.side, b.on.side), cmp.Compare(a.t, b.t))
}
