package ewkb_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
	"luodi/data/store/storetest"
)

// TestMeetsBoxIsWhatPostGISSays compares valid shapes and boxes that often touch: all corners of half of the cases lie
// on one coarse grid. Each shape is moved to where land lies, so that doubles round as they do there.
func TestMeetsBoxIsWhatPostGISSays(t *testing.T) {
	t.Parallel()
	db, ctx := storetest.New(t), context.Background()
	r := rand.New(rand.NewPCG(12, 5))
	const cases = 40_000
	shapes, boxes := make([][]byte, cases), make([]orb.Bound, cases)
	for i := range shapes {
		grid := []float64{1e-4, 1e-9}[i%2]
		var err error
		if shapes[i], err = ewkb.Append(nil, drawShape(r, grid), 4490); err != nil {
			t.Fatal(err)
		}
		for {
			a, b := near(r, grid, 1e-3), near(r, grid, 1e-3)
			boxes[i] = orb.Bound{Min: orb.Point{min(a[0], b[0]), min(a[1], b[1])},
				Max: orb.Point{max(a[0], b[0]), max(a[1], b[1])}}
			if boxes[i].Min[0] < boxes[i].Max[0] && boxes[i].Min[1] < boxes[i].Max[1] {
				break
			}
		}
	}
	var sides [4][]float64
	for _, b := range boxes {
		for k, v := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
			sides[k] = append(sides[k], v)
		}
	}
	const sql = `SELECT g && e AND ST_Intersects(g, e), ST_IsValid(g), ST_XMin(g), ST_YMax(g)
		FROM unnest($1::bytea[], $2::float8[], $3::float8[], $4::float8[], $5::float8[]) WITH ORDINALITY
		  t (b, x0, y0, x1, y1, i), LATERAL (SELECT ST_GeomFromEWKB(b) g, ST_MakeEnvelope(x0, y0, x1, y1, 4490) e) s
		ORDER BY i`
	rows, err := db.Public.Query(ctx, sql, shapes, sides[0], sides[1], sides[2], sides[3])
	if err != nil {
		t.Fatal(err)
	}
	i, compared, met := 0, 0, 0
	var want, valid bool
	var west, north float64
	_, err = pgx.ForEachRow(rows, []any{&want, &valid, &west, &north}, func() error {
		got, err := ewkb.MeetsBox(shapes[i], boxes[i])
		bound, failed := ewkb.Bound(shapes[i])
		switch {
		case err != nil || failed != nil || valid && (bound.Min[0] != west || bound.Max[1] != north):
			t.Errorf("% x: bound %v, %v, %v", shapes[i], bound, err, failed)
		case valid && got != want:
			t.Errorf("% x and %v: %v, PostGIS says %v", shapes[i], boxes[i], got, want)
		case valid:
			compared++
			if got {
				met++
			}
		}
		i++
		return nil
	})
	if err != nil || compared < cases/2 || met < compared/5 || met > compared*4/5 {
		t.Errorf("%d compared, of which %d meet: %v", compared, met, err)
	}
}

// near is a point of a grid less than reach from the middle of the shapes.
func near(r *rand.Rand, grid, reach float64) orb.Point {
	at := func(middle float64) float64 { return math.Round((middle+(2*r.Float64()-1)*reach)/grid) * grid }
	return orb.Point{at(122.03), at(37.25)}
}

// drawShape is a point, a line, or a polygon like a star with a hole now and then, or two of one of these.
func drawShape(r *rand.Rand, grid float64) orb.Geometry {
	star := func(size float64) orb.Ring {
		middle := orb.Point{122.03, 37.25}
		angles := make([]float64, 3+r.IntN(8))
		for i := range angles {
			angles[i] = r.Float64() * 2 * math.Pi
		}
		slices.Sort(angles)
		var ring orb.Ring
		for _, angle := range angles {
			sin, cos := math.Sincos(angle)
			reach := size * (0.6 + 0.4*r.Float64())
			ring = append(ring, orb.Point{math.Round((middle[0]+reach*cos)/grid) * grid,
				math.Round((middle[1]+reach*sin)/grid) * grid})
		}
		return append(ring, ring[0])
	}
	line := func() orb.LineString {
		return orb.LineString{near(r, grid, 1e-3), near(r, grid, 1e-3), near(r, grid, 1e-3)}
	}
	switch r.IntN(8) {
	case 0:
		return near(r, grid, 1e-3)
	case 1:
		return orb.MultiPoint{near(r, grid, 1e-3), near(r, grid, 1e-3)}
	case 2:
		return line()
	case 3:
		return orb.MultiLineString{line(), line()}
	case 4:
		return orb.MultiPolygon{{star(9e-4), star(6e-4)}, {star(3e-4)}}
	case 5:
		return orb.Polygon{star(9e-4), star(5e-4)}
	}
	return orb.Polygon{star(9e-4)}
}
