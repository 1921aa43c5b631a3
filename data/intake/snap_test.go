package intake_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luodi/data/intake"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/geo/coverage"
)

// judge lets PostGIS say what the stored parcels of a park are: how many, holes of their union, pairs whose interiors
// meet, and the area that they share, in millionths of what they have, in the stored degrees.
const judge = `
WITH p AS (SELECT v.parcel_id, v.geom FROM parcel_version v JOIN park k USING (park_id) WHERE k.code = $1
              AND v.to_seq IS NULL),
     u AS (SELECT ST_Union(geom) AS g, sum(ST_Area(geom)) AS m, count(*) AS n FROM p)
SELECT concat_ws(' ', n, (SELECT coalesce(sum(ST_NumInteriorRings(d.geom)), 0) FROM ST_Dump(g) d),
       (SELECT count(*) FROM p a JOIN p b ON a.parcel_id < b.parcel_id AND a.geom && b.geom
         WHERE ST_Relate(a.geom, b.geom, 'T********')),
       round((1e6 * abs(m - ST_Area(g)) / m)::numeric, 5)) FROM u`

// shaken is a grid of columns × rows of parcels of 60 × 40 m, each measured by itself: its vertices are off by up to
// noise metres. Every second parcel has a node in the middle of its sides that its neighbours lack.
func shaken(r *rand.Rand, columns, rows int, noise float64) []plot {
	var plots []plot
	at := func(x, y float64) [2]float64 {
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		d := noise * r.Float64()
		x, y = x+0.3*y, y-0.2*x
		return [2]float64{60*x + d*cos, 40*y + d*sin}
	}
	for j := range rows {
		for i := range columns {
			x, y := float64(i), float64(j)
			var ring [][2]float64
			for k, c := range [][2]float64{{x, y}, {x + 0.5, y}, {x + 1, y}, {x + 1, y + 0.5}, {x + 1, y + 1},
				{x + 0.5, y + 1},
				{x, y + 1}, {x, y + 0.5}} {
				if k%2 == 0 || (i+j)%2 == 0 {
					ring = append(ring, at(c[0], c[1]))
				}
			}
			plots = append(plots, plot{map[string]any{"code": fmt.Sprintf("P%02d-%02d", j, i)},
				polygon(append(ring, ring[0]))})
		}
	}
	return plots
}

// Parcels that were measured one by one become a coverage: PostGIS finds no gap, no overlap, no edge that isn't shared.
// Without the mending it finds all three.
func TestSnapMakesACoverage(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := survey(t, "EPSG:4550", shaken(rand.New(rand.NewPCG(1, 2)), 9, 7, 0.009)...)
	told := request("told")
	told.SkipRefused = true
	before, err := importFile(t, db.Store, path, told)
	if err != nil || before.FlawCounts["gap"] == 0 || before.FlawCounts["overlap"] == 0 ||
		before.FlawCounts["near_vertices"] == 0 || before.FlawCounts["t_junction"] == 0 || before.Snapped != nil {
		t.Fatalf("error %v, flaws %v", err, before.FlawCounts)
	}
	var n, holes, pairs int
	got := storetest.Number[string](t, db, judge, "told")
	if _, err := fmt.Sscan(got, &n, &holes, &pairs); err != nil || holes == 0 || pairs == 0 {
		t.Fatalf("without mending PostGIS finds %q, error %v", got, err)
	}
	req := request("mended")
	req.Snap = 0.02
	dry := req
	dry.DryRun = true
	db = storetest.New(t)
	tried, err := importFile(t, db.Store, path, dry)
	if err != nil {
		t.Fatal(err)
	}
	report := mustImport(t, db.Store, path, req)
	if got := storetest.Number[string](t, db, judge, "mended"); got != "63 0 0 0.00000" {
		t.Errorf("mended, PostGIS finds %q", got)
	}
	s := report.Snapped
	if s == nil || s.Changed == 0 || s.LeftCount != 0 || s.GreatestMoveM > 0.02 || len(report.Flaws) != 0 ||
		len(report.Mended) == 0 || report.OverlapCount != 0 {
		t.Fatalf("snapped %+v, flaws %v", s, report.FlawCounts)
	}
	if tried.Snapped.Changed != s.Changed || len(tried.Mended) != len(report.Mended) {
		t.Errorf("the dry run says %d changed, %d mended; written %d and %d", tried.Snapped.Changed, len(tried.Mended),
			s.Changed, len(report.Mended))
	}
	checkSnappedAreas(t, db, report)
	checkStays(t, db, report)
}

