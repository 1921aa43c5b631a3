package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/ledger"
	"luodi/data/store"
)

// Edit is who edits something beside the land, and through what: records that follow from it name them.
type Edit struct {
	By     uuid.UUID
	Via    string
	Reason string
}

// NewProject is a project to make.
type NewProject struct {
	Entry
	Code  string
	Facts ProjectFacts
	Party *Business // the companies it may be of; nil: all
}

// revision is ProjectFacts as a row of project_version has them.
type revision struct {
	ProjectFacts
	Seeks *[]uuid.UUID `json:"seeks,omitempty"`
}

// inDistrict makes facts a row's.
func (f ProjectFacts) inDistrict(ctx context.Context, tx pgx.Tx, district uuid.UUID) (revision, error) {
	r := revision{ProjectFacts: f}
	if f.Seeks == nil {
		return r, nil
	}
	parks, err := parksByCode(ctx, tx, district, *f.Seeks)
	r.Seeks = &parks
	return r, err
}

// The next revision is the live one with the given columns changed. The facts are an object with only the changed
// members.
const sqlRevise = `
INSERT INTO project_version (district_id, project_id, revision, name_zh, name_en, industry_codes, chain_stage,
       investment_cny, figures, requirement, task_force, kind, ground, placeholder, named, source, seeks)
SELECT v.district_id, v.project_id, v.revision + 1, n.name_zh, n.name_en, n.industry_codes, n.chain_stage,
       n.investment_cny, n.figures, n.requirement, n.task_force, n.kind,
       CASE WHEN n.kind = 'expansion' OR $3 ? 'ground' THEN n.ground END, v.placeholder, n.named, n.source, n.seeks
  FROM project_version v, jsonb_populate_record(v, $3) n
 WHERE v.district_id = $1 AND v.project_id = $2 AND upper_inf(v.sys) AND v.revision = $4`

// AddProject makes a project, its first revision.
func (s Registry) AddProject(ctx context.Context, n NewProject, once *store.Once) (Project, error) {
	var made Project
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		var err error
		if made, err = addProject(ctx, tx, n); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, made)
	})
	return made, store.ExplainDenial(store.Translate("make a project", err))
}

func addProject(ctx context.Context, tx pgx.Tx, n NewProject) (Project, error) {
	if err := n.Facts.check(); err != nil {
		return Project{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Project{}, err
	}
	const (
		sqlProject = `INSERT INTO project (district_id, project_id, code, party_id, park_id) VALUES ($1, $2, $3, $4, $5)`
		sqlFirst   = `
INSERT INTO project_version (district_id, project_id, revision, name_zh, name_en, industry_codes, chain_stage,
       investment_cny, figures, requirement, task_force, kind, ground, named, source, seeks)
SELECT $1, $2, 1, n.name_zh, n.name_en, coalesce(n.industry_codes, '[]'), n.chain_stage, n.investment_cny,
       coalesce(n.figures, '{}'), coalesce(n.requirement, '{}'), n.task_force, coalesce(n.kind, 'new'), n.ground,
       coalesce(n.named, false), n.source,
       coalesce(n.seeks, '{}')
  FROM jsonb_populate_record(NULL::project_version, $3) n`
	)
	if err := seesParty(ctx, tx, n.Party, n.Facts.Party); err != nil {
		return Project{}, err
	}
	first, err := n.Facts.inDistrict(ctx, tx, n.District)
	if err != nil {
		return Project{}, err
	}
	if _, err := tx.Exec(ctx, sqlProject, n.District, id, n.Code, n.Facts.Party, n.Park); err != nil {
		return Project{}, err
	}
	if _, err := tx.Exec(ctx, sqlFirst, n.District, id, first); err != nil {
		return Project{}, err
	}
	return project(ctx, tx, Business{Districts: []uuid.UUID{n.District}}, id)
}

// ReviseProject gives a project whose revision was seen, 0 being any, its next one; the ones before are kept. A *Stale
// when it was revised since. allow looks at the change while the project is locked: nobody gives it land in another
// park meanwhile.
func (s Registry) ReviseProject(ctx context.Context, of Business, id uuid.UUID, seen int, by Edit, f ProjectFacts,
	allow Allow) (Project, error) {
	if err := f.check(); err != nil {
		return Project{}, err
	}
	var after Project
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		before, err := project(ctx, tx, of, id)
		if err != nil {
			return err
		}
		if seen != 0 && seen != before.Revision {
			return &store.Stale{ID: id, Code: before.Code, Seen: int64(seen), Current: int64(before.Revision)}
		}
		entered, err := revise(ctx, tx, of, before, f)
		if err != nil {
			return err
		}
		after, err = project(ctx, tx, Business{Districts: of.Districts}, id) // it may be another's business now
		if err != nil {
			return err
		}
		if err := allowRevision(ctx, tx, before, after, entered, allow); err != nil || after.shown() == before.shown() {
			return err
		}
		return showAgain(ctx, tx, by, `j.project_id = $1`, id)
	})
	return after, store.ExplainDenial(store.Translate("revise a project", err))
}

