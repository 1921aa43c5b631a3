package backup

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// contents are the clocks and tables of a database at one moment.
type contents struct {
	Clocks []Clock
	Tables []Table
}

// passing are tables of the moment: who is signed in and who looks at what. Their rows are not backed up, so that a
// restored database has nobody signed in.
var passing = []string{"public.session", "public.presence"}

const (
	sqlClocks = `SELECT p.code AS park, c.seq, c.at::text AS at FROM park_clock c JOIN park p USING (park_id)
		ORDER BY p.code`
	// Tables of an extension belong to it; what a partitioned table holds is in its parts.
	sqlTables = `
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
     AND d.deptype = 'e')
 ORDER BY 1`
	// A row is hashed as PostgreSQL writes it; %s is a name that sqlTables has quoted.
	sqlSum = `
SELECT count(*), coalesce(sum(('x' || left(m, 16))::bit(64)::bigint),
       0)::text || ':' || coalesce(sum(('x' || right(m, 16))::bit(64)::bigint), 0)::text
  FROM (SELECT md5(luodi_row::text) AS m FROM ONLY %s luodi_row) rows`
	// How rows are written must not depend on the server's or a role's settings.
	sqlPlain = `
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
       SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
SET LOCAL search_path = public; SET LOCAL statement_timeout = 0;
       SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL jit = off`
)

// read sums up the database as the transaction sees it, telling each table before it is read.
func read(ctx context.Context, tx pgx.Tx, each func(done, of int)) (contents, error) {
	var c contents
	if _, err := tx.Exec(ctx, sqlPlain); err != nil {
		return c, fmt.Errorf("prepare to sum up the database: %w", err)
	}
	rows, err := tx.Query(ctx, sqlClocks)
	if err != nil {
		return c, fmt.Errorf("read the clocks: %w", err)
	}
	if c.Clocks, err = pgx.CollectRows(rows, pgx.RowToStructByName[Clock]); err != nil {
		return c, fmt.Errorf("read the clocks: %w", err)
	}
	if rows, err = tx.Query(ctx, sqlTables); err != nil {
		return c, fmt.Errorf("list the tables: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return c, fmt.Errorf("list the tables: %w", err)
	}
	for i, name := range names {
		each(i, len(names))
		t := Table{Name: name}
		if passes(name) {
			t.Sum = "0:0"
		} else if err := tx.QueryRow(ctx, fmt.Sprintf(sqlSum, name)).Scan(&t.Rows, &t.Sum); err != nil {
			return c, fmt.Errorf("sum up %s: %w", name, err)
		}
		c.Tables = append(c.Tables, t)
	}
	return c, nil
}

func passes(table string) bool {
	for _, name := range passing {
		if strings.EqualFold(name, table) {
			return true
		}
	}
	return false
}
