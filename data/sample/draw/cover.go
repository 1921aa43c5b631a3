package main

import (
	"math"
	"sort"
)

// The drawing's frame is turned and moved onto EPSG:4550, whose eastings are 500,000 m at 123°E.
const (
	frameEast  = 412943.0 // of the frame's origin, m
	frameNorth = 4123868.0
	frameTurn  = 7.0 * math.Pi / 180
)

// place brings a point of the frame to EPSG:4550 on the 1 mm grid.
func place(p pt) pt {
	sin, cos := math.Sincos(frameTurn)
	return pt{grid(frameEast + p.x*cos - p.y*sin), grid(frameNorth + p.x*sin + p.y*cos)}
}

func placeAll(ps []pt) []pt {
	out := make([]pt, len(ps))
	for i, p := range ps {
		out[i] = place(p)
	}
	return out
}

func grid(v float64) float64 { return math.Round(v*1000) / 1000 }

// node makes rings share nodes exactly: a node within 1.5 mm of an edge of another ring is inserted into that edge.
// All points are on the grid, so a line that was laid out straight stays straight to half a grid step.
func node(rings []*[]pt) {
	seen := map[pt]bool{}
	var all []pt
	for _, r := range rings {
		for _, p := range *r {
			if !seen[p] {
				seen[p] = true
				all = append(all, p)
			}
		}
	}
	sort.Slice(all, func(i, k int) bool { return all[i].x < all[k].x })
	for _, r := range rings {
		*r = noded(*r, all)
	}
}

const nodeTolerance = 0.0015

func noded(ring []pt, all []pt) []pt {
	var out []pt
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		out = append(out, a)
		out = append(out, between(a, b, all)...)
	}
	return out
}

// between gives the nodes on the open edge ab, in order; all is sorted by x.
func between(a, b pt, all []pt) []pt {
	west, east := math.Min(a.x, b.x)-nodeTolerance, math.Max(a.x, b.x)+nodeTolerance
	first := sort.Search(len(all), func(i int) bool { return all[i].x >= west })
	var found []pt
	for _, p := range all[first:] {
		if p.x > east {
			break
		}
		if t := onSegment(p, a, b); p != a && p != b && t > 0 && t < 1 && distanceTo(p, a, b) <= nodeTolerance {
			found = append(found, p)
		}
	}
	sort.Slice(found, func(i, k int) bool { return onSegment(found[i], a, b) < onSegment(found[k], a, b) })
	return found
}

// chamfer replaces a corner of a ring by an edge whose ends lie size metres from it along the ring.
func chamfer(ring []pt, corner pt, size float64) []pt {
	for i, p := range ring {
		if p != corner {
			continue
		}
		turned := append(append(course{}, ring[i:]...), ring[:i+1]...)
		length := turned.length()
		a, b := turned.at(size, 2), turned.at(length-size, 2)
		return turned.between(a, b)
	}
	return ring
}
