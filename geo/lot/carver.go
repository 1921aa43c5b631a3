package lot

import (
	"errors"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// carver splits an area off a shape, left of lines that run in one direction.
type carver struct {
	w     *work
	shape Shape
	rules Rules
	dir   orb.Point
	ruler *ruler
}

// carved is what a line made: the piece first, then the rest, with the work that holds their nodes.
type carved struct {
	w      *work
	parts  []Shape
	area   float64   // of the piece
	pieces int       // how many pieces lie on its side of the line
	hinges []int     // vertices that the line was drawn to
	cuts   []segment // where it cut
}

// carve finds the line and cuts.
func (c *carver) carve(target float64) (carved, error) {
	total := c.w.area(c.shape)
	if !(target > MeetM2 && target < total-MeetM2) {
		return carved{}, refuseArea(total, target)
	}
	c.ruler = c.w.ruler(c.shape, c.dir)
	y := Bisect(c.ruler.low, c.ruler.high, target, 1e-10, c.ruler.left)
	got, err := c.settle(y, target)
	if err == nil && got.pieces > 1 && !c.met(got, target) {
		y = c.alone(y, target)
		got, err = c.settle(y, target)
	}
	if err != nil {
		return carved{}, err
	}
	return got, c.refuse(got, target)
}

// refuseArea refuses an area to cut off that is zero or the whole, within the resolution of areas.
func refuseArea(total, target float64) *Refused {
	switch {
	case math.IsNaN(target):
		return refuse(BadArea, "area_m2", "number.finite", target)
	case target <= MeetM2:
		bound, came := geo.Apart(MeetM2, target)
		return refuse(BadArea, "area_m2", "lot.area_above", text(came), "m2", bound)
	}
	bound, came := geo.Apart(total-MeetM2, target)
	return refuse(BadArea, "area_m2", "lot.area_below", text(came), "m2", bound)
}

func (c *carver) refuse(got carved, target float64) error {
	at := got.w.at(got.parts[0][0][0])
	if math.Abs(got.area-target) > MeetM2 {
		piece, asked := geo.Apart(min(got.area, target), target)
		return refuse(SeveralPieces, "area_m2", "lot.one_piece_side", geo.Say("came.piece", "m2", piece, "asked", asked)).
			at(at)
	}
	if len(got.parts) > 2 {
		var sizes []string
		for _, s := range got.parts[1:] {
			sizes = append(sizes, num(got.w.area(s))+" m²")
		}
		return refuse(SeveralPieces, "bearing", "lot.leaves_one_piece",
			geo.Say("came.pieces", "sizes", strings.Join(sizes, ", "))).at(at)
	}
	return nil
}

// settle cuts at y, through the vertices near the line if the area allows it.
func (c *carver) settle(y, target float64) (carved, error) {
	var got carved
	var err error
	for _, snap := range []float64{c.rules.SnapM, gridM, exactM} {
		got, err = c.at(c.ruler.line(y), snap)
		if err != nil {
			continue
		}
		if c.met(got, target) {
			return got, nil
		}
		if got.pieces > 1 {
			continue
		}
		if turned, ok := c.turn(got, target, snap); ok {
			return turned, nil
		}
	}
	return got, err
}

const (
	gridM  = 1e-4 // what the stored grid of 1e-9° can tell apart
	exactM = 1e-6 // what rounding can't make two points of
)

func (c *carver) met(got carved, target float64) bool { return math.Abs(got.area-target) <= MeetM2 }

// turn turns the line about a vertex it was drawn to until the area is met.
func (c *carver) turn(got carved, target, snap float64) (carved, bool) {
	for _, id := range got.hinges {
		hinge := c.ruler.turned(got.w.at(id))
		angle, found := c.angle(hinge, target)
		if !found {
			continue
		}
		turned, err := c.at(c.ruler.lineThrough(hinge, angle), snap)
		if err == nil && c.met(turned, target) {
			return turned, true
		}
	}
	return carved{}, false
}

// angle finds by how many radians the line through hinge must turn.
func (c *carver) angle(hinge orb.Point, target float64) (float64, bool) {
	const most = 0.02
	f := func(angle float64) float64 { return c.ruler.leftOf(hinge, angle) }
	for angle := 1e-5; angle <= most; angle *= 4 {
		if a, b := f(-angle) > target, f(angle) > target; a != b {
			lo, hi := -angle, angle
			if b {
				lo, hi = hi, lo
			}
			return Bisect(lo, hi, target, 1e-13, f), true
		}
	}
	return 0, false
}

// alone finds where the piece itself has the area, though others lie on its side of the line: it moves the line on from
// y.
func (c *carver) alone(y, target float64) float64 {
	size := func(y float64) float64 {
		nudge := (c.ruler.high - c.ruler.low) * 1e-9
		for i := range 4 {
			got, err := c.at(c.ruler.line(y+float64(i)*nudge), exactM)
			var refused *Refused
			switch {
			case err == nil:
				return got.area
			case errors.As(err, &refused) && (refused.Reason == LineMisses || refused.Reason == LineTouches):
				if y > (c.ruler.low+c.ruler.high)/2 {
					return 0
				}
				return math.Inf(1)
			}
		}
		return 0
	}
	return Bisect(c.ruler.low, y, target, 1e-7, size)
}

// at cuts by one line and picks the piece; of the line only what bounds the piece is cut.
func (c *carver) at(line []orb.Point, snap float64) (carved, error) {
	w := c.w.fork()
	l := &liner{w: w, shape: c.shape, snap: snap}
	l.lookAround(c.rules.Near, line)
	n, err := l.node(line)
	if err != nil {
		return carved{}, err
	}
	faces, sides, err := w.faces(n.with(w, n.onCut()), n.cuts)
	if err != nil {
		return carved{}, err
	}
	piece, pieces := biggest(w, faces, sides)
	if len(faces) > 2 {
		n.cuts = bounding(n.cuts, sides, piece)
		if faces, sides, err = w.faces(n.with(w, n.onCut()), n.cuts); err != nil {
			return carved{}, err
		}
		piece = sides[0][0]
	}
	got := carved{w: w, cuts: n.cuts, pieces: pieces, hinges: n.hinges, parts: []Shape{faces[piece].shape},
		area: w.area(faces[piece].shape)}
	for i, f := range faces {
		if i != piece {
			got.parts = append(got.parts, f.shape)
		}
	}
	return got, nil
}

// biggest chooses the largest face left of the line, and counts the faces there.
func biggest(w *work, faces []face, sides [][2]int) (piece, pieces int) {
	var most float64
	seen := make(map[int]bool)
	for _, s := range sides {
		f := s[0]
		if seen[f] {
			continue
		}
		if area := w.area(faces[f].shape); len(seen) == 0 || area > most {
			piece, most = f, area
		}
		seen[f] = true
	}
	return piece, len(seen)
}

// bounding keeps the cuts that bound a face.
func bounding(cuts []segment, sides [][2]int, face int) []segment {
	var out []segment
	for i, c := range cuts {
		if sides[i][0] == face || sides[i][1] == face {
			out = append(out, c)
		}
	}
	return out
}
