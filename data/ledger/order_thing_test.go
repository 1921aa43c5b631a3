package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/geo"
)

// facts writes facts as a command has them.
func facts(t *testing.T, text string) feed.Facts {
	t.Helper()
	var f feed.Facts
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// rect is a rectangle in ten-thousandths of a degree from the south-west corner of the test's ground.
func rect(x0, y0, x1, y1 float64) json.RawMessage {
	lon, lat := func(x float64) float64 { return 122.02 + x/1e4 }, func(y float64) float64 { return 37.24 + y/1e4 }
	return fmt.Appendf(nil,
		`{"type":"Polygon","coordinates":[[[%[1]f,%[2]f],[%[3]f,%[2]f],[%[3]f,%[4]f],[%[1]f,%[4]f],[%[1]f,%[2]f]]]}`,
		lon(x0), lat(y0), lon(x1), lat(y1))
}

func (d *desk) made(collection string, shape json.RawMessage, f string) ledger.Command {
	return ledger.Command{Kind: "create", Object: &ledger.Subject{Collection: collection, Geometry: shape,
		Facts: facts(d.t, f)}}
}

// refuses expects an order to be refused by a rule, or for a field.
func (d *desk) refuses(name, want string, c ledger.Command) {
	d.t.Helper()
	_, err := ledger.Of(d.Store).Do(context.Background(), d.order(c))
	var denial *store.Denial
	var invalid *geo.Invalid
	got := fmt.Sprint(err)
	switch {
	case errors.As(err, &denial):
		got = denial.Rule
	case errors.As(err, &invalid):
		got = invalid.Field
	}
	if got != want {
		d.t.Errorf("%s: %s, want %s", name, got, want)
	}
}

// everything describes what is live: parcels with all their facts, and things with theirs.
func (d *desk) everything() string {
	d.t.Helper()
	const sql = `SELECT string_agg(x, E'\n' ORDER BY x) FROM (
		SELECT (to_jsonb(v) - ARRAY['park_id', 'parcel_id', 'from_seq', 'prev_to_seq', 'sys'])::text AS x
		  FROM parcel_version v WHERE to_seq IS NULL
		UNION ALL SELECT i.code || (to_jsonb(v) - ARRAY['park_id', 'zone_id', 'from_seq', 'prev_to_seq',
		  'sys'])::text FROM zone_version v JOIN zone i USING (park_id, zone_id) WHERE to_seq IS NULL AND live
		UNION ALL SELECT i.code || (to_jsonb(v) - ARRAY['park_id', 'plan_unit_id', 'from_seq', 'prev_to_seq',
		  'sys'])::text FROM plan_unit_version v JOIN plan_unit i USING (park_id, plan_unit_id)
		  WHERE to_seq IS NULL AND live
		UNION ALL SELECT i.code || (to_jsonb(v) - ARRAY['park_id', 'network_id', 'from_seq', 'prev_to_seq',
		  'sys'])::text FROM network_version v JOIN network i USING (park_id, network_id) WHERE to_seq IS NULL
		  AND live) s`
	var text string
	if err := d.Owner.QueryRow(context.Background(), sql).Scan(&text); err != nil {
		d.t.Fatal(err)
	}
	return text
}

const (
	zoneFacts    = `{"code": "Z1", "name_zh": "生产区", "name_en": "Production", "function": "fibre_production", "legal_m2": 40000.5}`
	unitFacts    = `{"code": "U1", "land_use": "100102", "edition": "2022", "effective_from": "2022-01-01", "conditions": {"far": {"min": 0.7, "max": 1.8}}, "publication": "public"}`
	networkFacts = `{"code": "N1", "kind": "steam", "grade": "node", "capacity": 300, "unit": "t/h", "publication": "public"}`
	node         = `{"type":"Point","coordinates":[122.0221,37.2421]}`
)

// TestWhatIsMadeEditedAndRetiredCanBeReversed makes, edits and retires one of each collection. Each change is reversed,
// and the reversal too, and at last the change is made to stand.
func TestWhatIsMadeEditedAndRetiredCanBeReversed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	first := d.do(d.made("zones", rect(0, 0, 50, 50), zoneFacts))
	of := map[string]*ledger.Subject{"zones": {Collection: "zones", ID: &first.Objects[0].ID,
		Version: first.Objects[0].Version}}
	parcel := func() []ledger.Ref { return d.refs(d.live("P")) }
	note := func(out ledger.Outcome) {
		for _, o := range out.Objects {
			of[o.Collection] = &ledger.Subject{Collection: o.Collection, ID: &o.ID, Version: o.Version}
		}
	}
	with := func(collection, f string, shape string) *ledger.Subject {
		o := *of[collection]
		o.Facts, o.Geometry = facts(t, f), json.RawMessage(shape)
		return &o
	}
	for _, c := range []struct {
		name  string
		order func() ledger.Command
	}{
		{"a zone edited", func() ledger.Command {
			return ledger.Command{Kind: "edit", Object: with("zones",
				`{"name_en": "Fibre", "legal_m2": null, "publication": "public"}`, "")}
		}},
		{"a parcel made", func() ledger.Command {
			return d.made("parcels", rect(0, 10, 20, 20),
				`{"code": "P", "zone": "Z1", "land_use": "100102", "services": {"water": {"ready": true, "capacity": 400, "unit": "m3/d"}}, "price_cny_per_m2": 336.5}`)
		}},
		{"a parcel edited", func() ledger.Command {
			return ledger.Command{Kind: "edit", Parcels: parcel(),
				Object: &ledger.Subject{Facts: facts(t,
					`{"price_cny_per_m2": null, "services": {}, "zone": null, "code": "P", "land_use": "100101"}`)}}
		}},
		{"a parcel retired", func() ledger.Command { return ledger.Command{Kind: "retire", Parcels: parcel()} }},
		{"a zone retired", func() ledger.Command { return ledger.Command{Kind: "retire", Object: of["zones"]} }},
		{"a plan unit made", func() ledger.Command { return d.made("plan-units", rect(0, 0, 30, 30), unitFacts) }},
		{"a plan unit edited", func() ledger.Command {
			return ledger.Command{Kind: "edit", Object: with("plan-units",
				`{"conditions": {"far": {"min": 1, "max": 2, "source": "控规", "edition": "2026", "effective_from": "2026-01-01"}}}`, string(rect(0, 0, 40, 40)))}
		}},
		{"a plan unit retired", func() ledger.Command {
			return ledger.Command{Kind: "retire",
				Object: of["plan-units"]}
		}},
		{"a network made", func() ledger.Command { return d.made("networks", json.RawMessage(node), networkFacts) }},
		{"a network edited", func() ledger.Command {
			return ledger.Command{Kind: "edit", Object: with("networks",
				`{"capacity": 450.5, "publication": "internal"}`, "")}
		}},
		{"a network moved", func() ledger.Command {
			return ledger.Command{Kind: "edit", Object: with("networks", `{}`,
				`{"type":"LineString","coordinates":[[122.0221,37.2421],[122.0231,37.2421]]}`)}
		}},
		{"a network retired", func() ledger.Command { return ledger.Command{Kind: "retire", Object: of["networks"]} }},
	} {
		before := d.everything()
		o := d.order(c.order())
		o.Preview = true
		if out, err := ledger.Of(d.Store).Do(context.Background(), o); err != nil ||
			len(out.Objects)+len(out.Parcels)+len(out.Retired) == 0 || d.everything() != before {
			t.Fatalf("%s, as a preview: %+v, %v", c.name, out, err)
		}
		done := d.do(o.Command)
		note(done)
		after := d.everything()
		if before == after {
			t.Fatalf("%s changed nothing", c.name)
		}
		for i, want := range []string{before, after, before, after} {
			undone := d.do(ledger.Command{Kind: "revert", Reverts: done.Seq})
			note(undone)
			if got := d.everything(); got != want {
				t.Fatalf("%s, reversed %d times:\n%s\nwas\n%s", c.name, i+1, got, want)
			}
			done = undone
		}
	}
	if n := d.count(`SELECT count(*) FROM zone_public WHERE to_seq IS NULL`) +
		d.count(`SELECT count(*) FROM network_public WHERE to_seq IS NULL`); n != 0 {
		t.Errorf("the public sees %d things that were retired or hidden", n)
	}
}

