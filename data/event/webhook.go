package event

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// WebhookState is whether a webhook is told events.
type WebhookState string

// The states.
const (
	WebhookActive  WebhookState = "active"
	WebhookPaused  WebhookState = "paused"
	WebhookRetired WebhookState = "retired"
)

const (
	mostWebhooks = 20 // live ones of a park
	// SecretOverlap is how long the key before a change of it signs beside the new one.
	SecretOverlap = 24 * time.Hour
)

// Webhook is an address that is told a park's events. Its secret is shown when it is made or changed, and never again.
type Webhook struct {
	ID         uuid.UUID    `json:"id" db:"id" format:"uuid"`
	URL        string       `json:"url" db:"url"`
	State      WebhookState `json:"state" db:"state" enum:"active,paused,retired"`
	MadeAt     time.Time    `json:"made_at" db:"made_at"`
	MadeBy     store.Person `json:"made_by" db:"made_by"`
	Cursor     int64        `json:"cursor" db:"cursor" doc:"Every event up to it was taken or lies with the dead letters."`
	Behind     int64        `json:"behind" db:"behind" doc:"Events that are still to be told."`
	Tries      int          `json:"tries" db:"tries" doc:"How often the next event has failed."`
	NextAt     time.Time    `json:"next_at" db:"next_at" doc:"When it is tried next, where it has failed."`
	LastAt     *time.Time   `json:"last_at" db:"last_at" nullable:"true"`
	LastStatus *int         `json:"last_status" db:"last_status" nullable:"true" doc:"What the receiver answered; null where it did not."`
	LastError  *string      `json:"last_error" db:"last_error" nullable:"true"`
	Dead       int          `json:"dead_letters" db:"dead" doc:"Events it did not take in all their tries."`
}

// DeadLetter is an event that a receiver did not take.
type DeadLetter struct {
	Seq         int64      `json:"seq" db:"seq"`
	At          time.Time  `json:"at" db:"at" doc:"When it was given up."`
	Tries       int        `json:"tries" db:"tries"`
	Error       string     `json:"error" db:"error" doc:"Of the last try."`
	ResendAt    *time.Time `json:"resend_at" db:"resend_at" nullable:"true" doc:"Someone asked to send it again, and that was not tried yet."`
	DeliveredAt *time.Time `json:"delivered_at" db:"delivered_at" nullable:"true"`
}

const (
	sqlWebhooks = `
SELECT w.webhook_id AS id, w.url, w.state, w.made_at,
       jsonb_build_object('id', a.account_id, 'name', a.name) AS made_by, w.cursor, c.seq - w.cursor AS behind,
       w.tries, w.next_at,
       w.last_at, w.last_status, w.last_error, (SELECT count(*) FROM dead_letter d
         WHERE (d.park_id, d.webhook_id) = (w.park_id, w.webhook_id) AND d.delivered_at IS NULL)::int AS dead
  FROM webhook w JOIN park_clock c USING (park_id) JOIN account a ON a.account_id = w.made_by WHERE w.park_id = $1
    AND ($2::uuid IS NULL OR w.webhook_id = $2)
 ORDER BY w.made_at, w.webhook_id`
	sqlAddWebhook = `
INSERT INTO webhook (park_id, webhook_id, url, secret, made_by, cursor)
SELECT $1, $2, $3, $4, $5, least(coalesce($6, c.seq), c.seq) FROM park_clock c
 WHERE c.park_id = $1 AND (SELECT count(*) FROM webhook w WHERE w.park_id = $1 AND w.state <> 'retired') < $7`
	sqlChangeWebhook = `
UPDATE webhook SET url = coalesce($3, url), state = coalesce($4, state), next_at = clock_timestamp(),
       tries = CASE WHEN $4 = 'active' OR $3 IS NOT NULL THEN 0 ELSE tries END
 WHERE (park_id, webhook_id) = ($1, $2)`
	sqlRotate = `UPDATE webhook SET old_secret = secret, old_until = clock_timestamp() + $4::interval,
		secret = $3 WHERE (park_id, webhook_id) = ($1, $2)`
	sqlDeadLetters = `
SELECT seq, at, tries, error, resend_at, delivered_at FROM dead_letter WHERE (park_id, webhook_id) = ($1, $2)
       AND seq > $3 ORDER BY seq LIMIT $4`
	sqlResend = `
UPDATE dead_letter SET resend_at = clock_timestamp() WHERE (park_id, webhook_id) = ($1, $2)
       AND ($3::bigint IS NULL OR seq = $3) AND delivered_at IS NULL`
	sqlWakeWebhook = `UPDATE webhook SET next_at = clock_timestamp() WHERE (park_id, webhook_id) = ($1, $2)`
)

