package api_test

import (
	"strings"
	"testing"
)

// TestAPriceIsWholeAndSaysWhatItIs: a price is read with its kind, document and day; half of one is refused by name;
// and a cleared price takes along what was said of it.
func TestAPriceIsWholeAndSaysWhatItIs(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p := o.planner()
	edit := func(facts object) object {
		return object{"kind": "edit", "reason": "r", "parcels": o.refs(o.parcels[0]), "object": object{"facts": facts}}
	}
	for _, c := range []struct {
		facts       object
		status      int
		field, rule string
	}{
		{object{"price_kind": "minimum"}, 409, "", "price_is_stated"},
		{object{"price_cny_per_m2": 300, "price_kind": "minimum", "price_on": "2026-01-01"}, 409, "", "price_kind_is_backed"},
		{object{"price_cny_per_m2": 300, "price_kind": "announced", "price_document": "x"}, 409, "", "price_kind_is_backed"},
		{object{"price_cny_per_m2": nil, "price_kind": "rent"}, 400, "object.facts.price_cny_per_m2", ""},
		{object{"price_kind": "rebate"}, 400, "object.facts.price_kind", ""},
		{object{"price_on": "soon"}, 400, "object.facts.price_on", ""},
		{object{"price_document": strings.Repeat("文", 201)}, 400, "object.facts.price_document", ""},
	} {
		got := p.want(c.status, "POST", records, edit(c.facts))
		if c.field != "" && got.body["field"] != c.field || c.rule != "" && got.body["rule"] != c.rule {
			t.Errorf("%v: %s", c.facts, got.text)
		}
	}
	said := func() object {
		f := o.public().want(200, "GET", "/ogc/collections/parcels/items?code=A", nil).body
		return at(f, "features", 0, "properties").(object)
	}
	sheet := func() string { return o.public().do("GET", "/sites/desk/A?lang=zh", nil).text }
	p.want(201, "POST", records, edit(object{"price_cny_per_m2": 300, "price_kind": "minimum",
		"price_document": "工业用地出让最低价标准", "price_on": "2026-01-01"}))
	if is := said(); is["price_kind"] != "minimum" || is["price_document"] != "工业用地出让最低价标准" ||
		is["price_on"] != "2026-01-01" {
		t.Errorf("%v", is)
	}
	if page := sheet(); !strings.Contains(page, "最低价标准 · 工业用地出让最低价标准 · 截至 2026-01-01") ||
		!strings.Contains(page, "以出让公告为准") {
		t.Error("the sheet doesn't say what the price is")
	}
	price := func() any {
		got := o.public().want(200, "POST", "/api/match", object{"park": "desk", "requirement": object{
			"criteria": []object{{"measure": "price_cny_per_m2", "want": "cost", "weight": 1}}}})
		return len(got.body["unjudged"].([]any))
	}
	if price() != 0 {
		t.Error("a price of land is not compared")
	}
	p.want(201, "POST", records, edit(object{"price_cny_per_m2": 12.5, "price_kind": "rent"}))
	if price() != 1 {
		t.Error("a rent is compared with prices of land")
	}
	p.want(201, "POST", records, edit(object{"price_cny_per_m2": nil}))
	if is := said(); is["price_cny_per_m2"] != nil || is["price_kind"] != nil || is["price_document"] != nil ||
		is["price_on"] != nil {
		t.Errorf("of a price that was cleared remains %v", is)
	}
}
