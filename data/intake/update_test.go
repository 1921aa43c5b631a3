package intake_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/intake"
	"luodi/data/ledger"
	"luodi/data/store/storetest"
)

// checksum stands for the SHA-256 of a file.
var checksum = strings.Repeat("0123456789abcdef", 4)

// updating is a request that updates the park north.
func updating() intake.ImportRequest {
	req := request("north")
	req.Update, req.Checksum, req.Widen = true, checksum, false
	return req
}

// counted are the counts of a report, as made/changed/unchanged/retired/missing.
func counted(r intake.ImportReport) string {
	return fmt.Sprintf("%d/%d/%d/%d/%d", r.Made, r.Changed, r.Unchanged, r.Retired, r.MissingCount)
}

// versions tells the live parcels: code, area, id as a letter in the order of births, and the change they are of.
func versions(t *testing.T, db *storetest.DB) string {
	t.Helper()
	return storetest.Number[string](t, db, `SELECT coalesce(string_agg(concat_ws(':', code, round(computed_m2), round(legal_m2),
		from_seq), ' ' ORDER BY code), '') FROM parcel_version WHERE to_seq IS NULL`)
}

// The same file again changes nothing and makes no record, also in another system and with corners in another order.
func TestTheSameFileAgainChangesNothing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	zones := request("north")
	zones.Layer = "zones"
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("Z", 0, 0, 500, 500)), zones)
	full := box("A", 0, 0, 100, 100).with("zone", "Z").with("legal_m2", 10001.5).with("land_use", "100102").with(
		"services", map[string]any{"water": map[string]any{"ready": true, "capacity": 4, "unit": "m3/d"}}).with(
		"price_cny_per_m2", 336.5)
	path := survey(t, "EPSG:4550", full, box("B", 100, 0, 100, 100))
	req := request("north")
	mustImport(t, db.Store, path, req)
	before := contents(t, db)
	turned := plot{full.props, polygon([][2]float64{{100, 100}, {100, 0}, {0, 0}, {0, 100}, {100, 100}})}
	degrees := storetest.Number[string](t, db,
		`SELECT ST_AsGeoJSON(ST_Transform(geom, 4326), 9, 0) FROM parcel_version WHERE code = 'B'`)
	for name, again := range map[string]string{"the same": path,
		"corners turned": survey(t, "EPSG:4550", turned, box("B", 100, 0, 100, 100)),
		"in degrees":     survey(t, "", plot{map[string]any{"code": "B"}, degrees})} {
		for _, dry := range []bool{true, false} {
			req := updating()
			req.DryRun = dry
			report, err := importFile(t, db.Store, again, req)
			if err != nil || report.Written || report.Made+report.Changed != 0 || report.Unchanged != report.Read {
				t.Errorf("%s: error %v, %s, changes %+v", name, err, counted(report), report.Changes)
			}
		}
	}
	if after := contents(t, db); after != before {
		t.Errorf("it wrote: %s, before %s", after, before)
	}
}

