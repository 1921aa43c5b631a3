package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

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
