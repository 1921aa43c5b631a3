package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/geo/lot"
)

// Eight parks in two rows of four, of two survey CRS in turn, whose borders overlap by 60 m. Writers of all of them
// want parcels along the borders, split, correct and give them up, by the parks' planners and with SQL of their own.
func TestWritersOfEightParksNeverPromiseGroundTwice(t *testing.T) {
	writers, length := pick(16, 64), pick(4*time.Second, time.Minute)
	f := newFrontier(t, writers)
	f.run(writers, length)
	for _, fault := range f.faults {
		t.Errorf("fault: %s", fault)
	}
	if wrong := f.overlaps(); len(wrong) > 0 {
		t.Errorf("%d pairs of live parcels overlap: %v", len(wrong), wrong[:min(len(wrong), 5)])
	}
	t.Logf("%d writers, %d parks, %s: %v; %d live parcels, of which %d touch a parcel of another park", writers,
		len(f.parks), length, f.counts,
		number[int](t, f.DB, `SELECT count(*) FROM parcel_version WHERE to_seq IS NULL`),
		number[int](t, f.DB, `SELECT count(*) FROM parcel_version a WHERE to_seq IS NULL
			AND EXISTS (SELECT FROM parcel_version b WHERE b.to_seq IS NULL AND b.park_id <> a.park_id
			AND ST_DWithin(a.geom, b.geom, 1e-6))`))
	for _, result := range pick([]string{"create done", "create denied"},
		[]string{"create done", "create denied", "split done", "correct done", "correct denied", "retire done"}) {
		if f.counts[result] == 0 {
			t.Errorf("nothing was %s: the contest is too tame", result)
		}
	}
}

// With the parks nearby forgotten, ground is promised twice within moments, and PostGIS finds it.
func TestAPlantedGapBetweenParksIsFound(t *testing.T) {
	f := newFrontier(t, 8)
	if _, err := f.Owner.Exec(context.Background(), `CREATE OR REPLACE FUNCTION near_parks(p_park uuid,
		p_shape geometry) RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT '{}'::uuid[] $$`); err != nil {
		t.Fatal(err)
	}
	f.run(8, 3*time.Second)
	if len(f.overlaps()) == 0 {
		t.Error("without the clocks and borders of the parks nearby PostGIS finds no overlap")
	}
}

// frontier is parks beside one another and what their writers came to.
type frontier struct {
	*storetest.DB
	t       *testing.T
	parks   []string
	ids     []uuid.UUID
	planner uuid.UUID
	second  uuid.UUID

	mu     sync.Mutex
	counts map[string]int
	faults []string
}

// The parks' ground in degrees: pitch from corner to corner, and how far a border reaches over.
const (
	frontWest, frontSouth = 121.50, 37.24 // where the zones of the two CRS meet
	pitch, over           = 0.004, 0.0006
)

func newFrontier(t *testing.T, writers int) *frontier {
	t.Helper()
	db := storetest.New(t)
	src := db.Source
	src.MaxConns = int32(writers)
	store, err := store.Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	db.Store, db.Planner, db.Public = store, store.Planner, store.Public
	f := &frontier{DB: db, t: t, counts: map[string]int{}, planner: account(t, db, "planner"),
		second: account(t, db, "second")}
	for i := range 8 {
		id, code := uuid.Must(uuid.NewV7()), fmt.Sprintf("front-%d", i)
		const sql = `WITH d AS (INSERT INTO district VALUES ($1, $2, '区', 'District') ON CONFLICT (code) DO UPDATE
       SET code = $2 RETURNING district_id)
			INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, corners_told, geom)
			SELECT $3, district_id, $4, '园', 'Park', $5, 'exact', ST_Multi(ST_Segmentize(ST_MakeEnvelope($6, $7,
			  $6::float8 + $8, $7::float8 + $8, 4490), 0.0005)) FROM d`
		_, err := db.Owner.Exec(context.Background(), sql, uuid.Must(uuid.NewV7()), fmt.Sprintf("d-%d", i), id, code,
			4549+i%2, frontWest+pitch*float64(i%4), frontSouth+pitch*float64(i/4), pitch+over)
		if err != nil {
			t.Fatal(err)
		}
		f.parks, f.ids = append(f.parks, code), append(f.ids, id)
	}
	return f
}

func (f *frontier) run(writers int, length time.Duration) {
	ctx, stop := context.WithTimeout(context.Background(), length)
	defer stop()
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 8))
			for n := 0; ctx.Err() == nil; n++ {
				f.turn(r, i%len(f.parks), fmt.Sprintf("W%d-%d", i, n))
			}
		})
	}
	group.Wait()
}

