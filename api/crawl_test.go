package api_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"luodi/api/sheet"
	"luodi/data/outlet"
	"luodi/data/people"
)

// crawler reads what there is to read as someone who may not see a park's desk, and looks for its secrets.
type crawler struct {
	*hidden
	who      *colleague
	requests int
	sheets   int // PDFs that were read
	found    []string
}

// TestTheHiddenStaysHidden plants secrets in every column that is not public, reads all that can be read as the public
// and as a planner of the park next door, and finds none.
func TestTheHiddenStaysHidden(t *testing.T) {
	t.Parallel()
	h := hide(t)
	h.checkColumns()
	requests, sheets := 0, 0
	stranger := h.colleagueIn("other", "stranger")
	for name, who := range map[string]*colleague{"the public": {office: h.office}, "a planner next door": stranger} {
		c := h.crawl(who)
		for _, f := range c.found {
			t.Errorf("%s reads %s", name, f)
		}
		requests, sheets = requests+c.requests, sheets+c.sheets
	}
	if len(h.secrets) < 50 || requests < 1000 {
		t.Errorf("only %d secrets and %d requests", len(h.secrets), requests)
	}
	if _, err := os.Stat(typeFile); err == nil && sheets == 0 {
		t.Error("no sheet of paper was read")
	}
	t.Logf("%d secrets, %d requests, 0 found", len(h.secrets), requests)
}

// TestTheCrawlFindsWhatIsTold shows that the crawl can fail: with publish_parcels as it was, the code of the internal
// zone is found.
func TestTheCrawlFindsWhatIsTold(t *testing.T) {
	t.Parallel()
	before, err := os.ReadFile("testdata/publish_parcels_before.sql")
	if err != nil {
		t.Fatal(err)
	}
	h := hide(t, string(before))
	if c := h.crawl(&colleague{office: h.office}); !slices.ContainsFunc(c.found,
		func(f string) bool { return strings.Contains(f, "zone.code") }) {
		t.Errorf("found %q", c.found)
	}
}

// crawl reads everything once, then asks for each secret as if one knew it.
func (h *hidden) crawl(who *colleague) *crawler {
	c := &crawler{hidden: h, who: who}
	for _, path := range c.paths() {
		c.read("GET", path, nil)
	}
	for _, f := range outlet.Formats() {
		c.read("GET", "/api/parks/desk/export?format="+f.Name, nil)
		c.read("GET", "/api/parks/desk/export?lang=en&layer=zones&format="+f.Name, nil)
	}
	for _, id := range c.publicIDs {
		c.read("GET", "/api/parks/desk/parcels/"+id+"/plat.pdf", nil)
	}
	for path, body := range c.questions() {
		c.read("POST", path, body)
	}
	c.follow()
	for path, body := range map[string]object{"/api/parks/desk/records": {"kind": "hold", "reason": "r"},
		"/api/projects":      {"code": "x", "name_zh": "x", "name_en": "x", "park": "desk"},
		"/api/parties":       {"name_zh": "x", "name_en": "x", "park": "desk"},
		"/api/firm/look":     {"link": strings.Repeat("A", 36)},
		"/api/firm/problems": {"link": "x", "words": "w", "key": uuid.NewString()},
		"/api/enquiry/look":  {"link": "x"}, "/api/enquiry/withdraw": {"link": strings.Repeat("A", 36)},
		"/api/parks/desk/enquiries": {"name": "n", "organisation": "o", "phone": "12345", "consent": true,
			"proof":  object{"challenge": "x", "numbers": []int{1}},
			"places": []object{{"kind": "parcel", "code": "x", "parcels": []string{"HIDDEN"}}}},
		"/api/parks/desk/enquiries/" + h.id("enquiry").String() + "/answers": {"words": "w"},
		"/api/parks/desk/enquiries/" + h.id("enquiry").String() + "/project": {},
		"/api/parks/desk/imports": {"type": "FeatureCollection", "features": []object{}},
		"/api/matches":            {"name": "n", "question": object{"park": "desk", "requirement": object{}}}} {
		c.read("POST", path, body)
	}
	for _, s := range h.secrets {
		c.guess(s)
	}
	return c
}

var formats = []string{"json", "html"}

