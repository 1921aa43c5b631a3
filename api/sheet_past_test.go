package api_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pastRows are the rows of a page's public history: statuses and how each came.
func pastRows(t *testing.T, body string) (all []string) {
	t.Helper()
	at := strings.Index(body, "Public history")
	if at < 0 {
		t.Fatalf("no history: %s", body)
	}
	body = body[at:]
	for _, m := range regexp.MustCompile(`<tr><td>\d{4}-\d\d-\d\d \d\d:\d\d [A-Z]+</td><td><i [^>]*></i>([^<]*)</td>.*?<td>([^<]*)</td></tr>`).
		FindAllStringSubmatch(body[:strings.Index(body, "</table>")], -1) {
		all = append(all, strings.TrimSpace(m[1]+": "+m[2]))
	}
	return all
}

// TestASitesPageTellsThePublicsPastAlone: of a parcel that came out of another, was withdrawn, came back, and was
// hidden for a time; and nothing of an intention where the park shows none.
func TestASitesPageTellsThePublicsPastAlone(t *testing.T) {
	t.Parallel()
	w := newTwin(t)
	page := func(code string) string {
		r := w.public().do("GET", "/sites/desk/"+code+"?lang=en", nil)
		if r.status != http.StatusOK {
			t.Fatalf("%s: %d %s", code, r.status, r.text)
		}
		return r.text
	}
	w.show("nothing")
	w.begin(true)
	if got := pastRows(t, page("B")); len(got) != 2 || !strings.HasPrefix(got[0], "Reserve") {
		t.Errorf("a held plot of a park that shows nothing: %q", got)
	}
	w.record(object{"kind": "unpublish", "reason": "r", "parcels": w.refs(w.parcels[2])})
	w.record(object{"kind": "publish", "reason": "r", "parcels": w.refs(w.parcels[2])})
	w.record(object{"kind": "withdraw", "reason": "r", "parcels": w.refs(w.parcels[2])})
	got := pastRows(t, page("C"))
	if len(got) != 3 || !strings.HasPrefix(got[0], "Reserve") || !strings.HasPrefix(got[1], "Available: Published again") ||
		got[2] != "Available: Published first" {
		t.Errorf("a plot that was hidden for a time: %q", got)
	}
	w.record(object{"kind": "split", "reason": "r", "parcels": w.refs(w.parcels[3]),
		"shape": object{"parts": 2, "bearing": 0, "codes": []any{"D-1", "D-2"}}})
	for _, code := range []string{"D-1", "D-2"} {
		if got := pastRows(t, page(code)); !slices.Equal(got, []string{"Available: Came out of D"}) {
			t.Errorf("%s: %q", code, got)
		}
	}
}
