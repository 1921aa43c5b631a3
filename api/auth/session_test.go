package auth_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"luodi/api"
	"luodi/api/auth"
	"luodi/data/people"
)

func whoIs(b *browser) string {
	b.t.Helper()
	account, _ := b.want(http.StatusOK, http.MethodGet, "/api/session", nil).Body["account"].(map[string]any)
	if account == nil {
		return ""
	}
	login, _ := account["login"].(string)
	return login
}

func TestTheFirstLinkMakesAnAdminWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	link, ok, err := auth.FirstLink(t.Context(), h.Store)
	if err != nil || !ok {
		t.Fatalf("no link: %v", err)
	}
	invite, _ := strings.CutPrefix(link, "#invite=")
	b := h.browser(t)
	if text := b.want(http.StatusOK, http.MethodGet, "/api/session", nil).Text; !strings.Contains(text,
		`{"account":null}`) {
		t.Errorf("before: %s", text)
	}
	if look := b.want(http.StatusOK, http.MethodPost, "/api/invitation/look",
		map[string]string{"invite": invite}); look.Body["first"] != true {
		t.Errorf("the link is for %s", look.Text)
	}
	use := map[string]string{"invite": invite, "login": "Wang.Li", "name": "王丽", "password": password}
	for field, bad := range map[string]string{"login": "no spaces", "name": "", "password": "short"} {
		spoilt := map[string]string{}
		for k, v := range use {
			spoilt[k] = v
		}
		spoilt[field] = bad
		if p := b.want(http.StatusBadRequest, http.MethodPost, "/api/invitation", spoilt); p.Body["field"] != field {
			t.Errorf("a bad %s: %s", field, p.Text)
		}
	}
	b.want(http.StatusOK, http.MethodPost, "/api/invitation", use)
	if whoIs(b) != "wang.li" {
		t.Error("the first admin is not signed in")
	}
	b.want(http.StatusOK, http.MethodGet, "/api/accounts", nil)
	b.want(http.StatusNotFound, http.MethodPost, "/api/invitation", use)
	if _, ok, err := auth.FirstLink(t.Context(), h.Store); ok || err != nil {
		t.Errorf("a second first link: %v %v", ok, err)
	}
}

func TestOfSixteenBrowsersWithOneLinkOneGetsIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	link, _, err := auth.FirstLink(t.Context(), h.Store)
	if err != nil {
		t.Fatal(err)
	}
	const racers = 16
	status := make([]int, racers)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range racers {
		b := h.browser(t)
		group.Go(func() {
			<-start
			status[i] = b.do(http.MethodPost, "/api/invitation",
				map[string]string{"invite": strings.TrimPrefix(link, "#invite="), "login": fmt.Sprintf("racer%d", i),
					"name": "Racer", "password": password}).Status
		})
	}
	close(start)
	group.Wait()
	won := 0
	for _, s := range status {
		switch s {
		case http.StatusOK:
			won++
		case http.StatusNotFound:
		default:
			t.Errorf("a loser got %d", s)
		}
	}
	if won != 1 {
		t.Errorf("%d got in: %v", won, status)
	}
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "planner")
	b := h.browser(t)
	answer := b.signIn(" Planner ", password)
	cookie := answer.Header.Get("Set-Cookie")
	if answer.Status != http.StatusOK || !strings.Contains(cookie, "HttpOnly") ||
		!strings.Contains(cookie, "SameSite=Lax") || !strings.Contains(cookie, "Path=/") ||
		strings.Contains(cookie, "Secure") {
		t.Fatalf("%d, cookie %q", answer.Status, cookie)
	}
	if strings.Contains(answer.Text, b.cookie()) || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the answer shows the secret or may be kept: %s", answer.Text)
	}
	if whoIs(b) != "planner" {
		t.Error("not signed in")
	}
	kept := b.cookie()
	b.want(http.StatusNoContent, http.MethodDelete, "/api/session", nil)
	if b.cookie() != "" || whoIs(b) != "" {
		t.Error("still signed in")
	}
	replay := h.browser(t)
	replay.head.Set("Cookie", "luodi_session="+kept)
	replay.want(http.StatusUnauthorized, http.MethodGet, "/api/parks", nil)
}