// tiles are the tiles of Web Mercator around the middle of each park, as z/x/y.
func (c *crawler) tiles() (all []string) {
	for _, middle := range c.texts(`SELECT ST_X(m) || ' ' || ST_Y(m)
		FROM (SELECT ST_Centroid(geom) AS m FROM park_public) p`) {
		var lon, lat float64
		if _, err := fmt.Sscan(middle, &lon, &lat); err != nil {
			c.t.Fatal(err)
		}
		for _, z := range []int{4, 12, 14, 16} {
			n := math.Exp2(float64(z))
			all = append(all, fmt.Sprintf("%d/%d/%d", z, int((lon+180)/360*n),
				int((1-math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi)/2*n)))
		}
	}
	return all
}

// paths are all that can be read: every public route, now and at each moment of the past, in every form, and the
// desk's, which refuse.
func (c *crawler) paths() []string {
	all := []string{"/", "/healthz", "/readyz", "/metrics", "/problems/not-found", "/api/docs?lang=zh",
		"/api/docs?lang=en", "/api/openapi.json", "/api/session", "/api/parks", "/api/events",
		"/api/events?after=now", "/ogc/api", "/ogc/api?f=html", "/api/projects?limit=1000", "/api/parties?limit=1000", "/api/figures",
		"/api/figures/projects", "/api/board", "/api/project-names", "/api/dispatch", "/api/matches",
		"/api/my/day", "/api/meetings",
		"/api/judging", "/api/titles", "/api/mails?state=all",
		"/api/figures/projects", "/api/figures/facts", "/api/figures/facts/projects?figure=need", "/api/ledgers",
		"/api/projects.xlsx", "/api/matches",
		"/api/flow-templates", "/api/flow-templates/four_stages", "/api/approvals/figures?rows=working.unfinished",
		"/api/tokens", "/api/accounts", "/api/projects?limit=1000&district=" + c.district}
	for _, f := range formats {
		all = append(all, "/ogc?f="+f, "/ogc/crs?f="+f, "/ogc/collections?f="+f, "/ogc/conformance?f="+f,
			"/ogc/codelists?f="+f, "/ogc/codelists/status?f="+f)
	}
	moments := []string{""}
	for _, at := range c.moments {
		moments = append(moments, url.QueryEscape(at.UTC().Format(time.RFC3339Nano)))
	}
	for _, collection := range []string{"parks", "parcels", "zones", "plan-units", "networks", "network-nodes"} {
		at := "/ogc/collections/" + collection
		for _, f := range formats {
			all = append(all, at+"?f="+f, at+"/queryables?f="+f, at+"/schema?f="+f, at+"/feature-schema?f="+f)
			for _, m := range moments {
				all = append(all, at+"/items?limit=1000&f="+f+after("datetime", m))
			}
		}
		all = append(all, at+"/items?f=geojsonseq", at+"/items?limit=1000&f=jsonfg&crs=EPSG:4550",
			at+"/items?crs=gcj-02", at+"/items?limit=9&offset=3", at+"/items?limit=1000&f=jsonfg&datetime=../..",
			at+"/items?limit=1000&datetime=../..", at+"/items?limit=1&f=html",
			at+"/items?resultType=hits")
		for _, id := range c.publicIDs {
			for _, f := range formats {
				all = append(all, at+"/items/"+id+"?f="+f)
			}
			for _, m := range moments[1:] {
				all = append(all, at+"/items/"+id+"?f=json&datetime="+m)
			}
		}
	}
	for _, code := range c.texts(`SELECT f.code FROM parcel_public f JOIN park p USING (park_id) WHERE f.to_seq IS NULL
		AND p.code = 'desk'`) {
		all = append(all, "/sites/desk/"+code+"?lang=zh", "/sites/desk/"+code+"?lang=en")
		for _, f := range []string{"pdf", "png", "card", "geojson"} {
			all = append(all, "/sites/desk/"+code+"?lang=en&f="+f)
		}
	}
	for _, lot := range c.texts(`SELECT f.code || ' ' || ST_AsGeoJSON(ST_ExteriorRing(f.geom), 9) FROM parcel_public f
		JOIN park p USING (park_id) WHERE f.to_seq IS NULL AND p.code = 'desk'`) {
		var line struct{ Coordinates [][2]float64 }
		code, ring, _ := strings.Cut(lot, " ")
		if err := json.Unmarshal([]byte(ring), &line); err != nil {
			c.t.Fatal(err)
		}
		at := "/sites/desk/" + code + "?lot=" + sheet.FormatLot(line.Coordinates[1:])
		all = append(all, at+"&lang=zh", at+"&lang=en", at+"&f=pdf", at+"&f=geojson")
	}
	codes := c.texts(`SELECT f.code FROM parcel_public f JOIN park p USING (park_id) WHERE f.to_seq IS NULL
		AND p.code = 'desk' ORDER BY 1 LIMIT 5`)
	all = append(all, "/sites/desk/"+strings.Join(codes, ",")+"?lang=zh", "/sites/desk/"+strings.Join(codes,
		",")+"?f=pdf",
		"/sites/desk/"+strings.Join(codes,
			",")+"?f=geojson", "/overview?lang=zh", "/overview?lang=en", "/embed/desk?lang=zh", "/embed/desk?lang=en", "/embed/other")
	for _, park := range []string{"desk", "other"} {
		at := "/api/parks/" + park
		all = append(all, at, at+"/parcels.geojson", at+"/chain", at+"/events", at+"/events?limit=1000",
			at+"/desk.geojson", at+"/desk/zones.geojson", at+"/records", at+"/allotments", at+"/queue",
			at+"/proposals", at+"/webhooks", at+"/records/1", at+"/records/3", at+"/enquiries", at+"/enquiry-terms",
			at+"/enquiries?state=new", at+"/papers", at+"/promotion", at+"/promotion/pieces/n")
		for _, f := range []string{"csv", "geojson", "kml"} { // the packed ones are for crawl: they hold ids and times in bytes
			all = append(all, at+"/export?format="+f, at+"/export?lang=en&format="+f+"&layer=zones")
		}
		for _, m := range moments {
			all = append(all, at+"/balance?lang=zh"+after("datetime", m), at+"/services?lang=zh"+after("datetime", m),
				at+"/desk/balance?lang=zh"+after("datetime", m),
				at+"/service-nodes?lang=zh&bbox=122,37,123,38"+after("datetime", m),
				at+"/desk.geojson?lang=zh"+after("datetime", m), at+"/measures?lang=zh"+after("datetime", m))
		}
		for _, id := range c.publicIDs {
			all = append(all, at+"/parcels/"+id, at+"/parcels/"+id+"/history", at+"/parcels/"+id+"/projects",
				at+"/parcels/"+id+"/wishes", at+"/services/"+id, at+"/desk/zones/"+id)
		}
	}
	for _, tile := range c.tiles() {
		for _, collection := range []string{"parks", "parcels", "zones", "plan-units", "networks", "network-nodes"} {
			for _, m := range moments {
				all = append(all, "/tiles/"+collection+"/"+tile+"?lang=zh"+after("datetime", m))
			}
			all = append(all, "/api/parks/desk/tiles/"+collection+"/"+tile, "/tiles/"+collection+"/"+tile+"?crs=gcj-02")
		}
		all = append(all, "/tiles/parcels/"+tile+"?filter="+url.QueryEscape("legal_m2 > 0"),
			"/tiles/parcels/"+tile+"?filter="+url.QueryEscape("code LIKE '%'"))
	}
	for _, collection := range []string{"parks", "parcels", "zones", "plan-units", "networks", "network-nodes"} {
		at := "/api/parks/desk/items/" + collection
		all = append(all, at, at+"?filter="+url.QueryEscape("code LIKE '%'")+"&sortby=-code")
		for _, m := range moments {
			all = append(all, at+"?lang=zh"+after("datetime", m))
		}
		for _, id := range c.publicIDs {
			all = append(all, at+"/"+id)
		}
	}
	for _, f := range formats {
		all = append(all, "/ogc/tileMatrixSets?f="+f, "/ogc/tileMatrixSets/CGCS2000Quad?f="+f,
			"/ogc/collections/parcels/tiles?f="+f, "/ogc/collections/parcels/tiles/CGCS2000Quad?f="+f,
			"/ogc/collections/parcels/styles?f="+f)
	}
	all = append(all, "/ogc/collections/parcels/tiles/WebMercatorQuad?f=tilejson",
		"/ogc/collections/parcels/styles/luodi?f=mbs", "/ogc/collections/parcels/styles/luodi?f=html")
	all = append(all, "/api/parks/desk/enquiries/"+c.id("enquiry").String())
	for _, of := range []string{"units", "buildings", "units?min_m2=1&free_by=2199-01-01", "building-records", "lettings"} {
		all = append(all, "/api/parks/desk/"+of)
	}
	for seq := range 12 {
		all = append(all, fmt.Sprintf("/api/parks/desk/events?after=%d&limit=1", seq))
	}
	for _, q := range []string{"O", "公", "P", "a", "1", "%25", "_"} {
		all = append(all, "/api/search?limit=50&q="+url.QueryEscape(q), "/api/search?park=desk&q="+url.QueryEscape(q))
	}
	return all
}

