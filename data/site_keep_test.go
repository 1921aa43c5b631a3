package data

import (
	"fmt"
	"testing"
	"time"

	"luodi/geo/match"
)

func TestMadeUpNodesFillNoMemory(t *testing.T) {
	t.Parallel()
	s := &Sites{Places: make([]Place, 1), access: make([]match.Access, 1), derived: map[string]*derivedColumn{}}
	for i := range 4 * maxDerived {
		if values, _, err := s.Column(fmt.Sprintf("partner_n%d_m", i), time.Now(), nil); err != nil || len(values) != 1 {
			t.Fatalf("%v, %v", values, err)
		}
	}
	if len(s.derived) > maxDerived {
		t.Errorf("%d columns are kept", len(s.derived))
	}
}
