package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/data/store/storetest"
	"luodi/geo"
)

// system is a row of spatial_ref_sys.
type system struct {
	SRID int    `db:"srid"`
	Name string `db:"name"`
	Proj string `db:"proj"`
}

// The zones and the old datums that geo knows are those of the registry that
// PostGIS ships, no more and no fewer.
func TestSystemsEqualTheRegistry(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	const query = `SELECT srid, split_part(srtext, '"', 2) AS name, proj4text AS proj FROM spatial_ref_sys
		WHERE auth_name = 'EPSG'`
	rows, err := db.Owner.Query(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	systems, err := pgx.CollectRows(rows, pgx.RowToStructByName[system])
	if err != nil || len(systems) < 5000 {
		t.Fatalf("%d systems, %v", len(systems), err)
	}
	datums := map[string]geo.EPSG{"Beijing 1954": geo.Beijing54, "Xian 1980": geo.XiAn80, "New Beijing": geo.NewBeijing}
	for _, s := range systems {
		code := geo.EPSG(s.SRID)
		base, _, projected := strings.Cut(s.Name, " / ")
		if got, want := code.OldDatum(), datums[base]; got != want {
			t.Errorf("%v %s: datum %v, want %v", code, s.Name, got, want)
		}
		zone, isZone := code.GaussKruger()
		if want := projected && base == "CGCS2000"; isZone != want {
			t.Errorf("%v %s: a zone %v", code, s.Name, isZone)
		}
		want := fmt.Sprintf("+proj=tmerc +lat_0=0 +lon_0=%d +k=1 +x_0=%.0f +y_0=0 +ellps=GRS80 +units=m +no_defs",
			zone.CentralMeridian, zone.FalseEastingM)
		if isZone && (strings.TrimSpace(s.Proj) != want ||
			strings.Contains(s.Name, "3-degree") != (zone.WidthDeg == 3)) {
			t.Errorf("%v %s: got %+v, want %s", code, s.Name, zone, s.Proj)
		}
	}
}
