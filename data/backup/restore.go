package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jackc/pgx/v5"

	"luodi/data/schema"
	"luodi/data/store"
	"luodi/data/store/cluster"
)

// load restores a backup into an empty database and proves that it holds what the manifest says:
//
//  1. the dump is laid down in the folder spool, and nothing is done before it agrees with the manifest,
//  2. the roles are made, the dump is loaded,
//  3. clocks, counts and sums are compared,
//  4. what belongs to the old server is taken out: transaction numbers, leases,
//  5. the planner's statistics are made anew, which a dump doesn't hold.
func load(ctx context.Context, o Order, in io.Reader, spool string, whole bool) (m Manifest, err error) {
	file, err := os.CreateTemp(spool, "dump-") // mode 0600
	if err != nil {
		return m, noRoom(fmt.Errorf("lay down the dump: %w", err))
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if m, err = unpack(in, file, o.accept); err != nil {
		return m, noRoom(err)
	}
	conn, err := pgx.Connect(ctx, o.Source.URL)
	if err != nil {
		return m, fmt.Errorf("reach the database: %w: %w", store.ErrUnavailable, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := empty(ctx, conn); err != nil {
		return m, err
	}
	t, err := findTools(ctx, conn, o.Source.URL)
	if err != nil {
		return m, err
	}
	if err := store.MakeRoles(ctx, o.Source); err != nil {
		return m, err
	}
	if err := t.restore(ctx, file.Name(), whole, o.progress); err != nil {
		return m, err
	}
	if err := pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			found, err := read(ctx, tx, func(done, of int) { o.progress(int64(done), int64(of)) })
			if err != nil {
				return err
			}
			return m.same(found)
		}); err != nil {
		return m, err
	}
	if err := forget(ctx, conn); err != nil {
		return m, err
	}
	if _, err := conn.Exec(ctx, `ANALYZE`); err != nil {
		return m, fmt.Errorf("make statistics: %w", err)
	}
	return m, nil
}

// accept refuses a backup of a schema from which this program can't go on.
func (o Order) accept(head Head) error {
	err := schema.Known(head.Schema)
	if errors.Is(err, schema.ErrNewer) {
		return fmt.Errorf("%w: %w", ErrNewer, err)
	}
	return err
}

const (
	sqlOccupied = `
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
     AND d.deptype = 'e')
 ORDER BY 1 LIMIT 1`
	sqlTransactions = `
SELECT format('UPDATE %1$I.%2$I SET %3$I = %4$s WHERE %3$I IS NOT NULL', n.nspname, c.relname, a.attname, CASE
       WHEN a.attnotnull THEN '''0''' ELSE 'NULL' END)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND a.atttypid = 'xid8'::regtype AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname = 'public'`
	sqlEndLeases = `UPDATE webhook SET lease = NULL, leased_until = NULL WHERE lease IS NOT NULL`
)

// empty refuses a database that holds anything but extensions.
func empty(ctx context.Context, conn *pgx.Conn) error {
	var found string
	err := conn.QueryRow(ctx, sqlOccupied).Scan(&found)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look whether the database is empty: %w", err)
	}
	return fmt.Errorf("%w: the database holds the table %s", ErrNotEmpty, found)
}

// forget deletes values that are only valid on the old server. Transaction ids mean other transactions here: the
// clock would mistake a new transaction for the one that made the newest change. Leases on webhook deliveries are
// ended, so that another process can deliver at once.
func forget(ctx context.Context, conn *pgx.Conn) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlTransactions)
		if err != nil {
			return fmt.Errorf("forget transactions: %w", err)
		}
		updates, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return fmt.Errorf("forget transactions: %w", err)
		}
		for _, sql := range append(updates, sqlEndLeases) {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("forget the old server: %s: %w", sql, err)
			}
		}
		return nil
	})
}

// RestoreFolder restores a backup into the private cluster of an empty data folder. The cluster is made under a
// temporary name and renamed once it is complete and verified: a restore that is killed leaves nothing that luodi
// would serve.
func RestoreFolder(ctx context.Context, o Order, in io.Reader, dir string) (m Manifest, err error) {
	place, err := cluster.Claim(ctx, dir)
	if err != nil {
		return m, occupied(err)
	}
	defer func() { err = errors.Join(err, place.Release()) }()
	c, err := cluster.Start(ctx, place.Work(), cluster.Options{Loading: true})
	if err != nil {
		return m, err
	}
	stopped := false
	stop := func() error {
		if stopped {
			return nil
		}
		stopped = true
		return c.Stop(context.WithoutCancel(ctx))
	}
	defer func() { err = errors.Join(err, stop()) }()
	o.Source = store.Source{URL: c.DSN(cluster.Superuser, cluster.Database), LoginRoles: true}
	if m, err = load(ctx, o, in, place.Work(), false); err != nil {
		return m, err
	}
	if err := stop(); err != nil {
		return m, err
	}
	return m, place.Take()
}

func occupied(err error) error {
	if errors.Is(err, cluster.ErrOccupied) {
		return fmt.Errorf("%w: %w", ErrNotEmpty, err)
	}
	return err
}

// RestoreDatabase restores a backup into an empty database that the order names, in one transaction: all of it or
// nothing. spool is a folder with room for the dump.
func RestoreDatabase(ctx context.Context, o Order, in io.Reader, spool string) (Manifest, error) {
	return load(ctx, o, in, spool, true)
}

// Scratch is where backups are restored to prove them: below Dir, which the postmaster's user has to reach, with room
// for the database.
type Scratch struct {
	Dir string
}

// Verify restores a backup into a cluster that is thrown away.
func (s *Scratch) Verify(ctx context.Context, o Order, in io.Reader) (m Manifest, err error) {
	dir, drop, err := cluster.Scratch(ctx, s.Dir)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	c, err := cluster.Start(ctx, dir, cluster.Options{Scratch: true})
	if err != nil {
		return m, err
	}
	defer func() { _ = c.Stop(context.WithoutCancel(ctx)) }() // it holds nothing that is needed
	o.Source = store.Source{URL: c.DSN(cluster.Superuser, cluster.Database), LoginRoles: true}
	return load(ctx, o, in, dir, false)
}
