package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/registry"
	"luodi/data/store"
)

type taskForceList struct {
	Teams []registry.TaskForce `json:"teams" doc:"Task forces first, by number."`
}

type addingExpert struct {
	OfDistrict
	Keyed
	Body registry.NewExpert
}

type leavingExpert struct {
	OfDistrict
	Keyed
	Expert string `path:"expert" format:"uuid" doc:"The expert's id."`
}

type chargingTeam struct {
	OfDistrict
	Keyed
	Body registry.Charge
}

type judgingList struct {
	Judging []registry.Judging `json:"judging" doc:"By chain, in its order; empty for who is no expert."`
}

type judgingOneself struct {
	Speaking
	Keyed
	Body struct {
		Chain string `json:"chain" minLength:"1" maxLength:"63" text:"-"`
		Node  string `json:"node" minLength:"1" maxLength:"63" text:"-"`
		registry.NewJudgement
	}
}

// addExperts adds the task forces' leaders, industries and experts, and what an expert sees and says when signed in.
func (d *domain) addExperts() {
	const team, judging = "/api/teams/{id}", "/api/judging"
	desk(d, deskRoute{http.MethodGet, "/api/task-forces", "taskforces", http.StatusOK}, d.listTaskForces)
	desk(d, deskRoute{http.MethodPost, team + "/charge", "taskforces.charge", http.StatusCreated}, d.chargeTeam)
	desk(d, deskRoute{http.MethodPost, team + "/experts", "taskforces.expert", http.StatusCreated}, d.addExpert)
	desk(d, deskRoute{http.MethodPost, team + "/experts/{expert}/leave", "taskforces.leave", http.StatusCreated},
		d.leaveExpert)
	desk(d, deskRoute{http.MethodGet, judging, "judging", http.StatusOK}, d.listJudging)
	desk(d, deskRoute{http.MethodPost, judging, "judging.create", http.StatusCreated}, d.judgeOneself)
}

func (d *domain) listTaskForces(ctx context.Context, in *InDistrict) (int, taskForceList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, taskForceList{}, err
	}
	all, err := d.registry.TaskForces(ctx, of)
	return 0, taskForceList{all}, err
}

// charging carries out a change of a task force.
func (d *domain) charging(ctx context.Context, in *OfDistrict, key Keyed, body any, do func(of registry.Business, team,
	by uuid.UUID, once *store.Once) (registry.TaskForce, error)) (int, *kept[registry.TaskForce], error) {
	if _, err := auth.Need(ctx); err != nil {
		return 0, nil, err
	}
	who, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, nil, err
	}
	id, err := parseID("team", in.ID)
	if err != nil {
		return 0, nil, err
	}
	once, err := key.once(ctx, who, body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.TaskForce, error) {
		after, err := do(of, id, who.Account, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) chargeTeam(ctx context.Context, in *chargingTeam) (int, *kept[registry.TaskForce], error) {
	return d.charging(ctx, &in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, team, by uuid.UUID,
		once *store.Once) (registry.TaskForce, error) {
		return d.registry.Charge(ctx, of, team, by, in.Body, once)
	})
}

func (d *domain) addExpert(ctx context.Context, in *addingExpert) (int, *kept[registry.TaskForce], error) {
	return d.charging(ctx, &in.OfDistrict, in.Keyed, in.Body, func(of registry.Business, team, _ uuid.UUID,
		once *store.Once) (registry.TaskForce, error) {
		return d.registry.AddExpert(ctx, of, team, in.Body, once)
	})
}

func (d *domain) leaveExpert(ctx context.Context, in *leavingExpert) (int, *kept[registry.TaskForce], error) {
	expert, err := parseID("expert", in.Expert)
	if err != nil {
		return 0, nil, err
	}
	return d.charging(ctx, &in.OfDistrict, in.Keyed, in.Expert, func(of registry.Business, team, _ uuid.UUID,
		once *store.Once) (registry.TaskForce, error) {
		return d.registry.LeaveExpert(ctx, of, team, expert, once)
	})
}

func (d *domain) listJudging(ctx context.Context, _ *Speaking) (int, judgingList, error) {
	who, err := auth.Need(ctx)
	if err != nil {
		return 0, judgingList{}, err
	}
	all, err := d.registry.Judging(ctx, who.Account)
	return 0, judgingList{all}, err
}

func (d *domain) judgeOneself(ctx context.Context, in *judgingOneself) (int, *kept[judgingList], error) {
	who, err := auth.Need(ctx)
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, judgingList, error) {
		piece := registry.Piece{Chain: in.Body.Chain, Node: in.Body.Node}
		all, err := d.registry.JudgeOneself(ctx, piece, who.Account, in.Body.NewJudgement, once)
		return http.StatusCreated, judgingList{all}, err
	})
}
