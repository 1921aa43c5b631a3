package people

import (
	"context"

	"github.com/google/uuid"

	"luodi/data/store"
)

// KnownBrowserLife is how long a browser is remembered after a sign-in.
const KnownBrowserLife = 180 * 24 * 60 * 60 // seconds

const (
	sqlKnownBrowser = `
SELECT EXISTS (SELECT FROM known_browser b JOIN account a USING (account_id)
                WHERE a.login = $1 AND b.hash = $2 AND b.seen_at > clock_timestamp() - make_interval(secs => $3))`
	sqlKnowBrowser = `
INSERT INTO known_browser (account_id, hash) VALUES ($1, $2)
ON CONFLICT (account_id, hash) DO UPDATE SET seen_at = clock_timestamp()`
	sqlForgetOldBrowsers = `
DELETE FROM known_browser WHERE account_id = $1
   AND hash NOT IN (SELECT hash FROM known_browser WHERE account_id = $1 ORDER BY seen_at DESC LIMIT 32)`
	sqlForgetBrowsers = `DELETE FROM known_browser WHERE account_id = $1`
)

// KnownBrowser reports whether a login's account has signed in with the browser that carries this secret.
func (s People) KnownBrowser(ctx context.Context, login, secret string) (known bool, err error) {
	if !wellFormed("", secret) {
		return false, nil
	}
	err = s.Planner.QueryRow(ctx, sqlKnownBrowser, login, hashOf(secret), KnownBrowserLife).Scan(&known)
	return known, store.Translate("look for a browser", err)
}

// KnowBrowser remembers that an account has signed in with a browser, and returns the secret by which it is known: a
// new one where it carries none.
func (s People) KnowBrowser(ctx context.Context, account uuid.UUID, secret string) (string, error) {
	if !wellFormed("", secret) {
		secret = newSecret("")
	}
	if _, err := s.Planner.Exec(ctx, sqlKnowBrowser, account, hashOf(secret)); err != nil {
		return "", store.Translate("remember a browser", err)
	}
	_, err := s.Planner.Exec(ctx, sqlForgetOldBrowsers, account)
	return secret, store.Translate("forget old browsers", err)
}
