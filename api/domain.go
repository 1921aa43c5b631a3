package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"luodi/api/auth"
	"luodi/api/background"
	"luodi/api/live"
	"luodi/api/ogc"
	"luodi/api/paper"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/api/webhook"
	"luodi/data/event"
	"luodi/data/feed"
	"luodi/data/ledger"
	"luodi/data/people"
	"luodi/data/registry"
	"luodi/data/reminder"
	"luodi/data/siting"
	"luodi/data/store"
	"luodi/geo"
	"luodi/message"
)

// answerWithin bounds how long a document of the domain API may take.
const answerWithin = time.Minute

// domain is what the routes under /api share.
type domain struct {
	store    *store.Store
	feed     feed.Feed
	ledger   ledger.Ledger
	registry registry.Registry
	siting   siting.Siting
	events   event.Events
	people   people.People
	version  string
	api      huma.API
	guard    *auth.Guard
	hub      *live.Hub
	matcher  *siting.Matcher
	cache    *feed.Cache
	finder   *feed.Finder
	sender   *webhook.Sender
	thought  *thinking
	smaller  *smaller
	files    chan struct{} // a place for each file that is being written
	press    func() (*paper.Press, error)
	imports  importer

	reminders   reminder.Reminders
	mails       bool // this installation sends mails
	enquiryDays int
	backgrounds *background.Set
}

// huma keeps how it forms errors and schemas in variables of its package: they are set once, before any router is made.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, msg string, _ ...error) huma.StatusError {
		return &problem.Problem{Status: status, Title: msg}
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		r, _ := humachi.Unwrap(ctx)
		err := errors.Join(errs...)
		var detail *huma.ErrorDetail
		if errors.As(err, &detail) && status < http.StatusInternalServerError {
			err = refused(ctx.Operation(), detail)
		} else if err == nil && status < http.StatusInternalServerError { // a body that is missing, too long or too slow
			key, args := expects("body", msg)
			err = &problem.Request{Kind: problem.InvalidParameter, Field: "body", Expected: key, Args: args, Got: "-"}
		}
		var asked *problem.Request
		if ctx.Operation().Metadata[invalidRequirement] != nil && errors.As(err, &asked) &&
			asked.Kind == problem.InvalidParameter {
			asked.Kind = problem.InvalidRequirement
		}
		problem.Report(r.Context(), err)
		p := problem.From(err, problem.Lang(r))
		if retry := problem.RetryAfter(p.Status, p.Type); retry != "" {
			ctx.SetHeader("Retry-After", retry)
		}
		if p.Status == http.StatusUnauthorized {
			ctx.SetHeader("WWW-Authenticate", problem.Challenge)
		}
		ctx.SetHeader("Cache-Control", "no-store")
		return p
	}
}

// inputType marks an operation with the type of its input, so that a refusal of its body names the value.
const inputType = "input-type"

// refused says what a value that huma refused should have been: what the parameter's schema asks for, or what the type
// of a value in the body asks for.
func refused(op *huma.Operation, d *huma.ErrorDetail) error {
	if in, known := op.Metadata[inputType].(reflect.Type); known && d.Location == "body" {
		if invalid := request.Unread(in, []byte(fmt.Sprint(d.Value))); invalid != nil {
			return &problem.Request{Kind: problem.InvalidParameter, Invalid: invalid}
		}
	}
	_, field, found := strings.Cut(d.Location, ".")
	if !found {
		field = d.Location
	}
	e := &problem.Request{Kind: problem.InvalidParameter, Field: field}
	e.Expected, e.Args = expects(field, d.Message)
	if d.Value != nil && op.Metadata[auth.Secret] == nil {
		e.Got = fmt.Sprint(d.Value)
	}
	for _, param := range op.Parameters {
		if param.Name != field || param.Schema == nil {
			continue
		}
		switch s := param.Schema; {
		case len(s.Enum) > 0:
			e.Expected, e.Args = "api.expected.one_of", []any{"values", listed(s.Enum)}
		case s.Minimum != nil && s.Maximum != nil:
			e.Expected, e.Args = "api.expected.range", []any{"from", *s.Minimum, "to", *s.Maximum}
		case s.MinLength != nil && s.MaxLength != nil && e.Got != "":
			e.Expected, e.Args = "api.expected.q", []any{"n", *s.MaxLength}
		case s.Format == "uuid":
			e.Expected = "api.expected.id"
		case param.Required && e.Got == "":
			e.Expected = "api.expected.given"
		}
	}
	return e
}

