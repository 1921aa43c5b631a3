package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/registry"
	"luodi/geo"
	"luodi/geo/land"
)

// Every hostile text is written into every text of every operation. What the door takes it takes in its normal form,
// what it refuses it refuses by name, and afterwards everybody reads everything: no answer fails, now or of the past,
// and no page holds what is not escaped.
func TestStoredTextHasNoPower(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	var d document
	w.json("/api/openapi.json", &d)
	everyTextHasARow(t, &d)
	r := &reading{town: w, document: &d, seen: map[string]bool{}}
	w.writeChain(t, "plain")
	if r.all(time.Time{}); t.Failed() {
		t.Fatal("before anything hostile")
	}
	texts, places := slices.Sorted(maps.Keys(hostile)), w.places()
	// how often all is read between, and by how many texts a round goes on: each text comes into every second field, and
	// each field has every second text. The long run writes every text into every field, and reads after each round.
	every, step := 8, 2
	if os.Getenv("LUODI_SOAK") != "" {
		every, step = 1, 1
	}
	var moments []time.Time
	chained := 0
	for round := 0; round < len(texts); round += step {
		clear(w.kept)
		for n, place := range places { // each round another text in each field
			w.write(t, texts[(n+round)%len(texts)], place[0], place[1], fmt.Sprint("~", n))
		}
		for _, text := range texts[round:min(round+step, len(texts))] {
			chained = w.writeChain(t, text)
		}
		if round%every > 0 && round < len(texts)-step {
			continue
		}
		clear(r.seen)
		r.all(time.Time{})
		for text, from := range w.kept {
			if !r.seen[text] {
				t.Errorf("nobody reads %.200q, which was taken: %s", text, from)
			}
		}
		moments = append(moments, w.moment())
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	imported := w.importAll(t)
	r.all(time.Time{})
	for _, then := range moments {
		r.all(then)
	}
	t.Logf("(%d fields, %d of chains, %d columns of imports) and %d texts: %d writes, of which %d were refused by "+
		"name; %d requests to read", len(places), chained, imported, len(texts), w.writes, w.refused, r.requests)
}

// places are the doors' fields in order.
func (w *town) places() (all [][2]string) {
	for _, at := range slices.Sorted(maps.Keys(doors)) {
		for _, field := range slices.Sorted(maps.Keys(doors[at].fields)) {
			all = append(all, [2]string{at, field})
		}
	}
	return all
}

// everyTextHasARow fails the test where the document has a text that no row of doors writes, or the other way round.
func everyTextHasARow(t *testing.T, d *document) {
	t.Helper()
	rows := map[string]bool{}
	for at, door := range doors {
		operation, _, _ := strings.Cut(at, ", ")
		for field := range door.fields {
			rows[operation+" "+field] = false
		}
	}
	for path, operations := range d.Paths {
		for method, operation := range operations {
			if operation.RequestBody == nil {
				continue
			}
			for _, content := range operation.RequestBody.Content {
				for _, field := range d.written(content.Schema, "") {
					row := strings.ToUpper(method) + " " + path + " " + field
					if _, there := rows[row]; !there {
						t.Errorf("no row of doors writes the text %s", row)
					}
					rows[row] = true
				}
			}
		}
	}
	for row, known := range rows {
		// a named member of what the document leaves open
		below := slices.ContainsFunc(slices.Collect(maps.Keys(rows)), func(other string) bool {
			open, is := strings.CutSuffix(other, ".*")
			return is && other != row && strings.HasPrefix(row, open+".")
		})
		if !known && !below {
			t.Errorf("the document has no text %s", row)
		}
	}
}

// write puts one text in one field, and compares what is told with what the field's form says.
func (w *town) write(t *testing.T, name, at, field, mark string) {
	t.Helper()
	door := doors[at]
	path, body := door.body(w)
	sent, text := marked(hostile[name], mark)
	method, _, _ := strings.Cut(at, " ")
	who := w.boss
	if strings.HasPrefix(path, "/api/accounts") || path == "/api/tokens" || strings.HasPrefix(path, "/api/teams") ||
		strings.HasPrefix(path, "/api/my/") || strings.HasPrefix(path, "/api/mails/") || strings.Contains(path,
		"/webhooks") || strings.HasPrefix(path, "/api/flow-templates") {
		who = w.signed
	}
	got := who.do(method, path, put(body, field, sent))
	w.writes++
	where := fmt.Sprintf("%s: %s %s", name, at, field)
	form, taken := door.fields[field], got.status < 300
	if got.status >= 500 {
		t.Errorf("%s: %d %.500s", where, got.status, got.text)
	}
	if !taken {
		w.refused++
	}
	switch want := ""; {
	case form == nil:
		if !taken && (got.status < 400 || got.body["type"] == nil) {
			t.Errorf("%s: %d %.300s", where, got.status, got.text)
		}
		return
	default:
		if want = form(text); (want != "") != taken {
			t.Errorf("%s: %d, its form is %.100q: %.400s", where, got.status, want, got.text)
		}
		if taken && strings.Contains(path, "preview=true") {
			told := map[string]bool{}
			if collect(got.body, told); !told[want] {
				t.Errorf("%s: previewed without it: %.300s", where, got.text)
			}
			return
		}
		if taken {
			w.kept[want] = where
			return
		}
	}
	if path == "/api/session" || path == "/api/invitation" {
		return // who is not known is told no more
	}
	wanted := strings.NewReplacer("[]", "[0]", "*", "x").Replace(field)
	if said, _ := got.body["field"].(string); said == "" || !strings.HasPrefix(wanted, said) &&
		!strings.HasPrefix(said, wanted) || got.status != 400 {
		t.Errorf("%s: refused without its name, %d: %.300s", where, got.status, got.text)
	}
}

// writeChain puts a chain in force with the text in it; its texts are taken as they are, or refused.
func (w *town) writeChain(t *testing.T, name string) (fields int) {
	t.Helper()
	for _, field := range []string{"name_zh", "edition", "source", "industry.name_zh", "industry.name_en",
		"industry.source",
		"nodes[].name_zh", "nodes[].name_en", "links[].source"} {
		fields++
		sent, text := marked(hostile[name], "~chain"+field)
		body := object{"code": "carbon", "name_zh": "链", "name_en": "Chain", "edition": "1", "source": "s",
			"industry": object{"name_zh": "业", "name_en": "Industry", "source": "s"},
			"nodes": []any{object{"code": "fibre", "name_zh": "丝", "name_en": "Fibre"},
				object{"code": "parts", "name_zh": "件", "name_en": "Parts"}},
			"links": []any{object{"from": "fibre", "to": "parts", "weight": 1, "source": "s"}}}
		raw, err := json.Marshal(put(body, field, sent))
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = registry.Of(w.db.Store).PutChain(t.Context(), "desk-district", raw)
		if w.writes++; err != nil {
			w.refused++
		}
		if taken := line(land.MaxProse)(text) == text; taken != (err == nil) || err != nil &&
			!errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%s: the chain's %s: %v", name, field, err)
		}
	}
	return fields
}