// checkSnappedAreas compares each area after with what is stored, and with the bound.
func checkSnappedAreas(t *testing.T, db *storetest.DB, report intake.ImportReport) {
	t.Helper()
	for _, p := range report.Snapped.Parcels {
		stored := storetest.Number[float64](t, db, `SELECT computed_m2 FROM parcel_version WHERE code = $1`, p.Code)
		if math.Abs(stored-p.AfterM2) > 0.001 || math.Abs(p.AfterM2-p.BeforeM2) > 2*0.02*210 || p.MoveM > 0.02 {
			t.Errorf("%+v, stored %f m²", p, stored)
		}
	}
}

// checkStays imports what was stored into a park of its own: there is nothing to mend any more.
func checkStays(t *testing.T, db *storetest.DB, report intake.ImportReport) {
	t.Helper()
	whole := storetest.Number[string](t, db, `SELECT json_build_object('type', 'FeatureCollection', 'features',
		json_agg(json_build_object('type', 'Feature', 'properties', json_build_object('code', code), 'geometry',
		ST_AsGeoJSON(geom, 9, 0)::json) ORDER BY code)) FROM parcel_version`)
	path := filepath.Join(t.TempDir(), "again.geojson")
	if err := os.WriteFile(path, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	other := storetest.New(t)
	req := request("again")
	req.Snap = 0.02
	again := mustImport(t, other.Store, path, req)
	if again.Snapped.Changed != 0 || again.Read != report.Read || len(again.Flaws)+len(again.Mended) > 0 {
		t.Errorf("mended again: %+v", again.Snapped)
	}
}

// What lies in the park already stays bit for bit; what comes beside it is brought to it.
func TestSnapBringsRowsToLiveParcels(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	plots := shaken(rand.New(rand.NewPCG(3, 4)), 6, 6, 0.009)
	req := request("north")
	req.Snap = 0.02
	mustImport(t, db.Store, survey(t, "EPSG:4550", plots[:18]...), req)
	const stored = `SELECT md5(string_agg(ST_AsEWKB(geom)::text, '' ORDER BY code)) FROM parcel_version
		WHERE code < 'P03' AND to_seq IS NULL`
	before := storetest.Number[string](t, db, stored)
	late := mustImport(t, db.Store, survey(t, "EPSG:4550", plots[18:]...), req)
	if after := storetest.Number[string](t, db, stored); after != before {
		t.Error("live parcels changed")
	}
	if late.Snapped.Changed == 0 || late.OverlapCount != 0 {
		t.Errorf("%+v, %d overlaps", late.Snapped, late.OverlapCount)
	}
	// A node on a live edge can't be put there by an import: it is within the grid of that edge.
	var n, holes, pairs int
	var shared float64
	if _, err := fmt.Sscan(storetest.Number[string](t, db, judge, "north"), &n, &holes, &pairs, &shared); err != nil ||
		n != 36 || shared > 0.05 {
		t.Errorf("%d parcels, %d holes, %d pairs, %f millionths shared", n, holes, pairs, shared)
	}
	if wide := storetest.Number[float64](t, db, `
WITH u AS (SELECT ST_Union(ST_Transform(geom, 4550)) AS g FROM parcel_version WHERE to_seq IS NULL)
SELECT coalesce(max(ST_Area(ST_MakePolygon(ST_InteriorRingN(d.geom, i))) * 2 /
       ST_Perimeter(ST_MakePolygon(ST_InteriorRingN(d.geom, i)))), 0)
  FROM u CROSS JOIN LATERAL ST_Dump(u.g) d CROSS JOIN LATERAL generate_series(1, ST_NumInteriorRings(d.geom)) i`); wide >
		0.0003 {
		t.Errorf("a gap of %f m stayed", wide)
	}
	for _, f := range late.Flaws {
		if f.Kind != coverage.TJunction || f.WidthM > 0.0003 || !slices.Contains(f.Rows, 0) {
			t.Errorf("left: %+v", f)
		}
	}
}

func TestSnapTellsWhatWhereAndWhatNot(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := survey(t, "EPSG:4550", box("A", 0, 0, 100, 80), box("B", 100.005, 0, 100, 80),
		box("thin", 300, 0, 0.015, 100),
		box("beside", 300.015, 0, 50, 100), box("far", 500, 0, 50, 100), box("wide", 550.3, 0, 50, 100))
	req := request("north")
	report := mustImport(t, db.Store, path, req)
	i := slices.IndexFunc(report.Flaws, func(f intake.Flaw) bool { return slices.Equal(f.Codes, []string{"A", "B"}) })
	if i < 0 {
		t.Fatalf("the gap isn't told: %+v", report.Flaws)
	}
	gap := report.Flaws[i]
	var x, y float64
	if err := db.Owner.QueryRow(t.Context(), `SELECT ST_X(p), ST_Y(p) FROM
		ST_Transform(ST_SetSRID(ST_MakePoint($1, $2), 4490), 4550) p`, gap.At[0], gap.At[1]).Scan(&x, &y); err != nil {
		t.Fatal(err)
	}
	if gap.Kind != coverage.Gap || math.Abs(gap.WidthM-0.005) > 0.0003 || math.Abs(gap.AreaM2-0.4) > 0.02 || gap.Wide ||
		!slices.Equal(gap.Rows, []int64{1, 2}) || math.Abs(x-storetest.EastM-100) > 0.001 {
		t.Errorf("%+v at %f %f", gap, x, y)
	}
	if report.FlawCounts["gap"] != 1 || report.FlawCounts["gap_wide"] != 1 {
		t.Errorf("counts %v", report.FlawCounts)
	}
	db = storetest.New(t)
	req.Snap = 0.02
	report = mustImport(t, db.Store, path, req)
	if s := report.Snapped; s.Changed != 1 || s.Parcels[0].Code != "B" || s.LeftCount != 1 ||
		s.Left[0].Code != "thin" ||
		s.Left[0].Why != coverage.Collapses {
		t.Errorf("%+v", report.Snapped)
	}
	if report.MendedCounts["gap"] != 1 || report.FlawCounts["gap_wide"] != 1 || report.FlawCounts["gap"] != 0 {
		t.Errorf("mended %v, left %v", report.MendedCounts, report.FlawCounts)
	}
	if legal := storetest.Number[string](t, db, `SELECT legal_m2::text FROM parcel_version WHERE code = 'B'`); legal !=
		"8000.0000" {
		t.Errorf("the legal area of B became %s", legal)
	}
	if text, err := json.Marshal(report.Mended[0]); err != nil || !strings.Contains(string(text), `"at":[122.`) {
		t.Errorf("%s, %v", text, err)
	}
}

func fieldOf(err error) string {
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		return invalid.Field
	}
	return ""
}

