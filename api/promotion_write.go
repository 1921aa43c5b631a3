package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/data/registry"
	"luodi/data/store"
)

type owningPiece struct {
	OfPiece
	Keyed
	Body registry.NewOwner
}

type judgingPiece struct {
	OfPiece
	Keyed
	Body registry.NewJudgement
}

type seekingFirm struct {
	OfPiece
	Keyed
	Body registry.NewTarget
}

// OfTarget names a target firm.
type OfTarget struct {
	InPark
	ID string `path:"id" format:"uuid" doc:"Its id."`
}

type notingTarget struct {
	OfTarget
	Keyed
	Body registry.NewTargetNote
}

type closingTarget struct {
	OfTarget
	Keyed
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" text:"prose"`
	}
}

type landingTarget struct {
	OfTarget
	Keyed
	Body registry.TargetProject
}

// pieceChange does something to a piece of a chain.
type pieceChange func(of registry.Business, p registry.Piece, by uuid.UUID,
	once *store.Once) (registry.PieceFacts, error)

// onPiece carries out a change of a piece, once for each key.
func (d *domain) onPiece(ctx context.Context, in *OfPiece, key Keyed, body any, do pieceChange) (int,
	*kept[registry.PieceFacts], error) {
	who, of, err := d.inBusiness(ctx, in.Park)
	if err != nil {
		return 0, nil, err
	}
	c, err := d.registry.Chain(ctx, in.Park, "")
	if err != nil {
		return 0, nil, err
	}
	if _, known := c.Node(in.Node); !known {
		return 0, nil, &store.Missing{Kind: "piece", Name: in.Node}
	}
	once, err := key.once(ctx, who, body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.PieceFacts, error) {
		after, err := do(of, registry.Piece{Chain: c.Code, Node: in.Node}, who.Account, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) ownPiece(ctx context.Context, in *owningPiece) (int, *kept[registry.PieceFacts], error) {
	return d.onPiece(ctx, &in.OfPiece, in.Keyed, in.Body, func(of registry.Business, p registry.Piece, by uuid.UUID,
		once *store.Once) (registry.PieceFacts, error) {
		return d.registry.Own(ctx, of, p, by, in.Body, once)
	})
}

func (d *domain) judgePiece(ctx context.Context, in *judgingPiece) (int, *kept[registry.PieceFacts], error) {
	return d.onPiece(ctx, &in.OfPiece, in.Keyed, in.Body, func(of registry.Business, p registry.Piece, by uuid.UUID,
		once *store.Once) (registry.PieceFacts, error) {
		return d.registry.Judge(ctx, of, p, by, in.Body, once)
	})
}

func (d *domain) seekFirm(ctx context.Context, in *seekingFirm) (int, *kept[registry.PieceFacts], error) {
	return d.onPiece(ctx, &in.OfPiece, in.Keyed, in.Body, func(of registry.Business, p registry.Piece, by uuid.UUID,
		once *store.Once) (registry.PieceFacts, error) {
		return d.registry.Seek(ctx, of, p, by, in.Body, once)
	})
}

// targetChange does something to a target firm.
type targetChange func(of registry.Business, id, by uuid.UUID, once *store.Once) (registry.PieceFacts, error)

func (d *domain) onTarget(ctx context.Context, in *OfTarget, key Keyed, body any, do targetChange) (int,
	*kept[registry.PieceFacts], error) {
	who, of, err := d.inBusiness(ctx, in.Park)
	if err != nil {
		return 0, nil, err
	}
	id, err := parseID("target", in.ID)
	if err != nil {
		return 0, nil, err
	}
	once, err := key.once(ctx, who, body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, registry.PieceFacts, error) {
		after, err := do(of, id, who.Account, once)
		return http.StatusCreated, after, err
	})
}

func (d *domain) noteTarget(ctx context.Context, in *notingTarget) (int, *kept[registry.PieceFacts], error) {
	return d.onTarget(ctx, &in.OfTarget, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (registry.PieceFacts, error) {
		return d.registry.NoteTarget(ctx, of, id, by, in.Body, once)
	})
}

func (d *domain) closeTarget(ctx context.Context, in *closingTarget) (int, *kept[registry.PieceFacts], error) {
	return d.onTarget(ctx, &in.OfTarget, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (registry.PieceFacts, error) {
		return d.registry.CloseTarget(ctx, of, id, by, in.Body.Reason, once)
	})
}

func (d *domain) targetProject(ctx context.Context, in *landingTarget) (int, *kept[registry.PieceFacts], error) {
	return d.onTarget(ctx, &in.OfTarget, in.Keyed, in.Body, func(of registry.Business, id, by uuid.UUID,
		once *store.Once) (registry.PieceFacts, error) {
		at := registry.Entry{District: of.Districts[0], Park: &of.Parks[0]}
		return d.registry.ProjectOfTarget(ctx, of, at, id, by, in.Body, once)
	})
}

type roleList struct {
	Roles []registry.ChainRole `json:"roles" doc:"Those that count, in the order in which they were noted."`
}

type addingRole struct {
	OfDistrict
	Keyed
	Body registry.NewChainRole
}

func (d *domain) addRoles() {
	const roles = "/api/projects/{id}/chain-roles"
	desk(d, deskRoute{http.MethodGet, roles, "roles", http.StatusOK}, d.listRoles)
	desk(d, deskRoute{http.MethodPost, roles, "roles.create", http.StatusCreated}, d.addRole)
}

func (d *domain) listRoles(ctx context.Context, in *OfDistrict) (int, roleList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), "")
	if err != nil {
		return 0, roleList{}, err
	}
	id, err := parseID("project", in.ID)
	if err != nil {
		return 0, roleList{}, err
	}
	all, err := d.registry.ChainRoles(ctx, of, id)
	return 0, roleList{all}, err
}

func (d *domain) addRole(ctx context.Context, in *addingRole) (int, *kept[roleList], error) {
	who, of, id, once, err := d.adding(ctx, in.ID, in.Keyed, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, roleList, error) {
		all, err := d.registry.AddChainRole(ctx, of, id, who.Account, in.Body, once)
		return http.StatusCreated, roleList{all}, err
	})
}
