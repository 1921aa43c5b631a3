package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"luodi/api"
	"luodi/api/auth"
	"luodi/data/event"
	"luodi/data/people"
	"luodi/data/sample"
	"luodi/data/store/storetest"
)

// world is the sample with a park in another district, in which everyone tries everything.
type world struct {
	*office
	hereID, nextID, district  uuid.UUID
	parcel, zone, node, paper uuid.UUID
	code, reserve, hash, name string
	free                      []uuid.UUID
	made                      int
}

// cellCase is a row to try: an operation of the table, of a kind, told apart from others of the same by also.
type cellCase struct {
	operation, kind, also string
	make                  func(w *world, p *someone) ask
}

func (c cellCase) name() string {
	name := c.operation
	for _, more := range []string{c.kind, c.also} {
		if more != "" {
			name += ": " + more
		}
	}
	return name
}

// ask is a request.
type ask struct {
	method, path string
	body         any
	head         []string
}

const worldPassword = "correct horse battery staple"

func newWorld(t *testing.T) *world {
	t.Helper()
	// behind a proxy, so that no address sends more enquiries than one may
	h := openOn(t, storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load)),
		func(o *api.Options) { o.BehindProxy, o.Mails, o.Web = true, true, os.DirFS("../web/dist") })
	w := &world{office: &office{house: h, t: t}}
	storetest.Park(t, h.db, far)
	w.scan(`SELECT park_id, district_id FROM park WHERE code = $1`, []any{here}, &w.hereID, &w.district)
	w.scan(`SELECT park_id FROM park WHERE code = $1`, []any{next}, &w.nextID)
	w.scan(`SELECT parcel_id, code FROM parcel_public WHERE to_seq IS NULL AND status = 'available'
		ORDER BY code DESC LIMIT 1`, nil, &w.parcel, &w.code)
	w.scan(`SELECT code FROM parcel_public WHERE to_seq IS NULL AND status = 'reserve' ORDER BY legal_m2 DESC LIMIT 1`,
		nil, &w.reserve)
	w.scan(`SELECT paper_id FROM paper_public WHERE park_id = $1 LIMIT 1`, []any{w.hereID}, &w.paper)
	w.scan(`SELECT zone_id FROM zone WHERE park_id = $1 LIMIT 1`, []any{w.hereID}, &w.zone)
	w.scan(`SELECT network_id FROM service_public WHERE park_id = $1 AND to_seq IS NULL LIMIT 1`, []any{w.hereID},
		&w.node)
	w.scan(`SELECT array_agg(parcel_id ORDER BY code) FROM parcel_public WHERE to_seq IS NULL
		AND status = 'available' AND parcel_id <> $1`, []any{w.parcel}, &w.free)
	_, link, err := people.Of(h.db.Store).AddAccount(t.Context(),
		people.Newcomer{Login: "helper", Name: "Helper", Roles: []people.Grant{{Role: people.Admin}}})
	if err != nil {
		t.Fatal(err)
	}
	nobody := &colleague{office: w.office}
	nobody.want(http.StatusOK, "POST", "/api/invitation", object{"invite": link.Secret, "password": worldPassword})
	w.scan(`SELECT password FROM account WHERE login = 'helper'`, nil, &w.hash)
	w.name = "SEEN-BY-ITS-PARKS"
	storetest.Project(t, h.db, w.hereID, w.name, false)
	return w
}

