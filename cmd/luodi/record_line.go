package main

import (
	"context"
	"errors"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/geo"
	"luodi/geo/land"
)

type drawCmd struct {
	rightCmd
	Draw []string `help:"What is drawn: SERVICE:NODE:AMOUNT, the node by its code, the amount in the service's unit. May be given several times; without it the right draws what its project needs." sep:"none" placeholder:"SERVICE:NODE:AMOUNT" xor:"draws"`
	None bool     `help:"Draw nothing." xor:"draws"`
}

// Run changes what a right draws of services.
func (c drawCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	command := ledger.Command{Kind: kindOf(k)}
	if c.None || len(c.Draw) > 0 {
		draws, err := c.draws(ctx, e)
		if err != nil {
			return err
		}
		command.Draws = &draws
	}
	return c.step(ctx, e, command)
}

func (c drawCmd) draws(ctx context.Context, e *env) ([]ledger.Draw, error) {
	all := make([]ledger.Draw, len(c.Draw))
	for i, text := range c.Draw {
		service, rest, _ := strings.Cut(text, ":")
		at := strings.LastIndex(rest, ":") // a code may have one too
		if service == "" || at < 1 {
			return nil, usageError{errors.New(e.text("cli.record.draw", "got", text))}
		}
		amount, err := geo.ParseAmount(rest[at+1:])
		if err != nil || amount.Sign() <= 0 {
			return nil, usageError{errors.New(e.text("cli.record.draw_amount", "got", rest[at+1:], "draw", text))}
		}
		node, err := c.thing(ctx, e, "networks", rest[:at])
		if err != nil {
			return nil, err
		}
		all[i] = ledger.Draw{Service: land.Service(service), Node: *node.ID, Amount: amount}
	}
	return all, nil
}

type queueCmd struct {
	ordering
	why
	Parcel  string `arg:"" help:"Code of the parcel."`
	Project string `help:"Code of the project that waits for it." required:""`
	Days    int    `help:"How many days the hold shall last that the place is served with, 1 to 366." required:""`
}

// Run takes the last place in the line for a parcel.
func (c queueCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	project, err := c.project(ctx, e, c.Project)
	if err != nil {
		return err
	}
	parcels, err := c.parcels(ctx, e, []string{c.Parcel})
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Parcels: parcels, Project: project,
		TermDays: c.Days})
}

type leaveCmd struct {
	ordering
	why
	Parcel  string     `arg:"" optional:"" help:"Code of the parcel that is waited for."`
	Project string     `help:"Code of the project that waits."`
	Waiting *uuid.UUID `help:"The place's id, instead of parcel and project."`
}

// Run gives a place in a line up.
func (c leaveCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	place, err := c.place(ctx, e)
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Waiting: place})
}

// place finds the place's id by what waits for what.
func (c leaveCmd) place(ctx context.Context, e *env) (*uuid.UUID, error) {
	switch named := c.Parcel != "" && c.Project != ""; {
	case c.Waiting != nil && c.Parcel == "" && c.Project == "":
		return c.Waiting, nil
	case c.Waiting != nil || !named:
		return nil, usageError{errors.New(e.text("cli.record.which_place"))}
	}
	parcel, err := c.parcel(ctx, e, c.Parcel)
	if err != nil {
		return nil, err
	}
	project, err := c.project(ctx, e, c.Project)
	if err != nil {
		return nil, err
	}
	type line struct {
		Queue []ledger.Waiting `json:"queue"`
	}
	found, _, err := read[line](ctx, e, c.remote,
		c.path("/queue", "parcel", parcel.ID.String(), "project", project.String()))
	if err != nil {
		return nil, err
	}
	if len(found.Queue) != 1 {
		return nil, errors.New(e.text("cli.record.no_place", "parcel", c.Parcel, "project", c.Project))
	}
	return &found.Queue[0].ID, nil
}
