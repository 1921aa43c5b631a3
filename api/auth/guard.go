// Package auth authenticates requests and authorises them: sessions for browsers, API tokens for programs, roles by
// park.
//
// Rights is the table of permissions. A handler calls auth.Need(ctx, park), which returns the principal or the
// problem to answer with.
package auth

import (
	"context"
	"crypto/rand"
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
	senders   *limiter // of what anybody may send without an account
	salt      [32]byte // of this process: of a sender's address only a digest is held
	crossSite *http.CrossOriginProtection
}

// New makes the guard of a server. Failed sign-ins are rate-limited by token buckets:
//
// - an address: 20 at once, then one in 6 s; further attempts of that address are queued, one at a time;
// - a login from one address: 10, then one a minute;
// - a login from all addresses: 30, then three a minute;
// - a login in a browser where its account has signed in before: 10, then one a minute, whatever fails elsewhere.
func New(store *store.Store, o Options) *Guard {
	g := &Guard{
		people: people.Of(store), options: o, hasher: newHasher(), crossSite: http.NewCrossOriginProtection(),
		byAddress: newLimiter(20, 6*time.Second), byPair: newLimiter(10, time.Minute),
		byLogin:   newLimiter(30, 20*time.Second),
		byBrowser: newLimiter(10, time.Minute), slowly: newLimiter(16, slowPace),
		senders: newLimiter(SendsAtOnce, SendsEvery),
	}
	_, _ = rand.Read(g.salt[:]) // never fails: it ends the program instead
	return g
}

// slowPace is the time between two attempts of an address that has failed too often. Guessing at many logins stays
// slow and costs a tenth of a core at most; a colleague at the same address can still sign in.
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

// Protect refuses cross-site request forgery: a changing request that another site's page sends with the browser's
// cookies. A request with an Authorization header passes, because a browser never adds that header by itself.
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

// The problems that answer an ended session and an invalid token.
var (
	sayEnded = &problem.Request{Kind: problem.SignIn, Field: "session", Say: "auth.say.session",
		Expected: "auth.expected.session", Got: withheld}
	sayToken = &problem.Request{Kind: problem.SignIn, Field: "Authorization", Say: "auth.say.token",
		Expected: "auth.expected.token", Got: withheld}
)

// Still looks up anew the principal of a long-lived request; nil is the public. Once the session or token has ended
// it returns a problem. It extends neither.
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

// who looks up the account of the request's token or cookie in the database. A token goes before a cookie. It returns
// nil for a request with neither.
func (g *Guard) who(r *http.Request, whoseSession func(context.Context, string) (*people.Who, error)) (*people.Who,
	error) {
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
