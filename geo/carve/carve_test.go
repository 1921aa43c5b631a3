package carve_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/carve"
	"luodi/geo/fit"
	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// park is the sample's carbon-fibre park: its reserve and its roads, in metres of EPSG:4550.
func park(t testing.TB) (lottest.Ground, lot.Shape, []fit.Road) {
	t.Helper()
	raw, err := os.ReadFile("../../data/sample/lingang.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Parks []struct {
			Parcels []struct {
				Code       string
				BankStatus string `json:"bank_status"`
				Geom       struct{ Coordinates orb.Polygon }
			}
			Networks []struct {
				Kind   string
				WidthM float64 `json:"width_m"`
				Geom   struct{ Coordinates json.RawMessage }
			}
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	g := lottest.NewGround(t)
	var reserve lot.Shape
	var roads []fit.Road
	for _, p := range doc.Parks[0].Parcels {
		if p.BankStatus == "reserve" {
			reserve = g.Add(p.Geom.Coordinates)
		}
	}
	for _, n := range doc.Parks[0].Networks {
		if n.Kind != "road" {
			continue
		}
		road := fit.Road{WidthM: n.WidthM}
		if err := json.Unmarshal(n.Geom.Coordinates, &road.Line); err != nil {
			t.Fatal(err)
		}
		roads = append(roads, road)
	}
	return g, reserve, roads
}

const muM2 = 10_000.0 / 15

// fromReserve is what the issue asks of the reserve.
func fromReserve(mu float64) carve.Wanted {
	return carve.Wanted{AreaM2: mu * muM2, LeastFrontageM: 100, LeastDepth: 0.5, MostDepth: 3, LeastRestM2: 20 * muM2,
		ToleranceM: 2, Most: 5}
}

func TestTheReserveHasLotsOfEverySize(t *testing.T) {
	t.Parallel()
	g, reserve, roads := park(t)
	for _, mu := range []float64{20, 40, 60, 80, 120} {
		want := fromReserve(mu)
		offers, err := carve.Carve(g.Plane, reserve, roads, want, lottest.Rules)
		if err != nil || len(offers) < 3 {
			t.Fatalf("%v mu: %d offers, %v", mu, len(offers), err)
		}
		for i, o := range offers {
			t.Logf("%v mu, %d: %.4f m², %.1f m on road %d, %.1f m deep, %.1f m wide, compactness %.3f, score %.3f, "+
				"rest %.0f m²",
				mu, i, o.AreaM2, o.Frontage.LengthM, o.Frontage.Road, o.DepthM, o.WidthM, o.Compactness, o.Score,
				o.RestM2)
			if err := checkOffer(g, reserve, roads, want, o); err != nil {
				t.Errorf("%v mu, offer %d: %v", mu, i, err)
			}
			if i > 0 && o.Score > offers[i-1].Score {
				t.Errorf("%v mu: offer %d is better than the one before it", mu, i)
			}
		}
	}
}

// checkOffer checks an offer against what was asked, each thing measured anew.
func checkOffer(g lottest.Ground, s lot.Shape, roads []fit.Road, want carve.Wanted, o carve.Offer) error {
	g.Plane = g.Plane.Clone()
	if err := g.Plane.Extend(o.New); err != nil {
		return err
	}
	made := o.Parts[0]
	if off := g.Plane.AreaM2(made) - want.AreaM2; math.Abs(off) > 0.5 {
		return fmt.Errorf("the area is off by %v m²", off)
	}
	f, err := fit.Frontage(g.Plane, made, roads, want.ToleranceM)
	if err != nil {
		return err
	}
	if long := f.Longest().LengthM; long < want.LeastFrontageM-1e-6 || math.Abs(long-o.Frontage.LengthM) > 1e-6 {
		return fmt.Errorf("it fronts %v m, says %v", long, o.Frontage.LengthM)
	}
	deep, wide := fit.Depth(g.Plane, made, f.Longest())
	if want.MostDepth > 0 && deep > want.MostDepth*wide*(1+1e-6) || deep < want.LeastDepth*wide*(1-1e-6) {
		return fmt.Errorf("it is %v deep and %v wide", deep, wide)
	}
	var sum float64
	for i, part := range o.Parts {
		if err := lottest.Sound(g, part); err != nil {
			return fmt.Errorf("part %d is not sound: %w", i, err)
		}
		sum += g.Plane.AreaM2(part)
	}
	if off := sum - g.Plane.AreaM2(s); math.Abs(off) > 1e-5 {
		return fmt.Errorf("%v m² came or went", off)
	}
	if len(o.Parts) == 1 {
		return nil
	}
	if len(o.Parts) != 2 {
		return fmt.Errorf("it makes %d parts", len(o.Parts))
	}
	rest, err := fit.Frontage(g.Plane, o.Parts[1], roads, want.ToleranceM)
	if err != nil {
		return err
	}
	if long := rest.Longest().LengthM; long <= 0 || long < want.RestFrontageM-1e-6 {
		return fmt.Errorf("the rest fronts %v m", long)
	}
	if left := g.Plane.AreaM2(o.Parts[1]); left < want.LeastRestM2 {
		return fmt.Errorf("%v m² are left", left)
	}
	m, err := lot.Merge(g.Plane, o.Parts, lot.Rules{SnapM: 0.001})
	if err != nil || len(m.New) > 0 || len(m.Welded) > 0 {
		return fmt.Errorf("merged again: %w, new %v, welded %v", err, m.New, m.Welded)
	}
	return nil
}

func BenchmarkCarve(b *testing.B) {
	g, reserve, roads := park(b)
	for _, mu := range []float64{20, 40, 60, 80, 120} {
		b.Run(fmt.Sprintf("mu=%v", mu), func(b *testing.B) {
			for b.Loop() {
				if _, err := carve.Carve(g.Plane, reserve, roads, fromReserve(mu), lottest.Rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
