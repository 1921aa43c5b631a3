package api

import (
	"context"
	"net/http"

	"luodi/api/auth"
	"luodi/data"
)

type proposalList struct {
	Proposals []data.Proposal `json:"proposals"`
}

type listingProposals struct {
	InPark
	State string `query:"state" enum:"open,approved,rejected,withdrawn" doc:"Those in this state; all without it."`
}

// InProposal names a proposal of a park.
type InProposal struct {
	InPark
	ID string `path:"id" format:"uuid" doc:"The proposal's id."`
}

type deciding struct {
	InProposal
	Body struct {
		Approve bool   `json:"approve"`
		Reason  string `json:"reason,omitempty" maxLength:"2000"`
	}
}

type decided struct {
	Proposal data.Proposal `json:"proposal"`
	Outcome  *data.Outcome `json:"outcome,omitempty" doc:"What the approval did."`
}

func (d *domain) addProposals() {
	const path = "/api/parks/{park}/proposals"
	desk(d, deskRoute{http.MethodGet, path, "proposals", http.StatusOK}, d.listProposals)
	desk(d, deskRoute{http.MethodGet, path + "/{id}", "proposal", http.StatusOK}, d.readProposal)
	desk(d, deskRoute{http.MethodPost, path + "/{id}/decision", "proposals.decide", http.StatusOK}, d.decide)
}

func (d *domain) listProposals(ctx context.Context, in *listingProposals) (int, proposalList, error) {
	if _, err := d.inPark(ctx, auth.See, in.Park); err != nil {
		return 0, proposalList{}, err
	}
	all, err := d.store.Proposals(ctx, in.Park, in.State)
	return 0, proposalList{all}, err
}

func (d *domain) readProposal(ctx context.Context, in *InProposal) (int, data.Proposal, error) {
	if _, err := d.inPark(ctx, auth.See, in.Park); err != nil {
		return 0, data.Proposal{}, err
	}
	id, err := parseID("proposal", in.ID)
	if err != nil {
		return 0, data.Proposal{}, err
	}
	p, err := d.store.Proposal(ctx, in.Park, id)
	return 0, p, err
}

// decide approves or rejects another's proposal, or withdraws one's own.
func (d *domain) decide(ctx context.Context, in *deciding) (int, decided, error) {
	who, err := d.inPark(ctx, auth.See, in.Park)
	if err != nil {
		return 0, decided{}, err
	}
	_, p, err := d.readProposal(ctx, &in.InProposal)
	if err != nil {
		return 0, decided{}, err
	}
	park, err := d.store.ParkID(ctx, in.Park)
	if err != nil {
		return 0, decided{}, err
	}
	state, own := "rejected", p.ProposedBy.ID == who.Account
	switch {
	case own && !in.Body.Approve:
		state, err = "withdrawn", who.May(auth.Change, park)
	case in.Body.Approve:
		state, err = "approved", who.MayApprove(park, p.ProposedBy.ID)
	default:
		err = who.May(auth.Approve, park)
	}
	if err != nil {
		return 0, decided{}, err
	}
	after, out, err := d.store.Decide(ctx, data.Decision{Park: in.Park, Proposal: p.ID, State: state, Reason: in.Body.Reason, By: who.Account, Via: d.via()})
	return 0, decided{after, out}, d.located(ctx, in.Park, err)
}
