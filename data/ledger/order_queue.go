package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
)

// Waiting is a project's place in the queue for a parcel, or what became of it.
type Waiting struct {
	ID          uuid.UUID         `json:"id" db:"id" format:"uuid"`
	Parcel      feed.Touched      `json:"parcel" db:"parcel"`
	Project     feed.NamedProject `json:"project" db:"project"`
	State       string            `json:"state" db:"state" enum:"waiting,served,passed,left,ended" doc:"served: it got a hold; passed: it could not be served and the next was; left: it was given up; ended: the parcel is no longer there."`
	Position    *int              `json:"position" db:"position" nullable:"true" doc:"From 1; null once the place has ended."`
	TermDays    int               `json:"term_days" db:"term_days"`
	Seq         int64             `json:"seq" db:"seq" doc:"The record by which the place was taken; who came first is served first."`
	AskedAt     time.Time         `json:"asked_at" db:"asked_at"`
	AskedBy     *store.Person     `json:"asked_by" db:"asked_by"`
	Reason      string            `json:"reason" db:"reason"`
	EndedSeq    *int64            `json:"ended_seq" db:"ended_seq" nullable:"true"`
	EndedAt     *time.Time        `json:"ended_at" db:"ended_at" nullable:"true"`
	EndedReason *string           `json:"ended_reason" db:"ended_reason" nullable:"true" doc:"What the record says that ended it."`
	Allotment   *uuid.UUID        `json:"allotment" db:"allotment" format:"uuid" nullable:"true" doc:"The right it was served with."`
}

const sqlWaiting = `
SELECT w.waiting_id AS id, jsonb_build_object('id', w.parcel_id, 'code', c.code) AS parcel,
       jsonb_build_object('id', j.project_id, 'code', j.code, 'name_zh', x.name_zh, 'name_en', x.name_en) AS project,
       CASE WHEN w.to_seq IS NULL THEN 'waiting' WHEN l.allotment_id IS NOT NULL THEN 'served'
         WHEN e.kind = 'pass' THEN 'passed' WHEN e.kind = 'leave' THEN 'left' ELSE 'ended' END AS state,
       CASE WHEN w.to_seq IS NULL THEN (SELECT count(*)::int FROM waiting o
         WHERE (o.park_id, o.parcel_id) = (w.park_id, w.parcel_id) AND o.to_seq IS NULL
         AND o.from_seq <= w.from_seq) END AS position,
       w.term_days, w.from_seq AS seq, b.at AS asked_at, CASE
         WHEN a.account_id IS NOT NULL THEN jsonb_build_object('id', a.account_id, 'name', a.name) END AS asked_by,
         b.reason,
       w.to_seq AS ended_seq, e.at AS ended_at, e.reason AS ended_reason, l.allotment_id AS allotment
  FROM waiting w JOIN park k USING (park_id) JOIN project j ON (j.district_id, j.project_id) = (w.district_id,
    w.project_id)
  JOIN project_version x ON (x.district_id, x.project_id) = (w.district_id, w.project_id) AND CASE
    WHEN w.to_seq IS NULL THEN upper_inf(x.sys) ELSE x.sys @> upper(w.sys) END
  JOIN record b ON (b.park_id, b.seq) = (w.park_id, w.from_seq) LEFT JOIN account a ON a.account_id = b.proposed_by
  LEFT JOIN record e ON (e.park_id, e.seq) = (w.park_id, w.to_seq)
  LEFT JOIN LATERAL (SELECT t.allotment_id FROM allotment_parcel p JOIN allotment t USING (park_id, allotment_id)
                      WHERE (p.park_id, p.parcel_id, p.from_seq, t.project_id) = (w.park_id, w.parcel_id, w.to_seq,
                        w.project_id) LIMIT 1) l ON true
  CROSS JOIN LATERAL (SELECT code FROM parcel_version v
    WHERE (v.park_id, v.parcel_id) = (w.park_id, w.parcel_id) ORDER BY v.from_seq DESC LIMIT 1) c
 WHERE k.code = $1`

// QueueFilter selects places in queues; a nil field selects all.
type QueueFilter struct {
	Parcel, Project *uuid.UUID
	By              *uuid.UUID // whose asking: with those that have ended, since Since
	Since           *time.Time
}

// Queue lists the live places in a park's queues, by parcel and in order. For the places that one person asked for it
// lists ended places too, the latest first. At most 2000.
func (s Ledger) Queue(ctx context.Context, park string, f QueueFilter) ([]Waiting, error) {
	const filter = ` AND ($2::uuid IS NULL OR w.parcel_id = $2) AND ($3::uuid IS NULL OR w.project_id = $3)
		AND CASE WHEN $4::uuid IS NULL THEN w.to_seq IS NULL ELSE b.proposed_by = $4
		  AND (w.to_seq IS NULL OR $5::timestamptz IS NULL OR e.at >= $5) END
		ORDER BY w.to_seq DESC NULLS FIRST, code_order(c.code), w.from_seq LIMIT 2000`
	return store.ReadAll[Waiting](ctx, s.Store, sqlWaiting+filter, park, f.Parcel, f.Project, f.By, f.Since)
}

