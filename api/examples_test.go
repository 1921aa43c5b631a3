package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"luodi/api"
	"luodi/data/people"
	"luodi/data/sample"
	"luodi/data/store/storetest"
)

// exampled is what the test reads of an operation in an OpenAPI document.
type exampled struct {
	OperationID string
	Tags        []string
	Security    []map[string]any
	Parameters  []struct {
		Ref      string `json:"$ref"`
		Name, In string
		Required bool
		Example  any
		From     *[2]string `json:"x-luodi-from"`
	}
	RequestBody *struct {
		Content map[string]struct {
			Example any
			From    map[string][2]string `json:"x-luodi-from"`
		}
	}
}

// reader carries out documented operations, as the viewer of the documents does.
type reader struct {
	t     *testing.T
	h     *house
	token string
}

func (r *reader) send(method, path string, body any) reply {
	r.t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	request, err := http.NewRequest(method, r.h.url+path, bytes.NewReader(sent))
	if err != nil {
		r.t.Fatal(err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	response, err := client.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var got bytes.Buffer
	if _, err := got.ReadFrom(response.Body); err != nil {
		r.t.Fatal(err)
	}
	return reply{response, got.Bytes()}
}

// lookUp finds the value at "features.0.id" of an answer; nil where there is none.
func (r *reader) lookUp(from [2]string) any {
	r.t.Helper()
	var value any
	if answer := r.send(http.MethodGet, from[0], nil); json.Unmarshal(answer.body, &value) != nil {
		r.t.Errorf("%s: %s", from[0], answer.Status)
	}
	for name := range strings.SplitSeq(from[1], ".") {
		switch holder := value.(type) {
		case map[string]any:
			value = holder[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(holder) {
				return nil
			}
			value = holder[i]
		default:
			return nil
		}
	}
	return value
}

// path fills in a path and its query; false where the park has nothing of what the example is about.
func (r *reader) path(path string, op *exampled) (string, bool) {
	r.t.Helper()
	query := url.Values{}
	for _, param := range op.Parameters {
		value := param.Example
		if param.From != nil {
			value = r.lookUp(*param.From)
		}
		switch {
		case param.Ref != "":
		case param.Required && value == nil:
			return "", false
		case param.In == "path":
			path = strings.ReplaceAll(path, "{"+param.Name+"}", fmt.Sprint(value))
		case param.In == "query" && value != nil:
			query.Set(param.Name, fmt.Sprint(value))
		}
	}
	return path + "?" + query.Encode(), true
}

// readByPost are the operations that are sent by POST and change nothing.
var readByPost = map[string]bool{"match": true, "heat": true, "carve": true, "assemble": true}

// TestTheExamplesOfTheDocumentsWork: each example that only reads is answered with 200 on the sample park.
func TestTheExamplesOfTheDocumentsWork(t *testing.T) {
	t.Parallel()
	h := openOn(t, storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load)),
		func(o *api.Options) { o.Web = os.DirFS("../web/dist") }) // with the type of paper
	park := "carbon-fibre"
	account, _, err := people.Of(h.db.Store).AddAccount(t.Context(), people.Newcomer{Login: "reader", Name: "R",
		Roles: []people.Grant{{Park: &park, Role: people.Planner}, {Park: &park, Role: people.Admin}}})
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := people.Of(h.db.Store).CreateToken(t.Context(), people.TokenOrder{Account: account.ID, Name: "t",
		Scope: people.ScopeWrite, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{t: t, h: h, token: token}
	groups, answered := map[string]int{}, 0
	for _, of := range []struct{ document, below string }{{"/api/openapi.json", ""}, {"/ogc/api?f=json", "/ogc"}} {
		var doc struct {
			Paths map[string]map[string]*exampled
		}
		h.json(of.document, &doc)
		for path, operations := range doc.Paths {
			for method, op := range operations {
				if len(op.Tags) != 1 {
					t.Errorf("%s has the groups %v, want one", op.OperationID, op.Tags)
					continue
				}
				groups[op.Tags[0]]++
				if r.try(strings.ToUpper(method), of.below+path, op) {
					answered++
				}
			}
		}
	}
	for _, group := range []string{"public", "planner", "integrator", "admin"} {
		if groups[group] == 0 {
			t.Errorf("nothing is grouped for %s: %v", group, groups)
		}
	}
	if answered < 60 {
		t.Errorf("only %d examples were tried", answered)
	}
	t.Logf("%d examples answered; operations by group: %v", answered, groups)
}

// try carries out an example that only reads. It reports whether there was one to carry out.
func (r *reader) try(method, path string, op *exampled) bool {
	r.t.Helper()
	bySession := len(op.Security) == 1 && op.Security[0]["session"] != nil || op.OperationID == "webhooks"
	if bySession || op.OperationID == "live" || op.OperationID == "my.calendar.read" ||
		op.OperationID == "project.paper" || method != http.MethodGet && !readByPost[op.OperationID] {
		return false // for who signed in by a browser; a socket; by a secret address; what the sample has none of; a change
	}
	path, found := r.path(path, op)
	if !found {
		return false
	}
	var body any
	if op.RequestBody != nil {
		media := op.RequestBody.Content["application/json"]
		body = media.Example
		for member, from := range media.From {
			name, _ := strings.CutPrefix(member, "body.")
			if holder, ok := body.(map[string]any); ok && holder[name] != nil {
				holder[name] = r.lookUp(from)
			}
		}
	}
	if answer := r.send(method, path, body); answer.StatusCode != http.StatusOK {
		r.t.Errorf("%s: %s %s: %s %s", op.OperationID, method, path, answer.Status, answer.body)
	}
	return true
}
