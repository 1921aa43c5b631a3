package feed_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// counted counts the rows that are read through a transaction.
type counted struct {
	pgx.Tx
	rows int
}

func (c *counted) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	rows, err := c.Tx.Query(ctx, sql, args...)
	return &countedRows{rows, c}, err
}

type countedRows struct {
	pgx.Rows
	of *counted
}

func (r *countedRows) Next() bool {
	more := r.Rows.Next()
	if more {
		r.of.rows++
	}
	return more
}

// Of 10,000 nodes in a box the first are told as the ledger tells them, and of the others no row is read.
func TestOfTheNodesInABoxNoMoreAreReadThanAskedFor(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.Grow(t, db, 0, 50)
	for _, sql := range []string{sqlNodes, "VACUUM ANALYZE network, network_version, network_public, service_public"} {
		storetest.Alter(t, db, sql)
	}
	past := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	for _, at := range []*time.Time{nil, &past} {
		asPlanner(t, db, func(v *feed.View) {
			l, err := v.Services(t.Context(), grown, at, 10)
			nearAsListed(t, v, true, at, l, err)
		})
		asPublic(t, db, func(v *feed.View) {
			l, err := v.PublicServices(t.Context(), grown, at, 10)
			nearAsListed(t, v, false, at, l, err)
		})
	}
}

const grown = "growing-0"

// sqlNodes makes 9,999 nodes in the order of their codes beside the one that a park of 50 parcels has.
const sqlNodes = `DO $$ BEGIN
SET LOCAL session_replication_role = replica;
CREATE TEMP TABLE made AS SELECT park_id, n, lpad(to_hex(n), 32, '0')::uuid AS id, 'M' || n AS code,
    tstzrange('2026-01-01', NULL) AS sys, ST_SetSRID(ST_MakePoint(122 + n * 0.0001, 37.2), 4490) AS geom
  FROM park, generate_series(1, 9999) n;
INSERT INTO network SELECT park_id, id, code, 1, true FROM made;
INSERT INTO network_version (park_id, network_id, from_seq, sys, kind, grade, capacity, unit, capacity_told,
    publication, geom)
  SELECT park_id, id, 1, sys, 'substation', 'node', 1000, 'kVA', 'figure', 'public', geom FROM made;
INSERT INTO network_public (park_id, network_id, from_seq, sys, code, kind, grade, capacity, unit, geom)
  SELECT park_id, id, 1, sys, code, 'substation', 'node', 1000, 'kVA', geom FROM made;
INSERT INTO service_public (park_id, network_id, service, from_seq, sys, free, told)
  SELECT park_id, id, 'power', 1, sys, 'ample', 'word' FROM made;
END $$`

func asPlanner(t *testing.T, db *storetest.DB, read func(*feed.View)) {
	t.Helper()
	err := feed.Of(db.Store).Desk(t.Context(), func(v *feed.View) error { read(v); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func asPublic(t *testing.T, db *storetest.DB, read func(*feed.View)) {
	t.Helper()
	err := feed.Of(db.Store).View(t.Context(), func(v *feed.View) error { read(v); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// nearAsListed asks for 10 nodes in boxes, one of them over the 180th meridian, which a ledger lists as well.
func nearAsListed(t *testing.T, v *feed.View, members bool, at *time.Time, l *feed.ServiceLedger, err error) {
	t.Helper()
	if err != nil || len(l.Services) != 1 || len(l.Services[0].Nodes) != 10 || l.Services[0].Count != 10_000 {
		t.Fatal(l, err)
	}
	tx := &counted{Tx: v.Tx}
	v.Tx = tx
	for _, east := range []float64{140, -170} {
		tx.rows = 0
		before := rowsTaken(t, v)
		box := geo.BBox{West: 100, South: 20, East: east, North: 50}
		near, err := v.NearNodes(t.Context(), grown, members, at, box, 10)
		if err != nil {
			t.Fatal(err)
		}
		if !near.More || len(near.Nodes) != 10 || tx.rows > 11+10+1 {
			t.Fatalf("box to %v: %d nodes, %d rows read", east, len(near.Nodes), tx.rows)
		}
		if taken := rowsTaken(t, v) - before; taken > 100 {
			t.Errorf("box to %v: the database took %d versions of nodes for 10", east, taken)
		}
		for i, n := range near.Nodes {
			if !reflect.DeepEqual(n.ServiceNode, l.Services[0].Nodes[i]) || n.Service != l.Services[0].Service {
				t.Errorf("box to %v: node %d is %+v, in the ledger %+v", east, i, n, l.Services[0].Nodes[i])
			}
		}
		all, err := v.NearNodes(t.Context(), grown, members, at, box, 10_000)
		if err != nil || all.More || len(all.Nodes) != 10_000 {
			t.Errorf("box to %v: %d nodes, more %v, %v", east, len(all.Nodes), all.More, err)
		}
	}
	elsewhere := geo.BBox{West: 140, South: 20, East: 100, North: 50}
	if none, err := v.NearNodes(t.Context(), grown, members, at, elsewhere, 10); err != nil || len(none.Nodes) > 0 ||
		none.More {
		t.Errorf("elsewhere: %+v, %v", none, err)
	}
}

// rowsTaken counts the versions of nodes that the database has taken out of their tables in a snapshot.
func rowsTaken(t *testing.T, v *feed.View) (n int64) {
	t.Helper()
	const sql = `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables
		WHERE relname IN ('network_version', 'network_public')`
	if err := v.Tx.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
