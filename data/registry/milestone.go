package registry

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// Milestone is a stage that a project reached, and what proves it.
type Milestone struct {
	Stage     land.Stage `json:"stage" enum:"lead,in_talks,to_sign,signed,landed,started,in_production"`
	ReachedOn string     `json:"reached_on" format:"date"`
	Evidence  string     `json:"evidence" minLength:"1" maxLength:"1000" text:"prose"`
	Document  *string    `json:"document,omitempty" minLength:"1" maxLength:"200" doc:"The paper that proves it: its number or name."`
	Basis     string     `json:"basis,omitempty" enum:"confirmed,reported" default:"confirmed" doc:"reported: taken over from a ledger or a press report, which the evidence names. confirmed: by who notes it; landed then needs a registered company and land that is reserved, supplied or built on."`
	Precision string     `json:"precision,omitempty" enum:"day,month,year,by" default:"day" doc:"How well the day is known: month, year: only that, and the day is the last of it that other dates allow; by: reached by that day at the latest."`
}

// MilestoneNote is a milestone to note, or what takes the place of one.
type MilestoneNote struct {
	Milestone
	Corrects  bool    `json:"corrects,omitempty" doc:"It takes the place of what was noted of that stage, which is kept."`
	Withdrawn bool    `json:"withdrawn,omitempty" doc:"The stage was not reached after all; only with corrects."`
	Reason    *string `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose" doc:"Why it is corrected or withdrawn."`
}

// Reached is a milestone as it was noted.
type Reached struct {
	Milestone
	NotedBy *store.Person `json:"noted_by" doc:"Null: a program."`
	NotedAt time.Time     `json:"noted_at"`
}

// FormerReached is a milestone that counts no more, and why.
type FormerReached struct {
	Reached
	Reason    string `json:"reason" doc:"Why it was corrected or withdrawn."`
	Withdrawn bool   `json:"withdrawn" doc:"The stage was withdrawn; otherwise corrected."`
}

// sqlReached makes a milestone (m) of project j, with the account (a) that noted it, a Reached.
const sqlReached = `'stage', m.stage, 'reached_on', m.reached_on, 'evidence', m.evidence, 'document', m.document,
         'basis', m.basis, 'precision', m.precision, 'noted_at', m.noted_at, 'noted_by', CASE
           WHEN a.account_id IS NOT NULL THEN
         jsonb_build_object('id', a.account_id, 'name', a.name) END`

const (
	sqlMilestones = `SELECT district_id, project_id, jsonb_agg(jsonb_build_object(` + sqlReached + `)
         ORDER BY m.reached_on, stage_order(m.stage)) AS milestones
          FROM j JOIN project_reached m USING (district_id, project_id) LEFT JOIN account a ON a.account_id = m.noted_by
         GROUP BY 1, 2`
	sqlFormerMilestones = `SELECT district_id, project_id, jsonb_agg(jsonb_build_object(` + sqlReached + `,
         'reason', l.reason, 'withdrawn', l.withdrawn) ORDER BY l.noted_at DESC) AS former_milestones
          FROM j JOIN project_milestone l USING (district_id, project_id)
          JOIN project_milestone m USING (district_id, project_id, stage)
          LEFT JOIN account a ON a.account_id = m.noted_by
         WHERE l.corrects AND m.n = l.n - 1 AND NOT m.withdrawn GROUP BY 1, 2`
	sqlMilestone = `INSERT INTO project_milestone (district_id, project_id, stage, reached_on, evidence, document, basis,
       noted_by, corrects, withdrawn, reason, precision)
	SELECT district_id, project_id, $3, $4::date, $5, $6, $7, $8, $9, $10, $11, $12 FROM project
	  WHERE district_id = ANY ($1)
	   AND project_id = $2`
)

// row are the arguments of sqlMilestone from the third on.
func (m MilestoneNote) row(by uuid.UUID) []any {
	if m.Basis == "" {
		m.Basis = "confirmed"
	}
	if m.Precision == "" {
		m.Precision = "day"
	}
	return []any{m.Stage, m.ReachedOn, m.Evidence, m.Document, m.Basis, by, m.Corrects, m.Withdrawn, m.Reason,
		m.Precision}
}

// check refuses a note that contradicts itself, or the milestones of the project as it is.
func (m MilestoneNote) check(before Project) error {
	switch {
	case m.Corrects && m.Reason == nil:
		return geo.NewInvalid("reason", "milestone.reason", nil)
	case !m.Corrects && m.Reason != nil:
		return geo.NewInvalid("reason", "milestone.no_reason", *m.Reason)
	case m.Withdrawn && !m.Corrects:
		return geo.NewInvalid("corrects", "milestone.withdrawn", false)
	case m.Withdrawn:
		return nil
	}
	order := slices.Index(land.Stages(), m.Stage)
	for _, other := range before.Milestones {
		there := slices.Index(land.Stages(), other.Stage)
		if there < order && other.ReachedOn > m.ReachedOn { // dates of four-digit years sort as texts do
			return geo.NewInvalid("reached_on", "milestone.after", m.ReachedOn, "stage", m.Stage.Words(),
				"other", other.Stage.Words(), "day", other.ReachedOn)
		}
		if there > order && other.ReachedOn < m.ReachedOn {
			return geo.NewInvalid("reached_on", "milestone.before", m.ReachedOn, "stage", m.Stage.Words(),
				"other", other.Stage.Words(), "day", other.ReachedOn)
		}
	}
	return nil
}

// AddMilestone notes a stage that a project reached. Each is noted once; a further note must be a correction.
func (s Registry) AddMilestone(ctx context.Context, of Business, id, by uuid.UUID, m MilestoneNote,
	once *store.Once) (Project, error) {
	return s.addTo(ctx, of, id, once, func(ctx context.Context, tx pgx.Tx, before Project) error {
		if err := m.check(before); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlMilestone, append([]any{of.Districts, id}, m.row(by)...)...)
		return err
	})
}
