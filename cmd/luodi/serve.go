package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"luodi/api"
	"luodi/api/auth"
	"luodi/api/live"
	"luodi/api/problem"
	"luodi/api/webhook"
	"luodi/data"
	"luodi/data/cluster"
	"luodi/data/sample"
	"luodi/message"
	"luodi/web"
)

type serveCmd struct {
	database
	Listen string `help:"Address and port to listen on; port 0 takes a free one." default:"127.0.0.1:8080" env:"LUODI_LISTEN"`
	Sample bool   `help:"Load the sample park into an empty database." env:"LUODI_SAMPLE"`

	BehindProxy bool `help:"Every request comes through a proxy that appends the caller's address to X-Forwarded-For." env:"LUODI_BEHIND_PROXY"`

	WebhookAllow []netip.Prefix `help:"Addresses (CIDR) that webhooks may reach though they are not on the open internet." placeholder:"CIDR,…" env:"LUODI_WEBHOOK_ALLOW"`
	WebhookHTTP  bool           `help:"Webhooks may be plain http." name:"webhook-http" env:"LUODI_WEBHOOK_HTTP"`
}

// Run serves until it is told to stop. The port is taken first, so that a taken one is known before any work; then the
// database is started, migrated and, if asked, filled; then requests are answered.
func (s serveCmd) Run(ctx context.Context, e *env) error {
	log := slog.New(slog.NewTextHandler(api.Lines(e.stderr), &slog.HandlerOptions{Level: slog.LevelInfo}))
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("%s", e.text("cli.listen_failed", "address", s.Listen, "cause", err))
	}
	defer func() { _ = listener.Close() }()
	db, err := s.start(ctx, e, log)
	if err != nil {
		return err
	}
	defer db.close(log)
	if err := db.migrate(ctx, e); err != nil {
		return err
	}
	store, err := data.Open(ctx, db.source)
	if err != nil {
		return err
	}
	defer store.Close()
	if s.Sample {
		if err := loadSample(ctx, e, store); err != nil {
			return err
		}
	}
	invite, _, err := auth.FirstLink(ctx, store)
	if err != nil {
		return err
	}
	clerk := newClerk(log)
	store.Lines = &clerk
	go store.KeepExpiring(ctx, clerk)
	hub, sender, stop := s.tell(ctx, store, log)
	defer stop()
	handler := api.New(api.Options{
		Live: hub, Webhooks: sender, Store: store, Web: web.Dist(), Logger: log, Version: version, BehindProxy: s.BehindProxy,
		Ready: func(ctx context.Context) error { return ready(ctx, db.cluster, store) },
	})
	return s.answer(ctx, e, listener, handler, invite)
}

// newClerk writes the records that end holds and serve those who wait; records speak Chinese, as the parks do.
func newClerk(log *slog.Logger) data.Clerk {
	return data.Clerk{
		Via: "luodi serve " + version, Reason: message.Text(message.ZH, "change.expired"), Served: message.Text(message.ZH, "change.served"),
		Passed: func(err error) string {
			return message.Text(message.ZH, "change.passed", "why", problem.From(err, message.ZH).Detail)
		},
		Report: func(err error) { log.Error("holds that ran out were not ended, or lines not served", "error", err) },
	}
}

// tell begins to tell of changes: those who follow, and other systems. It goes on until ctx ends or stop is called, which waits for its end.
func (s serveCmd) tell(ctx context.Context, store *data.Store, log *slog.Logger) (*live.Hub, *webhook.Sender, func()) {
	ctx, cancel := context.WithCancel(ctx)
	hub := live.New(store, log, live.DefaultLimits)
	sender := webhook.New(store, webhook.Options{Allowed: s.WebhookAllow, HTTP: s.WebhookHTTP, Via: "luodi/" + version, Wake: hub.Moved(), Logger: log})
	var group sync.WaitGroup
	group.Go(func() { hub.Run(ctx) })
	group.Go(func() { sender.Run(ctx) })
	return hub, sender, func() { cancel(); group.Wait() }
}

// ready asks the private cluster's keeper first: it knows of a dead postmaster before a connection fails.
func ready(ctx context.Context, c *cluster.Cluster, store *data.Store) error {
	if c != nil && !c.Ready() {
		return fmt.Errorf("%w: %s", data.ErrUnavailable, c.State())
	}
	return store.Ping(ctx)
}

func loadSample(ctx context.Context, e *env, store *data.Store) error {
	loaded, err := sample.Loaded(ctx, store.Planner)
	if err != nil || loaded {
		return err
	}
	e.say("cli.sample_loading")
	return sample.Load(ctx, store.Planner)
}

// answer serves the handler, prints the link to the first account if there is one (invite), and, when ctx ends, lets requests under way finish for ten seconds.
func (s serveCmd) answer(ctx context.Context, e *env, listener net.Listener, handler http.Handler, invite string) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	address := "http://" + listener.Addr().String() + "/"
	e.say("cli.serving", "url", address)
	if invite != "" {
		e.say("cli.first_link")
		_, _ = fmt.Fprintln(e.stdout, address+invite)
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	e.say("cli.stopping")
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		_ = server.Close()
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
