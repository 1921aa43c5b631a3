package request

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/store"
)

func TestAcceptPicksTheForm(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]Format{
		"": JSON, "*/*": JSON, "application/json": JSON, "text/html": HTML, "application/geo+json": JSON,
		"text/html;q=0.4, application/geo+json;q=0.5":                        JSON,
		"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8": HTML, "TEXT/HTML": HTML,
		"text/html;q=0": JSON, "text/html;level=1;q=0.7, application/json;q=0.6": HTML, "text/html;q=x": HTML,
	} {
		if got := accepted([]string{accept}); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestHoldsComparesTagsWhateverTheirEncoding(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"": false, `"a"`: true, `W/"a"`: true, `"b", "a"`: true, `"b","a-gzip"`: true, `"a-zstd"`: true, `*`: true,
		`"b"`: false, `a`: false, `"a-br"`: false, `"A"`: false,
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
}
