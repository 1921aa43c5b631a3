package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"luodi/data/ledger"
	"luodi/data/people"
	"luodi/data/store/storetest"
)

// written writes a file and gives its name.
func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "shape.geojson")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const freeGround = `{"type":"Polygon","coordinates":[[[122.0225,37.245],[122.0235,37.245],[122.0235,37.246],[122.0225,37.246],[122.0225,37.245]]]}`

func TestThingsAreMadeChangedAndRetiredFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, a := o.clerk("planner", people.Planner), o.clerk("approver", people.Approver)

	made, _ := p.records(0, "create", "parcels", "--geometry",
		written(t, `{"type":"FeatureCollection","features":[{"type":"Feature","properties":null,"geometry":`+freeGround+`}]}`),
		"--set", "code=D", "--set", "land_use=100102", "--set", `services={"water":{"ready":true}}`, "--set",
		"price_cny_per_m2=480.50")
	says(t, made, `^D +available `)
	zone := []string{"create", "zones", "--geometry",
		written(t, `{"type":"Feature","properties":{},"geometry":`+freeGround+`}`), "--set", "code=Z1", "--set",
		"name_zh=一区", "--set", "name_en=Zone = 1", "--set", "function=logistics"}
	seen, _ := p.records(0, append(zone, "--preview")...)
	says(t, seen, `^a preview: nothing is changed$`)
	made, _ = p.records(0, zone...)
	says(t, made, `^zones Z1: version 3$`)
	p.records(0, "create", "networks", "--geometry", written(t, `{"type":"Point","coordinates":[122.03,37.24]}`),
		"--set",
		"code=W1", "--set", "kind=water", "--set", "grade=node", "--set", "capacity=500", "--set", "unit=m3/d")

	edited, _ := p.records(0, "edit", "networks", "W1", "--set", "capacity=750.5", "--geometry",
		written(t, `{"type":"Point","coordinates":[122.031,37.24]}`))
	says(t, edited, `^networks W1: version 5$`)
	edited, _ = p.records(0, "edit", "parcels", "D", "A", "--set", "land_use=")
	says(t, edited, `^A +available `)
	one, _ := p.does(0, "record", "show", "6", "--park", "desk", "-o", "json")
	var r ledger.RecordDetail
	if err := json.Unmarshal([]byte(one), &r); err != nil || len(r.Opened) != 2 || r.Opened[0].LandUse != nil ||
		r.Opened[1].LandUse != nil {
		t.Errorf("%v in %s", err, one)
	}
	list, _ := p.does(0, "record", "list", "--park", "desk", "--limit", "2")
	says(t, list, `^5 .* Edit +W1 +Name of planner`)

	waits, _ := p.records(0, "retire", "zones", "Z1")
	id := says(t, waits, `^proposed, waits for a second person: Retire Z1 \(proposal ([0-9a-f-]{36})\)$`)[1]
	done, _ := a.does(0, "proposal", "approve", id, "--park", "desk")
	says(t, done, `^zones Z1: retired$`)
	waits, _ = p.records(0, "retire", "parcels", "D", "B")
	says(t, waits, `Retire (B D|D B) \(proposal `)
}