// A boundary that moves on both sides in one file overlaps nothing; parcels stay who they are, and what the file doesn't
// name stays.
func TestAnUpdateMovesASharedBoundary(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 100, 0, 100,
		100).with("legal_m2", 9999),
		box("C", 200, 0, 100, 100).with("bank_status", "reserve"), box("D", 300, 0, 100, 100)), request("north"))
	ids := storetest.Number[string](t, db, `SELECT string_agg(parcel_id::text, ' ' ORDER BY code) FROM parcel_version`)
	report := mustImport(t, db.Store, survey(t, "EPSG:4550", box("B", 130, 0, 70, 100), box("A", 0, 0, 130, 100),
		box("C", 200, 0, 100, 100).with("land_use", "100102").with("bank_status", "available")), updating())
	if got := counted(report); got != "0/3/0/0/1" || report.OverlapCount != 0 || report.StatusKept != 1 {
		t.Errorf("%s, %d overlaps, %d kept their status", got, report.OverlapCount, report.StatusKept)
	}
	var differs []string
	for _, c := range report.Changes {
		differs = append(differs, c.Code+" "+strings.Join(c.Differs, " "))
	}
	if want := []string{"B geometry", "A geometry legal_m2", "C land_use"}; !slices.Equal(differs, want) {
		t.Errorf("differ %q, want %q", differs, want)
	}
	if got := versions(t, db); got != "A:13000:13000:2 B:7000:9999:2 C:10000:10000:2 D:10000:10000:1" {
		t.Errorf("parcels %s", got)
	}
	if now := storetest.Number[string](t, db, `SELECT string_agg(parcel_id::text, ' ' ORDER BY code) FROM parcel_version
		WHERE to_seq IS NULL`); now != ids {
		t.Error("a parcel is another one")
	}
	if got := storetest.Number[string](t, db, `SELECT concat_ws(' ', bank_status, land_use) FROM parcel_version
		WHERE code = 'C' AND to_seq IS NULL`); got != "reserve 100102" {
		t.Errorf("C is %s", got)
	}
	if got := storetest.Number[string](t, db, `SELECT concat_ws(' ', kind, documents->0->>'title', documents->0->>'sha256',
		i.made, i.changed, i.unchanged) FROM record r JOIN import_report i USING (park_id, seq) WHERE seq = 2`); got !=
		"import survey.geojson "+checksum+" 0 3 0" {
		t.Errorf("the record is %s", got)
	}
	if n := storetest.Number[int](t, db, `SELECT count(*) FROM lineage`); n != 0 {
		t.Errorf("%d of lineage between parcels that go on", n)
	}
}

// A legal area that the park computed follows the parcel's shape where a row states none; one that was stated stays, and
// one that a row states is taken.
func TestAComputedLegalAreaFollowsTheShape(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("computed", 0, 0, 100, 100),
		box("stated", 200, 0, 100, 100).with(
			"legal_m2", 9990), box("told", 400, 0, 100, 100), box("still", 600, 0, 100, 100)), request("north"))
	report, err := importFile(t, db.Store, survey(t, "EPSG:4550", box("computed", 0, 0, 90, 100), box("stated", 200, 0,
		90, 100),
		box("told", 400, 0, 90, 100).with("legal_m2", 9001.5), box("still", 600, 0, 100, 100)), updating())
	if got := counted(report); err != nil || got != "0/3/1/0/0" {
		t.Errorf("error %v, %s, %+v", err, got, report.Changes)
	}
	const legal = `SELECT string_agg(code || ' ' || legal_m2, ', ' ORDER BY code) FROM parcel_version WHERE to_seq IS NULL`
	if got := storetest.Number[string](t, db, legal); got !=
		"computed 9000.0000, stated 9990.0000, still 10000.0000, told 9001.5000" {
		t.Errorf("legal areas %s", got)
	}
}

// A row that is refused leaves its parcel where it is: what would have taken its ground is refused too.
func TestARefusedRowKeepsItsGround(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 100, 0, 100, 100),
		box("C", 200, 0, 100, 100), box("X", 400, 0, 100, 100)), request("north"))
	path := survey(t, "EPSG:4550",
		box("A", 0, 0, 250, 100),   // 2: on C, which stays
		box("B", 50, 0, 50, 100),   // on what A has
		box("new", 20, 20, 10, 10), // on A's old ground
		box("X", 400, 0, 90, 100), box("Y", 490, 0, 10, 100))
	req := updating()
	req.SkipRefused = true
	report, err := importFile(t, db.Store, path, req)
	if got := refusalsOf(report); err != nil || !maps.Equal(got, map[int64]string{1: "overlap_live", 2: "overlap_live",
		3: "overlap_live"}) {
		t.Errorf("refused %v, error %v", got, err)
	}
	if got := versions(t, db); got != "A:10000:10000:1 B:10000:10000:1 C:10000:10000:1 X:9000:9000:2 Y:1000:1000:2" {
		t.Errorf("parcels %s", got)
	}
	// Y lies on what X gave up
	if got := storetest.Number[string](t, db, `SELECT string_agg(p.code || '>' || c.code, ' ') FROM lineage l
		JOIN parcel_version p ON p.parcel_id = l.parent_id AND p.to_seq = l.seq
		JOIN parcel_version c ON c.parcel_id = l.child_id AND c.from_seq = l.seq`); got != "X>Y" {
		t.Errorf("lineage %s", got)
	}
}

