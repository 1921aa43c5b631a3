package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/api/problem"
	"luodi/data/feed"
	"luodi/geo"
)

// asking is the address of a collection's items with parameters, given as name, value pairs.
func asking(collection string, pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return "/ogc/collections/" + collection + "/items?" + values.Encode()
}

// live counts live rows of a public table, which has its park's code in k.
func (h *house) live(table, where string) int {
	h.t.Helper()
	return h.count("SELECT count(*) FROM " + table +
		" f JOIN park_public k USING (park_id) WHERE f.to_seq IS NULL AND (" +
		where + ")")
}

func TestFiltersAtItemsFindAndCountWhatTheDatabaseHolds(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, c := range []struct {
		ask   []string
		where string
	}{
		{[]string{"filter", "status = 'available' AND legal_m2 > 10000"}, "status = 'available' AND legal_m2 > 10000"},
		{[]string{"filter", "status = 'available'", "filter-lang", "cql2-text"}, "status = 'available'"},
		{[]string{"filter-lang", "cql2-json", "filter", `{"op":"=","args":[{"property":"status"},"available"]}`},
			"status = 'available'"},
		{[]string{"filter", "status = 'available' OR status = 'held'", "zone", "FP"},
			"(status = 'available' OR status = 'held') AND zone = 'FP'"},
		{[]string{"filter", "status = 'available' OR status = 'held'", "bbox", "122.02,37.24,122.03,37.25"},
			"status IN ('available', 'held') AND ST_Intersects(f.geom, ST_MakeEnvelope(122.02,37.24,122.03,37.25,4490))"},
		{[]string{"filter", "legal_m2 > 10000", "park", "carbon-fibre"}, "legal_m2 > 10000"},
		{[]string{"filter", "legal_m2 > 10000", "park", "logistics"}, "false"},
		{[]string{"legal_m2", "333333.3333"}, "legal_m2 = 333333.3333"},
		{[]string{"legal_m2", "12318.64", "computed_m2", "12318.6459", "status", "built"}, "f.code = 'TX-A01'"},
		{[]string{"seq", "1"}, "from_seq = 1"}, {[]string{"tenant_en", "Tuozhan Fibre"}, "tenant_en = 'Tuozhan Fibre'"},
		{[]string{"q", "tuozhan"}, "tenant_en = 'Tuozhan Fibre' OR project_en LIKE 'Tuozhan%'"},
		{[]string{"q", "拓展,tx-r"}, "tenant_zh LIKE '%拓展%' OR project_zh LIKE '%拓展%' OR f.code LIKE 'TX-R%'"},
		{[]string{"q", "TUOZHAN \t fibre"}, "tenant_en = 'Tuozhan Fibre' OR project_en LIKE 'Tuozhan Fibre%'"},
		{[]string{"q", "fibre Tuozhan"}, "false"}, {[]string{"q", "production TX-A"}, "false"},
		{[]string{"q", "100%"}, "false"}, {[]string{"q", "tx-a", "filter", "status = 'available'"},
			"f.code LIKE 'TX-A%' AND status = 'available'"},
		// GDAL's draft
		{[]string{"filter-lang", "cql-text", "filter", "code ILIKE 'tx-a%'"}, "f.code LIKE 'TX-A%'"},
		{[]string{"filter-lang", "cql-text", "filter", `code LIKE 'TX\_A%'`}, "false"},
		{[]string{"filter-lang", "cql-text", "filter", "since > '2020-01-01T'"}, "true"},
		{[]string{"filter-lang", "cql-text", "filter",
			"NOT ((since > '2020-01-01T00:00:00Z') AND (expires_at IS NULL))"},
			"expires_at IS NOT NULL"},
	} {
		var page items
		h.json(asking("parcels", append(c.ask, "limit", "3")...), &page)
		want := h.live("parcel_public", c.where)
		if page.Matched == nil || *page.Matched != want || page.Returned != min(want, 3) {
			t.Errorf("%v: %v matched and %d returned, want %d", c.ask, page.Matched, page.Returned, want)
		}
		seen := 0
		for _, page := range h.walk(asking("parcels", append(c.ask, "limit", "7")...), nil) {
			seen += page.Returned
		}
		if seen != want {
			t.Errorf("%v: walked %d, want %d", c.ask, seen, want)
		}
	}
	for _, c := range []struct{ collection, filter, where string }{
		{"networks", "kind = 'road' AND width_m >= 30", "kind = 'road' AND width_m >= 30"},
		{"plan-units", "effective_from <= DATE('2022-01-01')", "effective_from <= '2022-01-01'"},
		{"zones", "legal_mu >= 300", "legal_m2 >= 200000"},
	} {
		var page items
		h.json(asking(c.collection, "filter", c.filter), &page)
		table := strings.TrimSuffix(strings.ReplaceAll(c.collection, "-", "_"), "s") + "_public"
		where := c.where
		if c.collection == "networks" {
			where += " AND GeometryType(f.geom) <> 'POINT'"
		}
		if want := h.live(table, where); want == 0 || page.Returned != want {
			t.Errorf("%s: %s: %d, want %d", c.collection, c.filter, page.Returned, want)
		}
	}
	var parks items
	h.json(asking("parks", "illustrative", "true"), &parks)
	if parks.Returned != 6 {
		t.Errorf("%d parks are illustrative", parks.Returned)
	}
}

