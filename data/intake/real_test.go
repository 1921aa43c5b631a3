package intake_test

import (
	"encoding/json"
	"errors"
	"math"
	"os/exec"
	"testing"

	"luodi/data/intake"
	"luodi/data/store/storetest"
)

// sliver is the row of a parcel of 0.37 m², under the least area of a parcel.
const sliver = 541

// The cadastre of a French village, 851 parcels: 36 pairs overlap by more than 0.01 m², the largest by 316 m². PostGIS,
// asked directly about the file's own coordinates, is the oracle of which.
func TestImportOfARealCadastre(t *testing.T) {
	t.Parallel()
	path := storetest.Shared(t, "data/real/parcel.gpkg")
	db := storetest.New(t)
	report, err := importFile(t, db.Store, path, request("lambert"))
	if !errors.Is(err, intake.ErrImportRefused) || report.Written || contents(t, db) != "0 0 0 0 0 0 0 0 0 0" {
		t.Fatalf("error %v, written %v, tables %s", err, report.Written, contents(t, db))
	}
	if report.Read != 851 || report.OverlapCount != 36 || len(report.Overlaps) != 36 ||
		report.CodeField != "SECTION+NUMERO" || report.SurveyCRS != "EPSG:2154" {
		t.Errorf("read %d, %d pairs, codes from %s, surveyed in %s", report.Read, report.OverlapCount,
			report.CodeField, report.SurveyCRS)
	}
	if most := report.Overlaps[0]; math.Abs(most.M2-316.441) > 0.01 || most.Code != "0A0040" ||
		most.OtherCode != "0B0364" {
		t.Errorf("the largest is %+v", most)
	}
	beyond := map[int64]bool{}
	for _, o := range report.Overlaps {
		if o.M2 <= 0.01 || o.Row == 0 || o.Row >= o.OtherRow || o.Code == "" || o.OtherCode == "" ||
			o.WithinLimits != (o.M2 <= o.ToleranceM2) {
			t.Errorf("pair %+v", o)
		}
		if !o.WithinLimits {
			beyond[o.OtherRow] = true
		}
	}
	refused := refusalsOf(report)
	if refused[sliver] != "too_small" || beyond[sliver] {
		t.Errorf("the parcel of 0.37 m² is refused as %q, pair %v", refused[sliver], beyond[sliver])
	}
	delete(refused, sliver)
	for row := range refused {
		if !beyond[row] {
			t.Errorf("row %d is refused and is the later of no pair", row)
		}
	}
	req := request("lambert")
	req.SkipRefused = true
	taken, err := importFile(t, db.Store, path, req)
	if err != nil || taken.Taken+taken.Refused != 851 || taken.Taken != report.Acceptable {
		t.Fatalf("error %v, took %d, refused %d", err, taken.Taken, taken.Refused)
	}
	compareWithGDAL(t, db, path)
}

// compareWithGDAL compares each parcel that was taken, and their sum, with the area that ogr2ogr measures of the
// file's.
func compareWithGDAL(t *testing.T, db *storetest.DB, path string) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not here:", err)
	}
	out, err := exec.Command("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", path, "-dialect", "OGRSQL", "-sql",
		"SELECT SECTION, NUMERO, OGR_GEOM_AREA AS m2 FROM parcel").Output()
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []struct {
			Properties struct {
				Section, Numero string
				M2              float64
			}
		}
	}
	if err := json.Unmarshal(out, &file); err != nil || len(file.Features) != 851 {
		t.Fatalf("ogr2ogr gave %d features, error %v", len(file.Features), err)
	}
	theirs := map[string]float64{}
	for _, f := range file.Features {
		theirs[f.Properties.Section+f.Properties.Numero] = f.Properties.M2
	}
	var code string
	var ours, sum, want float64
	rows, err := db.Owner.Query(t.Context(), `SELECT code, computed_m2 FROM parcel_version`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&code, &ours); err != nil {
			t.Fatal(err)
		}
		if math.Abs(ours-theirs[code]) > 0.001*theirs[code]+0.01 {
			t.Errorf("%s: %f m², ogr2ogr measures %f", code, ours, theirs[code])
		}
		sum, want = sum+ours, want+theirs[code]
	}
	if rows.Err() != nil || want == 0 || math.Abs(sum-want) > 0.001*want {
		t.Errorf("together %f m², ogr2ogr %f, error %v", sum, want, rows.Err())
	}
}

func TestImportOfRealRoadsAndZones(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	roads := request("lambert")
	roads.Layer = "networks"
	roads.Constants = map[string]string{"kind": "road", "grade": "branch"}
	roads.Fields = map[string]string{"width_m": "LARGEUR", "name_zh": "NATURE"}
	report := mustImport(t, db.Store, storetest.Shared(t, "data/real/road.gpkg"), roads)
	if report.Taken != 182 || report.FlattenedRows != 182 || report.SourceLayer != "roadSS" {
		t.Errorf("report %+v", report)
	}
	zones := request("lambert")
	zones.Layer, zones.SkipRefused = "zones", true
	report, err := importFile(t, db.Store, storetest.Shared(t, "data/real/zoning.gpkg"), zones)
	if err != nil || report.Taken != 25 || refusalsOf(report)[20] != "empty_geometry" {
		t.Errorf("error %v, took %d, refused %v", err, report.Taken, refusalsOf(report))
	}
}

// Of the same village, brought together within 5 cm: nothing goes farther, what is narrower than that is gone, what is
// wider stays and is told, and mended again nothing changes.
func TestSnapOfARealCadastre(t *testing.T) {
	t.Parallel()
	path := storetest.Shared(t, "data/real/parcel.gpkg")
	db := storetest.New(t)
	req := request("lambert")
	req.SkipRefused = true
	before, err := importFile(t, db.Store, path, req)
	if err != nil {
		t.Fatal(err)
	}
	db = storetest.New(t)
	req.Snap = 0.05
	report, err := importFile(t, db.Store, path, req)
	if err != nil || report.Taken < before.Taken {
		t.Fatalf("error %v, took %d, without snapping %d", err, report.Taken, before.Taken)
	}
	s := report.Snapped
	if s.Changed == 0 || s.GreatestMoveM > 0.05 || s.LeftCount != 0 || len(report.Mended) == 0 {
		t.Errorf("snapped %+v", s)
	}
	for _, f := range report.Flaws {
		if !f.Wide {
			t.Errorf("left within the tolerance: %+v", f)
		}
	}
	if report.FlawCounts["overlap_wide"] == 0 || report.FlawCounts["gap_wide"] == 0 {
		t.Errorf("flaws %v", report.FlawCounts)
	}
	t.Logf("%d taken of 851 (%d without) in %.2f s (%.2f s without), %d changed, greatest move %.4f m; mended %v; left %v",
		report.Taken, before.Taken, report.Seconds, before.Seconds, s.Changed, s.GreatestMoveM, report.MendedCounts,
		report.FlawCounts)
}