// The same file again, snapped again, changes nothing: rows are compared with the park as they are brought together, and
// the parcels that the file draws don't count as neighbours of themselves. A file that comes changed corrects.
func TestAnUpdateSnappedAgainChangesNothing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	plots := shaken(rand.New(rand.NewPCG(5, 6)), 5, 4, 0.009)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("beside", -300, 0, 50, 50)), request("north"))
	path := survey(t, "EPSG:4550", plots...)
	req := updating()
	req.Snap, req.Widen = 0.02, true
	first := mustImport(t, db.Store, path, req)
	if first.Made != 20 || first.Snapped.Changed == 0 {
		t.Fatalf("%s, %+v", counted(first), first.Snapped)
	}
	before := contents(t, db)
	again, err := importFile(t, db.Store, path, req)
	if err != nil || again.Written || again.Unchanged != 20 || again.Snapped.Changed != first.Snapped.Changed ||
		again.Snapped.GreatestMoveM != first.Snapped.GreatestMoveM {
		t.Errorf("error %v, %s, changes %+v, snapped %d as %d", err, counted(again), again.Changes,
			again.Snapped.Changed,
			first.Snapped.Changed)
	}
	if after := contents(t, db); after != before {
		t.Error("it wrote")
	}
	// what goes is no neighbour to anybody: a parcel that the file draws 8 mm beside where it was goes there
	moved := slices.Clone(plots)
	moved = append(moved, box("beside", -300.008, 0, 50, 50))
	report, err := importFile(t, db.Store, survey(t, "EPSG:4550", moved...), req)
	if got := counted(report); err != nil || got != "0/1/20/0/0" || report.Changes[0].Code != "beside" {
		t.Errorf("error %v, %s, %+v", err, got, report.Changes)
	}
	if west := storetest.Number[float64](t, db, `SELECT ST_XMin(ST_Transform(geom, 4550)) FROM parcel_version
		WHERE code = 'beside' AND to_seq IS NULL`); math.Abs(west-(storetest.EastM-300.008)) > 0.001 {
		t.Errorf("it lies at %f", west)
	}
}

func TestSnapIsBounded(t *testing.T) {
	t.Parallel()
	for _, snap := range []float64{-1, 0.0009, 0.51, math.NaN(), math.Inf(1)} {
		req := request("north")
		req.Snap = snap
		if err := req.Check(); fieldOf(err) != "snap" {
			t.Errorf("%v: %v", snap, err)
		}
	}
	req := request("north")
	req.Snap, req.Layer = 0.02, "zones"
	if err := req.Check(); fieldOf(err) != "snap" {
		t.Errorf("zones: %v", err)
	}
}

