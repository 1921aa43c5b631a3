package api_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// TestThePageMeasuresWhatPostGISMeasures holds the figures that the page's own formulas are tested against
// (web/src/core/geodesic.test.ts) to PostGIS's geography on CGCS2000.
func TestThePageMeasuresWhatPostGISMeasures(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	text, err := os.ReadFile("../web/src/core/measured.json")
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Name string       `json:"name"`
		At   [][2]float64 `json:"at"`
		M    float64      `json:"m"`
		M2   float64      `json:"m2"`
	}
	var all struct{ Lines, Rings []row }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	measure := func(function string, geometry object) (figure float64) {
		t.Helper()
		sql := "SELECT " + function + "(ST_SetSRID(ST_GeomFromGeoJSON($1), 4490)::geography)"
		if err := h.db.Owner.QueryRow(context.Background(), sql, mustJSON(geometry)).Scan(&figure); err != nil {
			t.Fatal(err)
		}
		return figure
	}
	for _, r := range all.Lines {
		m := measure("ST_Length", object{"type": "LineString", "coordinates": r.At})
		if math.Abs(m-r.M) > 1e-4 {
			t.Errorf("%s: %v m, PostGIS says %v", r.Name, r.M, m)
		}
	}
	for _, r := range all.Rings {
		ring := append(r.At[:len(r.At):len(r.At)], r.At[0])
		m2 := measure("ST_Area", object{"type": "Polygon", "coordinates": [][][2]float64{ring}})
		if math.Abs(m2-r.M2) > 1e-2 {
			t.Errorf("%s: %v m², PostGIS says %v", r.Name, r.M2, m2)
		}
	}
	if len(all.Lines) < 5 || len(all.Rings) < 4 {
		t.Errorf("%d lines and %d rings are too few", len(all.Lines), len(all.Rings))
	}
}
