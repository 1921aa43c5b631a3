package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Target is a firm that a team wants to win for a piece of a chain. It is there for the team and for leaders alone.
type Target struct {
	ID           uuid.UUID     `json:"id" format:"uuid"`
	Name         string        `json:"name"`
	Party        *uuid.UUID    `json:"party" nullable:"true" format:"uuid" doc:"The company, where it is in the register."`
	Place        string        `json:"place" doc:"Where the firm is."`
	Source       string        `json:"source" doc:"Where it is known from."`
	Team         NamedTeam     `json:"team"`
	ApproachedOn *string       `json:"approached_on" nullable:"true" format:"date" doc:"When the team first spoke to it; null: not yet."`
	NotedBy      store.Person  `json:"noted_by"`
	NotedAt      time.Time     `json:"noted_at"`
	Answer       *string       `json:"answer" nullable:"true" enum:"none,interested,considering,declined" doc:"What it answered last; null: nothing is noted."`
	NextStep     *string       `json:"next_step" nullable:"true" doc:"Of the last note."`
	Due          *string       `json:"due" nullable:"true" format:"date"`
	Overdue      bool          `json:"overdue"`
	Notes        []TargetNote  `json:"notes" doc:"The newest first."`
	Project      *NamedProject `json:"project" doc:"What came of it; null: nothing yet, or a project one doesn't see."`
	ClosedAt     *time.Time    `json:"closed_at" nullable:"true" doc:"Null: it is live."`
	ClosedBy     *store.Person `json:"closed_by"`
	CloseReason  *string       `json:"close_reason" nullable:"true"`
}

// TargetNote is what a target firm answered, and what is to follow.
type TargetNote struct {
	N        int          `json:"n"`
	On       string       `json:"on" format:"date"`
	Answer   string       `json:"answer" enum:"none,interested,considering,declined"`
	Note     string       `json:"note"`
	NextStep *string      `json:"next_step" nullable:"true"`
	Due      *string      `json:"due" nullable:"true" format:"date"`
	NotedBy  store.Person `json:"noted_by"`
}

// NewTarget is a firm to seek for a piece.
type NewTarget struct {
	Team         uuid.UUID  `json:"team" format:"uuid" doc:"One's own team; a leader may name any."`
	Name         string     `json:"name" minLength:"1" maxLength:"200"`
	Party        *uuid.UUID `json:"party,omitempty" format:"uuid"`
	Place        string     `json:"place" minLength:"1" maxLength:"200" doc:"Where the firm is."`
	Source       string     `json:"source" minLength:"1" maxLength:"500" text:"prose" doc:"Where it is known from."`
	ApproachedOn *string    `json:"approached_on,omitempty" format:"date"`
}

// NewTargetNote is an answer of a target firm to note.
type NewTargetNote struct {
	On       string  `json:"on" format:"date"`
	Answer   string  `json:"answer" enum:"none,interested,considering,declined"`
	Note     string  `json:"note" minLength:"1" maxLength:"500" doc:"A line; no person's data."`
	NextStep *string `json:"next_step,omitempty" minLength:"1" maxLength:"500"`
	Due      *string `json:"due,omitempty" format:"date" doc:"The day by which the next step is due."`
}

// TargetProject is the project that comes of a target firm: one that is there, or a new one.
type TargetProject struct {
	Project *uuid.UUID `json:"project,omitempty" format:"uuid" doc:"A project that is there; without it one is made, with its company where none is linked."`
	Code    string     `json:"code,omitempty" maxLength:"100" text:"code" doc:"Of the new project."`
	NameZH  *string    `json:"name_zh,omitempty" minLength:"1" maxLength:"200" doc:"Of the new project; the firm's name without it."`
}

