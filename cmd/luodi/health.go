package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"luodi/api"
	"luodi/data/backup"
	"luodi/data/store"
	"luodi/data/store/cluster"
)

// health is what a server knows of its database, for /readyz and /metrics.
type health struct {
	store   *store.Store
	cluster *cluster.Cluster // nil: a named database
	url     string           // of that
	backups *backup.Schedule // nil: none are made

	mu   sync.Mutex
	sick error // what the last look at a named database found
}

// lookEvery is how often a named database is asked whether new connections work. The keeper of a private one asks by
// itself.
const lookEvery = 5 * time.Second

// watch looks after a named database until ctx ends; it can only say what is to be done.
func (h *health) watch(ctx context.Context, log *slog.Logger) {
	if h.cluster != nil {
		return
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			h.look(ctx, log)
		}
	}
}

func (h *health) look(ctx context.Context, log *slog.Logger) {
	err := cluster.Probe(ctx, h.url)
	if ctx.Err() != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if was, is := fmt.Sprint(h.sick), fmt.Sprint(err); was != is {
		if err != nil {
			log.Error("the database doesn't take new connections", "error", err)
		} else {
			log.Info("the database takes new connections again")
		}
	}
	h.sick = err
}

// ready asks the private cluster's keeper first: it knows of a dead postmaster before a connection fails.
func (h *health) ready(ctx context.Context) error {
	if c := h.cluster; c != nil && !c.Ready() {
		if err := c.Err(); err != nil {
			return fmt.Errorf("%w: %s: %w", store.ErrUnavailable, c.State(), err)
		}
		return fmt.Errorf("%w: %s", store.ErrUnavailable, c.State())
	}
	h.mu.Lock()
	sick := h.sick
	h.mu.Unlock()
	if sick != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, sick)
	}
	return h.store.Ping(ctx)
}

// condition is what is to be mended though requests are answered.
func (h *health) condition(ctx context.Context) api.Condition {
	var found api.Condition
	if parts := h.store.Damaged(ctx); len(parts) > 0 {
		found.Warnings = append(found.Warnings, api.Warning{Code: api.WarnDamaged, Parts: parts})
	}
	if h.backups == nil {
		return found
	}
	state := h.backups.State()
	found.Backup = &api.Backup{At: state.At, Bytes: state.Bytes, Error: state.Why()}
	if state.At != nil {
		found.Backup.AgeS = time.Since(*state.At).Seconds()
	}
	if state.Err != nil {
		found.Warnings = append(found.Warnings, api.Warning{Code: api.WarnBackupFailed})
	}
	if state.Old {
		found.Warnings = append(found.Warnings, api.Warning{Code: api.WarnBackupOld})
	}
	return found
}
