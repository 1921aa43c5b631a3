package data_test

import (
	"fmt"
	"testing"

	"luodi/data/datatest"
)

// TestARightIsCheckedByItsKeys: whether the statistics know nothing of a park's rights or have seen all of them begin in one record, the check of one
// right reads a few rows of them, not all.
func TestARightIsCheckedByItsKeys(t *testing.T) {
	t.Parallel()
	const rights = 400
	parcels := fmt.Sprintf(`SELECT deed('import'); SELECT born('P' || n, box(n, 0, n + 1, 1), 1) FROM generate_series(1, %d) n`, rights)
	held := fmt.Sprintf(`SELECT deed('hold'); SELECT hold('h' || n, 'P' || n) FROM generate_series(1, %d - 1) n`, rights)
	last := fmt.Sprintf(`SELECT deed('hold'); SELECT hold('h', 'P%d')`, rights)
	for _, statistics := range []string{"", `ANALYZE`} {
		ground := datatest.NewGround(t)
		park := ground.Plot(t, "rights", parcels, held)
		if _, err := ground.Owner.Exec(t.Context(), statistics); err != nil {
			t.Fatal(err)
		}
		if got := ground.Attack(t, park, datatest.Levels[0], last); got != datatest.Taken {
			t.Fatal(got)
		}
		if n := rightsRead(t, ground); n > 20 {
			t.Errorf("after %q: the check of one right reads %d rows of %d rights", statistics, n, rights)
		}
	}
}

// rightsRead counts the rows of rights that the check of the newest record reads.
func rightsRead(t *testing.T, ground *datatest.Ground) (n int) {
	t.Helper()
	tx, err := ground.Owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), `SET LOCAL enable_seqscan = off; SELECT refuse_bad_right(park_id, seq) FROM park_clock`); err != nil {
		t.Fatal(err)
	}
	const read = `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables WHERE relname IN ('allotment_parcel', 'allotment_version')`
	if err := tx.QueryRow(t.Context(), read).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
