package lot

import "github.com/paulmach/orb"

// Cutter tries cuts of one parcel without changing the plane: what packages build on that look for lots.
type Cutter struct{ carver }

// NewCutter refuses rules out of range and a shape that is no sound parcel.
func NewCutter(p *Plane, s Shape, r Rules) (*Cutter, error) {
	w := newWork(p)
	if err := r.check(p); err != nil {
		return nil, err
	}
	shape, err := w.settle(s, 0)
	if err != nil {
		return nil, err
	}
	return &Cutter{carver{w: w, shape: shape, rules: r}}, nil
}

// Piece is land cut off a parcel, Part 0, and what the cut left, the parts from 1. Nothing is left of a whole parcel.
type Piece struct {
	carved
	rules Rules
}

// Whole is the parcel itself.
func (c *Cutter) Whole() Piece {
	return Piece{carved{w: c.w, parts: []Shape{c.shape}, area: c.w.area(c.shape)}, c.rules}
}

// Off cuts off the largest piece of land left of a line, as [Cut] would cut; of the line only the stretches that bound
// the piece are cut. It refuses a line that [Cut] refuses; whether the parts are large and wide enough is asked by
// [Piece.Division].
func (c *Cutter) Off(line []orb.Point) (Piece, error) {
	got, err := c.at(line, c.rules.SnapM)
	return Piece{got, c.rules}, err
}

// Parts counts the piece and the parts that the cut left.
func (p Piece) Parts() int { return len(p.parts) }

// AreaM2 is the computed area of a part.
func (p Piece) AreaM2(part int) float64 { return p.w.area(p.parts[part]) }

// PerimeterM is the length of a part's sides, including its holes.
func (p Piece) PerimeterM(part int) float64 { return p.w.perimeter(p.parts[part]) }

// Outline draws the rings of a part, the first point not repeated at the end and the land on the left of every side.
func (p Piece) Outline(part int) [][]orb.Point {
	out := make([][]orb.Point, len(p.parts[part]))
	for i, ring := range p.parts[part] {
		out[i] = p.w.points(ring)
	}
	return out
}

// Division refuses parts below the least area or width, and numbers the new vertices.
func (p Piece) Division() (Division, error) {
	if err := p.w.allow(p.parts, p.rules); err != nil {
		return Division{}, err
	}
	return p.w.finish(p.parts), nil
}

// Sound refuses a shape that is no sound parcel, and returns it wound as the package winds shapes: its outer ring
// counter-clockwise, its holes clockwise.
func (p *Plane) Sound(s Shape) (Shape, error) { return newWork(p).settle(s, 0) }

// Outline draws the rings of a shape, the first point not repeated at the end.
func (p *Plane) Outline(s Shape) [][]orb.Point {
	out := make([][]orb.Point, len(s))
	for i, ring := range s {
		out[i] = make([]orb.Point, len(ring))
		for k, id := range ring {
			out[i][k] = p.xy[id]
		}
	}
	return out
}
