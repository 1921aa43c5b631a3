package sample

const (
	sqlZone = `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb)
  AS x (park_id uuid, id uuid, seq bigint, code text, name_zh text, name_en text, function text, legal_m2 numeric,
    geom jsonb)),
identity AS (INSERT INTO zone (park_id, zone_id, code) SELECT park_id, id, code FROM r)
INSERT INTO zone_version (park_id, zone_id, from_seq, name_zh, name_en, function, legal_m2, publication, geom)
SELECT r.park_id, r.id, r.seq, r.name_zh, r.name_en, r.function, r.legal_m2, 'public', ` + shape + ` FROM r`

	sqlPlanUnit = `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb)
  AS x (park_id uuid, id uuid, seq bigint, code text, land_use text, conditions jsonb, edition text,
    effective_from date, geom jsonb)),
identity AS (INSERT INTO plan_unit (park_id, plan_unit_id, code) SELECT park_id, id, code FROM r)
INSERT INTO plan_unit_version (park_id, plan_unit_id, from_seq, land_use, conditions, edition, effective_from,
       publication, geom)
SELECT r.park_id, r.id, r.seq, r.land_use, r.conditions, r.edition, r.effective_from, 'public', ` + shape + ` FROM r`

	sqlParcel = `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb)
  AS x (park_id uuid, id uuid, seq bigint, code text, zone_id uuid, bank_status text, land_use text, services jsonb,
    legal_m2 numeric, price jsonb, geom jsonb)),
identity AS (INSERT INTO parcel (park_id, parcel_id) SELECT park_id, id FROM r)
INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, zone_id, bank_status, land_use, services, legal_m2,
       price_cny_per_m2, price_kind, price_document, price_on, services_told, publication, geom)
SELECT r.park_id, r.id, r.seq, r.code, r.zone_id, r.bank_status, r.land_use, r.services, r.legal_m2,
       (r.price ->> 'cny_per_m2')::numeric, r.price ->> 'kind', r.price ->> 'document', (r.price ->> 'on')::date,
       'figure', 'public', ` + shape + ` FROM r`

	// As parks usually publish them: roads, railways and nodes; the lines of utilities are the park's own. The sample
	// tells what its nodes are built for, and in a word what they have left.
	sqlNetwork = `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb)
  AS x (park_id uuid, id uuid, seq bigint, code text, name_zh text, name_en text, kind text, grade text,
    width_m numeric, capacity numeric, unit text, geom jsonb)),
identity AS (INSERT INTO network (park_id, network_id, code) SELECT park_id, id, code FROM r)
INSERT INTO network_version (park_id, network_id, from_seq, kind, grade, name_zh, name_en, width_m, capacity, unit,
       headroom_told, capacity_told, geom)
SELECT r.park_id, r.id, r.seq, r.kind, r.grade, r.name_zh, r.name_en, r.width_m, r.capacity, r.unit, 'word', 'figure', ` + shape + ` FROM r`
)

// of begins the row of a versioned thing of the park being written.
func (l *loader) of(p Park, kind, code string) row {
	return row{"park_id": l.parkID, "id": l.id(kind, p.Code+" "+code), "seq": l.seq, "code": code}
}

func (l *loader) zones(p Park) {
	var rows []row
	for _, z := range p.Zones {
		r := l.of(p, "zone", z.Code)
		r["name_zh"], r["name_en"], r["function"], r["geom"] = z.NameZH, z.NameEN, z.Function, z.Geom
		if z.LegalM2 != "" {
			r["legal_m2"] = z.LegalM2
		}
		rows = append(rows, r)
	}
	l.insert("zones", sqlZone, rows, l.crs)
}

func (l *loader) planUnits(p Park) {
	var rows []row
	for _, u := range p.PlanUnits {
		r := l.of(p, "plan unit", u.Code)
		r["land_use"], r["conditions"], r["edition"], r["effective_from"], r["geom"] = u.LandUse, u.Conditions,
			u.Edition, u.EffectiveFrom, u.Geom
		rows = append(rows, r)
	}
	l.insert("plan units", sqlPlanUnit, rows, l.crs)
}

func (l *loader) parcels(p Park) {
	var rows []row
	for _, c := range p.Parcels {
		r := l.of(p, "parcel", c.Code)
		r["bank_status"], r["land_use"], r["services"], r["legal_m2"], r["geom"] = c.BankStatus, c.LandUse, c.Services,
			c.LegalM2, c.Geom
		if c.Price != nil {
			r["price"] = c.Price
		}
		if c.Zone != "" {
			r["zone_id"] = l.id("zone", p.Code+" "+c.Zone)
		}
		rows = append(rows, r)
	}
	l.insert("parcels", sqlParcel, rows, l.crs)
}

func (l *loader) networks(p Park) {
	var rows []row
	for _, n := range p.Networks {
		r := l.of(p, "network", n.Code)
		r["name_zh"], r["name_en"], r["kind"], r["grade"], r["geom"] = n.NameZH, n.NameEN, n.Kind, n.Grade, n.Geom
		r["width_m"], r["capacity"], r["unit"] = n.WidthM, n.Capacity, n.Unit
		rows = append(rows, r)
	}
	l.insert("networks", sqlNetwork, rows, l.crs)
}
