package api_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"testing"
)

func TestTheChainTellsItsGapsWithReasons(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var c object
	h.json("/api/parks/carbon-fibre/chain", &c)
	tenants := map[string]int{}
	for _, n := range c["nodes"].([]any) {
		tenants[n.(object)["code"].(string)] = len(n.(object)["tenants"].([]any))
		if c["scope"] == "public" && n.(object)["pipeline"] != 0.0 {
			t.Errorf("the public sees the pipeline of %v", n)
		}
	}
	if tenants["fibre"] == 0 || tenants["prepreg"] != 1 || tenants["precursor"] != 0 {
		t.Errorf("tenants %v", tenants)
	}
	gaps := c["gaps"].([]any)
	if first := gaps[0].(object); first["node"] != "precursor" && first["score"].(float64) <= 0 {
		t.Errorf("the first gap is %v", first)
	}
	last := math.Inf(1)
	for _, g := range gaps {
		score, sum := g.(object)["score"].(float64), 0.0
		for _, r := range g.(object)["reasons"].([]any) {
			sum += r.(object)["adds"].(float64)
		}
		if score > last || math.Abs(sum*g.(object)["missing"].(float64)-score) > 1e-3 {
			t.Errorf("gap %v: %v, its reasons add up to %v", g.(object)["node"], score, sum)
		}
		last = score
	}
}

// TestAMembersGapsCountWhatIsOnItsWay puts a project in talks to make precursor: a member's gap is half missing, the
// public's is whole.
func TestAMembersGapsCountWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	const sql = `
WITH d AS (SELECT district_id, park_id FROM park WHERE code = 'carbon-fibre'),
     j AS (INSERT INTO project (district_id, project_id, code, park_id) SELECT district_id, $1, 'X-1', park_id
       FROM d RETURNING *),
     v AS (INSERT INTO project_version (district_id, project_id, revision, name_zh, name_en, named,
       chain_stage) SELECT district_id, $1, 1, '原丝厂', 'A precursor plant', true, 'precursor' FROM j RETURNING *)
INSERT INTO project_milestone (district_id, project_id, stage, reached_on, evidence)
       SELECT district_id, $1, 'in_talks', current_date, 'minutes' FROM v`
	if _, err := h.db.Owner.Exec(context.Background(), sql, newID(t)); err != nil {
		t.Fatal(err)
	}
	chain := func(secret string) (scope any, pipeline, missing, score float64) {
		c := &colleague{office: &office{house: h, t: t}, secret: secret}
		body := c.want(http.StatusOK, "GET", "/api/parks/carbon-fibre/chain", nil).body
		for _, n := range body["nodes"].([]any) {
			if n.(object)["code"] == "precursor" {
				pipeline = n.(object)["pipeline"].(float64)
			}
		}
		for _, g := range body["gaps"].([]any) {
			if g.(object)["node"] == "precursor" {
				missing, score = g.(object)["missing"].(float64), g.(object)["score"].(float64)
			}
		}
		return body["scope"], pipeline, missing, score
	}
	scope, pipeline, missing, public := chain("")
	if scope != "public" || pipeline != 0 || missing != 1 {
		t.Errorf("%v: %v on their way, %v missing", scope, pipeline, missing)
	}
	scope, pipeline, missing, member := chain(h.member("one", "carbon-fibre"))
	if scope != "planner" || pipeline != 1 || missing != .5 || member >= public {
		t.Errorf("%v: %v on their way, %v missing, worth %v and to the public %v", scope, pipeline, missing, member,
			public)
	}
	if _, err := h.db.Owner.Exec(context.Background(), `UPDATE project SET park_id = (SELECT park_id FROM park
		WHERE code = 'logistics') WHERE code = 'X-1'`); err != nil {
		t.Fatal(err)
	}
	if _, pipeline, missing, _ = chain(h.member("two", "carbon-fibre")); pipeline != 0 || missing != 1 {
		t.Errorf("of another park's: %v on their way, %v missing", pipeline, missing)
	}
}

// TestTheChainAnswersInBothLanguages looks at every text, and asks for editions there are and are not.
func TestTheChainAnswersInBothLanguages(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	visitor := &colleague{office: &office{house: h, t: t}}
	answer := visitor.want(http.StatusOK, "GET", "/api/parks/carbon-fibre/chain?revision=1", nil)
	if now := visitor.want(http.StatusOK, "GET", "/api/parks/carbon-fibre/chain",
		nil); answer.body["revision"] != 1.0 || now.text != answer.text {
		t.Errorf("edition %v; the one in force is %v", answer.body["revision"], now.body["revision"])
	}
	han, found := regexp.MustCompile(`\p{Han}`), 0
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case object:
			zh, en := fmt.Sprint(v["zh"]), fmt.Sprint(v["en"])
			if v["zh"] != nil || v["en"] != nil {
				found++
				if !han.MatchString(zh) || en == "" || han.MatchString(en) {
					t.Errorf("%q, %q", zh, en)
				}
			}
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(answer.body)
	if found < 30 {
		t.Errorf("only %d texts", found)
	}
	for lang, want := range map[string]string{"zh": "该地区的产业链没有第 9 版",
		"en": "the district's chain has no edition no. 9"} {
		if told := visitor.want(http.StatusNotFound, "GET", "/api/parks/carbon-fibre/chain?revision=9", nil,
			"Accept-Language", lang); told.body["detail"] != want {
			t.Errorf("%s: %v", lang, told.body["detail"])
		}
		visitor.want(http.StatusNotFound, "GET", "/api/parks/carbon-fibre/chain?revision=3000000000", nil,
			"Accept-Language", lang)
		visitor.want(http.StatusUnprocessableEntity, "GET", "/api/parks/carbon-fibre/chain?revision=none", nil,
			"Accept-Language", lang)
	}
}
