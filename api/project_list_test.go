package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestProjectsAreFoundAPageAtATime asks for projects by words, stage, standing and company, and walks the pages.
func TestProjectsAreFoundAPageAtATime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.planner() // one project is there
	firm := p.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": "海风公司", "name_en": "Sea Wind"}).body["id"]
	for i := range 12 {
		body := object{"code": fmt.Sprint("P-", i+1), "name_zh": "项目", "name_en": fmt.Sprintf("Works %c", 'A'+i)}
		if i%3 == 0 {
			body["party"] = firm
		}
		one := "/api/projects/" + p.want(http.StatusCreated, "POST", "/api/projects", body).body["id"].(string)
		if i < 5 {
			p.want(http.StatusCreated, "POST", one+"/milestones", milestone("in_talks", "2026-05-01", nil))
		}
		if i < 2 {
			p.want(http.StatusCreated, "POST", one+"/milestones", milestone("to_sign", "2026-05-02", nil))
		}
		if i == 4 {
			p.want(http.StatusCreated, "POST", one+"/turns", object{"turn": "paused", "since": "2026-05-03", "reason": "r"})
		}
	}
	for query, want := range map[string]string{
		"":                                "P-1 P-2 P-3 P-4 P-5 P-6 P-7 P-8 P-9 P-10 P-11 P-12 某项目 of 13, all 13: in_talks 3 none 8 to_sign 2",
		"?words=SEA%20p-1":                "P-1 P-10 of 13, all 2: none 1 to_sign 1",
		"?words=works%20c":                "P-3 of 13, all 1: in_talks 1",
		"?words=%25":                      " of 13, all 0:",
		"?stage=in_talks":                 "P-3 P-4 P-5 of 13, all 3: in_talks 3 none 8 to_sign 2",
		"?stage=in_talks&standing=active": "P-3 P-4 of 13, all 2: in_talks 2 none 8 to_sign 2",
		"?standing=paused":                "P-5 of 13, all 1: in_talks 1",
		"?stage=none&limit=3":             "P-6 P-7 P-8 of 13, all 8: in_talks 3 none 8 to_sign 2, next 3",
		"?stage=none&limit=3&from=6":      "P-12 某项目 of 13, all 8: in_talks 3 none 8 to_sign 2",
		"?from=99":                        " of 13, all 13: in_talks 3 none 8 to_sign 2",
		"?party=" + fmt.Sprint(firm):      "P-1 P-4 P-7 P-10 of 13, all 4: in_talks 1 none 2 to_sign 1",
	} {
		got := p.want(http.StatusOK, "GET", "/api/projects"+query, nil)
		var codes []string
		for _, one := range got.body["projects"].([]any) {
			codes = append(codes, one.(map[string]any)["code"].(string))
		}
		is := fmt.Sprintf("%s of %v, all %v:", strings.Join(codes, " "), got.body["total"], got.body["all"])
		for _, stage := range []string{"in_talks", "none", "to_sign"} {
			if n, ok := got.body["stages"].(map[string]any)[stage]; ok {
				is += fmt.Sprintf(" %s %v", stage, n)
			}
		}
		if next := got.body["next"]; next != nil {
			is += fmt.Sprintf(", next %v", next)
		}
		if is != want {
			t.Errorf("%s:\nis     %s\nshould %s", query, is, want)
		}
	}
	for query, field := range map[string]string{"stage=done": "stage", "standing=gone": "standing", "party=x": "party",
		"limit=1001": "limit", "limit=0": "limit", "from=-1": "from"} {
		if no := p.want(http.StatusBadRequest, "GET", "/api/projects?"+query, nil); no.body["field"] != field {
			t.Errorf("%s: %s", query, no.text)
		}
	}
}

// TestPartiesAreFoundAPageAtATime asks for companies by words in their names and credit code, and walks the pages.
func TestPartiesAreFoundAPageAtATime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.planner()
	before := int(p.want(http.StatusOK, "GET", "/api/parties", nil).body["total"].(float64))
	for i := range 5 {
		p.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": fmt.Sprint("海风", i), "name_en": "Sea Wind"})
	}
	p.want(http.StatusCreated, "POST", "/api/parties", object{"name_zh": "岸上", "credit_code": "91350100M000100Y43"})
	for query, want := range map[string]string{
		"words=WIND%20海":         "海风0 海风1 海风2 海风3 海风4 of 5",
		"words=海&limit=2":        "海风0 海风1 of 5, next 2",
		"words=海&limit=2&from=4": "海风4 of 5",
		"words=m000100y":         "岸上 of 1",
		"words=海&from=9":         " of 5",
		"words=%25":              " of 0",
	} {
		got := p.want(http.StatusOK, "GET", "/api/parties?"+query, nil).body
		var names []string
		for _, one := range got["parties"].([]any) {
			names = append(names, one.(map[string]any)["name_zh"].(string))
		}
		is := fmt.Sprintf("%s of %v", strings.Join(names, " "), got["all"])
		if got["next"] != nil {
			is += fmt.Sprintf(", next %v", got["next"])
		}
		if is != want || got["total"] != float64(before+6) {
			t.Errorf("%s:\nis     %s\nshould %s; %v in all", query, is, want, got["total"])
		}
	}
}

// TestAHiddenLeadIsInNoCount: who doesn't see another team's lead finds no more projects than without it.
func TestAHiddenLeadIsInNoCount(t *testing.T) {
	t.Parallel()
	c := newCourting(t)
	counts := func(who *colleague) string {
		body := who.want(http.StatusOK, "GET", "/api/projects?words=密洽", nil).body
		return fmt.Sprint(body["all"], body["total"], body["stages"])
	}
	before := counts(c.two)
	_, project := c.lead(c.one, "密洽", nil)
	c.first(c.one, http.StatusCreated, project, c.teams[0])
	if after := counts(c.two); after != before {
		t.Errorf("another team's counts: %s, before the lead %s", after, before)
	}
	if own := counts(c.one); own == before {
		t.Errorf("its own team's counts: %s", own)
	}
}
