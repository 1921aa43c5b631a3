package api_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"luodi/api/ogc"
	"luodi/data/registry"
	"luodi/geo"
)

// sqlIndustry counts by the planners' own tables what the public may know of a chain, one piece and one right at a
// time.
const sqlIndustry = `
WITH told AS (
  SELECT r.chain_stage AS node, CASE WHEN t.named THEN t.name_zh ELSE r.name_zh END AS firm, v.parcel_id, v.legal_m2, a.state
    FROM parcel_version v JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id) AND l.to_seq IS NULL
    JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
    JOIN allotment o ON (o.park_id, o.allotment_id) = (l.park_id, l.allotment_id)
    JOIN project j USING (district_id, project_id)
    JOIN project_version r ON (r.district_id, r.project_id) = (j.district_id, j.project_id) AND upper_inf(r.sys)
    LEFT JOIN party t ON (t.district_id, t.party_id) = (j.district_id, j.party_id)
   WHERE v.to_seq IS NULL AND v.publication = 'public' AND r.named
     AND r.chain_stage IN (SELECT n ->> 'code' FROM chain, jsonb_array_elements(body -> 'nodes') n
                            WHERE code = 'carbon_fibre')),
pieces AS (SELECT node, bool_or(state IN ('supplied', 'built')) AS stands FROM told GROUP BY node)
SELECT (SELECT count(*) FROM pieces WHERE stands), (SELECT count(*) FROM pieces WHERE NOT stands),
       (SELECT count(DISTINCT firm) FROM told),
       (SELECT (sum(legal_m2) * 10000)::bigint FROM (SELECT DISTINCT parcel_id, legal_m2 FROM told) g)`

var (
	anyCell = regexp.MustCompile(`<td[^>]*>(.*?)</td>`)
	anyTag  = regexp.MustCompile(`<[^>]*>`)
)

// industryRows are the cells of the overview's table of industries, as a reader sees them.
func industryRows(body, title string) (rows [][]string) {
	_, table, _ := strings.Cut(body, "<h2>"+title+"</h2>")
	table, _, _ = strings.Cut(table, "</table>")
	_, table, _ = strings.Cut(table, "<tbody>")
	for _, row := range strings.Split(table, "</tr>") {
		var cells []string
		for _, cell := range anyCell.FindAllStringSubmatch(row, -1) {
			cells = append(cells, html.UnescapeString(anyTag.ReplaceAllString(cell[1], "")))
		}
		if len(cells) > 0 {
			rows = append(rows, cells)
		}
	}
	return rows
}

// industry is the row that the overview should have for the chain of the sample, before its source.
func (h *house) industry() []string {
	h.t.Helper()
	var standing, coming, firms int
	var units int64
	if err := h.db.Owner.QueryRow(h.t.Context(), sqlIndustry).Scan(&standing, &coming, &firms, &units); err != nil {
		h.t.Fatal(err)
	}
	mu := ogc.Grouped(geo.NewArea(units).Mu().Round().String())
	return []string{"New materials", "Carbon-fibre chain", "17", fmt.Sprint(standing), fmt.Sprint(coming),
		fmt.Sprint(17 - standing - coming), fmt.Sprint(firms), mu}
}

// revise changes a project of the sample, by its code.
func (h *house) revise(code string, facts registry.ProjectFacts) {
	h.t.Helper()
	ctx := context.Background()
	var district, project uuid.UUID
	if err := h.db.Owner.QueryRow(ctx, `SELECT district_id, project_id FROM project WHERE code = $1`, code).Scan(&district,
		&project); err != nil {
		h.t.Fatal(err)
	}
	if _, err := registry.Of(h.db.Store).ReviseProject(ctx, registry.Business{Districts: []uuid.UUID{district}}, project, 0,
		registry.Edit{Via: "test", Reason: "r"}, facts, func(bool, []uuid.UUID) error { return nil }); err != nil {
		h.t.Fatal(err)
	}
}

const englishOverview = "/overview?lang=en"

