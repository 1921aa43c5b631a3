package sample

const (
	sqlBuilding = `INSERT INTO building (park_id, building_id, parcel_id, code, name_zh, name_en, stage, since, ready_by,
	storeys, floor_m2, source, illustrative, publication)
SELECT r.park_id, r.id, r.parcel_id, r.code, r.name_zh, r.name_en, r.stage, r.since, r.ready_by, r.storeys, r.floor_m2, r.source,
       true, 'public'
  FROM jsonb_to_recordset($1::jsonb) r (park_id uuid, id uuid, parcel_id uuid, code text, name_zh text, name_en text,
    stage text, since date, ready_by date, storeys smallint, floor_m2 numeric, source text)`

	sqlUnit = `INSERT INTO unit (park_id, unit_id, building_id, code, floor, area_m2, clear_height_m, load_t_m2, crane_t,
       power_kva, rent_cny_m2_month, publication)
SELECT r.park_id, r.id, r.building_id, r.code, r.floor, r.area_m2, r.clear_height_m, r.load_t_m2, r.crane_t, r.power_kva,
       r.rent_cny_m2_month, 'public'
  FROM jsonb_to_recordset($1::jsonb) r (park_id uuid, id uuid, building_id uuid, code text, floor smallint, area_m2 numeric,
    clear_height_m numeric, load_t_m2 numeric, crane_t numeric, power_kva numeric, rent_cny_m2_month numeric)`

	sqlLetting = `INSERT INTO letting (park_id, letting_id, unit_id, district_id, project_id, period, state, let_on, document)
SELECT r.park_id, r.id, r.unit_id, r.district_id, r.project_id, daterange(r."from", NULL), 'let', r."from", r.document
  FROM jsonb_to_recordset($1::jsonb) r (park_id uuid, id uuid, unit_id uuid, district_id uuid, project_id uuid, "from" date,
    document text)`
)

// buildings puts the workshops on their parcels, with their units and who has let them.
func (l *loader) buildings(p Park) {
	var rows, units, lettings []row
	for _, b := range p.Buildings {
		id := l.id("building", p.Code+" "+b.Code)
		rows = append(rows, row{"park_id": l.parkID, "id": id, "parcel_id": l.id("parcel", p.Code+" "+b.Parcel),
			"code":    b.Code,
			"name_zh": b.NameZH, "name_en": b.NameEN, "stage": b.Stage, "since": orNull(b.Since), "ready_by": orNull(b.ReadyBy),
			"storeys": b.Storeys, "floor_m2": b.FloorM2, "source": b.Source})
		for _, u := range b.Units {
			unit := l.id("unit", p.Code+" "+b.Code+" "+u.Code)
			units = append(units, row{"park_id": l.parkID, "id": unit, "building_id": id, "code": u.Code,
				"floor":   u.Floor,
				"area_m2": u.AreaM2, "clear_height_m": u.ClearHeightM, "load_t_m2": u.LoadTM2, "crane_t": u.CraneT,
				"power_kva": u.PowerKVA, "rent_cny_m2_month": u.Rent})
			if u.Tenant != "" {
				lettings = append(lettings, row{"park_id": l.parkID, "id": l.id("letting", unit.String()),
					"unit_id":     unit,
					"district_id": l.home, "project_id": l.id("project", u.Tenant), "from": u.LetFrom,
					"document": "示意租约 / illustrative lease " + b.Code + "-" + u.Code})
			}
		}
	}
	l.insert("buildings", sqlBuilding, rows)
	l.insert("units", sqlUnit, units)
	l.insert("lettings", sqlLetting, lettings)
}

// orNull is a text that a column takes, or nil for "".
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
