package registry

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Enquiry is an enquiry as those of a park who handle it read it.
type Enquiry struct {
	ID       uuid.UUID         `json:"id" db:"id" format:"uuid"`
	Receipt  string            `json:"receipt" db:"receipt"`
	Revision int               `json:"revision" db:"revision" doc:"What If-Match compares."`
	State    string            `json:"state" db:"state" enum:"new,answered,project,closed"`
	Lang     string            `json:"lang" db:"lang" enum:"zh,en" doc:"The language it was asked in."`
	AskedAt  time.Time         `json:"asked_at" db:"asked_at"`
	EraseAt  time.Time         `json:"erase_at" db:"erase_at" doc:"When all personal data in it is erased, as its investor was told."`
	ErasedAt *time.Time        `json:"erased_at" db:"erased_at" nullable:"true"`
	Asked    Enquirer          `json:"asked" db:"asked"`
	Need     json.RawMessage   `json:"need" db:"need" doc:"The requirement of a siting question; null where none was stated."`
	Places   []EnquiryPlace    `json:"places" db:"places" doc:"The shortlist."`
	Assigned *store.Person     `json:"assigned" db:"assigned" doc:"Who handles it."`
	Project  *uuid.UUID        `json:"project" db:"project" nullable:"true" format:"uuid" doc:"The project it was made."`
	Answers  []EnquiryAnswerBy `json:"answers" db:"answers"`
}

// EnquiryAnswerBy is an answer and who gave it.
type EnquiryAnswerBy struct {
	EnquiryAnswer
	Who store.Person `json:"who"`
}

const (
	sqlEnquiries = `
SELECT e.enquiry_id AS id, e.receipt, e.revision, e.state, e.lang, e.asked_at, e.erase_at, e.erased_at,
       ` + sqlEnquirer + `, coalesce(e.need, 'null') AS need, coalesce(e.places, '[]') AS places, e.project_id AS project,
       (SELECT jsonb_build_object('id', a.account_id, 'name', a.name) FROM account a WHERE a.account_id = e.assigned_to)
         AS assigned,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('at', s.at, 'words', s.words, 'who',
         jsonb_build_object('id', a.account_id, 'name', a.name)) ORDER BY s.n), '[]')
          FROM enquiry_answer s JOIN account a USING (account_id)
         WHERE (s.park_id, s.enquiry_id) = (e.park_id, e.enquiry_id)) AS answers
  FROM enquiry e WHERE e.park_id = $1 AND NOT EXISTS (` + sqlHiddenLead + `
       AND (l.district_id, l.project_id) = (e.district_id, e.project_id))`
	sqlInbox = sqlEnquiries + ` AND ($2 = '' OR e.state = $2) AND ($5::uuid IS NULL OR e.enquiry_id < $5)
 ORDER BY e.enquiry_id DESC LIMIT $6`
	// sqlHandlers are those whose role lets them handle a park's enquiries.
	sqlHandlers = `
SELECT a.account_id AS id, a.name FROM account a WHERE a.disabled_at IS NULL AND EXISTS (SELECT FROM membership m
  WHERE m.account_id = a.account_id AND (m.park_id = $1 OR m.park_id IS NULL) AND m.role = ANY ($2))
 ORDER BY a.name, a.account_id LIMIT 500`
)

// Inbox lists a park's enquiries, the newest first: of one state or, with "", of all; those before one, or from the
// newest.
func (s Registry) Inbox(ctx context.Context, park uuid.UUID, sight Sight, state string, before *uuid.UUID,
	most int) ([]Enquiry, error) {
	return store.ReadAll[Enquiry](ctx, s.Store, sqlInbox, park, state, sight.Reader, sight.Leads, before, most)
}

// Handlers lists who may handle a park's enquiries by one of these roles, at most 500.
func (s Registry) Handlers(ctx context.Context, park uuid.UUID, roles []string) ([]store.Person, error) {
	return store.ReadAll[store.Person](ctx, s.Store, sqlHandlers, park, roles)
}

// Enquiry reads one; a Missing where the park has none of this id.
func (s Registry) Enquiry(ctx context.Context, park uuid.UUID, sight Sight, id uuid.UUID) (Enquiry, error) {
	return enquiry(ctx, s.Planner, park, sight, id)
}

func enquiry(ctx context.Context, q store.Querier, park uuid.UUID, sight Sight, id uuid.UUID) (Enquiry, error) {
	rows, err := q.Query(ctx, sqlEnquiries+` AND e.enquiry_id = $2`, park, id, sight.Reader, sight.Leads)
	if err != nil {
		return Enquiry{}, store.Translate("read an enquiry", err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Enquiry])
	if errors.Is(err, pgx.ErrNoRows) {
		return found, &store.Missing{Kind: "enquiry", Name: id.String()}
	}
	return found, store.Translate("read an enquiry", err)
}

// EnquiryChange is what changes of an enquiry; a nil fact stays.
type EnquiryChange struct {
	Assigned *uuid.UUID // Nil: nobody
	Closed   *bool
}

