package lot_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"luodi/geo/lot"
)

// park is the sample's carbon-fibre park: its reserve and its roads, in metres of EPSG:4550.
func park(t testing.TB) (ground, lot.Shape, []lot.Road) {
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
	g := newGround(t)
	var reserve lot.Shape
	var roads []lot.Road
	for _, p := range doc.Parks[0].Parcels {
		if p.BankStatus == "reserve" {
			reserve = g.add(p.Geom.Coordinates)
		}
	}
	for _, n := range doc.Parks[0].Networks {
		if n.Kind != "road" {
			continue
		}
		road := lot.Road{WidthM: n.WidthM}
		if err := json.Unmarshal(n.Geom.Coordinates, &road.Line); err != nil {
			t.Fatal(err)
		}
		roads = append(roads, road)
	}
	return g, reserve, roads
}

const muM2 = 10_000.0 / 15

// fromReserve is what the issue asks of the reserve.
func fromReserve(mu float64) lot.Wanted {
	return lot.Wanted{AreaM2: mu * muM2, LeastFrontageM: 100, LeastDepth: 0.5, MostDepth: 3, LeastRestM2: 20 * muM2,
		ToleranceM: 2, Most: 5}
}

func TestTheReserveHasLotsOfEverySize(t *testing.T) {
	t.Parallel()
	g, reserve, roads := park(t)
	for _, mu := range []float64{20, 40, 60, 80, 120} {
		want := fromReserve(mu)
		offers, err := lot.Carve(g.plane, reserve, roads, want, rules)
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
func checkOffer(g ground, s lot.Shape, roads []lot.Road, want lot.Wanted, o lot.Offer) error {
	g.plane = g.plane.Clone()
	if err := g.plane.Extend(o.New); err != nil {
		return err
	}
	made := o.Parts[0]
	if off := g.plane.AreaM2(made) - want.AreaM2; math.Abs(off) > 0.5 {
		return fmt.Errorf("the area is off by %v m²", off)
	}
	f, err := lot.Frontage(g.plane, made, roads, want.ToleranceM)
	if err != nil {
		return err
	}
	if long := f.Longest().LengthM; long < want.LeastFrontageM-1e-6 || math.Abs(long-o.Frontage.LengthM) > 1e-6 {
		return fmt.Errorf("it fronts %v m, says %v", long, o.Frontage.LengthM)
	}
	deep, wide := lot.Depth(g.plane, made, f.Longest())
	if want.MostDepth > 0 && deep > want.MostDepth*wide*(1+1e-6) || deep < want.LeastDepth*wide*(1-1e-6) {
		return fmt.Errorf("it is %v deep and %v wide", deep, wide)
	}
	var sum float64
	for i, part := range o.Parts {
		if err := sound(g, part); err != nil {
			return fmt.Errorf("part %d is not sound: %w", i, err)
		}
		sum += g.plane.AreaM2(part)
	}
	if off := sum - g.plane.AreaM2(s); math.Abs(off) > 1e-5 {
		return fmt.Errorf("%v m² came or went", off)
	}
	if len(o.Parts) == 1 {
		return nil
	}
	if len(o.Parts) != 2 {
		return fmt.Errorf("it makes %d parts", len(o.Parts))
	}
	rest, err := lot.Frontage(g.plane, o.Parts[1], roads, want.ToleranceM)
	if err != nil {
		return err
	}
	if long := rest.Longest().LengthM; long <= 0 || long < want.RestFrontageM-1e-6 {
		return fmt.Errorf("the rest fronts %v m", long)
	}
	if left := g.plane.AreaM2(o.Parts[1]); left < want.LeastRestM2 {
		return fmt.Errorf("%v m² are left", left)
	}
	m, err := lot.Merge(g.plane, o.Parts, lot.Rules{SnapM: 0.001})
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
				if _, err := lot.Carve(g.plane, reserve, roads, fromReserve(mu), rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
