package api_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

// twin is a world in which parcel B is kept from the market, and the reason why is all that differs from its twin: the
// same records by number, or as many with nothing public in them.
type twin struct {
	*hidden
	admin *colleague
	node  uuid.UUID
}

// newTwin makes a park of parcels A to F, the first in reserve and the last not public, with a node that tells a word.
func newTwin(t *testing.T) *twin {
	t.Helper()
	w := &twin{hidden: &hidden{office: newOffice(t, squares(6, "reserve")...), district: "desk-district",
		ids: map[string]uuid.UUID{"enquiry": uuid.Nil}}}
	w.admin = w.office.colleague("admin", false, people.ScopeWrite, people.Admin)
	w.describe()
	// the project would fill a piece of the chain
	w.owner(`UPDATE project_version SET chain_stage = 'fibre' WHERE project_id = $1`, w.project)
	w.node = storetest.Node(t, w.db, w.parkID, "N1", "substation", "kVA", "1000", 1)
	w.record(object{"kind": "unpublish", "reason": "r", "parcels": w.refs(w.parcels[5])})
	return w
}

// record sends an order and remembers when it was carried out.
func (w *twin) record(order object) told {
	w.t.Helper()
	out := w.admin.want(201, "POST", records, order)
	at, err := time.Parse(time.RFC3339Nano, out.body["at"].(string))
	if err != nil {
		w.t.Fatal(err)
	}
	w.moments = append(w.moments, at)
	return out
}

func (w *twin) show(what string) {
	w.record(object{"kind": "settings", "reason": "r", "settings": object{"hold_shown": what}})
}

// quiet is a record with nothing public in it.
func (w *twin) quiet(price int) {
	w.record(object{"kind": "edit", "reason": "r", "parcels": w.refs(w.parcels[5]),
		"object": object{"facts": object{"price_cny_per_m2": price}}})
}

// begin takes B from the market: by a hold of a project that agreed to be named, with most of what the node has; or it
// is withdrawn.
func (w *twin) begin(held bool) (right any) {
	if !held {
		w.record(object{"kind": "withdraw", "reason": "r", "parcels": w.refs(w.parcels[1])})
		return nil
	}
	hold := w.hold(w.parcels[1])
	hold["draws"] = []object{{"service": "power", "node": w.node, "amount": 900}}
	return at(w.record(hold).body, "allotment", "id")
}

// goOn extends the hold and makes it a reservation, for which another project waits; or does as much elsewhere.
func (w *twin) goOn(held bool, right any) {
	if !held {
		w.quiet(1)
		w.quiet(2)
		w.quiet(3)
		return
	}
	w.record(object{"kind": "extend", "reason": "r", "allotment": w.right(right),
		"until": time.Now().Add(60 * 24 * time.Hour)})
	w.record(object{"kind": "reserve", "reason": "r", "allotment": w.right(right)})
	w.record(object{"kind": "queue", "reason": "r", "parcels": w.refs(w.parcels[1]), "term_days": 30,
		"project": storetest.Project(w.t, w.db, w.parkID, "后来者", true)})
}

// said is all that the public can read of the world, by question.
func (w *twin) said() map[string]string {
	w.publicIDs = []string{w.parcels[0].String(), w.parcels[1].String(), w.node.String()}
	c := &crawler{hidden: w.hidden, who: w.public()}
	words := w.words()
	all := map[string]string{}
	keep := func(question string, got told) {
		all[anyID.ReplaceAllString(words.Replace(question), "id")] = fmt.Sprintln(got.status, plainly(words.Replace(got.text)))
	}
	for _, path := range append(c.paths(), "/api/search?q="+url.QueryEscape("某项目"), "/api/search?q=B",
		"/api/parks/desk/parcels/"+w.parcels[1].String(), "/sites/desk/B?lang=zh", "/sites/desk/B?lang=en",
		"/ogc/collections/parcels/items?bank_status=available&limit=1000",
		"/ogc/collections/parcels/items?status=reserve&limit=1000",
		"/ogc/collections/parcels/items?limit=1000&filter="+url.QueryEscape("expires_at IS NOT NULL")) {
		// counts of the server, and a task that is another each time
		if !strings.HasPrefix(path, "/metrics") && !strings.HasPrefix(path, "/readyz") &&
			!strings.HasSuffix(path, "/enquiry-terms") {
			keep(path, c.who.do("GET", path, nil))
		}
	}
	questions := c.questions()
	questions["/api/carve#B"] = object{"park": "desk", "parcel": "B", "area_mu": 2, "frontage_m": 10}
	questions["/api/match#reserve"] = object{"park": "desk", "top": 500, "excluded": 5000, "requirement": object{
		"criteria": []object{{"measure": "power_left", "want": "benefit", "weight": 1}}}}
	for path, body := range questions {
		plain, which, _ := strings.Cut(path, "#")
		if strings.HasPrefix(which, "then") { // refused, for one of two reasons
			continue
		}
		keep(path, c.who.do("POST", plain, body))
	}
	return all
}

