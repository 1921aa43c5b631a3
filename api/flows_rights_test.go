package api_test

import "github.com/google/uuid"

// herePlace is the district of here.
const herePlace = "lingang"

// newFlow is a project with approvals and one event in them.
func (w *world) newFlow() uuid.UUID {
	project := w.newProject()
	w.exec(`INSERT INTO flow_template (district_id, code, revision, edition, content) SELECT $1, 'rights', 1, '1', $2
		WHERE NOT EXISTS (SELECT FROM flow_template WHERE code = 'rights')`, w.district, smallTemplate("rights", "1"))
	w.exec(`INSERT INTO project_flow (district_id, flow_id, project_id, template, template_rev, start, agreed)
		VALUES ($1, $2, $2, 'rights', 1, '2026-01-05', '[]')`, w.district, project)
	w.exec(`INSERT INTO flow_event (district_id, flow_id, n, place, step, kind, day)
		VALUES ($1, $2, 1, 1, 'permit', 'accepted', '2026-01-05')`, w.district, project)
	return project
}

// newTemplate is the code of a template of one edition.
func (w *world) newTemplate() string {
	code := w.next("t")
	w.exec(`INSERT INTO flow_template (district_id, code, revision, edition, content) VALUES ($1, $2, 1, '1', $3)`, w.district,
		code, smallTemplate(code, "1"))
	return code
}
