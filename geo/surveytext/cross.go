package surveytext

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// side leads from a corner of a ring to the next.
type side struct{ from, to *point }

func (p *point) at() orb.Point { return orb.Point{p.b.v, p.a.v} }

func (s side) south() float64 { return min(s.from.a.v, s.to.a.v) }
func (s side) north() float64 { return max(s.from.a.v, s.to.a.v) }

// apart reports whether two sides lie in boxes that share nothing.
func (s side) apart(t side) bool {
	return max(s.from.b.v, s.to.b.v) < min(t.from.b.v, t.to.b.v) || max(t.from.b.v, t.to.b.v) < min(s.from.b.v, s.to.b.v)
}

// crosses reports whether two sides cross within both; those that touch don't.
func (s side) crosses(t side) bool {
	if s.apart(t) {
		return false
	}
	a, b, c, d := s.from.at(), s.to.at(), t.from.at(), t.to.at()
	return geo.Orient(a, b, c)*geo.Orient(a, b, d) < 0 && geo.Orient(c, d, a)*geo.Orient(c, d, b) < 0
}

// crossing finds two sides of a parcel that cross, the one that is written later second. From south to north each side
// is compared with those that begin before it ends; after as many pairs as are costly it is left to who uses the shape.
func crossing(rings [][]point) (first, second side, found bool) {
	var sides []side
	for _, ring := range rings {
		for i := range ring {
			sides = append(sides, side{&ring[i], &ring[(i+1)%len(ring)]})
		}
	}
	slices.SortStableFunc(sides, func(s, t side) int { return cmp.Compare(s.south(), t.south()) })
	pairs := 0
	for i, s := range sides {
		for _, t := range sides[i+1:] {
			if pairs++; t.south() > s.north() || pairs > costly {
				break
			}
			if s.crosses(t) {
				if s.from.line > t.from.line {
					s, t = t, s
				}
				return s, t, true
			}
		}
	}
	return side{}, side{}, false
}
