package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"luodi/geo"
)

// Then is what follows a split in the same transaction: one of the lots it makes is held for a project or, where it is
// reserve, proposed for release.
type Then struct {
	Kind    string     `json:"kind" enum:"hold,release"`
	Lot     string     `json:"lot" minLength:"1" maxLength:"100" text:"code" doc:"Code of one of the parcels that the split makes."`
	Project *uuid.UUID `json:"project,omitempty" format:"uuid" doc:"hold: the project the lot is held for"`
	Until   *time.Time `json:"until,omitempty" doc:"hold: its deadline"`
	Draws   *[]Draw    `json:"draws,omitempty" maxItems:"100" doc:"hold: what it draws of services, as in a hold"`
}

// Followed is the result of the second step: the outcome of a hold, which is a record of its own, or a proposal that
// waits for a second person. A preview keeps neither.
type Followed struct {
	Outcome  *Outcome  `json:"outcome,omitempty"`
	Proposal *Proposal `json:"proposal,omitempty"`
}

// checkThen refuses what can follow nothing.
func checkThen(c Command) error {
	switch {
	case c.Then == nil:
		return nil
	case c.Kind != "split":
		return geo.NewInvalid("then", "then.after_split", c.Kind)
	case c.Then.Kind != "hold" && c.Then.Kind != "release":
		return geo.NewInvalid("then.kind", "one_of", c.Then.Kind, "values", "hold, release")
	case c.Then.Kind == "release" && (c.Then.Project != nil || c.Then.Until != nil || c.Then.Draws != nil):
		return geo.NewInvalid("then", "then.lot_alone", "project, until, draws")
	}
	return nil
}

// follow carries out the second step of a split. The split has been checked by then; if the second step is refused,
// both are rolled back.
func (w *work) follow(ctx context.Context) (*Followed, error) {
	then := w.order.Command.Then
	lot, made := w.made[then.Lot]
	if !made {
		return nil, geo.NewInvalid("then.lot", "then.lot", then.Lot)
	}
	next := w.order
	next.Command = Command{Kind: then.Kind, Parcels: []Ref{{ID: lot, Version: w.seq}}, Project: then.Project,
		Until: then.Until, Draws: then.Draws}
	if then.Kind == "release" {
		return w.proposeRelease(ctx, next)
	}
	if _, err := w.tx.Exec(ctx, "SET CONSTRAINTS ALL DEFERRED"); err != nil {
		return nil, err
	}
	out, err := (&work{order: next, tx: w.tx}).carryOut(ctx, hold)
	var invalid *geo.Invalid
	if errors.As(err, &invalid) && invalid.Field != "state" {
		return nil, invalid.Under("then." + invalid.Field)
	}
	return &Followed{Outcome: &out}, err
}

// proposeRelease keeps a proposal to release a lot, once nothing stands against its release but that a second person
// must sign.
func (w *work) proposeRelease(ctx context.Context, release Order) (*Followed, error) {
	asks := &work{order: release, tx: w.tx, park: w.park}
	if _, err := asks.inBank(ctx, "reserve"); err != nil {
		return nil, err
	}
	p, err := propose(ctx, w.tx, release)
	return &Followed{Proposal: &p}, err
}
