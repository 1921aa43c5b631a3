package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/data/store/cluster"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// usher is who serves queues in a store, as luodi serve does.
func usher(t testing.TB) *ledger.Clerk {
	return &ledger.Clerk{Via: "soak", Reason: "ran out", Served: "next in the queue",
		Report: func(err error) { t.Errorf("usher: %v", err) }}
}

// Two processes serve the queues for three plots, while projects queue, give land back, and try to have it past the
// queue, by orders and by bare SQL.
func TestManyWhoWantAFreedPlotAreServedInTheirOrder(t *testing.T) {
	db := storetest.New(t)
	s := newSite(t, db, "line", grid(3, 3, false)...)
	projects := make([]uuid.UUID, 12)
	for i := range projects {
		projects[i] = storetest.Project(t, db, s.id, fmt.Sprint("等", i), true)
	}
	ledgers := []ledger.Ledger{{Store: db.Store, Queues: usher(t)}, {Store: second(t, db.Source), Queues: usher(t)}}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var jumped atomic.Int64
	served := func() int64 {
		return number[int64](t, db, `SELECT count(*) FROM waiting w JOIN record e ON (e.park_id, e.seq) = (w.park_id,
			w.to_seq) WHERE w.park_id = $1 AND e.kind = 'hold'`, s.id)
	}
	var group sync.WaitGroup
	group.Go(func() { // a busy machine needs longer for a race that shows anything
		defer stop()
		begun, least := time.Now(), pick(3*time.Second, time.Minute)
		for time.Since(begun) < least || served() == 0 || jumped.Load() == 0 {
			if time.Since(begun) > least+2*time.Minute {
				t.Errorf("%d were served, %d tried to pass the line: the race is too tame", served(), jumped.Load())
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	for i := range pick(8, 32) {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 7))
			for ctx.Err() == nil {
				s.want(t, ledgers[i%2], r, projects, &jumped)
			}
		})
	}
	for _, l := range ledgers {
		group.Go(func() { l.KeepExpiring(ctx, *usher(t)) })
	}
	group.Wait()
	for _, l := range ledgers {
		if _, err := l.ServeQueues(t.Context(), *usher(t), ""); err != nil {
			t.Error(err)
		}
	}
	mustPass(t, db, s.id, 0)
	if n := number[int](t, db, sqlUnserved, s.id); n != 0 {
		t.Errorf("%d plots are free while others wait for them", n)
	}
	t.Logf("%d served in their order, %d kept from passing the line", served(), jumped.Load())
}

const sqlUnserved = `SELECT count(DISTINCT w.parcel_id) FROM waiting w WHERE w.park_id = $1 AND w.to_seq IS NULL
	AND NOT EXISTS (SELECT FROM allotment_parcel l WHERE (l.park_id, l.parcel_id) = (w.park_id, w.parcel_id)
	  AND l.to_seq IS NULL)`