// reading asks for everything there is to read.
type reading struct {
	*town
	document *document
	seen     map[string]bool // texts of answers
	requests int
}

func (r *reading) all(then time.Time) {
	r.t.Helper()
	anyone := &colleague{office: r.office}
	for _, who := range []*colleague{anyone, r.boss, r.signed} {
		for path, operations := range r.document.Paths {
			if operation, is := operations["get"]; is && !strings.HasSuffix(path, "/live") {
				if who == r.signed &&
					!regexp.MustCompile(`/api/(accounts|tokens|session)|/webhooks`).MatchString(path) {
					continue // a token reads all else
				}
				dated := slices.ContainsFunc(operation.Parameters,
					func(p struct{ Name, In string }) bool { return p.Name == "datetime" })
				if then.IsZero() || dated {
					r.one(who, path, dated, then)
				}
			}
		}
		if who == r.signed {
			continue
		}
		for _, path := range r.ogcPaths(then) {
			r.read(who, path)
		}
		r.questions(who, then)
	}
}

// one reads a path of the OpenAPI document for each thing that it can name.
func (r *reading) one(who *colleague, path string, dated bool, then time.Time) {
	r.t.Helper()
	query := map[string]string{"/api/search": "?q=a", "/api/parks/{park}/queue": "?park=desk",
		"/api/parks/{park}/events": "?after=0&limit=1000", "/api/events": "?after=desk:0&limit=1000",
		"/api/parks/{park}/records": "?limit=200", "/api/flow-templates/{code}/plan": "?start=2026-01-05",
		"/api/teams/{id}/figures/projects": "?measure=signed", "/api/projects": "?limit=1000",
		"/api/parties": "?limit=1000", "/api/parks/{park}/export": "?format=geojson",
		"/api/parks/{park}/service-nodes": "?bbox=100,20,140,50"}[path]
	if path == "/api/parks/{park}/queue" {
		query = ""
	}
	if dated && !then.IsZero() {
		query = "?datetime=" + then.UTC().Format(time.RFC3339Nano) + strings.Replace(query, "?", "&", 1)
	}
	if strings.Contains(path, "/pieces/{node}") { // of the chain, no node of services
		r.inCharge()
		path = strings.Replace(path, "{node}", "resin", 1)
	}
	place := strings.NewReplacer("{park}", "desk", "{seq}", r.newest(), "{node}", r.ids["networks"],
		"{code}", "four_stages", "{z}/{x}/{y}", "0/0/0").Replace(path)
	for prefix, id := range map[string]string{"/api/matches/": "match", "/api/parks/desk/allotments/": "right",
		"/api/parks/desk/proposals/": "proposal", "/api/parks/desk/webhooks/": "webhook", "/api/parks/desk/enquiries/": "enquiry",
		"/api/parks/desk/papers/": "paper", "/api/parks/desk/buildings/": "building", "/api/parks/desk/units/": "unit",
		"/api/parties/": "party", "/api/projects/": "project", "/api/teams/": "team"} {
		if strings.HasPrefix(place, prefix) {
			place = strings.Replace(place, "{id}", r.ids[id], 1)
		}
	}
	if strings.HasPrefix(place, "/api/parks/desk/parcels/") {
		place = strings.Replace(place, "{id}", r.parcels[0].String(), 1)
	}
	place = strings.Replace(place, "{n}", "1", 1)
	switch path {
	case "/api/my/calendar/{file}", "/api/ledgers/{id}/xlsx", "/api/parks/{park}/parcels/{id}/plat.pdf",
		"/api/parks/{park}/records/{seq}/import":
		return // files and reports that the town has none of; their texts are tried in their own tests
	}
	if !strings.Contains(place, "{collection}") {
		if strings.Contains(place, "{") {
			r.t.Fatalf("no row says what %s names", path)
		}
		r.read(who, place+query)
		return
	}
	for _, collection := range []string{"zones", "plan-units", "networks"} {
		r.read(who, strings.NewReplacer("{collection}", collection, "{id}", r.ids[collection]).Replace(place)+query)
	}
}

