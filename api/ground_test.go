package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"luodi/data/people"
)

// Ground that another park holds is refused with that park's name in the reader's language, and with its parcel's code
// only where the public may see it.
func TestGroundOfAnotherParkIsRefusedByItsName(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	next := "next"
	const sql = `WITH a AS (SELECT * FROM park WHERE code = 'desk'),
       b AS (INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, corners_told, geom)
		SELECT gen_random_uuid(), district_id, 'next', '邻园', 'Next park', 4549, 'exact', geom FROM a RETURNING park_id)
		  SELECT park_id FROM b`
	if _, err := o.db.Owner.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
	p := o.planner()
	ours := object{"kind": "create", "reason": "r",
		"object": object{"collection": "parcels", "facts": object{"code": "OURS"},
			"geometry": object{"type": "Polygon", "coordinates": [][][2]float64{{{122.028, 37.248}, {122.0285, 37.248},
				{122.0285, 37.2485}, {122.028, 37.2485}, {122.028, 37.248}}}}}}
	p.want(http.StatusCreated, "POST", records, ours)
	p.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "r",
		"parcels": o.refs(o.parcels[1])})
	neighbour, _, err := people.Of(o.db.Store).AddAccount(t.Context(),
		people.Newcomer{Login: "neighbour", Name: "Neighbour", Roles: []people.Grant{{Park: &next,
			Role: people.Planner}}})
	if err != nil {
		t.Fatal(err)
	}
	_, secret, err := people.Of(o.db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: neighbour.ID, Name: "test", Scope: people.ScopeWrite, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	other := &colleague{office: o, id: neighbour.ID, secret: secret, head: http.Header{}}
	theirs := func(west string) object {
		x := map[string]float64{"A": 122.0202, "B": 122.0213}[west]
		return object{"kind": "create", "reason": "r",
			"object": object{"collection": "parcels", "facts": object{"code": "THEIRS"},
				"geometry": object{"type": "Polygon", "coordinates": [][][2]float64{{{x, 37.2402},
					{x + 0.0003, 37.2402},
					{x + 0.0003, 37.2406}, {x, 37.2406}, {x, 37.2402}}}}}}
	}
	const there = "/api/parks/next/records"
	seen := other.want(http.StatusConflict, "POST", there, theirs("A"), "Accept-Language", "zh")
	if seen.body["rule"] != "parcels_overlap" || at(seen.body, "ground", "park") != "desk" ||
		at(seen.body, "ground", "parcel") != "A" || !strings.Contains(seen.body["detail"].(string), "属园区“测试园区”的地块 A") {
		t.Errorf("%s", seen.text)
	}
	hidden := other.want(http.StatusConflict, "POST", there, theirs("B"), "Accept-Language", "en")
	if hidden.body["rule"] != "parcels_overlap" || at(hidden.body, "ground", "parcel") != nil ||
		!strings.Contains(hidden.body["detail"].(string), "held by the park Test park") ||
		strings.Contains(hidden.text, `parcel B`) {
		t.Errorf("%s", hidden.text)
	}
}