// second is another process's store of the same database.
func second(t *testing.T, src store.Source) *store.Store {
	t.Helper()
	store, err := store.Open(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// want lines up, gives back, or tries to have a plot at once.
func (s *site) want(t *testing.T, l ledger.Ledger, r *rand.Rand, projects []uuid.UUID, jumped *atomic.Int64) {
	parcel, project := s.parcels[r.IntN(len(s.parcels))], projects[r.IntN(len(projects))]
	var ref, right ledger.Ref
	const sql = `SELECT p.parcel_id, p.version, coalesce(t.allotment_id, p.parcel_id), coalesce(t.version, 0)
       FROM parcel p
		LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (p.park_id, p.parcel_id)
		  AND l.to_seq IS NULL LEFT JOIN allotment t ON (t.park_id, t.allotment_id) = (l.park_id, l.allotment_id)
		WHERE p.parcel_id = $1`
	if err := s.Owner.QueryRow(context.Background(), sql, parcel).Scan(&ref.ID, &ref.Version, &right.ID,
		&right.Version); err != nil {
		t.Errorf("look: %v", err)
		return
	}
	c := ledger.Command{Kind: "hold", Parcels: []ledger.Ref{ref}, Project: &project, Until: inDays(20)}
	switch n := r.IntN(4); {
	case n < 2 && right.Version > 0:
		c = ledger.Command{Kind: "queue", Parcels: []ledger.Ref{ref}, Project: &project, TermDays: 1 + r.IntN(90)}
	case n == 2 && right.Version > 0:
		c = ledger.Command{Kind: "take_back", Allotment: &right}
	case right.Version > 0:
		c.Kind = "snatch"
	}
	var err error
	if c.Kind == "snatch" {
		err = s.snatch(l.Store, parcel, right.ID, project)
	} else {
		_, err = l.Do(context.Background(), s.order(c))
	}
	var denial *store.Denial
	switch {
	case errors.As(err, &denial) && denial.Rule == "queue_is_kept", store.Constraint(err) == "queue_is_kept":
		jumped.Add(1)
	case err == nil, errors.As(err, &denial), store.Constraint(err) != "", errors.Is(err, store.ErrConflict),
		errors.Is(err, geo.ErrInvalid):
	default:
		t.Errorf("%s: %v", c.Kind, err)
	}
}

// snatch ends a right and gives its land to another project in one record, by bare SQL that looks at no line: the
// database alone can refuse it.
func (s *site) snatch(store *store.Store, parcel, right, project uuid.UUID) error {
	ctx := context.Background()
	return pgx.BeginFunc(ctx, store.Planner, func(tx pgx.Tx) error {
		var seq int64
		if err := tx.QueryRow(ctx, `SELECT seq FROM begin_record($1, $2, 'edit', 'soak', 'soak', '[]', $3)`, s.id,
			uuid.New(), s.planner).Scan(&seq); err != nil {
			return err
		}
		other := uuid.Must(uuid.NewV7())
		for _, do := range []struct {
			sql  string
			args []any
		}{
			{`UPDATE allotment_version SET to_seq = $3 WHERE park_id = $1 AND allotment_id = $2 AND to_seq IS NULL`,
				[]any{s.id, right, seq}},
			{`UPDATE allotment_parcel SET to_seq = $3 WHERE park_id = $1 AND allotment_id = $2 AND to_seq IS NULL`,
				[]any{s.id, right, seq}},
			{`INSERT INTO allotment (park_id, allotment_id, district_id, project_id)
				SELECT $1, $2, district_id, $3 FROM park WHERE park_id = $1`, []any{s.id, other, project}},
			{`INSERT INTO allotment_version (park_id, allotment_id, from_seq, state, expires_at)
				VALUES ($1, $2, $3, 'hold', now() + interval '30 days')`, []any{s.id, other, seq}},
			{`INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq) VALUES ($1, $2, $3, $4)`,
				[]any{s.id, other, parcel, seq}},
		} {
			if _, err := tx.Exec(ctx, do.sql, do.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// queueStep tells the child what to do with the line: free the plot and die, or keep the lines.
const queueStep = "LUODI_SOAK_LINE"

// serveQueue plays a luodi of one step. It says "up DSN", and once it has freed the plot "ack seq record pid".
func serveQueue(step string, c *cluster.Cluster, store *store.Store, planner uuid.UUID) error {
	ctx := context.Background()
	if step == "keep" {
		ledger.Of(store).KeepExpiring(ctx, ledger.Clerk{Via: "soak", Reason: "ran out", Served: "next in the queue",
			Report: func(err error) { fmt.Fprintln(os.Stderr, err) }})
		return nil
	}
	var right ledger.Ref
	const sql = `SELECT t.allotment_id, t.version FROM allotment t
		JOIN allotment_parcel l USING (park_id, allotment_id) WHERE l.to_seq IS NULL`
	if err := store.Planner.QueryRow(ctx, sql).Scan(&right.ID, &right.Version); err != nil {
		return err
	}
	out, err := ledger.Of(store).Do(ctx, ledger.Order{Park: "kill", Command: ledger.Command{Kind: "take_back",
		Allotment: &right},
		Reason: "soak", By: planner, Via: "soak"})
	if err != nil {
		return err
	}
	fmt.Println("ack", out.Seq, out.Record, c.PID())
	select {} // to be killed before anyone is served
}

// luodi is killed after the record that frees a plot has committed and before the first in the queue is served: the
// next life serves, and serves once.
func TestAKillBetweenTheFreeingAndTheNextHoldLosesNobody(t *testing.T) {
	k := newKilled(t)
	times := pick(2, 20)
	k.queueUp(t, times+1)
	for range times {
		t.Setenv(queueStep, "free")
		k.start(t)
		k.listen(t, 1)
		k.kill()
		k.drain()
		t.Setenv(queueStep, "keep")
		k.start(t)
		k.waitServed(t)
		k.inspect(t)
		k.kill()
		k.drain()
	}
}

// queueUp holds a plot and puts so many projects in the queue for it, on a cluster of its own life.
func (k *killed) queueUp(t *testing.T, n int) {
	t.Helper()
	ctx := context.Background()
	c, err := cluster.Start(ctx, k.dir, cluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	db := attach(t, store.Source{URL: c.DSN(cluster.Superuser, cluster.Database), LoginRoles: true, MaxConns: 4})
	s := &site{DB: db, park: "kill", id: k.park}
	s.planner = number[uuid.UUID](t, db, `SELECT account_id FROM account ORDER BY login DESC LIMIT 1`)
	s.project = number[uuid.UUID](t, db, `SELECT project_id FROM project LIMIT 1`)
	parcel := number[uuid.UUID](t, db, `SELECT parcel_id FROM parcel_version WHERE code = 'P000'`)
	ref := func() []ledger.Ref {
		return []ledger.Ref{{ID: parcel, Version: number[int64](t, db, `SELECT version FROM parcel WHERE parcel_id = $1`,
			parcel)}}
	}
	if _, err := ledger.Of(db.Store).Do(ctx, s.order(ledger.Command{Kind: "hold", Parcels: ref(), Project: &s.project,
		Until: inDays(10)})); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		project := storetest.Project(t, db, k.park, fmt.Sprint("等", i), true)
		if _, err := ledger.Of(db.Store).Do(ctx, s.order(ledger.Command{Kind: "queue", Parcels: ref(),
			Project:  &project,
			TermDays: 30})); err != nil {
			t.Fatal(err)
		}
	}
	db.Store.Close()
	db.Owner.Close()
	if err := c.Stop(ctx); err != nil {
		t.Fatal(err)
	}
}

// waitServed returns once nobody waits for land that is free.
func (k *killed) waitServed(t *testing.T) {
	t.Helper()
	db := attach(t, store.Source{URL: k.dsn, LoginRoles: true, MaxConns: 2})
	defer db.Store.Close()
	defer db.Owner.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for n := 1; n > 0; runtime.Gosched() {
		if err := db.Owner.QueryRow(ctx, sqlUnserved, k.park).Scan(&n); err != nil {
			t.Fatalf("nobody was served: %v", err)
		}
	}
}
