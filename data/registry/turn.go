package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Turn says that a project is paused, lost or taken up again, from a day on.
type Turn struct {
	Turn   string `json:"turn" enum:"paused,lost,resumed"`
	Since  string `json:"since" format:"date"`
	Reason string `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
}

// NewTurn is a turn to note, or what takes the place of one.
type NewTurn struct {
	Turn
	Corrects      *int    `json:"corrects,omitempty" minimum:"1" doc:"The number (n) of the turn whose place it takes, which is kept."`
	Withdrawn     bool    `json:"withdrawn,omitempty" doc:"There was no such turn after all; only with corrects."`
	CorrectReason *string `json:"correct_reason,omitempty" minLength:"1" maxLength:"1000" text:"prose" doc:"Why it is corrected; needed by what corrects."`
}

// TurnNote is a turn as it was noted.
type TurnNote struct {
	Turn
	N             int           `json:"n" doc:"Its number among the project's turns: what corrects takes."`
	CorrectReason *string       `json:"correct_reason" nullable:"true" doc:"Why it took the place of what was noted before."`
	NotedBy       *store.Person `json:"noted_by" doc:"Null: a program."`
	NotedAt       time.Time     `json:"noted_at"`
}

// FormerTurn is a turn that was corrected or withdrawn.
type FormerTurn struct {
	Turn
	NotedAt   time.Time     `json:"noted_at"`
	Withdrawn bool          `json:"withdrawn" doc:"It was withdrawn, not corrected."`
	Why       string        `json:"why" doc:"Why it counts no more."`
	By        *store.Person `json:"by" doc:"Who corrected or withdrew it."`
	At        time.Time     `json:"at"`
}

const (
	sqlPersonOrNull = `CASE WHEN a.account_id IS NOT NULL THEN
         jsonb_build_object('id', a.account_id, 'name', a.name) END`
	sqlTurns = `SELECT district_id, project_id, jsonb_agg(jsonb_build_object('n', u.n, 'turn', u.turn, 'since', u.since,
         'reason', u.reason, 'correct_reason', u.correct_reason, 'noted_at', u.noted_at, 'noted_by', ` + sqlPersonOrNull + `)
         ORDER BY u.n DESC) AS turns,
         (array_agg(CASE u.turn WHEN 'resumed' THEN 'active' ELSE u.turn END ORDER BY u.n DESC))[1] AS standing
          FROM j JOIN project_turned u USING (district_id, project_id) LEFT JOIN account a ON a.account_id = u.noted_by
         GROUP BY 1, 2`
	// A row that corrects ended the one of its place before it.
	sqlFormerTurns = `SELECT district_id, project_id, jsonb_agg(jsonb_build_object('turn', b.turn, 'since', b.since, 'reason',
         b.reason, 'noted_at', b.noted_at, 'withdrawn', u.withdrawn, 'why', u.correct_reason, 'at', u.noted_at, 'by',
         ` + sqlPersonOrNull + `) ORDER BY u.n DESC) AS former_turns
          FROM j JOIN project_turn u USING (district_id, project_id)
          CROSS JOIN LATERAL (SELECT b.turn, b.since, b.reason, b.noted_at FROM project_turn b
            WHERE (b.district_id, b.project_id) = (u.district_id, u.project_id) AND b.n < u.n
              AND coalesce(b.corrects, b.n) = u.corrects ORDER BY b.n DESC LIMIT 1) b
          LEFT JOIN account a ON a.account_id = u.noted_by
         WHERE u.corrects IS NOT NULL GROUP BY 1, 2`
)

// AddTurn notes that a project is paused, lost, or taken up again, or what takes the place of such a note.
func (s Registry) AddTurn(ctx context.Context, of Business, id, by uuid.UUID, t NewTurn, once *store.Once) (Project,
	error) {
	const sql = `INSERT INTO project_turn (district_id, project_id, turn, since, reason, noted_by, corrects, withdrawn,
		correct_reason) SELECT district_id, project_id, $3, $4::date, $5, $6, $7, $8, $9 FROM project
		 WHERE district_id = ANY ($1) AND project_id = $2`
	if err := correcting(t.Corrects != nil, t.Withdrawn, "correct_reason", t.CorrectReason); err != nil {
		return Project{}, err
	}
	return s.addTo(ctx, of, id, once, func(ctx context.Context, tx pgx.Tx, _ Project) error {
		_, err := tx.Exec(ctx, sql, of.Districts, id, t.Turn.Turn, t.Since, t.Reason, by, t.Corrects, t.Withdrawn,
			t.CorrectReason)
		return err
	})
}

// correcting refuses a correction without a reason, a reason without a correction, and a withdrawal of nothing.
func correcting(corrects, withdrawn bool, field string, reason *string) error {
	switch {
	case corrects && reason == nil:
		return geo.NewInvalid(field, "milestone.reason", nil)
	case !corrects && reason != nil:
		return geo.NewInvalid(field, "milestone.no_reason", *reason)
	case withdrawn && !corrects:
		return geo.NewInvalid("corrects", "milestone.withdrawn", false)
	}
	return nil
}
