package api_test

import (
	"math"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"luodi/api"
	"luodi/data/sample"
	"luodi/data/store/storetest"
)

var (
	drawnScale = regexp.MustCompile(`1:(\d+)`)
	drawnPoint = regexp.MustCompile(`J(\d+)\s+(\d+\.\d{3})\s+(\d+\.\d{3})\s+(\d+\.\d{3})`)
)

// The plan of a parcel tells each corner as PostGIS has it, in order, with the sides between, on A4 and A3, in both
// languages; who isn't told of a parcel isn't shown it.
func TestThePlanOfAParcelIsTrue(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(typeFile); err != nil {
		t.Skip("the page isn't built: make web")
	}
	h := openOn(t, storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load)),
		func(o *api.Options) { o.Web = os.DirFS("../web/dist") })
	var id string
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT parcel_id FROM parcel_public WHERE to_seq IS NULL
		AND code = 'TX-A01'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	path := "/api/parks/carbon-fibre/parcels/" + id + "/plat.pdf"
	for _, c := range []struct{ query, title, size string }{{"?lang=zh", "宗地图 TX-A01", "595"},
		{"?lang=en&sheet=a3", "Plan of parcel TX-A01", "1190"}} {
		got := h.get(path + c.query)
		if got.StatusCode != http.StatusOK || !strings.HasPrefix(string(got.body), "%PDF") {
			t.Fatalf("%s: %d %.300s", c.query, got.StatusCode, got.body)
		}
		if folder := os.Getenv("LUODI_SHOTS"); folder != "" {
			if err := os.WriteFile(folder+"/plat"+c.size+".pdf", got.body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, said := pdfRead(t, got.body)
		if !strings.Contains(said, c.title) || drawnScale.FindString(said) == "" || !strings.Contains(said, "EPSG:4550") ||
			!strings.Contains(string(got.body), "/MediaBox [0 0 "+c.size) {
			t.Errorf("%s says\n%s", c.query, said)
		}
		points := drawnPoint.FindAllStringSubmatch(said, -1)
		want := h.count(`SELECT ST_NPoints(geom) - 1 FROM parcel_public WHERE to_seq IS NULL AND code = 'TX-A01'`)
		if len(points) != want {
			t.Fatalf("%d points in the table, want %d:\n%s", len(points), want, said)
		}
		number := func(text string) float64 {
			f, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		for i, p := range points {
			var off float64
			if err := h.db.Owner.QueryRow(t.Context(), `SELECT min(ST_Distance(ST_Transform(d.geom, 4550),
				ST_SetSRID(ST_MakePoint($1, $2), 4550))) FROM parcel_public f, ST_DumpPoints(f.geom) d
				WHERE to_seq IS NULL AND code = 'TX-A01'`, number(p[3]), number(p[2])).Scan(&off); err != nil {
				t.Fatal(err)
			}
			next := points[(i+1)%len(points)]
			side := math.Hypot(number(next[2])-number(p[2]), number(next[3])-number(p[3]))
			if p[1] != strconv.Itoa(i+1) || off > 0.001 || math.Abs(side-number(p[4])) > 0.002 {
				t.Errorf("point %v: %g m off, its side is %.3f", p, off, side)
			}
		}
		if again := h.get(path+c.query, "If-None-Match", got.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("again: %d", again.StatusCode)
		}
	}
	for path, status := range map[string]int{path + "?sheet=a0": http.StatusBadRequest,
		"/api/parks/carbon-fibre/parcels/01900000-0000-7000-8000-000000000000/plat.pdf": http.StatusNotFound,
		"/api/parks/nowhere/parcels/" + id + "/plat.pdf":                                http.StatusNotFound} {
		if got := h.get(path); got.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, got.StatusCode, status)
		}
	}
}