func (r *reading) ogcPaths(then time.Time) []string {
	var paths []string
	for _, collection := range []string{"parcels", "zones", "plan-units", "networks", "network-nodes", "parks"} {
		of := "/ogc/collections/" + collection
		for _, f := range []string{"json", "html"} {
			items := of + "/items?limit=1000&f=" + f
			if !then.IsZero() {
				paths = append(paths, items+"&datetime="+url.QueryEscape(then.UTC().Format(time.RFC3339Nano)))
				continue
			}
			paths = append(paths, items, of+"?f="+f)
		}
		if id := map[string]string{"parcels": r.parcels[0].String(), "zones": r.ids["zones"],
			"plan-units": r.ids["plan-units"], "network-nodes": r.ids["networks"]}[collection]; id != "" &&
			then.IsZero() {
			paths = append(paths, of+"/items/"+id+"?f=json", of+"/items/"+id+"?f=html")
		}
	}
	if then.IsZero() {
		paths = append(paths, "/ogc?f=html", "/ogc/collections?f=html", "/api/docs")
	}
	return paths
}

func (r *reading) questions(who *colleague, then time.Time) {
	r.t.Helper()
	question := object{"park": "desk", "requirement": wish(1), "top": 100, "moves": 3, "excluded": 1000, "draws": 10,
		"lots": object{"frontage_m": 10}, "assemblies": object{"most": 5}}
	heat := object{"park": "desk", "requirement": wish(1)}
	if !then.IsZero() {
		question["at"], heat["at"] = then, then
	}
	r.tell(who.do("POST", "/api/match", question), "match")
	question["requirement"] = wish(5)
	r.tell(who.do("POST", "/api/match", question), "match")
	r.tell(who.do("POST", "/api/heat", heat), "heat")
	if then.IsZero() {
		r.tell(who.do("POST", "/api/assemble", object{"park": "desk", "min_mu": 10, "max_mu": 40}), "assemble")
		var code string
		r.text(&code, `SELECT code FROM parcel_version WHERE parcel_id = $1 AND to_seq IS NULL`, r.town.parcels[0])
		r.tell(who.do("POST", "/api/carve", object{"park": "desk", "parcel": code, "area_mu": 3, "frontage_m": 10}),
			"carve")
		r.read(who, "/api/search?q="+url.QueryEscape(code[:min(len(code), 50)]))
		r.read(who, "/ogc/collections/parcels/items?code="+url.QueryEscape(code))
	}
}

