package intake_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"luodi/data/store/storetest"
)

func TestImportOtherLayers(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	two := `{"type":"MultiPolygon","coordinates":[[[[414000,4125000],[414100,4125000],[414100,4125100],[414000,4125000]]],[[[414200,4125000],[414300,4125000],[414300,4125100],[414200,4125000]]]]}`
	zones := request("north")
	zones.Layer, zones.Fields = "zones", map[string]string{"name_zh": "名称"}
	mustImport(t, db.Store, survey(t, "EPSG:4550",
		plot{map[string]any{"code": "Z1", "名称": "生产区", "function": "fibre_production"}, two}, box("Z2", 0, 0, 50, 50)),
		zones)
	if got := storetest.Number[string](t, db, `SELECT string_agg(concat_ws(':', z.code, v.name_zh, v.name_en, v.function,
		ST_NumGeometries(v.geom)), ' ' ORDER BY z.code) FROM zone_version v JOIN zone z USING (park_id, zone_id)`); got !=
		"Z1:生产区:生产区:fibre_production:2 Z2:Z2:Z2:mixed:1" {
		t.Errorf("zones %s", got)
	}
	units := request("north")
	units.Layer = "plan-units"
	units.Constants = map[string]string{"land_use": "100102", "edition": "2022", "effective_from": "2022-01-01"}
	unit := box("U1", 0, 0, 50, 50).with("conditions", map[string]any{"far": map[string]any{"min": 0.7, "max": 1.8}})
	mustImport(t, db.Store, survey(t, "EPSG:4550", unit), units)
	if got := storetest.Number[string](t, db, `SELECT concat_ws(':', land_use, edition, effective_from,
		conditions->'far'->>'max', conditions->'far'->>'source', conditions->'far'->>'effective_from')
		FROM plan_unit_version`); got != "100102:2022:2022-01-01:1.8:2022:2022-01-01" {
		t.Errorf("plan unit %s", got)
	}
	networks := request("north")
	networks.Layer, networks.Constants = "networks", map[string]string{"kind": "road", "grade": "main"}
	mustImport(t, db.Store, survey(t, "EPSG:4550",
		plot{map[string]any{"code": "R1", "width_m": 12.5},
			`{"type":"LineString","coordinates":[[414000,4124000,5],[414100,4124000,6]]}`},
		plot{map[string]any{"code": "R2"},
			`{"type":"MultiLineString","coordinates":[[[414000,4124000],[414100,4124000]]]}`},
		plot{map[string]any{"code": "R3", "capacity": 400, "unit": "t/h"},
			`{"type":"Point","coordinates":[414000,4124000]}`}), networks)
	if got := storetest.Number[string](t, db, `SELECT string_agg(concat_ws(':', n.code, GeometryType(v.geom), v.width_m,
		v.capacity, v.unit), ' ' ORDER BY n.code) FROM network_version v JOIN network n USING (park_id, network_id)`); got !=
		"R1:LINESTRING:12.50 R2:LINESTRING R3:POINT:400.000:t/h" {
		t.Errorf("networks %s", got)
	}
	parcels := mustImport(t, db.Store, survey(t, "EPSG:4550",
		box("A", 0, 0, 9, 9).with("zone", "Z2").with("services",
			map[string]any{"steam": map[string]any{"ready": true}})), request("north"))
	if got := storetest.Number[string](t, db, `SELECT z.code || (v.services->'steam'->>'ready') FROM parcel_version v
		JOIN zone z USING (park_id, zone_id)`); got != "Z2true" || parcels.Seq != 4 {
		t.Errorf("parcel %s at change %d", got, parcels.Seq)
	}
}

