package ledger_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/store/storetest"
)

// sqlSumsApart compares what is kept with the sums of the rows, in every state that a park was in.
const sqlSumsApart = `
WITH state AS (SELECT park_id, generate_series(0, seq) AS seq FROM park_clock),
real AS (
  SELECT s.park_id, s.seq, f.status, count(*) AS parcels, sum(f.legal_m2 * 10000)::bigint AS legal,
    sum(round(f.computed_m2 * 10000)::bigint)::bigint AS computed,
         sum(round(ST_Area(ST_Transform(ST_Intersection(p.geom, f.geom),
           p.survey_crs)) * 10000)::bigint)::bigint AS inside
    FROM state s JOIN parcel_public f ON f.park_id = s.park_id AND f.from_seq <= s.seq
      AND coalesce(f.to_seq, 9223372036854775807) > s.seq JOIN park_public p ON p.park_id = s.park_id
   GROUP BY s.park_id, s.seq, f.status),
kept AS (
  SELECT s.park_id, s.seq, k.status, k.parcels, k.legal, k.computed, k.inside
    FROM state s JOIN land_sum_public k ON k.park_id = s.park_id AND k.from_seq <= s.seq
      AND coalesce(k.to_seq, 9223372036854775807) > s.seq WHERE k.parcels <> 0)
SELECT count(*) FROM real FULL JOIN kept USING (park_id, seq, status)
 WHERE (real.parcels, real.legal, real.computed) IS DISTINCT FROM (kept.parcels, kept.legal, kept.computed)
   OR NOT abs(real.inside - kept.inside) <= real.parcels`

// sumsApart counts the states, by status, whose kept sums are not those of the rows. An area inside the boundary is
// measured along two ways, which agree to 0.0001 m² a parcel.
func sumsApart(t testing.TB, db *storetest.DB) (n int) {
	t.Helper()
	if err := db.Owner.QueryRow(context.Background(), sqlSumsApart).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestKeptSumsAreThoseOfTheRows: after each kind of change, in each state there was, and after the boundary moved.
func TestKeptSumsAreThoseOfTheRows(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	db := ground.DB
	park := ground.Plot(t, "sums", land, heldA, cutA+`SELECT uncover('h', 'A'), cover('h', 'A1')`,
		`SELECT deed('publish'), shut('B'), "on"('B', publication => 'internal')`,
		`SELECT deed('publish'), shut('B'), "on"('B', publication => 'public')`,
		`SELECT deed('take_back'), uncover('h', 'A1'), finish('h')`, `SELECT deed('withdraw'), shut('A2'),
			"on"('A2', bank => 'withdrawn')`)
	other := storetest.Park(t, db, "other")
	storetest.Parcels(t, db, other, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001},
		storetest.Square{Code: "B", X: 0.3, Y: 0.1, Side: 0.001, Internal: true})
	if n := sumsApart(t, db); n != 0 {
		t.Fatalf("%d of the kept sums are not those of the rows", n)
	}
	var kept int
	if err := db.Owner.QueryRow(t.Context(), `SELECT count(*) FROM land_sum_public WHERE park_id = $1`,
		park).Scan(&kept); err != nil || kept < 8 {
		t.Fatalf("%d sums show nothing: %v", kept, err)
	}
	storetest.Border(t, db, park, `ST_MakeEnvelope(122.02, 37.24, 122.0215, 37.25, 4490)`)
	if n := sumsApart(t, db); n != 0 {
		t.Errorf("%d of the kept sums are not those of the rows after the boundary moved", n)
	}
	for name, trigger := range map[string]string{"a row that begins": "sum_begun", "a row that ends": "sum_ended"} {
		err := pgx.BeginFunc(t.Context(), db.Owner, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `ALTER TABLE parcel_public DISABLE TRIGGER `+trigger); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `SELECT begin_record($1, gen_random_uuid(), 'withdraw', 'r', 'test')`,
				other); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `SELECT publish_parcels($1, (SELECT array_agg(parcel_id)
				FROM parcel WHERE park_id = $1))`, other); err != nil {
				return err
			}
			var n int
			if err := tx.QueryRow(t.Context(), sqlSumsApart).Scan(&n); err != nil || n == 0 {
				t.Errorf("%s is not summed, and nobody notices: %v", name, err)
			}
			return pgx.ErrTxClosed
		})
		if err != pgx.ErrTxClosed {
			t.Error(err)
		}
	}
}

// TestABalanceAndTheListOfParksReadNoParcel: what they cost doesn't grow with the land.
func TestABalanceAndTheListOfParksReadNoParcel(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	park := storetest.Park(t, db, "park")
	storetest.Parcels(t, db, park, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001},
		storetest.Square{Code: "B", X: 0.3, Y: 0.1, Side: 0.001})
	if _, err := db.Owner.Exec(ctx, `REVOKE SELECT ON parcel_public FROM luodi_public`); err != nil {
		t.Fatal(err)
	}
	if err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
		b, err := v.Balance(ctx, "park", nil)
		if err == nil && b.Total.Parcels != 2 {
			t.Errorf("%d parcels in the balance", b.Total.Parcels)
		}
		if err != nil {
			return err
		}
		all, err := v.ParkList(ctx)
		if err == nil && (len(all) != 1 || all[0].Parcels != 2 || all[0].ID != uuid.UUID(park).String()) {
			t.Errorf("%+v", all)
		}
		return err
	}); err != nil {
		t.Errorf("without a right to read parcels: %v", err)
	}
}
