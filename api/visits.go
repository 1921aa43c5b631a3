package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/registry"
	"luodi/data/store"
)

type visitList struct {
	Visits []registry.Visit `json:"visits" doc:"The newest first."`
}

type addingVisit struct {
	OfDistrict
	Keyed
	Body registry.NewVisit
}

type doingStep struct {
	OfDistrict
	Keyed
	N int `path:"n" minimum:"1" maximum:"1000000" doc:"The visit's number."`
}

func (d *domain) addVisits() {
	const visits = "/api/projects/{id}/visits"
	desk(d, deskRoute{http.MethodGet, visits, "visits", http.StatusOK}, d.listVisits)
	desk(d, deskRoute{http.MethodPost, visits, "visits.create", http.StatusCreated}, d.addVisit)
	desk(d, deskRoute{http.MethodPost, visits + "/{n}/done", "visits.done", http.StatusCreated}, d.doStep)
}

func (d *domain) listVisits(ctx context.Context, in *OfDistrict) (int, visitList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, visitList{}, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return 0, visitList{}, err
	}
	all, err := d.registry.Visits(ctx, of, id)
	return 0, visitList{all}, err
}

func (d *domain) addVisit(ctx context.Context, in *addingVisit) (int, *kept[visitList], error) {
	return d.visit(ctx, in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) ([]registry.Visit, error) {
		return d.registry.AddVisit(ctx, of, id, by, in.Body, once)
	})
}

func (d *domain) doStep(ctx context.Context, in *doingStep) (int, *kept[visitList], error) {
	return d.visit(ctx, in.OfDistrict, in.Keyed, in.N, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) ([]registry.Visit, error) {
		return d.registry.DoStep(ctx, of, id, by, in.N, once)
	})
}

func (d *domain) visit(ctx context.Context, to OfDistrict, key Keyed, body any, do func(of registry.Business, id,
	by uuid.UUID, once *store.Once) ([]registry.Visit, error)) (int, *kept[visitList], error) {
	who, of, id, once, err := d.adding(ctx, to.ID, key, body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, visitList, error) {
		all, err := do(of, id, who.Account, once)
		return http.StatusCreated, visitList{all}, err
	})
}
