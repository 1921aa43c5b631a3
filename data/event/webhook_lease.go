package event

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// ErrLeaseLost says that another process delivers for a webhook now, or that it was paused or retired.
var ErrLeaseLost = errors.New("the webhook is not this process's to deliver for")

// Delivery is a webhook that this process delivers for, as of the last word with the database.
type Delivery struct {
	Target
	store  *store.Store
	lease  uuid.UUID
	length time.Duration
}

// Target is where to deliver, what signs, and how far it is.
type Target struct {
	ParkID    uuid.UUID    `db:"park_id"`
	ID        uuid.UUID    `db:"webhook_id"`
	Park      string       `db:"park"` // its code
	URL       string       `db:"url"`
	Secret    []byte       `db:"secret"`
	OldSecret []byte       `db:"old_secret"` // nil once it no longer signs
	State     WebhookState `db:"state"`
	Cursor    int64        `db:"cursor"`
	Tries     int          `db:"tries"`
}

const (
	sqlDelivery = `w.park_id, w.webhook_id, (SELECT code FROM park p WHERE p.park_id = w.park_id) AS park, w.url, w.secret,
       CASE WHEN w.old_until > clock_timestamp() THEN w.old_secret END AS old_secret, w.state, w.cursor, w.tries`
	sqlLease = `
WITH due AS (
  SELECT w.park_id, w.webhook_id FROM webhook w JOIN park_clock c USING (park_id)
   WHERE w.state = 'active' AND w.next_at <= clock_timestamp()
     AND (w.leased_until IS NULL OR w.leased_until < clock_timestamp())
     AND (c.seq > w.cursor OR EXISTS (SELECT FROM dead_letter d
       WHERE (d.park_id, d.webhook_id) = (w.park_id, w.webhook_id) AND d.resend_at IS NOT NULL))
   ORDER BY w.next_at LIMIT 1 FOR UPDATE OF w SKIP LOCKED)
UPDATE webhook w SET lease = $1, leased_until = clock_timestamp() + $2::interval FROM due
       WHERE (w.park_id, w.webhook_id) = (due.park_id, due.webhook_id)
RETURNING ` + sqlDelivery
	// Each word of the holder's is said under its lease, and makes that longer.
	sqlHeld = ` WHERE (w.park_id, w.webhook_id) = ($1, $2) AND w.lease = $3
		AND w.leased_until > clock_timestamp() AND w.state <> 'retired' RETURNING ` + sqlDelivery
	sqlDelivered = `
UPDATE webhook w SET leased_until = clock_timestamp() + $4::interval, cursor = $5, tries = 0,
       next_at = clock_timestamp(), last_at = clock_timestamp(), last_status = $6, last_error = NULL` + sqlHeld
	sqlFailed = `
UPDATE webhook w SET leased_until = clock_timestamp() + $4::interval, tries = w.tries + 1,
       next_at = clock_timestamp() + $5::interval, last_at = clock_timestamp(), last_status = $6, last_error = $7` + sqlHeld
	sqlGiveUp = `
UPDATE webhook w SET leased_until = clock_timestamp() + $4::interval, cursor = w.cursor + 1, tries = 0,
       next_at = clock_timestamp(), last_at = clock_timestamp(), last_status = $5, last_error = $6` + sqlHeld
	sqlBury     = `INSERT INTO dead_letter (park_id, webhook_id, seq, tries, error) VALUES ($1, $2, $3, $4, $5)`
	sqlToResend = `SELECT seq FROM dead_letter WHERE (park_id, webhook_id) = ($1, $2)
		AND resend_at IS NOT NULL ORDER BY seq LIMIT 1`
	sqlResent = `UPDATE dead_letter SET resend_at = NULL, delivered_at = CASE
		WHEN $4::text IS NULL THEN clock_timestamp() END, tries = tries + 1, error = coalesce($4, error)
		WHERE (park_id, webhook_id, seq) = ($1, $2, $3)`
	sqlKeepLease = `UPDATE webhook w SET leased_until = clock_timestamp() + $4::interval,
		last_at = clock_timestamp(), last_status = $5, last_error = $6` + sqlHeld
	sqlRelease = `UPDATE webhook SET lease = NULL, leased_until = NULL WHERE (park_id, webhook_id) = ($1, $2)
		AND lease = $3 AND state <> 'retired'`
)

