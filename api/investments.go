package api

import (
	"context"
	"net/http"

	"luodi/api/auth"
	"luodi/data/registry"
)

type investmentList struct {
	Investments []registry.InvestmentNote `json:"investments"`
}

type addingInvestment struct {
	OfDistrict
	Keyed
	Body registry.Investment
}

func (d *domain) addInvestments() {
	const investments = "/api/projects/{id}/investments"
	desk(d, deskRoute{http.MethodGet, investments, "investments", http.StatusOK}, d.listInvestments)
	desk(d, deskRoute{http.MethodPost, investments, "investments.create", http.StatusCreated}, d.addInvestment)
}

func (d *domain) listInvestments(ctx context.Context, in *OfDistrict) (int, investmentList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, investmentList{}, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return 0, investmentList{}, err
	}
	all, err := d.registry.Investments(ctx, of, id)
	return 0, investmentList{all}, err
}

func (d *domain) addInvestment(ctx context.Context, in *addingInvestment) (int, *kept[investmentList], error) {
	_, of, id, once, err := d.adding(ctx, in.ID, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, investmentList, error) {
		all, err := d.registry.AddInvestment(ctx, of, id, in.Body, once)
		return http.StatusCreated, investmentList{all}, err
	})
}
