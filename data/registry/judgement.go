package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Judgement is what an expert of a task force says of a piece of a chain.
type Judgement struct {
	Expert  NamedExpert   `json:"expert"`
	Verdict string        `json:"verdict" enum:"needed,helpful,not_needed"`
	Why     string        `json:"why"`
	On      string        `json:"on" format:"date"`
	NotedBy *store.Person `json:"noted_by" doc:"Null: not told, as the expert's name."`
	NotedAt time.Time     `json:"noted_at"`
}

// NamedExpert is an expert in a judgement.
type NamedExpert struct {
	ID    uuid.UUID `json:"id" format:"uuid"`
	Name  *string   `json:"name" nullable:"true" doc:"For members of the team's parks; null: not told."`
	Voice string    `json:"voice" enum:"professor,entrepreneur,official"`
	Team  NamedTeam `json:"team"`
}

// NewJudgement is a judgement to note. A later one of the same expert takes its place; it stays readable.
type NewJudgement struct {
	Expert  uuid.UUID `json:"expert" format:"uuid"`
	Verdict string    `json:"verdict" enum:"needed,helpful,not_needed"`
	Why     string    `json:"why" minLength:"1" maxLength:"1000" text:"prose"`
	On      string    `json:"on" format:"date"`
}

const (
	sqlVoiceOrder    = `array_position(ARRAY['professor', 'entrepreneur', 'official'], e.voice)`
	sqlJudgementJSON = `jsonb_build_object('expert', jsonb_build_object('id', e.expert_id, 'name', CASE WHEN ` + sqlSeesExperts + `
         THEN e.name END, 'voice', e.voice, 'team', ` + sqlTeamJSON + `), 'verdict', j.verdict, 'why', j.why,
         'on', j.judged_on, 'noted_by', CASE WHEN ` + sqlSeesExperts + ` THEN ` + sqlPersonA + ` END, 'noted_at', j.noted_at)`
	sqlJudgementOf = `JOIN expert e USING (district_id, expert_id) JOIN team t USING (district_id, team_id)
          JOIN account a ON a.account_id = j.noted_by
         WHERE j.district_id = ANY ($1) AND (j.chain, j.node) = ($5, $6)`
	sqlJudge = `INSERT INTO judgement (district_id, expert_id, chain, node, verdict, why, judged_on, noted_by)
		SELECT e.district_id, e.expert_id, $3, $4, $5, $6, $7::date, $8 FROM expert e
		 WHERE e.district_id = ANY ($1) AND e.expert_id = $2`
	// sqlJudging: the pieces of the chains that the task forces of an expert are in charge of, with what the expert
	// said last.
	sqlJudging = `
SELECT e.expert_id AS expert, e.voice, ` + sqlTeamJSON + ` AS team, d.code AS district, c.code AS chain, piece ->> 'code' AS node,
       piece ->> 'name_zh' AS name_zh, piece ->> 'name_en' AS name_en, c.body ->> 'name_zh' AS chain_zh,
       c.body ->> 'name_en' AS chain_en,
       (SELECT ` + sqlTeamNameOfOwner + `) AS owner,
       j.verdict, j.why, j.judged_on::text AS on
  FROM expert e JOIN team t USING (district_id, team_id) JOIN district d USING (district_id)
  JOIN team_charge_held h USING (district_id, team_id)
  JOIN chain c ON c.district_id = e.district_id AND c.code = ANY (h.industries) AND NOT EXISTS (SELECT FROM chain l
    WHERE (l.district_id, l.code) = (c.district_id, c.code) AND l.revision > c.revision)
  CROSS JOIN jsonb_array_elements(c.body -> 'nodes') WITH ORDINALITY p (piece, place)
  LEFT JOIN judgement_held j ON (j.district_id, j.chain, j.node, j.expert_id) = (e.district_id, c.code,
    piece ->> 'code', e.expert_id)
 WHERE e.account_id = $1 AND e.until IS NULL ORDER BY code_order(c.code), place, e.expert_id`
	sqlTeamNameOfOwner = `jsonb_build_object('id', w.team_id, 'kind', w.kind, 'number', w.number, 'name_zh', w.name_zh,
         'name_en', w.name_en) FROM gap_owner o JOIN team w USING (district_id, team_id)
         WHERE (o.district_id, o.chain, o.node) = (e.district_id, c.code, piece ->> 'code') AND o.released_at IS NULL`
)

// Judging is a piece that one is to judge, and what one said of it last. It tells nothing of firms and projects.
type Judging struct {
	Expert   uuid.UUID  `json:"expert" db:"expert" format:"uuid"`
	Voice    string     `json:"voice" db:"voice" enum:"professor,entrepreneur,official"`
	Team     NamedTeam  `json:"team" db:"team"`
	District string     `json:"district" db:"district"`
	Chain    string     `json:"chain" db:"chain"`
	Node     string     `json:"node" db:"node"`
	NameZH   string     `json:"name_zh" db:"name_zh"`
	NameEN   string     `json:"name_en" db:"name_en"`
	ChainZH  string     `json:"chain_zh" db:"chain_zh"`
	ChainEN  string     `json:"chain_en" db:"chain_en"`
	Owner    *NamedTeam `json:"owner" db:"owner"`
	Verdict  *string    `json:"verdict" db:"verdict" nullable:"true" enum:"needed,helpful,not_needed" doc:"Null: not judged yet."`
	Why      *string    `json:"why" db:"why" nullable:"true"`
	On       *string    `json:"on" db:"on" nullable:"true" format:"date"`
}

// Judging lists the pieces that an account is to judge as an expert.
func (s Registry) Judging(ctx context.Context, account uuid.UUID) ([]Judging, error) {
	return store.ReadAll[Judging](ctx, s.Store, sqlJudging, account)
}

// Judge notes what an expert says of a piece.
func (s Registry) Judge(ctx context.Context, of Business, p Piece, by uuid.UUID, n NewJudgement,
	once *store.Once) (PieceFacts,
	error) {
	return s.onPiece(ctx, of, p, once, func(tx pgx.Tx) error {
		return judge(ctx, tx, of.Districts, p, by, n)
	})
}

func judge(ctx context.Context, tx pgx.Tx, districts []uuid.UUID, p Piece, by uuid.UUID, n NewJudgement) error {
	return added(tx.Exec(ctx, sqlJudge, districts, n.Expert, p.Chain, p.Node, n.Verdict, n.Why, n.On, by))(
		&store.Missing{Kind: "expert", Name: n.Expert.String()})
}

// JudgeOneself notes what an account says as the expert that it is, and gives all that it is to judge. An expert that
// is another's is a Missing.
func (s Registry) JudgeOneself(ctx context.Context, p Piece, by uuid.UUID, n NewJudgement, once *store.Once) ([]Judging,
	error) {
	var after []Judging
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT district_id FROM expert WHERE expert_id = $1 AND account_id = $2 AND until IS NULL`,
			n.Expert, by)
		if err != nil {
			return err
		}
		districts, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return err
		}
		if err := judge(ctx, tx, districts, p, by, n); err != nil {
			return err
		}
		if rows, err = tx.Query(ctx, sqlJudging, by); err != nil {
			return err
		}
		if after, err = pgx.CollectRows(rows, pgx.RowToStructByName[Judging]); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, struct {
			Judging []Judging `json:"judging"`
		}{after})
	})
	return after, store.ExplainDenial(store.Translate("judge a piece", err))
}
