package api_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

func TestHeatIsAHoneycombOfTheSameScores(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	heat := h.ask("/api/heat", http.StatusOK, `{`+aMakerOfParts+`, "edge_m": 40}`)
	answer := h.ask("/api/match", http.StatusOK, `{`+aMakerOfParts+`, "top": 500}`)
	scores := map[string]float64{}
	for _, s := range answer["sites"].([]any) {
		scores[s.(object)["code"].(string)] = s.(object)["score"].(float64)
	}
	features := heat["features"].([]any)
	if len(features) < 20 || at(heat, "parks", 0, "seq") != answer["seq"] {
		t.Fatalf("%d cells, at %v and %v", len(features), heat["parks"], answer["seq"])
	}
	for _, f := range features {
		cell := at(f, "properties").(object)
		if want, ok := scores[cell["best"].(string)]; !ok || math.Abs(cell["top"].(float64)-want) > 1e-4 ||
			cell["coverage"].(float64) > 1 || cell["score"].(float64) > cell["top"].(float64)+1e-4 {
			t.Errorf("cell %v, its best has %v", cell, want)
		}
	}
	h.ask("/api/heat", http.StatusUnprocessableEntity, `{`+aMakerOfParts+`, "edge_m": 0.01}`)
	h.ask("/api/heat", http.StatusUnprocessableEntity, `{`+aMakerOfParts+`, "by": "luck"}`)
}

const neighbour = "sino-japanese"

