package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"luodi/data/people"
)

// memberFeed is what a test reads of a page of features.
type memberFeed struct {
	Features []struct {
		ID         string
		Properties map[string]any
	}
	Links []link
}

func (c *colleague) feed(path string) (f memberFeed, head http.Header) {
	c.t.Helper()
	got := c.want(http.StatusOK, "GET", path, nil)
	if err := json.Unmarshal([]byte(got.text), &f); err != nil {
		c.t.Fatal(err)
	}
	return f, got.head
}

func (f memberFeed) codes() []string {
	var codes []string
	for _, one := range f.Features {
		codes = append(codes, fmt.Sprint(one.Properties["code"]))
	}
	slices.Sort(codes)
	return codes
}

// A token gives its bearer's view: what is not published in the bearer's parks, with what planners act upon, and of
// other parks what the public sees. No shared cache keeps it; what the right was for ends with it at the next request.
func TestATokenGivesItsBearersView(t *testing.T) {
	t.Parallel()
	h := hide(t)
	insider, outsider := h.colleagueIn("desk", "insider"), h.colleagueIn("other", "outsider")
	public := &colleague{office: h.office}
	for _, collection := range []string{"parcels", "zones", "plan-units", "networks", "network-nodes"} {
		path := "/ogc/collections/" + collection + "/items?limit=1000"
		open, head := public.feed(path)
		if strings.Contains(head.Get("Cache-Control"), "private") ||
			!strings.Contains(strings.Join(head.Values("Vary"), ","), "Authorization") {
			t.Errorf("%s: the public's is %v", path, head)
		}
		away, _ := outsider.feed(path)
		if got, want := h.inDesk(away), h.inDesk(open); !slices.Equal(got, want) {
			t.Errorf("%s: a planner of the next park sees %v, the public %v", path, got, want)
		}
		mine, own := insider.feed(path)
		if own.Get("Cache-Control") != "private, no-cache" ||
			!strings.Contains(strings.Join(own.Values("Vary"), ","), "Authorization") ||
			own.Get("ETag") == head.Get("ETag") {
			t.Errorf("%s: a member's is %v, the public's tag %s", path, own, head.Get("ETag"))
		}
		var want int
		table := strings.ReplaceAll(strings.TrimSuffix(strings.Replace(collection, "network-nodes", "networks", 1),
			"s"), "-", "_")
		only := map[string]string{"networks": " AND GeometryType(v.geom) <> 'POINT'",
			"network-nodes": " AND GeometryType(v.geom) = 'POINT'"}[collection]
		want = h.count("SELECT count(*) FROM " + table +
			"_version v JOIN park p USING (park_id) WHERE p.code = 'desk' " +
			"AND v.to_seq IS NULL" + only)
		if got := h.inDesk(mine); len(got) != want || len(got) < len(h.inDesk(open)) {
			t.Errorf("%s: a member sees %d of %d in the own park, the public %d", path, len(got), want,
				len(h.inDesk(open)))
		}
		insider.want(http.StatusOK, "GET", path+"&datetime=2026-11-01T00:00:00Z", nil)
		for _, f := range mine.Features {
			if _, told := f.Properties["publication"]; !told {
				t.Errorf("%s: %v has no planners' properties", collection, f.Properties["code"])
			}
		}
		for _, f := range mine.Features {
			one := insider.want(http.StatusOK, "GET", "/ogc/collections/"+collection+"/items/"+f.ID, nil)
			if at(one.body, "properties", "code") != f.Properties["code"] {
				t.Errorf("%s %s alone: %s", collection, f.ID, one.text)
			}
			wantPublic := http.StatusOK
			if f.Properties["publication"] == "internal" {
				wantPublic = http.StatusNotFound
			}
			public.want(wantPublic, "GET", "/ogc/collections/"+collection+"/items/"+f.ID, nil)
		}
		for _, form := range []string{"", "/queryables", "/schema", "/feature-schema"} {
			a := insider.want(http.StatusOK, "GET", "/ogc/collections/"+collection+form, nil)
			b := public.want(http.StatusOK, "GET", "/ogc/collections/"+collection+form, nil)
			if form != "" && (strings.Contains(b.text, `"publication"`) || !strings.Contains(a.text, `"publication"`)) {
				t.Errorf("%s%s: the member's %t, the public's %t", collection, form,
					strings.Contains(a.text, `"publication"`), strings.Contains(b.text, `"publication"`))
			}
		}
	}
	for _, secret := range []string{"Bearer none", "Bearer " + insider.secret + "x", "Basic YTpi", "Bearer"} {
		got := h.get(parcelItems, "Authorization", secret)
		if got.StatusCode != http.StatusUnauthorized || got.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %s, want 401 and not the public's view", secret, got.Status)
		}
	}
}

// inDesk lists the codes of the features of the park desk.
func (h *hidden) inDesk(f memberFeed) []string {
	var codes []string
	for _, one := range f.Features {
		if one.Properties["park"] == "desk" {
			codes = append(codes, fmt.Sprint(one.Properties["code"]))
		}
	}
	slices.Sort(codes)
	return codes
}

