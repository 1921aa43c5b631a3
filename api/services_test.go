package api_test

import (
	"net/http"
	"strings"
	"testing"

	"luodi/api"
	"luodi/data/ledger"
	"luodi/data/store/storetest"
)

const (
	services = "/api/parks/desk/services"
	lines    = "/api/parks/desk/queue"
)

func TestMembersReadTheLedgerAndThePublicAWord(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	node := storetest.Node(t, o.db, o.parkID, "SS-1", "substation", "kVA", "3000", 1)
	storetest.Need(t, o.db, o.project, `{"power": 1789.125}`)
	p := o.planner()
	held := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	if at(held.body, "draws", 0, "service") != "power" || at(held.body, "draws", 0, "headroom") != 1210.875 {
		t.Errorf("%s", held.text)
	}
	short := p.want(http.StatusConflict, "POST", records, o.hold(o.parcels[1]))
	if short.body["rule"] != "node_has_headroom" || at(short.body, "supply", "shortfall") != 578.25 ||
		at(short.body, "supply", "code") != "SS-1" || !strings.Contains(short.text, "578.25 short") {
		t.Errorf("%s", short.text)
	}
	all := p.want(http.StatusOK, "GET", services, nil)
	if all.body["form"] != "members" || at(all.body, "services", 0, "promised") != 1789.125 ||
		at(all.body, "services", 0, "nodes", 0, "by_state", "hold") != 1789.125 ||
		all.head.Get("Cache-Control") != "no-store" {
		t.Errorf("%s", all.text)
	}
	one := p.want(http.StatusOK, "GET", services+"/"+node.String(), nil)
	if at(one.body, "draws", 0, "project", "name_zh") != "某项目" ||
		at(one.body, "draws", 0, "parcels", 0, "code") != "A" || at(one.body, "draws", 0, "amount") != 1789.125 {
		t.Errorf("%s", one.text)
	}
	public := &colleague{office: o}
	for _, path := range []string{services, services + "/" + node.String(), services + "?datetime=2100-01-01"} {
		got := public.want(http.StatusOK, "GET", path, nil)
		if got.body["form"] != "public" || at(got.body, "services", 0, "nodes", 0, "free") != "some" ||
			strings.Contains(got.text, "1789") || strings.Contains(got.text, "1210") ||
			strings.Contains(got.text, "promised") || strings.Contains(got.text, "某项目") {
			t.Errorf("%s: the public is told %s", path, got.text)
		}
	}
	for bbox, n := range map[string]int{"122,37,123,38": 1, "122,37,-170,38": 1, "123,37,-170,38": 0} {
		for _, who := range []*colleague{p, public} {
			near := who.want(http.StatusOK, "GET", "/api/parks/desk/service-nodes?bbox="+bbox, nil)
			if nodes, _ := near.body["nodes"].([]any); len(nodes) != n || near.body["more"] != false {
				t.Errorf("the nodes in %s: %s", bbox, near.text)
			}
		}
	}
	p.want(http.StatusNotFound, "GET", services+"/"+o.parcels[0].String(), nil)
	p.want(http.StatusBadRequest, "GET", services+"/none", nil)
	p.want(http.StatusBadRequest, "GET", services+"?datetime=soon", nil)
	project := "/api/projects/" + o.project.String()
	bad := p.want(http.StatusBadRequest, "PATCH", project,
		object{"requirement": object{"services": object{"power": -1}}}, "If-Match", `"2"`)
	if bad.body["field"] != "requirement.services.power" || bad.body["got"] != "-1" {
		t.Errorf("%s", bad.text)
	}
	p.want(http.StatusOK, "PATCH", project, object{"requirement": object{"services": object{"power": 2000}}},
		"If-Match", `"2"`)
	right := object{"id": at(held.body, "allotment", "id"), "version": at(held.body, "allotment", "version")}
	drawn := p.want(http.StatusCreated, "POST", records, object{"kind": "draw", "reason": "r", "allotment": right})
	if at(drawn.body, "draws", 0, "amount") != 2000.0 {
		t.Errorf("%s", drawn.text)
	}
}

func TestOneQueuesAndIsToldAndThePublicIsNot(t *testing.T) {
	t.Parallel()
	clerk := &ledger.Clerk{Via: "test", Served: "next", Report: func(err error) { t.Error(err) }}
	o := officeOf(t, open(t, func(o *api.Options) { o.Queues = clerk }), squares(2)...)
	p := o.planner()
	held := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	other := storetest.Project(t, o.db, o.parkID, "等地的", true)
	asked := p.want(http.StatusCreated, "POST", records,
		object{"kind": "queue", "reason": "r", "parcels": o.refs(o.parcels[0]), "project": other, "term_days": 15})
	if at(asked.body, "waiting", "position") != 1.0 {
		t.Errorf("%s", asked.text)
	}
	desk := p.want(http.StatusOK, "GET", "/api/parks/desk/desk.geojson", nil)
	if at(desk.body, "features", 0, "properties", "waiting") != 1.0 ||
		at(desk.body, "features", 0, "properties", "first_in_line") != other.String() {
		t.Errorf("%s", desk.text)
	}
	line := p.want(http.StatusOK, "GET", lines+"?parcel="+o.parcels[0].String(), nil)
	if at(line.body, "queue", 0, "project", "name_zh") != "等地的" {
		t.Errorf("%s", line.text)
	}
	public := &colleague{office: o}
	public.want(http.StatusUnauthorized, "GET", lines, nil)
	if got := public.want(http.StatusOK, "GET", "/api/parks/desk/parcels.geojson", nil); strings.Contains(got.text,
		"waiting") || strings.Contains(got.text, "等地的") {
		t.Errorf("the public is told who waits: %s", got.text)
	}
	right := object{"id": at(held.body, "allotment", "id"), "version": at(held.body, "allotment", "version")}
	p.want(http.StatusCreated, "POST", records, object{"kind": "take_back", "reason": "r", "allotment": right})
	mine := p.want(http.StatusOK, "GET", lines+"?mine=true", nil)
	if at(mine.body, "queue", 0, "state") != "served" || at(mine.body, "queue", 0, "allotment") == nil {
		t.Errorf("%s", mine.text)
	}
	if later := p.want(http.StatusOK, "GET", lines+"?mine=true&since=2100-01-01T00:00:00Z",
		nil); later.text != `{"queue":[]}`+"\n" {
		t.Errorf("%s", later.text)
	}
	history := p.want(http.StatusOK, "GET", records+"?limit=1", nil)
	if at(history.body, "records", 0, "kind") != "hold" || at(history.body, "records", 0, "proposed_by") != nil ||
		at(history.body, "records", 0, "parcels", 0, "code") != "A" {
		t.Errorf("%s", history.text)
	}
	p.want(http.StatusBadRequest, "POST", records,
		object{"kind": "pass", "reason": "r", "waiting": at(mine.body, "queue", 0, "id")})
}