// waiting reads one place inside the order.
func (w *work) waiting(ctx context.Context, id uuid.UUID) (*Waiting, error) {
	rows, err := w.tx.Query(ctx, sqlWaiting+` AND w.waiting_id = $2`, w.order.Park, id)
	if err != nil {
		return nil, err
	}
	one, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Waiting])
	return &one, err
}

// queue adds a project to the end of the queue for a parcel that another project holds or waits for.
func queue(ctx context.Context, w *work) error {
	c := w.order.Command
	if c.Project == nil {
		return geo.NewInvalid("project", "project.wanting", geo.None())
	}
	if c.TermDays < 1 || c.TermDays > int(maxHold.Hours()/24) {
		return geo.NewInvalid("term_days", "hold.days", c.TermDays)
	}
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	if len(parcels) != 1 {
		return geo.NewInvalid("parcels", "parcels.one_to_wait", len(parcels))
	}
	p := parcels[0]
	if p.State == "" && p.First == uuid.Nil {
		return p.denial("queue_needs_right")
	}
	var own bool
	const sqlOwn = `SELECT EXISTS (SELECT FROM allotment WHERE park_id = $1 AND allotment_id = $2 AND project_id = $3)`
	if err := w.tx.QueryRow(ctx, sqlOwn, w.park, p.Allotment, *c.Project).Scan(&own); err != nil {
		return err
	}
	if own {
		return p.denial("queue_is_for_others")
	}
	if w.place, err = uuid.NewV7(); err != nil {
		return err
	}
	const sqlPlace = `INSERT INTO waiting (park_id, waiting_id, parcel_id, district_id, project_id, from_seq, term_days)
		SELECT k.park_id, $2, $3, j.district_id, j.project_id, $5, $6 FROM park k
		  JOIN project j ON j.district_id = k.district_id WHERE k.park_id = $1 AND j.project_id = $4`
	done, err := w.tx.Exec(ctx, sqlPlace, w.park, w.place, p.ID, *c.Project, w.seq, c.TermDays)
	if err == nil && done.RowsAffected() == 0 {
		return geo.NewInvalid("project", "project.of_district", c.Project.String())
	}
	return err
}

// leave gives a place up. pass takes it from who comes first and can't be served; only the server does.
func leave(ctx context.Context, w *work) error { return w.endPlace(ctx) }
func pass(ctx context.Context, w *work) error  { return w.endPlace(ctx) }

func (w *work) endPlace(ctx context.Context) error {
	id := w.order.Command.Waiting
	if id == nil {
		return geo.NewInvalid("waiting", "waiting.given", geo.None())
	}
	const sql = `UPDATE waiting SET to_seq = $3 WHERE park_id = $1 AND waiting_id = $2 AND to_seq IS NULL`
	done, err := w.tx.Exec(ctx, sql, w.park, *id, w.seq)
	if err != nil {
		return err
	}
	if done.RowsAffected() == 0 {
		if _, err := w.waiting(ctx, *id); errors.Is(err, pgx.ErrNoRows) {
			return geo.NewInvalid("waiting", "waiting.of_park", id.String())
		}
		return &store.Denial{Rule: "place_is_live"}
	}
	w.place = *id
	return nil
}

// serve ends the place of a project that gets the land it was first in the queue for.
func (w *work) serve(ctx context.Context, project uuid.UUID, parcels []seen) error {
	const sql = `UPDATE waiting SET to_seq = $4 WHERE park_id = $1 AND parcel_id = $2 AND project_id = $3
		AND to_seq IS NULL RETURNING waiting_id`
	for _, p := range parcels {
		if p.First != project {
			continue
		}
		if err := w.tx.QueryRow(ctx, sql, w.park, p.ID, project, w.seq).Scan(&w.place); err != nil {
			return fmt.Errorf("end the place for parcel %s: %w", p.Code, err)
		}
	}
	if served := w.order.serves; served != nil && w.place != served.ID {
		return &store.Denial{Rule: "place_is_live"}
	}
	return nil
}

// endQueues ends the places for parcels that are no longer there.
func (w *work) endQueues(ctx context.Context, parcels []uuid.UUID) error {
	const sql = `
UPDATE waiting SET to_seq = $3 WHERE ctid = ANY (ARRAY(
  SELECT w.place FROM unnest($2::uuid[]) u (id) CROSS JOIN LATERAL (SELECT ctid AS place FROM waiting x
    WHERE (x.park_id, x.parcel_id) = ($1, u.id) AND x.to_seq IS NULL OFFSET 0) w))`
	_, err := w.tx.Exec(ctx, sql, w.park, parcels, w.seq)
	return err
}
