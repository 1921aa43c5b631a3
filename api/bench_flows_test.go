package api_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"luodi/data/people"
)

// manyFlows are flows of ten steps one after another, each taking four working days or so: two in three are finished.
const manyFlows = `
WITH k AS (SELECT district_id, park_id FROM park WHERE code = 'desk'),
j AS (INSERT INTO project (district_id, project_id, code, park_id)
  SELECT district_id, gen_random_uuid(), 'F-' || i, park_id
        FROM k, generate_series(1, $1::int) i RETURNING district_id, project_id, code),
v AS (INSERT INTO project_version (district_id, project_id, revision, name_zh, name_en)
      SELECT district_id, project_id, 1, '项目 ' || code, 'Project ' || code FROM j)
INSERT INTO project_flow (district_id, flow_id, project_id, template, template_rev, start, agreed)
SELECT district_id, project_id, project_id, 'ten', 1, date '2024-01-02' + substr(code, 3)::int % 500, '[]' FROM j`

const manyEvents = `
INSERT INTO flow_event (district_id, flow_id, n, place, step, kind, day)
SELECT f.district_id, f.flow_id, 2 * s + k, 2 * s + k, 's' || s, CASE k WHEN 1 THEN 'accepted' ELSE 'done' END,
       f.start + 6 * s + CASE k WHEN 1 THEN 0 ELSE 6 END
  FROM project_flow f JOIN project j USING (district_id, project_id), generate_series(0, 9) s, generate_series(1, 2) k
 WHERE f.template = 'ten' AND (substr(j.code, 3)::int % 3 > 0 OR s < 9 OR k = 1)`

// manyStages give each project some stages, a listing, and money of a quarter.
const (
	manyStages = `INSERT INTO project_milestone (district_id, project_id, stage, n, reached_on, evidence, basis)
SELECT j.district_id, j.project_id, m.stage, 1, date '2024-01-02' + substr(j.code, 3)::int % 500 + 30 * m.at, 'e', 'reported'
  FROM project j, (VALUES ('in_talks', 0), ('signed', 1), ('landed', 2), ('started', 3)) m (stage, at)
 WHERE substr(j.code, 1, 2) = 'F-' AND m.at <= substr(j.code, 3)::int % 4`
	manyTags = `INSERT INTO project_tag (district_id, project_id, tag, valid)
SELECT district_id, project_id, 'municipal_key', daterange('2024-01-01', NULL) FROM project
 WHERE substr(code, 1, 2) = 'F-' AND substr(code, 3)::int % 2 = 0`
	manyVisits = `INSERT INTO project_visit (district_id, project_id, n, visited_on, note, next_step, due, noted_by)
SELECT district_id, project_id, 1, date '2024-01-02' + substr(code, 3)::int % 500, 'n', 's', '2026-03-31', $1
  FROM project
 WHERE substr(code, 1, 2) = 'F-'`
	manyPaid = `INSERT INTO project_investment (district_id, project_id, until, paid_cny, evidence)
SELECT district_id, project_id, '2026-03-31', 1000, 'e' FROM project WHERE substr(code, 1, 2) = 'F-'`
)

// TestBenchFigures measures the figures of projects and of approvals over 10,000 projects of 10 steps, for an admin
// of every park and a planner of one: from memory as they are asked again, of another day each time, and by a process
// that read nothing yet.
func TestBenchFigures(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	const flows = 10_000
	o := newOffice(t)
	ctx := context.Background()
	template := smallTemplate("ten", "1")
	var steps []any
	for i := range 10 {
		step := object{"code": fmt.Sprint("s", i), "name_zh": "步", "name_en": "Step", "by": "d", "stage": "one",
			"statutory_days": 10, "promised_days": 5, "source": "s"}
		if i > 0 {
			step["after"] = []any{object{"step": fmt.Sprint("s", i-1)}}
		}
		steps = append(steps, step)
	}
	template["steps"] = steps
	boss := o.admin(people.Grant{Role: people.Admin})
	boss.want(http.StatusCreated, "POST", "/api/flow-templates", object{"template": template})
	const noted = `UPDATE project_flow f SET noted = e.n, noted_at = now() FROM (SELECT flow_id, max(n) AS n FROM flow_event
		GROUP BY flow_id) e WHERE e.flow_id = f.flow_id`
	for _, sql := range []string{`ALTER TABLE flow_event DISABLE TRIGGER USER`, manyFlows, manyEvents, noted,
		manyStages, manyTags, manyPaid, manyVisits, `ALTER TABLE flow_event ENABLE TRIGGER USER`, `ANALYZE`} {
		var args []any
		switch sql {
		case manyFlows:
			args = []any{flows}
		case manyVisits:
			args = []any{boss.id}
		}
		if _, err := o.db.Owner.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	for name, who := range map[string]*colleague{
		"an admin of every park": boss, "a planner of the park": o.colleague("planner", false, people.ScopeRead,
			people.Planner),
	} {
		day := 0
		for _, c := range []struct {
			what string
			path func() string
		}{
			{"as of today", func() string { return "/api/approvals/figures" }},
			{"as of another day", func() string {
				day++
				return fmt.Sprint("/api/approvals/figures?on=", time.Date(2026, 1, day, 0, 0, 0, 0,
					time.UTC).Format(time.DateOnly))
			}},
			{"with 500 rows", func() string { return "/api/approvals/figures?rows=working.compared" }},
			{"stages and money", func() string { return "/api/figures?by=tag&on=2026-04-01" }},
			{"the rows of a group",
				func() string { return "/api/figures/projects?by=tag&key=municipal_key&on=2026-04-01" }},
			{"projects", func() string { return "/api/projects" }},
			{"1,000 projects", func() string { return "/api/projects?limit=1000&from=5000" }},
			{"projects of a stage", func() string { return "/api/projects?words=f-&stage=signed&standing=active" }},
			{"the board", func() string { return "/api/board" }},
			{"projects by name", func() string { return "/api/project-names?words=f-99" }},
			{"the week's sheet", func() string { return "/api/dispatch?week=2024-W20" }},
			{"templates", func() string { return "/api/flow-templates" }},
		} {
			var took []time.Duration
			for range 15 {
				begun := time.Now()
				got := who.want(http.StatusOK, "GET", c.path(), nil)
				took = append(took, time.Since(begun))
				if n := at(got.body, "flows"); n != nil && n != float64(flows) {
					t.Fatalf("%v flows", n)
				}
			}
			first := took[0]
			slices.Sort(took)
			t.Logf("%-24s %-18s first %6.0f ms, median %6.0f ms, worst %6.0f ms", name, c.what, ms(first),
				ms(took[7]), ms(took[14]))
			if took[7] > 300*time.Millisecond {
				t.Logf("%s, %s: ABOVE 300 ms", name, c.what)
			}
		}
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
