package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
)

type tokenList struct {
	Tokens []people.Token `json:"tokens"`
}

// newToken is a token to make.
type newToken struct {
	Name     string       `json:"name" example:"QGIS at my desk"`
	Scope    people.Scope `json:"scope" enum:"read,write"`
	Unlocked bool         `json:"unlocked,omitempty" doc:"May write without If-Match in the parks of which one is admin."`
	Days     int          `json:"days" minimum:"1" maximum:"366" doc:"Valid for so many days."`
}

type madeToken struct {
	Token  people.Token `json:"token"`
	Secret string       `json:"secret" doc:"Shown once: send it as Authorization: Bearer."`
}

// OfToken names a token.
type OfToken struct {
	Speaking
	ID uuid.UUID `path:"id" format:"uuid" doc:"The token's id."`
}

func (g *Guard) addTokens(a adder) {
	add(a, http.MethodGet, "/api/tokens", "tokens", false, http.StatusOK, g.listTokens)
	add(a, http.MethodPost, "/api/tokens", "tokens.create", false, http.StatusCreated, g.createToken)
	add(a, http.MethodDelete, "/api/tokens/{id}", "tokens.revoke", false, http.StatusNoContent, g.revokeToken)
}

func (g *Guard) listTokens(ctx context.Context, _ *Speaking) (*reply[tokenList], error) {
	p, err := Need(ctx)
	if err != nil {
		return nil, err
	}
	own, err := g.people.Tokens(ctx, &p.Account)
	if err != nil {
		return nil, err
	}
	return private(tokenList{own}), nil
}

func (g *Guard) createToken(ctx context.Context, in *sent[newToken]) (*reply[madeToken], error) {
	p, err := Need(ctx)
	if err != nil {
		return nil, err
	}
	if in.Body.Unlocked {
		if err := p.MayBy(Asked(ctx).As("unlocked")); err != nil {
			return nil, err
		}
	}
	order := people.TokenOrder{Account: p.Account, Name: in.Body.Name, Scope: in.Body.Scope, Unlocked: in.Body.Unlocked,
		AsAdmin: in.Body.Unlocked, Life: time.Duration(in.Body.Days) * 24 * time.Hour}
	made, secret, err := g.people.CreateToken(ctx, order)
	if err != nil {
		return nil, err
	}
	return private(madeToken{Token: made, Secret: secret}), nil
}

func (g *Guard) revokeToken(ctx context.Context, in *OfToken) (*nothing, error) {
	p, err := Need(ctx)
	if err != nil {
		return nil, err
	}
	return &nothing{}, g.people.RevokeToken(ctx, in.ID, &p.Account)
}