func (d *desk) count(sql string, args ...any) int {
	d.t.Helper()
	var n int
	if err := d.Owner.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func TestANewParcelSharesItsEdgesWithItsNeighbours(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(3)...)
	// A and B end at 10, so each has a new corner in its side, and NEW theirs
	out := d.do(d.made("parcels", rect(5, 10, 15, 20), `{"code": "NEW", "bank_status": "reserve"}`))
	if n := d.ragged(); n != 0 {
		t.Errorf("%d vertices on a border are not the neighbour's too", n)
	}
	at := slices.IndexFunc(out.Parcels, func(p ledger.ParcelState) bool { return p.Code == "NEW" })
	if len(out.Parcels) != 3 || at < 0 || out.Parcels[at].Status != "reserve" ||
		out.Parcels[at].LegalM2.M2()-out.Parcels[at].ComputedM2 > 0.0001 {
		t.Errorf("%+v", out)
	}
	d.refuses("a parcel on another's ground", "parcels_overlap",
		d.made("parcels", rect(0, 15, 10, 30), `{"code": "X"}`))
	d.refuses("a code that is taken", "parcel_version_live_code",
		d.made("parcels", rect(50, 50, 60, 60), `{"code": "A"}`))
	d.refuses("a code that another parcel has", "parcel_version_live_code",
		ledger.Command{Kind: "edit", Parcels: d.refs(d.live("NEW")),
			Object: &ledger.Subject{Facts: facts(t, `{"code": "A"}`)}})
}

