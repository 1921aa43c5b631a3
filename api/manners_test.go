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

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/api"
)

// plainly sends a request whose path goes out as it is written.
func (h *house) plainly(method, path string, headers ...string) reply {
	h.t.Helper()
	r, err := http.NewRequest(method, h.url+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return reply{Response: response}
}

// A path is what it says, however its letters are encoded and whether or not it ends in a slash; HEAD and OPTIONS are
// answered, other methods are refused with what is there.
func TestPathsAndMethodsAtOGC(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for path, want := range map[string]int{
		"/ogc/collections/plan%2Dunits": 200, "/ogc/collections/plan%2dunits/items": 200, "/%6Fgc/c%6Fllections/": 200,
		"/ogc/collections/parcels/items/": 200, "/ogc/": 200, "/ogc/collections/network%2Dnodes/items?limit=1": 200,
		"/ogc/collections/plan%2Funits": 404, "/ogc/collections/parcels%2Fitems": 404,
		"/ogc/collections/plan%252Dunits": 404, "/ogc/collections/%E5%9C%B0": 404, "/ogc/collections/parcels%00": 404,
	} {
		if r := h.plainly("GET", path); r.StatusCode != want {
			t.Errorf("GET %s: %s, want %d", path, r.Status, want)
		}
	}
	for _, path := range []string{"/ogc", "/ogc/crs", "/ogc/collections/plan-units", parcelItems, parcelItems + "/x"} {
		if r := h.plainly("OPTIONS", path); r.StatusCode != http.StatusNoContent ||
			r.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("OPTIONS %s: %s, Allow %q", path, r.Status, r.Header.Get("Allow"))
		}
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			if r := h.plainly(method, path, "Content-Type", "image/png"); r.StatusCode != http.StatusMethodNotAllowed ||
				r.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
				t.Errorf("%s %s: %s, Allow %q", method, path, r.Status, r.Header.Get("Allow"))
			}
		}
	}
	whole := h.get(parcelItems + "?crs=[EPSG:4550]")
	if r := h.plainly("HEAD", parcelItems+"?crs=[EPSG:4550]"); r.StatusCode != 200 ||
		r.Header.Get("ETag") != whole.Header.Get("ETag") ||
		r.Header.Get("Content-Crs") != "<http://www.opengis.net/def/crs/EPSG/0/4550>" {
		t.Errorf("HEAD: %s %v", r.Status, r.Header)
	}
}

// A page of another origin may ask with a token and with the tag that it holds, and reads the headers that say what an
// answer is.
func TestOtherOriginsReadTheFeedsWithATokenAndByTheirTag(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	asks := h.plainly("OPTIONS", parcelItems, "Origin", "https://map.example", "Access-Control-Request-Method", "GET",
		"Access-Control-Request-Headers", "authorization,if-none-match")
	allowed := strings.ToLower(asks.Header.Get("Access-Control-Allow-Headers"))
	if asks.StatusCode/100 != 2 || asks.Header.Get("Access-Control-Allow-Origin") != "*" ||
		!strings.Contains(allowed, "authorization") || !strings.Contains(allowed, "if-none-match") {
		t.Errorf("preflight: %s %v", asks.Status, asks.Header)
	}
	if no := h.plainly("OPTIONS", parcelItems, "Origin", "https://map.example", "Access-Control-Request-Method",
		"DELETE"); no.Header.Get("Access-Control-Allow-Methods") != "" {
		t.Errorf("preflight of DELETE: %v", no.Header)
	}
	r := h.plainly("GET", parcelItems, "Origin", "https://map.example")
	for _, name := range []string{"ETag", "Link", "Content-Crs"} {
		if !strings.Contains(strings.ToLower(r.Header.Get("Access-Control-Expose-Headers")), strings.ToLower(name)) ||
			r.Header.Get(name) == "" {
			t.Errorf("%s is not exposed: %v", name, r.Header)
		}
	}
	if r.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Error("cookies are let in from other origins")
	}
	if held := h.plainly("GET", parcelItems, "Origin", "https://map.example", "If-None-Match",
		r.Header.Get("ETag")); held.StatusCode != http.StatusNotModified ||
		held.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("by the tag: %s %v", held.Status, held.Header)
	}
	for _, path := range []string{"/tiles/parcels/0/0/0", "/ogc/collections/parcels/tiles/WebMercatorQuad/0/0/0",
		"/ogc/collections/parcels/styles/luodi", "/tiles/parcels/99/0/0"} {
		if r := h.plainly("GET", path, "Origin", "https://map.example"); r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %s can't be read by maps of other origins", path, r.Status)
		}
	}
}

