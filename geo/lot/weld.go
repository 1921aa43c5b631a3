package lot

import (
	"cmp"
	"math"
	"slices"
)

// corners are the vertices of parcels from west to east.
type corners []cornerOf

type cornerOf struct {
	x          float64
	id         int
	prev, next int // the vertices before and after it
	parcel     int
}

func (j *joined) corners() corners {
	var list corners
	for i, s := range j.parcels {
		for _, ring := range s {
			for k, id := range ring {
				prev, next := ring[(k+len(ring)-1)%len(ring)], ring[(k+1)%len(ring)]
				list = append(list, cornerOf{j.w.at(id)[0], id, prev, next, i})
			}
		}
	}
	slices.SortFunc(list, func(a, b cornerOf) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.id, b.id), cmp.Compare(a.parcel, b.parcel))
	})
	return list
}

// between returns the corners from one x to another.
func (l corners) between(west, east float64) corners {
	byX := func(c cornerOf, x float64) int { return cmp.Compare(c.x, x) }
	from, _ := slices.BinarySearchFunc(l, west, byX)
	to, _ := slices.BinarySearchFunc(l[from:], math.Nextafter(east, math.Inf(1)), byX)
	return l[from : from+to]
}

// weld makes the parcels agree on the vertices along their common edges.
func (j *joined) weld(snap float64) {
	has := make([]map[int]bool, len(j.parcels))
	for i, s := range j.parcels {
		has[i] = make(map[int]bool)
		for e := range edges(s) {
			has[i][e.from] = true
		}
	}
	list := j.corners()
	j.weldCorners(list, snap, has)
	sides := make(map[segment]bool, len(list))
	for i, c := range list {
		c.id, c.prev, c.next = j.welds(c.id), j.welds(c.prev), j.welds(c.next)
		list[i] = c
		has[c.parcel][c.id] = true
		sides[segment{c.id, c.next}] = true
	}
	for i, s := range j.parcels {
		out := make(Shape, len(s))
		for r := range s {
			out[r] = j.rebuild(i, s[r], func(e segment) []entry {
				if sides[e.reversed()] {
					return nil // shared as it is
				}
				return j.entriesOn(e, list, snap, has[i])
			})
		}
		j.parcels[i] = out
	}
}

// welds returns what a vertex was welded to, or itself.
func (j *joined) welds(id int) int {
	for {
		to, found := j.welded[id]
		if !found {
			return id
		}
		id = to
	}
}

// weldCorners takes a vertex of a later parcel for the nearest vertex of an earlier one, unless some parcel has both
// and so tells them apart.
func (j *joined) weldCorners(list corners, snap float64, has []map[int]bool) {
	for _, c := range list {
		best, to := snap, -1
		for _, o := range list.between(c.x-snap, c.x+snap) {
			if o.parcel >= c.parcel || j.welds(o.id) == j.welds(c.id) {
				continue
			}
			d := apart(j.w.at(c.id), j.w.at(o.id))
			both := func(ids map[int]bool) bool { return ids[c.id] && ids[o.id] }
			if d <= best && !slices.ContainsFunc(has, both) {
				best, to = d, o.id
			}
		}
		if _, done := j.welded[c.id]; to >= 0 && !done {
			j.welded[c.id] = j.welds(to)
		}
	}
}

// rebuild returns a ring of parcel i with its vertices welded and others entered in its sides, and notes which side
// each new one is part of.
func (j *joined) rebuild(i int, ring []int, entries func(segment) []entry) []int {
	var out []int
	var hosts []Edge
	add := func(id int, host Edge) {
		if k := len(out) - 1; k >= 0 && out[k] == id {
			hosts[k] = host
			return
		}
		out, hosts = append(out, id), append(hosts, host)
	}
	for k, id := range ring {
		e := segment{id, ring[(k+1)%len(ring)]}
		host := Edge{i, e.from, e.to}
		add(j.welds(id), host)
		for _, on := range entries(segment{j.welds(e.from), j.welds(e.to)}) {
			add(on.id, host)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	for k, id := range out {
		j.w.host[segment{id, out[(k+1)%len(out)]}] = hosts[k]
	}
	return out
}

// entriesOn finds the vertices of other parcels that lie on a side, in order.
func (j *joined) entriesOn(e segment, list corners, snap float64, has map[int]bool) []entry {
	a, b := j.w.at(e.from), j.w.at(e.to)
	var out []entry
	for _, c := range list.between(min(a[0], b[0])-snap, max(a[0], b[0])+snap) {
		xy := j.w.at(c.id)
		if has[c.id] || !nearBox(a, b, xy, snap) {
			continue
		}
		if t, d := foot(a, b, xy); d <= snap && t > 0 && t < 1 && !j.turnsAway(c, e, d) {
			out = append(out, entry{t: t, id: c.id})
		}
	}
	slices.SortFunc(out, func(a, b entry) int { return cmp.Or(cmp.Compare(a.t, b.t), cmp.Compare(a.id, b.id)) })
	return slices.CompactFunc(out, func(a, b entry) bool { return a.id == b.id })
}

// turnsAway tells whether a vertex d metres from a side is the next one from an end of that side, in a direction that
// is plainly another, by more than 1 in 10: the two parcels meet in that end, and the vertex is near the side only
// because it is near the end.
func (j *joined) turnsAway(c cornerOf, e segment, d float64) bool {
	for _, end := range [2]int{e.from, e.to} {
		if (c.prev == end || c.next == end) && d > 0.1*apart(j.w.at(c.id), j.w.at(end)) {
			return true
		}
	}
	return false
}
