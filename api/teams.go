package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/registry"
	"luodi/data/store"
)

type teamList struct {
	Teams []registry.Team `json:"teams" doc:"Task forces first, by number."`
}

type makingTeam struct {
	Speaking
	Keyed
	Body struct {
		District string `json:"district,omitempty" doc:"A district's code; may be left out where there is just one."`
		registry.NewTeam
	}
}

type changingTeam struct {
	OfDistrict
	Body registry.TeamChange
}

type addingFirstContact struct {
	OfDistrict
	Keyed
	Body registry.NewFirstContact
}

type releasingFirstContact struct {
	OfDistrict
	Keyed
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
	}
}

// addTeams adds the teams of a district, and the first contacts by which they don't court one investor twice.
func (d *domain) addTeams() {
	const teams, contact = "/api/teams", "/api/projects/{id}/first-contact"
	desk(d, deskRoute{http.MethodGet, teams, "teams", http.StatusOK}, d.listTeams)
	desk(d, deskRoute{http.MethodPost, teams, "teams.create", http.StatusCreated}, d.makeTeam)
	desk(d, deskRoute{http.MethodPatch, teams + "/{id}", "teams.change", http.StatusOK}, d.changeTeam)
	desk(d, deskRoute{http.MethodPost, contact, "projects.contact", http.StatusCreated}, d.addFirstContact)
	d.addTeamTargets()
	desk(d, deskRoute{http.MethodPost, contact + "/release", "projects.release", http.StatusCreated}, d.releaseFirstContact)
}

func (d *domain) listTeams(ctx context.Context, in *InDistrict) (int, teamList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, teamList{}, err
	}
	all, err := d.registry.Teams(ctx, of.Districts)
	return 0, teamList{all}, err
}

func (d *domain) makeTeam(ctx context.Context, in *makingTeam) (int, *kept[registry.Team], error) {
	if _, err := auth.Need(ctx); err != nil {
		return 0, nil, err
	}
	who, of, err := d.business(ctx, auth.Asked(ctx), in.Body.District)
	switch {
	case err != nil:
		return 0, nil, err
	case len(of.Districts) != 1:
		return 0, nil, &problem.Request{Kind: problem.InvalidParameter, Field: "district",
			Expected: "api.expected.district", Got: in.Body.District}
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.Team, error) {
		made, err := d.registry.AddTeam(ctx, of.Districts[0], in.Body.NewTeam, once)
		return http.StatusCreated, made, err
	})
}

func (d *domain) changeTeam(ctx context.Context, in *changingTeam) (int, registry.Team, error) {
	if _, err := auth.Need(ctx); err != nil {
		return 0, registry.Team{}, err
	}
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, registry.Team{}, err
	}
	id, err := parseID("team", in.ID)
	if err != nil {
		return 0, registry.Team{}, err
	}
	after, err := d.registry.ChangeTeam(ctx, of.Districts, id, in.Body)
	return 0, after, err
}

func (d *domain) addFirstContact(ctx context.Context, in *addingFirstContact) (int, *kept[registry.Project], error) {
	return d.add(ctx, in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (registry.Project, error) {
		return d.registry.AddFirstContact(ctx, of, id, by, in.Body, once)
	})
}

func (d *domain) releaseFirstContact(ctx context.Context, in *releasingFirstContact) (int, *kept[registry.Project],
	error) {
	return d.add(ctx, in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (registry.Project, error) {
		return d.registry.ReleaseFirstContact(ctx, of, id, by, in.Body.Reason, once)
	})
}
