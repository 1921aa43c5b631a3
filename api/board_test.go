package api_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/api"
	"luodi/data/ledger"
	"luodi/data/sample"
	"luodi/message"
)

// TestWhoMayFrameTheMapIsASetting: nobody but this server without it, those that it names with it, and of the other
// pages nobody in any case.
func TestWhoMayFrameTheMapIsASetting(t *testing.T) {
	t.Parallel()
	const site = "https://www.example.gov.cn"
	for _, framers := range [][]string{nil, {site, "http://10.0.0.1:81"}} {
		h := open(t, func(o *api.Options) { o.Framers = framers })
		if err := sample.Load(t.Context(), h.db.Planner); err != nil {
			t.Fatal(err)
		}
		allowed := func(path string) string {
			policy := h.get(path).Header.Get("Content-Security-Policy")
			return policy[strings.LastIndex(policy, "frame-ancestors"):]
		}
		want := strings.Join(append([]string{"frame-ancestors 'self'"}, framers...), " ")
		if got := allowed("/embed/carbon-fibre"); got != want {
			t.Errorf("%v: the map and list: %s", framers, got)
		}
		for _, path := range []string{"/", "/ogc?f=html", "/overview", sitePage("TX-L04"), "/embed/none"} {
			if got := allowed(path); got != "frame-ancestors 'self'" {
				t.Errorf("%v: %s: %s", framers, path, got)
			}
		}
	}
}

// TestTheEmbedShowsWhatIsFree: every free parcel is listed and drawn and leads to its page outside of the frame,
// without a script; what is withdrawn is gone at the next request.
func TestTheEmbedShowsWhatIsFree(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	free := liveCodes(h, "status = 'available' AND park_id = (SELECT park_id FROM park WHERE code = 'carbon-fibre')")
	if len(free) == 0 {
		t.Fatal("the sample has no free land")
	}
	for lang, words := range map[string][]string{"zh": {"可供地块", fmt.Sprintf("列出可供地块 %d 块", len(free)), "并非测绘成果"},
		"en": {"Available parcels", "As of 20"}} {
		r := h.get("/embed/carbon-fibre?lang=" + lang)
		body := string(r.body)
		for _, word := range words {
			if !strings.Contains(body, word) {
				t.Errorf("%s: the page doesn't say %q", lang, word)
			}
		}
		for _, code := range free {
			if !strings.Contains(body, fmt.Sprintf(`<td><a href="/sites/carbon-fibre/%s?lang=%s">%s</a>`, code, lang, code)) {
				t.Errorf("%s: %s is not listed", lang, code)
			}
		}
		if n := strings.Count(body, `<path class="area available"`); n != len(free) || !strings.Contains(body, `<base target="_blank">`) {
			t.Errorf("%s: %d of %d are drawn, or links open within the frame", lang, n, len(free))
		}
	}
	tag := h.get("/embed/carbon-fibre").Header.Get("ETag")
	if r := h.get("/embed/carbon-fibre", "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
		t.Errorf("an unchanged page: %s", r.Status)
	}
	hidePublic(t, h, free[0])
	if r := h.get("/embed/carbon-fibre", "If-None-Match", tag); strings.Contains(string(r.body), ">"+free[0]+"<") ||
		r.StatusCode != http.StatusOK {
		t.Errorf("%s was withdrawn: %s", free[0], r.Status)
	}
}

// hidePublic takes a parcel of the sample's park out of what the public sees.
func hidePublic(t *testing.T, h *house, code string) {
	t.Helper()
	var parcel ledger.Ref
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT parcel_id, version FROM parcel_version JOIN parcel USING (parcel_id)
		WHERE code = $1 AND upper_inf(sys)`, code).Scan(&parcel.ID, &parcel.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Of(h.db.Store).Do(t.Context(), ledger.Order{Park: "carbon-fibre", Reason: "r", Via: "test",
		Command: ledger.Command{Kind: "unpublish", Parcels: []ledger.Ref{parcel}}}); err != nil {
		t.Fatal(err)
	}
}

// TestTheOverviewIsTheSumOfTheBalances: each park's row has the figures of its balance, their time and their source.
func TestTheOverviewIsTheSumOfTheBalances(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var parks struct{ Parks []struct{ Code string } }
	h.json("/api/parks", &parks)
	check := func() {
		t.Helper()
		body := string(h.get("/overview?lang=en").body)
		for _, park := range parks.Parks {
			var balance struct {
				Rows []struct {
					Status  string
					LegalMu float64 `json:"legal_mu"`
				}
			}
			h.json("/api/parks/"+park.Code+"/balance", &balance)
			row := regexp.MustCompile(`<tr>.*<a href="/\?park=` + park.Code + `&amp;lang=en">.*</tr>`).FindString(body)
			cells := regexp.MustCompile(`<td class="number">([^<]*)</td>`).FindAllStringSubmatch(row, -1)
			shown := slices.DeleteFunc(balance.Rows, func(r struct {
				Status  string
				LegalMu float64 `json:"legal_mu"`
			}) bool {
				return !strings.Contains(body, `<th scope="col" class="number">`+message.Text(message.EN, "web.status."+r.Status)+"</th>")
			})
			if len(cells) != len(shown)+1 || len(shown) != 5 {
				t.Fatalf("%s: %d figures of %d: %s", park.Code, len(cells), len(shown), row)
			}
			sum := 0.0
			for i, want := range shown {
				sum += want.LegalMu
				var got float64
				if _, err := fmt.Sscan(strings.ReplaceAll(cells[i][1], ",", ""), &got); err == nil && got != want.LegalMu ||
					err != nil && cells[i][1] != "–" {
					t.Errorf("%s: %s is %s mu, the balance says %.2f", park.Code, want.Status, cells[i][1], want.LegalMu)
				}
			}
			known := park.Code == "carbon-fibre" // the sample has no parcels of the others: nothing is known of them
			if known != (sum > 0) || known == strings.Contains(row, "–") || known == strings.Contains(row, "areas unknown") {
				t.Errorf("%s: %.2f mu in %s", park.Code, sum, row)
			}
			if !strings.Contains(row, "CST</td>") || known && !strings.Contains(row, "Illustrative") {
				t.Errorf("%s: no time or no source: %s", park.Code, row)
			}
		}
	}
	check()
	before := h.get("/overview?lang=en")
	hidePublic(t, h, "TX-L04")
	if r := h.get("/overview?lang=en", "If-None-Match", before.Header.Get("ETag")); r.StatusCode != http.StatusOK ||
		string(r.body) == string(before.body) {
		t.Errorf("after a change: %s", r.Status)
	}
	check()
	if r := h.get("/overview?x=1"); r.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown parameter: %s", r.Status)
	}
}
