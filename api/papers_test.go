package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"luodi/data/people"
)

// archive is a park of three parcels, A, B and C, and a planner who keeps their papers.
type archive struct {
	*office
	planner *colleague
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	o := officeOf(t, open(t), squares(3)...)
	return &archive{o, o.planner()}
}

const somePDF = "%PDF-1.7\n1 0 obj\n<< /Title (CONDITIONS) >>\nendobj\n%%EOF\n"

// someJPEG is a picture of 40 by 30 points with a place written beside it.
func someJPEG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	const place = "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00 37.2405N 122.0210E"
	return []byte(string(raw[:2]) + fmt.Sprintf("\xff\xe1\x00%c", len(place)+2) + place + string(raw[2:]))
}

// put orders something of the papers of the n-th parcel.
func (a *archive) put(n int, paper object) told {
	a.t.Helper()
	return a.planner.do("POST", records, object{"kind": "paper", "reason": "r", "parcels": a.refs(a.parcels[n]), "paper": paper})
}

// add puts a paper there and gives its id.
func (a *archive) add(n int, file []byte, more object) string {
	a.t.Helper()
	paper := object{"kind": "document", "title_zh": "规划条件", "file": file}
	for name, value := range more {
		paper[name] = value
	}
	got := a.put(n, paper)
	if got.status != http.StatusCreated {
		a.t.Fatalf("%d %s", got.status, got.text)
	}
	return got.body["paper"].(string)
}

func (a *archive) change(n int, id string, what object) {
	a.t.Helper()
	what["id"] = id
	if got := a.put(n, what); got.status != http.StatusCreated {
		a.t.Fatalf("%v: %d %s", what, got.status, got.text)
	}
}

func (a *archive) file(id string) string { return "/api/parks/desk/papers/" + id }

// told are the titles of what the public reads of the n-th parcel's papers, by its facts.
func (a *archive) told(n int) string {
	a.t.Helper()
	got := a.public().do("GET", "/api/parks/desk/parcels/"+a.parcels[n].String(), nil)
	if got.status == http.StatusNotFound {
		return "no parcel"
	}
	titles := []string{}
	for _, paper := range got.body["papers"].([]any) {
		titles = append(titles, fmt.Sprint(at(paper, "title_zh")))
	}
	return strings.Join(titles, ", ")
}

// shown is where the public finds a paper: in the facts, on the page of the site, on paper by its title, by its
// address.
func (a *archive) shown(n int, id, title string) (all string) {
	a.t.Helper()
	if strings.Contains(a.told(n), title) {
		all += "facts "
	}
	code := string(rune('A' + n))
	if page := a.public().do("GET", "/sites/desk/"+code+"?lang=zh", nil); strings.Contains(page.text, id) {
		all += "page "
	}
	if got := a.public().do("GET", a.file(id), nil); got.status == http.StatusOK {
		all += "file"
	}
	return strings.TrimSpace(all)
}

// TestAPaperIsPublicAsLongAsItIsToldOfAPublicParcel: it is internal at first, and gone from everything at the request
// after it was withheld or retired, or its parcel unpublished; and it comes back with the parcel.
func TestAPaperIsPublicAsLongAsItIsToldOfAPublicParcel(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	id := a.add(0, []byte(somePDF), nil)
	see := func(when, want string) {
		t.Helper()
		if got := a.shown(0, id, "规划条件"); got != want {
			t.Errorf("%s the public finds it in %q, wanted %q", when, got, want)
		}
		list := a.planner.want(200, "GET", "/api/parks/desk/papers?parcel="+a.parcels[0].String(), nil).text
		if strings.Contains(list, id) != (when != "retired") {
			t.Errorf("%s a member reads %s", when, list)
		}
	}
	const everywhere = "facts page file"
	see("at first", "")
	if got := a.planner.do("GET", a.file(id), nil); got.text != somePDF || got.head.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a member reads %d %v %q", got.status, got.head, got.text)
	}
	a.change(0, id, object{"publication": "public"})
	see("published", everywhere)
	held := a.public().do("GET", a.file(id), nil).head.Get("ETag")
	a.change(0, id, object{"publication": "internal"})
	see("withheld", "")
	if got := a.public().do("GET", a.file(id), nil, "If-None-Match", held); got.status != http.StatusNotFound {
		t.Errorf("who held it reads %d", got.status)
	}
	a.change(0, id, object{"publication": "public"})
	for _, kind := range []string{"unpublish", "publish"} {
		a.planner.want(201, "POST", records, object{"kind": kind, "reason": "r", "parcels": a.refs(a.parcels[0])})
		see(kind, map[string]string{"publish": everywhere}[kind])
	}
	a.change(0, id, object{"retire": true})
	see("retired", "")
	if got := a.planner.do("GET", a.file(id), nil); got.status != http.StatusNotFound {
		t.Errorf("a member reads a retired one: %d", got.status)
	}
	if got := a.put(0, object{"id": id, "publication": "public"}); got.status != http.StatusUnprocessableEntity &&
		got.status != http.StatusBadRequest {
		t.Errorf("a retired one is published: %d %s", got.status, got.text)
	}
}

