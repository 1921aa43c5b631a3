package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// ContactRef is a contact without personal data. It remains after the data is erased.
type ContactRef struct {
	ID       uuid.UUID  `json:"id" db:"id" format:"uuid"`
	Party    uuid.UUID  `json:"party" db:"party" format:"uuid"`
	Revision int        `json:"revision" db:"revision" doc:"What If-Match compares."`
	ErasedAt *time.Time `json:"erased_at" db:"erased_at" nullable:"true"`
}

// Contact is a person to talk to at a party. Data of persons stands here and nowhere else.
type Contact struct {
	ContactRef
	Name  *string `json:"name" db:"name" nullable:"true"`
	Phone *string `json:"phone" db:"phone" nullable:"true"`
	Email *string `json:"email" db:"email" nullable:"true"`
}

// ContactFacts are the facts of a new contact or the changes of one; a nil fact stays, "" clears it.
type ContactFacts struct {
	Name  *string `json:"name,omitempty" maxLength:"200"`
	Phone *string `json:"phone,omitempty" maxLength:"50"`
	Email *string `json:"email,omitempty" maxLength:"200"`
}

const sqlContacts = `SELECT contact_id AS id, party_id AS party, revision, erased_at, name, phone, email
	FROM contact WHERE district_id = ANY ($1) AND party_id = $2`

// sqlHandlesParty reports whether a Business handles a company: one of its parks entered the company, or has land
// or floor space of one of its projects or a queue with one. Seeking land in a park is no reason to show that park
// the contacts: until then the park that entered the company speaks for it.
const sqlHandlesParty = `SELECT $2::uuid[] IS NULL
	OR EXISTS (SELECT FROM party p
		WHERE p.district_id = ANY ($1) AND p.party_id = $3 AND p.park_id = ANY ($2))
	OR EXISTS (SELECT FROM project j
		JOIN allotment t ON (t.district_id, t.project_id) = (j.district_id, j.project_id)
		JOIN allotment_version a ON (a.park_id, a.allotment_id) = (t.park_id, t.allotment_id) AND a.to_seq IS NULL
		WHERE j.district_id = ANY ($1) AND j.party_id = $3 AND t.park_id = ANY ($2))
	OR EXISTS (SELECT FROM project j
		JOIN waiting w ON (w.district_id, w.project_id) = (j.district_id, j.project_id) AND w.to_seq IS NULL
		WHERE j.district_id = ANY ($1) AND j.party_id = $3 AND w.park_id = ANY ($2))
	OR EXISTS (SELECT FROM project j
		JOIN letting l ON (l.district_id, l.project_id) = (j.district_id, j.project_id) AND l.state <> 'ended'
		WHERE j.district_id = ANY ($1) AND j.party_id = $3 AND l.park_id = ANY ($2))`

// handled refuses a company whose contacts are out of scope: with a Missing if the caller may not see the company,
// with ErrForbidden if the caller may see but does not handle it.
func handled(ctx context.Context, q store.Querier, business Business, of uuid.UUID) error {
	if _, err := party(ctx, q, business, of); err != nil {
		return err
	}
	rows, err := q.Query(ctx, sqlHandlesParty, business.Districts, business.Parks, of)
	if err != nil {
		return store.Translate("look who handles a party", err)
	}
	handles, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[bool])
	if err != nil {
		return store.Translate("look who handles a party", err)
	}
	if !handles {
		return fmt.Errorf("%w: the contacts of party %s", store.ErrForbidden, of)
	}
	return nil
}

// Contacts lists a party's contacts, with the erased ones. It returns a Missing for a party outside the business, and
// ErrForbidden for a party that the business does not handle.
func (s Registry) Contacts(ctx context.Context, business Business, of uuid.UUID) ([]Contact, error) {
	if err := handled(ctx, s.Planner, business, of); err != nil {
		return nil, err
	}
	return store.ReadAll[Contact](ctx, s.Store, sqlContacts+` ORDER BY contact_id LIMIT 1000`, business.Districts, of)
}

func contact(ctx context.Context, q store.Querier, business Business, of, id uuid.UUID) (Contact, error) {
	if err := handled(ctx, q, business, of); err != nil {
		return Contact{}, err
	}
	rows, err := q.Query(ctx, sqlContacts+` AND contact_id = $3`, business.Districts, of, id)
	if err != nil {
		return Contact{}, store.Translate("read a contact", err)
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Contact])
	if errors.Is(err, pgx.ErrNoRows) {
		return c, &store.Missing{Kind: "contact", Name: id.String()}
	}
	return c, store.Translate("read a contact", err)
}

// AddContact adds a contact to a party. Its answer, and the copy kept for idempotent repetition, hold no personal
// data.
func (s Registry) AddContact(ctx context.Context, business Business, of uuid.UUID, f ContactFacts,
	once *store.Once) (ContactRef, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return ContactRef{}, err
	}
	const sql = `INSERT INTO contact (district_id, contact_id, party_id, name, phone, email)
		SELECT district_id, $3, party_id, nullif($4, ''), nullif($5, ''), nullif($6, '') FROM party
		  WHERE district_id = ANY ($1) AND party_id = $2`
	var made ContactRef
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if err := handled(ctx, tx, business, of); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, sql, business.Districts, of, id, f.Name, f.Phone, f.Email)
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return &store.Missing{Kind: "party", Name: of.String()}
		}
		whole, err := contact(ctx, tx, business, of, id)
		if err != nil {
			return err
		}
		made = whole.ContactRef
		return store.Remember(ctx, tx, once, 201, made)
	})
	return made, store.ExplainDenial(store.Translate("make a contact", err))
}

// ChangeContact edits a contact whose revision was seen, 0 being any. A *Stale when it was changed since, a Denial once
// it is erased.
func (s Registry) ChangeContact(ctx context.Context, business Business, of, id uuid.UUID, seen int,
	f ContactFacts) (Contact, error) {
	const sql = `UPDATE contact SET name = nullif(coalesce($5, name), ''), phone = nullif(coalesce($6, phone), ''),
       email = nullif(coalesce($7, email), '')
		WHERE district_id = ANY ($1) AND party_id = $2 AND contact_id = $3 AND (revision = $4 OR $4 = 0)`
	var after Contact
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := contact(ctx, tx, business, of, id); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, sql, business.Districts, of, id, seen, f.Name, f.Phone, f.Email)
		if err != nil {
			return err
		}
		if after, err = contact(ctx, tx, business, of, id); err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return &store.Stale{ID: id, Code: id.String(), Seen: int64(seen), Current: int64(after.Revision)}
		}
		return nil
	})
	return after, store.ExplainDenial(store.Translate("change a contact", err))
}

// EraseContact erases a contact's personal data for good and keeps its id. It is idempotent.
func (s Registry) EraseContact(ctx context.Context, business Business, of, id uuid.UUID) (ContactRef, error) {
	const sql = `UPDATE contact SET name = NULL, phone = NULL, email = NULL, erased_at = clock_timestamp()
		WHERE district_id = ANY ($1) AND party_id = $2 AND contact_id = $3 AND erased_at IS NULL`
	if _, err := contact(ctx, s.Planner, business, of, id); err != nil {
		return ContactRef{}, err
	}
	if _, err := s.Planner.Exec(ctx, sql, business.Districts, of, id); err != nil {
		return ContactRef{}, store.Translate("erase a contact", err)
	}
	left, err := contact(ctx, s.Planner, business, of, id)
	return left.ContactRef, err
}
