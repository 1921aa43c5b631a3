package auth

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"luodi/api/problem"
	"luodi/data/people"
	"luodi/geo"
	"luodi/geo/land"
)

type accountList struct {
	Accounts []people.Account `json:"accounts"`
}

// newAccount is an account to make.
type newAccount struct {
	Login string         `json:"login" example:"wang.li"`
	Name  string         `json:"name" example:"王丽"`
	Roles []people.Grant `json:"roles" maxItems:"100"`
}

// oneTime is a link, shown once.
type oneTime struct {
	Link      string    `json:"link" doc:"Append it to the server's address: #invite=…" readOnly:"true"`
	ExpiresAt time.Time `json:"expires_at"`
}

type madeAccount struct {
	Account    people.Account `json:"account"`
	Invitation oneTime        `json:"invitation"`
}

// accountPatch is a change of an account; absent members stay. Grants and withdrawals change single roles, so that
// two concurrent changes don't overwrite each other.
type accountPatch struct {
	Name     *string        `json:"name,omitempty"`
	Disabled *bool          `json:"disabled,omitempty" doc:"True ends every session at once. It takes a reason."`
	Reason   string         `json:"reason,omitempty" maxLength:"500" text:"prose" doc:"Why it is disabled or enabled."`
	Grant    []people.Grant `json:"grant,omitempty" maxItems:"100"`
	Withdraw []people.Grant `json:"withdraw,omitempty" maxItems:"100"`
}

// OfAccount names an account.
type OfAccount struct {
	Speaking
	ID uuid.UUID `path:"id" format:"uuid" doc:"The account's id."`
}

type patchAccount struct {
	OfAccount
	Body accountPatch
}

func (g *Guard) addAccounts(a adder) {
	add(a, http.MethodGet, "/api/accounts", "accounts", false, http.StatusOK, g.listAccounts)
	add(a, http.MethodPost, "/api/accounts", "accounts.add", false, http.StatusCreated, g.addAccount)
	add(a, http.MethodPatch, "/api/accounts/{id}", "accounts.change", false, http.StatusOK, g.changeAccount)
	add(a, http.MethodPost, "/api/accounts/{id}/invitation", "accounts.invite", false, http.StatusCreated,
		g.inviteAccount)
}

// listAccounts shows an admin of every park all accounts, and an admin of some parks those with a role there.
func (g *Guard) listAccounts(ctx context.Context, _ *Speaking) (*reply[accountList], error) {
	p, err := Need(ctx)
	if err != nil {
		return nil, err
	}
	all, err := g.people.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	seen := []people.Account{}
	for _, a := range all {
		if p.manages(a) {
			seen = append(seen, a)
		}
	}
	return private(accountList{seen}), nil
}

// manages reports whether the principal manages some park that the account has a role in, or every park.
func (p *Principal) manages(a people.Account) bool {
	if p.May(Manage, EveryPark) == nil {
		return true
	}
	for _, g := range a.Roles {
		if g.ParkID != nil && p.May(Manage, *g.ParkID) == nil {
			return true
		}
	}
	return false
}

// resolved are the parks of roles. To rename or disable an account, or to send it a link that sets its password, one
// must manage all of them, and every park where there is none. Less would let the admin of one park act as the planner
// of another.
func resolved(grants []people.Grant) []uuid.UUID {
	parks := make([]uuid.UUID, len(grants))
	for i, g := range grants {
		if g.ParkID != nil {
			parks[i] = *g.ParkID
		}
	}
	return parks
}

// parksOf resolves the park codes of roles; a role without a park gives EveryPark.
func (g *Guard) parksOf(ctx context.Context, grants ...people.Grant) ([]uuid.UUID, error) {
	parks := make([]uuid.UUID, len(grants))
	for i, grant := range grants {
		if grant.Park == nil {
			continue
		}
		id, err := g.people.ParkID(ctx, *grant.Park)
		if err != nil {
			return nil, err
		}
		parks[i] = id
	}
	return parks, nil
}

func (g *Guard) addAccount(ctx context.Context, in *sent[newAccount]) (*reply[madeAccount], error) {
	if err := From(ctx).anywhere(Asked(ctx).Action); err != nil { // who manages nothing is not told which parks there are
		return nil, err
	}
	parks, err := g.parksOf(ctx, in.Body.Roles...)
	if err != nil {
		return nil, err
	}
	if _, err := Need(ctx, parks...); err != nil {
		return nil, err
	}
	made, link, err := g.people.AddAccount(ctx, people.Newcomer{Login: in.Body.Login, Name: in.Body.Name,
		Roles: in.Body.Roles})
	if err != nil {
		return nil, takenLogin(err)
	}
	return private(madeAccount{Account: made, Invitation: oneTime{Fragment(link), link.ExpiresAt}}), nil
}

func (g *Guard) changeAccount(ctx context.Context, in *patchAccount) (*reply[people.Account], error) {
	p, err := Need(ctx)
	if err != nil {
		return nil, err
	}
	reason, err := reasonOf(in.Body)
	if err != nil {
		return nil, err
	}
	roles := append(append([]people.Grant{}, in.Body.Grant...), in.Body.Withdraw...)
	parks, err := g.parksOf(ctx, roles...)
	if err != nil {
		return nil, err
	}
	if len(roles) > 0 {
		if err := p.MayBy(Asked(ctx).As("roles"), parks...); err != nil {
			return nil, err
		}
	}
	own := in.ID == p.Account
	if own && (in.Body.Disabled != nil && *in.Body.Disabled || len(in.Body.Withdraw) > 0) {
		return nil, &problem.Request{Kind: problem.Forbidden, Field: "id", Expected: "auth.expected.another",
			Got: in.ID.String()}
	}
	allow := func(a people.Account) error {
		if own || in.Body.Name == nil && in.Body.Disabled == nil && (len(roles) > 0 || p.manages(a)) {
			return nil
		}
		return p.MayBy(Asked(ctx).As("name, disabled"), resolved(a.Roles)...)
	}
	changed, err := g.people.ChangeAccount(ctx, in.ID, allow,
		people.AccountChange{Name: in.Body.Name, Disabled: in.Body.Disabled, Reason: reason, By: &p.Account,
			Grant: in.Body.Grant, Withdraw: in.Body.Withdraw})
	if err != nil {
		return nil, err
	}
	return private(changed), nil
}

// reasonOf is why an account is disabled or enabled, which takes a reason.
func reasonOf(c accountPatch) (string, error) {
	if c.Disabled == nil {
		return "", nil
	}
	reason, err := land.ParseProse("reason", c.Reason, 500)
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		err = invalid.Withheld(withheld)
	}
	return reason, err
}

func (g *Guard) inviteAccount(ctx context.Context, in *OfAccount) (*reply[oneTime], error) {
	p, right := From(ctx), Asked(ctx)
	if err := p.anywhere(right.Action); err != nil { // who manages nothing is not told which accounts there are
		return nil, err
	}
	link, err := g.people.Invite(ctx, in.ID, func(a people.Account) error {
		return p.MayBy(right,
			resolved(a.Roles)...)
	})
	if err != nil {
		return nil, err
	}
	return private(oneTime{Fragment(link), link.ExpiresAt}), nil
}
