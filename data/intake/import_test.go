package intake_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store/storetest"
	"luodi/geo"
)

func TestImportMakesAParkAndItsParcels(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := survey(t, "urn:ogc:def:crs:EPSG::4550",
		box("A-1", 0, 0, 400, 500), box("A-2", 400, 0, 100, 500).with("legal_m2", 50010.12346).with("land_use",
			"M2").with("bank_status", "reserve"))
	report := mustImport(t, db.Store, path, request("north"))
	if report.Taken != 2 || report.Seq != 1 || !report.ParkMade || report.SurveyCRS != "EPSG:4550" ||
		report.CodeField != "code" || !report.CodeGuessed {
		t.Errorf("report %+v", report)
	}
	if want := geo.MustArea("250010.1235"); math.Abs(report.LegalM2.M2()-want.M2()) > 0.01 {
		t.Errorf("legal area %v, want about %v", report.LegalM2, want)
	}
	var legal, use, bank, kind, document string
	var computed float64
	err := db.Owner.QueryRow(context.Background(), `
SELECT v.legal_m2::text, v.land_use, v.bank_status, v.computed_m2, r.kind, r.documents->0->>'title'
  FROM parcel_version v JOIN record r ON r.park_id = v.park_id AND r.seq = v.from_seq WHERE v.code = 'A-2'`).Scan(&legal, &use, &bank, &computed, &kind, &document)
	if err != nil {
		t.Fatal(err)
	}
	if legal != "50010.1235" || use != "100102" || bank != "reserve" || math.Abs(computed-50000) > 0.1 ||
		kind != "import" || document != "survey.geojson" {
		t.Errorf("legal %s, use %s, bank %s, computed %f, kind %s, document %s", legal, use, bank, computed, kind,
			document)
	}
	if n := storetest.Number[int](t, db, `SELECT count(*) FROM parcel_public`); n != 2 {
		t.Errorf("%d public parcels", n)
	}
	if inside := storetest.Number[bool](t, db, `SELECT bool_and(ST_Area(ST_Difference(ST_Transform(v.geom, 4550),
		ST_Transform(p.geom, 4550))) < 0.01 + 0.0001 * ST_Perimeter(ST_Transform(v.geom, 4550))) FROM park p
		JOIN parcel_version v USING (park_id)`); !inside {
		t.Error("a parcel sticks out of the park that was made of it")
	}
}

func TestImportIntoAnExistingPark(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100)), request("north"))
	// The neighbour in another system: degrees, by PostGIS's own transformation.
	geom := storetest.Number[string](t, db, `SELECT ST_AsGeoJSON(ST_Transform(ST_MakeEnvelope(414100, 4124000, 414200,
		4124100, 4550), 4326), 12, 0)`)
	req := request("north")
	req.Publication = "internal"
	report := mustImport(t, db.Store, survey(t, "", plot{map[string]any{"code": "B"}, geom}), req)
	if report.Seq != 2 || report.ParkMade || report.SourceCRS != "EPSG:4326" || report.SurveyCRS != "EPSG:4550" ||
		report.OverlapCount != 0 {
		t.Errorf("report %+v", report)
	}
	if math.Abs(report.ComputedM2-10_000) > 0.01 {
		t.Errorf("computed %f m²", report.ComputedM2)
	}
	if n := storetest.Number[int](t, db, `SELECT count(*) FROM parcel_public`); n != 1 {
		t.Errorf("an internal parcel is public: %d rows", n)
	}
}

