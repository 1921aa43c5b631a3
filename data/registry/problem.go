package registry

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// NewProblem is a problem of a project that is raised.
type NewProblem struct {
	Words string `json:"words" minLength:"1" maxLength:"1000" text:"prose" doc:"No person's data."`
	Step  string `json:"step,omitempty" maxLength:"63" doc:"The step of the live flow that it holds up."`
}

// NewProblemTurn is what becomes of a problem.
type NewProblemTurn struct {
	Kind     string     `json:"kind" enum:"tabled,assigned,closed,reopened"`
	Meeting  *uuid.UUID `json:"meeting,omitempty" format:"uuid" doc:"Of tabled: the meeting on whose agenda it is put."`
	Owner    string     `json:"owner,omitempty" maxLength:"200" doc:"Of assigned: a department or office, no person's data. The firm reads it."`
	Due      string     `json:"due,omitempty" format:"date" doc:"Of assigned: the day by which it is to be solved."`
	Evidence string     `json:"evidence,omitempty" maxLength:"200" doc:"Of closed: what proves that it is solved, by name and number. The firm reads it."`
	File     []byte     `json:"file,omitempty" text:"-" doc:"Of closed: the evidence itself in base64: PDF, JPEG, PNG or WebP, at most 8 MiB."`
	Reason   string     `json:"reason,omitempty" maxLength:"1000" text:"prose" doc:"Of reopened: why."`
}

// ProblemTurn is what became of a problem.
type ProblemTurn struct {
	N        int          `json:"n"`
	Kind     string       `json:"kind" enum:"tabled,assigned,closed,reopened"`
	Meeting  *uuid.UUID   `json:"meeting" format:"uuid" nullable:"true"`
	Owner    *string      `json:"owner" nullable:"true"`
	Due      *string      `json:"due" format:"date" nullable:"true"`
	Evidence *string      `json:"evidence" nullable:"true"`
	Paper    *int         `json:"paper" nullable:"true" doc:"The file of the evidence, by its number among the project's papers."`
	Reason   *string      `json:"reason" nullable:"true"`
	By       store.Person `json:"by"`
	At       time.Time    `json:"at"`
}

// ProjectProblem is a problem of a project, and how it stands.
type ProjectProblem struct {
	Project  FlowProject   `json:"project" db:"project"`
	N        int           `json:"n" db:"n" doc:"Its number among the project's."`
	Words    string        `json:"words" db:"words"`
	Step     *string       `json:"step" db:"step" nullable:"true"`
	State    string        `json:"state" db:"state" enum:"raised,tabled,assigned,closed"`
	By       *store.Person `json:"by" db:"by" doc:"Null: the firm, by its link."`
	At       time.Time     `json:"at" db:"at"`
	Owner    *string       `json:"owner" db:"-" nullable:"true" doc:"Who sees to it now; null: nobody yet."`
	Due      *string       `json:"due" db:"-" format:"date" nullable:"true"`
	Evidence *string       `json:"evidence" db:"-" nullable:"true" doc:"What closed it; null: it is open."`
	ClosedAt *time.Time    `json:"closed_at" db:"-" nullable:"true"`
	Turns    []ProblemTurn `json:"turns" db:"turns" doc:"What became of it, in order."`
}

// FlowProject names the project of a step or problem.
type FlowProject struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	NameZH string    `json:"name_zh"`
	NameEN string    `json:"name_en"`
}

const (
	// $5: a project, or null for all; $6: meetings whose closed problems are told too.
	sqlProblems = `
SELECT jsonb_build_object('id', j.project_id, 'name_zh', v.name_zh, 'name_en', v.name_en) AS project,
       b.n, b.words, b.step, b.state, b.at,
       CASE WHEN a.account_id IS NOT NULL THEN jsonb_build_object('id', a.account_id, 'name', a.name) END AS by,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('n', t.n, 'kind', t.kind, 'meeting', t.meeting_id, 'owner', t.owner,
         'due', t.due, 'evidence', t.evidence, 'paper', t.paper, 'reason', t.reason, 'at', t.at, 'by',
         jsonb_build_object('id', w.account_id, 'name', w.name)) ORDER BY t.n), '[]')
          FROM problem_turn t JOIN account w USING (account_id)
         WHERE (t.district_id, t.problem_id) = (b.district_id, b.problem_id)) AS turns
  FROM project_problem b JOIN project j USING (district_id, project_id)
  JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
  LEFT JOIN account a USING (account_id)
 WHERE ($5::uuid IS NULL OR j.project_id = $5) AND ($5::uuid IS NOT NULL OR b.state <> 'closed' OR EXISTS (
   SELECT FROM problem_turn t WHERE (t.district_id, t.problem_id) = (b.district_id, b.problem_id)
     AND t.meeting_id = ANY ($6::uuid[]))) AND ` + sqlProjectOfBusiness + `
 ORDER BY b.at DESC, b.problem_id LIMIT 1000`
	sqlRaise = `INSERT INTO project_problem (district_id, problem_id, project_id, words, step, account_id, link_id, key)
 VALUES ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8)`
	sqlProblem     = `SELECT problem_id FROM project_problem WHERE (district_id, project_id, n) = ($1, $2, $3)`
	sqlProblemTurn = `INSERT INTO problem_turn (district_id, problem_id, project_id, kind, meeting_id, owner, due, evidence,
       paper, reason, account_id)
 VALUES ($1, $2, $3, $4, $5, nullif($6, ''), nullif($7, '')::date, nullif($8, ''), $9, nullif($10, ''), $11)`
)

