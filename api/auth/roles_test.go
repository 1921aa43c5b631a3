package auth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

// token makes a token of an account.
func (h *house) token(t *testing.T, of uuid.UUID, scope people.Scope) (people.Token, string) {
	t.Helper()
	made, secret, err := people.Of(h.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: of, Name: "test", Scope: scope, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return made, secret
}

func TestATokenThatIsNotValidNeverPassesForThePublic(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id, b := h.person(t, "gis")
	for name, end := range map[string]func(people.Token, string){
		"revoked": func(made people.Token, _ string) {
			b.want(http.StatusNoContent, http.MethodDelete, "/api/tokens/"+made.ID.String(), nil)
		},
		"expired": func(made people.Token, _ string) {
			h.alter(t, `UPDATE token SET created_at = created_at - interval '2 hours',
				expires_at = clock_timestamp() WHERE token_id = $1`, made.ID)
		},
		"of a disabled account": func(people.Token, string) { h.alter(t, `UPDATE account SET disabled_at = now()`) },
	} {
		h.alter(t, `UPDATE account SET disabled_at = NULL`)
		made, secret := h.token(t, id, people.ScopeRead)
		p := h.program(t, secret)
		p.want(http.StatusOK, http.MethodGet, "/api/parks", nil)
		end(made, secret)
		for _, path := range []string{"/api/parks", "/ogc/collections", "/api/session"} {
			if answer := p.want(http.StatusUnauthorized, http.MethodGet, path,
				nil); !strings.Contains(answer.Header.Get("WWW-Authenticate"), "invalid_token") {
				t.Errorf("%s, %s: %v", name, path, answer.Header)
			}
		}
	}
	for _, header := range []string{"Bearer", "Bearer ", "Bearer luodi_x", "Basic Z2lzOng=", "luodi_x"} {
		p := h.browser(t)
		p.head.Set("Authorization", header)
		p.want(http.StatusUnauthorized, http.MethodGet, "/api/parks", nil)
	}
}

func TestATokenDecidesBeforeACookie(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, b := h.person(t, "planner")
	gis, _ := h.person(t, "gis")
	_, secret := h.token(t, gis, people.ScopeRead)
	b.head.Set("Authorization", "Bearer "+secret)
	if whoIs(b) != "gis" {
		t.Error("the cookie decided")
	}
}

func TestATokenManagesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id, _ := h.person(t, "admin", people.Grant{Role: people.Admin})
	_, secret := h.token(t, id, people.ScopeWrite)
	p := h.program(t, secret)
	p.want(http.StatusForbidden, http.MethodGet, "/api/accounts", nil)
	p.want(http.StatusForbidden, http.MethodPost, "/api/accounts",
		map[string]any{"login": "second", "name": "S", "roles": []any{}})
	p.want(http.StatusForbidden, http.MethodPost, "/api/accounts/"+id.String()+"/invitation", nil)
	p.want(http.StatusForbidden, http.MethodPatch, "/api/accounts/"+id.String(), map[string]any{"name": "x"})
	p.want(http.StatusForbidden, http.MethodPost, "/api/tokens",
		map[string]any{"name": "n", "scope": "write", "days": 1})
	p.want(http.StatusForbidden, http.MethodGet, "/api/tokens", nil)
	p.want(http.StatusForbidden, http.MethodPut, "/api/session/password",
		map[string]string{"current": password, "password": "another four word phrase"})
}

func TestThePublicIsToldToSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	id := uuid.NewString()
	for _, path := range []string{"GET /api/accounts", "GET /api/tokens", "POST /api/accounts/" + id + "/invitation",
		"DELETE /api/tokens/" + id} {
		method, path, _ := strings.Cut(path, " ")
		if answer := b.want(http.StatusUnauthorized, method, path,
			nil); answer.Header.Get("WWW-Authenticate") != `Bearer realm="luodi"` {
			t.Errorf("%s %s: %v", method, path, answer.Header)
		}
	}
	b.want(http.StatusUnauthorized, http.MethodPost, "/api/accounts",
		map[string]any{"login": "a", "name": "A", "roles": []any{}})
	b.want(http.StatusUnauthorized, http.MethodPatch, "/api/accounts/"+id, map[string]any{"name": "A"})
	b.want(http.StatusUnauthorized, http.MethodPost, "/api/tokens",
		map[string]any{"name": "n", "scope": "read", "days": 1})
	b.want(http.StatusUnauthorized, http.MethodPut, "/api/session/password",
		map[string]string{"current": "a", "password": "b"})
}

func TestTokensAreOnesOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other, _ := h.person(t, "other")
	_, b := h.person(t, "planner", people.Grant{Role: people.Planner})
	theirs, secret := h.token(t, other, people.ScopeRead)
	made := b.want(http.StatusCreated, http.MethodPost, "/api/tokens",
		map[string]any{"name": "QGIS", "scope": "write", "days": 90})
	own, _ := made.Body["secret"].(string)
	if whoIs(h.program(t, own)) != "planner" {
		t.Error("the new token is not its maker's")
	}
	list := b.want(http.StatusOK, http.MethodGet, "/api/tokens", nil)
	if tokens, _ := list.Body["tokens"].([]any); len(tokens) != 1 || strings.Contains(list.Text, own) ||
		strings.Contains(list.Text, theirs.ID.String()) {
		t.Errorf("the list: %s", list.Text)
	}
	b.want(http.StatusNotFound, http.MethodDelete, "/api/tokens/"+theirs.ID.String(), nil)
	if whoIs(h.program(t, secret)) != "other" {
		t.Error("another's token was revoked")
	}
	b.want(http.StatusForbidden, http.MethodPost, "/api/tokens",
		map[string]any{"name": "QGIS", "scope": "write", "days": 90, "unlocked": true})
	for _, bad := range []map[string]any{{"name": "", "scope": "read", "days": 1},
		{"name": "n", "scope": "admin", "days": 1}, {"name": "n", "scope": "read", "days": 0},
		{"name": "n", "scope": "read", "days": 367}, {"name": "n", "scope": "read"}} {
		b.want(http.StatusBadRequest, http.MethodPost, "/api/tokens", bad)
	}
	_, admin := h.person(t, "admin", people.Grant{Role: people.Admin})
	unlocked := admin.want(http.StatusCreated, http.MethodPost, "/api/tokens",
		map[string]any{"name": "QGIS", "scope": "write", "days": 90, "unlocked": true})
	if secret, _ := unlocked.Body["secret"].(string); !strings.Contains(h.program(t, secret).want(http.StatusOK,
		http.MethodGet, "/api/session", nil).Text, `"unlocked":true`) {
		t.Error("the token is not unlocked")
	}
}

