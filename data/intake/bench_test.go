package intake_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store/storetest"
)

// BenchmarkImport measures rows a second of a whole import into a new park, and the largest heap of this process on the
// way; with LUODI_BENCH_ROWS another number of rows than 20,000.
func BenchmarkImport(b *testing.B) {
	n := 20_000
	if text := os.Getenv("LUODI_BENCH_ROWS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			b.Fatal(err)
		}
	}
	path := storetest.TurnedGrid(b, n)
	db := storetest.New(b)
	var peak uint64
	b.ResetTimer()
	for i := range b.N {
		reader, err := file.Open(context.Background(), path, file.Options{})
		if err != nil {
			b.Fatal(err)
		}
		report, err := intake.Of(db.Store).Import(context.Background(), request(fmt.Sprintf("p%d", i)), reader,
			func(int64, int64) {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			})
		if err != nil || report.Taken != int64(n) {
			b.Fatal(err, report.Taken)
		}
		if err := reader.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(peak)/(1<<20), "heap-MiB")
}
