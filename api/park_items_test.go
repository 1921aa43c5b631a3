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

// What memory draws and finds for members reaches nobody else, whoever asks first, and follows what is published: each
// reader's tile and list are the reader's own.
func TestWhatMemoryTellsMembersReachesNobodyElse(t *testing.T) {
	t.Parallel()
	plots := squares(3)
	plots[1].Internal = true
	o := newOffice(t, plots...)
	public, member := &colleague{office: o}, o.planner()
	stranger := o.colleague("stranger", false, people.ScopeRead)
	const tile = "/api/parks/desk/tiles/parcels/13/6872/3181"
	kept := o.metric("luodi_tiles_kept")
	eventually(t, "members' tiles come from memory", func() bool {
		member.do("GET", tile+"?joined=status", nil)
		return o.metric("luodi_tiles_kept") > kept
	})
	if n := o.metric("luodi_feed_apart"); n != 1 {
		t.Errorf("members read %d parcels otherwise, want 1", n)
	}
	for range 2 {
		mine := member.want(http.StatusOK, "GET", tile, nil)
		for _, who := range []*colleague{public, stranger} {
			theirs := who.want(http.StatusOK, "GET", tile, nil)
			if theirs.text == mine.text || theirs.head.Get("ETag") == mine.head.Get("ETag") {
				t.Error("the public's tile is the members'")
			}
			if strings.Contains(theirs.text, o.parcels[1].String()) || !strings.Contains(mine.text, o.parcels[1].String()) {
				t.Error("a tile tells what isn't its reader's")
			}
			if who.do("GET", tile, nil, "If-None-Match", mine.head.Get("ETag")).status != http.StatusOK {
				t.Error("the public's tile has the members' tag")
			}
			if got := who.want(http.StatusOK, "GET", parkItems+"?sortby=code", nil); got.body["numberReturned"] != float64(2) {
				t.Errorf("the public's list: %s", got.text)
			}
		}
		if mine.head.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("a member's tile is %v", mine.head)
		}
		if got := member.want(http.StatusOK, "GET", parkItems+"?sortby=code", nil); got.body["numberMatched"] != float64(3) {
			t.Errorf("a member's list: %s", got.text)
		}
	}
}
