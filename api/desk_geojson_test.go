package api_test

import (
	"net/http"
	"testing"

	"luodi/data/people"
)

const desk = "/api/parks/desk/desk.geojson"

func TestTheDeskShowsThePastAsItWas(t *testing.T) {
	t.Parallel()
	plots := squares(3)
	plots[1].Internal = true
	o := newOffice(t, plots...)
	p := o.planner()
	held := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[1]))
	p.want(http.StatusCreated, "POST", records, object{"kind": "take_back", "reason": "r",
		"allotment": o.right(at(held.body, "allotment", "id"))})
	p.want(http.StatusCreated, "POST", records, object{"kind": "split", "reason": "r", "parcels": o.refs(o.parcels[0]),
		"shape": object{"parts": 2, "bearing": 0}})

	past := p.want(http.StatusOK, "GET", desk+"?datetime="+escape(held.body["at"].(string)), nil)
	features, _ := past.body["features"].([]any)
	if len(features) != 3 {
		t.Fatalf("%d parcels then: %s", len(features), past.text)
	}
	then := at(features[1], "properties")
	if at(then, "status") != "held" || at(then, "publication") != "internal" ||
		at(then, "project") != o.project.String() || at(then, "project_zh") != "某项目" ||
		at(then, "tenant_zh") != "某项目" ||
		at(then, "allotment") != at(held.body, "allotment", "id") || at(then, "expires_at") == nil ||
		at(then, "version") != nil || at(then, "allotment_version") != nil {
		t.Errorf("the held parcel then: %v", then)
	}
	now := p.want(http.StatusOK, "GET", desk, nil)
	if all, _ := now.body["features"].([]any); len(all) != 4 {
		t.Errorf("now: %s", now.text)
	}
	one := p.want(http.StatusOK, "GET", desk+"?code=B", nil)
	if all, _ := one.body["features"].([]any); len(all) != 1 || at(all[0], "properties", "status") != "available" ||
		at(all[0], "properties", "version") != float64(o.version(o.parcels[1])) {
		t.Errorf("of one code: %s", one.text)
	}
	before := p.want(http.StatusOK, "GET", desk+"?datetime=2000-01-01", nil)
	if all, ok := before.body["features"].([]any); !ok || len(all) != 0 {
		t.Errorf("before the park: %s", before.text)
	}
	p.want(http.StatusBadRequest, "GET", desk+"?datetime=yesterday", nil)
	p.want(http.StatusBadRequest, "GET", desk+"?lang=fr", nil)
}

func TestTheDeskIsSentAgainOnlyWhenTheParkChanged(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p := o.planner()
	first := p.want(http.StatusOK, "GET", desk, nil)
	tag := first.head.Get("ETag")
	same := p.want(http.StatusNotModified, "GET", desk, nil, "If-None-Match", tag)
	if same.head.Get("Cache-Control") != "private, no-cache" || same.head.Get("ETag") != tag || same.text != "" {
		t.Errorf("%v %s", same.head, same.text)
	}
	p.want(http.StatusOK, "GET", desk+"?code=A", nil, "If-None-Match", tag)
	public := &colleague{office: o}
	public.want(http.StatusUnauthorized, "GET", desk, nil, "If-None-Match", tag)
	stranger := o.colleague("stranger", false, people.ScopeRead)
	stranger.want(http.StatusForbidden, "GET", desk, nil, "If-None-Match", tag)
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	if after := p.want(http.StatusOK, "GET", desk, nil, "If-None-Match", tag); after.head.Get("ETag") == tag {
		t.Errorf("the tag stayed: %s", tag)
	}
}
