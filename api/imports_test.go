package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/intake"
)

const imports = "/api/parks/desk/imports"

// aZone is a file of one zone on free ground of the sample's park.
func aZone(code string) object {
	return object{"type": "FeatureCollection",
		"features": []object{{"type": "Feature", "properties": object{"code": code},
			"geometry": object{"type": "Polygon", "coordinates": [][][2]float64{{{122.021, 37.241}, {122.022, 37.241},
				{122.022, 37.242}, {122.021, 37.242}, {122.021, 37.241}}}}}}}
}

// imported takes a file in, as who plans in every park.
func (w *world) imported(park, layer string, body object) intake.ImportReport {
	w.t.Helper()
	w.made++
	boss := w.everywhere(w.t)
	_, report := boss.file("/api/parks/"+park+"/imports?dry_run=false&layer="+layer, []byte(mustJSON(body)))
	return report
}

// file sends a file and gives the report, of a refusal too.
func (c *colleague) file(path string, body []byte, headers ...string) (told, intake.ImportReport) {
	c.t.Helper()
	return c.fileFrom(path, bytes.NewReader(body), headers...)
}

func (c *colleague) fileFrom(path string, body io.Reader, headers ...string) (told, intake.ImportReport) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Authorization", "Bearer "+c.secret)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	out := told{status: answer.StatusCode, head: answer.Header, text: string(raw)}
	var report intake.ImportReport
	of := raw
	if json.Unmarshal(raw, &out.body) == nil && out.body["report"] != nil {
		of = []byte(mustJSON(out.body["report"]))
	}
	if err := json.Unmarshal(of, &report); err != nil && answer.StatusCode < 300 && !strings.Contains(
		answer.Header.Get("Content-Type"), "ndjson") {
		c.t.Errorf("%s: %v in %.300s", path, err, raw)
	}
	return out, report
}

// fields are parcels beside each other in the empty south of the park desk, each so many metres wide.
func fields(widths ...float64) []byte {
	var all []string
	x := 413200.0
	for i, w := range widths {
		all = append(all, fmt.Sprintf(`{"type":"Feature","properties":{"地块编号":"F-%d","用途":"工业"},"geometry":{"type":"Polygon",
			"coordinates":[[[%[2]f,4123800],[%[3]f,4123800],[%[3]f,4123850],[%[2]f,4123850],[%[2]f,4123800]]]}}`, i+1, x, x+w))
		x += w
	}
	return []byte(`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4550"}},"features":[` +
		strings.Join(all, ",") + `]}`)
}

