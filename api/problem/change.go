package problem

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/lot"
	"luodi/message"
)

// Change is what a problem says besides when a change of land was refused. Which members are there depends on the type.
type Change struct {
	Rule         string              `json:"rule,omitempty" doc:"Stable name of the rule that refuses." example:"one_right_at_a_time"`
	Parcel       *uuid.UUID          `json:"parcel,omitempty" format:"uuid" doc:"The parcel it is about."`
	Code         string              `json:"code,omitempty" doc:"Its code."`
	ParcelStatus string              `json:"parcel_status,omitempty" doc:"Its status: reserve, available, held, reserved, supplied, built, withdrawn or retired."`
	Holder       string              `json:"holder,omitempty" doc:"The project that has the right to it."`
	Until        *time.Time          `json:"until,omitempty" doc:"The deadline of a hold."`
	Reason       string              `json:"reason,omitempty" doc:"Why a shape was refused." example:"too_thin"`
	At           [][2]float64        `json:"at,omitempty" doc:"Where a shape was refused: longitude and latitude."`
	Said         string              `json:"said,omitempty" doc:"The same in English, whatever the reader's language, with measures and codes."`
	Seen         int64               `json:"seen,omitempty" doc:"The version that was stated."`
	Current      int64               `json:"current,omitempty" doc:"The version that is current."`
	Now          any                 `json:"now,omitempty" doc:"What the parcel or right is now."`
	Differ       []ledger.Difference `json:"differ,omitempty" doc:"On what parcels that are to be merged differ: decide each."`
	Supply       *store.Shortfall    `json:"supply,omitempty" doc:"What a node lacks: of the rules about services."`
	Ground       *store.Ground       `json:"ground,omitempty" doc:"Which park holds the ground, or how far a parcel lies outside its own."`
	reason       *geo.Words
	kind         string // of a constraint
	detail       string
}

// Located is an error with context: the place it is about, or the current state.
type Located struct {
	Err error
	At  [][2]float64 // longitude and latitude
	Now any
	In  *time.Location // where the park's clocks are; nil stands for UTC
}

// Error implements error.
func (e *Located) Error() string { return e.Err.Error() }

// Unwrap gives the error itself.
func (e *Located) Unwrap() error { return e.Err }

// changeOf explains an error of a change of land; nil for others.
func changeOf(err error, lang message.Lang) (Kind, *Change) {
	var located Located
	if found := (*Located)(nil); errors.As(err, &found) {
		located = *found
	}
	var stale *store.Stale
	var denial *store.Denial
	var undecided *ledger.Undecided
	var shape *lot.Refused
	var invalid *geo.Invalid
	switch {
	case errors.As(err, &stale):
		c := &Change{Parcel: known(stale.ID), Code: stale.Code, Seen: stale.Seen, Current: stale.Current,
			Now: located.Now}
		c.detail = message.Text(lang, "change.stale", "code", stale.Code, "seen", stale.Seen, "current", stale.Current)
		return Stale, c
	case errors.As(err, &undecided):
		c := &Change{Differ: undecided.Differ}
		names := make([]string, len(c.Differ))
		for i, d := range c.Differ {
			names[i] = textOr(lang, "change.fact."+d.Field, d.Field)
		}
		c.detail = message.Text(lang, "change.undecided", "facts",
			strings.Join(names, message.Text(lang, "change.comma")))
		return Undecided, c
	case errors.As(err, &denial):
		c := &Change{Rule: denial.Rule, Parcel: known(denial.Parcel), Code: denial.Code, ParcelStatus: denial.Status,
			Holder: denial.Holder, Until: denial.Until, Supply: denial.Supply, Ground: denial.Ground,
			reason: denial.Why, kind: denial.Kind}
		c.Said = explain(c, message.EN, located.In)
		c.detail = explain(c, lang, located.In)
		return Refused, c
	case errors.As(err, &shape):
		c := &Change{Rule: "shape", Reason: string(shape.Reason), At: located.At, Said: instead(&shape.Invalid)}
		c.detail = sayShape(shape, located.At, lang)
		return Refused, c
	case errors.As(err, &invalid) && invalid.Field == "state": // a step that the life of a right doesn't have
		c := &Change{Rule: "right_moves", Said: instead(invalid), reason: &invalid.Words}
		c.detail = explain(c, lang, nil)
		return Refused, c
	}
	return Kind{}, nil
}

