package cluster

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/store/cluster/clustertest"
)

// hasty looks often.
var hasty = upgrade{every: 20 * time.Millisecond, rehearsal: 200 * time.Millisecond, drain: 5 * time.Second}

func ownInstallation(t *testing.T, dir, name string) (bin, lib string) {
	t.Helper()
	from, err := findBinaries(deadline(t), "")
	check(t, err)
	return clustertest.Installation(t, from, filepath.Join(dir, name))
}

// writers commit numbers over a pool until stop is called, which returns what was acknowledged and what was refused.
func writers(t *testing.T, c *Cluster, n int) (stop func() (acknowledged, refused int64)) {
	t.Helper()
	exec1(t, connectTo(t, c), `CREATE TABLE kept (writer int, n int, PRIMARY KEY (writer, n));
		CREATE FUNCTION keep(w int, n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO kept
		  VALUES (w, n); END $$`)
	pool, err := pgxpool.New(context.Background(), c.DSN(Superuser, Database))
	check(t, err)
	gate := sync.RWMutex{} // as the program's own gate does: new work waits, what is under way ends
	c.OnRestart(func() func() {
		gate.Lock()
		return func() { pool.Reset(); gate.Unlock() }
	})
	var acknowledged, refused atomic.Int64
	ended := make(chan struct{})
	var group sync.WaitGroup
	for w := range n {
		group.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-ended:
					return
				default:
				}
				gate.RLock()
				_, err := pool.Exec(context.Background(), `SELECT keep($1, $2)`, w, i)
				gate.RUnlock()
				if err != nil {
					refused.Add(1)
				} else {
					acknowledged.Add(1)
				}
			}
		})
	}
	return sync.OnceValues(func() (int64, int64) {
		close(ended)
		group.Wait()
		pool.Close()
		return acknowledged.Load(), refused.Load()
	})
}

// freshWorks is a statement of PL/pgSQL on a connection of its own.
func freshWorks(c *Cluster) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.DSN(Superuser, Database))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, `DO $$ BEGIN END $$`)
	return err
}

func TestAnUpgradeUnderARunningServerIsHealedAndLosesNoAcknowledgedWrite(t *testing.T) {
	t.Parallel()
	dir, software := seeded(t), tempDir(t)
	before, oldLib := ownInstallation(t, software, "before")
	after, newLib := ownInstallation(t, software, "after")
	current := filepath.Join(software, "current")
	check(t, os.Symlink(before, current))
	c := start(t, dir, Options{BinDir: current, upgrade: hasty})
	stop := writers(t, c, 8)
	defer stop()
	pid, old := c.PID(), connectTo(t, c)
	exec1(t, old, `DO $$ BEGIN END $$`)

	// The package manager is in the middle: the old library is gone, the new one is not there yet.
	library := filepath.Join(newLib, clustertest.Library)
	check(t, os.Rename(library, library+".dpkg-new"))
	check(t, os.Remove(filepath.Join(oldLib, clustertest.Library)))
	check(t, os.Symlink(after, current+".new"))
	check(t, os.Rename(current+".new", current))
	broken := time.Now()
	if err := freshWorks(c); !Unloadable(err) {
		t.Fatalf("a new connection says %v, want a library that can't be loaded", err)
	}
	until(t, "the upgrade is noticed", func() bool { return c.State() == Outdated })
	want(t, c.Err(), ErrOutdated, "plpgsql", "restart")
	noticed := time.Since(broken)
	tried := make(chan struct{})
	go func() { defer close(tried); waitForRehearsal(t, dir) }()
	<-tried
	if c.PID() != pid {
		t.Error("the server was restarted with a half unpacked PostgreSQL")
	}
	exec1(t, old, `DO $$ BEGIN END $$`) // who is connected goes on

	// Now it is whole.
	whole := time.Now()
	check(t, os.Rename(library+".dpkg-new", library))
	until(t, "it is restarted and ready", func() bool { return c.Ready() && c.PID() != pid })
	ready := time.Since(whole)
	check(t, freshWorks(c))
	stop()
	acknowledged, refused := stop()
	if n := one[int64](t, connectTo(t, c), `SELECT count(*) FROM kept`); n < acknowledged {
		t.Errorf("%d rows are there, %d were acknowledged", n, acknowledged)
	}
	t.Logf("noticed after %v; ready %v after the new files were whole; %d writes acknowledged, all there; %d refused "+
		"meanwhile", noticed, ready, acknowledged, refused)
}

// waitForRehearsal returns once a scratch folder was seen and is gone again.
func waitForRehearsal(t *testing.T, dir string) {
	seen := false
	if err := poll(deadline(t), func() bool {
		found, _ := filepath.Glob(filepath.Join(dir, newFolder+"rehearsal-*"))
		seen = seen || len(found) > 0
		return seen && len(found) == 0
	}); err != nil {
		t.Error("no rehearsal was seen")
	}
}

func TestTheSameBuildInstalledAgainRestartsNothing(t *testing.T) {
	t.Parallel()
	software := tempDir(t)
	bin, _ := ownInstallation(t, software, "only")
	c := start(t, seeded(t), Options{BinDir: bin, upgrade: hasty})
	w := watcher{c: c, pid: c.PID(), libraries: []string{plpgsql}, begun: installed(bin, nil)}
	check(t, w.look(deadline(t)))
	clustertest.Copy(t, filepath.Join(bin, "postgres"), filepath.Join(bin, "postgres.new"))
	check(t, os.Rename(filepath.Join(bin, "postgres.new"), filepath.Join(bin, "postgres")))
	for range 3 {
		check(t, w.look(deadline(t)))
	}
	if len(w.tried) > 0 {
		t.Error("it was rehearsed")
	}
}

func TestAnotherVersionInstalledIsTakenUpThoughTheOldOneStillWorks(t *testing.T) {
	t.Parallel()
	software := tempDir(t)
	bin, _ := ownInstallation(t, software, "only")
	c := start(t, seeded(t), Options{BinDir: bin, upgrade: upgrade{every: time.Hour, rehearsal: time.Hour}})
	w := watcher{c: c, pid: c.PID(), libraries: []string{plpgsql}, begun: installed(bin, nil)}
	check(t, w.look(deadline(t)))
	// A program that says another version of itself, and is otherwise this one.
	check(t, os.Rename(filepath.Join(bin, "postgres"), filepath.Join(bin, "postgres.real")))
	check(t, os.WriteFile(filepath.Join(bin, "postgres"), []byte(`#!/bin/sh
case "$*" in --version) echo "postgres (PostgreSQL) `+major+`.999 (test)";; *) exec `+bin+`/postgres.real "$@";; esac
`), 0o755))
	check(t, w.look(deadline(t))) // not before the files stand still
	err := w.look(deadline(t))
	want(t, err, ErrOutdated, major+".999")
	if !c.Ready() {
		t.Error("it counts as away though it works")
	}
}

func TestProbeTellsAServerThatIsWellAndOneThatIsNotThere(t *testing.T) {
	t.Parallel()
	c := start(t, seeded(t), Options{})
	check(t, Probe(deadline(t), c.DSN(Superuser, Database)))
	check(t, c.Stop(deadline(t)))
	if err := Probe(deadline(t), c.DSN(Superuser, Database)); err == nil || errors.Is(err, ErrOutdated) {
		t.Errorf("a server that is not there: %v", err)
	}
}
