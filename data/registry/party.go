package registry

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo/land"
)

// District is where parties and projects belong.
type District struct {
	ID    uuid.UUID   `db:"id"`
	Code  string      `db:"code"`
	Parks []uuid.UUID `db:"parks"`
}

// Districts lists the districts by code, with their parks.
func (s Registry) Districts(ctx context.Context) ([]District, error) {
	return store.ReadAll[District](ctx, s.Store, `SELECT d.district_id AS id, d.code, ARRAY(SELECT k.park_id FROM park k
		WHERE k.district_id = d.district_id) AS parks FROM district d ORDER BY d.code`)
}

// ParksOf lists the codes of the parks of some business, or the one of them that is named; a Missing where it isn't.
func (s Registry) ParksOf(ctx context.Context, of Business, code string) ([]string, error) {
	type row struct {
		Code string `db:"code"`
	}
	rows, err := store.ReadAll[row](ctx, s.Store, `SELECT code FROM park WHERE district_id = ANY ($1)
		AND ($2::uuid[] IS NULL OR park_id = ANY ($2)) AND ($3 = '' OR code = $3) ORDER BY code_order(code)`, of.Districts,
		of.Parks, code)
	if err == nil && code != "" && len(rows) == 0 {
		err = &store.Missing{Kind: "park", Name: code}
	}
	codes := make([]string, len(rows))
	for i, one := range rows {
		codes[i] = one.Code
	}
	return codes, err
}

// Party is a company or public body. No person's data is kept with it.
type Party struct {
	ID          uuid.UUID `json:"id" db:"id" format:"uuid"`
	District    string    `json:"district" db:"district"`
	Revision    int       `json:"revision" db:"revision" doc:"What If-Match compares."`
	NameZH      string    `json:"name_zh" db:"name_zh"`
	NameEN      string    `json:"name_en" db:"name_en"`
	CreditCode  *string   `json:"credit_code" db:"credit_code" nullable:"true" doc:"Unified social credit code (统一社会信用代码); null: not registered, or not known."`
	Named       bool      `json:"named" db:"named" doc:"It agreed to be named to the public."`
	Placeholder bool      `json:"placeholder" db:"placeholder"`
	Source      *string   `json:"source" db:"source" nullable:"true"`
	Park        *string   `json:"park" db:"park" nullable:"true" doc:"Code of the park that entered it; null: the district did."`
}

// PartyFacts are the facts of a new party or the changes of one; a nil fact stays.
type PartyFacts struct {
	NameZH     *string `json:"name_zh,omitempty" minLength:"1" maxLength:"200"`
	NameEN     *string `json:"name_en,omitempty" minLength:"1" maxLength:"200" doc:"Without it the Chinese name stands for it."`
	CreditCode *string `json:"credit_code,omitempty" maxLength:"100" text:"-" example:"91350100M000100Y43" doc:"Unified social credit code (统一社会信用代码), 18 characters."`
	Named      *bool   `json:"named,omitempty" doc:"It agreed to be named to the public."`
	Source     *string `json:"source,omitempty" maxLength:"500" text:"prose"`
}

// check brings the credit code to its form, or refuses it.
func (f *PartyFacts) check() error {
	if f.CreditCode == nil {
		return nil
	}
	code, err := land.ParseCreditCode(*f.CreditCode)
	f.CreditCode = (*string)(&code)
	return err
}

const sqlParties = `
SELECT p.party_id AS id, d.code AS district, p.revision, p.name_zh, p.name_en, p.credit_code, p.named, p.placeholder,
       p.source,
       (SELECT k.code FROM park k WHERE k.park_id = p.park_id) AS park
  FROM party p JOIN district d USING (district_id) WHERE ` + sqlPartyOfBusiness

// Parties reads all parties of some business, in no order.
func (s Registry) Parties(ctx context.Context, of Business) ([]Party, error) {
	return store.ReadMany[Party](ctx, s.Store, sqlParties, of.args()...)
}

// PartiesFound are parties by name: a page of those whose names hold the words asked for.
type PartiesFound struct {
	Parties []Party `json:"parties" doc:"By name."`
	All     int     `json:"all" doc:"How many were asked for, on all pages."`
	Total   int     `json:"total" doc:"How many one may see at all."`
	Next    *int    `json:"next" nullable:"true" doc:"What from takes for the next page; null: these are the last."`
}

