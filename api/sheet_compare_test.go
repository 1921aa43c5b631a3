package api_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestParcelsStandSideBySide: a column and a small map each, rows that differ marked and those that don't not, price
// with its kind and day; the same on paper; and gone with a parcel that is withdrawn.
func TestParcelsStandSideBySide(t *testing.T) {
	t.Parallel()
	h := withType(t)
	if _, err := h.db.Owner.Exec(t.Context(), `UPDATE parcel_public SET price_cny_per_m2 = 384, price_kind = 'minimum',
		price_document = '某文 / Some notice', price_on = '2026-03-01' WHERE code = 'TX-L04' AND to_seq IS NULL`); err != nil {
		t.Fatal(err)
	}
	path := sitePage("TX-L04,TX-L05,TX-R01") + "?lang=en"
	body := string(h.get(path).body)
	at := strings.Index(body, "Side by side")
	if at < 0 {
		t.Fatal("no comparison")
	}
	body = body[at:]
	body = body[:strings.Index(body, "</table>")]
	if n := strings.Count(body, "<svg"); n != 3 {
		t.Errorf("%d small maps", n)
	}
	row := func(name string) string {
		return regexp.MustCompile(`<tr><th scope="row">(?:\* )?` + name + `</th>.*`).FindString(body)
	}
	for name, words := range map[string][]string{
		"Status": {"* Status", "Available"}, "Price": {"* Price", "384 CNY/m²", "2026-03-01", "Some notice", "Not stated"},
		"Longest frontage on one road": {" m on "}, "Power": {"1,400 kVA"}, "Floor-area ratio": {"0.7 – 1.8"},
		"Next door": {" m; "}, "Services ready": {"Ready now"}, "Sources": {"2022"},
	} {
		for _, word := range words {
			if !strings.Contains(row(name), word) {
				t.Errorf("%s doesn't say %q: %s", name, word, row(name))
			}
		}
		if n := strings.Count(row(name), "<td>"); n != 3 {
			t.Errorf("%s has %d columns", name, n)
		}
	}
	same := regexp.MustCompile(`<tr><th scope="row">([^*].*?)</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>`).FindAllStringSubmatch(body, -1)
	for _, m := range same {
		if differs := m[2] != m[3] || m[3] != m[4]; differs {
			t.Errorf("%s differs and is not marked: %q", m[1], m[2:])
		}
	}
	for _, m := range regexp.MustCompile(`<tr><th scope="row">\* (.*?)</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>`).FindAllStringSubmatch(body, -1) {
		if m[2] == m[3] && m[3] == m[4] {
			t.Errorf("%s is marked and doesn't differ", m[1])
		}
	}
	if len(same) == 0 {
		t.Error("no row is alike")
	}
	_, said := pdfRead(t, h.get(path+"&f=pdf").body)
	for _, word := range []string{"Side by side", "Services ready", "TX-R01"} {
		if !strings.Contains(said, word) {
			t.Errorf("paper doesn't say %q", word)
		}
	}
	hidePublic(t, h, "TX-L05")
	for _, f := range []string{"", "&f=pdf", "&f=geojson"} {
		if r := h.get(path + f); r.StatusCode != 404 {
			t.Errorf("%s with a parcel that was withdrawn: %s", f, r.Status)
		}
	}
}