// problemsOf reads the problems of a project, or those of all that are open or were before some meetings.
func problemsOf(ctx context.Context, tx pgx.Tx, of Business, id *uuid.UUID,
	meetings []uuid.UUID) ([]ProjectProblem, error) {
	all, err := collect[ProjectProblem](ctx, tx, sqlProblems, of.args(id, orEmpty(meetings))...)
	for i := range all {
		all[i].stand()
	}
	return all, err
}

// stand tells how a problem stands from its turns.
func (p *ProjectProblem) stand() {
	for _, t := range p.Turns {
		switch t.Kind {
		case "assigned":
			p.Owner, p.Due = t.Owner, t.Due
		case "closed":
			p.Evidence, p.ClosedAt = t.Evidence, &t.At
		case "reopened":
			p.Owner, p.Due, p.Evidence, p.ClosedAt = nil, nil, nil, nil
		}
	}
}

// RaiseProblem raises a problem of a project.
func (s Registry) RaiseProblem(ctx context.Context, of Business, id, by uuid.UUID, p NewProblem,
	once *store.Once) (Agency, error) {
	return s.changeAgency(ctx, of, id, once, "raise a problem", func(tx pgx.Tx, district uuid.UUID, _ string) error {
		return s.raise(ctx, tx, of, district, id, p, &by, nil, nil)
	})
}

func (s Registry) raise(ctx context.Context, tx pgx.Tx, of Business, district, id uuid.UUID, p NewProblem, by,
	link, key *uuid.UUID) error {
	if p.Step != "" {
		if err := s.knownStep(ctx, tx, of, id, p.Step); err != nil {
			return err
		}
	}
	made, err := uuid.NewV7()
	if err == nil {
		_, err = tx.Exec(ctx, sqlRaise, district, made, id, p.Words, p.Step, by, link, key)
	}
	return err
}

func (s Registry) knownStep(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID, step string) error {
	status, err := s.flowOf(ctx, tx, of, id, AskFlow{})
	if err != nil {
		return err
	}
	if status.Flow == nil || !slices.ContainsFunc(status.Flow.Steps, func(f FlowStep) bool { return f.Code == step }) {
		return geo.NewInvalid("step", "flow.step", step)
	}
	return nil
}

// TurnProblem notes what becomes of a problem of a project.
func (s Registry) TurnProblem(ctx context.Context, of Business, id, by uuid.UUID, n int, t NewProblemTurn,
	once *store.Once) (Agency, error) {
	return s.changeAgency(ctx, of, id, once, "note what became of a problem",
		func(tx pgx.Tx, district uuid.UUID, _ string) error {
			if err := t.check(); err != nil {
				return err
			}
			var problem uuid.UUID
			err := tx.QueryRow(ctx, sqlProblem, district, id, n).Scan(&problem)
			if errors.Is(err, pgx.ErrNoRows) {
				return &store.Missing{Kind: "project_problem", Name: strconv.Itoa(n)}
			}
			if err != nil {
				return err
			}
			if t.Meeting != nil {
				if err := knownMeeting(ctx, tx, of, *t.Meeting); err != nil {
					return err
				}
			}
			var paper *int
			if len(t.File) > 0 {
				kept, err := keepPaper(ctx, tx, district, id, NewPaper{File: t.File, Name: t.Evidence},
					"evidence", nil, &by, nil)
				if err != nil {
					return err
				}
				paper = &kept
			}
			_, err = tx.Exec(ctx, sqlProblemTurn, district, problem, id, t.Kind, t.Meeting, t.Owner, t.Due,
				t.Evidence, paper,
				t.Reason, by)
			return err
		})
}

// check refuses a turn that lacks what its kind needs, or has what belongs to another.
func (t NewProblemTurn) check() error {
	switch {
	case (t.Meeting != nil) != (t.Kind == "tabled"):
		return geo.NewInvalid("meeting", "problem.meeting", geo.None())
	case (t.Owner != "") != (t.Kind == "assigned"):
		return geo.NewInvalid("owner", "problem.owner", t.Owner)
	case (t.Due != "") != (t.Kind == "assigned"):
		return geo.NewInvalid("due", "problem.due", t.Due)
	case (t.Evidence != "") != (t.Kind == "closed"):
		return geo.NewInvalid("evidence", "problem.evidence", t.Evidence)
	case (t.Reason != "") != (t.Kind == "reopened"):
		return geo.NewInvalid("reason", "problem.reason", t.Reason)
	}
	if len(t.File) > 0 && t.Kind != "closed" {
		return geo.NewInvalid("file", "problem.evidence", geo.Say("came.some"))
	}
	return nil
}
