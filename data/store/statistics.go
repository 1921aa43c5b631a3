package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// sqlStatisticsLeft: a column without a target keeps what was gathered when it had one. tables/0112_… of data/schema
// says why that must go.
const sqlStatisticsLeft = `
SELECT s.tablename::text FROM pg_stats s JOIN pg_attribute a ON a.attrelid = format('%I.%I', s.schemaname,
       s.tablename)::regclass AND a.attname = s.attname
 WHERE s.schemaname = 'public' AND s.attname IN ('park_id', 'district_id') AND a.attstattarget = 0 ORDER BY 1`

// StatisticsLeft lists the tables of which old statistics still say whose rows there are, so that new parks are taken
// for empty and their look-ups walk through them: a migration that was not a superuser's could not take those away.
func StatisticsLeft(ctx context.Context, src Source) ([]string, error) {
	conn, err := src.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer CloseConn(conn)
	rows, err := conn.Query(ctx, sqlStatisticsLeft)
	if err != nil {
		return nil, Translate("read what statistics are left", err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return tables, Translate("read what statistics are left", err)
}
