package siting_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"luodi/data/siting"
	"luodi/data/store/ewkb"
	"luodi/geo"
	"luodi/geo/match"
)

// surveyed is what of a shape PostGIS measures by itself, in the plane of the park's survey CRS.
type surveyed struct {
	M2, Compactness, Outside, RoadM, HighwayM, LivingM, PrepregM float64
	Inside                                                       bool
}

// survey measures a shape and a point that stand for ground of some parcels.
func (m *matched) survey(shape orb.Polygon, point orb.Point, parcels []string) (s surveyed) {
	m.t.Helper()
	var crs int32
	if err := m.Owner.QueryRow(context.Background(), `SELECT survey_crs FROM park WHERE code = $1`,
		samplePark).Scan(&crs); err != nil {
		m.t.Fatal(err)
	}
	outline, err := ewkb.Append(nil, shape, crs)
	if err != nil {
		m.t.Fatal(err)
	}
	at, err := ewkb.Append(nil, point, crs)
	if err != nil {
		m.t.Fatal(err)
	}
	const sql = `
WITH g AS (SELECT ST_GeomFromEWKB($1) AS shape, ST_GeomFromEWKB($2) AS at, park_id FROM park WHERE code = $3),
     parents AS (SELECT ST_Union(ST_Transform(v.geom, $5::int)) AS geom FROM parcel_version v
       JOIN g USING (park_id) WHERE v.to_seq IS NULL AND v.code = ANY ($4)),
     roads AS (SELECT ST_Transform(v.geom, $5::int) AS geom, v.grade FROM network_version v
       JOIN g USING (park_id) WHERE v.kind = 'road' AND v.to_seq IS NULL)
SELECT ST_Area(shape), 4 * pi() * ST_Area(shape) / ST_Perimeter(shape) ^ 2,
       ST_Area(ST_Difference(shape, parents.geom)), ST_Contains(shape, at),
       (SELECT min(ST_Distance(at, geom)) FROM roads),
         (SELECT min(ST_Distance(at, geom)) FROM roads WHERE grade = 'expressway'),
       (SELECT coalesce(min(ST_Distance(shape, ST_Transform(z.geom, $5::int))), 'Infinity') FROM (
          SELECT geom FROM zone_version JOIN g USING (park_id) WHERE function = 'living' AND to_seq IS NULL UNION ALL
          SELECT geom FROM plan_unit_version JOIN g USING (park_id) WHERE land_use LIKE '07%' AND to_seq IS NULL) z),
       (SELECT min(ST_Distance(shape, ST_Transform(v.geom, $5::int))) FROM tenant t JOIN g USING (park_id)
         JOIN parcel_version v USING (park_id, parcel_id)
         WHERE t.node = 'prepreg' AND v.to_seq IS NULL AND upper_inf(t.sys))
  FROM g, parents`
	if err := m.Owner.QueryRow(context.Background(), sql, outline, at, samplePark, parcels, crs).
		Scan(&s.M2, &s.Compactness, &s.Outside, &s.Inside, &s.RoadM, &s.HighwayM, &s.LivingM, &s.PrepregM); err != nil {
		m.t.Fatal(err)
	}
	return s
}

