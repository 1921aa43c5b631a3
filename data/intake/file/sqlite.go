package file

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// How an SQLite file that nobody vouches for is opened:
//
//  1. Its header must agree with its size, and no journal may lie beside it: with immutable=1 SQLite would not look.
//  2. Read-only and immutable, in defensive mode, its schema not trusted, no memory mapping, cells checked on each
//     page.
//  3. An authorizer lets statements select, read and count, and nothing else: no ATTACH, no function that the file
//     names.
//  4. Sizes of values, statements and expressions are limited before the first statement.
//  5. Only ordinary tables are read: a view or virtual table would run what the file says.
const sqliteQuery = "mode=ro&immutable=1&_defensive=1&_dqs=0&_error_rc=1" +
	"&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)&_pragma=mmap_size(0)&_pragma=ignore_check_constraints(1)&_pragma=query_only(1)"

var guardedDriver = sync.OnceValue(func() *sqlite.Driver {
	d := new(sqlite.Driver)
	d.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, _ string) error {
		guard, ok := conn.(sqlite.AuthorizerRegisterer)
		if !ok {
			return errors.New("the SQLite driver has no authorizer")
		}
		return guard.RegisterAuthorizer(authorize)
	})
	return d
})

func authorize(action sqlite.AuthorizerActionCode, name, second, _, _ string) sqlite.AuthorizerReturnCode {
	switch action {
	case sqlite.AuthSelect, sqlite.AuthRead:
		return sqlite.AuthorizerOK
	case sqlite.AuthFunction:
		if strings.EqualFold(second, "count") {
			return sqlite.AuthorizerOK
		}
	case sqlite.AuthPragma:
		if slices.Contains([]string{"table_info", "quick_check"}, strings.ToLower(name)) {
			return sqlite.AuthorizerOK
		}
	}
	return sqlite.AuthorizerDeny
}

// connector opens one file with the guarded driver.
type connector struct{ dsn string }

func (c connector) Driver() driver.Driver { return guardedDriver() }

func (c connector) Connect(context.Context) (driver.Conn, error) { return guardedDriver().Open(c.dsn) }

func connectorTo(path string) driver.Connector {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	return connector{dsn: "file://" + (&url.URL{Path: path}).EscapedPath() + "?" + sqliteQuery}
}

// restrain limits what the file can make SQLite allocate or compile.
func restrain(conn *sql.Conn, limits Limits) error {
	for id, most := range map[int]int{
		sqlite3.SQLITE_LIMIT_LENGTH: int(min(limits.FeatureBytes, 1<<30)), sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1 << 20,
		sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100, sqlite3.SQLITE_LIMIT_ATTACHED: 0, sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
		sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 2, sqlite3.SQLITE_LIMIT_VDBE_OP: 250_000,
	} {
		if _, err := sqlite.Limit(conn, id, most); err != nil {
			return err
		}
	}
	return nil
}

// checkSQLiteFile compares the header with the file: https://www.sqlite.org/fileformat2.html#the_database_header.
func checkSQLiteFile(path string) error {
	for _, suffix := range []string{"-wal", "-journal"} {
		if stat, err := os.Stat(path + suffix); err == nil && stat.Size() > 0 {
			return &Fault{Code: JournalBeside, Got: filepath.Base(path) + suffix}
		}
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return &Fault{Code: FileMissing, Field: path, Got: cause(err), Came: why(err)}
	}
	defer func() { _ = file.Close() }()
	stat, err := file.Stat()
	if err != nil {
		return &Fault{Code: FileMissing, Field: path, Got: cause(err), Came: why(err)}
	}
	var header [100]byte
	if _, err := io.ReadFull(file, header[:]); err != nil {
		return &Fault{Code: Truncated, Field: "SQLite: > 100", Got: fmt.Sprint(stat.Size())}
	}
	page := int64(binary.BigEndian.Uint16(header[16:]))
	if page == 1 {
		page = 1 << 16
	}
	if page < 512 || page&(page-1) != 0 {
		return &Fault{Code: DatabaseDamaged, Field: "page size", Expected: "512 … 65536", Got: fmt.Sprint(page)}
	}
	whole := page * int64(binary.BigEndian.Uint32(header[28:]))
	current := binary.BigEndian.Uint32(header[24:]) == binary.BigEndian.Uint32(header[92:])
	if current && stat.Size() < whole || stat.Size()%page != 0 {
		return &Fault{Code: Truncated, Field: fmt.Sprintf("SQLite: %d", max(whole, page)), Got: fmt.Sprint(stat.Size())}
	}
	return nil
}

// isSpatiaLite reports whether a file that was refused as a GeoPackage has the tables of SpatiaLite. It looks for their
// names in the first bytes, where they stand: the views of SpatiaLite don't parse under the rules for files here.
func isSpatiaLite(path string, refused error) bool {
	var fault *Fault
	if !errors.As(refused, &fault) || fault.Code != NotGeoPackage && fault.Code != DatabaseDamaged {
		return false
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	head, err := io.ReadAll(io.LimitReader(file, 8<<20))
	return err == nil && bytes.Contains(head, []byte("spatial_ref_sys")) && bytes.Contains(head, []byte("geometry_columns")) &&
		!bytes.Contains(head, []byte("gpkg_contents"))
}

// quickCheck walks the pages of one table.
func quickCheck(ctx context.Context, conn *sql.Conn, table string) error {
	var found string
	if err := conn.QueryRowContext(ctx, "PRAGMA quick_check("+quoteName(table)+")").Scan(&found); err != nil {
		return sqliteError(ctx, err)
	}
	if found != "ok" {
		return &Fault{Code: DatabaseDamaged, Field: clip(table), Got: clip(found), Came: said("came.unreadable")}
	}
	return nil
}

// sqliteError makes the fault of what SQLite says about the file.
func sqliteError(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var fault *Fault
	if errors.As(err, &fault) {
		return err
	}
	var engine *sqlite.Error
	if errors.As(err, &engine) && engine.Code()&0xff == sqlite3.SQLITE_TOOBIG {
		return &Fault{Code: FeatureTooLarge, Came: said("came.larger")}
	}
	return &Fault{Code: DatabaseDamaged, Field: "SQLite:", Got: clip(err.Error()), Came: said("came.unreadable")}
}
