package lot_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"luodi/geo/lot"
)

// far puts shapes drawn near 0, 0 where parcels lie in the sample park's survey system.
var far = orb.Point{500_000, 4_120_000}

var rules = lot.Rules{SnapM: 0.01, LeastM2: 1, LeastWidthM: 0.05}

// ground is a plane with parcels drawn as WKT, moved to far.
type ground struct {
	t     testing.TB
	plane *lot.Plane
}

func newGround(t testing.TB) ground { return ground{t, new(lot.Plane)} }

func (g ground) parcel(text string) lot.Shape {
	g.t.Helper()
	poly, err := wkt.UnmarshalPolygon(text)
	if err != nil {
		g.t.Fatal(err)
	}
	return g.add(moved(poly))
}

func (g ground) add(poly orb.Polygon) lot.Shape {
	g.t.Helper()
	s, err := g.plane.Add(poly)
	if err != nil {
		g.t.Fatal(err)
	}
	return s
}

func (g ground) vertex(x, y float64) int {
	g.t.Helper()
	id, err := g.plane.Vertex(orb.Point{x + far[0], y + far[1]})
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}

func moved(poly orb.Polygon) orb.Polygon {
	out := poly.Clone()
	for _, ring := range out {
		for i := range ring {
			ring[i][0] += far[0]
			ring[i][1] += far[1]
		}
	}
	return out
}

func line(text string) []orb.Point {
	ls, err := wkt.UnmarshalLineString(text)
	if err != nil {
		panic(err)
	}
	for i := range ls {
		ls[i][0] += far[0]
		ls[i][1] += far[1]
	}
	return ls
}

// take extends the plane by a division and checks what every division promises.
func (g ground) take(d lot.Division, err error) lot.Division {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
	if err := g.plane.Extend(d.New); err != nil {
		g.t.Fatal(err)
	}
	return d
}

// wkt draws a shape near 0, 0 again, to the millimetre, each ring from its lowest leftmost vertex.
func (g ground) wkt(s lot.Shape) string {
	var rings []string
	for _, ring := range s {
		first := 0
		for i, id := range ring {
			a, b := g.plane.Point(id), g.plane.Point(ring[first])
			if a[1] < b[1]-1e-6 || math.Abs(a[1]-b[1]) < 1e-6 && a[0] < b[0] {
				first = i
			}
		}
		var pts []string
		for i := range ring {
			p := g.plane.Point(ring[(first+i)%len(ring)])
			pts = append(pts, fmt.Sprintf("%v %v", milli(p[0]-far[0]), milli(p[1]-far[1])))
		}
		rings = append(rings, "("+strings.Join(pts, ", ")+")")
	}
	return strings.Join(rings, ", ")
}

func milli(x float64) float64 { return math.Round(x*1000)/1000 + 0 }

func (g ground) areas(parts []lot.Shape) []float64 {
	out := make([]float64, len(parts))
	for i, s := range parts {
		out[i] = g.plane.AreaM2(s)
	}
	return out
}

// refused checks that an operation was refused for a reason.
func refused(t testing.TB, err error, want lot.Reason) *lot.Refused {
	t.Helper()
	var r *lot.Refused
	if !errors.As(err, &r) || r.Reason != want {
		t.Fatalf("got %v, want %s", err, want)
	}
	if r.Field == "" || r.Rule == "" || r.Got == "" {
		t.Fatalf("says too little: %v", err)
	}
	return r
}