// Webhooks lists a park's webhooks, retired ones too, the oldest first.
func (s Events) Webhooks(ctx context.Context, park uuid.UUID) ([]Webhook, error) {
	return store.ReadAll[Webhook](ctx, s.Store, sqlWebhooks, park, nil)
}

// Webhook reads one; a Missing when there is none.
func (s Events) Webhook(ctx context.Context, park, id uuid.UUID) (Webhook, error) {
	found, err := store.ReadAll[Webhook](ctx, s.Store, sqlWebhooks, park, id)
	if err == nil && len(found) == 0 {
		err = &store.Missing{Kind: "webhook", Name: id.String()}
	}
	if err != nil {
		return Webhook{}, err
	}
	return found[0], nil
}

// AddWebhook makes a webhook that receives the events after a number (nil: new events only). It returns the webhook
// and its secret: "whsec_" and 32 bytes in base64.
func (s Events) AddWebhook(ctx context.Context, park uuid.UUID, url string, by uuid.UUID, after *int64) (Webhook,
	string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Webhook{}, "", err
	}
	key := newKey()
	done, err := s.Planner.Exec(ctx, sqlAddWebhook, park, id, url, key, by, after, mostWebhooks)
	if err != nil {
		return Webhook{}, "", store.Translate("add a webhook", err)
	}
	if done.RowsAffected() == 0 {
		return Webhook{}, "", geo.NewInvalid("webhooks", "webhooks.most", mostWebhooks)
	}
	made, err := s.Webhook(ctx, park, id)
	return made, keyText(key), err
}

// WebhookChange is what to change; nil leaves a thing as it is.
type WebhookChange struct {
	URL   *string
	State *WebhookState
}

// ChangeWebhook changes, pauses, resumes or retires a webhook. A new address or a resumption begins its tries anew, at
// once.
func (s Events) ChangeWebhook(ctx context.Context, park, id uuid.UUID, c WebhookChange) (Webhook, error) {
	if err := s.onWebhook(ctx, "change a webhook", id, sqlChangeWebhook, park, id, c.URL, c.State); err != nil {
		return Webhook{}, err
	}
	return s.Webhook(ctx, park, id)
}

// RotateWebhook gives a webhook a new secret. The old one signs beside it for SecretOverlap.
func (s Events) RotateWebhook(ctx context.Context, park, id uuid.UUID) (secret string, err error) {
	key := newKey()
	return keyText(key), s.onWebhook(ctx, "change a webhook's secret", id, sqlRotate, park, id, key, SecretOverlap)
}

// DeadLetters lists the events that a webhook's receiver did not accept, after a number.
func (s Events) DeadLetters(ctx context.Context, park, id uuid.UUID, after int64, limit int) ([]DeadLetter, error) {
	if _, err := s.Webhook(ctx, park, id); err != nil {
		return nil, err
	}
	return store.ReadAll[DeadLetter](ctx, s.Store, sqlDeadLetters, park, id, after, limit)
}

// Resend asks to send one dead letter again, or all (nil), and counts them. Each is tried once more.
func (s Events) Resend(ctx context.Context, park, id uuid.UUID, seq *int64) (n int64, err error) {
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if done, err := tx.Exec(ctx, sqlWakeWebhook, park, id); err != nil || done.RowsAffected() == 0 {
			return errors.Join(err, noWebhook(err, id))
		}
		done, err := tx.Exec(ctx, sqlResend, park, id, seq)
		n = done.RowsAffected()
		return err
	})
	return n, store.Translate("send dead letters again", err)
}

func (s Events) onWebhook(ctx context.Context, doing string, id uuid.UUID, sql string, args ...any) error {
	done, err := s.Planner.Exec(ctx, sql, args...)
	if err == nil && done.RowsAffected() == 0 {
		return noWebhook(nil, id)
	}
	return store.ExplainDenial(store.Translate(doing, err))
}

// noWebhook is a Missing where nothing else went wrong.
func noWebhook(err error, id uuid.UUID) error {
	if err != nil {
		return nil
	}
	return &store.Missing{Kind: "webhook", Name: id.String()}
}

func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it cannot fail
	return key
}

// keyText is a key as Standard Webhooks writes it.
func keyText(key []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(key) }
