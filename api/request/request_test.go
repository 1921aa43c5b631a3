package request

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/store"
)

func TestHoldsComparesTagsWhateverTheirEncoding(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"": false, `"a"`: true, `W/"a"`: true, `"b", "a"`: true, `"b","a-gzip"`: true, `"a-zstd"`: true, `*`: true,
		`"b"`: false, `a`: false, `"a-br"`: true, `"a-xz"`: false, `"A"`: false,
	} {
		if got := Holds(header, `"a"`); got != want {
			t.Errorf("%s: %v", header, got)
		}
	}
}

func TestTagsTellStatesAndPartsApart(t *testing.T) {
	t.Parallel()
	at, later := time.Unix(1, 0), time.Unix(2, 0)
	park := store.ParkState{ID: uuid.Max, Seq: 1, At: &at, Mark: 1}
	with := func(change func(*store.ParkState)) string {
		p := park
		change(&p)
		return p.Stamp()
	}
	same, state := park.Stamp(), store.State{N: 1, At: &at}
	tags := map[string]bool{}
	for _, tag := range []string{
		Tag(""), Tag(state.Stamp()), Tag(store.State{N: 1, At: &later}.Stamp()),
		Tag(store.State{N: 2, At: &at}.Stamp()),
		Tag(store.State{}.Stamp()), Tag(same), Tag(with(func(p *store.ParkState) { p.Seq = 2 })),
		Tag(with(func(p *store.ParkState) { p.At = &later })), Tag(with(func(p *store.ParkState) { p.At = nil })),
		Tag(with(func(p *store.ParkState) { p.Mark = 2 })), Tag(with(func(p *store.ParkState) { p.ID = uuid.Nil })),
		Tag(same, ""), Tag(same, "ab", "c"), Tag(same, "a", "bc"), Tag(same, "abc"),
	} {
		if tags[tag] {
			t.Errorf("%s stands for two answers", tag)
		}
		tags[tag] = true
	}
	first := Tag(same, "a")
	if again := Tag(park.Stamp(), "a"); again != first {
		t.Errorf("one answer has two tags, %s and %s", first, again)
	}
}

func TestBaseIsWhereTheRequestCameTo(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "http://land.example:8080/ogc", nil)
	if got := Base(r); got != "http://land.example:8080" {
		t.Error(got)
	}
	r.Header.Set("X-Forwarded-Proto", "https")
	if got := Base(r); got != "https://land.example:8080" {
		t.Error(got)
	}
	for prefix, want := range map[string]string{"/land": "/land", "/city/land/": "/city/land", "/a, /b": "/b", "/": "",
		"land": "", "//evil.example": "", "/a/../b": "", "/a?b": "", `/"><script>`: "", "/a/.": "", " /a ": "/a"} {
		r.Header.Set("X-Forwarded-Prefix", prefix)
		if got := Base(r); got != "https://land.example:8080"+want {
			t.Errorf("prefix %q: %s", prefix, got)
		}
	}
}