// TestFilterCRSPlacesGeometries names one place in every reference system that feeds speak, in the axis order of EPSG.
func TestFilterCRSPlacesGeometries(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	found, refused := 0, 0
	for _, crs := range geo.ServedCRS() {
		var x, y float64
		if err := h.db.Owner.QueryRow(context.Background(), `SELECT ST_X(p), ST_Y(p) FROM
			(SELECT ST_Transform(ST_PointOnSurface(geom), $1::int) AS p FROM parcel_public WHERE code = 'TX-R01') o`,
			int(crs.Code)).Scan(&x, &y); err != nil {
			t.Fatal(err)
		}
		far := false
		if zone, is := crs.Code.GaussKruger(); is {
			far = math.Abs(x-zone.FalseEastingM) > 1e6
		}
		if crs.NorthFirst() {
			x, y = y, x
		}
		ask := func(shape string) reply {
			return h.get(asking("parcels", "filter-crs", crs.URI(), "filter", "S_INTERSECTS(geometry, "+shape+")"))
		}
		for _, shape := range []string{fmt.Sprintf("POINT(%.9f %.9f)", x, y),
			fmt.Sprintf("BBOX(%.9f,%.9f,%.9f,%.9f)", x, y, x+1e-7, y+1e-7)} {
			r := ask(shape)
			var page items
			switch {
			case far:
				refused++
				if r.StatusCode != http.StatusBadRequest {
					t.Errorf("%s: %s is answered with %s", crs.URI(), shape, r.Status)
				}
				continue
			case r.StatusCode != http.StatusOK || json.Unmarshal(r.body, &page) != nil:
				t.Fatalf("%s: %s: %s %s", crs.URI(), shape, r.Status, r.body)
			}
			if found++; !slices.Equal(page.codes(), []string{"TX-R01"}) {
				t.Errorf("%s: %s finds %v", crs.URI(), shape, page.codes())
			}
		}
	}
	if found < 20 || refused < 20 {
		t.Errorf("%d found, %d too far", found, refused)
	}
	// An edge is straight in its own system: a line of 200 km in the plane of EPSG:4550 runs through the parcel,
	// where the same ends joined in degrees pass 600 m off.
	var x, y float64
	if err := h.db.Owner.QueryRow(context.Background(), `SELECT ST_X(p), ST_Y(p) FROM
		(SELECT ST_Transform(ST_PointOnSurface(geom), 4550) AS p FROM parcel_public WHERE code = 'TX-R01') o`).Scan(&x,
		&y); err != nil {
		t.Fatal(err)
	}
	var page items
	h.json(asking("parcels", "filter-crs", "EPSG:4550", "filter", fmt.Sprintf(
		"S_CROSSES(geometry, LINESTRING(%.3f %.3f,%.3f %.3f)) AND code = 'TX-R01'", y, x-100e3, y, x+100e3)), &page)
	if page.Returned != 1 {
		t.Error("a long line misses the parcel that it runs over")
	}
}

