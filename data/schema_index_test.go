package data_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/data/store/storetest"
)

// TestNoStatisticsAreKeptOfWhoseARowIs: tables/0112_keep_no_statistics_of_parks.sql says why. A table that comes
// later says so too: ALTER TABLE … ALTER COLUMN park_id SET STATISTICS 0.
func TestNoStatisticsAreKeptOfWhoseARowIs(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	few := []string{"park", "park_public", "park_clock", "district"} // where the column is the whole key
	const sql = `
		SELECT c.relname::text || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
		   AND a.attname IN ('park_id', 'district_id') AND NOT a.attisdropped
		   AND c.relname <> ALL ($1) AND a.attstattarget <> 0`
	rows, err := db.Owner.Query(t.Context(), sql, few)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) > 0 {
		t.Errorf("a park that came after their statistics is taken for empty in %s", strings.Join(kept, ", "))
	}
}

// parkFirst are the indexes that begin with the park and are no key: each is walked by park, in its order.
var parkFirst = map[string]string{
	"allotment_parcel_live":     "with the parcel it is a key while it lasts",
	"building_record_of_park":   "what was recorded of the workshops of a park, by number",
	"dead_letter_resend":        "what is to be sent again to a receiver, by number",
	"enquiry_unread":            "what waits to be read, counted to a hundred",
	"parcel_public_live_status": "the parcels of one status, by id",
	"parcel_public_state":       "the parcels of a past state, by id",
	"presence_park":             "who is there",
	"proposal_open":             "what waits for a decision, by time",
	"record_at":                 "the newest record before an instant",
	"waiting_live":              "who waits for a parcel, by number",
}

func TestIndexesBeginWithWhatTellsRowsApart(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	const sql = `
		SELECT c.relname::text, i.indisunique OR i.indisexclusion AS key, a.attname::text AS first,
		  i.indrelid::regclass::text || ' ' || i.indkey::text || ' ' || coalesce(pg_get_expr(i.indpred, i.indrelid), '')
		       || coalesce(pg_get_expr(i.indexprs, i.indrelid), '') || i.indclass::text AS what
		  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
		 WHERE c.relnamespace = 'public'::regnamespace ORDER BY i.indisunique DESC, 1`
	rows, err := db.Owner.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	var name, what string
	var first *string
	var key bool
	seen, found := map[string]string{}, []string{}
	_, err = pgx.ForEachRow(rows, []any{&name, &key, &first, &what}, func() error {
		if other, twice := seen[what]; twice {
			t.Errorf("%s is %s once more", name, other)
		}
		seen[what] = name
		if first != nil && *first == "park_id" && !key {
			if found = append(found, name); parkFirst[name] == "" {
				t.Errorf("%s begins with the park: a look-up by another column may walk through the park by it. "+
					"Begin it with the other column, or say here who walks it", name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range parkFirst {
		if !slices.Contains(found, name) {
			t.Errorf("%s is named here and not there", name)
		}
	}
}

// TestStatisticsOfBeforeAreTold: where statistics were gathered before none were kept, luodi doctor names the tables,
// and what it tells a superuser to run takes them away.
func TestStatisticsOfBeforeAreTold(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.Grow(t, db, 0, 100)
	storetest.Alter(t, db, `ALTER TABLE parcel ALTER COLUMN park_id
       SET STATISTICS -1; ALTER TABLE allotment ALTER COLUMN district_id SET STATISTICS -1; ANALYZE;
		ALTER TABLE parcel ALTER COLUMN park_id SET STATISTICS 0`)
	if left, err := store.StatisticsLeft(t.Context(), db.Source); err != nil ||
		!slices.Equal(left, []string{"parcel"}) {
		t.Errorf("left: %v, %v", left, err)
	}
	storetest.Alter(t, db, `DELETE FROM pg_statistic s USING pg_attribute a
		WHERE (a.attrelid, a.attnum) = (s.starelid, s.staattnum)
		AND a.attstattarget = 0 AND a.attname IN ('park_id', 'district_id')`)
	storetest.Alter(t, db, `ANALYZE`)
	if left, err := store.StatisticsLeft(t.Context(), db.Source); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
