package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// probeBlock makes a new server process load PL/pgSQL, in which all rules are written, and PostGIS where it is there.
const probeBlock = `DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis') THEN PERFORM postgis_lib_version(); END IF;
END $$`

// Probe asks over a fresh connection whether a new process of the server can work: an OutdatedError where it can't load
// its libraries, as when they were replaced under it by an upgrade of the package. Connections that were made before
// the upgrade go on working and so can't tell.
func Probe(ctx context.Context, dsn string) error {
	_, err := probe(ctx, dsn)
	return err
}

// probe returns the server's version as far as it got.
func probe(ctx context.Context, dsn string) (running string, err error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", fmt.Errorf("ask the server anew: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	running, _, _ = strings.Cut(conn.PgConn().ParameterStatus("server_version"), " ")
	_, err = conn.Exec(ctx, probeBlock)
	if Unloadable(err) {
		return running, &OutdatedError{Running: running, Said: pgMessage(err)}
	}
	if err != nil {
		return running, fmt.Errorf("ask the server anew: %w", err)
	}
	return running, nil
}

// Unloadable tells errors of a server that can't load one of its libraries: the file is gone or half written, or of
// another build than the process.
func Unloadable(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	switch pg.Routine {
	case "internal_load_library", "load_external_function", "incompatible_module_error", "expand_dynamic_library_name",
		"load_file":
		return true
	}
	for _, words := range []string{"could not load library", "incompatible library", "could not find function",
		"undefined symbol"} {
		if strings.Contains(pg.Message, words) {
			return true
		}
	}
	return strings.Contains(pg.Message, "could not access file") && !strings.Contains(pg.Message, "base/")
}

func pgMessage(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Message
	}
	return err.Error()
}
