package api_test

import (
	"net/http"
	"strings"
	"testing"

	"luodi/data/people"
)

const parkItems = "/api/parks/desk/items/parcels"

func TestAParksItemsAreItsReaders(t *testing.T) {
	t.Parallel()
	plots := squares(3)
	plots[1].Internal = true
	o := newOffice(t, plots...)
	p := o.planner()
	codes := func(who *colleague, query string) string {
		t.Helper()
		answer := who.want(http.StatusOK, "GET", parkItems+query, nil)
		features, _ := answer.body["features"].([]any)
		var all []string
		for _, f := range features {
			all = append(all, at(f, "properties", "code").(string))
		}
		return strings.Join(all, " ")
	}
	public := &colleague{office: o}
	stranger := o.colleague("stranger", false, people.ScopeRead)
	for _, who := range []*colleague{public, stranger} {
		if got := codes(who, "?sortby=code"); got != "A C" {
			t.Errorf("the public reads %s", got)
		}
		who.want(http.StatusNotFound, "GET", parkItems+"/"+o.parcels[1].String(), nil)
	}
	if got := codes(p, "?sortby=-code&filter="+escape("code <> 'A'")); got != "C B" {
		t.Errorf("a member reads %s", got)
	}
	one := p.want(http.StatusOK, "GET", parkItems+"/"+o.parcels[1].String(), nil)
	if at(one.body, "properties", "publication") != "internal" ||
		at(one.body, "properties", "version") != float64(o.version(o.parcels[1])) {
		t.Errorf("a member reads one: %s", one.text)
	}
	p.want(http.StatusNotFound, "GET", "/api/parks/nowhere/items/parcels", nil)
	p.want(http.StatusNotFound, "GET", "/api/parks/desk/items/parks", nil)
	p.want(http.StatusBadRequest, "GET", parkItems+"?park=desk", nil)
	p.want(http.StatusBadRequest, "GET", parkItems+"?f=html", nil)
}

func TestPagesOfAParksItemsLeadOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	for name, who := range map[string]*colleague{"public": {office: o}, "member": o.planner()} {
		first := who.want(http.StatusOK, "GET", parkItems+"?limit=2&sortby=-code", nil)
		if first.body["numberMatched"] != float64(3) {
			t.Errorf("%s: matched %v", name, first.body["numberMatched"])
		}
		next := ""
		links, _ := first.body["links"].([]any)
		for _, l := range links {
			if at(l, "rel") == "next" {
				_, next, _ = strings.Cut(at(l, "href").(string), "/api/")
			}
		}
		second := who.want(http.StatusOK, "GET", "/api/"+next, nil)
		features, _ := second.body["features"].([]any)
		if len(features) != 1 || at(features[0], "properties", "code") != "A" {
			t.Errorf("%s: the page after %q: %s", name, next, second.text)
		}
	}
}