// words replaces what is by chance: ids and instants by which they are.
func (w *twin) words() *strings.Replacer {
	host := strings.TrimPrefix(w.url, "http://")
	pairs := []string{host, "host", url.QueryEscape(host), "host", strings.ReplaceAll(host, ":", "%3a"), "host"}
	for i, id := range w.parcels {
		pairs = append(pairs, id.String(), fmt.Sprint("parcel ", i))
	}
	pairs = append(pairs, w.node.String(), "node")
	for i, at := range w.moments {
		at = at.UTC()
		for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000000Z", "2006-01-02T15:04:05.000Z"} {
			pairs = append(pairs, at.Format(form), fmt.Sprint("instant ", i),
				url.QueryEscape(at.Format(form)), fmt.Sprint("instant ", i))
		}
	}
	return strings.NewReplacer(pairs...)
}

var (
	anyID      = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyInstant = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d| [A-Z]{3,4})?`)
	qrCode     = regexp.MustCompile(`d="(M\d+ \d+h1v1h-1z)+"`) // of an address with the server's port
	challenge  = regexp.MustCompile(`"challenge":\{"text":"[^"]+"`)
	anyCursor  = regexp.MustCompile(`(after|cursor|state|n)(=|": ?"?)[A-Za-z0-9_.~-]+`)
)

func plainly(text string) string {
	text = qrCode.ReplaceAllString(strings.ReplaceAll(text, "%3A", ":"), "")
	text = challenge.ReplaceAllString(text, "challenge")
	return anyCursor.ReplaceAllString(anyInstant.ReplaceAllString(anyID.ReplaceAllString(text, "id"), "instant"), "$1")
}

// differences are the questions that two worlds answer otherwise.
func differences(a, b map[string]string) []string {
	var all []string
	for question, answer := range a {
		if other, asked := b[question]; !asked || other != answer {
			i := 0
			for i < len(answer) && i < len(other) && answer[i] == other[i] {
				i++
			}
			cut := func(s string) string { return s[min(len(s), max(0, i-120)):min(len(s), i+200)] }
			all = append(all, fmt.Sprintf("%s:\n%s\nand\n%s", question, cut(answer), cut(other)))
		}
	}
	slices.Sort(all)
	return all
}

// readIn tells what the public reads of B, held or withdrawn, where the park says at the moment what of it is shown.
func readIn(t *testing.T, held bool, when string) map[string]string {
	w := newTwin(t)
	if when == "before" {
		w.show("nothing")
	}
	right := w.begin(held)
	if when == "between" {
		w.show("nothing")
	}
	w.goOn(held, right)
	if when == "after" {
		w.show("nothing")
	}
	return w.said()
}

// TestNobodyTellsAHeldPlotFromOneInPreparation compares all that the public can read, now and of the past, of a plot
// that a project holds and of one that is withdrawn, in a park that shows nothing of intentions: set before the hold,
// while it lasted, or later. The last case shows that the comparison can fail: a park that says "in negotiation".
func TestNobodyTellsAHeldPlotFromOneInPreparation(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"before", "between", "after", "never"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			held, withdrawn := readIn(t, true, when), readIn(t, false, when)
			different := differences(held, withdrawn)
			if when == "never" {
				for _, question := range []string{"/api/parks/desk/chain:", "/overview?lang=zh:"} {
					if !slices.ContainsFunc(different, func(d string) bool { return strings.HasPrefix(d, question) }) {
						t.Errorf("%s answers the same", question)
					}
				}
				if len(different) < 20 {
					t.Errorf("only %d answers tell a plot in negotiation from a withdrawn one: %q", len(different),
						different)
				}
				return
			}
			for _, d := range different[:min(len(different), 5)] {
				t.Error(d)
			}
			t.Logf("%d questions, %d answered otherwise", len(held), len(different))
			if len(held) < 300 {
				t.Errorf("only %d questions", len(held))
			}
		})
	}
}

