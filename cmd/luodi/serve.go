package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"luodi/api"
	"luodi/api/auth"
	"luodi/api/background"
	"luodi/api/live"
	"luodi/api/problem"
	"luodi/api/webhook"
	"luodi/data/backup"
	"luodi/data/ledger"
	"luodi/data/sample"
	"luodi/data/store"
	"luodi/geo"
	"luodi/message"
	"luodi/web"
)

type serveCmd struct {
	database
	Listen string `help:"Address and port to listen on; port 0 takes a free one." default:"127.0.0.1:8080" env:"LUODI_LISTEN"`
	Sample bool   `help:"Load the sample park into an empty database." env:"LUODI_SAMPLE"`

	BackupEvery time.Duration `help:"Make a verified backup this often, such as 24h." placeholder:"DURATION" env:"LUODI_BACKUP_EVERY"`
	BackupDir   string        `help:"Folder of these backups; better on another disk." placeholder:"DIR" env:"LUODI_BACKUP_DIR"`
	Keep        int           `help:"How many of them are kept; older ones are removed once a new one is verified." default:"7" env:"LUODI_KEEP"`
	scratchFolder

	BehindProxy bool `help:"Every request comes through a proxy that appends the caller's address to X-Forwarded-For." env:"LUODI_BEHIND_PROXY"`

	EmbedBy []origin `help:"Origins whose pages may show /embed/PARK in a frame, such as https://www.example.gov.cn; none without it." placeholder:"ORIGIN,…" env:"LUODI_EMBED_BY"`

	Backgrounds string `help:"Folder with backgrounds.json and tile files, shown under the parks' maps (docs/backgrounds.md); none without it, and no page asks another machine for anything." placeholder:"DIR" env:"LUODI_BACKGROUNDS"`

	FeedMemory feedMemory `help:"MiB of memory for the features of the public feeds, kept as they are sent; a collection that finds no room is read from the database, with 0 all are." default:"2048" placeholder:"MIB" env:"LUODI_FEED_MEMORY"`
	TileMemory tileMemory `help:"MiB of memory for map tiles, kept as they are sent until something in them changes; with 0 each is made anew." default:"128" placeholder:"MIB" env:"LUODI_TILE_MEMORY"`

	SitingMemory sitingMemory `help:"MiB of memory for the free land of parks that were asked to match; those not asked for longest are given up." default:"512" placeholder:"MIB" env:"LUODI_SITING_MEMORY"`

	EnquiryDays enquiryDays `help:"For how many days an investor's enquiry is kept until all personal data in it is erased; those sent before keep the term they were told." default:"180" placeholder:"DAYS" env:"LUODI_ENQUIRY_DAYS"`

	WebhookAllow []netip.Prefix `help:"Addresses (CIDR) that webhooks may reach though they are not on the open internet." placeholder:"CIDR,…" env:"LUODI_WEBHOOK_ALLOW"`
	WebhookHTTP  bool           `help:"Webhooks may be plain http." name:"webhook-http" env:"LUODI_WEBHOOK_HTTP"`

	SMTP      mailServer `embed:"" prefix:"smtp-"`
	PublicURL string     `help:"Address of this server as people type it, for links in mails; without it there are none." placeholder:"URL" env:"LUODI_PUBLIC_URL" name:"public-url"`
}

// enquiryDays is a number of days, from 1 to ten years.
type enquiryDays int

// UnmarshalText reads a number of days for which personal data may be kept.
func (d *enquiryDays) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 1 || n > 3650 {
		return geo.NewInvalid("enquiry-days", "enquiry.days", string(text))
	}
	*d = enquiryDays(n)
	return nil
}

// sitingMemory, feedMemory and tileMemory are numbers of MiB.
type (
	sitingMemory int64
	feedMemory   int64
	tileMemory   int64
)

// UnmarshalText reads a number of MiB that a machine can have.
func (m *sitingMemory) UnmarshalText(text []byte) error {
	n, ok := parseMiB(string(text), 1)
	if !ok {
		return geo.NewInvalid("siting-memory", "memory.mib", string(text))
	}
	*m = sitingMemory(n)
	return nil
}

// UnmarshalText reads a number of MiB that a machine can have, or 0 for none.
func (m *feedMemory) UnmarshalText(text []byte) error {
	n, ok := parseMiB(string(text), 0)
	if !ok {
		return geo.NewInvalid("feed-memory", "memory.mib_or_none", string(text))
	}
	*m = feedMemory(n)
	return nil
}

// UnmarshalText reads a number of MiB that a machine can have, or 0 for none.
func (m *tileMemory) UnmarshalText(text []byte) error {
	n, ok := parseMiB(string(text), 0)
	if !ok {
		return geo.NewInvalid("tile-memory", "memory.mib_or_none", string(text))
	}
	*m = tileMemory(n)
	return nil
}

func parseMiB(text string, least int64) (n int64, ok bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= least && n <= 1<<20
}

// bytes is the memory as [api.Options] takes it.
func (m feedMemory) bytes() int64 { return orNone(int64(m)) }
func (m tileMemory) bytes() int64 { return orNone(int64(m)) }

func orNone(mib int64) int64 {
	if mib == 0 {
		return -1
	}
	return mib << 20
}

// About how much garbage may gather before it is collected: so many bytes, or a share of what is kept where that is
// more. Beside a million parcels large tiles would have it collected twice a second otherwise.
const (
	garbageLeast = 96 << 20
	garbageShare = 8
)