// ChangeEnquiry changes an enquiry whose revision was seen, 0 being any; a *Stale when it was changed since, a Denial
// once it is erased.
func (s Registry) ChangeEnquiry(ctx context.Context, park uuid.UUID, sight Sight, id uuid.UUID, seen int, c EnquiryChange) (Enquiry, error) {
	const sql = `UPDATE enquiry SET
	assigned_to = CASE WHEN $3::uuid IS NULL THEN assigned_to ELSE nullif($3, '00000000-0000-0000-0000-000000000000') END,
	closed_at = CASE WHEN $4::boolean IS NULL THEN closed_at WHEN $4 THEN coalesce(closed_at, clock_timestamp()) END
	WHERE (park_id, enquiry_id) = ($1, $2)`
	return s.handle(ctx, park, sight, id, seen, func(tx pgx.Tx, _ Enquiry) error {
		_, err := tx.Exec(ctx, sql, park, id, c.Assigned, c.Closed)
		return err
	})
}

// AnswerEnquiry adds an answer, which its investor reads by the private link; the enquiry is open again where it was
// closed, and its answerer's where it was nobody's.
func (s Registry) AnswerEnquiry(ctx context.Context, park uuid.UUID, sight Sight, id uuid.UUID, seen int, by uuid.UUID,
	words string) (Enquiry, error) {
	const (
		sqlAnswer = `INSERT INTO enquiry_answer (park_id, enquiry_id, n, account_id, words)
			SELECT $1, $2, count(*) + 1, $3, $4 FROM enquiry_answer WHERE (park_id, enquiry_id) = ($1, $2)`
		sqlAnswered = `UPDATE enquiry SET answered_at = coalesce(answered_at, clock_timestamp()), closed_at = NULL,
			assigned_to = coalesce(assigned_to, $3) WHERE (park_id, enquiry_id) = ($1, $2)`
	)
	return s.handle(ctx, park, sight, id, seen, func(tx pgx.Tx, _ Enquiry) error {
		if _, err := tx.Exec(ctx, sqlAnswered, park, id, by); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlAnswer, park, id, by, words)
		return err
	})
}

// MakeProject makes an enquiry a project in talks: need and shortlist become its requirement, and talk its milestone.
func (s Registry) MakeProject(ctx context.Context, park uuid.UUID, sight Sight, id uuid.UUID, seen int, n NewProject, by uuid.UUID,
	talk MilestoneNote) (Enquiry,
	error) {
	const sqlLink = `UPDATE enquiry SET (district_id, project_id) = ($3, $4) WHERE (park_id, enquiry_id) = ($1, $2)`
	return s.handle(ctx, park, sight, id, seen, func(tx pgx.Tx, before Enquiry) error {
		requirement, err := before.requirement()
		if err != nil {
			return err
		}
		n.Facts.Requirement = &requirement
		made, err := addProject(ctx, tx, n)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlLink, park, id, n.District, made.ID); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlMilestone, append([]any{[]uuid.UUID{n.District}, made.ID}, talk.row(by)...)...)
		return err
	})
}

// requirement is what a project's requirement takes over: the need as it was stated, its least and most area under the
// name by which projects have them, and the shortlist.
func (e Enquiry) requirement() (map[string]any, error) {
	all := map[string]any{}
	if err := json.Unmarshal(e.Need, &all); err != nil {
		return nil, err
	}
	if all == nil { // none was stated
		all = map[string]any{}
	}
	criteria, _ := all["criteria"].([]any)
	for _, each := range criteria {
		criterion, _ := each.(map[string]any)
		if criterion["measure"] != "area_mu" {
			continue
		}
		area := map[string]any{}
		for _, bound := range []string{"min", "max"} {
			if v, stated := criterion[bound].(float64); stated {
				area[bound] = v
			}
		}
		if len(area) > 0 {
			all["area_mu"] = area
		}
	}
	places := make([]string, len(e.Places))
	for i, place := range e.Places {
		places[i] = place.Code
		if place.Kind == "lot" && place.AreaMu != nil {
			places[i] += " " + strconv.FormatFloat(*place.AreaMu, 'f', -1, 64) + " mu"
		}
	}
	if len(places) > 0 {
		all["places"] = places
	}
	return all, nil
}

// handle does something to an enquiry of which a revision was seen, and reads it as it is then.
func (s Registry) handle(ctx context.Context, park uuid.UUID, sight Sight, id uuid.UUID, seen int,
	do func(tx pgx.Tx, before Enquiry) error) (Enquiry, error) {
	var after Enquiry
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		const sqlLock = `SELECT FROM enquiry WHERE (park_id, enquiry_id) = ($1, $2) FOR UPDATE`
		if _, err := tx.Exec(ctx, sqlLock, park, id); err != nil {
			return err
		}
		before, err := enquiry(ctx, tx, park, sight, id)
		if err != nil {
			return err
		}
		if seen != 0 && seen != before.Revision {
			return &store.Stale{ID: id, Code: before.Receipt, Seen: int64(seen), Current: int64(before.Revision)}
		}
		if err := do(tx, before); err != nil {
			return err
		}
		after, err = enquiry(ctx, tx, park, sight, id)
		return err
	})
	return after, store.ExplainDenial(store.Translate("handle an enquiry", err))
}
