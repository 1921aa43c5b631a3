package intake_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"luodi/data/store/storetest"
)

// Whoever ends an import, at any of its steps, finds nothing of it, or all of it where it had just been done.
func TestAnImportThatIsEndedLeavesNothing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	var plots []plot
	for i := range 60 {
		plots = append(plots, box(fmt.Sprintf("P%02d", i), float64(i)*110, 0, 100, 100))
	}
	file := survey(t, "EPSG:4550", plots...)
	before := contents(t, db)
	steps := 0
	for at := 1; ; at++ {
		ctx, cancel := context.WithCancel(t.Context())
		told := 0
		report, err := importWith(ctx, t, db.Store, file, request("ended"), func(int64, int64) {
			if told++; told == at {
				cancel()
			}
		})
		cancel()
		if told < at {
			if err != nil || report.Taken != int64(len(plots)) {
				t.Fatalf("undisturbed: %d taken, %v", report.Taken, err)
			}
			break
		}
		steps++
		if after := contents(t, db); err == nil && after == before || err != nil &&
			(after != before || !errors.Is(err, context.Canceled)) {
			t.Fatalf("ended at step %d: %v, and the database holds\n%s", at, err, after)
		}
		if err == nil {
			break
		}
	}
	if steps < 5 {
		t.Errorf("ended at %d steps only", steps)
	}
}
