package intake_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"luodi/data/intake"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// twoPeople are accounts, of which the first asks.
func twoPeople(t *testing.T, db *storetest.DB) uuid.UUID {
	t.Helper()
	who := uuid.New()
	storetest.Alter(t, db,
		`INSERT INTO account (account_id, login, name) VALUES ($1, 'asks', 'Asks'), ($2, 'second', 'Second')`,
		who, uuid.New())
	return who
}

// liveCodes are those of the live parcels, and how many orders are open.
func liveCodes(t *testing.T, db *storetest.DB) string {
	t.Helper()
	return storetest.Number[string](t, db, `SELECT concat_ws(' ', string_agg(code, ' ' ORDER BY code),
		(SELECT count(*) FROM proposal)) FROM parcel_version WHERE to_seq IS NULL`)
}

// An order names as many parcels as an order may, no more.
func TestWhatIsMissingIsNoLongerThanAnOrder(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	who := twoPeople(t, db)
	var plots []plot
	for i := range 502 {
		plots = append(plots, box(fmt.Sprintf("P%03d", i), float64(i%25)*10, float64(i/25)*10, 10, 10))
	}
	mustImport(t, db.Store, survey(t, "EPSG:4550", plots...), request("north"))
	req := updating()
	req.RetireMissing, req.By = true, who
	_, err := importFile(t, db.Store, survey(t, "EPSG:4550", plots[0]), req)
	if f := fileFault(t, err); f.Code != "retires_many" || f.Field != "retire_missing" || f.Expected != "500" ||
		f.Got != "501" {
		t.Errorf("501 are missing: %+v", f)
	}
	if n := storetest.Number[int](t, db, `SELECT count(*) FROM proposal`); n != 0 {
		t.Errorf("%d orders", n)
	}
	report, err := importFile(t, db.Store, survey(t, "EPSG:4550", plots[0], plots[1]), req)
	if err != nil || report.Proposed != 500 || report.Proposal == nil {
		t.Errorf("500 are missing: %+v, %v", report, err)
	}
}

// A row that is refused may be the parcel that the file seems to miss: as long as there is one nothing is retired, nor
// proposed for it, whoever asks and whether the row came to the database or not.
func TestNothingIsRetiredBesideARowThatIsRefused(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	who := twoPeople(t, db)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 200, 0, 100, 100)),
		request("north"))
	line := plot{map[string]any{"code": "B1"},
		`{"type":"LineString","coordinates":[[414200,4124000],[414300,4124000]]}`}
	for name, row := range map[string]plot{
		"early": line,
		"late":  box("B1", 200, 0, 100, 100).with("land_use", "nonsense"),
		"lies":  box("B1", 90_000, 0, 100, 100),
	} {
		for _, by := range []uuid.UUID{uuid.Nil, who} {
			req := updating()
			req.RetireMissing, req.SkipRefused, req.By = true, true, by
			report, err := importFile(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 90), row), req)
			if !errors.Is(err, intake.ErrImportRefused) || report.Refused != 1 || report.MissingCount != 1 ||
				report.Proposed != 0 {
				t.Errorf("%s, by %s: %v, refused %v, missing %+v, proposed %d", name, by, err, refusalsOf(report),
					report.Missing, report.Proposed)
			}
			if live := liveCodes(t, db); live != "A B 0" {
				t.Fatalf("%s, by %s: left are %s", name, by, live)
			}
		}
	}
}

// An account retires nothing by itself, and where there is nobody else not even an order is kept.
func TestAnAccountAloneRetiresNothing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 200, 0, 100, 100)),
		request("north"))
	who := uuid.New()
	storetest.Alter(t, db, `INSERT INTO account (account_id, login, name) VALUES ($1, 'asks', 'Asks')`, who)
	req := updating()
	req.RetireMissing, req.By = true, who
	path := survey(t, "EPSG:4550", box("A", 0, 0, 100, 90))
	if report, err := importFile(t, db.Store, path, req); err == nil || report.Written {
		t.Errorf("with nobody to approve: %+v, %v", report, err)
	}
	if live := liveCodes(t, db); live != "A B 0" {
		t.Errorf("left are %s", live)
	}
	storetest.Alter(t, db, `INSERT INTO account (account_id, login, name) VALUES ($1, 'second', 'Second')`, uuid.New())
	report, err := importFile(t, db.Store, path, req)
	if err != nil || report.Retired != 0 || report.Proposed != 1 || report.Proposal == nil ||
		liveCodes(t, db) != "A B 1" {
		t.Errorf("with somebody: %+v, %v, left are %s", report, err, liveCodes(t, db))
	}
}

// What is missing is minded by an update, and orders are of parcels alone.
func TestWhatIsMissingIsAskedOfUpdates(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*intake.ImportRequest){
		"retire-missing": func(r *intake.ImportRequest) { r.Update = false },
		"retire_missing": func(r *intake.ImportRequest) { r.Layer, r.By = "zones", uuid.New() },
	} {
		req := updating()
		req.RetireMissing = true
		change(&req)
		var invalid *geo.Invalid
		if err := req.Check(); !errors.As(err, &invalid) || invalid.Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A row that never came to the database keeps its parcel from being missing, and land that is held keeps its ground.
func TestWhatARefusedRowNamesIsNotMissing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("B", 200, 0, 100, 100)), request("north"))
	line := plot{map[string]any{"code": "B"}, `{"type":"LineString","coordinates":[[414200,4124000],[414300,4124000]]}`}
	req := updating()
	req.RetireMissing, req.SkipRefused = true, true
	report, err := importFile(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 90), line), req)
	if !errors.Is(err, intake.ErrImportRefused) || report.MissingCount != 0 || refusalsOf(report)[2] == "" {
		t.Errorf("%v, missing %+v, refused %v", err, report.Missing, refusalsOf(report))
	}

	park := storetest.Number[uuid.UUID](t, db, `SELECT park_id FROM park`)
	held := storetest.Number[uuid.UUID](t, db, `SELECT parcel_id FROM parcel_version WHERE code = 'B'`)
	storetest.Allot(t, db, park, storetest.Project(t, db, park, "P", true), "hold", held)
	report, err = importFile(t, db.Store, survey(t, "EPSG:4550", box("A", 0, 0, 100, 100), box("N", 200, 0, 50, 50)), req)
	if got := refusalsOf(report)[2]; !errors.Is(err, intake.ErrImportRefused) || got != "overlap_live" || report.Held != 1 {
		t.Errorf("on held land: %v, %q, held %d", err, got, report.Held)
	}
	if live := liveCodes(t, db); live != "A B 0" {
		t.Errorf("left are %s", live)
	}
}
