package api_test

import (
	"context"
	"crypto/sha256"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/reminder"
)

// ownly is a request about what is one's own.
func ownly(method, path string, body any) func(*world, *someone) ask {
	return func(*world, *someone) ask { return ask{method: method, path: path, body: body} }
}

// codeFor mails someone's address a code, as it were.
func (w *world) codeFor(account uuid.UUID) {
	if account == uuid.Nil {
		return
	}
	hash := sha256.Sum256([]byte(account.String() + " 12345678"))
	w.exec(`INSERT INTO reminder_setting (account_id, email, code_hash, code_until) VALUES ($1, 'a@example.cn', $2,
		now() + interval '1 hour') ON CONFLICT (account_id) DO UPDATE SET email = EXCLUDED.email, confirmed_at = NULL,
		code_hash = EXCLUDED.code_hash, code_until = EXCLUDED.code_until, code_tries = 0`, account, hash[:])
}

// newCalendar is the secret of the helper's calendar.
func (w *world) newCalendar() string {
	w.t.Helper()
	var helper uuid.UUID
	w.scan(`SELECT account_id FROM account WHERE login = 'helper'`, nil, &helper)
	secret, hash := people.NewLink()
	if _, err := reminder.Of(w.db.Store).NewCalendar(context.Background(), helper, hash); err != nil {
		w.t.Fatal(err)
	}
	return secret
}

// newDoubt is a mail of which nobody knows whether it was taken.
func (w *world) newDoubt() (id string) {
	w.scan(`INSERT INTO mail (mail_id, account_id, kind, state) SELECT gen_random_uuid(), account_id, 'reminders', 'unknown'
		FROM account WHERE login = 'helper' RETURNING mail_id::text`, nil, &id)
	return id
}
