package reminder

import (
	"context"
	"time"

	"github.com/google/uuid"

	"luodi/data/store"
)

// Sent is a mail as admins see it: whose it is, how it stands, and what was decided of it. What it says is nowhere kept.
type Sent struct {
	ID        uuid.UUID     `json:"id" db:"mail_id" format:"uuid"`
	To        store.Person  `json:"to" db:"account" doc:"Whose mail it is; the address is theirs alone."`
	Kind      string        `json:"kind" db:"kind" enum:"reminders,confirm"`
	State     string        `json:"state" db:"state" enum:"queued,claimed,handed,sent,unknown,refused,void" doc:"unknown: nobody knows whether it was taken; refused: for good; both wait for an admin."`
	Reminders int           `json:"reminders" db:"reminders" doc:"How many things it tells."`
	QueuedAt  time.Time     `json:"queued_at" db:"queued_at"`
	At        *time.Time    `json:"at" db:"settled_at" nullable:"true" doc:"Since when it is so; null: it is under way."`
	Tries     int           `json:"tries" db:"tries"`
	Reply     *int          `json:"reply" db:"reply" nullable:"true" doc:"The mail server's code."`
	Error     *string       `json:"error" db:"error" nullable:"true"`
	DecidedBy *store.Person `json:"decided_by" db:"decided_by" doc:"Null: nobody had to decide."`
	DecidedAt *time.Time    `json:"decided_at" db:"decided_at" nullable:"true"`
	Reason    *string       `json:"reason" db:"reason" nullable:"true" doc:"Why it was decided so."`
	Total     int           `json:"-" db:"total"`
}

// Picked selects mails: a state, "waiting" for those that an admin is to decide about, or "all"; those of one account; a
// page of them.
type Picked struct {
	State       string
	Account     *uuid.UUID
	From, Limit int
}

const (
	// sqlPicked: those that wait are told the oldest first, others the newest first.
	sqlPicked = `
SELECT m.mail_id, jsonb_build_object('id', a.account_id, 'name', a.name) AS account, m.kind, m.state, m.queued_at,
       m.settled_at, m.tries, m.reply, m.error, m.decided_at, m.decision_reason AS reason, CASE
         WHEN b.account_id IS NOT NULL THEN jsonb_build_object('id', b.account_id, 'name', b.name) END AS decided_by,
       (SELECT count(*) FROM reminder r WHERE r.mail_id = m.mail_id)::int AS reminders, count(*) OVER ()::int AS total
  FROM mail m JOIN account a USING (account_id) LEFT JOIN account b ON b.account_id = m.decided_by
 WHERE ($1 = 'all' OR m.state = ANY (CASE $1 WHEN 'waiting' THEN ARRAY['unknown', 'refused'] ELSE ARRAY[$1] END))
   AND ($2::uuid IS NULL OR m.account_id = $2)
 ORDER BY CASE WHEN $1 = 'waiting' THEN m.queued_at END, m.queued_at DESC, m.mail_id OFFSET $3 LIMIT $4`
	sqlCountPicked = `SELECT count(*)::int FROM mail m
		WHERE ($1 = 'all' OR m.state = ANY (CASE $1 WHEN 'waiting' THEN ARRAY['unknown', 'refused'] ELSE ARRAY[$1] END))
		  AND ($2::uuid IS NULL OR m.account_id = $2)`
	sqlDecide = `UPDATE mail SET state = $2, decided_by = $3, decided_at = clock_timestamp(), decision_reason = $4,
		next_at = clock_timestamp() WHERE mail_id = $1`
	sqlWaiting = `SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state IN ('claimed', 'handed')),
		count(*) FILTER (WHERE state = 'unknown'), count(*) FILTER (WHERE state = 'refused') FROM mail
		WHERE state NOT IN ('sent', 'void')`
)

// Mails lists a page of mails, and says how many there are on all pages.
func (s Reminders) Mails(ctx context.Context, p Picked) (mails []Sent, all int, err error) {
	if mails, err = store.ReadAll[Sent](ctx, s.Store, sqlPicked, p.State, p.Account, p.From, p.Limit); err != nil {
		return nil, 0, err
	}
	if len(mails) > 0 {
		return mails, mails[0].Total, nil
	}
	err = s.Planner.QueryRow(ctx, sqlCountPicked, p.State, p.Account).Scan(&all)
	return mails, all, store.Translate("count mails", err)
}

// Undecided lists the mails that wait for an admin, the oldest first, at most 500.
func (s Reminders) Undecided(ctx context.Context) ([]Sent, error) {
	mails, _, err := s.Mails(ctx, Picked{State: "waiting", Limit: 500})
	return mails, err
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