// The legal area is what the survey's own coordinates measure, before any rounding: where the file is in the plane of
// the survey, with the zone's number before its eastings or without.
func TestLegalAreaIsTheSurveysOwn(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("strip", 0, 0, 1000, 1.5)), request("north"))
	prefixed := `{"type":"Polygon","coordinates":[[[41414000,4124100],[41415000,4124100],[41415000,4124101.5],[41414000,4124101.5],[41414000,4124100]]]}`
	mustImport(t, db.Store, survey(t, "EPSG:4529", plot{map[string]any{"code": "prefixed"}, prefixed}),
		request("north"))
	for _, code := range []string{"strip", "prefixed"} {
		if legal := storetest.Number[string](t, db, `SELECT legal_m2::text FROM parcel_version WHERE code = $1`,
			code); legal !=
			"1500.0000" {
			t.Errorf("%s: %s m²", code, legal)
		}
	}
	geom := storetest.Number[string](t, db, `SELECT ST_AsGeoJSON(ST_Transform(ST_MakeEnvelope(414000, 4124200, 415000,
		4124201.5, 4550), 4326), 12, 0)`)
	mustImport(t, db.Store, survey(t, "", plot{map[string]any{"code": "degrees"}, geom}), request("north"))
	if same := storetest.Number[bool](t, db, `SELECT legal_m2 = round(computed_m2::numeric, 4) FROM parcel_version
		WHERE code = 'degrees'`); !same {
		t.Error("of degrees the legal area is not the computed one")
	}
}

func TestImportTellsRepeatedPoints(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ring := polygon([][2]float64{{0, 0}, {100, 0}, {100, 0}, {100, 80}, {0, 80}, {0, 0}})
	report := mustImport(t, db.Store, survey(t, "EPSG:4550", plot{map[string]any{"code": "R"}, ring}), request("north"))
	if len(report.Flaws) != 1 || report.FlawCounts["duplicate"] != 1 || report.Flaws[0].Codes[0] != "R" ||
		math.Abs(report.Flaws[0].At[0]-122.0318) > 0.001 {
		t.Errorf("%+v", report.Flaws)
	}
}

// A file of more points than are held is taken as before: its flaws are not looked for, and it is not snapped. Its
// overlaps are found by a sweep over the rows, and where that would hold too many points by the database alone.
func TestImportOfMorePointsThanAreHeld(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := survey(t, "EPSG:4550", box("A", 0, 0, 100, 80), box("B", 99, 0, 100, 80), box("C", 199.005, 0, 100, 80))
	for i, most := range []int64{14, 9} {
		req := request(fmt.Sprintf("north-%d", i))
		req.SkipRefused, req.DryRun = true, i == 0
		req.DrawAtMost(most)
		report, err := importFile(t, db.Store, path, req)
		if err != nil || !report.FlawsUnchecked || report.OverlapCount != 1 || report.Acceptable != 2 ||
			len(report.Flaws) > 0 {
			t.Errorf("held %d: error %v, %+v", most, err, report)
		}
		req.Snap = 0.02
		if _, err := importFile(t, db.Store, path, req); fieldOf(err) != "snap" {
			t.Errorf("snapped: %v", err)
		}
	}
}

// The three ways to look for overlaps find the same.
func TestOverlapsAreFoundInThreeWays(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	random := rand.New(rand.NewPCG(1, 2))
	var boxes []plot
	for i := range 400 {
		boxes = append(boxes, box(fmt.Sprint("P", i), float64(random.IntN(20_000))/10, float64(random.IntN(20_000))/10,
			20+float64(random.IntN(1500))/10, 20+float64(random.IntN(1500))/10))
	}
	path := survey(t, "EPSG:4550", boxes...)
	var held []intake.Overlap
	for i, most := range []int64{0, 400, 20} { // a line from north to south crosses some 20 boxes
		req := request("north")
		req.SkipRefused, req.DryRun = true, true
		req.DrawAtMost(most)
		report, err := importFile(t, db.Store, path, req)
		if err != nil || report.OverlapCount < 300 {
			t.Fatalf("held %d: error %v, %d overlaps", most, err, report.OverlapCount)
		}
		if i == 0 {
			held = report.Overlaps
		} else if diff := cmp.Diff(held, report.Overlaps); diff != "" {
			t.Errorf("held %d: %s", most, diff)
		}
	}
}
