package outlet_test

import (
	"os"
	"strings"
	"testing"

	"luodi/data/outlet"
)

// docs/export.md has a row for each format and names each layer.
func TestTheDocumentNamesEveryFormat(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range outlet.Formats() {
		if !strings.Contains(string(text), "\n| `"+f.Name+"` |") {
			t.Errorf("no row for %s", f.Name)
		}
	}
	for _, layer := range outlet.Layers() {
		if !strings.Contains(string(text), "`"+layer+"`") {
			t.Errorf("layer %s is not named", layer)
		}
	}
}
