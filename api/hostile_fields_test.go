package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store/storetest"
	"luodi/geo/land"
)

// A written form says what becomes of a text: its normal form, or "" where the door refuses it.
type writtenForm func(text string) string

func code(text string) string { s, _ := land.ParseCode("", text); return s }

func line(most int) writtenForm {
	return func(text string) string { s, _ := land.ParseLine("", text, most); return s }
}

func prose(most int) writtenForm {
	return func(text string) string { s, _ := land.ParseProse("", text, most); return s }
}

// never: no text of the kind is taken. whatever: it is a question's, or looked up, and not kept; taken or refused.
func never(string) string { return "" }

var whatever writtenForm

// door is an operation that writes texts: body gives what it takes, valid but for the text that is put in.
type door struct {
	body   func(*town) (path string, body object)
	fields map[string]writtenForm
}

// town is an office with one of everything that can be written to and read.
type town struct {
	*office
	boss, signed *colleague // by a token that may write unlocked; by a session
	ids          map[string]string
	kept         map[string]string // texts that were taken, in their normal form, and where
	day, team    int
	target       int

	writes, refused int
}

// doors has each operation that takes a text, and each such text of it; several doors of an operation are told apart by
// what follows its path.
var doors = map[string]door{
	"PATCH /api/accounts/{id}": {func(w *town) (string, object) {
		return "/api/accounts/" + w.ids["account"],
			object{}
	},
		map[string]writtenForm{"name": line(200), "reason": whatever, "grant[].park": whatever,
			"withdraw[].park": whatever}},
	"PATCH /api/my/reminders": {func(*town) (string, object) { return "/api/my/reminders", object{} },
		map[string]writtenForm{}},
	"PUT /api/my/reminders/address": {func(*town) (string, object) { return "/api/my/reminders/address", object{} },
		map[string]writtenForm{"email": whatever}},
	"POST /api/my/reminders/address/confirm": {func(*town) (string, object) {
		return "/api/my/reminders/address/confirm", object{}
	}, map[string]writtenForm{"code": whatever}},
	"POST /api/mails/{id}/decision": {func(w *town) (string, object) {
		return "/api/mails/" + w.ids["account"] + "/decision", object{"decision": "sent"}
	}, map[string]writtenForm{"reason": whatever}},
	"POST /api/accounts": {func(w *town) (string, object) {
		return "/api/accounts", object{"login": w.next("l"), "name": "n", "roles": []any{}}
	}, map[string]writtenForm{"name": line(200), "login": whatever, "roles[].park": whatever}},
	"POST /api/invitation": {func(*town) (string, object) {
		return "/api/invitation", object{"invite": "none", "password": "correct horse battery staple"}
	}, map[string]writtenForm{"name": never, "login": never}},
	"POST /api/session": {func(*town) (string, object) {
		return "/api/session", object{"login": "x", "password": "correct horse battery staple"}
	},
		map[string]writtenForm{"login": never}},
	"POST /api/tokens": {func(*town) (string, object) {
		return "/api/tokens",
			object{"name": "t", "scope": "read", "days": 3}
	}, map[string]writtenForm{"name": line(200)}},

	"PATCH /api/parks/{park}/webhooks/{id}": {func(w *town) (string, object) {
		return webhooks + "/" +
			w.ids["webhook"], object{}
	}, map[string]writtenForm{"url": never}},
	"POST /api/parks/{park}/webhooks": {func(*town) (string, object) { return webhooks, object{} },
		map[string]writtenForm{"url": never}},

	"POST /api/parties": {func(w *town) (string, object) {
		return "/api/parties", object{"name_zh": w.next("甲"), "name_en": "A"}
	}, map[string]writtenForm{"name_zh": line(200), "name_en": line(200), "source": prose(500), "district": whatever,
		"park": whatever, "credit_code": never}},
	"PATCH /api/parties/{id}": {func(w *town) (string, object) { return "/api/parties/" + w.ids["party"], object{} },
		map[string]writtenForm{"name_zh": line(200), "name_en": line(200), "source": prose(500), "credit_code": never}},
	"POST /api/parties/{id}/contacts": {func(w *town) (string, object) {
		return "/api/parties/" + w.ids["party"] + "/contacts", object{"name": "n"}
	}, map[string]writtenForm{"name": line(200), "phone": line(50), "email": line(200)}},
	"PATCH /api/parties/{id}/contacts/{contact}": {func(w *town) (string, object) {
		return "/api/parties/" + w.ids["party"] + "/contacts/" + w.ids["contact"], object{}
	}, map[string]writtenForm{"name": line(200), "phone": line(50), "email": line(200)}},

	"POST /api/parks/{park}/enquiries": {func(w *town) (string, object) {
		return "/api/parks/desk/enquiries", object{"name": "n", "organisation": "o", "phone": "12345", "consent": true,
			"proof":  object{"challenge": "none", "numbers": []any{1}},
			"places": []any{object{"kind": "parcel", "code": "A", "parcels": []any{"A"}}}}
	}, asked(map[string]writtenForm{"name": whatever, "organisation": whatever, "phone": whatever, "email": whatever,
		"words": whatever, "places[].code": whatever, "places[].parcels[]": whatever, "places[].lot": never}, "need")},
	"PATCH /api/parks/{park}/enquiries/{id}": {func(w *town) (string, object) {
		return "/api/parks/desk/enquiries/" + w.keptEnquiry(), object{}
	}, map[string]writtenForm{"assigned": never}},
	"POST /api/parks/{park}/enquiries/{id}/answers": {func(w *town) (string, object) {
		return "/api/parks/desk/enquiries/" + w.keptEnquiry() + "/answers", object{"words": "w"}
	}, map[string]writtenForm{"words": prose(2000)}},
	"POST /api/parks/{park}/enquiries/{id}/project": {func(w *town) (string, object) {
		return "/api/parks/desk/enquiries/" + w.keptEnquiry() + "/project", object{}
	}, map[string]writtenForm{"code": code, "name_zh": line(200), "name_en": line(200)}},

	"POST /api/projects": {newProject, withCode(projectFields())},
	"PATCH /api/projects/{id}": {func(w *town) (string, object) {
		return "/api/projects/" + w.ids["project"],
			object{}
	}, listed(projectFields())},
	"POST /api/projects/{id}/investments": {func(w *town) (string, object) {
		return "/api/projects/" + w.ids["project"] + "/investments",
			object{"until": w.date(), "paid_cny": 1, "evidence": "e"}
	}, map[string]writtenForm{"evidence": prose(1000), "until": never}},
	"POST /api/projects/{id}/money": {func(w *town) (string, object) {
		return "/api/projects/" + w.ids["project"] + "/money", object{"kind": "fixed_asset", "span": "to_date",
			"currency": "CNY", "as_of": w.date(), "amount": 1, "evidence": "e"}
	}, map[string]writtenForm{"evidence": prose(1000), "as_of": never, "currency": never, "reason": never}},
	"POST /api/projects/{id}/land-starts": {func(w *town) (string, object) {
		path := "/api/projects/" + w.ids["project"] + "/land-starts"
		start := object{"started_on": "2026-01-31", "kind": "pit", "evidence": "e"}
		if w.ids["land start"] == "" {
			w.boss.want(201, "POST", path, start)
			w.ids["land start"] = "noted"
		}
		start["corrects"], start["reason"] = true, "r"
		return path, start
	}, map[string]writtenForm{"evidence": prose(1000), "reason": prose(1000), "started_on": never}},
	"POST /api/parks/{park}/survey-text": {func(*town) (string, object) {
		return "/api/parks/desk/survey-text", object{}
	}, map[string]writtenForm{"text": whatever, "file": whatever}},
	"POST /api/ledgers/preview": {func(*town) (string, object) { return "/api/ledgers/preview", aLedger() },
		ledgerFields()},
	"POST /api/ledgers": {func(*town) (string, object) { return "/api/ledgers", aLedger() }, ledgerFields()},
	"POST /api/projects/{id}/milestones": {func(w *town) (string, object) {
		path, body := newProject(w)
		made := w.boss.want(201, "POST", path, body)
		return fmt.Sprintf("/api/projects/%s/milestones", made.body["id"]),
			object{"stage": "signed", "reached_on": "2026-01-31", "evidence": "e"}
	}, map[string]writtenForm{"evidence": prose(1000), "reached_on": never, "document": line(200), "reason": never}},
	"POST /api/projects/{id}/first-contact": {func(w *town) (string, object) {
		return "/api/projects/" + w.ids["project"] + "/first-contact", object{"team": uuid.NewString(),
			"made_on": w.date()}
	}, map[string]writtenForm{"made_on": never}},
	"POST /api/projects/{id}/first-contact/release": {func(w *town) (string, object) {
		return "/api/projects/" + w.contacted() + "/first-contact/release", object{"reason": "r"}
	}, map[string]writtenForm{"reason": prose(1000)}},
	"POST /api/projects/{id}/visits": {func(w *town) (string, object) {
		return "/api/projects/" + w.ids["project"] + "/visits", object{"visited_on": "2020-01-31", "note": "n",
			"next_step": "s", "due": "2020-02-01"}
	}, map[string]writtenForm{"note": line(500), "next_step": line(500), "visited_on": never, "due": never}},
	"POST /api/teams": {func(w *town) (string, object) {
		w.team++
		return "/api/teams", object{"district": "desk-district", "kind": "promotion", "number": w.team, "name_zh": "n"}
	}, map[string]writtenForm{"name_zh": line(200), "name_en": line(200), "district": whatever}},
	"POST /api/teams/{id}/targets": {func(w *town) (string, object) {
		w.target++
		return "/api/teams/" + w.ids["team"] + "/targets", object{"year": 2000 + w.target%100, "quarter": 1 + w.target/100%4,
			"measure": []string{"leads", "talks", "signed", "landed", "started", "signed_cny"}[w.target/400], "amount": 1,
			"source": "s"}
	}, map[string]writtenForm{"source": prose(500), "reason": never}},
	"PATCH /api/teams/{id}": {func(w *town) (string, object) { return "/api/teams/" + w.ids["team"], object{} },
		map[string]writtenForm{"name_zh": line(200), "name_en": line(200), "join[]": never, "leave[]": never}},
	"POST /api/projects/{id}/turns": {func(w *town) (string, object) {
		path, body := newProject(w)
		made := w.boss.want(201, "POST", path, body)
		return fmt.Sprintf("/api/projects/%s/turns", made.body["id"]),
			object{"turn": "paused", "since": "2026-01-31", "reason": "r"}
	}, map[string]writtenForm{"reason": prose(1000), "since": never, "correct_reason": never}},
	"POST /api/projects/{id}/tags": {func(w *town) (string, object) {
		return "/api/projects/" + w.ids["project"] + "/tags", object{"tag": "provincial_key", "from": w.date()}
	}, map[string]writtenForm{"from": never, "until": never, "reason": never}},

	"POST /api/matches": {func(*town) (string, object) {
		return "/api/matches", object{"name": "m", "question": object{"park": "desk", "requirement": wish(1)}}
	}, asked(map[string]writtenForm{"name": line(200), "question.park": whatever}, "question.requirement")},
	"POST /api/match": {func(*town) (string, object) {
		return "/api/match",
			object{"park": "desk", "requirement": wish(1)}
	},
		asked(map[string]writtenForm{"park": whatever}, "requirement")},
	"POST /api/heat": {func(*town) (string, object) {
		return "/api/heat",
			object{"park": "desk", "requirement": wish(1)}
	},
		asked(map[string]writtenForm{"park": whatever, "by": whatever, "chain_node": whatever, "district": whatever,
			"weights.*": whatever}, "requirement")},
	"POST /api/carve": {func(*town) (string, object) {
		return "/api/carve", object{"park": "desk", "parcel": "A", "area_mu": 3, "frontage_m": 10}
	}, map[string]writtenForm{"park": whatever, "parcel": whatever}},
	"POST /api/assemble": {func(*town) (string, object) {
		return "/api/assemble", object{"park": "desk", "min_mu": 10, "max_mu": 40}
	}, map[string]writtenForm{"park": whatever}},

	"POST /api/parks/{park}/proposals/{id}/decision": {func(w *town) (string, object) {
		made := w.boss.want(202, "POST", records, w.supply())
		w.ids["proposal"] = made.body["id"].(string)
		return "/api/parks/desk/proposals/" + w.ids["proposal"] + "/decision", object{"approve": false}
	}, map[string]writtenForm{"reason": prose(2000)}},

	"POST /api/parks/{park}/records, an edit": {func(w *town) (string, object) {
		return records, object{"kind": "edit", "reason": "r", "parcels": []object{{"id": w.parcels[0]}},
			"object": object{"facts": object{"price_cny_per_m2": 300}}, "documents": []any{object{"title": "t"}}}
	}, map[string]writtenForm{"reason": prose(2000), "documents[].title": line(300), "documents[].number": line(100),
		"documents[].date": never, "documents[].sha256": never, "documents[].url": whatever,
		"object.facts.code": code, "object.facts.zone": whatever, "object.facts.cadastral_no": never,
		"object.facts.estate_unit_no": never, "object.facts.land_use": never, "object.facts.bank_status": never,
		"object.facts.services.*": never, "object.facts.publication": never,
		"object.facts.price_told": never, "object.facts.services_told": never, "object.geometry.*": never}},
	"POST /api/parks/{park}/records, a price": {func(w *town) (string, object) {
		return records, object{"kind": "edit", "reason": "r", "parcels": []object{{"id": w.parcels[0]}},
			"object": object{"facts": object{"price_cny_per_m2": 300, "price_kind": "reference",
				"price_document": "d", "price_on": "2026-01-31"}}}
	}, map[string]writtenForm{"object.facts.price_document": line(200), "object.facts.price_kind": never,
		"object.facts.price_on": never}},
	"POST /api/parks/{park}/records, settings": {func(*town) (string, object) {
		return records, object{"kind": "settings", "reason": "r", "settings": object{"hold_shown": "nothing"}}
	}, map[string]writtenForm{"settings.hold_shown": never, "settings.corners_told": never,
		"settings.map_review_no": line(60),
		"settings.contact.phone": never, "settings.contact.email": never, "settings.contact.hours_zh": line(200), // a contact is replaced as a whole: the last stays

		"settings.contact.hours_en": whatever, "settings.contact.address_zh": whatever, "settings.contact.address_en": whatever}},
	"POST /api/parks/{park}/records, a paper": {func(w *town) (string, object) {
		return records, object{"kind": "paper", "reason": "r", "parcels": []object{{"id": w.parcels[0]}},
			"paper": object{"id": w.ids["paper"], "illustrative": true}}
	}, map[string]writtenForm{"paper.title_zh": line(200), "paper.title_en": line(200), "paper.number": line(100),
		"paper.dated": never, "paper.expires_on": never, "paper.kind": never, "paper.publication": never,
		"paper.file": never}},
	"POST /api/parks/{park}/records, an edit of services": {func(w *town) (string, object) {
		return records, object{"kind": "edit", "reason": "r", "parcels": []object{{"id": w.parcels[0]}},
			"object": object{"facts": object{"services": object{"water": object{"ready": true, "capacity": 400,
				"unit": "m³/d"}}}}}
	}, map[string]writtenForm{"object.facts.services.water.unit": line(200), "object.facts.services.water.stated_on": never}},
	"POST /api/parks/{park}/records, a zone": {func(w *town) (string, object) {
		return records, object{"kind": "create", "reason": "r",
			"object": object{"collection": "zones", "geometry": square(60, 60, 5),
				"facts": object{"code": w.next("Z"), "name_zh": "区", "name_en": "Zone", "function": "living",
					"publication": "public"}}}
	}, map[string]writtenForm{"object.facts.code": code, "object.facts.name_zh": line(200),
		"object.facts.name_en": line(200), "object.facts.function": never, "object.facts.publication": never}},
	"POST /api/parks/{park}/records, a plan unit": {func(w *town) (string, object) {
		return records, object{"kind": "create", "reason": "r",
			"object": object{"collection": "plan-units", "geometry": square(0, 0, 20),
				"facts": object{"code": w.next("P"), "land_use": "100102",
					"edition": "2022", "effective_from": "2022-01-01", "publication": "public",
					"conditions": object{"far": object{"min": 0.5, "max": 1.8, "source": "s", "edition": "e",
						"effective_from": "2022-01-01"}}}}}
	}, map[string]writtenForm{"object.facts.code": code, "object.facts.edition": line(200),
		"object.facts.effective_from": never, "object.facts.land_use": never, "object.facts.conditions.*": never,
		"object.facts.conditions.far.source": line(200), "object.facts.conditions.far.edition": line(200),
		"object.facts.conditions.far.effective_from": never}},
	"POST /api/parks/{park}/records, a node": {func(w *town) (string, object) {
		return records, object{"kind": "create", "reason": "r",
			"object": object{"collection": "networks",
				"geometry": object{"type": "Point", "coordinates": []float64{122.0221, 37.2421}},
				"facts": object{"code": w.next("N"), "kind": "steam", "grade": "node", "name_zh": "站",
					"name_en":  "Node",
					"capacity": 30, "unit": "t/h", "publication": "public"}}}
	}, map[string]writtenForm{"object.facts.code": code, "object.facts.name_zh": line(200),
		"object.facts.name_en": line(200), "object.facts.unit": line(200), "object.facts.kind": never,
		"object.facts.grade":         never,
		"object.facts.headroom_told": never, "object.facts.capacity_told": never}},
	"POST /api/parks/{park}/records, a split": {func(w *town) (string, object) {
		return records + "?preview=true", object{"kind": "split", "reason": "r",
			"parcels": []object{{"id": w.parcels[1]}},
			"shape":   object{"parts": 2, "bearing": 0, "codes": []any{"Q-1", w.next("Q")}}}
	}, map[string]writtenForm{"shape.codes[]": code, "shape.heir": never, "then.lot": never}},
	"POST /api/parks/{park}/records, a merge": {func(w *town) (string, object) {
		return records + "?preview=true", object{"kind": "merge", "reason": "r",
			"parcels": []object{{"id": w.parcels[2]}, {"id": w.parcels[3]}},
			"shape":   object{"codes": []any{w.next("M")}}}
	}, map[string]writtenForm{"shape.decision.*": whatever, "shape.decision.services.water.unit": whatever,
		"shape.codes[]": code}},
	"POST /api/parks/{park}/records, a correction": {func(w *town) (string, object) {
		return records, object{"kind": "correct", "reason": "r", "parcels": []object{{"id": w.parcels[1]}},
			"documents": []any{object{"title": "t"}}, "shape": object{}}
	}, map[string]writtenForm{"shape.geometry.*": never}},
	"POST /api/parks/{park}/records, a supply": {func(w *town) (string, object) { return records, w.supply() },
		map[string]writtenForm{"terms.commitments.*": prose(2000)}},
}