func TestImportRefusesOtherLayersRows(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	line := `{"type":"LineString","coordinates":[[414000,4124000],[414100,4124000]]}`
	service := func(road string) map[string]any {
		return map[string]any{"code": "a", "services": json.RawMessage(`{"road":` + road + `}`)}
	}
	for name, c := range map[string]struct {
		layer string
		props map[string]any
		geom  string
		want  string
	}{
		"no kind": {"networks", map[string]any{"code": "a"}, line, "missing_value"},
		"no such kind": {"networks", map[string]any{"code": "a", "kind": "canal", "grade": "main"}, line,
			"value"},
		"grade of another": {"networks", map[string]any{"code": "a", "kind": "steam", "grade": "expressway"}, line,
			"value"},
		"unit alone": {"networks", map[string]any{"code": "a", "kind": "steam", "grade": "trunk",
			"unit": "t/h"}, line, "value"},
		"capacity alone": {"networks", map[string]any{"code": "a", "kind": "steam", "grade": "trunk",
			"capacity": 5}, line, "missing_value"},
		"a road as parcel": {"parcels", map[string]any{"code": "a"}, line, "wrong_kind"},
		"a parcel as road": {"networks", map[string]any{"code": "a", "kind": "road", "grade": "main"},
			box("", 0, 0, 9, 9).geom, "wrong_kind"},
		"no edition": {"plan-units", map[string]any{"code": "a", "land_use": "10",
			"effective_from": "2022-01-01"}, box("", 0, 0, 9, 9).geom, "missing_value"},
		"no day": {"plan-units", map[string]any{"code": "a", "land_use": "10", "edition": "1",
			"effective_from": "soon"}, box("", 0, 0, 9, 9).geom, "value"},
		"no such condition": {"plan-units", map[string]any{"code": "a", "land_use": "10", "edition": "1",
			"effective_from": "2022-01-01", "conditions": map[string]any{"x": map[string]any{}}},
			box("", 0, 0, 9, 9).geom, "value"},
		"a service as text":  {"parcels", service(`"yes"`), box("", 0, 0, 9, 9).geom, "value"},
		"a service's member": {"parcels", service(`{"ready":true,"x":[1]}`), box("", 0, 0, 9, 9).geom, "value"},
		"a service unsaid":   {"parcels", service(`{"capacity":1,"unit":"m3/d"}`), box("", 0, 0, 9, 9).geom, "value"},
		"a capacity below 0": {"parcels", service(`{"ready":true,"capacity":-1,"unit":"m3/d"}`),
			box("", 0, 0, 9, 9).geom, "value"},
		"a capacity of what": {"parcels", service(`{"ready":true,"capacity":1}`), box("", 0, 0, 9, 9).geom, "value"},
		"a service of null":  {"parcels", service(`null`), box("", 0, 0, 9, 9).geom, "value"},
		"a unit of 201": {"parcels", service(`{"ready":true,"capacity":1,"unit":"` + strings.Repeat("m", 201) +
			`"}`), box("", 0, 0, 9, 9).geom, "value"},
		"bounds exchanged": {"plan-units", map[string]any{"code": "a", "land_use": "10", "edition": "1",
			"effective_from": "2022-01-01", "conditions": map[string]any{"far": map[string]any{"min": 2, "max": 1}}},
			box("", 0, 0, 9, 9).geom, "value"},
		"no bounds": {"plan-units", map[string]any{"code": "a", "land_use": "10", "edition": "1",
			"effective_from": "2022-01-01", "conditions": map[string]any{"far": map[string]any{"source": "a law"}}},
			box("", 0, 0, 9, 9).geom, "value"},
		"a name of 201": {"zones", map[string]any{"code": "a", "name_zh": strings.Repeat("园", 201)},
			box("", 0, 0, 9, 9).geom, "value"},
		"no such function": {"zones", map[string]any{"code": "a", "function": "fun"}, box("", 0, 0, 9, 9).geom,
			"value"},
		"cadastral too short": {"parcels", map[string]any{"code": "a", "cadastral_no": "123"},
			box("", 0, 0, 9, 9).geom, "value"},
		"a negative price": {"parcels", map[string]any{"code": "a", "price_cny_per_m2": -1},
			box("", 0, 0, 9, 9).geom, "value"},
	} {
		req := request("north")
		req.Layer = c.layer
		report, _ := importFile(t, db.Store, survey(t, "EPSG:4550", plot{c.props, c.geom}), req)
		if got := refusalsOf(report)[1]; got != c.want {
			t.Errorf("%s: %q, want %s", name, got, c.want)
		}
	}
	zones := request("north")
	zones.Layer = "zones"
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("Z", 0, 0, 9, 9)), zones)
	report, _ := importFile(t, db.Store, survey(t, "EPSG:4550", box("Z", 100, 0, 9, 9)), zones)
	if got := refusalsOf(report)[1]; got != "code_taken" {
		t.Errorf("a zone's code twice: %q", got)
	}
}

// A ring that is valid as surveyed but touches itself once it lies on the grid is put in order, not refused: here a
// spike 0.02 mm wide.
func TestImportMendsWhatTheGridBreaks(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	spiked := polygon([][2]float64{{0, 0}, {100, 0}, {100, 100}, {50.00002, 100}, {50.00001, 130}, {50, 100}, {0, 100},
		{0, 0}})
	report := mustImport(t, db.Store, survey(t, "EPSG:4550", plot{map[string]any{"code": "A"}, spiked}),
		request("north"))
	if report.MendedRows != 1 || math.Abs(report.ComputedM2-10_000) > 0.05 {
		t.Errorf("mended %d, %f m²", report.MendedRows, report.ComputedM2)
	}
	if valid := storetest.Number[bool](t, db, `SELECT bool_and(ST_IsValid(geom)) FROM parcel_version`); !valid {
		t.Error("what was written is not valid")
	}
	// A notch that the grid closes cuts its parcel in two: that is not for a program to settle.
	refused := 0
	for i := range 20 {
		park := "cut-" + string(rune('a'+i))
		moved := plot{map[string]any{"code": "B"}, polygon(shifted(i))}
		report, _ := importFile(t, db.Store, survey(t, "EPSG:4550", moved), request(park))
		if refusalsOf(report)[1] == "collapsed" {
			refused++
		}
	}
	if refused == 0 {
		t.Error("the grid closed no notch: the test shows nothing")
	}
}

// shifted is a square whose notch ends a thousandth of a millimetre before its other side, moved a little by i.
func shifted(i int) [][2]float64 {
	d := float64(i) * 0.123456
	return [][2]float64{{d, d}, {d + 100, d}, {d + 100, d + 100}, {d + 60, d + 100}, {d + 99.999999, d + 50},
		{d + 40, d + 100}, {d, d + 100}, {d, d}}
}
