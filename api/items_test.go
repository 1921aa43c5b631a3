package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const parcelItems = "/ogc/collections/parcels/items"

func TestItemsPageThroughTheWholeCollectionOnceAndInOrder(t *testing.T) {
	t.Parallel()
	h := open(t)
	a, b := h.plot("alpha"), h.plot("beta")
	for _, p := range []*plot{a, b} {
		p.change(func(tx pgx.Tx, seq int64) {
			for i := range 25 {
				p.add(tx, seq, fmt.Sprintf("%s-%02d", p.code, i), "available")
			}
		})
	}
	for _, limit := range []int{1, 7, 25, 49, 50, 51, 10000} {
		seen := map[string]bool{}
		last := ""
		for i, page := range h.walk(fmt.Sprintf("%s?f=json&limit=%d", parcelItems, limit), nil) {
			if page.Returned != len(page.Features) || page.Returned > limit {
				t.Errorf("limit %d: says %d returned, holds %d", limit, page.Returned, len(page.Features))
			}
			if i == 0 && (page.Matched == nil || *page.Matched != 50) {
				t.Errorf("limit %d: the first page matches %v, want 50", limit, page.Matched)
			}
			for _, f := range page.Features {
				key := fmt.Sprint(f.Properties["park"] == "beta", f.ID)
				if seen[f.ID] || f.Properties["park"] == "alpha" && key < last {
					t.Errorf("limit %d: %s comes twice or out of order", limit, f.ID)
				}
				seen[f.ID], last = true, key
			}
		}
		if len(seen) != 50 {
			t.Errorf("limit %d: walked %d of 50", limit, len(seen))
		}
	}
}

func TestAWalkReadsOneStateWhileChangesCommitBetweenItsPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	a, b := h.plot("alpha"), h.plot("beta")
	ids := map[*plot][]uuid.UUID{}
	for _, p := range []*plot{a, b} {
		p.change(func(tx pgx.Tx, seq int64) {
			for i := range 12 {
				ids[p] = append(ids[p], p.add(tx, seq, fmt.Sprintf("%s-%02d", p.code, i), "available"))
			}
		})
	}
	for _, filter := range []string{"", "&park=beta", "&bbox=121,36,123,38", "&bank_status=available",
		"&datetime=2020-01-01T00:00:00Z/..", "&datetime=2999-01-01T00:00:00Z", "&sortby=-code,status",
		"&sortby=bank_status,-seq&park=alpha", "&filter=seq+%3E+0+AND+S_INTERSECTS(geometry,BBOX(121,36,123,38))",
		"&q=alpha,beta&datetime=2020-01-01T00:00:00Z/..&sortby=-since"} {
		before := h.walk(parcelItems+"?limit=10000"+filter, nil)[0]
		step := 0
		pages := h.walk(parcelItems+"?limit=5"+filter, func(int) {
			step++
			for _, p := range []*plot{a, b} { // edit, retire and add, behind the walk and before it
				p.change(func(tx pgx.Tx, seq int64) {
					first, last := ids[p][0], ids[p][len(ids[p])-1]
					p.edit(tx, seq, first, []string{"withdrawn", "available"}[step%2])
					p.edit(tx, seq, last, "")
					ids[p] = append(ids[p][:len(ids[p])-1],
						p.add(tx, seq, fmt.Sprintf("%s-x%d-%s", p.code, step, filter), "available"))
				})
			}
		})
		var walked []string
		for _, page := range pages {
			for _, f := range page.Features {
				walked = append(walked, fmt.Sprint(f.ID, f.Properties))
			}
		}
		var want []string
		for _, f := range before.Features {
			want = append(want, fmt.Sprint(f.ID, f.Properties))
		}
		if !slices.Equal(walked, want) {
			t.Errorf("filter %q: walked %d features, the state at its start has %d, or they differ", filter,
				len(walked), len(want))
		}
		if len(want) < 12 || len(pages) < 3 {
			t.Fatalf("filter %q: %d features on %d pages show nothing", filter, len(want), len(pages))
		}
		// The next walk sees what was changed; the filter starts from a park where everything is available again.
		for _, p := range []*plot{a, b} {
			p.change(func(tx pgx.Tx, seq int64) { p.edit(tx, seq, ids[p][0], "available") })
		}
	}
}