// TestTheOverviewTellsTheIndustries: the figures are those of plain SQL over the planners' tables, after each change of
// what is published too, at the next request; of an industry that isn't described nothing is counted.
func TestTheOverviewTellsTheIndustries(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	last, seen := "", map[string]bool{}
	check := func(what string) {
		t.Helper()
		r := h.get(englishOverview, "If-None-Match", last)
		if last = r.Header.Get("ETag"); r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", what, r.Status)
		}
		rows := industryRows(string(r.body), "Leading industries")
		if len(rows) != 3 || len(rows[0]) != 8 {
			t.Fatalf("%s: %q", what, rows)
		}
		if diff := cmp.Diff(h.industry(), rows[0]); diff != "" {
			t.Errorf("%s (-SQL +page):\n%s", what, diff)
		}
		if seen[strings.Join(rows[0], "|")] {
			t.Errorf("%s: nothing changed: %q", what, rows[0])
		}
		seen[strings.Join(rows[0], "|")] = true
	}
	yes, no, precursor, parts := true, false, "precursor", "parts"
	check("the sample")
	h.revise("F-MILIN", registry.ProjectFacts{ChainStage: &precursor}) // named, on reserved land
	check("a firm that is coming")
	h.revise("F-JIWEI", registry.ProjectFacts{ChainStage: &parts}) // reserved land, where others stand already
	check("a second firm of a piece")
	hidePublic(t, h, "TX-B02")
	check("a parcel of several is withdrawn")
	h.revise("F-PREPREG", registry.ProjectFacts{Named: &no})
	check("a firm is named no more")
	h.revise("F-PREPREG", registry.ProjectFacts{Named: &yes})
	hidePublic(t, h, "TX-L05")
	check("a firm's only parcel is withdrawn")
	if r := h.get(englishOverview, "If-None-Match", last); r.StatusCode != http.StatusNotModified {
		t.Errorf("an unchanged page: %s", r.Status)
	}
}

// TestNothingHiddenChangesAnIndustry: what planners alone know moves no figure; the last case shows that the comparison
// can fail.
func TestNothingHiddenChangesAnIndustry(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	section := func() string {
		return fmt.Sprint(industryRows(string(h.get(englishOverview).body), "Leading industries"))
	}
	before := section()
	yes, no, fabric, moulds := true, false, "fabric", "moulds"
	for what, change := range map[string]func(){
		"a project without a name, on supplied land": func() { h.revise("NV-01", registry.ProjectFacts{ChainStage: &fabric}) },
		"one on land in negotiation":                 func() { h.revise("TK-02", registry.ProjectFacts{ChainStage: &moulds}) },
		"a named one without land":                   func() { h.revise("F-GUOYAO", registry.ProjectFacts{ChainStage: &moulds, Named: &yes}) },
		"a named one on withdrawn land": func() {
			hidePublic(t, h, "TX-M01")
			h.revise("NV-02", registry.ProjectFacts{ChainStage: &fabric, Named: &yes})
		},
		"a piece of no chain": func() {
			other := "no_such_piece"
			h.revise("NV-03", registry.ProjectFacts{ChainStage: &other, Named: &yes})
		},
	} {
		if change(); section() != before {
			t.Errorf("%s: %s\nbefore: %s", what, section(), before)
		}
	}
	if h.revise("NV-01", registry.ProjectFacts{Named: &yes}); section() == before {
		t.Error("a project that agreed to be named changes nothing")
	}
	for _, code := range []string{"NV-01", "F-TUOZHAN", "F-PREPREG", "F-ANDESEN", "F-BANGDE"} {
		h.revise(code, registry.ProjectFacts{Named: &no})
	}
	rows := industryRows(string(h.get(englishOverview).body), "Leading industries")
	if got := strings.Join(rows[0][2:8], " "); got != "17 – – – – –" {
		t.Errorf("without a public firm nothing is known of who fills the chain: %s", got)
	}
}

