package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/people"
	"luodi/data/store/storetest"
)

// office is a park with parcels A, B, … in a row, a project, and people who work on it over HTTP.
type office struct {
	*house
	t       *testing.T
	parkID  uuid.UUID
	parcels []uuid.UUID
	project uuid.UUID
}

func newOffice(t *testing.T, squares ...storetest.Square) *office {
	t.Helper()
	return officeOf(t, open(t), squares...)
}

// officeOf makes the office of a server.
func officeOf(t *testing.T, h *house, squares ...storetest.Square) *office {
	t.Helper()
	o := &office{house: h, t: t}
	o.parkID = storetest.Park(t, o.db, "desk")
	o.parcels = storetest.Parcels(t, o.db, o.parkID, squares...)
	o.project = storetest.Project(t, o.db, o.parkID, "某项目", true)
	return o
}

// squares are n free parcels that touch none other; bank gives the bank status of the first ones.
func squares(n int, bank ...string) []storetest.Square {
	all := make([]storetest.Square, n)
	for i := range all {
		all[i] = storetest.Square{Code: string(rune('A' + i)), X: 0.11 * float64(i%9), Y: 0.11 * float64(i/9),
			Side: 0.001}
		if i < len(bank) {
			all[i].Bank = bank[i]
		}
	}
	return all
}

// colleague is someone with a token.
type colleague struct {
	*office
	id     uuid.UUID
	secret string
	cookie string
	head   http.Header
}

// colleague makes an account with roles in the park, and a token of it.
func (o *office) colleague(login string, unlocked bool, scope people.Scope, roles ...people.Role) *colleague {
	o.t.Helper()
	park := "desk"
	grants := make([]people.Grant, len(roles))
	for i, role := range roles {
		grants[i] = people.Grant{Park: &park, Role: role}
	}
	a, _, err := people.Of(o.db.Store).AddAccount(o.t.Context(),
		people.Newcomer{Login: login, Name: "Name of " + login, Roles: grants})
	if err != nil {
		o.t.Fatal(err)
	}
	_, secret, err := people.Of(o.db.Store).CreateToken(o.t.Context(),
		people.TokenOrder{Account: a.ID, Name: "test", Scope: scope, Unlocked: unlocked, Life: time.Hour})
	if err != nil {
		o.t.Fatal(err)
	}
	return &colleague{office: o, id: a.ID, secret: secret, head: http.Header{}}
}

func (o *office) planner() *colleague {
	return o.colleague("planner", false, people.ScopeWrite, people.Planner)
}
func (o *office) approver() *colleague {
	return o.colleague("approver", false, people.ScopeWrite, people.Approver)
}

type object = map[string]any

// told is an answer read as JSON.
type told struct {
	status int
	head   http.Header
	body   object
	text   string
}

func (c *colleague) do(method, path string, body any, headers ...string) told {
	c.t.Helper()
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "en")
	if c.secret != "" {
		r.Header.Set("Authorization", "Bearer "+c.secret)
	}
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	out := told{status: resp.StatusCode, head: resp.Header, text: string(raw)}
	kind := resp.Header.Get("Content-Type")
	if err := json.Unmarshal(raw, &out.body); err != nil && strings.Contains(kind, "json") &&
		!strings.HasSuffix(kind, "json-seq") {
		c.t.Errorf("%s %s: not JSON: %s", method, path, raw)
	}
	return out
}

// want fails the test unless the answer has this status; a failure is a problem document.
func (c *colleague) want(status int, method, path string, body any, headers ...string) told {
	c.t.Helper()
	out := c.do(method, path, body, headers...)
	if out.status != status {
		c.t.Fatalf("%s %s: %d, want %d: %.600s", method, path, out.status, status, out.text)
	}
	if status >= 400 && (out.head.Get("Content-Type") != "application/problem+json" || out.body["type"] == nil ||
		out.body["detail"] == "") {
		c.t.Errorf("%s %s: not a problem: %s %s", method, path, out.head.Get("Content-Type"), out.text)
	}
	return out
}

const records = "/api/parks/desk/records"

// version reads a parcel's or a right's version.
func (o *office) version(id uuid.UUID) int64 {
	o.t.Helper()
	return int64(o.count(`SELECT coalesce((SELECT version FROM parcel WHERE parcel_id = $1),
		(SELECT version FROM allotment WHERE allotment_id = $1))`, id))
}

func (o *office) refs(parcels ...uuid.UUID) []object {
	refs := make([]object, len(parcels))
	for i, p := range parcels {
		refs[i] = object{"id": p, "version": o.version(p)}
	}
	return refs
}

func (o *office) hold(parcels ...uuid.UUID) object {
	return object{"kind": "hold", "reason": "agreed", "project": o.project,
		"until": time.Now().Add(30 * 24 * time.Hour), "parcels": o.refs(parcels...)}
}

func (o *office) right(id any) object {
	return object{"id": id, "version": o.version(uuid.MustParse(id.(string)))}
}

// at finds a value in nested objects.
func at(v any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			m, _ := v.(object)
			v = m[key]
		case int:
			list, _ := v.([]any)
			if key >= len(list) {
				return nil
			}
			v = list[key]
		}
	}
	return v
}
