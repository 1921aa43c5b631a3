package intake_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/data/intake"
	"luodi/data/store/storetest"
)

// TestImportAfterOneThatWasGivenUp: where the statistics know the tables as empty, as after an import that was given
// up, no row that is written is looked for among all others of its record.
func TestImportAfterOneThatWasGivenUp(t *testing.T) {
	t.Parallel()
	const n = 2000
	path := storetest.TurnedGrid(t, n)
	fetched := func(alter string) (rows int64) {
		db := storetest.New(t)
		storetest.Alter(t, db, alter+`; UPDATE pg_class SET reltuples = 0, relpages = 1000
			WHERE relname IN ('parcel', 'parcel_version', 'parcel_public')`)
		req := request("north")
		req.Also = func(ctx context.Context, tx pgx.Tx, _ *intake.ImportReport) error {
			return tx.QueryRow(ctx, `SELECT sum(idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables
				WHERE relname IN ('parcel', 'parcel_version', 'parcel_public')`).Scan(&rows)
		}
		if report, err := importFile(t, db.Store, path, req); err != nil || report.Taken != n {
			t.Fatal(err, report.Taken)
		}
		return rows
	}
	if rows := fetched(`SELECT`); rows > 50*n {
		t.Errorf("%d rows were read to write %d", rows, n)
	}
	if rows := fetched(`CREATE OR REPLACE FUNCTION publish_begun_parcels() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
		SET search_path = public, pg_temp AS $$
		BEGIN
		  PERFORM publish_parcels(c.park_id, array_agg(c.parcel_id)) FROM changed c GROUP BY c.park_id;
		  RETURN NULL;
		END $$`); rows < 100*n {
		t.Errorf("where each row is looked up, only %d rows were read", rows)
	}
}
