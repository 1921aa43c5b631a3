package store

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// isDamage tells a page or file that the disk gave back wrong from a rule of ours that uses the same code
// (refuse_false_word).
func isDamage(pg *pgconn.PgError) bool {
	switch pg.Code {
	case "XX001", "XX002": // data_corrupted, index_corrupted
		return pg.Routine != "exec_stmt_raise"
	}
	return pg.Code == "58030" && damagedFile.MatchString(pg.Message) // io_error
}

var (
	damagedFile  = regexp.MustCompile(`\bbase/\d+/(\d+)`)
	damagedIndex = regexp.MustCompile(`(?:index|relation|table|in) "?([A-Za-z_][A-Za-z0-9_]*)"?`)
)

// mostDamaged bounds the parts that are kept in memory; a disk that rots at more places is told as well by these.
const mostDamaged = 20

// damages are the damaged parts that statements of this process have met, each once, as the database named them: a
// file's number, or a relation's name.
type damages struct {
	mu    sync.Mutex
	parts []string
}

// hear is told every error that the server sends on any connection of the store.
func (d *damages) hear(pg *pgconn.PgError) {
	if !isDamage(pg) {
		return
	}
	part := partOf(pg.Message)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, known := range d.parts {
		if known == part {
			return
		}
	}
	if len(d.parts) < mostDamaged {
		d.parts = append(d.parts, part)
	}
}

func (d *damages) all() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.parts...)
}

func partOf(said string) string {
	if file := damagedFile.FindStringSubmatch(said); file != nil {
		return file[1]
	}
	if name := damagedIndex.FindStringSubmatch(said); name != nil {
		return name[1]
	}
	return said
}

// sqlFileNames turns the numbers of files into the relations they are of; an index and a TOAST table with the table
// they belong to.
const sqlFileNames = `
SELECT f.n::text AS file, CASE WHEN t.relname IS NULL OR t.oid = c.oid THEN c.relname
       ELSE t.relname || ' (' || c.relname || ')' END AS name
  FROM unnest($1::bigint[]) f(n) JOIN pg_class c ON c.oid = pg_filenode_relation(0, f.n::oid)
  LEFT JOIN pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_class o ON o.reltoastrelid = c.oid OR o.reltoastrelid = i.indrelid
  LEFT JOIN pg_class t ON t.oid = coalesce(o.oid, i.indrelid)`

// Damaged names the parts of the database that were found damaged since this process began: tables, and indexes with
// their table. The pages nobody has read yet are not known; `luodi doctor` reads them all.
func (s *Store) Damaged(ctx context.Context) []string {
	parts := s.damages.all()
	if len(parts) == 0 {
		return nil
	}
	named, err := nameFiles(ctx, s.Planner, parts)
	if err != nil {
		return parts
	}
	return named
}

// nameFiles replaces in parts the numbers of files by the names of what is in them; what the catalogue doesn't know
// stays.
func nameFiles(ctx context.Context, q Querier, parts []string) ([]string, error) {
	var numbers []string
	for _, part := range parts {
		if strings.Trim(part, "0123456789") == "" {
			numbers = append(numbers, part)
		}
	}
	rows, err := q.Query(ctx, sqlFileNames, numbers)
	if err != nil {
		return nil, Translate("name damaged files", err)
	}
	names := map[string]string{}
	var file, name string
	if _, err := pgx.ForEachRow(rows, []any{&file, &name},
		func() error { names[file] = name; return nil }); err != nil {
		return nil, Translate("name damaged files", err)
	}
	var named []string
	for _, part := range parts {
		if name, ok := names[part]; ok {
			part = name
		}
		named = append(named, part)
	}
	return named, nil
}

// NameDamaged names the relations whose files, within a server's folder, hold damaged pages. Files of other databases
// keep their names.
func NameDamaged(ctx context.Context, src Source, files []string) ([]string, error) {
	conn, err := src.Connect(ctx)
	if err != nil {
		return files, err
	}
	defer CloseConn(conn)
	var oid string
	if err := conn.QueryRow(ctx,
		`SELECT oid::text FROM pg_database WHERE datname = current_database()`).Scan(&oid); err != nil {
		return files, Translate("name damaged files", err)
	}
	parts := make([]string, len(files))
	for i, file := range files {
		parts[i] = file
		if number, ours := strings.CutPrefix(file, "base/"+oid+"/"); ours {
			parts[i] = leadingDigits.FindString(number)
		}
	}
	named, err := nameFiles(ctx, conn, parts)
	if err != nil {
		return files, err
	}
	return slices.Compact(named), nil
}

// leadingDigits is the number of a file whose name may end in a segment's number (.1) or a fork's name (_vm).
var leadingDigits = regexp.MustCompile(`^\d+`)

const sqlAllTables = `
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND n.nspname NOT LIKE 'pg\_toast%' ORDER BY 1`

// ReadTables reads every row of every table, long values included, and names the tables where that fails on damage. Of
// indexes it reads none.
func ReadTables(ctx context.Context, src Source) ([]string, error) {
	conn, err := src.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer CloseConn(conn)
	rows, err := conn.Query(ctx, sqlAllTables)
	if err != nil {
		return nil, Translate("list the tables", err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, Translate("list the tables", err)
	}
	var damaged []string
	for _, table := range tables {
		_, err := conn.Exec(ctx, `SELECT sum(length(t::text)) FROM `+table+` t`) // quoted by format above
		switch err := Translate("read "+table, err); {
		case errors.Is(err, ErrDamaged):
			damaged = append(damaged, table)
		case err != nil:
			return damaged, err
		}
	}
	return damaged, nil
}
