// Package auth tells who makes a request and what they may do: sessions of browsers, tokens of programs, roles by park.
//
// The table of rights (Rights) says who may do what. A handler asks auth.Need(ctx, park) and gets the principal or the
// problem to answer with.
package auth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"luodi/api/problem"
	"luodi/data/people"
	"luodi/data/store"
)

// Options are what the guard must know of its place.
type Options struct {
	// BehindProxy: every request comes through a proxy that appends the caller's address to X-Forwarded-For. Without it
	// that header is ignored: a caller could write there what it likes, and have a new address for each attempt.
	BehindProxy bool
}

// Guard stands before the routes. One serves a process.
type Guard struct {
	people    people.People
	options   Options
	hasher    *hasher
	byAddress *limiter
	byPair    *limiter // a login tried from one address: it runs dry before it can lock out others who use the login
	byLogin   *limiter
	// a login tried in a browser that its account signed in with before: nobody else's failures count there
	byBrowser *limiter
	slowly    *limiter // of an address that failed too often, one attempt after another
	crossSite *http.CrossOriginProtection
}

// New makes the guard of a server. Sign-ins that fail are slowed: 20 at once and one more in 6 s from one address, what
// is beyond that tried one after another; 10 and then one a minute for one login from one address, 30 and then three a
// minute for one login from anywhere, but in a browser that its account has signed in with 10 and then one a minute
// whatever fails elsewhere.
func New(store *store.Store, o Options) *Guard {
	return &Guard{
		people: people.Of(store), options: o, hasher: newHasher(), crossSite: http.NewCrossOriginProtection(),
		byAddress: newLimiter(20, 6*time.Second), byPair: newLimiter(10, time.Minute),
		byLogin:   newLimiter(30, 20*time.Second),
		byBrowser: newLimiter(10, time.Minute), slowly: newLimiter(16, slowPace),
	}
}

// slowPace is the time between two attempts of an address that has failed too often: guessing at many logins stays slow
// and takes a tenth of a core at most, and the right password of who works at that address is still tried.
const slowPace = 500 * time.Millisecond

// FirstLink makes a one-time link to the first account while there is none; ok is false when there is one. The link is
// a fragment to append to the server's address: browsers keep it to themselves, so that no log has it.
func FirstLink(ctx context.Context, store *store.Store) (link string, ok bool, err error) {
	made, ok, err := people.Of(store).FirstInvitation(ctx)
	if err != nil || !ok {
		return "", false, err
	}
	return Fragment(made), true, nil
}

// Fragment is the part of a one-time link after the server's address.
func Fragment(link people.Invitation) string { return "#invite=" + link.Secret }

// Protect refuses what another site's page makes a browser send: requests that change something, with the browser's
// cookies. Whoever sends an Authorization header is no such page, because a browser adds none on its own.
func (g *Guard) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			if err := g.crossSite.Check(r); err != nil {
				problem.Write(w, r, &problem.Request{Kind: problem.Forbidden, Field: "Origin",
					Expected: "auth.expected.same_site", Got: r.Header.Get("Origin")})
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// Identify puts who makes the request into its context, for the paths under /api and /ogc: see From. Without cookie and
// token it is the public. A token that is not valid gets 401 and never passes for the public. So does a cookie whose
// session has ended, once: the answer takes the cookie back.
func (g *Guard) Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api") && !strings.HasPrefix(r.URL.Path, "/ogc") {
			next.ServeHTTP(w, r)
			return
		}
		who, err := g.who(r, g.people.WhoseSession)
		switch {
		case errors.Is(err, errEnded):
			if opensSession(r) {
				break
			}
			http.SetCookie(w, cookieFor(r, "", -1))
			problem.Write(w, r, sayEnded)
			return
		case errors.Is(err, errToken):
			w.Header().Set("WWW-Authenticate", problem.Challenge+`, error="invalid_token"`)
			problem.Write(w, r, sayToken)
			return
		case err != nil:
			problem.Write(w, r, err)
			return
		}
		if who != nil {
			r = r.WithContext(context.WithValue(r.Context(), principalKey{}, principal(who)))
		}
		next.ServeHTTP(w, r)
	})
}

var (
	errEnded = errors.New("the session has ended")
	errToken = errors.New("the token is not valid")
)

// What whoever comes with an ended session or a dead token is told.
var (
	sayEnded = &problem.Request{Kind: problem.SignIn, Field: "session", Say: "auth.say.session",
		Expected: "auth.expected.session", Got: withheld}
	sayToken = &problem.Request{Kind: problem.SignIn, Field: "Authorization", Say: "auth.say.token",
		Expected: "auth.expected.token", Got: withheld}
)

// Still is who makes a request that goes on for long, looked up anew: nil for the public. It fails with a problem once
// the session or token has ended, and keeps neither alive.
func (g *Guard) Still(r *http.Request) (*Principal, error) {
	if From(r.Context()) == nil { // who began as the public, with or without a dead cookie, stays that
		return nil, nil
	}
	who, err := g.who(r, g.people.StillWhoseSession)
	switch {
	case errors.Is(err, errEnded):
		return nil, sayEnded
	case errors.Is(err, errToken):
		return nil, sayToken
	case err != nil:
		return nil, err
	}
	return principal(who), nil
}

// Address is where a request comes from, as far as it can be known: what limits by address count.
func (g *Guard) Address(r *http.Request) string { return g.address(r) }

// who asks the database whose token or cookie the request carries; the token decides where both are. Nil without
// either.
func (g *Guard) who(r *http.Request, whoseSession func(context.Context, string) (*people.Who, error)) (*people.Who, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return nil, errToken
		}
		who, err := g.people.WhoseToken(r.Context(), strings.TrimSpace(secret))
		if errors.Is(err, store.ErrNotFound) {
			return nil, errToken
		}
		return who, err
	}
	secret := cookieOf(r)
	if secret == "" {
		return nil, nil
	}
	who, err := whoseSession(r.Context(), secret)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errEnded
	}
	return who, err
}

// opensSession reports a request that makes sense with a cookie whose session has ended: it asks who one is, or signs
// in.
func opensSession(r *http.Request) bool {
	return r.URL.Path == sessionPath || strings.HasPrefix(r.URL.Path, invitationPath)
}

// address is the caller's, as far as it can be known.
func (g *Guard) address(r *http.Request) string {
	if g.options.BehindProxy {
		all := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
		if last := strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:]); last != "" {
			return network(last)
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return "?"
	}
	return network(host)
}
