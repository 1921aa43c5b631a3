package registry

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Agency is how a project is run for its firm: by whom, with which papers, and what stands in the way.
type Agency struct {
	Today    string           `json:"today" format:"date" doc:"The day on which the project is."`
	Agents   []Agent          `json:"agents" doc:"Mandates, the newest first; those that ended too."`
	Link     *FirmLink        `json:"link" doc:"The last private link of the firm; null: none was made."`
	Asked    []AskedPaper     `json:"asked" doc:"The papers that steps of the live flow ask for."`
	Papers   []ProjectPaper   `json:"papers" doc:"All that was handed in, the newest first."`
	Problems []ProjectProblem `json:"problems" doc:"The newest first."`
}

// Agent is who runs a project, or a part of its approvals, by the firm's mandate.
type Agent struct {
	N         int           `json:"n" db:"n"`
	Account   store.Person  `json:"account" db:"account"`
	Scope     string        `json:"scope" db:"scope" doc:"all, or stage: or step: with a code of the flow's template."`
	From      string        `json:"from" db:"from_on" format:"date"`
	Until     *string       `json:"until" db:"until_on" format:"date" nullable:"true" doc:"The last day; null: until it is ended."`
	Document  string        `json:"document" db:"document" doc:"The firm's mandate, by name and number."`
	Paper     *int          `json:"paper" db:"paper" nullable:"true" doc:"Its file, by its number among the papers."`
	State     string        `json:"state" db:"state" enum:"live,ahead,past"`
	NamedBy   store.Person  `json:"named_by" db:"named_by"`
	NamedAt   time.Time     `json:"named_at" db:"named_at"`
	EndedOn   *string       `json:"ended_on" db:"ended_on" format:"date" nullable:"true" doc:"The first day on which it no longer held."`
	EndedBy   *store.Person `json:"ended_by" db:"ended_by"`
	EndReason *string       `json:"end_reason" db:"end_reason" nullable:"true"`
}

// NewAgent names who runs a project for its firm.
type NewAgent struct {
	Account  uuid.UUID `json:"account" format:"uuid" doc:"An account with a role in a park of the project."`
	Scope    string    `json:"scope,omitempty" maxLength:"80" doc:"all, which it is without; or stage: or step: with a code of the live flow."`
	From     string    `json:"from,omitempty" format:"date" doc:"The first day; today without."`
	Until    string    `json:"until,omitempty" format:"date" doc:"The last day of the mandate."`
	Document string    `json:"document" minLength:"1" maxLength:"200" doc:"The firm's mandate, by name and number."`
	File     []byte    `json:"file,omitempty" text:"-" doc:"The mandate itself in base64: PDF, JPEG, PNG or WebP, at most 8 MiB."`
}

