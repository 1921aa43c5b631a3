package outlet

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// rtreeCells is how many boxes a node of SQLite's R-tree holds, and rtreeNode how many bytes it takes: 4, and 24 a box.
// SQLite reads the size of nodes off the root, and makes them so for pages of 4096 bytes.
const (
	rtreeCells = 51
	rtreeNode  = 4 + 24*rtreeCells
)

type packedNode struct {
	number, parent int64 // the root is 1 and has the parent 0
	data           []byte
}

type packedTree struct {
	nodes  []packedNode // parents before children
	leafOf []int64      // the leaf of each feature by its fid; 0 is none
}

// packRTree packs sorted boxes into nodes, level upon level, until one is left. Numbers are given from the root down.
func packRTree(boxes []fgbNode) packedTree {
	type entry struct {
		id  int64 // of the feature, or of the child within its level
		box orb.Bound
	}
	counts := []int{len(boxes)}
	for n := len(boxes); n > 1 || len(counts) == 1; {
		n = (n + rtreeCells - 1) / rtreeCells
		counts = append(counts, n)
	}
	first := make([]int64, len(counts)) // number of the first node of each level; level 0 are the features
	number := int64(1)
	for level := len(counts) - 1; level > 0; level-- {
		first[level] = number
		number += int64(counts[level])
	}
	tree := packedTree{nodes: make([]packedNode, number-1), leafOf: make([]int64, len(boxes)+1)}
	below := make([]orb.Bound, 0)
	for level := 1; level < len(counts); level++ {
		own := make([]orb.Bound, counts[level])
		for i := range own {
			data := make([]byte, 4, rtreeNode)
			from, to := i*rtreeCells, min((i+1)*rtreeCells, counts[level-1])
			if level == len(counts)-1 {
				binary.BigEndian.PutUint16(data, uint16(level-1)) // the depth, in the root alone
			}
			binary.BigEndian.PutUint16(data[2:], uint16(to-from))
			at := first[level] + int64(i)
			box := emptyBound
			for child := from; child < to; child++ {
				e := entry{first[level-1] + int64(child), orb.Bound{}}
				if level == 1 {
					e = entry{int64(boxes[child].at), boxes[child].box}
					tree.leafOf[e.id] = at
				} else {
					e.box = below[child]
				}
				data = appendCell(data, e.id, e.box)
				box = box.Union(e.box)
			}
			parent := int64(0)
			if level < len(counts)-1 {
				parent = first[level+1] + int64(i/rtreeCells)
			}
			own[i] = box
			tree.nodes[at-1] = packedNode{at, parent, data[:rtreeNode]}
		}
		below = own
	}
	return tree
}

// appendCell appends a box, which is rounded outwards to what a float of 32 bits holds.
func appendCell(dst []byte, id int64, box orb.Bound) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(id))
	for _, edge := range [4]float32{down(box.Min[0]), up(box.Max[0]), down(box.Min[1]), up(box.Max[1])} {
		dst = binary.BigEndian.AppendUint32(dst, math.Float32bits(edge))
	}
	return dst
}

func down(x float64) float32 {
	f := float32(x)
	if float64(f) > x {
		return math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

func up(x float64) float32 {
	f := float32(x)
	if float64(f) < x {
		return math.Nextafter32(f, float32(math.Inf(1)))
	}
	return f
}
