package outlet_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/data/store/storetest"
)

// sqlRefit gives parcels $2 of a park another use in its next state, as the public reads them. What a record writes
// beside has no part in what is measured.
const sqlRefit = `
WITH tick AS (UPDATE park_clock SET seq = seq + 1, at = at + interval '1 second' WHERE park_id = $1 RETURNING seq, at),
was AS (UPDATE parcel_public p SET to_seq = t.seq, sys = tstzrange(lower(p.sys), t.at) FROM tick t
         WHERE p.park_id = $1 AND p.to_seq IS NULL AND p.parcel_id = ANY ($2) RETURNING p.*)
INSERT INTO parcel_public (park_id, parcel_id, from_seq, sys, code, zone, status, bank_status, land_use, services,
       legal_m2, computed_m2, ellipsoid_m2, expires_at, geom)
SELECT park_id, parcel_id, t.seq, tstzrange(t.at, NULL), code, zone, status, bank_status, '1101', services, legal_m2,
       computed_m2, ellipsoid_m2, expires_at, geom FROM was CROSS JOIN tick t`

// BenchmarkChanges reads 10,000 changes, made by ten records, of a park of 20,000 parcels (or LUODI_BENCH_ROWS).
func BenchmarkChanges(b *testing.B) {
	n := rowsAsked(b)
	const changes, many = 10_000, 10
	db := storetest.New(b)
	storetest.Grow(b, db, 1, n)
	f := feed.Of(db.Store)
	before := newest(b, f)
	for i := range many {
		var some []uuid.UUID
		for j := range changes / many {
			some = append(some, storetest.GrownID(1, 1, (j*many+i)*(n/changes)+1))
		}
		err := pgx.BeginFunc(context.Background(), db.Owner, func(tx pgx.Tx) error {
			if _, err := tx.Exec(context.Background(), `SET LOCAL session_replication_role = replica`); err != nil {
				return err
			}
			_, err := tx.Exec(context.Background(), sqlRefit, storetest.GrownID(1, 0, 0), some)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	after := newest(b, f)
	for _, name := range []string{"geojson", "gpkg", "fgb"} {
		b.Run(name, func(b *testing.B) {
			kind, err := outlet.ParseFormat(name)
			if err != nil {
				b.Fatal(err)
			}
			var took time.Duration
			for range b.N {
				j := &outlet.Job{Format: kind, CRS: kind.Default(4550), Words: words, Temp: b.TempDir(),
					Changed: &feed.Span{After: before, To: after},
					Queries: []*feed.Query{{Collection: feed.Parcels(), Park: "growing-1"}}}
				begun := time.Now()
				err := f.View(context.Background(), func(v *feed.View) error {
					rows, err := j.Write(context.Background(), v, &bytes.Buffer{})
					if err == nil && rows != changes {
						err = fmt.Errorf("%d changes", rows)
					}
					return err
				})
				if took += time.Since(begun); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(took.Seconds()/float64(b.N), "s")
		})
	}
}

func newest(b *testing.B, f feed.Feed) (seq int64) {
	b.Helper()
	err := f.View(context.Background(), func(v *feed.View) error {
		park, err := v.Park(context.Background(), "growing-1")
		if err == nil {
			seq = park.Seq
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return seq
}
