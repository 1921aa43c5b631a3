package reminder

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Fact is something that a person is reminded of, by its day.
type Fact struct {
	Kind    string `json:"kind"`
	Subject string `json:"subject"` // what it is about; the same for as long as it is the same
	Due     string `json:"due"`     // a day
}

// Looker is a person for whom it is time to look what there is to tell.
type Looker struct {
	Account uuid.UUID `db:"account_id"`
	Today   string    `db:"today"`
	Digest  bool      `db:"digest"`
}

const (
	sqlLooker = `
SELECT s.account_id, (clock_timestamp() AT TIME ZONE z.zone)::date::text AS today, s.digest
  FROM reminder_setting s JOIN account a USING (account_id), LATERAL (SELECT ` + sqlZone + `) z (zone)
 WHERE s.confirmed_at IS NOT NULL AND a.disabled_at IS NULL
   AND (s.looked_on IS NULL OR s.looked_on < (clock_timestamp() AT TIME ZONE z.zone)::date)
   AND extract(hour FROM clock_timestamp() AT TIME ZONE z.zone) >= s.hour
   AND s.account_id <> ALL ($1::uuid[]) LIMIT 1 FOR UPDATE OF s SKIP LOCKED`
	sqlLooked = `UPDATE reminder_setting SET looked_on = $2::date WHERE account_id = $1`
	sqlUntold = `
SELECT kind, subject, due::text FROM unnest($2::text[], $3::text[], $4::date[]) f (kind, subject, due)
EXCEPT SELECT kind, subject, due::text FROM reminder WHERE account_id = $1 ORDER BY 3, 1, 2`
	sqlQueueMails = `INSERT INTO mail (mail_id, account_id, kind) SELECT id, $1, 'reminders' FROM unnest($2::uuid[]) id`
	sqlRemember   = `INSERT INTO reminder (account_id, kind, subject, due, mail_id)
		SELECT $1, kind, subject, due, id FROM unnest($2::text[], $3::text[], $4::date[], $5::uuid[])
		f (kind, subject, due, id)`
)

// Look finds someone whose hour has come today, asks what there is to tell, and queues it: what was queued before, for
// the same day that it is due, is not queued again. All of it commits at once. who is nil when it is nobody's time
// but of those who are left out.
func (s Reminders) Look(ctx context.Context, leftOut []uuid.UUID,
	tell func(context.Context, Looker) ([]Fact, error)) (who *Looker, err error) {
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlLooker, leftOut)
		if err != nil {
			return err
		}
		found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Looker])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		who = &found
		facts, err := tell(ctx, found)
		if err != nil {
			return err
		}
		if err := queue(ctx, tx, found, facts); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlLooked, who.Account, who.Today)
		return err
	})
	return who, store.Translate("queue reminders", err)
}

func queue(ctx context.Context, tx pgx.Tx, who Looker, facts []Fact) error {
	kinds, subjects, dues := columns(facts)
	rows, err := tx.Query(ctx, sqlUntold, who.Account, kinds, subjects, dues)
	if err != nil {
		return err
	}
	untold, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Fact])
	if err != nil || len(untold) == 0 {
		return err
	}
	var mails []uuid.UUID
	of := make([]uuid.UUID, len(untold))
	for i := range untold {
		if i == 0 || !who.Digest {
			id, err := uuid.NewV7()
			if err != nil {
				return err
			}
			mails = append(mails, id)
		}
		of[i] = mails[len(mails)-1]
	}
	if _, err := tx.Exec(ctx, sqlQueueMails, who.Account, mails); err != nil {
		return err
	}
	kinds, subjects, dues = columns(untold)
	_, err = tx.Exec(ctx, sqlRemember, who.Account, kinds, subjects, dues, of)
	return err
}

func columns(facts []Fact) (kinds, subjects, dues []string) {
	for _, f := range facts {
		kinds, subjects, dues = append(kinds, f.Kind), append(subjects, f.Subject), append(dues, f.Due)
	}
	return kinds, subjects, dues
}

// Mail is a mail that a sender has claimed.
type Mail struct {
	ID      uuid.UUID `db:"mail_id"`
	Account uuid.UUID `db:"account_id"`
	Kind    string    `db:"kind"`
	Tries   int       `db:"tries"`
	Lang    string    `db:"lang"`
	Email   *string   `db:"email"` // nil: there is nowhere to send it any more
	Facts   []Fact    `db:"facts"`
}

