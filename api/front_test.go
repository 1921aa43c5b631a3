package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/api"
	"luodi/data/people"
)

const frontPage = "<!doctype html><title>map</title><body><div id=\"app\"></div></body>"

func frontHouse(t *testing.T) *house {
	t.Helper()
	return open(t, func(o *api.Options) { o.Web = fstest.MapFS{"index.html": {Data: []byte(frontPage)}} })
}

var givenElement = regexp.MustCompile(`(?s)<script type="application/json" id="given-answers">(.*?)</script>`)

// given are the answers that a page carries, by path.
func given(t *testing.T, page string) map[string]json.RawMessage {
	t.Helper()
	found := givenElement.FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("no answers in %s", page)
	}
	var answers map[string]json.RawMessage
	if err := json.Unmarshal([]byte(found[1]), &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// stamped matches what an OGC answer says of its own time.
var stamped = regexp.MustCompile(`"timeStamp":"[^"]*"`)

func alike(t *testing.T, a, b []byte) bool {
	t.Helper()
	plain := func(text []byte) string {
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
		out, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return stamped.ReplaceAllString(string(out), "")
	}
	return plain(a) == plain(b)
}

// TestThePageCarriesWhatItAsksForFirst: each answer is what its path gives, now, and again after a change.
func TestThePageCarriesWhatItAsksForFirst(t *testing.T) {
	t.Parallel()
	h := frontHouse(t)
	p := h.plot("east")
	tag := ""
	for _, step := range []string{"an empty park", "a public parcel", "the parcel withdrawn"} {
		switch step {
		case "a public parcel":
			p.change(func(tx pgx.Tx, seq int64) { p.add(tx, seq, "A", "available") })
		case "the parcel withdrawn":
			p.change(func(tx pgx.Tx, seq int64) {
				p.exec(tx, "UPDATE parcel_version SET to_seq = $1 WHERE to_seq IS NULL", seq)
			})
		}
		r := h.get("/?park=east", "If-None-Match", tag)
		if r.StatusCode != http.StatusOK || r.Header.Get("ETag") == tag || r.Header.Get("Cache-Control") != "no-cache" {
			t.Fatalf("%s: %s, tag %s after %s, %q", step, r.Status, r.Header.Get("ETag"), tag,
				r.Header.Get("Cache-Control"))
		}
		tag = r.Header.Get("ETag")
		answers := given(t, string(r.body))
		for _, path := range []string{"/api/session", "/api/parks", "/api/parks/east/balance",
			"/ogc/collections/parks/items?f=json&limit=10000", "/api/parks/east/backgrounds", "/api/parks/east/parcels.geojson"} {
			if got, want := answers[path], h.get(path).body; got == nil || !alike(t, got, want) {
				t.Errorf("%s: the page says of %s\n%s\nand the path\n%s", step, path, got, want)
			}
		}
		if len(answers) != 6 {
			t.Errorf("%s: %d answers", step, len(answers))
		}
		if again := h.get("/?park=east", "If-None-Match", tag); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: asked again: %s", step, again.Status)
		}
	}
}

// TestThePageCarriesNoBalanceForAPastDay: a past day is asked for by the page itself.
func TestThePageCarriesNoBalanceForAPastDay(t *testing.T) {
	t.Parallel()
	h := frontHouse(t)
	h.plot("east")
	if answers := given(t, string(h.get("/?park=east&on=2026-01-01").body)); len(answers) != 4 {
		t.Errorf("%d answers", len(answers))
	}
	for address, want := range map[string]bool{"/": true, "/?park=nowhere": true} { // the first park opens
		if _, carried := given(t, string(h.get(address).body))["/api/parks/east/balance"]; carried != want {
			t.Errorf("%s carries the balance: %v", address, carried)
		}
	}
}

// TestThePageOfALargeParkCarriesNoParcels: they would keep the page from its code.
func TestThePageOfALargeParkCarriesNoParcels(t *testing.T) {
	t.Parallel()
	h := frontHouse(t)
	p := h.plot("east")
	for _, step := range []struct {
		more    int
		carried bool
	}{{300, true}, {1, false}} {
		p.change(func(tx pgx.Tx, seq int64) {
			for i := range step.more {
				p.add(tx, seq, fmt.Sprintf("P%d-%d", step.more, i), "available")
			}
		})
		answers := given(t, string(h.get("/").body))
		if answers["/api/parks/east/balance"] == nil || (answers["/api/parks/east/parcels.geojson"] != nil) != step.carried {
			t.Errorf("after %d more parcels: %d answers, parcels among them: want %v", step.more, len(answers), step.carried)
		}
	}
}

