package api_test

import (
	"html"
	"net/http"
	"os"
	"strings"
	"testing"

	"luodi/api"
	"luodi/data/people"
)

// TestAParksContactIsShownWhereItIsSet: on the page of a site, of a lot, on paper, on the card, in the frame and on the
// overview, at the next request; and nowhere before, nor after it is taken away.
func TestAParksContactIsShownWhereItIsSet(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(typeFile); err != nil {
		t.Skip("the page isn't built: make web")
	}
	w := &twin{hidden: &hidden{office: officeOf(t, open(t, func(o *api.Options) { o.Web = os.DirFS("../web/dist") }),
		squares(2, "available")...), district: "desk-district"}}
	w.admin = w.office.colleague("admin", false, people.ScopeWrite, people.Admin)
	read := func(path string) told { return w.public().do("GET", path, nil) }
	pages := []string{"/sites/desk/A?lang=en", "/sites/desk/A,B?lang=en", "/embed/desk?lang=en", "/overview?lang=en"}
	shown := func() (n int) {
		for _, path := range pages {
			if got := read(path); got.status == http.StatusOK && strings.Contains(html.UnescapeString(got.text), `<a href="tel:+866315550100">+86 631 555-0100</a>`) {
				n++
			}
		}
		return n
	}
	card := read("/sites/desk/A?f=card&lang=en").text
	if n := shown(); n != 0 || strings.Contains(read(pages[0]).text, "Contact the park") {
		t.Errorf("a contact is shown on %d pages before it is set", n)
	}
	w.record(object{"kind": "settings", "reason": "r", "settings": object{"contact": object{"phone": "+86 631 555-0100",
		"email": "land@example.org", "hours_zh": "工作日 9:00–17:00", "address_zh": "某路 1 号"}}})
	if n := shown(); n != len(pages) {
		t.Errorf("the number to call is on %d of %d pages", n, len(pages))
	}
	for _, word := range []string{`href="mailto:land@example.org"`, "工作日 9:00–17:00", "某路 1 号"} {
		if !strings.Contains(read(pages[0]).text, word) {
			t.Errorf("the page doesn't say %q", word)
		}
	}
	if _, said := pdfRead(t, []byte(read("/sites/desk/A?f=pdf&lang=zh").text)); !strings.Contains(said, "+86 631 555-0100") {
		t.Errorf("paper has no number: %s", said)
	}
	if read("/sites/desk/A?f=card&lang=en").text == card {
		t.Error("the card has no number")
	}
	if of := w.public().want(200, "GET", "/api/parks/desk", nil).body["contact"]; of.(map[string]any)["hours_zh"] != "工作日 9:00–17:00" {
		t.Errorf("the API tells %v", of)
	}
	w.record(object{"kind": "settings", "reason": "r", "settings": object{"contact": object{}}})
	if n := shown(); n != 0 {
		t.Errorf("%d pages show a contact that was taken away", n)
	}
	for member, text := range map[string]string{"phone": "javascript:alert(1)", "email": "nobody", "hours_en": "a\nb"} {
		got := w.admin.do("POST", records, object{"kind": "settings", "reason": "r",
			"settings": object{"contact": object{member: text}}})
		if got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest ||
			!strings.Contains(got.text, "settings.contact."+member) {
			t.Errorf("%s %q: %d %s", member, text, got.status, got.text)
		}
	}
}
