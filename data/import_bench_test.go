package data_test

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"luodi/data/datatest"
	"luodi/data/exchange"
)

// turnedGrid writes n parcels of 33 m and 11 points beside each other, turned by 20° so that neighbours' boxes overlap as real ones do.
func turnedGrid(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "grid.geojson")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriter(file)
	side := int(math.Ceil(math.Sqrt(float64(n))))
	sin, cos := math.Sincos(20 * math.Pi / 180)
	_, _ = out.WriteString(`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4550"}},"features":[`)
	for i := range n {
		x0, y0 := float64(i%side)*33, float64(i/side)*33
		var ring []string
		for _, p := range [][2]float64{{0, 0}, {11, 0}, {22, 0}, {33, 0}, {33, 16}, {33, 33}, {22, 33}, {11, 33}, {0, 33}, {0, 16}, {0, 0}} {
			x, y := x0+p[0], y0+p[1]
			ring = append(ring, fmt.Sprintf("[%.4f,%.4f]", eastM+cos*x-sin*y, northM+sin*x+cos*y))
		}
		if i > 0 {
			_ = out.WriteByte(',')
		}
		_, _ = fmt.Fprintf(out, `{"type":"Feature","properties":{"code":"P%07d","land_use":"1001"},"geometry":{"type":"Polygon","coordinates":[[%s]]}}`, i, strings.Join(ring, ","))
	}
	_, _ = out.WriteString("]}")
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkImport measures rows a second of a whole import into a new park, and the largest heap of this process on the way; with
// LUODI_BENCH_ROWS another number of rows than 20,000.
func BenchmarkImport(b *testing.B) {
	n := 20_000
	if text := os.Getenv("LUODI_BENCH_ROWS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			b.Fatal(err)
		}
	}
	path := turnedGrid(b, n)
	db := datatest.New(b)
	var peak uint64
	b.ResetTimer()
	for i := range b.N {
		reader, err := exchange.Open(context.Background(), path, exchange.Options{})
		if err != nil {
			b.Fatal(err)
		}
		report, err := db.Store.Import(context.Background(), request(fmt.Sprintf("p%d", i)), reader, func(int64, int64) {
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
