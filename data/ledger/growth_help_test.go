package ledger_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/store/storetest"
)

// growing is a desk over a park that [storetest.Grow] made.
type growing struct {
	*desk
	n, parcels int
}

// grow makes the n-th of a test's parks, 10 km east of the one before.
func grow(t *testing.T, db *storetest.DB, n, parcels int) *growing {
	t.Helper()
	storetest.Grow(t, db, n, parcels)
	g := &growing{&desk{DB: db, t: t, park: fmt.Sprintf("growing-%d", n)}, n, parcels}
	g.parkID, g.project = g.id(0, 0), g.id(7, 0)
	return g
}

// id is that of the i-th of a kind: 0 the park, 1 a parcel, 2 a right, 3 a zone, 5 a plan unit, 6 a node, 7 a project,
// 8 a place in the queue.
func (g *growing) id(kind, i int) uuid.UUID {
	return storetest.GrownID(g.n, kind, i)
}

// reads are what the database read of its tables and indexes: rows, entries of indexes, blocks of both.
type reads map[string]int64

// read counts what the work makes the database read, by table and index. Every connection hands in its counts first,
// the owner's too, who arranges.
func read(t *testing.T, db *storetest.DB, work func()) reads {
	t.Helper()
	count := func() reads {
		for _, pool := range []*pgxpool.Pool{db.Planner, db.Public, db.Owner} {
			for _, conn := range pool.AcquireAllIdle(context.Background()) {
				if _, err := conn.Exec(context.Background(), `SELECT pg_stat_force_next_flush()`); err != nil {
					t.Fatal(err)
				}
				conn.Release()
			}
		}
		const sql = `
			SELECT 'rows of ' || relname AS what, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS n
			  FROM pg_stat_user_tables
			UNION ALL SELECT 'entries of ' || indexrelname, idx_tup_read FROM pg_stat_user_indexes
			UNION ALL SELECT 'blocks of ' || relname, heap_blks_read + heap_blks_hit FROM pg_statio_user_tables
			UNION ALL SELECT 'blocks of ' || indexrelname, idx_blks_read + idx_blks_hit FROM pg_statio_user_indexes`
		all := reads{}
		rows, err := db.Owner.Query(context.Background(), sql)
		if err != nil {
			t.Fatal(err)
		}
		var what string
		var n int64
		if _, err := pgx.ForEachRow(rows, []any{&what, &n}, func() error { all[what] += n; return nil }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := count()
	work()
	after := count()
	for what, n := range before {
		after[what] -= n
	}
	return after
}

// of sums one sort: rows, entries or blocks.
func (r reads) of(sort string) (n int64) {
	for what, k := range r {
		if strings.HasPrefix(what, sort+" of ") {
			n += k
		}
	}
	return n
}

// beside tells what grew most against another count.
func (r reads) beside(small reads) string {
	var all []string
	for what := range r {
		all = append(all, what)
	}
	slices.SortFunc(all, func(a, b string) int { return int(r[b] - small[b] - (r[a] - small[a])) })
	var text []string
	for _, what := range all[:min(4, len(all))] {
		if r[what] > small[what] {
			text = append(text, fmt.Sprintf("%s %d → %d", what, small[what], r[what]))
		}
	}
	return strings.Join(text, ", ")
}
