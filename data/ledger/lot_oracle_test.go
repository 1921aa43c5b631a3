package ledger_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
	"luodi/data/store/storetest"
	"luodi/geo/lot"
)

// offset is how a setback compares with what PostGIS makes of it.
type offset struct {
	WantM2, OffM2, WantM float64
	Valid                bool
}

// A setback that is the same all round is an inner buffer with mitred corners.
func TestSetbackEqualsPostGISBuffer(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	const query = `SELECT ST_Area(want) AS want_m2, ST_Area(ST_SymDifference(want, got)) AS off_m2,
       ST_Perimeter(want) AS want_m, ST_IsValid(got) AS valid
		FROM unnest($1::bytea[], $2::bytea[], $3::float8[]) WITH ORDINALITY AS t(parcel, setback, m, i),
		LATERAL (SELECT ST_Buffer(ST_GeomFromEWKB(parcel), -m, 'join=mitre mitre_limit=5') AS want,
		  ST_GeomFromEWKB(setback) AS got) s ORDER BY i`
	r := rand.New(rand.NewPCG(7, 1))
	var parcels, setbacks [][]byte
	var distances []float64
	for len(parcels) < 600 {
		poly := orb.Polygon{aboutMetres(r, 50+400*r.Float64(), 3+r.IntN(25))}
		if r.IntN(3) == 0 {
			poly = append(poly, aboutMetres(r, 12, 3+r.IntN(6)))
		}
		if sharpest(poly) < 2*math.Asin(1.0/5) {
			continue // beyond the limit PostGIS cuts a mitre off another way
		}
		plane := new(lot.Plane)
		s, err := plane.Add(poly)
		if err != nil {
			t.Fatal(err)
		}
		d := 30 * r.Float64()
		got, err := lot.Setback(plane, s, [][]float64{{d}})
		var none *lot.Refused
		switch {
		case err == nil:
		case !errors.As(err, &none):
			t.Fatal(err)
		case none.Reason == lot.BadShape:
			continue // the hole leaves the parcel
		case none.Reason != lot.NothingLeft:
			t.Fatal(err)
		}
		parcels, setbacks, distances = append(parcels, metres(t, poly)), append(setbacks, metres(t, got)),
			append(distances, d)
	}
	rows, err := db.Owner.Query(context.Background(), query, parcels, setbacks, distances)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[offset])
	if err != nil || len(found) != len(parcels) {
		t.Fatalf("%d of %d rows, %v", len(found), len(parcels), err)
	}
	var worst float64
	for i, o := range found {
		worst = math.Max(worst, o.OffM2)
		if !o.Valid || o.OffM2 > lot.Tolerance(o.WantM) {
			t.Errorf("%d: a setback of %v m: off by %v m² of %v, valid: %v", i, distances[i], o.OffM2, o.WantM2,
				o.Valid)
		}
	}
	t.Logf("largest difference in %d: %.2g m²", len(found), worst)
}

// aboutMetres is a closed ring of n points about a place in metres, radii between half of and the whole of radiusM.
func aboutMetres(r *rand.Rand, radiusM float64, n int) orb.Ring {
	ring := make(orb.Ring, n, n+1)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n))
		d := radiusM * (0.5 + r.Float64()/2)
		ring[i] = orb.Point{413_000 + d*cos, 4_124_000 + d*sin}
	}
	return append(ring, ring[0])
}

func metres(t testing.TB, g orb.Geometry) []byte {
	t.Helper()
	b, err := ewkb.Append(nil, g, 4550)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sharpest is the smallest angle between two sides that meet, in radians.
func sharpest(poly orb.Polygon) float64 {
	least := math.Pi
	for _, ring := range poly {
		for i := range len(ring) - 1 {
			o, a, b := ring[i], ring[(i+len(ring)-2)%(len(ring)-1)], ring[i+1]
			along := (a[0]-o[0])*(b[0]-o[0]) + (a[1]-o[1])*(b[1]-o[1])
			across := (a[0]-o[0])*(b[1]-o[1]) - (a[1]-o[1])*(b[0]-o[0])
			least = min(least, math.Abs(math.Atan2(across, along)))
		}
	}
	return least
}