func after(name, value string) string {
	if value == "" {
		return ""
	}
	return "&" + name + "=" + value
}

// questions ask of ground, of which the public and members get different answers.
func (c *crawler) questions() map[string]object {
	all := map[string]object{}
	for i, criteria := range [][]object{
		{{"measure": "area_mu", "want": "benefit", "weight": 1}},
		{{"measure": "price_cny_per_m2", "want": "cost", "weight": 1}},
		{{"measure": "power_left", "min": 1}, {"measure": "area_mu", "want": "benefit"}},
		{{"measure": "far_max", "min": 0.1}, {"measure": "area_mu", "want": "benefit", "weight": 1}},
		{{"measure": "substation_m", "want": "cost", "weight": 1}}, {{"measure": "no such", "want": "cost"}},
	} {
		need := object{"criteria": criteria}
		all[fmt.Sprintf("/api/match?lang=%s#%d", []string{"zh", "en"}[i%2], i)] = object{"park": "desk",
			"requirement": need, "top": 500, "moves": 20, "excluded": 5000, "draws": 100}
		all[fmt.Sprintf("/api/heat#%d", i)] = object{"park": "desk", "requirement": need}
		all[fmt.Sprintf("/api/match#then%d", i)] = object{"park": "desk", "requirement": need,
			"at": c.moments[i%len(c.moments)], "assemblies": object{"min_mu": 1, "max_mu": 60},
			"lots": object{"area_mu": 5, "frontage_m": 10}}
	}
	for _, place := range []string{"floor_space", "either"} {
		all["/api/match#"+place] = object{"park": "desk", "requirement": object{}, "place": place,
			"floor": object{"min_m2": 1, "min_power_kva": 1}}
	}
	all["/api/assemble"] = object{"park": "desk", "min_mu": 1, "max_mu": 60, "reserve": true}
	all["/api/carve"] = object{"park": "desk", "parcel": "OPEN-1", "area_mu": 2, "frontage_m": 10}
	return all
}

