package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"
)

// postmaster is one life of the server process.
type postmaster struct {
	folder folder
	pid    int
	cmd    *exec.Cmd
	mark   logMark
	begun  installation  // the program as it was just before it began
	exited chan struct{} // closed when the process has ended
	exit   error         // how; read after exited
}

// launch starts the postmaster once nothing of an earlier one is left.
func launch(ctx context.Context, t thread, f folder, bin string) (*postmaster, error) {
	if err := clearProcesses(ctx, f.pg()); err != nil {
		return nil, err
	}
	if err := removeStale(f.pg()); err != nil {
		return nil, err
	}
	cleanSocket(f.socket)
	if err := f.writeSettings(f.pg()); err != nil {
		return nil, err
	}
	said, err := newStartLog(f)
	if err != nil {
		return nil, err
	}
	defer said.Close()
	cmd := exec.Command(filepath.Join(bin, "postgres"),
		append([]string{"-D", f.pg()}, fixed(f.socket, f.settings...)...)...)
	cmd.Dir = f.dir
	cmd.Env = childEnv()
	cmd.Stdout, cmd.Stderr = said, said
	// Its own process group: a Ctrl-C on luodi's terminal must reach luodi alone, which then stops in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT, Credential: f.owner.credential()}
	p := &postmaster{folder: f, cmd: cmd, mark: markLog(f.log()), begun: installed(bin, nil),
		exited: make(chan struct{})}
	if err := t.do(cmd.Start); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	p.pid = cmd.Process.Pid
	go func() {
		p.exit = cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

func newStartLog(f folder) (*os.File, error) {
	if err := os.Remove(f.startLog()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, notWritable(f.startLog(), err)
	}
	file, err := os.OpenFile(f.startLog(), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, notWritable(f.startLog(), err)
	}
	if f.owner.credential() != nil {
		if err := file.Chown(int(f.owner.uid), int(f.owner.gid)); err != nil {
			file.Close()
			return nil, notWritable(f.startLog(), err)
		}
	}
	return file, nil
}

// failure is why the process ended, from its log.
func (p *postmaster) failure() error {
	text, path := p.mark.cause(p.folder)
	if isDiskFull(text) {
		return &DiskFullError{Dir: p.folder.dir, Free: freeBytes(p.folder.dir), Need: runNeed, Cause: text}
	}
	if text == "" {
		text = "it gave no reason"
		if p.exit != nil {
			text = p.exit.Error()
		}
	}
	return &PostmasterError{Cause: text, Log: path}
}

// end shuts the postmaster down: fast until ctx ends, then immediately, then by force. It reports whether fast was
// enough. Then it waits for the log collector, the one child that outlives its postmaster, by moments.
func (p *postmaster) end(ctx context.Context) bool {
	defer waitGone(context.Background(), p.folder.pg(), immediateWait,
		func() bool { return len(postgresIn(p.folder.pg())) == 0 })
	return p.endProcess(ctx)
}

// endProcess signals without a look at the pid: os.Process holds the process by a pidfd, so that a signal which comes
// too late goes to nobody.
func (p *postmaster) endProcess(ctx context.Context) bool {
	p.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-p.exited:
		return true
	case <-ctx.Done():
	}
	p.cmd.Process.Signal(syscall.SIGQUIT)
	late := time.NewTimer(immediateWait)
	defer late.Stop()
	select {
	case <-p.exited:
	case <-late.C:
		p.cmd.Process.Signal(syscall.SIGKILL)
		<-p.exited
	}
	return false
}

// immediateWait is longer than the 5 s after which a postmaster kills children that ignore an immediate shutdown.
const immediateWait = 8 * time.Second

// await returns a connection as soon as the server answers. It goes on trying while the server says it is starting or
// recovering; it ends when the process does, or refuses us for good.
func (p *postmaster) await(ctx context.Context, dsn string) (*pgx.Conn, error) {
	var conn *pgx.Conn
	var refused error
	err := poll(ctx, func() bool {
		select {
		case <-p.exited:
			refused = p.failure()
			return true
		default:
		}
		c, err := connect(ctx, dsn)
		if err != nil {
			if !mayComeUp(err) {
				refused = fmt.Errorf("ask the server whether it is up: %w", err)
			}
			return refused != nil
		}
		conn = c
		return true
	})
	if err != nil {
		return nil, err
	}
	return conn, refused
}

// connectTimeout bounds one attempt; a server that is there answers within milliseconds.
const connectTimeout = 5 * time.Second

func connect(ctx context.Context, dsn string) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	return pgx.Connect(ctx, dsn)
}

// mayComeUp reports whether a failed connection may succeed later (the server is starting or busy) or never will.
func mayComeUp(err error) bool {
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) {
		return !errors.Is(err, os.ErrPermission) // no socket, nobody behind it, or cut off
	}
	return isCode(err, "57P01", "57P02", "57P03", "53300") // shutting down, crashed, starting, too many connections
}

func isCode(err error, codes ...string) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && slices.Contains(codes, refusal.Code)
}

// watch returns when conn breaks, which it does at once when the server or one of its processes dies, or when ctx ends.
func watch(ctx context.Context, conn *pgx.Conn) {
	for conn.PgConn().WaitForNotification(ctx) == nil {
	}
	closing, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn.Close(closing)
}
