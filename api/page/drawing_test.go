package page

import (
	"strings"
	"testing"
)

func shape(t *testing.T, geometry string) Shape {
	t.Helper()
	s, err := ParseShape([]byte(geometry))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const square = `{"type":"Polygon","coordinates":[[[122,37],[122.01,37],[122.01,37.01],[122,37.01],[122,37]]]}`

func TestADrawingIsTrueToScaleAndNorthUp(t *testing.T) {
	t.Parallel()
	d := Drawing{Shapes: []Shape{shape(t, square)}, Scale: func(m float64) string { return Metres(m, "m", "km") }}
	laid := d.Lay()
	if laid == nil {
		t.Fatal("nothing is drawn")
	}
	// 0.01° of latitude at 37° are 1,109.8 m on the ellipsoid, of longitude 890.0 m
	north, south := laid.place(Point{122, 37.01}), laid.place(Point{122, 37})
	east := laid.place(Point{122.01, 37})
	if north[1] >= south[1] || east[0] <= south[0] {
		t.Errorf("north %v, south %v, east %v", north, south, east)
	}
	if share := (east[0] - south[0]) / (south[1] - north[1]); share < 0.8015 || share > 0.8022 {
		t.Errorf("east to north is %.4f, want 889.7 / 1109.8 = 0.802", share)
	}
	if metres := (south[1] - north[1]) * laid.metres; metres < 1109.5 || metres > 1110.1 {
		t.Errorf("0.01° of latitude are drawn as %.1f m", metres)
	}
	if laid.Bar.Text != "200 m" || laid.Bar.Length*laid.metres < 199.9 || laid.Bar.Length*laid.metres > 200.1 {
		t.Errorf("the bar is %+v of %f m a unit", laid.Bar, laid.metres)
	}
}

func TestEachKindOfGeometryIsDrawn(t *testing.T) {
	t.Parallel()
	for geometry, want := range map[string]struct {
		marks, rings int
		area         bool
	}{
		`{"type":"Point","coordinates":[122,37]}`:                                                {marks: 1},
		`{"type":"MultiPoint","coordinates":[[122,37],[122.1,37]]}`:                              {marks: 2},
		`{"type":"LineString","coordinates":[[122,37],[122.1,37]]}`:                              {rings: 1},
		`{"type":"MultiLineString","coordinates":[[[122,37],[122.1,37]],[[123,37],[123.1,37]]]}`: {rings: 2},
		square: {rings: 1, area: true},
		`{"type":"MultiPolygon","coordinates":[[[[122,37],[122.1,37],[122,37.1],[122,37]]],
			[[[123,37],[123.1,37],[123,37.1],[123,37]]]]}`: {rings: 2, area: true},
	} {
		s := shape(t, geometry)
		d := Drawing{Shapes: []Shape{s}}
		got := d.Lay().Shapes[0]
		if len(got.Marks) != want.marks || strings.Count(got.D(), "M") != want.rings || got.Area != want.area ||
			want.area && strings.Count(got.D(), "Z") != want.rings {
			t.Errorf("%s is drawn as %+v", geometry, got)
		}
	}
}

func TestWhatHasNoDegreesIsNotDrawn(t *testing.T) {
	t.Parallel()
	for _, geometry := range []string{"", "null", `{"type":"Point","coordinates":[41400000,4120000]}`,
		`{"type":"Point","coordinates":[37,122]}`} {
		d := Drawing{Shapes: []Shape{shape(t, geometry)}}
		if d.Lay() != nil {
			t.Errorf("%q is drawn", geometry)
		}
	}
	if _, err := ParseShape([]byte(`{"type":"Polygon","coordinates":[1]}`)); err == nil {
		t.Error("a broken geometry was read")
	}
}
