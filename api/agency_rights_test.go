package api_test

import (
	"fmt"

	"github.com/google/uuid"

	"luodi/data/people"
)

// agencyCases are the rows of running a project for its firm, each with a request that is right for whoever may.
func (w *world) agencyCases() []cellCase {
	post := func(agent bool, path string, body object) func(*world, *someone) ask {
		return func(w *world, p *someone) ask {
			project := w.newFlow()
			if agent {
				w.run(project, p.id)
			}
			if path == "/firm-link/revoke" {
				w.newFirmLink(project)
			}
			return ask{"POST", "/api/projects/" + project.String() + path, body, nil}
		}
	}
	get := func(path string) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask {
			return ask{method: "GET", path: "/api/projects/" + w.newAided() + path}
		}
	}
	asFirm := func(path string, body object) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask {
			body["link"] = w.newFirmLink(w.newFlow())
			return ask{"POST", "/api/firm/" + path, body, nil}
		}
	}
	photo := object{"kind": "done", "file": somePhoto(1)}
	cases := []cellCase{
		{"my.day", "", "", func(*world, *someone) ask { return ask{method: "GET", path: "/api/my/day"} }},
		{"meetings", "", "", func(*world, *someone) ask { return ask{method: "GET", path: "/api/meetings"} }},
		{"agency", "", "", get("/agency")}, {"project.paper", "", "", get("/papers/1")},
		{"agency.colleagues", "", "", get("/colleagues")},
		{"agency.name", "", "", func(w *world, _ *someone) ask {
			id, _ := w.newAccount()
			return ask{"POST", "/api/projects/" + w.newFlow().String() + "/agents", object{"account": id,
				"document": "d"}, nil}
		}},
		{"agency.end", "", "", func(w *world, _ *someone) ask {
			return ask{"POST", "/api/projects/" + w.newAided() + "/agents/1/end", object{"reason": "r"}, nil}
		}},
		{"problems.turn", "", "", func(w *world, _ *someone) ask {
			return ask{"POST", "/api/projects/" + w.newAided() + "/problems/1/turns",
				object{"kind": "tabled", "meeting": w.newMeeting()}, nil}
		}},
		{"meetings.create", "", "", func(*world, *someone) ask {
			return ask{"POST", "/api/meetings", object{"park": here, "day": "2026-05-01", "title": "t"}, nil}
		}},
		{"meetings.minutes", "", "", func(w *world, _ *someone) ask {
			return ask{"POST", fmt.Sprintf("/api/meetings/%s/minutes", w.newMeeting()), object{"words": "w"}, nil}
		}},
		{"firm.look", "", "", asFirm("look", object{})},
		{"firm.problems", "", "", asFirm("problems", object{"words": "w", "key": uuid.NewString()})},
		{"firm.papers", "", "", func(w *world, _ *someone) ask {
			project := w.newFlow()
			return ask{"POST", "/api/firm/papers", object{"link": w.newFirmLink(project), "kind": "paper",
				"file": []byte(somePDF)}, nil}
		}},
	}
	for _, kind := range []string{"", "not its agent"} {
		cases = append(cases, []cellCase{
			{"project.papers.create", kind, "", post(kind == "", "/papers", object{"kind": "paper",
				"file": []byte(somePDF)})},
			{"flow.photo", kind, "", post(kind == "", "/flow/steps/permit/photo", photo)},
			{"problems.create", kind, "", post(kind == "", "/problems", object{"words": "w"})},
			{"firm_link.create", kind, "", post(kind == "", "/firm-link", object{})},
			{"firm_link.revoke", kind, "", post(kind == "", "/firm-link/revoke", object{"reason": "r"})},
		}...)
	}
	return cases
}

// run names an account the agent of a project, whatever its roles; nobody is named for who has none.
func (w *world) run(project, account uuid.UUID) {
	if account == uuid.Nil {
		return
	}
	w.exec(`ALTER TABLE agency DISABLE TRIGGER a_keep_agency`)
	w.exec(`INSERT INTO agency (district_id, project_id, n, account_id, from_on, document, named_by)
		VALUES ($1, $2, 1, $3, '2026-01-05', 'd', $3)`, w.district, project, account)
	w.exec(`ALTER TABLE agency ENABLE TRIGGER a_keep_agency`)
}

// newAided is a project with an agent, a paper and a problem.
func (w *world) newAided() string {
	project := w.newFlow()
	var helper uuid.UUID
	w.scan(`SELECT account_id FROM account WHERE login = 'helper'`, nil, &helper)
	w.run(project, helper)
	w.exec(`INSERT INTO project_paper (district_id, project_id, use, park_id, hash, account_id)
		SELECT $1, $2, 'mandate', f.park_id, f.hash, $3 FROM file f WHERE f.park_id = $4 LIMIT 1`, w.district, project, helper,
		w.hereID)
	w.exec(`INSERT INTO project_problem (district_id, problem_id, project_id, words, account_id) VALUES ($1, $2, $2, 'w', $3)`,
		w.district, project, helper)
	return project.String()
}

func (w *world) newMeeting() (id uuid.UUID) {
	w.scan(`INSERT INTO meeting (park_id, meeting_id, day, title, made_by) SELECT $1, gen_random_uuid(), '2026-05-01', 't',
		account_id FROM account WHERE login = 'helper' RETURNING meeting_id`, []any{w.hereID}, &id)
	return id
}

func (w *world) newFirmLink(project uuid.UUID) string {
	link, hash := people.NewLink()
	w.exec(`INSERT INTO firm_link (district_id, link_id, project_id, hash, made_by, expires_at) SELECT $1, gen_random_uuid(),
		$2, $3, account_id, now() + interval '1 day' FROM account WHERE login = 'helper'`, w.district, project, hash)
	return link
}
