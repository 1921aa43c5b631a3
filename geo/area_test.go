package geo_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"luodi/geo"
	"luodi/geo/geotest"
)

const limit = 9_999_999_999_999_999 // units of the largest numeric(16,4)

func TestAreasPrintAndParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "0.0000", "0.0001": "0.0001", "-0.0001": "-0.0001", "1": "1.0000", "333333.3333": "333333.3333",
		"68507.52": "68507.5200", "68507.52000000": "68507.5200", "007.5": "7.5000", "-12.05": "-12.0500",
		"999999999999.9999": "999999999999.9999",
	} {
		if got, err := geo.ParseArea(in); err != nil || got.String() != want {
			t.Errorf("%s: got %s, %v, want %s", in, got, err, want)
		}
	}
}

func TestBadAreasAreRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", "-", ".", ".5", "5.", "1.00001", "1e3", "+1", "--1", "1,000", " 1", "1 ", "NaN", "Inf", "0x10", "1_0", "１",
		"1000000000000", "99999999999999999999", "1.2.3", "1.-5", strings.Repeat("9", 1000),
	} {
		_, err := geo.ParseArea(in)
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || !errors.Is(err, geo.ErrInvalid) || invalid.Field != "area" ||
			len(invalid.Got) > 130 {
			t.Errorf("%q: %v", in, err)
		}
	}
	for _, m2 := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e12, -1e12, 1e300} {
		if a, err := geo.AreaFromM2(m2); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v: got %v, %v", m2, a, err)
		}
		if m, err := geo.MuFromM2(m2); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v: got %v, %v", m2, m, err)
		}
	}
}

func TestAnyAreaComesBackFromTextAndJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := geo.NewArea(rapid.Int64Range(-limit, limit).Draw(t, "units"))
		parsed, err := geo.ParseArea(want.String())
		if err != nil || parsed != want {
			t.Fatalf("%s parses to %s, %v", want, parsed, err)
		}
		for _, quote := range []string{"", `"`} {
			var fromJSON geo.Area
			if err := json.Unmarshal([]byte(quote+want.String()+quote), &fromJSON); err != nil || fromJSON != want {
				t.Fatalf("%s reads from JSON as %s, %v", want, fromJSON, err)
			}
		}
		out, err := json.Marshal(want)
		if err != nil || string(out) != want.String() {
			t.Fatalf("%s writes as %s, %v", want, out, err)
		}
		var scanned geo.Area
		if err := scanned.Scan(want.String()); err != nil || scanned != want {
			t.Fatalf("%s scans as %s, %v", want, scanned, err)
		}
		if math.Abs(want.M2()) >= 1<<39 {
			return // a float64 has no 0.0001 m² left up there
		}
		fromM2, err := geo.AreaFromM2(want.M2())
		if off := fromM2.Sub(want).Units(); err != nil || off != 0 {
			t.Fatalf("%s is %v m², which is %s, %v", want, want.M2(), fromM2, err)
		}
	})
}

func TestAreasAndMuCompare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{{"1", "2", -1}, {"2", "1", 1}, {"1", "1.0000", 0}, {"-1", "0", -1}} {
		a, b := geo.MustArea(c.a), geo.MustArea(c.b)
		if a.Cmp(b) != c.want || a.Mu().Cmp(b.Mu()) != c.want || a.Sub(b).IsZero() != (c.want == 0) {
			t.Errorf("%s against %s: %d and %d", a, b, a.Cmp(b), a.Mu().Cmp(b.Mu()))
		}
	}
	if got := geotest.Mu("102.76128").Float(); got != 102.76128 {
		t.Errorf("as a float %v", got)
	}
}

func TestNullIsNoArea(t *testing.T) {
	t.Parallel()
	var a geo.Area
	if err := a.Scan(nil); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("NULL: %v", err)
	}
	if err := a.Scan(int64(5)); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("an integer, whose unit is unknown: %v", err)
	}
	var row struct{ Legal *geo.Area }
	if err := json.Unmarshal([]byte(`{"Legal":null}`), &row); err != nil || row.Legal != nil {
		t.Errorf("null: %v, %v", row.Legal, err)
	}
}

func TestSplitSumsExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := geo.NewArea(rapid.Int64Range(-limit, limit).Draw(t, "units"))
		parts, err := total.Split(rapid.IntRange(1, 200).Draw(t, "n"))
		if err != nil || geo.Sum(parts...) != total {
			t.Fatalf("%v sum to %s, %v", parts, geo.Sum(parts...), err)
		}
		for _, p := range parts {
			if off := p.Sub(parts[0]).Units(); off < -1 || off > 1 {
				t.Fatalf("uneven parts %v", parts)
			}
		}
	})
	for _, n := range []int{0, -1} {
		if _, err := geo.MustArea("1").Split(n); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%d parts: %v", n, err)
		}
	}
}

func TestApportionSumsExactlyAndKeepsProportion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := geo.NewArea(rapid.Int64Range(0, limit).Draw(t, "units"))
		weights := rapid.SliceOfN(rapid.Float64Range(0, 1e9), 1, 40).Draw(t, "weights")
		parts, err := total.Apportion(append(weights, 1))
		if err != nil || geo.Sum(parts...) != total {
			t.Fatalf("%v sum to %s, want %s, %v", parts, geo.Sum(parts...), total, err)
		}
		sum := 1.0
		for _, w := range weights {
			sum += w
		}
		for i, w := range weights {
			share := float64(total.Units()) * w / sum
			if off := math.Abs(float64(parts[i].Units()) - share); off > 1+1e-12*share*float64(len(weights)) {
				t.Fatalf("part %d is %s, its share %v units", i, parts[i], share)
			}
		}
	})
}

func TestBadSharesAreRefused(t *testing.T) {
	t.Parallel()
	for _, weights := range [][]float64{nil, {}, {0, 0}, {1, -1}, {math.NaN()}, {math.Inf(1)}} {
		if parts, err := geo.MustArea("1").Apportion(weights); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%v: got %v, %v", weights, parts, err)
		}
	}
	if _, err := geo.MustArea("-1").Apportion([]float64{1}); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("a negative area: %v", err)
	}
}

func TestMuIsExact(t *testing.T) {
	t.Parallel()
	for m2, want := range map[string][2]string{
		"200000":            {"300.00", "300"},
		"333333.3333":       {"500.00", "499.99999995"},
		"68507.52":          {"102.76", "102.76128"},
		"10000":             {"15.00", "15"},
		"0.0001":            {"0.00", "0.00000015"},
		"3.3333":            {"0.00", "0.00499995"},
		"3.3334":            {"0.01", "0.0050001"},
		"10":                {"0.02", "0.015"}, // a half goes away from zero
		"-10":               {"-0.02", "-0.015"},
		"999999999999.9999": {"1500000000.00", "1499999999.99999985"},
	} {
		mu := geo.MustArea(m2).Mu()
		exact, err := json.Marshal(mu)
		if mu.String() != want[0] || string(exact) != want[1] || err != nil {
			t.Errorf("%s m²: got %s and %s, %v, want %v", m2, mu, exact, err, want)
		}
	}
	if got := geotest.Mu("500").Area().String(); got != "333333.3333" {
		t.Errorf("500 mu are %s m²", got)
	}
	if got := geotest.Mu("500").M2(); got != 1e6/3 {
		t.Errorf("500 mu are %v m²", got)
	}
	if got, _ := geo.MuFromM2(1e6 / 3); got != geotest.Mu("500") {
		t.Errorf("a third of 1 km² is %s", got)
	}
}

func TestAnyAreaComesBackFromMu(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := geo.NewArea(rapid.Int64Range(-limit, limit).Draw(t, "units"))
		mu := want.Mu()
		if mu.Area() != want {
			t.Fatalf("%s m² are %s mu, which are %s m²", want, mu, mu.Area())
		}
		exact, err := json.Marshal(mu)
		if err != nil {
			t.Fatal(err)
		}
		var back geo.Mu
		if err := json.Unmarshal(exact, &back); err != nil || back != mu {
			t.Fatalf("%s reads back as %s, %v", exact, back, err)
		}
		if rounded := mu.Round(); rounded.String() != mu.String() || rounded.Round() != rounded {
			t.Fatalf("%s rounds to %s", mu, rounded)
		}
	})
}