func TestReserveIsNotLaunderedByRetiringAndMaking(t *testing.T) {
	t.Parallel()
	squares := row(2)
	squares[0].Bank = "reserve"
	d := newDesk(t, squares...)
	retired := d.do(ledger.Command{Kind: "retire", Parcels: d.refs(d.parcels[0])})
	d.refuses("reserve made anew as available", "reserve_needs_release",
		d.made("parcels", rect(0, 0, 10, 10), `{"code": "A"}`))
	d.refuses("a corner of reserve made available", "reserve_needs_release",
		d.made("parcels", rect(2, 2, 4, 4), `{"code": "A"}`))
	again := d.do(d.made("parcels", rect(0, 0, 10, 10), `{"code": "A", "bank_status": "reserve"}`))
	d.do(ledger.Command{Kind: "revert", Reverts: again.Seq})
	d.refuses("reserve made, unmade and made as available", "reserve_needs_release",
		d.made("parcels", rect(0, 0, 10, 10), `{"code": "A"}`))
	d.do(ledger.Command{Kind: "revert", Reverts: retired.Seq})
	d.refuses("what came back as reserve, held", "reserve_needs_release", d.holdCommand(d.live("A")))
	var parents int
	if parents = d.count(`SELECT count(*) FROM lineage WHERE parent_id = $1 AND child_id = $2`, d.parcels[0],
		d.live("A")); parents != 1 {
		t.Errorf("what came back has %d parents", parents)
	}
	d.do(ledger.Command{Kind: "release", Parcels: d.refs(d.live("A"))})
	d.hold(d.live("A"))
}