// A file is looked at and then taken in; again it changes nothing; another survey of it corrects what is there.
func TestAFileIsImportedOverTheAPI(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	query := "?name=" + url.QueryEscape("测绘 1.geojson") + "&mode=update&publication=internal"
	set := "&set=" + url.QueryEscape(`{"land_use":"100102"}`)
	before := o.count(`SELECT seq FROM park_clock WHERE park_id = $1`, o.parkID)
	told, looked := p.file(imports+query+set, fields(40, 40, 40))
	if told.status != 200 || looked.Made != 3 || looked.Written || looked.BaseSeq != int64(before) ||
		!strings.Contains(string(looked.Preview), `"state":"new"`) || looked.SourceCRS != "EPSG:4550" ||
		looked.CRSFrom != "file" {
		t.Fatalf("%d %.2000s", told.status, told.text)
	}
	if i := slices.IndexFunc(looked.Columns, func(c intake.Column) bool { return c.Name == "地块编号" }); i < 0 ||
		!slices.Equal(looked.Columns[i].Fills, []string{"code"}) ||
		!slices.Equal(looked.Columns[i].Samples, []string{"F-1", "F-2",
			"F-3"}) {
		t.Errorf("columns %+v", looked.Columns)
	}
	if n := o.count(`SELECT seq FROM park_clock WHERE park_id = $1`, o.parkID); n != before {
		t.Errorf("a dry run wrote: %d", n)
	}
	real := imports + query + set + fmt.Sprintf("&dry_run=false&seen=%d", looked.BaseSeq)
	told, made := p.file(real, fields(40, 40, 40), "Idempotency-Key", "k1")
	if told.status != 201 || made.Made != 3 || !made.Written || len(made.Warnings) == 0 ||
		made.Warnings[0].Code != "legal_computed" {
		t.Fatalf("%d %.2000s", told.status, told.text)
	}
	if again, _ := p.file(real, fields(40, 40, 40), "Idempotency-Key", "k1"); again.status != 201 ||
		again.body["seq"] != told.body["seq"] {
		t.Errorf("the same key: %d %.300s", again.status, again.text)
	}
	if again, _ := p.file(real, fields(40, 40, 50), "Idempotency-Key", "k1"); again.status != 422 ||
		again.body["type"] != "/problems/key-reused" {
		t.Errorf("the same key for another file: %d %.300s", again.status, again.text)
	}
	told, again := p.file(imports+query+set+"&dry_run=false", fields(40, 40, 40))
	if told.status != 200 || again.Unchanged != 3 || again.Written {
		t.Errorf("the same file: %d %.300s", told.status, told.text)
	}
	// others move on: the second reader of the first state is told of it
	told, moved := p.file(imports+query+"&dry_run=false", fields(50, 30, 40))
	if told.status != 201 || moved.Changed != 2 || moved.Unchanged != 1 {
		t.Errorf("another survey: %d %.300s", told.status, told.text)
	}
	told, stale := p.file(imports+query+fmt.Sprintf("&dry_run=false&seen=%d", made.Seq), fields(60, 20, 40))
	if told.status != 412 || told.body["type"] != "/problems/stale" || len(stale.Meanwhile) != 2 ||
		!strings.Contains(fmt.Sprint(told.body["detail"]), "F-1, F-2") {
		t.Errorf("stale: %d %.600s", told.status, told.text)
	}
	// the record names the file, its author and what became of the rows
	record := p.want(200, "GET", fmt.Sprintf("%s/%d", records, moved.Seq), nil).body
	document := record["documents"].([]any)[0].(object)
	if document["title"] != "测绘 1.geojson" || len(fmt.Sprint(document["sha256"])) != 64 ||
		record["proposed_by"] == nil ||
		fmt.Sprint(record["import"]) != fmt.Sprintf("map[changed:2 layer:parcels made:0 refused:0 retired:0 seq:%d unchanged:1]",
			moved.Seq) {
		t.Errorf("the record says %v", record)
	}
	kept := p.want(200, "GET", fmt.Sprintf("%s/%d/import", records, moved.Seq), nil).body
	if kept["changed"] != 2.0 || kept["preview"] != nil || len(kept["changes"].([]any)) != 2 {
		t.Errorf("the report kept says %v", kept)
	}
	p.want(404, "GET", records+"/1/import", nil)
	p.want(404, "GET", records+"/x/import", nil)
}

// A refused file is a problem with the whole report; each row says why, in the language that was asked for.
func TestARefusedFileSaysWhy(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	one, other, _ := strings.Cut(string(fields(40, 40)), "F-2")
	body := []byte(one + "F-2" + strings.ReplaceAll(other, "413240.0", "413230.0"))
	told, report := p.file(imports+"?dry_run=false&lang=zh&name=a", body)
	if told.status != 422 || told.body["type"] != "/problems/import-refused" || report.Refused != 1 || report.Written ||
		!strings.Contains(fmt.Sprint(told.body["detail"]), "2 行中有 1 行") ||
		!strings.Contains(report.Refusals[0].Text, "重叠") || report.Refusals[0].Fault.Code != "overlap" {
		t.Errorf("%d %.900s", told.status, told.text)
	}
	told, report = p.file(imports+"?dry_run=false&skip_refused=true", body)
	if told.status != 201 || report.Taken != 1 {
		t.Errorf("the rest: %d %.900s", told.status, told.text)
	}
	for name, c := range map[string]struct{ query, body, want string }{
		"nothing":           {"", "", "/problems/invalid-parameter"},
		"no format":         {"", "what is this", "/problems/import-refused"},
		"cut short":         {"", `{"type":"FeatureCollection","features":[`, "/problems/import-refused"},
		"no system":         {"&crs=somewhere", "x", "/problems/invalid-parameter"},
		"another layer":     {"&layer=roofs", "x", "/problems/invalid-parameter"},
		"another mode":      {"&mode=replace", "x", "/problems/invalid-parameter"},
		"no pairs":          {"&map=a=b", "x", "/problems/invalid-parameter"},
		"no field":          {"&set=" + url.QueryEscape(`{"colour":"red"}`), "x", "/problems/invalid-parameter"},
		"a name of lines":   {"&name=a%0Ab", "x", "/problems/invalid-parameter"},
		"another parameter": {"&retire=true", "x", "/problems/unknown-parameter"},
		"no update":         {"&retire_missing=true", "x", "/problems/invalid-parameter"},
		"far away": {"", strings.ReplaceAll(string(fields(40)), ",41238", ",51238"),
			"/problems/import-refused"},
	} {
		told, report := p.file(imports+"?dry_run=false"+c.query, []byte(c.body))
		if told.body["type"] != c.want || strings.Contains(told.text, os.TempDir()+"/luodi-") ||
			c.want == "/problems/import-refused" &&
				(report.Fault == nil || report.FaultText == "") {
			t.Errorf("%s: %d %.500s", name, told.status, told.text)
		}
	}
	// a dry run reports the fault of a file, too
	told, report = p.file(imports, []byte("what is this"))
	if told.status != 200 || report.Fault == nil || report.Fault.Code != "format_unknown" {
		t.Errorf("%d %.500s", told.status, told.text)
	}
	p.want(404, "POST", "/api/parks/none/imports", object{})
}