// One row that can't be taken refuses the file; the rest is taken on request, and a dry run writes nothing either way.
func TestImportRefusesRows(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	bowtie := polygon([][2]float64{{1000, 0}, {1100, 100}, {1100, 0}, {1000, 100}, {1000, 0}})
	two := `{"type":"MultiPolygon","coordinates":[[[[414000,4125000],[414010,4125000],[414010,4125010],[414000,4125000]]],[[[414100,4125000],[414110,4125000],[414110,4125010],[414100,4125000]]]]}`
	sliver := polygon([][2]float64{{2000, 0}, {2000.0001, 0}, {2000.0001, 0.0001}, {2000, 0}})
	path := survey(t, "EPSG:4550",
		box("A", 0, 0, 100, 100),
		box("A", 200, 0, 100, 100),
		plot{map[string]any{"code": "bow"}, bowtie},
		plot{map[string]any{"code": "two"}, two},
		plot{map[string]any{"code": "none"}, "null"},
		plot{map[string]any{"code": "point"}, `{"type":"Point","coordinates":[414000,4124000]}`},
		plot{map[string]any{"code": "thin"}, sliver},
		box("", 400, 0, 100, 100),
		box(strings.Repeat("长", 101), 600, 0, 100, 100),
		box("use", 800, 0, 100, 100).with("land_use", "X9"),
		box("bank", 1200, 0, 100, 100).with("bank_status", "sold"),
		box("zone", 1400, 0, 100, 100).with("zone", "Z9"),
		box("late", 0, 50, 100, 100),
		box("far", 1e7, 0, 100, 100),
		box("huge", 1e300, 0, 100, 100),
		box("B", 1600, 0, 100, 100),
	)
	want := map[int64]string{2: "duplicate_code", 3: "invalid_shape", 4: "several_parts", 5: file.NoGeometry,
		6: "wrong_kind", 7: "collapsed", 8: "no_code",
		9: "value", 10: "value", 11: "value", 12: "zone_unknown", 13: "overlap", 14: "outside_crs", 15: "invalid_shape"}
	before := contents(t, db)
	req := request("north")
	for _, dry := range []bool{true, false} {
		req.DryRun = dry
		report, err := importFile(t, db.Store, path, req)
		if got := refusalsOf(report); !maps.Equal(got, want) {
			t.Errorf("refused %v, want %v", got, want)
		}
		if !errors.Is(err, intake.ErrImportRefused) || report.Written || report.Read != 16 || report.Refused != 14 ||
			report.Acceptable != 2 || report.Taken != 0 {
			t.Errorf("error %v, report %+v", err, report)
		}
		if after := contents(t, db); after != before {
			t.Errorf("a refused file wrote: %s, before %s", after, before)
		}
	}
	req.DryRun, req.SkipRefused = true, true
	if report, err := importFile(t, db.Store, path, req); err != nil || report.Written || report.Acceptable != 2 ||
		contents(t, db) != before {
		t.Errorf("dry run: error %v, report %+v, tables %s, before %s", err, report, contents(t, db), before)
	}
	req.DryRun = false
	report, err := importFile(t, db.Store, path, req)
	if err != nil || report.Taken != 2 || report.Taken+report.Refused != report.Read {
		t.Errorf("error %v, report %+v", err, report)
	}
	if codes := storetest.Number[string](t, db,
		`SELECT string_agg(code, ',' ORDER BY code) FROM parcel_version`); codes != "A,B" {
		t.Errorf("took %s", codes)
	}
	bow := report.Refusals[slices.IndexFunc(report.Refusals, func(r intake.Refusal) bool { return r.Row == 3 })]
	if bow.Fault.Field != "Self-intersection" || bow.Fault.Got != "415050 4124050" || bow.Code != "bow" {
		t.Errorf("the crossing is told as %+v", bow)
	}
}

// Codes and names are one line each, and turn no text beside them.
func TestImportRefusesTextsThatAreNoLine(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	var plots []plot
	want := map[int64]string{}
	for i, bad := range []string{"\n", "\t", "\r", "\x1b[2J", "\x7f", "\u0085", "\u009b", "\u061c", "\u200f", "\u2028",
		"\u2029", "\u202e", "\u2066"} {
		plots = append(plots,
			box("a"+bad+"b", float64(i)*10, 0, 9, 9).with("function", "mixed"),
			box(fmt.Sprint("n", i), float64(i)*10, 20, 9, 9).with("function", "mixed").with("name_zh", "园"+bad+"区"))
		want[int64(len(plots)-1)], want[int64(len(plots))] = "value", "value"
	}
	plots = append(plots, box("西-1 é\u3000<b>", 0, 40, 9, 9).with("function", "mixed").with("name_zh", " 园区\n"))
	req := request("north")
	req.Layer, req.SkipRefused = "zones", true
	report, err := importFile(t, db.Store, survey(t, "EPSG:4550", plots...), req)
	if got := refusalsOf(report); err != nil || !maps.Equal(got, want) || report.Taken != 1 {
		t.Errorf("%v: %d taken, refused %v, want %v", err, report.Taken, got, want)
	}
	for _, refusal := range report.Refusals {
		if refusal.Fault.Field == "" || strings.ContainsAny(refusal.Fault.Got, "\x1b\n\t") {
			t.Errorf("%+v", refusal)
		}
	}
}

