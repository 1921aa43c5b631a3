package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/alecthomas/kong"

	"luodi/data/ledger"
)

type landCmd struct {
	ordering
	why
	Parcels []string `arg:"" help:"Codes of the parcels."`
}

// Run makes an order that takes parcels alone: it changes their status or publication.
func (c landCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	parcels, err := c.parcels(ctx, e, c.Parcels)
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Parcels: parcels})
}

type holdCmd struct {
	landCmd
	Project string `help:"Code of the project the land is held for." required:""`
	Until   string `help:"The deadline: an RFC 3339 instant, or a date, whose end in the park's time zone is meant." required:""`
}

// Run holds parcels.
func (c holdCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	until, err := c.until(ctx, e, c.Until)
	if err != nil {
		return err
	}
	project, err := c.project(ctx, e, c.Project)
	if err != nil {
		return err
	}
	parcels, err := c.parcels(ctx, e, c.Parcels)
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Parcels: parcels, Project: project,
		Until: until})
}

type rightCmd struct {
	ordering
	why
	ofRight
}

// Run orders the next step of a right.
func (c rightCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	return c.step(ctx, e, ledger.Command{Kind: kindOf(k)})
}

func (c rightCmd) step(ctx context.Context, e *env, command ledger.Command) error {
	right, err := c.of(ctx, e, c.ordering)
	if err != nil {
		return err
	}
	command.Allotment = right
	return c.command(ctx, e, c.Reason, command)
}

type extendCmd struct {
	rightCmd
	Until string `help:"The new deadline: an RFC 3339 instant, or a date, whose end in the park's time zone is meant." required:""`
}

// Run extends a hold.
func (c extendCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	until, err := c.until(ctx, e, c.Until)
	if err != nil {
		return err
	}
	return c.step(ctx, e, ledger.Command{Kind: kindOf(k), Until: until})
}

type supplyCmd struct {
	rightCmd
	Mode        string  `help:"How the land is supplied: tender, auction, listing, agreement, long_lease, lease_then_grant or flexible_term." enum:"tender,auction,listing,agreement,long_lease,lease_then_grant,flexible_term" required:""`
	Years       float64 `help:"The term in years." required:""`
	Commitments string  `help:"What the project commits itself to, as a JSON object such as {\"investment_per_mu\": 300}, in 10,000 CNY." placeholder:"JSON"`
}

// Run proposes a supply.
func (c supplyCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	terms := &ledger.Terms{SupplyMode: c.Mode, TermYears: c.Years}
	if c.Commitments != "" {
		if err := json.Unmarshal([]byte(c.Commitments), &terms.Commitments); err != nil {
			return usageError{errors.New(e.text("cli.record.json", "file", "--commitments", "cause", err))}
		}
	}
	return c.step(ctx, e, ledger.Command{Kind: kindOf(k), Terms: terms})
}

type revertCmd struct {
	ordering
	why
	Seq int64 `arg:"" help:"Number of the change to reverse, as luodi record list prints it."`
}

// Run reverses a change.
func (c revertCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Reverts: c.Seq})
}