// TestTheWordOfAParkIsTold walks a plot through its life and reads what the public reads of it.
func TestTheWordOfAParkIsTold(t *testing.T) {
	t.Parallel()
	w := newTwin(t)
	public := w.public()
	word := func(code string) string {
		f := public.want(200, "GET", "/ogc/collections/parcels/items?park=desk&code="+code, nil).body
		p := at(f, "features", 0, "properties")
		return fmt.Sprint(at(p, "status"), " ", at(p, "bank_status"), " ", at(p, "project_zh"), " ",
			at(p, "expires_at") != nil)
	}
	rows := func() map[string]any {
		all := map[string]any{}
		for _, row := range public.want(200, "GET", "/api/parks/desk/balance", nil).body["rows"].([]any) {
			if n := at(row, "parcels"); n != 0.0 {
				all[at(row, "status").(string)] = n
			}
		}
		return all
	}
	offered := func() string {
		var codes []string
		got := public.want(200, "POST", "/api/match", object{"park": "desk", "top": 500, "requirement": object{
			"criteria": []object{{"measure": "area_mu", "want": "benefit", "weight": 1}}}}).body
		for _, site := range got["sites"].([]any) {
			codes = append(codes, at(site, "parcels", 0, "code").(string))
		}
		slices.Sort(codes)
		return strings.Join(codes, " ")
	}
	check := func(what, b string, balance map[string]any, sites string) {
		t.Helper()
		if is := word("B"); is != b {
			t.Errorf("%s: B reads %s, want %s", what, is, b)
		}
		if is := rows(); fmt.Sprint(is) != fmt.Sprint(balance) {
			t.Errorf("%s: the balance has %v, want %v", what, is, balance)
		}
		if is := offered(); is != sites {
			t.Errorf("%s: %s are offered, want %s", what, is, sites)
		}
	}
	right := w.begin(true)
	w.record(object{"kind": "withdraw", "reason": "r", "parcels": w.refs(w.parcels[2])})
	check("held", "in_negotiation available 某项目 false",
		map[string]any{"reserve": 1.0, "available": 2.0, "in_negotiation": 1.0, "withdrawn": 1.0}, "A D E")
	w.show("nothing")
	check("held and hidden", "reserve reserve <nil> false", map[string]any{"reserve": 3.0, "available": 2.0}, "D E")
	w.record(object{"kind": "edit", "reason": "r", "parcels": w.refs(w.parcels[1]), "object": object{"facts": object{
		"price_cny_per_m2": 336, "price_kind": "announced", "price_document": "公告 2026-1", "price_on": "2026-11-01"}}})
	check("out to tender", "held available 某项目 true",
		map[string]any{"reserve": 2.0, "available": 2.0, "held": 1.0}, "D E")
	w.record(object{"kind": "edit", "reason": "r", "parcels": w.refs(w.parcels[1]), "object": object{"facts": object{
		"price_cny_per_m2": nil}}})
	check("without a price again", "reserve reserve <nil> false", map[string]any{"reserve": 3.0, "available": 2.0}, "D E")
	w.show("in_negotiation")
	check("shown again", "in_negotiation available 某项目 false",
		map[string]any{"reserve": 1.0, "available": 2.0, "in_negotiation": 1.0, "withdrawn": 1.0}, "A D E")
	w.record(object{"kind": "take_back", "reason": "r", "allotment": w.right(right)})
	check("free", "available available <nil> false",
		map[string]any{"reserve": 1.0, "available": 3.0, "withdrawn": 1.0}, "A B D E")
}

// TestSettingsAreRefusedByName: each setting that can't be read is named, and only an administrator sets one.
func TestSettingsAreRefusedByName(t *testing.T) {
	t.Parallel()
	w := newTwin(t)
	for field, settings := range map[string]object{
		"settings": {}, "settings.hold_shown": {"hold_shown": "all"}, "settings.old_after_months": {"old_after_months": 0},
		"settings.map_review_no": {"map_review_no": "a\nb"},
	} {
		got := w.admin.want(400, "POST", records, object{"kind": "settings", "reason": "r", "settings": settings})
		if got.body["field"] != field {
			t.Errorf("%v: field %v, want %s", settings, got.body["field"], field)
		}
	}
	w.planner().want(403, "POST", records, object{"kind": "settings", "reason": "r",
		"settings": object{"hold_shown": "nothing"}})
	w.record(object{"kind": "settings", "reason": "r", "settings": object{"map_review_no": "鲁S(2026)012号"}})
	if is := w.public().want(200, "GET", "/api/parks/desk", nil).body["map_review_no"]; is != "鲁S(2026)012号" {
		t.Errorf("the park's map has the number %v", is)
	}
}
