package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// sqlStatisticsLeft finds columns whose statistics target is 0 but which still have old statistics. tables/0112_… of
// data/schema explains why those must be deleted.
const sqlStatisticsLeft = `
SELECT s.tablename::text FROM pg_stats s JOIN pg_attribute a ON a.attrelid = format('%I.%I', s.schemaname,
       s.tablename)::regclass AND a.attname = s.attname
 WHERE s.schemaname = 'public' AND s.attname IN ('park_id', 'district_id') AND a.attstattarget = 0 ORDER BY 1`

// StatisticsLeft lists the tables with outdated statistics on whose rows they hold. With these, PostgreSQL takes a
// new park for empty and scans the table for its look-ups. A migration can delete statistics only as superuser.
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
