package ewkb_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	orbewkb "github.com/paulmach/orb/encoding/ewkb"
	"pgregory.net/rapid"

	"luodi/data/store/ewkb"
	"luodi/geo"
)

// anyGeometry draws an orb geometry, empty parts too.
func anyGeometry(depth int) *rapid.Generator[orb.Geometry] {
	number := rapid.Float64Range(-1e9, 1e9)
	point := rapid.Custom(func(t *rapid.T) orb.Point { return orb.Point{number.Draw(t, "x"), number.Draw(t, "y")} })
	points := rapid.SliceOfN(point, 0, 6)
	line := rapid.Map(points, func(p []orb.Point) orb.LineString { return p })
	polygon := rapid.Map(rapid.SliceOfN(rapid.Map(points, func(p []orb.Point) orb.Ring { return p }), 0, 3),
		func(r []orb.Ring) orb.Polygon { return r })
	kinds := []*rapid.Generator[orb.Geometry]{
		rapid.Map(point, func(p orb.Point) orb.Geometry { return p }),
		rapid.Map(line, func(l orb.LineString) orb.Geometry { return l }),
		rapid.Map(polygon, func(p orb.Polygon) orb.Geometry { return p }),
		rapid.Map(points, func(p []orb.Point) orb.Geometry { return orb.MultiPoint(p) }),
		rapid.Map(rapid.SliceOfN(line, 0, 3), func(l []orb.LineString) orb.Geometry { return orb.MultiLineString(l) }),
		rapid.Map(rapid.SliceOfN(polygon, 0, 3), func(p []orb.Polygon) orb.Geometry { return orb.MultiPolygon(p) }),
	}
	if depth > 0 {
		kinds = append(kinds, rapid.Map(rapid.SliceOfN(anyGeometry(depth-1), 0, 3),
			func(g []orb.Geometry) orb.Geometry { return orb.Collection(g) }))
	}
	return rapid.OneOf(kinds...)
}

func TestOrbGeometriesComeBackTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := anyGeometry(2).Draw(t, "geometry")
		srid := rapid.SampledFrom([]int32{0, 4490, 4550}).Draw(t, "srid")
		b, err := ewkb.Append(nil, want, srid)
		if err != nil {
			t.Fatal(err)
		}
		got, gotSRID, err := ewkb.Decode(b)
		if err != nil || gotSRID != srid || !orb.Equal(got, want) {
			t.Fatalf("got %v %d, %v, want %v %d", got, gotSRID, err, want, srid)
		}
	})
}

func TestAppendWritesWhatOrbsOwnEncoderWrites(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	for range 2000 {
		s := newShaper(r, func() float64 { return coordinate(r) })
		g, _, err := ewkb.Decode(s.geometry(nil, uint32(1+r.IntN(7)), 0))
		if err != nil {
			t.Fatal(err)
		}
		got, err := ewkb.Append(nil, g, 4490)
		if err != nil {
			t.Fatal(err)
		}
		if want := orbewkb.MustMarshal(g, 4490); !cmp.Equal(got, want) {
			t.Fatalf("%v: got % x, want % x", g, got, want)
		}
	}
}

func TestNilGeometriesAreRefused(t *testing.T) {
	t.Parallel()
	for _, g := range []orb.Geometry{nil, orb.Collection{nil}} {
		if out, err := ewkb.Append([]byte("kept"), g, 0); !errors.Is(err, geo.ErrInvalid) || string(out) != "kept" {
			t.Errorf("%v: got %s, %v", g, out, err)
		}
	}
}

func TestGeoPackageBlobs(t *testing.T) {
	t.Parallel()
	wkb := fromWKT(t, "POINT(1 2)")
	blob := func(flags byte, envelope int) []byte {
		b := []byte{'G', 'P', 0, flags, 0x8A, 0x11, 0, 0}
		if flags&1 == 0 {
			b = []byte{'G', 'P', 0, flags, 0, 0, 0x11, 0x8A}
		}
		return append(append(b, make([]byte, envelope)...), wkb...)
	}
	for _, in := range [][]byte{blob(1, 0), blob(0, 0), blob(3, 32), blob(5, 48), blob(7, 48), blob(9, 64)} {
		if got, srs, err := ewkb.FromGeoPackage(in); err != nil || srs != 4490 || !cmp.Equal(got, wkb) {
			t.Errorf("% x: got % x, %d, %v", in, got, srs, err)
		}
	}
	for name, in := range map[string][]byte{
		"nothing": nil, "short": blob(1, 0)[:12], "no magic": wkb, "extended": blob(0x21, 0),
		"envelope 5": blob(11, 64),
	} {
		if _, _, err := ewkb.FromGeoPackage(in); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