// TestPapersStayWithTheParcelThatIsSplit: the parts begin without; undone, the whole has its papers again.
func TestPapersStayWithTheParcelThatIsSplit(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	id := a.add(0, []byte(somePDF), object{"publication": "public"})
	split := a.planner.want(201, "POST", records, object{"kind": "split", "reason": "r", "parcels": a.refs(a.parcels[0]),
		"shape": object{"parts": 2, "bearing": 90, "codes": []string{"A-1", "A-2"}}})
	if got := a.public().do("GET", a.file(id), nil); got.status != http.StatusNotFound || a.told(0) != "no parcel" {
		t.Errorf("of the parcel that was split the public reads %d and %q", got.status, a.told(0))
	}
	if page := a.public().want(200, "GET", "/sites/desk/A-1", nil).text; strings.Contains(page, id) {
		t.Error("a part shows the papers of the whole")
	}
	whole := a.planner.want(201, "POST", records, object{"kind": "revert", "reason": "r", "reverts": split.body["seq"]})
	again := a.public().want(200, "GET", "/api/parks/desk/parcels/"+fmt.Sprint(at(whole.body, "parcels", 0, "id")), nil)
	if href := at(again.body, "papers", 0, "href"); a.public().do("GET", fmt.Sprint(href), nil).text != somePDF {
		t.Errorf("of the parcel that is whole again the public reads %s", again.text)
	}
}

