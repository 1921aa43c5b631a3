package registry

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
)

// Piece is a node of a chain, by its codes.
type Piece struct {
	Chain string
	Node  string
}

// PieceFacts are what is noted of a piece of a chain: who is to win it, what the experts say, which firms are sought
// for it, and what projects are to it.
type PieceFacts struct {
	Owner      *GapOwner   `json:"owner" db:"owner" doc:"The team that is to win it; null: nobody yet."`
	Former     []GapOwner  `json:"former_owners" db:"former_owners" doc:"The one released last comes first."`
	Judgements []Judgement `json:"judgements" db:"judgements" doc:"What each expert said last."`
	Superseded []Judgement `json:"former_judgements" db:"former_judgements" doc:"What experts said before, the newest first."`
	Targets    []Target    `json:"targets" db:"targets" doc:"Firms sought for it, of one's own teams; a leader's: of all teams. Live ones first."`
	Roles      []ChainRole `json:"roles" db:"roles" doc:"What projects are to it."`
}

// GapOwner is a team that is to win a piece of a chain.
type GapOwner struct {
	Team          NamedTeam     `json:"team"`
	NotedBy       store.Person  `json:"noted_by"`
	NotedAt       time.Time     `json:"noted_at"`
	ReleasedAt    *time.Time    `json:"released_at" nullable:"true"`
	ReleasedBy    *store.Person `json:"released_by"`
	ReleaseReason *string       `json:"release_reason" nullable:"true"`
}

// NewOwner names the team that is to win a piece. Where another is, it is released for the reason given.
type NewOwner struct {
	Team   *uuid.UUID `json:"team,omitempty" format:"uuid" doc:"Without it the owner is released, and nobody follows."`
	Reason *string    `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose" doc:"Why the owner up to now is released; needed where there is one."`
}

// sqlTeamJSON is a team (t) as NamedTeam, sqlPersonA an account (a).
const (
	sqlTeamJSON = `jsonb_build_object('id', t.team_id, 'kind', t.kind, 'number', t.number, 'name_zh', t.name_zh,
         'name_en', t.name_en)`
	sqlPersonA      = `jsonb_build_object('id', a.account_id, 'name', a.name)`
	sqlNamedProject = `jsonb_build_object('id', j.project_id, 'code', j.code, 'name_zh', v.name_zh, 'name_en', v.name_en)`
	sqlOwnerJSON    = `jsonb_build_object('team', ` + sqlTeamJSON + `, 'noted_by', ` + sqlPersonA + `, 'noted_at', o.noted_at,
         'released_at', o.released_at, 'released_by', CASE WHEN b.account_id IS NOT NULL THEN jsonb_build_object('id',
           b.account_id, 'name', b.name) END, 'release_reason', o.release_reason)`
	sqlOwners = ` FROM gap_owner o JOIN team t USING (district_id, team_id) JOIN account a ON a.account_id = o.noted_by
          LEFT JOIN account b ON b.account_id = o.released_by
         WHERE o.district_id = ANY ($1) AND (o.chain, o.node) = ($5, $6)`
	sqlPieceFacts = `
SELECT (SELECT ` + sqlOwnerJSON + sqlOwners + ` AND o.released_at IS NULL) AS owner,
       (SELECT coalesce(jsonb_agg(` + sqlOwnerJSON + ` ORDER BY o.released_at DESC), '[]')` + sqlOwners + `
           AND o.released_at IS NOT NULL) AS former_owners,
       (SELECT coalesce(jsonb_agg(` + sqlJudgementJSON + ` ORDER BY ` + sqlVoiceOrder + `, j.judged_on DESC, e.expert_id), '[]')
          FROM judgement_held j ` + sqlJudgementOf + `) AS judgements,
       (SELECT coalesce(jsonb_agg(` + sqlJudgementJSON + ` ORDER BY j.noted_at DESC), '[]')
          FROM judgement j ` + sqlJudgementOf + ` AND NOT EXISTS (SELECT FROM judgement_held h WHERE (h.district_id, h.chain,
            h.node, h.expert_id, h.n) = (j.district_id, j.chain, j.node, j.expert_id, j.n))) AS former_judgements,
       ` + sqlTargets + ` AS targets,
       ` + sqlChainRoles + ` AS roles`
	sqlReleaseOwner = `UPDATE gap_owner SET released_at = clock_timestamp(), released_by = $4, release_reason = $5
		WHERE district_id = ANY ($1) AND (chain, node) = ($2, $3) AND released_at IS NULL`
	sqlOwn = `INSERT INTO gap_owner (district_id, gap_owner_id, chain, node, team_id, noted_by)
		SELECT t.district_id, $5, $2, $3, t.team_id, $6 FROM team t WHERE t.district_id = ANY ($1) AND t.team_id = $4`
)

