package cluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// quick is a retry for tests.
var quick = retry{first: 5 * time.Millisecond, most: 10 * time.Millisecond, slow: 20 * time.Millisecond,
	settled: time.Hour, giveUp: 3}

func TestNoDeathLosesAnAcknowledgedWrite(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(luodi *os.Process, server string){
		"luodi": func(luodi *os.Process, _ string) { luodi.Kill() },
		// No process lives on to write what it still had in memory.
		"luodi and every process of the server": func(luodi *os.Process, server string) {
			luodi.Signal(syscall.SIGSTOP)
			for _, pid := range postgresIn(server) {
				signalIn(server, pid, syscall.SIGKILL)
			}
			luodi.Kill()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := seeded(t)
			ch := spawn(t, "write", dir)
			ch.says(t, "up")
			last := 0
			for last < 200 {
				n, err := strconv.Atoi(ch.says(t, "wrote"))
				check(t, err)
				last = n
			}
			kill(ch.cmd.Process, filepath.Join(dir, pgFolder))
			last = ch.lastWritten(last)
			ch.wait()
			conn := connectTo(t, start(t, dir, Options{}))
			if n := one[int](t, conn, `SELECT count(*) FROM kept`); n < last {
				t.Errorf("%d rows are there, %d were acknowledged", n, last)
			}
			if n := one[int](t, conn, `SELECT max(n) - count(*) FROM kept`); n != 0 {
				t.Errorf("%d rows are missing within", n)
			}
		})
	}
}

func TestKillOfLuodiEndsItsServer(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	ch := spawn(t, "serve", dir)
	ch.says(t, "up")
	pg := filepath.Join(dir, pgFolder)
	if len(postgresIn(pg)) == 0 {
		t.Fatal("no server is found where one runs")
	}
	ch.kill()
	until(t, "the orphan has ended", func() bool { return len(postgresIn(pg)) == 0 })
}

// orphan starts a server on the data folder that no luodi watches, as if the parent-death signal had been lost.
func orphan(t *testing.T, dir string) (*exec.Cmd, *pgx.Conn) {
	t.Helper()
	bin, err := findBinaries(deadline(t), "")
	check(t, err)
	owner, err := postmasterAccount(dir)
	check(t, err)
	f := folder{dir: dir, socket: filepath.Join(dir, "elsewhere"), owner: owner}
	check(t, makeOwn(f.socket, owner))
	cmd := exec.Command(filepath.Join(bin, "postgres"), append([]string{"-D", f.pg()}, fixed(f.socket)...)...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner.credential()}
	check(t, cmd.Start())
	reaped := make(chan struct{})
	go func() { cmd.Wait(); close(reaped) }()
	t.Cleanup(func() { cmd.Process.Kill(); <-reaped })
	var conn *pgx.Conn
	c := &Cluster{folder: f}
	until(t, "the orphan answers", func() bool {
		conn, err = connect(deadline(t), c.DSN(Superuser, Database))
		return err == nil
	})
	t.Cleanup(func() { conn.Close(context.Background()) })
	return cmd, conn
}

func TestAnOrphanIsEndedBeforeAStart(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	cmd, conn := orphan(t, dir)
	exec1(t, conn, `CREATE TABLE kept AS SELECT 1 AS n`)
	exec1(t, conn, `BEGIN`)
	exec1(t, conn, `INSERT INTO kept VALUES (2)`)
	c := start(t, dir, Options{})
	if c.PID() == cmd.Process.Pid {
		t.Fatal("the orphan was taken over")
	}
	if n := one[int](t, connectTo(t, c), `SELECT count(*) FROM kept`); n != 1 {
		t.Errorf("%d rows, want the one committed", n)
	}
	if conn.Ping(deadline(t)) == nil {
		t.Error("the orphan still answers")
	}
}

func TestAnOrphanThatWillNotStopIsEndedByForce(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	cmd, _ := orphan(t, dir)
	check(t, os.Remove(filepath.Join(dir, pgFolder, "postmaster.pid")))
	check(t, cmd.Process.Signal(syscall.SIGSTOP))
	start(t, dir, Options{})
}

func TestAStaleFilePointingAtAStrangerStopsNothing(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	owner, err := postmasterAccount(dir)
	check(t, err)
	// Of the postmaster's own user: PostgreSQL itself takes such a pid for a running server and refuses for ever.
	stranger := exec.Command("sleep", "600")
	stranger.Dir = filepath.Join(dir, pgFolder)
	stranger.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner.credential()}
	check(t, stranger.Start())
	defer func() { stranger.Process.Kill(); stranger.Wait() }()
	pid := strconv.Itoa(stranger.Process.Pid)
	stale := pid + "\n" + filepath.Join(dir, pgFolder) + "\n1\n5432\n" + filepath.Join(dir, socketFolder) +
		"\n\n0 0\nready\n"
	check(t, os.WriteFile(filepath.Join(dir, pgFolder, "postmaster.pid"), []byte(stale), 0o600))
	for _, name := range []string{socketName, socketName + ".lock"} {
		check(t, os.WriteFile(filepath.Join(dir, socketFolder, name), []byte(stale), 0o600))
	}
	one[int](t, connectTo(t, start(t, dir, Options{})), `SELECT 1`)
	if stat, err := os.ReadFile("/proc/" + pid + "/stat"); err != nil || strings.Contains(string(stat), ") Z ") {
		t.Errorf("the stranger was ended: %v", err)
	}
}

