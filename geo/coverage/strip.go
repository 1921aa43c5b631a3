package coverage

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// facing is the part of an edge along which another edge runs beside it the other way: from and to are metres along the
// edge, wide and end how far the other lies to its left there. To the left of an edge is its own shape: ground to the
// left is shared, ground to the right is nobody's.
type facing struct {
	shape      int32
	from, to   float64
	first, end float64
}

func (s facing) away() float64 { return math.Abs(s.first + s.end) }

// strips tells gaps and overlaps between edges that run beside each other, added up for each pair of shapes. Only edges
// that no other shape has the other way round can have any. Of several beside one part the nearest counts: what is
// behind it is another's affair.
func (f *finder) strips() {
	if len(f.open) == 0 {
		return
	}
	var tree rtree.RTreeG[int32]
	for i, s := range f.open {
		pieces(f.m.at[s.from], f.m.at[s.to], f.step, 0, func(lo, hi [2]float64) { tree.Insert(lo, hi, int32(i)) })
	}
	type key struct {
		kind Kind
		a, b int32
	}
	sums := map[key]*Finding{}
	for i, s := range f.open {
		for _, part := range f.beside(&tree, int32(i), s) {
			if part.shape < s.shape || f.m.fixed[s.shape] && f.m.fixed[part.shape] {
				continue // told from the other side, or no affair of ours
			}
			for _, strip := range f.halves(s, part) {
				k := key{strip.Kind, s.shape, part.shape}
				sum := sums[k]
				if sum == nil {
					sum = &Finding{Kind: k.kind, A: int(k.a), B: int(k.b)}
					sums[k] = sum
				}
				sum.AreaM2, sum.LengthM = sum.AreaM2+strip.AreaM2, sum.LengthM+strip.LengthM
				if strip.WidthM > sum.WidthM {
					sum.WidthM, sum.At = strip.WidthM, strip.At
				}
			}
		}
	}
	for _, sum := range sums {
		if sum.WidthM > stillM {
			f.found = append(f.found, *sum)
		}
	}
}

// beside returns the parts of an edge that other shapes' edges run beside, each with the nearest.
func (f *finder) beside(tree *rtree.RTreeG[int32], self int32, s side) []facing {
	m := f.m
	a, b := m.at[s.from], m.at[s.to]
	length := apart(a, b)
	var near []int32
	pieces(a, b, f.step, f.look, func(lo, hi [2]float64) {
		tree.Search(lo, hi, func(_, _ [2]float64, i int32) bool {
			if i != self && f.open[i].shape != s.shape {
				near = append(near, i)
			}
			return true
		})
	})
	slices.Sort(near)
	var all []facing
	for _, i := range slices.Compact(near) {
		if part, is := f.face(a, b, length, f.open[i]); is {
			all = append(all, part)
		}
	}
	slices.SortFunc(all, func(x, y facing) int {
		return cmp.Or(cmp.Compare(x.away(), y.away()), cmp.Compare(x.shape, y.shape), cmp.Compare(x.from, y.from))
	})
	var taken []facing
	for _, part := range all {
		taken = append(taken, uncovered(part, taken)...)
	}
	return taken
}

// face measures an edge beside that from a to b: it runs the other way, by no more than 25° off, within reach over more
// than the tolerance.
func (f *finder) face(a, b orb.Point, length float64, o side) (facing, bool) {
	ux, uy := (b[0]-a[0])/length, (b[1]-a[1])/length
	p, q := f.m.at[o.from], f.m.at[o.to]
	along := func(v orb.Point) float64 { return (v[0]-a[0])*ux + (v[1]-a[1])*uy }
	left := func(v orb.Point) float64 { return (v[1]-a[1])*ux - (v[0]-a[0])*uy }
	start, stop := along(q), along(p)
	if stop-start < 0.9*apart(p, q) {
		return facing{}, false
	}
	part := facing{shape: o.shape, from: max(0, start), to: min(length, stop)}
	at := func(x float64) float64 { return left(q) + (x-start)/(stop-start)*(left(p)-left(q)) }
	part.first, part.end = at(part.from), at(part.to)
	return part, part.to-part.from > min(f.tol, length/2) && max(math.Abs(part.first), math.Abs(part.end)) <= f.look
}

// cut is the part between two distances along the edge.
func (s facing) cut(from, to float64) facing {
	slope := (s.end - s.first) / (s.to - s.from)
	return facing{s.shape, from, to, s.first + slope*(from-s.from), s.first + slope*(to-s.from)}
}

// uncovered is what of a part no nearer one takes.
func uncovered(part facing, taken []facing) []facing {
	left := []facing{part}
	for _, t := range taken {
		var rest []facing
		for _, p := range left {
			if t.to <= p.from || t.from >= p.to {
				rest = append(rest, p)
				continue
			}
			if t.from > p.from {
				rest = append(rest, p.cut(p.from, t.from))
			}
			if t.to < p.to {
				rest = append(rest, p.cut(t.to, p.to))
			}
		}
		left = rest
	}
	return left
}

// halves are the gap and the overlap of a part: where the edges cross it has both.
func (f *finder) halves(s side, part facing) []Finding {
	a, b := f.m.at[s.from], f.m.at[s.to]
	length := apart(a, b)
	one := func(p facing) Finding {
		kind, wide, at := Gap, math.Abs(p.first), p.from
		if p.first+p.end > 0 {
			kind = Overlap
		}
		if math.Abs(p.end) > wide {
			wide, at = math.Abs(p.end), p.to
		}
		share := at / length
		return Finding{Kind: kind, WidthM: wide, LengthM: p.to - p.from, AreaM2: p.away() / 2 * (p.to - p.from),
			At: orb.Point{a[0] + share*(b[0]-a[0]), a[1] + share*(b[1]-a[1])}}
	}
	if part.first*part.end >= 0 {
		return []Finding{one(part)}
	}
	middle := part.from + (part.to-part.from)*part.first/(part.first-part.end)
	return []Finding{one(part.cut(part.from, middle)), one(part.cut(middle, part.to))}
}
