package auth

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"luodi/api/problem"
	"luodi/data/people"
)

// Me is who is signed in.
type Me struct {
	ID       uuid.UUID      `json:"id" format:"uuid"`
	Login    string         `json:"login" example:"wang.li"`
	Name     string         `json:"name" example:"王丽"`
	Roles    []people.Grant `json:"roles"`
	By       string         `json:"by" enum:"session,token"`
	Scope    people.Scope   `json:"scope,omitempty" enum:"read,write" doc:"Of the token."`
	Unlocked bool           `json:"unlocked" doc:"May write without If-Match."`
	EndsAt   time.Time      `json:"ends_at" doc:"When the session ends if nothing is asked before, or the token expires."`
}

// whoAmI is the answer about the session.
type whoAmI struct {
	Account *Me `json:"account" doc:"Null when nobody is signed in."`
}

func me(p *Principal) whoAmI {
	if p == nil {
		return whoAmI{}
	}
	m := &Me{ID: p.Account, Login: p.Login, Name: p.Name, Roles: p.Roles, Unlocked: p.Unlocked()}
	switch {
	case p.Token != nil:
		m.By, m.Scope, m.EndsAt = "token", p.Token.Scope, p.Token.ExpiresAt
	case p.Session != nil:
		m.By, m.EndsAt = "session", p.Session.EndsAt()
	}
	return whoAmI{Account: m}
}

// signIn is what a sign-in takes.
type signIn struct {
	Login    string `json:"login" example:"wang.li"`
	Password string `json:"password" writeOnly:"true"`
}

// signedInReply says who one is now, and carries the cookie.
type signedInReply struct {
	Cookie []http.Cookie `header:"Set-Cookie"`
	Cache  string        `header:"Cache-Control"`
	Body   whoAmI
}

type readReply struct {
	Cookie []http.Cookie `header:"Set-Cookie"`
	Cache  string        `header:"Cache-Control"`
	Body   whoAmI
}

type signedOutReply struct {
	Cookie http.Cookie `header:"Set-Cookie"`
}

func (g *Guard) addSession(a adder) {
	add(a, http.MethodGet, sessionPath, "session", true, http.StatusOK, g.readSession)
	add(a, http.MethodPost, sessionPath, "session.open", true, http.StatusOK, g.openSession)
	add(a, http.MethodDelete, sessionPath, "session.close", true, http.StatusNoContent, g.closeSession)
	add(a, http.MethodGet, "/api/my/sessions", "sessions", false, http.StatusOK, g.listSessions)
	add(a, http.MethodDelete, "/api/my/sessions", "sessions.end", false, http.StatusOK, g.endSessions)
	add(a, http.MethodPut, sessionPath+"/password", "session.password", false, http.StatusNoContent, g.changePassword)
}

// readSession says who one is. A cookie whose session has ended is taken back.
func (g *Guard) readSession(ctx context.Context, _ *Speaking) (*readReply, error) {
	r, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	out := &readReply{Cache: "no-store", Body: me(From(ctx))}
	if out.Body.Account == nil && cookieOf(r) != "" {
		out.Cookie = []http.Cookie{*cookieFor(r, "", -1)}
	}
	return out, nil
}

func (g *Guard) openSession(ctx context.Context, in *sent[signIn]) (*signedInReply, error) {
	r, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	id, kept, err := g.verify(ctx, r, in.Body.Login, in.Body.Password)
	if err != nil {
		return nil, err
	}
	secret, err := g.people.OpenSession(ctx, id, kept)
	if err != nil {
		return nil, err
	}
	if old := cookieOf(r); old != "" { // who signs in anew leaves no session behind
		if err := g.people.CloseSession(ctx, old); err != nil {
			return nil, err
		}
	}
	return g.signedIn(ctx, r, secret)
}

// sayCredentials doesn't tell a wrong password from a login that nobody has, nor from an account that is disabled.
var sayCredentials = &problem.Request{Kind: problem.WrongCredentials, Field: "password", Say: "auth.say.credentials",
	Expected: "auth.expected.credentials", Got: withheld}

// verify checks a login and a password, slowed by address and by login, with the same work for a login that nobody has.
// It returns the account and the hash that was verified, made anew if it was made at another cost.
func (g *Guard) verify(ctx context.Context, r *http.Request, typed, password string) (uuid.UUID, string, error) {
	var c people.Credentials
	login, malformed := people.ParseLogin(typed)
	forgive, wait, err := g.attempt(r, login)
	switch {
	case err != nil:
		return uuid.Nil, "", err
	case wait > 0:
		return uuid.Nil, "", slowDown(wait)
	}
	if malformed == nil {
		if c, err = g.people.CredentialsOf(ctx, login); err != nil {
			return uuid.Nil, "", err
		}
	}
	if len(password) > maxPassword {
		password = ""
	}
	ok, stale, err := g.hasher.verify(ctx, c.Password, password)
	if err != nil {
		return uuid.Nil, "", err
	}
	if !ok || c.Disabled {
		return uuid.Nil, "", sayCredentials
	}
	forgive()
	kept := *c.Password
	if stale {
		if kept, err = g.rehash(ctx, c, password); err != nil {
			return uuid.Nil, "", err
		}
	}
	return c.Account, kept, nil
}

