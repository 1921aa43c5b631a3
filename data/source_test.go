package data_test

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A query that parses what is stored gives stored text power: a backslash in a unit once ended every match. Each row is
// a form in which SQL parses a text anew, and what may stand in it.
var parsesAnew = []struct {
	form    *regexp.Regexp
	allowed *regexp.Regexp // of the first group; nil: nothing
}{
	// reads \ as an escape
	{regexp.MustCompile(`(?i)(\S*)::\s*bytea\b`), regexp.MustCompile(`\$\d+$`)},
	// a number; the JSON that PostgreSQL itself prints
	{regexp.MustCompile(`(?i)(\S*::text::\w+)`),
		regexp.MustCompile(`^(p\.xmin::text::bigint|v\.services::text::json)$`)},
	{regexp.MustCompile(`(?i)\b(string_to_array|string_to_table|xmlparse|query_to_xml|xpath|phraseto_tsquery|to_tsquery|parse_ident|dblink)\s*\(`), nil},
	// a literal; names of the catalog
	{regexp.MustCompile(`(?i)(\S+)::\s*(?:jsonpath|tsquery|tsvector|xml|regclass|regtype|regproc|regprocedure|ltree|lquery)\b`), regexp.MustCompile(`'$|^(p\.)?oid$|^s\.tablename\)$`)},
	// a pattern that is no literal
	{regexp.MustCompile(`(?i)\s!?~\*?\s*([^\s=~<>]+)`), regexp.MustCompile(`^\(?'`)},
	// a literal, a parameter that likeEscaper went over, or the pattern of a filter, which geo/cql2 holds to be a
	// literal
	{regexp.MustCompile(`(?i)\bI?LIKE\s+(\S+)`), regexp.MustCompile(`^('|\$\d|%\[2\]s)`)},
	// of a trigger, a grant, or names put in by %I
	{regexp.MustCompile(`\bEXECUTE\s+(\w+)`), regexp.MustCompile(`^(format|FUNCTION|FUNCTIONS|PROCEDURE|ON)$`)},
	// from functions by their own names, while migrating
	{regexp.MustCompile(`\bEXECUTE\s+format\(\s*'(\w+)[^;]*?%(?:\d+\$)?[sL]`), regexp.MustCompile(`^(REVOKE|GRANT)$`)},
}

func TestNoQueryParsesStoredText(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"node_modules", ".git", "web", "var", "bin"}, entry.Name()) {
			return filepath.SkipDir
		}
		sql := strings.HasSuffix(path, ".sql")
		if !sql && (!strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go")) {
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		text := literals(body)
		if sql {
			text = regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(string(body), "")
		}
		for _, anew := range parsesAnew {
			for _, m := range anew.form.FindAllStringSubmatch(text, -1) {
				if anew.allowed == nil || !anew.allowed.MatchString(m[1]) {
					t.Errorf("%s: %q parses a text that may be stored", path, strings.TrimSpace(m[0]))
				}
			}
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Fatalf("%d files, %v", files, err)
	}
}

// literals gives what stands in the strings of a Go file.
func literals(file []byte) string {
	var s scanner.Scanner
	var all strings.Builder
	set := token.NewFileSet()
	s.Init(set.AddFile("", set.Base(), len(file)), file, nil, 0)
	for {
		_, kind, text := s.Scan()
		switch kind {
		case token.EOF:
			return all.String()
		case token.STRING:
			all.WriteString(text + "\n")
		}
	}
}

// Lists of codes come in the order in which people count. The codes of parks, districts and chains are names in an
// address; one plan unit is picked by any order that stays.
func TestListsOfCodesSortAsPeopleCount(t *testing.T) {
	t.Parallel()
	ordered := regexp.MustCompile("ORDER BY [^;()`]*?\\b(\\w+\\.code)\\b")
	allowed := map[string][]string{
		// parks and districts
		"backup/contents.go": {"p.code"}, "feed/parks.go": {"p.code"}, "people/account.go": {"p.code"},
		"registry/party.go": {"d.code"}, "siting/district.go": {"d.code"},
		"registry/project_write.go": {"k.code"}, "registry/project.go": {"k.code"}, "feed/rows.go": {"k.code"},
		"feed/parcels.go": {"u.code"}, "ledger/order_merge.go": {"p.code"}, // LIMIT 1
		"feed/search.go": {"f.code"}, // by whether it is what was asked for
	}
	files := 0
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, m := range ordered.FindAllStringSubmatch(literals(body), -1) {
			if !slices.Contains(allowed[path], m[1]) {
				t.Errorf("%s: %q: order by code_order(%s)", path, m[0], m[1])
			}
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Fatalf("%d files, %v", files, err)
	}
}
