package registry

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// NewMeeting is a meeting of a park that sees to problems.
type NewMeeting struct {
	Park  string `json:"park" maxLength:"100" doc:"The code of the park that holds it: its members read it."`
	Day   string `json:"day" format:"date"`
	Title string `json:"title" minLength:"1" maxLength:"200"`
}

// Meeting is a meeting (推进会). What stands on its agenda, the problems tell by their turns.
type Meeting struct {
	ID        uuid.UUID     `json:"id" db:"id" format:"uuid"`
	Park      string        `json:"park" db:"park"`
	Day       string        `json:"day" db:"day" format:"date"`
	Title     string        `json:"title" db:"title"`
	MadeBy    store.Person  `json:"made_by" db:"made_by"`
	MadeAt    time.Time     `json:"made_at" db:"made_at"`
	Minutes   *string       `json:"minutes" db:"minutes" nullable:"true" doc:"As they were written last; null: none yet."`
	MinutesAt *time.Time    `json:"minutes_at" db:"minutes_at" nullable:"true"`
	MinutesBy *store.Person `json:"minutes_by" db:"minutes_by"`
}

// Meetings are the meetings of one's parks, and the problems for them.
type Meetings struct {
	Today    string           `json:"today" format:"date"`
	Meetings []Meeting        `json:"meetings" doc:"The newest first, 100 at most."`
	Problems []ProjectProblem `json:"problems" doc:"Of the projects that one sees: all that are open, and those that these meetings closed. 1000 at most."`
}

const (
	sqlMeetings = `
SELECT m.meeting_id AS id, k.code AS park, m.day::text AS day, m.title, m.made_at,
       jsonb_build_object('id', a.account_id, 'name', a.name) AS made_by, w.words AS minutes, w.at AS minutes_at,
       CASE WHEN b.account_id IS NOT NULL THEN jsonb_build_object('id', b.account_id, 'name', b.name) END AS minutes_by
  FROM meeting m JOIN park k USING (park_id) JOIN account a ON a.account_id = m.made_by
  LEFT JOIN LATERAL (SELECT * FROM meeting_minute x WHERE (x.park_id, x.meeting_id) = (m.park_id, m.meeting_id)
    ORDER BY x.n DESC LIMIT 1) w ON true
  LEFT JOIN account b ON b.account_id = w.account_id
 WHERE k.district_id = ANY ($1) AND ($2::uuid[] IS NULL OR k.park_id = ANY ($2))
 ORDER BY m.day DESC, m.meeting_id LIMIT 100`
	sqlMeet    = `INSERT INTO meeting (park_id, meeting_id, day, title, made_by) VALUES ($1, $2, $3::date, $4, $5)`
	sqlMeeting = `SELECT m.park_id FROM meeting m JOIN park k USING (park_id) WHERE k.district_id = ANY ($1)
   AND ($2::uuid[] IS NULL OR k.park_id = ANY ($2)) AND m.meeting_id = $3`
	sqlMinute     = `INSERT INTO meeting_minute (park_id, meeting_id, words, account_id) VALUES ($1, $2, $3, $4)`
	sqlMeetingDay = `SELECT (clock_timestamp() AT TIME ZONE coalesce((SELECT time_zone FROM park k
   WHERE k.district_id = ANY ($1) ORDER BY k.park_id LIMIT 1), 'Asia/Shanghai'))::date::text`
)

// Meetings reads the meetings of the parks of a business, and the problems for them.
func (s Registry) Meetings(ctx context.Context, of Business) (Meetings, error) {
	var out Meetings
	err := pgx.BeginTxFunc(ctx, s.Planner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) (err error) {
			out, err = meetingsOf(ctx, tx, of)
			return err
		})
	return out, store.Translate("read meetings", err)
}

func meetingsOf(ctx context.Context, tx pgx.Tx, of Business) (out Meetings, err error) {
	if err = tx.QueryRow(ctx, sqlMeetingDay, of.Districts).Scan(&out.Today); err != nil {
		return out, err
	}
	if out.Meetings, err = collect[Meeting](ctx, tx, sqlMeetings, of.Districts, of.Parks); err != nil {
		return out, err
	}
	ids := make([]uuid.UUID, len(out.Meetings))
	for i, m := range out.Meetings {
		ids[i] = m.ID
	}
	out.Problems, err = problemsOf(ctx, tx, of, nil, ids)
	return out, err
}

// Meet makes a meeting of a park, and reads all.
func (s Registry) Meet(ctx context.Context, of Business, park, by uuid.UUID, m NewMeeting, once *store.Once) (Meetings,
	error) {
	return s.changeMeetings(ctx, of, once, "make a meeting", func(tx pgx.Tx) error {
		id, err := uuid.NewV7()
		if err == nil {
			_, err = tx.Exec(ctx, sqlMeet, park, id, m.Day, m.Title, by)
		}
		return err
	})
}

// Minute writes the minutes of a meeting; those before stay.
func (s Registry) Minute(ctx context.Context, of Business, id, by uuid.UUID, words string, once *store.Once) (Meetings,
	error) {
	return s.changeMeetings(ctx, of, once, "write minutes", func(tx pgx.Tx) error {
		park, err := meetingPark(ctx, tx, of, id)
		if err == nil {
			_, err = tx.Exec(ctx, sqlMinute, park, id, words, by)
		}
		return err
	})
}

func (s Registry) changeMeetings(ctx context.Context, of Business, once *store.Once, doing string,
	change func(tx pgx.Tx) error) (Meetings, error) {
	var after Meetings
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		err := change(tx)
		if err != nil {
			return err
		}
		if after, err = meetingsOf(ctx, tx, of); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, after)
	})
	return after, store.ExplainDenial(store.Translate(doing, err))
}

// meetingPark is the park of a meeting that some business sees.
func meetingPark(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID) (park uuid.UUID, err error) {
	err = tx.QueryRow(ctx, sqlMeeting, of.Districts, of.Parks, id).Scan(&park)
	if errors.Is(err, pgx.ErrNoRows) {
		err = &store.Missing{Kind: "meeting", Name: id.String()}
	}
	return park, err
}

// knownMeeting refuses a meeting that one doesn't see.
func knownMeeting(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID) error {
	_, err := meetingPark(ctx, tx, of, id)
	if errors.Is(err, store.ErrNotFound) {
		return geo.NewInvalid("meeting", "problem.meeting", id.String())
	}
	return err
}