// turn wants new ground along the borders most of the time, or changes a parcel that is there.
func (f *frontier) turn(r *rand.Rand, park int, code string) {
	id, version, found := f.some(r, park)
	refs := []ledger.Ref{{ID: id, Version: version}}
	switch deed := r.IntN(10); {
	case deed < 5 || !found:
		f.do("create", park, ledger.Command{Kind: "create",
			Object: &ledger.Subject{Collection: "parcels", Geometry: f.place(r, park),
				Facts: feed.Facts{"code": []byte(`"` + code + `"`)}}})
	case deed < 6:
		f.do("split", park, ledger.Command{Kind: "split", Parcels: refs,
			Shape: &ledger.Shape{Parts: 2, Codes: []string{code + "a", code + "b"}}})
	case deed < 8:
		f.do("correct", park, ledger.Command{Kind: "correct", Parcels: refs,
			Shape: &ledger.Shape{Geometry: f.place(r, park)}})
	case deed < 9:
		f.do("retire", park, ledger.Command{Kind: "retire", Parcels: refs})
	default:
		f.do("publish", park, ledger.Command{Kind: "publish", Parcels: refs})
	}
}

// place is a rectangle of 10 to 60 m on a lattice of 10 m, so that many adjoin, along the borders of a park; some reach
// out of it.
func (f *frontier) place(r *rand.Rand, park int) []byte {
	const step = 0.0001
	w, h := step*float64(1+r.IntN(6)), step*float64(1+r.IntN(6))
	x, y := step*float64(r.IntN(46)), step*float64(r.IntN(46))
	if side := float64(38+r.IntN(8)) * step; r.IntN(2) == 0 {
		x = []float64{step * float64(r.IntN(8)), side}[r.IntN(2)]
	} else {
		y = []float64{step * float64(r.IntN(8)), side}[r.IntN(2)]
	}
	west, south := frontWest+pitch*float64(park%4)+x, frontSouth+pitch*float64(park/4)+y
	return fmt.Appendf(nil,
		`{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`,
		geo.SnapDegrees(west), geo.SnapDegrees(south), geo.SnapDegrees(west+w), geo.SnapDegrees(south+h))
}

// some is a live parcel of the park with its version.
func (f *frontier) some(r *rand.Rand, park int) (id uuid.UUID, version int64, found bool) {
	const sql = `SELECT p.parcel_id, p.version FROM parcel p JOIN parcel_version v USING (park_id, parcel_id)
		WHERE p.park_id = $1 AND v.to_seq IS NULL ORDER BY md5(p.parcel_id || $2::text) LIMIT 1`
	err := f.Planner.QueryRow(context.Background(), sql, f.ids[park], fmt.Sprint(r.IntN(1000))).Scan(&id, &version)
	return id, version, err == nil
}

// do carries out an order and sorts what came of it. What nobody may meet is a deadlock, or to be told to try again.
func (f *frontier) do(kind string, park int, c ledger.Command) {
	o := ledger.Order{Park: f.parks[park], Command: c, Reason: "soak", By: f.planner, Via: "soak"}
	if kind == "correct" {
		o.Documents = []ledger.Document{{Title: "测绘报告"}}
	}
	if ledger.NeedsTwo(kind) {
		o.ApprovedBy = &f.second
	}
	_, err := ledger.Of(f.Store).Do(context.Background(), o)
	var stale *store.Stale
	var denial *store.Denial
	var refused *lot.Refused
	var invalid *geo.Invalid
	result := "done"
	switch {
	case err == nil:
	case errors.As(err, &stale):
		result = "stale"
	case errors.As(err, &denial) && slices.Contains([]string{"parcels_overlap", "parcel_in_park", "parcel_is_live",
		"parcel_has_area", "shape_is_plane"}, denial.Rule), errors.As(err, &refused), errors.As(err, &invalid):
		result = "denied"
	default:
		result = "fault"
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts[kind+" "+result]++
	if result == "fault" && len(f.faults) < 5 {
		f.faults = append(f.faults, fmt.Sprintf("%s: %v", kind, err))
	}
}

// overlaps are pairs of live parcels of the whole database that share more than 0.01 m² + 0.1 mm × the shorter outline,
// in the plane of either's park. PostGIS alone says so: none of the product's functions is asked.
func (f *frontier) overlaps() []string {
	f.t.Helper()
	const sql = `
SELECT coalesce(array_agg(k.code || ' ' || a.code || ' and ' || q.code || ' ' || b.code || ': ' || round(s.m2::numeric, 3)), '{}')
  FROM parcel_version a JOIN parcel_version b ON b.to_seq IS NULL AND a.geom && ST_Expand(b.geom, 0.0001)
    AND (a.park_id, a.parcel_id) < (b.park_id, b.parcel_id)
  JOIN park k ON k.park_id = a.park_id JOIN park q ON q.park_id = b.park_id
 CROSS JOIN LATERAL (SELECT min(ST_Area(ST_Intersection(ST_Transform(a.geom, crs), ST_Transform(b.geom, crs)))
                               - 0.01 - 0.0001 * least(ST_Perimeter(ST_Transform(a.geom, crs)),
                                 ST_Perimeter(ST_Transform(b.geom, crs)))) AS m2
                       FROM (VALUES (k.survey_crs), (q.survey_crs)) plane (crs)) s
 WHERE a.to_seq IS NULL AND s.m2 > 0`
	return number[[]string](f.t, f.DB, sql)
}
