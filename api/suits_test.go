package api_test

import (
	"net/http"
	"testing"
)

// TestAFreeParcelListsTheProjectsItSuits: of three open projects of the park one is suited, one's limit leaves the
// parcel out, and one states nothing; a project with land, and one of the park next door, aren't asked.
func TestAFreeParcelListsTheProjectsItSuits(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	p := o.planner()
	mu := at(p.want(http.StatusOK, "GET", "/api/parks/desk/desk.geojson?code=A", nil).body, "features", 0, "properties",
		"legal_m2").(float64) / (10000.0 / 15)
	make := func(code string, need object) any {
		return p.want(http.StatusCreated, "POST", "/api/projects", object{"park": "desk", "code": code, "name_zh": code,
			"name_en": code, "requirement": need}).body["id"]
	}
	fits := make("FITS", object{"area_mu": object{"min": mu * 0.9, "max": mu * 1.1}})
	make("LARGE", object{"area_mu": object{"min": mu * 50}})
	make("MUTE", object{"note": "soon"})
	make("ODD", object{"area_mu": object{"min": 1}, "criteria": "many"})
	started := make("STARTED", object{"area_mu": object{"min": 1}}).(string)
	p.want(http.StatusCreated, "POST", "/api/projects/"+started+"/milestones",
		object{"stage": "landed", "reached_on": "2026-01-01", "evidence": "e"})
	held := make("HELD", object{"area_mu": object{"min": 1}})
	hold := o.hold(o.parcels[2])
	hold["project"] = held
	p.want(http.StatusCreated, "POST", "/api/parks/desk/records", hold)
	path := "/api/parks/desk/parcels/" + o.parcels[0].String() + "/projects"
	got := p.want(http.StatusOK, "GET", path, nil)
	if at(got.body, "projects", 0, "id") != fits || at(got.body, "projects", 1) != nil || got.body["judged"] != 2.0 ||
		got.body["mute"] != 3.0 || got.body["cut"] != false || at(got.body, "projects", 0, "score") == nil ||
		at(got.body, "projects", 0, "rank") != 1.0 || at(got.body, "projects", 0, "of") != 2.0 {
		t.Errorf("%s", got.text)
	}
	// land that somebody has suits nobody
	taken := p.want(http.StatusOK, "GET", "/api/parks/desk/parcels/"+o.parcels[2].String()+"/projects", nil)
	if at(taken.body, "projects", 0) != nil {
		t.Errorf("%s", taken.text)
	}
	o.public().want(http.StatusUnauthorized, "GET", path, nil)
}
