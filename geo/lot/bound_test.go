package lot_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"luodi/geo/lot"
	"luodi/geo/lot/lottest"
)

// TestARefusalNeverContradictsItself cuts pieces that miss a bound by a little: what the refusal says came lies, as
// it is printed, on the wrong side of the bound as it is printed.
func TestARefusalNeverContradictsItself(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	told := map[string]int{}
	for range 400 {
		g := lottest.NewGround(t)
		area := 2 + 4000*random.Float64()
		bound := area * (1 + math.Pow10(-3-random.IntN(10)))
		rules := lottest.Rules
		target := area
		switch random.IntN(3) {
		case 0:
			rules.LeastM2 = bound
		case 1: // the mean width of a strip of 100 m
			rules.LeastM2, rules.LeastWidthM = 0, bound/(100+area/100)
		case 2:
			target = 10_000 - math.Pow10(-3-random.IntN(8))
		}
		_, err := lot.CutArea(g.Plane, g.Parcel(square), target, 0, lot.Left, rules)
		var r *lot.Refused
		if err == nil {
			continue
		}
		if !errors.As(err, &r) || len(r.Args) != 2 {
			t.Fatalf("%v", err)
		}
		want, got := number(t, fmt.Sprint(r.Args[1])), number(t, r.Got)
		told[string(r.Rule)]++
		if r.Rule == "lot.area_below" && got < want || r.Rule != "lot.area_below" && got >= want {
			t.Errorf("says %v", r)
		}
	}
	if told["lot.part_m2"] < 50 || told["lot.part_m"] < 50 || told["lot.area_below"] < 50 {
		t.Errorf("only %v", told)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSuffix(text, " m²"), " m"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