// A row that the park has so already is not refused for one that comes before it in the file.
func TestWhatStaysIsNotRefused(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100)), request("north"))
	report, err := importFile(t, db.Store, survey(t, "EPSG:4550", box("new", 50, 0, 30, 30), box("A", 0, 0, 100, 100)),
		updating())
	if got := refusalsOf(report); !errors.Is(err, intake.ErrImportRefused) ||
		!maps.Equal(got, map[int64]string{1: "overlap"}) {
		t.Errorf("refused %v, error %v", got, err)
	}
}

// What the file misses is listed; on request it is retired, unless something holds it.
func TestWhatIsMissingIsRetiredOnRequest(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 200, 0, 100, 100),
		box("C", 400, 0, 100, 100)), request("north"))
	park := storetest.Number[uuid.UUID](t, db, `SELECT park_id FROM park`)
	held := storetest.Number[uuid.UUID](t, db, `SELECT parcel_id FROM parcel_version WHERE code = 'B'`)
	path := survey(t, "EPSG:4550", box("N", 400, 0, 50, 50))
	req := updating()
	report, err := importFile(t, db.Store, path, req)
	if got := refusalsOf(report); !errors.Is(err, intake.ErrImportRefused) || got[1] != "overlap_live" ||
		report.MissingCount != 3 {
		t.Fatalf("refused %v, missing %d", got, report.MissingCount)
	}
	req.RetireMissing = true
	storetest.Allot(t, db, park, storetest.Project(t, db, park, "P", true), "hold", held)
	report, err = importFile(t, db.Store, path, req)
	if want := []intake.Missing{{Code: "B", Held: "right"}, {Code: "A"}, {Code: "C"}}; !errors.Is(err,
		intake.ErrImportRefused) ||
		report.Held != 1 || report.Retired != 0 || !slices.Equal(report.Missing, want) {
		t.Errorf("error %v, missing %+v", err, report.Missing)
	}
	path = survey(t, "EPSG:4550", box("N", 400, 0, 50, 50), plot{map[string]any{"code": "B"},
		storetest.Number[string](t, db,
			`SELECT ST_AsGeoJSON(ST_Transform(geom, 4550), 7, 0) FROM parcel_version WHERE code = 'B'`)})
	report = mustImportSome(t, db, path, req)
	if got := counted(report); got != "1/0/1/2/2" {
		t.Errorf("%s", got)
	}
	if got := storetest.Number[string](t, db,
		`SELECT string_agg(code, ' ' ORDER BY code) FROM parcel_version WHERE to_seq IS NULL`); got != "B N" {
		t.Errorf("live are %s", got)
	}
	// N came out of the C that was retired
	if n := storetest.Number[int](t, db, `SELECT count(*) FROM lineage`); n != 1 {
		t.Errorf("%d of lineage", n)
	}
}

func mustImportSome(t *testing.T, db *storetest.DB, path string, req intake.ImportRequest) intake.ImportReport {
	t.Helper()
	report, err := importFile(t, db.Store, path, req)
	if err != nil || !report.Written {
		t.Fatalf("import: error %v, report %+v", err, report)
	}
	return report
}