func listed(values []any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprint(value)
	}
	return strings.Join(texts, ", ")
}

func addDomain(r chi.Router, o Options, guard *auth.Guard, matcher *siting.Matcher, cache *feed.Cache,
	finder *feed.Finder, features *ogc.Service) {
	config := huma.DefaultConfig("Luodi 落地", o.Version)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "/api/openapi", "", "", nil
	config.Info.Description = message.Text(message.EN, "api.docs.about")
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	number := reflect.TypeFor[float64]()
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[geo.Area](), number)
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[geo.Mu](), number)
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[geo.Amount](), number)
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[feed.Facts](), reflect.TypeFor[facts]())
	d := &domain{store: o.Store, feed: feed.Of(o.Store), cache: cache,
		ledger:   ledger.Ledger{Store: o.Store, Queues: o.Queues},
		registry: registry.Of(o.Store), siting: siting.Of(o.Store), events: event.Of(o.Store),
		people:  people.Of(o.Store),
		version: o.Version, api: humachi.New(r, config), guard: guard, hub: o.Live, sender: o.Webhooks,
		thought: newThinking(), smaller: newSmaller(), files: make(chan struct{}, filesAtOnce),
		press: sync.OnceValues(func() (*paper.Press, error) { return paper.Load(o.Web) }), matcher: matcher, finder: finder, enquiryDays: o.EnquiryDays,
		backgrounds: o.Backgrounds, reminders: reminder.Of(o.Store), mails: o.Mails}
	if d.enquiryDays == 0 {
		d.enquiryDays = EnquiryDays
	}
	d.addParks()
	d.addParcels()
	d.addPapers()
	d.addBalance()
	d.addSearch()
	d.addGeoJSON(r)
	d.addTiles(r, features)
	d.addItems(r, features)
	d.addFiles(r)
	d.addPlat()
	d.addRecords()
	d.addSurveyText()
	d.addImports()
	d.addHistory(r)
	d.addProposals()
	d.addServices()
	d.addBuildings()
	d.addQueue()
	d.addProjects()
	d.addFlows()
	d.addAgency()
	d.addEvents(r)
	d.addMatch()
	d.addWebhooks()
	d.addEnquiries()
	d.addMy(r)
	guard.Routes(d.api, strict, noNulls)
	describe(d.api.OpenAPI())
	if err := exemplify(d.api.OpenAPI()); err != nil { // of a file of the build: every test shows it
		panic("api: " + err.Error())
	}
	d.addDocs(r, o.Web)
}

// answer is a document, tagged with the state it was read in.
type answer[T any] struct {
	ETag     string `header:"ETag"`
	Cache    string `header:"Cache-Control"`
	Language string `header:"Content-Language"`
	Body     T
}

// Speaking is what every route takes: the language of texts and problems.
type Speaking struct {
	Lang string `query:"lang" enum:"zh,en" doc:"Language of texts and problems; Accept-Language otherwise, Chinese first."`
}

// unchanged ends a request whose caller holds the answer already.
type unchanged struct{ tag string }

func (u *unchanged) Error() string  { return "not modified" }
func (u *unchanged) GetStatus() int { return http.StatusNotModified }
func (u *unchanged) GetHeaders() http.Header {
	return http.Header{"ETag": {u.tag}, "Cache-Control": {"no-cache"}}
}

