package intake_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

// plot is one feature of a test file, its geometry as GeoJSON.
type plot struct {
	props map[string]any
	geom  string
}

// box is a parcel of w × h metres with its lower left corner at x, y from the corner of the land.
func box(code string, x, y, w, h float64) plot {
	return plot{map[string]any{"code": code}, polygon([][2]float64{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h},
		{x, y}})}
}

// with adds an attribute.
func (p plot) with(name string, value any) plot {
	props := map[string]any{name: value}
	for k, v := range p.props {
		if k != name {
			props[k] = v
		}
	}
	return plot{props, p.geom}
}

func polygon(ring [][2]float64) string {
	points := make([]string, len(ring))
	for i, p := range ring {
		points[i] = fmt.Sprintf("[%.7f,%.7f]", storetest.EastM+p[0], storetest.NorthM+p[1])
	}
	return `{"type":"Polygon","coordinates":[[` + strings.Join(points, ",") + `]]}`
}

// survey writes plots as GeoJSON in a system; "" leaves it out.
func survey(t testing.TB, crs string, plots ...plot) string {
	t.Helper()
	features := make([]string, len(plots))
	for i, p := range plots {
		props, err := json.Marshal(p.props)
		if err != nil {
			t.Fatal(err)
		}
		features[i] = fmt.Sprintf(`{"type":"Feature","properties":%s,"geometry":%s}`, props, p.geom)
	}
	head := `{"type":"FeatureCollection",`
	if crs != "" {
		head += `"crs":{"type":"name","properties":{"name":"` + crs + `"}},`
	}
	path := filepath.Join(t.TempDir(), "survey.geojson")
	if err := os.WriteFile(path, []byte(head+`"features":[`+strings.Join(features, ",\n")+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// request lets the border grow: most tests bring land in piece by piece.
func request(park string) intake.ImportRequest {
	return intake.ImportRequest{Park: park, Layer: "parcels", Publication: "public", Reason: "test", Via: "test",
		Document: "survey.geojson", Widen: true}
}

// importFile imports with what the caller changes of the plain request.
func importFile(t testing.TB, s *store.Store, path string, req intake.ImportRequest) (intake.ImportReport, error) {
	t.Helper()
	return importWith(context.Background(), t, s, path, req, nil)
}

func importWith(ctx context.Context, t testing.TB, s *store.Store, path string, req intake.ImportRequest,
	progress func(done, total int64)) (intake.ImportReport, error) {
	t.Helper()
	reader, err := file.Open(ctx, path, file.Options{CRS: req.CRS})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}()
	return intake.Of(s).Import(ctx, req, reader, progress)
}

// mustImport is importFile where nothing may be wrong.
func mustImport(t testing.TB, s *store.Store, path string, req intake.ImportRequest) intake.ImportReport {
	t.Helper()
	report, err := importFile(t, s, path, req)
	if err != nil || !report.Written || report.Taken != report.Read {
		t.Fatalf("import: error %v, report %+v", err, report)
	}
	return report
}

// refusalsOf is row → code of its fault.
func refusalsOf(r intake.ImportReport) map[int64]string {
	codes := map[int64]string{}
	for _, refusal := range r.Refusals {
		codes[refusal.Row] = refusal.Fault.Code
	}
	return codes
}

func fileFault(t testing.TB, err error) file.Fault {
	t.Helper()
	var fault *file.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("want a fault of the file, got %v", err)
	}
	return *fault
}

// contents counts the rows of every table that an import may write.
func contents(t testing.TB, db *storetest.DB) string {
	t.Helper()
	var counts string
	err := db.Owner.QueryRow(context.Background(), `
SELECT concat_ws(' ', (SELECT count(*) FROM district), (SELECT count(*) FROM park),
       (SELECT coalesce(sum(seq), 0) FROM park_clock), (SELECT count(*) FROM record),
  (SELECT count(*) FROM parcel), (SELECT count(*) FROM parcel_version), (SELECT count(*) FROM parcel_public),
    (SELECT count(*) FROM zone_version),
  (SELECT count(*) FROM plan_unit_version), (SELECT count(*) FROM network_version))`).Scan(&counts)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}