// Each pair's overlap is what the boxes say it is; what lies within the tolerance is told and taken.
func TestImportOverlaps(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	// A and B share 40 m²; B and C share 100 × 0.0004 = 0.04 m², less than 0.01 + 0.0001 × 400; A and D share 0.006 m².
	path := survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 99.6, 0, 100, 100),
		box("C", 199.5996, 0, 100, 100), box("D", -99.99994, 0, 100, 100))
	req := request("north")
	req.SkipRefused = true
	report, err := importFile(t, db.Store, path, req)
	if err != nil {
		t.Fatal(err)
	}
	if got := refusalsOf(report); !maps.Equal(got, map[int64]string{2: "overlap"}) {
		t.Errorf("refused %v", got)
	}
	if report.OverlapCount != 2 || report.OverlapsWithin != 1 {
		t.Fatalf("overlaps %+v", report.Overlaps)
	}
	ab, bc := report.Overlaps[0], report.Overlaps[1]
	if ab.Code != "A" || ab.OtherCode != "B" || ab.Row != 1 || ab.OtherRow != 2 || math.Abs(ab.M2-40) > 0.02 ||
		ab.WithinLimits {
		t.Errorf("A and B: %+v", ab)
	}
	if bc.Code != "B" || bc.OtherCode != "C" || math.Abs(bc.M2-0.04) > 0.02 || math.Abs(bc.ToleranceM2-0.05) > 1e-6 ||
		!bc.WithinLimits {
		t.Errorf("B and C: %+v", bc)
	}
	// What is live refuses whatever comes: the same land under other codes.
	again, err := importFile(t, db.Store, survey(t, "EPSG:4550", box("X", 10, 10, 10, 10), box("A", 500, 0, 10, 10),
		box("Y", 600, 0, 10, 10)), req)
	if err != nil {
		t.Fatal(err)
	}
	if got := refusalsOf(again); !maps.Equal(got, map[int64]string{1: "overlap_live", 2: "code_taken"}) ||
		again.Taken != 1 {
		t.Errorf("refused %v, took %d", got, again.Taken)
	}
	if o := again.Overlaps; len(o) != 1 || o[0].Row != 0 || o[0].Code != "A" || o[0].OtherCode != "X" ||
		math.Abs(o[0].M2-100) > 0.01 {
		t.Errorf("overlaps %+v", o)
	}
}

// A row that is itself refused refuses no other: of three in a chain the middle one goes.
func TestImportRefusesNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	req := request("north")
	req.SkipRefused = true
	path := survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 90, 0, 100, 100), box("C", 180, 0, 100, 100),
		box("A", 270, 0, 100, 100), box("E", 300, 0, 100, 100))
	report, err := importFile(t, db.Store, path, req)
	if err != nil {
		t.Fatal(err)
	}
	if got := refusalsOf(report); !maps.Equal(got, map[int64]string{2: "overlap", 4: "duplicate_code"}) ||
		report.OverlapCount != 4 {
		t.Errorf("refused %v of %d overlaps", got, report.OverlapCount)
	}
}

func TestImportAreas(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := survey(t, "EPSG:4550", box("A", 0, 0, 100, 100).with("面积", "10099"),
		box("B", 200, 0, 100, 100).with("面积", "10101.5"), box("C", 400, 0, 100, 100).with("面积", nil))
	req := request("north")
	req.Fields = map[string]string{"legal_m2": "面积"}
	report := mustImport(t, db.Store, path, req)
	if report.AreaDiffers != 1 || len(report.AreaWarnings) != 1 || report.AreaWarnings[0].Code != "B" ||
		report.UnnamedLegal != 1 {
		t.Errorf("warnings %+v, without legal area %d", report.AreaWarnings, report.UnnamedLegal)
	}
	if report.Fields["legal_m2"] != "面积" {
		t.Errorf("fields %v", report.Fields)
	}
	if exact := storetest.Number[bool](t, db, `SELECT legal_m2 = 10000 FROM parcel_version WHERE code = 'C'`); !exact {
		t.Error("a missing legal area is not what the survey's coordinates measure")
	}
	for _, bad := range []string{"0", "-5", "many", "1e40"} {
		_, err := importFile(t, db.Store, survey(t, "EPSG:4550", box("Z", 900, 0, 9, 9).with("面积", bad)), req)
		if !errors.Is(err, intake.ErrImportRefused) {
			t.Errorf("legal area %q: %v", bad, err)
		}
	}
}

