package page

import (
	"math"
	"testing"
)

// TestTilesLieWhereTheyBelong: a tile's corners, projected another way, are where it is drawn, and together the tiles
// cover the sheet.
func TestTilesLieWhereTheyBelong(t *testing.T) {
	t.Parallel()
	park, err := ParseShape([]byte(`{"type":"Polygon","coordinates":[[[122.01,37.24],[122.04,37.24],[122.04,37.26],[122.01,37.24]]]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ least, most, want int }{{0, 18, 15}, {0, 12, 12}, {17, 18, 0}} {
		d := Drawing{Shapes: []Shape{park}, Under: []Backdrop{{Tiles: []string{"{z} {x} {y}"}, MinZoom: c.least, MaxZoom: c.most}}}
		drawn := d.Lay()
		var covered float64
		for _, image := range drawn.Images {
			if got := image.Href[:2]; got != map[int]string{15: "15", 12: "12"}[c.want] {
				t.Errorf("zoom %s, wanted %d", got, c.want)
			}
			wide := max(0, min(drawn.Width, image.X+image.Width)-max(0, image.X))
			covered += wide * max(0, min(drawn.Height, image.Y+image.Height)-max(0, image.Y))
		}
		if whole := drawn.Width * drawn.Height; c.want > 0 && math.Abs(covered/whole-1) > 0.002 {
			t.Errorf("%+v: %d tiles cover %.4f of the sheet", c, len(drawn.Images), covered/whole)
		}
		if c.want == 0 && drawn.Images != nil {
			t.Errorf("%d tiles of a zoom that would take too many", len(drawn.Images))
		}
	}
	// a place within its tile by the other formula of Web Mercator, and by the drawing's own projection
	f, _ := frameOf([]Shape{park}, nil)
	for _, p := range []Point{{122.011, 37.2405}, {122.025, 37.25}, {122.039, 37.2595}} {
		phi := p[1] * math.Pi / 180
		x, y := (p[0]+180)/360*32768, (1-math.Log(math.Tan(phi)+1/math.Cos(phi))/math.Pi)/2*32768
		tile := f.image("", 15, int(x), int(y))
		at := Point{tile.X + (x-math.Floor(x))*tile.Width, tile.Y + (y-math.Floor(y))*tile.Height}
		if want := f.place(p); math.Hypot(at[0]-want[0], at[1]-want[1]) > 0.1 {
			t.Errorf("%v is drawn at %v; wanted %v", p, at, want)
		}
	}
}
