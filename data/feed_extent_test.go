package data_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luodi/data"
	"luodi/data/datatest"
)

// TestAKeptExtentIsTheOneThatIsMeasured: after parcels came, went and came again, in whichever park, who kept an extent
// tells the same as who measures anew.
func TestAKeptExtentIsTheOneThatIsMeasured(t *testing.T) {
	t.Parallel()
	db := datatest.New(t)
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
	a, b := datatest.Park(t, db, "a"), datatest.Park(t, db, "b")
	look("two parks")
	one := datatest.Parcels(t, db, a, datatest.Square{Code: "A", X: 0.1, Y: 0.1, Side: 0.001},
		datatest.Square{Code: "B", X: 0.5, Y: 0.5, Side: 0.001})
	look("parcels in one")
	datatest.Parcels(t, db, b, datatest.Square{Code: "C", X: 0.7, Y: 0.7, Side: 0.001})
	look("a parcel in the other")
	order := data.Order{Park: "a", Reason: "r", Via: "test",
		Command: data.Command{Kind: "unpublish", Parcels: []data.Ref{{ID: one[0], Version: 1}}}}
	if _, err := db.Store.Do(ctx, order); err != nil {
		t.Fatal(err)
	}
	look("a parcel gone")
	datatest.Border(t, db, b, `ST_Envelope(ST_Expand(geom, 0.001))`)
	look("another boundary")
}