// settle puts free squares of the given sides, in metres, on the ground of a park that has none, beside the park's
// middle.
func (h *house) settle(park string, sides ...float64) {
	h.t.Helper()
	ctx := context.Background()
	var id uuid.UUID
	if err := h.db.Owner.QueryRow(ctx, `SELECT park_id FROM park WHERE code = $1`, park).Scan(&id); err != nil {
		h.t.Fatal(err)
	}
	err := pgx.BeginFunc(ctx, h.db.Planner, func(tx pgx.Tx) error {
		seq := storetest.Record(h.t, tx, id)
		for i, side := range sides {
			const sql = `
WITH p AS (INSERT INTO parcel (park_id, parcel_id) VALUES ($1, $2) RETURNING park_id, parcel_id),
     c AS (SELECT ST_PointOnSurface(ST_Transform(geom, survey_crs)) AS at FROM park WHERE park_id = $1)
INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, land_use, publication, geom)
SELECT park_id, parcel_id, $3, $4, 'available', $5::float8 * $5, '100102', 'public',
       ST_ReducePrecision(ST_Transform(ST_MakeEnvelope(ST_X(at) + $6::float8, ST_Y(at), ST_X(at) + $6 + $5,
         ST_Y(at) + $5, ST_SRID(at)), 4490), 1e-9) FROM p, c`
			if _, err := tx.Exec(ctx, sql, id, uuid.New(), seq, fmt.Sprintf("N-%02d", i+1), side,
				500*float64(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// member makes an account that may see one park, and gives its token.
func (h *house) member(login, park string) string {
	h.t.Helper()
	a, _, err := people.Of(h.db.Store).AddAccount(context.Background(),
		people.Newcomer{Login: login, Name: login, Roles: []people.Grant{{Park: &park, Role: people.Planner}}})
	if err != nil {
		h.t.Fatal(err)
	}
	_, secret, err := people.Of(h.db.Store).CreateToken(context.Background(),
		people.TokenOrder{Account: a.ID, Name: "test", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

// TestParksOfADistrictShareOneScale ranks the ground of two parks together: a score is that of min–max over both, and
// partners may be tenants of the other park.
func TestParksOfADistrictShareOneScale(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	h.settle(neighbour, 400, 100)
	heat := h.ask("/api/heat", http.StatusOK,
		`{"requirement":{"partners":[{"node":"prepreg","weight":1}],"criteria":[{"measure":"area_mu","want":"benefit","weight":1}]},"by":"partner_prepreg_m"}`)
	if n := len(heat["parks"].([]any)); heat["district"] != "lingang" || n != 6 || heat["max_cells"] != 50_000.0 {
		t.Errorf("district %v, %d parks, at most %v cells", heat["district"], n, heat["max_cells"])
	}
	// Independently: PostGIS's distances from every free public parcel to the prepreg maker's, in the survey plane.
	rows, err := h.db.Owner.Query(context.Background(), `
WITH maker AS (SELECT ST_Transform(f.geom, 4550) AS geom FROM tenant_public t
       JOIN parcel_public f USING (park_id, parcel_id) WHERE t.node = 'prepreg' AND upper_inf(t.sys)
       AND f.to_seq IS NULL),
     free AS (SELECT f.code, ST_Distance(ST_Transform(f.geom, 4550), m.geom) AS far, f.legal_m2::float8 AS m2
       FROM parcel_public f, maker m WHERE f.to_seq IS NULL AND f.status IN ('available', 'reserve'))
SELECT code, (max(far) OVER () - far) / (max(far) OVER () - min(far) OVER ()),
       (m2 - min(m2) OVER ()) / (max(m2) OVER () - min(m2) OVER ()) FROM free`)
	if err != nil {
		t.Fatal(err)
	}
	near, large := map[string]float64{}, map[string]float64{}
	var code string
	var n, l float64
	if _, err := pgx.ForEachRow(rows, []any{&code, &n, &l}, func() error {
		near[code], large[code] = n, l
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	check := func(heat object, want func(code string) float64) {
		t.Helper()
		least, most := math.Inf(1), math.Inf(-1)
		ids := map[any]bool{}
		for _, f := range heat["features"].([]any) {
			cell := at(f, "properties").(object)
			code := cell["best"].(string)
			if math.Abs(cell["top"].(float64)-want(code)) > 1e-3 {
				t.Errorf("%s has %v, PostGIS gives %v", code, cell["top"], want(code))
			}
			if (code[:2] == "N-") != (cell["park"] == neighbour) {
				t.Errorf("%s is said to lie in %v", code, cell["park"])
			}
			seen[cell["park"].(string)]++
			ids[f.(object)["id"]] = true
			least, most = min(least, cell["score"].(float64)), max(most, cell["score"].(float64))
		}
		if heat["least"] != least || heat["most"] != most || len(ids) != len(heat["features"].([]any)) {
			t.Errorf("from %v to %v, it says %v to %v; %d ids", least, most, heat["least"], heat["most"], len(ids))
		}
	}
	check(heat, func(code string) float64 { return near[code] })
	check(h.ask("/api/heat", http.StatusOK,
		`{"district":"lingang","requirement":{"partners":[{"node":"prepreg","weight":1}],"criteria":[{"measure":"area_mu","want":"benefit","weight":1}]}}`),
		func(code string) float64 { return (near[code] + large[code]) / 2 })
	if seen[neighbour] == 0 || seen["carbon-fibre"] == 0 {
		t.Errorf("cells by park: %v", seen)
	}
}

// TestHeatShowsEachParkAsTheCallerMaySeeIt asks for the district as a member of one park.
func TestHeatShowsEachParkAsTheCallerMaySeeIt(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	h.settle(neighbour, 200, 100)
	c := &colleague{office: &office{house: h, t: t}, secret: h.member("one", neighbour)}
	heat := c.want(http.StatusOK, "POST", "/api/heat",
		object{"requirement": object{"criteria": []object{{"measure": "area_mu", "want": "benefit", "weight": 1}}}})
	for _, p := range heat.body["parks"].([]any) {
		park, scope := p.(object)["park"], "public"
		if park == neighbour {
			scope = "planner"
		}
		if p.(object)["scope"] != scope {
			t.Errorf("%v is shown as %v, want %s", park, p.(object)["scope"], scope)
		}
	}
}

// TestParksOfTwoSurveyPlanesHaveAHoneycombEach moves a park to the plane of another meridian: its cells still lie over
// its own ground.
func TestParksOfTwoSurveyPlanesHaveAHoneycombEach(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	ctx := context.Background()
	if _, err := h.db.Owner.Exec(ctx, `UPDATE park SET survey_crs = 4549 WHERE code = $1`, neighbour); err != nil {
		t.Fatal(err)
	}
	h.settle(neighbour, 200)
	heat := h.ask("/api/heat", http.StatusOK, `{"chain_node":"parts"}`)
	ids, own := map[any]bool{}, 0
	for _, f := range heat["features"].([]any) {
		ids[f.(object)["id"]] = true
		if at(f, "properties", "park") != neighbour {
			continue
		}
		own++
		var far float64
		if err := h.db.Owner.QueryRow(ctx, `SELECT ST_Distance(ST_SetSRID(ST_GeomFromGeoJSON($1), 4490)::geography,
			geom::geography) FROM parcel_version WHERE code = 'N-01' AND to_seq IS NULL`,
			mustJSON(at(f, "geometry"))).Scan(&far); err != nil {
			t.Fatal(err)
		}
		if far > 0.01 {
			t.Errorf("a cell lies %v m from the ground it stands for", far)
		}
	}
	if own < 4 || len(ids) != len(heat["features"].([]any)) {
		t.Errorf("%d cells of the neighbour; %d ids of %d cells", own, len(ids), len(heat["features"].([]any)))
	}
}

// TestThePlaceForAMissingPieceOfTheChain asks by a node alone: its partners are what counts, weighed by the chain.
func TestThePlaceForAMissingPieceOfTheChain(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	short := h.ask("/api/heat", http.StatusOK, `{"park":"carbon-fibre","chain_node":"precursor"}`)
	long := h.ask("/api/heat", http.StatusOK, `{"park":"carbon-fibre","requirement":{"chain_node":"precursor"}}`)
	if mustJSON(short) != mustJSON(long) {
		t.Error("a node alone and a requirement of that node answer otherwise")
	}
	weights := map[string]float64{}
	for _, c := range short["criteria"].([]any) {
		weights[c.(object)["measure"].(string)] = c.(object)["weight"].(float64)
	}
	// The chain's weights: fibre 1, acrylonitrile 0.7, equipment 0.2.
	want := map[string]float64{"partner_fibre_m": 1 / 1.9, "partner_acrylonitrile_m": .7 / 1.9,
		"partner_equipment_m": .2 / 1.9}
	for measure, w := range want {
		if math.Abs(weights[measure]-w) > 1e-9 || len(weights) != len(want) {
			t.Errorf("weights %v, want %v", weights, want)
		}
	}
	if short["most"].(float64) <= short["least"].(float64) || short["by"] != "score" ||
		at(short, "name", "zh") != "总分" {
		t.Errorf("from %v to %v by %v", short["least"], short["most"], short["by"])
	}
}

func TestANonsensicalSurfaceIsRefusedByField(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, test := range []struct{ name, field, body string }{
		{"nothing asked", "requirement", `{"park":"carbon-fibre"}`},
		{"nothing at all", "requirement", `{}`},
		{"a node that the chain lacks", "chain_node", `{"park":"carbon-fibre","chain_node":"unobtainium"}`},
		{"such a node in a requirement", "chain_node", `{"requirement":{"chain_node":"unobtainium"}}`},
		{"a node beside a requirement", "chain_node",
			`{"park":"carbon-fibre","chain_node":"parts","requirement":{"land_use":["1001"]}}`},
		{"a park and a district", "district", `{"park":"carbon-fibre","district":"lingang","chain_node":"parts"}`},
		{"an unknown measure", "by", `{"chain_node":"parts","by":"luck"}`},
		{"cells without end", "edge_m", `{"chain_node":"parts","edge_m":0.01}`},
		{"cells that are none", "body.edge_m", `{"chain_node":"parts","edge_m":-1}`},
		{"an unknown field", "body.colour", `{"chain_node":"parts","colour":"red"}`},
	} {
		p := h.ask("/api/heat", http.StatusUnprocessableEntity, test.body)
		if got, _ := p["field"].(string); got != test.field && "body."+got != test.field {
			t.Errorf("%s: the field is %v, want %s: %v", test.name, p["field"], test.field, p)
		}
	}
	h.ask("/api/heat", http.StatusNotFound, `{"park":"atlantis","chain_node":"parts"}`)
	h.ask("/api/heat", http.StatusNotFound, `{"district":"atlantis","chain_node":"parts"}`)
	storetest.Park(t, h.db, "elsewhere")
	if p := h.ask("/api/heat", http.StatusUnprocessableEntity, `{"chain_node":"parts"}`); p["field"] != "district" {
		t.Errorf("of two districts none is named, and the field is %v", p["field"])
	}
}
