package outlet_test

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"luodi/data/feed"
	"luodi/data/store/storetest"
)

// BenchmarkTiles writes a park of 20,000 parcels (or LUODI_BENCH_ROWS) as map tiles of the zooms 8 to 16, and has
// others write the same zooms of the same rows with the attributes that our tiles have: ogr2ogr as MBTiles, and where
// there is one (it is no package of Debian 12) tippecanoe as PMTiles, from a FlatGeobuf that it is given. It measures
// the seconds of each, and the most memory that this process and tippecanoe held.
func BenchmarkTiles(b *testing.B) {
	n := rowsAsked(b)
	db := storetest.New(b)
	storetest.Grow(b, db, 1, n)
	b.Run("pmtiles", func(b *testing.B) {
		for b.Loop() {
			export(b, feed.Of(db.Store), "pmtiles", n)
		}
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric(float64(highest(b))/1024, "peak-MiB")
	})
	b.Run("ogr2ogr", func(b *testing.B) {
		for b.Loop() {
			peerTiles(b, db.Source.URL)
		}
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("tippecanoe", func(b *testing.B) {
		if _, err := exec.LookPath("tippecanoe"); err != nil {
			b.Skip(err)
		}
		dir := b.TempDir()
		rows := filepath.Join(dir, "rows.fgb")
		readBy(b, db.Source.URL, "-f", "FlatGeobuf", rows)
		var most int64
		for b.Loop() {
			// its limits of a tile are lifted too
			command := exec.Command("tippecanoe", "-q", "-f", "-o", filepath.Join(dir, "peer.pmtiles"), "-l", "parcels",
				"-Z8", "-z16", "--no-feature-limit", "--no-tile-size-limit", rows)
			if out, err := command.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
			most = max(most, command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
		}
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric(float64(most)/1024, "peak-MiB")
	})
}

// peerTiles has ogr2ogr draw the tiles. Its limits of a tile are lifted: ours leave nothing out.
func peerTiles(b *testing.B, address string) {
	b.Helper()
	readBy(b, address, "-f", "MBTiles", filepath.Join(b.TempDir(), "peer.mbtiles"), "-dsco", "MINZOOM=8", "-dsco",
		"MAXZOOM=16", "-dsco", "MAX_SIZE=100000000", "-dsco", "MAX_FEATURES=10000000")
}

// readBy has ogr2ogr write the rows with the attributes that our tiles have, in a format to a file.
func readBy(b *testing.B, address string, format ...string) {
	b.Helper()
	command := exec.Command("ogr2ogr", append(format, "PG:"+keywords(b, address), "-nln", "parcels", "-sql",
		"SELECT p.parcel_id::text AS id, park.code AS park, p.code, p.zone, p.status, p.bank_status, p.land_use, "+
			"p.legal_m2::float8, p.geom FROM parcel_public p JOIN park USING (park_id) WHERE park.code = 'growing-1' AND "+
			"to_seq IS NULL")...)
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
}
