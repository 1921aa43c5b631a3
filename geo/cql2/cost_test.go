package cql2

import (
	"strings"
	"testing"
	"time"
)

// TestNoTextTakesLongToRefuseOrRead: the largest texts of each repetitive form are read or refused in far less time
// than a request takes.
func TestNoTextTakesLongToRefuseOrRead(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"(", "NOT ", "-", "1 AND ", "a=1 OR ", "CASEI(", "a,", "''", "'", `"`, "POINT(", "1+",
		"MULTIPOINT(", "0 0,", "[", "{", `{"a":`, `"a",`, "1,", `{"op":"and","args":[`, "落"} {
		text := strings.Repeat(part, MaxBytes/len(part))
		for _, whole := range []string{text, "S_INTERSECTS(geometry,MULTIPOINT(" + text, "code IN (" + text,
			"[" + strings.TrimSuffix(text, ",") + "]", `{"op":"in","args":[1,[` + strings.TrimSuffix(text, ",") +
				`]]}`} {
			whole = whole[:min(len(whole), MaxBytes)]
			from := time.Now()
			for _, parse := range []func(string) (Node, error){ParseText, ParseDraft, ParseJSON} {
				if tree, err := parse(whole); err == nil {
					_, _ = land.Check(tree)
				}
			}
			if took := time.Since(from); took > 2*time.Second {
				t.Errorf("%.40s… takes %s", whole, took)
			} else if took > 50*time.Millisecond {
				t.Logf("%.40s… takes %s", whole, took)
			}
		}
	}
}
