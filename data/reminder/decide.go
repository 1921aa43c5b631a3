package reminder

import (
	"context"
	"time"

	"github.com/google/uuid"

	"luodi/data/store"
)

// Undecided is a mail that waits for an admin: nobody knows whether it was taken, or it was refused for good.
type Undecided struct {
	ID        uuid.UUID    `json:"id" db:"mail_id" format:"uuid"`
	To        store.Person `json:"to" db:"account" doc:"Whose mail it is; the address is theirs alone."`
	Kind      string       `json:"kind" db:"kind" enum:"reminders,confirm"`
	State     string       `json:"state" db:"state" enum:"unknown,refused"`
	Reminders int          `json:"reminders" db:"reminders" doc:"How many things it tells."`
	QueuedAt  time.Time    `json:"queued_at" db:"queued_at"`
	At        *time.Time   `json:"at" db:"settled_at" nullable:"true" doc:"Since when it is so."`
	Tries     int          `json:"tries" db:"tries"`
	Reply     *int         `json:"reply" db:"reply" nullable:"true" doc:"The mail server's code."`
	Error     *string      `json:"error" db:"error" nullable:"true"`
}

const (
	sqlUndecided = `
SELECT m.mail_id, jsonb_build_object('id', a.account_id, 'name', a.name) AS account, m.kind, m.state, m.queued_at,
       m.settled_at, m.tries, m.reply, m.error,
       (SELECT count(*) FROM reminder r WHERE r.mail_id = m.mail_id)::int AS reminders
  FROM mail m JOIN account a USING (account_id) WHERE m.state IN ('unknown', 'refused')
 ORDER BY m.queued_at, m.mail_id LIMIT 500`
	sqlDecide = `UPDATE mail SET state = $2, decided_by = $3, decided_at = clock_timestamp(), decision_reason = $4,
		next_at = clock_timestamp() WHERE mail_id = $1`
	sqlWaiting = `SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state IN ('claimed', 'handed')),
		count(*) FILTER (WHERE state = 'unknown'), count(*) FILTER (WHERE state = 'refused') FROM mail
		WHERE state NOT IN ('sent', 'void')`
)

// Undecided lists the mails that wait for an admin, the oldest first, at most 500.
func (s Reminders) Undecided(ctx context.Context) ([]Undecided, error) {
	return store.ReadAll[Undecided](ctx, s.Store, sqlUndecided)
}

// Decisions that an admin takes of a mail: "again" queues it, "sent" believes that it was taken, "void" gives it up.
var decisions = map[string]string{"again": "queued", "sent": "sent", "void": "void"}

// Decide ends the doubt about a mail. What the database doesn't let a mail become it refuses.
func (s Reminders) Decide(ctx context.Context, id, by uuid.UUID, decision, reason string) error {
	done, err := s.Planner.Exec(ctx, sqlDecide, id, decisions[decision], by, reason)
	if err == nil && done.RowsAffected() == 0 {
		return &store.Missing{Kind: "mail", Name: id.String()}
	}
	return store.ExplainDenial(store.Translate("decide about a mail", err))
}

// Outbox counts the mails that are neither sent nor void.
type Outbox struct{ Queued, UnderWay, Unknown, Refused int }

// Outbox reads how the mails stand.
func (s Reminders) Outbox(ctx context.Context) (o Outbox, err error) {
	err = s.Planner.QueryRow(ctx, sqlWaiting).Scan(&o.Queued, &o.UnderWay, &o.Unknown, &o.Refused)
	return o, store.Translate("count mails", err)
}
