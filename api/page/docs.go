package page

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"luodi/message"
)

// Docs renders an OpenAPI document, grouped by tag in the order of its tags. Each operation is a section: its
// readers, its parameters and its answers.
func Docs(doc *huma.OpenAPI, lang message.Lang) []Section {
	groups := map[string][]Section{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		item := doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			tag := ""
			if len(op.Tags) > 0 {
				tag = op.Tags[0]
			}
			groups[tag] = append(groups[tag], operation(doc, op, lang))
		}
	}
	var sections []Section
	for _, tag := range order(doc, groups) {
		sections = append(sections, Section{Title: Known(lang, "api.docs.group."+cmp.Or(tag, "public"), tag),
			Text: Known(lang, "api.docs.group."+cmp.Or(tag, "public")+".about", "")})
		sections = append(sections, groups[tag]...)
	}
	return sections
}

// order lists the groups as the document does, then those that it does not name.
func order(doc *huma.OpenAPI, groups map[string][]Section) []string {
	var tags []string
	for _, tag := range doc.Tags {
		if groups[tag.Name] != nil {
			tags = append(tags, tag.Name)
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(groups)) {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// Needs says in words which role an operation needs.
func Needs(op *huma.Operation, lang message.Lang) string {
	who := message.Text(lang, needs(op))
	return message.Text(lang, "api.docs.needs", "who", who)
}

func operation(doc *huma.OpenAPI, op *huma.Operation, lang message.Lang) Section {
	text := func(key string) string { return message.Text(lang, key) }
	s := Section{
		Title: op.Method + " " + op.Path,
		Text: message.Text(lang, "api.docs.operation", "what", Known(lang, "api.docs."+op.OperationID, op.Summary),
			"who", text(needs(op))),
		Table: &Table{Head: []string{text("api.head.name"), text("api.head.place"), text("api.head.type"),
			text("api.head.meaning")}},
	}
	for _, param := range op.Parameters {
		param = resolve(doc, param)
		s.Table.Rows = append(s.Table.Rows, []Cell{{Text: param.Name, Code: true},
			{Text: text("api.place." + param.In)}, {Text: typeOf(doc, param.Schema), Code: true},
			{Text: Known(lang, "api.docs.parameter."+param.Name, param.Description)}})
	}
	if op.RequestBody != nil {
		for _, kind := range slices.Sorted(maps.Keys(op.RequestBody.Content)) {
			s.Table.Rows = append(s.Table.Rows, []Cell{{Text: members(doc, op.RequestBody.Content[kind].Schema),
				Code: true}, {Text: text("api.place.body")}, {Text: kind, Code: true},
				{Text: text("api.docs.members")}})
		}
	}
	s.Table.Rows = append(s.Table.Rows, answers(doc, op, lang)...)
	return s
}

// needs is the message key for the role an operation needs: the operation's own key, or the general one for reading
// or for changing unpublished data, by its method.
func needs(op *huma.Operation) string {
	const prefix = "api.docs.needs."
	switch {
	case len(op.Security) == 0:
		return prefix + "nobody"
	case slices.ContainsFunc(op.Security, func(s map[string][]string) bool { return len(s) == 0 }):
		return prefix + "anybody"
	case message.Known(prefix + op.OperationID):
		return prefix + op.OperationID
	case op.Method == http.MethodGet:
		return prefix + "see"
	}
	return prefix + "change"
}

// members lists the properties of a body's object, the required ones first.
func members(doc *huma.OpenAPI, schema *huma.Schema) string {
	if schema != nil && schema.Ref != "" {
		schema = doc.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	if schema == nil {
		return ""
	}
	names := slices.Sorted(maps.Keys(schema.Properties))
	names = slices.DeleteFunc(names, func(name string) bool {
		return slices.Contains(schema.Required, name) ||
			name == "$schema"
	})
	return strings.Join(slices.Concat(schema.Required, names), ", ")
}

// answers lists what an operation answers, by status.
func answers(doc *huma.OpenAPI, op *huma.Operation, lang message.Lang) [][]Cell {
	statuses := make([]string, 0, len(op.Responses))
	for status := range op.Responses {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	var rows [][]Cell
	for _, status := range statuses {
		response := op.Responses[status]
		if name, ok := strings.CutPrefix(response.Ref, "#/components/responses/"); ok {
			response = doc.Components.Responses[name]
		}
		kinds := make([]string, 0, len(response.Content))
		for kind := range response.Content {
			kinds = append(kinds, kind)
		}
		slices.Sort(kinds)
		rows = append(rows, []Cell{{Text: status, Code: true}, {Text: message.Text(lang, "api.place.answer")},
			{Text: strings.Join(kinds, ", "), Code: true},
			{Text: Known(lang, "api.answer."+status, response.Description)}})
	}
	return rows
}

// Known is the table's text of a key, or what the document itself says.
func Known(lang message.Lang, key, said string) string {
	if message.Known(key) {
		return message.Text(lang, key)
	}
	return said
}

func resolve(doc *huma.OpenAPI, param *huma.Param) *huma.Param {
	if name, ok := strings.CutPrefix(param.Ref, "#/components/parameters/"); ok {
		return doc.Components.Parameters[name]
	}
	return param
}

// typeOf names a schema's type, its values where they are few enough to list.
func typeOf(doc *huma.OpenAPI, schema *huma.Schema) string {
	if schema == nil {
		return ""
	}
	kind := schema.Type
	if schema.Format != "" {
		kind = schema.Format
	}
	if len(schema.Enum) > 0 {
		values := make([]string, len(schema.Enum))
		for i, value := range schema.Enum {
			values[i] = fmt.Sprint(value)
		}
		kind = strings.Join(values, " | ")
	}
	if schema.Default != nil {
		kind += fmt.Sprintf(" = %v", schema.Default)
	}
	return kind
}
