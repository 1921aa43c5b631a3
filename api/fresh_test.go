package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb/encoding/mvt"

	"luodi/data/ledger"
	"luodi/data/store/storetest"
)

// freshness is a park "comes" in which a writer publishes parcel after parcel, from west to east, and a park "goes" in
// which it withdraws one after the other: an older state has fewer of the one and more of the other.
type freshness struct {
	*testing.T
	h          *house
	urls       []string
	east       float64 // the western side of "comes", which lies east of "goes"
	coming     []uuid.UUID
	going      []uuid.UUID
	come, gone atomic.Int64 // changes that were acknowledged
	over       atomic.Bool
	answers    atomic.Int64
	held       atomic.Int64 // answered by 304
}

func newFreshness(t *testing.T, h *house, changes int, urls ...string) *freshness {
	f := &freshness{T: t, h: h, urls: urls}
	place := func(park string, internal bool) []uuid.UUID {
		squares := []storetest.Square{{Code: "first", Y: 0.9, Side: 0.000_02}}
		for i := range changes {
			squares = append(squares, storetest.Square{Code: fmt.Sprintf("P%d", i),
				X: (float64(i) + 0.5) / float64(changes), Side: 0.000_02, Internal: internal})
		}
		return storetest.Parcels(t, h.db, storetest.Park(t, h.db, park), squares...)[1:]
	}
	f.going, f.coming = place("goes", false), place("comes", true)
	f.east = storetest.Number[float64](t, h.db, `SELECT ST_XMin(geom) FROM park WHERE code = 'comes'`)
	return f
}

// change is an order that is acknowledged when it returns.
func (f *freshness) change(park, kind string, id uuid.UUID) {
	order := ledger.Order{Park: park, Reason: "r", Via: "test",
		Command: ledger.Command{Kind: kind, Parcels: []ledger.Ref{{ID: id, Version: 1}}}}
	if _, err := ledger.Of(f.h.db.Store).Do(f.Context(), order); err != nil {
		f.Errorf("%s in %s: %v", kind, park, err)
	}
}

// polled is an answer, and what had been acknowledged when the request began.
type polled struct {
	status     int
	tag        string
	body       []byte
	come, gone int64
}

func (f *freshness) ask(url, tag string) polled {
	a := polled{come: f.come.Load(), gone: f.gone.Load()}
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		f.Error(err)
		return a
	}
	r.Host = "land.example" // both servers are one to their readers: an answer has one tag
	if tag != "" {
		r.Header.Set("If-None-Match", tag)
	}
	answer, err := benchClient.Do(r)
	if err != nil {
		f.Error(err)
		return a
	}
	defer func() { _ = answer.Body.Close() }()
	a.status, a.tag = answer.StatusCode, answer.Header.Get("ETag")
	if a.body, err = io.ReadAll(answer.Body); err != nil {
		f.Error(err)
	}
	f.answers.Add(1)
	return a
}

// poll is one reader: it asks one thing of both servers in turn until the writer is done.
func (f *freshness) poll(reader int) {
	kinds := []func(url string){f.pages, f.counts, f.extents, f.arrivals, f.departures, f.holder(),
		f.tiles, f.tileHolder()}
	for i := 0; !f.over.Load() && !f.Failed(); i++ {
		kinds[reader%len(kinds)](f.urls[i%len(f.urls)])
	}
}

// pages reads the parcels of a box round all that comes.
func (f *freshness) pages(url string) {
	a := f.ask(url+parcelItems+"?park=comes&bbox=122,37,123,37.2449", "")
	var page items
	if err := json.Unmarshal(a.body, &page); err != nil || int64(len(page.Features)) < a.come {
		f.Errorf("a page has %d parcels after %d came: %d %v", len(page.Features), a.come, a.status, err)
	}
}

func (f *freshness) counts(url string) {
	for park, enough := range map[string]func(n int, a polled) bool{
		"comes": func(n int, a polled) bool { return int64(n) >= 1+a.come },
		"goes":  func(n int, a polled) bool { return int64(n) <= 1+int64(len(f.going))-a.gone },
	} {
		a := f.ask(url+parcelItems+"?limit=1&park="+park, "")
		var page items
		if err := json.Unmarshal(a.body, &page); err != nil || page.Matched == nil || !enough(*page.Matched, a) {
			f.Errorf("%s counts %v after %d came and %d went: %d %v", park, page.Matched, a.come, a.gone, a.status, err)
		}
	}
}

func (f *freshness) extents(url string) {
	a := f.ask(url+"/ogc/collections/parcels", "")
	var c struct {
		Extent struct {
			Spatial struct{ BBox [][4]float64 }
		}
	}
	if err := json.Unmarshal(a.body, &c); err != nil || len(c.Extent.Spatial.BBox) != 1 {
		f.Errorf("the extent: %s: %v", a.body, err)
		return
	}
	east := f.east + 0.01*(float64(a.come)-0.5)/float64(len(f.coming))
	if got := c.Extent.Spatial.BBox[0][2]; a.come > 0 && got < east {
		f.Errorf("the extent ends at %f after what came reaches %f", got, east)
	}
}

