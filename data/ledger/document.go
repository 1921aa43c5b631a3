package ledger

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"luodi/geo"
)

// checkDocuments refuses addresses that a browser would do something else with than open a page: javascript:, data:,
// file: and their like.
func checkDocuments(documents []Document) error {
	for i, d := range documents {
		if d.URL == "" {
			continue
		}
		at, err := url.Parse(d.URL)
		web := err == nil && (strings.EqualFold(at.Scheme, "https") || strings.EqualFold(at.Scheme, "http")) &&
			at.Hostname() != "" && at.User == nil
		if !web || strings.ContainsFunc(d.URL, func(r rune) bool {
			return unicode.IsSpace(r) ||
				unicode.In(r, unicode.C)
		}) {
			return geo.NewInvalid(fmt.Sprintf("documents[%d].url", i), "url.web", d.URL)
		}
	}
	return nil
}