func TestAParkMadeDuringAWalkIsNotInIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.plot("alpha")
	a.change(func(tx pgx.Tx, seq int64) {
		for i := range 4 {
			a.add(tx, seq, fmt.Sprint(i), "available")
		}
	})
	pages := h.walk(parcelItems+"?limit=3", func(int) {
		b := h.plot("beta")
		b.change(func(tx pgx.Tx, seq int64) { b.add(tx, seq, "late", "available") })
	})
	if len(pages) != 2 || len(pages[1].Features) != 1 || pages[1].Features[0].Properties["park"] != "alpha" {
		t.Errorf("the second of %d pages is %+v", len(pages), pages[len(pages)-1].Features)
	}
}

func TestDatetimeAsksForAStateOrForTheLatestVersionWithinAnInterval(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.plot("alpha")
	var first, second uuid.UUID
	one := p.change(func(tx pgx.Tx, seq int64) { first = p.add(tx, seq, "first", "reserve") })
	two := p.change(func(tx pgx.Tx, seq int64) {
		p.edit(tx, seq, first, "available")
		second = p.add(tx, seq, "second", "available")
	})
	three := p.change(func(tx pgx.Tx, seq int64) { p.edit(tx, seq, first, "") })
	at := func(seq int64, by time.Duration) string { return p.at(seq).Add(by).Format(time.RFC3339Nano) }
	const tick = time.Microsecond
	for _, c := range []struct{ datetime, want string }{
		{"", "second available"},
		{at(one, -tick), ""},
		{at(one, 0), "first reserve"},
		{at(two, -tick), "first reserve"},
		{at(two, 0), "first available, second available"},
		{at(three, -tick), "first available, second available"},
		{at(three, 0), "second available"},
		{"2999-01-01T00:00:00+08:00", "second available"},
		{at(one, 0) + "/" + at(one, 0), "first reserve"},
		{at(one, 0) + "/" + at(two, -tick), "first reserve"},
		{at(one, 0) + "/" + at(two, 0), "first available, second available"},
		{at(two, 0) + "/..", "first available, second available"},
		{at(three, 0) + "/", "second available"},
		{"../" + at(one, -tick), ""},
		{"../" + at(one, 0), "first reserve"},
		{"../..", "first available, second available"},
	} {
		for _, scope := range []string{"?park=alpha", "?park=alpha&bbox=122,37,122.1,37.1", "?limit=100",
			"?bbox=122,37,122.1,37.1"} {
			query := ""
			if c.datetime != "" {
				query = "&datetime=" + url.QueryEscape(c.datetime)
			}
			var page items
			h.json(parcelItems+scope+query, &page)
			var got []string
			for _, f := range page.Features {
				got = append(got, fmt.Sprint(f.Properties["code"], " ", f.Properties["status"]))
			}
			slices.Sort(got)
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s, datetime %q: got %q, want %q", scope, c.datetime, got, c.want)
			}
		}
	}
	if second == first {
		t.Fatal("two parcels have one id")
	}
}

func TestBBoxFindsWhatSharesAPointWithIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.plot("alpha")
	p.change(func(tx pgx.Tx, seq int64) { // squares at 122.000, 122.001, 122.002, each 0.0008 wide
		for i := range 3 {
			p.add(tx, seq, fmt.Sprint("c", i), "available")
		}
		// a triangle whose box reaches 122.0500..122.0600 but which leaves the upper left half free
		id := newID(t)
		p.exec(tx, "INSERT INTO parcel VALUES ($1, $2)", p.park, id)
		p.exec(tx, `INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2,
       publication, geom) VALUES ($1, $2, $3, 'tri', 'available', 1, 'public',
			'SRID=4490;POLYGON((122.05 37.05,122.06 37.05,122.06 37.06,122.05 37.05))')`, p.park, id, seq)
	})
	for bbox, want := range map[string]string{
		"122,37,122.1,37.1":                   "c0 c1 c2 tri",
		"122,37,-100,122.1,37.1,9000":         "c0 c1 c2 tri",
		"122.0015,37,122.0016,37.1":           "c1",
		"122.0018,37.0002,122.0018,37.0002":   "c1",
		"122.00180001,37,122.0019,37.0008":    "",
		"122.0009,37.0009,122.00099,37.00099": "",
		"122.0501,37.0590,122.0509,37.0599":   "",
		"122.0501,37.0502,122.0599,37.0599":   "tri",
		"122.0590,37.0501,122.0599,37.0510":   "tri",
		"170,-80,-170,80":                     "",
		"170,-80,122.0002,80":                 "c0",
		"-180,-90,180,90":                     "c0 c1 c2 tri",
	} {
		var page items
		h.json(parcelItems+"?bbox="+bbox, &page)
		codes := page.codes()
		slices.Sort(codes)
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("bbox %s: got %q, want %q", bbox, got, want)
		}
	}
}

