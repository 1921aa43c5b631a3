package people

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// A session ends this long after its last request, and this long after signing in whatever happens. OWASP's Session
// Management Cheat Sheet asks for both limits; a planner's day fits in the first, a working week in the second.
const (
	SessionIdle = 12 * time.Hour
	SessionLife = 7 * 24 * time.Hour
	// sessionTouch is how far behind seen_at may be, so that most reads write nothing.
	sessionTouch = 5 * time.Minute
)

// Session is a signed-in browser.
type Session struct {
	Since  time.Time `db:"since"`   // when it signed in
	SeenAt time.Time `db:"seen_at"` // to within sessionTouch
}

// EndsAt is when it ends if no request comes before.
func (s Session) EndsAt() time.Time {
	idle, life := s.SeenAt.Add(SessionIdle), s.Since.Add(SessionLife)
	if idle.Before(life) {
		return idle
	}
	return life
}

// Who is who makes a request, by a session or by a token.
type Who struct {
	Account Account
	Session *Session
	Token   *Token
}

const (
	sqlOpenSession = `WITH at AS (UPDATE account SET signed_in_at = clock_timestamp() WHERE account_id = $2)
		INSERT INTO session (hash, account_id) VALUES ($1, $2)`
	sqlCloseSession  = `DELETE FROM session WHERE hash = $1`
	sqlSweepSessions = `DELETE FROM session WHERE seen_at < clock_timestamp() - $1::interval
		OR created_at < clock_timestamp() - $2::interval`
	// The lock waits for who is changing the password or disabling the account, and then finds that it no longer
	// is what was verified.
	sqlStillVerified = `SELECT FROM account WHERE account_id = $1 AND password = $2 AND disabled_at IS NULL
		FOR NO KEY UPDATE`
	sqlSession = `SELECT ` + sqlAccount + `, s.created_at AS since, s.seen_at, s.seen_at < clock_timestamp() - $4::interval AS stale
  FROM session s JOIN account a USING (account_id)
 WHERE s.hash = $1 AND s.seen_at > clock_timestamp() - $2::interval AND s.created_at > clock_timestamp() - $3::interval AND a.disabled_at IS NULL`
	sqlSessions = `SELECT created_at AS since, seen_at, hash = $2 AS current FROM session WHERE account_id = $1
		AND seen_at > clock_timestamp() - $3::interval AND created_at > clock_timestamp() - $4::interval
		ORDER BY hash = $2 DESC, seen_at DESC LIMIT 200`
	sqlEndOthers    = `DELETE FROM session WHERE account_id = $1 AND hash <> $2`
	sqlTouchSession = `UPDATE session SET seen_at = clock_timestamp() WHERE hash = $1`
)

// OpenSession signs an account in whose password (a PHC string) was just verified, and returns the session's secret.
// ErrRetry when the password or the account was changed meanwhile. Sessions that have ended are removed.
func (s People) OpenSession(ctx context.Context, id uuid.UUID, verified string) (secret string, err error) {
	secret = newSecret("")
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		found, err := tx.Exec(ctx, sqlStillVerified, id, verified)
		if err != nil {
			return err
		}
		if found.RowsAffected() == 0 {
			return store.ErrRetry
		}
		_, err = tx.Exec(ctx, sqlOpenSession, hashOf(secret), id)
		return err
	})
	if err != nil {
		return "", store.Translate("open a session", err)
	}
	return secret, s.SweepSessions(ctx)
}

// SweepSessions removes sessions that have ended. They are refused whether removed or not.
func (s People) SweepSessions(ctx context.Context) error {
	_, err := s.Planner.Exec(ctx, sqlSweepSessions, SessionIdle, SessionLife)
	return store.Translate("remove ended sessions", err)
}

// CloseSession signs out; a session that is not there is no error.
func (s People) CloseSession(ctx context.Context, secret string) error {
	_, err := s.Planner.Exec(ctx, sqlCloseSession, hashOf(secret))
	return store.Translate("close a session", err)
}

// WhoseSession finds who a session's secret belongs to: ErrNotFound when it is unknown, has ended, or its account is
// disabled. It counts as a request.
func (s People) WhoseSession(ctx context.Context, secret string) (*Who, error) {
	return s.whoseSession(ctx, secret, true)
}

// StillWhoseSession is WhoseSession for long-lived work such as an open stream: it does not extend the session.
func (s People) StillWhoseSession(ctx context.Context, secret string) (*Who, error) {
	return s.whoseSession(ctx, secret, false)
}

func (s People) whoseSession(ctx context.Context, secret string, touch bool) (*Who, error) {
	if !wellFormed("", secret) {
		return nil, store.ErrNotFound
	}
	rows, err := s.Planner.Query(ctx, sqlSession, hashOf(secret), SessionIdle, SessionLife, sessionTouch)
	if err != nil {
		return nil, store.Translate("read a session", err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[struct {
		Account
		Session
		Stale bool
	}])
	if err != nil {
		return nil, store.Translate("read a session", err)
	}
	if touch && found.Stale {
		if _, err := s.Planner.Exec(ctx, sqlTouchSession, hashOf(secret)); err != nil {
			return nil, store.Translate("touch a session", err)
		}
		found.SeenAt = time.Now()
	}
	return &Who{Account: found.Account, Session: &found.Session}, nil
}

// OpenedSession is a browser in which an account is signed in.
type OpenedSession struct {
	Since   time.Time `json:"since" db:"since" doc:"When it signed in."`
	SeenAt  time.Time `json:"seen_at" db:"seen_at" doc:"Its last request, to within five minutes."`
	Current bool      `json:"current" db:"current" doc:"The one that asks."`
}

// Sessions lists the browsers in which an account is signed in, that of the secret first.
func (s People) Sessions(ctx context.Context, account uuid.UUID, secret string) ([]OpenedSession, error) {
	return store.ReadAll[OpenedSession](ctx, s.Store, sqlSessions, account, hashOf(secret), SessionIdle, SessionLife)
}

// EndOtherSessions signs an account out everywhere but in the browser of the secret.
func (s People) EndOtherSessions(ctx context.Context, account uuid.UUID, secret string) error {
	_, err := s.Planner.Exec(ctx, sqlEndOthers, account, hashOf(secret))
	return store.Translate("end sessions", err)
}
