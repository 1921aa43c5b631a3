package ledger_test

import (
	"fmt"
	"testing"

	"luodi/data/store/storetest"
)

// BenchmarkSettleAnImport measures the database's own part of an import: square parcels in one record, written and
// checked. Run it with -benchtime 1x.
func BenchmarkSettleAnImport(b *testing.B) {
	for _, side := range []int{32, 100, 316} {
		b.Run(fmt.Sprint(side*side), func(b *testing.B) {
			ground := storetest.NewGround(b)
			sql := fmt.Sprintf(`SELECT deed('import');
				CREATE TEMP TABLE square ON COMMIT DROP AS SELECT gen_random_uuid() AS id, n,
				  box(20*(n%%%[1]d), 20*(n/%[1]d), 20*(n%%%[1]d) + 20, 20*(n/%[1]d) + 20) AS geom
				  FROM generate_series(0, %[1]d*%[1]d - 1) n;
				INSERT INTO parcel (park_id, parcel_id) SELECT attack.park(), id FROM square;
				INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication,
				  geom) SELECT attack.park(), id, (SELECT seq()), n::text, 'available', 400, 'public', geom FROM square`, side)
			i := 0
			for b.Loop() {
				i++
				b.StopTimer()
				park := ground.Plot(b, fmt.Sprintf("park-%d", i))
				b.StartTimer()
				if got := ground.Attack(b, park, storetest.Levels[0], sql); got != storetest.Taken {
					b.Fatal(got)
				}
			}
			b.ReportMetric(float64(side*side*i)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