// AgentEnd ends a mandate, or hands it over.
type AgentEnd struct {
	Reason    string     `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
	Successor *uuid.UUID `json:"successor,omitempty" format:"uuid" doc:"Who takes it over today, with the rest of its term."`
}

const (
	sqlAgents = `
SELECT a.n, a.scope, a.from_on::text AS from_on, a.until_on::text AS until_on, a.document, a.paper, a.named_at,
       a.ended_on::text AS ended_on, a.end_reason,
       CASE WHEN $3::date <@ a.held THEN 'live' WHEN $3::date < lower(a.held) THEN 'ahead' ELSE 'past' END AS state,
       jsonb_build_object('id', p.account_id, 'name', p.name) AS account,
       jsonb_build_object('id', b.account_id, 'name', b.name) AS named_by,
       CASE WHEN e.account_id IS NOT NULL THEN jsonb_build_object('id', e.account_id, 'name', e.name) END AS ended_by
  FROM agency a JOIN account p USING (account_id) JOIN account b ON b.account_id = a.named_by
  LEFT JOIN account e ON e.account_id = a.ended_by
 WHERE a.district_id = ANY ($1) AND a.project_id = $2 ORDER BY a.n DESC LIMIT 200`
	sqlNameAgent = `INSERT INTO agency (district_id, project_id, account_id, scope, from_on, until_on, document, paper, named_by)
 VALUES ($1, $2, $3, $4, $5::date, $6::date, $7, $8, $9)`
	sqlEndAgent = `UPDATE agency SET ended_on = greatest($4::date, from_on), ended_by = $5, ended_at = clock_timestamp(),
       end_reason = $6 WHERE (district_id, project_id, n) = ($1, $2, $3)
   RETURNING scope, until_on::text, document, paper`
	// sqlColleagues are who may be the agent of a project.
	sqlColleagues = `SELECT a.account_id AS id, a.name FROM account a JOIN project j ON j.district_id = ANY ($1)
   AND j.project_id = $2 WHERE may_run(a.account_id, j.district_id, j.project_id) ORDER BY a.name, a.account_id LIMIT 500`
	sqlRuns = `SELECT EXISTS (SELECT FROM agency a WHERE a.district_id = ANY ($1) AND a.project_id = $2 AND a.account_id = $3
   AND $4::date <@ a.held)`
	// sqlRunsStep looks whose mandate goes for a step: the one of the step, else of its stage, else of all.
	sqlRunsStep = `SELECT a.account_id = $3 FROM agency a WHERE a.district_id = ANY ($1) AND a.project_id = $2
   AND $4::date <@ a.held AND a.scope IN ('step:' || $5, 'stage:' || $6, 'all')
 ORDER BY a.scope = 'all', a.scope LIKE 'stage:%' LIMIT 1`
)

// Agency reads how a project is run for its firm.
func (s Registry) Agency(ctx context.Context, of Business, id uuid.UUID) (Agency, error) {
	var out Agency
	err := pgx.BeginTxFunc(ctx, s.Planner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			if _, err := project(ctx, tx, of, id); err != nil {
				return err
			}
			var err error
			out, err = s.agencyOf(ctx, tx, of, id)
			return err
		})
	return out, store.Translate("read how a project is run", err)
}

// agencyOf reads it within a transaction that has looked whose the project is.
func (s Registry) agencyOf(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID) (Agency, error) {
	status, err := s.flowOf(ctx, tx, of, id, AskFlow{})
	if err != nil {
		return Agency{}, err
	}
	out := Agency{Today: status.Today}
	if out.Agents, err = collect[Agent](ctx, tx, sqlAgents, of.Districts, id, status.Today); err != nil {
		return out, err
	}
	if out.Papers, err = collect[ProjectPaper](ctx, tx, sqlProjectPapers, of.Districts, id); err != nil {
		return out, err
	}
	out.Asked = askedPapers(status.Flow, out.Papers, status.Today)
	links, err := collect[FirmLink](ctx, tx, sqlFirmLinks, of.Districts, id)
	if err != nil {
		return out, err
	}
	if len(links) > 0 {
		out.Link = &links[0]
	}
	out.Problems, err = problemsOf(ctx, tx, of, &id, nil)
	return out, err
}

func collect[T any](ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return orEmpty(all), err
}

// changeAgency changes how a project is run, and tells it.
func (s Registry) changeAgency(ctx context.Context, of Business, id uuid.UUID, once *store.Once, doing string,
	change func(tx pgx.Tx, district uuid.UUID, today string) error) (Agency, error) {
	var after Agency
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		district, today, err := placeOf(ctx, tx, of, id)
		if err != nil {
			return err
		}
		if err := change(tx, district, today); err != nil {
			return err
		}
		if after, err = s.agencyOf(ctx, tx, of, id); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, after)
	})
	return after, store.ExplainDenial(store.Translate(doing, err))
}

// placeOf is the district of a project that some business has, and the day there.
func placeOf(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID) (district uuid.UUID, today string, err error) {
	if _, err = project(ctx, tx, of, id); err != nil {
		return district, today, err
	}
	const sqlWhose = `SELECT district_id FROM project WHERE district_id = ANY ($1) AND project_id = $2`
	if err = tx.QueryRow(ctx, sqlWhose, of.Districts, id).Scan(&district); err != nil {
		return district, today, err
	}
	_, day, err := dayOf(ctx, tx, of, id, "")
	return district, day.String(), err
}

// NameAgent names who runs a project, or a part of its approvals, for its firm.
func (s Registry) NameAgent(ctx context.Context, of Business, id, by uuid.UUID, n NewAgent, once *store.Once) (Agency,
	error) {
	return s.changeAgency(ctx, of, id, once, "name an agent", func(tx pgx.Tx, district uuid.UUID, today string) error {
		if n.Scope == "" {
			n.Scope = "all"
		}
		if err := s.knownScope(ctx, tx, of, id, n.Scope); err != nil {
			return err
		}
		if n.From == "" {
			n.From = today
		}
		if n.Until != "" && n.Until < n.From {
			return geo.NewInvalid("until", "flow.not_before", n.Until, "day", n.From)
		}
		var paper *int
		if len(n.File) > 0 {
			kept, err := keepPaper(ctx, tx, district, id, NewPaper{File: n.File, Name: n.Document}, "mandate",
				nil, &by, nil)
			if err != nil {
				return err
			}
			paper = &kept
		}
		_, err := tx.Exec(ctx, sqlNameAgent, district, id, n.Account, n.Scope, n.From, orNil(n.Until),
			n.Document, paper, by)
		return err
	})
}

// knownScope refuses a scope that names no stage or step of the live flow.
func (s Registry) knownScope(ctx context.Context, tx pgx.Tx, of Business, id uuid.UUID, scope string) error {
	if scope == "all" {
		return nil
	}
	status, err := s.flowOf(ctx, tx, of, id, AskFlow{})
	if err != nil {
		return err
	}
	what, code, _ := strings.Cut(scope, ":")
	known := status.Flow != nil && (what == "stage" && slices.ContainsFunc(status.Flow.Stages,
		func(n FlowNamed) bool { return n.Code == code }) || what == "step" && slices.ContainsFunc(status.Flow.Steps,
		func(n FlowStep) bool { return n.Code == code }))
	if !known {
		return geo.NewInvalid("scope", "agency.scope", scope)
	}
	return nil
}

// EndAgent ends a mandate today, for a reason; a successor has the rest of its term from today on.
func (s Registry) EndAgent(ctx context.Context, of Business, id, by uuid.UUID, n int, end AgentEnd,
	once *store.Once) (Agency, error) {
	return s.changeAgency(ctx, of, id, once, "end a mandate", func(tx pgx.Tx, district uuid.UUID, today string) error {
		var scope, document string
		var until *string
		var paper *int
		err := tx.QueryRow(ctx, sqlEndAgent, district, id, n, today, by, end.Reason).Scan(&scope, &until,
			&document, &paper)
		if errors.Is(err, pgx.ErrNoRows) {
			return &store.Missing{Kind: "agent", Name: strconv.Itoa(n)}
		}
		if err != nil || end.Successor == nil {
			return err
		}
		if until != nil && *until < today {
			return geo.NewInvalid("successor", "agency.over", end.Successor.String(), "day", *until)
		}
		_, err = tx.Exec(ctx, sqlNameAgent, district, id, *end.Successor, scope, today, until, document, paper, by)
		return err
	})
}

// Colleagues lists who may be the agent of a project: at most 500, by name.
func (s Registry) Colleagues(ctx context.Context, of Business, id uuid.UUID) ([]store.Person, error) {
	if _, err := s.Project(ctx, of, id); err != nil {
		return nil, err
	}
	return store.ReadAll[store.Person](ctx, s.Store, sqlColleagues, of.Districts, id)
}

// Runs tells whether an account is an agent of a project today, and whose business the project is. A Missing for a
// project outside the business.
func (s Registry) Runs(ctx context.Context, of Business, id, account uuid.UUID) (runs bool, parks []uuid.UUID,
	err error) {
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		_, today, err := placeOf(ctx, tx, of, id)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, sqlRuns, of.Districts, id, account, today).Scan(&runs); err != nil {
			return err
		}
		parks, err = businessOf(ctx, tx, sqlProjectParks, id)
		return err
	})
	return runs, parks, store.Translate("look who runs a project", err)
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
