package auth

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/api/problem"
	"luodi/data/people"
	"luodi/message"
)

func TestWhatARoleAllowsInAPark(t *testing.T) {
	t.Parallel()
	east, west := uuid.New(), uuid.New()
	every := []Action{See, Change, Approve, Tell, Manage}
	for _, c := range []struct {
		role  people.Role
		scope people.Scope
		may   []Action
	}{
		{people.Viewer, "", []Action{See}},
		{people.Planner, "", []Action{See, Change}},
		{people.Approver, "", []Action{See, Approve}},
		{people.Admin, "", every},
		{people.Planner, people.ScopeRead, []Action{See}},
		{people.Admin, people.ScopeRead, []Action{See}},
		{people.Planner, people.ScopeWrite, []Action{See, Change}},
		{people.Admin, people.ScopeWrite, []Action{See, Change, Approve, Tell}},
		{people.Admin, "other", nil},
		{"other", "", nil},
	} {
		inEast := &Principal{Roles: []people.Grant{{ParkID: &east, Role: c.role}}}
		everywhere := &Principal{Roles: []people.Grant{{Role: c.role}}}
		if c.scope != "" {
			inEast.Token = &people.Token{Scope: c.scope}
			everywhere.Token = inEast.Token
		}
		for _, action := range every {
			want := false
			for _, a := range c.may {
				want = want || a == action
			}
			check(t, inEast.May(action, east), want, "%s %s: %s in the park", c.role, c.scope, action)
			check(t, inEast.May(action, west), false, "%s %s: %s in another park", c.role, c.scope, action)
			check(t, inEast.May(action, EveryPark), false, "%s %s: %s in every park", c.role, c.scope, action)
			check(t, everywhere.May(action, west), want, "%s %s everywhere: %s in a park", c.role, c.scope, action)
			check(t, everywhere.May(action, EveryPark), want, "%s %s everywhere: %s in every park", c.role, c.scope,
				action)
			check(t, inEast.anywhere(action), want, "%s %s: %s anywhere", c.role, c.scope, action)
		}
	}
}

func check(t *testing.T, err error, want bool, format string, args ...any) {
	t.Helper()
	var refused *problem.Request
	if want && err != nil || !want && (!errors.As(err, &refused) || refused.Kind != problem.Forbidden) {
		t.Errorf(format+": %v", append(args, err)...)
	}
}

func TestThePublicMayNothingAndIsAskedToSignIn(t *testing.T) {
	t.Parallel()
	if p, err := Need(With(t.Context(), "records"), uuid.New()); p != nil || !errors.Is(err, errSignIn) {
		t.Errorf("got %v, %v", p, err)
	}
	var nobody *Principal
	if err := nobody.anywhere(Manage); !errors.Is(err, errSignIn) {
		t.Errorf("got %v", err)
	}
	if err := nobody.MayApprove(RightTo("proposals.decide", "approve"), uuid.New(), uuid.New()); !errors.Is(err,
		errSignIn) {
		t.Errorf("got %v", err)
	}
}

func TestNobodyApprovesOnesOwn(t *testing.T) {
	t.Parallel()
	admin := &Principal{Account: uuid.New(), Roles: []people.Grant{{Role: people.Admin}}}
	if err := admin.MayApprove(RightTo("proposals.decide", "approve"), uuid.New(), uuid.New()); err != nil {
		t.Errorf("another's: %v", err)
	}
	if err := admin.MayApprove(RightTo("proposals.decide", "approve"), uuid.New(), admin.Account); err == nil {
		t.Error("an admin may approve one's own")
	}
	planner := &Principal{Account: uuid.New(), Roles: []people.Grant{{Role: people.Planner}}}
	if err := planner.MayApprove(RightTo("proposals.decide", "approve"), uuid.New(), uuid.New()); err == nil {
		t.Error("a planner may approve")
	}
}

func TestEveryRefusalHasItsText(t *testing.T) {
	t.Parallel()
	for _, action := range []Action{See, Change, Approve, Manage} {
		for _, key := range []string{"auth.expected.scope.", "auth.expected.role."} {
			if !message.Known(key + string(action)) {
				t.Errorf("no text %s%s", key, action)
			}
		}
	}
	for _, lang := range []message.Lang{message.ZH, message.EN} {
		for _, kind := range []problem.Kind{problem.SignIn, problem.WrongCredentials, problem.TooMany} {
			if strings.Contains(kind.Title(lang)+kind.About(lang), "api.problem") {
				t.Errorf("no text of %s", kind.Slug)
			}
		}
		for _, err := range []error{errSignIn, slowDown(1), checkPassword(""), checkPassword(strings.Repeat("1", 20)),
			checkPassword("wangwangwangwangli", "wang"), goneLink(people.ErrInvitation),
			takenLogin(people.ErrLoginTaken)} {
			if p := problem.From(err, lang); p.Expected == "" || strings.Contains(p.Expected, "auth.") ||
				strings.Contains(p.Expected, "{") {
				t.Errorf("%s: %q", lang, p.Expected)
			}
		}
	}
}

func TestAPrincipalIsNamedByIDAlone(t *testing.T) {
	t.Parallel()
	p := &Principal{Account: uuid.New(), Login: "wang.li", Name: "王丽"}
	if s := p.String(); strings.Contains(s, "wang") || !strings.Contains(s, p.Account.String()) {
		t.Error(s)
	}
}
