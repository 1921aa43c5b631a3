package api_test

// plantPromotion gives the hidden project's team what is noted of a chain: judgements, an owner, a target firm, a role,
// and the hidden company's title.
func (h *hidden) plantPromotion() {
	account := h.id("account")
	h.owner(`INSERT INTO expert (district_id, expert_id, team_id, voice, name) SELECT district_id, $2, $3, 'official', $4
		FROM park WHERE park_id = $1`, h.parkID, h.id("expert"), h.id("team"), h.text("expert.name"))
	h.owner(`INSERT INTO judgement (district_id, expert_id, chain, node, n, verdict, why, judged_on, noted_by)
		SELECT district_id, $2, 'c', 'n', 1, 'needed', $3, '2026-10-01', $4 FROM park WHERE park_id = $1`, h.parkID,
		h.id("expert"), h.text("judgement.why"), account)
	h.owner(`INSERT INTO gap_owner (district_id, gap_owner_id, chain, node, team_id, noted_by, released_at, released_by,
		release_reason) SELECT district_id, $2, 'c', 'n', $3, $4, now(), $4, $5 FROM park WHERE park_id = $1`, h.parkID,
		h.id("gap owner"), h.id("team"), account, h.text("gap_owner.release_reason"))
	h.owner(`INSERT INTO target_firm (district_id, target_firm_id, chain, node, name, firm, place, source, team_id, noted_by,
		closed_at, closed_by, close_reason) SELECT district_id, $2, 'c', 'n', $3, '-', $4, $5, $6, $7, now(), $7, $8
		FROM park WHERE park_id = $1`, h.parkID, h.id("target firm"), h.text("target_firm.name"), h.text("target_firm.place"),
		h.text("target_firm.source"), h.id("team"), account, h.text("target_firm.close_reason"))
	h.owner(`INSERT INTO target_note (district_id, target_firm_id, n, said_on, answer, note, next_step, noted_by)
		SELECT district_id, $2, 1, '2026-10-01', 'none', $3, $4, $5 FROM park WHERE park_id = $1`, h.parkID,
		h.id("target firm"), h.text("target_note.note"), h.text("target_note.next_step"), account)
	h.owner(`INSERT INTO project_chain_role (district_id, project_id, chain, node, n, role, source, stood, corrects, reason,
		noted_by) SELECT district_id, $2, 'c', 'n', 1, 'fills', $3, 0, true, $4, $5 FROM park WHERE park_id = $1`, h.parkID,
		h.id("project"), h.text("project_chain_role.source"), h.text("project_chain_role.reason"), account)
	h.owner(`INSERT INTO firm_title (district_id, firm_title_id, party_id, title, level, valid, source, noted_by, withdrawn_at,
		withdrawn_by, withdraw_reason)
		  SELECT district_id, $2, $3, 'gazelle', 'municipal', '[2026-01-01,)', $4, $5, now(), $5, $6
		FROM park WHERE park_id = $1`, h.parkID, h.id("firm title"), h.id("party"), h.text("firm_title.source"), account,
		h.text("firm_title.withdraw_reason"))
}
