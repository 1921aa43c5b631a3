package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// retry says how a server that dies is brought back: at once, then after first, doubled each time up to most; after
// giveUp failures in a row it counts as failed and is tried every slow. A life shorter than settled is a failure too.
type retry struct {
	first, most, slow, settled time.Duration
	giveUp                     int
}

var defaultRetry = retry{first: 100 * time.Millisecond, most: 5 * time.Second, slow: 30 * time.Second,
	settled: 10 * time.Second, giveUp: 5}

// pause is how long to wait before the next attempt after so many failures in a row.
func (r retry) pause(failures int) time.Duration {
	switch {
	case failures == 0:
		return 0
	case failures >= r.giveUp:
		return r.slow
	}
	wait := r.first
	for range failures - 1 {
		wait = min(2*wait, r.most)
	}
	return wait
}

// supervise keeps the server running until Stop.
func (c *Cluster) supervise(p *postmaster, conn *pgx.Conn) {
	defer close(c.done)
	failures := 0
	for p != nil {
		born := time.Now()
		why := c.live(p, conn)
		if c.stopping.Err() != nil {
			c.shutdown(p)
			break
		}
		if why != nil {
			p, conn, failures = c.renew(p, why)
			continue
		}
		c.set(Recovering, errDied, 0)
		cause := p.failure()
		c.log.Error("the database died; bringing it back", "pid", p.pid, "error", cause)
		if time.Since(born) >= c.retry.settled {
			failures = 0
		} else {
			failures++
		}
		p, conn, failures = c.revive(failures, cause)
	}
	c.release()
	c.set(Stopped, nil, 0)
}

// logPruneEvery is how often old log files are looked for; ten new ones take far longer than this.
const logPruneEvery = time.Hour

// live returns when the postmaster has ended or Stop is called, or, with the reason, when it should be restarted
// because PostgreSQL was upgraded. In between it notices when the server cuts everybody off, as it does when one of its
// processes crashes, and when it is back.
func (c *Cluster) live(p *postmaster, conn *pgx.Conn) (restart error) {
	ctx, cancel := context.WithCancel(c.stopping)
	defer cancel()
	outgrown := c.outgrown(ctx, p)
	prune := time.NewTicker(logPruneEvery)
	defer prune.Stop()
	broken := c.watched(conn)
	for {
		select {
		case <-c.stopping.Done():
			return nil
		case <-p.exited:
			return nil
		case why := <-outgrown:
			return why
		case <-prune.C:
			pruneLogs(c.folder.log())
		case <-broken:
			var err error
			if conn, err = c.reconnect(p); err != nil {
				return nil
			}
			broken = c.watched(conn)
			c.set(Ready, nil, p.pid)
		}
	}
}

// watched is closed when conn breaks.
func (c *Cluster) watched(conn *pgx.Conn) <-chan struct{} {
	broken := make(chan struct{})
	go func() {
		defer close(broken)
		watch(c.stopping, conn)
	}()
	return broken
}

// reconnect waits until the server answers again. One that answers at once only ended our connection.
func (c *Cluster) reconnect(p *postmaster) (*pgx.Conn, error) {
	dsn := c.DSN(Superuser, "postgres")
	if conn, err := connect(c.stopping, dsn); err == nil {
		return conn, nil
	}
	c.set(Recovering, errCutOff, p.pid)
	for {
		conn, err := p.await(c.stopping, dsn)
		if err == nil {
			return conn, nil
		}
		select {
		case <-p.exited:
			return nil, err
		case <-c.stopping.Done():
			return nil, err
		case <-time.After(c.retry.first):
			c.log.Error("the database refuses luodi", "error", err)
			c.set(Failed, err, p.pid)
		}
	}
}

var (
	errDied   = errors.New("the database died")
	errCutOff = errors.New("the database ended all connections, as it does when one of its processes crashes")
)

// revive starts the server again and again until it is up, or Stop is called: then the postmaster is nil. It returns
// the failures in a row, those of before included.
func (c *Cluster) revive(failures int, cause error) (*postmaster, *pgx.Conn, int) {
	for {
		state := Recovering
		if failures >= c.retry.giveUp {
			state = Failed
		}
		c.set(state, cause, 0)
		select {
		case <-c.stopping.Done():
			return nil, nil, failures
		case <-time.After(c.retry.pause(failures)):
		}
		p, conn, err := c.boot(c.stopping)
		if err == nil {
			c.set(Ready, nil, p.pid)
			return p, conn, failures
		}
		if c.stopping.Err() != nil {
			return nil, nil, failures
		}
		failures, cause = failures+1, err
		c.log.Error("the database does not come back", "attempt", failures, "error", err)
	}
}

// shutdown ends the postmaster as Stop promised.
func (c *Cluster) shutdown(p *postmaster) {
	ctx := c.fast
	if _, has := ctx.Deadline(); !has {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, stopWait)
		defer cancel()
	}
	if !p.end(ctx) {
		c.stopErr = fmt.Errorf("%w: %w", ErrNotClean, ctx.Err())
	}
	c.log.Info("database stopped", "folder", c.folder.pg(), "clean", c.stopErr == nil)
}
