package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"luodi/data/store/storetest"
)

// TestARightIsCheckedByItsKeys: whether the statistics know nothing of a park's rights, or that there are none, or have
// seen all of them begin in one record, the check of one right reads a few rows of them, not all.
func TestARightIsCheckedByItsKeys(t *testing.T) {
	t.Parallel()
	const rights = 400
	parcels := fmt.Sprintf(`SELECT deed('import'); SELECT born('P' || n, box(2 * n, 0, 2 * n + 2, 2), 4)
		FROM generate_series(1, %d) n`, rights)
	held := fmt.Sprintf(`SELECT deed('hold'); SELECT hold('h' || n, 'P' || n) FROM generate_series(1, %d - 1) n`,
		rights)
	last := fmt.Sprintf(`SELECT deed('hold'); SELECT hold('h', 'P%d')`, rights)
	for _, analyzed := range []string{"never", "before the first", "before the last"} {
		ground := storetest.NewGround(t)
		park := ground.Plot(t, "rights", parcels)
		for _, step := range []struct{ when, sql string }{{"before the first", held}, {"before the last", last}} {
			if step.when == analyzed {
				if _, err := ground.Owner.Exec(t.Context(), `ANALYZE`); err != nil {
					t.Fatal(err)
				}
			}
			if got := ground.Attack(t, park, storetest.Levels[0], step.sql); got != storetest.Taken {
				t.Fatal(got)
			}
		}
		if n := rightsRead(t, ground); n > 20 {
			t.Errorf("analyzed %s: the check of one right reads %d rows of %d rights", analyzed, n, rights)
		}
	}
}

// rightsRead counts the rows of rights that the check of the newest record reads.
func rightsRead(t *testing.T, ground *storetest.Ground) (n int) {
	t.Helper()
	tx, err := ground.Owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), `SET LOCAL enable_seqscan = off; SELECT refuse_bad_right(park_id, seq)
		FROM park_clock`); err != nil {
		t.Fatal(err)
	}
	const read = `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables
		WHERE relname IN ('allotment_parcel', 'allotment_version')`
	if err := tx.QueryRow(t.Context(), read).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAParcelIsPublishedByItsKey: what a load writes last is looked up as fast as what it wrote first, whether the
// statistics know nothing or only of another park.
func TestAParcelIsPublishedByItsKey(t *testing.T) {
	t.Parallel()
	const parcels = 500
	load := func(from, to int) string {
		return fmt.Sprintf(`INSERT INTO parcel (park_id, parcel_id) SELECT attack.park(), id('P' || n)
       FROM generate_series(%[1]d, %[2]d) n;
			INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, geom)
			SELECT attack.park(), id('P' || n), (SELECT seq()), 'P' || n, 'available', 4, 'public',
			  box(2 * n, 0, 2 * n + 2, 2) FROM generate_series(%[1]d, %[2]d) n`, from, to)
	}
	for _, statistics := range []string{"", `ANALYZE`} {
		ground := storetest.NewGround(t)
		ground.Plot(t, "other", `SELECT deed('import'); `+load(1, parcels))
		if _, err := ground.Owner.Exec(t.Context(), statistics); err != nil {
			t.Fatal(err)
		}
		a := ground.Attacker(t, ground.Plot(t, "park"), storetest.Levels[0])
		defer a.Leave()
		if got := a.Try(`SELECT deed('import'); ` + load(1, parcels) + `; ` +
			load(parcels+1, 2*parcels)); got != storetest.Taken {
			t.Fatal(got)
		}
		const read = `DO $$ DECLARE n bigint; BEGIN
			SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) INTO n FROM pg_stat_xact_user_tables
			  WHERE relname = 'parcel_version';
			IF n > %d THEN RAISE EXCEPTION '%% rows read', n USING ERRCODE = 'XX001'; END IF; END $$`
		if got := a.Try(fmt.Sprintf(read, 20*parcels)); got != storetest.Taken {
			t.Errorf("after %q: to write %d parcels more than %d rows of them were read", statistics, 2*parcels,
				20*parcels)
		}
	}
}

// TestGroundIsCheckedByItsKeys: one new parcel of a park of many, whose ground another park of many claims too, is held
// against the few around it, whatever the statistics know.
func TestGroundIsCheckedByItsKeys(t *testing.T) {
	t.Parallel()
	const parcels = 900
	load := fmt.Sprintf(`SELECT deed('import'); SELECT born('P' || n,
		box(20 * (n %% 30), 20 * (n / 30), 20 * (n %% 30) + 20, 20 * (n / 30) + 20), 400)
		FROM generate_series(0, %d - 1) n`, parcels)
	for _, analyzed := range []bool{false, true} {
		p := &twoParks{Ground: storetest.NewGround(t)}
		p.a = p.Plot(t, "keys-a", load)
		p.b = p.second(t, "keys-b")
		if analyzed {
			byOwner(t, p.DB, `ANALYZE`)
		}
		if got := p.Attack(t, p.b, storetest.Levels[0],
			strings.ReplaceAll(load, "20 * (n / 30)", "600 + 20 * (n / 30)")); got != storetest.Taken {
			t.Fatal(got)
		}
		if got := p.Attack(t, p.b, storetest.Levels[0], `SELECT deed('create'); SELECT born('X',
			box(600,590,620,610), 400)`); got != storetest.Taken {
			t.Fatal(got)
		}
		tx, err := p.Owner.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		const check = `SET LOCAL enable_seqscan = off; SELECT refuse_double_ground(park_id, seq),
			refuse_stray(park_id, seq, 'create'), refuse_double_right(park_id, seq) FROM park_clock WHERE seq = 2`
		if _, err := tx.Exec(t.Context(), check); err != nil {
			t.Fatal(err)
		}
		var n int
		const read = `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables
			WHERE relname IN ('parcel_version', 'allotment_parcel', 'park', 'park_border')`
		if err := tx.QueryRow(t.Context(), read).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n > 60 {
			t.Errorf("analyzed %v: the check of one parcel's ground reads %d rows", analyzed, n)
		}
	}
}
