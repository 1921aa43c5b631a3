package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// FuzzFilteredItems asks a server with the sample for items by any filter, box, order and search. Whatever it is asked,
// it answers with features or with a refusal that names its field; never with a failure of its own. The features are
// public, lie in the box, and are in the collection; its memory does not grow.
func FuzzFilteredItems(f *testing.F) {
	h := withSample(f)
	public := map[string]bool{}
	rows, err := h.db.Owner.Query(context.Background(),
		"SELECT parcel_id::text FROM parcel_public WHERE to_seq IS NULL")
	if err != nil {
		f.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(ids) == 0 {
		f.Fatal(err)
	}
	for _, id := range ids {
		public[id] = true
	}
	in := map[string]map[string]bool{} // what lies in a box
	within := func(box string) map[string]bool {
		if box == "" {
			return public
		}
		return in[box]
	}
	boxes := []string{"", "122.02,37.24,122.03,37.25", "0,0,1,1", "122.03,37.24,122.05,37.26"}
	for _, box := range boxes[1:] {
		in[box] = map[string]bool{}
		for _, page := range h.walk(asking("parcels", "bbox", box, "limit", "10000"), nil) {
			for _, feature := range page.Features {
				in[box][feature.ID] = true
			}
		}
	}
	for i, seed := range []string{"status = 'available'", "S_INTERSECTS(geometry,POINT(122.034 37.248)) OR TRUE",
		`{"op":"=","args":[{"property":"status"},"held"]}`, "code ILIKE 'tx%'", "legal_m2 / (seq - 1) > 0",
		"T_AFTER(since, TIMESTAMP('2020-01-01T00:00:00Z'))", "CASEI(ACCENTI(tenant_en)) LIKE CASEI('%é%')",
		"park = 'x'", "legal_m2 ^ legal_m2 > 0", "(seq - 2) ^ 0.5 = 1", "status = 'a' OR 1 = 1",
		"'; DROP TABLE parcel_public; --", "S_CROSSES(geometry,POLYGON((0 0,1 1,1 0,0 1,0 0)))",
		"S_WITHIN(geometry,BBOX(170,-90,-170,90))", "S_EQUALS(GEOMETRYCOLLECTION(POINT(1 1),POINT(2 2)),geometry)",
		"1e60 * 1e60 * 1e60 > 1 div 1e-60"} {
		f.Add(seed, uint8(i), uint8(i), "-code,legal_m2", "tx fibre,拓展")
	}
	var before runtime.MemStats
	f.Fuzz(func(t *testing.T, filter string, lang, box uint8, sortby, q string) {
		values := url.Values{"limit": {"50"}}
		values.Set("filter", filter)
		values.Set("filter-lang", []string{"cql2-text", "cql2-json", "cql-text"}[int(lang)%3])
		chosen := boxes[int(box)%len(boxes)]
		for name, value := range map[string]string{"bbox": chosen, "sortby": sortby, "q": q} {
			if value != "" && (lang>>4)&1 == 0 || name == "bbox" && value != "" {
				values.Set(name, value)
			}
		}
		response, err := http.Get(h.url + parcelItems + "?" + values.Encode())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatalf("%s: %v", values.Encode(), err)
		}
		if response.StatusCode != http.StatusOK {
			checkFuzzedRefusal(t, values, response, body)
			return
		}
		var page items
		if err := json.Unmarshal(body, &page); err != nil {
			t.Fatalf("%s: %v in %s", values.Encode(), err, body)
		}
		for _, feature := range page.Features {
			if !within(chosen)[feature.ID] {
				t.Errorf("%s finds %s, which is not in the box or not public", values.Encode(), feature.ID)
			}
		}
		if page.Matched != nil && *page.Matched < page.Returned {
			t.Errorf("%s: %d of %d", values.Encode(), page.Returned, *page.Matched)
		}
		var now runtime.MemStats
		if runtime.ReadMemStats(&now); before.HeapAlloc == 0 {
			before = now
		} else if now.HeapAlloc > before.HeapAlloc+256<<20 {
			t.Errorf("%s: the heap grew from %d to %d bytes", values.Encode(), before.HeapAlloc, now.HeapAlloc)
		}
	})
}

// checkFuzzedRefusal takes a 400 that names a parameter, or a 414.
func checkFuzzedRefusal(t *testing.T, values url.Values, response *http.Response, body []byte) {
	t.Helper()
	var p struct{ Type, Field, Expected string }
	if err := json.Unmarshal(body, &p); err != nil {
		t.Fatalf("%s: %s %s", values.Encode(), response.Status, body)
	}
	switch {
	case response.StatusCode == http.StatusRequestURITooLong:
	case response.StatusCode != http.StatusBadRequest:
		t.Fatalf("%s: %s %s", values.Encode(), response.Status, body)
	case !values.Has(p.Field) || p.Expected == "" || strings.Contains(p.Expected, "rule."):
		t.Fatalf("%s: refused without a field: %s", values.Encode(), body)
	}
}
