package cluster

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Attach uses the server of the luodi that already serves dir, for a command beside it. It waits, as long as ctx
// allows, for a server that is still starting. ErrNotRunning: no luodi serves dir. The server stays the other's: it
// ends when the other does, which State then tells.
func Attach(ctx context.Context, dir string) (*Cluster, error) {
	c, err := newCluster(dir, Options{})
	if err != nil {
		return nil, err
	}
	if err := c.attach(ctx); err != nil {
		c.halt()
		return nil, fmt.Errorf("use the database in %s: %w", c.folder.dir, err)
	}
	return c, nil
}

func (c *Cluster) attach(ctx context.Context) error {
	var last error
	err := poll(ctx, func() bool {
		held, socket, err := holder(c.folder.dir)
		if err != nil {
			last = err
			return true
		}
		if !held {
			last = ErrNotRunning
			return true
		}
		if !filepath.IsAbs(socket) {
			return false
		}
		c.folder.socket = socket
		conn, err := connect(ctx, c.DSN(Superuser, Database))
		if err != nil {
			last = err
			return !mayComeUp(err) && !isCode(err, "3D000") // a first start has yet to make the database
		}
		last = nil
		c.set(Ready, nil, 0)
		go func() {
			defer close(c.done)
			c.follow(c.watched(conn))
		}()
		return true
	})
	if err != nil {
		return errors.Join(err, last)
	}
	return last
}

// follow keeps the state of a server that another luodi runs.
func (c *Cluster) follow(broken <-chan struct{}) {
	for {
		select {
		case <-c.stopping.Done():
		case <-broken:
		}
		conn, err := connect(c.stopping, c.DSN(Superuser, Database))
		for err != nil {
			held, _, _ := holder(c.folder.dir)
			if c.stopping.Err() != nil || !held {
				c.set(Stopped, nil, 0)
				return
			}
			c.set(Recovering, err, 0)
			select {
			case <-c.stopping.Done():
			case <-time.After(c.retry.first):
			}
			conn, err = connect(c.stopping, c.DSN(Superuser, Database))
		}
		c.set(Ready, nil, 0)
		broken = c.watched(conn)
	}
}