// Zones, plan units and networks are updated by the same way; a field that the file doesn't have stays.
func TestAnUpdateOfOtherLayers(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	line := func(to int) string {
		return fmt.Sprintf(`{"type":"LineString","coordinates":[[414000,4124000],[414%03d,4124000]]}`, to)
	}
	for layer, c := range map[string]struct{ first, again, changed plot }{
		"zones": {box("Z", 0, 0, 50, 50).with("name_zh", "甲").with("function", "living"), box("Z", 0, 0, 50, 50),
			box("Z", 0, 0, 60, 50).with("name_zh", "乙")},
		"plan-units": {box("U", 0, 0, 50, 50).with("land_use", "100102").with("edition", "2022").with("effective_from",
			"2022-01-01").with("conditions", map[string]any{"far": map[string]any{"min": 0.7}}),
			box("U", 0, 0, 50, 50).with("edition", "2022"), box("U", 0, 0, 50, 50).with("land_use", "100103")},
		"networks": {plot{map[string]any{"code": "R", "kind": "road", "grade": "main", "width_m": 12.5}, line(100)},
			plot{map[string]any{"code": "R", "width_m": 12.5}, line(100)},
			plot{map[string]any{"code": "R", "width_m": 0}, line(200)}},
	} {
		req := request("north")
		req.Layer = layer
		mustImport(t, db.Store, survey(t, "EPSG:4550", c.first), req)
		req = updating()
		req.Layer = layer
		report, err := importFile(t, db.Store, survey(t, "EPSG:4550", c.again), req)
		if err != nil || counted(report) != "0/0/1/0/0" || report.Written {
			t.Errorf("%s again: %s %+v, error %v", layer, counted(report), report.Changes, err)
		}
		report = mustImportSome(t, db, survey(t, "EPSG:4550", c.changed), req)
		if counted(report) != "0/1/0/0/0" {
			t.Errorf("%s changed: %s", layer, counted(report))
		}
		// what is new needs what a change doesn't
		fresh := plot{map[string]any{"code": "new"}, c.first.geom}
		report, _ = importFile(t, db.Store, survey(t, "EPSG:4550", fresh), req)
		if got := refusalsOf(report)[1]; layer != "zones" && got != "missing_value" {
			t.Errorf("%s: a new one that lacks values: %q", layer, got)
		}
	}
	for sql, want := range map[string]string{
		`SELECT concat_ws(' ', name_zh, function, round(computed_m2)) FROM zone_version WHERE to_seq IS NULL`:                                                "乙 living 3000",
		`SELECT concat_ws(' ', land_use, edition, conditions->'far'->>'min') FROM plan_unit_version WHERE to_seq IS NULL`:                                    "100103 2022 0.7",
		`SELECT concat_ws(' ', kind, coalesce(width_m::text, 'none'), round(ST_Length(ST_Transform(geom, 4550)))) FROM network_version WHERE to_seq IS NULL`: "road none 200",
	} {
		if got := storetest.Number[string](t, db, sql); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	req := updating()
	req.Layer, req.RetireMissing = "networks", true
	report := mustImportSome(t, db, survey(t, "EPSG:4550", plot{map[string]any{"code": "Q", "kind": "road",
		"grade": "main"},
		line(300)}), req)
	if counted(report) != "1/0/0/1/1" {
		t.Errorf("retired: %s", counted(report))
	}
}

// What others changed of the file's land since the dry run refuses the import and is named; what they changed elsewhere
// doesn't.
func TestWhatChangedMeanwhileIsTold(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("far", 3000, 0, 10, 10)),
		request("north"))
	path := survey(t, "EPSG:4550", box("A", 0, 0, 90, 100))
	req := updating()
	req.DryRun = true
	looked, err := importFile(t, db.Store, path, req)
	if err != nil || looked.BaseSeq != 1 {
		t.Fatalf("error %v, seq %d", err, looked.BaseSeq)
	}
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("far", 3000, 0, 12, 10)), func() intake.ImportRequest {
		r := updating()
		r.Widen = true
		return r
	}())
	mustImportSome(t, db, survey(t, "EPSG:4550", box("A", 0, 0, 100, 95)), updating())
	req.DryRun, req.Seen = false, looked.BaseSeq
	report, err := importFile(t, db.Store, path, req)
	if want := []intake.Meanwhile{{Seq: 3, Kind: "import", Code: "A"}}; !errors.Is(err, intake.ErrMeanwhile) ||
		!slices.Equal(report.Meanwhile, want) {
		t.Errorf("error %v, meanwhile %+v", err, report.Meanwhile)
	}
	req.Seen = 3
	mustImportSome(t, db, path, req)
}

