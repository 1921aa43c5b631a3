package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/ledger"
)

type proposalList struct {
	Proposals []ledger.Proposal `json:"proposals"`
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
	Keyed
	Preview bool `query:"preview" doc:"With approve: tell what approving would do, or why it would be refused, and keep nothing. For whoever sees the proposal."`
	Body    struct {
		Approve bool   `json:"approve"`
		Reason  string `json:"reason,omitempty" maxLength:"2000" text:"prose"`
	}
}

func (d *domain) addProposals() {
	const path = "/api/parks/{park}/proposals"
	desk(d, deskRoute{http.MethodGet, path, "proposals", http.StatusOK}, d.listProposals)
	desk(d, deskRoute{http.MethodGet, path + "/{id}", "proposal", http.StatusOK}, d.readProposal)
	desk(d, deskRoute{http.MethodPost, path + "/{id}/decision", "proposals.decide", http.StatusOK}, d.decide)
}

func (d *domain) listProposals(ctx context.Context, in *listingProposals) (int, proposalList, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, proposalList{}, err
	}
	all, err := d.ledger.Proposals(ctx, in.Park, in.State)
	return 0, proposalList{all}, err
}

func (d *domain) readProposal(ctx context.Context, in *InProposal) (int, ledger.Proposal, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, ledger.Proposal{}, err
	}
	id, err := parseID("proposal", in.ID)
	if err != nil {
		return 0, ledger.Proposal{}, err
	}
	p, err := d.ledger.Proposal(ctx, in.Park, id)
	return 0, p, err
}

// decide approves or rejects another's proposal, or withdraws one's own. A preview of it changes nothing.
func (d *domain) decide(ctx context.Context, in *deciding) (int, *kept[ledger.Decided], error) {
	who, park, err := d.inPark(ctx, in.Park)
	if err != nil {
		return 0, nil, err
	}
	_, p, err := d.readProposal(ctx, &in.InProposal)
	if err != nil {
		return 0, nil, err
	}
	if in.Preview {
		after, err := d.ledger.Foresee(ctx, in.Park, p, in.Body.Approve, d.via())
		return http.StatusOK, &kept[ledger.Decided]{fresh: after}, d.located(ctx, in.Park, err)
	}
	state, err := word(who, auth.Asked(ctx), park, in, p)
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, ledger.Decided, error) {
		o := ledger.Decision{Park: in.Park, Proposal: p.ID, State: state, Reason: in.Body.Reason, By: who.Account,
			Via: d.via()}
		after, err := d.ledger.Decide(ctx, o, once)
		return http.StatusOK, after, d.located(ctx, in.Park, err)
	})
}

// word is what one's decision makes of a proposal, once one may decide so.
func word(who *auth.Principal, right auth.Right, park uuid.UUID, in *deciding, p ledger.Proposal) (string, error) {
	switch own := p.ProposedBy.ID == who.Account; {
	case own && !in.Body.Approve:
		return "withdrawn", who.MayBy(right.As("withdraw"), park)
	case in.Body.Approve:
		return "approved", who.MayApprove(right.As("approve"), park, p.ProposedBy.ID)
	}
	return "rejected", who.MayBy(right.As("reject"), park)
}
