package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"luodi/data/store/cluster"
)

// The kinds of errors, for every statement. Match them with errors.Is.
var (
	ErrNotFound    = errors.New("not found")
	ErrConflict    = errors.New("conflict with what the database holds")
	ErrInvalid     = errors.New("invalid")
	ErrRefused     = errors.New("refused by the database's rules")
	ErrForbidden   = errors.New("not permitted to this role")
	ErrUnavailable = errors.New("database unavailable")
	ErrFull        = errors.New("no room left for the database")
	ErrRetry       = errors.New("overtaken by another change, try again")
	ErrDamaged     = errors.New("stored data is damaged")
	// ErrOutdated: PostgreSQL was upgraded under its running server, which has to be restarted.
	ErrOutdated = cluster.ErrOutdated
)

// Constraint returns the name of the database rule that refused, or "".
func Constraint(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.ConstraintName
	}
	return ""
}

// Translate is the one place where PostgreSQL's error codes become ours. doing names what failed; nil stays nil.
func Translate(doing string, err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOf(err); kind != nil {
		return fmt.Errorf("%s: %w: %w", doing, kind, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// KindOf is the sentinel of this package for an error of the database, translated or not; nil for other errors and
// for none.
func KindOf(err error) error {
	for _, known := range []error{ErrNotFound, ErrConflict, ErrInvalid, ErrRefused, ErrForbidden, ErrUnavailable,
		ErrFull, ErrRetry, ErrDamaged} {
		if errors.Is(err, known) {
			return known
		}
	}
	return kindOf(err)
}

func kindOf(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		if cutOff(err) {
			return ErrUnavailable
		}
		return nil
	}
	switch pg.Code {
	case "23505", "23P01": // unique_violation, exclusion_violation
		return ErrConflict
	case "23502", "23503", "23514", "P0001": // not_null, foreign_key, check_violation, raise_exception
		return ErrRefused
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return ErrRetry
	case "42501": // insufficient_privilege
		return ErrForbidden
	case "53100", "53200": // disk_full, out_of_memory
		return ErrFull
	case "25006", "40003": // a standby that was the primary a moment ago; whether it was committed is not known
		return ErrUnavailable
	}
	switch {
	case cluster.Unloadable(err):
		return ErrUnavailable
	case isDamage(pg):
		return ErrDamaged
	}
	switch pg.Code[:min(2, len(pg.Code))] {
	case "22": // data exception
		return ErrInvalid
	case "08", "53", "57", "58": // connection, resources, operator intervention, the system underneath
		return ErrUnavailable
	}
	return nil
}

// cutOff tells the errors of a connection that could not be made or that ended under a statement, which carry no code:
// the server was killed before it could send one.
func cutOff(err error) bool {
	for _, end := range []error{io.ErrUnexpectedEOF, net.ErrClosed, pgconn.ErrConnClosed, puddle.ErrClosedPool} {
		if errors.Is(err, end) {
			return true
		}
	}
	if strings.Contains(err.Error(), "pgxpool: too many failed attempts") { // every connection it held was found dead
		return true
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err)
}

// constraintKind is the kind of a constraint that refused, as Denial.Kind has it; "" of a rule that a trigger raised.
func constraintKind(err error) string {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Routine == "exec_stmt_raise" {
		return ""
	}
	switch pg.Code {
	case "23505", "23P01":
		return "unique"
	case "23503":
		return "reference"
	}
	return "check"
}

// raised is what a rule of ours said in the database, or "": PostgreSQL's own words name tables and constraints.
func raised(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Routine == "exec_stmt_raise" {
		return pg.Message
	}
	return ""
}

// detail is the detail of PostgreSQL's error, or "".
func detail(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Detail
	}
	return ""
}
