package api_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/api"
	"luodi/data/registry"
)

// secret is a text that only who may see the park's desk may read, in lower case, and the column it stands in.
type secret struct{ where, text string }

// hidden is a park with things that the public sees and, in every column that isn't public, things that it doesn't.
type hidden struct {
	*office
	district  string
	secrets   []secret
	planted   map[string]bool
	publicIDs []string
	moments   []time.Time
	newest    int64
	ids       map[string]uuid.UUID
}

// text makes a secret of a column; form may say where in the value it stands.
func (h *hidden) text(column string, form ...string) string {
	s := fmt.Sprintf("zq%02dx%s", len(h.secrets),
		strings.ReplaceAll(column[strings.IndexByte(column, '.')+1:], "_", ""))
	if len(form) > 0 {
		s = fmt.Sprintf(form[0], len(h.secrets))
	}
	h.keep(column, s)
	return s
}

// number makes a secret number with the given decimals: no other number of the test begins so.
func (h *hidden) number(column, form string) string {
	n := fmt.Sprintf(form, len(h.secrets)+10)
	h.keep(column, n)
	return n
}

func (h *hidden) keep(column, text string) {
	h.planted[column] = true
	h.secrets = append(h.secrets, secret{column, strings.ToLower(text)})
}

// id makes an id that is a secret.
func (h *hidden) id(what string) uuid.UUID {
	if h.ids == nil {
		h.ids = map[string]uuid.UUID{}
	}
	if _, ok := h.ids[what]; !ok {
		h.ids[what] = newID(h.t)
		h.secrets = append(h.secrets, secret{what + " id", h.ids[what].String()})
	}
	return h.ids[what]
}