// Flaws of the drawing are told in the language that was asked for, and mended on request; the report that is kept says
// them in another.
func TestAnImportBringsParcelsTogether(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	one, other, _ := strings.Cut(string(fields(40, 40)), "F-2")
	body := []byte(one + "F-2" + strings.ReplaceAll(other, "413240.0", "413240.005"))
	told, report := p.file(imports+"?lang=zh", body)
	if told.status != 200 || report.FlawCounts["gap"] != 1 || report.Snapped != nil || report.FlawToleranceM != 0.02 ||
		report.Flaws[0].Text != "缝隙 F-1，F-2：最宽 0.0051 m，长 50.00 m，0.2507 m²" {
		t.Errorf("%d, %v %+v", told.status, report.FlawCounts, report.Flaws)
	}
	told, report = p.file(imports+"?snap=0.02&lang=zh&dry_run=false", body, "Idempotency-Key", "s1")
	if told.status != 201 || report.Snapped == nil || report.Snapped.Changed != 1 || len(report.Flaws) != 0 ||
		!strings.HasPrefix(report.Mended[0].Text, "缝隙 F-1，F-2：") {
		t.Errorf("%d %.900s", told.status, told.text)
	}
	if again, _ := p.file(imports+"?snap=0.03&lang=zh&dry_run=false", body, "Idempotency-Key",
		"s1"); again.status != 422 ||
		again.body["type"] != "/problems/key-reused" {
		t.Errorf("the same key for another tolerance: %d %.300s", again.status, again.text)
	}
	kept := p.want(200, "GET", fmt.Sprintf("%s/%d/import?lang=en", records, report.Seq), nil).body
	if text := fmt.Sprint(kept["mended"].([]any)[0].(object)["text"]); !strings.HasPrefix(text,
		"gap F-1, F-2: up to 0.0051 m wide") {
		t.Errorf("kept: %s", text)
	}
	for _, wrong := range []string{"snap=0", "snap=0.6", "snap=-1", "snap=wide", "snap=0.02&layer=zones"} {
		if told, _ := p.file(imports+"?"+wrong, body); told.status != 400 || told.body["field"] != "snap" {
			t.Errorf("%s: %d %.300s", wrong, told.status, told.text)
		}
	}
}