func (r *reading) read(who *colleague, path string) {
	r.t.Helper()
	r.tell(who.do("GET", path, nil), path)
}

var unescaped = regexp.MustCompile(`<script>luodi|onmouseover="luodi|<!--#exec|<\?php`)

// tell checks one answer: anyone may be refused for who he is, and nothing may fail otherwise.
func (r *reading) tell(got told, what string) {
	r.t.Helper()
	r.requests++
	if got.status != http.StatusOK && got.status != http.StatusUnauthorized && got.status != http.StatusForbidden &&
		!(got.status == http.StatusNotFound && r.mayLack(what)) {
		r.t.Errorf("%s: %d %.600s", what, got.status, got.text)
	}
	if strings.Contains(got.head.Get("Content-Type"), "html") && unescaped.MatchString(got.text) {
		r.t.Errorf("%s: unescaped: %s", what, unescaped.FindString(got.text))
	}
	for name, values := range got.head {
		if strings.ContainsAny(strings.Join(values, ""), "\r\n") || name == "Set-Cookie" &&
			strings.Contains(strings.Join(values, ""), "x=1") {
			r.t.Errorf("%s: header %s: %q", what, name, values)
		}
	}
	collect(got.body, r.seen)
}

// mayLack: the public is not shown what is internal, and a saved search is its owner's.
func (r *reading) mayLack(what string) bool {
	return strings.HasPrefix(what, "/api/matches/") || strings.Contains(what,
		"/services/") || strings.Contains(what, "/papers/") ||
		strings.Contains(what, "/items/") || what == "carve"
}

func collect(v any, seen map[string]bool) {
	switch v := v.(type) {
	case string:
		seen[v] = true
	case []any:
		for _, one := range v {
			collect(one, seen)
		}
	case object:
		for _, one := range v {
			collect(one, seen)
		}
	}
}

func (w *town) newest() string {
	return fmt.Sprint(w.count(`SELECT seq FROM park_clock WHERE park_id = $1`, w.parkID))
}

func (w *town) moment() time.Time {
	w.t.Helper()
	var at time.Time
	if err := w.db.Owner.QueryRow(w.t.Context(), `SELECT at FROM park_clock WHERE park_id = $1`,
		w.parkID).Scan(&at); err != nil {
		w.t.Fatal(err)
	}
	return at
}

