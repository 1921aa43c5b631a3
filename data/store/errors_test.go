package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
)

func TestEveryWayTheDatabaseGoesAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	pg := func(code, said, routine string) error {
		return &pgconn.PgError{Severity: "ERROR", Code: code, Message: said, Routine: routine}
	}
	for _, c := range []struct {
		name string
		err  error
		want error
	}{
		{"shut down by its keeper", pg("57P01", "terminating connection due to administrator command", ""),
			ErrUnavailable},
		{"a process crashed", pg("57P02", "terminating connection because of crash of another server process", ""),
			ErrUnavailable},
		{"starting up", pg("57P03", "the database system is starting up", ""), ErrUnavailable},
		{"connection failure", pg("08006", "", ""), ErrUnavailable},
		{"too many connections", pg("53300", "", ""), ErrUnavailable},
		{"a standby now", pg("25006", "cannot execute UPDATE in a read-only transaction", ""), ErrUnavailable},
		{"library gone", pg("58P01", `could not access file "$libdir/plpgsql": No such file or directory`,
			"internal_load_library"), ErrUnavailable},
		{"library of another build",
			pg("XX000", `incompatible library "/usr/lib/postgresql/15/lib/plpgsql.so": version mismatch`,
				"incompatible_module_error"), ErrUnavailable},
		{"library half written", pg("XX000", `could not load library "/x/plpgsql.so": file too short`, ""),
			ErrUnavailable},
		{"killed under a statement", fmt.Errorf("receive message failed: %w", io.ErrUnexpectedEOF), ErrUnavailable},
		{"killed before a statement", fmt.Errorf("%w", pgconn.ErrConnClosed), ErrUnavailable},
		{"closed socket", fmt.Errorf("write failed: %w", net.ErrClosed), ErrUnavailable},
		{"broken pipe", &net.OpError{Op: "write", Err: errors.New("broken pipe")}, ErrUnavailable},
		{"pool closed", puddle.ErrClosedPool, ErrUnavailable},
		{"all pooled connections dead",
			errors.New("pgxpool: too many failed attempts acquiring connection; likely bug in PrepareConn, " +
				"BeforeAcquire, or ShouldPing hook"), ErrUnavailable},
		{"damaged page", pg("XX001", `invalid page in block 7 of relation base/5/16455`, "PageIsVerifiedExtended"),
			ErrDamaged},
		{"damaged index", pg("XX002", `index "parcel_pkey" contains unexpected zero page at block 3`, "_bt_checkpage"),
			ErrDamaged},
		{"unreadable sector", pg("58030", `could not read block 7 in file "base/5/16455": Input/output error`,
			"mdread"), ErrDamaged},
		{"a rule of ours with the code of damage", pg("XX001",
			"after change 7 the public would not read what parcel 1 is", "exec_stmt_raise"), nil},
		{"the caller left", fmt.Errorf("x: %w", context.Canceled), nil},
		{"wrapped and known already", fmt.Errorf("x: %w", ErrRefused), ErrRefused},
		{"no error", nil, nil},
		{"a fault of ours", errors.New("no such column"), nil},
	} {
		if got := KindOf(c.err); !errors.Is(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	for said, want := range map[string]string{
		`invalid page in block 7 of relation base/5/16455`:                           "16455",
		`could not read block 0 in file "base/5/16455.1": read only 0 of 8192 bytes`: "16455",
		`index "parcel_pkey" contains unexpected zero page at block 3`:               "parcel_pkey",
		`missing chunk number 0 for toast value 16700 in pg_toast_16455`:             "pg_toast_16455",
	} {
		if got := partOf(said); got != want {
			t.Errorf("%s: %q, want %q", said, got, want)
		}
	}
}