// What a member may not see in a park can't be told from a filter, an order, a search or a count either.
func TestAMembersFiltersSeeWhatTheMemberSees(t *testing.T) {
	t.Parallel()
	h := hide(t)
	insider, outsider := h.colleagueIn("desk", "insider"), h.colleagueIn("other", "outsider")
	public := &colleague{office: h.office}
	mine, _ := insider.feed(parcelItems + "?limit=1000&filter=publication+=+%27internal%27&sortby=-version")
	hidden, _ := insider.feed(parcelItems + "?limit=1000&publication=internal")
	if len(mine.Features) == 0 || !slices.Equal(mine.codes(), hidden.codes()) {
		t.Fatalf("by filter %v, by parameter %v", mine.codes(), hidden.codes())
	}
	for _, code := range mine.codes() {
		for _, query := range []string{"&filter=code+=+%27" + url.QueryEscape(code) + "%27", "&code=" +
			url.QueryEscape(code), "&q=" + url.QueryEscape(code)} {
			away, _ := outsider.feed(parcelItems + "?limit=1000&park=desk" + query)
			open, _ := public.feed(parcelItems + "?limit=1000&park=desk" + query)
			if !slices.Equal(away.codes(), open.codes()) {
				t.Errorf("%s: a planner next door finds %v, the public %v", query, away.codes(), open.codes())
			}
		}
	}
	for _, query := range []string{"?publication=internal", "?filter=publication+=+%27internal%27", "?sortby=version",
		"?properties=allotment"} {
		public.want(http.StatusBadRequest, "GET", parcelItems+query, nil)
		away := outsider.want(http.StatusOK, "GET", parcelItems+query+"&park=desk", nil)
		if all, _ := away.body["features"].([]any); strings.Contains(query, "internal") && len(all) != 0 {
			t.Errorf("%s: a planner next door finds %d", query, len(all))
		}
	}
}

func TestARevokedRightBitesAtTheNextRequest(t *testing.T) {
	t.Parallel()
	h := hide(t)
	insider := h.colleagueIn("desk", "insider")
	public := &colleague{office: h.office}
	path := parcelItems + "?limit=1000&park=desk"
	before, head := insider.feed(path)
	open, _ := public.feed(path)
	if len(before.Features) <= len(open.Features) {
		t.Fatalf("a member sees %d, the public %d: the test shows nothing", len(before.Features), len(open.Features))
	}
	if _, err := h.db.Owner.Exec(t.Context(), "DELETE FROM membership WHERE account_id = $1", insider.id); err != nil {
		t.Fatal(err)
	}
	after, _ := insider.feed(path)
	if !slices.Equal(after.codes(), open.codes()) {
		t.Errorf("without the role: %v, the public sees %v", after.codes(), open.codes())
	}
	if r := h.get(path, "Authorization", "Bearer "+insider.secret, "If-None-Match",
		head.Get("ETag")); r.StatusCode != 200 {
		t.Errorf("what the role showed is still held for new: %s", r.Status)
	}
	if _, err := h.db.Owner.Exec(t.Context(), "UPDATE token SET revoked_at = now() WHERE account_id = $1",
		insider.id); err != nil {
		t.Fatal(err)
	}
	if r := h.get(path, "Authorization", "Bearer "+insider.secret); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("with a revoked token: %s", r.Status)
	}
}

// A member's past is what it was: an instant gives the state then, a walk reads one state, and an interval of parcels
// is refused by name.
func TestAMembersPastIsWhatItWas(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(4)...)
	p := o.planner()
	start := time.Now().UTC()
	path := parcelItems + "?park=desk"
	before, _ := p.feed(path)
	walked, _ := p.feed(path + "&limit=2")
	all, _ := p.feed(parcelItems + "?limit=2")
	first := before.Features[0]
	p.want(http.StatusCreated, "POST", records, object{"kind": "edit", "reason": "r",
		"parcels": []object{{"id": first.ID, "version": first.Properties["version"]}},
		"object":  object{"collection": "parcels", "facts": object{"price_cny_per_m2": 77}}})
	now, _ := p.feed(path)
	then, _ := p.feed(path + "&datetime=" + url.QueryEscape(start.Format(time.RFC3339Nano)))
	price := func(f memberFeed) any { return f.Features[0].Properties["price_cny_per_m2"] }
	if price(now) != 77.0 || price(then) == 77.0 || !slices.Equal(then.codes(), before.codes()) ||
		then.Features[0].Properties["version"] != nil {
		t.Errorf("now %v, then %v of %v", price(now), price(then), then.codes())
	}
	for name, from := range map[string]memberFeed{"of the park": walked, "of all": all} {
		next := ""
		for _, l := range from.Links {
			if l.Rel == "next" {
				next = l.Href
			}
		}
		rest, _ := p.feed(strings.TrimPrefix(next, o.url))
		for _, f := range append(from.Features, rest.Features...) {
			if f.Properties["price_cny_per_m2"] == 77.0 {
				t.Errorf("the walk %s sees what came after its first page", name)
			}
		}
		if len(rest.Features) != 2 {
			t.Errorf("the walk %s goes on with %d", name, len(rest.Features))
		}
	}
	got := p.want(http.StatusBadRequest, "GET", path+"&datetime=../..", nil)
	if got.body["field"] != "datetime" {
		t.Errorf("%s", got.text)
	}
	viewer := o.colleague("viewer", false, people.ScopeRead, people.Viewer)
	if seen, _ := viewer.feed(path); !slices.Equal(seen.codes(), now.codes()) {
		t.Errorf("a viewer's token of scope read: %v", seen.codes())
	}
}
