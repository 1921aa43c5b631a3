package siting

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/paulmach/orb"

	"luodi/geo/match"
)

// honeycomb is the ground of all places cut by cells of one size: it hangs on the ground alone and is kept until the
// park changes.
type honeycomb struct {
	once   sync.Once
	grid   match.Grid
	pieces []match.Piece
	err    error
	bytes  atomic.Int64 // of pieces, once they are cut
}

// Honeycomb cuts the places by cells with sides of edgeM metres. A [geo.Invalid] names edge_m where the cells would be
// too many.
func (s *Sites) Honeycomb(edgeM float64) (match.Grid, []match.Piece, error) {
	derivedMu.Lock()
	h := s.honeycombs[edgeM]
	if h == nil {
		h = &honeycomb{}
		if len(s.honeycombs) >= maxHoneycombs {
			clear(s.honeycombs)
		}
		s.honeycombs[edgeM] = h
	}
	derivedMu.Unlock()
	h.once.Do(func() {
		shapes := make([]orb.Polygon, len(s.Places))
		box := orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{0, 0}}
		for i := range s.Places {
			shapes[i] = s.Places[i].Shape
			if b := shapes[i].Bound(); box.IsEmpty() {
				box = b
			} else {
				box = box.Union(b)
			}
		}
		if len(shapes) == 0 {
			box = orb.Bound{Max: orb.Point{edgeM, edgeM}}
		}
		if h.grid, h.err = match.NewGrid(box, edgeM); h.err == nil {
			h.pieces = h.grid.Cover(shapes)
			h.bytes.Store(int64(cap(h.pieces)) * int64(unsafe.Sizeof(match.Piece{})))
		}
	})
	return h.grid, h.pieces, h.err
}

// maxHoneycombs is how many cell sizes are kept at once.
const maxHoneycombs = 4