// The report is kept with its record and can be told again in either language.
func TestTheReportIsKept(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	req := request("north")
	req.SkipRefused = true
	made := mustImportSome(t, db, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("bad", 200, 0, 10,
		10).with("land_use",
		"X9"), box("late", 0, 50, 100, 100)), req)
	kept, err := intake.Of(db.Store).Report(context.Background(), "north", made.Seq, "1")
	if err != nil || !kept.Written || kept.Made != 1 || len(kept.Refusals) != 2 {
		t.Fatalf("error %v, kept %+v", err, kept)
	}
	for i, r := range kept.Refusals {
		was := made.Refusals[i].Fault
		if fmt.Sprint(r.Fault.Words) != fmt.Sprint(was.Words) || r.Fault.Code != was.Code || r.Fault.Got != was.Got {
			t.Errorf("kept %+v, was %+v", r.Fault, was)
		}
	}
	all, err := ledger.Ledger{Store: db.Store}.Records(context.Background(), "north", 0, 10)
	if err != nil || len(all) != 1 || all[0].Import == nil ||
		*all[0].Import != (ledger.ImportCounts{Seq: made.Seq, Layer: "parcels",
			Made: 1, Refused: 2}) {
		t.Errorf("error %v, the history says %+v", err, all)
	}
	if _, err := intake.Of(db.Store).Report(context.Background(), "north", 9, "9"); err == nil {
		t.Error("a record that is none has a report")
	}
}

// A dry run draws what it found, and says what the file's columns hold.
func TestADryRunDrawsWhatItFound(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 100, 0, 100, 100),
		box("C", 200, 0, 100, 100)), request("north"))
	bow := plot{map[string]any{"code": "bow"}, polygon([][2]float64{{0, 200}, {100, 300}, {100, 200}, {0, 300},
		{0, 200}})}
	path := survey(t, "EPSG:4550", box("A", 0, 0, 100, 100).with("名称", "甲"), box("B", 100, 0, 90, 100),
		box("new", 190, 0, 10, 100).with("名称", "乙"), bow, box("on", 250, 0, 10, 10), box("out", 0, -50, 100, 60),
		box("huge", 1e300, 0, 1, 1))
	req := updating()
	req.DryRun, req.Preview = true, 100
	report, err := importFile(t, db.Store, path, req)
	if !errors.Is(err, intake.ErrImportRefused) {
		t.Fatal(err)
	}
	var drawn struct {
		Features []struct {
			Properties struct {
				Row   int64
				Code  string
				State string
			}
		}
	}
	if err := json.Unmarshal(report.Preview, &drawn); err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, f := range drawn.Features {
		states = append(states, f.Properties.Code+" "+f.Properties.State)
	}
	want := []string{"A unchanged", "B changed", "new new", "bow refused", "on overlaps", "out outside", "on overlap",
		"out overlap", "out beyond", "C missing"}
	slices.Sort(want)
	if slices.Sort(states); !slices.Equal(states, want) {
		t.Errorf("drawn\n%q, want\n%q", states, want)
	}
	for _, c := range report.Columns {
		if c.Name == "名称" && (c.Filled != 2 || !slices.Equal(c.Samples, []string{"甲", "乙"}) || len(c.Fills) != 0) ||
			c.Name == "code" && !slices.Equal(c.Fills, []string{"code"}) {
			t.Errorf("column %+v", c)
		}
	}
	req.Preview = 2
	if report, _ = importFile(t, db.Store, path, req); !report.PreviewCut {
		t.Error("the preview is cut and doesn't say so")
	}
}