// importAll brings the texts in by files: each of a layer's columns holds each text once. Rows are taken in the form of
// their column, or refused one by one.
func (w *town) importAll(t *testing.T) (columns int) {
	t.Helper()
	layers := map[string]struct {
		fields map[string]writtenForm
		props  object
	}{
		"parcels": {map[string]writtenForm{"code": code, "zone": never, "services.water.unit": line(200),
			"land_use": never, "bank_status": never, "cadastral_no": never}, object{}},
		"zones": {map[string]writtenForm{"code": code, "name_zh": line(200), "name_en": line(200)},
			object{"name_zh": "区", "name_en": "Z", "function": "mixed"}},
		"plan-units": {map[string]writtenForm{"code": code, "edition": line(200), "conditions.far.source": line(200)},
			object{"land_use": "100102", "edition": "e", "effective_from": "2022-01-01"}},
		"networks": {map[string]writtenForm{"code": code, "name_zh": line(200), "unit": line(200)},
			object{"kind": "road", "grade": "main", "capacity": 1, "unit": "m"}},
	}
	for _, layer := range slices.Sorted(maps.Keys(layers)) {
		l := layers[layer]
		var features []object
		var wants []string
		for _, name := range slices.Sorted(maps.Keys(hostile)) {
			for _, field := range slices.Sorted(maps.Keys(l.fields)) {
				sent, text := marked(hostile[name], fmt.Sprintf("~%s%d", layer, len(features)))
				props := maps.Clone(l.props)
				props["code"] = fmt.Sprint(layer, len(features))
				if base := map[string]object{"services.water.unit": {"water": object{"ready": true, "capacity": 1}},
					"conditions.far.source": {"far": object{"max": 1}}}[field]; base != nil {
					props[strings.Split(field, ".")[0]] = base
				}
				x, y := float64(len(features)%40)*0.2, 11+float64(len(features)/40)*0.2
				geometry := square(x, y, 0.15)
				if layer == "networks" {
					geometry = object{"type": "LineString",
						"coordinates": [][2]float64{{122.02 + x/1e4, 37.24 + y/1e4},
							{122.02 + (x+0.1)/1e4, 37.24 + y/1e4}}}
				}
				features = append(features, object{"type": "Feature", "properties": put(props, field, sent),
					"geometry": geometry})
				wants = append(wants, l.fields[field](text))
			}
		}
		columns += len(l.fields)
		w.importLayer(t, layer, features, wants)
	}
	return columns
}

func (w *town) importLayer(t *testing.T, layer string, features []object, wants []string) {
	t.Helper()
	body, err := json.Marshal(object{"type": "FeatureCollection",
		"crs":      object{"type": "name", "properties": object{"name": "urn:ogc:def:crs:EPSG::4490"}},
		"features": features})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), layer+".geojson")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := file.Open(t.Context(), path, file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func(c io.Closer) { _ = c.Close() }(reader)
	report, err := intake.Of(w.db.Store).Import(t.Context(),
		intake.ImportRequest{Park: "desk", Layer: layer, Publication: "public", Reason: "r", TimeZone: "Asia/Shanghai",
			Via: "test", SkipRefused: true, CodeField: "code"}, reader, nil)
	if err != nil || report.Read != int64(len(features)) {
		t.Fatalf("import %s: %v, %+v", layer, err, report.Fault)
	}
	refused := map[int64]bool{}
	for _, r := range report.Refusals {
		if refused[r.Row] = true; wants[r.Row-1] != "" {
			t.Errorf("import %s, row %d: refused, its form is %.100q: %+v", layer, r.Row, wants[r.Row-1], r.Fault)
		}
	}
	for i, want := range wants {
		if want == "" && !refused[int64(i+1)] {
			t.Errorf("import %s, row %d: taken: %v", layer, i+1, features[i]["properties"])
		}
	}
	w.writes += len(features)
	w.refused += int(report.Refused)
}
