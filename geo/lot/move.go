package lot

import (
	"math"

	"github.com/paulmach/orb"
)

// MoveBoundary replaces the boundary between two parcels by a new line, which may end at the old ends or elsewhere on
// the outline of the two. Parts[0] is the new first parcel, Parts[1] the new second; together they cover the same
// ground.
//
//  1. The two parcels are merged (see [Merge]) and the merged land is cut along the line (see [Cut]).
//  2. If the two share several stretches of boundary, with a third parcel between, the stretch with its ends nearest
//     to the line's ends is replaced; the others stay.
//  3. Each part goes to the parcel that has most of its outline.
//
// The line may use vertices of the old boundary. If one parcel is an island in the other, the line must be closed.
// Besides the refusals of [Merge] and [Cut] it refuses a line that leaves the two parcels or follows their outline,
// and one that doesn't make exactly two parts.
func MoveBoundary(p *Plane, a, b Shape, line []orb.Point, r Rules) (Division, error) {
	if err := r.check(p); err != nil {
		return Division{}, err
	}
	if err := checkLine(line); err != nil {
		return Division{}, err
	}
	w := newWork(p)
	j, err := join(w, []Shape{a, b}, r.SnapM)
	if err != nil {
		return Division{}, err
	}
	chains := j.chains()
	old := nearest(w, chains, line)
	l := &liner{w: w, shape: j.shape, snap: r.SnapM, free: interior(chains[old])}
	l.lookAround(r.Near, line)
	n, err := l.node(line)
	if err != nil {
		return Division{}, err
	}
	if n.leaves {
		return Division{}, refuseAt(LineLeaves, "line", "lot.within_two", line...)
	}
	return j.redraw(n, chains, old, r)
}

// redraw divides the merged land by the new line and the stretches that stay.
func (j *joined) redraw(n *noded, chains [][]int, old int, r Rules) (Division, error) {
	w := j.w
	cuts := n.cuts
	for i, chain := range chains {
		for k := 1; k < len(chain) && i != old; k++ {
			cuts = append(cuts, segment{chain[k-1], chain[k]})
		}
	}
	shape := n.with(w, n.onCut())
	if err := w.unclashed(shape, cuts, len(n.cuts)); err != nil {
		return Division{}, err
	}
	faces, _, err := w.faces(shape, cuts)
	if err != nil {
		return Division{}, err
	}
	if len(faces) != 2 {
		return Division{}, refuse(SeveralPieces, "line", "lot.two_parts", len(faces))
	}
	parts := shapes(faces)
	if j.swapped(parts) {
		parts[0], parts[1] = parts[1], parts[0]
	}
	if err := w.allow(parts, r); err != nil {
		return Division{}, err
	}
	d := w.finish(parts)
	d.Welded = j.welded
	return d, nil
}

// swapped tells whether the first part has more of the second parcel's outline than of the first's; where that doesn't
// tell, whether the areas fit better the other way.
func (j *joined) swapped(parts []Shape) bool {
	var score float64
	for i, s := range parts {
		for e := range edges(s) {
			host, found := j.w.host[e]
			if !found || host == inner {
				continue
			}
			if length := apart(j.w.at(e.from), j.w.at(e.to)); host.Parcel == i {
				score += length
			} else {
				score -= length
			}
		}
	}
	if math.Abs(score) > 1e-6 {
		return score < 0
	}
	a, b := j.w.area(parts[0]), j.w.area(j.parcels[0])
	return math.Abs(a-b) > math.Abs(j.w.area(parts[1])-b)
}

// chains are the stretches of boundary between the two parcels, each as vertices in the first parcel's order. One that
// is closed ends where it begins.
func (j *joined) chains() [][]int {
	next := make(map[int]int, len(j.shared))
	arrives := make(map[int]bool, len(j.shared))
	for _, e := range j.shared {
		next[e.from] = e.to
		arrives[e.to] = true
	}
	var out [][]int
	walk := func(from int) {
		chain := []int{from}
		for {
			to, more := next[from]
			if !more {
				break
			}
			delete(next, from)
			chain = append(chain, to)
			from = to
		}
		if len(chain) > 1 {
			out = append(out, chain)
		}
	}
	for _, e := range j.shared {
		if !arrives[e.from] {
			walk(e.from)
		}
	}
	for _, e := range j.shared {
		walk(e.from)
	}
	return out
}

// nearest finds the stretch whose ends are nearest to the line's.
func nearest(w *work, chains [][]int, line []orb.Point) int {
	best, which := math.Inf(1), 0
	for i, chain := range chains {
		a, b := w.at(chain[0]), w.at(chain[len(chain)-1])
		p, q := line[0], line[len(line)-1]
		if d := min(apart(a, p)+apart(b, q), apart(a, q)+apart(b, p)); d < best {
			best, which = d, i
		}
	}
	return which
}

// interior are the vertices of a stretch that are not on the outline.
func interior(chain []int) []int {
	if chain[0] == chain[len(chain)-1] {
		return chain[1:]
	}
	return chain[1 : len(chain)-1]
}
