// Package api is the HTTP server: the router, what surrounds every request, and the domain's routes. What the public
// may read stands in docs/feeds.md. The domain's routes are one package because they are methods of one type, domain,
// which holds the stores, the guard and the document of the API that all of them fill; a file has the routes of one
// idea.
package api

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"luodi/api/auth"
	"luodi/api/background"
	"luodi/api/board"
	"luodi/api/live"
	"luodi/api/ogc"
	"luodi/api/page"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/api/sheet"
	"luodi/api/stream"
	"luodi/api/webhook"
	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/siting"
	"luodi/data/store"
	"luodi/message"
)

// Options are what the server stands on.
type Options struct {
	Store *store.Store
	// Queues is the clerk that serves the queues right after a change that frees land; nil: none.
	Queues  *ledger.Clerk
	Web     fs.FS // the built map client, index.html at its root
	Logger  *slog.Logger
	Version string
	// Ready reports why requests can't be answered now; nil when they can.
	Ready func(context.Context) error
	// Condition reports problems that need repair although requests can be answered; nil if nothing is monitored.
	Condition func(context.Context) Condition
	// Stall is how long a reader may take nothing of its answer before it is cut off; 0 means 30 s.
	Stall time.Duration
	// BehindProxy: a proxy in front names the caller's address in X-Forwarded-For and the scheme in X-Forwarded-Proto.
	// Else nothing of X-Forwarded-* is believed.
	BehindProxy bool
	// Framers are origins whose pages may show the map and list of /embed in a frame, as "https://www.example.gov.cn".
	Framers []string
	// Backgrounds are what can be shown under the parks' maps; nil: nothing.
	Backgrounds *background.Set
	// Live is what those who follow events share. The caller runs it, and stops it before the server: streams end with
	// it.
	Live *live.Hub
	// Webhooks delivers events to other systems. The caller runs it.
	Webhooks *webhook.Sender
	// SitingMemory is how many bytes of free land are kept for matching; 0 means [siting.DefaultSitingMemory].
	SitingMemory int64
	// FeedMemory is how many bytes of encoded features are kept for feeds; 0 means [feed.DefaultMemory], less none.
	FeedMemory int64
	// Ahead has what memory keeps of parcels and names read at once, not when somebody first asks for them, until it
	// ends; nil: it is not.
	Ahead context.Context
	// TileMemory is how many bytes of map tiles are kept; 0 means [ogc.DefaultTiles], less none.
	TileMemory int64
	// EnquiryDays is for how many days an enquiry is kept until all personal data in it is erased; 0 means
	// [EnquiryDays].
	EnquiryDays int
	// Mails: this installation sends mails.
	Mails bool
	// FeedsKept is told how many bytes that are now, whenever it changes; nil: nobody is.
	FeedsKept func(bytes int64)
}

// stallDefault is long enough for a phone that changes its network.
const stallDefault = 30 * time.Second

// New makes the handler of every path. The server around it needs a limit for reading headers and for idle connections,
// but none for writing: long answers are watched piece by piece.
func New(o Options) http.Handler {
	if o.Stall == 0 {
		o.Stall = stallDefault
	}
	matcher := siting.NewMatcher(o.Store)
	if o.SitingMemory > 0 {
		matcher.Most = o.SitingMemory
	}
	cache := feed.NewCache(o.Store, o.FeedMemory)
	cache.Tell(o.FeedsKept)
	cache.LoadBoth()
	finder := feed.NewFinder(statusWords())
	if o.Ahead != nil {
		go readAhead(o, cache, finder)
	}
	m := newMetrics(o.Store, o.Live, matcher, cache, finder, o.Condition)
	r := chi.NewRouter()
	r.Use(request.Forwarded(o.BehindProxy), request.DecodePath, guardStalls(o.Stall), observe(o.Logger, m),
		secure, crossOrigin,
		boundLength, stream.Compress, middleware.StripSlashes, middleware.GetHead)
	// who is asking: every route below can tell by auth.From
	guard := auth.New(o.Store, auth.Options{BehindProxy: o.BehindProxy})
	r.Use(guard.Protect, guard.Identify)
	files := &static{files: o.Web}
	unrouted := refusals{routes: r, page: files}
	r.NotFound(unrouted.refuse)
	r.MethodNotAllowed(unrouted.refuse)
	r.Get("/healthz", healthz)
	r.Get("/readyz", readyz(o.Ready, o.Condition, clocksAhead(o.Store)))
	r.Get("/metrics", m.handler().ServeHTTP)
	r.Get(page.StylePath, page.Style)
	r.Get(page.ScriptPath, page.Script)
	r.Get("/problems/{slug}", explain)
	features := ogc.New(o.Store, cache, o.TileMemory, o.Version, memberOf)
	m.show(tileGauges(features))
	features.Routes(r)
	sheet.New(o.Store, matcher, o.Version, o.Web).Routes(r)
	board.New(o.Store, o.Version, o.Framers, o.Backgrounds).Routes(r)
	o.Backgrounds.Routes(r)
	addDomain(r, o, guard, matcher, cache, finder, features)
	addStatic(r, files, o.Backgrounds, unrouted.refuse)
	return r
}

// readAhead reads what is kept in memory. What it can't read, whoever asks for it has read.
func readAhead(o Options, cache *feed.Cache, finder *feed.Finder) {
	err := errors.Join(cache.LoadAhead(o.Ahead), finder.LoadAhead(o.Ahead, o.Store))
	if err != nil && o.Ahead.Err() == nil {
		o.Logger.Info("not all was read ahead", "error", err)
	}
}

// memberOf is who reads more than the public over OGC API: the bearer of a token, in the parks that it may see. A
// session reads what the public reads there: the map draws the public's view by it.
func memberOf(ctx context.Context) *feed.Member {
	who := auth.From(ctx)
	if who == nil || who.Token == nil {
		return nil
	}
	parks, every := who.Where(auth.See)
	return &feed.Member{Every: every, Parks: parks}
}

// explain draws the page of a problem's type.
func explain(w http.ResponseWriter, r *http.Request) {
	slug, lang := chi.URLParam(r, "slug"), problem.Lang(r)
	for _, kind := range problem.Kinds() {
		if kind.Slug != slug {
			continue
		}
		root := request.PathPrefix(r)
		err := page.Write(w, r, lang, page.Page{Root: root, Title: kind.Title(lang), Lead: kind.About(lang),
			Crumbs: []page.Link{{Text: message.Text(lang, "api.docs.title"),
				Href: root + "/api/docs?lang=" + string(lang)}}})
		if err != nil {
			problem.Write(w, r, err)
		}
		return
	}
	problem.Write(w, r, &store.Missing{Kind: "page", Name: r.URL.Path})
}
