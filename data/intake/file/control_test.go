package file

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"luodi/geo"
)

// controlText writes points of a plane turned, scaled and shifted; off moves each away.
func controlText(n int, turn, scale float64, off func(i int) float64) string {
	var out strings.Builder
	for i := range n {
		x, y := 400000+1000*float64(i%4), 4100000+700*float64(i/2)
		sin, cos := math.Sincos(turn)
		fmt.Fprintf(&out, "%.4f,%.4f,%.4f,%.4f\n", x, y, 414000+scale*(cos*(x-400000)-sin*(y-4100000))+off(i),
			4124000+scale*(sin*(x-400000)+cos*(y-4100000)))
	}
	return out.String()
}

func exactly(int) float64 { return 0 }

func TestControlPointsLeadToTheirPlane(t *testing.T) {
	t.Parallel()
	land := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:2386"}},"features":[` +
		featureOf(`{"type":"MultiPolygon","coordinates":[[[[401000,4101000],[401100,4101000],[401100,4101100],[401000,4101000]]]]}`) + `]}`
	path := write(t, "land.geojson", []byte(land))
	sin, cos := math.Sincos(0.001)
	want := orb.Point{414000 + 1.00001*(cos*1000-sin*1000), 4124000 + 1.00001*(sin*1000+cos*1000)}
	for name, c := range map[string]struct {
		text   string
		affine bool
		crs    geo.EPSG
		epsg   int
	}{
		"of a stated plane":       {controlText(3, 0.001, 1.00001, exactly), false, 4549, 4549},
		"from an old datum":       {controlText(5, 0.001, 1.00001, exactly), false, 0, 4550},
		"from a stated old datum": {controlText(5, 0.001, 1.00001, exactly), false, 2386, 4550},
		"affine":                  {controlText(6, 0.001, 1.00001, exactly), true, 4550, 4550},
		"with words, spaces and remarks": {"x y X Y\n# old\n" + strings.ReplaceAll(controlText(3, 0.001, 1.00001,
			exactly), ",", " \t"), false, 4550, 4550},
	} {
		control, err := ReadControl(t.Context(), write(t, "control.csv", []byte(c.text)), c.affine)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		info, rows, err := readAll(path, Options{CRS: c.crs, Control: control})
		if err != nil || info.EPSG != c.epsg || !info.Fitted || len(info.Notes) != 1 || rows[0].Fault != nil {
			t.Errorf("%s: %v %+v %+v", name, err, info, rows)
			continue
		}
		g, err := wkb.Unmarshal(rows[0].Shape.WKB)
		if err != nil {
			t.Fatal(err)
		}
		at := g.(orb.MultiPolygon)[0][0][0]
		if math.Hypot(at[0]-want[0], at[1]-want[1]) > 0.001 || rows[0].Shape.Bounds[0] < 414900 {
			t.Errorf("%s: %v, want %v; bounds %v", name, at, want, rows[0].Shape.Bounds)
		}
		if told := fmt.Sprintf("%v", info.Notes); strings.Contains(told, "1.00001") || strings.Contains(told,
			"0.001 ") {
			t.Errorf("%s: the note tells the parameters: %s", name, told)
		}
	}
	for name, c := range map[string]struct {
		text   string
		affine bool
	}{
		"two points":         {controlText(2, 0, 1, exactly), false},
		"three of an affine": {controlText(3, 0, 1, exactly), true},
		"a slip":             {controlText(6, 0, 1, func(i int) float64 { return float64(i/5) * 30 }), false},
		"one place":          {strings.Repeat("1000,1000,2000,2000\n", 4), false},
		"degrees":            {"120,37,414000,4124000\n" + controlText(3, 0, 1, exactly), false},
		"three numbers":      {"1,2,3\n" + controlText(3, 0, 1, exactly), false},
		"words":              {controlText(3, 0, 1, exactly) + "a,b,c,d\n", false},
		"NaN":                {controlText(3, 0, 1, exactly) + "NaN,1000,2000,3000\n", false},
		"nothing":            {"#\n", false},
	} {
		_, err := ReadControl(t.Context(), write(t, "control.csv", []byte(c.text)), c.affine)
		if err == nil || faultOf(t, err).Code != ControlFile {
			t.Errorf("%s: %v", name, err)
		}
	}
	control, err := ReadControl(t.Context(), write(t, "c.csv", []byte(controlText(3, 0, 1, exactly))), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := readAll(path, Options{CRS: 4490, Control: control}); faultOf(t, err).Code != ControlFile {
		t.Errorf("into degrees: %v", err)
	}
}