// arrivals asks for the parcel that came last, by its id.
func (f *freshness) arrivals(url string) {
	if n := f.come.Load(); n > 0 {
		if a := f.ask(url+parcelItems+"/"+f.coming[n-1].String(), ""); a.status != http.StatusOK {
			f.Errorf("a parcel that came: %d", a.status)
		}
	}
}

// departures asks for the parcel that went last.
func (f *freshness) departures(url string) {
	if n := f.gone.Load(); n > 0 {
		if a := f.ask(url+parcelItems+"/"+f.going[n-1].String(), ""); a.status != http.StatusNotFound {
			f.Errorf("a parcel that went: %d", a.status)
		}
	}
}

// holder asks whether an answer that it holds has changed. The tag of an answer of before a change stands no more.
func (f *freshness) holder() func(url string) {
	var held polled
	var count int64
	return func(url string) {
		a := f.ask(url+parcelItems+"?park=comes&bbox=122,37,123,37.2449", held.tag)
		if a.status == http.StatusNotModified {
			f.held.Add(1)
			if count < a.come {
				f.Errorf("an answer of %d parcels is said to hold after %d came", count, a.come)
			}
			return
		}
		var page items
		if err := json.Unmarshal(a.body, &page); err != nil {
			f.Error(err)
		}
		held, count = a, int64(len(page.Features))
	}
}

// tileOf is the address of a tile that holds both parks, of one of them.
func (f *freshness) tileOf(url, park string) string {
	x := int((f.east + 180) / 360 * 1024)
	return fmt.Sprintf("%s/tiles/parcels/10/%d/397?park=%s", url, x, park)
}

// drawn counts the parcels of a tile, which are too small to be seen one by one.
func (f *freshness) drawn(a polled) (n int64) {
	if a.status == http.StatusNoContent {
		return 0
	}
	layers, err := mvt.Unmarshal(a.body)
	if err != nil {
		f.Errorf("a tile: %d %v", a.status, err)
		return 0
	}
	for _, layer := range layers {
		for _, feature := range layer.Features {
			joined, is := feature.Properties["features"].(float64)
			if n += int64(joined); !is {
				n++
			}
		}
	}
	return n
}

func (f *freshness) tiles(url string) {
	if a := f.ask(f.tileOf(url, "comes"), ""); f.drawn(a) < 1+a.come {
		f.Errorf("a tile has %d parcels after %d came", f.drawn(a), a.come)
	}
	if a := f.ask(f.tileOf(url, "goes"), ""); f.drawn(a) > 1+int64(len(f.going))-a.gone {
		f.Errorf("a tile has %d parcels after %d of %d went", f.drawn(a), a.gone, len(f.going))
	}
}

// tileHolder asks whether a tile that it holds has changed.
func (f *freshness) tileHolder() func(url string) {
	var held polled
	var count int64
	return func(url string) {
		a := f.ask(f.tileOf(url, "comes"), held.tag)
		if a.status == http.StatusNotModified {
			f.held.Add(1)
			if count < 1+a.come {
				f.Errorf("a tile of %d parcels is said to hold after %d came", count, a.come)
			}
			return
		}
		held, count = a, f.drawn(a)
	}
}

// TestNoAnswerIsOlderThanAnAcknowledgedChange has a writer publish and withdraw parcels while 50 readers poll two
// processes on one database: pages, counts, extents, features by id, map tiles, and answers and tiles that they hold
// already. No request that began after a change was acknowledged may be answered from the state before. LUODI_SOAK
// makes it long.
func TestNoAnswerIsOlderThanAnAcknowledgedChange(t *testing.T) {
	t.Parallel()
	changes := 60
	if os.Getenv("LUODI_SOAK") != "" {
		changes = 300
	}
	h := open(t)
	one, _ := begin(t, serveItself(h.db.Source.URL))
	other, _ := begin(t, serveItself(h.db.Source.URL))
	f := newFreshness(t, h, changes, one, other)
	var readers sync.WaitGroup
	for i := range 50 {
		readers.Go(func() { f.poll(i) })
	}
	for i := range changes {
		f.change("comes", "publish", f.coming[i])
		f.come.Store(int64(i + 1))
		f.change("goes", "unpublish", f.going[i])
		f.gone.Store(int64(i + 1))
	}
	f.over.Store(true)
	readers.Wait()
	t.Logf("%d answers were checked, %d of them 304, while %d changes were made", f.answers.Load(), f.held.Load(),
		2*changes)
	if f.answers.Load() < 1000 || f.held.Load() < 20 {
		t.Error("too little was checked")
	}
}