// TestAFilterIsTrueOfThePastStateThatIsAsked: filters, orders and counts are of the state at an instant.
func TestAFilterIsTrueOfThePastStateThatIsAsked(t *testing.T) {
	t.Parallel()
	h := open(t)
	a, b := h.plot("alpha"), h.plot("beta")
	var at time.Time
	for _, p := range []*plot{a, b} {
		var first, last int64
		p.change(func(tx pgx.Tx, seq int64) {
			for i := range 4 {
				p.add(tx, seq, fmt.Sprintf("%s-%d", p.code, i), "available")
			}
			first = seq
		})
		_ = first
		_ = last
	}
	at = time.Now()
	if clock := b.at(1); clock.After(at) {
		at = clock
	}
	for _, p := range []*plot{a, b} {
		p.change(func(tx pgx.Tx, seq int64) {
			rows, err := tx.Query(context.Background(), "SELECT parcel_id FROM parcel_version WHERE park_id = $1 AND "+
				"code LIKE '%-0'", p.park)
			if err != nil {
				t.Fatal(err)
			}
			all, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
			if err != nil || len(all) != 1 {
				t.Fatal(err)
			}
			p.edit(tx, seq, all[0], "withdrawn")
		})
	}
	then := at.UTC().Format(time.RFC3339Nano)
	for _, c := range []struct {
		ask  []string
		want []string
	}{
		{[]string{"filter", "status = 'withdrawn'"}, []string{"alpha-0", "beta-0"}},
		{[]string{"filter", "status = 'withdrawn'", "datetime", then}, []string{}},
		{[]string{"filter", "status = 'available' AND code LIKE '%-0'", "datetime", then, "sortby", "-code"},
			[]string{"beta-0", "alpha-0"}},
		{[]string{"filter", "status = 'available' AND code LIKE '%-0'", "datetime", then, "park", "beta"},
			[]string{"beta-0"}},
		{[]string{"filter", "S_INTERSECTS(geometry, POINT(122.0004 37.0004)) AND status = 'available'", "datetime",
			then,
			"sortby", "code"}, []string{"alpha-0", "beta-0"}},
		{[]string{"filter", "S_INTERSECTS(geometry, BBOX(122,37,122.0001,37.0001))", "datetime", "../" + then, "park",
			"alpha", "sortby", "status"}, []string{"alpha-0"}},
		{[]string{"q", "ALPHA-", "datetime", then, "sortby", "-code", "filter", "seq = 1"},
			[]string{"alpha-3", "alpha-2", "alpha-1", "alpha-0"}},
	} {
		var page items
		h.json(asking("parcels", c.ask...), &page)
		if !slices.Equal(page.codes(), c.want) {
			t.Errorf("%v: %v, want %v", c.ask, page.codes(), c.want)
		}
	}
}