func TestTheCookieIsSecureOverHTTPS(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *api.Options) { o.BehindProxy = true })
	h.person(t, "planner")
	b := h.browser(t)
	b.head.Set("X-Forwarded-Proto", "https")
	if cookie := b.signIn("planner", password).Header.Get("Set-Cookie"); !strings.HasPrefix(cookie,
		"__Host-luodi_session=") || !strings.Contains(cookie, "; Secure") || strings.Contains(cookie, "Domain") {
		t.Errorf("cookie %q", cookie)
	}
}

func TestASignInIsRefusedWithoutSayingWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "planner")
	id, _ := h.person(t, "gone")
	h.alter(t, `UPDATE account SET disabled_at = now() WHERE account_id = $1`, id)
	if _, _, err := people.Of(h.Store).AddAccount(t.Context(), people.Newcomer{Login: "invited",
		Name: "I"}); err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, try := range []struct{ login, password string }{
		{"planner", password + "x"}, {"planner", ""}, {"planner", strings.Repeat("x", 5000)}, {"gone", password},
		{"invited", password}, {"invited", ""}, {"nobody", password}, {"", password}, {"王丽", password},
	} {
		b := h.browser(t)
		answer := b.want(http.StatusUnauthorized, http.MethodPost, "/api/session",
			map[string]string{"login": try.login, "password": try.password})
		if answer.Body["type"] != "/problems/wrong-credentials" || b.cookie() != "" ||
			answer.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %s", try.login, answer.Text)
		}
		if said == "" {
			said = answer.Text
		}
		if answer.Text != said {
			t.Errorf("%q is told apart: %s", try.login, answer.Text)
		}
	}
}

func TestSigningInTakesANewSessionAndNeverOneThatWasBrought(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, attacker := h.person(t, "attacker")
	h.person(t, "victim")
	planted := attacker.cookie()
	victim := h.browser(t)
	victim.head.Set("Cookie", "luodi_session="+planted)
	answer := victim.signIn("victim", password)
	if fresh := answer.Header.Get("Set-Cookie"); answer.Status != http.StatusOK || strings.Contains(fresh, planted) {
		t.Fatalf("%d, %q", answer.Status, fresh)
	}
	attacker.want(http.StatusUnauthorized, http.MethodGet, "/api/parks", nil)
	made := h.browser(t)
	made.head.Set("Cookie", "luodi_session=chosen-by-the-attacker")
	if answer := made.signIn("victim", password); answer.Status != http.StatusOK ||
		strings.Contains(answer.Header.Get("Set-Cookie"), "chosen") {
		t.Errorf("a made-up session was taken up: %q", answer.Header.Get("Set-Cookie"))
	}
}

func TestACookieWhoseSessionEndedNeverPassesForThePublic(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, b := h.person(t, "planner")
	h.alter(t, `UPDATE session SET seen_at = seen_at - interval '12 hours'`)
	kept := b.cookie()
	for _, path := range []string{"/api/parks", "/ogc/collections", "/api/accounts"} {
		again := h.browser(t)
		again.head.Set("Cookie", "luodi_session="+kept)
		answer := again.want(http.StatusUnauthorized, http.MethodGet, path, nil)
		if !strings.Contains(answer.Header.Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("%s leaves the cookie: %v", path, answer.Header)
		}
	}
	if b.do(http.MethodGet, "/", nil).Status != http.StatusOK {
		t.Error("the page itself does not open")
	}
	if whoIs(b) != "" || b.cookie() != "" {
		t.Error("asking who one is leaves the cookie")
	}
	b.want(http.StatusOK, http.MethodGet, "/api/parks", nil)
}

func TestAnotherSitesPageIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, b := h.person(t, "planner")
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		b.head = http.Header{name: {value}}
		b.want(http.StatusForbidden, http.MethodDelete, "/api/session", nil)
		b.want(http.StatusForbidden, http.MethodPost, "/api/session",
			map[string]string{"login": "planner", "password": password})
		b.want(http.StatusForbidden, http.MethodPost, "/api/tokens",
			map[string]any{"name": "n", "scope": "write", "days": 1})
	}
	b.head = http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {h.URL}}
	if whoIs(b) != "planner" {
		t.Error("a refused request signed out")
	}
	b.want(http.StatusNoContent, http.MethodDelete, "/api/session", nil)
}

func TestChangingThePasswordEndsEveryOtherSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, b := h.person(t, "planner")
	other := h.browser(t)
	other.signIn("planner", password)
	before := b.cookie()
	const next = "another four word phrase"
	b.want(http.StatusUnauthorized, http.MethodPut, "/api/session/password",
		map[string]string{"current": "wrong" + password, "password": next})
	b.want(http.StatusBadRequest, http.MethodPut, "/api/session/password",
		map[string]string{"current": password, "password": "planner planner"})
	b.want(http.StatusNoContent, http.MethodPut, "/api/session/password",
		map[string]string{"current": password, "password": next})
	if b.cookie() == before || whoIs(b) != "planner" {
		t.Error("the one who changed it is not signed in anew")
	}
	other.want(http.StatusUnauthorized, http.MethodGet, "/api/parks", nil)
	if h.browser(t).signIn("planner", password).Status != http.StatusUnauthorized ||
		h.browser(t).signIn("planner", next).Status != http.StatusOK {
		t.Error("the old password still serves, or the new one doesn't")
	}
}

func TestAnOldHashIsMadeAnewAtSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id, b := h.person(t, "planner")
	h.alter(t,
		`UPDATE account SET password = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc' WHERE account_id = $1`, id)
	if s := h.browser(t).signIn("planner", "password").Status; s != http.StatusOK {
		t.Fatalf("signing in: %d", s)
	}
	var kept string
	if err := h.Owner.QueryRow(t.Context(), `SELECT password FROM account WHERE account_id = $1`,
		id).Scan(&kept); err != nil || !strings.HasPrefix(kept, "$argon2id$v=19$m=47104,t=1,p=1$") {
		t.Errorf("kept as %s, %v", kept, err)
	}
	if s := h.browser(t).signIn("planner", "password").Status; s != http.StatusOK {
		t.Errorf("signing in again: %d", s)
	}
	if whoIs(b) != "planner" {
		t.Error("making the hash anew ended a session")
	}
}

func TestGuessingIsSlowed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *api.Options) { o.BehindProxy = true })
	h.person(t, "planner")
	guess := func(address, login, secret string) got {
		b := h.browser(t)
		b.head.Set("X-Forwarded-For", "203.0.113.99, "+address) // what the caller wrote there itself comes first
		return b.signIn(login, secret)
	}
	var last got
	for range 11 {
		last = guess("198.51.100.1", "planner", "wrong")
	}
	wait, err := strconv.Atoi(last.Header.Get("Retry-After"))
	if last.Status != http.StatusTooManyRequests || last.Body["type"] != "/problems/too-many" || err != nil ||
		wait < 1 || wait > 60 {
		t.Fatalf("the 11th guess: %d, Retry-After %q: %s", last.Status, last.Header.Get("Retry-After"), last.Text)
	}
	if s := guess("198.51.100.1", "planner", password).Status; s != http.StatusTooManyRequests {
		t.Errorf("the right password in an unknown browser after too many guesses at this login here: %d", s)
	}
	if s := guess("198.51.100.2", "planner", password).Status; s != http.StatusOK {
		t.Errorf("one address locks the login for another: %d", s)
	}
}

// A whole office stands behind one address: who guesses there, at one login or at many, at once or one after another,
// must not lock out who works there.
func TestGuessesFromAnOfficeLockOutNobodyWhoWorksThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *api.Options) { o.BehindProxy = true })
	_, known := h.person(t, "planner")
	h.person(t, "newcomer")
	const office = "198.51.100.1"
	at := func(b *browser) *browser {
		b.head.Set("X-Forwarded-For", office)
		return b
	}
	known.want(http.StatusNoContent, http.MethodDelete, "/api/session", nil)
	for range 12 { // at this login
		at(h.browser(t)).signIn("planner", "wrong")
	}
	for i := range 22 { // and at others, so that the address has failed too often
		at(h.browser(t)).signIn(fmt.Sprintf("login%d", i), "wrong")
	}
	if s := at(known).signIn("planner", password).Status; s != http.StatusOK {
		t.Errorf("the right password in a browser that signed in before: %d", s)
	}
	if s := at(h.browser(t)).signIn("newcomer", password).Status; s != http.StatusOK {
		t.Errorf("the right password in an unknown browser of that address: %d", s)
	}
	var group sync.WaitGroup
	var away, tried atomic.Int64
	for i := range 60 { // a flood of it
		group.Go(func() {
			switch s := at(h.browser(t)).signIn(fmt.Sprintf("flood%d", i), "wrong").Status; s {
			case http.StatusTooManyRequests:
				away.Add(1)
			case http.StatusUnauthorized:
				tried.Add(1)
			default:
				t.Errorf("a guess of the flood: %d", s)
			}
		})
	}
	if s := at(known).signIn("planner", password).Status; s != http.StatusOK {
		t.Errorf("the right password in a known browser during a flood: %d", s)
	}
	group.Wait()
	if away.Load() == 0 {
		t.Errorf("a flood of one address is tried whole: %d", tried.Load())
	}
}