// read asks once and looks for every secret in the head and the body.
func (c *crawler) read(method, path string, body any) told {
	path, _, _ = strings.Cut(path, "#")
	got := c.who.do(method, path, body)
	c.requests++
	c.look(method+" "+path, fmt.Sprint(got.head)+got.text)
	if strings.HasPrefix(got.text, "%PDF") {
		_, said := pdfRead(c.t, []byte(got.text))
		c.look(path+" on paper", said)
		c.sheets++
	}
	if strings.HasPrefix(got.text, "PK") {
		c.look(path+" unpacked", unzipped(c.t, got.text))
	}
	return got
}

// unzipped is all that stands in a zip.
func unzipped(t *testing.T, packed string) string {
	t.Helper()
	read, err := zip.NewReader(strings.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range read.File {
		body, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, body); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func (c *crawler) look(where, text string) {
	text = strings.ToLower(text)
	for _, s := range c.secrets {
		if i := strings.Index(text, s.text); i >= 0 {
			c.found = append(c.found, fmt.Sprintf("%s at %s: …%s…", s.where, where,
				text[max(0, i-60):min(len(text), i+60)]))
		}
	}
}

// follow reads the streams and the socket from their beginning.
func (c *crawler) follow() {
	for _, form := range []string{"text/event-stream", "application/x-ndjson"} {
		ctx, cancel := context.WithCancel(c.t.Context())
		r, err := http.NewRequestWithContext(ctx, "GET", c.url+"/api/parks/desk/events", nil)
		if err != nil {
			c.t.Fatal(err)
		}
		r.Header.Set("Accept", form)
		if c.who.secret != "" {
			r.Header.Set("Authorization", "Bearer "+c.who.secret)
		}
		resp, err := client.Do(r)
		if err != nil {
			c.t.Fatal(err)
		}
		var text []byte
		for buffer := make([]byte, 1<<16); !strings.Contains(string(text),
			fmt.Sprintf(`"seq":%d`, c.newest)) && err == nil; {
			var n int
			n, err = resp.Body.Read(buffer)
			text = append(text, buffer[:n]...)
		}
		cancel()
		_ = resp.Body.Close()
		c.requests++
		c.look(form, string(text))
	}
	head := http.Header{}
	if c.who.secret != "" {
		head.Set("Authorization", "Bearer "+c.who.secret)
	}
	conn, _, err := websocket.Dial(c.t.Context(), c.url+"/api/parks/desk/live?after=0",
		&websocket.DialOptions{HTTPHeader: head})
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	c.requests++
	for {
		_, message, err := conn.Read(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		c.look("the socket", string(message))
		if strings.Contains(string(message), fmt.Sprintf(`"seq":%d`, c.newest)) &&
			!strings.Contains(string(message), `"hello"`) {
			return
		}
	}
}

var varies = regexp.MustCompile(`(?i)X-Request-Id:\[[^\]]*\]|Date:\[[^\]]*\]|ETag:\[[^\]]*\]|Content-Length:\[[^\]]*\]|Last-Modified:\[[^\]]*\]`)

// guess asks for a secret by name and for one that isn't there: who may not see it can't tell them apart.
func (c *crawler) guess(s secret) {
	for _, form := range []string{
		"/api/search?q=%s", "/ogc/collections/parcels/items?code=%s", "/ogc/collections/parcels/items?zone=%s",
		"/ogc/collections/zones/items?code=%s", "/ogc/collections/plan-units/items?code=%s",
		"/ogc/collections/networks/items?code=%s&f=html", "/ogc/collections/parcels/items/%s",
		"/ogc/collections/zones/items/%s", "/ogc/collections/networks/items/%s",
		"/ogc/collections/network-nodes/items/%s", "/ogc/collections/parcels/items/%s?datetime=2026-01-01T00:00:00Z",
		"/ogc/collections/plan-units/items/%s", "/sites/desk/%s", "/sites/%s/A", "/sites/desk/%s?f=pdf", "/sites/desk/%s?lot=1_2_3_4_5_6", "/sites/desk/%s?f=geojson",
		"/sites/desk/A,%s", "/embed/%s",
		"/api/parks/desk/parcels/%s", "/api/parks/desk/papers/%s", "/api/parks/desk/papers?parcel=%s", "/api/parks/desk/services/%s", "/api/projects/%s",
		"/api/projects/%s/money", "/api/projects/%s/land-starts", "/api/ledgers/%s/xlsx",
		"/api/projects/%s/investments", "/api/projects/%s/flow", "/api/flow-templates/%s", "/api/parties/%s", "/api/parties/%s/contacts", "/api/matches/%s",
		"/api/parks/desk/proposals/%s", "/api/parks/desk/allotments/%s", "/api/parks/desk/webhooks/%s",
		"/api/parks/desk/records/%s", "/api/parks/%s", "/ogc/collections/%s",
	} {
		other := strings.Repeat("q", len(s.text))
		if _, err := uuid.Parse(s.text); err == nil {
			other = uuid.NewString()
		}
		answer := func(word string) string {
			got := c.who.do("GET", fmt.Sprintf(form, url.PathEscape(word)), nil)
			c.requests++
			text := varies.ReplaceAllString(fmt.Sprintln(got.status, got.head), "") + got.text
			return strings.ReplaceAll(strings.ReplaceAll(text, word, "…"), url.QueryEscape(word), "…")
		}
		if is, none := answer(s.text), answer(other); is != none {
			c.found = append(c.found, fmt.Sprintf("%s by %s:\n%.300s\nand of none\n%.300s", s.where, form, is, none))
		}
	}
	body := func(word string) string {
		got := c.who.do("POST", "/api/carve", object{"park": "desk", "parcel": word, "area_mu": 2, "frontage_m": 10})
		c.requests++
		return fmt.Sprintln(got.status, strings.ReplaceAll(got.text, word, "…"))
	}
	if is, none := body(s.text), body(strings.Repeat("q", len(s.text))); is != none {
		c.found = append(c.found, s.where+" by carving it: "+is)
	}
}

// colleagueIn is a planner of a park, with a token.
func (o *office) colleagueIn(park, login string) *colleague {
	o.t.Helper()
	c := o.colleague(login, false, people.ScopeWrite)
	const sql = `INSERT INTO membership (account_id, park_id, role) SELECT $1, park_id, 'planner' FROM park
		WHERE code = $2`
	if _, err := o.db.Owner.Exec(o.t.Context(), sql, c.id, park); err != nil {
		o.t.Fatal(err)
	}
	return c
}