func TestFiltersAreRefusedByFieldAndPlace(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	deep := strings.Repeat("(", 70) + "TRUE" + strings.Repeat(")", 70)
	vertices := make([]string, 2001)
	for i := range vertices {
		vertices[i] = fmt.Sprint("0 ", i%9)
	}
	for _, c := range []struct {
		ask   []string
		field string
		says  string // a part of what is expected, in English
	}{
		{[]string{"filter", ""}, "filter",
			"a property, a value, a function, NOT or an opening bracket, at character 1"},
		{[]string{"filter", "status = 'a"}, "filter", "closing quote of the ' at character 10, at character 12"},
		{[]string{"filter", "state = 'a'"}, "filter", "one of the properties park, code, zone, status"},
		{[]string{"filter", "services IS NULL"}, "filter", "one of the properties park"},
		{[]string{"filter", "legal_m2 = 'large'"}, "filter", `a number, like "legal_m2", at character 12`},
		{[]string{"filter", "status > 5"}, "filter", `a text, like "status"`},
		{[]string{"filter", "since > DATE('2026-01-01')"}, "filter", "a timestamp"},
		{[]string{"filter", "since > '2026-01-01'"}, "filter", "a timestamp"},
		{[]string{"filter", "T_DURING(since, TIMESTAMP('2026-01-01T00:00:00Z'))"}, "filter", "an interval"},
		{[]string{"filter", "buffer(geometry, 1) = 1"}, "filter", "one of the functions CASEI"},
		{[]string{"filter", "A_CONTAINS(code, ('a'))"}, "filter", "one of the functions CASEI"},
		{[]string{"filter", deep}, "filter", "nested at most 64 deep"},
		{[]string{"filter", strings.Repeat("NOT ", 40) + "TRUE"}, "filter", "nested at most 32 deep"},
		{[]string{"filter", "code IN (" + strings.Repeat("1,", 600) + "1)"}, "filter", "at most 512 parts"},
		{[]string{"filter", "S_INTERSECTS(geometry,POINT(122 137))"}, "filter", "coordinates within"},
		{[]string{"filter", "S_INTERSECTS(geometry,POINT(37 122))", "filter-crs",
			"http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
			"filter", "coordinates within"},
		{[]string{"filter", "S_INTERSECTS(geometry,POLYGON((0 0,1 1,1 0,0 1,0 0)))"}, "filter",
			"does not cross itself"}, {[]string{"filter", "S_INTERSECTS(geometry,MULTIPOINT(" +
			strings.Join(vertices, ",") + "))"}, "filter",
			"at most 2000 positions"},
		{[]string{"filter", "S_INTERSECTS(geometry,POINT(122 NaN))"}, "filter", "a coordinate"},
		{[]string{"filter", "seq = 1e999999999"}, "filter", "at most 40 digits"},
		{[]string{"filter", "status = 'a'; DROP TABLE parcel_public"}, "filter", "a character that CQL2 knows"},
		{[]string{"filter", "status = 'a' UNION SELECT 1"}, "filter", "AND, OR or the end"},
		{[]string{"filter", "status = 'a' -- comment"}, "filter", "one of the properties"},
		{[]string{"filter", `status = 'a\'`}, "filter", "closing quote"},
		{[]string{"filter", "status = U&'\\0041'"}, "filter", "a character that CQL2 knows, at character 11"},
		{[]string{"filter", "status = $1"}, "filter", "a character that CQL2 knows"},
		{[]string{"filter", "pg_sleep(10) = 1"}, "filter", "one of the functions"},
		{[]string{"filter", "park_id = 'x'"}, "filter", "one of the properties"},
		{[]string{"filter", "TRUE", "filter-lang", "ecql"}, "filter-lang", "one of: cql2-text, cql2-json, cql-text"},
		{[]string{"filter-lang", "ecql"}, "filter-lang", "one of"},
		{[]string{"filter", "TRUE", "filter-crs", "EPSG:27700"}, "filter-crs", "reference system"},
		{[]string{"filter", "TRUE", "filter-crs", "EPSG:4214"}, "filter-crs", "reference system"},
		{[]string{"filter-lang", "cql2-json", "filter", `{"op":"="`}, "filter", "JSON, at character"},
		{[]string{"filter-lang", "cql2-json", "filter", `{"op":"evil","args":[]}`}, "filter",
			"one of the operators and, or"}, {[]string{"filter-lang", "cql2-json", "filter",
			`{"op":"=","args":[{"property":"status"}]}`}, "filter",
			"2 arguments of ="},
		{[]string{"filter-lang", "cql2-json", "filter", `{"op":"=","args":[{"property":"status"},"\ud800"]}`}, "filter",
			"half of a surrogate pair"},
		{[]string{"filter-lang", "cql2-json", "filter", `{"op":"=","args":[{"property":"status"},"\u0000"]}`}, "filter",
			"U+0000"},
		{[]string{"filter-lang", "cql2-json", "filter", `{"op":"not","op":"=","args":[]}`}, "filter",
			"each member once"}, {[]string{"filter-lang", "cql2-json", "filter",
			`{"op":"=","args":[{"property":"status"},null]}`}, "filter",
			"a text, a number"},
		{[]string{"filter-lang", "cql2-json", "filter", strings.Repeat(`{"op":"not","args":[`, 40) + "true" +
			strings.Repeat("]}", 40)}, "filter", "nested at most 32 deep"},
		{[]string{"filter-lang", "cql2-json", "filter", strings.Repeat(`[`, 3000)}, "filter", "JSON"},
		{[]string{"filter-lang", "cql2-json", "filter", `{"op":"=","args":[{"property":"status"},{"x":1}]}`}, "filter",
			"an object with op, property"},
		{[]string{"filter-lang", "cql-text", "filter", "since > 'yesterday'"}, "filter", "a timestamp"},
		{[]string{"sortby", "price"}, "sortby", "one of: park, code"},
		{[]string{"sortby", ""}, "sortby", "one of: park"}, {[]string{"sortby", "services"}, "sortby", "one of"},
		{[]string{"sortby", "code,-code"}, "sortby", "once"}, {[]string{"sortby", "geometry"}, "sortby", "one of"},
		{[]string{"sortby", "++code"}, "sortby", "one of"}, {[]string{"sortby",
			"park,code,zone,status,land_use,seq,since,legal_m2,legal_mu"}, "sortby", "at most 8"},
		{[]string{"properties", "price"}, "properties", "one of: geometry, park"},
		{[]string{"properties", ""}, "properties", "one of"}, {[]string{"q", ""}, "q", "words"},
		{[]string{"q", "a,,b"}, "q", "words"}, {[]string{"q", strings.Repeat("a", 500)}, "q", "400"},
		{[]string{"q", strings.Repeat("a,", 20) + "a"}, "q", "16"},
		{[]string{"illustrative", "true"}, "illustrative", "one of"},
		{[]string{"legal_m2", "0x10"}, "legal_m2", "a number"},
		{[]string{"since", "2026-01-01"}, "since", "a UTC instant"},
		{[]string{"services", "{}"}, "services", "one of"}, {[]string{"skipGeometry", "true"}, "skipGeometry",
			"one of"},
	} {
		ask := asking("parcels", c.ask...)
		r := h.get(ask, "Accept-Language", "en")
		if p := refusalOf(t, r); r.StatusCode != http.StatusBadRequest || p.Field != c.field ||
			!strings.Contains(p.Expected, c.says) {
			t.Errorf("%.100v: %s of %q, expected %q: want %q", c.ask, r.Status, p.Field, p.Expected, c.says)
		}
		if p := refusalOf(t, h.get(ask, "Accept-Language", "zh")); p.Expected == "" ||
			strings.Contains(p.Expected, "rule.") {
			t.Errorf("%.100v: in Chinese %q", c.ask, p.Expected)
		}
	}
	for _, path := range []string{"/ogc/collections/towns/items?filter=TRUE", "/ogc/collections/towns/sortables",
		"/ogc/collections/towns/queryables"} {
		if r := h.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	long := h.get(asking("parcels", "filter", "code = '"+strings.Repeat("a", 17<<10)+"'"))
	if long.StatusCode != http.StatusRequestURITooLong && long.StatusCode != http.StatusBadRequest {
		t.Errorf("a filter of 17 KiB: %s", long.Status)
	}
}

// refusalOf reads a refusal.
func refusalOf(t *testing.T, r reply) problem.Problem {
	t.Helper()
	var p problem.Problem
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Errorf("%s: %v in %.200s", r.Request.URL, err, r.body)
	}
	return p
}

func TestSortedItemsCarryTheirOrderInTheCursor(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, c := range []struct {
		ask, order string
	}{
		{"sortby=-legal_m2", "f.legal_m2 DESC"},
		{"sortby=+zone,-code", "f.zone NULLS LAST, f.code DESC"},
		{"sortby=%2Dtenant_en,%2Bcode", "f.tenant_en DESC NULLS LAST, f.code"},
		{"sortby=expires_at", "f.expires_at NULLS LAST"}, {"sortby=-expires_at&park=carbon-fibre",
			"f.expires_at DESC NULLS LAST"},
		{"sortby=price_cny_per_m2,status", "f.price_cny_per_m2 NULLS LAST, f.status"},
	} {
		var want []string
		rows, err := h.db.Owner.Query(context.Background(),
			"SELECT f.code FROM parcel_public f WHERE f.to_seq IS NULL "+
				"ORDER BY "+c.order+", f.park_id, f.parcel_id")
		if err == nil {
			want, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, limit := range []int{5, 50, 1000} {
			var got []string
			for _, page := range h.walk(fmt.Sprintf("%s?%s&limit=%d", parcelItems, c.ask, limit), nil) {
				got = append(got, page.codes()...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, pages of %d: %v, want %v", c.ask, limit, got, want)
			}
		}
	}
	var page items
	h.json(parcelItems+"?sortby=code&limit=2", &page)
	_, cursor, _ := strings.Cut(page.next(), "cursor=")
	cursor, _, _ = strings.Cut(cursor, "&")
	for _, other := range []string{"", "&sortby=-code", "&sortby=code,zone", "&sortby=legal_m2"} {
		if r := h.get(parcelItems + "?cursor=" + cursor + other); r.StatusCode != http.StatusBadRequest {
			t.Errorf("the cursor of another order is taken with %q: %s", other, r.Status)
		}
	}
}

func TestPropertiesCutFeatures(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	whole := h.walk(asking("parcels", "limit", "10000"), nil)[0]
	for _, c := range []struct {
		ask      string
		names    []string
		geometry bool
	}{
		{"code,status", []string{"code", "status"}, false}, {"status,geometry,code", []string{"code", "status"}, true},
		{"park", []string{"park"}, false}, {"geometry", nil, true},
		{"legal_mu,services,since", []string{"legal_mu", "services", "since"}, false},
	} {
		page := h.walk(asking("parcels", "limit", "10000", "properties", c.ask), nil)[0]
		if len(page.Features) != len(whole.Features) {
			t.Fatalf("%s: %d features", c.ask, len(page.Features))
		}
		for i, f := range page.Features {
			if f.ID != whole.Features[i].ID || len(f.Properties) != len(c.names) ||
				(string(f.Geometry) != "null") != c.geometry {
				t.Fatalf("%s: %+v", c.ask, f)
			}
			for _, name := range c.names {
				if fmt.Sprint(f.Properties[name]) != fmt.Sprint(whole.Features[i].Properties[name]) {
					t.Fatalf("%s: %s is %v", c.ask, name, f.Properties[name])
				}
			}
		}
		one := h.get("/ogc/collections/parcels/items/" + whole.Features[3].ID + "?properties=" + c.ask)
		var f struct {
			Geometry   json.RawMessage
			Properties map[string]any
		}
		if err := json.Unmarshal(one.body, &f); err != nil || len(f.Properties) != len(c.names) ||
			(string(f.Geometry) != "null") != c.geometry {
			t.Errorf("%s: one is %s", c.ask, one.body)
		}
	}
	if r := h.get(asking("parcels", "properties", "code", "f", "html")); r.StatusCode != http.StatusOK {
		t.Errorf("as a page: %s", r.Status)
	}
	if r := h.get("/ogc/collections/parcels/items/" + whole.Features[0].ID + "?properties=price"); r.StatusCode !=
		http.StatusBadRequest {
		t.Errorf("one with an unknown property: %s", r.Status)
	}
}

// TestEveryQueryableIsAParameterAndASortable holds the resources to what items takes.
func TestEveryQueryableIsAParameterAndASortable(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var doc struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct {
					Name   string
					Schema struct {
						Type, Format string
						Items        struct{ Enum []string }
					}
				}
			}
		}
		Components struct {
			Parameters map[string]struct {
				Schema struct {
					Enum    []string
					Default any
				}
			}
		}
	}
	h.json("/ogc/api?f=json", &doc)
	if langs := doc.Components.Parameters["filter-lang"].Schema; !slices.Equal(langs.Enum, []string{"cql2-text",
		"cql2-json", "cql-text"}) || langs.Default != any("cql2-text") {
		t.Errorf("filter-lang is %+v", langs)
	}
	for _, c := range feed.Collections() {
		path := "/collections/" + c.ID
		type schema struct {
			ID         string `json:"$id"`
			Properties map[string]map[string]any
			Additional *bool `json:"additionalProperties"`
		}
		var queryables, sortables, returnables schema
		h.json("/ogc"+path+"/queryables", &queryables)
		h.json("/ogc"+path+"/sortables", &sortables)
		h.json("/ogc"+path+"/schema", &returnables)
		if queryables.Additional == nil || *queryables.Additional || sortables.Additional == nil ||
			*sortables.Additional {
			t.Errorf("%s: more may be asked for than is listed", c.ID)
		}
		parameters := map[string]string{}
		for _, p := range doc.Paths[path+"/items"].Get.Parameters {
			parameters[p.Name] = p.Schema.Type + p.Schema.Format
			switch p.Name {
			case "sortby":
				if len(p.Schema.Items.Enum) != 3*len(sortables.Properties) {
					t.Errorf("%s: sortby lists %v", c.ID, p.Schema.Items.Enum)
				}
			case "properties":
				if len(p.Schema.Items.Enum) != len(returnables.Properties)-1 {
					t.Errorf("%s: properties lists %v", c.ID, p.Schema.Items.Enum)
				}
			}
		}
		for name, q := range queryables.Properties {
			if name == "geometry" {
				if q["type"] != nil || q["$ref"] != nil || !strings.HasPrefix(fmt.Sprint(q["format"]), "geometry-") {
					t.Errorf("%s: the geometry is %v", c.ID, q)
				}
				continue
			}
			format, _ := q["format"].(string)
			if parameters[name] != fmt.Sprint(q["type"])+format {
				t.Errorf("%s: %s is the parameter %q and the queryable %v", c.ID, name, parameters[name], q)
			}
			if sortables.Properties[name] == nil || returnables.Properties[name] == nil {
				t.Errorf("%s: %s is no sortable or returnable", c.ID, name)
			}
			if r := h.get(asking(c.ID, "sortby", "-"+name, "filter", `"`+name+`" IS NOT NULL`, "properties", name,
				"limit", "5")); r.StatusCode != http.StatusOK {
				t.Errorf("%s: %s: %s %s", c.ID, name, r.Status, r.body)
			}
		}
		if sortables.Properties["geometry"] != nil || len(sortables.Properties) != len(queryables.Properties)-1 {
			t.Errorf("%s: sortables %v", c.ID, sortables.Properties)
		}
	}
}

