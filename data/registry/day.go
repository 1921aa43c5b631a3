package registry

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/flow"
)

// AgentDay is what an agent has before them today.
type AgentDay struct {
	Today    string           `json:"today" format:"date"`
	Tasks    []DayTask        `json:"tasks" doc:"What is overdue first, then by day; what has no day last."`
	Problems []ProjectProblem `json:"problems" doc:"Open problems of the projects that one runs."`
}

// DayTask is a step that can be brought on now, in a flow or a part of one that the agent runs.
type DayTask struct {
	Project FlowProject  `json:"project"`
	Step    FlowNamed    `json:"step"`
	State   string       `json:"state" enum:"ready,running,stopped,special,withdrawn"`
	Next    flow.Kind    `json:"next" enum:"accepted,done,resumed,special_ended" doc:"What brings it on."`
	Due     *string      `json:"due" format:"date" nullable:"true" doc:"By what was agreed at signing; null: not known."`
	When    string       `json:"when" enum:"overdue,today,later,unknown"`
	Papers  []AskedPaper `json:"papers" doc:"Those that the step asks for."`
}

// StepPhoto brings a step on, with a photo that shows it.
type StepPhoto struct {
	Kind     string `json:"kind" enum:"accepted,done,resumed,special_ended"`
	Day      string `json:"day,omitempty" format:"date" doc:"When it happened; today without."`
	Document string `json:"document,omitempty" maxLength:"200" doc:"The paper that proves it, by name and number."`
	File     []byte `json:"file" text:"-" doc:"The photo in base64: JPEG, PNG or WebP, at most 8 MiB."`
}

// dayMost is how many projects a day's list is of at most.
const dayMost = 500

const sqlRunProjects = `
SELECT j.project_id AS id, v.name_zh, v.name_en FROM project j
  JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
 WHERE EXISTS (SELECT FROM agency a WHERE (a.district_id, a.project_id) = (j.district_id, j.project_id)
   AND a.account_id = $5 AND $6::date <@ a.held) AND ` + sqlProjectOfBusiness + ` ORDER BY j.project_id LIMIT $7`

// Day lists what the agent's flows have for today.
func (s Registry) Day(ctx context.Context, of Business, account uuid.UUID) (AgentDay, error) {
	out := AgentDay{Tasks: []DayTask{}, Problems: []ProjectProblem{}}
	err := pgx.BeginTxFunc(ctx, s.Planner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			if err := tx.QueryRow(ctx, sqlMeetingDay, of.Districts).Scan(&out.Today); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, sqlRunProjects, of.args(account, out.Today, dayMost)...)
			if err != nil {
				return err
			}
			projects, err := pgx.CollectRows(rows, pgx.RowToStructByPos[FlowProject])
			if err != nil {
				return err
			}
			for _, p := range projects {
				if err := s.addTasks(ctx, tx, of, p, account, &out); err != nil {
					return err
				}
			}
			return nil
		})
	slices.SortStableFunc(out.Tasks, func(a, b DayTask) int {
		return cmp.Or(cmp.Compare(dueOrder(a.Due), dueOrder(b.Due)), cmp.Compare(a.Project.ID.String(),
			b.Project.ID.String()))
	})
	return out, store.Translate("read a day's list", err)
}

// dueOrder puts what has no day last.
func dueOrder(due *string) string {
	if due == nil {
		return "~"
	}
	return *due
}

// addTasks adds what one project has for today.
func (s Registry) addTasks(ctx context.Context, tx pgx.Tx, of Business, p FlowProject, account uuid.UUID,
	out *AgentDay) error {
	run, err := s.agencyOf(ctx, tx, of, p.ID)
	if err != nil {
		return err
	}
	for _, problem := range run.Problems {
		if problem.State != "closed" {
			out.Problems = append(out.Problems, problem)
		}
	}
	status, err := s.flowOf(ctx, tx, of, p.ID, AskFlow{})
	if err != nil || status.Flow == nil {
		return err
	}
	for _, step := range status.Flow.Steps {
		next, now := bringsOn[step.State]
		if !now || !runsStep(run.Agents, account, step) {
			continue
		}
		task := DayTask{Project: p, Step: FlowNamed{step.Code, step.NameZH, step.NameEN}, State: step.State, Next: next,
			Due: step.Agreed.Finish, When: "unknown", Papers: []AskedPaper{}}
		if next == flow.Accepted {
			task.Due = step.Agreed.Start
		}
		if task.Due != nil {
			task.When = map[int]string{-1: "overdue", 0: "today", 1: "later"}[cmp.Compare(*task.Due, status.Today)]
		}
		for _, a := range run.Asked {
			if slices.Contains(a.Steps, step.Code) {
				task.Papers = append(task.Papers, a)
			}
		}
		out.Tasks = append(out.Tasks, task)
	}
	return nil
}

// bringsOn is what brings on a step in a state. A step that waits for others, or is done, has nothing.
var bringsOn = map[string]flow.Kind{"ready": flow.Accepted, "withdrawn": flow.Accepted, "running": flow.Done,
	"stopped": flow.Resumed, "special": flow.SpecialEnded}

// runsStep tells whether the mandate that goes for a step, the nearest one, is an account's.
func runsStep(agents []Agent, account uuid.UUID, step FlowStep) bool {
	for _, scope := range []string{"step:" + step.Code, "stage:" + step.Stage, "all"} {
		for _, a := range agents {
			if a.Scope == scope && a.State == "live" {
				return a.Account.ID == account
			}
		}
	}
	return false
}

// BringOn notes that a step went on, with a photo that shows it: both or neither. asAgent holds the account to the
// steps that its mandate goes for.
func (s Registry) BringOn(ctx context.Context, of Business, id, by uuid.UUID, step string, p StepPhoto, asAgent bool,
	once *store.Once) (FlowStatus, error) {
	return s.noteWith(ctx, of, id, by, once, func(tx pgx.Tx, district uuid.UUID, f *flow.Template,
		today string) (NewFlowEvent,
		error) {
		found, known := f.Step(step)
		if !known {
			return NewFlowEvent{}, &store.Missing{Kind: "flow_step", Name: step}
		}
		if asAgent {
			var runs bool
			err := tx.QueryRow(ctx, sqlRunsStep, of.Districts, id, by, today, step, found.Stage).Scan(&runs)
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				return NewFlowEvent{}, err
			}
			if !runs {
				return NewFlowEvent{}, geo.NewInvalid("step", "agency.mandate", step)
			}
		}
		if p.Day == "" {
			p.Day = today
		}
		_, err := keepPaper(ctx, tx, district, id, NewPaper{File: p.File, Name: p.Document}, "photo", &step, &by, nil)
		return NewFlowEvent{Step: step, Kind: p.Kind, Day: p.Day, Document: p.Document}, err
	})
}
