package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// ChainRole is what a project is to a piece of a chain.
type ChainRole struct {
	Project NamedProject `json:"project" db:"project"`
	Chain   string       `json:"chain" db:"chain"`
	Node    string       `json:"node" db:"node"`
	Role    string       `json:"role" db:"role" enum:"extends,fills,strengthens,supports" doc:"延链, 补链, 强链, 配套."`
	Source  string       `json:"source" db:"source"`
	Stood   int          `json:"stood" db:"stood" doc:"How many other active projects of the piece were signed when it was noted; 0: it was missing."`
	Reason  *string      `json:"reason" db:"reason" nullable:"true" doc:"Why it took the place of what was noted before."`
	NotedBy store.Person `json:"noted_by" db:"noted_by"`
	NotedAt time.Time    `json:"noted_at" db:"noted_at"`
}

// NewChainRole is a role to note. A project and piece have one; another takes its place by correcting it.
type NewChainRole struct {
	Chain     string  `json:"chain" minLength:"1" maxLength:"63" text:"-"`
	Node      string  `json:"node" minLength:"1" maxLength:"63" text:"-"`
	Role      string  `json:"role" enum:"extends,fills,strengthens,supports" doc:"extends 延链, fills 补链, strengthens 强链, supports 配套. What fills or strengthens a piece has it as its chain_stage."`
	Source    string  `json:"source" minLength:"1" maxLength:"500" text:"prose"`
	Corrects  bool    `json:"corrects,omitempty" doc:"It takes the place of the role noted before."`
	Withdrawn bool    `json:"withdrawn,omitempty" doc:"It has no role there after all."`
	Reason    *string `json:"reason,omitempty" minLength:"1" maxLength:"1000" text:"prose" doc:"Needed by what corrects."`
}

const (
	sqlRoleRow = `r.chain, r.node, r.role, r.source, r.stood, r.reason, r.noted_at, ` + sqlNamedProject + ` AS project,
       ` + sqlPersonA + ` AS noted_by
  FROM project_chain_role_held r JOIN project j USING (district_id, project_id)
  JOIN project_version v ON (v.district_id, v.project_id) = (j.district_id, j.project_id) AND upper_inf(v.sys)
  JOIN account a ON a.account_id = r.noted_by`
	sqlChainRoles = `(SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.noted_at), '[]') FROM (SELECT ` + sqlRoleRow + `
         WHERE (r.chain, r.node) = ($5, $6) AND ` + sqlProjectOfBusiness + `) x)`
	sqlRolesOf = `SELECT ` + sqlRoleRow + ` WHERE r.project_id = $5 AND ` + sqlProjectOfBusiness + ` ORDER BY r.noted_at`
	sqlAddRole = `INSERT INTO project_chain_role (district_id, project_id, chain, node, role, source, corrects, withdrawn,
       reason, noted_by, stood)
	SELECT district_id, project_id, $3, $4, $5, $6, $7, $8, $9, $10, 0 FROM project WHERE district_id = ANY ($1)
	   AND project_id = $2`
)

// ChainRoles lists what a project is to pieces of chains; a Missing for a project outside the business.
func (s Registry) ChainRoles(ctx context.Context, of Business, id uuid.UUID) ([]ChainRole, error) {
	if _, err := s.Project(ctx, of, id); err != nil {
		return nil, err
	}
	return store.ReadAll[ChainRole](ctx, s.Store, sqlRolesOf, of.args(id)...)
}

// AddChainRole notes what a project is to a piece of a chain, and gives all its roles.
func (s Registry) AddChainRole(ctx context.Context, of Business, id, by uuid.UUID, n NewChainRole,
	once *store.Once) ([]ChainRole, error) {
	switch {
	case n.Corrects && n.Reason == nil:
		return nil, geo.NewInvalid("reason", "milestone.reason", nil)
	case n.Withdrawn && !n.Corrects:
		return nil, geo.NewInvalid("corrects", "milestone.withdrawn", false)
	}
	var after []ChainRole
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := project(ctx, tx, of, id); err != nil {
			return err
		}
		if err := addRole(ctx, tx, of.Districts, id, by, n); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sqlRolesOf, of.args(id)...)
		if err != nil {
			return err
		}
		if after, err = pgx.CollectRows(rows, pgx.RowToStructByName[ChainRole]); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, struct {
			Roles []ChainRole `json:"roles"`
		}{after})
	})
	return after, store.ExplainDenial(store.Translate("note a role", err))
}

func addRole(ctx context.Context, tx pgx.Tx, districts []uuid.UUID, id, by uuid.UUID, n NewChainRole) error {
	_, err := tx.Exec(ctx, sqlAddRole, districts, id, n.Chain, n.Node, n.Role, n.Source, n.Corrects, n.Withdrawn,
		n.Reason, by)
	return err
}
