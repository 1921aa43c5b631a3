package people

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Newcomer is an account to make.
type Newcomer struct {
	Login string
	Name  string
	Roles []Grant
}

// Invitation is a one-time link: its secret, which is shown once and kept nowhere, and when it ends.
type Invitation struct {
	Secret    string
	ExpiresAt time.Time
}

const (
	sqlAddAccount  = `INSERT INTO account (account_id, login, name) VALUES ($1, $2, $3)`
	sqlGrant       = `INSERT INTO membership (account_id, park_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	sqlWithdraw    = `DELETE FROM membership WHERE account_id = $1 AND park_id IS NOT DISTINCT FROM $2 AND role = $3`
	sqlParkID      = `SELECT park_id FROM park WHERE code = $1`
	sqlDropFirst   = `DELETE FROM invitation WHERE account_id IS NULL`
	sqlLockAccount = `SELECT disabled_at IS NOT NULL, erased_at IS NOT NULL FROM account
		WHERE account_id = $1 AND NOT placeholder FOR NO KEY UPDATE`
	sqlRename  = `UPDATE account SET name = $2 WHERE account_id = $1`
	sqlDisable = `UPDATE account SET disabled_at = coalesce(disabled_at, clock_timestamp()) WHERE account_id = $1`
	sqlEnable  = `UPDATE account SET disabled_at = NULL WHERE account_id = $1`
	// A turn that changes nothing is not noted.
	sqlTurn = `INSERT INTO account_turn (account_id, turn, by, reason)
		SELECT $1, CASE WHEN $2 THEN 'disabled' ELSE 'enabled' END, $3, $4 FROM account
		 WHERE account_id = $1 AND (disabled_at IS NOT NULL) <> $2`
	sqlEraseTurns = `UPDATE account_turn SET reason = '-' WHERE account_id = $1`
	sqlEraseMails = `UPDATE reminder_setting SET email = NULL, confirmed_at = NULL, code_hash = NULL, code_until = NULL
		WHERE account_id = $1`
	sqlEraseCalendar = `UPDATE calendar_address SET revoked_at = clock_timestamp() WHERE account_id = $1
		AND revoked_at IS NULL`
	sqlDropInvite = `DELETE FROM invitation WHERE account_id = $1`
	sqlErase      = `UPDATE account SET login = 'erased-' || account_id, name = '-', password = NULL, signed_in_at = NULL,
		disabled_at = coalesce(disabled_at, clock_timestamp()), erased_at = clock_timestamp() WHERE account_id = $1`
	sqlEraseTokens = `UPDATE token SET name = '-', revoked_at = coalesce(revoked_at, clock_timestamp())
		WHERE account_id = $1`
	sqlDropRoles    = `DELETE FROM membership WHERE account_id = $1`
	ruleLoginUnique = "account_login_key"
	invitationHolds = 24 * time.Hour
	sqlReplace      = `
WITH old AS (DELETE FROM invitation WHERE account_id IS NOT DISTINCT FROM $1 RETURNING hash),
forgotten AS (DELETE FROM spent_invitation WHERE at < clock_timestamp() - interval '90 days')
INSERT INTO spent_invitation (hash, how) SELECT hash, 'replaced' FROM old`
	sqlInvite = `INSERT INTO invitation (hash, account_id, expires_at)
		VALUES ($1, $2, clock_timestamp() + $3) ON CONFLICT (account_id) DO UPDATE
		SET hash = EXCLUDED.hash, expires_at = EXCLUDED.expires_at RETURNING expires_at`
	sqlAccountExists = `SELECT EXISTS (SELECT FROM account WHERE NOT placeholder)`
)

// AddAccount makes an account and its one-time link. It takes back the link of the first start: there is an account
// now.
func (s People) AddAccount(ctx context.Context, n Newcomer) (Account, Invitation, error) {
	login, err := ParseLogin(n.Login)
	if err != nil {
		return Account{}, Invitation{}, err
	}
	name, err := ParseName(n.Name)
	if err != nil {
		return Account{}, Invitation{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Account{}, Invitation{}, err
	}
	var made Account
	var link Invitation
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlDropFirst); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlAddAccount, id, login, name); err != nil {
			return err
		}
		if err := eachGrant(ctx, tx, sqlGrant, id, n.Roles); err != nil {
			return err
		}
		if link, err = invite(ctx, tx, &id); err != nil {
			return err
		}
		made, err = account(ctx, tx, sqlAccountByID, id)
		return err
	})
	return made, link, loginTaken("add an account", err)
}

func loginTaken(doing string, err error) error {
	if store.Constraint(err) == ruleLoginUnique {
		return ErrLoginTaken
	}
	return store.Translate(doing, err)
}

// eachGrant gives or withdraws roles; a park that doesn't exist is a Missing.
func eachGrant(ctx context.Context, tx pgx.Tx, sql string, id uuid.UUID, grants []Grant) error {
	for _, g := range grants {
		var park *uuid.UUID
		if g.Park != nil {
			err := tx.QueryRow(ctx, sqlParkID, *g.Park).Scan(&park)
			if errors.Is(err, pgx.ErrNoRows) {
				return &store.Missing{Kind: "park", Name: *g.Park}
			}
			if err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, sql, id, park, g.Role); err != nil {
			return err
		}
	}
	return nil
}

// AccountChange is a change of an account; a nil field leaves the value as it is. Grants and withdrawals are
// idempotent, so that two concurrent changes of an account don't overwrite each other.
type AccountChange struct {
	Name     *string
	Disabled *bool
	Reason   string     // of disabling or enabling
	By       *uuid.UUID // who does that; nil: the command line
	Grant    []Grant
	Withdraw []Grant
}

// ChangeAccount changes an account after allow, which sees it as it stands under a lock, agrees; nil always agrees.
// Disabling ends its sessions and its one-time link at once. An erased account is refused.
func (s People) ChangeAccount(ctx context.Context, id uuid.UUID, allow func(Account) error, c AccountChange) (Account,
	error) {
	var changed Account
	err := s.lockedAccount(ctx, id, allow, func(tx pgx.Tx) error {
		if c.Name != nil {
			name, err := ParseName(*c.Name)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlRename, id, name); err != nil {
				return err
			}
		}
		if c.Disabled != nil {
			if err := setDisabled(ctx, tx, id, c); err != nil {
				return err
			}
		}
		if err := eachGrant(ctx, tx, sqlWithdraw, id, c.Withdraw); err != nil {
			return err
		}
		if err := eachGrant(ctx, tx, sqlGrant, id, c.Grant); err != nil {
			return err
		}
		var err error
		changed, err = account(ctx, tx, sqlAccountByID, id)
		return err
	})
	return changed, store.ExplainDenial(store.Translate("change an account", err))
}

func setDisabled(ctx context.Context, tx pgx.Tx, id uuid.UUID, c AccountChange) error {
	if _, err := tx.Exec(ctx, sqlTurn, id, *c.Disabled, c.By, c.Reason); err != nil {
		return err
	}
	if !*c.Disabled {
		_, err := tx.Exec(ctx, sqlEnable, id)
		return err
	}
	return execEach(ctx, tx, id, sqlDisable, sqlEndSessions, sqlDropInvite)
}

func execEach(ctx context.Context, tx pgx.Tx, id uuid.UUID, statements ...string) error {
	for _, sql := range statements {
		if _, err := tx.Exec(ctx, sql, id); err != nil {
			return err
		}
	}
	return nil
}

// lockedAccount runs change on a live account that nobody else can change meanwhile. The link is locked before the
// account, as those who use one do.
func (s People) lockedAccount(ctx context.Context, id uuid.UUID, allow func(Account) error,
	change func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT FROM invitation WHERE account_id = $1 FOR UPDATE`, id); err != nil {
			return err
		}
		var disabled, erased bool
		err := tx.QueryRow(ctx, sqlLockAccount, id).Scan(&disabled, &erased)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && erased {
			return &store.Missing{Kind: "account", Name: id.String()}
		}
		if err != nil {
			return err
		}
		if allow != nil {
			a, err := account(ctx, tx, sqlAccountByID, id)
			if err != nil {
				return err
			}
			if err := allow(a); err != nil {
				return err
			}
		}
		return change(tx)
	})
}