// collectBeside has garbage collected as if most of the features that are kept in memory did not count: the collector's
// own rule would let garbage grow to their size. A GOGC that the operator set is obeyed.
func collectBeside(kept int64) {
	if os.Getenv("GOGC") == "" {
		garbage := max(garbageLeast, kept/garbageShare)
		debug.SetGCPercent(int(max(2, 100*garbage/(garbageLeast+kept))))
	}
}

// Run serves until it is told to stop. The port is taken first, so that a taken one is known before any work; then the
// database is started, migrated and, if asked, filled; then requests are answered.
func (s serveCmd) Run(ctx context.Context, e *env) error {
	log := slog.New(slog.NewTextHandler(api.Lines(e.stderr), &slog.HandlerOptions{Level: slog.LevelInfo}))
	if s.BackupEvery > 0 && s.BackupDir == "" {
		return usageError{errors.New(e.text("cli.backup_needs_folder"))}
	}
	backgrounds, err := s.backgrounds()
	if err != nil {
		return err
	}
	mails, err := s.mails()
	if err != nil {
		return err
	}
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
	store, err := store.Open(ctx, db.source)
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
	backups, stopBackups, err := s.backUp(ctx, db.source, log)
	if err != nil {
		return err
	}
	defer stopBackups()
	well := &health{store: store, cluster: db.cluster, url: db.source.URL, backups: backups}
	if db.cluster != nil {
		db.cluster.OnRestart(store.Hold)
	}
	go well.watch(ctx, log)
	clerk := newClerk(log)
	go ledger.Of(store).KeepExpiring(ctx, clerk)
	hub, sender, stop := s.tell(ctx, store, log)
	defer stop()
	defer remindPeople(ctx, store, mails, log)()
	handler := api.New(api.Options{
		Live: hub, Webhooks: sender, Store: store, Queues: &clerk, Web: web.Dist(), Logger: log, Version: version,
		BehindProxy: s.BehindProxy, Framers: framers(s.EmbedBy), Backgrounds: backgrounds,
		EnquiryDays: int(s.EnquiryDays), Mails: mails != nil,
		SitingMemory: int64(s.SitingMemory) << 20, FeedMemory: s.FeedMemory.bytes(), Ahead: ctx,
		TileMemory: s.TileMemory.bytes(), FeedsKept: collectBeside, Ready: well.ready, Condition: well.condition,
	})
	return s.answer(ctx, e, listener, handler, invite)
}

// backgrounds reads what is shown under the parks' maps; nil where nothing is set.
func (s serveCmd) backgrounds() (*background.Set, error) {
	if s.Backgrounds == "" {
		return nil, nil
	}
	return background.Read(s.Backgrounds)
}

// backUp starts the backup schedule; it returns nil if no backups are configured. stop waits for a running backup to
// end.
func (s serveCmd) backUp(ctx context.Context, src store.Source, log *slog.Logger) (_ *backup.Schedule, stop func(),
	err error) {
	if s.BackupEvery <= 0 {
		return nil, func() {}, nil
	}
	scratch, err := s.of(s.database)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	schedule := &backup.Schedule{Order: backup.Order{Source: src, Program: "luodi " + version}, Dir: s.BackupDir,
		Every: s.BackupEvery, Keep: s.Keep, Scratch: *scratch, Logger: log}
	var group sync.WaitGroup
	group.Go(func() { schedule.Run(ctx) })
	return schedule, func() { cancel(); group.Wait() }, nil
}

// newClerk writes the records that end holds and serve those who wait; records speak Chinese, as the parks do.
func newClerk(log *slog.Logger) ledger.Clerk {
	return ledger.Clerk{
		Via: "luodi serve " + version, Reason: message.Text(message.ZH, "change.expired"),
		Served: message.Text(message.ZH, "change.served"),
		Passed: func(err error) string {
			return message.Text(message.ZH, "change.passed", "why", problem.From(err, message.ZH).Detail)
		},
		Report: func(err error) { log.Error("holds that ran out were not ended, or lines not served", "error", err) },
	}
}

// tell begins to tell of changes: those who follow, and other systems. It goes on until ctx ends or stop is called,
// which waits for its end.
func (s serveCmd) tell(ctx context.Context, store *store.Store, log *slog.Logger) (*live.Hub, *webhook.Sender, func()) {
	ctx, cancel := context.WithCancel(ctx)
	hub := live.New(store, log, live.DefaultLimits)
	sender := webhook.New(store, webhook.Options{Allowed: s.WebhookAllow, HTTP: s.WebhookHTTP, Via: "luodi/" + version,
		Wake: hub.Moved(), Logger: log})
	var group sync.WaitGroup
	group.Go(func() { hub.Run(ctx) })
	group.Go(func() { sender.Run(ctx) })
	return hub, sender, func() { cancel(); group.Wait() }
}

func loadSample(ctx context.Context, e *env, store *store.Store) error {
	loaded, err := sample.Loaded(ctx, store.Planner)
	if err != nil || loaded {
		return err
	}
	e.say("cli.sample_loading")
	return sample.Load(ctx, store.Planner)
}

// answer serves the handler, prints the link to the first account if there is one (invite), and, when ctx ends, lets
// requests under way finish for ten seconds.
func (s serveCmd) answer(ctx context.Context, e *env, listener net.Listener, handler http.Handler,
	invite string) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10}
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
