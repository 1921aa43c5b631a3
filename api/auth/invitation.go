package auth

import (
	"context"
	"errors"
	"net/http"
	"time"

	"luodi/api/problem"
	"luodi/data/people"
)

// invited is what a link is for.
type invited struct {
	First     bool      `json:"first" doc:"It makes the first account: choose login and name."`
	Login     string    `json:"login,omitempty"`
	Name      string    `json:"name,omitempty"`
	ExpiresAt time.Time `json:"expires_at"`
}

type link struct {
	Invite string `json:"invite" writeOnly:"true" doc:"What follows #invite= in the link."`
}

// acceptance is what the use of a link takes.
type acceptance struct {
	Invite   string `json:"invite" writeOnly:"true" doc:"What follows #invite= in the link."`
	Login    string `json:"login,omitempty" doc:"For the first account."`
	Name     string `json:"name,omitempty" doc:"For the first account."`
	Password string `json:"password" writeOnly:"true" doc:"15 characters or more."`
}

func (g *Guard) addInvitation(a adder) {
	add(a, http.MethodPost, invitationPath, "invitation.use", true, http.StatusOK, g.useInvitation)
	add(a, http.MethodPost, invitationPath+"/look", "invitation.look", true, http.StatusOK, g.lookAtInvitation)
}

func (g *Guard) lookAtInvitation(ctx context.Context, in *sent[link]) (*reply[invited], error) {
	found, err := g.people.LookInvitation(ctx, in.Body.Invite)
	if err != nil {
		return nil, goneLink(err)
	}
	return private(invited{First: found.First(), Login: found.Login, Name: found.Name, ExpiresAt: found.ExpiresAt}), nil
}

// useInvitation sets the password and signs in. The password is hashed before the link is used up, and only for a link
// that works.
func (g *Guard) useInvitation(ctx context.Context, in *sent[acceptance]) (*signedInReply, error) {
	r, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	found, err := g.people.LookInvitation(ctx, in.Body.Invite)
	if err != nil {
		return nil, goneLink(err)
	}
	login, name := found.Login, found.Name
	if found.First() {
		if login, err = people.ParseLogin(in.Body.Login); err != nil {
			return nil, err
		}
		if name, err = people.ParseName(in.Body.Name); err != nil {
			return nil, err
		}
	}
	if err := checkPassword(in.Body.Password, login, name); err != nil {
		return nil, err
	}
	password, err := g.hasher.hash(ctx, in.Body.Password)
	if err != nil {
		return nil, err
	}
	secret, err := g.people.AcceptInvitation(ctx, in.Body.Invite, login, name, password)
	if err != nil {
		return nil, goneLink(err)
	}
	return g.signedIn(ctx, r, secret)
}

// goneLink says what to do about a link that no longer works.
func goneLink(err error) error {
	for _, row := range linkWords {
		if errors.Is(err, row.err) {
			return &problem.Request{Kind: problem.NotFound, Field: "invite", Say: row.say,
				Expected: "auth.expected.invite", Got: withheld}
		}
	}
	return takenLogin(err)
}

// linkWords are what people are told of a link that doesn't work: the first row that matches.
var linkWords = []struct {
	err error
	say string
}{
	{people.ErrInvitationUsed, "auth.say.invite.used"},
	{people.ErrInvitationReplaced, "auth.say.invite.replaced"},
	{people.ErrInvitationEnded, "auth.say.invite.ended"},
	{people.ErrInvitation, "auth.say.invite"},
}

// takenLogin names the field of a login that another account has.
func takenLogin(err error) error {
	if errors.Is(err, people.ErrLoginTaken) {
		return &problem.Request{Kind: problem.Conflict, Field: "login", Say: "auth.say.free_login",
			Expected: "auth.expected.free_login", Got: withheld}
	}
	return err
}
