package api_test

import (
	"context"
	"math"
	"net/http"
	"strings"
	"testing"
)

// onGround asks for a surface whose cells are clipped to the ground.
func onGround(question string) string {
	return strings.TrimSuffix(question, "}") + `,"outline":"ground"}`
}

// TestClippedCellsKeepToTheFreeGround has PostGIS judge the cells of questions for parcels, lots and sets: together
// they lie on free ground, no two of them on the same, and cells of parcels alone have the area that their coverage
// says. All else is as in whole hexagons.
func TestClippedCellsKeepToTheFreeGround(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	const edge = 60.0
	cellM2 := 1.5 * math.Sqrt(3) * edge * edge
	for name, question := range map[string]string{
		"parcels": `{` + aMakerOfParts + `}`,
		"lots": `{"park":"carbon-fibre","lots":{"frontage_m":80,"alternatives":5},"requirement":{"partners":[{"node":"prepreg","weight":3}],
			"criteria":[{"measure":"area_mu","min":19.9,"max":20.1,"want":"target","target":20,"weight":1}]}}`,
		"lots and sets": `{"park":"carbon-fibre","lots":{"frontage_m":60},"assemblies":{"most":5,"reserve":true},
			"requirement":{"chain_node":"parts","criteria":[{"measure":"area_mu","min":30,"max":60,"want":"target","target":40,
			"weight":1}]}}`,
		"a wish":         `{` + aMakerOfParts + `,"by":"partner_prepreg_m"}`,
		"a gap":          `{"park":"carbon-fibre","chain_node":"precursor"}`,
		"the district":   `{"chain_node":"precursor"}`,
		"nothing to see": `{"park":"carbon-fibre","requirement":{"criteria":[{"measure":"area_mu","min":90000}]}}`,
	} {
		whole, cut := h.ask("/api/heat", http.StatusOK, question), h.ask("/api/heat", http.StatusOK, onGround(question))
		hexagons, cells := whole["features"].([]any), cut["features"].([]any)
		if len(hexagons) != len(cells) || whole["least"] != cut["least"] || whole["most"] != cut["most"] {
			t.Fatalf("%s: %d hexagons, %d clipped; from %v to %v and %v to %v", name, len(hexagons), len(cells),
				whole["least"], whole["most"], cut["least"], cut["most"])
		}
		shapes := make([]string, len(cells))
		for i, f := range cells {
			shapes[i] = mustJSON(at(f, "geometry"))
			if mustJSON(at(f, "properties")) != mustJSON(at(hexagons[i], "properties")) ||
				at(f, "id") != at(hexagons[i], "id") {
				t.Fatalf("%s: cell %d is %v, clipped %v", name, i, hexagons[i], f)
			}
		}
		if len(shapes) == 0 {
			continue
		}
		areas, sum, united, beyond := h.judge(shapes)
		for i := range cells {
			said := at(cells[i], "properties", "coverage").(float64) * cellM2
			if !strings.HasPrefix(name, "lots") && math.Abs(areas[i]-said) > .0001*cellM2+.5 {
				t.Errorf("%s: cell %d has %v m², its coverage says %v", name, i, areas[i], said)
			}
			if areas[i] <= 0 || areas[i] > cellM2+.5 {
				t.Errorf("%s: cell %d has %v m²", name, i, areas[i])
			}
		}
		if beyond > 1 || math.Abs(sum-united) > 1 {
			t.Errorf("%s: %v m² off the free ground; cells of %v m² cover %v", name, beyond, sum, united)
		}
		t.Logf("%s: %d cells, %.0f m², %.3f m² beyond the ground", name, len(cells), sum, beyond)
	}
	p := h.ask("/api/heat", http.StatusUnprocessableEntity, `{"chain_node":"parts","outline":"square"}`)
	if got, _ := p["field"].(string); !strings.HasSuffix(got, "outline") {
		t.Errorf("an unknown outline is refused at %v", p["field"])
	}
}

// judge gives the areas of shapes of GeoJSON in the survey plane, their sum, that of their union, and how much of the
// union lies beside the free public ground.
func (h *house) judge(shapes []string) (areas []float64, sum, united, beyond float64) {
	h.t.Helper()
	const sql = `
WITH cell AS (SELECT ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(g), 4490), 4550) AS geom, n
       FROM unnest($1::text[]) WITH ORDINALITY AS u(g, n)),
     free AS (SELECT ST_Union(ST_Transform(geom, 4550)) AS geom FROM parcel_public
       WHERE to_seq IS NULL AND status IN ('available', 'reserve')),
     all_of AS (SELECT ST_Union(geom, 0.0001) AS geom FROM cell)
SELECT (SELECT array_agg(ST_Area(geom) ORDER BY n) FROM cell), (SELECT sum(ST_Area(geom)) FROM cell),
       ST_Area(all_of.geom), ST_Area(ST_Difference(all_of.geom, free.geom)) FROM all_of, free`
	if err := h.db.Owner.QueryRow(context.Background(), sql, shapes).Scan(&areas, &sum, &united, &beyond); err != nil {
		h.t.Fatal(err)
	}
	return areas, sum, united, beyond
}
