package api_test

import "context"

// plantFlows gives the hidden project approvals: a flow that was retired, and what was noted in it. Its template is the
// district's, which all its parks read.
func (h *hidden) plantFlows() {
	h.t.Helper()
	const code = "hidden"
	step := h.text("flow_event.step")
	for _, s := range []statement{
		{`INSERT INTO flow_template (district_id, code, revision, edition, content)
			SELECT district_id, $2, 1, '1', $3 FROM park WHERE park_id = $1`, []any{h.parkID, code, smallTemplate(code, "1")}},
		{`INSERT INTO project_flow (district_id, flow_id, project_id, template, template_rev, start, agreed)
			SELECT district_id, $2, $3, $4, 1, '2026-01-05', $5 FROM park WHERE park_id = $1`, []any{h.parkID, h.id("flow"),
			h.id("project"), code, []object{{"step": h.text("project_flow.agreed")}}}},
		{`INSERT INTO flow_event (district_id, flow_id, n, place, step, kind, special, day, document, note)
			SELECT district_id, $2, 1, 1, $3, 'special_begun', $4, '2026-01-05', $5, $6 FROM park WHERE park_id = $1`,
			[]any{h.parkID, h.id("flow"), step, h.text("flow_event.special"), h.text("flow_event.document"),
				h.text("flow_event.note")}},
		{`INSERT INTO flow_event (district_id, flow_id, n, place, step, kind, day, corrects, reason)
			SELECT district_id, $2, 1, 1, $3, 'accepted', '2026-01-05', 1, $4 FROM park WHERE park_id = $1`,
			[]any{h.parkID, h.id("flow"), step, h.text("flow_event.reason")}},
		{`UPDATE project_flow SET retired_at = now(), retired_reason = $2 WHERE flow_id = $1`, []any{h.id("flow"),
			h.text("project_flow.retired_reason")}},
	} {
		if _, err := h.db.Planner.Exec(context.Background(), s.sql, s.args...); err != nil {
			h.t.Fatalf("%s: %v", s.sql, err)
		}
	}
}