// kinds are the texts of constraints that have none of their own, by what sort they are.
var kinds = map[string]string{"unique": "change.kind.unique", "reference": "change.kind.reference",
	"check": "change.kind.check"}

// explain puts into words the rule that refused a change and the facts known of the parcel, with times in the park's
// time zone.
func explain(c *Change, lang message.Lang, in *time.Location) string {
	if in == nil {
		in = time.UTC
	}
	comma := message.Text(lang, "change.comma")
	text := textOr(lang, "change.rule."+c.Rule, message.Text(lang, cmp.Or(kinds[c.kind], "change.rule")))
	var parts []string
	if c.Code != "" {
		parts = append(parts, message.Text(lang, "change.parcel", "code", c.Code))
	}
	if c.ParcelStatus != "" {
		parts = append(parts, textOr(lang, "change.status."+c.ParcelStatus, c.ParcelStatus))
	}
	if c.Holder != "" {
		parts = append(parts, message.Text(lang, "change.holder", "holder", c.Holder))
	}
	if c.Until != nil {
		parts = append(parts, message.Text(lang, "change.until", "until", message.Moment(lang, c.Until.In(in))))
	}
	if s := c.Supply; s != nil {
		parts = append(parts, message.Text(lang, "change.supply", "service",
			textOr(lang, "change.service."+string(s.Service), string(s.Service)), "node", s.Code, "unit", s.Unit,
			"capacity", plain(s.Capacity), "promised", plain(s.Promised), "asked", plain(s.Asked), "short",
			plain(s.Short)))
	}
	if g := c.Ground; g != nil {
		parts = append(parts, sayGround(g, lang))
	}
	if c.reason != nil {
		parts = append(parts, Said(lang, *c.reason))
	}
	if len(parts) == 0 {
		return text
	}
	return message.Text(lang, "change.refused", "rule", text, "facts", strings.Join(parts, comma))
}

// instead says in English what was expected and what was received.
func instead(invalid *geo.Invalid) string {
	return Said(message.EN, invalid.Words) + "; got " + Got(message.EN, invalid)
}

// sayShape says why a shape is refused, what was expected, what was received, and where: by longitude and latitude,
// or in metres of the survey plane if the degrees are not known.
func sayShape(refused *lot.Refused, at [][2]float64, lang message.Lang) string {
	key, place := "change.shape.at", sayPlaces(at, lang)
	switch {
	case place == "":
		key = "change.shape.detail"
	case refused.Placed: // what came is the place
		key = "change.shape.placed"
	}
	return message.Text(lang, key, "reason", message.Text(lang, "change.shape."+string(refused.Reason)), "expected",
		Said(lang, refused.Words), "got", Got(lang, &refused.Invalid), "place", place)
}

// sayPlaces names the first two of some places to the centimetre.
func sayPlaces(at [][2]float64, lang message.Lang) string {
	const shown, decimals = 2, 7
	var names []string
	for _, p := range at[:min(shown, len(at))] {
		names = append(names, strconv.FormatFloat(p[0], 'f', decimals, 64)+" "+
			strconv.FormatFloat(p[1], 'f', decimals, 64))
	}
	text := strings.Join(names, message.Text(lang, "change.comma"))
	if more := len(at) - shown; more > 0 {
		return message.Text(lang, "change.shape.more", "places", text, "n", more)
	}
	return text
}

// sayGround says which park holds the ground, or how far a parcel lies outside its own.
func sayGround(g *store.Ground, lang message.Lang) string {
	m2 := strconv.FormatFloat(g.M2, 'f', -1, 64)
	if g.Park == "" {
		return message.Text(lang, "change.ground.outside", "m2", m2, "m", strconv.FormatFloat(g.M, 'f', -1, 64))
	}
	name := g.ParkEN
	if lang == message.ZH {
		name = g.ParkZH
	}
	if g.Parcel == "" {
		return message.Text(lang, "change.ground.park", "park", name, "m2", m2)
	}
	return message.Text(lang, "change.ground.parcel", "park", name, "parcel", g.Parcel, "m2", m2)
}

// plain prints an amount without decimals that say nothing.
func plain(a geo.Amount) string { return strconv.FormatFloat(a.Float(), 'f', -1, 64) }

func textOr(lang message.Lang, key, other string) string {
	if message.Known(key) {
		return message.Text(lang, key)
	}
	return other
}

func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
