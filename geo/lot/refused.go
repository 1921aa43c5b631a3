package lot

import (
	"fmt"

	"github.com/paulmach/orb"

	"luodi/geo"
)

// Reason says why an operation was refused. Its values are stable: texts for people hang on them.
type Reason string

// The reasons.
const (
	BadShape       Reason = "bad_shape"        // a parcel crosses or touches itself, or has no area
	BadRules       Reason = "bad_rules"        // the rules are out of range
	BadLine        Reason = "bad_line"         // fewer than two points, or one that is not finite
	LineMisses     Reason = "line_misses"      // the line doesn't meet the parcel
	LineTouches    Reason = "line_touches"     // it touches or follows the boundary and never enters
	LineCrosses    Reason = "line_crosses"     // it crosses or touches itself
	LineEndsInside Reason = "line_ends_inside" // it ends inside the parcel, or in one of its holes
	LineLeaves     Reason = "line_leaves"      // a moved boundary leaves the two parcels
	TooClose       Reason = "too_close"        // the line runs too close to other sides to be told apart
	PointContact   Reason = "point_contact"    // a part, or the merged land, would touch itself at a point
	TooSmall       Reason = "too_small"        // a part is below the least area
	TooThin        Reason = "too_thin"         // a part is thinner than the least width
	BadArea        Reason = "bad_area"         // the area asked for is not between 0 and what there is
	BadDirection   Reason = "bad_direction"    // a bearing that is not a number, or no side of the parcel
	SeveralPieces  Reason = "several_pieces"   // a part would lie in several pieces
	NoSharedEdge   Reason = "no_shared_edge"   // parcels don't touch along an edge
	// parcels overlap, or differ along their edge, by more than the tolerance
	Overlaps    Reason = "overlaps"
	BadRequest  Reason = "bad_request"  // what is asked for is out of range or contradicts itself
	NoRectangle Reason = "no_rectangle" // no rectangle with the sides asked for has room
	// the parcel, or every lot or rest that was tried, fronts roads by too little
	NoFrontage Reason = "no_frontage"
	NoRoom     Reason = "no_room"     // no lot of the area has a shape that will do
	NoRest     Reason = "no_rest"     // what would be left is too small, in pieces or without a road
	NoAssembly Reason = "no_assembly" // no connected parcels have an area in the range
)

// Refused is a refusal with its place. It is a [geo.Invalid] to errors.As and matches [geo.ErrInvalid].
type Refused struct {
	geo.Invalid
	Reason  Reason
	At      []orb.Point // where, in planar metres; nil when it is about the whole
	Placed  bool        // Got names these places and nothing else
	Parcels []int       // which of the given parcels, by place; nil when there is but one
}

// Error implements error.
func (r *Refused) Error() string { return string(r.Reason) + ": " + r.Invalid.Error() }

// Unwrap lets errors.As find the *geo.Invalid.
func (r *Refused) Unwrap() error { return &r.Invalid }

// Refuse makes a refusal of a field by a rule; args alternate the names and values of the rule's placeholders.
func Refuse(reason Reason, field string, rule geo.Rule, got any, args ...any) *Refused {
	return refuse(reason, field, rule, got, args...)
}

// refuse returns a refusal; args alternate the names and values of the rule's placeholders.
func refuse(reason Reason, field string, rule geo.Rule, got any, args ...any) *Refused {
	return &Refused{Invalid: *geo.NewInvalid(field, rule, got, args...), Reason: reason}
}

// refuseAt is a refusal of what lies at some places.
func refuseAt(reason Reason, field string, rule geo.Rule, at ...orb.Point) *Refused {
	r := refuse(reason, field, rule, text(places(at))).at(at...)
	r.Placed = true
	return r
}

// Where says where it was, in planar metres.
func (r *Refused) Where(at ...orb.Point) *Refused { return r.at(at...) }

// Of says which of the given parcels, by place, it is about.
func (r *Refused) Of(parcels ...int) *Refused { return r.of(parcels...) }

// at says where it was.
func (r *Refused) at(at ...orb.Point) *Refused {
	r.At = at
	return r
}

// of says which parcels it is about.
func (r *Refused) of(parcels ...int) *Refused {
	r.Parcels = parcels
	return r
}

// Text is printed as it is, not quoted.
type Text string

type text = Text

// places names points to the centimetre, the first two of many.
func places(at []orb.Point) string {
	var s string
	for i, p := range at {
		if i == 2 {
			return s + fmt.Sprintf(" and %d more", len(at)-2)
		}
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%.2f E %.2f N", p[0], p[1])
	}
	return s
}

// Num prints square metres or metres to four decimals, smaller values to as many as they need.
func Num(x float64) string { return num(x) }

func num(x float64) string {
	_, s := geo.Apart(0, x)
	return s
}
