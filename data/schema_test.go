package data_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luodi/data/store/cluster"
	"luodi/data/store/storetest"
)

var update = flag.Bool("update", false, "rewrite golden files")

// noise is what pg_dump prints that is not schema: its own version, session settings, one-time tokens.
var noise = regexp.MustCompile(`(?m)^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)\n`)

func TestSchemaIsTheOneWrittenDown(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	bin, err := cluster.FindBinaries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "pg_dump"), "--schema-only", "--no-owner",
		"--exclude-table=schema_version", db.Source.URL)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pg_dump: %v", err)
	}
	got := regexp.MustCompile(`\n{3,}`).ReplaceAllString(noise.ReplaceAllString(string(out), ""), "\n\n")
	got = strings.TrimSpace(got) + "\n"
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the files of data/schema give another schema than data/schema.sql; see the difference, then run `make "+
			"schema` (-want +got):\n%s", diff)
	}
}
