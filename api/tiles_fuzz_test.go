package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"luodi/api"
	"luodi/data/sample"
	"luodi/data/store/storetest"
)

// tileAsk is a request for a tile, of which any part may be wrong.
type tileAsk struct {
	door                     int // of tileDoors
	collection, z, x, y      string
	filter, datetime, crs, q string
	more                     string // of the query, as it is
}

// tileDoors are the addresses of tiles, with what stands for {c}ollection, {z}, {x} and {y}.
var tileDoors = []string{"/tiles/{c}/{z}/{x}/{y}", "/ogc/collections/{c}/tiles/WebMercatorQuad/{z}/{y}/{x}",
	"/ogc/collections/{c}/tiles/CGCS2000Quad/{z}/{y}/{x}", "/api/parks/carbon-fibre/tiles/{c}/{z}/{x}/{y}",
	"/tiles/{c}/{z}/{x}/{y}.mvt", "/ogc/collections/{c}/tiles/{c}/{z}/{y}/{x}", "/api/parks/{c}/tiles/parcels/{z}/{x}/{y}"}

func (a tileAsk) path() string {
	path := strings.NewReplacer("{c}", url.PathEscape(a.collection), "{z}", url.PathEscape(a.z), "{x}",
		url.PathEscape(a.x), "{y}", url.PathEscape(a.y)).Replace(tileDoors[a.door%len(tileDoors)])
	query := url.Values{}
	for name, text := range map[string]string{"filter": a.filter, "datetime": a.datetime, "crs": a.crs, "q": a.q} {
		if text != "" {
			query.Set(name, text)
		}
	}
	return path + "?" + strings.TrimSuffix(query.Encode()+"&"+a.more, "&")
}

// The values of which random requests are made: those that are wrong are few, or little would be drawn.
var (
	oddNumbers = []string{"", "-1", "+1", "-0", "00", "007", "1e3", "0x10", "１２", "٣", "2147483648", "9223372036854775807",
		"9223372036854775808", "18446744073709551616", "1.0", " 1", "1 ", "..", ".", "NaN", "∞", "1_000", "12.mvt", ".mvt",
		"1.mvt.mvt", strings.Repeat("9", 400), "\x00", "\xff", "%31", "1/2", "{z}"}
	tileFilters = []string{"", "", "status = 'available'", "legal_m2 > 12000.5 AND NOT status = 'built'",
		"code LIKE 'TX%'", "zone IN ('IP','LP')", "S_INTERSECTS(geometry, BBOX(122,37,122.05,37.3))",
		`{"op":"=","args":[{"property":"status"},"held"]}`, "code = ", "((((", "legal_m2 / 0 > 1", "nothing = 1",
		"'\x00' = code", strings.Repeat("NOT ", 200) + "TRUE", "legal_m2 * legal_m2 ^ 2 > 1e300"}
	tileMoments = []string{"", "", "", "2026-01-15T00:00:00Z", "2026-11-01T00:00:00+08:00", "9999-12-31T23:59:59Z",
		"0001-01-01T00:00:00Z", "..", "2026-01-01T00:00:00Z/..", "now", "2026-02-30T00:00:00Z"}
	tileShifts = []string{"", "", "gcj-02", "bd-09", "GCJ-02", "http://www.opengis.net/def/crs/EPSG/0/3857", "\u2028"}
	tileMore   = []string{"", "", "", "f=mvt", "lang=en", "f=html", "lang=x", "status=held", "park=carbon-fibre", "park=",
		"park=nowhere", "limit=5", "filter-lang=cql2-json", "filter-crs=x", "a=b&a=c", "status=held&status=built", "%", "&&&;",
		"q=%ff", "filter-lang=cql2-text", "code=TX-A01", "=", "f=mvt&f=mvt"}
	tilesOf = []string{"parcels", "parcels", "parcels", "zones", "plan-units", "networks", "network-nodes", "parks",
		"nothing", "Parcels", "..", "", "carbon-fibre", "parcels%2f"}
)

// randomTile is mostly right: about one part in eight is odd.
func randomTile(r *rand.Rand) tileAsk {
	or := func(right string, odd []string) string {
		if r.IntN(16) == 0 {
			return odd[r.IntN(len(odd))]
		}
		return right
	}
	z := r.IntN(19)
	at := func(of int) string {
		if n := of + r.IntN(3) - 1; z > 12 {
			return or(fmt.Sprint(n<<(z-12)+r.IntN(1<<(z-12))), oddNumbers)
		} else {
			return or(fmt.Sprint(n>>(12-z)), oddNumbers)
		}
	}
	a := tileAsk{door: r.IntN(len(tileDoors)), collection: tilesOf[r.IntN(len(tilesOf))], z: or(fmt.Sprint(z), oddNumbers),
		x: at(sampleX), y: at(sampleY)}
	for _, part := range []struct {
		of   *string
		from []string
	}{{&a.filter, tileFilters}, {&a.datetime, tileMoments}, {&a.crs, tileShifts}, {&a.more, tileMore}} {
		if r.IntN(3) == 0 {
			*part.of = part.from[r.IntN(len(part.from))]
		}
	}
	return a
}

