package feed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/data/sample"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// Every projection agrees with PROJ's, as PostGIS has it, to 0.1 mm over the zone and a zone's width beside it.
func TestProjectionsAreThoseOfPROJ(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for _, c := range geo.ServedCRS() {
		projection, ok := c.Projection()
		if !ok {
			continue
		}
		from, to := 73.0, 136.0
		if zone, ok := c.Code.GaussKruger(); ok {
			from, to = float64(zone.CentralMeridian)-9, float64(zone.CentralMeridian)+9
		}
		rows, err := db.Owner.Query(t.Context(), `SELECT lon::float8, lat::float8, ST_X(p), ST_Y(p)
			FROM generate_series($1::numeric, $2::numeric, 1.37) lon, generate_series(-1::numeric, 54, 1.9) lat,
			     ST_Transform(ST_SetSRID(ST_MakePoint(lon::float8, lat::float8), 4490), $3::int) p`, from, to, int(c.Code))
		if err != nil {
			t.Fatal(err)
		}
		worst, back, n := 0.0, 0.0, 0
		var at, want orb.Point
		if _, err := pgx.ForEachRow(rows, []any{&at[0], &at[1], &want[0], &want[1]}, func() error {
			got, n1 := projection.Forward(at), projection.Inverse(want)
			worst = math.Max(worst, math.Hypot(got[0]-want[0], got[1]-want[1]))
			back = math.Max(back, 111_320*math.Hypot(n1[0]-at[0], n1[1]-at[1]))
			n++
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n < 300 || worst > 1e-4 || back > 1e-4 {
			t.Errorf("%v: %.6f m off, back %.6f m, of %d places", c.Code, worst, back, n)
		}
	}
}

// A box of a plane finds what PostGIS finds when it brings every shape there, in the live state and in a past one.
func TestABoxOfAPlaneIsABoxThere(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	ctx := context.Background()
	r := rand.New(rand.NewPCG(12, 2))
	found := 0
	err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
		for _, code := range []geo.EPSG{4550, 4529, 4549, 4511, geo.WebMercator} {
			projection, _ := geo.CRS{Code: code}.Projection()
			for range 25 {
				at := projection.Forward(orb.Point{122.0 + r.Float64()*0.08, 37.22 + r.Float64()*0.06})
				size := []float64{0, 30, 400, 5000, 3e6, 2e7}[r.IntN(6)]
				box := geo.PlaneBox{CRS: geo.CRS{Code: code}, Min: at, Max: orb.Point{at[0] + size, at[1] + size*r.Float64()}}
				for _, c := range []*feed.Collection{feed.Parcels(), feed.Collections()[4], feed.Collections()[5]} {
					got, err := foundIDs(ctx, v, &feed.Query{Collection: c, Plane: &box})
					if err != nil {
						return err
					}
					table, key := "parcel_public", "parcel_id"
					if c != feed.Parcels() {
						table, key = "network_public", "network_id"
					}
					sql := fmt.Sprintf(`SELECT %s::text FROM %s WHERE to_seq IS NULL AND ($6 = '' OR (GeometryType(geom) = 'POINT') =
						($6 = 'network-nodes')) AND ST_Intersects(ST_Transform(geom, $1::int),
							ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, $1::int))`, key, table)
					kind := c.ID
					if c == feed.Parcels() {
						kind = ""
					}
					rows, _ := db.Owner.Query(ctx, sql, int(code), box.Min[0], box.Min[1], box.Max[0], box.Max[1], kind)
					want, err := pgx.CollectRows(rows, pgx.RowTo[string])
					if err != nil {
						return err
					}
					slices.Sort(want)
					if !slices.Equal(got, want) {
						t.Errorf("%s in %+v: %d found, PostGIS finds %d", c.ID, box, len(got), len(want))
					}
					found += len(want)
				}
			}
		}
		return nil
	})
	if err != nil || found < 1000 {
		t.Fatalf("%d found, %v", found, err)
	}
}

func foundIDs(ctx context.Context, v *feed.View, q *feed.Query) ([]string, error) {
	rows, err := v.Features(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []string{}
	for rows.Next() {
		var id string
		if err := json.Unmarshal(rows.AppendID(nil), &id); err != nil {
			return nil, err
		}
		all = append(all, id)
	}
	slices.Sort(all)
	return all, rows.Err()
}

func TestZonesAreOfferedThatSuitTheGroundOfAPark(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	offered := func() (codes []geo.EPSG) {
		if err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
			all, err := new(feed.Extents).OfferedCRS(ctx, v)
			for _, c := range all {
				codes = append(codes, c.Code)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return codes
	}
	if all := offered(); len(all) != 68 {
		t.Errorf("without a park %d systems are offered: %v", len(all), all)
	}
	if err := sample.Load(ctx, db.Planner); err != nil {
		t.Fatal(err)
	}
	// The sample lies at 122.03°E: its zone, the one west of it, and the 6° zones of 117° and 123°.
	want := []geo.EPSG{geo.WGS84, geo.WGS84, geo.CGCS2000, geo.WebMercator, 4498, 4499, 4509, 4510, 4528, 4529, 4549, 4550}
	if got := offered(); !slices.Equal(got, want) {
		t.Errorf("offered are %v, want %v", got, want)
	}
}