// sqlPartiesAsked is a condition on parties (p): each of the words, $5 in small letters, stands in a name or the credit
// code.
const sqlPartiesAsked = `NOT EXISTS (SELECT FROM unnest($5::text[]) w (word)
	WHERE strpos(lower(concat_ws(E'\n', p.name_zh, p.name_en, p.credit_code)), word) = 0)`

// FindParties lists parties of some business by name, a page of those whose names hold some words.
func (s Registry) FindParties(ctx context.Context, of Business, words []string, from, limit int) (PartiesFound, error) {
	type counted struct {
		Total int
		All   int
	}
	if words == nil {
		words = []string{}
	}
	counts, err := store.ReadAll[counted](ctx, s.Store, `SELECT count(*) AS total, count(*) FILTER (WHERE `+
		sqlPartiesAsked+`) AS all FROM party p WHERE `+sqlPartyOfBusiness, of.args(words)...)
	if err != nil {
		return PartiesFound{}, err
	}
	found := PartiesFound{Total: counts[0].Total, All: counts[0].All}
	if next := from + limit; next < found.All {
		found.Next = &next
	}
	found.Parties, err = store.ReadAll[Party](ctx, s.Store, sqlParties+` AND `+sqlPartiesAsked+
		` ORDER BY p.name_zh, p.party_id OFFSET $6 LIMIT $7`, of.args(words, from, limit)...)
	return found, err
}

// Party reads one of some business; a Missing when it has none of this id.
func (s Registry) Party(ctx context.Context, of Business, id uuid.UUID) (Party, error) {
	return party(ctx, s.Planner, of, id)
}

func party(ctx context.Context, q store.Querier, of Business, id uuid.UUID) (Party, error) {
	rows, err := q.Query(ctx, sqlParties+` AND p.party_id = $5`, of.args(id)...)
	if err != nil {
		return Party{}, store.Translate("read a party", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Party])
	if errors.Is(err, pgx.ErrNoRows) {
		return p, &store.Missing{Kind: "party", Name: id.String()}
	}
	return p, store.Translate("read a party", err)
}

// AddParty makes a party.
func (s Registry) AddParty(ctx context.Context, at Entry, f PartyFacts, once *store.Once) (Party, error) {
	if err := f.check(); err != nil {
		return Party{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Party{}, err
	}
	const sql = `INSERT INTO party (district_id, party_id, name_zh, name_en, named, source, park_id, credit_code)
		VALUES ($1, $2, $3, $4, coalesce($5, false), $6, $7, $8)`
	var made Party
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sql, at.District, id, f.NameZH, f.NameEN, f.Named, f.Source, at.Park,
			f.CreditCode); err != nil {
			return err
		}
		if made, err = party(ctx, tx, Business{Districts: []uuid.UUID{at.District}}, id); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, made)
	})
	return made, store.ExplainDenial(store.Translate("make a party", err))
}

// ChangeParty edits a party within the business; the old values are kept. seen is the revision that the caller saw, 0
// for any. A *Stale means that the party has changed since.
func (s Registry) ChangeParty(ctx context.Context, of Business, id uuid.UUID, seen int, by Edit, f PartyFacts,
	allow Allow) (Party, error) {
	const sql = `UPDATE party SET name_zh = coalesce($4, name_zh), name_en = coalesce($5, name_en),
       named = coalesce($6, named), source = coalesce($7, source), credit_code = coalesce($8, credit_code)
		WHERE district_id = ANY ($1) AND party_id = $2 AND (revision = $3 OR $3 = 0)`
	if err := f.check(); err != nil {
		return Party{}, err
	}
	var after Party
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		before, err := party(ctx, tx, of, id)
		if err != nil {
			return err
		}
		done, err := tx.Exec(ctx, sql, of.Districts, id, seen, f.NameZH, f.NameEN, f.Named, f.Source,
			f.CreditCode)
		if err != nil {
			return err
		}
		if after, err = party(ctx, tx, of, id); err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return &store.Stale{ID: id, Code: after.NameZH, Seen: int64(seen), Current: int64(after.Revision)}
		}
		parks, err := businessOf(ctx, tx, sqlPartyParks, id)
		if err != nil {
			return err
		}
		shown := before.NameZH != after.NameZH || before.NameEN != after.NameEN || before.Named != after.Named
		if err := allow(shown, parks); err != nil || !shown {
			return err
		}
		return showAgain(ctx, tx, by, `j.party_id = $1`, id)
	})
	return after, store.ExplainDenial(store.Translate("change a party", err))
}