func TestImportCodes(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	plots := func(props ...map[string]any) []plot {
		list := make([]plot, len(props))
		for i, p := range props {
			list[i] = plot{p, box("", float64(i)*100, 0, 50, 50).geom}
		}
		return list
	}
	type m = map[string]any
	for name, c := range map[string]struct {
		plots []plot
		field string
		want  string // codes in order
		from  string
	}{
		"a strong name":            {plots(m{"id": "1", "地块编号": "甲"}, m{"id": "2", "地块编号": "乙"}), "", "甲,乙", "地块编号"},
		"a unique weak name":       {plots(m{"ID": "x"}, m{"ID": "y"}), "", "x,y", "ID"},
		"a weak name that repeats": {plots(m{"NUMERO": "1"}, m{"NUMERO": "1"}), "", "1,2", ""},
		"two names joined": {plots(m{"NUMERO": "1", "SECTION": "A"}, m{"NUMERO": "1", "SECTION": "B"}), "",
			"A1,B1", "SECTION+NUMERO"},
		"a weak name with gaps": {plots(m{"id": "x"}, m{"id": nil}), "", "1,2", ""},
		"named":                 {plots(m{"code": "a", "nr": "7"}, m{"code": "b", "nr": "8"}), "nr", "7,8", "nr"},
		"two named":             {plots(m{"a": "x", "b": "1"}, m{"a": "x", "b": "2"}), "a+b", "x1,x2", "a+b"},
	} {
		db := storetest.New(t)
		park := "p" + strings.ReplaceAll(name, " ", "-")
		req := request(park)
		req.CodeField = c.field
		report := mustImport(t, db.Store, survey(t, "EPSG:4550", c.plots...), req)
		got := storetest.Number[string](t, db, `SELECT string_agg(v.code, ',' ORDER BY ST_XMin(v.geom))
			FROM parcel_version v JOIN park p USING (park_id) WHERE p.code = $1`, park)
		if got != c.want || report.CodeField != c.from {
			t.Errorf("%s: codes %s from %q, want %s from %q", name, got, report.CodeField, c.want, c.from)
		}
	}
	req := request("unknown")
	req.CodeField = "nummer"
	_, err := importFile(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 9, 9)), req)
	if fault := fileFault(t, err); fault.Code != "field_unknown" || fault.Field != "nummer" ||
		fault.Expected != "code" {
		t.Errorf("%+v", fault)
	}
}

func TestImportRequestsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := survey(t, "EPSG:4550", box("A", 0, 0, 9, 9))
	for name, change := range map[string]func(*intake.ImportRequest){
		"layer":       func(r *intake.ImportRequest) { r.Layer = "roads" },
		"park":        func(r *intake.ImportRequest) { r.Park = "A park" },
		"publication": func(r *intake.ImportRequest) { r.Publication = "secret" },
		"shift":       func(r *intake.ImportRequest) { r.Shift = []float64{1, 2} },
		"time-zone":   func(r *intake.ImportRequest) { r.TimeZone = "UTC+8" },
		"reason":      func(r *intake.ImportRequest) { r.Reason = " " },
		"map":         func(r *intake.ImportRequest) { r.Fields = map[string]string{"colour": "x"} },
		"set": func(r *intake.ImportRequest) {
			r.Fields, r.Constants = map[string]string{"land_use": "x"}, map[string]string{"land_use": "1001"}
		},
	} {
		req := request("north")
		change(&req)
		_, err := importFile(t, db.Store, path, req)
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A new park of which nobody can say the district is refused before a row is read, in a dry run too.
func TestImportTellsAMissingDistrictFirst(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for _, park := range []string{"north", "south"} {
		req := request(park)
		req.District = park
		x := map[string]float64{"north": 0, "south": 5000}[park]
		mustImport(t, db.Store, survey(t, "EPSG:4550", box(park, x, 0, 100, 100)), req)
	}
	path := survey(t, "EPSG:4550", box("A", 9000, 0, 100, 100))
	for _, dry := range []bool{true, false} {
		req := request("west")
		req.DryRun = dry
		report, err := importFile(t, db.Store, path, req)
		if fieldOf(err) != "district" || report.Read != 0 {
			t.Errorf("dry %v: %v, %d rows read", dry, err, report.Read)
		}
	}
}
