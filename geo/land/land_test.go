package land_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"luodi/geo"
	"luodi/geo/land"
)

// everyValueParses checks that a parser takes each of its values and refuses
// what is none of them, naming the field and listing the values.
func everyValueParses[T ~string](t *testing.T, field string, all []T, parse func(string) (T, error)) {
	t.Helper()
	seen := map[T]bool{}
	for _, want := range all {
		if got, err := parse(string(want)); err != nil || got != want || seen[want] {
			t.Errorf("%s %q: got %q, %v", field, want, got, err)
		}
		seen[want] = true
	}
	for _, bad := range []string{"", "RESERVE", "reserve ", "nothing", string(all[0]) + "x"} {
		_, err := parse(bad)
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != field ||
			!strings.Contains(invalid.Words.String(), string(all[len(all)-1])) {
			t.Errorf("%s %q: %v", field, bad, err)
		}
	}
}

func TestEveryValueParses(t *testing.T) {
	t.Parallel()
	everyValueParses(t, "bank_status", land.BankStatuses(), land.ParseBankStatus)
	everyValueParses(t, "function", land.ZoneFunctions(), land.ParseZoneFunction)
	everyValueParses(t, "kind", land.NetworkKinds(), land.ParseNetworkKind)
	everyValueParses(t, "services", land.ServiceKeys(), land.ParseServiceKey)
	everyValueParses(t, "conditions", land.ConditionKeys(), land.ParseConditionKey)
	for _, kind := range land.NetworkKinds() {
		everyValueParses(t, "grade", kind.Grades(), kind.ParseGrade)
	}
	if _, err := land.NetworkSteam.ParseGrade("lane"); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("a steam line is no lane: %v", err)
	}
}

func TestStatusDerivesFromBankAndLiveAllotment(t *testing.T) {
	t.Parallel()
	derived := map[land.AllotmentState]land.ParcelStatus{
		land.AllotmentHold: land.ParcelHeld, land.AllotmentReserved: land.ParcelReserved,
		land.AllotmentSupplied: land.ParcelSupplied, land.AllotmentBuilt: land.ParcelBuilt,
	}
	ended := []land.AllotmentState{"", land.AllotmentReleased, land.AllotmentExpired}
	for _, bank := range land.BankStatuses() {
		for state, want := range derived {
			if got := land.Status(bank, state); got != want {
				t.Errorf("%s under a %s: got %s, want %s", bank, state, got, want)
			}
		}
		for _, state := range ended {
			if got := land.Status(bank, state); string(got) != string(bank) {
				t.Errorf("%s without a right (%q): got %s", bank, state, got)
			}
		}
	}
}

func TestEveryStatusIsCountedInOneBalanceRow(t *testing.T) {
	t.Parallel()
	for _, s := range land.ParcelStatuses() {
		want := s
		if s == land.ParcelBuilt {
			want = land.ParcelSupplied
		}
		if got := s.BalanceRow(); got != want {
			t.Errorf("%s counts as %s", s, got)
		}
	}
}

func TestOnlyAvailableLandIsAllotted(t *testing.T) {
	t.Parallel()
	for _, bank := range append(land.BankStatuses(), "") {
		if err := land.CheckAllottable(bank); (err == nil) != (bank == land.BankAvailable) {
			t.Errorf("%q: %v", bank, err)
		}
	}
}

func TestAllotmentsLiveOneWay(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{
		">hold": true, "hold>reserved": true, "reserved>supplied": true, "supplied>built": true,
		"hold>released": true, "reserved>released": true, "supplied>released": true, "built>released": true,
		"hold>expired": true, "reserved>expired": true, "supplied>expired": true, "built>expired": true,
	}
	states := []land.AllotmentState{land.AllotmentHold, land.AllotmentReserved, land.AllotmentSupplied,
		land.AllotmentBuilt, land.AllotmentReleased, land.AllotmentExpired, ""}
	for _, from := range states {
		for _, to := range append(states, "nothing") {
			step := string(from) + ">" + string(to)
			if err := from.CheckNext(to); (err == nil) != allowed[step] || err != nil &&
				!errors.Is(err, geo.ErrInvalid) {
				t.Errorf("%s: %v", step, err)
			}
		}
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		use   land.LandUse
		years float64
		ok    bool
	}{
		{"1001", 50, true}, {"100102", 50, true}, {"100102", 20, true}, {"1001", 51, false}, {"100103", 70, false},
		{"0802", 70, false}, {"0802", 50, true}, {"0701", 70, true}, {"0701", 71, false}, {"0901", 40, true},
		{"0901", 41, false}, {"", 51, false},
		{"1001", 12.5, true}, {"1001", 12.25, false}, {"1001", math.NaN(), false}, {"1001", math.Inf(1), false},
		{"1101", 0, false}, {"1001", -1, false}, {"10", 51, false}, {"", 1, true},
	} {
		if err := land.CheckTerm(c.use, c.years); (err == nil) != c.ok {
			t.Errorf("%s for %g years: %v", c.use, c.years, err)
		}
	}
}

