package lot

import (
	"math"

	"github.com/paulmach/orb"
)

// Cut divides a parcel along a drawn line of two or more points, in planar metres. The line may bend, may begin and
// end outside the parcel or on its boundary, and may cross it several times; every stretch inside cuts. A line that
// returns to its first point cuts out an island. The parts come in the order in which the parcel's outer ring meets
// them, islands last.
//
// It refuses a line that misses the parcel or only touches it, crosses itself, or ends inside the parcel or in a
// hole. It also refuses a part below the least area or width, and a part that would touch itself at a point, as when
// a line just touches a hole.
func Cut(p *Plane, s Shape, line []orb.Point, r Rules) (Division, error) {
	w := newWork(p)
	shape, err := w.ready(s, r, line)
	if err != nil {
		return Division{}, err
	}
	l := &liner{w: w, shape: shape, snap: r.SnapM}
	l.lookAround(r.Near, line)
	n, err := l.node(line)
	if err != nil {
		return Division{}, err
	}
	faces, _, err := w.faces(n.with(w, n.onCut()), n.cuts)
	if err != nil {
		return Division{}, err
	}
	parts := shapes(faces)
	if err := w.allow(parts, r); err != nil {
		return Division{}, err
	}
	return w.finish(parts), nil
}

// ready checks what an operation was given.
func (w *work) ready(s Shape, r Rules, line []orb.Point) (Shape, error) {
	if err := r.check(w.plane); err != nil {
		return nil, err
	}
	if err := checkLine(line); err != nil {
		return nil, err
	}
	return w.settle(s, 0)
}

// maxLine bounds the points of a drawn line.
const maxLine = 2000

// checkLine refuses a line that is none, or that crosses or touches itself but for its end meeting its beginning.
func checkLine(line []orb.Point) error {
	var pts []orb.Point
	for _, p := range line {
		if !(math.Abs(p[0]) <= MaxMetres && math.Abs(p[1]) <= MaxMetres) {
			return refuse(BadLine, "line", "lot.metres", p)
		}
		if len(pts) == 0 || pts[len(pts)-1] != p {
			pts = append(pts, p)
		}
	}
	if len(pts) < 2 || len(pts) > maxLine {
		return refuse(BadLine, "line", "lot.points", len(pts))
	}
	last := len(pts) - 1
	for i := range last {
		for j := i + 1; j < last; j++ {
			bad := meet(pts[i], pts[i+1], pts[j], pts[j+1])
			if j == i+1 {
				bad = sameWay(pts[j], pts[i], pts[j+1])
			} else if i == 0 && j == last-1 && pts[0] == pts[last] {
				bad = sameWay(pts[0], pts[1], pts[j])
			}
			if bad {
				return refuseAt(LineCrosses, "line", "lot.no_crossing", pts[j])
			}
		}
	}
	return nil
}

// lookAround finds the neighbours' vertices that lie on the shape's sides and near the line.
func (l *liner) lookAround(near []int, line []orb.Point) {
	own := make(map[int]bool)
	for _, ring := range l.shape {
		for _, id := range ring {
			own[id] = true
		}
	}
	for _, id := range near {
		if xy := l.w.at(id); !own[id] && nearLine(line, xy, 2*l.snap) {
			own[id] = true
			if s, found := l.onSide(xy); found {
				s.id, s.xy = id, xy
				l.near = append(l.near, s)
			}
		}
	}
}

// onSide returns the side nearest to a point, when within snap.
func (l *liner) onSide(xy orb.Point) (stop, bool) {
	best, s := math.Inf(1), stop{}
	for at, e := range l.sides() {
		if _, d := foot(l.w.at(e.from), l.w.at(e.to), xy); d <= l.snap && d < best {
			best, s = d, stop{on: at, enter: true, bound: true}
		}
	}
	return s, best <= l.snap
}

func nearLine(line []orb.Point, xy orb.Point, m float64) bool {
	for i := range len(line) - 1 {
		if nearBox(line[i], line[i+1], xy, m) {
			if _, d := foot(line[i], line[i+1], xy); d <= m {
				return true
			}
		}
	}
	return false
}

func shapes(faces []face) []Shape {
	out := make([]Shape, len(faces))
	for i, f := range faces {
		out[i] = f.shape
	}
	return out
}
