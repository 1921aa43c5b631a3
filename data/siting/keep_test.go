package siting

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"luodi/geo/match"
)

func TestMadeUpNodesFillNoMemory(t *testing.T) {
	t.Parallel()
	s := &Sites{Places: make([]Place, 1), access: make([]match.Access, 1), derived: map[string]*derivedColumn{}}
	for i := range 4 * maxDerived {
		if values, _, err := s.Column(fmt.Sprintf("partner_n%d_m", i), time.Now(), nil); err != nil ||
			len(values) != 1 {
			t.Fatalf("%v, %v", values, err)
		}
	}
	if len(s.derived) > maxDerived {
		t.Errorf("%d columns are kept", len(s.derived))
	}
}

func TestCodesOfAssembliesTellTheirParcelsApart(t *testing.T) {
	t.Parallel()
	seen := map[string][]string{}
	for _, codes := range [][]string{{"A", "B"}, {"A+B", "C"}, {"A", "B+C"}, {"A", "B", "C"}, {`"A`, `B"`},
		{`"A+B"`, "C"}, {`A\`, "B"}} {
		code := joinedCode(codes)
		if other, there := seen[code]; there {
			t.Errorf("%q are %s, as %q", codes, code, other)
		}
		seen[code] = codes
	}
	if codes := seen["A+B"]; !slices.Equal(codes, []string{"A", "B"}) {
		t.Errorf("A+B are %q", codes)
	}
}
