package carve_test

import (
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"luodi/geo/carve"
	"luodi/geo/fit"
	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// roadsBy draws roads: most along runs of a parcel's sides, half their width off, and some anywhere.
func roadsBy(d lottest.Dice, g lottest.Ground, s lot.Shape) []fit.Road {
	var roads []fit.Road
	for range d.Int(1, 4) {
		wide := []float64{0, 6, 12.5, 36}[d.Int(0, 3)]
		if d.Int(0, 4) == 0 {
			roads = append(roads, fit.Road{Line: d.Line(4), WidthM: wide})
			continue
		}
		first, n := d.Int(0, len(s[0])-1), d.Int(1, len(s[0])-1)
		var line orb.LineString
		for k := range n {
			p, q := g.Plane.Point(s[0][(first+k)%len(s[0])]), g.Plane.Point(s[0][(first+k+1)%len(s[0])])
			long := math.Hypot(q[0]-p[0], q[1]-p[1])
			x, y := (q[1]-p[1])/long*wide/2, -(q[0]-p[0])/long*wide/2
			line = append(line, orb.Point{p[0] + x, p[1] + y}, orb.Point{q[0] + x, q[1] + y})
		}
		roads = append(roads, fit.Road{Line: line, WidthM: wide})
	}
	return roads
}

// lotsOf draws what is wanted of a parcel.
func lotsOf(d lottest.Dice, areaM2 float64) carve.Wanted {
	want := carve.Wanted{
		AreaM2:         areaM2 * d.Float(0.02, 0.9),
		LeastFrontageM: d.Float(0.5, 25),
		LeastDepth:     []float64{0, 0.2, 0.5}[d.Int(0, 2)],
		MostDepth:      []float64{0, 2, 5}[d.Int(0, 2)],
		LeastRestM2:    []float64{0, 50}[d.Int(0, 1)],
		RestFrontageM:  []float64{0, 4}[d.Int(0, 1)],
		ToleranceM:     []float64{0.1, 1, 3}[d.Int(0, 2)],
		Most:           d.Int(1, 6),
	}
	if d.Int(0, 9) == 0 {
		want.AreaM2 = areaM2
	}
	return want
}

func TestAnyCarvedLotIsWhatWasAskedFor(t *testing.T) {
	count := lottest.NewTally()
	offered := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range lottest.Soak(1, 7) {
			g, s, dice := lottest.Fresh(rt, t)
			want := lotsOf(dice, g.Plane.AreaM2(s))
			if want.AreaM2 <= 1 {
				return
			}
			roads := roadsBy(dice, g, s)
			before := *g.Plane.Clone()
			offers, err := carve.Carve(g.Plane, s, roads, want, lot.Rules{SnapM: 0.01})
			if !count.Took(rt, err, lot.NoFrontage, lot.NoRoom, lot.NoRest, lot.TooSmall) {
				checkShort(rt, g, s, roads, want, err)
				continue
			}
			if len(offers) == 0 || len(offers) > want.Most || before.Len() != g.Plane.Len() {
				rt.Fatalf("%d offers of %d, %d vertices, were %d", len(offers), want.Most, g.Plane.Len(), before.Len())
			}
			offered += len(offers)
			for i, o := range offers {
				if err := checkOffer(g, s, roads, want, o); err != nil {
					rt.Fatalf("offer %d of %+v: %v: %s", i, want, err, g.WKT(s))
				}
			}
		}
	})
	t.Logf("%d offers", offered)
	count.Most(t, 0.3)
}

// checkShort checks that a refusal for want of frontage is true of the parcel, when it says so of the parcel.
func checkShort(t *rapid.T, g lottest.Ground, s lot.Shape, roads []fit.Road, want carve.Wanted, err error) {
	var r *lot.Refused
	if !errors.As(err, &r) || r.Field == "" || r.Rule == "" || r.Got == "" {
		t.Fatalf("says too little: %v", err)
	}
	f, ferr := fit.Frontage(g.Plane, s, roads, want.ToleranceM)
	if ferr != nil {
		t.Fatal(ferr)
	}
	if short := f.Longest().LengthM < want.LeastFrontageM; short != (r.Reason == lot.NoFrontage && r.At == nil) {
		t.Fatalf("the parcel fronts %v m of %v: %v", f.Longest().LengthM, want.LeastFrontageM, err)
	}
}
