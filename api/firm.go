package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/people"
	"luodi/data/registry"
	"luodi/data/store"
	"luodi/geo"
)

// FirmKey is the secret of a firm's link. It comes in the body: no log of ours or of a proxy has it.
type FirmKey struct {
	Link string `json:"link" writeOnly:"true" maxLength:"100" doc:"What follows #firm= in the private link."`
}

type lookingAsFirm struct {
	Speaking
	Body FirmKey
}

type handingInAsFirm struct {
	Speaking
	Body struct {
		FirmKey
		registry.NewPaper
	}
}

type raisingAsFirm struct {
	Speaking
	Body struct {
		FirmKey
		registry.NewProblem
		Key string `json:"key" format:"uuid" doc:"Drawn by the sender for each problem: sent again, it is kept once."`
	}
}

// firmAnswer is an answer to a firm: no cache keeps it.
type firmAnswer struct {
	Status   int
	Cache    string `header:"Cache-Control"`
	Language string `header:"Content-Language"`
	Body     registry.FirmView
}

// ofFirm adds a route for who has a firm's link.
func ofFirm[I any](d *domain, path, id string, status int, most int64,
	handle func(context.Context, *I) (registry.FirmView, error)) {
	op := huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: path, Middlewares: huma.Middlewares{strict,
			auth.Guarded(id), noNulls},
		Summary: docsText(id), Tags: []string{"enquiries"}, DefaultStatus: status, MaxBodyBytes: most,
		Metadata: map[string]any{auth.Secret: true, inputType: reflect.TypeFor[I]()},
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests,
			http.StatusServiceUnavailable},
	}
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*firmAnswer, error) {
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		err := request.Settle(in)
		var view registry.FirmView
		if err == nil {
			view, err = handle(ctx, in)
		}
		if err != nil {
			return nil, refusedFirm(err)
		}
		return &firmAnswer{status, "no-store", string(speaks(ctx)), view}, nil
	})
}

// refusedFirm says why a firm was refused: of a link that leads nowhere always the same, whatever the cause.
func refusedFirm(err error) error {
	var invalid *geo.Invalid
	switch {
	case errors.Is(err, registry.ErrFirmLink), store.Constraint(err) == "firm_link_works":
		err = &problem.Request{Kind: problem.NotFound, Field: "link", Say: "firm.say.link",
			Expected: "firm.expected.link",
			Got:      personal}
	case store.Constraint(err) == "firm_papers_an_hour":
		err = tooMany("firm.expected.papers")
	case store.Constraint(err) == "firm_problems_an_hour":
		err = tooMany("firm.expected.problems")
	case errors.As(err, &invalid):
		err = invalid.Withheld(personal)
	}
	return err
}

func tooMany(expected string) error {
	return huma.ErrorWithHeaders(&problem.Request{Kind: problem.TooMany, Field: "link", Say: "firm.say.many",
		Expected: expected, Got: personal}, http.Header{"Retry-After": {"600"}})
}

// firmPath is what the paths of firms begin with; their answers tell no page where its reader came from.
const firmPath = "/api/firm/"

func (d *domain) addFirm() {
	ofFirm(d, firmPath+"look", "firm.look", http.StatusOK, 4<<10,
		func(ctx context.Context, in *lookingAsFirm) (registry.FirmView, error) {
			return asFirm(in.Body, func(hash []byte) (registry.FirmView,
				error) {
				return d.registry.LookAsFirm(ctx, hash)
			})
		})
	ofFirm(d, firmPath+"papers", "firm.papers", http.StatusCreated, withFile,
		func(ctx context.Context, in *handingInAsFirm) (registry.FirmView, error) {
			return asFirm(in.Body.FirmKey, func(hash []byte) (registry.FirmView, error) {
				return d.registry.HandInAsFirm(ctx, hash, in.Body.NewPaper)
			})
		})
	ofFirm(d, firmPath+"problems", "firm.problems", http.StatusCreated, 16<<10,
		func(ctx context.Context, in *raisingAsFirm) (registry.FirmView, error) {
			return asFirm(in.Body.FirmKey, func(hash []byte) (registry.FirmView, error) {
				key, err := uuid.Parse(in.Body.Key)
				if err != nil {
					return registry.FirmView{}, geo.NewInvalid("key", "firm.key", personal)
				}
				return d.registry.RaiseAsFirm(ctx, hash, in.Body.NewProblem, key)
			})
		})
}

// asFirm does something by the secret of a link.
func asFirm(key FirmKey, do func(hash []byte) (registry.FirmView, error)) (registry.FirmView, error) {
	hash, ok := people.LinkHash(key.Link)
	if !ok {
		return registry.FirmView{}, registry.ErrFirmLink
	}
	return do(hash)
}
