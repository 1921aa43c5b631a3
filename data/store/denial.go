package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"luodi/geo"
	"luodi/geo/land"
)

// Stale says that the version an editor saw is outdated: If-Match fails. It matches ErrConflict.
type Stale struct {
	ID            uuid.UUID
	Code          string
	Seen, Current int64
}

func (e *Stale) Error() string {
	return fmt.Sprintf("%s was changed since: version %d was seen, %d is current", e.Code, e.Seen, e.Current)
}

// Unwrap makes a Stale an ErrConflict.
func (e *Stale) Unwrap() error { return ErrConflict }

// Shortfall is the service that a node lacks for an order.
type Shortfall struct {
	Node     *uuid.UUID   `json:"node,omitempty" format:"uuid" doc:"The node; absent where the park has none of the service."`
	Code     string       `json:"code,omitempty" doc:"The node's code."`
	Service  land.Service `json:"service"`
	Unit     string       `json:"unit"`
	Capacity geo.Amount   `json:"capacity"`
	Promised geo.Amount   `json:"promised" doc:"To others, or before what is asked."`
	Asked    geo.Amount   `json:"asked"`
	Short    geo.Amount   `json:"shortfall"`
}

// Ground is the ground of a change that belongs to another park's parcel, or that lies outside the park's border.
type Ground struct {
	Park   string  `json:"park,omitempty" doc:"The code of the park that holds it."`
	ParkZH string  `json:"park_zh,omitempty"`
	ParkEN string  `json:"park_en,omitempty"`
	Parcel string  `json:"parcel,omitempty" doc:"The code of its parcel, where the public may see that."`
	M2     float64 `json:"m2" doc:"How much of it."`
	M      float64 `json:"m,omitempty" doc:"How far from the border its farthest point lies."`
}

// Denial says why a change of land cannot be made and at which parcel. Rule is stable: the name of the database's
// constraint, or of the rule that saw it first. It matches ErrRefused.
type Denial struct {
	Rule   string
	Kind   string    // unique, reference or check: what sort of constraint it is, of the database's own alone
	Parcel uuid.UUID // uuid.Nil where it concerns no one parcel
	Code   string
	Status string
	Holder string // the project that has the right, in Chinese
	Until  *time.Time
	Detail string     // what the rule said in the database, for the log
	Why    *geo.Words // what of the rule it is, where the rule has several reasons
	Supply *Shortfall // of the rules about services
	Ground *Ground    // of the rules about whose ground it is
	cause  error
}

func (e *Denial) Error() string {
	text := e.Rule
	if e.Code != "" {
		text += ": parcel " + e.Code
	}
	if e.Status != "" {
		text += " is " + e.Status
	}
	if e.Holder != "" {
		text += " for " + e.Holder
	}
	if s := e.Supply; s != nil {
		text += fmt.Sprintf(": %s of %s: %s %s there, %s promised, %s asked, %s short", s.Service, s.Code, s.Capacity,
			s.Unit, s.Promised, s.Asked, s.Short)
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Why != nil {
		text += ": " + e.Why.String()
	}
	return text
}

// Unwrap gives the kind of the error and the database's own words, where it was the database that refused.
func (e *Denial) Unwrap() []error {
	if e.cause == nil {
		return []error{ErrRefused}
	}
	return []error{ErrRefused, e.cause}
}

// Because is a denial for one of the reasons that a rule may have.
func Because(rule string, why geo.Rule, args ...any) *Denial {
	words := geo.Say(why, args...)
	return &Denial{Rule: rule, Why: &words}
}

// ExplainDenial gives a database rule's refusal its name; other errors stay as they are.
func ExplainDenial(err error) error {
	rule := Constraint(err)
	if rule == "" {
		return err
	}
	d := &Denial{Rule: rule, Kind: constraintKind(err), Detail: raised(err), cause: err}
	if text := detail(err); text != "" {
		var on struct {
			Ground
			ID    uuid.UUID `json:"parcel"`
			Code  string    `json:"code"`
			Other string    `json:"other"`
		}
		if json.Unmarshal([]byte(text), &on) == nil && on.M2 > 0 {
			d.Parcel, d.Code, d.Ground = on.ID, on.Code, &on.Ground
			d.Ground.Parcel = on.Other
		}
		var short Shortfall
		if json.Unmarshal([]byte(text), &short) == nil && short.Service != "" {
			d.Supply = &short
		}
	}
	return d
}
