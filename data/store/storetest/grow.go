package storetest

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Corner of the ground that tests lay parcels on, in EPSG:4550: about 122.03°E 37.25°N.
const EastM, NorthM = 414_000.0, 4_124_000.0

// fillPark makes park $1 of $2 parcels of 20 m beside each other, all of its land at once and past every trigger, as
// only the owner may. Everything that a park has grows with it: a right on each tenth parcel with its record, project
// and draw; a place in the queue on each fiftieth; a past version of each tenth; a zone, a plan unit and a node for
// each fiftieth. Ids tell what they are of, see [GrownID], and follow time in their first 48 bits as UUIDv7 do: a
// GiST index tells no two apart that differ later.
//
//go:embed grow.sql
var fillPark string

// Grow makes the n-th of a test's parks, growing-n, 10 km east of the one before.
func Grow(t testing.TB, db *DB, n, parcels int) {
	t.Helper()
	sql := fmt.Sprintf(fillPark, n, parcels, EastM+10_000*float64(n), NorthM)
	err := pgx.BeginFunc(context.Background(), db.Owner, func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		t.Fatalf("make park %d: %v", n, err)
	}
}

// GrownID is that of the i-th of a kind in the n-th park: 0 the park, 1 a parcel, 2 a right, 3 a zone, 5 a plan unit,
// 6 a node, 7 a project, 8 a place in the queue.
func GrownID(n, kind, i int) uuid.UUID {
	time := fmt.Sprintf("019%02x%07x", n, i)
	return uuid.MustParse(fmt.Sprintf("%s-%s-7%d00-8000-%012x", time[:8], time[8:], kind, i))
}

// TurnedGrid writes n parcels of 33 m and 11 points beside each other, turned by 20° so that neighbours' boxes overlap
// as real ones do.
func TurnedGrid(b testing.TB, n int) string {
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
		for _, p := range [][2]float64{{0, 0}, {11, 0}, {22, 0}, {33, 0}, {33, 16}, {33, 33}, {22, 33}, {11, 33},
			{0, 33}, {0, 16}, {0, 0}} {
			x, y := x0+p[0], y0+p[1]
			ring = append(ring, fmt.Sprintf("[%.4f,%.4f]", EastM+cos*x-sin*y, NorthM+sin*x+cos*y))
		}
		if i > 0 {
			_ = out.WriteByte(',')
		}
		_, _ = fmt.Fprintf(out,
			`{"type":"Feature","properties":{"code":"P%07d","land_use":"1001"},"geometry":{"type":"Polygon","coordinates":[[%s]]}}`, i, strings.Join(ring, ","))
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