func TestEveryFilterFindsWhatTheDatabaseFinds(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	tables := map[string]string{"parks": "park_public", "zones": "zone_public", "plan-units": "plan_unit_public",
		"parcels": "parcel_public", "networks": "network_public", "network-nodes": "network_public"}
	only := map[string]string{"networks": " AND GeometryType(x.geom) <> 'POINT'",
		"network-nodes": " AND GeometryType(x.geom) = 'POINT'"}
	for collection, filters := range map[string][]string{
		"parks": {"code"}, "zones": {"code", "function"}, "plan-units": {"code", "land_use"},
		"parcels": {"code", "zone", "status", "bank_status", "land_use"}, "networks": {"code", "kind", "grade"},
		"network-nodes": {"code", "kind", "grade"},
	} {
		path := "/ogc/collections/" + collection + "/items?limit=10000"
		for _, filter := range filters {
			var value string
			h.text(&value, fmt.Sprintf("SELECT max(%s) FROM %s x WHERE true%s", filter, tables[collection],
				only[collection]))
			var page items
			h.json(path+"&"+filter+"="+url.QueryEscape(value), &page)
			if want := h.count(fmt.Sprintf("SELECT count(*) FROM %s x WHERE %s = $1%s", tables[collection], filter,
				only[collection]), value); page.Returned != want || want == 0 {
				t.Errorf("%s %s=%s: got %d, want %d", collection, filter, value, page.Returned, want)
			}
		}
		if collection == "parks" {
			continue
		}
		for park, want := range map[string]int{"carbon-fibre": h.count("SELECT count(*) FROM " + tables[collection] +
			" x WHERE true" + only[collection]), "no-such-park": 0} {
			var page items
			h.json(path+"&park="+park, &page)
			if park == "carbon-fibre" {
				want = h.count("SELECT count(*) FROM " + tables[collection] +
					" x JOIN park_public p USING (park_id) WHERE p.code = 'carbon-fibre'" + only[collection])
			}
			if page.Returned != want {
				t.Errorf("%s of %s: got %d, want %d", collection, park, page.Returned, want)
			}
		}
	}
}

func TestLimitsAboveTheMaximumAreTakenForIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.fill("bench", 10_050)
	for _, limit := range []string{"10000", "10001", "99999999999999999999999999"} {
		var page items
		h.json(parcelItems+"?limit="+limit, &page)
		if page.Returned != 10_000 || page.next() == "" {
			t.Errorf("limit %s: got %d and next %q", limit, page.Returned, page.next())
		}
	}
	var page items
	h.json(parcelItems, &page)
	if page.Returned != 1000 {
		t.Errorf("without a limit: got %d", page.Returned)
	}
}

func TestOneItemAnswersByItsIDAlone(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, collection := range []string{"parks", "zones", "plan-units", "parcels", "networks", "network-nodes"} {
		var page items
		h.json("/ogc/collections/"+collection+"/items?limit=1", &page)
		path := "/ogc/collections/" + collection + "/items/" + page.Features[0].ID
		var item struct {
			Type, ID   string
			Properties map[string]any
			Links      []link
		}
		h.json(path, &item)
		if item.Type != "Feature" || item.ID != page.Features[0].ID ||
			item.Properties["code"] != page.Features[0].Properties["code"] || len(item.Links) < 3 {
			t.Errorf("%s: %+v", path, item)
		}
		for _, missing := range []string{uuid.NewString(), "x", strings.ToUpper(item.ID), item.ID + "0"} {
			if r := h.get("/ogc/collections/" + collection + "/items/" + missing); r.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %s", collection, missing, r.Status)
			}
		}
	}
}
