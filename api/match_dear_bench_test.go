package api_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"
)

// sqlParcels gives the free land of a park outlines as a cadastre has them: ten points about a rectangle of 30 to 160
// m, off by up to 3 %, every fifth in an L.
const sqlParcels = `
UPDATE parcel_public p SET geom = (
  SELECT ST_SetSRID(ST_MakePolygon(ST_AddPoint(ring, ST_StartPoint(ring))), 4490) FROM (
    SELECT ST_MakeLine(ST_MakePoint(
        ST_XMin(p.geom) + (0.0004 + 0.000001 * (h & 1023)) * (x + 0.00006 * (hashtext(p.code || n) & 511)),
        ST_YMin(p.geom) + (0.0003 + 0.000001 * (h >> 10 & 1023)) * (y + 0.00006 * (hashtext(n || p.code) & 511)))
        ORDER BY n) AS ring
      FROM (SELECT hashtext(p.code) AS h) s, unnest(
        ARRAY[0, .33, .67, 1, 1, CASE WHEN h % 5 = 0 THEN .62 ELSE 1 END, CASE WHEN h % 5 = 0 THEN .6 ELSE .67 END, .33, 0, 0],
        ARRAY[0, 0, 0, 0, .5, CASE WHEN h % 5 = 0 THEN .55 ELSE 1 END, 1, 1, 1, .5]) WITH ORDINALITY t (x, y, n)) r)
 WHERE park_id = $1 AND status IN ('available', 'reserve')`

// TestBenchDear asks for each dear measure of 10,000 places and more, first where none is kept, then again.
func TestBenchDear(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	h := open(t)
	park := h.region("dear", 105_000)
	if _, err := h.db.Owner.Exec(context.Background(), sqlParcels, park); err != nil {
		t.Fatal(err)
	}
	ask := func(need string) object {
		return h.ask("/api/match", http.StatusOK, `{"park": "dear", "requirement": {`+need+`}}`)
	}
	first := ask(`"criteria": [{"measure": "area_mu", "want": "benefit", "weight": 1}]`)
	for _, c := range []struct{ name, need string }{
		{"rectangle_m2", `"criteria": [{"measure": "rectangle_m2", "want": "benefit", "weight": 1}]`},
		{"a hall of 80 m by 30", `"hall": {"length_m": 80, "width_m": 30},
			"criteria": [{"measure": "area_mu", "want": "benefit", "weight": 1}]`},
		{"frontage_m", `"criteria": [{"measure": "frontage_m", "want": "benefit", "weight": 1}]`},
		{"depth_m", `"criteria": [{"measure": "depth_m", "want": "benefit", "weight": 1}]`},
	} {
		start, worked := time.Now(), cores(t)
		cold := ask(c.need)
		took, work := time.Since(start).Round(time.Millisecond), (cores(t) - worked).Round(time.Millisecond)
		var warm object
		again := measure(t, 5, func() { warm = ask(c.need) })
		t.Logf("%s of %v places: cold %s (%s of the cores' time), warm %s", c.name, first["places"], took, work, again)
		if cold["ranked"] != warm["ranked"] || fmt.Sprint(cold["sites"]) != fmt.Sprint(warm["sites"]) {
			t.Errorf("%s: kept values rank other places than fresh ones", c.name)
		}
	}
}

// cores is how long this process has had cores: on a machine that others use too it says more than the clock.
func cores(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