// TestThePageIsItsReadersOwn: who is signed in stands in no answer for another, and in no cache.
func TestThePageIsItsReadersOwn(t *testing.T) {
	t.Parallel()
	h := frontHouse(t)
	h.plot("east")
	a, _, err := people.Of(h.db.Store).AddAccount(t.Context(), people.Newcomer{Login: "qiu.lin", Name: "Qiu </script>",
		Roles: []people.Grant{{Role: people.Planner}}})
	if err != nil {
		t.Fatal(err)
	}
	_, secret, err := people.Of(h.db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: a.ID, Name: "test", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	own := h.get("/", "Authorization", "Bearer "+secret)
	if got := string(given(t, string(own.body))["/api/session"]); !strings.Contains(got, "qiu.lin") {
		t.Errorf("the reader's page says %s", got)
	}
	if given(t, string(own.body))["/api/parks/east/parcels.geojson"] != nil {
		t.Error("the page of a member carries the public's parcels")
	}
	if keep := own.Header.Get("Cache-Control"); keep != "private, no-store" {
		t.Errorf("the reader's page may be kept: %q", keep)
	}
	other := h.get("/", "If-None-Match", own.Header.Get("ETag"))
	if other.StatusCode != http.StatusOK || strings.Contains(string(other.body), "qiu.lin") {
		t.Errorf("another's page: %s %s", other.Status, other.body)
	}
	if ended := h.get("/", "Cookie", "luodi_session=long-gone"); ended.StatusCode != http.StatusOK ||
		given(t, string(ended.body))["/api/session"] != nil {
		t.Errorf("a page for an ended session: %s %s", ended.Status, ended.body)
	}
}

// TestNoNameEndsTheAnswersInThePage: what people typed stays data.
func TestNoNameEndsTheAnswersInThePage(t *testing.T) {
	t.Parallel()
	h := frontHouse(t)
	p := h.plot("east")
	const name = "</script><script>alert(1)</script><!--"
	if _, err := h.db.Owner.Exec(t.Context(), "UPDATE park SET name_en = $2 WHERE park_id = $1", p.park,
		name); err != nil {
		t.Fatal(err)
	}
	page := string(h.get("/").body)
	if strings.Count(page, "<script") != 1 || strings.Contains(page, "<!--") {
		t.Errorf("the name stands in the page: %s", page)
	}
	var list struct {
		Parks []struct {
			NameEN string `json:"name_en"`
		}
	}
	if err := json.Unmarshal(given(t, page)["/api/parks"], &list); err != nil || list.Parks[0].NameEN != name {
		t.Errorf("%v: the name came out as %+v", err, list)
	}
}

// TestCompressedFilesAreSentAsTheBuildMadeThem to those who take them, and to nobody else.
func TestCompressedFilesAreSentAsTheBuildMadeThem(t *testing.T) {
	t.Parallel()
	const name, plain = "/assets/index-BxY12_ab.js", "let a = 1;"
	h := open(t, func(o *api.Options) {
		o.Web = fstest.MapFS{"index.html": {Data: []byte(frontPage)}, name[1:]: {Data: []byte(plain)},
			name[1:] + ".br": {Data: []byte("packed by br")}, name[1:] + ".gz": {Data: []byte("packed by gzip")}}
	})
	for takes, want := range map[string][2]string{"gzip, deflate, br, zstd": {"br", "packed by br"},
		"gzip": {"gzip", "packed by gzip"}, "br;q=0, gzip;q=0.5": {"gzip", "packed by gzip"}, "identity": {"", plain},
		"br;q=x": {"", plain}} {
		r := h.get(name, "Accept-Encoding", takes)
		if r.Header.Get("Content-Encoding") != want[0] || string(r.body) != want[1] ||
			r.Header.Get("Content-Type") != "text/javascript; charset=utf-8" ||
			!strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%q: %v %q", takes, r.Header, r.body)
		}
		again := h.get(name, "Accept-Encoding", takes, "If-None-Match", r.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%q held as %s: %s", takes, r.Header.Get("ETag"), again.Status)
		}
	}
	part := h.get(name, "Accept-Encoding", "br", "Range", "bytes=0-2")
	if part.StatusCode != http.StatusPartialContent || string(part.body) != plain[:3] {
		t.Errorf("a part: %s %q", part.Status, part.body)
	}
}
