package intake_test

import (
	"errors"
	"maps"
	"math"
	"strings"
	"testing"

	"luodi/data/intake"
	"luodi/data/store/storetest"
)

// Rows outside the border of a park that exists are refused with how far, or widen it in the same record when that is
// asked for.
func TestImportKeepsToTheBorderUnlessItIsToWiden(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100)), request("north"))
	path := survey(t, "EPSG:4550", box("B", 50, 100, 100, 100), box("C", 100, 0, 40, 100))
	req := request("north")
	req.Widen = false
	report, err := importFile(t, db.Store, path, req)
	if !errors.Is(err, intake.ErrImportRefused) || !maps.Equal(refusalsOf(report),
		map[int64]string{1: "outside_park", 2: "outside_park"}) {
		t.Fatalf("%v: refused %v", err, refusalsOf(report))
	}
	if got := report.Refusals[1].Fault.Got; !strings.HasPrefix(got, "4000.") && !strings.HasPrefix(got, "3999.") ||
		!strings.Contains(got, "m², 40.00 m") {
		t.Errorf("how far outside is told as %q", got)
	}
	req.Widen, req.DryRun = true, true
	dry, err := importFile(t, db.Store, path, req)
	if err != nil || dry.Widened == nil {
		t.Fatalf("%v: %+v", err, dry.Widened)
	}
	req.DryRun = false
	done := mustImport(t, db.Store, path, req)
	if w := done.Widened; w == nil || w.Rows != 2 || math.Abs(w.M2-14_000) > 0.1 || *w != *dry.Widened ||
		w.Box[0] < 122.0 || w.Box[2]-w.Box[0] > 0.002 {
		t.Errorf("widened by %+v", done.Widened)
	}
	if m2 := storetest.Number[float64](t, db, `SELECT computed_m2 FROM park_public`); math.Abs(m2-24_000) > 0.5 {
		t.Errorf("the public reads a park of %f m²", m2)
	}
	if n := storetest.Number[int](t, db, `SELECT count(*) FROM park_border b JOIN record r USING (park_id, seq)
		WHERE r.kind = 'import'`); n != 1 {
		t.Errorf("%d records widened the border", n)
	}
	for name, c := range map[string]struct {
		plot plot
		want string
	}{
		"a parcel of less than a square metre": {box("D", 10, 150, 0.9, 1), "too_small"},
		"a row on the park's own ground":       {box("E", 10, 10, 10, 10), "overlap_live"},
	} {
		report, err := importFile(t, db.Store, survey(t, "EPSG:4550", c.plot), req)
		if !errors.Is(err, intake.ErrImportRefused) || refusalsOf(report)[1] != c.want {
			t.Errorf("%s: %v, refused %v, want %s", name, err, refusalsOf(report), c.want)
		}
	}
}

// Rows on ground that another park holds are refused with that park's name, in a park that is new and in one that
// exists, whatever its plane.
func TestImportRefusesGroundThatAnotherParkHolds(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 100, 0, 100, 100)),
		request("north"))
	hidden := request("north")
	hidden.Publication = "internal"
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("H", 200, 0, 100, 100)), hidden)
	path := survey(t, "EPSG:4550", box("X", 50, 50, 100, 100), box("Y", 250, 50, 100, 20),
		box("Z", 0, 100.0001, 50, 50))
	for range 2 {
		req := request("south")
		req.SkipRefused = true
		report, err := importFile(t, db.Store, path, req)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int64]string{1: "overlap_park", 2: "overlap_park"}
		if report.Seq == 1 {
			if !maps.Equal(refusalsOf(report), want) || report.Refusals[0].Fault.Field != "north A" &&
				report.Refusals[0].Fault.Field != "north B" || report.Refusals[1].Fault.Field != "north" {
				t.Errorf("refused %+v", report.Refusals)
			}
		}
		path = survey(t, "EPSG:4550", box("X", 50, 50, 100, 100), box("Y", 250, 50, 100, 20),
			box("W", 0, 150.0001, 50, 50))
	}
	if n := storetest.Number[int](t, db,
		`SELECT count(*) FROM parcel_version v JOIN park p USING (park_id) WHERE p.code = 'south'`); n != 2 {
		t.Errorf("%d parcels in the second park, want 2", n)
	}
}
