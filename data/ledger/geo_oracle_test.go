package ledger_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// measured is what PostGIS says of a shape, in m² and m.
type measured struct {
	Area      float64
	Perimeter float64
}

// postgisMeasures asks PostGIS for the area and perimeter of the shapes on the
// ellipsoid of EPSG:4490.
func postgisMeasures(t *testing.T, db *storetest.DB, shapes []orb.Geometry) []measured {
	t.Helper()
	blobs := make([][]byte, len(shapes))
	for i, g := range shapes {
		b, err := ewkb.Append(nil, g, int32(geo.CGCS2000))
		if err != nil {
			t.Fatal(err)
		}
		blobs[i] = b
	}
	const query = `SELECT ST_Area(g) AS area, ST_Perimeter(g) AS perimeter
		FROM unnest($1::bytea[]) WITH ORDINALITY AS t(b, i),
		  LATERAL (SELECT ST_GeomFromEWKB(b)::geography AS g) s ORDER BY i`
	rows, err := db.Owner.Query(context.Background(), query, blobs)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[measured])
	if err != nil || len(out) != len(shapes) {
		t.Fatalf("%d of %d rows, %v", len(out), len(shapes), err)
	}
	return out
}

// star is a closed ring of n points around a centre, radii in metres between
// half of and the whole of radiusM.
func star(r *rand.Rand, centre orb.Point, radiusM float64, n int) orb.Ring {
	const metresPerDegree = 111_320
	ring := make(orb.Ring, n, n+1)
	for i := range ring {
		angle := 2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n)
		sin, cos := math.Sincos(angle)
		d := radiusM * (0.5 + r.Float64()/2) / metresPerDegree
		ring[i] = orb.Point{centre[0] + d*cos/math.Cos(centre[1]*math.Pi/180), centre[1] + d*sin}
	}
	return append(ring, ring[0])
}

// randomPolygon draws a polygon of 150 m² to 50 km across around a place,
// every third with a hole, wound either way. Below that PostGIS itself is not
// good to 1e-6: its sum leaves up to 1e-5 m² of rounding an edge (found against
// 40-digit arithmetic; geo's tests hold such a polygon).
func randomPolygon(t *testing.T, r *rand.Rand, centre orb.Point) orb.Polygon {
	t.Helper()
	for {
		radiusM := 8 * math.Pow(3000, r.Float64())
		p := orb.Polygon{star(r, centre, radiusM, 3+r.IntN(30))}
		if r.IntN(3) == 0 {
			p = append(p, star(r, centre, radiusM/5, 3+r.IntN(8)))
		}
		if r.IntN(2) == 0 {
			p[0].Reverse()
		}
		m2, err := geo.EllipsoidArea(p)
		if err != nil {
			t.Fatal(err)
		}
		if m2 >= 150 {
			return p
		}
	}
}

func TestEllipsoidAreaEqualsPostGISGeography(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	r := rand.New(rand.NewPCG(4490, 1))
	shapes := make([]orb.Geometry, 10_000)
	for i := range shapes {
		china := func() orb.Point { return orb.Point{73.5 + 61.5*r.Float64(), 18 + 35*r.Float64()} }
		switch {
		case i%10 == 9:
			shapes[i] = orb.MultiPolygon{randomPolygon(t, r, china()), randomPolygon(t, r, china())}
		case i%50 == 8: // anywhere, over the equator and the 180th meridian too
			shapes[i] = randomPolygon(t, r, orb.Point{-179 + 358*r.Float64(), -70 + 140*r.Float64()})
		default:
			shapes[i] = randomPolygon(t, r, china())
		}
	}
	var worst float64
	for i, want := range postgisMeasures(t, db, shapes) {
		area, err := geo.EllipsoidArea(shapes[i])
		if err != nil {
			t.Fatal(err)
		}
		length, err := geo.EllipsoidLength(shapes[i])
		if err != nil {
			t.Fatal(err)
		}
		off := math.Max(math.Abs(area/want.Area-1), math.Abs(length/want.Perimeter-1))
		worst = math.Max(worst, off)
		if !(off <= 1e-6) {
			t.Fatalf("%v: got %v m², %v m, want %+v", shapes[i], area, length, want)
		}
	}
	t.Logf("largest relative difference in 10,000: %.2g", worst)
}

func TestEllipsoidAreaOfDegeneratePolygonsEqualsPostGIS(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	a, b, c := orb.Point{122.03, 37.25}, orb.Point{122.04, 37.26}, orb.Point{122.05, 37.25}
	shapes := []orb.Geometry{
		orb.Polygon{{a, a, a, a}},
		orb.Polygon{{a, b, a, a}},
		orb.Polygon{{a, b, c, b, a}},
		orb.Polygon{{a, {122.03, 37.26}, {122.03, 37.27}, a}},
		orb.Polygon{{a, b, {122.04, 37.25}, {122.03, 37.26}, a}}, // a bow tie: its halves cancel
		orb.Polygon{{a, {122.030000001, 37.25}, {122.030000001, 37.250000001}, a}},
		orb.Polygon{},
	}
	for i, want := range postgisMeasures(t, db, shapes) {
		area, err := geo.EllipsoidArea(shapes[i])
		if err != nil {
			t.Fatal(err)
		}
		// Where the area vanishes the rounding of PostGIS's sum is left: up to 1e-5 m² an edge.
		if math.Abs(area-want.Area) > 4e-5 {
			t.Errorf("%v: got %v m², want %+v", shapes[i], area, want)
		}
	}
}

// system is a row of spatial_ref_sys.
type system struct {
	SRID int    `db:"srid"`
	Name string `db:"name"`
	Proj string `db:"proj"`
}

// The zones and the old datums that geo knows are those of the registry that
// PostGIS ships, no more and no fewer.
func TestSystemsEqualTheRegistry(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	const query = `SELECT srid, split_part(srtext, '"', 2) AS name, proj4text AS proj FROM spatial_ref_sys
		WHERE auth_name = 'EPSG'`
	rows, err := db.Owner.Query(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	systems, err := pgx.CollectRows(rows, pgx.RowToStructByName[system])
	if err != nil || len(systems) < 5000 {
		t.Fatalf("%d systems, %v", len(systems), err)
	}
	datums := map[string]geo.EPSG{"Beijing 1954": geo.Beijing54, "Xian 1980": geo.XiAn80, "New Beijing": geo.NewBeijing}
	for _, s := range systems {
		code := geo.EPSG(s.SRID)
		base, _, projected := strings.Cut(s.Name, " / ")
		if got, want := code.OldDatum(), datums[base]; got != want {
			t.Errorf("%v %s: datum %v, want %v", code, s.Name, got, want)
		}
		zone, isZone := code.GaussKruger()
		if want := projected && base == "CGCS2000"; isZone != want {
			t.Errorf("%v %s: a zone %v", code, s.Name, isZone)
		}
		want := fmt.Sprintf("+proj=tmerc +lat_0=0 +lon_0=%d +k=1 +x_0=%.0f +y_0=0 +ellps=GRS80 +units=m +no_defs",
			zone.CentralMeridian, zone.FalseEastingM)
		if isZone && (strings.TrimSpace(s.Proj) != want ||
			strings.Contains(s.Name, "3-degree") != (zone.WidthDeg == 3)) {
			t.Errorf("%v %s: got %+v, want %s", code, s.Name, zone, s.Proj)
		}
	}
}