// EraseAccount removes a person: login, name, password, roles, sessions, links; tokens are revoked and lose their
// names. The row stays, because records carry its id, and it stays disabled for good.
func (s People) EraseAccount(ctx context.Context, id uuid.UUID) error {
	err := s.lockedAccount(ctx, id, nil, func(tx pgx.Tx) error {
		return execEach(ctx, tx, id, sqlErase, sqlEndSessions, sqlForgetBrowsers, sqlDropInvite, sqlEraseTokens,
			sqlEraseTurns, sqlEraseMails, sqlEraseCalendar, sqlDropRoles)
	})
	return store.ExplainDenial(store.Translate("erase an account", err))
}

// Invite makes a one-time link for an account, valid for a day, in place of any that waits; allow as for ChangeAccount.
// Nothing else changes until it is used. A disabled account is refused.
func (s People) Invite(ctx context.Context, id uuid.UUID, allow func(Account) error) (Invitation, error) {
	var link Invitation
	live := func(a Account) error {
		if allow != nil {
			if err := allow(a); err != nil {
				return err
			}
		}
		if a.Disabled {
			return geo.NewInvalid("account", "account.enabled", geo.Say("came.disabled"))
		}
		return nil
	}
	err := s.lockedAccount(ctx, id, live, func(tx pgx.Tx) (err error) {
		link, err = invite(ctx, tx, &id)
		return err
	})
	return link, store.Translate("invite", err)
}

func invite(ctx context.Context, tx pgx.Tx, id *uuid.UUID) (Invitation, error) {
	link := Invitation{Secret: newSecret("")}
	if _, err := tx.Exec(ctx, sqlReplace, id); err != nil {
		return link, err
	}
	err := tx.QueryRow(ctx, sqlInvite, hashOf(link.Secret), id, invitationHolds).Scan(&link.ExpiresAt)
	return link, err
}

// FirstInvitation makes the link of the first account, an admin of every park, while no account exists; ok is false
// when one does. Each call makes the link anew: the one before it no longer works.
func (s People) FirstInvitation(ctx context.Context) (link Invitation, ok bool, err error) {
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		var exists bool
		if err := tx.QueryRow(ctx, sqlAccountExists).Scan(&exists); err != nil || exists {
			return err
		}
		ok = true
		link, err = invite(ctx, tx, nil)
		return err
	})
	return link, ok, store.Translate("make the first link", err)
}