// made asks for lots and assemblies and hands them with their values to look.
func (m *matched) made(a siting.Ask, look func(f *siting.Field, c siting.Candidate, row int,
	values map[string]float64)) {
	m.t.Helper()
	a.Today = time.Now()
	err := m.m.Read(context.Background(), samplePark, false, func(s *siting.Sites) error {
		f, err := s.Field(context.Background(), a)
		if err != nil {
			return err
		}
		table, _, err := f.Table(context.Background(), a.Criteria, a.Need, a.Today)
		if err != nil {
			return err
		}
		for row := len(f.Places); row < f.Offered(); row++ {
			values := map[string]float64{}
			for i, c := range table.Criteria {
				values[c.Measure] = table.Columns[i][row]
			}
			look(f, f.Candidate(row), row, values)
		}
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// TestLotsAndAssembliesAreMeasuredAsPostGISMeasuresThem compares each value with what PostGIS makes of the same shape.
func TestLotsAndAssembliesAreMeasuredAsPostGISMeasuresThem(t *testing.T) {
	t.Parallel()
	m := newMatched(t)
	want := []match.Criterion{{Measure: "area_mu", Min: val(40), Max: val(60), Want: match.Target, Target: val(50),
		Weight: 1}, {Measure: "frontage_m", Want: match.Benefit, Weight: 1}}
	for _, measure := range []string{"compactness", "road_m", "highway_m", "living_m", "partner_prepreg_m",
		"price_cny_per_m2", "services_ready"} {
		want = append(want, match.Criterion{Measure: measure, Want: match.Benefit, Weight: 1})
	}
	ask := siting.Ask{Criteria: want, Lots: &siting.LotsWish{FrontageM: 100},
		Assemblies: &siting.AssembliesWish{Most: 5, Reserve: true}}
	kinds := map[siting.GroundKind]int{}
	m.made(ask, func(f *siting.Field, c siting.Candidate, row int, values map[string]float64) {
		kinds[c.Kind]++
		var codes []string
		sum, price, ready := 0.0, 0.0, math.Inf(1)
		for _, parcel := range c.Parcels {
			codes = append(codes, f.Places[parcel].Code)
			mu, prices, services := column(t, f, "area_mu")[parcel], column(t, f, "price_cny_per_m2")[parcel],
				column(t, f, "services_ready")[parcel]
			sum, price, ready = sum+mu, price+mu*prices, math.Min(ready, services)
		}
		s := m.survey(c.Shape, c.Point, codes)
		area := c.AreaMu * 10000 / 15
		if c.Kind == siting.GroundLot && (!slices.Equal(codes, []string{"TX-R01"}) || math.Abs(s.M2-area) > 0.5 ||
			c.AreaMu != 50 || values["frontage_m"] < 100 || len(c.Cut) < 2 || c.Status != "reserve") {
			t.Errorf("lot %s of %v: %v m², %v m of frontage, cut %v", c.Code, codes, s.M2, values["frontage_m"], c.Cut)
		}
		if c.Kind == siting.GroundAssembly && (len(codes) < 2 || c.Code != strings.Join(codes, "+") ||
			math.Abs(c.AreaMu-sum) > 1e-9 || math.Abs(s.M2-area) > 0.01*area) {
			t.Errorf("assembly %s: %v mu of %v, %v m²", c.Code, c.AreaMu, sum, s.M2)
		}
		if s.Outside > 0.01+1e-4*4*math.Sqrt(s.M2) || !s.Inside {
			t.Errorf("%s: %v m² lie outside its parcels; its point lies inside: %v", c.Code, s.Outside, s.Inside)
		}
		for name, want := range map[string]float64{"area_mu": c.AreaMu, "compactness": s.Compactness,
			"road_m": s.RoadM, "highway_m": s.HighwayM, "living_m": s.LivingM, "partner_prepreg_m": s.PrepregM,
			"price_cny_per_m2": price / sum, "services_ready": ready} {
			if got := values[name]; got != want && !(math.Abs(got-want) <= 1e-6) &&
				!(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s: %s is %v, PostGIS says %v", c.Code, name, got, want)
			}
		}
	})
	if kinds[siting.GroundLot] != 2 || kinds[siting.GroundAssembly] == 0 {
		t.Errorf("%v", kinds)
	}
}

func column(t *testing.T, f *siting.Field, name string) []float64 {
	t.Helper()
	values, _, err := f.Column(name, time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// TestAHallIsTriedOnlyWhereAllElseIsKept asks for a hall that only the reserve has room for, and for one that nobody
// has.
func TestAHallIsTriedOnlyWhereAllElseIsKept(t *testing.T) {
	t.Parallel()
	m := newMatched(t)
	need := siting.Requirement{Hall: &siting.Hall{LengthM: 60, WidthM: 200},
		Criteria: []match.Criterion{{Measure: "area_mu", Min: val(30)},
			{Measure: "rectangle_m2", Want: match.Benefit, Weight: 1}}}
	for range 2 { // the second time from what was kept
		m.rank(false, need, func(s *siting.Sites, a *match.Answer) {
			criteria, err := need.Expand(nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			table, _, err := s.Table(context.Background(), criteria, need, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			for row, p := range s.Places {
				mu, rectangle, hall := table.Columns[0][row], table.Columns[1][row], table.Columns[2][row]
				if mu < 30 != math.IsNaN(hall) || (hall < 200 || mu < 30) != math.IsNaN(rectangle) ||
					rectangle > mu*10000/15*1.01 {
					t.Errorf("%s of %v mu: a hall of %v m, a rectangle of %v m²", p.Code, mu, hall, rectangle)
				}
			}
			if a.Ranked != 1 || s.Places[a.Sites[0].Row].Code != "TX-R01" {
				t.Errorf("%d have room", a.Ranked)
			}
		})
	}
}

func TestLotsAndAssembliesNeedAnArea(t *testing.T) {
	t.Parallel()
	m := newMatched(t)
	area := func(c match.Criterion) []match.Criterion {
		c.Measure = "area_mu"
		return []match.Criterion{c}
	}
	lots, sets := &siting.LotsWish{FrontageM: 50}, &siting.AssembliesWish{}
	for _, c := range []struct {
		field string
		ask   siting.Ask
	}{
		{"criteria.area_mu", siting.Ask{Criteria: []match.Criterion{{Measure: "road_m", Want: match.Cost, Weight: 1}},
			Lots: lots}},
		{"criteria.area_mu", siting.Ask{Criteria: area(match.Criterion{Max: val(50)}), Lots: lots}},
		{"criteria.area_mu", siting.Ask{Criteria: area(match.Criterion{Max: val(50)}), Assemblies: sets}},
		{"criteria.area_mu", siting.Ask{Criteria: area(match.Criterion{Max: val(50), Want: match.Target,
			Target: val(60),
			Weight: 1}), Assemblies: sets}},
		{"lots.frontage_m", siting.Ask{Criteria: area(match.Criterion{Min: val(50)}), Lots: &siting.LotsWish{}}},
		{"lots.depth_max", siting.Ask{Criteria: area(match.Criterion{Min: val(50)}),
			Lots: &siting.LotsWish{FrontageM: 50, DepthMin: 3, DepthMax: 2}}},
	} {
		err := m.m.Read(context.Background(), samplePark, false, func(s *siting.Sites) error {
			_, err := s.Field(context.Background(), c.ask)
			return err
		})
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != c.field {
			t.Errorf("%+v: %v, want %s", c.ask, err, c.field)
		}
	}
}