// checkTile asks for a tile: it comes as one, or with a refusal; never with a failure. It reports whether it drew
// something.
func checkTile(t testing.TB, base string, a tileAsk) bool {
	path := a.path()
	r, err := http.NewRequest(http.MethodGet, base+path, nil)
	if err != nil {
		return false // no client can ask for it
	}
	response, err := client.Do(r)
	if err != nil {
		t.Errorf("%q: %v", path, err)
		return false
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	kind := response.Header.Get("Content-Type")
	switch status := response.StatusCode; {
	case err != nil:
		t.Errorf("%q: %v", path, err)
	case status == http.StatusOK && kind == "application/vnd.mapbox-vector-tile":
		if layers, err := mvt.Unmarshal(body); err != nil || len(layers) == 0 {
			t.Errorf("%q is no tile: %v", path, err)
		}
		return true
	case status == http.StatusOK: // a path that leads elsewhere: the page, a document of tiles
		if !strings.Contains(kind, "html") && !strings.Contains(kind, "json") {
			t.Errorf("%q: %s", path, kind)
		}
	case status == http.StatusNoContent:
		if len(body) > 0 {
			t.Errorf("%q: nothing, of %d bytes", path, len(body))
		}
	case status < 400 || status >= 500:
		t.Errorf("%q: %s %.300s", path, response.Status, body)
	default:
		var p struct{ Type, Title string }
		if json.Unmarshal(body, &p) != nil || p.Type == "" || strings.Contains(string(body), "rule.") {
			t.Errorf("%q: %s %.300s", path, response.Status, body)
		}
	}
	return false
}

// leftOver waits until nothing is under way for tiles any more, and holds what is kept to its bound.
func (h *house) leftOver(t testing.TB) {
	t.Helper()
	eventually(t, "no tile is being made", func() bool { return h.metric("luodi_tiles_under_way") == 0 })
	eventually(t, "every connection is free", func() bool {
		return h.db.Public.Stat().AcquiredConns() == 0 && h.db.Planner.Stat().AcquiredConns() == 0
	})
	if bytes, most := h.metric("luodi_tile_bytes"), h.metric("luodi_tile_bytes_most"); bytes > most {
		t.Errorf("%d bytes of tiles are kept, of %d", bytes, most)
	}
	var stacks strings.Builder
	eventually(t, "nobody waits for a tile", func() bool {
		stacks.Reset()
		_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
		return !strings.Contains(stacks.String(), "ogc.(*Service).tile")
	})
}

func tilesHouse(t testing.TB) *house {
	return openOn(t, storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load)),
		func(o *api.Options) { o.TileMemory = 256 << 10 })
}

// TestTilesAskedForAtRandom has eight readers ask for tiles, right and wrong, of whom some leave before they come.
func TestTilesAskedForAtRandom(t *testing.T) { // not parallel: it counts what runs
	h := tilesHouse(t)
	h.inMemory("parcels", "zones", "plan-units", "networks", "network-nodes", "parks")
	var before, after runtime.MemStats
	for round := range 2 { // the first fills what is kept
		if runtime.GC(); round == 1 {
			runtime.ReadMemStats(&before)
		}
		drawn := make([]int, 8)
		var group sync.WaitGroup
		for i := range drawn {
			group.Go(func() {
				random := rand.New(rand.NewPCG(uint64(round), uint64(i)))
				for n := range 200 {
					a := randomTile(random)
					if n%10 == 0 {
						h.askAndLeave(a)
					} else if checkTile(t, h.url, a) {
						drawn[i]++
					}
				}
			})
		}
		group.Wait()
		for i, n := range drawn {
			if n < 3 {
				t.Errorf("reader %d got %d tiles", i, n)
			}
		}
		h.leftOver(t)
	}
	if h.metric("luodi_tiles_kept") < 20 {
		t.Error("hardly a tile is kept")
	}
	runtime.GC()
	if runtime.ReadMemStats(&after); after.HeapAlloc > before.HeapAlloc+32<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before.HeapAlloc, after.HeapAlloc)
	}
}

// askAndLeave asks for a tile and leaves at once.
func (h *house) askAndLeave(a tileAsk) {
	ctx, leave := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url+a.path(), nil)
	if err != nil {
		leave()
		return
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if response, err := client.Do(r); err == nil {
			_ = response.Body.Close()
		}
	}()
	runtime.Gosched()
	leave()
	<-gone
}

// FuzzTiles asks a server with the sample for any tile.
func FuzzTiles(f *testing.F) {
	h := tilesHouse(f)
	h.inMemory("parcels", "zones", "plan-units", "networks", "network-nodes", "parks")
	random := rand.New(rand.NewPCG(16, 16))
	for range 60 {
		a := randomTile(random)
		f.Add(a.door, a.collection, a.z, a.x, a.y, a.filter, a.datetime, a.crs, a.q, a.more)
	}
	for _, odd := range oddNumbers {
		f.Add(0, "parcels", "12", odd, odd, "", "", "", "", "")
		f.Add(1, "parcels", odd, "3436", odd, "", "", "", "", "")
	}
	asked := 0
	f.Fuzz(func(t *testing.T, door int, collection, z, x, y, filter, datetime, crs, q, more string) {
		checkTile(t, h.url, tileAsk{max(door, 0), collection, z, x, y, filter, datetime, crs, q, more})
		if asked++; asked%500 == 0 {
			h.leftOver(t)
		}
	})
}
