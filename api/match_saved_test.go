package api_test

import (
	"net/http"
	"strings"
	"testing"

	"luodi/data"
)

// TestWhoIsNoMemberAnyMoreIsNotToldASavedRanking: it was made of what members see, codes of hidden land among them.
func TestWhoIsNoMemberAnyMoreIsNotToldASavedRanking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := &someone{name: "viewer", by: "write", roles: []data.Grant{{Park: ptr(here), Role: data.Viewer}}}
	w.engage(p)
	wish := object{"criteria": []object{{"measure": "area_mu", "min": 1, "want": "benefit", "weight": 1}}}
	saved := p.want(http.StatusCreated, "POST", "/api/matches", object{"name": "mine", "question": object{"park": here, "requirement": wish, "excluded": 0}})
	code, ok := at(saved.body, "ranking", 0, "code").(string)
	if saved.body["ranked_for"] != "members" || !ok {
		t.Fatalf("%.600s", saved.text)
	}
	const secret = "HIDDEN-SINCE"
	w.exec(`UPDATE saved_match SET ranking = jsonb_set(ranking, '{0,code}', to_jsonb($1::text))`, secret)
	one := "/api/matches/" + saved.body["id"].(string)
	tells := func() map[string]bool {
		told := map[string]bool{}
		for _, path := range []string{"/api/matches", one} {
			told[path] = strings.Contains(p.want(http.StatusOK, "GET", path, nil).text, secret)
		}
		return told
	}
	for path, told := range tells() {
		if !told {
			t.Errorf("%s hides the ranking from a member (it began with %s)", path, code)
		}
	}
	w.exec(`DELETE FROM membership WHERE account_id = $1`, p.id)
	for path, told := range tells() {
		if told {
			t.Errorf("%s tells the ranking to who is no member any more", path)
		}
	}
	if got := p.want(http.StatusOK, "GET", one, nil); len(at(got.body, "saved", "ranking").([]any)) != 0 || at(got.body, "now", "scope") != "public" {
		t.Errorf("%.600s", got.text)
	}
	w.exec(`UPDATE saved_match SET ranked_for = 'public'`)
	for path, told := range tells() {
		if !told {
			t.Errorf("%s hides a ranking that was the public's", path)
		}
	}
}