// TestIndustriesAreNamedWithTheirSources: in both languages, with the way to the map where it shows the chain; a new
// edition of a chain is on the page at the next request.
func TestIndustriesAreNamedWithTheirSources(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for lang, want := range map[string][]string{
		"zh": {"主导产业", "新材料", "碳纤维产业链", "高端装备制造", "新医药及医疗器械", "尚未描述", "通用工艺知识", "用地：示意数据", "以公布的为限",
			"新闻报道 2022-05-28（威海临港区）（2022-05 版）"},
		"en": {"Leading industries", "New materials", "Carbon-fibre chain", "High-end equipment",
			"New medicine and medical devices", "Not yet described", "general knowledge of the process", "land: illustrative",
			"As far as published", "news report of 2022-05-28 on Weihai's Lingang district (edition 2022-05)"},
	} {
		body := html.UnescapeString(string(h.get("/overview?lang=" + lang).body))
		for _, word := range want {
			if !strings.Contains(body, word) {
				t.Errorf("%s: the page doesn't say %q", lang, word)
			}
		}
		if want := `href="/?lang=` + lang + `&panel=chain&park=carbon-fibre"`; strings.Count(body, want) != 1 {
			t.Errorf("%s: no way to the chain on the map", lang)
		}
		for _, row := range industryRows(body, want[0])[1:] {
			if got := strings.Join(row[1:8], " "); got != want[5]+" – – – – – –" {
				t.Errorf("%s: %q", lang, row)
			}
		}
	}
	before := h.get(englishOverview)
	const edition = `{"code": "new_medicine", "name_zh": "新医药链", "name_en": "Medicine chain", "edition": "2",
		"source": "a test", "nodes": [{"code": "drug", "name_zh": "药", "name_en": "Drug"}], "links": []}`
	if _, _, err := registry.Of(h.db.Store).PutChain(t.Context(), "lingang", []byte(edition)); err != nil {
		t.Fatal(err)
	}
	after := h.get(englishOverview, "If-None-Match", before.Header.Get("ETag"))
	if row := industryRows(string(after.body), "Leading industries"); after.StatusCode != http.StatusOK ||
		strings.Join(row[1], "|") != "Medicine chain|Medicine chain|1|–|–|–|–|–" ||
		!strings.Contains(string(after.body), "<p>Medicine chain – a test (edition 2)</p>") {
		t.Errorf("%s: %q", after.Status, row)
	}
	if strings.Contains(string(after.body), `panel=chain&amp;park=carbon-fibre">Medicine`) {
		t.Error("the map shows the largest chain alone, but the page leads there from another")
	}
}

// TestWhatIsLiveIsWhatLastsOn: the column that the overview asks by says what the time of each row says.
func TestWhatIsLiveIsWhatLastsOn(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	yes, no := true, false
	h.revise("F-PREPREG", registry.ProjectFacts{Named: &no})
	h.revise("F-PREPREG", registry.ProjectFacts{Named: &yes})
	hidePublic(t, h, "TX-B02")
	for _, view := range []string{"tenant", "tenant_public"} {
		var live, past, wrong int
		if err := h.db.Owner.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE live), count(*) FILTER (WHERE NOT live),
			count(*) FILTER (WHERE live <> upper_inf(sys)) FROM `+view+` WHERE NOT isempty(sys)`).Scan(&live, &past,
			&wrong); err != nil {
			t.Fatal(err)
		}
		if live == 0 || past == 0 || wrong > 0 {
			t.Errorf("%s: %d live, %d past, %d of which the two say otherwise", view, live, past, wrong)
		}
	}
}

// TestAnIndustryThatIsNotDescribedIsNoChain: the map has no chain of it to show, and matching none to weigh by.
func TestAnIndustryThatIsNotDescribedIsNoChain(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1, "available")...)
	const body = `{"code": "medicine", "name_zh": "医药", "name_en": "Medicine", "edition": "1", "source": "a test", "nodes": []}`
	if _, _, err := registry.Of(o.db.Store).PutChain(t.Context(), "desk-district", []byte(body)); err != nil {
		t.Fatal(err)
	}
	o.public().want(http.StatusNotFound, "GET", "/api/parks/desk/chain", nil)
	rows := industryRows(string(o.get(englishOverview).body), "Leading industries")
	if len(rows) != 1 || strings.Join(rows[0], "|") != "Medicine|Not yet described|–|–|–|–|–|–" {
		t.Errorf("%q", rows)
	}
}
