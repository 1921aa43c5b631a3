// Package lottest generates random parcels, lines and lots for the tests of the geometry packages, and checks results
// with independent code. Only tests import it.
package lottest

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

// Far puts shapes drawn near 0, 0 where parcels lie in the sample park's survey system.
var Far = orb.Point{500_000, 4_120_000}

// Rules are those most tests cut by.
var Rules = lot.Rules{SnapM: 0.01, LeastM2: 1, LeastWidthM: 0.05}

// Ground is a plane with parcels drawn as WKT, moved to Far.
type Ground struct {
	t     testing.TB
	Plane *lot.Plane
}

// NewGround is an empty plane.
func NewGround(t testing.TB) Ground { return Ground{t, new(lot.Plane)} }

// Parcel adds a parcel from WKT near 0, 0.
func (g Ground) Parcel(text string) lot.Shape {
	g.t.Helper()
	poly, err := wkt.UnmarshalPolygon(text)
	if err != nil {
		g.t.Fatal(err)
	}
	return g.Add(Moved(poly))
}

// Add adds a parcel where it lies.
func (g Ground) Add(poly orb.Polygon) lot.Shape {
	g.t.Helper()
	s, err := g.Plane.Add(poly)
	if err != nil {
		g.t.Fatal(err)
	}
	return s
}

// Vertex adds a vertex near 0, 0.
func (g Ground) Vertex(x, y float64) int {
	g.t.Helper()
	id, err := g.Plane.Vertex(orb.Point{x + Far[0], y + Far[1]})
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}

// Moved is a polygon drawn near 0, 0, moved to Far.
func Moved(poly orb.Polygon) orb.Polygon {
	out := poly.Clone()
	for _, ring := range out {
		for i := range ring {
			ring[i][0] += Far[0]
			ring[i][1] += Far[1]
		}
	}
	return out
}

// Line reads a line near 0, 0 from WKT and moves it to Far.
func Line(text string) []orb.Point {
	ls, err := wkt.UnmarshalLineString(text)
	if err != nil {
		panic(err)
	}
	for i := range ls {
		ls[i][0] += Far[0]
		ls[i][1] += Far[1]
	}
	return ls
}

// Take extends the plane by a division and checks what every division promises.
func (g Ground) Take(d lot.Division, err error) lot.Division {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
	if err := g.Plane.Extend(d.New); err != nil {
		g.t.Fatal(err)
	}
	return d
}

// WKT draws a shape near 0, 0 again, to the millimetre, each ring from its lowest leftmost vertex.
func (g Ground) WKT(s lot.Shape) string {
	var rings []string
	for _, ring := range s {
		first := 0
		for i, id := range ring {
			a, b := g.Plane.Point(id), g.Plane.Point(ring[first])
			if a[1] < b[1]-1e-6 || math.Abs(a[1]-b[1]) < 1e-6 && a[0] < b[0] {
				first = i
			}
		}
		var pts []string
		for i := range ring {
			p := g.Plane.Point(ring[(first+i)%len(ring)])
			pts = append(pts, fmt.Sprintf("%v %v", milli(p[0]-Far[0]), milli(p[1]-Far[1])))
		}
		rings = append(rings, "("+strings.Join(pts, ", ")+")")
	}
	return strings.Join(rings, ", ")
}

func milli(x float64) float64 { return math.Round(x*1000)/1000 + 0 }

// Areas lists the areas of shapes, in m².
func (g Ground) Areas(parts []lot.Shape) []float64 {
	out := make([]float64, len(parts))
	for i, s := range parts {
		out[i] = g.Plane.AreaM2(s)
	}
	return out
}

// Refused checks that an operation was refused for a reason.
func Refused(t testing.TB, err error, want lot.Reason) *lot.Refused {
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