func TestAKnownBrowserGuessesNoMoreThanAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, b := h.person(t, "planner")
	h.person(t, "other")
	b.want(http.StatusNoContent, http.MethodDelete, "/api/session", nil)
	status := func(login, secret string) int { return b.signIn(login, secret).Status }
	for range 10 {
		if s := status("planner", "wrong"); s != http.StatusUnauthorized {
			t.Fatalf("a guess: %d", s)
		}
	}
	if s := status("planner", password); s != http.StatusTooManyRequests {
		t.Errorf("the 11th attempt: %d", s)
	}
	if s := status("other", "wrong"); s != http.StatusUnauthorized { // known for one login is not known for another
		t.Errorf("another's login there: %d", s)
	}
	if s := h.browser(t).signIn("planner", password).Status; s != http.StatusOK {
		t.Errorf("guesses in one browser lock out others: %d", s)
	}
}

func TestAnUnknownLoginTakesAsLongAsAKnownOne(t *testing.T) {
	h := newHouse(t)
	h.person(t, "planner")
	known, unknown := time.Hour, time.Hour
	for range 5 { // by turns, so that both meet the same machine
		for login, least := range map[string]*time.Duration{"planner": &known, "nobody": &unknown} {
			start := time.Now()
			h.browser(t).signIn(login, "wrong")
			*least = min(*least, time.Since(start))
		}
	}
	t.Logf("least of five: known %v, unknown %v", known, unknown)
	if unknown < known/2 {
		t.Errorf("an unknown login is told in %v, a known one in %v", unknown, known)
	}
}

func TestTheLogKnowsNoPersonAndNoSecret(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, b := h.person(t, "zhang.wei", people.Grant{Role: people.Admin})
	cookie := b.cookie()
	h.browser(t).signIn("zhang.wei", "not the password at all")
	h.browser(t).signIn("pasted password in login", "x")
	token, _ := b.want(http.StatusCreated, http.MethodPost, "/api/tokens",
		map[string]any{"name": "Zhang's laptop", "scope": "read", "days": 1}).Body["secret"].(string)
	added := b.want(http.StatusCreated, http.MethodPost, "/api/accounts",
		map[string]any{"login": "li.na", "name": "Li Na", "roles": []any{}})
	link, _ := added.Body["invitation"].(map[string]any)["link"].(string)
	b.do(http.MethodPost, "/api/accounts", map[string]any{"login": "li.na", "name": "Li Na", "roles": []any{}})
	for _, body := range []string{`{"login":"zhang.wei","password":12345678901}`,
		`{"login":"zhang.wei","password":"hunter2hunter2"`, `{"login":"zhang.wei","hunter2hunter2":1}`,
		`{"login":"zhang.wei","pasword":"hunter2hunter2"}`, ``, strings.Repeat("h", 20<<10)} {
		answer := b.want(http.StatusBadRequest, http.MethodPost, "/api/session", body)
		if strings.Contains(answer.Text, "zhang") || strings.Contains(answer.Text, "12345678901") {
			t.Errorf("the answer repeats what was sent: %s", answer.Text)
		}
	}
	h.program(t, token+"x").do(http.MethodGet, "/api/session", nil)
	log := h.log.String()
	if strings.Count(log, "path=/api/session") < 5 {
		t.Fatalf("the log is not what is looked at: %s", log)
	}
	for _, private := range []string{"zhang", "Zhang", "li.na", "Li Na", "not the password", "pasted", "hunter2\"",
		"12345678901", cookie, token, strings.TrimPrefix(link, "#invite="), password} {
		if private == "" || strings.Contains(log, private) {
			t.Errorf("the log holds %q", private)
		}
	}
}
