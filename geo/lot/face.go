package lot

import (
	"slices"
)

// face is a piece of land that sides and cuts enclose.
type face struct {
	shape Shape
	area  float64 // of the outer ring alone
}

// graph is the half-edges of a parcel's sides, with the land on their left, and of cuts, one each way.
type graph struct {
	w     *work
	half  []segment
	after []int         // the next half-edge round the face, by half-edge
	out   map[int][]int // half-edges that leave a vertex on a cut
	loop  []int         // the loop that each half-edge is in
	cuts  int           // the first half-edge of a cut
}

// faces divides a sound shape along cuts, which touch its sides and each other at vertices only.
//
//  1. Each side becomes a half-edge, each cut two, with the face they bound on the left.
//  2. Where cuts meet, the half-edge after one that arrives is the first that leaves, turning clockwise from where it
//     came.
//  3. Following these gives loops; counter-clockwise ones are outer rings, clockwise ones holes of the smallest loop
//     round them.
//
// It returns the faces, in the order in which the shape's sides meet them, and for each cut the faces left and right of
// it.
func (w *work) faces(s Shape, cuts []segment) ([]face, [][2]int, error) {
	g := w.newGraph(s, cuts)
	loops := g.trace()
	faces, faceOf := g.assemble(loops)
	sides := make([][2]int, len(cuts))
	for i, c := range cuts {
		l, r := faceOf[g.loop[g.cuts+2*i]], faceOf[g.loop[g.cuts+2*i+1]]
		if l == r {
			return nil, nil, refuseAt(LineEndsInside, "line", "lot.line_divides", w.at(c.to))
		}
		sides[i] = [2]int{l, r}
	}
	for id := range g.out {
		visits := make(map[int]bool)
		for _, h := range g.out[id] {
			f := faceOf[g.loop[h]]
			if visits[f] {
				return nil, nil, refuseAt(PointContact, "line", "lot.parts_whole", w.at(id))
			}
			visits[f] = true
		}
	}
	return faces, sides, nil
}

func (w *work) newGraph(s Shape, cuts []segment) *graph {
	g := &graph{w: w, out: make(map[int][]int, 2*len(cuts))}
	for _, c := range cuts {
		g.out[c.from], g.out[c.to] = nil, nil
	}
	for _, ring := range s {
		first := len(g.half)
		for i, id := range ring {
			if _, on := g.out[id]; on {
				g.out[id] = append(g.out[id], len(g.half))
			}
			g.half = append(g.half, segment{id, ring[(i+1)%len(ring)]})
			g.after = append(g.after, first+(i+1)%len(ring))
		}
	}
	g.cuts = len(g.half)
	for _, c := range cuts {
		g.out[c.from] = append(g.out[c.from], len(g.half))
		g.out[c.to] = append(g.out[c.to], len(g.half)+1)
		g.half = append(g.half, c, c.reversed())
		g.after = append(g.after, 0, 0)
	}
	for h, s := range g.half {
		if out, on := g.out[s.to]; on {
			g.after[h] = g.turn(s, out)
		}
	}
	return g
}

// turn returns the first of the half-edges that leave where s arrives, turning clockwise from where s came.
func (g *graph) turn(s segment, out []int) int {
	best := out[0]
	for _, h := range out[1:] {
		if g.sooner(s, g.half[h].to, g.half[best].to) {
			best = h
		}
	}
	return best
}

// sooner tells whether x comes before y when turning clockwise at s.to from s.from.
func (g *graph) sooner(s segment, x, y int) bool {
	quarter := func(id int) int {
		if id == s.from {
			return 3 // a full turn: back where it came from
		}
		return 1 + g.w.orient(s.to, s.from, id) // right, straight on, left
	}
	if qx, qy := quarter(x), quarter(y); qx != qy {
		return qx < qy
	}
	return g.w.orient(s.to, x, y) < 0
}

func (w *work) orient(a, b, c int) int { return orient(w.at(a), w.at(b), w.at(c)) }

// trace follows the half-edges into loops, each by the vertices its half-edges leave.
func (g *graph) trace() [][]int {
	g.loop = make([]int, len(g.half))
	for h := range g.loop {
		g.loop[h] = -1
	}
	var loops [][]int
	for first := range g.half {
		if g.loop[first] >= 0 {
			continue
		}
		var ring []int
		for h := first; g.loop[h] < 0; h = g.after[h] {
			g.loop[h] = len(loops)
			ring = append(ring, g.half[h].from)
		}
		loops = append(loops, ring)
	}
	return loops
}

// assemble makes faces of loops and tells which face each loop bounds; -1 for a hole with nothing round it.
func (g *graph) assemble(loops [][]int) ([]face, []int) {
	var faces []face
	var holes []int
	faceOf := make([]int, len(loops))
	for i, ring := range loops {
		if area := g.w.twiceArea(ring) / 2; area > 0 {
			faceOf[i] = len(faces)
			faces = append(faces, face{Shape{ring}, area})
		} else {
			holes = append(holes, i)
		}
	}
	outer := make([]face, len(faces))
	copy(outer, faces)
	for _, i := range holes {
		faceOf[i] = g.w.around(outer, loops[i])
		if f := faceOf[i]; f >= 0 {
			faces[f].shape = append(faces[f].shape, loops[i])
		}
	}
	return faces, faceOf
}

// around returns the smallest face whose outer ring holds a hole, or -1.
func (w *work) around(faces []face, hole []int) int {
	best := -1
	for f, o := range faces {
		if best >= 0 && o.area >= faces[best].area {
			continue
		}
		ring := w.points(o.shape[0])
		for _, id := range hole {
			if slices.Contains(o.shape[0], id) {
				continue
			}
			if within(ring, w.at(id)) > 0 {
				best = f
			}
			break
		}
	}
	return best
}