func TestMuParses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"300": "300.00", "300.00 mu": "300.00", " 48.7亩 ": "48.70",
		"-0.5": "-0.50"} {
		if got, err := geo.ParseMu(in); err != nil || got.String() != want {
			t.Errorf("%q: got %s, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "mu", "亩", "1.12345678x", "1e", "1_0e3", "1500000001", "5 ha", "mu 5", "5 mu mu"} {
		if got, err := geo.ParseMu(in); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%q: got %s, %v", in, got, err)
		}
	}
}

// TestWhatHasMoreDecimalsThanAreKeptIsRounded holds every door for areas to one rule: halves away from zero.
func TestWhatHasMoreDecimalsThanAreKeptIsRounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, mu, m2 string }{
		{"1.6666666666666667", "1.66666667", "1.6667"}, {"1.66666666666666666666666", "1.66666667", "1.6667"},
		{"0.000000005", "0.00000001", "0.0000"}, {"-0.000000005", "-0.00000001", "0.0000"},
		{"0.00005", "0.00005", "0.0001"}, {"-2.00005", "-2.00005", "-2.0001"}, {"1e3", "1000", "1000.0000"},
		{"1.5e-7", "0.00000015", "0.0000"}, {"9.99995", "9.99995", "10.0000"},
	} {
		var mu geo.Mu
		if err := json.Unmarshal([]byte(c.in), &mu); err != nil {
			t.Errorf("%s mu: %v", c.in, err)
		}
		if exact, err := json.Marshal(mu); err != nil || string(exact) != c.mu {
			t.Errorf("%s mu is read as %s, %v; want %s", c.in, exact, err, c.mu)
		}
		if parsed, err := geo.ParseMu(c.in); err != nil || parsed != mu {
			t.Errorf("%s as text is %v, %v", c.in, parsed, err)
		}
		var area geo.Area
		if err := json.Unmarshal([]byte(c.in), &area); err != nil || area.String() != c.m2 {
			t.Errorf("%s m² is read as %s, %v; want %s", c.in, area, err, c.m2)
		}
		if rounded, err := geo.RoundArea(c.in); err != nil || rounded != area {
			t.Errorf("%s m² as text is %v, %v", c.in, rounded, err)
		}
	}
}

func TestInvalidKeepsItsEchoShortAndWhole(t *testing.T) {
	t.Parallel()
	err := geo.NewInvalid("name", "text.utf8", strings.Repeat("亩", 500))
	if len(err.Got) > 130 || !strings.HasPrefix(err.Got, `"亩亩`) || strings.ContainsRune(err.Got, '\uFFFD') {
		t.Errorf("echoed %d bytes: %s", len(err.Got), err.Got)
	}
}

func FuzzParseArea(f *testing.F) {
	for _, s := range []string{"0", "-1.5", "333333.3333", "1.00000", "1e9", "999999999999.9999", ".5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := geo.ParseArea(s)
		if err != nil {
			return
		}
		if back, err := geo.ParseArea(a.String()); err != nil || back != a {
			t.Fatalf("%q is %s, which is %s, %v", s, a, back, err)
		}
	})
}

func BenchmarkApportion(b *testing.B) {
	for _, n := range []int{2, 10, 100} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			weights := make([]float64, n)
			for i := range weights {
				weights[i] = 1000 + math.Sqrt(float64(i))
			}
			for b.Loop() {
				if _, err := geo.MustArea("333333.3333").Apportion(weights); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleArea_Mu() {
	legal := geo.MustArea("68507.52")
	exact, _ := json.Marshal(legal.Mu())
	fmt.Println(legal, "m² =", legal.Mu(), "mu, exactly", string(exact))
	// Output: 68507.5200 m² = 102.76 mu, exactly 102.76128
}

func ExampleArea_Apportion() {
	parent := geo.MustArea("1000")
	children, err := parent.Apportion([]float64{333.3, 333.3, 333.3})
	fmt.Println(children, geo.Sum(children...), err)
	// Output: [333.3334 333.3333 333.3333] 1000.0000 <nil>
}