func newProject(w *town) (string, object) {
	return "/api/projects", object{"code": w.next("J"), "name_zh": "项目", "name_en": "Project", "named": true,
		"industry_codes": []any{object{"code": "2829", "edition": "2017"}}}
}

// aLedger is one that is always refused: it is no workbook.
func aLedger() object {
	return object{"name": "n", "as_of": "2026-01-31", "file": "UEsDBA==", "park": "desk"}
}

func ledgerFields() map[string]writtenForm {
	return map[string]writtenForm{"name": whatever, "as_of": whatever, "file": whatever, "sheet": whatever,
		"park":     whatever,
		"district": whatever, "columns[].column": whatever, "columns[].head": whatever, "columns[].field": whatever,
		"columns[].unit": whatever}
}

func projectFields() map[string]writtenForm {
	return map[string]writtenForm{"name_zh": line(200), "name_en": line(200), "chain_stage": line(100),
		"task_force": line(200), "source": prose(500), "industry_codes[].code": line(10),
		"industry_codes[].edition": line(20),
		"figures.*":                prose(2000), "requirement.*": prose(2000), "seeks[]": whatever}
}

// listed: a change takes the list whole, so that what one field's text is put in replaces another's.
func listed(fields map[string]writtenForm) map[string]writtenForm {
	fields["industry_codes[].code"], fields["industry_codes[].edition"] = whatever, whatever
	return fields
}

