package intake

import (
	"cmp"
	"container/heap"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"luodi/data/store"
	"luodi/data/store/ewkb"
	"luodi/geo/coverage"
)

// pairBatch is how many pairs are measured by one statement.
const pairBatch = 10_000

// provenM2 is the bound below which a pair needs no measuring: half of what is told, so that the two ways to measure
// agree however they round.
const provenM2 = 0.005

// near calls each with the pairs of rows that may overlap by what is told, in batches. Of most neighbours their boxes
// or the line of their border prove that they don't: only the others are PostGIS's to cut.
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

const (
	openSweep = `DECLARE import_sweep NO SCROLL CURSOR FOR
SELECT number, ST_AsBinary(plane) FROM import_shape WHERE plane IS NOT NULL ORDER BY ST_XMin(plane), number`

	fetchSweep = `FETCH 10000 FROM import_sweep`

	closeSweep = `CLOSE import_sweep`
)

// sweepPairs measures the pairs of rows of a file with more points than are held: a line goes from west to east over
// the rows, and those that it crosses are held. done is false where they have more points than that too; nothing was
// measured then.
func (im *importing) sweepPairs(ctx context.Context) (done bool, err error) {
	if err := im.exec(ctx, "look for neighbours", openSweep); err != nil {
		return false, err
	}
	s, before := sweep{most: cmp.Or(im.req.drawn, maxDrawn)}, im.found
	for seen := int64(0); ; {
		n, err := s.read(ctx, im.tx)
		if err != nil {
			return false, err
		}
		if n == 0 {
			break
		}
		if s.over {
			im.found = before
			return false, im.exec(ctx, "look for neighbours", closeSweep+`; DELETE FROM import_overlap WHERE live IS NULL`)
		}
		for len(s.earlier) > 0 {
			k := min(len(s.earlier), pairBatch)
			if err := im.pairs(ctx, measurePairs, s.earlier[:k], s.later[:k]); err != nil {
				return false, err
			}
			s.earlier, s.later = s.earlier[k:], s.later[k:]
		}
		seen += int64(n)
		im.meter.between(500, 600, seen, im.last)
	}
	return true, im.exec(ctx, "look for neighbours", closeSweep)
}

// sweep is the rows that the line crosses, and the pairs that were found since they were last taken.
type sweep struct {
	tree           rtree.RTreeG[*swept]
	crossed        byEast
	points, most   int64
	over           bool // too many points
	earlier, later []int64
}

type swept struct {
	number int64
	shape  orb.Polygon
	box    orb.Bound
}

func (r *swept) points() (n int64) {
	for _, ring := range r.shape {
		n += int64(len(ring))
	}
	return n
}

// read moves the line over the next rows.
func (s *sweep) read(ctx context.Context, tx pgx.Tx) (n int, err error) {
	rows, err := tx.Query(ctx, fetchSweep)
	if err != nil {
		return 0, store.Translate("import: read shapes", err)
	}
	var number int64
	var plane []byte
	_, err = pgx.ForEachRow(rows, []any{&number, &plane}, func() error {
		n++
		if s.over {
			return nil
		}
		shape, err := ewkb.DecodePolygon(plane)
		if err == nil {
			s.add(&swept{number: number, shape: shape, box: shape.Bound()})
		}
		return err
	})
	return n, store.Translate("import: read shapes", err)
}

// add moves the line to the west end of a row, and pairs the row with those that the line crosses.
func (s *sweep) add(r *swept) {
	for len(s.crossed) > 0 && s.crossed[0].box.Max[0] < r.box.Min[0] {
		left := heap.Pop(&s.crossed).(*swept)
		s.tree.Delete(left.box.Min, left.box.Max, left)
		s.points -= left.points()
	}
	s.tree.Search(r.box.Min, r.box.Max, func(_, _ [2]float64, other *swept) bool {
		a, b := other, r
		if a.number > b.number {
			a, b = b, a
		}
		if mayShare(a.box, b.box, b.shape, a.shape) {
			s.earlier, s.later = append(s.earlier, a.number), append(s.later, b.number)
		}
		return true
	})
	s.tree.Insert(r.box.Min, r.box.Max, r)
	heap.Push(&s.crossed, r)
	s.points += r.points()
	s.over = s.points > s.most || len(s.earlier) > maxPairs
}

// byEast is a heap of rows by their east end.
type byEast []*swept

func (h byEast) Len() int           { return len(h) }
func (h byEast) Less(i, j int) bool { return h[i].box.Max[0] < h[j].box.Max[0] }
func (h byEast) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *byEast) Push(x any)        { *h = append(*h, x.(*swept)) }
func (h *byEast) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
