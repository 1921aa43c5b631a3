package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// TaskForce is a team with who leads it, the industries that it is in charge of, and its experts.
type TaskForce struct {
	ID         uuid.UUID     `json:"id" db:"id" format:"uuid"`
	Kind       string        `json:"kind" db:"kind" enum:"task_force,promotion"`
	Number     int           `json:"number" db:"number"`
	NameZH     string        `json:"name_zh" db:"name_zh"`
	NameEN     string        `json:"name_en" db:"name_en"`
	Leader     *store.Person `json:"leader" db:"leader" doc:"Null: none is named."`
	Industries []string      `json:"industries" db:"industries" doc:"Codes of the chains it is in charge of; none: not stated."`
	Experts    []Expert      `json:"experts" db:"experts" doc:"By voice; those who left, too."`
}

// Expert is a member of the expert team of a task force.
type Expert struct {
	ID      uuid.UUID     `json:"id" format:"uuid"`
	Name    *string       `json:"name" nullable:"true" doc:"For members of the team's parks; null: not told."`
	Voice   string        `json:"voice" enum:"professor,entrepreneur,official"`
	Account *store.Person `json:"account" doc:"Who it is when signed in; null: others note the judgements, or not told, as the name."`
	Since   time.Time     `json:"since"`
	Until   *time.Time    `json:"until" nullable:"true"`
}

// NewExpert is an expert to add to a task force.
type NewExpert struct {
	Name    string     `json:"name" minLength:"1" maxLength:"200" doc:"How the expert is called in the team; a title is enough."`
	Voice   string     `json:"voice" enum:"professor,entrepreneur,official" doc:"professor: direction; entrepreneur: the industry's view; official: which pieces can't be lacking."`
	Account *uuid.UUID `json:"account,omitempty" format:"uuid" doc:"An account that then sees what it judges and judges itself."`
}

// Charge is who leads a team, and what it is in charge of. It takes the place of what was noted before.
type Charge struct {
	Leader     *uuid.UUID `json:"leader,omitempty" format:"uuid" doc:"A member of the team; without it none is named."`
	Industries []string   `json:"industries" maxItems:"50" text:"-" doc:"Codes of chains of the district."`
}

const (
	// sqlSeesExperts: the experts of a team (t) are named to its members, to members of the parks in which those have a
	// role, and to who reads or leads every park. Of a team without such a park they are named to the district's leaders.
	sqlSeesExperts = `($2::uuid[] IS NULL OR $3::uuid IS NULL OR EXISTS (SELECT FROM team_member s
         WHERE (s.team_id, s.district_id) = (t.team_id, t.district_id) AND s.until IS NULL AND (s.account_id = $3
           OR EXISTS (SELECT FROM membership g WHERE g.account_id = s.account_id AND g.park_id = ANY ($2))))
         OR EXISTS (SELECT FROM park k WHERE k.district_id = t.district_id AND k.park_id = ANY ($4::uuid[]))
           AND NOT EXISTS (SELECT FROM team_member s JOIN membership g USING (account_id) JOIN park k USING (park_id)
             WHERE (s.team_id, s.district_id) = (t.team_id, t.district_id) AND s.until IS NULL
               AND k.district_id = t.district_id))`
	sqlTaskForces = `
SELECT t.team_id AS id, t.kind, t.number, t.name_zh, t.name_en, coalesce(h.industries, '{}') AS industries,
       CASE WHEN a.account_id IS NOT NULL THEN ` + sqlPersonA + ` END AS leader,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', e.expert_id, 'name', CASE WHEN ` + sqlSeesExperts + `
         THEN e.name END, 'voice', e.voice, 'since', e.since, 'until', e.until, 'account',
         CASE WHEN b.account_id IS NOT NULL AND ` + sqlSeesExperts + ` THEN jsonb_build_object('id', b.account_id,
           'name', b.name) END) ORDER BY ` + sqlVoiceOrder + `, e.since, e.expert_id), '[]')
          FROM expert e LEFT JOIN account b USING (account_id)
         WHERE (e.district_id, e.team_id) = (t.district_id, t.team_id)) AS experts
  FROM team t LEFT JOIN team_charge_held h USING (district_id, team_id)
    LEFT JOIN account a ON a.account_id = h.leader_id
 WHERE t.district_id = ANY ($1)`
	sqlAddExpert = `INSERT INTO expert (district_id, expert_id, team_id, voice, name, account_id)
		SELECT t.district_id, $3, t.team_id, $4, $5, $6 FROM team t WHERE t.district_id = ANY ($1) AND t.team_id = $2`
	sqlExpertLeaves = `UPDATE expert SET until = clock_timestamp() WHERE district_id = ANY ($1) AND team_id = $2
		AND expert_id = $3`
	sqlCharge = `INSERT INTO team_charge (district_id, team_id, leader_id, industries, noted_by)
		SELECT t.district_id, t.team_id, $3, $4, $5 FROM team t WHERE t.district_id = ANY ($1) AND t.team_id = $2`
)

// TaskForces lists the teams of a business's districts with their charges and experts: task forces first, by number.
func (s Registry) TaskForces(ctx context.Context, of Business) ([]TaskForce, error) {
	return store.ReadAll[TaskForce](ctx, s.Store, sqlTaskForces+` ORDER BY t.kind = 'promotion', t.number, t.team_id`,
		of.args()...)
}

// AddExpert adds an expert to a task force.
func (s Registry) AddExpert(ctx context.Context, of Business, team uuid.UUID, n NewExpert,
	once *store.Once) (TaskForce, error) {
	return s.charged(ctx, of, team, once, func(tx pgx.Tx) error {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		return added(tx.Exec(ctx, sqlAddExpert, of.Districts, team, id, n.Voice, n.Name, n.Account))(
			&store.Missing{Kind: "team", Name: team.String()})
	})
}

// LeaveExpert notes that an expert has left. What the expert said stays.
func (s Registry) LeaveExpert(ctx context.Context, of Business, team, expert uuid.UUID,
	once *store.Once) (TaskForce,
	error) {
	return s.charged(ctx, of, team, once, func(tx pgx.Tx) error {
		return added(tx.Exec(ctx, sqlExpertLeaves, of.Districts, team, expert))(
			&store.Missing{Kind: "expert", Name: expert.String()})
	})
}

// Charge notes who leads a team, and which industries it is in charge of.
func (s Registry) Charge(ctx context.Context, of Business, team, by uuid.UUID, c Charge,
	once *store.Once) (TaskForce,
	error) {
	return s.charged(ctx, of, team, once, func(tx pgx.Tx) error {
		if c.Industries == nil {
			c.Industries = []string{}
		}
		return added(tx.Exec(ctx, sqlCharge, of.Districts, team, c.Leader, c.Industries, by))(
			&store.Missing{Kind: "team", Name: team.String()})
	})
}

func (s Registry) charged(ctx context.Context, of Business, team uuid.UUID, once *store.Once,
	do func(tx pgx.Tx) error) (TaskForce, error) {
	var after TaskForce
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlTaskForces+` AND t.team_id = $5`, of.args(team)...)
		if err != nil {
			return err
		}
		if after, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[TaskForce]); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, after)
	})
	return after, store.ExplainDenial(store.Translate("change a task force", err))
}