// attempt counts a sign-in and says how long to wait when a limit is reached. forgive takes the count back. In a
// browser that the login's account signed in with before only that browser's own failures count. Else an address that
// has failed too often isn't refused, since a whole office may be behind it: its attempts follow one another slowly.
func (g *Guard) attempt(r *http.Request, login string) (forgive func(), wait time.Duration, err error) {
	address, browser := g.address(r), browserOf(r)
	if known, err := g.people.KnownBrowser(r.Context(), login, browser); err != nil {
		return nil, 0, err
	} else if known {
		key := browser + " " + login
		return func() { g.byBrowser.forgive(key) }, g.byBrowser.take(key), nil
	}
	pair := address + " " + login
	if wait := g.byPair.take(pair); wait > 0 {
		return nil, wait, nil
	}
	if wait := g.byLogin.take(login); wait > 0 {
		g.byPair.forgive(pair)
		return nil, wait, nil
	}
	slow := g.byAddress.take(address) > 0
	forgive = func() {
		g.byPair.forgive(pair)
		g.byLogin.forgive(login)
		if !slow {
			g.byAddress.forgive(address)
		}
	}
	if !slow {
		return forgive, 0, nil
	}
	wait, room := g.slowly.line(address)
	if !room {
		forgive()
		return nil, wait, nil
	}
	return forgive, 0, pause(r.Context(), wait)
}

func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *Guard) rehash(ctx context.Context, c people.Credentials, password string) (string, error) {
	next, err := g.hasher.hash(ctx, password)
	if err != nil {
		return "", err
	}
	return next, g.people.RehashPassword(ctx, c.Account, *c.Password, next)
}

func (g *Guard) signedIn(ctx context.Context, r *http.Request, secret string) (*signedInReply, error) {
	who, err := g.people.WhoseSession(ctx, secret)
	if err != nil {
		return nil, err
	}
	browser, err := g.people.KnowBrowser(ctx, who.Account.ID, browserOf(r))
	if err != nil {
		return nil, err
	}
	return &signedInReply{Cookie: []http.Cookie{sessionCookie(r, secret), browserCookie(r, browser)},
		Cache: "no-store", Body: me(principal(who))}, nil
}

func (g *Guard) closeSession(ctx context.Context, _ *Speaking) (*signedOutReply, error) {
	r, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	if secret := cookieOf(r); secret != "" {
		if err := g.people.CloseSession(ctx, secret); err != nil {
			return nil, err
		}
	}
	return &signedOutReply{Cookie: *cookieFor(r, "", -1)}, nil
}

// newPassword is what a change of password takes.
type newPassword struct {
	Current  string `json:"current" writeOnly:"true" doc:"The password as it is."`
	Password string `json:"password" writeOnly:"true" doc:"The password to be: 15 characters or more."`
}

func (g *Guard) changePassword(ctx context.Context, in *sent[newPassword]) (*signedOutReply, error) {
	p, err := Need(ctx)
	if err != nil {
		return nil, err
	}
	r, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(in.Body.Password, p.Login, p.Name); err != nil {
		return nil, err
	}
	id, kept, err := g.verify(ctx, r, p.Login, in.Body.Current)
	if err != nil {
		return nil, err
	}
	if id != p.Account {
		return nil, errors.New("the session's account changed its login")
	}
	next, err := g.hasher.hash(ctx, in.Body.Password)
	if err != nil {
		return nil, err
	}
	secret, err := g.people.SetPassword(ctx, id, kept, next)
	if err != nil {
		return nil, err
	}
	return &signedOutReply{Cookie: sessionCookie(r, secret)}, nil
}

type sessionList struct {
	Sessions []people.OpenedSession `json:"sessions" doc:"The one that asks first."`
}

func (g *Guard) listSessions(ctx context.Context, _ *Speaking) (*reply[sessionList], error) {
	p, err := Need(ctx)
	if err != nil {
		return nil, err
	}
	r, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	all, err := g.people.Sessions(ctx, p.Account, cookieOf(r))
	return private(sessionList{all}), err
}

// endSessions signs out elsewhere.
func (g *Guard) endSessions(ctx context.Context, in *Speaking) (*reply[sessionList], error) {
	p, err := Need(ctx)
	if err != nil {
		return nil, err
	}
	r, err := requestOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := g.people.EndOtherSessions(ctx, p.Account, cookieOf(r)); err != nil {
		return nil, err
	}
	return g.listSessions(ctx, in)
}