type requestKey struct{}

// strict refuses parameters that the operation doesn't know or that lack their value, and a language it doesn't
// speak, and keeps the request for the handler.
func strict(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	var allowed, valued []string
	for _, param := range ctx.Operation().Parameters {
		if param.In != "query" {
			continue
		}
		allowed = append(allowed, param.Name)
		if s := param.Schema; s != nil && (s.Type != huma.TypeString || s.Format != "" || len(s.Enum) > 0) {
			valued = append(valued, param.Name)
		}
	}
	w.Header().Add("Vary", "Accept-Language")
	q, err := request.ParseQuery(r, allowed...)
	if err == nil {
		_, err = q.Lang(r)
	}
	if err == nil {
		err = q.Valued(valued...)
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	next(huma.WithValue(ctx, requestKey{}, r))
}

// noNulls refuses a change of facts that states one as null, once the caller may change any.
func noNulls(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	if r.Method == http.MethodPatch {
		if err := request.NoNulls(r); err != nil {
			problem.Write(w, r, err)
			return
		}
	}
	next(ctx)
}

// get adds a route that reads one document, the same for all.
func get[I, O any](d *domain, path, id string, read func(context.Context, *feed.View, *I) (O, error)) {
	getAs(d, path, id, func(context.Context) *feed.Member { return nil }, read)
}

// getAs adds a route that reads one document. A member's is read in the planners' role, and no shared cache keeps it.
func getAs[I, O any](d *domain, path, id string, reader func(context.Context) *feed.Member,
	read func(context.Context, *feed.View, *I) (O, error)) {
	op := huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Middlewares: huma.Middlewares{strict, auth.Guarded(id)},
		Summary: docsText(id), Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusServiceUnavailable},
	}
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*answer[O], error) {
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		r, ok := ctx.Value(requestKey{}).(*http.Request)
		if !ok {
			return nil, errors.New("the route lacks its middleware")
		}
		out := &answer[O]{Cache: "no-cache", Language: string(problem.Lang(r))}
		member, open := reader(ctx), d.feed.View
		if member != nil {
			out.Cache, open = "private, no-cache", d.feed.Desk
		}
		err := open(ctx, func(v *feed.View) error {
			stamp, err := stampOf(ctx, v, in)
			if err != nil {
				return err
			}
			out.ETag = request.Tag(stamp, d.version+d.backgrounds.Digest(), r.URL.EscapedPath(), r.URL.RawQuery,
				out.Language,
				member.Stamp())
			if request.Holds(r.Header.Get("If-None-Match"), out.ETag) {
				return &unchanged{out.ETag}
			}
			out.Body, err = read(ctx, v, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		return out, nil
	})
	delete(d.api.OpenAPI().Paths[path].Get.Responses, "422") // huma's word for a refused value: here it is 400
}

// stampOf names the state that an answer depends on: of the park that the request names, else of the whole database. A
// search depends on the day too, with which a hold of a unit is over; a day begins with a half hour.
func stampOf(ctx context.Context, v *feed.View, in any) (string, error) {
	if named, ok := in.(interface{ parkCode() string }); ok {
		park, err := v.Park(ctx, named.parkCode())
		if err != nil {
			return "", err
		}
		return park.Stamp(), nil
	}
	now, err := v.State(ctx)
	if _, ok := in.(*searching); ok {
		return fmt.Sprintf("%s-%d", now.Stamp(), time.Now().Unix()/(30*60)), err
	}
	return now.Stamp(), err
}

// docsText says what an operation is for.
func docsText(id string) string {
	key := "api.docs." + id
	return message.Text(message.EN, key)
}

// speaks is the language of a request that get handles.
func speaks(ctx context.Context) message.Lang {
	if r, ok := ctx.Value(requestKey{}).(*http.Request); ok {
		return problem.Lang(r)
	}
	return message.ZH
}