// What was drawn on a web map says so in its record, and the notes on it are kept, in either language.
func TestAnImportFromAWebMap(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	at := o.texts(`SELECT ST_AsGeoJSON(ST_Transform(ST_MakeEnvelope(413200, 4123800, 413240, 4123850, 4550), 4326), 9, 0)`)[0]
	body := []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"W"},"geometry":` +
		at + `}]}`)
	told, plain := p.file(imports, body)
	if told.status != 200 || len(plain.Notes) != 0 {
		t.Errorf("%d %.900s", told.status, told.text)
	}
	stated := bytes.Replace(body, []byte(`"features"`), []byte(`"crs":"EPSG:4490","features"`), 1)
	if told, wrong := p.file(imports+"?crs=gcj-02&lang=en", stated); told.status != 200 || wrong.Fault == nil ||
		wrong.Fault.Code != "offset_stated" || !strings.Contains(wrong.FaultText, "leave the system empty") {
		t.Errorf("CGCS2000 with an offset: %d %.900s", told.status, told.text)
	}
	query := imports + "?crs=gcj-02&widen=true&reason=" + url.QueryEscape("草图")
	told, moved := p.file(query+"&dry_run=false&lang=zh", body, "Idempotency-Key", "w1")
	if told.status != 201 || len(moved.Notes) != 1 {
		t.Fatalf("%d %.900s", told.status, told.text)
	}
	if d := math.Abs(plain.Place[0] - moved.Place[0]); d < 0.002 {
		t.Errorf("it moved by %f degrees", d)
	}
	if again, _ := p.file(imports+"?crs=bd-09&widen=true&dry_run=false&lang=zh&reason="+url.QueryEscape("草图"), body,
		"Idempotency-Key", "w1"); again.status != 422 || again.body["type"] != "/problems/key-reused" {
		t.Errorf("the same key for another offset: %d %.300s", again.status, again.text)
	}
	record := p.want(200, "GET", fmt.Sprintf("%s/%d", records, moved.Seq), nil).body
	if record["reason"] != "草图（坐标仅供参考，待测量确认）" {
		t.Errorf("the record says %v", record["reason"])
	}
	kept := p.want(200, "GET", fmt.Sprintf("%s/%d/import?lang=en", records, moved.Seq), nil).body
	notes, _ := kept["notes"].([]any)
	if len(notes) != 1 || notes[0] == moved.Notes[0] || notes[0] == "" {
		t.Errorf("kept are the notes %v, told were %v", notes, moved.Notes)
	}
}

// With application/x-ndjson the answer tells how far it is, and ends with the report or the problem.
func TestAnImportTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	lines := func(path string, body []byte) (steps []string, last object) {
		told, _ := p.file(path, body, "Accept", "application/x-ndjson")
		if told.status != 200 || told.head.Get("Content-Type") != "application/x-ndjson" {
			t.Fatalf("%d %s", told.status, told.text)
		}
		all := bufio.NewScanner(strings.NewReader(told.text))
		all.Buffer(nil, 16<<20)
		for all.Scan() {
			last = object{}
			if err := json.Unmarshal(all.Bytes(), &last); err != nil {
				t.Fatal(err)
			}
			if step, is := last["step"].(string); is && (len(steps) == 0 || steps[len(steps)-1] != step) {
				steps = append(steps, step)
			}
		}
		return steps, last
	}
	steps, last := lines(imports+"?dry_run=false", fields(40, 40))
	if want := []string{"reads", "shapes", "compares", "writes", "checks_land", "checks_public",
		"commits"}; !slices.Equal(steps,
		want) || last["status"] != 201.0 || last["report"].(object)["made"] != 2.0 {
		t.Errorf("steps %v, last %v", steps, last)
	}
	_, last = lines(imports+"?dry_run=false", fields(40, 40))
	problem := last["problem"].(object)
	if last["status"] != 422.0 || problem["type"] != "/problems/import-refused" ||
		problem["report"].(object)["refused"] != 2.0 {
		t.Errorf("last %v", last)
	}
}

// What is hostile in a file's name or a reason is refused, or kept as the line or text that it is.
func TestAHostileNameOfAFile(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	taken := 0
	for what, raw := range hostile {
		for _, field := range []string{"name", "reason"} {
			_, text := marked(raw, fmt.Sprint(taken))
			if len(text) > 2000 {
				continue
			}
			q := url.Values{"dry_run": {"false"}, "mode": {"update"}, field: {text}}
			told, _ := p.file(imports+"?"+q.Encode(), fields(40, 40+float64(taken)))
			form := line(200)
			if field == "reason" {
				form = prose(2000)
			}
			want := form(text)
			switch {
			case told.status == 201 && want == "" || told.status >= 500 || told.status == 400 && want != "" &&
				len(text) < 200:
				t.Errorf("%s as %s: %d %.300s", what, field, told.status, told.text)
			case told.status != 201:
				continue
			}
			taken++
			record := p.want(200, "GET", fmt.Sprintf("%s/%v", records, told.body["seq"]), nil).body
			got := record["reason"]
			if field == "name" {
				got = record["documents"].([]any)[0].(object)["title"]
			}
			if got != want {
				t.Errorf("%s as %s: kept %q, want %q", what, field, got, want)
			}
		}
	}
	if taken < 20 {
		t.Errorf("%d were taken: the test shows nothing", taken)
	}
}

// The file of a request is gone from the disk when its import ends, however it ends: done, refused, too large, or left
// by its sender in the middle, of which nothing remains in the park either.
func TestTheFileOfAnImportGoes(t *testing.T) {
	o := newOffice(t, squares(1)...)
	t.Setenv("TMPDIR", t.TempDir())
	left := func() []string {
		all, err := filepath.Glob(filepath.Join(os.TempDir(), "luodi-import-*"))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	stale := filepath.Join(os.TempDir(), "luodi-import-killed")
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	yesterday := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(stale, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	p := o.planner()
	p.file(imports+"?dry_run=false", fields(40))
	p.file(imports+"?dry_run=false", fields(40))
	p.file(imports, []byte("no format"))
	if told, _ := p.fileFrom(imports, io.LimitReader(zeros{}, 256<<20+1)); told.status != 413 ||
		told.body["type"] != "/problems/too-large" {
		t.Errorf("too large: %d %.300s", told.status, told.text)
	}
	if all := left(); len(all) > 0 {
		t.Errorf("left are %v", all)
	}
	before := o.count(`SELECT seq FROM park_clock WHERE park_id = $1`, o.parkID)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	widths := make([]float64, 20_000)
	for i := range widths {
		widths[i] = 0.04
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+imports+"?dry_run=false&crs=EPSG:4550",
		bytes.NewReader(fields(widths...)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.secret)
	r.Header.Set("Accept", "application/x-ndjson")
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if len(left()) != 1 {
		t.Errorf("while it runs %v are there", left())
	}
	if _, err := bufio.NewReader(answer.Body).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	cancel()
	o.until(`SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%import_row%'
		AND state <> 'idle' AND pid <> pg_backend_pid())`)
	for deadline := time.Now().Add(20 * time.Second); len(left()) > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("left are %v", left())
		}
		time.Sleep(10 * time.Millisecond)
	}
	if n := o.count(`SELECT seq FROM park_clock WHERE park_id = $1`, o.parkID); n != before {
		t.Errorf("the clock went from %d to %d", before, n)
	}
}

// zeros is endless.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// What an update misses is retired over the API by a second person: the import comes with an order to retire it, which
// becomes one record. Nothing is retired before, and what is held is refused by name.
func TestWhatAFileLacksIsProposedForRetiring(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, chief := o.planner(), o.approver()
	if told, _ := p.file(imports+"?dry_run=false", fields(40, 40, 40)); told.status != 201 {
		t.Fatalf("%d %.900s", told.status, told.text)
	}
	query := imports + "?mode=update&retire_missing=true&name=two.geojson"
	live := func() string {
		return o.texts(`SELECT coalesce(string_agg(code, ' ' ORDER BY code), '') FROM parcel_version WHERE to_seq IS NULL`)[0]
	}
	clock := func() int { return o.count(`SELECT seq FROM park_clock WHERE park_id = $1`, o.parkID) }
	id := func(code string) uuid.UUID {
		return uuid.MustParse(o.texts(`SELECT parcel_id::text FROM parcel_version WHERE to_seq IS NULL AND code = '` +
			code + `'`)[0])
	}

	// of zones, and of what is no update, not at all
	for more, field := range map[string]string{"&layer=zones": "retire_missing", "&mode=new": "retire_missing"} {
		path := strings.Replace(query, "mode=update", "", 1) + more
		if more == "&layer=zones" {
			path = query + more
		}
		if told, _ := p.file(path, fields(40)); told.status != 400 || told.body["field"] != field {
			t.Errorf("%s: %d %.300s", more, told.status, told.text)
		}
	}

	// a parcel under a right, of the missing ones
	right := p.want(201, "POST", records, o.hold(id("F-3"))).body["allotment"]
	told, looked := p.file(query, fields(40, 30))
	if told.status != 200 || looked.Held != 1 || looked.Proposed != 0 || looked.MissingCount != 1 {
		t.Errorf("held: %d %.900s", told.status, told.text)
	}
	told, _ = p.file(query+"&dry_run=false&lang=en", fields(40, 30))
	if told.status != 422 || !strings.Contains(fmt.Sprint(told.body["detail"]), "F-3 (a project has a right to it)") {
		t.Errorf("held: %d %.900s", told.status, told.text)
	}
	p.want(201, "POST", records,
		object{"kind": "take_back", "reason": "done", "allotment": o.right(right.(object)["id"])})

	// seen, then changed by another: what is to be retired counts too
	_, looked = p.file(query, fields(40, 30))
	if looked.Proposed != 1 || looked.Proposal != nil {
		t.Fatalf("looked at: %+v", looked)
	}
	p.want(201, "POST", records, object{"kind": "edit", "reason": "later", "parcels": o.refs(id("F-3")),
		"object": object{"collection": "parcels", "facts": object{"cadastral_no": "371002001001GB00001"}}})
	write := fmt.Sprintf("%s&dry_run=false&seen=%d", query, looked.BaseSeq)
	if told, stale := p.file(write, fields(40, 30)); told.status != 412 || len(stale.Meanwhile) != 1 ||
		stale.Meanwhile[0].Code != "F-3" {
		t.Errorf("changed meanwhile: %d %.900s", told.status, told.text)
	}

	// one record for what changes, an order for what is missing
	told, made := p.file(query+"&dry_run=false", fields(40, 30), "Idempotency-Key", "r1")
	if told.status != 201 || !made.Written || made.Changed != 1 || made.Retired != 0 || made.Proposed != 1 ||
		made.Proposal == nil || live() != "F-1 F-2 F-3" {
		t.Fatalf("%d, live %s, %.900s", told.status, live(), told.text)
	}
	if again, same := p.file(query+"&dry_run=false", fields(40, 30), "Idempotency-Key", "r1"); again.status != 201 ||
		*same.Proposal != *made.Proposal {
		t.Errorf("the same key: %d %.300s", again.status, again.text)
	}
	asked := p.want(200, "GET", "/api/parks/desk/proposals?state=open", nil).body["proposals"].([]any)
	if len(asked) != 1 {
		t.Fatalf("proposals %v", asked)
	}
	one := asked[0].(object)
	if one["kind"] != "retire" || fmt.Sprint(one["parcels"]) != "[F-3]" || !strings.Contains(fmt.Sprint(one["reason"]),
		"two.geojson") || len(fmt.Sprint(at(one, "documents", 0, "sha256"))) != 64 {
		t.Errorf("proposed %v", one)
	}

	// what an import did isn't undone: the answer says what to do instead
	told = p.want(409, "POST", records, object{"kind": "revert", "reason": "back", "reverts": made.Seq})
	if !strings.Contains(told.text, "import the former file again as an update") {
		t.Errorf("undone: %.600s", told.text)
	}

	// an open order holds what it names
	if told, looked = p.file(query, fields(40, 30)); looked.Held != 1 || looked.Missing[0].Held != "proposal" {
		t.Errorf("proposed twice: %d %.600s", told.status, told.text)
	}
	before := clock()
	chief.want(200, "POST", fmt.Sprintf("/api/parks/desk/proposals/%s/decision", made.Proposal), object{"approve": true,
		"reason": "right"})
	if live() != "F-1 F-2" || clock() != before+1 {
		t.Errorf("after the approval live are %s, %d records", live(), clock()-before)
	}

	// a file that changes nothing else makes no record, and one whose rows lie on what is to go comes with the order
	before = clock()
	told, made = p.file(query+"&dry_run=false&skip_refused=true",
		[]byte(strings.Replace(string(fields(40)), "F-1", "F-9", 1)))
	if told.status != 201 || made.Written || made.Proposed != 2 || made.Proposal == nil || clock() != before ||
		made.Refused != 1 || live() != "F-1 F-2" {
		t.Fatalf("%d, live %s, %.900s", told.status, live(), told.text)
	}
	if kept := o.count(`SELECT count(*) FROM proposal WHERE park_id = $1 AND decision IS NULL`, o.parkID); kept != 1 {
		t.Errorf("%d open proposals", kept)
	}
}
