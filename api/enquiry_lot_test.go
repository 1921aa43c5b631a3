package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"luodi/api/sheet"
)

// TestAnEnquiryKeepsTheOutlineOfALot, by which the park finds its page; what is no lot of a public parcel is refused by
// its field, and so is a lot of a parcel that was withdrawn from the public, in the words for a parcel that never was.
func TestAnEnquiryKeepsTheOutlineOfALot(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	investor, planner := o.public(), o.planner()
	inside := func(parcel string) string { return o.lotIn(parcel) }
	place := func(pairs ...any) object {
		return with(object{"kind": "lot", "code": "A/1", "parcels": []string{"A"}, "area_mu": 2, "lot": inside("A")}, pairs...)
	}
	ask := func(status int, places ...object) told {
		t.Helper()
		return investor.want(status, "POST", enquiries, with(o.enquiry("desk"), "places", places))
	}
	sent := ask(http.StatusCreated, place(), place("code", "A", "kind", "parcel", "lot", nil))
	inbox := planner.want(http.StatusOK, "GET", enquiries, nil)
	seen := investor.want(http.StatusOK, "POST", "/api/enquiry/look", object{"link": sent.body["link"]})
	for _, told := range []any{at(inbox.body, "enquiries", 0, "places", 0, "lot"), at(seen.body, "places", 0, "lot")} {
		if told != inside("A") {
			t.Errorf("the outline reads %v", told)
		}
	}
	for why, refused := range map[string]object{
		"no outline":            place("lot", "1_2"),
		"none of this parcel":   place("lot", inside("B")),
		"an outline of no lot":  place("kind", "parcel"),
		"a lot of two parcels":  place("parcels", []string{"A", "B"}),
		"lines that cross":      place("lot", sheet.FormatLot([][2]float64{{122, 37}, {122.001, 37.001}, {122.001, 37}, {122, 37.001}})),
		"less than a square ft": place("lot", "122000000000_37000000000_1_0_0_1"),
	} {
		if r := ask(http.StatusBadRequest, place(), refused); r.body["field"] != "places[1].lot" {
			t.Errorf("%s: %s", why, r.text)
		}
	}
	falsely := with(o.enquiry("desk"), "places", []object{place("lot", inside("B"))})
	falsely["proof"] = with(falsely["proof"].(object), "numbers", []int{1, 2})
	if r := investor.want(http.StatusBadRequest, "POST", enquiries, falsely); r.body["field"] != "proof.numbers" {
		t.Errorf("a lot is looked at for who did no work: %s", r.text)
	}
	none := ask(http.StatusBadRequest, place("parcels", []string{"none"}))
	page := "/sites/desk/A?lot=" + inside("A")
	investor.want(http.StatusOK, "GET", page+"&f=geojson", nil)
	planner.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "not yet", "parcels": o.refs(o.parcels[0])})
	hidden := ask(http.StatusBadRequest, place())
	if strings.ReplaceAll(none.text, "none", "A") != hidden.text || hidden.body["field"] != "places[0].parcels[0]" {
		t.Errorf("a parcel that isn't public is told from none:\n%s\n%s", none.text, hidden.text)
	}
	investor.want(http.StatusNotFound, "GET", page+"&f=geojson", nil)
}

// lotIn is the outline of some ten by ten metres in the middle of a parcel.
func (o *office) lotIn(code string) string {
	o.t.Helper()
	const sql = `SELECT b.x + c.east * 5e-5, b.y + c.north * 5e-5
  FROM parcel_version v CROSS JOIN LATERAL (SELECT ST_X(ST_Centroid(v.geom)) AS x, ST_Y(ST_Centroid(v.geom)) AS y) b
 CROSS JOIN (VALUES (1, -1, -1), (2, 1, -1), (3, 1, 1), (4, -1, 1)) c (n, east, north)
 WHERE v.code = $1 AND v.to_seq IS NULL ORDER BY c.n`
	rows, err := o.db.Owner.Query(o.t.Context(), sql, code)
	if err != nil {
		o.t.Fatal(err)
	}
	corners, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c [2]float64, err error) {
		return c, row.Scan(&c[0], &c[1])
	})
	if err != nil || len(corners) != 4 {
		o.t.Fatalf("%s: %v %v", code, corners, err)
	}
	return sheet.FormatLot(corners)
}
