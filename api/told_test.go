package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// plantTold makes public things with what is no longer told of them: of a node its capacity, of areas their corners.
// All of it was told before.
func (h *hidden) plantTold() {
	node, line, zone, parcel := newID(h.t), newID(h.t), newID(h.t), newID(h.t)
	h.publicIDs = append(h.publicIDs, node.String(), zone.String(), parcel.String())
	capacity := h.number("network_version.capacity", "98765%d.25")
	h.record("create",
		do(`INSERT INTO network (park_id, network_id, code) VALUES ($1, $3, 'TOLD-N'), ($1, $4, $5)`, node, line,
			h.text("network.code")),
		do(`INSERT INTO network_version (park_id, network_id, from_seq, kind, grade, capacity, unit, headroom_told,
			capacity_told, geom) SELECT $1, $3, $2, 'substation', 'node', $4::numeric, 'kVA', 'figure', 'figure',
			  ST_SetSRID(ST_MakePoint(122.0229, 37.2459), 4490)`, node, capacity),
		do(`INSERT INTO network_version (park_id, network_id, from_seq, kind, grade, geom) SELECT $1, $3, $2, 'power',
			'main', ST_GeomFromText('LINESTRING(122.0212468 37.2482468, 122.0292468 37.2482468)', 4490)`, line),
		do(`INSERT INTO zone (park_id, zone_id, code) VALUES ($1, $3, 'TOLD-Z')`, zone),
		do(`INSERT INTO zone_version (park_id, zone_id, from_seq, name_zh, name_en, function, publication, geom)
			SELECT $1, $3, $2, 'z', 'z', 'mixed', 'public',
			  ST_Multi(ST_MakeEnvelope(122.0211353, 37.2411353, 122.0212, 37.2412, 4490))`, zone),
		do(`INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $3)`, parcel),
		do(`INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, geom)
			SELECT $1, $3, $2, 'TOLD-P', 'available', 4000, 'public',
			  ST_MakeEnvelope(122.0281353, 37.2481353, 122.0288, 37.2488, 4490)`, parcel))
	h.record("edit",
		do(`UPDATE network_version SET to_seq = $2 WHERE park_id = $1 AND network_id = $3 AND to_seq IS NULL`, node),
		do(`INSERT INTO network_version (park_id, network_id, from_seq, prev_to_seq, kind, grade, capacity, unit, geom)
			SELECT park_id, network_id, $2, $2, kind, grade, capacity, unit, geom FROM network_version
			 WHERE (park_id, network_id, to_seq) = ($1, $3, $2)`, node))
	h.record("settings", do(`UPDATE park SET corners_told = 'rounded' WHERE park_id = $1 AND $2 > 0`))
	sold := newID(h.t)
	h.publicIDs = append(h.publicIDs, sold.String())
	h.record("create", do(`INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $3)`, sold),
		do(`INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, price_cny_per_m2,
			price_kind, price_document, price_on, services, services_told, publication, geom)
			SELECT $1, $3, $2, 'TOLD-S', 'available', 4000, $4::numeric, 'minimum', $5, '2026-01-01', $6, 'figure', 'public',
			  ST_MakeEnvelope(122.0281, 37.2471, 122.0288, 37.2478, 4490)`, sold,
			h.number("parcel_version.price_cny_per_m2", "98765%d.32"), h.text("parcel_version.price_document"),
			object{"water": object{"ready": true, "capacity": 98764321.5, "unit": "m3/d", "stated_on": "2026-01-01"}}))
	h.keep("parcel_version.services", "98764321")
	h.again("edit", sold, `price_told = 'none', services_told = 'band'`)
	for _, corner := range []string{"122.0211353", "37.2411353", "122.0281353", "37.2481353", "37.2482468"} {
		h.secrets = append(h.secrets, secret{"a corner", corner})
	}
}

// withoutTheGuarantee undoes what keeps untold fields from the public: each where it is written.
const withoutTheGuarantee = `
	CREATE OR REPLACE FUNCTION told_shape(p_told text, p_geom geometry, p_crs integer) RETURNS geometry
	  LANGUAGE sql IMMUTABLE AS 'SELECT p_geom';
	CREATE OR REPLACE FUNCTION told_services(p_told text, p_services jsonb) RETURNS jsonb
	  LANGUAGE sql IMMUTABLE AS 'SELECT p_services';
	CREATE OR REPLACE FUNCTION first_publication(p_kind text, p_grade text) RETURNS text
	  LANGUAGE sql IMMUTABLE AS $x$SELECT 'public'$x$;
	CREATE OR REPLACE FUNCTION hide_fields() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
	DO $$ BEGIN EXECUTE replace(pg_get_functiondef('publish_network'::regproc), 'SET capacity = NULL',
	  'SET capacity = capacity'); END $$`

