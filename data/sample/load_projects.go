package sample

import (
	"fmt"

	"github.com/google/uuid"
)

const (
	sqlParty = `INSERT INTO party (district_id, party_id, name_zh, name_en, named, placeholder, source, park_id)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, name_zh text, name_en text, named boolean,
       placeholder boolean, source text, park_id uuid)`

	sqlTeam = `INSERT INTO team (district_id, team_id, kind, number, name_zh, name_en, placeholder, source)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, kind text, number integer, name_zh text,
       name_en text, placeholder boolean, source text)`

	sqlProject = `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb)
  AS x (district_id uuid, id uuid, code text, party_id uuid, name_zh text, name_en text, industry_codes jsonb,
    chain_stage text, investment_cny numeric,
        figures jsonb, requirement jsonb, placeholder boolean, named boolean, source text, park_id uuid)),
identity AS (INSERT INTO project (district_id, project_id, code, party_id, park_id)
       SELECT district_id, id, code, party_id, park_id FROM r)
INSERT INTO project_version (district_id, project_id, revision, party_id, name_zh, name_en, industry_codes,
       chain_stage, investment_cny, figures, requirement, placeholder, named, source)
SELECT district_id, id, 1, party_id, name_zh, name_en, industry_codes, chain_stage, investment_cny, figures,
       coalesce(requirement, '{}'), placeholder, named, source FROM r`

	sqlTag = `INSERT INTO project_tag (district_id, project_id, tag, valid)
SELECT district_id, id, tag, daterange("from", "until")
       FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, tag text, "from" date, "until" date)`

	sqlMilestone = `INSERT INTO project_milestone (district_id, project_id, stage, reached_on, evidence, basis)
SELECT r.*, 'reported' FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, stage text, reached_on date, evidence text)`

	sqlInvestment = `INSERT INTO project_investment (district_id, project_id, until, paid_cny, evidence)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, until date, paid_cny numeric, evidence text)`

	sqlAllotment = `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb)
  AS x (park_id uuid, id uuid, seq bigint, district_id uuid, project_id uuid, state text, hold_days integer,
    supply_mode text, term_years numeric, commitments jsonb)),
identity AS (INSERT INTO allotment (park_id, allotment_id, district_id, project_id)
       SELECT park_id, id, district_id, project_id FROM r)
INSERT INTO allotment_version (park_id, allotment_id, from_seq, state, expires_at, supply_mode, term_years, commitments)
SELECT park_id, id, seq, state, statement_timestamp() + hold_days * interval '1 day', supply_mode, term_years,
       commitments FROM r`

	sqlAllotmentParcel = `INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq)
SELECT park_id, id, parcel_id, seq FROM jsonb_to_recordset($1::jsonb) r (park_id uuid, id uuid, parcel_id uuid,
       seq bigint)`

	// Each right draws what its project needs from the node of each service that is nearest to its land.
	sqlDraws = `INSERT INTO allotment_draw (park_id, allotment_id, network_id, service, from_seq, amount)
SELECT t.park_id, t.allotment_id, n.network_id, s.service, $2, (v.requirement->'services'->>s.service)::numeric
  FROM allotment t JOIN park k USING (park_id) JOIN project_version v ON (v.district_id,
    v.project_id) = (t.district_id, t.project_id) AND upper_inf(v.sys)
  JOIN service s ON v.requirement->'services' ? s.service
  CROSS JOIN LATERAL (SELECT ST_Collect(ST_Transform(p.geom, k.survey_crs)) AS g FROM allotment_parcel l
    JOIN parcel_version p USING (park_id, parcel_id)
                       WHERE (l.park_id, l.allotment_id) = (t.park_id, t.allotment_id) AND l.to_seq IS NULL
                         AND p.to_seq IS NULL) land
  CROSS JOIN LATERAL (SELECT w.network_id FROM network_version w JOIN network c USING (park_id, network_id)
                       WHERE (w.park_id, w.kind, w.unit, w.grade) = (t.park_id, s.kind, s.unit, 'node')
                         AND w.to_seq IS NULL
                       ORDER BY ST_Distance(ST_Transform(w.geom, k.survey_crs), land.g), c.code LIMIT 1) n
 WHERE t.park_id = $1`
)

