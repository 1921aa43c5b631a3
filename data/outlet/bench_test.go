package outlet_test

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/data/store/storetest"
)

// BenchmarkExport writes a park of 20,000 parcels (or LUODI_BENCH_ROWS) into files, and has ogr2ogr write the same rows
// of the same database: seconds of each, the ratio, and the most memory that this process held.
// GDAL of Debian has no GeoParquet: there ogr2ogr writes a GeoPackage without an index, which is the least it can do.
func BenchmarkExport(b *testing.B) {
	n := rowsAsked(b)
	db := storetest.New(b)
	storetest.Grow(b, db, 1, n)
	for _, c := range []struct {
		format, driver string
		options        []string
	}{
		{"fgb", "FlatGeobuf", nil}, {"gpkg", "GPKG", nil},
		{"parquet", "GPKG", []string{"-lco", "SPATIAL_INDEX=NO"}},
		{"shp", "ESRI Shapefile", []string{"-lco", "ENCODING=UTF-8"}},
		{"csv", "CSV", []string{"-lco", "GEOMETRY=AS_WKT"}},
		{"geojson", "GeoJSON", nil}, {"xlsx", "", nil}, {"dxf", "", nil}, {"kml", "", nil},
	} {
		b.Run(c.format, func(b *testing.B) {
			var own, others time.Duration
			for range b.N {
				own += export(b, feed.Of(db.Store), c.format, n)
				if c.driver != "" {
					others += peer(b, db.Source.URL, c.driver, c.options)
				}
			}
			b.ReportMetric(own.Seconds()/float64(b.N), "s")
			b.ReportMetric(float64(n*b.N)/own.Seconds(), "rows/s")
			b.ReportMetric(float64(highest(b))/1024, "peak-MiB")
			if c.driver != "" {
				b.ReportMetric(others.Seconds()/float64(b.N), "ogr2ogr-s")
				b.ReportMetric(own.Seconds()/others.Seconds(), "of-ogr2ogr")
			}
		})
	}
}

// rowsAsked is how many parcels the park of a benchmark has.
func rowsAsked(b *testing.B) int {
	b.Helper()
	n := 20_000
	if text := os.Getenv("LUODI_BENCH_ROWS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			b.Fatal(err)
		}
	}
	return n
}

// export writes the parcels of the park into a file and throws it away.
func export(b *testing.B, f feed.Feed, format string, n int) time.Duration {
	b.Helper()
	kind, err := outlet.ParseFormat(format)
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "out"+kind.Ending)
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = os.Remove(path) }()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Log("the peak of memory is that of the whole run:", err)
	}
	j := &outlet.Job{Format: kind, CRS: kind.Default(4550), Words: words, At: time.Unix(0, 0), Temp: b.TempDir(),
		Zooms:   outlet.Zooms{Least: 8, Most: 16},
		Queries: []*feed.Query{{Collection: feed.Parcels(), Park: "growing-1"}}}
	begun := time.Now()
	err = f.View(context.Background(), func(v *feed.View) error {
		rows, err := j.Write(context.Background(), v, file)
		if err == nil && rows != int64(n) {
			err = fmt.Errorf("%d rows", rows)
		}
		return err
	})
	if err != nil || file.Close() != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}

// peer has ogr2ogr write the same rows, every column of the public's table.
func peer(b *testing.B, address, driver string, options []string) time.Duration {
	b.Helper()
	path := filepath.Join(b.TempDir(), "peer.out")
	if driver == "ESRI Shapefile" {
		path += ".shp"
	}
	args := append([]string{"-f", driver, "-nlt", "POLYGON", "-nln", "parcels"}, options...)
	command := exec.Command("ogr2ogr", append(args, path, "PG:"+keywords(b, address), "-sql",
		"SELECT p.* FROM parcel_public p JOIN park USING (park_id) WHERE park.code = 'growing-1' AND to_seq IS NULL")...)
	begun := time.Now()
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	took := time.Since(begun)
	_ = os.Remove(path)
	return took
}

// highest is the most memory that this process held, in KiB.
func highest(b *testing.B) (kib int64) {
	b.Helper()
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if n, _ := fmt.Sscanf(lines.Text(), "VmHWM: %d kB", &kib); n == 1 {
			return kib
		}
	}
	return 0
}

// keywords is the address of a database as GDAL takes it.
func keywords(b *testing.B, address string) string {
	b.Helper()
	u, err := url.Parse(address)
	if err != nil {
		b.Fatal(err)
	}
	q := u.Query()
	return fmt.Sprintf("host=%s port=%s user=%s dbname=%s", q.Get("host"), q.Get("port"), u.User.Username(),
		strings.TrimPrefix(u.Path, "/"))
}
