package api_test

// plantAgency runs the hidden project for its firm: a mandate, a paper, a link, a problem with its turns, a meeting.
func (h *hidden) plantAgency() {
	h.t.Helper()
	account, project, link, meeting, problem := h.id("account"), h.id("project"), h.id("firm link"), h.id("meeting"),
		h.id("problem")
	h.owner(`INSERT INTO project_paper (district_id, project_id, n, use, kind, step, name, park_id, hash, account_id)
		SELECT k.district_id, $2, 1, 'document', $3, $4, $5, $1, f.hash, $6 FROM park k JOIN file f USING (park_id)
		 WHERE k.park_id = $1 LIMIT 1`, h.parkID, project, h.text("project_paper.kind"), h.text("project_paper.step"),
		h.text("project_paper.name"), account)
	h.owner(`INSERT INTO agency (district_id, project_id, n, account_id, scope, from_on, document, named_by, ended_on, ended_by,
		ended_at, end_reason) SELECT district_id, $2, 1, $3, $4, '2026-10-01', $5, $3, '2026-10-02', $3, now(), $6
		FROM park WHERE park_id = $1`, h.parkID, project, account, h.text("agency.scope", "step:zq%02dxscope"),
		h.text("agency.document"), h.text("agency.end_reason"))
	h.owner(`INSERT INTO firm_link (district_id, link_id, project_id, hash, made_by, expires_at, revoked_at, revoked_by,
		revoke_reason) SELECT district_id, $2, $3, sha256('firm'), $4, now() + interval '1 day', now(), $4, $5 FROM park
		WHERE park_id = $1`, h.parkID, link, project, account, h.text("firm_link.revoke_reason"))
	h.owner(`INSERT INTO meeting (park_id, meeting_id, day, title, made_by) VALUES ($1, $2, '2026-10-01', $3, $4)`, h.parkID,
		meeting, h.text("meeting.title"), account)
	h.owner(`INSERT INTO meeting_minute (park_id, meeting_id, n, words, account_id) VALUES ($1, $2, 1, $3, $4)`, h.parkID,
		meeting, h.text("meeting_minute.words"), account)
	h.owner(`INSERT INTO project_problem (district_id, problem_id, project_id, n, words, step, account_id)
		SELECT district_id, $2, $3, 1, $4, $5, $6 FROM park WHERE park_id = $1`, h.parkID, problem, project,
		h.text("project_problem.words"), h.text("project_problem.step"), account)
	for i, turn := range []struct{ kind, column string }{{"assigned", "owner"}, {"closed", "evidence"},
		{"reopened", "reason"}} {
		due := any(nil)
		if turn.kind == "assigned" {
			due = "2026-10-09"
		}
		h.owner(`INSERT INTO problem_turn (district_id, problem_id, project_id, n, kind, due, account_id, `+turn.column+`)
			SELECT district_id, $2, $3, $4, $5, $6::date, $7, $8 FROM park WHERE park_id = $1`, h.parkID, problem, project, i+1,
			turn.kind, due, account, h.text("problem_turn."+turn.column))
	}
}
