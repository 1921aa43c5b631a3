package feed_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/store/storetest"
)

// TestAKeptExtentIsTheOneThatIsMeasured: after parcels came, went and came again, in whichever park, who kept an extent
// tells the same as who measures anew.
func TestAKeptExtentIsTheOneThatIsMeasured(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	var kept feed.Extents
	var before []feed.Extent
	look := func(what string) {
		t.Helper()
		if err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
			var all []feed.Extent
			for _, c := range feed.Collections() {
				got, err := kept.Of(ctx, v, c)
				if err != nil {
					return err
				}
				want, err := new(feed.Extents).Of(ctx, v, c)
				if err != nil {
					return err
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s (-measured +kept):\n%s", what, c.ID, diff)
				}
				all = append(all, got)
			}
			if cmp.Equal(all, before) {
				t.Errorf("%s: nothing moved", what)
			}
			before = all
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	look("no park")
	a, b := storetest.Park(t, db, "a"), storetest.Park(t, db, "b")
	look("two parks")
	one := storetest.Parcels(t, db, a, storetest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001},
		storetest.Square{Code: "B", X: 0.5, Y: 0.5, Side: 0.001})
	look("parcels in one")
	storetest.Parcels(t, db, b, storetest.Square{Code: "C", X: 0.7, Y: 0.7, Side: 0.001})
	look("a parcel in the other")
	order := ledger.Order{Park: "a", Reason: "r", Via: "test",
		Command: ledger.Command{Kind: "unpublish", Parcels: []ledger.Ref{{ID: one[0], Version: 1}}}}
	if _, err := ledger.Of(db.Store).Do(ctx, order); err != nil {
		t.Fatal(err)
	}
	look("a parcel gone")
	storetest.Border(t, db, b, `ST_Envelope(ST_Expand(geom, 0.001))`)
	look("another boundary")
}