// TestGDALPushesFiltersDown: GDAL's driver sends what its SQL asks, and does not look again itself. What it is given is
// what the database holds.
func TestGDALPushesFiltersDown(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	source := "OAPIF:" + h.url + "/ogc"
	for _, c := range []struct{ layer, where, sql string }{
		{"parcels", "status = 'available'", "status = 'available'"},
		{"parcels", "status <> 'available' AND legal_m2 > 20000", "status <> 'available' AND legal_m2 > 20000"},
		{"parcels", "status = 'held' OR zone = 'FP'", "status = 'held' OR zone = 'FP'"},
		{"parcels", "NOT (legal_m2 < 20000.5)", "NOT legal_m2 < 20000.5"},
		{"parcels", "code LIKE 'TX-A%'", "f.code LIKE 'TX-A%'"},
		{"parcels", "code ILIKE 'tx-a%'", "f.code LIKE 'TX-A%'"},
		{"parcels", "legal_m2 BETWEEN 10000 AND 13000", "legal_m2 BETWEEN 10000 AND 13000"},
		{"parcels", "expires_at > '2026/01/01 00:00:00'", "expires_at > '2026-01-01'"},
		{"parcels", "since > '2100/01/01'", "false"}, {"parcels", "since < '2100/01/01'", "true"},
		{"parcels", "since >= '2020/01/01' AND since <= '2100/01/01'", "true"},
		{"parcels", "tenant_zh = '拓展纤维'", "tenant_zh = '拓展纤维'"},
		{"parcels", "seq = 1", "from_seq = 1"}, {"parcels", "tenant_en IS NULL", "tenant_en IS NULL"},
		{"parcels", "tenant_en IS NOT NULL AND legal_mu > 20",
			"tenant_en IS NOT NULL AND legal_m2 * 15 / 10000 > 20.005"}, {"parcels", "code = 'O''Brien'", "false"},
		{"plan-units", "effective_from >= '2022/01/01'", "effective_from >= '2022-01-01'"},
		{"plan-units", "effective_from > '2022/01/01'", "effective_from > '2022-01-01'"},
	} {
		out, asked := gdalDebug(t, "-ro", "-q", source, c.layer, "-where", c.where)
		table := strings.TrimSuffix(strings.ReplaceAll(c.layer, "-", "_"), "s") + "_public"
		if got, want := strings.Count(out, "OGRFeature("), h.live(table, c.sql); got != want {
			t.Errorf("%s: %s: GDAL shows %d, want %d", c.layer, c.where, got, want)
		}
		if !strings.Contains(asked, "filter-lang=cql-text") || strings.Contains(asked, "datetime=") {
			t.Errorf("%s: %s is not pushed down: %s", c.layer, c.where, asked)
		}
	}
}

