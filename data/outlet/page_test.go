package outlet_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"luodi/data/outlet"
)

var update = flag.Bool("update", false, "write the golden files")

// The page's list of formats is this table: -update writes it.
func TestThePageHasTheTableOfFormats(t *testing.T) {
	t.Parallel()
	type row struct {
		Name   string `json:"name"`
		Title  string `json:"title"`
		Ending string `json:"ending"`
		Layers bool   `json:"layers"`
		Plans  bool   `json:"plans"`
		GBK    bool   `json:"gbk"`
		System string `json:"system"`
	}
	var rows []row
	for _, f := range outlet.Formats() {
		rows = append(rows, row{f.Name, f.Title, f.Ending, f.Layers, f.Plans, f.GBK, f.Systems()})
	}
	var want bytes.Buffer
	encoder := json.NewEncoder(&want)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(map[string]any{"formats": rows, "layers": outlet.Layers()}); err != nil {
		t.Fatal(err)
	}
	const golden = "../../web/src/outlet/formats.json"
	if *update {
		if err := os.WriteFile(golden, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(golden)
	if err != nil || compact(t, got) != compact(t, want.Bytes()) {
		t.Errorf("%s is not the table, %v: go test ./data/outlet -run ThePage -update", golden, err)
	}
}

// compact is a JSON text without the blanks that the page's formatter moves.
func compact(t *testing.T, text []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, text); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
