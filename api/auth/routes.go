package auth

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/geo"
	"luodi/message"
)

// Secret marks an operation, in its metadata, whose body holds passwords: no problem and no log line may repeat its
// input.
const Secret = "secret"

const (
	sessionPath    = "/api/session"
	invitationPath = "/api/invitation"
	maxBody        = 16 << 10
)

// Speaking is what every route takes: the language of problems.
type Speaking struct {
	Lang string `query:"lang" enum:"zh,en" doc:"Language of texts and problems; Accept-Language otherwise, Chinese first."`
}

// sent is a route's input: a document.
type sent[T any] struct {
	Speaking
	Body T
}

// reply is a document that no cache may keep.
type reply[T any] struct {
	Cache string `header:"Cache-Control"`
	Body  T
}

func private[T any](body T) *reply[T] { return &reply[T]{Cache: "no-store", Body: body} }

// nothing is the answer of what only does.
type nothing struct{}

// Routes adds the routes for sessions, invitations, accounts and tokens. The middleware strict refuses unknown
// parameters; noNulls refuses a change with a null fact.
func (g *Guard) Routes(api huma.API, strict, noNulls func(huma.Context, func(huma.Context))) {
	schemes := api.OpenAPI().Components
	schemes.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: message.Text(message.EN, "auth.docs.token")},
		"session": {Type: "apiKey", In: "cookie", Name: plainCookie,
			Description: message.Text(message.EN, "auth.docs.session")},
	}
	a := adder{api: api, middlewares: huma.Middlewares{strict, carry}, noNulls: noNulls}
	g.addSession(a)
	g.addInvitation(a)
	g.addAccounts(a)
	g.addTokens(a)
}

type adder struct {
	api         huma.API
	middlewares huma.Middlewares
	noNulls     func(huma.Context, func(huma.Context))
}

// add registers an operation. A public one needs no sign-in; status is the status of success.
func add[I, O any](a adder, method, path, id string, public bool, status int,
	handler func(context.Context, *I) (*O, error)) {
	docs := "api.docs." + id
	op := huma.Operation{
		OperationID: id, Method: method, Path: path,
		Middlewares: append(a.middlewares[:len(a.middlewares):len(a.middlewares)], Guarded(id), a.noNulls),
		Summary:     message.Text(message.EN, docs), Tags: []string{"accounts"},
		DefaultStatus: status, MaxBodyBytes: maxBody, Metadata: map[string]any{Secret: true},
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
			http.StatusConflict,
			http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}
	if !public {
		// these operations need a person; elsewhere a token will do
		op.Security = []map[string][]string{{"session": {}}}
	}
	huma.Register(a.api, op, func(ctx context.Context, in *I) (*O, error) {
		if err := request.Settle(in); err != nil {
			var invalid *geo.Invalid
			if errors.As(err, &invalid) { // a password may have been typed in the wrong field
				err = invalid.Withheld(withheld)
			}
			return nil, err
		}
		return handler(ctx, in)
	})
	item := a.api.OpenAPI().Paths[path]
	for _, made := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
		if made != nil {
			delete(made.Responses, "422") // huma's word for a refused value: here it is 400
		}
	}
}

type requestKey struct{}

// carry keeps the request for the handler, which needs its cookie and the address it came from.
func carry(ctx huma.Context, next func(huma.Context)) {
	r, _ := humachi.Unwrap(ctx)
	next(huma.WithValue(ctx, requestKey{}, r))
}

func requestOf(ctx context.Context) (*http.Request, error) {
	r, ok := ctx.Value(requestKey{}).(*http.Request)
	if !ok {
		return nil, errors.New("the route lacks its middleware")
	}
	return r, nil
}

// slowDown is the problem of too many attempts, with when to come back.
func slowDown(wait time.Duration) error {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	err := &problem.Request{Kind: problem.TooMany, Field: "attempts", Say: "auth.say.pause",
		Expected: "auth.expected.pause", Args: []any{"seconds", seconds}, Got: withheld}
	return huma.ErrorWithHeaders(err, http.Header{"Retry-After": {seconds}})
}
