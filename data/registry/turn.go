package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Turn says that a project is paused, lost or taken up again, from a day on.
type Turn struct {
	Turn   string `json:"turn" enum:"paused,lost,resumed"`
	Since  string `json:"since" format:"date"`
	Reason string `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
}

// TurnNote is a turn as it was noted.
type TurnNote struct {
	Turn
	NotedBy *store.Person `json:"noted_by" doc:"Null: a program."`
	NotedAt time.Time     `json:"noted_at"`
}

const sqlTurns = `SELECT district_id, project_id, jsonb_agg(jsonb_build_object('turn', u.turn, 'since', u.since,
         'reason', u.reason, 'noted_at', u.noted_at, 'noted_by', CASE WHEN a.account_id IS NOT NULL THEN
         jsonb_build_object('id', a.account_id, 'name', a.name) END) ORDER BY u.n DESC) AS turns,
         (array_agg(CASE u.turn WHEN 'resumed' THEN 'active' ELSE u.turn END ORDER BY u.n DESC))[1] AS standing
          FROM j JOIN project_turn u USING (district_id, project_id) LEFT JOIN account a ON a.account_id = u.noted_by
         GROUP BY 1, 2`

// AddTurn notes that a project is paused, lost, or taken up again.
func (s Registry) AddTurn(ctx context.Context, of Business, id, by uuid.UUID, t Turn, once *store.Once) (Project,
	error) {
	const sql = `INSERT INTO project_turn (district_id, project_id, turn, since, reason, noted_by)
		SELECT district_id, project_id, $3, $4::date, $5, $6 FROM project WHERE district_id = ANY ($1) AND project_id = $2`
	return s.addTo(ctx, of, id, once, func(ctx context.Context, tx pgx.Tx, _ Project) error {
		_, err := tx.Exec(ctx, sql, of.Districts, id, t.Turn, t.Since, t.Reason, by)
		return err
	})
}
