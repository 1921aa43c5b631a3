package reminder

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// A code proves that who typed an address reads its mails. It is of 8 digits; after so many wrong ones it is void.
const (
	codeHolds  = time.Hour
	codeTries  = 5
	codesADay  = 5
	codeDigits = 8
)

const (
	sqlCodesToday = `SELECT count(*) FROM mail WHERE account_id = $1 AND kind = 'confirm'
		AND queued_at > clock_timestamp() - interval '1 day'`
	sqlLockSetting = `SELECT FROM reminder_setting WHERE account_id = $1 FOR UPDATE`
	sqlSetAddress  = `UPDATE reminder_setting SET email = $2, confirmed_at = NULL, code_hash = NULL, code_until = NULL,
		code_tries = 0 WHERE account_id = $1`
	sqlAskCode  = `INSERT INTO mail (mail_id, account_id, kind) VALUES ($1, $2, 'confirm')`
	sqlVoidOpen = `UPDATE mail SET state = 'void' WHERE account_id = $1 AND state = 'queued' AND kind = ANY ($2)`
	sqlNewCode  = `UPDATE reminder_setting SET code_hash = $2, code_until = clock_timestamp() + $3::interval,
		code_tries = 0 WHERE account_id = $1 AND email IS NOT NULL AND confirmed_at IS NULL`
	sqlTryCode = `UPDATE reminder_setting SET code_tries = code_tries + 1 WHERE account_id = $1
		AND code_hash IS NOT NULL AND code_until > clock_timestamp() AND code_tries < $2 RETURNING code_hash`
	sqlConfirm = `UPDATE reminder_setting SET confirmed_at = clock_timestamp(), code_hash = NULL, code_until = NULL
		WHERE account_id = $1`
)

// SetAddress takes a mail address in place of any other, and queues the mail that proves it: at most five a day. Until
// it is confirmed nothing else is mailed.
func (s Reminders) SetAddress(ctx context.Context, account uuid.UUID, text string) (Choices, error) {
	email, err := ParseAddress(text)
	if err != nil {
		return Choices{}, err
	}
	err = s.onSetting(ctx, account, func(tx pgx.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, sqlCodesToday, account).Scan(&n); err != nil {
			return err
		}
		if n >= codesADay {
			return geo.NewInvalid("email", "reminder.codes", n)
		}
		if _, err := tx.Exec(ctx, sqlVoidOpen, account, []string{"confirm"}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlSetAddress, account, email); err != nil {
			return err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlAskCode, id, account)
		return err
	})
	if err != nil {
		return Choices{}, err
	}
	return s.Choices(ctx, account)
}

// ForgetAddress removes a person's mail address; what was queued for it is not sent.
func (s Reminders) ForgetAddress(ctx context.Context, account uuid.UUID) error {
	return s.onSetting(ctx, account, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlVoidOpen, account, []string{"confirm", "reminders"}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlSetAddress, account, nil)
		return err
	})
}

// onSetting changes a person's setting under its lock.
func (s Reminders) onSetting(ctx context.Context, account uuid.UUID, do func(pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlSet, account, nil, nil, nil); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlLockSetting, account); err != nil {
			return err
		}
		return do(tx)
	})
	return store.ExplainDenial(store.Translate("change how someone is reminded", err))
}

// NewCode makes the code that a mail to an address carries. It is kept as a hash, for an hour.
func (s Reminders) NewCode(ctx context.Context, account uuid.UUID) (code string, err error) {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		return "", err
	}
	code = fmt.Sprintf("%0*d", codeDigits, n)
	done, err := s.Planner.Exec(ctx, sqlNewCode, account, codeHash(account, code), codeHolds)
	if err == nil && done.RowsAffected() == 0 {
		return "", store.ErrNotFound
	}
	return code, store.Translate("make a code", err)
}

// Confirm takes the code of an address. Every try counts, whatever comes of it.
func (s Reminders) Confirm(ctx context.Context, account uuid.UUID, code string) (Choices, error) {
	var kept []byte
	err := s.Planner.QueryRow(ctx, sqlTryCode, account, codeTries).Scan(&kept)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Choices{}, geo.NewInvalid("code", "reminder.code_anew", geo.Say("came.ended"))
	case err != nil:
		return Choices{}, store.Translate("confirm an address", err)
	case string(kept) != string(codeHash(account, code)):
		return Choices{}, geo.NewInvalid("code", "reminder.code", nil).Withheld("…")
	}
	if _, err := s.Planner.Exec(ctx, sqlConfirm, account); err != nil {
		return Choices{}, store.Translate("confirm an address", err)
	}
	return s.Choices(ctx, account)
}

func codeHash(account uuid.UUID, code string) []byte {
	sum := sha256.Sum256([]byte(account.String() + " " + code))
	return sum[:]
}

const (
	sqlRevokeCalendar = `UPDATE calendar_address SET revoked_at = clock_timestamp() WHERE account_id = $1
		AND revoked_at IS NULL`
	sqlAddCalendar = `INSERT INTO calendar_address (hash, account_id) VALUES ($1, $2)`
	sqlWhoseFeed   = `SELECT account_id FROM calendar_address c JOIN account a USING (account_id)
		WHERE c.hash = $1 AND c.revoked_at IS NULL AND a.disabled_at IS NULL`
)

// NewCalendar gives a person's calendar a secret address, of which the hash is kept, in place of any other.
func (s Reminders) NewCalendar(ctx context.Context, account uuid.UUID, hash []byte) (Choices, error) {
	err := s.onSetting(ctx, account, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlRevokeCalendar, account); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlAddCalendar, hash, account)
		return err
	})
	if err != nil {
		return Choices{}, err
	}
	return s.Choices(ctx, account)
}

// RevokeCalendar ends the address of a person's calendar; where there is none it does nothing.
func (s Reminders) RevokeCalendar(ctx context.Context, account uuid.UUID) error {
	_, err := s.Planner.Exec(ctx, sqlRevokeCalendar, account)
	return store.Translate("revoke a calendar's address", err)
}

// WhoseCalendar is whose calendar an address is of, by its hash; ErrNotFound where it is unknown or revoked, or its
// account is disabled.
func (s Reminders) WhoseCalendar(ctx context.Context, hash []byte) (account uuid.UUID, err error) {
	err = s.Planner.QueryRow(ctx, sqlWhoseFeed, hash).Scan(&account)
	if errors.Is(err, pgx.ErrNoRows) {
		return account, store.ErrNotFound
	}
	return account, store.Translate("look for a calendar", err)
}
