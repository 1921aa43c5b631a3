package lot

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// Merge makes one parcel, Parts[0], of parcels that touch along edges. No new vertices come about, and none are
// dropped, because the neighbours may share them: where the boundary between two met the outline, a vertex stays on a
// straight side.
//
//  1. A vertex of one parcel within snap of a vertex of another becomes that vertex; within snap of a side, it is
//     entered there. Sides that two parcels share as they are stay as they are.
//  2. Sides that two parcels now share, number by number, cancel.
//  3. The sides that are left are followed into one outer ring and its holes.
//
// Refused, with the pairs named: parcels that touch at a point only or not at all; that overlap; whose shapes the first
// step would change by more than [Tolerance]. And land that would touch itself at a point.
func Merge(p *Plane, parcels []Shape, r Rules) (Division, error) {
	if err := r.check(p); err != nil {
		return Division{}, err
	}
	j, err := join(newWork(p), parcels, r.SnapM)
	if err != nil {
		return Division{}, err
	}
	return Division{Parts: []Shape{j.shape}, Welded: j.welded}, nil
}

// joined is parcels being merged.
type joined struct {
	w       *work
	parcels []Shape         // with each other's vertices entered
	owner   map[segment]int // whose side it is
	shared  []segment       // sides that cancel, as the parcel that comes first has them
	welded  map[int]int
	shape   Shape // the merged land
}

func join(w *work, parcels []Shape, snap float64) (*joined, error) {
	if len(parcels) < 2 {
		return nil, refuse(BadShape, "parcels", "lot.two_parcels", len(parcels))
	}
	j := &joined{w: w, welded: make(map[int]int), owner: make(map[segment]int)}
	for i, s := range parcels {
		settled, err := w.settle(s, i)
		if err != nil {
			return nil, err
		}
		j.parcels = append(j.parcels, settled)
	}
	before := slices.Clone(j.parcels)
	j.weld(snap)
	for k, s := range j.parcels {
		was := w.area(before[k])
		if diff, most := w.area(s)-was, Tolerance(w.perimeter(s)); diff > most || -diff > most {
			bound, came := geo.Apart(most, math.Abs(diff))
			return nil, refuse(Overlaps, "parcels", "lot.edges_agree", text(came+" m²"), "m2", bound).at(w.at(s[0][0])).
				of(j.touching(k)...)
		}
	}
	if err := j.cancel(); err != nil {
		return nil, err
	}
	return j, j.follow()
}

// touching lists a parcel and those it has vertices in common with.
func (j *joined) touching(k int) []int {
	mine := make(map[int]bool)
	for e := range edges(j.parcels[k]) {
		mine[e.from] = true
	}
	out := []int{k}
	for i, s := range j.parcels {
		if i == k {
			continue
		}
		for e := range edges(s) {
			if mine[e.from] {
				out = append(out, i)
				break
			}
		}
	}
	return out
}

// cancel finds who owns each side and which are shared.
func (j *joined) cancel() error {
	for i, s := range j.parcels {
		for e := range edges(s) {
			if other, taken := j.owner[e]; taken {
				return refuseAt(Overlaps, "parcels", "lot.no_overlap", j.w.at(e.from), j.w.at(e.to)).of(other, i)
			}
			j.owner[e] = i
		}
	}
	for i, s := range j.parcels {
		for e := range edges(s) {
			if other, found := j.owner[e.reversed()]; found && other > i {
				j.shared = append(j.shared, e)
			}
		}
	}
	return nil
}

// follow makes the merged land of the sides that no two parcels share.
func (j *joined) follow() error {
	var sides []segment
	for _, s := range j.parcels {
		for e := range edges(s) {
			if _, shared := j.owner[e.reversed()]; !shared {
				sides = append(sides, e)
			}
		}
	}
	if err := j.apart(sides); err != nil {
		return err
	}
	if err := j.connected(); err != nil {
		return err
	}
	next := make(map[int]int, len(sides))
	for _, e := range sides {
		if _, twice := next[e.from]; twice {
			return refuseAt(PointContact, "parcels", "lot.land_whole", j.w.at(e.from)).of(j.at(e.from)...)
		}
		next[e.from] = e.to
	}
	return j.rings(sides, next)
}

// rings follows sides round: one ring must be an outer one, the others its holes.
func (j *joined) rings(sides []segment, next map[int]int) error {
	var outer Shape
	var holes Shape
	for _, e := range sides {
		if _, left := next[e.from]; !left {
			continue
		}
		var ring []int
		for id := e.from; ; {
			to, left := next[id]
			if !left {
				break
			}
			delete(next, id)
			ring = append(ring, id)
			id = to
		}
		if j.w.twiceArea(ring) > 0 {
			outer = append(outer, ring)
		} else {
			holes = append(holes, ring)
		}
	}
	if len(outer) != 1 {
		var at []orb.Point
		var who []int
		for _, ring := range outer {
			at = append(at, j.w.at(ring[0]))
			who = append(who, j.at(ring[0])...)
		}
		return refuseAt(Overlaps, "parcels", "lot.one_piece_beside", at...).of(who...)
	}
	j.shape = append(outer, holes...)
	if err := j.w.sound(j.shape); err != nil {
		err.Reason = Overlaps
		return err.of(j.all()...)
	}
	return nil
}

func (j *joined) all() []int {
	out := make([]int, len(j.parcels))
	for i := range out {
		out[i] = i
	}
	return out
}

// at lists the parcels that have a vertex.
func (j *joined) at(id int) []int {
	var out []int
	for i, s := range j.parcels {
		for e := range edges(s) {
			if e.from == id {
				out = append(out, i)
				break
			}
		}
	}
	return out
}

// apart refuses parcels whose sides cross, naming the pair.
func (j *joined) apart(sides []segment) error {
	var err error
	j.w.clashes(sides, func(a, b int) bool {
		s, o := sides[a], sides[b]
		err = refuseAt(Overlaps, "parcels", "lot.no_overlap", j.w.at(s.from), j.w.at(o.from)).of(j.owner[s], j.owner[o])
		return false
	})
	return err
}

// connected refuses parcels that edges don't join to the first, naming each and one it only touches at a point, if any.
func (j *joined) connected() error {
	group := j.all()
	find := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	for _, e := range j.shared {
		group[find(j.owner[e.reversed()])] = find(j.owner[e])
	}
	for i := range j.parcels {
		if find(i) != find(0) {
			return j.why(i, func(k int) bool { return find(k) != find(i) })
		}
	}
	return nil
}

// why says how parcel i and the strangers, which no chain of edges joins to it, lie to each other.
func (j *joined) why(i int, stranger func(int) bool) error {
	for e := range edges(j.parcels[i]) {
		for _, k := range j.at(e.from) {
			if stranger(k) {
				return refuseAt(NoSharedEdge, "parcels", "lot.edge_not_point", j.w.at(e.from)).of(min(i, k), max(i, k))
			}
		}
	}
	here := j.parcels[i][0][0]
	for k, s := range j.parcels {
		there := s[0][0]
		if stranger(k) && (j.w.holds(s, j.w.at(here)) || j.w.holds(j.parcels[i], j.w.at(there))) {
			return refuseAt(Overlaps, "parcels", "lot.no_overlap", j.w.at(here)).of(min(i, k), max(i, k))
		}
	}
	return refuseAt(NoSharedEdge, "parcels", "lot.share_edge", j.w.at(here)).of(0, i)
}