func withCode(fields map[string]writtenForm) map[string]writtenForm {
	fields["code"], fields["district"], fields["park"] = code, whatever, whatever
	return fields
}

// asked adds the texts of a requirement: they are looked up, and what is not known is refused.
func asked(fields map[string]writtenForm, at string) map[string]writtenForm {
	for _, name := range []string{"chain_node", "criteria[].measure", "criteria[].want", "land_use[]",
		"partners[].node", "services.*"} {
		fields[at+"."+name] = whatever
	}
	if of, question := strings.CutSuffix(at, "requirement"); question {
		fields[of+"floor.ready_by"] = whatever
	} else {
		fields[at+".floor.ready_by"] = whatever
	}
	return fields
}

// wish asks for land whose plan allows so much: the more, the more of the places say which source forbids it.
func wish(far float64) object {
	return object{"criteria": []any{object{"measure": "area_mu", "min": 2, "want": "benefit", "weight": 1},
		object{"measure": "far_max", "min": far}}}
}

// keptEnquiry keeps an enquiry that nobody did anything with.
func (w *town) keptEnquiry() (id string) {
	w.t.Helper()
	_, hash := people.NewLink()
	w.day++
	w.text(&id, `INSERT INTO enquiry (park_id, enquiry_id, receipt, hash, lang, name, organisation, phone, places,
		erase_at) VALUES ($1, $2, $3, $4, 'en', 'n', 'o', '12345', '[]', now() + interval '1 day')
		RETURNING enquiry_id::text`, w.parkID, newID(w.t), fmt.Sprintf("AAAA-%04d", w.day), hash)
	return id
}

