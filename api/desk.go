package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/store"
	"luodi/geo/lot"
)

// deskAnswer is a document for someone signed in: no cache keeps it.
type deskAnswer[T any] struct {
	Status   int
	Cache    string `header:"Cache-Control"`
	Language string `header:"Content-Language"`
	Body     T
}

// deskRoute describes a route for people who are signed in.
type deskRoute struct {
	method, path, id string
	status           int
}

// desk adds a route for people who are signed in. The handler gives the status and the document; with status 0 that of
// the route.
func desk[I, O any](d *domain, at deskRoute, handle func(context.Context, *I) (int, O, error)) {
	deskOf(d, at, 0, handle)
}

// deskOf is desk for bodies of at most so many bytes; 0: a megabyte.
func deskOf[I, O any](d *domain, at deskRoute, most int64, handle func(context.Context, *I) (int, O, error)) {
	op := huma.Operation{
		OperationID: at.id, Method: at.method, Path: at.path,
		Middlewares: huma.Middlewares{strict, auth.Guarded(at.id), noNulls}, Summary: docsText(at.id),
		Tags: []string{"desk"}, DefaultStatus: at.status, MaxBodyBytes: most, Metadata: map[string]any{inputType: reflect.TypeFor[I]()},
		Security: []map[string][]string{{"session": {}}, {"token": {}}},
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
			http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusPreconditionRequired, http.StatusServiceUnavailable},
	}
	if right := auth.RightTo(at.id, ""); right.Of == auth.Person || right.Action == auth.Manage {
		op.Security = op.Security[:1] // no token will do
	}
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*deskAnswer[O], error) {
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		if err := request.Settle(in); err != nil {
			return nil, err
		}
		status, body, err := handle(ctx, in)
		if err != nil {
			return nil, err
		}
		if status == 0 {
			status = at.status
		}
		return &deskAnswer[O]{Status: status, Cache: "no-store", Language: string(speaks(ctx)), Body: body}, nil
	})
}

// inPark returns the principal, once it has the operation's right in the park, and the park's id.
func (d *domain) inPark(ctx context.Context, code string) (*auth.Principal, uuid.UUID, error) {
	if auth.From(ctx) == nil { // the public is not told which parks there are
		who, err := auth.Need(ctx, auth.EveryPark)
		return who, uuid.Nil, err
	}
	park, err := d.store.ParkID(ctx, code)
	if err != nil {
		return nil, uuid.Nil, err
	}
	who, err := auth.Need(ctx, park)
	return who, park, err
}

// via names this program in a record.
func (d *domain) via() string { return "luodi api " + d.version }

// located adds context to the error of a change: the current state for a stale version, longitude and latitude for a
// refused shape, the park's time zone for a deadline.
func (d *domain) located(ctx context.Context, park string, err error) error {
	var stale *store.Stale
	var shape *lot.Refused
	var denial *store.Denial
	switch {
	case errors.As(err, &denial) && denial.Until != nil:
		in, failed := d.ledger.Clocks(ctx, park)
		if failed != nil {
			return err
		}
		return &problem.Located{Err: err, In: in}
	case errors.As(err, &stale) && stale.ID != uuid.Nil:
		now, failed := d.ledger.StateOf(ctx, stale.ID)
		if failed != nil || now == nil {
			return err
		}
		return &problem.Located{Err: err, Now: now}
	case errors.As(err, &shape) && len(shape.At) > 0:
		at, failed := d.ledger.Degrees(ctx, park, shape.At)
		if failed != nil {
			return err
		}
		return &problem.Located{Err: err, At: at}
	}
	return err
}

// Keyed is a create that may be sent again.
type Keyed struct {
	Key string `header:"Idempotency-Key" doc:"The same key and body get the first answer again; another body 422."`
}

// once is the idempotency record of the request; nil without a key. The arguments are all values that the answer
// depends on.
func (k Keyed) once(ctx context.Context, who *auth.Principal, what ...any) (*store.Once, error) {
	if k.Key == "" {
		return nil, nil
	}
	if len(k.Key) > 200 || strings.ContainsFunc(k.Key, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return nil, &problem.Request{Kind: problem.InvalidParameter, Field: "Idempotency-Key",
			Expected: "api.expected.Idempotency-Key", Got: k.Key}
	}
	r, ok := ctx.Value(requestKey{}).(*http.Request)
	if !ok {
		return nil, errors.New("the route lacks its middleware")
	}
	asked, err := json.Marshal(append([]any{r.Method, r.URL.EscapedPath()}, what...))
	if err != nil {
		return nil, err
	}
	return &store.Once{Account: who.Account, Key: k.Key, Request: sha256.Sum256(asked)}, nil
}

// again gives the first answer to a request that was sent before. When two of a key race, the later fails and finds it
// here.
func again[T any](ctx context.Context, d *domain, once *store.Once, do func() (int, T, error)) (int, *kept[T], error) {
	before, err := d.store.Answered(ctx, once)
	if err != nil {
		return 0, nil, err
	}
	if before != nil {
		return before.Status, &kept[T]{raw: before.Body}, nil
	}
	status, fresh, err := do()
	if err == nil {
		return status, &kept[T]{fresh: fresh}, nil
	}
	if before, missed := d.store.Answered(ctx, once); missed == nil && before != nil {
		return before.Status, &kept[T]{raw: before.Body}, nil
	}
	return 0, nil, err
}

// kept is a document made now, or one kept from the first time.
type kept[T any] struct {
	fresh T
	raw   json.RawMessage
}

// MarshalJSON gives either.
func (k *kept[T]) MarshalJSON() ([]byte, error) {
	if k.raw != nil {
		return k.raw, nil
	}
	return json.Marshal(k.fresh)
}

// Schema is the document's.
func (k *kept[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// matched reads If-Match: one strong version in quotes, 0 without the header.
func matched(header string) (int64, error) {
	if header == "" {
		return 0, nil
	}
	inner, ok := strings.CutPrefix(header, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	version, err := strconv.ParseInt(inner, 10, 64)
	if !ok || !closed || err != nil || version < 1 {
		return 0, &problem.Request{Kind: problem.InvalidParameter, Field: "If-Match",
			Expected: "api.expected.If-Match", Got: header}
	}
	return version, nil
}