// TestAFileIsServedAsWhatItIs: by its content, to be looked at and nothing else, under its title; and without the place
// that the camera wrote.
func TestAFileIsServedAsWhatItIs(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	photo := a.add(0, someJPEG(t), object{"kind": "photo", "title_zh": "东南角/现状", "title_en": "Corner", "dated": "2026-03-01",
		"publication": "public"})
	document := a.add(0, []byte(somePDF), object{"number": "2026-018", "expires_on": "2026-04-01", "publication": "public"})
	for id, want := range map[string]string{photo: "image/jpeg inline", document: "application/pdf attachment"} {
		got := a.public().want(200, "GET", a.file(id), nil)
		way, _, _ := strings.Cut(got.head.Get("Content-Disposition"), ";")
		if is := got.head.Get("Content-Type") + " " + way; is != want {
			t.Errorf("it is served as %q, wanted %q", is, want)
		}
		sum := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(got.text)))
		for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache", "ETag": sum} {
			if is := got.head.Get(name); is != value {
				t.Errorf("%s is %q, wanted %q", name, is, value)
			}
		}
		if policy := got.head.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") ||
			!strings.Contains(policy, "default-src 'none'") {
			t.Errorf("the policy is %q", policy)
		}
		if strings.Contains(got.text, "37.2405N") {
			t.Error("it says where it was taken")
		}
		if again := a.public().do("GET", a.file(id), nil, "If-None-Match", sum); again.status != http.StatusNotModified {
			t.Errorf("who holds it reads %d", again.status)
		}
	}
	page := a.public().want(200, "GET", "/sites/desk/A?lang=en", nil).text
	for _, part := range []string{`width="40" height="30" alt="Corner" loading="lazy"`, `2026-03-01`, `No. 2026-018`,
		`day not stated`, `expired on 2026-04-01`, `PDF, 1 KB`, `href="/api/parks/desk/papers/` + document + `"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the page of the site lacks %q", part)
		}
	}
}

// TestAPaperIsRefusedByName: each thing that is wrong, by its field, with what was expected; and a preview keeps
// nothing.
func TestAPaperIsRefusedByName(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	id := a.add(0, []byte(somePDF), nil)
	whole := func(more object) object {
		paper := object{"kind": "document", "title_zh": "甲", "file": []byte(somePDF)}
		for name, value := range more {
			paper[name] = value
		}
		return paper
	}
	for _, c := range []struct {
		field, expected string
		paper           object
	}{
		{"paper", "what is done", nil},
		{"paper.file", "JPEG, PNG or WebP", whole(object{"file": []byte("<script>alert(1)</script>")})},
		{"paper.file", "8388608", whole(object{"file": bytes.Repeat([]byte("a"), 8<<20+1)})},
		{"paper.file", "whole", whole(object{"file": []byte("%PDF-1.7")})},
		{"paper.file", "8388608", object{"kind": "document", "title_zh": "甲"}},
		{"paper.kind", "photo, document", whole(object{"kind": "film"})},
		{"paper.kind", "picture", whole(object{"kind": "photo"})},
		{"paper.title_zh", "title", whole(object{"title_zh": ""})},
		{"paper.dated", "date such as", whole(object{"dated": "yesterday"})},
		{"paper.expires_on", "2026-03-02", whole(object{"dated": "2026-03-02", "expires_on": "2026-03-01"})},
		{"paper.publication", "public, internal", whole(object{"publication": "secret"})},
		{"paper.id", "that the parcel has", object{"id": newID(t), "retire": true}},
		{"paper.id", "that the parcel has", object{"retire": true}},
		{"paper", "and not both", object{"id": id, "retire": true, "title_en": "x"}},
		{"paper", "and not both", object{"id": id}},
		{"paper.file", "file and kind stay", object{"id": id, "file": []byte(somePDF)}},
		{"paper.kind", "file and kind stay", object{"id": id, "kind": "photo"}},
		{"paper.title_zh", "title", object{"id": id, "title_zh": ""}},
		{"paper.expires_on", "2026-03-02", object{"id": id, "dated": "2026-03-02", "expires_on": "2026-03-01"}},
	} {
		got := a.planner.do("POST", records+"?lang=en", object{"kind": "paper", "reason": "r", "parcels": a.refs(a.parcels[0]),
			"paper": c.paper})
		if got.status < 400 || got.status >= 500 || got.body["field"] != c.field ||
			!strings.Contains(fmt.Sprint(got.body["expected"]), c.expected) {
			t.Errorf("%s: %d %.400s; wanted %q", c.field, got.status, got.text, c.expected)
		}
	}
	if got := a.put(1, object{"id": id, "retire": true}); got.body["field"] != "paper.id" {
		t.Errorf("a paper is retired by another parcel: %s", got.text)
	}
	for range 19 {
		a.add(0, []byte(somePDF), nil)
	}
	if got := a.put(0, whole(nil)); got.status != http.StatusConflict || got.body["rule"] != "papers_are_few" {
		t.Errorf("a twenty-first: %d %s", got.status, got.text)
	}
	if n := a.count(`SELECT count(*) FROM file`); n != 1 {
		t.Errorf("one content is kept %d times", n)
	}
	large := base64.StdEncoding.EncodeToString(append([]byte("%PDF-1.7"), bytes.Repeat([]byte("a\n%%EOF"), (8<<20)/8)...))
	if got := a.put(1, whole(object{"file": large})); got.status != http.StatusCreated {
		t.Errorf("seven MiB: %d %.300s", got.status, got.text)
	}
	before := a.count(`SELECT count(*) FROM paper_version`)
	a.planner.want(200, "POST", records+"?preview=true", object{"kind": "paper", "reason": "r", "parcels": a.refs(a.parcels[2]),
		"paper": whole(nil)})
	if n := a.count(`SELECT count(*) FROM paper_version`); n != before {
		t.Error("a preview keeps a paper")
	}
}

// TestAPaperThatChangedSinceIsNotOverwritten: by who saw the parcel before; another paper of it is no obstacle.
func TestAPaperThatChangedSinceIsNotOverwritten(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	first := a.add(0, []byte(somePDF), nil)
	seen := a.refs(a.parcels[0])
	second := a.add(0, []byte(somePDF), nil)
	order := func(id, title string) told {
		return a.planner.do("POST", records, object{"kind": "paper", "reason": "r", "parcels": seen,
			"paper": object{"id": id, "title_en": title}})
	}
	if got := order(first, "x"); got.status != http.StatusCreated {
		t.Errorf("a paper that is as it was seen: %d %s", got.status, got.text)
	}
	for _, id := range []string{first, second} {
		if got := order(id, "y"); got.status != http.StatusPreconditionFailed {
			t.Errorf("a paper that changed since: %d %s", got.status, got.text)
		}
	}
}

// TestMembersSeeThatPapersChanged: to them an event says that the parcel changed; to the public nothing was said.
func TestMembersSeeThatPapersChanged(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	after := a.count(`SELECT seq FROM park_clock WHERE park_id = $1`, a.parkID)
	a.add(0, []byte(somePDF), nil)
	path := fmt.Sprintf("/api/parks/desk/events?after=%d", after)
	member := a.planner.want(200, "GET", path, nil).text
	if !strings.Contains(member, a.parcels[0].String()) || !strings.Contains(member, `"kind":"paper"`) {
		t.Errorf("a member reads %s", member)
	}
	if public := a.public().want(200, "GET", path, nil).text; strings.Contains(public, a.parcels[0].String()) {
		t.Errorf("the public reads %s", public)
	}
	viewer := a.colleague("viewer", false, people.ScopeWrite, people.Viewer)
	if got := viewer.do("POST", records, object{"kind": "paper", "reason": "r", "parcels": a.refs(a.parcels[0]),
		"paper": object{"kind": "document", "title_zh": "甲", "file": []byte(somePDF)}}); got.status != http.StatusForbidden {
		t.Errorf("a viewer adds a paper: %d", got.status)
	}
}

// TestOldPapersAreTheParksToRenew: by their own last day, else by their own day and the park's months; not those that the
// public doesn't read, nor those of no known day; for members alone.
func TestOldPapersAreTheParksToRenew(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	day := func(years, months, days int) string {
		return time.Now().UTC().AddDate(years, months, days).Format(time.DateOnly)
	}
	for _, c := range []struct {
		title string
		more  object
	}{
		{"expired", object{"dated": day(0, -1, 0), "expires_on": day(0, 0, -2)}},
		{"holds still", object{"dated": day(-3, 0, 0), "expires_on": day(0, 0, 2)}},
		{"old", object{"dated": day(0, -12, -3)}},
		{"not yet", object{"dated": day(0, -12, 3)}},
		{"of no day", nil},
		{"internal", object{"dated": day(-9, 0, 0), "publication": "internal"}},
	} {
		more := object{"title_zh": c.title, "publication": "public"}
		for name, value := range c.more {
			more[name] = value
		}
		a.add(0, []byte(somePDF), more)
	}
	older := a.add(1, []byte(somePDF), object{"title_zh": "of B", "dated": day(-5, 0, 0), "publication": "public"})
	titles := func(query string) (all []string) {
		for _, paper := range a.planner.want(200, "GET", "/api/parks/desk/papers?old=true"+query, nil).body["papers"].([]any) {
			all = append(all, at(paper, "title_zh").(string))
		}
		return all
	}
	see := func(when, query string, want ...string) {
		t.Helper()
		if got := titles(query); !slices.Equal(got, want) {
			t.Errorf("%s the old ones are %q, wanted %q", when, got, want)
		}
	}
	see("at first", "", "of B", "old", "expired")
	see("of one parcel", "&parcel="+a.parcels[0].String(), "old", "expired")
	a.public().want(http.StatusUnauthorized, "GET", "/api/parks/desk/papers?old=true", nil)
	a.admin().want(201, "POST", records, object{"kind": "settings", "reason": "r", "settings": object{"old_after_months": 24}})
	see("after two years", "", "of B", "expired")
	a.planner.want(201, "POST", records, object{"kind": "unpublish", "reason": "r", "parcels": a.refs(a.parcels[0])})
	see("with its parcel", "", "of B")
	a.change(1, older, object{"retire": true})
	see("retired", "")
}

// TestASmallerSizeHasTheRightsOfItsFile: it is drawn in the widths that there are, kept, and gone with the file at the
// next request, for whoever had it too; no other width, no document and no picture that swells is taken.
func TestASmallerSizeHasTheRightsOfItsFile(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	draw := func(wide, high int) []byte {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, wide, high)), nil); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	photo := object{"kind": "photo", "publication": "public"}
	id, tiny := a.add(0, draw(1600, 1200), photo), a.add(0, someJPEG(t), photo)
	document := a.add(0, []byte(somePDF), object{"publication": "public"})
	for width, want := range map[string]image.Point{"320": {320, 240}, "640": {640, 480}, "1280": {1280, 960}} {
		got := a.public().want(200, "GET", a.file(id)+"?width="+width, nil)
		config, err := jpeg.DecodeConfig(strings.NewReader(got.text))
		if err != nil || (image.Point{config.Width, config.Height}) != want || got.head.Get("Content-Type") != "image/jpeg" ||
			!strings.Contains(got.head.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %v %v %v", width, config, err, got.head)
		}
		tag := got.head.Get("ETag")
		if again := a.public().do("GET", a.file(id)+"?width="+width, nil, "If-None-Match", tag); again.status != http.StatusNotModified {
			t.Errorf("%s: who holds it reads %d", width, again.status)
		}
		if whole := a.public().do("GET", a.file(id), nil, "If-None-Match", tag); whole.status != http.StatusOK {
			t.Errorf("%s: the whole is taken for it", width)
		}
	}
	if got := a.public().want(200, "GET", a.file(tiny)+"?width=320", nil); len(got.text) != len(a.public().do("GET", a.file(tiny), nil).text) {
		t.Error("what is no wider was drawn anew")
	}
	for _, path := range []string{a.file(id) + "?width=0", a.file(id) + "?width=100", a.file(id) + "?width=x", a.file(document) + "?width=320"} {
		if got := a.public().want(400, "GET", path, nil); got.body["field"] != "width" || !strings.Contains(fmt.Sprint(got.body["expected"]), "640") {
			t.Errorf("%s: %s", path, got.text)
		}
	}
	vast := a.add(0, draw(6000, 5001), photo)
	if got := a.public().want(400, "GET", a.file(vast)+"?width=320", nil); got.body["field"] != "width" ||
		!strings.Contains(got.text, "30000000") {
		t.Errorf("%s", got.text)
	}
	facts := a.public().want(200, "GET", "/api/parks/desk/parcels/"+a.parcels[0].String(), nil)
	widths := map[any]string{}
	for _, paper := range facts.body["papers"].([]any) {
		widths[at(paper, "id")] = fmt.Sprint(at(paper, "widths"))
	}
	if widths[id] != "[320 640 1280]" || widths[tiny] != "[]" || widths[document] != "[]" || widths[vast] != "[]" {
		t.Errorf("the sizes told are %v", widths)
	}
	page := a.public().want(200, "GET", "/sites/desk/A", nil).text
	if want := `srcset="` + a.file(id) + `?width=320 320w, `; !strings.Contains(page, want) {
		t.Errorf("the page of the site lacks %s", want)
	}
	a.change(0, id, object{"publication": "internal"})
	for _, tag := range []string{"", a.planner.want(200, "GET", a.file(id)+"?width=320", nil).head.Get("ETag")} {
		a.public().want(404, "GET", a.file(id)+"?width=320", nil, "If-None-Match", tag)
	}
}