// PieceFacts reads what is noted of a piece, as a business admits it.
func (s Registry) PieceFacts(ctx context.Context, of Business, p Piece) (PieceFacts, error) {
	return pieceFacts(ctx, s.Planner, of, p)
}

func pieceFacts(ctx context.Context, q store.Querier, of Business, p Piece) (PieceFacts, error) {
	rows, err := q.Query(ctx, sqlPieceFacts, of.args(p.Chain, p.Node)...)
	if err != nil {
		return PieceFacts{}, store.Translate("read a piece of a chain", err)
	}
	facts, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[PieceFacts])
	return facts, store.Translate("read a piece of a chain", err)
}

// onPiece carries out a change of a piece, and gives what is noted of it then.
func (s Registry) onPiece(ctx context.Context, of Business, p Piece, once *store.Once,
	do func(tx pgx.Tx) error) (PieceFacts, error) {
	var after PieceFacts
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		var err error
		if after, err = pieceFacts(ctx, tx, of, p); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, after)
	})
	return after, store.ExplainDenial(store.Translate("change a piece of a chain", err))
}

// Own names the team that is to win a piece, in place of the one that was to.
func (s Registry) Own(ctx context.Context, of Business, p Piece, by uuid.UUID, n NewOwner,
	once *store.Once) (PieceFacts,
	error) {
	if n.Team == nil && n.Reason == nil {
		return PieceFacts{}, geo.NewInvalid("reason", "milestone.reason", nil)
	}
	return s.onPiece(ctx, of, p, once, func(tx pgx.Tx) error {
		if n.Reason != nil {
			if err := added(tx.Exec(ctx, sqlReleaseOwner, of.Districts, p.Chain, p.Node, by, n.Reason))(
				&store.Missing{Kind: "gap_owner", Name: p.Node}); err != nil {
				return err
			}
		}
		if n.Team == nil {
			return nil
		}
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		return added(tx.Exec(ctx, sqlOwn, of.Districts, p.Chain, p.Node, *n.Team, id, by))(
			&store.Missing{Kind: "team", Name: n.Team.String()})
	})
}

// added gives what is missing where a statement that adds a row added none.
func added(done interface{ RowsAffected() int64 }, err error) func(missing error) error {
	return func(missing error) error {
		if err == nil && done.RowsAffected() == 0 {
			return missing
		}
		return err
	}
}

// ownPiece reads the piece that a live target firm is sought for; a Missing where one doesn't see it.
func ownPiece(ctx context.Context, tx pgx.Tx, of Business, target uuid.UUID) (p Piece, err error) {
	err = tx.QueryRow(ctx, `SELECT f.chain, f.node FROM target_firm f WHERE f.target_firm_id = $5 AND f.district_id = ANY ($1)
		AND $2::uuid[] IS NOT DISTINCT FROM $2 AND `+sqlSeenTarget, of.args(target)...).Scan(&p.Chain, &p.Node)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, &store.Missing{Kind: "target", Name: target.String()}
	}
	return p, err
}

// NamedProject is a project in the answer of something else.
type NamedProject = feed.NamedProject