// record carries out statements in a record of the park, as the planner does: $1 is the park, $2 the record's number.
func (h *hidden) record(kind string, statements ...statement) int64 {
	h.t.Helper()
	ctx := context.Background()
	var seq int64
	err := pgx.BeginFunc(ctx, h.db.Planner, func(tx pgx.Tx) error {
		reason, documents := h.text("record.reason"),
			[]object{{"title": h.text("record.documents"), "number": h.text("record.documents")}}
		if err := tx.QueryRow(ctx, `SELECT seq FROM begin_record($1, $2, $3, $4, $5, $6)`, h.parkID,
			h.id(fmt.Sprint("record ", len(h.secrets))), kind, reason, h.text("record.via"),
			documents).Scan(&seq); err != nil {
			return err
		}
		for _, s := range statements {
			if _, err := tx.Exec(ctx, `WITH given AS (SELECT $1::uuid, $2::bigint) `+s.sql,
				append([]any{h.parkID, seq}, s.args...)...); err != nil {
				return fmt.Errorf("%s: %w", s.sql, err)
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.newest = seq
	var at time.Time
	if err := h.db.Owner.QueryRow(ctx, `SELECT at FROM record WHERE park_id = $1 AND seq = $2`, h.parkID,
		seq).Scan(&at); err != nil {
		h.t.Fatal(err)
	}
	h.moments = append(h.moments, at)
	return seq
}

type statement struct {
	sql  string
	args []any
}

func do(sql string, args ...any) statement { return statement{sql, args} }

// owner carries out a statement without triggers, for what is written once.
func (h *hidden) owner(sql string, args ...any) {
	h.t.Helper()
	err := pgx.BeginFunc(context.Background(), h.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), sql, args...)
		return err
	})
	if err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

// hide makes the park; before is SQL of the owner's to begin with.
func hide(t *testing.T, before ...string) *hidden {
	t.Helper()
	h := &hidden{office: officeOf(t, open(t, func(o *api.Options) {
		if _, err := os.Stat(typeFile); err == nil {
			o.Web = os.DirFS("../web/dist") // with the type of paper
		}
	}), squares(6)...), planted: map[string]bool{}, ids: map[string]uuid.UUID{},
		district: "desk-district"}
	for _, sql := range before {
		if _, err := h.db.Owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	const sqlOther = `INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, corners_told, geom)
		SELECT gen_random_uuid(), district_id, 'other', '他园', 'Other', 4550, 'exact',
		  ST_Multi(ST_MakeEnvelope(122.04, 37.24, 122.05, 37.25, 4490)) FROM district WHERE code = $1`
	if _, err := h.db.Owner.Exec(t.Context(), sqlOther, h.district); err != nil {
		t.Fatal(err)
	}
	h.describe()
	h.plantLand()
	h.plantTold()
	h.plantPapers()
	h.plantProjects()
	h.plantFlows()
	h.plantBuildings()
	h.plantPromotion()
	h.plantPeople()
	h.plantAgency()
	for _, p := range h.parcels[:5] {
		h.publicIDs = append(h.publicIDs, p.String())
	}
	return h
}

// describe puts a chain in force in the district, so that the overview has an industry.
func (h *hidden) describe() {
	h.t.Helper()
	const body = `{"code": "carbon", "name_zh": "碳链", "name_en": "Carbon chain", "edition": "1", "source": "a test", "nodes": [
		{"code": "fibre", "name_zh": "丝", "name_en": "Fibre"}, {"code": "parts", "name_zh": "件", "name_en": "Parts"}],
		"links": [{"from": "fibre", "to": "parts", "weight": 1, "source": "a test"}]}`
	if _, _, err := registry.Of(h.db.Store).PutChain(context.Background(), h.district, []byte(body)); err != nil {
		h.t.Fatal(err)
	}
}

// plantLand makes internal things, puts a public parcel into the internal zone, and hides a public parcel before it is
// changed.
func (h *hidden) plantLand() {
	zone, plan, node, road, parcel := h.id("zone"), h.id("plan unit"), h.id("network"), h.id("road"), h.id("parcel")
	h.record("create",
		do(`INSERT INTO zone (park_id, zone_id, code) VALUES ($1, $3, $4)`, zone, h.text("zone.code")),
		do(`INSERT INTO zone_version (park_id, zone_id, from_seq, name_zh, name_en, function, legal_m2, publication,
       geom)
			SELECT $1, $3, $2, $4, $5, 'mixed', $6::numeric, 'internal',
			  ST_Multi(ST_MakeEnvelope(122.0211357, 37.24, 122.03, 37.25, 4490))`,
			zone, h.text("zone_version.name_zh"), h.text("zone_version.name_en"),
			h.number("zone_version.legal_m2", "9876%d.4321")),
		do(`INSERT INTO plan_unit (park_id, plan_unit_id, code) VALUES ($1, $3, $4)`, plan, h.text("plan_unit.code")),
		do(`INSERT INTO plan_unit_version (park_id, plan_unit_id, from_seq, land_use, conditions, edition,
       effective_from, publication, geom)
			SELECT $1, $3, $2, '100102', $4, $5, '2026-01-01', 'internal',
			  ST_Multi(ST_MakeEnvelope(122.0211357, 37.24, 122.03, 37.25, 4490))`,
			plan, object{"far": object{"min": 0.5, "max": 1.87654321, "source": h.text("plan_unit_version.conditions"),
				"edition": h.text("plan_unit_version.conditions"), "effective_from": "2022-01-01"}},
			h.text("plan_unit_version.edition")),
		do(`INSERT INTO network (park_id, network_id, code) VALUES ($1, $3, $4)`, node, h.text("network.code")),
		do(`INSERT INTO network_version (park_id, network_id, from_seq, kind, grade, name_zh, name_en, capacity,
       unit, publication, geom)
			SELECT $1, $3, $2, 'substation', 'node', $4, $5, $6::numeric, 'kVA', 'internal',
			  ST_SetSRID(ST_MakePoint(122.0241357, 37.2451357), 4490)`,
			node, h.text("network_version.name_zh"), h.text("network_version.name_en"),
			h.number("network_version.capacity", "987650%d.4")),
		do(`INSERT INTO network (park_id, network_id, code) VALUES ($1, $3, $4)`, road, h.text("network.code")),
		do(`INSERT INTO network_version (park_id, network_id, from_seq, kind, grade, width_m, publication, geom)
			SELECT $1, $3, $2, 'road', 'main', $4::numeric, 'internal',
			  ST_GeomFromText('LINESTRING(122.021 37.2431357, 122.029 37.2431357)', 4490)`, road,
			h.number("network_version.width_m", "9876%d.4")))
	h.secrets = append(h.secrets, secret{"zone_version.geom", "122.0211357"},
		secret{"network_version.geom", "37.2451357"}, secret{"network_version.geom", "37.2431357"},
		secret{"parcel_version.geom", "122.0261357"})
	h.record("create", do(`INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $3)`, parcel),
		do(`INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, zone_id,
       services, price_cny_per_m2, price_kind, price_document, price_on, cadastral_no, estate_unit_no, publication, geom)
			SELECT $1, $3, $2, $4, 'available', $5::numeric, $6, $7, $8::numeric, 'minimum', $11, '2026-01-01', $9, $10, 'internal',
			  ST_MakeEnvelope(122.0261357, 37.2451, 122.0271, 37.2461, 4490)`,
			parcel, h.text("parcel_version.code"), h.number("parcel_version.legal_m2", "9876%d.0101"), zone,
			object{"water": object{"ready": true, "capacity": 98761234.5, "unit": "m3/d"}},
			h.number("parcel_version.price_cny_per_m2", "98765%d.31"),
			h.text("parcel_version.cadastral_no", "9876543210%02dGB98761"),
			h.text("parcel_version.estate_unit_no", "9876543210%02dGB98762F00010001"),
			h.text("parcel_version.price_document")))
	h.keep("parcel_version.services", "98761234")
	h.again("publish", h.parcels[1], `zone_id = $4`, zone) // public, in the internal zone
	h.again("unpublish", h.parcels[5], `publication = 'internal'`)
	h.again("edit", h.parcels[5], `code = $4, price_cny_per_m2 = 98761.77`, h.text("parcel_version.code"))
	h.keep("parcel_version.price_cny_per_m2", "98761.77")
	h.secrets = append(h.secrets, h.measured()...)
}

// again writes a parcel anew with what set says; its further arguments begin at $4.
func (h *hidden) again(kind string, parcel uuid.UUID, set string, args ...any) {
	const columns = `park_id, parcel_id, from_seq, prev_to_seq, code, zone_id, bank_status, land_use, services, legal_m2, ` +
		`price_cny_per_m2, price_kind, price_document, price_on, price_told, services_told, cadastral_no, estate_unit_no, ` +
		`publication, geom`
	given := append([]any{parcel}, args...)
	values := columns
	for _, one := range strings.Split(set, ", ") {
		column, value, _ := strings.Cut(one, " = ")
		values = strings.Replace(values, " "+column+",", " "+value+",", 1)
	}
	values = strings.Replace(values, "from_seq, prev_to_seq", "$2, $2", 1)
	h.record(kind, do(`UPDATE parcel_version SET to_seq = $2 WHERE park_id = $1 AND parcel_id = $3 AND to_seq IS NULL`,
		parcel),
		do(`INSERT INTO parcel_version (`+columns+`) SELECT `+values+` FROM parcel_version WHERE park_id = $1
			AND parcel_id = $3 AND to_seq = $2`, given...))
}

// measured are the areas of hidden shapes.
func (h *hidden) measured() []secret {
	var all []secret
	for _, sql := range []string{`SELECT 'zone_version.computed_m2', trunc(computed_m2::numeric, 2)::text
		FROM zone_version`, `SELECT 'plan_unit_version.computed_m2', trunc(computed_m2::numeric, 2)::text
			FROM plan_unit_version`,
		`SELECT 'parcel_version.computed_m2', trunc(computed_m2::numeric, 2)::text FROM parcel_version
			WHERE parcel_id = '` + h.id("parcel").String() + `'`,
		`SELECT 'parcel_version.ellipsoid_m2', trunc(ellipsoid_m2::numeric, 2)::text FROM parcel_version
			WHERE parcel_id = '` + h.id("parcel").String() + `'`} {
		var s secret
		if err := h.db.Owner.QueryRow(context.Background(), sql).Scan(&s.where, &s.text); err != nil {
			h.t.Fatal(err)
		}
		h.planted[s.where] = true
		all = append(all, s)
	}
	return all
}

// creditCode has its check character.
const creditCode = "91110000802100433B"

// plantProjects gives a public parcel to a project that isn't named, lets another wait for it, and names one that was
// not while it got land.
func (h *hidden) plantProjects() {
	h.record("import", statement{`INSERT INTO import_report (park_id, seq, layer, made, changed, retired, unchanged,
		refused, report) SELECT $1, $2, 'parcels', 0, 0, 0, 0, 0, jsonb_build_object('code_field', $3::text)`,
		[]any{h.text("import_report.report")}})
	party, project, second, late := h.id("party"), h.id("project"), h.id("second project"), h.id("late project")
	run := func(sql string, args ...any) {
		h.t.Helper()
		if _, err := h.db.Planner.Exec(context.Background(), sql, args...); err != nil {
			h.t.Fatalf("%s: %v", sql, err)
		}
	}
	run(`INSERT INTO party (district_id, party_id, name_zh, name_en, source, park_id)
		SELECT district_id, $2, $3, $4, $5, park_id FROM park WHERE park_id = $1`, h.parkID, party,
		h.text("party.name_zh"), h.text("party.name_en"), h.text("party.source"))
	h.keep("party.credit_code", creditCode)
	run(`UPDATE party SET credit_code = $2 WHERE party_id = $1`, party, creditCode)
	// written by trigger
	for _, c := range []string{"party_version.name_zh", "party_version.name_en", "party_version.source",
		"party_version.credit_code"} {
		h.planted[c] = true
	}
	run(`INSERT INTO contact (district_id, contact_id, party_id, name, phone, email)
		SELECT district_id, $2, $3, $4, $5, $6 FROM park WHERE park_id = $1`, h.parkID, h.id("contact"), party,
		h.text("contact.name"), h.text("contact.phone", "139777333%02d"),
		h.text("contact.email", "zq%02d@x.example"))
	for _, id := range []uuid.UUID{project, second, late} {
		run(`INSERT INTO project (district_id, project_id, code, party_id, park_id)
			SELECT district_id, $2, $3, $4, park_id FROM park WHERE park_id = $1`, h.parkID, id,
			h.text("project.code"), party)
		run(`INSERT INTO project_version (district_id, project_id, revision, name_zh, name_en, industry_codes,
       chain_stage, investment_cny, figures, requirement, task_force, source)
			SELECT district_id, $2, 1, $3, $4, $5, $6, $7::numeric, $8, $9, $10, $11 FROM park WHERE park_id = $1`,
			h.parkID, id, h.text("project_version.name_zh"), h.text("project_version.name_en"),
			[]object{{"code": h.text("project_version.industry_codes"), "edition": "2017"}},
			h.text("project_version.chain_stage"), h.number("project_version.investment_cny", "98765%d000"),
			object{"note": h.text("project_version.figures")}, object{"note": h.text("project_version.requirement")},
			h.text("project_version.task_force"), h.text("project_version.source"))
	}
	run(`INSERT INTO project_milestone (district_id, project_id, stage, reached_on, evidence, document)
		SELECT district_id, $2, 'in_talks', '2026-10-01', $3, $4 FROM park WHERE park_id = $1`, h.parkID, project,
		h.text("project_milestone.evidence"), h.text("project_milestone.document"))
	run(`INSERT INTO project_milestone (district_id, project_id, stage, reached_on, evidence, corrects, reason)
		SELECT district_id, $2, 'in_talks', '2026-10-02', $3, true, $4 FROM park WHERE park_id = $1`, h.parkID, project,
		h.text("project_milestone.evidence"), h.text("project_milestone.reason"))
	run(`INSERT INTO project_turn (district_id, project_id, turn, since, reason)
		SELECT district_id, $2, 'paused', '2026-10-02', $3 FROM park WHERE park_id = $1`, h.parkID, project,
		h.text("project_turn.reason"))
	run(`INSERT INTO project_investment (district_id, project_id, until, paid_cny, evidence)
		SELECT district_id, $2, '2026-10-01', $3::numeric, $4 FROM park WHERE park_id = $1`, h.parkID, project,
		h.number("project_investment.paid_cny", "98764%d555"), h.text("project_investment.evidence"))
	run(`INSERT INTO team (district_id, team_id, kind, number, name_zh, name_en, source)
		SELECT district_id, $2, 'promotion', 1, $3, $4, $5 FROM park WHERE park_id = $1`, h.parkID, h.id("team"),
		h.text("team.name_zh"), h.text("team.name_en"), h.text("team.source"))
	for i, id := range []uuid.UUID{project, late} {
		right := h.id(fmt.Sprint("allotment ", i))
		h.record("hold", do(`INSERT INTO allotment (park_id, allotment_id, district_id, project_id)
			SELECT park_id, $3, district_id, $4 FROM park WHERE park_id = $1`, right, id),
			do(`INSERT INTO allotment_version (park_id, allotment_id, from_seq, state, expires_at, term_years,
				commitments) VALUES ($1, $3, $2, 'hold', now() + interval '30 days', 37.5, $4)`, right,
				object{"investment_per_mu": 98763000 + i, "note": h.text("allotment_version.commitments")}),
			do(`INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq) VALUES ($1, $3, $4, $2)`,
				right, h.parcels[2+i]),
			do(`INSERT INTO allotment_draw (park_id, allotment_id, network_id, service, from_seq, amount)
				VALUES ($1, $3, $4, 'power', $2, $5::numeric)`, right, h.id("network"),
				h.number("allotment_draw.amount", "31762%d.3")))
	}
	h.record("queue", do(`INSERT INTO waiting (park_id, waiting_id, parcel_id, district_id, project_id, from_seq,
		term_days) SELECT park_id, $3, $4, district_id, $5, $2, 30 FROM park WHERE park_id = $1`, h.id("waiting"),
		h.parcels[2], second))
	run(`INSERT INTO project_version (district_id, project_id, revision, name_zh, name_en, named)
		SELECT district_id, $2, 2, '公开名', 'PUBLIC NAME', true FROM park WHERE park_id = $1`, h.parkID, late)
	h.again("edit", h.parcels[3], `price_cny_per_m2 = 300`)
	h.owner(`INSERT INTO supply_at_risk (park_id, seq, network_id, allotment_id, service, amount)
		SELECT $1, max(seq), $2, $3, 'power', $4::numeric FROM record`, h.parkID, h.id("network"),
		h.id("allotment 0"), h.number("supply_at_risk.amount", "98761%d.3"))
}

// plantPapers gives a public parcel a paper that is internal and one that was public, and the internal parcel a
// public one.
func (h *hidden) plantPapers() {
	kept := func(name, parcel uuid.UUID, publication string) []statement {
		data := []byte("%PDF-1.7 " + h.text("file.bytes") + " %%EOF")
		return []statement{do(`INSERT INTO file (park_id, hash, media_type, bytes) SELECT $1, sha256($3), 'application/pdf', $3`,
			data), do(`INSERT INTO paper_version (park_id, paper_id, from_seq, parcel_id, hash, kind, title_zh, title_en, dated,
				number, expires_on, publication)
				  SELECT $1, $3, $2, $4, sha256($5), 'document', $6, $7, '2025-01-01', $8,
				'2026-01-01', $9`, name, parcel, data, h.text("paper_version.title_zh"), h.text("paper_version.title_en"),
			h.text("paper_version.number"), publication)}
	}
	once := h.id("paper that was public")
	h.record("paper", append(append(kept(h.id("paper"), h.parcels[0], "internal"),
		kept(h.id("paper of an internal parcel"), h.id("parcel"), "public")...),
		kept(once, h.parcels[1], "public")...)...)
	h.record("paper", do(`UPDATE paper_version SET to_seq = $2 WHERE park_id = $1 AND paper_id = $3`, once))
	h.secrets = append(h.secrets, secret{"paper_version.dated", "2025-01-01"})
}

// plantPeople fills what else is kept: who works there, what they propose, save and are told.
func (h *hidden) plantPeople() {
	account := h.id("account")
	h.owner(`INSERT INTO account (account_id, login, name, password) VALUES ($1, $2, $3, $4)`, account,
		h.text("account.login"), h.text("account.name"), "$argon2id$"+h.text("account.password"))
	h.owner(`INSERT INTO project_visit (district_id, project_id, n, visited_on, note, next_step, noted_by)
		SELECT district_id, $2, 1, '2026-10-01', $3, $4, $5 FROM park WHERE park_id = $1`, h.parkID, h.id("project"),
		h.text("project_visit.note"), h.text("project_visit.next_step"), account)
	h.owner(`INSERT INTO project_money (district_id, project_id, kind, span, currency, year, as_of, n, amount, evidence, reason)
		SELECT district_id, $2, 'fixed_asset', 'to_date', 'CNY', 2026, '2026-10-31', 1, $3::numeric, $4, $5
		FROM park WHERE park_id = $1`, h.parkID, h.id("project"), h.number("project_money.amount", "98765%d.43"),
		h.text("project_money.evidence"), h.text("project_money.reason"))
	h.owner(`INSERT INTO project_turn (district_id, project_id, n, turn, since, reason, corrects, correct_reason)
		SELECT district_id, $2, 9, 'paused', '2026-10-02', $3, 1, $4 FROM park WHERE park_id = $1`, h.parkID, h.id("project"),
		h.text("project_turn.reason"), h.text("project_turn.correct_reason"))
	h.owner(`INSERT INTO project_tag (district_id, project_id, tag, valid, withdrawn_at, withdrawn_by, withdraw_reason)
		SELECT district_id, $2, 'signing_key', '[2026-10-01,)', now(), $3, $4 FROM park WHERE park_id = $1`, h.parkID,
		h.id("project"), account, h.text("project_tag.withdraw_reason"))
	h.owner(`INSERT INTO team_target (district_id, team_id, year, quarter, measure, n, amount, source, corrects, reason,
		noted_by) SELECT district_id, $2, 2026, 1, 'signed_cny', 1, $3::numeric, $4, true, $5, $6 FROM park
		 WHERE park_id = $1`, h.parkID, h.id("team"), h.number("team_target.amount", "98762%d.43"),
		h.text("team_target.source"), h.text("team_target.reason"), account)
	h.owner(`INSERT INTO project_land_start (district_id, project_id, n, started_on, kind, evidence, reason)
		SELECT district_id, $2, 1, '2026-10-01', 'pit', $3, $4 FROM park WHERE park_id = $1`, h.parkID, h.id("project"),
		h.text("project_land_start.evidence"), h.text("project_land_start.reason"))
	h.owner(`INSERT INTO ledger_file (district_id, hash, bytes) SELECT district_id, sha256('l'), 'l' FROM park
		WHERE park_id = $1`, h.parkID)
	h.owner(`INSERT INTO ledger_import (district_id, import_id, park_id, hash, name, sheet, as_of, reading, made, changed, kept,
		noted_by) SELECT district_id, $2, park_id, sha256('l'), $3, $4, '2026-10-01', jsonb_build_object('name', $5::text), 0, 0,
		0, $6 FROM park WHERE park_id = $1`, h.parkID, h.id("ledger"), h.text("ledger_import.name"),
		h.text("ledger_import.sheet"), h.text("ledger_import.reading"), account)
	h.owner(`INSERT INTO ledger_mapping (district_id, park_id, n, columns, noted_by)
		SELECT district_id, park_id, 1, jsonb_build_array($2::text), $3 FROM park WHERE park_id = $1`, h.parkID,
		h.text("ledger_mapping.columns"), account)
	h.owner(`INSERT INTO account_turn (account_id, n, turn, reason) VALUES ($1, 1, 'disabled', $2)`, account,
		h.text("account_turn.reason"))
	h.owner(`INSERT INTO reminder_setting (account_id, email) VALUES ($1, $2)`, account,
		h.text("reminder_setting.email")+"@mail.example")
	h.owner(`INSERT INTO mail (mail_id, account_id, kind, state, error, decided_by, decided_at, decision_reason)
		VALUES ($1, $2, 'reminders', 'refused', $3, $2, now(), $4)`, h.id("mail"), account, h.text("mail.error"),
		h.text("mail.decision_reason"))
	h.owner(`INSERT INTO reminder (account_id, kind, subject, due, mail_id) VALUES ($1, 'visit', $2, '2026-10-01', $3)`,
		account, h.text("reminder.subject"), h.id("mail"))
	h.owner(`INSERT INTO first_contact (district_id, first_contact_id, project_id, party_id, team_id, made_on, noted_by, firm,
		released_at, released_by, release_reason)
		  SELECT district_id, $2, $3, $4, $5, '2026-10-01', $6, '-', now(), $6, $7
		FROM park WHERE park_id = $1`, h.parkID, h.id("first contact"), h.id("project"), h.id("party"), h.id("team"), account,
		h.text("first_contact.release_reason"))
	h.owner(`UPDATE record SET proposed_by = $2, approved_by = $2 WHERE park_id = $1`, h.parkID, account)
	h.owner(`INSERT INTO proposal (park_id, proposal_id, kind, command, reason, documents, proposed_by, decision,
       decided_by, decided_at, decision_reason)
		VALUES ($1, $2, 'retire', $3, $4, $5, $6, 'rejected', $6, now(), $7)`, h.parkID, h.id("proposal"),
		object{"kind": "retire", "note": h.text("proposal.command")}, h.text("proposal.reason"),
		[]object{{"title": h.text("proposal.documents")}}, account, h.text("proposal.decision_reason"))
	h.owner(`INSERT INTO enquiry (park_id, enquiry_id, revision, receipt, hash, lang, name, organisation, phone, email,
		words, need, places, erase_at) VALUES ($1, $2, 1, $3, sha256('e'), 'en', $4, $5, $6, $7, $8, $9, $10,
		now() + interval '1 day')`, h.parkID, h.id("enquiry"), strings.ToUpper(h.text("enquiry.receipt", "q%03d-word")),
		h.text("enquiry.name"), h.text("enquiry.organisation"), h.number("enquiry.phone", "139%d76543"),
		h.text("enquiry.email")+"@example.com", h.text("enquiry.words"), object{"note": h.text("enquiry.need")},
		[]object{{"kind": "lot", "code": h.text("enquiry.places"), "parcels": []string{h.text("enquiry.places")}}})
	h.owner(`INSERT INTO enquiry_answer (park_id, enquiry_id, n, account_id, words) VALUES ($1, $2, 1, $3, $4)`, h.parkID,
		h.id("enquiry"), account, h.text("enquiry_answer.words"))
	h.owner(`INSERT INTO token (token_id, account_id, name, hash, scope, expires_at)
		VALUES ($1, $2, $3, sha256('x'), 'read', now() + interval '1 day')`, h.id("token"), account,
		h.text("token.name"))
	h.owner(`INSERT INTO saved_match (match_id, park_id, account_id, name, seq, at, asked, ranking, ranked_for)
		VALUES ($1, $2, $3, $4, 1, now(), $5, $6, 'members')`, h.id("search"), h.parkID, account,
		h.text("saved_match.name"),
		object{"note": h.text("saved_match.asked")}, []object{{"code": h.text("saved_match.ranking")}})
	h.owner(`INSERT INTO webhook (park_id, webhook_id, url, secret, made_by, cursor, state, last_error)
		VALUES ($1, $2, $3, sha256('y'), $4, 1, 'paused', $5)`, h.parkID, h.id("webhook"),
		"https://hook.example/"+h.text("webhook.url"), account, h.text("webhook.last_error"))
	h.owner(`INSERT INTO dead_letter (park_id, webhook_id, seq, tries, error) VALUES ($1, $2, 1, 3, $3)`, h.parkID,
		h.id("webhook"), h.text("dead_letter.error"))
	h.owner(`INSERT INTO idempotency (account_id, key, request, status, answer) VALUES ($1, $2, sha256('z'), 201, $3)`,
		account, h.text("idempotency.key"), object{"note": h.text("idempotency.answer")})
	h.owner(`INSERT INTO presence (connection_id, park_id, account_id, parcel_id) VALUES ($1, $2, $3, $4)`,
		h.id("presence"), h.parkID, account, h.id("parcel"))
}

// open are the columns of texts and numbers that hold nothing to hide: general knowledge, what is shown to all, and
// words of a fixed list, which are no secret by themselves.
var openColumns = map[string]string{
	"problem_turn.kind": "a list", "project_paper.use": "a list", "project_problem.state": "a list",
	"chain": "general knowledge", "district": "shown", "hazard_spacing": "general knowledge", "park": "shown",
	"record_kind": "a list", "service": "general knowledge", "schema_version": "the program's",
	"spatial_ref_sys": "general knowledge",
	"building.stage":  "a list", "building.publication": "a list", "building_record.thing": "a list",
	"unit.publication": "a list", "letting.state": "a list",
	"unit.clear_height_m": "few digits, as any number has", "unit.load_t_m2": "few digits, as any number has",
	"unit.crane_t":    "few digits, as any number has",
	"file.media_type": "a list", "paper_version.kind": "a list", "paper_version.publication": "a list",
	"allotment_draw.service": "a list", "allotment_version.state": "a list", "allotment_version.supply_mode": "a list",
	"allotment_version.term_years": "three digits, as any number has",
	"enquiry.lang":                 "a list", "enquiry.state": "a list",
	"event.kind": "a list", "flow_event.kind": "a list",
	"account_turn.turn": "a list", "ledger_row.key": "a row's place", "mail.kind": "a list", "mail.state": "a list",
	"reminder.kind": "a list", "reminder_choice.kind": "a list", "reminder_setting.lang": "a list",
	"project_land_start.basis": "a list", "project_land_start.kind": "a list", "project_land_start.precision": "a list",
	"project_milestone.precision": "a list", "project_money.basis": "a list", "project_money.currency": "a list",
	"project_money.kind": "a list", "project_money.span": "a list", "project_version.kind": "a list",
	"project_version.ground": "a list",
	"expert.voice":           "a list", "judgement.verdict": "a list", "judgement.chain": "a code", "judgement.node": "a code",
	"gap_owner.chain": "a code", "gap_owner.node": "a code", "target_firm.chain": "a code", "target_firm.node": "a code",
	"target_firm.firm": "as its name", "target_note.answer": "a list", "project_chain_role.chain": "a code",
	"project_chain_role.node": "a code", "project_chain_role.role": "a list", "firm_title.title": "a list",
	"firm_title.level": "a list", "title_figure": "the district's, for all its parks",
	"flow_template": "the district's, for all its parks", "project_flow.template": "a template's code", "membership.role": "a list", "network_version.grade": "a list",
	"network_version.headroom_told": "a list", "network_version.capacity_told": "a list", "network_version.kind": "a list",
	"network_version.publication": "a list", "network_version.unit": "a list",
	"parcel_version.bank_status": "a list", "parcel_version.land_use": "a list",
	"parcel_version.price_told": "a list", "parcel_version.services_told": "a list",
	"parcel_version.price_kind": "a list", "parcel_version.publication": "a list", "plan_unit_version.land_use": "a list",
	"plan_unit_version.publication": "a list",
	"first_contact.credit_code":     "as the firm's", "first_contact.firm": "as the firm's name", "team.kind": "a list",
	"project_milestone.basis": "a list", "project_turn.turn": "a list", "team_target.measure": "a list",
	"project_milestone.stage": "a list", "project_tag.tag": "a list", "proposal.decision": "a list",
	"import_report.layer": "a list", "proposal.kind": "a list", "record.kind": "a list", "saved_match.ranked_for": "a list",
	"spent_invitation.how": "a list", "supply_at_risk.service": "a list",
	"token.scope": "a list", "webhook.state": "a list", "zone_version.function": "a list",
	"zone_version.publication": "a list",
}

// checkColumns looks that each column of texts or numbers that the public's role may not read was planted, or is open
// for a reason.
func (h *hidden) checkColumns() {
	h.t.Helper()
	const sql = `SELECT c.table_name, c.column_name FROM information_schema.columns c
       JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
		  AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'numeric', 'double precision', 'real')
		  AND NOT has_table_privilege('luodi_public', format('%I.%I', c.table_schema, c.table_name),
		    'SELECT') ORDER BY 1, 2`
	rows, err := h.db.Owner.Query(context.Background(), sql)
	if err != nil {
		h.t.Fatal(err)
	}
	var table, column string
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&table, &column}, func() error {
		name := table + "." + column
		n++
		if !h.planted[name] && openColumns[name] == "" && openColumns[table] == "" {
			h.t.Errorf("nobody decided whether %s is hidden: plant a secret in it, or say why it is open", name)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Logf("%d columns that are not the public's, %d planted", n, len(h.planted))
}
