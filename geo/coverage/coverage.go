package coverage

import (
	"github.com/paulmach/orb"
)

// Shape is one parcel: closed rings in metres, the outer one first. Rings may run either way. A fixed shape is known to
// be right: others are brought to it and it never changes.
type Shape struct {
	Rings orb.Polygon
	Fixed bool
}

// stillM is the distance up to which a vertex lies on a fixed edge, in metres: two steps of the grid of 1e-9 degrees on
// which shapes are kept, so that what was put on an edge and rounded is not moved again.
const stillM = 0.0002

// LeastToleranceM and MostToleranceM bound a tolerance, in metres: several steps of the grid of 1e-9 degrees, and what
// can still be a slip of a survey.
const (
	LeastToleranceM = 0.001
	MostToleranceM  = 0.5
)

// Kind is what is wrong.
type Kind string

// The kinds of findings.
const (
	Overlap      Kind = "overlap"       // ground of two shapes along their edges
	Gap          Kind = "gap"           // ground of none between the edges of two shapes
	TJunction    Kind = "t_junction"    // a vertex on or near an edge that has no node there
	NearVertices Kind = "near_vertices" // two vertices that should be one
	ClosePoints  Kind = "close_points"  // two vertices of one shape that are as near
	Duplicate    Kind = "duplicate"     // a vertex that follows itself
	Spike        Kind = "spike"         // a ring goes out and comes back the same way
	Crossing     Kind = "crossing"      // a ring crosses itself, or another of its shape
)

// Kinds are all kinds, in the order in which they are told.
var Kinds = []Kind{Overlap, Gap, TJunction, NearVertices, ClosePoints, Duplicate, Spike, Crossing}

// Finding is one thing that is wrong.
type Finding struct {
	Kind Kind
	A, B int // which shapes, by their index; B is −1 where one shape alone is concerned
	// WidthM is how far apart, in metres: of a gap or an overlap its greatest width, of vertices their distance, of a
	// vertex that of the edge. AreaM2 is the area of a gap, an overlap or a spike. LengthM is how long it is.
	WidthM, AreaM2, LengthM float64
	At                      orb.Point // where: of a gap or an overlap where it is widest
}

// Change is a shape that was mended.
type Change struct {
	Index             int
	BeforeM2, AfterM2 float64
	MoveM             float64 // the greatest move of a vertex
	Nodes             int     // how many vertices it has more than before, less what fell together
}

// Reason is why a shape was left as it is.
type Reason string

// The reasons.
const (
	Collapses Reason = "collapses"   // it, or a part of it, is narrower than the tolerance
	FallsIn   Reason = "touches"     // it would touch or cross itself
	TooMuch   Reason = "too_much"    // its area would change by more than the bound
	Unusable  Reason = "not_a_shape" // it has no ring of three places, or a coordinate that is no number
)

// Reasons are all reasons.
var Reasons = []Reason{Collapses, FallsIn, TooMuch, Unusable}

// Left is a shape that can't be mended, and why. Its neighbours were brought to it as to a fixed one.
type Left struct {
	Index int
	Why   Reason
}

// Result is what Mend did. Rings holds each shape's rings, those given where nothing changed.
type Result struct {
	Rings   []orb.Polygon
	Changes []Change
	Left    []Left
}
