package data

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Stale says that what an editor saw is no longer so: If-Match fails. It matches ErrConflict.
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

// Denial says why a change of land cannot be made and at which parcel. Rule is stable: the name of the database's constraint, or of the
// rule that saw it first. It matches ErrRefused.
type Denial struct {
	Rule   string
	Parcel uuid.UUID // uuid.Nil where it concerns no one parcel
	Code   string
	Status string
	Holder string // the project that has the right, in Chinese
	Until  *time.Time
	Detail string
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
	if e.Detail != "" {
		text += ": " + e.Detail
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

// explainDenial gives a database rule's refusal its name; other errors stay as they are.
func explainDenial(err error) error {
	rule := Constraint(err)
	if rule == "" {
		return err
	}
	return &Denial{Rule: rule, Detail: message(err), cause: err}
}
