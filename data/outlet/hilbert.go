package outlet

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"os"
	"slices"

	"github.com/paulmach/orb"
)

// treeFan is how many children a node of the tree has.
const treeFan = 16

// fgbNode is a feature's box, where it lies in its file and how long it is.
type fgbNode struct {
	box     orb.Bound
	at      uint64
	size    uint32
	hilbert uint32
}

var emptyBound = orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}

// sortHilbert sorts nodes by where their middles lie on a Hilbert curve through the bounds, the farthest first, as
// FlatGeobuf's own writers do.
func sortHilbert(nodes []fgbNode, bounds orb.Bound) {
	const most = 1<<16 - 1
	width, height := bounds.Max[0]-bounds.Min[0], bounds.Max[1]-bounds.Min[1]
	scale := func(low, high, from, size float64) uint32 {
		if size == 0 {
			return 0
		}
		return uint32(math.Floor(most * ((low+high)/2 - from) / size))
	}
	for i := range nodes {
		b := &nodes[i].box
		nodes[i].hilbert = hilbert(scale(b.Min[0], b.Max[0], bounds.Min[0], width),
			scale(b.Min[1], b.Max[1], bounds.Min[1], height))
	}
	slices.SortFunc(nodes, func(a, b fgbNode) int {
		if a.hilbert != b.hilbert {
			if a.hilbert > b.hilbert {
				return -1
			}
			return 1
		}
		if a.at < b.at {
			return -1
		}
		return 1
	})
}

// hilbert is the place of a cell on a Hilbert curve through 65,536 × 65,536 cells (Warren, Hacker's Delight, 16-2).
func hilbert(x, y uint32) uint32 {
	const side = 1 << 16
	var d uint32
	for s := uint32(side / 2); s > 0; s /= 2 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += s * s * ((3 * rx) ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = side-1-x, side-1-y
			}
			x, y = y, x
		}
	}
	return d
}

// writeTree writes the packed R-tree over sorted nodes, its root first. A leaf has the offset of its feature, an inner
// node the number of its first child.
func writeTree(w io.Writer, nodes []fgbNode) error {
	levels := treeLevels(len(nodes))
	boxes := make([][]orb.Bound, len(levels)) // of the levels above the leaves, the leaves' parents first
	below := func(i int) orb.Bound { return nodes[i].box }
	for level := 1; level < len(levels); level++ {
		boxes[level] = make([]orb.Bound, levels[level].n)
		for i := range boxes[level] {
			box := emptyBound
			for child := i * treeFan; child < min((i+1)*treeFan, levels[level-1].n); child++ {
				box = box.Union(below(child))
			}
			boxes[level][i] = box
		}
		own := boxes[level]
		below = func(i int) orb.Bound { return own[i] }
	}
	var buf []byte
	for level := len(levels) - 1; level > 0; level-- {
		for i, box := range boxes[level] {
			buf = appendNode(buf[:0], box, uint64(levels[level-1].first+i*treeFan))
			if _, err := w.Write(buf); err != nil {
				return err
			}
		}
	}
	at := uint64(0)
	for i := range nodes {
		buf = appendNode(buf[:0], nodes[i].box, at)
		at += uint64(nodes[i].size)
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

type treeLevel struct{ n, first int } // how many nodes, and the number of the first in the whole tree

// treeLevels are the levels of a tree, the leaves first.
func treeLevels(n int) []treeLevel {
	levels := []treeLevel{{n: n}}
	all := n
	for n > 1 || len(levels) == 1 {
		n = (n + treeFan - 1) / treeFan
		levels = append(levels, treeLevel{n: n})
		all += n
	}
	for i := range levels {
		all -= levels[i].n
		levels[i].first = all
	}
	return levels
}

func appendNode(dst []byte, box orb.Bound, to uint64) []byte {
	for _, edge := range [4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]} {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(edge))
	}
	return binary.LittleEndian.AppendUint64(dst, to)
}

// copyWindow is how much of the features is copied at a time.
const copyWindow = 32 << 20

// copyPieces copies the pieces of a file in the order of the nodes. A file that fits into the window is read once.
func copyPieces(w *bufio.Writer, from *os.File, size int64, nodes []fgbNode) error {
	var whole []byte
	if size <= copyWindow {
		whole = make([]byte, size)
		if _, err := from.ReadAt(whole, 0); err != nil && err != io.EOF {
			return err
		}
	}
	var piece []byte
	for i := range nodes {
		n := &nodes[i]
		if whole != nil {
			piece = whole[n.at : n.at+uint64(n.size)]
		} else {
			piece = slices.Grow(piece[:0], int(n.size))[:n.size]
			if _, err := from.ReadAt(piece, int64(n.at)); err != nil {
				return err
			}
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return nil
}
