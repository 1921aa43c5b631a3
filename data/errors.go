package data

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// What can go wrong, whatever the statement was. Match with errors.Is.
var (
	ErrNotFound    = errors.New("not found")
	ErrConflict    = errors.New("conflict with what the database holds")
	ErrInvalid     = errors.New("invalid")
	ErrRefused     = errors.New("refused by the database's rules")
	ErrForbidden   = errors.New("not permitted to this role")
	ErrUnavailable = errors.New("database unavailable")
	ErrFull        = errors.New("no room left for the database")
	ErrRetry       = errors.New("overtaken by another change, try again")
)

// Constraint returns the name of the database rule that refused, or "".
func Constraint(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.ConstraintName
	}
	return ""
}

// translate is the one place where PostgreSQL's error codes become ours. doing names what failed; nil stays nil.
func translate(doing string, err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOf(err); kind != nil {
		return fmt.Errorf("%s: %w: %w", doing, kind, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func kindOf(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		var connect *pgconn.ConnectError
		var network net.Error
		if errors.As(err, &connect) || errors.As(err, &network) {
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
	}
	switch pg.Code[:2] {
	case "22": // data exception
		return ErrInvalid
	case "08", "53", "57": // connection, resources, operator intervention
		return ErrUnavailable
	}
	return nil
}

// message is what the database itself said, without our wrapping.
func message(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Message
	}
	return err.Error()
}

// detail is what the database added to what it said, or "".
func detail(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Detail
	}
	return ""
}
