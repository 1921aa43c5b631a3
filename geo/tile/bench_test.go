package tile_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"luodi/geo/tile"
)

// filled is a tile of Web Mercator full of parcels, side × side of them with lanes between.
func filled(z, side int) (tile.Address, []parcel) {
	at := tile.Address{Set: tile.SetByID("WebMercatorQuad"), Z: z, Row: 393 << (z - 10), Col: 855 << (z - 10)}
	b := at.Degrees()
	r := rand.New(rand.NewPCG(1, 2))
	dx, dy := (b.Max[0]-b.Min[0])/float64(side), (b.Max[1]-b.Min[1])/float64(side)
	var out []parcel
	for j := range side {
		for i := range side {
			var ring orb.Ring
			for _, c := range [][2]float64{{0, 0}, {0.9, 0}, {0.9, 0.9}, {0, 0.9}} {
				x, y := float64(i)+c[0]+0.1*r.Float64(), float64(j)+c[1]+0.1*r.Float64()
				ring = append(ring, orb.Point{round9(b.Min[0] + x*dx), round9(b.Min[1] + y*dy)})
			}
			ring = append(ring, ring[0])
			p := parcel{id: fmt.Sprintf("0192f3c4-7d1e-7a2b-9c3d-%012x", len(out)), shape: orb.MultiPolygon{{ring}},
				status: statuses[(i/9+j/5)%len(statuses)]}
			p.ewkb = ewkb.MustMarshal(p.shape[0], 4490, binary.LittleEndian)
			out = append(out, p)
		}
	}
	return at, out
}

var cases = []struct{ z, side int }{{10, 670}, {12, 167}, {14, 42}, {16, 11}}

// processor is the time of processors that this process has used: unlike the clock's it doesn't grow with what else
// runs.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkTile writes tiles of parcels with an id, a status and a legal area.
func BenchmarkTile(b *testing.B) {
	for _, c := range cases {
		b.Run(fmt.Sprintf("z%d/%d", c.z, c.side*c.side), func(b *testing.B) {
			at, parcels := filled(c.z, c.side)
			var tags [][]tile.Value
			for i := range parcels {
				tags = append(tags, parcels[i].tags())
			}
			var w tile.Writer
			var body []byte
			b.ReportAllocs()
			begin := processor()
			for b.Loop() {
				w.Begin(at, "parcels", keys, merged)
				for i := range parcels {
					if err := w.Add(parcels[i].ewkb, parcels[i].status, tags[i]...); err != nil {
						b.Fatal(err)
					}
				}
				body = w.Append(body[:0])
			}
			b.ReportMetric(float64((processor()-begin).Nanoseconds())/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(len(body)), "B/tile")
		})
	}
}

// BenchmarkOrb does the same by orb: EWKB to geometries, projected, clipped and encoded.
func BenchmarkOrb(b *testing.B) {
	for _, c := range cases {
		b.Run(fmt.Sprintf("z%d/%d", c.z, c.side*c.side), func(b *testing.B) {
			at, parcels := filled(c.z, c.side)
			var body []byte
			b.ReportAllocs()
			begin := processor()
			for b.Loop() {
				fc := geojson.NewFeatureCollection()
				for i := range parcels {
					g, _, err := ewkb.Unmarshal(parcels[i].ewkb)
					if err != nil {
						b.Fatal(err)
					}
					f := geojson.NewFeature(g)
					f.Properties = geojson.Properties{"id": parcels[i].id, "status": parcels[i].status,
						"legal_m2": parcels[i].legal()}
					fc.Append(f)
				}
				l := mvt.NewLayer("parcels", fc)
				l.ProjectToTile(maptile.New(uint32(at.Col), uint32(at.Row), maptile.Zoom(at.Z)))
				l.Clip(mvt.MapboxGLDefaultExtentBound)
				var err error
				if body, err = mvt.Marshal(mvt.Layers{l}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processor()-begin).Nanoseconds())/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(len(body)), "B/tile")
		})
	}
}
