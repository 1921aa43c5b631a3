package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"luodi/api/problem"
	"luodi/data/people"
)

// Action is what someone wants to do in a park.
type Action string

// The actions, and the roles that allow them.
//
//	         viewer  planner  approver  leader  admin
//	See          x        x        x        x      x     read what is not public
//	Change                x                        x     land, rights, parties, projects; propose what needs a second person
//	Approve                        x               x     decide another's proposal
//	Lead                                    x      x     see the unsigned leads of every team
//	Tell                                           x     what the park tells the public
//	Manage                                         x     accounts, roles and teams
//
// Nobody approves a proposal of one's own, an admin neither: MayApprove asks who proposed, and the database refuses it
// besides.
const (
	See     Action = "see"
	Change  Action = "change"
	Approve Action = "approve"
	Lead    Action = "lead"
	Tell    Action = "tell"
	Manage  Action = "manage"
)

var allowed = map[people.Role][]Action{
	people.Viewer:   {See},
	people.Planner:  {See, Change},
	people.Approver: {See, Approve},
	people.Leader:   {See, Lead},
	people.Admin:    {See, Change, Approve, Lead, Tell, Manage},
}

// byToken is what a token of a scope may do at most. Managing accounts takes a person who is signed in: a token that
// leaked must not make admins.
var byToken = map[people.Scope][]Action{
	people.ScopeRead:  {See, Lead},
	people.ScopeWrite: {See, Change, Approve, Lead, Tell},
}

// EveryPark asks for a right that holds in every park, those to come as well.
var EveryPark = uuid.Nil

// Principal is who makes a request. A nil Principal is the public: it may nothing that May asks about.
type Principal struct {
	Account uuid.UUID
	Login   string
	Name    string
	Session *people.Session // nil for a token
	Token   *people.Token   // nil for a session
	Roles   []people.Grant
}

type principalKey struct{}

// From is who makes the request of a context; nil for the public.
func From(ctx context.Context) *Principal {
	p, _ := ctx.Value(principalKey{}).(*Principal)
	return p
}

// May is nil when the principal may do this in this park, or in EveryPark; else the problem to answer with, 401 for the
// public and 403 for others.
func (p *Principal) May(action Action, park uuid.UUID) error {
	if p == nil {
		return errSignIn
	}
	if p.Token != nil && !slices.Contains(byToken[p.Token.Scope], action) {
		return forbidden("auth.expected.scope."+string(action), string(p.Token.Scope))
	}
	for _, g := range p.Roles {
		if slices.Contains(allowed[g.Role], action) && (g.ParkID == nil || *g.ParkID == park) {
			return nil
		}
	}
	return forbidden("auth.expected.role."+string(action), p.held(park))
}

// Where tells in which parks the principal may do this: in every park, or in those listed.
func (p *Principal) Where(action Action) (parks []uuid.UUID, every bool) {
	if p.May(action, EveryPark) == nil {
		return nil, true
	}
	if p == nil {
		return nil, false
	}
	for _, g := range p.Roles {
		if g.ParkID != nil && !slices.Contains(parks, *g.ParkID) && p.May(action, *g.ParkID) == nil {
			parks = append(parks, *g.ParkID)
		}
	}
	return parks, false
}

// MayApprove is MayBy for a park, and also refuses the account that made the proposal.
func (p *Principal) MayApprove(by Right, park, proposedBy uuid.UUID) error {
	if err := p.MayBy(by, park); err != nil {
		return err
	}
	if p.Account == proposedBy {
		return forbidden("auth.expected.second", withheld)
	}
	return nil
}

// anywhere reports whether the principal may do this in some park.
func (p *Principal) anywhere(action Action) error {
	if p != nil {
		for _, g := range p.Roles {
			if g.ParkID != nil && p.May(action, *g.ParkID) == nil {
				return nil
			}
		}
	}
	return p.May(action, EveryPark)
}

// held names the roles one has in a park.
func (p *Principal) held(park uuid.UUID) string {
	var roles []string
	for _, g := range p.Roles {
		if g.ParkID == nil || *g.ParkID == park {
			roles = append(roles, string(g.Role))
		}
	}
	if len(roles) == 0 {
		return "-"
	}
	return strings.Join(roles, ", ")
}

// Unlocked reports whether the principal may write without If-Match in every one of some parks; the record says that it
// did. A token that its own account made may only where that account is admin.
func (p *Principal) Unlocked(parks ...uuid.UUID) bool {
	if p == nil || p.Token == nil || !p.Token.Unlocked {
		return false
	}
	return !p.Token.AsAdmin || !slices.ContainsFunc(parks,
		func(park uuid.UUID) bool { return !p.has(people.Admin, park) })
}

// has reports whether the principal's account has a role in a park, or in EveryPark.
func (p *Principal) has(role people.Role, park uuid.UUID) bool {
	return slices.ContainsFunc(p.Roles, func(g people.Grant) bool {
		return g.Role == role &&
			(g.ParkID == nil || *g.ParkID == park)
	})
}

func principal(who *people.Who) *Principal {
	return &Principal{Account: who.Account.ID, Login: who.Account.Login, Name: who.Account.Name,
		Roles: who.Account.Roles, Session: who.Session, Token: who.Token}
}

// String names an account by its id alone: it may be logged.
func (p *Principal) String() string {
	if p == nil {
		return "public"
	}
	return fmt.Sprintf("account %s", p.Account)
}

var errSignIn = &problem.Request{Kind: problem.SignIn, Field: "authorization", Say: "auth.say.sign_in",
	Expected: "auth.expected.sign_in", Got: "-"}

func forbidden(expected, got string) error {
	return &problem.Request{Kind: problem.Forbidden, Field: "role", Expected: expected, Got: got}
}

// PrincipalOf is an account as its own session would be: what mails and calendars tell obeys its rights.
func PrincipalOf(a people.Account) *Principal { return principal(&people.Who{Account: a}) }