const (
	// What a sender that is gone had claimed goes back; what it may have handed over is in doubt.
	sqlFreeClaimed = `UPDATE mail SET state = CASE state WHEN 'claimed' THEN 'queued' ELSE 'unknown' END
		WHERE state IN ('claimed', 'handed') AND leased_until < clock_timestamp()`
	sqlClaim = `
WITH due AS (
  SELECT mail_id FROM mail WHERE state = 'queued' AND next_at <= clock_timestamp()
   ORDER BY next_at, account_id, mail_id LIMIT $3 FOR UPDATE SKIP LOCKED),
claimed AS (
  UPDATE mail m SET state = 'claimed', lease = $1, leased_until = clock_timestamp() + $2::interval FROM due
   WHERE m.mail_id = due.mail_id RETURNING m.mail_id, m.account_id, m.kind, m.tries)
SELECT c.mail_id, c.account_id, c.kind, c.tries, coalesce(s.lang, 'zh') AS lang,
       CASE WHEN a.disabled_at IS NULL AND (s.confirmed_at IS NULL) = (c.kind = 'confirm') THEN s.email END AS email,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'subject', r.subject, 'due', r.due)
         ORDER BY r.due, r.kind, r.subject), '[]') FROM reminder r WHERE r.mail_id = c.mail_id) AS facts
  FROM claimed c JOIN account a USING (account_id) LEFT JOIN reminder_setting s USING (account_id)
 ORDER BY c.account_id, c.mail_id`
	sqlMine = ` WHERE mail_id = $1 AND lease = $2 AND `
	sqlHand = `UPDATE mail SET state = 'handed', leased_until = clock_timestamp() + $3::interval, tries = tries + 1` +
		sqlMine + `state = 'claimed' AND leased_until > clock_timestamp()`
	sqlSent = `UPDATE mail SET state = 'sent', reply = $3, error = NULL` + sqlMine + `state IN ('handed', 'unknown')`
	sqlBack = `UPDATE mail SET state = $3, reply = $4, error = $5, next_at = clock_timestamp() + $6::interval,
		tries = CASE state WHEN 'claimed' THEN tries + 1 ELSE tries END` + sqlMine + `state IN ('claimed', 'handed')`
	sqlUnclaim = `UPDATE mail SET state = 'queued'` + sqlMine + `state = 'claimed'`
	sqlNoted   = `UPDATE mail SET error = $3` + sqlMine + `state = 'handed'`
)

// Claim takes up to n mails for a sender, for so long: of one person together. Nothing of them is with the mail server
// yet. First it looks after those of senders that are gone: what they had only claimed goes back to the queue; what
// they may have handed over is unknown from then on.
func (s Reminders) Claim(ctx context.Context, sender uuid.UUID, length time.Duration, n int) ([]Mail, error) {
	if _, err := s.Planner.Exec(ctx, sqlFreeClaimed); err != nil {
		return nil, store.Translate("look after claimed mails", err)
	}
	return store.ReadAll[Mail](ctx, s.Store, sqlClaim, sender, length, n)
}

// Hand notes that the mail server is about to be given the end of a mail. From here on it is not sent again by itself.
// ErrRetry where the claim has ended: it is another's then.
func (s Reminders) Hand(ctx context.Context, m Mail, sender uuid.UUID, length time.Duration) error {
	return s.mine(ctx, sqlHand, m.ID, sender, length)
}

// Sent notes that the mail server took a mail.
func (s Reminders) Sent(ctx context.Context, m Mail, sender uuid.UUID, reply int) error {
	return s.mine(ctx, sqlSent, m.ID, sender, reply)
}

// Doubt notes why it is not known what became of a mail that was handed over; it is unknown once its lease ends.
func (s Reminders) Doubt(ctx context.Context, m Mail, sender uuid.UUID, why string) error {
	return s.mine(ctx, sqlNoted, m.ID, sender, why)
}

// Again puts a mail back that was surely not taken: by the server's reply, or because none of it was handed over.
func (s Reminders) Again(ctx context.Context, m Mail, sender uuid.UUID, reply int, why string,
	pause time.Duration) error {
	return s.mine(ctx, sqlBack, m.ID, sender, "queued", orNil(reply), why, pause)
}

// Refuse ends a mail that the server will never take.
func (s Reminders) Refuse(ctx context.Context, m Mail, sender uuid.UUID, reply int, why string) error {
	return s.mine(ctx, sqlBack, m.ID, sender, "refused", orNil(reply), why, time.Duration(0))
}

// Unclaim lets any sender take a mail again at once.
func (s Reminders) Unclaim(ctx context.Context, m Mail, sender uuid.UUID) error {
	return s.mine(ctx, sqlUnclaim, m.ID, sender)
}

// Void ends a mail in which there is nothing left to tell.
func (s Reminders) Void(ctx context.Context, m Mail, sender uuid.UUID) error {
	return s.mine(ctx, sqlBack, m.ID, sender, "void", nil, nil, time.Duration(0))
}

func (s Reminders) mine(ctx context.Context, sql string, args ...any) error {
	done, err := s.Planner.Exec(ctx, sql, args...)
	if err == nil && done.RowsAffected() == 0 {
		return store.ErrRetry
	}
	return store.Translate("note what became of a mail", err)
}

func orNil(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