func (l *loader) parties(parties []Party) {
	var rows []row
	for _, p := range parties {
		rows = append(rows, row{
			"district_id": l.home, "id": l.id("party", p.NameZH), "name_zh": p.NameZH, "name_en": p.NameEN,
			"named": p.Named, "placeholder": p.Placeholder, "source": p.Source, "park_id": l.entering,
		})
	}
	l.insert("parties", sqlParty, rows)
}

func (l *loader) teams(teams []Team) {
	var rows []row
	for _, t := range teams {
		rows = append(rows, row{"district_id": l.home, "id": l.id("team", fmt.Sprint(t.Kind, " ", t.Number)), "kind": t.Kind,
			"number": t.Number, "name_zh": t.NameZH, "name_en": t.NameEN, "placeholder": t.Placeholder, "source": t.Source})
	}
	l.insert("teams", sqlTeam, rows)
}

func (l *loader) projects(projects []Project) {
	var rows, tags, milestones, investments []row
	for _, p := range projects {
		id := l.id("project", p.Code)
		rows = append(rows, l.project(id, p))
		for _, t := range p.Tags {
			tags = append(tags, row{"district_id": l.home, "id": id, "tag": t.Tag, "from": t.From, "until": t.Until})
		}
		for _, m := range p.Milestones {
			milestones = append(milestones, row{"district_id": l.home, "id": id, "stage": m.Stage,
				"reached_on": m.ReachedOn, "evidence": m.Evidence})
		}
		for _, v := range p.Investments {
			investments = append(investments, row{"district_id": l.home, "id": id, "until": v.Until,
				"paid_cny": v.PaidCNY, "evidence": v.Evidence})
		}
	}
	l.insert("projects", sqlProject, rows)
	l.insert("tags", sqlTag, tags)
	l.insert("milestones", sqlMilestone, milestones)
	l.insert("investments", sqlInvestment, investments)
}

func (l *loader) project(id uuid.UUID, p Project) row {
	r := row{
		"district_id": l.home, "id": id, "code": p.Code, "name_zh": p.NameZH, "name_en": p.NameEN,
		"investment_cny": p.InvestmentCNY,
		"industry_codes": []Industry{}, "requirement": p.Requirement, "figures": row{}, "placeholder": p.Placeholder,
		"named": p.Named, "source": p.Source, "park_id": l.entering,
	}
	if p.Party != "" {
		r["party_id"] = l.id("party", p.Party)
	}
	if p.ChainStage != "" {
		r["chain_stage"] = p.ChainStage
	}
	if p.IndustryCodes != nil {
		r["industry_codes"] = p.IndustryCodes
	}
	if p.Figures != nil {
		r["figures"] = p.Figures
	}
	return r
}

func (l *loader) allotments(p Park) {
	var rows, parcels []row
	for _, a := range p.Allotments {
		r := l.of(p, "allotment", a.Project+" "+a.Parcels[0])
		r["district_id"], r["project_id"], r["state"] = l.home, l.id("project", a.Project), a.State
		r["hold_days"], r["supply_mode"], r["term_years"], r["commitments"] = a.HoldDays, a.SupplyMode, a.TermYears,
			row{}
		if a.Terms != nil {
			r["commitments"] = a.Terms
		}
		rows = append(rows, r)
		for _, code := range a.Parcels {
			parcels = append(parcels, row{"park_id": l.parkID, "id": r["id"],
				"parcel_id": l.id("parcel", p.Code+" "+code), "seq": l.seq})
		}
	}
	l.insert("allotments", sqlAllotment, rows)
	l.insert("parcels of allotments", sqlAllotmentParcel, parcels)
	if l.err != nil {
		return
	}
	if _, err := l.tx.Exec(l.ctx, sqlDraws, l.parkID, l.seq); err != nil {
		l.err = fmt.Errorf("draws of allotments: %w", err)
	}
}