func TestLinksCarryAProxysPrefix(t *testing.T) {
	t.Parallel()
	for _, behind := range []bool{false, true} {
		h := open(t, func(o *api.Options) { o.BehindProxy = behind })
		for _, path := range []string{"/ogc?f=json", "/ogc/collections", parcelItems, "/ogc/api", "/ogc?f=html",
			"/ogc/crs?f=html"} {
			text := string(h.get(path, "X-Forwarded-Prefix", "/city/land/").body)
			if got := strings.Contains(text, "/city/land/ogc/") || strings.Contains(text, "/city/land/ogc?") ||
				strings.Contains(text, `/city/land/ogc"`); got != behind {
				t.Errorf("%s behind a proxy %v: the prefix is there %v", path, behind, got)
			}
		}
	}
}

// The items link has no query, so that a feature's address can be made of it; by it GDAL and a browser get each their
// own form.
func TestTheItemsLinkIsPlain(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var c described
	h.json("/ogc/collections/parcels", &c)
	at := slices.IndexFunc(c.Links, func(l link) bool { return l.Rel == "items" && l.Type == "application/geo+json" })
	items := c.Links[at].Href
	if items != h.url+parcelItems {
		t.Fatalf("items is %s", items)
	}
	var page struct{ Features []struct{ ID string } }
	h.json(parcelItems+"?limit=1", &page)
	for accept, want := range map[string]string{"application/geo+json, application/json": "application/geo+json",
		"text/html,application/xhtml+xml,*/*;q=0.8": "text/html; charset=utf-8"} {
		for _, path := range []string{items, items + "/" + page.Features[0].ID} {
			if r := h.get(path, "Accept", accept); r.Header.Get("Content-Type") != want {
				t.Errorf("%s by %s: %s", path, accept, r.Header.Get("Content-Type"))
			}
		}
	}
}

// One feature at an instant is what it was then, also where it ended since; where it was not there then, it is 404.
func TestOneFeatureAtAnInstant(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.plot("alpha")
	var first uuid.UUID
	one := p.change(func(tx pgx.Tx, seq int64) { first = p.add(tx, seq, "first", "reserve") })
	two := p.change(func(tx pgx.Tx, seq int64) { p.edit(tx, seq, first, "available") })
	three := p.change(func(tx pgx.Tx, seq int64) { p.edit(tx, seq, first, "") })
	at := func(seq int64, by time.Duration) string {
		return "?datetime=" + url.QueryEscape(p.at(seq).Add(by).Format(time.RFC3339Nano))
	}
	path := parcelItems + "/" + first.String()
	for query, want := range map[string]string{"": "", at(one, -1000): "", at(one, 0): "reserve",
		at(two, -1000): "reserve", at(two, 0): "available", at(three, -1000): "available", at(three, 0): "",
		"?datetime=2999-01-01T00:00:00Z": ""} {
		r := h.get(path + query)
		var f struct{ Properties map[string]any }
		_ = json.Unmarshal(r.body, &f)
		if want == "" && r.StatusCode != http.StatusNotFound || want != "" && f.Properties["status"] != want {
			t.Errorf("%s: %s %s, want %q", query, r.Status, r.body, want)
		}
		if want != "" && f.Properties["until"] != nil {
			t.Errorf("%s: what had not ended then ended at %v", query, f.Properties["until"])
		}
	}
	for _, query := range []string{"?datetime=../..", "?datetime=", "?datetime=2026", at(one, 0) + "%2F.."} {
		if r := h.get(path + query); r.StatusCode != 400 || r.problem(t).Field != "datetime" {
			t.Errorf("%s: %s", query, r.Status)
		}
	}
}