func TestWhatCanNotBeMadeEditedOrRetired(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(3)...)
	d.hold(d.parcels[0])
	zone := d.do(d.made("zones", rect(0, 0, 50, 50), zoneFacts)).Objects[0]
	d.do(d.made("networks", json.RawMessage(node), networkFacts))
	d.do(ledger.Command{Kind: "edit", Parcels: d.refs(d.parcels...),
		Object: &ledger.Subject{Facts: facts(t, `{"zone": "Z1"}`)}})
	edit := func(f string, parcels ...uuid.UUID) ledger.Command {
		return ledger.Command{Kind: "edit", Parcels: d.refs(parcels...), Object: &ledger.Subject{Facts: facts(t, f)}}
	}
	b := d.parcels[1]
	network := func(f string) ledger.Command {
		return d.made("networks", json.RawMessage(node),
			strings.Replace(f, `{`, `{"code": "N2", "kind": "steam", "grade": "node", `, 1))
	}
	thing := func(kind string, o ledger.Subject) ledger.Command { return ledger.Command{Kind: kind, Object: &o} }
	stranger := uuid.New()
	for _, c := range []struct {
		name, want string
		command    ledger.Command
	}{
		{"a shape by an edit", "object.geometry", ledger.Command{Kind: "edit", Parcels: d.refs(b),
			Object: &ledger.Subject{Geometry: rect(1, 0, 9, 9), Facts: facts(t, `{"land_use": "100102"}`)}}},
		{"a legal area by an edit", "object.facts.legal_m2", edit(`{"legal_m2": 5}`, b)},
		{"a bank status by an edit", "object.facts.bank_status", edit(`{"bank_status": "available"}`, b)},
		{"a publication by an edit", "object.facts.publication", edit(`{"publication": "public"}`, b)},
		{"an unknown fact", "object.facts.colour", edit(`{"colour": "red"}`, b)},
		{"one code for two", "object.facts.code", edit(`{"code": "X"}`, b, d.parcels[2])},
		{"no code", "object.facts.code", edit(`{"code": null}`, b)},
		{"an empty code", "object.facts.code", edit(`{"code": " "}`, b)},
		{"a list for a text", "object.facts.land_use", edit(`{"land_use": ["100102"]}`, b)},
		{"a land use that is none", "object.facts.land_use", edit(`{"land_use": "x"}`, b)},
		{"a price below nothing", "object.facts.price_cny_per_m2", edit(`{"price_cny_per_m2": -1}`, b)},
		{"a service that is none", "object.facts.services", edit(`{"services": {"tea": {"ready": true}}}`, b)},
		{"a zone that is none", "object.facts.zone", edit(`{"zone": "Z9"}`, b)},
		{"a parcel number too short", "object.facts.cadastral_no", edit(`{"cadastral_no": "123"}`, b)},
		{"an edit of nothing", "object.facts", edit(`{}`, b)},
		{"an edit of no parcel", "parcels", edit(`{"land_use": "100102"}`)},
		{"an id for parcels", "object.id", thing("edit",
			ledger.Subject{Collection: "parcels", ID: &b, Facts: facts(t, `{"land_use": "100102"}`)})},
		{"nothing said of what is made", "object.collection", ledger.Command{Kind: "create"}},
		{"a collection that is none", "object.collection", d.made("clouds", rect(0, 0, 1, 1), `{}`)},
		{"a parcel without a code", "object.facts.code", d.made("parcels", rect(50, 50, 60, 60), `{}`)},
		{"a withdrawn parcel", "object.facts.bank_status",
			d.made("parcels", rect(50, 50, 60, 60), `{"code": "X", "bank_status": "withdrawn"}`)},
		{"a parcel that crosses itself", "object.geometry",
			d.made("parcels",
				json.RawMessage(`{"type":"Polygon","coordinates":[[[122.022,37.242],[122.023,37.243],[122.023,37.242],[122.022,37.243],[122.022,37.242]]]}`), `{"code": "X"}`)},
		{"a parcel of two parts", "object.geometry",
			d.made("parcels", json.RawMessage(`{"type":"MultiPolygon","coordinates":[]}`), `{"code": "X"}`)},
		{"a parcel with heights", "object.geometry",
			d.made("parcels",
				json.RawMessage(`{"type":"Polygon","coordinates":[[[122.022,37.242,1],[122.023,37.242,1],[122.023,37.243,1],[122.022,37.242,1]]]}`), `{"code": "X"}`)},
		{"a parcel with its axes swapped", "object.geometry",
			d.made("parcels",
				json.RawMessage(`{"type":"Polygon","coordinates":[[[37.242,122.022],[37.242,122.023],[37.243,122.023],[37.242,122.022]]]}`), `{"code": "X"}`)},
		{"a parcel without a shape", "object.geometry", d.made("parcels", nil, `{"code": "X"}`)},
		{"a shape that is no JSON", "object.geometry",
			d.made("parcels", json.RawMessage(`{"type":"Polygon","coordinates":"x"}`), `{"code": "X"}`)},
		{"a network of an area", "object.geometry", d.made("networks", rect(0, 0, 1, 1), networkFacts)},
		{"a zone without a name", "object.facts.name_en",
			d.made("zones", rect(0, 0, 1, 1), `{"code": "Z2", "name_zh": "甲", "function": "mixed"}`)},
		{"another zone of the code", "zone_live_code", d.made("zones", rect(0, 0, 1, 1), zoneFacts)},
		{"another network of the code", "network_live_code", d.made("networks", json.RawMessage(node), networkFacts)},
		{"a capacity without a unit", "object.facts.unit", network(`{"capacity": 3}`)},
		{"a unit without a capacity", "object.facts.unit", network(`{"unit": "t/h"}`)},
		{"a grade of another kind", "object.facts.grade",
			d.made("networks", json.RawMessage(node), `{"code": "N2", "kind": "steam", "grade": "lane"}`)},
		{"the code of a zone", "object.facts.code",
			thing("edit", ledger.Subject{Collection: "zones", ID: &zone.ID, Version: zone.Version,
				Facts: facts(t, `{"code": "Z2"}`)})},
		{"a zone of nowhere", "object.id", thing("retire",
			ledger.Subject{Collection: "zones", ID: &stranger, Version: 1})},
		{"a zone with parcels", "zone_is_live", thing("retire",
			ledger.Subject{Collection: "zones", ID: &zone.ID, Version: zone.Version})},
		{"held land", "right_on_live_land", ledger.Command{Kind: "retire", Parcels: d.refs(d.parcels[0])}},
		{"parcels beside a zone", "parcels", ledger.Command{Kind: "retire", Parcels: d.refs(b),
			Object: &ledger.Subject{Collection: "zones", ID: &zone.ID, Version: zone.Version}}},
		{"facts of what is retired", "object", ledger.Command{Kind: "retire", Parcels: d.refs(b),
			Object: &ledger.Subject{Facts: facts(t, `{"land_use": "100102"}`)}}},
	} {
		before := d.seq()
		d.refuses(c.name, c.want, c.command)
		if d.seq() != before {
			t.Fatalf("%s was taken", c.name)
		}
	}
	var stale *store.Stale
	if _, err := ledger.Of(d.Store).Do(context.Background(),
		d.order(thing("edit", ledger.Subject{Collection: "zones", ID: &zone.ID, Version: zone.Version - 1,
			Facts: facts(t, `{"name_en": "X"}`)}))); !errors.As(err, &stale) || stale.Current != zone.Version {
		t.Errorf("an older version: %v", err)
	}
}

