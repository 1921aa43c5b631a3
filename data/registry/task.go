package registry

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo/flow"
	"luodi/geo/workday"
)

// Task is something that waits for a person.
type Task struct {
	Kind    string     `json:"kind" db:"kind" enum:"visit,flow,hold,turn,proposal" doc:"The next step of a visit that one noted; a step of a project's approvals; a hold that expires; a hold that the queue gave; a proposal to decide."`
	Subject string     `json:"subject" db:"subject" doc:"What it is about: the same for as long as it is the same thing."`
	Park    *string    `json:"park" db:"park" nullable:"true" doc:"The park's code."`
	ID      *uuid.UUID `json:"project" db:"project" format:"uuid" nullable:"true"`
	Code    *string    `json:"code" db:"code" nullable:"true" doc:"The project's code."`
	NameZH  *string    `json:"name_zh" db:"name_zh" nullable:"true" doc:"The project's name."`
	NameEN  *string    `json:"name_en" db:"name_en" nullable:"true"`
	WhatZH  string     `json:"what_zh" db:"what_zh" doc:"A next step or the name of a step, as it was written; the codes of parcels; a kind of change."`
	WhatEN  string     `json:"what_en" db:"what_en"`
	Since   time.Time  `json:"since" db:"since" doc:"When it was noted."`
	Due     *string    `json:"due" db:"due" format:"date" nullable:"true" doc:"The day by which it is due; null: none is known."`
	Days    *int       `json:"days" db:"days" nullable:"true" doc:"Days until then, in the park's time zone; below 0 it is overdue."`
	Edits   int        `json:"-" db:"edits"` // counts what changed of it
}

// Waiting is for whom tasks are told, and what that person may do.
type Waiting struct {
	Account  uuid.UUID
	Plans    Business // the projects that the person may change
	Approves Business // where the person may decide proposals
}

// mostTasks bounds the tasks of each kind: the nearest are told.
const mostTasks = 500

const (
	// A project's steps are its team's, where one has the first contact, and else of all who plan in the park that
	// entered it. $5 is the account.
	sqlMyProject = sqlProjectOfBusiness + `
   AND CASE WHEN EXISTS (SELECT FROM first_contact c WHERE (c.project_id, c.district_id) = (j.project_id, j.district_id)
         AND c.released_at IS NULL)
       THEN EXISTS (SELECT FROM first_contact c JOIN team_member m USING (district_id, team_id)
         WHERE (c.project_id, c.district_id) = (j.project_id, j.district_id) AND c.released_at IS NULL
           AND m.account_id = $5 AND m.until IS NULL)
       ELSE $2::uuid[] IS NULL OR j.park_id = ANY ($2) END`
	sqlOfProject = `(SELECT k.code FROM park k WHERE k.park_id = j.park_id) AS park, j.project_id AS project, j.code,
       e.name_zh, e.name_en`
	sqlProjectNow = `JOIN project_version e ON (e.district_id, e.project_id) = (j.district_id, j.project_id)
         AND upper_inf(e.sys)`
	sqlVisitTasks = `
SELECT 'visit' AS kind, j.project_id || '/' || v.n AS subject, ` + sqlOfProject + `, v.next_step AS what_zh,
       v.next_step AS what_en, v.noted_at AS since, v.due::text AS due, v.due - project_today(j) AS days, 0 AS edits
  FROM project_visit v JOIN project j USING (district_id, project_id) ` + sqlProjectNow + `
 WHERE v.noted_by = $5 AND v.next_step IS NOT NULL AND v.done_at IS NULL AND ` + sqlProjectOfBusiness + `
 ORDER BY v.due NULLS LAST, v.noted_at LIMIT $6`
	sqlParkToday = `(clock_timestamp() AT TIME ZONE k.time_zone)::date`
	sqlHoldTasks = `
SELECT CASE WHEN t.turn THEN 'turn' ELSE 'hold' END AS kind, a.allotment_id::text AS subject, k.code AS park,
       j.project_id AS project, j.code, e.name_zh, e.name_en, p.codes AS what_zh, p.codes AS what_en,
       lower(v.sys) AS since, d.day::text AS due, d.day - ` + sqlParkToday + ` AS days, v.extended AS edits
  FROM allotment_version v JOIN allotment a USING (park_id, allotment_id) JOIN park k USING (park_id)
  JOIN project j ON (j.district_id, j.project_id) = (a.district_id, a.project_id) ` + sqlProjectNow + `
  CROSS JOIN LATERAL (SELECT string_agg(c.code, ', ' ORDER BY code_order(c.code)) FROM allotment_parcel l
         JOIN parcel_version c USING (park_id, parcel_id)
        WHERE (l.park_id, l.allotment_id) = (a.park_id, a.allotment_id) AND l.to_seq IS NULL AND c.to_seq IS NULL)
       p (codes)
  CROSS JOIN (VALUES (false), (true)) t (turn)
  CROSS JOIN LATERAL (SELECT ((CASE WHEN t.turn THEN lower(v.sys)
    ELSE v.expires_at END) AT TIME ZONE k.time_zone)::date)
       d (day)
 WHERE v.to_seq IS NULL AND v.state = 'hold' AND v.expires_at IS NOT NULL AND k.district_id = ANY ($1)
   AND ($2::uuid[] IS NULL OR k.park_id = ANY ($2))
   AND (NOT t.turn OR v.extended = 0 AND EXISTS (SELECT FROM record r WHERE (r.park_id, r.seq) = (v.park_id, v.from_seq)
         AND r.kind = 'hold' AND r.proposed_by IS NULL))
 ORDER BY d.day, a.allotment_id LIMIT $3`
	sqlProposalTasks = `
SELECT 'proposal' AS kind, q.proposal_id::text AS subject, k.code AS park, NULL::uuid AS project, NULL::text AS code,
       NULL::text AS name_zh, NULL::text AS name_en, q.kind AS what_zh, q.kind AS what_en, q.proposed_at AS since,
       NULL::text AS due, NULL::int AS days, 0 AS edits
  FROM proposal q JOIN park k USING (park_id)
 WHERE q.decision IS NULL AND q.proposed_by <> $3 AND k.district_id = ANY ($1)
   AND ($2::uuid[] IS NULL OR k.park_id = ANY ($2))
 ORDER BY q.proposed_at, q.proposal_id LIMIT $4`
	sqlFlowTasks = `
SELECT f.flow_id, f.agreed, f.started_at, f.noted, ` + sqlOfProject + `, project_today(j)::text AS today
  FROM project_flow f JOIN project j USING (district_id, project_id) ` + sqlProjectNow + `
 WHERE f.retired_at IS NULL AND f.start <= project_today(j) AND ` + sqlMyProject
)