// TestTheCrawlFindsWhatIsNotKept shows that the crawl finds each of the fields once its guarantee is taken away.
func TestTheCrawlFindsWhatIsNotKept(t *testing.T) {
	t.Parallel()
	h := hide(t, withoutTheGuarantee)
	found := strings.Join(h.crawl(&colleague{office: h.office}).found, "\n")
	for _, secret := range []string{"a corner", "network_version.capacity", "parcel_version.services",
		"parcel_version.price_cny_per_m2", "parcel_version.price_document", "37.2482468"} {
		if !strings.Contains(found, secret) {
			t.Errorf("%s is not found", secret)
		}
	}
}

// needs are how much power somebody asks for, one need after another.
func (w *twin) needs() map[string]string {
	all, words := map[string]string{}, w.words()
	for kva := 500; kva <= 10_000; kva += 250 {
		for what, need := range map[string]object{
			"a need":  {"services": object{"power": kva}},
			"a limit": {"criteria": []object{{"measure": "headroom_power", "min": kva}}},
			"a wish":  {"criteria": []object{{"measure": "headroom_power", "want": "benefit", "weight": 1, "max": kva}}},
		} {
			for _, route := range []string{"/api/match", "/api/heat"} {
				body := object{"park": "desk", "requirement": need}
				if route == "/api/match" {
					body["moves"], body["draws"], body["excluded"] = 9, 9, 9
				}
				got := w.public().do("POST", route, body)
				all[fmt.Sprint(route, " ", what, " of ", kva)] = fmt.Sprint(got.status, plainly(words.Replace(got.text)))
			}
		}
	}
	return all
}

// nodeOf is a world whose node has a capacity of which a project draws, and tells it in forms.
// Before it, the owner carries out some SQL.
func nodeOf(t *testing.T, capacity, drawn int, capacityTold, headroomTold, before string) *twin {
	t.Helper()
	w := newTwin(t)
	if _, err := w.db.Owner.Exec(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	w.record(object{"kind": "edit", "reason": "r", "object": object{"collection": "networks", "id": w.node,
		"version": w.count(`SELECT version FROM network WHERE network_id = $1`, w.node),
		"facts": object{"capacity": capacity, "unit": "kVA", "capacity_told": capacityTold,
			"headroom_told": headroomTold}}})
	hold := w.hold(w.parcels[1])
	hold["draws"] = []object{{"service": "power", "node": w.node, "amount": drawn}}
	w.record(hold)
	return w
}

// withoutSteps tells a band as tenths of a capacity that isn't told; withCapacity tells the capacity all the same.
const (
	withoutSteps = `DO $$ BEGIN EXECUTE replace(pg_get_functiondef('publish_services'::regproc), 'WHEN whole THEN',
		'WHEN true THEN'); END $$`
	withCapacity = `DO $$ BEGIN EXECUTE replace(pg_get_functiondef('publish_network'::regproc),
		'CASE NEW.capacity_told WHEN ''figure'' THEN NEW.capacity END', 'NEW.capacity'); END $$`
)

// TestNobodyFindsAHiddenFigureByAsking: two nodes of other capacities, of which other amounts are drawn, tell the same
// band, and no question is answered otherwise by one than by the other. Where the capacity or the figure is told, or
// the guarantee is taken away, the same questions tell them apart.
func TestNobodyFindsAHiddenFigureByAsking(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		capacity, headroom, before string
		alike                      bool
	}{
		{"none", "band", "", true}, {"none", "word", "", true}, {"none", "none", "", true},
		{"figure", "band", "", false}, {"none", "figure", "", false},
		{"none", "band", withoutSteps, false}, {"none", "word", withCapacity, false},
	} {
		t.Run(fmt.Sprint(c.capacity, " ", c.headroom, " ", len(c.before)), func(t *testing.T) {
			t.Parallel()
			a := nodeOf(t, 5000, 800, c.capacity, c.headroom, c.before)  // 4,200 are left: 2,000 to 5,000, ample
			b := nodeOf(t, 6100, 2900, c.capacity, c.headroom, c.before) // 3,200
			different := differences(a.needs(), b.needs())
			if c.alike {
				different = append(different, differences(a.said(), b.said())...)
			}
			if c.alike != (len(different) == 0) {
				t.Errorf("%d answers differ: %s", len(different), strings.Join(different[:min(len(different), 3)], "\n"))
			}
			if c.headroom != "band" || !c.alike { // looked at once
				return
			}
			known := a.public().want(200, "GET", services, nil)
			if at(known.body, "services", 0, "capacity") != nil || at(known.body, "services", 0, "nodes", 0, "capacity") != nil ||
				at(known.body, "services", 0, "nodes", 0, "told", "min") != 2000.0 ||
				at(known.body, "services", 0, "nodes", 0, "told", "max") != 5000.0 ||
				at(known.body, "services", 0, "nodes", 0, "free") != nil {
				t.Errorf("the public is told %s", known.text)
			}
		})
	}
}

