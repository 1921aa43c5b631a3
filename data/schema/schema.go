// Package schema creates and upgrades the database. Tables change by migrations. The rules in force (functions,
// triggers, views, grants) are replaced whole on upgrade.
//
// The files tables/NNNN_verb_noun.sql are applied once each, in order. Those up to Baseline create a new database;
// later ones change tables and their rows. The *.sql files beside this one are the rules, one idea a file, run in the
// order of their names. They are the only place that defines what the database refuses. 00_map.sql maps the triggers.
package schema

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strconv"
)

// The roles that 10_roles.sql makes. The owner of the schema is the connection's user.
const (
	PlannerRole = "luodi_planner"
	PublicRole  = "luodi_public"
)

// Versions of a schema. Until 2026-11 the whole schema was a history of migrations 1 to LastOld; then it was folded
// into the tables up to Baseline and the rules. A database at LastOld has the same tables as one at Baseline, and is
// adopted as that; one at OldestKept or later is first taken to LastOld by the files in before/, as they were. The two
// ranges share no number, and a program of before the fold takes Baseline for a newer schema and refuses it.
const (
	OldestKept = 26
	LastOld    = 42
	Baseline   = 112
)

// OldestKeptAt is the commit whose luodi takes databases that are older still to OldestKept.
const OldestKeptAt = "7d0f6b7"

//go:embed before/*.sql
var oldFiles embed.FS

//go:embed tables/*.sql
var tableFiles embed.FS

//go:embed *.sql
var ruleFiles embed.FS

// edition.txt has the number of the rules' newest edition and its checksum; `make schema` writes both after a change.
// By the number a program recognises rules newer than its own, and leaves them alone.
//
//go:embed edition.txt
var editionFile string

// Edition is the number of this program's rules, and their sum as it was when they were given that number.
func Edition() (number int, sum string, err error) {
	_, err = fmt.Sscanf(editionFile, "%d %s", &number, &sum)
	return number, sum, err
}

// Map is the file that maps the triggers.
const Map = "00_map.sql"

const rolesFile = "10_roles.sql"

// file is one file of SQL.
type file struct {
	name    string
	version int // of a table file
	sql     string
}

func read(from fs.FS, pattern string) []file {
	names, err := fs.Glob(from, pattern) // sorted
	if err != nil {
		panic(err)
	}
	files := make([]file, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			panic(err)
		}
		files = append(files, file{name: name, sql: string(text)})
	}
	return files
}

// before returns the migrations from before the fold, from the one after OldestKept to LastOld. They are frozen; the
// rules they define are replaced by the rules in force.
func before() ([]file, error) { return numbered(read(oldFiles, "before/*.sql")) }

// tables are the files that are applied once each, in order of their versions.
func tables() ([]file, error) { return numbered(read(tableFiles, "tables/*.sql")) }

func numbered(files []file) ([]file, error) {
	for i := range files {
		number, err := strconv.Atoi(path.Base(files[i].name)[:4])
		if err != nil {
			return nil, fmt.Errorf("%s: a table file begins with its version: %w", files[i].name, err)
		}
		if i > 0 && number != files[i-1].version+1 {
			return nil, fmt.Errorf("%s: version %d follows %d", files[i].name, number, files[i-1].version)
		}
		files[i].version = number
	}
	return files, nil
}

// rules are the files of the rules in force, in the order in which they are run.
func rules() []file { return read(ruleFiles, "*.sql") }

// RulesSum is a checksum of the rules, by which one program's rules are told from another's.
func RulesSum() string {
	sum := sha256.New()
	for _, f := range rules() {
		fmt.Fprintf(sum, "%s %d\n%s", f.name, len(f.sql), f.sql)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Target is the version of this program's tables.
func Target() (int, error) {
	files, err := tables()
	if err != nil {
		return 0, err
	}
	return files[len(files)-1].version, nil
}

// Text is one of the rule files, by name.
func Text(name string) (string, error) {
	text, err := ruleFiles.ReadFile(name)
	return string(text), err
}