const (
	// sqlSeenTarget: a target firm (f) is there for who may see leads, $3 and $4, of its team or its district.
	sqlSeenTarget = `($3::uuid IS NULL OR EXISTS (SELECT FROM team_member s
		WHERE (s.account_id, s.team_id, s.district_id) = ($3, f.team_id, f.district_id) AND s.until IS NULL)
		OR EXISTS (SELECT FROM park k WHERE k.district_id = f.district_id AND k.park_id = ANY ($4::uuid[])))`
	sqlTargets = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.target_firm_id, 'name', f.name, 'party', f.party_id,
         'place', f.place, 'source', f.source, 'team', ` + sqlTeamJSON + `, 'approached_on', f.approached_on,
         'noted_by', ` + sqlPersonA + `, 'noted_at', f.noted_at, 'answer', w.answer, 'next_step', w.next_step, 'due', w.due,
         'overdue', coalesce(w.due < china_today() AND f.closed_at IS NULL, false), 'notes', w.notes,
         'project', (SELECT ` + sqlNamedProject + ` FROM project j JOIN project_version v ON (v.district_id,
           v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
           WHERE (j.district_id, j.project_id) = (f.district_id, f.project_id) AND ` + sqlProjectOfBusiness + `),
         'closed_at', f.closed_at, 'closed_by', CASE WHEN b.account_id IS NOT NULL THEN jsonb_build_object('id',
           b.account_id, 'name', b.name) END, 'close_reason', f.close_reason)
         ORDER BY f.closed_at IS NOT NULL, f.noted_at DESC), '[]')
          FROM target_firm f JOIN team t USING (district_id, team_id) JOIN account a ON a.account_id = f.noted_by
          LEFT JOIN account b ON b.account_id = f.closed_by
          CROSS JOIN LATERAL (SELECT (array_agg(n.answer ORDER BY n.n DESC))[1] AS answer,
            (array_agg(n.next_step ORDER BY n.n DESC))[1] AS next_step, (array_agg(n.due ORDER BY n.n DESC))[1] AS due,
            coalesce(jsonb_agg(jsonb_build_object('n', n.n, 'on', n.said_on, 'answer', n.answer, 'note', n.note,
              'next_step', n.next_step, 'due', n.due, 'noted_by', jsonb_build_object('id', c.account_id, 'name', c.name))
              ORDER BY n.n DESC), '[]') AS notes
            FROM target_note n JOIN account c ON c.account_id = n.noted_by
           WHERE (n.district_id, n.target_firm_id) = (f.district_id, f.target_firm_id)) w
         WHERE f.district_id = ANY ($1) AND (f.chain, f.node) = ($5, $6) AND ` + sqlSeenTarget + `)`
	sqlSeek = `INSERT INTO target_firm (district_id, target_firm_id, chain, node, name, firm, party_id, place, source, team_id,
       approached_on, noted_by)
	SELECT t.district_id, $3, $4, $5, $6, '-', $7, $8, $9, t.team_id, $10::date, $11 FROM team t
	 WHERE t.district_id = ANY ($1) AND t.team_id = $2`
	// sqlSoughtBy reads who seeks a firm for a piece already.
	sqlSoughtBy = `SELECT t.kind, t.number, coalesce(f.approached_on, (f.noted_at AT TIME ZONE 'Asia/Shanghai')::date)::text
	  FROM target_firm f JOIN team t USING (district_id, team_id) WHERE f.district_id = ANY ($1)
	   AND (f.chain, f.node, f.firm) = ($2, $3, firm_name($4)) AND f.closed_at IS NULL`
	sqlOfOwnTeam = `SELECT $3::uuid IS NULL OR EXISTS (SELECT FROM team_member m WHERE m.account_id = $3 AND m.team_id = $2
		AND m.district_id = ANY ($1) AND m.until IS NULL)
		OR EXISTS (SELECT FROM park k WHERE k.district_id = ANY ($1) AND k.park_id = ANY ($4::uuid[]))`
	sqlTargetNote = `INSERT INTO target_note (district_id, target_firm_id, said_on, answer, note, next_step, due, noted_by)
		SELECT district_id, target_firm_id, $3::date, $4, $5, $6, $7::date, $8 FROM target_firm
		 WHERE district_id = ANY ($1) AND target_firm_id = $2`
	sqlCloseTarget = `UPDATE target_firm SET closed_at = clock_timestamp(), closed_by = $3, close_reason = $4
		WHERE district_id = ANY ($1) AND target_firm_id = $2`
)

// Seek notes a firm that a team wants to win for a piece. One that is sought for it already is refused with that team
// and the day, and nothing else.
func (s Registry) Seek(ctx context.Context, of Business, p Piece, by uuid.UUID, n NewTarget,
	once *store.Once) (PieceFacts,
	error) {
	after, err := s.onPiece(ctx, of, p, once, func(tx pgx.Tx) error {
		var own bool
		if err := tx.QueryRow(ctx, sqlOfOwnTeam, of.Districts, n.Team, of.Reader, of.Leads).Scan(&own); err != nil {
			return err
		}
		if !own {
			return geo.NewInvalid("team", "team.own", n.Team.String())
		}
		if err := seesParty(ctx, tx, &of, n.Party); err != nil {
			return err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		return added(tx.Exec(ctx, sqlSeek, of.Districts, n.Team, id, p.Chain, p.Node, n.Name, n.Party, n.Place,
			n.Source,
			n.ApproachedOn, by))(&store.Missing{Kind: "team", Name: n.Team.String()})
	})
	if rule := store.Constraint(err); rule == "target_firm_is_one" {
		return after, s.teamBefore(ctx, rule, err, sqlSoughtBy, of.Districts, p.Chain, p.Node, n.Name)
	}
	return after, err
}

// NoteTarget notes what a target firm answered, and what is to follow.
func (s Registry) NoteTarget(ctx context.Context, of Business, id, by uuid.UUID, n NewTargetNote,
	once *store.Once) (PieceFacts,
	error) {
	switch {
	case n.Due != nil && n.NextStep == nil:
		return PieceFacts{}, geo.NewInvalid("next_step", "visit.step", nil)
	case n.Due != nil && *n.Due < n.On:
		return PieceFacts{}, geo.NewInvalid("due", "visit.due", *n.Due, "day", n.On)
	}
	return s.onTarget(ctx, of, id, once, func(tx pgx.Tx, _ Piece) error {
		_, err := tx.Exec(ctx, sqlTargetNote, of.Districts, id, n.On, n.Answer, n.Note, n.NextStep, n.Due, by)
		return err
	})
}

// CloseTarget ends the search for a firm, for a reason: it may be sought anew, by another team too.
func (s Registry) CloseTarget(ctx context.Context, of Business, id, by uuid.UUID, reason string,
	once *store.Once) (PieceFacts,
	error) {
	return s.onTarget(ctx, of, id, once, func(tx pgx.Tx, _ Piece) error {
		_, err := tx.Exec(ctx, sqlCloseTarget, of.Districts, id, by, reason)
		return err
	})
}

// onTarget carries out a change of a target firm that one sees, and gives its piece.
func (s Registry) onTarget(ctx context.Context, of Business, id uuid.UUID, once *store.Once,
	do func(tx pgx.Tx, p Piece) error) (PieceFacts, error) {
	var p Piece
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) (err error) {
		p, err = ownPiece(ctx, tx, of, id)
		return err
	})
	if err != nil {
		return PieceFacts{}, store.Translate("find a target firm", err)
	}
	return s.onPiece(ctx, of, p, once, func(tx pgx.Tx) error { return do(tx, p) })
}
