package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"luodi/data/store"
	"luodi/data/store/cluster"
)

// database is the choice every command that reaches one shares.
type database struct {
	Data     string `help:"Folder of the private database; by default ./var, or for root a folder its user can reach." placeholder:"DIR" env:"LUODI_DATA"`
	Database string `help:"PostgreSQL URL to use instead of the private database; its user owns the schema." placeholder:"URL" env:"LUODI_DATABASE"`
}

// opened is a database ready to use. The cluster is nil for a named database.
type opened struct {
	source  store.Source
	cluster *cluster.Cluster
}

// folder is where the private database is.
func (d database) folder() (string, error) {
	if d.Data != "" {
		return d.Data, nil
	}
	return cluster.DefaultDir()
}

// start opens a named database, or starts the private one and becomes its keeper; a second keeper is refused.
func (d database) start(ctx context.Context, e *env, log *slog.Logger) (opened, error) {
	if d.Database != "" {
		e.say("cli.database_named")
		return opened{source: store.Source{URL: d.Database}}, nil
	}
	dir, err := d.folder()
	if err != nil {
		return opened{}, err
	}
	e.say("cli.cluster_starting", "dir", dir)
	c, err := cluster.Start(ctx, dir, cluster.Options{Logger: log})
	if err != nil {
		return opened{}, err
	}
	return private(c), nil
}

// join is start for a command that runs beside a server: it uses the private database that a server keeps running, or
// else starts it for itself.
func (d database) join(ctx context.Context, e *env, log *slog.Logger) (opened, error) {
	if d.Database == "" {
		dir, err := d.folder()
		if err != nil {
			return opened{}, err
		}
		c, err := cluster.Attach(ctx, dir)
		if err == nil {
			e.note("cli.cluster_joined", "dir", dir)
			return private(c), nil
		}
		if !errors.Is(err, cluster.ErrNotRunning) {
			return opened{}, err
		}
	}
	return d.start(ctx, &env{stdout: e.stderr, stderr: e.stderr, lang: e.lang}, log)
}

func private(c *cluster.Cluster) opened {
	return opened{source: store.Source{URL: c.DSN("luodi", "luodi"), LoginRoles: true}, cluster: c}
}

// migrate applies what the schema lacks to the private database, and refuses a named one that lacks something: its
// keeper decides when.
func (o opened) migrate(ctx context.Context, e *env) error {
	schema, err := store.SchemaOf(ctx, o.source)
	if err != nil {
		return err
	}
	if len(schema.Pending) == 0 {
		return nil
	}
	if o.cluster == nil {
		return fmt.Errorf("%w: %d", errPending, len(schema.Pending))
	}
	_, err = store.Migrate(ctx, o.source, func(name string) { e.say("cli.migrating", "name", name) })
	return err
}

var errPending = errors.New("the database's schema is behind this program")

// close stops the private database if this process keeps it.
func (o opened) close(log *slog.Logger) {
	if o.cluster == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := o.cluster.Stop(ctx); err != nil {
		log.Error("stop the private database", "error", err)
	}
}

// openStore opens the database for a command beside a possible server: joined or started, migrated, both roles
// connected. The function it returns closes all of it.
func (e *env) openStore(ctx context.Context, d database, log *slog.Logger) (*store.Store, func(), error) {
	db, err := d.join(ctx, e, log)
	if err != nil {
		return nil, nil, err
	}
	if err := db.migrate(ctx, &env{stdout: e.stderr, stderr: e.stderr, lang: e.lang}); err != nil {
		db.close(log)
		return nil, nil, err
	}
	store, err := store.Open(ctx, db.source)
	if err != nil {
		db.close(log)
		return nil, nil, err
	}
	return store, func() { store.Close(); db.close(log) }, nil
}

// note prints a line about what is being done, beside the result.
func (e *env) note(key string, args ...any) {
	_, _ = fmt.Fprintln(e.stderr, plain(e.text(key, args...)))
}