// gdalDebug runs ogrinfo and gives what it shows and which addresses of items it asked for.
func gdalDebug(t *testing.T, args ...string) (shown, asked string) {
	t.Helper()
	path, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed (Debian: gdal-bin)")
	}
	command := exec.Command(path, args...)
	command.Env = append(command.Environ(), "CPL_DEBUG=HTTP")
	var out, debug strings.Builder
	command.Stdout, command.Stderr = &out, &debug
	if err := command.Run(); err != nil || strings.Contains(debug.String(), "ERROR") {
		t.Fatalf("ogrinfo %v: %v\n%s", args, err, debug.String())
	}
	for line := range strings.SplitSeq(debug.String(), "\n") {
		if strings.Contains(line, "/items?") {
			asked += line + "\n"
		}
	}
	return out.String(), asked
}

// TestAHostileFilterGivesItsConnectionBack: what takes too long is given up, in the database too.
func TestAHostileFilterGivesItsConnectionBack(t *testing.T) { // not parallel: the limit is a variable
	h := open(t)
	h.fill("bench", 20_000)
	before := feed.CostlyWithin
	feed.CostlyWithin = 150 * time.Millisecond
	defer func() { feed.CostlyWithin = before }()
	hostile := "legal_m2 ^ 0.37 < 0"
	for range 6 {
		hostile += " OR (legal_m2 ^ 0.37) ^ 1.7 < 0"
	}
	for _, ask := range []string{asking("parcels", "filter", hostile), asking("parcels", "filter", hostile, "sortby",
		"-legal_m2", "f", "html")} {
		for range 5 { // with another literal each time, so that nothing is at hand
			r := h.get(ask, "Accept-Language", "en")
			if p := refusalOf(t, r); r.StatusCode != http.StatusServiceUnavailable ||
				p.Type != "/problems/too-costly" || p.Field != "filter" || r.Header.Get("Retry-After") == "" {
				t.Fatalf("%s %s", r.Status, r.body)
			}
		}
	}
	// What is sorted alone is not counted: the clock of its rows ends it.
	feed.CostlyWithin = time.Millisecond
	r := h.get(asking("parcels", "sortby", "-computed_m2,tenant_en", "limit", "5"), "Accept-Language",
		"en")
	if p := refusalOf(t, r); r.StatusCode != http.StatusServiceUnavailable || p.Type != "/problems/too-costly" {
		t.Errorf("%s %.300s", r.Status, r.body)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		n := h.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND " +
			"query LIKE '%power%' AND pid <> pg_backend_pid()")
		if n == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d statements still run", n)
		}
	}
	feed.CostlyWithin = before
	var page items
	h.json(asking("parcels", "filter", "code = 'P-17'"), &page)
	if page.Returned != 1 {
		t.Errorf("%d features afterwards", page.Returned)
	}
}
