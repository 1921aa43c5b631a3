package ledger_test

import (
	"context"
	"testing"

	"luodi/data/store/storetest"
)

// TestARecordThatTheTriggersWouldTellWronglyIsNotMade takes the triggers away that write what the public reads: each
// record that they would have told of is refused when it settles, and goes through, told wrongly, once the look at it
// is gone too.
func TestARecordThatTheTriggersWouldTellWronglyIsNotMade(t *testing.T) {
	t.Parallel()
	const (
		dataCorrupted = "XX001"
		heldA2        = `SELECT deed('hold'), hold('h', 'A', 'B')`
	)
	for _, c := range []struct{ name, given, trigger, sql string }{
		{"a hold", "", `publish_inserted ON allotment_parcel`, heldA},
		{"a right that ends", heldA2, `publish_updated ON allotment_parcel`, `SELECT deed('take_back'), uncover('h',
			'A', 'B'), finish('h')`},
		{"a right that leaves one of two parcels", heldA2, `publish_updated ON allotment_parcel`,
			`SELECT deed('edit'), uncover('h', 'B')`},
		{"a right that becomes another", heldA2, `publish_inserted ON allotment_version`,
			`SELECT deed('reserve'), finish('h'); SELECT state('h', 'reserved')`},
		{"a parcel that begins", "", `publish_inserted ON parcel_version`, `SELECT deed('create'); SELECT born('X',
			box(0,700,100,800), 10000)`},
		{"a parcel that ends", "", `publish_updated ON parcel_version`, retireA},
		{"a parcel that is withdrawn", "", `publish_inserted ON parcel_version`,
			`SELECT deed('withdraw'); SELECT shut('A'); SELECT "on"('A', bank => 'withdrawn')`},
		{"a parcel that is hidden", "",
			`publish_updated ON parcel_version; DROP TRIGGER publish_inserted ON parcel_version`,
			`SELECT deed('edit'); SELECT shut('A'); SELECT "on"('A', publication => 'internal')`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ground := storetest.NewGround(t)
			given := []string{land}
			if c.given != "" {
				given = append(given, c.given)
			}
			park := ground.Plot(t, "plot", given...)
			for _, step := range []struct{ sql, want string }{{"DROP TRIGGER " + c.trigger, dataCorrupted},
				{`DROP TRIGGER says_what_is ON record`, storetest.Taken}} {
				if _, err := ground.Owner.Exec(context.Background(), step.sql); err != nil {
					t.Fatal(err)
				}
				if got := ground.Attack(t, park, storetest.Levels[0], c.sql); got != step.want {
					t.Errorf("after %s: %s, want %s", step.sql, got, step.want)
				}
			}
		})
	}
}
