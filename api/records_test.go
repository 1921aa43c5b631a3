package api_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/message"
)

func TestAnOrderIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p := o.planner()
	seen := p.want(http.StatusOK, "POST", records+"?preview=true", o.hold(o.parcels[0]))
	if seen.body["preview"] != true || at(seen.body, "parcels", 0, "status") != "held" ||
		o.count("SELECT count(*) FROM allotment") != 0 {
		t.Errorf("preview: %s", seen.text)
	}
	made := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0], o.parcels[1]))
	if made.body["preview"] != false || at(made.body, "parcels", 1, "status") != "held" ||
		at(made.body, "allotment", "state") != "hold" || at(made.body, "parcels", 0, "geometry", "type") != "Polygon" {
		t.Errorf("made: %s", made.text)
	}
	if made.head.Get("Cache-Control") != "no-store" {
		t.Errorf("a cache may keep it: %v", made.head)
	}
	if n := o.count(`SELECT count(*) FROM record WHERE kind = 'hold' AND proposed_by = $1
		AND via LIKE 'luodi api %' AND NOT unlocked`, p.id); n != 1 {
		t.Errorf("%d records of the planner", n)
	}
	half := p.want(http.StatusConflict, "POST", records, o.hold(o.parcels[1]), "Accept-Language", "zh")
	if half.body["type"] != "/problems/refused" || half.body["rule"] != "one_right_at_a_time" ||
		half.body["code"] != "B" || half.body["parcel_status"] != "held" ||
		half.body["holder"] != "某项目" || half.body["until"] == nil || half.body["status"] != 409.0 ||
		!strings.Contains(half.body["detail"].(string), "一项权利") {
		t.Errorf("refused: %s", half.text)
	}
	until, err := time.Parse(time.RFC3339, half.body["until"].(string))
	if told := until.In(time.FixedZone("", 8*3600)).Format("至 2006年1月2日 15:04 UTC+08:00"); err != nil ||
		!strings.Contains(half.body["detail"].(string), told) {
		t.Errorf("%v: not told as the park's clocks show it, %s: %s", err, told, half.text)
	}
}

func TestAShapeThatIsRefusedSaysWhyAndWhere(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	inside := object{"line": [][2]float64{{122.0195, 37.2405}, {122.0205, 37.2405}}}
	bad := p.want(http.StatusConflict, "POST", records,
		object{"kind": "split", "reason": "r", "parcels": o.refs(o.parcels[0]), "shape": inside})
	x, _ := at(bad.body, "at", 0, 0).(float64)
	y, _ := at(bad.body, "at", 0, 1).(float64)
	if bad.body["reason"] != "line_ends_inside" || bad.body["rule"] != "shape" || x < 122.02 || x > 122.021 ||
		y < 37.24 || y > 37.241 {
		t.Errorf("%s", bad.text)
	}
	across := object{"line": [][2]float64{{122.0195, 37.2405}, {122.0215, 37.2405}}}
	done := p.want(http.StatusCreated, "POST", records,
		object{"kind": "split", "reason": "r", "parcels": o.refs(o.parcels[0]), "shape": across})
	if at(done.body, "retired", 0, "code") != "A" || at(done.body, "parcels", 1, "code") != "A-2" {
		t.Errorf("%s", done.text)
	}
	children := []uuid.UUID{uuid.MustParse(at(done.body, "parcels", 0, "id").(string)),
		uuid.MustParse(at(done.body, "parcels", 1, "id").(string))}
	p.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "r",
		"parcels": o.refs(children[0])})
	merge := object{"kind": "merge", "reason": "r", "parcels": o.refs(children...),
		"shape": object{"codes": []string{"A"}}}
	open := p.want(http.StatusConflict, "POST", records, merge)
	if open.body["type"] != "/problems/undecided" || at(open.body, "differ", 0, "field") != "publication" ||
		at(open.body, "differ", 0, "values", "A-1") != "internal" {
		t.Errorf("%s", open.text)
	}
	merge["shape"] = object{"codes": []string{"A"}, "decision": object{"publication": "public"}}
	p.want(http.StatusCreated, "POST", records, merge)
}

