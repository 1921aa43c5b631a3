package main

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"luodi/data/ledger"
)

type proposalCmd struct {
	List    proposalsCmd `cmd:"" help:"List proposals."`
	Approve approveCmd   `cmd:"" help:"Approve another's proposal, which carries it out."`
	Reject  rejectCmd    `cmd:"" help:"Reject another's proposal, or withdraw one's own."`
}

type proposalsCmd struct {
	ofPark
	State string `help:"open, approved, rejected, withdrawn or all." enum:"open,approved,rejected,withdrawn,all" default:"open"`
}

// Run lists proposals.
func (c proposalsCmd) Run(ctx context.Context, e *env) error {
	type proposals struct {
		Proposals []ledger.Proposal `json:"proposals"`
	}
	state := c.State
	if state == "all" {
		state = ""
	}
	all, got, err := read[proposals](ctx, e, c.remote, c.path("/proposals", "state", state))
	if err != nil {
		return err
	}
	return c.show(e, got, func() error {
		return e.table("cli.proposal.head", len(all.Proposals), func(w io.Writer, i int) {
			p := all.Proposals[i]
			row(w, p.ID, e.text("cli.proposal."+p.State), e.kindText(p.Kind),
				cmp.Or(strings.Join(p.Parcels, " "), "—"), p.ProposedBy.Name, localTime(p.ProposedAt), p.Reason)
		})
	})
}

// deciding is one's word on a proposal.
type deciding struct {
	ofPark
	ID     uuid.UUID `arg:"" help:"The proposal's id, as luodi proposal list prints it."`
	Reason string    `help:"Why." short:"m"`
}

func (d deciding) decide(ctx context.Context, e *env, approve bool) error {
	word := map[string]any{"approve": approve, "reason": d.Reason}
	got, err := d.ask(ctx, e, http.MethodPost, d.path("/proposals/"+d.ID.String()+"/decision"), word)
	if err != nil {
		return err
	}
	return d.show(e, got, func() error {
		var told struct {
			Proposal ledger.Proposal `json:"proposal"`
			Outcome  json.RawMessage `json:"outcome"`
		}
		if err := json.Unmarshal(got.body, &told); err != nil {
			return err
		}
		e.say("cli.proposal.decided", "kind", e.kindText(told.Proposal.Kind), "state",
			e.text("cli.proposal."+told.Proposal.State))
		if told.Outcome == nil {
			return nil
		}
		return e.printOutcome(told.Outcome)
	})
}

type approveCmd struct{ deciding }

// Run approves.
func (c approveCmd) Run(ctx context.Context, e *env) error { return c.decide(ctx, e, true) }

type rejectCmd struct{ deciding }

// Run rejects or withdraws.
func (c rejectCmd) Run(ctx context.Context, e *env) error { return c.decide(ctx, e, false) }
