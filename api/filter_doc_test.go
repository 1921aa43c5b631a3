package api_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/data/feed"
)

// TestTheQueriesOfTheDocumentFindFeatures asks each query of docs/filters.md of the sample, and holds its tables to the
// program.
func TestTheQueriesOfTheDocumentFindFeatures(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	text, err := os.ReadFile("../docs/filters.md")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, block := range regexp.MustCompile("(?s)```(cql2|json|http)\n(.*?)```").FindAllStringSubmatch(string(text),
		-1) {
		for line := range strings.SplitSeq(strings.TrimSpace(block[2]), "\n") {
			path, is := strings.CutPrefix(line, "GET ")
			switch {
			case block[1] == "cql2":
				path = asking("parcels", "filter", line)
			case block[1] == "json":
				path = asking("parcels", "filter", line, "filter-lang", "cql2-json")
			case !is:
				t.Errorf("%s is no request", line)
			}
			var page items
			h.json(path, &page)
			if asked++; page.Returned == 0 {
				t.Errorf("%s finds nothing", line)
			}
		}
	}
	if asked < 20 {
		t.Errorf("%d queries read", asked)
	}
	for _, c := range feed.Collections() {
		row := "| `" + c.ID + "` | `" + strings.Join(c.Searched(), "`, `") + "` |"
		if !slices.Contains(strings.Split(string(text), "\n"), row) {
			t.Errorf("the document lacks %s", row)
		}
	}
}
