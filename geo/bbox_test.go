package geo_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

func TestBoxesParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]geo.BBox{
		"122,37,122.1,37.3":         {122, 37, 122.1, 37.3},
		" 122, 37 ,122.1,37.3":      {122, 37, 122.1, 37.3},
		"122,37,-5,122.1,37.3,1000": {122, 37, 122.1, 37.3},
		"-180,-90,180,90":           {-180, -90, 180, 90},
		"170,-10,-170,10":           {170, -10, -170, 10},
		"1.22e2,37,122,37":          {122, 37, 122, 37},
	} {
		if got, err := geo.ParseBBox("bbox", in); err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", in, got, err, want)
		}
	}
}

func TestBadBoxesAreRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", ",,,", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "NaN,0,1,1", "0,0,Inf,1", "0,-Infinity,1,1", "0,2,1,1",
		"0,-91,1,1", "0,0,1,91", "-181,0,1,1",
		"0,0,181,1", "a,b,c,d", "0x1,0,1,1", "1_0,0,1,1", "0,0,9,1,1,8", "0,0,NaN,1,1,8", "1e999,0,1,1", "0;0;1;1",
		"0,0,1,1,", "١,0,1,1",
	} {
		var invalid *geo.Invalid
		if got, err := geo.ParseBBox("bbox", in); !errors.As(err, &invalid) || invalid.Field != "bbox" ||
			invalid.Rule == "" || invalid.Got == "" {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
}

func TestBoxesOverThe180thMeridianAreTwo(t *testing.T) {
	t.Parallel()
	parts := geo.BBox{170, -10, -170, 10}.Bounds()
	want := []orb.Bound{{Min: orb.Point{170, -10}, Max: orb.Point{180, 10}},
		{Min: orb.Point{-180, -10}, Max: orb.Point{-170, 10}}}
	if len(parts) != 2 || parts[0] != want[0] || parts[1] != want[1] {
		t.Errorf("got %v", parts)
	}
	if parts := (geo.BBox{1, 2, 3, 4}).Bounds(); len(parts) != 1 || geo.BBoxOf(parts[0]) != (geo.BBox{1, 2, 3, 4}) {
		t.Errorf("got %v", parts)
	}
}

func TestUnionIsTheNarrowestBox(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want geo.BBox }{
		{geo.BBox{0, 0, 1, 1}, geo.BBox{2, -1, 3, 0.5}, geo.BBox{0, -1, 3, 1}},
		{geo.BBox{0, 0, 9, 9}, geo.BBox{2, 2, 3, 3}, geo.BBox{0, 0, 9, 9}},
		{geo.BBox{170, 0, 175, 1}, geo.BBox{-175, 0, -170, 1}, geo.BBox{170, 0, -170, 1}},
		{geo.BBox{170, 0, -170, 1}, geo.BBox{160, 0, 165, 1}, geo.BBox{160, 0, -170, 1}},
		{geo.BBox{170, 0, -170, 1}, geo.BBox{175, 0, -160, 1}, geo.BBox{170, 0, -160, 1}},
		{geo.BBox{170, 0, -170, 1}, geo.BBox{-175, 0, 175, 1}, geo.BBox{-180, 0, 180, 1}},
		{geo.BBox{-90, 0, -90, 0}, geo.BBox{90, 0, 90, 0}, geo.BBox{-90, 0, 90, 0}},
		{geo.BBox{-180, 0, 180, 1}, geo.BBox{170, 0, -170, 1}, geo.BBox{-180, 0, 180, 1}},
	} {
		if got := c.a.Union(c.b); got != c.want {
			t.Errorf("%v with %v: got %v, want %v", c.a, c.b, got, c.want)
		}
		if got := c.b.Union(c.a); got != c.want {
			t.Errorf("%v with %v: got %v, want %v", c.b, c.a, got, c.want)
		}
	}
}

func TestBoxesTouchOverThe180thMeridian(t *testing.T) {
	t.Parallel()
	a := geo.BBox{170, 0, 180, 1}
	for b, want := range map[geo.BBox]bool{
		{-180, 0, -170, 1}: true, {-180, 2, -170, 3}: false, {-179, 0, -170, 1}: false, {175, 0, -175, 1}: true,
		{-175, 0, 169, 1}: false, {180, 1, 180, 2}: true,
	} {
		if a.Intersects(b) != want || b.Intersects(a) != want {
			t.Errorf("%v and %v: got %v, want %v", a, b, !want, want)
		}
	}
}

// anyBox draws a box, every other one over the 180th meridian.
func anyBox(t *rapid.T, name string) geo.BBox {
	lon, lat := rapid.Float64Range(-180, 180), rapid.Float64Range(-90, 90)
	s, n := lat.Draw(t, name+" s"), lat.Draw(t, name+" n")
	return geo.BBox{lon.Draw(t, name+" w"), min(s, n), lon.Draw(t, name+" e"), max(s, n)}
}

// holds reports whether p lies in one of the box's bounds.
func holds(b geo.BBox, p orb.Point) bool {
	for _, part := range b.Bounds() {
		if part.Contains(p) {
			return true
		}
	}
	return false
}

func TestUnionHoldsWhatEitherHoldsAndIntersectsTellsWhatBothHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyBox(t, "a"), anyBox(t, "b")
		u := a.Union(b)
		if err := u.Check("union"); err != nil {
			t.Fatal(err)
		}
		p := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "x"), rapid.Float64Range(-90, 90).Draw(t, "y")}
		if (holds(a, p) || holds(b, p)) && !holds(u, p) {
			t.Fatalf("%v lies in %v or %v but not in %v", p, a, b, u)
		}
		if holds(a, p) && holds(b, p) && !a.Intersects(b) {
			t.Fatalf("%v lies in %v and %v, which are said not to meet", p, a, b)
		}
		if a.Union(b) != b.Union(a) || a.Intersects(b) != b.Intersects(a) {
			t.Fatalf("%v and %v are not symmetric", a, b)
		}
		if back, err := geo.ParseBBox("bbox", a.String()); err != nil || back != a {
			t.Fatalf("%v prints as %s, which is %v, %v", a, a, back, err)
		}
	})
}

func TestPlacesOffTheEarthAreRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []orb.Point{
		{math.NaN(), 37}, {122, math.NaN()}, {math.Inf(1), 37}, {122, math.Inf(-1)}, {180.1, 0}, {0, 90.1},
		{41_500_000, 4_100_000}, {1e308, 1e308},
	} {
		if err := geo.CheckLonLat("at", bad); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	for _, good := range []orb.Point{{122, 37}, {-180, -90}, {180, 90}} {
		if err := geo.CheckLonLat("at", good); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
}

func FuzzParseBBox(f *testing.F) {
	for _, s := range []string{"122,37,122.1,37.3", "1,2,3,4,5,6", "170,-10,-170,10", "NaN,0,1,1", ",,,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := geo.ParseBBox("bbox", s)
		if err == nil && (b.Check("bbox") != nil || len(b.Bounds()) > 2) || err != nil &&
			!errors.Is(err, geo.ErrInvalid) {
			t.Fatalf("%q: %v, %v", s, b, err)
		}
	})
}

func BenchmarkParseBBox(b *testing.B) {
	for b.Loop() {
		if _, err := geo.ParseBBox("bbox", "122.01,37.21,122.09,37.29"); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleParseBBox() {
	_, err := geo.ParseBBox("bbox", "122,38,123,37")
	fmt.Println(err)
	// Output: bbox: expected bbox.south, got "122,38,123,37"
}