// revise writes the revision after before. It returns the park that entered the project; none where a program did.
func revise(ctx context.Context, tx pgx.Tx, of Business, before Project, f ProjectFacts) (entered []uuid.UUID,
	err error) {
	var district uuid.UUID
	const sqlWhose = `SELECT district_id, array_remove(ARRAY[park_id], NULL) FROM project
		WHERE district_id = ANY ($1) AND project_id = $2`
	if err := tx.QueryRow(ctx, sqlWhose, of.Districts, before.ID).Scan(&district, &entered); err != nil {
		return nil, err
	}
	if err := seesParty(ctx, tx, &of, f.Party); err != nil {
		return nil, err
	}
	next, err := f.inDistrict(ctx, tx, district)
	if err != nil {
		return nil, err
	}
	const sqlParty = `UPDATE project SET party_id = $3 WHERE district_id = $1 AND project_id = $2`
	if f.Party != nil {
		if _, err := tx.Exec(ctx, sqlParty, district, before.ID, *f.Party); err != nil {
			return nil, err
		}
	}
	done, err := tx.Exec(ctx, sqlRevise, district, before.ID, next, before.Revision)
	if store.Constraint(err) == "revision_follows" || (err == nil && done.RowsAffected() == 0) {
		seen := int64(before.Revision)
		return nil, &store.Stale{ID: before.ID, Code: before.Code, Seen: seen, Current: seen + 1} // one came in between
	}
	return entered, err
}

// allowRevision asks allow about a revision: who is let in is for the park that entered the project, or for all that
// have to do with it; the rest is for these all.
func allowRevision(ctx context.Context, tx pgx.Tx, before, after Project, entered []uuid.UUID, allow Allow) error {
	parks, err := businessOf(ctx, tx, sqlProjectParks, after.ID)
	if err != nil {
		return err
	}
	if !slices.Equal(before.Seeks, after.Seeks) {
		if len(entered) == 0 {
			entered = parks
		}
		if err := allow(true, entered); err != nil {
			return err
		}
	}
	return allow(after.shown() != before.shown(), parks)
}

// stage is which piece of the chain a project is; "" for none.
func stage(p Project) string {
	if p.ChainStage == nil {
		return ""
	}
	return *p.ChainStage
}

// shownProject is what parks may show of a project.
type shownProject struct {
	named                 bool
	nameZH, nameEN, stage string
	party                 uuid.UUID
}

func (p Project) shown() shownProject {
	s := shownProject{named: p.Named, nameZH: p.NameZH, nameEN: p.NameEN, stage: stage(p)}
	if p.Party != nil {
		s.party = p.Party.ID
	}
	return s
}

// addTo adds something to a project of some business, and reads it as it is then.
func (s Registry) addTo(ctx context.Context, of Business, id uuid.UUID, once *store.Once,
	add func(ctx context.Context, tx pgx.Tx, before Project) error) (Project, error) {
	var after Project
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		before, err := project(ctx, tx, of, id)
		if err != nil {
			return err
		}
		if err := add(ctx, tx, before); err != nil {
			return err
		}
		// by what was added it may be a lead that its writer sees no more
		if after, err = project(ctx, tx, Business{Districts: of.Districts}, id); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, after)
	})
	return after, store.ExplainDenial(store.Translate("add to a project", err))
}

const sqlShown = `
SELECT k.code, l.parcel_id FROM project j JOIN allotment t ON (t.district_id, t.project_id) = (j.district_id,
       j.project_id)
  JOIN allotment_parcel l ON (l.park_id, l.allotment_id) = (t.park_id, t.allotment_id) AND l.to_seq IS NULL
    JOIN park k ON k.park_id = t.park_id
 WHERE `

// showAgain writes a record of kind edit in each park with land under a right of the projects that which selects.
// From that record on the public sees their new names, the lack of names, or their place in a chain. Parks are taken
// in one order, so that concurrent calls can't deadlock.
func showAgain(ctx context.Context, tx pgx.Tx, by Edit, which string, id uuid.UUID) error {
	rows, err := tx.Query(ctx, sqlShown+which+` ORDER BY k.code, l.parcel_id`, id)
	if err != nil {
		return err
	}
	var order []string
	shown := map[string][]uuid.UUID{}
	var code string
	var parcel uuid.UUID
	if _, err := pgx.ForEachRow(rows, []any{&code, &parcel}, func() error {
		if shown[code] == nil {
			order = append(order, code)
		}
		shown[code] = append(shown[code], parcel)
		return nil
	}); err != nil {
		return err
	}
	for _, park := range order {
		o := ledger.Order{Park: park, Command: ledger.Command{Kind: "edit"}, Reason: by.Reason, By: by.By, Via: by.Via}
		if err := ledger.TellAnew(ctx, tx, o, shown[park]); err != nil {
			return err
		}
	}
	return nil
}