// LeaseWebhook takes a webhook that has something to deliver, for so long unless it is released or renewed before; nil
// when there is none. No other process gets it meanwhile.
func (s Events) LeaseWebhook(ctx context.Context, length time.Duration) (*Delivery, error) {
	d := &Delivery{store: s.Store, lease: uuid.New(), length: length}
	err := d.read(ctx, s.Planner, sqlLease, d.lease, length)
	if errors.Is(err, ErrLeaseLost) {
		return nil, nil
	}
	return d, err
}

// read takes over what the database says; ErrLeaseLost where it has no row for this holder.
func (d *Delivery) read(ctx context.Context, q store.Querier, sql string, args ...any) error {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return store.Translate("deliver to a webhook", err)
	}
	fresh, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Target])
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrLeaseLost
	}
	if err != nil {
		return store.Translate("deliver to a webhook", err)
	}
	d.Target = fresh
	return nil
}

func (d *Delivery) held(more ...any) []any {
	return append([]any{d.ParkID, d.ID, d.lease, d.length}, more...)
}

// Delivered says that the receiver took the event after the cursor.
func (d *Delivery) Delivered(ctx context.Context, status int) error {
	return d.read(ctx, d.store.Planner, sqlDelivered, d.held(d.Cursor+1, status)...)
}

// Failed says that the event after the cursor was not taken, and when to try again. status is 0 where there was no
// answer.
func (d *Delivery) Failed(ctx context.Context, status int, why string, again time.Duration) error {
	return d.read(ctx, d.store.Planner, sqlFailed, d.held(again, orNil(status), why)...)
}

// GiveUp lays the event after the cursor with the dead letters and goes on to the next.
func (d *Delivery) GiveUp(ctx context.Context, status int, why string) error {
	err := pgx.BeginFunc(ctx, d.store.Planner, func(tx pgx.Tx) error {
		seq, tries := d.Cursor+1, d.Tries+1
		if err := d.read(ctx, tx, sqlGiveUp, d.held(orNil(status), why)...); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlBury, d.ParkID, d.ID, seq, tries, why)
		return err
	})
	return err
}

// ToResend is the number of a dead letter that someone asked to send again; 0 when there is none.
func (d *Delivery) ToResend(ctx context.Context) (seq int64, err error) {
	err = d.store.Planner.QueryRow(ctx, sqlToResend, d.ParkID, d.ID).Scan(&seq)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return seq, store.Translate("find a dead letter", err)
}

// Resent says how sending a dead letter again went: why is "" where the receiver took it.
func (d *Delivery) Resent(ctx context.Context, seq int64, status int, why string) error {
	failed := orNil(why)
	return pgx.BeginFunc(ctx, d.store.Planner, func(tx pgx.Tx) error {
		if err := d.read(ctx, tx, sqlKeepLease, d.held(orNil(status), failed)...); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlResent, d.ParkID, d.ID, seq, failed)
		return store.Translate("send a dead letter again", err)
	})
}

// Release lets others deliver. Where it fails the lease ends by itself.
func (d *Delivery) Release(ctx context.Context) error {
	_, err := d.store.Planner.Exec(ctx, sqlRelease, d.ParkID, d.ID, d.lease)
	return store.Translate("release a webhook", err)
}

func orNil[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

// WebhookTarget returns a webhook's URL and signing keys, for a message outside the order of events. It returns a
// Missing for an unknown or retired webhook.
func (s Events) WebhookTarget(ctx context.Context, park, id uuid.UUID) (Target, error) {
	found, err := store.ReadAll[Target](ctx, s.Store, `SELECT `+sqlDelivery+` FROM webhook w WHERE (w.park_id,
		w.webhook_id) = ($1, $2) AND w.state <> 'retired'`, park, id)
	if err == nil && len(found) == 0 {
		err = &store.Missing{Kind: "webhook", Name: id.String()}
	}
	if err != nil {
		return Target{}, err
	}
	return found[0], nil
}
