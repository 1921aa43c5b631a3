package outlet

import (
	"strings"
	"testing"
)

// No text of CSV begins as a formula does, and every text comes back by taking one apostrophe away.
func TestTextsOfCSVAreNoFormulas(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "甲", "=1+1", "+86 631", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠a", "'x",
		"''"} {
		got := harmless(text)
		if got != "" && strings.ContainsAny(got[:1], "=+-@\t\r") {
			t.Errorf("%q is %q", text, got)
		}
		if strings.TrimPrefix(got, "'") != text {
			t.Errorf("%q comes back as %q", text, strings.TrimPrefix(got, "'"))
		}
	}
}

// Ten letters, each once.
func TestShortNamesAreToldApart(t *testing.T) {
	t.Parallel()
	var fields []Field
	for _, name := range []string{"service_water", "service_water_capacity", "abcdefghijk", "abcdefghijl",
		"abcdefghijm", "id"} {
		fields = append(fields, Field{Name: name})
	}
	got := strings.Join(shortNames(fields), " ")
	if got != "id s_water s_water_c abcdefghij abcdefghi2 abcdefghi3 id2" {
		t.Error(got)
	}
}
