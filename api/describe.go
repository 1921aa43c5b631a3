package api

import (
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/ledger"
	"luodi/geo/land"
)

// schemaName names a schema in the OpenAPI document, in the characters that the standard allows.
func schemaName(t reflect.Type, hint string) string {
	return illegal.ReplaceAllString(huma.DefaultSchemaNamer(t, hint), "")
}

var illegal = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// describe completes the OpenAPI document once every route stands in it: the answers that any request may get, and the
// nulls that Go's pointers are sent as.
func describe(doc *huma.OpenAPI) {
	refused := doc.Components.Schemas.Schema(reflect.TypeFor[problem.Problem](), true, "")
	for _, path := range doc.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Put, path.Post, path.Patch, path.Delete} {
			if op == nil {
				continue
			}
			if op.Responses == nil {
				op.Responses = map[string]*huma.Response{}
			}
			for _, status := range mayAnswer(op) {
				key := strconv.Itoa(status)
				if op.Responses[key] == nil {
					op.Responses[key] = &huma.Response{Description: http.StatusText(status),
						Content: map[string]*huma.MediaType{problem.MediaType: {Schema: refused}}}
				}
			}
			if op.Method == http.MethodGet && op.Responses["304"] == nil && op.Responses["200"] != nil &&
				op.Metadata[auth.Secret] == nil {
				op.Responses["304"] = &huma.Response{Description: http.StatusText(http.StatusNotModified)}
			}
		}
	}
	nameKinds(doc.Components.Schemas)
	declareNulls(doc.Components.Schemas)
	group(doc)
}

// nameKinds lets a command be of the kinds that can be ordered, and its subject of the collections that there are, as
// the rows have them.
func nameKinds(schemas huma.Registry) {
	var kinds []string
	for _, k := range ledger.Kinds() {
		if !k.Unordered {
			kinds = append(kinds, k.Name)
		}
	}
	limit := func(t reflect.Type, member string, values []string) *huma.Schema {
		schema := schemas.SchemaFromRef("#/components/schemas/" + schemaName(t, "")).Properties[member]
		schema.Enum = enumOf(values)
		schema.PrecomputeMessages()
		return schema
	}
	limit(reflect.TypeFor[ledger.Command](), "kind", kinds).Extensions = map[string]any{"x-kinds": kindRows()}
	limit(reflect.TypeFor[ordered](), "kind", kinds)
	limit(reflect.TypeFor[ledger.Subject](), "collection", ledger.Subjects())
}

// kindRow is what the document says of a kind of change.
type kindRow struct {
	Name     string              `json:"name"`
	Takes    []string            `json:"takes,omitempty"`
	From     []land.ParcelStatus `json:"from,omitempty"`
	Ordered  bool                `json:"ordered"`
	Two      bool                `json:"two"`
	Document bool                `json:"document"`
	Frees    bool                `json:"frees"`
	Final    bool                `json:"final"`
	Reshapes bool                `json:"reshapes"`
}

// kindRows lists every kind of change, those too that nobody orders.
func kindRows() []kindRow {
	var all []kindRow
	for _, k := range ledger.Kinds() {
		all = append(all, kindRow{k.Name, k.Takes, k.From, !k.Unordered, k.Two, k.Document != nil, k.Frees, k.Final,
			k.Reshapes})
	}
	return all
}

// enumOf is the only values that a schema takes.
func enumOf(values []string) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

// mayAnswer are the statuses of refusals common to all operations: bad parameters and bodies, missing rights, a busy
// server.
func mayAnswer(op *huma.Operation) []int {
	all := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestURITooLong,
		http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusServiceUnavailable}
	if strings.Contains(op.Path, "{") {
		all = append(all, http.StatusNotFound)
	}
	if op.Method != http.MethodGet {
		all = append(all, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
			http.StatusInsufficientStorage)
	}
	return all
}

// declareNulls lets a member be null that Go sends so: a pointer to an object that is not left out when nil. Of
// pointers to texts and numbers huma knows.
func declareNulls(schemas huma.Registry) {
	for name, schema := range schemas.Map() {
		t := schemas.TypeFromRef("#/components/schemas/" + name)
		for t != nil && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		for _, field := range reflect.VisibleFields(t) {
			tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			member := schema.Properties[tag]
			if member == nil || member.Ref == "" || field.Type.Kind() != reflect.Pointer ||
				strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero") {
				continue
			}
			null := &huma.Schema{Type: "null"}
			schema.Properties[tag] = &huma.Schema{Description: member.Description,
				AnyOf: []*huma.Schema{{Ref: member.Ref}, null}}
			schema.Properties[tag].PrecomputeMessages()
		}
	}
}
