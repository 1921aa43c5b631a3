package main

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/google/uuid"

	"luodi/api/problem"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/ledger"
)

// onDesk is a parcel as the server shows it to planners.
type onDesk struct {
	ID         uuid.UUID `json:"id"`
	Properties struct {
		Version          int64      `json:"version"`
		Allotment        *uuid.UUID `json:"allotment"`
		AllotmentVersion int64      `json:"allotment_version"`
	} `json:"properties"`
}

// find looks a live parcel up by its code.
func (o ordering) find(ctx context.Context, e *env, code string) (*onDesk, error) {
	type desk struct {
		Features []onDesk `json:"features"`
	}
	found, _, err := read[desk](ctx, e, o.remote, o.path("/desk.geojson", "code", code))
	if err != nil {
		return nil, err
	}
	if code == "" || len(found.Features) != 1 {
		return nil, errors.New(e.text("cli.record.no_parcel", "park", o.Park, "code", code))
	}
	return &found.Features[0], nil
}

// parcel names a live parcel in its present version.
func (o ordering) parcel(ctx context.Context, e *env, code string) (*ledger.Ref, error) {
	found, err := o.find(ctx, e, code)
	if err != nil {
		return nil, err
	}
	return &ledger.Ref{ID: found.ID, Version: found.Properties.Version}, nil
}

func (o ordering) parcels(ctx context.Context, e *env, codes []string) ([]ledger.Ref, error) {
	refs := make([]ledger.Ref, len(codes))
	for i, code := range codes {
		ref, err := o.parcel(ctx, e, code)
		if err != nil {
			return nil, err
		}
		refs[i] = *ref
	}
	return refs, nil
}

// project finds a project's id by its code; an id is taken as it is.
func (o ordering) project(ctx context.Context, e *env, code string) (*uuid.UUID, error) {
	if id, err := uuid.Parse(code); err == nil {
		return &id, nil
	}
	all, err := projects(ctx, e, o.remote, url.Values{"words": {code}})
	if err != nil {
		return nil, err
	}
	var found []uuid.UUID
	for _, p := range all {
		if p.Code == code {
			found = append(found, p.ID)
		}
	}
	if len(found) != 1 {
		return nil, errors.New(e.text("cli.record.no_project", "code", code, "count", len(found)))
	}
	return &found[0], nil
}

// until reads a deadline: an instant, or a day's end in the park's time zone.
func (o ordering) until(ctx context.Context, e *env, text string) (*time.Time, error) {
	park, _, err := read[feed.Park](ctx, e, o.remote, o.path(""))
	if err != nil {
		return nil, err
	}
	at, err := request.Moment("until", text, park.TimeZone)
	if err != nil {
		return nil, usageError{errors.New(problem.From(err, e.lang).Detail)}
	}
	return at, nil
}

// ofRight is the right on a parcel, or one named by its id.
type ofRight struct {
	Parcel    string     `arg:"" optional:"" help:"Code of a parcel under the right."`
	Allotment *uuid.UUID `help:"The right's id, instead of a parcel."`
}

// of names the right in its present version.
func (r ofRight) of(ctx context.Context, e *env, o ordering) (*ledger.Ref, error) {
	switch {
	case (r.Parcel == "") == (r.Allotment == nil):
		return nil, usageError{errors.New(e.text("cli.record.which_right"))}
	case r.Allotment != nil:
		right, _, err := read[ledger.Allotment](ctx, e, o.remote, o.path("/allotments/"+r.Allotment.String()))
		return &ledger.Ref{ID: right.ID, Version: right.Version}, err
	}
	found, err := o.find(ctx, e, r.Parcel)
	if err != nil {
		return nil, err
	}
	if found.Properties.Allotment == nil {
		return nil, errors.New(e.text("cli.record.no_right", "code", r.Parcel))
	}
	return &ledger.Ref{ID: *found.Properties.Allotment, Version: found.Properties.AllotmentVersion}, nil
}