func roles(grants ...people.Grant) map[string]any {
	return map[string]any{"login": "new.one", "name": "New", "roles": append([]people.Grant{}, grants...)}
}

func TestAnAdminManagesTheAccountsOfOnesOwnParks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	storetest.Park(t, h.DB, "east")
	storetest.Park(t, h.DB, "west")
	_, east := h.person(t, "admin.east", in("east", people.Admin))
	west, _ := h.person(t, "planner.west", in("west", people.Planner))
	both, _ := h.person(t, "planner.both", in("west", people.Planner), in("east", people.Planner))
	chief, all := h.person(t, "chief", people.Grant{Role: people.Admin})
	lost, _ := h.person(t, "no.role")
	of := func(id uuid.UUID) string { return "/api/accounts/" + id.String() }

	if list := east.want(http.StatusOK, http.MethodGet, "/api/accounts", nil); strings.Contains(list.Text,
		"planner.west") || !strings.Contains(list.Text, "planner.both") || strings.Contains(list.Text, "chief") {
		t.Errorf("the admin of east sees %s", list.Text)
	}
	if list := all.want(http.StatusOK, http.MethodGet, "/api/accounts",
		nil); len(list.Body["accounts"].([]any)) != 5 || strings.Contains(list.Text, "argon2") {
		t.Errorf("the admin of every park sees %s", list.Text)
	}
	for _, grant := range []people.Grant{in("west", people.Viewer), {Role: people.Viewer}} {
		east.want(http.StatusForbidden, http.MethodPost, "/api/accounts", roles(grant))
		east.want(http.StatusForbidden, http.MethodPatch, of(both), map[string]any{"grant": []people.Grant{grant}})
		east.want(http.StatusForbidden, http.MethodPatch, of(both), map[string]any{"withdraw": []people.Grant{grant}})
	}
	east.want(http.StatusForbidden, http.MethodPost, "/api/accounts", roles())
	// a link sets a password: it would let east act as them in west
	for _, id := range []uuid.UUID{west, both, chief, lost} {
		east.want(http.StatusForbidden, http.MethodPost, of(id)+"/invitation", nil)
		east.want(http.StatusForbidden, http.MethodPatch, of(id), map[string]any{"disabled": true,
			"reason": "left the bureau"})
		east.want(http.StatusForbidden, http.MethodPatch, of(id), map[string]any{"name": "Renamed"})
	}
	east.want(http.StatusOK, http.MethodPatch, of(west), map[string]any{"grant": []people.Grant{in("east",
		people.Viewer)}})
	east.want(http.StatusOK, http.MethodPatch, of(both),
		map[string]any{"withdraw": []people.Grant{in("east", people.Planner)}})
	made := east.want(http.StatusCreated, http.MethodPost, "/api/accounts", roles(in("east", people.Planner)))
	link, _ := made.Body["invitation"].(map[string]any)["link"].(string)
	fresh := h.browser(t)
	use := map[string]string{"invite": strings.TrimPrefix(link, "#invite="), "password": password}
	fresh.want(http.StatusOK, http.MethodPost, "/api/invitation", use)
	if whoIs(fresh) != "new.one" {
		t.Error("the invited one is not signed in")
	}
	fresh.want(http.StatusNotFound, http.MethodPost, "/api/invitation", use)
	fresh.want(http.StatusForbidden, http.MethodGet, "/api/accounts", nil)
	id, _ := made.Body["account"].(map[string]any)["id"].(string)
	east.want(http.StatusCreated, http.MethodPost, "/api/accounts/"+id+"/invitation", nil)
	east.want(http.StatusOK, http.MethodPatch, "/api/accounts/"+id, map[string]any{"disabled": true,
		"reason": "left the bureau"})
	fresh.want(http.StatusUnauthorized, http.MethodGet, "/api/parks", nil)
	if h.browser(t).signIn("new.one", password).Status != http.StatusUnauthorized {
		t.Error("a disabled account signed in")
	}
	all.want(http.StatusConflict, http.MethodPost, "/api/accounts", roles(in("east", people.Planner)))
	all.want(http.StatusNotFound, http.MethodPost, "/api/accounts", roles(in("north", people.Planner)))
	all.want(http.StatusNotFound, http.MethodPatch, of(uuid.New()), map[string]any{"disabled": true,
		"reason": "left the bureau"})
	all.want(http.StatusForbidden, http.MethodPatch, of(chief), map[string]any{"disabled": true,
		"reason": "left the bureau"})
	all.want(http.StatusForbidden, http.MethodPatch, of(chief),
		map[string]any{"withdraw": []people.Grant{{Role: people.Admin}}})
}