func (w *world) scan(sql string, args []any, into ...any) {
	w.t.Helper()
	if err := w.db.Owner.QueryRow(context.Background(), sql, args...).Scan(into...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Owner.Exec(context.Background(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

// engage makes someone's account, and the token or session by which the requests come.
func (w *world) engage(p *someone) {
	w.t.Helper()
	p.colleague = &colleague{office: w.office, head: http.Header{}}
	if p.by == "nobody" {
		return
	}
	w.made++
	a, _, err := people.Of(w.db.Store).AddAccount(w.t.Context(),
		people.Newcomer{Login: fmt.Sprintf("p%d", w.made), Name: p.name, Roles: p.roles})
	if err != nil {
		w.t.Fatal(err)
	}
	p.id = a.ID
	switch p.by {
	case "read", "write", "unlocked":
		scope := people.ScopeWrite
		if p.by == "read" {
			scope = people.ScopeRead
		}
		if _, p.secret, err = people.Of(w.db.Store).CreateToken(w.t.Context(),
			people.TokenOrder{Account: a.ID, Name: "t", Scope: scope, Unlocked: p.by == "unlocked", AsAdmin: true,
				Life: time.Hour}); err != nil {
			w.t.Fatal(err)
		}
	default:
		w.signIn(p)
		if p.by == "disabled" {
			w.exec(`UPDATE account SET disabled_at = clock_timestamp() WHERE account_id = $1`, p.id)
		}
		if p.by == "ended" {
			w.exec(`DELETE FROM session WHERE account_id = $1`, p.id)
		}
	}
}

func (w *world) signIn(p *someone) {
	w.t.Helper()
	w.exec(`UPDATE account SET password = $2 WHERE account_id = $1`, p.id, w.hash)
	secret, err := people.Of(w.db.Store).OpenSession(w.t.Context(), p.id, w.hash)
	if err != nil {
		w.t.Fatal(err)
	}
	p.cookie = "luodi_session=" + secret
}

// decision tries a cell and says what came of it.
func (w *world) decision(c cellCase, p *someone) string {
	w.t.Helper()
	if p.spent {
		w.signIn(p)
	}
	// what ends the session one comes with
	p.spent = p.by == "" && strings.HasPrefix(c.operation, "session.") || p.by == "" && c.operation == "invitation.use"
	a := c.make(w, p)
	writes := auth.RightTo(c.operation, c.kind).Writes
	var since uint64
	if writes {
		since = w.nextWrite()
	}
	ask := func() (int, string) {
		if c.operation == "live" {
			return w.listen(a.path, p)
		}
		got := p.do(a.method, a.path, a.body, a.head...)
		return got.status, got.text
	}
	status, text := ask()
	switch {
	case status >= 200 && status < 300:
		for _, more := range []string{`"scope":"planner"`, `"form":"members"`, `"audience":"members"`,
			`"kind":"sample"`, w.name} {
			if strings.Contains(text, more) {
				return "#"
			}
		}
		return "+"
	case status == 401, status == 403, status == 404:
		if writes && w.nextWrite() != since {
			w.refusedTwice(c, p, ask)
		}
	default:
		w.t.Errorf("%s as %s: %d: %.300s", c.name(), p.name, status, text)
	}
	return fmt.Sprint(status)
}

// refusedTwice asks again what was refused, where somebody has written meanwhile: the request, which it must not, or
// the server by itself, which it may in some columns.
func (w *world) refusedTwice(c cellCase, p *someone, ask func() (int, string)) {
	w.t.Helper()
	before := w.state()
	status, _ := ask()
	if after := w.state(); after != before {
		w.t.Errorf("%s as %s was refused with %d and wrote: %v", c.name(), p.name, status, apart(before, after))
	}
}

// nextWrite is the number that the next transaction that writes will get.
func (w *world) nextWrite() (id uint64) {
	w.t.Helper()
	w.scan(`SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint`, nil, &id)
	return id
}

// listen opens a park's socket and reads its first message.
func (w *world) listen(path string, p *someone) (int, string) {
	head := http.Header{}
	if p.secret != "" {
		head.Set("Authorization", "Bearer "+p.secret)
	}
	if p.cookie != "" {
		head.Set("Cookie", p.cookie)
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	conn, resp, err := websocket.Dial(ctx, w.url+path, &websocket.DialOptions{HTTPHeader: head})
	if err != nil {
		if resp == nil {
			w.t.Fatal(err)
		}
		return resp.StatusCode, ""
	}
	defer func() { _ = conn.CloseNow() }()
	_, first, err := conn.Read(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return http.StatusOK, string(first)
}

// sqlState digests a table by where its rows lie and which transaction wrote them, which any write changes.
const sqlStateOf = `SELECT '%[1]s ' || count(*) || ' ' || coalesce(sum(hashtextextended(%[2]s, 0)::numeric), 0)
	FROM public.%[1]s t`

// volatile are tables that the server writes by itself: of them what a request could change.
var volatile = map[string]string{"session": "t.hash::text",
	"webhook": "t.webhook_id || t.url || t.state || t.secret::text", "dead_letter": "''", "presence": "''"}

func (w *world) state() string {
	w.t.Helper()
	var tables []string
	w.scan(`SELECT array_agg(relname::text ORDER BY relname) FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
		AND relname NOT IN ('spatial_ref_sys', 'schema_version')`, nil, &tables)
	parts := make([]string, len(tables))
	for i, table := range tables {
		what := "t.ctid::text || t.xmin::text"
		if v, ok := volatile[table]; ok {
			what = v
		}
		parts[i] = fmt.Sprintf(sqlStateOf, table, what)
	}
	var digest string
	w.scan(`SELECT string_agg(s, E'\n' ORDER BY s) FROM (`+strings.Join(parts, "\nUNION ALL ")+`) x (s)`, nil, &digest)
	return digest
}

// apart are the tables of one state that are not so in another.
func apart(before, after string) []string {
	then := strings.Split(before, "\n")
	return slices.DeleteFunc(strings.Split(after, "\n"), func(s string) bool { return slices.Contains(then, s) })
}

// next numbers what is made, so that no two are alike.
func (w *world) next(word string) string { w.made++; return fmt.Sprintf("%s%d", word, w.made) }

// book is a ledger of one row, each time another file.
func (w *world) book() []byte { return ledgerBook(w.t, ledger60()[59:60], w.next("b"), nil) }

func (w *world) ledger() object {
	return object{"name": "n", "park": here, "as_of": "2022-03-31", "file": w.book(), "decisions": []object{
		{"row": firstRow, "as": "another"}}}
}

// whose is someone's account; anybody's where they have none.
func (w *world) whose(p *someone) (id any) {
	if p.colleague != nil {
		return p.id
	}
	var any uuid.UUID
	if err := w.db.Owner.QueryRow(w.t.Context(), `SELECT account_id FROM account LIMIT 1`).Scan(&any); err != nil {
		w.t.Fatal(err)
	}
	return any
}

func (w *world) newProject() uuid.UUID {
	return storetest.Project(w.t, w.db, w.hereID, w.next("P"), false)
}

func (w *world) newParty() (party uuid.UUID) {
	w.scan(`INSERT INTO party (district_id, party_id, name_zh, name_en, park_id)
		VALUES ($1, gen_random_uuid(), $2, $2, $3) RETURNING party_id`, []any{w.district, w.next("C"), w.hereID},
		&party)
	return party
}

func (w *world) newContact() (party, contact uuid.UUID) {
	party = w.newParty()
	w.scan(`INSERT INTO contact (district_id, contact_id, party_id, name)
		VALUES ($1, gen_random_uuid(), $2, 'n') RETURNING contact_id`, []any{w.district, party}, &contact)
	return party, contact
}

// newEnquiry keeps an enquiry, with its private link.
func (w *world) newEnquiry() (id uuid.UUID, link string) {
	link, hash := people.NewLink()
	w.made++
	w.scan(`INSERT INTO enquiry (park_id, enquiry_id, receipt, hash, lang, name, organisation, phone, places, erase_at)
		VALUES ($1, gen_random_uuid(), $2, $3, 'en', 'n', 'o', '12345', '[]', now() + interval '1 day')
		RETURNING enquiry_id`, []any{w.hereID, fmt.Sprintf("AAAA-%04d", w.made), hash}, &id)
	return id, link
}

// newAccount makes an account with a role here, and its link.
func (w *world) newAccount() (uuid.UUID, string) {
	a, link, err := people.Of(w.db.Store).AddAccount(w.t.Context(),
		people.Newcomer{Login: w.next("a"), Name: "A", Roles: []people.Grant{{Park: ptr(here), Role: people.Viewer}}})
	if err != nil {
		w.t.Fatal(err)
	}
	return a.ID, link.Secret
}

// newWebhook makes one in the place of those before, of which a park has only so many.
func (w *world) newWebhook() string {
	w.noWebhooks()
	var admin uuid.UUID
	w.scan(`SELECT account_id FROM account WHERE login = 'helper'`, nil, &admin)
	hook, _, err := event.Of(w.db.Store).AddWebhook(w.t.Context(), w.hereID, "http://127.0.0.1:9/"+w.next("h"), admin,
		nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return "/api/parks/" + here + "/webhooks/" + hook.ID.String()
}

func (w *world) noWebhooks() {
	w.exec(`UPDATE webhook SET state = 'retired' WHERE state <> 'retired'`)
}

// newProposal makes a node and a proposal to retire it, by someone or by the helper.
func (w *world) newProposal(by uuid.UUID) (path string) {
	node := storetest.Node(w.t, w.db, w.hereID, w.next("N"), "substation", "kVA", "1", 1)
	var version int64
	w.scan(`SELECT version FROM network WHERE network_id = $1`, []any{node}, &version)
	if by == uuid.Nil {
		w.scan(`SELECT account_id FROM account WHERE login = 'helper'`, nil, &by)
	}
	var id uuid.UUID
	command := object{"kind": "retire", "object": object{"collection": "networks", "id": node, "version": version}}
	w.scan(`INSERT INTO proposal (park_id, proposal_id, kind, command, reason, proposed_by)
		VALUES ($1, gen_random_uuid(), 'retire', $2, 'r', $3) RETURNING proposal_id`, []any{w.hereID, command, by}, &id)
	return "/api/parks/" + here + "/proposals/" + id.String()
}

func (w *world) newToken(p *someone) string {
	if p.id == uuid.Nil || p.by == "disabled" {
		return uuid.NewString()
	}
	made, _, err := people.Of(w.db.Store).CreateToken(w.t.Context(),
		people.TokenOrder{Account: p.id, Name: "t", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		w.t.Fatal(err)
	}
	return made.ID.String()
}

func (w *world) newSearch(p *someone) (id uuid.UUID) {
	var owner *uuid.UUID
	if p.id != uuid.Nil {
		owner = &p.id
	}
	w.scan(`INSERT INTO saved_match (match_id, park_id, account_id, name, seq, at, asked, ranking, ranked_for)
		SELECT gen_random_uuid(), park_id, $2, 's', seq, at, $3, '[]', 'members' FROM park_clock
		WHERE park_id = $1 RETURNING match_id`,
		[]any{w.hereID, owner, question()}, &id)
	return id
}

func question() object {
	return object{"park": here, "requirement": object{"criteria": []object{{"measure": "area_mu", "want": "benefit",
		"weight": 1}}}}
}

// newGround makes a free parcel in the next park.
func (w *world) newGround() uuid.UUID {
	id := uuid.New()
	w.made++
	x := 122.001 + float64(w.made%150)*0.0001
	ctx := context.Background()
	tx, err := w.db.Planner.Begin(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	seq := storetest.Record(w.t, tx, w.nextID)
	for _, sql := range []string{`WITH g AS (SELECT $3::bigint, $4::float8) INSERT INTO parcel (park_id,
		parcel_id) VALUES ($1, $2)`,
		`INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, geom)
		SELECT $1, $2, $3::bigint, 'G' || ($3::bigint)::text, 'available', 40, 'public',
		  ST_MakeEnvelope($4::float8, 37.26, $4::float8 + 0.00005, 37.2601, 4490)`} {
		if _, err := tx.Exec(ctx, sql, w.nextID, id, seq, x); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := tx.Commit(ctx); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// newTeam is one that someone is a member of, where it is an account.
func (w *world) newTeam(p *someone) (id uuid.UUID) {
	w.made++
	w.scan(`INSERT INTO team (district_id, team_id, kind, number, name_zh, name_en)
		VALUES ($1, gen_random_uuid(), 'task_force', $2, '队', 'Team') RETURNING team_id`, []any{w.district, 1000 + w.made}, &id)
	if p.id != uuid.Nil {
		w.exec(`INSERT INTO team_member (district_id, team_id, account_id) VALUES ($1, $2, $3)`, w.district, id, p.id)
	}
	return id
}

// newContacted is a project with a first contact of someone's team.
func (w *world) newContacted(p *someone) uuid.UUID {
	id := w.newProject()
	var by uuid.UUID
	w.scan(`SELECT account_id FROM account LIMIT 1`, nil, &by)
	w.exec(`INSERT INTO first_contact (district_id, first_contact_id, project_id, party_id, team_id, made_on, noted_by, firm)
		SELECT district_id, gen_random_uuid(), project_id, party_id, $2, '2026-05-01', $3, '-' FROM project
		WHERE project_id = $1`, id, w.newTeam(p), by)
	return id
}

func (w *world) ref(parcel uuid.UUID) object {
	var version int64
	w.scan(`SELECT version FROM parcel WHERE parcel_id = $1`, []any{parcel}, &version)
	return object{"id": parcel, "version": version}
}

// freeParcel is one that nobody has.
func (w *world) freeParcel() (id uuid.UUID) {
	w.scan(`SELECT parcel_id FROM parcel_public WHERE park_id = $1 AND to_seq IS NULL AND status = 'available'
		AND parcel_id = ANY ($2) ORDER BY code LIMIT 1`, []any{w.hereID, w.free}, &id)
	return id
}

func hold(w *world, parcel, project uuid.UUID) object {
	return object{"kind": "hold", "reason": "r", "parcels": []object{w.ref(parcel)}, "project": project,
		"until": time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339), "draws": []any{}}
}

func get(path string) func(*world, *someone) ask {
	return func(*world, *someone) ask { return ask{method: "GET", path: path} }
}

func post(path string, body func(*world, *someone) any) func(*world, *someone) ask {
	return func(w *world, p *someone) ask { return ask{method: "POST", path: path, body: body(w, p)} }
}

var seen = []string{"If-Match", `"1"`}

// cases are all rows of the table, each with a request that is right for whoever may.
func (w *world) cases() []cellCase {
	const park = "/api/parks/" + here
	of := func(path string, id func(*world, *someone) any) func(*world, *someone) ask {
		return func(w *world, p *someone) ask { return ask{method: "GET", path: fmt.Sprintf(path, id(w, p))} }
	}
	fixed := func(body object) func(*world, *someone) any { return func(*world, *someone) any { return body } }
	project := func(more string, method string, body object, head ...string) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask {
			return ask{method, "/api/projects/" + w.newProject().String() + more, body, head}
		}
	}
	flows := func(more string, body object, head ...string) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask {
			return ask{"POST", "/api/projects/" + w.newFlow().String() + "/flow" + more, body, head}
		}
	}
	hook := func(more, method string, body any) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask { return ask{method: method, path: w.newWebhook() + more, body: body} }
	}
	account := func(more, method string, body any) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask {
			id, _ := w.newAccount()
			return ask{method: method, path: "/api/accounts/" + id.String() + more, body: body}
		}
	}
	enquiry := func(more, method string, body any) func(*world, *someone) ask {
		return func(w *world, _ *someone) ask {
			id, _ := w.newEnquiry()
			return ask{method, park + "/enquiries/" + id.String() + more, body, seen}
		}
	}
	decide := func(own, approve bool) func(*world, *someone) ask {
		return func(w *world, p *someone) ask {
			by := uuid.Nil
			if own {
				by = p.id
			}
			return ask{method: "POST", path: w.newProposal(by) + "/decision",
				body: object{"approve": approve, "reason": "r"}}
		}
	}
	saved := func(method string) func(*world, *someone) ask {
		return func(w *world, p *someone) ask {
			return ask{method: method, path: "/api/matches/" + w.newSearch(p).String()}
		}
	}
	invite := func(path string, more object) func(*world, *someone) ask {
		return post(path, func(w *world, _ *someone) any {
			_, secret := w.newAccount()
			more["invite"] = secret
			return more
		})
	}
	return append(append(w.agencyCases(), buildingCells(park)...), []cellCase{
		{"parks", "", "", get("/api/parks")}, {"park", "", "", get(park)},
		{"parcel", "", "", of(park+"/parcels/%s", func(w *world, _ *someone) any { return w.parcel })},
		{"export", "", "", get(park + "/export?format=geojson")},
		{"parcel.plat", "", "", of(park+"/parcels/%s/plat.pdf", func(w *world, _ *someone) any { return w.parcel })},
		{"park.tile", "", "", get(park + "/tiles/parcels/14/13745/6362")},
		{"park.items", "", "", get(park + "/items/parcels?limit=5")},
		{"park.item", "", "", of(park+"/items/parcels/%s", func(w *world, _ *someone) any { return w.parcel })},
		{"parcels.geojson", "", "", get(park + "/parcels.geojson")}, {"balance", "", "", get(park + "/balance")},
		{"search", "", "", get("/api/search?q=TX&park=" + here)},
		{"services", "", "", get(park + "/services")},
		{"services.near", "", "", get(park + "/service-nodes?bbox=122,37,123,38")},
		{"services.node", "", "", of(park+"/services/%s", func(w *world, _ *someone) any { return w.node })},
		{"events", "", "", get(park + "/events?limit=3")}, {"events.district", "", "", get("/api/events?limit=30")},
		{"live", "", "", get(park + "/live")},
		{"match", "", "", post("/api/match", fixed(question()))},
		{"heat", "", "", post("/api/heat", fixed(question()))},
		{"carve", "", "", post("/api/carve", func(w *world, _ *someone) any {
			return object{"park": here, "parcel": w.reserve, "area_mu": 20, "frontage_m": 20}
		})},
		{"assemble", "", "", post("/api/assemble", fixed(object{"park": here, "min_mu": 60, "max_mu": 80,
			"reserve": true}))}, {"chain", "", "", get(park + "/chain")},
		{"measures", "", "", get(park + "/measures")},

		{"session", "", "", get("/api/session")}, {"session.open", "", "",
			post("/api/session", fixed(object{"login": "helper", "password": worldPassword}))},
		{"session.close", "", "", func(*world, *someone) ask { return ask{method: "DELETE", path: "/api/session"} }},
		{"invitation.look", "", "", invite("/api/invitation/look", object{})},
		{"invitation.use", "", "", invite("/api/invitation", object{"password": worldPassword})},
		{"session.password", "", "", func(*world, *someone) ask {
			return ask{method: "PUT", path: "/api/session/password",
				body: object{"current": worldPassword, "password": "another four word phrase"}}
		}},
		{"tokens", "", "", get("/api/tokens")}, {"tokens.create", "", "",
			post("/api/tokens", fixed(object{"name": "n", "scope": "write", "days": 1}))},
		{"tokens.create", "unlocked", "", post("/api/tokens",
			fixed(object{"name": "n", "scope": "write", "days": 1, "unlocked": true}))},
		{"tokens.revoke", "", "", func(w *world, p *someone) ask {
			return ask{method: "DELETE", path: "/api/tokens/" +
				w.newToken(p)}
		}},

		{"sessions", "", "", get("/api/my/sessions")},
		{"sessions.end", "", "", ownly("DELETE", "/api/my/sessions", nil)},
		{"my.tasks", "", "", get("/api/my/tasks")}, {"my.reminders", "", "", get("/api/my/reminders")},
		{"my.reminders.change", "", "", ownly("PATCH", "/api/my/reminders", object{"hour": 9})},
		{"my.address", "", "", ownly("PUT", "/api/my/reminders/address", object{"email": "a@example.cn"})},
		{"my.address.forget", "", "", ownly("DELETE", "/api/my/reminders/address", nil)},
		{"my.address.confirm", "", "", func(w *world, p *someone) ask {
			w.codeFor(p.id)
			return ask{method: "POST", path: "/api/my/reminders/address/confirm", body: object{"code": "12345678"}}
		}},
		{"my.calendar", "", "", post("/api/my/calendar", fixed(nil))},
		{"my.calendar.revoke", "", "", ownly("DELETE", "/api/my/calendar", nil)},
		{"my.calendar.read", "", "", func(w *world, _ *someone) ask {
			return ask{method: "GET", path: "/api/my/calendar/" + w.newCalendar() + ".ics"}
		}},
		{"mails", "", "", get("/api/mails")},
		{"mails.decide", "", "", func(w *world, _ *someone) ask {
			return ask{method: "POST", path: "/api/mails/" + w.newDoubt() + "/decision",
				body: object{"decision": "sent", "reason": "r"}}
		}},

		{"matches.create", "", "", post("/api/matches", fixed(object{"name": "n", "question": question()}))},
		{"matches.list", "", "", get("/api/matches")},
		{"matches.replay", "", "", saved("GET")}, {"matches.delete", "", "", saved("DELETE")},

		{"desk.balance", "", "", get(park + "/desk/balance")},
		{"desk.geojson", "", "", get(park + "/desk.geojson?code=TX-A01")},
		{"desk.collection", "", "", get(park + "/desk/zones.geojson")},
		{"desk.object", "", "", of(park+"/desk/zones/%s", func(w *world, _ *someone) any { return w.zone })},
		{"records", "", "", get(park + "/records?limit=1")}, {"record", "", "", get(park + "/records/1")},
		{"parcel.history", "", "", of(park+"/parcels/%s/history", func(w *world, _ *someone) any { return w.parcel })},
		{"papers", "", "", get(park + "/papers")},
		{"paper", "", "", of(park+"/papers/%s", func(w *world, _ *someone) any { return w.paper })},
		{"parcel.projects", "", "", of(park+"/parcels/%s/projects", func(w *world,
			_ *someone) any {
			return w.parcel
		})},
		{"parcel.wishes", "", "", of(park+"/parcels/%s/wishes", func(w *world, _ *someone) any { return w.parcel })},
		{"allotments", "", "", get(park + "/allotments")}, {"queue", "", "", get(park + "/queue")},
		{"proposals", "", "", get(park + "/proposals")},
		{"allotment", "", "", of(park+"/allotments/%s", func(w *world, _ *someone) any {
			var id uuid.UUID
			w.scan(`SELECT allotment_id FROM allotment WHERE park_id = $1 LIMIT 1`, []any{w.hereID}, &id)
			return id
		})},
		{"proposal", "", "", func(w *world, _ *someone) ask {
			return ask{method: "GET",
				path: w.newProposal(uuid.Nil)}
		}},

		{"imports.create", "", "", post(park+"/imports?layer=zones&name=z.geojson", func(*world, *someone) any {
			return aZone("Z-0")
		})},
		{"record.import", "", "", of(park+"/records/%d/import", func(w *world, _ *someone) any {
			var seq int64
			w.scan(`SELECT coalesce(max(seq), 0) FROM import_report WHERE park_id = $1`, []any{w.hereID}, &seq)
			if seq == 0 {
				report := w.imported(here, "zones", aZone(w.next("Z")))
				seq = report.Seq
			}
			return seq
		})},
		{"survey_text", "", "", post(park+"/survey-text", func(*world, *someone) any {
			return object{"text": "4124000 414000\n4124100 414000\n4124100 414100"}
		})},
		{"records.create", "", "edit", post(park+"/records", func(w *world, _ *someone) any {
			return object{"kind": "edit", "reason": "r", "parcels": []object{w.ref(w.parcel)},
				"object": object{"collection": "parcels", "facts": object{"price_cny_per_m2": 300 + w.made%50}}}
		})},
		{"records.create", "", "preview", post(park+"/records?preview=true", func(w *world, _ *someone) any {
			return object{"kind": "unpublish", "reason": "r", "parcels": []object{w.ref(w.parcel)}}
		})},
		{"records.create", "", "propose", post(park+"/records", func(w *world, _ *someone) any {
			node := storetest.Node(w.t, w.db, w.hereID, w.next("N"), "substation", "kVA", "1", 1)
			var version int64
			w.scan(`SELECT version FROM network WHERE network_id = $1`, []any{node}, &version)
			return object{"kind": "retire", "reason": "r",
				"object": object{"collection": "networks", "id": node, "version": version}}
		})},
		{"records.create", "settings", "", post(park+"/records", func(w *world, _ *someone) any {
			return object{"kind": "settings", "reason": "r", "settings": object{"old_after_months": 1 + w.made%50}}
		})},
		{"records.create", "for a project", "hold",
			post(park+"/records", func(w *world, _ *someone) any { return hold(w, w.freeParcel(), w.newProject()) })},
		{"records.create", "for a project", "hold next door",
			post("/api/parks/"+next+"/records", func(w *world,
				_ *someone) any {
				return hold(w, w.newGround(), w.newProject())
			})},
		{"proposals.decide", "", "preview", func(w *world, who *someone) ask {
			look := decide(true, true)(w, who)
			look.path += "?preview=true"
			return look
		}},
		{"proposals.decide", "", "", decide(false, true)}, {"proposals.decide", "approve", "", decide(false, true)},
		{"proposals.decide", "approve", "one's own", decide(true, true)},
		{"proposals.decide", "reject", "", decide(false, false)},
		{"proposals.decide", "withdraw", "one's own", decide(true, false)},

		{"projects", "", "", get("/api/projects?words=SEEN-BY")}, {"parties", "", "", get("/api/parties?words=SEEN-BY")},
		{"figures", "", "", get("/api/figures")}, {"figures.projects", "", "", get("/api/figures/projects")},
		{"board", "", "", get("/api/board")}, {"dispatch", "", "", get("/api/dispatch")},
		{"projects.names", "", "", get("/api/project-names")},
		{"project", "", "", project("", "GET", nil)}, {"investments", "", "", project("/investments", "GET", nil)},
		{"party", "", "", of("/api/parties/%s", func(w *world, _ *someone) any { return w.newParty() })},
		{"projects.create", "", "", post("/api/projects", func(w *world, _ *someone) any {
			return object{"park": here, "code": w.next("X"), "name_zh": "甲", "name_en": "A"}
		})},
		{"projects.create", "of a company", "of here for next door",
			post("/api/projects", func(w *world, _ *someone) any {
				return object{"park": next, "code": w.next("X"), "name_zh": "甲", "name_en": "A", "party": w.newParty()}
			})},
		{"parties.create", "", "", post("/api/parties",
			func(w *world, _ *someone) any { return object{"park": here, "name_zh": w.next("甲"), "name_en": "A"} })},
		{"projects.change", "", "", project("", "PATCH", object{"investment_cny": 5}, seen...)},
		{"projects.change", "of a company", "", func(w *world, _ *someone) ask {
			return ask{"PATCH", "/api/projects/" + w.newProject().String(), object{"party": w.newParty()}, seen}
		}},
		{"projects.change", "what is shown", "of here", project("", "PATCH", object{"named": true}, seen...)},
		{"projects.change", "what is shown", "of here that seeks next door", func(w *world, _ *someone) ask {
			id := w.newProject()
			w.exec(`UPDATE project_version SET seeks = ARRAY[$2::uuid] WHERE project_id = $1`, id, w.nextID)
			return ask{"PATCH", "/api/projects/" + id.String(), object{"named": true}, seen}
		}},
		{"projects.milestone", "", "", project("/milestones", "POST",
			object{"stage": "signed", "reached_on": "2026-05-01", "evidence": "e"})},
		{"projects.turn", "", "", project("/turns", "POST",
			object{"turn": "paused", "since": "2026-05-01", "reason": "r"})},
		{"projects.contact", "", "", func(w *world, p *someone) ask {
			return ask{"POST", "/api/projects/" + w.newProject().String() + "/first-contact",
				object{"team": w.newTeam(p), "made_on": "2026-05-01"}, nil}
		}},
		{"projects.release", "", "", func(w *world, p *someone) ask {
			return ask{"POST", "/api/projects/" + w.newContacted(p).String() + "/first-contact/release",
				object{"reason": "r"}, nil}
		}},
		{"visits", "", "", project("/visits", "GET", nil)},
		{"visits.create", "", "", project("/visits", "POST", object{"visited_on": "2026-05-01", "note": "n"})},
		{"visits.done", "", "", func(w *world, _ *someone) ask {
			id := w.newProject()
			w.exec(`INSERT INTO project_visit (district_id, project_id, visited_on, note, next_step, noted_by)
				SELECT district_id, project_id, '2026-05-01', 'n', 's', (SELECT account_id FROM account LIMIT 1)
				  FROM project
				WHERE project_id = $1`, id)
			return ask{method: "POST", path: "/api/projects/" + id.String() + "/visits/1/done"}
		}},
		{"figures.facts", "", "", get("/api/figures/facts")},
		{"figures.facts.projects", "", "", get("/api/figures/facts/projects")},
		{"money", "", "", project("/money", "GET", nil)}, {"land_starts", "", "", project("/land-starts", "GET", nil)},
		{"money.create", "", "", project("/money", "POST", object{"kind": "fixed_asset", "span": "to_date",
			"currency": "CNY", "as_of": "2026-05-01", "amount": 5, "evidence": "e"})},
		{"land_starts.create", "", "", project("/land-starts", "POST",
			object{"started_on": "2026-05-01", "kind": "pit", "evidence": "e"})},
		{"ledgers", "", "", get("/api/ledgers")}, {"projects.xlsx", "", "", get("/api/projects.xlsx")},
		{"ledgers.preview", "", "", post("/api/ledgers/preview", func(w *world, _ *someone) any { return w.ledger() })},
		{"ledgers.create", "", "", post("/api/ledgers", func(w *world, _ *someone) any { return w.ledger() })},
		{"ledgers.xlsx", "", "one's own", func(w *world, p *someone) ask {
			id := uuid.New()
			w.exec(`WITH d AS (SELECT district_id, park_id FROM park WHERE code = $2),
				f AS (INSERT INTO ledger_file (district_id, hash, bytes) SELECT district_id, sha256($3), $3 FROM d
				  ON CONFLICT DO NOTHING)
				INSERT INTO ledger_import (district_id, import_id, park_id, hash, name, sheet, as_of, reading, made, changed,
				  kept, noted_by) SELECT district_id, $1, park_id, sha256($3), 'n', '2022台账', '2022-03-31',
				  '{"name": "n", "sheet": "2022台账", "head_row": 1, "as_of": "2022-03-31", "columns": []}', 0, 0, 0,
				  coalesce((SELECT a.account_id FROM account a
				    WHERE a.account_id = $4), (SELECT min(a.account_id::text)::uuid FROM account a))
				  FROM d`,
				id, here, w.book(), w.whose(p))
			return ask{"GET", "/api/ledgers/" + id.String() + "/xlsx", nil, nil}
		}},
		{"teams", "", "", get("/api/teams")},
		{"teams.create", "", "", post("/api/teams", func(w *world, _ *someone) any {
			w.made++
			return object{"district": "lingang", "kind": "promotion", "number": 100 + w.made%900, "name_zh": "队"}
		})},
		{"teams.change", "", "", func(w *world, p *someone) ask {
			return ask{"PATCH", "/api/teams/" + w.newTeam(p).String(), object{"name_zh": "队",
				"name_en": w.next("T")}, nil}
		}},
		{"teams.figures", "", "", get("/api/team-figures")},
		{"teams.figures.projects", "", "", func(w *world, p *someone) ask {
			return ask{method: "GET", path: "/api/teams/" + w.newTeam(p).String() + "/figures/projects?measure=signed"}
		}},
		{"teams.targets", "", "", func(w *world, p *someone) ask {
			return ask{method: "GET", path: "/api/teams/" + w.newTeam(p).String() + "/targets"}
		}},
		{"teams.targets.create", "", "", func(w *world, p *someone) ask {
			return ask{"POST", "/api/teams/" + w.newTeam(p).String() + "/targets", object{"year": 2026, "quarter": 1,
				"measure": "signed", "amount": 3, "source": "s"}, nil}
		}},
		{"projects.tag", "", "", project("/tags", "POST", object{"tag": "provincial_key", "from": "2026-01-01"})},
		{"investments.create", "", "", project("/investments", "POST",
			object{"until": "2026-09-30", "paid_cny": 5, "evidence": "e"})},
		{"promotion", "", "", get(park + "/promotion")},
		{"promotion.piece", "", "", get(park + "/promotion/pieces/fibre")},
		{"promotion.owner", "", "", w.onPiece("owner", func(w *world, p *someone) object {
			w.exec(`UPDATE gap_owner SET released_at = now(), released_by = noted_by, release_reason = 'r' WHERE released_at IS NULL`)
			return object{"team": w.newTeam(p)}
		})},
		{"promotion.judge", "", "", w.onPiece("judgements", func(w *world, _ *someone) object {
			return object{"expert": w.newExpert(nil), "verdict": "needed", "why": "w", "on": "2026-05-01"}
		})},
		{"promotion.target", "", "", w.onPiece("targets", func(w *world, p *someone) object {
			return object{"team": w.newTeam(p), "name": w.next("F"), "place": "p", "source": "s"}
		})},
		{"promotion.note", "", "", w.onTarget("notes", object{"on": "2026-05-01", "answer": "none", "note": "n"})},
		{"promotion.close", "", "", w.onTarget("close", object{"reason": "r"})},
		{"promotion.project", "", "", func(w *world, p *someone) ask {
			return w.onTarget("project", object{"code": w.next("T")})(w, p)
		}},
		{"roles", "", "", project("/chain-roles", "GET", nil)},
		{"roles.create", "", "", project("/chain-roles", "POST",
			object{"chain": "carbon_fibre", "node": "resin", "role": "supports", "source": "s"})},
		{"taskforces", "", "", get("/api/task-forces")},
		{"taskforces.charge", "", "", func(w *world, p *someone) ask {
			return ask{"POST", "/api/teams/" + w.newTeam(p).String() + "/charge", object{"industries": []string{}}, nil}
		}},
		{"taskforces.expert", "", "", func(w *world, p *someone) ask {
			return ask{"POST", "/api/teams/" + w.newTeam(p).String() + "/experts", object{"name": "n",
				"voice": "official"}, nil}
		}},
		{"taskforces.leave", "", "", func(w *world, _ *someone) ask {
			id, team := w.newExpert(nil), uuid.Nil
			w.scan(`SELECT team_id FROM expert WHERE expert_id = $1`, []any{id}, &team)
			return ask{method: "POST", path: fmt.Sprintf("/api/teams/%s/experts/%s/leave", team, id)}
		}},
		{"judging", "", "", get("/api/judging")},
		{"judging.create", "", "", post("/api/judging", func(w *world, p *someone) any {
			return object{"expert": w.newExpert(p), "chain": "carbon_fibre", "node": "fibre",
				"verdict": "needed", "why": "w",
				"on": "2026-05-01"}
		})},
		{"titles", "", "", of("/api/parties/%s/titles", func(w *world, _ *someone) any { return w.newParty() })},
		{"titles.year", "", "", get("/api/titles")},
		{"titles.create", "", "", func(w *world, _ *someone) ask {
			return ask{"POST", "/api/parties/" + w.newParty().String() + "/titles", object{"title": "gazelle",
				"level": "municipal",
				"from":  "2026-01-01", "source": "s"}, nil}
		}},
		{"titles.withdraw", "", "", func(w *world, _ *someone) ask {
			party, title := w.newTitle()
			return ask{"POST", fmt.Sprintf("/api/parties/%s/titles/%s/withdraw", party, title),
				object{"reason": "r"}, nil}
		}},
		{"titles.figure", "", "", post("/api/titles/figures", func(*world, *someone) any {
			return object{"district": herePlace, "year": 2026, "title": "gazelle", "level": "municipal",
				"kind": "target", "number": 1,
				"as_of": "2026-01-01", "source": "s"}
		})},
		{"flow.templates", "", "", get("/api/flow-templates")},
		{"flow.template", "", "", get("/api/flow-templates/four_stages?district=" + herePlace)},
		{"flow.plan", "", "", get("/api/flow-templates/four_stages/plan?start=2026-01-05&district=" + herePlace)},
		{"flow.figures", "", "", get("/api/approvals/figures")},
		{"flow.templates.create", "", "", post("/api/flow-templates?district="+herePlace, func(w *world,
			_ *someone) any {
			return object{"template": smallTemplate(strings.ToLower(w.next("t")), "1")}
		})},
		{"flow.templates.change", "", "", func(w *world, _ *someone) ask {
			code := w.newTemplate()
			return ask{"PUT", "/api/flow-templates/" + code + "?district=" + herePlace,
				object{"template": smallTemplate(code, "2")}, seen}
		}},
		{"flow", "", "", project("/flow", "GET", nil)},
		{"flow.start", "", "", project("/flow", "POST", object{"template": "four_stages", "start": "2026-01-05"})},
		{"flow.note", "", "", flows("/events", object{"step": "permit", "kind": "done", "day": "2026-01-05"})},
		{"flow.retract", "", "", flows("/events/1/retract", object{"reason": "r"})},
		{"flow.retire", "", "", flows("/retire", object{"reason": "r"}, "If-Match", `"2"`)},
		{"parties.change", "", "", func(w *world, _ *someone) ask {
			return ask{"PATCH", "/api/parties/" + w.newParty().String(), object{"named": true}, seen}
		}},
		{"contacts", "", "", of("/api/parties/%s/contacts", func(w *world, _ *someone) any { return w.newParty() })},
		{"contacts.create", "", "", func(w *world, _ *someone) ask {
			return ask{"POST", "/api/parties/" + w.newParty().String() + "/contacts", object{"name": "n"}, nil}
		}},
		{"contacts.change", "", "", func(w *world, _ *someone) ask {
			party, contact := w.newContact()
			return ask{"PATCH", fmt.Sprintf("/api/parties/%s/contacts/%s", party, contact), object{"phone": "1"}, seen}
		}},
		{"contacts.erase", "", "", func(w *world, _ *someone) ask {
			party, contact := w.newContact()
			return ask{method: "DELETE", path: fmt.Sprintf("/api/parties/%s/contacts/%s", party, contact)}
		}},

		{"backgrounds", "", "", get(park + "/backgrounds")},
		{"enquiry.terms", "", "", get(park + "/enquiry-terms")},
		{"enquiry.send", "", "", func(w *world, _ *someone) ask {
			w.made++
			return ask{"POST", park + "/enquiries", w.enquiry(here),
				[]string{"X-Forwarded-For", fmt.Sprintf("10.0.%d.%d", w.made/250, w.made%250)}}
		}},
		{"enquiry.look", "", "", post("/api/enquiry/look", func(w *world, _ *someone) any {
			_, link := w.newEnquiry()
			return object{"link": link}
		})},
		{"enquiry.withdraw", "", "", post("/api/enquiry/withdraw", func(w *world, _ *someone) any {
			_, link := w.newEnquiry()
			return object{"link": link}
		})},
		{"enquiries", "", "", get(park + "/enquiries")}, {"enquiries.one", "", "", enquiry("", "GET", nil)},
		{"enquiries.change", "", "", enquiry("", "PATCH", object{"closed": true})},
		{"enquiries.answer", "", "", enquiry("/answers", "POST", object{"words": "w"})},
		{"enquiries.project", "", "", enquiry("/project", "POST", object{})},

		{"webhooks", "", "", get(park + "/webhooks")}, {"webhook", "", "", hook("", "GET", nil)},
		{"webhook.dead", "", "", hook("/dead-letters", "GET", nil)},
		{"webhooks.add", "", "", post(park+"/webhooks", func(w *world, _ *someone) any {
			w.noWebhooks()
			return object{"url": "http://127.0.0.1:9/" + w.next("h")}
		})},
		{"webhook.change", "", "", hook("", "PATCH", object{"state": "paused"})},
		{"webhook.retire", "", "", hook("", "DELETE", nil)},
		{"webhook.secret", "", "", hook("/secret", "POST", nil)},
		{"webhook.ping", "", "", hook("/ping", "POST", nil)},
		{"webhook.resend", "", "", hook("/dead-letters/resend", "POST", object{})},

		{"accounts", "", "", get("/api/accounts")},
		{"accounts.add", "", "", post("/api/accounts", func(w *world, _ *someone) any {
			return object{"login": w.next("n"), "name": "N", "roles": []object{{"park": here, "role": "viewer"}}}
		})},
		{"accounts.add", "", "in every park", post("/api/accounts", func(w *world, _ *someone) any {
			return object{"login": w.next("n"), "name": "N", "roles": []object{{"park": nil, "role": "viewer"}}}
		})},
		{"accounts.invite", "", "", account("/invitation", "POST", nil)},
		{"accounts.change", "", "", account("", "PATCH", object{})},
		{"accounts.change", "roles", "", account("", "PATCH",
			object{"grant": []object{{"park": here, "role": "planner"}}})},
		{"accounts.change", "roles", "next door", account("", "PATCH",
			object{"grant": []object{{"park": next, "role": "planner"}}})},
		{"accounts.change", "name, disabled", "", account("", "PATCH", object{"name": "Other", "disabled": true,
			"reason": "r"})},

		{"GET /healthz", "", "", get("/healthz")}, {"GET /readyz", "", "", get("/readyz")},
		{"GET /metrics", "", "", get("/metrics")},
		{"GET /problems/{slug}", "", "", get("/problems/not-found")}, {"GET /api/docs", "", "", get("/api/docs")},
		{"GET /api/docs/plain", "", "", get("/api/docs/plain")},
		{"GET /api/openapi", "", "", get("/api/openapi.json")},
		{"GET /ogc", "", "", get("/ogc")}, {"GET /ogc", "", "items",
			get("/ogc/collections/parcels/items?" + url.Values{"limit": {"1"}}.Encode())}, {"GET /", "", "", get("/")},
	}...)
}
