package intake

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"luodi/geo/coverage"
)

// pairBatch is how many pairs are measured by one statement.
const pairBatch = 10_000

// provenM2 is the bound below which a pair needs no measuring: half of what is told, so that the two ways to measure
// agree however they round.
const provenM2 = 0.005

// near calls each with the pairs of rows that may overlap by what is told, in batches. Of most neighbours their boxes or
// the line of their border prove that they don't: only the others are PostGIS's to cut.
func (d *drawing) near(each func(earlier, later []int64, done, total int64) error) error {
	type row struct {
		number int64
		shape  orb.Polygon
	}
	var rows []row
	for i, s := range d.shapes {
		if !s.Fixed {
			rows = append(rows, row{d.rows[i], s.Rings})
		}
	}
	for i, s := range d.outside {
		rows = append(rows, row{d.refused[i], s.Rings})
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.number, b.number) })
	var tree rtree.RTreeG[int]
	var earlier, later []int64
	for i, r := range rows {
		box := r.shape.Bound()
		var err error
		tree.Search(box.Min, box.Max, func(lo, hi [2]float64, k int) bool {
			if mayShare(box, orb.Bound{Min: lo, Max: hi}, r.shape, rows[k].shape) {
				earlier, later = append(earlier, rows[k].number), append(later, r.number)
			}
			if len(earlier) == pairBatch {
				err = each(earlier, later, int64(i), int64(len(rows)))
				earlier, later = earlier[:0], later[:0]
			}
			return err == nil
		})
		if err != nil {
			return err
		}
		tree.Insert(box.Min, box.Max, i)
	}
	if len(earlier) == 0 {
		return nil
	}
	return each(earlier, later, 1, 1)
}

// mayShare reports whether two shapes may have more ground in common than is proven not to matter.
func mayShare(a, b orb.Bound, p, q orb.Polygon) bool {
	wide, high := min(a.Max[0], b.Max[0])-max(a.Min[0], b.Min[0]), min(a.Max[1], b.Max[1])-max(a.Min[1], b.Min[1])
	return wide*high > provenM2 && coverage.SharedAtMost(p[0], q[0], provenM2) > provenM2
}
