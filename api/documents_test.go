package api_test

import (
	"net/http"
	"testing"
)

// A reader who follows a document's address opens a page and nothing else.
func TestOnlyAddressesOfPagesAreTakenOfDocuments(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(4)...)
	p := o.planner()
	send := func(url string) told {
		body := o.hold(o.parcels[0])
		body["documents"] = []object{{"title": "d", "url": url}}
		return p.do("POST", records+"?preview=true", body)
	}
	for _, url := range []string{"javascript:alert(1)", "JavaScript:alert(1)", "\tjavascript:alert(1)",
		"java\nscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:msgbox", "file:///etc/passwd",
		"blob:https://x/1", "//evil.example", "/relative", "https:", "https://", "http:///x",
		"https://user:word@example.org/", "https://example.org/a b", "https://example.org/\u202e",
		"ftp://example.org/x", "mailto:a@b.c"} {
		if a := send(url); a.status != http.StatusBadRequest || at(a.body, "field") != "documents[0].url" {
			t.Errorf("%q: %d %s", url, a.status, a.text)
		}
	}
	for _, url := range []string{"https://example.org/a?b=c#d", "HTTP://example.org", "http://[2001:db8::1]:8080/x",
		"https://xn--fiqs8s/文件"} {
		if a := send(url); a.status != http.StatusOK {
			t.Errorf("%q: %d %s", url, a.status, a.text)
		}
	}
	for documents, taken := range map[string]bool{
		`[{"title":"d","url":"javascript:alert(1)"}]`: false, `[{"title":"d","url":"https://a.example/\n"}]`: false,
		`[{"title":"d","url":"https://a.example"},{"title":"e","url":"data:,x"}]`: false,
		`[{"title":"d","url":null}]`: true, `[{"title":"d"}]`: true,
		`[{"title":"d","url":"https://a.example/文件"}]`: true, `[]`: true,
	} {
		_, err := o.db.Planner.Exec(t.Context(), `SELECT begin_record($1, gen_random_uuid(), 'edit', 'r', 'test',
			$2::jsonb)`, o.parkID, documents)
		if (err == nil) != taken {
			t.Errorf("the database and %s: %v", documents, err)
		}
	}
}