func TestAVersionMustBeStatedAndCurrent(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(2)...)
	p := o.planner()
	a := o.parcels[0]
	take := object{"kind": "withdraw", "reason": "r", "parcels": []object{{"id": a}}}
	if none := p.want(http.StatusPreconditionRequired, "POST", records,
		take); none.body["type"] != "/problems/version-required" || none.body["got"] != a.String() {
		t.Errorf("%s", none.text)
	}
	p.want(http.StatusPreconditionRequired, "POST", records+"?preview=true", take)
	version := o.version(a)
	p.want(http.StatusCreated, "POST", records, take, "If-Match", strconv.Quote(strconv.FormatInt(version, 10)))
	stale := p.want(http.StatusPreconditionFailed, "POST", records,
		object{"kind": "restore", "reason": "r", "parcels": []object{{"id": a, "version": version}}})
	if stale.body["seen"] != float64(version) || stale.body["current"] != float64(o.version(a)) ||
		at(stale.body, "now", "status") != "withdrawn" || at(stale.body, "now", "version") != stale.body["current"] {
		t.Errorf("%s", stale.text)
	}
	for _, header := range []string{"1", `W/"1"`, `"a"`, `"1", "2"`, "*", `"0"`, `"-1"`, `"99999999999999999999"`} {
		p.want(http.StatusBadRequest, "POST", records, take, "If-Match", header)
	}
	two := object{"kind": "withdraw", "reason": "r", "parcels": []object{{"id": a}, {"id": o.parcels[1]}}}
	p.want(http.StatusBadRequest, "POST", records, two, "If-Match", `"1"`)
	gis := o.colleague("gis", true, people.ScopeWrite, people.Planner)
	gis.want(http.StatusCreated, "POST", records,
		object{"kind": "restore", "reason": "r", "parcels": []object{{"id": a}}})
	if o.count("SELECT count(*) FROM record WHERE unlocked AND kind = 'restore'") != 1 {
		t.Error("the record does not say that it was written unlocked")
	}
	gis.want(http.StatusPreconditionRequired, "POST", records,
		object{"kind": "release", "reason": "r", "parcels": []object{{"id": a}}})
}

func TestOnlyPlannersOfTheParkOrder(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	for login, c := range map[string]*colleague{
		"viewer":   o.colleague("viewer", false, people.ScopeWrite, people.Viewer),
		"approver": o.approver(),
		"reader":   o.colleague("reader", false, people.ScopeRead, people.Planner),
		"nobody":   o.colleague("nobody", false, people.ScopeWrite),
	} {
		for _, query := range []string{"", "?preview=true"} {
			if got := c.do("POST", records+query, o.hold(o.parcels[0])); got.status != http.StatusForbidden {
				t.Errorf("%s%s: %d %s", login, query, got.status, got.text)
			}
		}
	}
	public := &colleague{office: o}
	public.want(http.StatusUnauthorized, "POST", records, o.hold(o.parcels[0]))
	public.want(http.StatusUnauthorized, "POST", "/api/parks/nowhere/records", o.hold(o.parcels[0]))
	p := o.planner()
	p.want(http.StatusNotFound, "POST", "/api/parks/nowhere/records", o.hold(o.parcels[0]))
	for name, body := range map[string]object{
		"no reason":       {"kind": "withdraw", "parcels": o.refs(o.parcels[0])},
		"an unknown kind": {"kind": "give", "reason": "r"},
		"the server's":    {"kind": "expire", "reason": "r", "allotment": object{"id": uuid.New(), "version": 1}},
		"a strange field": {"kind": "withdraw", "reason": "r", "parcels": o.refs(o.parcels[0]), "by": "me"},
		"no parcels":      {"kind": "withdraw", "reason": "r"},
	} {
		if got := p.do("POST", records, body); got.status != http.StatusBadRequest || got.body["field"] == nil {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	datum := o.count("SELECT count(*) FROM record")
	if datum != 1 {
		t.Errorf("%d records", datum)
	}
}

func TestTheSameKeyGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3, "reserve")...)
	p := o.planner()
	o.approver()
	body := o.hold(o.parcels[1])
	first := p.want(http.StatusCreated, "POST", records, body, "Idempotency-Key", "k1")
	for range 2 {
		again := p.want(http.StatusCreated, "POST", records, body, "Idempotency-Key", "k1")
		if again.body["record"] != first.body["record"] || again.body["seq"] != first.body["seq"] ||
			at(again.body, "allotment", "id") != at(first.body, "allotment", "id") {
			t.Errorf("first %s, again %s", first.text, again.text)
		}
	}
	if reused := p.want(http.StatusUnprocessableEntity, "POST", records, o.hold(o.parcels[2]), "Idempotency-Key",
		"k1"); reused.body["type"] != "/problems/key-reused" {
		t.Errorf("%s", reused.text)
	}
	p.want(http.StatusBadRequest, "POST", records, o.hold(o.parcels[2]), "Idempotency-Key", strings.Repeat("x", 201))
	release := object{"kind": "release", "reason": "r", "parcels": o.refs(o.parcels[0])}
	one := p.want(http.StatusAccepted, "POST", records, release, "Idempotency-Key", "k2")
	two := p.want(http.StatusAccepted, "POST", records, release, "Idempotency-Key", "k2")
	if one.body["id"] != two.body["id"] || o.count("SELECT count(*) FROM proposal") != 1 {
		t.Errorf("%s, then %s", one.text, two.text)
	}
	// What failed is not kept: the same key may try again.
	bad := object{"kind": "restore", "reason": "r", "parcels": o.refs(o.parcels[2])}
	p.want(http.StatusConflict, "POST", records, bad, "Idempotency-Key", "k3")
	p.want(http.StatusCreated, "POST", records, object{"kind": "withdraw", "reason": "r",
		"parcels": o.refs(o.parcels[2])})
	p.want(http.StatusCreated, "POST", records, object{"kind": "restore", "reason": "r",
		"parcels": o.refs(o.parcels[2])}, "Idempotency-Key", "k3")
}

func TestRacersWithOneKeyGetOneAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	body := o.hold(o.parcels[0])
	answers := make(chan told, 6)
	for range cap(answers) {
		go func() { answers <- p.do("POST", records, body, "Idempotency-Key", "race") }()
	}
	seqs := map[any]int{}
	for range cap(answers) {
		a := <-answers
		if a.status != http.StatusCreated {
			t.Errorf("%d %s", a.status, a.text)
		}
		seqs[a.body["seq"]]++
	}
	if len(seqs) != 1 || o.count("SELECT count(*) FROM allotment") != 1 {
		t.Errorf("answers of %v", seqs)
	}
}

// TestEveryRuleIsSaidInBothLanguages reads the names of rules out of the schema and the code.
func TestEveryRuleIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	names := regexp.MustCompile(`(?:CONSTRAINT = '|refuse\('|Rule: +"|denial\("|THEN ')([a-z_]+_[a-z_]+)['"]`)
	files, err := filepath.Glob("../data/schema/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	code, err := filepath.Glob("../data/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Glob("../data/schema/tables/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	found := []string{}
	for _, file := range slices.Concat(files, tables, code) {
		if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "data/intake/") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range names.FindAllStringSubmatch(string(body), -1) {
			found = append(found, match[1])
			if !message.Known("change.rule." + match[1]) {
				t.Errorf("%s refuses by %s, which no text explains", file, match[1])
			}
		}
	}
	for _, rule := range []string{"one_right_at_a_time", "reserve_needs_release", "ground_is_kept",
		"proposal_is_open"} {
		if !slices.Contains(found, rule) {
			t.Errorf("%s was not found: the pattern no longer matches the code", rule)
		}
	}
}

func TestARightOfTheWrongStateIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	made := p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	build := p.want(http.StatusConflict, "POST", records,
		object{"kind": "build", "reason": "r", "allotment": o.right(at(made.body, "allotment", "id"))})
	if build.body["rule"] != "right_moves" {
		t.Errorf("%s", build.text)
	}
	later := time.Now().Add(60 * 24 * time.Hour)
	extend := object{"kind": "extend", "reason": "r", "until": later,
		"allotment": o.right(at(made.body, "allotment", "id"))}
	p.want(http.StatusCreated, "POST", records, extend)
	extend["allotment"], extend["until"] = o.right(at(made.body, "allotment", "id")), later.Add(time.Hour)
	if twice := p.want(http.StatusConflict, "POST", records,
		extend); twice.body["rule"] != "allotment_version_extended_check" ||
		!strings.Contains(twice.body["detail"].(string), "once") {
		t.Errorf("%s", twice.text)
	}
}

func TestASplitOfAStatedAreaIsExact(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := o.planner()
	done := p.want(http.StatusCreated, "POST", records,
		object{"kind": "split", "reason": "r", "parcels": o.refs(o.parcels[0]),
			"shape": object{"area_mu": 5.25, "bearing": 0, "side": "left"}})
	if n := o.count(`SELECT count(*) FROM parcel_version WHERE to_seq IS NULL AND legal_m2 = 3500`); n != 1 ||
		at(done.body, "parcels", 0, "legal_m2") != 3500.0 {
		t.Errorf("%d parcels of 5.25 mu: %s", n, done.text)
	}
	child := uuid.MustParse(at(done.body, "parcels", 0, "id").(string))
	ground := at(done.body, "parcels", 0, "geometry")
	correct := object{"kind": "correct", "reason": "r", "parcels": o.refs(child),
		"shape": object{"geometry": ground, "legal_m2": 3500.5}, "documents": []object{{"title": "测绘报告"}}}
	if fixed := p.want(http.StatusCreated, "POST", records, correct); at(fixed.body, "parcels", 0,
		"legal_m2") != 3500.5 {
		t.Errorf("%s", fixed.text)
	}
	p.want(http.StatusOK, "POST", records+"?preview=true&lang=en",
		object{"kind": "publish", "reason": "r", "parcels": o.refs(child)})
}
