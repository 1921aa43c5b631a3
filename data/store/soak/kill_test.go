package soak

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/data/store/cluster"
	"luodi/data/store/storetest"
)

// serveDir names the folder of the private cluster on which this test program serves and writes instead of testing.
const serveDir = "LUODI_SOAK_SERVE"

// serveAndWrite plays luodi: it keeps the private cluster and, unless it is told what to do with a line, lets four
// writers split, merge, hold and take back for ever. It says "up DSN" once, then "ack seq record pid" after each change
// that was acknowledged; pid is the postmaster's.
func serveAndWrite(dir string) error {
	go func() { // whose test is gone, is gone: a test that ran out of time ends nothing it started
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	ctx := context.Background()
	c, err := cluster.Start(ctx, dir, cluster.Options{})
	if err != nil {
		return err
	}
	dsn := c.DSN(cluster.Superuser, cluster.Database)
	store, err := store.Open(ctx, store.Source{URL: dsn, LoginRoles: true, MaxConns: 8})
	if err != nil {
		return err
	}
	var park, project, planner uuid.UUID
	const sqlSite = `SELECT park_id, (SELECT project_id FROM project ORDER BY code LIMIT 1),
		(SELECT account_id FROM account ORDER BY login DESC LIMIT 1) FROM park`
	if err := store.Planner.QueryRow(ctx, sqlSite).Scan(&park, &project, &planner); err != nil {
		return err
	}
	fmt.Println("up", dsn)
	if step := os.Getenv(queueStep); step != "" {
		return serveQueue(step, c, store, planner)
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			p := &player{pool: store.Planner, park: park, project: project,
				rand:  rand.New(rand.NewPCG(rand.Uint64(), 0)),
				kinds: []string{"split", "split", "merge", "merge", "hold", "take_back"}}
			for {
				command, _, err := p.suggest(ctx)
				if err != nil {
					continue // the postmaster is gone; the pool waits for the next
				}
				out, err := ledger.Of(store).Do(ctx, ledger.Order{Park: "kill", Command: command, Reason: "soak",
					By:  planner,
					Via: "soak"})
				if err == nil {
					mu.Lock()
					fmt.Println("ack", out.Seq, out.Record, c.PID())
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	return nil
}

func TestKillsLoseNothingAndLeaveNothingHalfDone(t *testing.T) {
	t.Parallel()
	k := newKilled(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	kills, restarts := pick(3, 100), pick(2, 30)
	for range kills {
		k.start(t)
		k.listen(t, 1+r.IntN(12))
		time.AfterFunc(time.Duration(r.IntN(30_000))*time.Microsecond, k.kill)
		k.drain()
	}
	k.start(t)
	for range restarts {
		pid := k.listen(t, 1+r.IntN(12))
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		k.listenUntilAnother(t, pid)
		k.inspect(t)
	}
	k.kill()
	k.drain()
	k.start(t)
	k.inspect(t)
	t.Logf("%d kills of luodi, %d of the postmaster: %d acknowledged changes, all there", kills, restarts, len(k.acked))
}

// killed is a luodi that is killed again and again, and what it acknowledged.
type killed struct {
	dir   string
	park  uuid.UUID
	cmd   *exec.Cmd
	lines *bufio.Scanner
	dsn   string
	acked map[int64]string // record ids by seq
}

// newKilled makes a park on a private cluster and stops that.
func newKilled(t *testing.T) *killed {
	t.Helper()
	dir, err := os.MkdirTemp("", "luodi-kill-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // the postmaster may run as another user
		t.Fatal(err)
	}
	ctx := context.Background()
	k := &killed{dir: filepath.Join(dir, "data"), acked: map[int64]string{}}
	c, err := cluster.Start(ctx, k.dir, cluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	src := store.Source{URL: c.DSN(cluster.Superuser, cluster.Database), LoginRoles: true, MaxConns: 4}
	if _, err := store.Migrate(ctx, src, nil); err != nil {
		t.Fatal(err)
	}
	db := attach(t, src)
	k.park = newSite(t, db, "kill", grid(16, 4, false)...).id
	db.Store.Close()
	db.Owner.Close()
	if err := c.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	return k
}

func attach(t testing.TB, src store.Source) *storetest.DB {
	t.Helper()
	ctx := context.Background()
	store, err := store.Open(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	owner, err := pgxpool.New(ctx, src.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &storetest.DB{Store: store, Planner: store.Planner, Public: store.Public, Owner: owner, Source: src}
}

// start begins another life, and looks at what the last one left.
func (k *killed) start(t *testing.T) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveDir+"="+k.dir)
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil { // stays open as long as this test lives
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	k.cmd, k.lines = cmd, bufio.NewScanner(out)
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if !k.lines.Scan() {
		t.Fatal("luodi ended before it was up")
	}
	if _, err := fmt.Sscanf(k.lines.Text(), "up %s", &k.dsn); err != nil {
		t.Fatalf("%q: %v", k.lines.Text(), err)
	}
	k.inspect(t)
}

// kill ends this life at once.
func (k *killed) kill() { _ = k.cmd.Process.Kill() }

func (k *killed) hear() (seq int64, pid int, ok bool) {
	if !k.lines.Scan() {
		return 0, 0, false
	}
	var record string
	if _, err := fmt.Sscanf(k.lines.Text(), "ack %d %s %d", &seq, &record, &pid); err != nil {
		return 0, 0, false
	}
	k.acked[seq] = record
	return seq, pid, true
}

// listen waits for so many acknowledgements and returns the postmaster's pid.
func (k *killed) listen(t *testing.T, n int) (pid int) {
	t.Helper()
	for range n {
		_, at, ok := k.hear()
		if !ok {
			t.Fatal("luodi ended by itself")
		}
		pid = at
	}
	return pid
}

// listenUntilAnother waits until a change is acknowledged under another postmaster.
func (k *killed) listenUntilAnother(t *testing.T, old int) {
	t.Helper()
	for {
		if pid := k.listen(t, 1); pid != old && pid != 0 {
			return
		}
	}
}

// drain hears what was said before the kill.
func (k *killed) drain() {
	for {
		if _, _, ok := k.hear(); !ok {
			_ = k.cmd.Wait()
			return
		}
	}
}

// inspect audits the park, and looks for every acknowledged change.
func (k *killed) inspect(t *testing.T) {
	t.Helper()
	db := attach(t, store.Source{URL: k.dsn, LoginRoles: true, MaxConns: 4})
	defer db.Store.Close()
	defer db.Owner.Close()
	var seqs []int64
	var records []string
	for seq, record := range k.acked {
		seqs, records = append(seqs, seq), append(records, record)
	}
	const sqlLost = `SELECT a.seq FROM unnest($2::bigint[], $3::uuid[]) a (seq, id)
		WHERE NOT EXISTS (SELECT FROM record r WHERE (r.park_id, r.seq, r.record_id) = ($1, a.seq, a.id))`
	rows, err := db.Owner.Query(context.Background(), sqlLost, k.park, seqs, records)
	if err != nil {
		t.Fatal(err)
	}
	lost, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(lost) > 0 {
		t.Fatalf("acknowledged changes are lost: %v, %v", lost, err)
	}
	const sqlLegal = `SELECT sum(legal_m2) FILTER (WHERE to_seq IS NULL) = sum(legal_m2) FILTER (WHERE from_seq = 1) FROM parcel_version WHERE park_id = $1`
	if !number[bool](t, db, sqlLegal, k.park) {
		t.Fatal("the legal area is another than at the beginning")
	}
	mustPass(t, db, k.park, 0)
}
