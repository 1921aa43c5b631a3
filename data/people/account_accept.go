package people

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// ErrInvitation says that a one-time link doesn't work, for whatever reason. It matches ErrNotFound.
var ErrInvitation = fmt.Errorf("%w: one-time link", store.ErrNotFound)

// Why a link that was made works no longer. Each matches ErrInvitation. A link that was never made gives ErrInvitation
// alone, and so does one whose account was disabled.
var (
	ErrInvitationUsed     = fmt.Errorf("%w: it was used", ErrInvitation)
	ErrInvitationReplaced = fmt.Errorf("%w: another replaced it", ErrInvitation)
	ErrInvitationEnded    = fmt.Errorf("%w: its time has ended", ErrInvitation)
)

// Invited is what a link is for. For the first account Account, Login and Name are empty.
type Invited struct {
	Account   *uuid.UUID `json:"-" db:"account_id"`
	Login     string     `json:"login,omitempty" db:"login"`
	Name      string     `json:"name,omitempty" db:"name"`
	ExpiresAt time.Time  `json:"expires_at" db:"expires_at"`
}

// First says that the link makes the first account: its user chooses login and name.
func (i Invited) First() bool { return i.Account == nil }

const (
	sqlInvited = `
SELECT i.account_id, coalesce(a.login, '') AS login, coalesce(a.name, '') AS name, i.expires_at
  FROM invitation i LEFT JOIN account a USING (account_id)
 WHERE i.hash = $1 AND i.expires_at > clock_timestamp() AND a.disabled_at IS NULL
   AND (i.account_id IS NOT NULL OR NOT EXISTS (SELECT FROM account WHERE NOT placeholder))`
	sqlUseInvitation = `
WITH used AS (
  DELETE FROM invitation WHERE hash = $1 AND expires_at > clock_timestamp() RETURNING hash, account_id),
noted AS (INSERT INTO spent_invitation (hash, how) SELECT hash, 'used' FROM used)
SELECT account_id FROM used`
	sqlWhyInvitation = `
SELECT 'ended' FROM invitation WHERE hash = $1 AND expires_at <= clock_timestamp()
UNION ALL SELECT how FROM spent_invitation WHERE hash = $1`
	sqlFirstAccount = `INSERT INTO account (account_id, login, name, password) SELECT $1, $2, $3, $4
		WHERE NOT EXISTS (SELECT FROM account WHERE NOT placeholder)`
	sqlNewPassword = `UPDATE account SET password = $2 WHERE account_id = $1 AND disabled_at IS NULL`
)

// LookInvitation says what a link is for, without using it; an error that matches ErrInvitation when it doesn't work.
func (s People) LookInvitation(ctx context.Context, secret string) (Invited, error) {
	if !wellFormed("", secret) {
		return Invited{}, ErrInvitation
	}
	rows, err := s.Planner.Query(ctx, sqlInvited, hashOf(secret))
	if err != nil {
		return Invited{}, store.Translate("look at a one-time link", err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Invited])
	if errors.Is(err, pgx.ErrNoRows) {
		return found, s.whyInvitation(ctx, secret)
	}
	return found, store.Translate("look at a one-time link", err)
}

// whyInvitation says why a link doesn't work, as far as that is known.
func (s People) whyInvitation(ctx context.Context, secret string) error {
	var how string
	err := s.Planner.QueryRow(ctx, sqlWhyInvitation, hashOf(secret)).Scan(&how)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrInvitation
	case err != nil:
		return store.Translate("look at a one-time link", err)
	case how == "used":
		return ErrInvitationUsed
	case how == "replaced":
		return ErrInvitationReplaced
	}
	return ErrInvitationEnded
}

// AcceptInvitation uses a one-time link: it sets the account's password (a PHC string), ends the account's sessions
// and opens a new one, whose secret it returns. login and name are needed for the first account and ignored for
// others. Of concurrent uses of one link exactly one succeeds; the others get an error that matches ErrInvitation.
func (s People) AcceptInvitation(ctx context.Context, secret, login, name, password string) (session string,
	err error) {
	if !wellFormed("", secret) {
		return "", ErrInvitation
	}
	session = newSecret("")
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		var id *uuid.UUID
		err := tx.QueryRow(ctx, sqlUseInvitation, hashOf(secret)).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrInvitation
		}
		if err != nil {
			return err
		}
		if id == nil {
			id, err = firstAccount(ctx, tx, login, name, password)
		} else {
			err = newPassword(ctx, tx, *id, password)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlOpenSession, hashOf(session), *id)
		return err
	})
	if errors.Is(err, ErrInvitation) {
		return "", s.whyInvitation(ctx, secret)
	}
	if err != nil {
		return "", loginTaken("use a one-time link", err)
	}
	return session, nil
}

func newPassword(ctx context.Context, tx pgx.Tx, id uuid.UUID, password string) error {
	done, err := tx.Exec(ctx, sqlNewPassword, id, password)
	if err != nil {
		return err
	}
	if done.RowsAffected() == 0 {
		return ErrInvitation
	}
	_, err = tx.Exec(ctx, sqlEndSessions, id)
	return err
}

func firstAccount(ctx context.Context, tx pgx.Tx, login, name, password string) (*uuid.UUID, error) {
	login, err := ParseLogin(login)
	if err != nil {
		return nil, err
	}
	if name, err = ParseName(name); err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	done, err := tx.Exec(ctx, sqlFirstAccount, id, login, name, password)
	if err != nil {
		return nil, err
	}
	if done.RowsAffected() == 0 {
		return nil, ErrInvitation
	}
	return &id, eachGrant(ctx, tx, sqlGrant, id, []Grant{{Role: Admin}})
}
