package lot

import (
	"fmt"
	"math"
	"strconv"

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

// Refused says what was refused and where. It is a [geo.Invalid] to errors.As and matches [geo.ErrInvalid].
type Refused struct {
	geo.Invalid
	Reason  Reason
	At      []orb.Point // where, in planar metres; nil when it is about the whole
	Parcels []int       // which of the given parcels, by place; nil when there is but one
}

// Error implements error.
func (r *Refused) Error() string { return string(r.Reason) + ": " + r.Invalid.Error() }

// Unwrap lets errors.As find the *geo.Invalid.
func (r *Refused) Unwrap() error { return &r.Invalid }

// Refuse makes a refusal of a field: what was expected, what came, and where in planar metres when there is a place.
func Refuse(reason Reason, field, expected string, got any, at ...orb.Point) *Refused {
	return refuse(reason, field, expected, got, at...)
}

func refuse(reason Reason, field, expected string, got any, at ...orb.Point) *Refused {
	return &Refused{Invalid: *geo.NewInvalid(field, expected, got), Reason: reason, At: at}
}

// refuseAt is a refusal whose Got is the place.
func refuseAt(reason Reason, field, expected string, at ...orb.Point) *Refused {
	return refuse(reason, field, expected, text(places(at)), at...)
}

// Of says which of the given parcels, by place, are meant.
func (r *Refused) Of(parcels ...int) *Refused { return r.of(parcels...) }

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

// Num prints square metres or metres to four decimals at most.
func Num(x float64) string { return num(x) }

func num(x float64) string { return strconv.FormatFloat(math.Round(x*1e4)/1e4, 'f', -1, 64) }
