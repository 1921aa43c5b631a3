package sample

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheTextsOfTheSampleAreInTheTable holds message/sample.json to the sample's texts that are written as "Chinese /
// English": the page shows its reader a half of these and of no other text.
func TestTheTextsOfTheSampleAreInTheTable(t *testing.T) {
	t.Parallel()
	stated := map[string]bool{}
	both := regexp.MustCompile(`\p{Han}.* / .*[a-z]{2}`)
	var walk func(value any)
	walk = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			for _, member := range value {
				walk(member)
			}
		case []any:
			for _, member := range value {
				walk(member)
			}
		case string:
			if both.MatchString(value) {
				stated[value] = true
			}
		}
	}
	for _, said := range []string{reason, titleSource, roleSource, targetPlace, targetSource, mandateName} {
		walk(said)
	}
	for _, text := range append(chains(), lingang, youkangFlow, runningFlow, stories, []byte(documents)) {
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
		walk(value)
	}
	table, err := os.ReadFile("../../message/sample.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows map[string]struct{ ZH, EN string }
	if err := json.Unmarshal(table, &rows); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, row := range rows {
		known[row.ZH+" / "+row.EN] = true
	}
	if diff := cmp.Diff(stated, known); diff != "" || len(stated) == 0 {
		t.Errorf("message/sample.json and the sample's texts differ (-sample +table):\n%s", diff)
	}
}
