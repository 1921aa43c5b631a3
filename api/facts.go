package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"luodi/data/feed"
)

// facts describes feed.Facts: which there are, of what, and of which type.
type facts struct{}

// Schema lists every fact; which of them an object has depends on its collection.
func (facts) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Description: "Facts by name; null clears one.",
		Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, f := range feed.FactDocs() {
		of := &huma.Schema{Type: huma.TypeString, Nullable: true, Description: "Of " + strings.Join(f.Of, ", ") + "."}
		switch f.Kind {
		case feed.Number, feed.Decimal:
			of.Type = huma.TypeNumber
		case feed.Object:
			of.Type, of.AdditionalProperties = huma.TypeObject, true
		}
		s.Properties[f.Name] = of
	}
	return s
}
