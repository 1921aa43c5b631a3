package ogc

import (
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"luodi/data/feed"
	"luodi/message"
)

func TestDatetimes(t *testing.T) {
	t.Parallel()
	instant := func(text string) *time.Time {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return &at
	}
	a, b := instant("2026-01-01T00:00:00Z"), instant("2026-02-01T00:00:00+08:00")
	for text, want := range map[string]feed.When{
		"2026-01-01T00:00:00Z":                           {From: a, Instant: true},
		"2026-01-01t00:00:00z":                           {From: a, Instant: true},
		"2026-02-01T00:00:00 08:00":                      {From: b, Instant: true},
		"2026-01-01T00:00:00Z/2026-02-01T00:00:00+08:00": {From: a, To: b, Interval: true},
		"2026-01-01T00:00:00Z/2026-01-01T00:00:00Z":      {From: a, To: a, Interval: true},
		"2026-01-01T00:00:00Z/..":                        {From: a, Interval: true},
		"2026-01-01T00:00:00Z/":                          {From: a, Interval: true},
		"../2026-01-01T00:00:00Z":                        {To: a, Interval: true},
		"/2026-01-01T00:00:00Z":                          {To: a, Interval: true},
	} {
		got, err := parseDatetime(text)
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "..", "now", "2026", "2026-01-01", "2026-01-01T00:00:00", "2026-02-30T00:00:00Z",
		"2026-01-01T25:00:00Z", "a/b", "../../..", b.String() + "/" + a.String()} {
		if got, err := parseDatetime(text); err == nil {
			t.Errorf("%q was taken for %+v", text, got)
		}
	}
}

// position draws any position a walk can have.
func position(t *rapid.T) feed.Position {
	id := func(label string) uuid.UUID {
		return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, label))
	}
	return feed.Position{Park: id("park"), ID: id("id"), State: rapid.Int64Min(0).Draw(t, "state")}
}

func TestCursorsReadBackForTheirOwnQueryAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, query, other := position(t), rapid.String().Draw(t, "query"), rapid.String().Draw(t, "other")
		text := formatCursor(query, p)
		if back, err := parseCursor(query, text, nil); err != nil || !reflect.DeepEqual(*back, p) {
			t.Fatalf("%+v came back as %+v, %v", p, back, err)
		}
		if len(text) > 80 {
			t.Fatalf("a cursor of %d letters", len(text))
		}
		if _, err := parseCursor(other, text, nil); err == nil && other != query {
			t.Fatalf("a cursor of %q was taken for %q", query, other)
		}
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		bent := text[:at] + string(rapid.SampledFrom([]byte("AZaz09-_")).Draw(t, "letter")) + text[at+1:]
		if _, err := parseCursor(query, bent, nil); err == nil && bent != text {
			t.Fatalf("a cursor with letter %d changed was taken", at)
		}
	})
}

func FuzzItemsQuery(f *testing.F) {
	good := formatCursor("collection=parcels", feed.Position{State: 7})
	for _, seed := range []string{"", "limit=10&bbox=1,2,3,4", "datetime=2026-01-01T00:00:00Z/..", "cursor=" + good,
		"status=held&park=a", "bbox=NaN,0,0,0", "%zz", "a=%ff", "cursor=AQ", "sortby=-code,+zone&limit=007",
		"q=a+b,c&properties=code,geometry", "filter=status='a'&filter-crs=EPSG:4326",
		"legal_m2=1e5&since=2026-01-01T00:00:00+08:00", "datetime=../..", "limit=99999999999999999999",
		"bbox=170,-10,-170,10&datetime=2026-01-01T00:00:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", "/ogc/collections/parcels/items", nil)
		r.URL.RawQuery = query
		a, err := askedFor(r, features, itemsParameters(feed.Parcels())...)
		if err != nil {
			return
		}
		q, err := parseItems(a, feed.Parcels())
		if err != nil {
			return
		}
		if q.Limit < 1 && a.format != geoJSONSeq || q.Limit > limitMost {
			t.Errorf("limit %d", q.Limit)
		}
		if b := q.Box; b != nil && (b.Check("bbox") != nil) {
			t.Errorf("box %v", b)
		}
		if w := q.When; w.Interval && w.From != nil && w.To != nil && w.To.Before(*w.From) {
			t.Errorf("interval %v", w)
		}
		if len(q.Sort) > maxSortKeys || len(q.Search) > maxPhrases || q.Select != nil &&
			len(q.Select.Properties) == 0 && !q.Select.Geometry {
			t.Errorf("%d keys, %d phrases, %+v", len(q.Sort), len(q.Search), q.Select)
		}
		for _, e := range q.Equal {
			if !strings.Contains(query, e.Property.Name) || len(e.Value) > maxValue {
				t.Errorf("filter %s of %d bytes", e.Property.Name, len(e.Value))
			}
		}
		// What was taken can be written into a next link and is taken again.
		again := httptest.NewRequest("GET", "/ogc/collections/parcels/items", nil)
		again.URL.RawQuery = a.parameters(a.format)
		b, err := askedFor(again, features, itemsParameters(feed.Parcels())...)
		if err != nil {
			t.Fatalf("%q became %q: %v", query, again.URL.RawQuery, err)
		}
		if cursorQuery(a, feed.Parcels()) != cursorQuery(b, feed.Parcels()) {
			t.Errorf("%q and %q choose differently", query, again.URL.RawQuery)
		}
	})
}

func TestEveryPropertyAndCollectionIsNamedInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range feed.Collections() {
		for _, key := range []string{"api.collection." + c.ID, "api.collection." + c.ID + ".about"} {
			if !message.Known(key) {
				t.Errorf("the table lacks %s", key)
			}
		}
		for i := range c.Properties {
			if key := "api.property." + c.Properties[i].Name; !message.Known(key) {
				t.Errorf("the table lacks %s", key)
			}
		}
	}
	for name, p := range sharedParameters(&ask{lang: message.EN}) {
		if key := "api.parameter." + p.Name; name != "featureId" && !message.Known(key) {
			t.Errorf("the table lacks %s", key)
		}
	}
}

func TestNextLinksKeepWhatWasAsked(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/ogc/collections/parcels/items?status=held&limit=3&lang=en&bbox=1,2,3,4", nil)
	a, err := askedFor(r, features, itemsParameters(feed.Parcels())...)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := url.ParseQuery(a.parameters("json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"status": "held", "limit": "3", "lang": "en", "bbox": "1,2,3,4",
		"f": "json"} {
		if kept.Get(name) != want {
			t.Errorf("%s became %q", name, kept.Get(name))
		}
	}
}

func TestNothingIsKeptUnderTheNameOfAnUnknownPark(t *testing.T) {
	t.Parallel()
	s := New(nil, nil, 0, "test", nil)
	r := httptest.NewRequest("GET", "/ogc/collections/parcels/items?park=nowhere", nil)
	if n, err := s.matched(r, nil, &feed.Query{Collection: feed.Parcels(), Park: "nowhere"}, ""); n != 0 ||
		err != nil || len(s.counts.all) != 0 {
		t.Errorf("%d, %v, %d kept", n, err, len(s.counts.all))
	}
}
