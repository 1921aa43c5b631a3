// Package webhook tells other systems of each event of a park: signed, in order, one at a time, again until it is taken
// or given up.
package webhook

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"luodi/data/event"
	"luodi/data/store"
	"luodi/geo"
)

// Options say how to deliver.
type Options struct {
	Allowed []netip.Prefix  // addresses that may be reached though they are not on the open internet
	HTTP    bool            // plain http is taken too
	Via     string          // User-Agent
	Wake    <-chan struct{} // rings when there may be something to deliver; it is looked for every second besides
	Logger  *slog.Logger

	Pauses   []time.Duration // before the second try and each later one; DefaultPauses where empty
	Lease    time.Duration   // for how long a webhook is this process's without a word; 0 means 30 s
	Resolver *net.Resolver   // nil: the system's
}

// DefaultPauses give a receiver eleven tries of an event in about an hour. Then it goes to the dead letters and the
// next one is tried.
var DefaultPauses = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute,
	2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 25 * time.Minute}

const (
	looksAnyway = time.Second
	atOnce      = 8  // webhooks that a process delivers for at one time
	turn        = 64 // events before another webhook has its turn
	leaseLength = 3 * answerWithin
)

// Sender delivers for the webhooks of a database. Any number of processes may have one.
type Sender struct {
	events event.Events
	client *http.Client
	Options
}

// New makes a sender. It does nothing until it runs.
func New(store *store.Store, o Options) *Sender {
	if len(o.Pauses) == 0 {
		o.Pauses = DefaultPauses
	}
	if o.Lease == 0 {
		o.Lease = leaseLength
	}
	return &Sender{events: event.Of(store), client: newClient(o.Allowed, o.Resolver), Options: o}
}

// CheckURL refuses a URL that could never be delivered to: a scheme other than https (or http, where allowed), a name
// and password, or an internal address. The address of a host name is only known, and checked, at delivery.
func (s *Sender) CheckURL(text string) error {
	u, err := url.Parse(text)
	bad := func(rule geo.Rule) error { return geo.NewInvalid("url", rule, text) }
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(text) > 2000:
		return bad("url.hook")
	// the database keeps it as it is written
	case u.Scheme != "https" && (u.Scheme != "http" || !s.HTTP) || !strings.HasPrefix(text, u.Scheme+":"):
		return bad("url.https")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return bad("url.port")
		}
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !permits(s.Allowed, ip) {
		return bad("url.open")
	}
	return nil
}

// Run delivers until ctx ends. It then aborts running deliveries and returns their leases.
func (s *Sender) Run(ctx context.Context) {
	var group sync.WaitGroup
	free := make(chan struct{}, atOnce)
	again := make(chan struct{}, 1)
	tick := time.NewTicker(looksAnyway)
	defer tick.Stop()
	for {
		for {
			free <- struct{}{}
			d, err := s.events.LeaseWebhook(ctx, s.Lease)
			if err != nil && ctx.Err() == nil {
				s.Logger.Warn("webhooks can't be looked for; trying again", "error", err)
			}
			if d == nil || err != nil {
				<-free
				break
			}
			group.Go(func() {
				s.serve(ctx, d)
				<-free
				select {
				case again <- struct{}{}:
				default:
				}
			})
		}
		select {
		case <-ctx.Done():
			group.Wait()
			s.client.CloseIdleConnections()
			return
		case <-s.Wake:
		case <-again:
		case <-tick.C:
		}
	}
}

// serve delivers for one webhook until there is nothing more, something fails, or its turn is over.
func (s *Sender) serve(ctx context.Context, d *event.Delivery) {
	err := s.deliver(ctx, d)
	if err != nil && !errors.Is(err, event.ErrLeaseLost) && ctx.Err() == nil {
		s.Logger.Warn("a webhook was not served to the end", "webhook", d.ID, "park", d.Park, "error", err)
	}
	release, cancel := context.WithTimeout(context.WithoutCancel(ctx), dialWithin)
	defer cancel()
	if err := d.Release(release); err != nil {
		s.Logger.Info("a webhook waits for the end of its lease", "webhook", d.ID, "error", err)
	}
}