func TestARetirementNeedsTwoPeople(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(1)...)
	unit := d.do(d.made("plan-units", rect(0, 0, 30, 30), unitFacts)).Objects[0]
	for name, c := range map[string]ledger.Command{
		"a parcel": {Kind: "retire", Parcels: d.refs(d.parcels[0])},
		"a plan unit": {Kind: "retire", Object: &ledger.Subject{Collection: "plan-units", ID: &unit.ID,
			Version: unit.Version}},
	} {
		o := d.order(c)
		o.ApprovedBy = &d.planner
		if _, err := ledger.Of(d.Store).Do(context.Background(), o); store.Constraint(err) != "record_needs_two" ||
			!ledger.NeedsTwo(c.Kind) {
			t.Errorf("%s: %v", name, err)
		}
		p, err := ledger.Of(d.Store).Propose(context.Background(), d.order(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		done, err := ledger.Of(d.Store).Decide(context.Background(),
			ledger.Decision{Park: d.park, Proposal: p.ID, State: "approved", By: d.second, Via: "test"}, nil)
		if err != nil || done.Outcome == nil || len(done.Outcome.Retired)+len(done.Outcome.Objects) != 1 {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
}

func TestWhatWasMadeStaysOnceItIsUsed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(1)...)
	made := d.do(d.made("parcels", rect(50, 50, 60, 60), `{"code": "P"}`))
	d.hold(d.live("P"))
	var stale *store.Stale
	if _, err := ledger.Of(d.Store).Do(context.Background(),
		d.order(ledger.Command{Kind: "revert", Reverts: made.Seq})); !errors.As(err, &stale) || stale.Code != "P" {
		t.Errorf("a parcel that is held: %v", err)
	}
	zone := d.do(d.made("zones", rect(0, 0, 50, 50), zoneFacts))
	d.do(ledger.Command{Kind: "edit", Parcels: d.refs(d.parcels[0]),
		Object: &ledger.Subject{Facts: facts(t, `{"zone": "Z1"}`)}})
	d.refuses("the making of a zone that has a parcel", "zone_is_live",
		ledger.Command{Kind: "revert", Reverts: zone.Seq})
}
