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
	Sight
}

// Sight is whose leads a caller sees: a project that a team spoke to first and that is not signed yet (unsigned_lead)
// is there for that team's members and for leaders alone. For all others it doesn't exist.
type Sight struct {
	Reader *uuid.UUID  // the account that reads; nil: a leader in every park, or the program itself: all
	Leads  []uuid.UUID // the parks where the reader is a leader
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

// sqlHiddenLead finds leads (l) that $3 and $4, a Sight, hide. It is the one place that says so: every query of
// projects, parties and enquiries asks it.
const sqlHiddenLead = `SELECT FROM unsigned_lead l WHERE $3::uuid IS NOT NULL
	AND NOT EXISTS (SELECT FROM team_member s
		WHERE (s.account_id, s.team_id, s.district_id) = ($3, l.team_id, l.district_id) AND s.until IS NULL)
	AND NOT EXISTS (SELECT FROM project_park e
		WHERE (e.district_id, e.project_id) = (l.district_id, l.project_id) AND e.park_id = ANY ($4::uuid[]))`

// sqlOfBusiness is the condition on a row of project (j) or party (p) that $1 to $4, a Business, admit it. A party that
// only a hidden lead tells of is hidden with it.
const (
	sqlProjectOfBusiness = `NOT EXISTS (` + sqlHiddenLead + `
		AND (l.district_id, l.project_id) = (j.district_id, j.project_id)) AND j.district_id = ANY ($1)
		  AND ($2::uuid[] IS NULL OR EXISTS (
		SELECT FROM project_park c WHERE (c.district_id, c.project_id) = (j.district_id, j.project_id) AND c.park_id = ANY ($2)))`
	// sqlProjectsOfBusiness says the same for statements that read all projects: the parks are joined once.
	sqlProjectsOfBusiness = `NOT EXISTS (` + sqlHiddenLead + `
		AND (l.district_id, l.project_id) = (j.district_id, j.project_id)) AND j.district_id = ANY ($1)
		  AND ($2::uuid[] IS NULL
		OR (j.district_id, j.project_id) IN (SELECT c.district_id, c.project_id FROM project_park c WHERE c.park_id = ANY ($2)))`
	sqlPartyOfBusiness = `(NOT EXISTS (` + sqlHiddenLead + ` AND (l.district_id, l.party_id) = (p.district_id, p.party_id))
		OR EXISTS (SELECT FROM project o WHERE (o.party_id, o.district_id) = (p.party_id, p.district_id)
			AND ($2::uuid[] IS NULL OR EXISTS (SELECT FROM project_park c
				WHERE (c.district_id, c.project_id) = (o.district_id, o.project_id) AND c.park_id = ANY ($2)))
			AND NOT EXISTS (` + sqlHiddenLead + ` AND (l.district_id, l.project_id) = (o.district_id, o.project_id))))
		AND p.district_id = ANY ($1) AND ($2::uuid[] IS NULL OR EXISTS (
		SELECT FROM party_park c WHERE (c.district_id, c.party_id) = (p.district_id, p.party_id) AND c.park_id = ANY ($2)))`
	sqlProjectParks = `SELECT DISTINCT park_id FROM project_park WHERE project_id = $1 ORDER BY park_id`
	sqlPartyParks   = `SELECT DISTINCT park_id FROM party_park WHERE party_id = $1 ORDER BY park_id`
)

// args puts a Business before the other arguments of a statement.
func (b Business) args(more ...any) []any {
	return append([]any{b.Districts, b.Parks, b.Reader, b.Leads}, more...)
}

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
