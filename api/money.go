package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/registry"
	"luodi/data/store"
)

type moneyList struct {
	Money []registry.NotedMoney `json:"money" doc:"By kind, the newest first."`
}

type landStartList struct {
	LandStarts []registry.NotedLandStart `json:"land_starts" doc:"The newest first."`
}

type addingMoney struct {
	OfDistrict
	Keyed
	Body registry.NewMoney
}

type addingLandStart struct {
	OfDistrict
	Keyed
	Body registry.NewLandStart
}

func (d *domain) addMoney() {
	const money, starts = "/api/projects/{id}/money", "/api/projects/{id}/land-starts"
	desk(d, deskRoute{http.MethodGet, money, "money", http.StatusOK}, d.listMoney)
	desk(d, deskRoute{http.MethodPost, money, "money.create", http.StatusCreated}, d.noteMoney)
	desk(d, deskRoute{http.MethodGet, starts, "land_starts", http.StatusOK}, d.listLandStarts)
	desk(d, deskRoute{http.MethodPost, starts, "land_starts.create", http.StatusCreated}, d.noteLandStart)
}

func (d *domain) listMoney(ctx context.Context, in *OfDistrict) (int, moneyList, error) {
	all, err := ofProject(ctx, d, in, d.registry.Money)
	return 0, moneyList{all}, err
}

func (d *domain) listLandStarts(ctx context.Context, in *OfDistrict) (int, landStartList, error) {
	all, err := ofProject(ctx, d, in, d.registry.LandStarts)
	return 0, landStartList{all}, err
}

// ofProject reads what is noted of a project that one may see.
func ofProject[T any](ctx context.Context, d *domain, in *OfDistrict, read func(context.Context, registry.Business,
	uuid.UUID) ([]T, error)) ([]T, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return nil, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return nil, err
	}
	return read(ctx, of, id)
}

func (d *domain) noteMoney(ctx context.Context, in *addingMoney) (int, *kept[moneyList], error) {
	return noting(ctx, d, in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (moneyList, error) {
		all, err := d.registry.AddMoney(ctx, of, id, by, in.Body, once)
		return moneyList{all}, err
	})
}

func (d *domain) noteLandStart(ctx context.Context, in *addingLandStart) (int, *kept[landStartList], error) {
	return noting(ctx, d, in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (landStartList, error) {
		all, err := d.registry.AddLandStart(ctx, of, id, by, in.Body, once)
		return landStartList{all}, err
	})
}

// noting carries out an addition to a project that is answered by a list, once for each key.
func noting[T any](ctx context.Context, d *domain, to OfDistrict, key Keyed, body any, do func(of registry.Business, id,
	by uuid.UUID, once *store.Once) (T, error)) (int, *kept[T], error) {
	who, of, id, once, err := d.adding(ctx, to.ID, key, body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, T, error) {
		all, err := do(of, id, who.Account, once)
		return http.StatusCreated, all, err
	})
}