func TestAnotherClustersServerIsLeftAlone(t *testing.T) {
	t.Parallel()
	other := start(t, seeded(t), Options{})
	dir := seeded(t)
	text, err := os.ReadFile(filepath.Join(other.folder.pg(), "postmaster.pid"))
	check(t, err)
	check(t, os.WriteFile(filepath.Join(dir, pgFolder, "postmaster.pid"), text, 0o600))
	start(t, dir, Options{})
	one[int](t, connectTo(t, other), `SELECT 1`)
}

func TestKillOfThePostmasterIsNoticedAndHealed(t *testing.T) {
	t.Parallel()
	c := start(t, seeded(t), Options{})
	conn, busy := connectTo(t, c), connectTo(t, c)
	exec1(t, conn, `CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n`)
	backend := one[int](t, busy, `SELECT pg_backend_pid()`)
	ended := make(chan error, 1)
	go func() {
		// It never looks whether its postmaster lives, so it would go on writing beside the next one.
		_, err := busy.Exec(deadline(t), `DO $$ BEGIN LOOP END LOOP; END $$`)
		ended <- err
	}()
	until(t, "the backend is busy", func() bool {
		return one[int](t, conn,
			`SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = `+strconv.Itoa(backend)) == 1
	})
	pid := c.PID()
	check(t, syscall.Kill(pid, syscall.SIGKILL))
	until(t, "the death is noticed", func() bool { return !c.Ready() || c.PID() != pid })
	until(t, "it is up again", c.Ready)
	if c.PID() == pid || c.Err() != nil {
		t.Errorf("pid %d, error %v", c.PID(), c.Err())
	}
	if <-ended == nil {
		t.Error("the busy backend went on")
	}
	want := one[int](t, connectTo(t, c), `SELECT count(*) FROM kept`)
	if want != 1000 {
		t.Errorf("%d rows are left of 1000", want)
	}
}

func TestNoStateButReadyWhileThePostmasterIsGone(t *testing.T) {
	t.Parallel()
	slow := retry{first: time.Hour, most: time.Hour, slow: time.Hour, settled: time.Hour, giveUp: 10}
	c := start(t, seeded(t), Options{retry: slow})
	check(t, syscall.Kill(c.PID(), syscall.SIGKILL))
	until(t, "it is recovering", func() bool { return c.State() == Recovering })
	until(t, "the cause is told", func() bool { return errors.Is(c.Err(), ErrPostmaster) })
	if !strings.Contains(c.Err().Error(), "killed") {
		t.Errorf("error %q does not tell that it was killed", c.Err())
	}
	check(t, c.Stop(deadline(t))) // within the pause
}

func TestKillOfOneBackendIsNoticedAndHealed(t *testing.T) {
	t.Parallel()
	c := start(t, seeded(t), Options{})
	pid, since := c.PID(), one[string](t, connectTo(t, c), `SELECT pid::text FROM pg_stat_activity
		WHERE backend_type = 'checkpointer'`)
	victim := one[int](t, connectTo(t, c), `SELECT pg_backend_pid()`)
	check(t, syscall.Kill(victim, syscall.SIGKILL))
	until(t, "all processes were replaced and it is ready", func() bool {
		conn, err := pgx.Connect(deadline(t), c.DSN(Superuser, Database))
		if err != nil {
			return false
		}
		defer conn.Close(context.Background())
		var now string
		err = conn.QueryRow(deadline(t),
			`SELECT pid::text FROM pg_stat_activity WHERE backend_type = 'checkpointer'`).Scan(&now)
		return err == nil && now != since && c.Ready()
	})
	if c.PID() != pid {
		t.Errorf("postmaster %d became %d, though it lived", pid, c.PID())
	}
}

func TestACrashIsToldWhileItLasts(t *testing.T) {
	t.Parallel()
	c := start(t, seeded(t), Options{})
	// With a backend that can't end, the server stays between crash and recovery (it is killed after 5 s).
	check(t, syscall.Kill(one[int](t, connectTo(t, c), `SELECT pg_backend_pid()`), syscall.SIGSTOP))
	check(t, syscall.Kill(one[int](t, connectTo(t, c), `SELECT pg_backend_pid()`), syscall.SIGKILL))
	until(t, "it is recovering", func() bool { return c.State() == Recovering })
	until(t, "it is ready again", c.Ready)
}

func TestAServerThatCannotComeBackFailsWithTheCauseAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	c := start(t, seeded(t), Options{retry: quick})
	control := filepath.Join(c.folder.pg(), "global", "pg_control")
	check(t, os.Rename(control, control+".away"))
	check(t, syscall.Kill(c.PID(), syscall.SIGKILL))
	until(t, "it has failed", func() bool { return c.State() == Failed })
	want(t, c.Err(), ErrPostmaster, "could not find the database system", "pg_control")
	check(t, os.Rename(control+".away", control))
	until(t, "it is up again", c.Ready)
	one[int](t, connectTo(t, c), `SELECT 1`)
}

func TestPause(t *testing.T) {
	t.Parallel()
	r := retry{first: 1, most: 5, slow: 99, giveUp: 6}
	for failures, want := range []time.Duration{0, 1, 2, 4, 5, 5, 99, 99} {
		if got := r.pause(failures); got != want {
			t.Errorf("after %d failures: %d, want %d", failures, got, want)
		}
	}
}