// Tasks lists what waits for a person, the nearest day first and what has none last: at most 500 of each kind. A
// project that the person may not see tells nothing.
func (s Registry) Tasks(ctx context.Context, w Waiting) ([]Task, error) {
	all := []Task{}
	err := pgx.BeginTxFunc(ctx, s.Planner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			for _, of := range []struct {
				sql  string
				args []any
			}{
				{sqlVisitTasks, w.Plans.args(w.Account, mostTasks)},
				{sqlHoldTasks, []any{w.Plans.Districts, w.Plans.Parks, mostTasks}},
				{sqlProposalTasks, []any{w.Approves.Districts, w.Approves.Parks, w.Account, mostTasks}},
			} {
				rows, err := tx.Query(ctx, of.sql, of.args...)
				if err != nil {
					return err
				}
				found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Task])
				if err != nil {
					return err
				}
				all = append(all, found...)
			}
			steps, err := s.flowTasks(ctx, tx, w)
			all = append(all, steps...)
			return err
		})
	slices.SortStableFunc(all, func(a, b Task) int {
		switch {
		case a.Due == nil && b.Due == nil:
			return a.Since.Compare(b.Since)
		case a.Due == nil:
			return 1
		case b.Due == nil:
			return -1
		}
		return cmp.Or(strings.Compare(*a.Due, *b.Due), a.Since.Compare(b.Since))
	})
	return all, store.Translate("read what waits for someone", err)
}

// flowRowOfTask is a live flow with what is told of its project.
type flowRowOfTask struct {
	Flow      uuid.UUID  `db:"flow_id"`
	Agreed    []byte     `db:"agreed"`
	StartedAt time.Time  `db:"started_at"`
	Noted     int        `db:"noted"`
	Park      *string    `db:"park"`
	Project   *uuid.UUID `db:"project"`
	Code      *string    `db:"code"`
	NameZH    *string    `db:"name_zh"`
	NameEN    *string    `db:"name_en"`
	Today     string     `db:"today"`
}

// flowTasks are the steps that may go on or do, by the days that were agreed for their finish.
func (s Registry) flowTasks(ctx context.Context, tx pgx.Tx, w Waiting) ([]Task, error) {
	rows, err := tx.Query(ctx, sqlFlowTasks, w.Plans.args(w.Account)...)
	if err != nil {
		return nil, err
	}
	mine, err := pgx.CollectRows(rows, pgx.RowToStructByName[flowRowOfTask])
	if err != nil || len(mine) == 0 {
		return nil, err
	}
	last := mine[0].Today
	for _, f := range mine {
		last = max(last, f.Today)
	}
	today, err := workday.ParseDay("today", last)
	if err != nil {
		return nil, err
	}
	flows, _, err := s.figureFlows(ctx, tx, w.Plans, today)
	if err != nil {
		return nil, err
	}
	parsed := make(map[uuid.UUID]*parsedFlow, len(flows))
	for i := range flows {
		parsed[flows[i].ID] = flows[i].parsedFlow
	}
	var all []Task
	for _, f := range mine {
		if p := parsed[f.Flow]; p != nil {
			steps, err := f.tasks(p)
			if err != nil {
				return nil, err
			}
			all = append(all, steps...)
		}
	}
	slices.SortStableFunc(all, func(a, b Task) int { return strings.Compare(*a.Due, *b.Due) })
	return all[:min(len(all), mostTasks)], nil
}

// tasks are the steps of a flow under way, or that could be, whose agreed finish is known.
func (f flowRowOfTask) tasks(p *parsedFlow) ([]Task, error) {
	today, err := workday.ParseDay("today", f.Today)
	if err != nil {
		return nil, err
	}
	var agreed []flow.Agreed
	if err := json.Unmarshal(f.Agreed, &agreed); err != nil {
		return nil, err
	}
	due := make(map[string]workday.Day, len(agreed))
	for _, a := range agreed {
		due[a.Step] = a.Finish
	}
	var all []Task
	status := p.Status(workday.China(), today)
	for i := range status.Steps {
		t, step := p.Template().Steps[i], status.Steps[i]
		day := due[t.Code]
		if step.State == flow.StepDone || step.State == flow.StepWaiting || day == 0 {
			continue
		}
		text, days := day.String(), int(day-today)
		all = append(all, Task{Kind: "flow", Subject: f.Flow.String() + "/" + t.Code, Park: f.Park,
			ID: f.Project, Code: f.Code,
			NameZH: f.NameZH, NameEN: f.NameEN, WhatZH: t.NameZH, WhatEN: t.NameEN, Since: f.StartedAt, Due: &text,
			Days: &days})
	}
	return all, nil
}
