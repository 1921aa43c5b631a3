package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed/name"
)

// TestTheDocumentNamesEveryKindOfHit: the enums of the answer are the kinds, fields and levels that there are.
func TestTheDocumentNamesEveryKindOfHit(t *testing.T) {
	t.Parallel()
	h := open(t)
	var d struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Enum []string }
			}
		}
	}
	h.json("/api/openapi.json", &d)
	for _, c := range []struct {
		schema, property string
		want             []string
	}{{"Hit", "kind", name.Kinds()}, {"Matched", "field", name.Fields()}, {"Matched", "how", name.Levels()}} {
		got := slices.Sorted(slices.Values(d.Components.Schemas[c.schema].Properties[c.property].Enum))
		if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(got, want) {
			t.Errorf("%s.%s is one of %v, want %v", c.schema, c.property, got, want)
		}
	}
}

// TestASearchFollowsEachChange: what was just made, published, renamed, hidden or ended is found, or not, by the next
// request, by the public and by members.
func TestASearchFollowsEachChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	p := &plot{house: o.house, park: o.parkID, code: "desk"}
	if _, err := o.db.Owner.Exec(t.Context(), "ALTER TABLE parcel_version DISABLE TRIGGER z_ask_inserted, DISABLE TRIGGER z_ask_updated"); err != nil {
		t.Fatal(err)
	}
	p.house.plot("other")
	insider, outsider := o.colleagueIn("desk", "insider"), o.colleagueIn("other", "outsider")
	public := &colleague{office: o}
	expect := func(q, byPublic, byMember string) {
		t.Helper()
		for _, path := range []string{"/api/search?q=", "/api/search?park=desk&q="} {
			for _, c := range []struct {
				who   *colleague
				keeps string
				want  string
			}{{public, "no-cache", byPublic}, {outsider, "private, no-cache", byPublic},
				{insider, "private, no-cache", byMember}} {
				got := c.who.want(http.StatusOK, "GET", path+escape(q), nil)
				var found searched
				if err := json.Unmarshal([]byte(got.text), &found); err != nil {
					t.Fatal(err)
				}
				if found.codes() != c.want || got.head.Get("Cache-Control") != c.keeps {
					t.Errorf("%s%q finds %q, want %q; %s", path, q, found.codes(), c.want, got.head.Get("Cache-Control"))
				}
			}
		}
	}
	expect("newland", "", "")
	var id uuid.UUID
	p.change(func(tx pgx.Tx, seq int64) { id = p.add(tx, seq, "NEWLAND-07", "available") })
	version := func(code, publication string) {
		t.Helper()
		p.change(func(tx pgx.Tx, seq int64) {
			p.edit(tx, seq, id, "")
			if code != "" {
				p.exec(tx, `INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status,
					legal_m2, land_use, publication, geom)
					SELECT park_id, parcel_id, $3, $3, $4, bank_status, legal_m2, land_use, $5, geom
					  FROM parcel_version WHERE park_id = $1 AND parcel_id = $2 AND to_seq = $3`, p.park, id, seq, code,
					publication)
			}
		})
	}
	expect("newland 7", "NEWLAND-07", "NEWLAND-07")
	version("NEWLAND-07", "internal")
	expect("newland 7", "", "NEWLAND-07")
	expect("NEWLAMD-07", "", "NEWLAND-07")
	version("RENAMED-8", "internal")
	expect("newland", "", "")
	expect("renamed8", "", "RENAMED-8")
	version("RENAMED-8", "public")
	expect("renamed8", "RENAMED-8", "RENAMED-8")
	version("", "")
	expect("renamed8", "", "")
}

// TestASearchNeverTellsWhatIsHidden: of everything that is hidden in a park, typed whole, in part, and with one wrong
// character, the public and a planner of the next park find nothing, and are led nowhere that depends on it.
func TestASearchNeverTellsWhatIsHidden(t *testing.T) {
	t.Parallel()
	h := hide(t)
	outsider := h.colleagueIn("other", "outsider")
	public := &colleague{office: h.office}
	insider := h.colleagueIn("desk", "insider")
	nothing := public.want(http.StatusOK, "GET", "/api/search?park=desk&q=qqqqqqqq", nil)
	told := 0
	for _, s := range h.secrets {
		for _, typed := range []string{s.text, s.text[:min(len(s.text), 5)], "x" + s.text} {
			typed = strings.TrimSpace(typed)
			if typed == "" || len(typed) > 100 || !strings.HasPrefix(s.text, "zq") {
				continue
			}
			for _, who := range []*colleague{public, outsider} {
				got := who.want(http.StatusOK, "GET", "/api/search?park=desk&q="+escape(typed), nil)
				if got.text != nothing.text {
					t.Errorf("%s: %q is told: %s", s.where, typed, got.text)
				}
			}
			var found searched
			got := insider.want(http.StatusOK, "GET", "/api/search?park=desk&q="+escape(typed), nil)
			if err := json.Unmarshal([]byte(got.text), &found); err != nil {
				t.Fatal(err)
			}
			if len(found.Hits) > 0 {
				told++
			}
		}
	}
	if told < 5 {
		t.Errorf("a member finds only %d of what is hidden: the test can't tell", told)
	}
}

// TestHostileTextsAreSearchedOrRefused: whatever is typed gets an answer or a refusal of q.
func TestHostileTextsAreSearchedOrRefused(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, c := range []struct {
		text   string
		status int
	}{
		{"\x00", 400}, {"TX\x00L04", 400}, {"\xff\xfe", 400}, {strings.Repeat("a", 101), 400},
		{strings.Repeat("碳", 16<<10/3), 414}, {strings.Repeat("a", 16<<10-100), 400},
		{strings.Repeat("a", 16<<10), 414}, {"", 400}, {" \t\n", 400},
		{strings.Repeat("碳", 100), 200}, {strings.Repeat("重", 100), 200}, {"🏭🏭", 200}, {"👩‍👩‍👧", 200},
		{"\u202eTX-L04", 200}, {"مصنع", 200}, {"a\nb", 200}, {"%", 200}, {"_%\\", 200}, {"TX-L04'--", 200},
		{"$1 {q} ${q}", 200}, {"<script>", 200}, {strings.Repeat("a ", 50), 200}, {"1e309亩", 200},
		{strings.Repeat("9", 97) + "亩", 200}, {"-60亩", 200}, {"٦٠亩", 200}, {"零亩", 200}, {"İstanbul ß ﬀ", 200},
	} {
		r := h.get("/api/search?park=carbon-fibre&q=" + url.QueryEscape(c.text))
		if r.StatusCode != c.status {
			t.Errorf("%.40q: %s %.300s", c.text, r.Status, r.body)
		}
		if field := `"field":"q`; c.status >= http.StatusBadRequest && !strings.Contains(string(r.body), field) {
			t.Errorf("%.40q: no refusal of q or of the query: %.300s", c.text, r.body)
		}
	}
}