// An interval marks what ended: parents of a split stand beside their children with the instant of their end.
func TestAnIntervalMarksWhatEnded(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.plot("alpha")
	var parent uuid.UUID
	p.change(func(tx pgx.Tx, seq int64) { parent = p.add(tx, seq, "parent", "available") })
	split := p.change(func(tx pgx.Tx, seq int64) {
		p.edit(tx, seq, parent, "")
		p.add(tx, seq, "child", "available")
	})
	for query, want := range map[string]string{"": "child:<nil>", "?datetime=2999-01-01T00:00:00Z": "child:<nil>",
		"?datetime=../..": "child:<nil> parent:ended", "?datetime=../..&park=alpha": "child:<nil> parent:ended",
		"?f=jsonfg&datetime=../..": "child:<nil> parent:ended",
		"?datetime=" + url.QueryEscape(p.at(split).Add(-time.Microsecond).Format(time.RFC3339Nano)): "parent:<nil>"} {
		var page items
		h.json(parcelItems+query, &page)
		var got []string
		for _, f := range page.Features {
			until := f.Properties["until"]
			if text, ok := until.(string); ok && text == p.at(split).UTC().Format(time.RFC3339Nano) {
				until = "ended"
			}
			got = append(got, fmt.Sprintf("%v:%v", f.Properties["code"], until))
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
}

// Events name lines and nodes alike networks: a node is found from there too, as the reader may see it.
func TestANodeIsFoundWhereItsEventsSay(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var node, line string
	h.text(&node,
		"SELECT max(network_id::text) FROM network_public WHERE to_seq IS NULL AND GeometryType(geom) = 'POINT'")
	h.text(&line,
		"SELECT max(network_id::text) FROM network_public WHERE to_seq IS NULL AND GeometryType(geom) <> 'POINT'")
	r := h.get("/ogc/collections/networks/items/" + node + "?crs=[EPSG:4550]") // follows
	if r.StatusCode != 200 || r.Request.URL.Path != "/ogc/collections/network-nodes/items/"+node ||
		!strings.Contains(r.Header.Get("Content-Crs"), "4550") || !strings.Contains(string(r.body), `"Point"`) {
		t.Errorf("%s at %s: %s", r.Status, r.Request.URL, r.body)
	}
	for path, want := range map[string]int{"networks/items/" + line: 200, "network-nodes/items/" + line: 404,
		"networks/items/" + uuid.NewString(): 404} {
		if r := h.get("/ogc/collections/" + path); r.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, r.Status, want)
		}
	}
}

// What the public could read once stays readable as of then: a withdrawal hides the present everywhere and the past
// nowhere.
func TestAWithdrawalHidesThePresentAndNotThePast(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	p := o.planner()
	before := time.Now().UTC().Format(time.RFC3339Nano)
	then := "datetime=" + url.QueryEscape(before)
	id := o.parcels[0].String()
	p.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "r",
		"parcels": o.refs(o.parcels[0])})
	count := func(query string) int {
		var page items
		o.json(parcelItems+"?park=desk&"+query, &page)
		return page.Returned
	}
	balance := func(query string) any {
		var b object
		o.json("/api/parks/desk/balance?"+query, &b)
		return at(b, "total", "parcels")
	}
	var now, past items
	o.json(parcelItems+"?park=desk", &now)
	o.json(parcelItems+"?park=desk&"+then, &past)
	if now.Matched == nil || *now.Matched != 2 || len(past.Features) != 3 {
		t.Errorf("now %v match, then there were %d", now.Matched, len(past.Features))
	}
	if got := count("code=A"); got != 0 {
		t.Errorf("it is still found by its code: %d", got)
	}
	if got := count("code=A&" + then); got != 1 {
		t.Errorf("it was not there then: %d", got)
	}
	if r := o.get(parcelItems + "/" + id); r.StatusCode != http.StatusNotFound {
		t.Errorf("by its id: %s", r.Status)
	}
	if r := o.get(parcelItems + "/" + id + "?" + then); r.StatusCode != http.StatusOK {
		t.Errorf("by its id, then: %s", r.Status)
	}
	if balance("") != 2.0 || balance(then) != 3.0 {
		t.Errorf("the balance counts %v now and %v then", balance(""), balance(then))
	}
	var whole items
	o.json(parcelItems+"?park=desk&datetime=../..", &whole)
	ended := 0
	for _, f := range whole.Features {
		if f.Properties["until"] != nil {
			ended++
		}
	}
	if len(whole.Features) != 3 || ended != 1 {
		t.Errorf("an interval gives %d, of which %d ended", len(whole.Features), ended)
	}
	var events object
	o.json("/api/parks/desk/events?after=0&limit=1000", &events)
	list, _ := events["events"].([]any)
	last := list[len(list)-1]
	if at(last, "changes", 0, "op") != "retired" || at(last, "changes", 0, "id") != id {
		t.Errorf("the event says %v", last)
	}
	var place object
	o.json("/ogc/collections/parcels", &place)
	west := at(place, "extent", "spatial", "bbox", 0, 0)
	if least := o.leastLongitude(); west != least {
		t.Errorf("the extent begins at %v, the public parcels at %v", west, least)
	}
}

func (o *office) leastLongitude() any {
	o.t.Helper()
	var page items
	o.json(parcelItems+"?limit=1000", &page)
	least := 180.0
	for _, f := range page.Features {
		for _, p := range positions(o.t, f.Geometry) {
			least = min(least, p[0])
		}
	}
	return least
}
