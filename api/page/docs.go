package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"luodi/message"
)

// Docs draws an OpenAPI document: one section an operation, with its parameters and what it answers.
func Docs(doc *huma.OpenAPI, lang message.Lang) []Section {
	text := func(key string) string { return message.Text(lang, key) }
	paths := make([]string, 0, len(doc.Paths))
	for path := range doc.Paths {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	var sections []Section
	for _, path := range paths {
		op := doc.Paths[path].Get
		if op == nil {
			continue
		}
		s := Section{Title: "GET " + path, Text: known(lang, "api.docs."+op.OperationID, op.Summary), Table: &Table{Head: []string{text("api.head.name"), text("api.head.place"), text("api.head.type"), text("api.head.meaning")}}}
		for _, param := range op.Parameters {
			param = resolve(doc, param)
			s.Table.Rows = append(s.Table.Rows, []Cell{{Text: param.Name, Code: true}, {Text: text("api.place." + param.In)}, {Text: typeOf(doc, param.Schema), Code: true}, {Text: known(lang, "api.docs.parameter."+param.Name, param.Description)}})
		}
		s.Table.Rows = append(s.Table.Rows, answers(doc, op, lang)...)
		sections = append(sections, s)
	}
	return sections
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
		rows = append(rows, []Cell{{Text: status, Code: true}, {Text: message.Text(lang, "api.place.answer")}, {Text: strings.Join(kinds, ", "), Code: true}, {Text: known(lang, "api.answer."+status, response.Description)}})
	}
	return rows
}

// known is the table's text of a key, or what the document itself says.
func known(lang message.Lang, key, said string) string {
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