func (w *town) next(prefix string) string { w.day++; return fmt.Sprint(prefix, "-", w.day) }

// contacted is a project whose firm has a first contact.
func (w *town) contacted() string {
	party := w.boss.want(201, "POST", "/api/parties", object{"name_zh": w.next("丙")}).body["id"]
	made := w.boss.want(201, "POST", "/api/projects", object{"code": w.next("F"), "name_zh": "n",
		"party": party}).body["id"]
	w.boss.want(201, "POST", fmt.Sprintf("/api/projects/%s/first-contact", made),
		object{"team": w.ids["team"], "made_on": "2026-01-31"})
	return made.(string)
}

func (w *town) date() string {
	w.day++
	return time.Date(2000, 1, w.day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func (w *town) supply() object {
	return object{"kind": "supply", "reason": "r", "allotment": w.right(w.ids["right"]),
		"terms": object{"supply_mode": "listing", "term_years": 20, "commitments": object{}}}
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{office: newOffice(t,
		storetest.Square{Code: "A", X: 0.01, Y: 0.01, Side: 0.001},
		storetest.Square{Code: "B", X: 0.21, Y: 0.01, Side: 0.001},
		storetest.Square{Code: "C", X: 0.41, Y: 0.01, Side: 0.001},
		storetest.Square{Code: "D", X: 0.51, Y: 0.01, Side: 0.001},
		storetest.Square{Code: "E", X: 0.71, Y: 0.01, Side: 0.001}), ids: map[string]string{},
		kept: map[string]string{}}
	w.boss = w.colleague("boss", true, people.ScopeWrite, people.Admin, people.Planner, people.Approver)
	w.signed = w.admin(people.Grant{Role: people.Admin})
	w.ids["account"] = w.colleague("clerk", false, people.ScopeRead, people.Viewer).id.String()
	w.ids["project"] = w.project.String()
	made := w.boss.want(201, "POST", "/api/parties", object{"name_zh": "某公司", "name_en": "A firm", "named": true})
	w.ids["party"] = made.body["id"].(string)
	w.ids["team"] = w.signed.want(201, "POST", "/api/teams", object{"district": "desk-district", "kind": "task_force",
		"number": 1, "name_zh": "n"}).body["id"].(string)
	w.ids["contact"] = w.boss.want(201, "POST", "/api/parties/"+w.ids["party"]+"/contacts",
		object{"name": "n"}).body["id"].(string)
	w.boss.want(200, "PATCH", "/api/projects/"+w.ids["project"],
		object{"party": w.ids["party"], "chain_stage": "fibre", "named": true})
	w.ids["paper"] = w.boss.want(201, "POST", records, object{"kind": "paper", "reason": "r",
		"parcels": []object{{"id": w.parcels[0]}},
		"paper":   object{"kind": "document", "title_zh": "纸", "file": []byte(somePDF)}}).body["paper"].(string)
	held := w.boss.want(201, "POST", records, w.hold(w.parcels[4]))
	w.ids["right"] = at(held.body, "allotment", "id").(string)
	w.boss.want(201, "POST", records, object{"kind": "reserve", "reason": "r", "allotment": w.right(w.ids["right"])})
	w.ids["proposal"] = w.boss.want(202, "POST", records, w.supply()).body["id"].(string)
	node := w.boss.want(201, "POST", records, object{"kind": "create", "reason": "r",
		"object": object{"collection": "networks", "geometry": object{"type": "Point",
			"coordinates": []float64{122.0222, 37.2422}},
			"facts": object{"code": "S", "kind": "substation", "grade": "node", "capacity": 300, "unit": "kVA",
				"publication": "public"}}})
	w.ids["networks"] = at(node.body, "objects", 0, "id").(string)
	for collection, door := range map[string]string{"zones": "a zone", "plan-units": "a plan unit"} {
		path, body := doors["POST /api/parks/{park}/records, "+door].body(w)
		w.ids[collection] = at(w.boss.want(201, "POST", path, body).body, "objects", 0, "id").(string)
	}
	w.boss.want(201, "POST", records, object{"kind": "create", "reason": "r",
		"object": object{"collection": "networks", "geometry": object{"type": "LineString",
			"coordinates": [][2]float64{{122.02, 37.24009}, {122.03, 37.24009}}},
			"facts": object{"code": "R", "kind": "road", "grade": "main", "name_zh": "路", "name_en": "Road",
				"width_m":     20,
				"publication": "public"}}})
	w.ids["enquiry"] = w.keptEnquiry()
	w.ids["webhook"] = w.signed.want(201, "POST", webhooks,
		object{"url": "http://127.0.0.1:9/hook"}).body["id"].(string)
	w.ids["match"] = w.boss.want(201, "POST", "/api/matches",
		object{"name": "m", "question": object{"park": "desk", "requirement": wish(1)}}).body["id"].(string)
	w.aUnit()
	return w
}

// put places a value in a body by the name of its field: "[]" is the first of a list, "*" a member of any name.
func put(body any, place string, value any) any {
	if place == "" {
		return value
	}
	step, rest, _ := strings.Cut(place, ".")
	if step == "*" {
		step = "x"
	}
	name, list := strings.CutSuffix(step, "[]")
	o, _ := body.(object)
	if o == nil {
		o = object{}
	}
	if list {
		all, _ := o[name].([]any)
		if len(all) == 0 {
			all = []any{nil}
		}
		all[0] = put(all[0], rest, value)
		o[name] = all
		return o
	}
	o[name] = put(o[name], rest, value)
	return o
}
