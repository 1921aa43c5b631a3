package api_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"luodi/api/auth"
	"luodi/data/people"
)

// someone is a column of the table: an account with roles, and what it is that makes the request.
type someone struct {
	name  string
	roles []people.Grant
	by    string // session where it is empty; else read, write or unlocked (a token's), disabled, ended
	spent bool   // the session has ended
	*colleague
}

// The parks of the table: what is asked about is of here; next is another park of the same district, far one of
// another.
const here, next, far = "carbon-fibre", "logistics", "far"

func everyone() []*someone {
	all := []*someone{{name: "anonymous", by: "nobody"}}
	for _, where := range []struct {
		name string
		park *string
	}{{"here", ptr(here)}, {"next", ptr(next)}, {"far", ptr(far)}, {"all", nil}} {
		for _, role := range []people.Role{people.Viewer, people.Planner, people.Approver, people.Leader,
			people.Admin} {
			all = append(all, &someone{name: where.name + "." + string(role),
				roles: []people.Grant{{Park: where.park, Role: role}}})
		}
	}
	admin := []people.Grant{{Park: ptr(here), Role: people.Admin}}
	return append(all,
		&someone{name: "here.viewer+next.planner", roles: []people.Grant{{Park: ptr(here), Role: people.Viewer},
			{Park: ptr(next), Role: people.Planner}}},
		&someone{name: "here.admin read token", roles: admin, by: "read"},
		&someone{name: "here.admin write token", roles: admin, by: "write"},
		&someone{name: "here.admin unlocked token", roles: admin, by: "unlocked"},
		&someone{name: "next.admin write token", roles: []people.Grant{{Park: ptr(next), Role: people.Admin}},
			by: "write"},
		&someone{name: "here.admin disabled", roles: admin, by: "disabled"},
		&someone{name: "here.admin session ended", roles: admin, by: "ended"})
}

func ptr[T any](v T) *T { return &v }