// TestCornersAreToldAsTheParkChose: a park that rounds its corners has no corner off the grid in any feed, and its
// parcels still share their corners; told exactly again, the live ones are as surveyed.
func TestCornersAreToldAsTheParkChose(t *testing.T) {
	t.Parallel()
	w := newTwin(t)
	off := func() int {
		return w.count(`SELECT count(*) FROM (SELECT geom FROM parcel_public UNION ALL SELECT geom FROM park_public) f,
			ST_DumpPoints(ST_Transform(f.geom, 4550)) p WHERE abs(ST_X(p.geom) - round(ST_X(p.geom))) > 0.001
			OR abs(ST_Y(p.geom) - round(ST_Y(p.geom))) > 0.001`)
	}
	tell := func(how string) {
		w.record(object{"kind": "settings", "reason": "r", "settings": object{"corners_told": how}})
	}
	read := "/ogc/collections/parcels/items?limit=100&crs=" + url.QueryEscape("http://www.opengis.net/def/crs/EPSG/0/4550")
	exact := w.public().want(200, "GET", read, nil).text
	if off() == 0 {
		t.Fatal("all corners lie on whole metres by chance")
	}
	tell("rounded")
	if n := off(); n != 0 {
		t.Errorf("%d corners are told as surveyed", n)
	}
	if w.public().want(200, "GET", read, nil).text == exact {
		t.Error("the feed tells the same corners")
	}
	if w.public().want(200, "GET", "/api/parks/desk", nil).body["corners_told"] != "rounded" {
		t.Error("the park doesn't say so")
	}
	tell("exact")
	if n := w.count(`SELECT count(*) FROM parcel_public f JOIN parcel_version v USING (park_id, parcel_id)
		WHERE f.to_seq IS NULL AND v.to_seq IS NULL AND NOT ST_OrderingEquals(f.geom, v.geom)`); n != 0 {
		t.Errorf("%d parcels are still told otherwise than surveyed", n)
	}
}

// TestAFieldIsToldAsItsParcelChose edits what a parcel tells and reads it at the next request, on its page and in its
// feed, of today and of the past.
func TestAFieldIsToldAsItsParcelChose(t *testing.T) {
	t.Parallel()
	w := newTwin(t)
	edit := func(facts object) told {
		return w.record(object{"kind": "edit", "reason": "r", "parcels": w.refs(w.parcels[1]),
			"object": object{"facts": facts}})
	}
	edit(object{"price_cny_per_m2": 321, "price_kind": "reference", "price_document": "成交参考", "price_on": "2026-02-03",
		"services": object{"water": object{"ready": true, "capacity": 333, "unit": "m3/d", "stated_on": "2026-03-04"}}})
	then := url.QueryEscape(w.moments[len(w.moments)-1].UTC().Format("2006-01-02T15:04:05.999999Z"))
	said := func(query string) string {
		f := w.public().want(200, "GET", "/ogc/collections/parcels/items?code=B&limit=1"+query, nil).body
		p := at(f, "features", 0, "properties")
		return fmt.Sprint(at(p, "price_cny_per_m2"), " ", at(p, "price_kind"), " ", at(p, "price_on"), " ",
			at(p, "services", "water"), " ", at(p, "service_water_capacity"))
	}
	page := func() string { return w.public().do("GET", "/sites/desk/B?lang=zh", nil).text }
	if is := said(""); !strings.Contains(is, "321 reference 2026-02-03") || !strings.Contains(is, "capacity:333") ||
		!strings.Contains(page(), "333 m³/d · 截至 2026-03-04") {
		t.Errorf("told are %s", is)
	}
	for _, c := range []struct {
		facts            object
		now, past, paper string
	}{
		{object{"services_told": "band"}, "map[capacity:<nil> max:500 min:200 ready:true stated_on:2026-03-04 unit:m3/d] <nil>",
			"max:500", "200–500 m³/d · 截至 2026-03-04"},
		{object{"services_told": "word"}, "map[capacity:<nil> ready:true stated_on:2026-03-04 unit:<nil>] <nil>",
			"map[capacity:<nil> ready:true", "截至 2026-03-04"},
		{object{"services_told": "none"}, "2026-02-03 <nil> <nil>", "2026-02-03 <nil> <nil>", ""},
		{object{"price_told": "none"}, "<nil> <nil> <nil> <nil> <nil>", "<nil> <nil> <nil>", ""},
		{object{"price_told": "figure", "services_told": "figure"}, "321 reference 2026-02-03 map[capacity:333",
			"<nil> <nil> <nil> <nil>", "333 m³/d"},
	} {
		edit(c.facts)
		if is := said(""); !strings.Contains(is, c.now) {
			t.Errorf("%v: told are %s", c.facts, is)
		}
		if is := said("&datetime=" + then); !strings.Contains(is, c.past) {
			t.Errorf("%v: of the past are told %s", c.facts, is)
		}
		if beside := w.public().do("GET", "/sites/desk/A,B?lang=zh", nil).text; !strings.Contains(page(), c.paper) ||
			!strings.Contains(beside, c.paper) {
			t.Errorf("%v: the page, or that of two, doesn't say %s", c.facts, c.paper)
		}
	}
	bad := w.admin.want(400, "POST", records, object{"kind": "edit", "reason": "r", "parcels": w.refs(w.parcels[1]),
		"object": object{"facts": object{"price_told": "band"}}})
	if bad.body["field"] != "object.facts.price_told" {
		t.Errorf("%s", bad.text)
	}
}
