package outlet_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"luodi/data/feed"
	"luodi/data/store/storetest"
)

// BenchmarkTiles writes a park of 20,000 parcels (or LUODI_BENCH_ROWS) as map tiles of the zooms 8 to 16, and has
// ogr2ogr write the same zooms of the same rows with the attributes that our tiles have, as MBTiles: seconds of each
// and the most memory that this process held. tippecanoe is no package of Debian 12.
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
}

// peerTiles has ogr2ogr draw the tiles. Its limits of a tile are lifted: ours leave nothing out.
func peerTiles(b *testing.B, address string) {
	b.Helper()
	command := exec.Command("ogr2ogr", "-f", "MBTiles", filepath.Join(b.TempDir(), "peer.mbtiles"),
		"PG:"+keywords(b, address), "-nln", "parcels", "-dsco", "MINZOOM=8", "-dsco", "MAXZOOM=16", "-dsco",
		"MAX_SIZE=100000000", "-dsco", "MAX_FEATURES=10000000", "-sql",
		"SELECT p.parcel_id::text AS id, park.code AS park, p.code, p.zone, p.status, p.bank_status, p.land_use, "+
			"p.legal_m2::float8, p.geom FROM parcel_public p JOIN park USING (park_id) WHERE park.code = 'growing-1' AND "+
			"to_seq IS NULL")
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
}
