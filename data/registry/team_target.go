package registry

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// TeamTarget is what a team is to reach in a quarter.
type TeamTarget struct {
	Year    int     `json:"year" db:"year" minimum:"2000" maximum:"2100"`
	Quarter int     `json:"quarter" db:"quarter" minimum:"1" maximum:"4"`
	Measure string  `json:"measure" db:"measure" enum:"leads,talks,signed,landed,started,signed_cny" doc:"How many projects reach a stage: lead, in_talks, signed, landed, started (项目开工); signed_cny: the planned investment of those signed, in CNY."`
	Amount  float64 `json:"amount" db:"amount" minimum:"0" maximum:"10000000000000" doc:"A whole number, but of signed_cny."`
	Source  string  `json:"source" db:"source" minLength:"1" maxLength:"500" text:"prose" doc:"The paper or decision that sets it."`
}

// NewTeamTarget is a target to note, or what takes the place of one.
type NewTeamTarget struct {
	TeamTarget
	Corrects  bool    `json:"corrects,omitempty" doc:"It takes the place of what was noted of that quarter and measure, which is kept."`
	Withdrawn bool    `json:"withdrawn,omitempty" doc:"There is no such target after all; only with corrects."`
	Reason    *string `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose" doc:"Needed by what corrects."`
}

// NotedTeamTarget is a target as it was noted.
type NotedTeamTarget struct {
	TeamTarget
	NotedBy store.Person `json:"noted_by" db:"noted_by"`
	NotedAt time.Time    `json:"noted_at" db:"noted_at"`
	Counts  bool         `json:"counts" db:"counts" doc:"False: it was corrected or withdrawn, or withdraws what was noted."`
	Reason  *string      `json:"reason" db:"reason" nullable:"true" doc:"Why it corrects or withdraws what was noted before."`
}

const (
	sqlTeamTargets = `
SELECT t.year, t.quarter, t.measure, t.amount::float8 AS amount, t.source, t.noted_at, t.reason, ` + sqlPersonA + ` AS noted_by,
       EXISTS (SELECT FROM team_target_held h WHERE (h.district_id, h.team_id, h.year, h.quarter, h.measure, h.n)
         = (t.district_id, t.team_id, t.year, t.quarter, t.measure, t.n)) AS counts
  FROM team_target t JOIN account a ON a.account_id = t.noted_by
 WHERE t.district_id = ANY ($1) AND t.team_id = $2 ORDER BY t.year DESC, t.quarter, t.measure, t.n DESC LIMIT 5000`
	sqlSetTeamTarget = `INSERT INTO team_target (district_id, team_id, year, quarter, measure, amount, source, corrects,
       withdrawn, reason, noted_by)
	SELECT district_id, team_id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM team
	 WHERE district_id = ANY ($1) AND team_id = $2`
)

// TeamTargets lists what was noted of a team's targets, the newest year first, at most 5000.
func (s Registry) TeamTargets(ctx context.Context, districts []uuid.UUID, id uuid.UUID) ([]NotedTeamTarget, error) {
	if _, err := team(ctx, s.Planner, districts, id); err != nil {
		return nil, err
	}
	return store.ReadAll[NotedTeamTarget](ctx, s.Store, sqlTeamTargets, districts, id)
}

// SetTeamTarget notes a target of a team, once for each quarter and measure; a further note must be a correction. It
// returns all.
func (s Registry) SetTeamTarget(ctx context.Context, districts []uuid.UUID, id, by uuid.UUID, n NewTeamTarget,
	once *store.Once) ([]NotedTeamTarget, error) {
	if n.Measure != "signed_cny" && (n.Amount != math.Trunc(n.Amount) || n.Amount > 100_000) {
		return nil, geo.NewInvalid("amount", "team.count", n.Amount)
	}
	if err := correcting(n.Corrects, n.Withdrawn, "reason", n.Reason); err != nil {
		return nil, err
	}
	var all []NotedTeamTarget
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if err := added(tx.Exec(ctx, sqlSetTeamTarget, districts, id, n.Year, n.Quarter, n.Measure, n.Amount, n.Source,
			n.Corrects, n.Withdrawn, n.Reason, by))(&store.Missing{Kind: "team", Name: id.String()}); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlTeamTargets, districts, id)
		if err != nil {
			return err
		}
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[NotedTeamTarget]); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, struct {
			Targets []NotedTeamTarget `json:"targets"`
		}{all})
	})
	return all, store.ExplainDenial(store.Translate("set a target of a team", err))
}
