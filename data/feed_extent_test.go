package data_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luodi/data"
	"luodi/data/store/storetest"
)

// TestAKeptExtentIsTheOneThatIsMeasured: after parcels came, went and came again, in whichever park, who kept an extent
// tells the same as who measures anew.
func TestAKeptExtentIsTheOneThatIsMeasured(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	var kept data.Extents
	var before []data.Extent
	look := func(what string) {
		t.Helper()
		if err := db.Store.View(ctx, func(v *data.View) error {
			var all []data.Extent
			for _, c := range data.Collections() {
				got, err := kept.Of(ctx, v, c)
				if err != nil {
					return err
				}
				want, err := new(data.Extents).Of(ctx, v, c)
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
	order := data.Order{Park: "a", Reason: "r", Via: "test",
		Command: data.Command{Kind: "unpublish", Parcels: []data.Ref{{ID: one[0], Version: 1}}}}
	if _, err := db.Store.Do(ctx, order); err != nil {
		t.Fatal(err)
	}
	look("a parcel gone")
	storetest.Border(t, db, b, `ST_Envelope(ST_Expand(geom, 0.001))`)
	look("another boundary")
}
