package registry

import (
	"strings"
	"testing"
)

// TestFloorSpaceIsRankedByWhatIsKnown: what is not known is neither met nor short.
func TestFloorSpaceIsRankedByWhatIsKnown(t *testing.T) {
	t.Parallel()
	f := func(v float64) *float64 { return &v }
	day := func(s string) *string { return &s }
	units := []Unit{
		{Code: "dear", AreaM2: 1000, ClearHeightM: f(8), CraneT: f(10), Rent: f(20), State: "free",
			FreeOn: day("2026-01-01")},
		{Code: "unknown crane", AreaM2: 1000, ClearHeightM: f(8), Rent: f(1), State: "free", FreeOn: day("2026-01-01")},
		{Code: "cheap", AreaM2: 1000, ClearHeightM: f(8), CraneT: f(10), Rent: f(10), State: "free",
			FreeOn: day("2026-01-01")},
		{Code: "no rent", AreaM2: 1000, ClearHeightM: f(8), CraneT: f(10), State: "free", FreeOn: day("2026-01-01")},
		{Code: "let for good", AreaM2: 1000, ClearHeightM: f(8), CraneT: f(10), State: "let"},
		{Code: "low", AreaM2: 1000, ClearHeightM: f(7.9), CraneT: f(0), State: "free", FreeOn: day("2026-01-01")},
		{Code: "late", AreaM2: 1000, ClearHeightM: f(8), CraneT: f(10), State: "let", FreeOn: day("2027-01-02")},
		{Code: "no day", AreaM2: 1000, ClearHeightM: f(8), CraneT: f(10), State: "free"},
	}
	ranked, out := RankFloor(units, FloorWish{MinM2: f(1000), ClearHeightM: f(8), CraneT: f(10), ReadyBy: "2027-01-01"})
	names := func(all []FloorSpace) string {
		var s []string
		for _, one := range all {
			s = append(s, one.Unit.Code)
		}
		return strings.Join(s, ", ")
	}
	if got := names(ranked); got != "cheap, dear, no rent, unknown crane, no day" {
		t.Error(got)
	}
	if got := names(out); got != "let for good, late, low" {
		t.Error(got)
	}
}
