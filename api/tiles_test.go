package api_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"luodi/data/people"
)

// metric is a figure of /metrics.
func (h *house) metric(name string) int {
	h.t.Helper()
	for line := range strings.Lines(string(h.get("/metrics").body)) {
		if value, is := strings.CutPrefix(strings.TrimSpace(line), name+" "); is {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				h.t.Fatal(err)
			}
			return int(n)
		}
	}
	h.t.Fatalf("/metrics has no %s", name)
	return 0
}

// inMemory waits until the features of collections are kept.
func (h *house) inMemory(collections ...string) {
	h.t.Helper()
	loads := h.metric("luodi_feed_loads_total")
	eventually(h.t, "features are kept", func() bool {
		for _, c := range collections {
			h.get("/ogc/collections/" + c + "/items?limit=1")
		}
		return h.metric("luodi_feed_loads_total") == loads+len(collections)
	})
}

// sampleZ, sampleX and sampleY are a tile in which the sample's park of carbon fibre lies.
const sampleZ, sampleX, sampleY = 12, 3436, 1590

func TestATileIsKeptOnceByAllItsAddresses(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	h.inMemory("parcels")
	xyz := fmt.Sprintf("/%d/%d/%d", sampleZ, sampleX, sampleY)
	row := fmt.Sprintf("/%d/%d/%d", sampleZ, sampleY, sampleX)
	offset := escape(h.url + "/ogc/crs/gcj-02")
	for kept, paths := range [][]string{
		{"/tiles/parcels" + xyz, "/tiles/parcels" + xyz + ".mvt", "/tiles/parcels" + xyz + "?f=mvt&lang=en",
			"/ogc/collections/parcels/tiles/WebMercatorQuad" + row},
		{"/tiles/parcels" + xyz + "?park=carbon-fibre", "/api/parks/carbon-fibre/tiles/parcels" + xyz,
			"/ogc/collections/parcels/tiles/WebMercatorQuad" + row + "?park=carbon-fibre"},
		{"/tiles/parcels" + xyz + "?crs=gcj-02", "/tiles/parcels" + xyz + "?crs=" + offset,
			"/ogc/collections/parcels/tiles/WebMercatorQuad" + row + "?lang=zh&crs=gcj-02"},
		{"/tiles/parcels" + xyz + "?status=built&q=TX", "/tiles/parcels" + xyz + "?q=TX&status=built"},
	} {
		var first reply
		for i, path := range paths {
			r := h.get(path)
			if r.StatusCode != http.StatusOK {
				t.Fatalf("%s: %s %s", path, r.Status, r.body)
			}
			if i == 0 {
				first = r
			}
			if !slices.Equal(r.body, first.body) || r.Header.Get("ETag") != first.Header.Get("ETag") {
				t.Errorf("%s is another tile than %s", path, paths[0])
			}
		}
		if n := h.metric("luodi_tiles_kept"); n != kept+1 {
			t.Errorf("after %v %d tiles are kept, want %d", paths, n, kept+1)
		}
	}
	h.get("/ogc/collections/parcels/tiles/CGCS2000Quad/11/600/3436")
	if n := h.metric("luodi_tiles_kept"); n != 5 {
		t.Errorf("a tile of the other set is kept with those of this: %d", n)
	}
}

