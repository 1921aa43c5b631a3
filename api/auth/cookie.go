package auth

import (
	"net/http"

	"luodi/api/request"
	"luodi/data/people"
)

// A name that begins with __Host- is kept by browsers only with Secure, Path=/ and no Domain: no neighbour under the
// same domain can set it. It needs https; plain http, as on one's own machine, has a name without.
const (
	plainCookie  = "luodi_session"
	secureCookie = "__Host-" + plainCookie
	// knownCookie tells a browser that someone signed in with before from all others. It signs nobody in.
	knownCookie       = "luodi_browser"
	secureKnownCookie = "__Host-" + knownCookie
)

func overTLS(r *http.Request) bool { return request.OverTLS(r) }

func knownName(r *http.Request) string {
	if overTLS(r) {
		return secureKnownCookie
	}
	return knownCookie
}

func browserCookie(r *http.Request, secret string) http.Cookie {
	return http.Cookie{Name: knownName(r), Value: secret, Path: "/", MaxAge: people.KnownBrowserLife, HttpOnly: true,
		Secure: overTLS(r), SameSite: http.SameSiteStrictMode}
}

func browserOf(r *http.Request) string {
	c, err := r.Cookie(knownName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

func cookieName(r *http.Request) string {
	if overTLS(r) {
		return secureCookie
	}
	return plainCookie
}

// cookieFor carries a session's secret; a negative age takes the cookie back.
func cookieFor(r *http.Request, secret string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName(r), Value: secret, Path: "/", MaxAge: age, HttpOnly: true, Secure: overTLS(r),
		SameSite: http.SameSiteLaxMode}
}

func sessionCookie(r *http.Request, secret string) http.Cookie {
	return *cookieFor(r, secret, int(people.SessionLife.Seconds()))
}

func cookieOf(r *http.Request) string {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}
