package registry

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Business is the scope of projects and companies that a caller may read or change: all of some districts or, if
// Parks isn't nil, only the business of these parks (project_park, party_park).
type Business struct {
	Districts []uuid.UUID
	Parks     []uuid.UUID
}

// Entry is where a project or company is entered: its district, and the park whose business it is from then on; nil
// where it is the district's own.
type Entry struct {
	District uuid.UUID
	Park     *uuid.UUID
}

// Allow looks whether a change may be made, once it is known: whether it shows in what parks and the public read, and
// whose business the thing is. Its error undoes the change.
type Allow func(shown bool, parks []uuid.UUID) error

// sqlOfBusiness is the condition on a row of project (j) or party (p) that $1 and $2, a Business, admit it.
const (
	sqlProjectOfBusiness = `j.district_id = ANY ($1) AND ($2::uuid[] IS NULL OR EXISTS (
		SELECT FROM project_park c WHERE (c.district_id, c.project_id) = (j.district_id, j.project_id) AND c.park_id = ANY ($2)))`
	sqlPartyOfBusiness = `p.district_id = ANY ($1) AND ($2::uuid[] IS NULL OR EXISTS (
		SELECT FROM party_park c WHERE (c.district_id, c.party_id) = (p.district_id, p.party_id) AND c.park_id = ANY ($2)))`
	sqlProjectParks = `SELECT DISTINCT park_id FROM project_park WHERE project_id = $1 ORDER BY park_id`
	sqlPartyParks   = `SELECT DISTINCT park_id FROM party_park WHERE party_id = $1 ORDER BY park_id`
)

// args puts a Business before the other arguments of a statement.
func (b Business) args(more ...any) []any { return append([]any{b.Districts, b.Parks}, more...) }

// businessOf lists the parks whose business something is, within the transaction that changes it.
func businessOf(ctx context.Context, tx pgx.Tx, sql string, id uuid.UUID) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, sql, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// seesParty looks that a company which a project is given is one of some business: who could name any would learn who
// it is.
func seesParty(ctx context.Context, tx pgx.Tx, of *Business, id *uuid.UUID) error {
	if of == nil || id == nil {
		return nil
	}
	_, err := party(ctx, tx, *of, *id)
	return err
}

// parksByCode finds the parks that a project seeks land in.
func parksByCode(ctx context.Context, tx pgx.Tx, district uuid.UUID, codes []string) ([]uuid.UUID, error) {
	found := make([]uuid.UUID, 0, len(codes))
	for _, code := range codes {
		rows, err := tx.Query(ctx, `SELECT park_id FROM park WHERE district_id = $1 AND code = $2`, district, code)
		if err != nil {
			return nil, err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			return nil, &store.Missing{Kind: "park", Name: code}
		}
		found = append(found, ids[0])
	}
	return found, nil
}
