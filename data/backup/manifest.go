// Package backup makes copies of a database, proves them by restoring them, and restores them. A backup is one tar
// file: what made it, the dump of pg_dump in pieces, and last the manifest, without which it is not whole.
// docs/backup.md says how to use it, and how to do without this program.
package backup

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kinds of failure. Match with errors.Is.
var (
	ErrNotBackup  = errors.New("not a backup of luodi")
	ErrBroken     = errors.New("the backup is not whole")
	ErrNewer      = errors.New("the backup was made by a newer luodi")
	ErrNotEmpty   = errors.New("there is something already where the backup should be restored")
	ErrDifferent  = errors.New("what was restored is not what was backed up")
	ErrNoTools    = errors.New("pg_dump and pg_restore of the server's version are not installed")
	ErrToolFailed = errors.New("a tool of PostgreSQL failed")
	ErrBusy       = errors.New("another backup is being made in this folder")
	ErrNoRoom     = errors.New("no space left for the backup")
)

// formatVersion counts changes of the file's layout that older programs can't read.
const formatVersion = 1

// Head is the first member of a backup: enough to tell whether this program can restore it.
type Head struct {
	Format   int       `json:"format"`
	MadeBy   string    `json:"made_by"`  // the program and its version
	Schema   int       `json:"schema"`   // how far the database was migrated
	Postgres string    `json:"postgres"` // the server's version
	At       time.Time `json:"at"`       // the moment of the snapshot, by the server's clock
}

// Manifest is the last member: what the database held at the moment of the snapshot.
type Manifest struct {
	Head
	Clocks []Clock `json:"clocks"`
	Tables []Table `json:"tables"`
	Dump   Dump    `json:"dump"`
}

// Clock is where a park's clock stood: the number of its newest change and when that was, "-infinity" before the first.
type Clock struct {
	Park string `json:"park"`
	Seq  int64  `json:"seq"`
	At   string `json:"at"`
}

// Table is how many rows a table held and the sum of their MD5s, 2 × 64 bit, which doesn't depend on their order.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	Sum  string `json:"sum"`
}

// Dump is the archive of pg_dump (its custom format) that the pieces make up.
type Dump struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Pieces int    `json:"pieces"`
}

// Rows is how many there are in all.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// mostTold bounds the differences that are told.
const mostTold = 10

// same compares the restored contents with the manifest and returns the first few differences as an ErrDifferent.
func (m Manifest) same(restored contents) error {
	var told []string
	compare(&told, m.Clocks, restored.Clocks, func(c Clock) string { return "the clock of " + c.Park })
	compare(&told, m.Tables, restored.Tables, func(t Table) string { return "table " + t.Name })
	if len(told) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrDifferent, strings.Join(told[:min(len(told), mostTold)], "; "))
}

func compare[T comparable](told *[]string, want, got []T, name func(T) string) {
	is := map[string]T{}
	for _, v := range got {
		is[name(v)] = v
	}
	for _, v := range want {
		if have, there := is[name(v)]; !there || have != v {
			*told = append(*told, fmt.Sprintf("%s: %+v was backed up, %+v is there", name(v), v, have))
		}
		delete(is, name(v))
	}
	for extra := range is {
		*told = append(*told, extra+" was not backed up")
	}
}
