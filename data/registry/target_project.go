package registry

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

const (
	sqlTargetOf = `SELECT f.name, f.party_id, f.team_id, f.source, f.project_id,
       coalesce(f.approached_on, china_today())::text FROM target_firm f
	 WHERE f.district_id = ANY ($1) AND f.target_firm_id = $2 FOR NO KEY UPDATE`
	sqlTargetCame = `UPDATE target_firm SET project_id = $3 WHERE district_id = ANY ($1) AND target_firm_id = $2`
	sqlNewFirm    = `INSERT INTO party (district_id, party_id, name_zh, name_en, source, park_id) VALUES ($1, $2, $3, $3, $4, $5)`
)

// target is what a project takes over of a target firm.
type target struct {
	name   string
	party  *uuid.UUID
	team   uuid.UUID
	source string
	came   *uuid.UUID
	since  string
}

// ProjectOfTarget notes the project that came of a target firm. A new one is at the piece that the firm is sought for,
// fills it, and has its team's first contact: it stays that team's lead until it is signed.
func (s Registry) ProjectOfTarget(ctx context.Context, of Business, at Entry, id, by uuid.UUID, n TargetProject,
	once *store.Once) (PieceFacts, error) {
	if n.Project == nil && n.Code == "" {
		return PieceFacts{}, geo.NewInvalid("code", "promotion.code", nil)
	}
	return s.onTarget(ctx, of, id, once, func(tx pgx.Tx, p Piece) error {
		var t target
		if err := tx.QueryRow(ctx, sqlTargetOf, of.Districts, id).Scan(&t.name, &t.party, &t.team, &t.source, &t.came,
			&t.since); err != nil {
			return err
		}
		var came uuid.UUID
		if n.Project != nil {
			seen, err := project(ctx, tx, of, *n.Project)
			if err != nil {
				return err
			}
			came = seen.ID
		} else if t.came == nil { // a second project is refused by the row
			made, err := t.becomes(ctx, tx, at, p, by, n)
			if err != nil {
				return err
			}
			came = made
		}
		_, err := tx.Exec(ctx, sqlTargetCame, of.Districts, id, came)
		return err
	})
}

// becomes makes the project of a target firm, its company where it has none, its first contact and its role.
func (t target) becomes(ctx context.Context, tx pgx.Tx, at Entry, p Piece, by uuid.UUID,
	n TargetProject) (uuid.UUID, error) {
	if t.party == nil {
		firm, err := uuid.NewV7()
		if err != nil {
			return firm, err
		}
		if _, err := tx.Exec(ctx, sqlNewFirm, at.District, firm, t.name, t.source, at.Park); err != nil {
			return firm, err
		}
		t.party = &firm
	}
	name := t.name
	if n.NameZH != nil {
		name = *n.NameZH
	}
	made, err := addProject(ctx, tx, NewProject{Entry: at, Code: n.Code, Facts: ProjectFacts{Party: t.party,
		NameZH: &name,
		NameEN: &name, ChainStage: &p.Node, Source: &t.source}})
	if err != nil {
		return made.ID, err
	}
	contact, err := uuid.NewV7()
	if err != nil {
		return made.ID, err
	}
	districts := []uuid.UUID{at.District}
	if _, err := tx.Exec(ctx, sqlFirstContact, districts, made.ID, contact, t.team, t.since, by); err != nil {
		return made.ID, err
	}
	return made.ID, addRole(ctx, tx, districts, made.ID, by, NewChainRole{Chain: p.Chain, Node: p.Node, Role: "fills",
		Source: t.source})
}