func TestWhatIsWrongWithAThingIsNamed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.clerk("planner", people.Planner)
	square := written(t, freeGround)
	for _, c := range []struct {
		want  int
		says  string
		order []string
	}{
		{2, `--set name_zh: parcels have no such fact; there are code, `,
			[]string{"create", "parcels", "--geometry", square, "--set", "code=D", "--set", "name_zh=x"}},
		{2, `--set legal_m2 takes a number; got many`,
			[]string{"create", "parcels", "--geometry", square, "--set", "code=D", "--set", "legal_m2=many"}},
		{2, `--set services takes a JSON object; got water`,
			[]string{"edit", "parcels", "A", "--set", "services=water"}},
		{2, `--set takes NAME=VALUE; got code`, []string{"create", "parcels", "--geometry", square, "--set", "code"}},
		{2, `--set code is given twice`, []string{"create", "parcels", "--geometry", square, "--set", "code=1",
			"--set", "code=2"}},
		{2, `--geometry`, []string{"create", "parcels", "--set", "code=D"}},
		{2, `--geometry takes one shape, and the file has 0 features`,
			[]string{"create", "parcels", "--geometry", written(t, `{"type":"FeatureCollection","features":[]}`),
				"--set",
				"code=D"}},
		{2, `--geometry: there is no geometry in `,
			[]string{"create", "parcels", "--geometry", written(t, `{"type":"Feature","geometry":null}`), "--set",
				"code=D"}},
		{2, `is not the JSON that is wanted`, []string{"create", "parcels", "--geometry", written(t, `{`), "--set",
			"code=D"}},
		{2, `--geometry: a parcel's shape is changed by luodi record correct`,
			[]string{"edit", "parcels", "A", "--geometry", square}},
		{2, `--set or --geometry`, []string{"edit", "zones", "Z1"}},
		{2, `of zones one at a time, and 2 codes are given`, []string{"retire", "zones", "Z1", "Z2"}},
		{2, `roads`, []string{"retire", "roads", "R"}},
		{1, `none of zones with the code “Z9” now`, []string{"edit", "zones", "Z9", "--set", "name_en=x"}},
		{1, `code`, []string{"create", "parcels", "--geometry", square}},
		{1, `land_use`, []string{"create", "parcels", "--geometry", square, "--set", "code=D", "--set",
			"land_use=nothing"}},
	} {
		_, errs := p.records(c.want, c.order...)
		says(t, errs, c.says)
	}
}

func TestServicesAreDrawnAndQueuesJoinedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.clerk("planner", people.Planner)
	storetest.Node(t, o.DB, o.park, "S:1", "substation", "kVA", "5000", 5)
	for _, code := range []string{"P-1", "P-2"} {
		p.does(0, "project", "add", code, "--name-zh", "项目"+code, "--name-en", "Project "+code)
	}
	p.records(0, "hold", "A", "--project", "P-1", "--until", time.Now().AddDate(0, 0, 30).Format(time.DateOnly))

	drawn, _ := p.records(0, "draw", "A", "--draw", "power:S:1:1200.5")
	says(t, drawn, `^draws power: 1200\.500 kVA from the node S:1 \(it has 3799\.500 left\)$`)
	p.records(0, "draw", "A", "--none")
	p.records(0, "draw", "A", "--draw", "power:S:1:7")
	p.records(0, "draw", "A") // its project needs nothing
	_, errs := p.records(2, "draw", "A", "--draw", "power:1200")
	says(t, errs, `--draw takes SERVICE:NODE:AMOUNT; got power:1200`)
	_, errs = p.records(2, "draw", "A", "--draw", "power:S:1:none")
	says(t, errs, `--draw power:S:1:none: the amount should be above 0`)
	p.records(2, "draw", "A", "--draw", "power:S:1:5", "--none")
	_, errs = p.records(1, "draw", "A", "--draw", "power:S9:1200")
	says(t, errs, `none of networks with the code “S9” now`)

	waits, _ := p.records(0, "queue", "A", "--project", "P-2", "--days", "30")
	id := says(t, waits, `^project P-2 has place 1 in the queue for the parcel A \(place ([0-9a-f-]{36})\)$`)[1]
	p.records(2, "leave", "A")
	p.records(2, "leave", "A", "--project", "P-2", "--waiting", id)
	_, errs = p.records(1, "leave", "B", "--project", "P-2")
	says(t, errs, `the project P-2 does not wait for the parcel B`)
	p.records(0, "leave", "A", "--project", "P-2")
	p.records(1, "leave", "--waiting", id)
	p.records(2, "queue", "A", "--project", "P-2")
}