// TestTilesOfTheDatabaseHoldUpNoneFromMemory lets tiles that only the database answers wait for a lock, more of them
// than are drawn at once, and asks for others, which are drawn from memory or kept.
func TestTilesOfTheDatabaseHoldUpNoneFromMemory(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	h.inMemory("parcels", "plan-units")
	ctx := context.Background()
	lock, err := h.db.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback(ctx) }()
	if _, err := lock.Exec(ctx, "LOCK TABLE plan_unit_public IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	many := 2*runtime.GOMAXPROCS(0) + 2
	slow := make(chan reply, many)
	for i := range many {
		go func() {
			slow <- h.get(fmt.Sprintf("/tiles/plan-units/%d/%d/%d?filter=%s", sampleZ, sampleX, sampleY,
				escape(fmt.Sprintf("code LIKE '%%%d' OR TRUE", i))))
		}()
	}
	eventually(t, "as many wait for the lock as are read at once", func() bool {
		return h.count("SELECT count(*) FROM pg_locks WHERE relation = 'plan_unit_public'::regclass AND NOT granted") ==
			runtime.GOMAXPROCS(0)
	})
	for z := range 17 {
		path := fmt.Sprintf("/tiles/parcels/%d/%d/%d", z, sampleX<<4>>(16-z), sampleY<<4>>(16-z))
		for range 2 { // made, and kept
			if r := h.get(path); r.StatusCode >= 300 {
				t.Errorf("%s: %s", path, r.Status)
			}
		}
		if r := h.get(path + "?filter=" + escape("status <> 'built'")); r.StatusCode >= 300 {
			t.Errorf("%s, filtered: %s", path, r.Status)
		}
	}
	if len(slow) > 0 {
		t.Errorf("%d tiles did not wait for the lock", len(slow))
	}
	if err := lock.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	for range many {
		if r := <-slow; r.StatusCode != http.StatusOK {
			t.Errorf("after the lock: %s %s", r.Status, r.body)
		}
	}
}

// session is the cookie of a colleague who is signed in.
func (o *office) session(who *colleague) string {
	o.t.Helper()
	const verified = "$argon2id$test"
	if _, err := o.db.Owner.Exec(o.t.Context(), "UPDATE account SET password = $2 WHERE account_id = $1", who.id,
		verified); err != nil {
		o.t.Fatal(err)
	}
	secret, err := people.Of(o.db.Store).OpenSession(o.t.Context(), who.id, verified)
	if err != nil {
		o.t.Fatal(err)
	}
	return "luodi_session=" + secret
}

// TestTilesSayWhatTheyVaryBy holds the doors at which a cookie changes what is answered to saying so, and no others.
func TestTilesSayWhatTheyVaryBy(t *testing.T) {
	t.Parallel()
	plots := squares(3)
	plots[1].Internal = true
	o := newOffice(t, plots...)
	member := o.session(o.planner())
	for path, cookie := range map[string]bool{"/api/parks/desk/tiles/parcels/0/0/0": true,
		"/api/parks/desk/items/parcels?f=json": true, "/tiles/parcels/0/0/0": false, "/ogc/collections/parcels/items": false,
		"/ogc/collections/parcels/tiles/WebMercatorQuad/0/0/0": false} {
		public := o.get(path)
		own := o.get(path, "Cookie", member)
		for _, r := range []reply{public, own, o.get(path, "If-None-Match", public.Header.Get("ETag"))} {
			vary := strings.Join(r.Header.Values("Vary"), ", ")
			if strings.Contains(vary, "Cookie") != cookie || !strings.Contains(vary, "Authorization") {
				t.Errorf("%s: %s varies by %q", path, r.Status, vary)
			}
		}
		differs := string(public.body) != string(own.body)
		if differs != cookie || (public.Header.Get("ETag") != own.Header.Get("ETag")) != cookie {
			t.Errorf("%s: a cookie changes the answer: %v", path, differs)
		}
		if private := strings.Contains(own.Header.Get("Cache-Control"), "private"); private != cookie ||
			strings.Contains(public.Header.Get("Cache-Control"), "private") ||
			!strings.Contains(own.Header.Get("Cache-Control"), "no-cache") {
			t.Errorf("%s: kept as %q for a member, as %q for the public", path, own.Header.Get("Cache-Control"),
				public.Header.Get("Cache-Control"))
		}
		// a shared cache that holds the public's answer asks with its tag when a member does
		if held := o.get(path, "Cookie", member, "If-None-Match", public.Header.Get("ETag")); cookie !=
			(held.StatusCode == http.StatusOK) {
			t.Errorf("%s: a member who holds the public's answer is told %s", path, held.Status)
		}
		if held := o.get(path, "If-None-Match", own.Header.Get("ETag")); cookie != (held.StatusCode == http.StatusOK) {
			t.Errorf("%s: the public that holds a member's answer is told %s", path, held.Status)
		}
	}
}
