package api_test

import (
	"slices"
	"strings"
)

// written lists the texts that a body may hold, by their place in it: "object.facts.code", "documents[].title",
// "figures.*" for what the document does not name. Values of enumerations, ids, moments and secrets are none.
func (d *document) written(s schema, place string, seen ...string) []string {
	if slices.Contains(seen, s.Ref) && s.Ref != "" {
		return nil
	}
	seen = append(seen, s.Ref)
	s = d.resolve(s)
	var all []string
	for name, member := range s.Properties {
		if name == "$schema" {
			continue
		}
		all = append(all, d.written(member, strings.TrimPrefix(place+"."+name, "."), seen...)...)
	}
	switch {
	case s.WriteOnly || len(s.Enum) > 0 || slices.Contains([]string{"uuid", "date-time", "binary"}, s.Format):
	case s.Items != nil:
		all = append(all, d.written(*s.Items, place+"[]", seen...)...)
	case s.is("string"):
		all = append(all, place)
	case len(s.Properties) == 0 && (s.Type == nil || s.is("object")):
		all = append(all, place+".*")
	}
	slices.Sort(all)
	return all
}

// is reports whether a value may be of a type, alone or beside null.
func (s schema) is(kind string) bool {
	switch t := s.Type.(type) {
	case string:
		return t == kind
	case []any:
		return slices.Contains(t, any(kind))
	}
	return false
}
