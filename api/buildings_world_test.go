package api_test

import (
	"maps"

	"github.com/google/uuid"
)

func init() { maps.Copy(doors, buildingDoors) }

// newUnit is a building of the park on a public parcel, ready, and a unit of it.
func (w *world) newUnit() (building, unit uuid.UUID) {
	w.scan(`INSERT INTO building (park_id, building_id, parcel_id, code, name_zh, name_en, stage, since, publication)
		VALUES ($1, gen_random_uuid(), $2, $3, 'n', 'n', 'ready', '2026-01-01', 'public') RETURNING building_id`,
		[]any{w.hereID, w.parcel, w.next("B")}, &building)
	w.scan(`INSERT INTO unit (park_id, unit_id, building_id, code, area_m2, publication)
		VALUES ($1, gen_random_uuid(), $2, '101', 100, 'public') RETURNING unit_id`, []any{w.hereID, building}, &unit)
	return building, unit
}

// newLetting is a hold of a unit.
func (w *world) newLetting() (letting uuid.UUID) {
	_, unit := w.newUnit()
	w.scan(`INSERT INTO letting (park_id, letting_id, unit_id, district_id, project_id, period, state, hold_until)
		VALUES ($1, gen_random_uuid(), $2, $3, $4, daterange(current_date, NULL), 'held', current_date + 9) RETURNING letting_id`,
		[]any{w.hereID, unit, w.district, w.newProject()}, &letting)
	return letting
}

// buildingCells try the rows of buildings: things is one of buildings, units and lettings.
func buildingCells(park string) []cellCase {
	of := func(method, things, more string, body object, pick func(*world) uuid.UUID) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask {
			return ask{method, park + "/" + things + "/" + pick(w).String() + more, body, seen}
		}
	}
	building := func(w *world) uuid.UUID { b, _ := w.newUnit(); return b }
	unit := func(w *world) uuid.UUID { _, u := w.newUnit(); return u }
	letting := func(w *world) uuid.UUID { return w.newLetting() }
	plain := func(method, path string, body func(*world) object) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask {
			if body == nil {
				return ask{method: method, path: park + path}
			}
			return ask{method: method, path: park + path, body: body(w)}
		}
	}
	return []cellCase{
		{"buildings", "", "", plain("GET", "/buildings", nil)}, {"units", "", "", plain("GET", "/units", nil)},
		{"building", "", "", of("GET", "buildings", "", nil, building)},
		{"building.history", "", "", of("GET", "buildings", "/history", nil, building)},
		{"lettings", "", "", of("GET", "units", "/lettings", nil, unit)},
		{"building.records", "", "", plain("GET", "/building-records", nil)},
		{"lettings.list", "", "", plain("GET", "/lettings", nil)},
		{"buildings.create", "", "", plain("POST", "/buildings", func(w *world) object {
			return object{"parcel": w.parcel, "code": w.next("B"), "name_zh": "n", "stage": "planned"}
		})},
		{"buildings.change", "", "", of("PATCH", "buildings", "", object{"storeys": 2}, building)},
		{"units.create", "", "", of("POST", "buildings", "/units", object{"code": "102", "area_m2": 5}, building)},
		{"units.change", "", "", of("PATCH", "units", "", object{"area_m2": 6}, unit)},
		{"lettings.create", "", "", func(w *world, _ *someone) ask {
			_, u := w.newUnit()
			return ask{"POST", park + "/units/" + u.String() + "/lettings",
				object{"project": w.newProject(), "from": "2030-01-01", "hold_until": "2029-12-31"}, nil}
		}},
		{"lettings.create", "for a project", "of here", func(w *world, _ *someone) ask {
			_, u := w.newUnit()
			return ask{"POST", park + "/units/" + u.String() + "/lettings",
				object{"project": w.newProject(), "from": "2030-01-01", "hold_until": "2029-12-31"}, nil}
		}},
		{"lettings.let", "", "", of("POST", "lettings", "/let", object{"document": "d"}, letting)},
		{"lettings.end", "", "", of("POST", "lettings", "/end", object{"reason": "r"}, letting)},
	}
}

const (
	someBuilding = "/api/parks/desk/buildings/"
	someUnit     = "/api/parks/desk/units/"
	someLetting  = "/api/parks/desk/lettings/"
)

// aUnit is a unit of the town's building, each time another, and its building.
func (w *town) aUnit() (building, unit string) {
	w.t.Helper()
	if w.ids["building"] == "" {
		w.ids["building"] = w.boss.want(201, "POST", "/api/parks/desk/buildings", object{"parcel": w.parcels[3],
			"code":    w.next("B"),
			"name_zh": "n", "stage": "ready", "since": "2026-01-01", "publication": "public"}).body["id"].(string)
	}
	made := w.boss.want(201, "POST", someBuilding+w.ids["building"]+"/units", object{"code": w.next("U"), "area_m2": 5,
		"publication": "public"})
	w.ids["unit"] = made.body["id"].(string)
	return w.ids["building"], w.ids["unit"]
}