// TestWhoMayWhat tries every operation as everyone, each with a request that is right for who may: what is allowed
// succeeds, what is not is refused with 401, 403 or 404 and writes nothing, and what is decided is what
// testdata/rights.txt says, which is to be read when it changes. + is allowed, # shows what is not public besides.
func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := everyone()
	for _, p := range people {
		w.engage(p)
	}
	var got strings.Builder
	for i, p := range people {
		fmt.Fprintf(&got, "%2d %s\n", i+1, p.name)
	}
	fmt.Fprintf(&got, "\n%-44s", "")
	for i := range people {
		fmt.Fprintf(&got, " %3d", i+1)
	}
	cells := 0
	for _, c := range w.cases() {
		fmt.Fprintf(&got, "\n%-44s", c.name())
		for _, p := range people {
			fmt.Fprintf(&got, " %3s", w.decision(c, p))
			cells++
		}
	}
	got.WriteByte('\n')
	const golden = "testdata/rights.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	differences := 0
	is, should := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(is), len(should)) {
		a, b := lineAt(is, i), lineAt(should, i)
		for j, cell := range strings.Fields(a) {
			if other := strings.Fields(b); j >= len(other) || other[j] != cell {
				differences++
			}
		}
		if a != b {
			t.Errorf("is     %s\nshould %s", a, b)
		}
	}
	t.Logf("%d cells: %d operations and kinds × %d people; %d differences", cells, cells/len(people), len(people),
		differences)
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// TestEveryRouteHasARight walks the router and the OpenAPI document: each operation has its row, is tried by the test
// above, and nothing has a row that isn't there.
func TestEveryRouteHasARight(t *testing.T) {
	t.Parallel()
	h := open(t)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	h.json("/api/openapi.json", &doc)
	described, there := map[string]string{}, map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			described[strings.ToUpper(method)+" "+path] = op.OperationID
			there[op.OperationID] = true
		}
	}
	err := chi.Walk(h.handler.(chi.Routes), func(method, route string, _ http.Handler,
		_ ...func(http.Handler) http.Handler) error {
		at := method + " " + strings.TrimSuffix(strings.TrimSuffix(route, "*"), "/")
		operation, ok := described[at]
		if !ok {
			i := slices.IndexFunc(auth.Rights, func(r auth.Right) bool { return r.Operation == at })
			if i < 0 {
				i = slices.IndexFunc(auth.Rights, func(r auth.Right) bool {
					return strings.HasPrefix(at, strings.TrimSuffix(r.Operation, "/")+"/") ||
						strings.HasPrefix(at, r.Operation+".") || strings.HasPrefix(at, r.Operation+"-")
				})
			}
			if i < 0 && at != "GET" && at != "GET " {
				t.Errorf("%s has no row", at)
				return nil
			}
			if i >= 0 {
				operation = auth.Rights[i].Operation
			}
		}
		there[operation] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, c := range (&world{}).cases() {
		tried[c.operation+"\n"+c.kind] = true
	}
	for _, r := range auth.Rights {
		if !tried[r.Operation+"\n"+r.Kind] {
			t.Errorf("nobody tries %s %s", r.Operation, r.Kind)
		}
		if !there[r.Operation] && r.Operation != "GET /" {
			t.Errorf("%s has a row and no route", r.Operation)
		}
	}
	for operation := range there {
		if operation != "" && !slices.ContainsFunc(auth.Rights,
			func(r auth.Right) bool { return r.Operation == operation && r.Kind == "" }) {
			t.Errorf("%s has no row", operation)
		}
	}
	// what changes something says so, but for questions that are too long for a query
	for at, operation := range described {
		reads := strings.HasPrefix(at, "GET ") || slices.Contains([]string{"match", "heat", "carve", "assemble",
			"invitation.look", "enquiry.look", "firm.look", "survey_text"}, operation)
		if auth.RightTo(operation, "").Writes == reads {
			t.Errorf("%s: writes is %v", at, !reads)
		}
	}
}

const rightsBegin, rightsEnd = "<!-- from the table of rights; `go test ./api -run TheDocsShow -update` -->\n",
	"<!-- end of the table of rights -->\n"

// TestTheDocsShowTheTable holds docs/accounts.md to the table the guard asks.
func TestTheDocsShowTheTable(t *testing.T) {
	t.Parallel()
	const file = "../docs/accounts.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), rightsBegin)
	was, after, ended := strings.Cut(rest, rightsEnd)
	if !ok || !ended {
		t.Fatalf("%s has no place for the table", file)
	}
	is := rightsTable()
	if *update {
		if err := os.WriteFile(file, []byte(before+rightsBegin+is+rightsEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		was = is
	}
	if was != is {
		t.Errorf("%s shows\n%s\nthe table is\n%s", file, was, is)
	}
}

// rolesFor are the roles that allow an action.
func rolesFor(action auth.Action) (roles []string) {
	for _, role := range []people.Role{people.Viewer, people.Planner, people.Approver, people.Leader, people.Admin} {
		somebody := &auth.Principal{Session: &people.Session{}, Roles: []people.Grant{{Role: role}}}
		if somebody.May(action, auth.EveryPark) == nil {
			roles = append(roles, string(role))
		}
	}
	return roles
}

// rightsTable draws the table with the operations of one right in one line.
func rightsTable() string {
	var b strings.Builder
	b.WriteString("| operations | roles | in which park | `read` token | `write` token |\n|---|---|---|---|---|\n")
	drawn := map[auth.Right]bool{}
	for _, r := range auth.Rights {
		like := auth.Right{Action: r.Action, Of: r.Of, Writes: r.Writes, More: r.More}
		if drawn[like] {
			continue
		}
		drawn[like] = true
		var names []string
		for _, o := range auth.Rights {
			if (auth.Right{Action: o.Action, Of: o.Of, Writes: o.Writes, More: o.More}) == like {
				names = append(names, "`"+strings.TrimSuffix(o.Operation+": "+o.Kind, ": ")+"`")
			}
		}
		roles := "anyone"
		switch {
		case r.Action != "":
			roles = strings.Join(rolesFor(r.Action), ", ")
		case r.Of == auth.Oneself || r.Of == auth.Person:
			roles = "whoever signed in"
		}
		if r.Of == auth.Anybody && r.More != "" {
			roles += "; more for " + strings.Join(rolesFor(r.More), ", ")
		}
		mark := func(scope people.Scope) string {
			if r.Admits(scope) {
				return "●"
			}
			return ""
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", strings.Join(names, ", "), roles, r.Of, mark(people.ScopeRead),
			mark(people.ScopeWrite))
	}
	return b.String()
}