func TestConditionRanges(t *testing.T) {
	t.Parallel()
	at := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		key      land.ConditionKey
		min, max *float64
		ok       bool
	}{
		{land.ConditionFAR, at(0.7), at(1.8), true},
		{land.ConditionFAR, at(1.8), at(0.7), false},
		{land.ConditionFAR, nil, nil, false},
		{land.ConditionFAR, at(1), at(1), true},
		{land.ConditionInvestPerMu, at(250), nil, true},
		{land.ConditionInvestPerMu, at(-1), nil, false},
		{land.ConditionGreenRatio, nil, at(0.2), true},
		{land.ConditionGreenRatio, nil, at(20), false},
		{land.ConditionBuildingCoefficient, at(35), nil, false},
		{land.ConditionHeightM, nil, at(1e9), false},
		{land.ConditionFAR, at(0), nil, true},
		{land.ConditionFAR, at(-0.1), nil, false},
		{land.ConditionFAR, nil, at(180), false},
		{land.ConditionOfficeShare, nil, at(1), true},
		{land.ConditionOfficeShare, nil, at(math.NaN()), false},
		{land.ConditionTaxPerMu, at(math.Inf(1)), nil, false},
	} {
		if err := c.key.CheckRange(c.min, c.max); (err == nil) != c.ok {
			t.Errorf("%s %v %v: %v", c.key, c.min, c.max, err)
		}
	}
}

func TestLandUseCodes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1001": "工业用地", "100101": "一类工业用地", "100102": "二类工业用地", "100103": "三类工业用地", "1101": "物流仓储用地", "0802": "科研用地",
		"1402": "防护绿地", "16": "留白用地", "1312": "其他公用设施用地", "24": "", "0101": "",
	} {
		use, err := land.ParseLandUse(in)
		name, known := use.Name()
		if err != nil || name.ZH != want || known != (want != "") || known && name.EN == "" {
			t.Errorf("%s: %v, %v, %v", in, name, known, err)
		}
	}
	for _, in := range []string{"", "1", "100", "10010", "1001021", "00", "25", "99", "M2", "10O1", "１００１", " 1001",
		"-101"} {
		if got, err := land.ParseLandUse(in); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
	for old, want := range map[string]land.LandUse{"M1": "100101", "M2": "100102", "M3": "100103", "W1": "", "": ""} {
		if got, ok := land.LandUseFromOld(old); got != want || ok != (want != "") || ok && !got.Industrial() {
			t.Errorf("%s: got %q, %v", old, got, ok)
		}
	}
	if land.LandUse("10").Industrial() || land.LandUse("1002").Industrial() || land.LandUse("").Industrial() {
		t.Error("only 1001 and below are industrial")
	}
}

const parcelNo = "371003001002GB00017"

func TestCadastralNumbers(t *testing.T) {
	t.Parallel()
	if no, err := land.ParseCadastralNo(parcelNo); err != nil || no != parcelNo {
		t.Errorf("got %s, %v", no, err)
	}
	for _, in := range []string{
		"", parcelNo[:18], parcelNo + "0", "071003001002GB00017", "37100300100AGB00017", "371003001002gb00017",
		"371003001002G100017",
		"371003001002GB0001X", "371003 01002GB00017", strings.Repeat("亩", 7)[:19],
	} {
		if got, err := land.ParseCadastralNo(in); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
}

func TestEstateUnitCodes(t *testing.T) {
	t.Parallel()
	for _, in := range []string{parcelNo + "F00010001", parcelNo + "W00000000", parcelNo + "L00000001",
		parcelNo + "Q12345678"} {
		if unit, err := land.ParseEstateUnitNo(in); err != nil || string(unit) != in {
			t.Errorf("%s: %s, %v", in, unit, err)
		}
	}
	for _, in := range []string{
		"", parcelNo, parcelNo + "F0001000", parcelNo + "F000100011", parcelNo + "X00010001", parcelNo + "f00010001",
		parcelNo + "W00000001",
		parcelNo + "F0001000A", "0" + parcelNo[1:] + "F00010001",
	} {
		if got, err := land.ParseEstateUnitNo(in); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
}

func FuzzParseEstateUnitNo(f *testing.F) {
	f.Add(parcelNo + "W00000000")
	f.Add(parcelNo + "F00010001")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		unit, err := land.ParseEstateUnitNo(s)
		if err != nil {
			return
		}
		if _, err := land.ParseCadastralNo(string(unit[:19])); err != nil || len(s) != 28 {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

func ExampleStatus() {
	fmt.Println(land.Status(land.BankReserve, ""))
	fmt.Println(land.Status(land.BankAvailable, land.AllotmentReserved))
	// Output:
	// reserve
	// reserved
}

func ExampleParseCadastralNo() {
	no, err := land.ParseCadastralNo("371003001002GB00017")
	fmt.Println(no, err)
	// Output: 371003001002GB00017 <nil>
}

func TestDaysAreReal(t *testing.T) {
	t.Parallel()
	for in, ok := range map[string]bool{
		"2026-06-30": true, "1900-01-01": true, "2200-12-31": true, " 2024-02-29 ": true,
		"2023-02-29": false, "2026-06-31": false, "1899-12-31": false, "2201-01-01": false, "0001-01-01": false,
		"2026-6-30": false, "30.06.2026": false, "": false, "9999-12-31": false,
	} {
		got, err := land.ParseDay("day", in)
		if (err == nil) != ok || ok && got != strings.TrimSpace(in) {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestLegalAreasAreAboveNothingAndBelowACounty(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1": "1.0000", "0.0001": "0.0001", "20000.123456": "20000.1235", "1e4": "10000.0000",
		"10000000000": "10000000000.0000",
		"0":           "", "-1": "", "0.00001": "", "10000000000.0001": "", "NaN": "", "Infinity": "", "1e300": "",
		"ten": "",
		"":    "",
	} {
		got, err := land.ParseArea("legal_m2", in)
		if (err == nil) != (want != "") || want != "" && got.String() != want {
			t.Errorf("%q: %s, %v", in, got, err)
		}
	}
}