// aHold is a hold of a unit.
func (w *town) aHold() string {
	_, unit := w.aUnit()
	return w.boss.want(201, "POST", someUnit+unit+"/lettings", object{"project": w.ids["project"], "from": "2030-01-01",
		"hold_until": inDays(9)}).body["id"].(string)
}

// buildingDoors write texts of buildings, their units and lettings.
var buildingDoors = map[string]door{
	"POST /api/parks/{park}/buildings": {func(w *town) (string, object) {
		return "/api/parks/desk/buildings", object{"parcel": w.parcels[3], "code": w.next("B"), "name_zh": "n",
			"stage":    "planned",
			"ready_by": "2027-01-01", "since": "2026-01-01"}
	}, map[string]writtenForm{"code": code, "name_zh": line(200), "name_en": line(200), "source": line(500), "since": never, "ready_by": never}},
	"PATCH /api/parks/{park}/buildings/{id}": {func(w *town) (string, object) {
		building, _ := w.aUnit()
		return someBuilding + building, object{"storeys": 2}
	}, map[string]writtenForm{"code": code, "name_zh": line(200), "name_en": line(200), "source": line(500), "since": never, "ready_by": never, "reason": prose(1000), "unknown[]": never}},
	"POST /api/parks/{park}/buildings/{id}/units": {func(w *town) (string, object) {
		building, _ := w.aUnit()
		return someBuilding + building + "/units", object{"code": w.next("U"), "area_m2": 5}
	}, map[string]writtenForm{"code": code, "free_from": never}},
	"PATCH /api/parks/{park}/units/{id}": {func(w *town) (string, object) {
		_, unit := w.aUnit()
		return someUnit + unit, object{"area_m2": 6}
	}, map[string]writtenForm{"code": code, "free_from": never, "reason": prose(1000), "unknown[]": never}},
	"POST /api/parks/{park}/units/{id}/lettings": {func(w *town) (string, object) {
		_, unit := w.aUnit()
		return someUnit + unit + "/lettings", object{"project": w.ids["project"], "from": "2026-02-01",
			"until":    "2030-01-01",
			"document": "d", "signed_on": "2026-01-31"}
	}, map[string]writtenForm{"from": never, "until": never, "hold_until": never, "document": line(200),
		"signed_on": never, "reason": prose(1000)}},
	"POST /api/parks/{park}/lettings/{id}/let": {func(w *town) (string, object) {
		return someLetting + w.aHold() + "/let", object{"document": "d"}
	}, map[string]writtenForm{"document": line(200), "signed_on": never, "from": never, "until": never, "reason": prose(1000)}},
	"POST /api/parks/{park}/lettings/{id}/end": {func(w *town) (string, object) {
		return someLetting + w.aHold() + "/end", object{"reason": "r"}
	}, map[string]writtenForm{"reason": prose(1000), "on": never}},
}

// plantBuildings gives the hidden park an internal building with a unit of it that is let, and a public one on an
// internal parcel.
func (h *hidden) plantBuildings() {
	building := func(name string, parcel uuid.UUID, publication string) uuid.UUID {
		id := h.id(name)
		h.owner(`INSERT INTO building (park_id, building_id, parcel_id, code, name_zh, name_en, stage, since, floor_m2, source, reason,
			publication) VALUES ($1, $2, $3, $4, $5, $6, 'ready', '2026-01-01', $7::numeric, $8, $9, $10)`, h.parkID, id, parcel,
			h.text("building.code"), h.text("building.name_zh"), h.text("building.name_en"), h.number("building.floor_m2", "54%d21.75"),
			h.text("building.source"), h.text("building.reason"), publication)
		unit := h.id("unit of " + name)
		h.owner(`INSERT INTO unit (park_id, unit_id, building_id, code, area_m2, clear_height_m, load_t_m2, crane_t, power_kva,
			rent_cny_m2_month, reason, publication) VALUES ($1, $2, $3, $4, $5::numeric, 77.31, 88.32, 99.33, $6::numeric, $7::numeric,
			$8, 'public')`, h.parkID, unit, id, h.text("unit.code"), h.number("unit.area_m2", "63%d87.25"),
			h.number("unit.power_kva", "71%d43.5"), h.number("unit.rent_cny_m2_month",
				"829%d.75"), h.text("unit.reason"))
		h.owner(`INSERT INTO letting (park_id, letting_id, unit_id, district_id, project_id, period, state, let_on, document, reason)
			SELECT park_id, $2, $3, district_id, $4, '[2026-02-01,)', 'let', '2026-01-31', $5, $6 FROM park WHERE park_id = $1`,
			h.parkID, h.id("letting of "+name), unit, h.id("late project"), h.text("letting.document"), h.text("letting.reason"))
		return id
	}
	building("internal building", h.parcels[1], "internal")
	building("building on an internal parcel", h.id("parcel"), "public")
	// written by trigger
	h.planted["building_record.reason"], h.planted["building_record.facts"] = true, true
}
