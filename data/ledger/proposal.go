package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo/land"
)

// Proposal is a change that waits for a second person, or what became of it.
type Proposal struct {
	ID             uuid.UUID     `json:"id" db:"id" format:"uuid"`
	Kind           string        `json:"kind" db:"kind"`
	State          string        `json:"state" db:"state" enum:"open,approved,rejected,withdrawn"`
	Command        Command       `json:"command" db:"command"`
	Parcels        []string      `json:"parcels" db:"parcels" doc:"Codes of the parcels it would change, as they are now."`
	Object         *Named        `json:"object" db:"object" doc:"The zone, plan unit or network it would change."`
	Reason         string        `json:"reason" db:"reason"`
	Documents      []Document    `json:"documents" db:"documents"`
	ProposedBy     store.Person  `json:"proposed_by" db:"proposed_by"`
	ProposedAt     time.Time     `json:"proposed_at" db:"proposed_at"`
	DecidedBy      *store.Person `json:"decided_by" db:"decided_by"`
	DecidedAt      *time.Time    `json:"decided_at" db:"decided_at" nullable:"true"`
	DecisionReason *string       `json:"decision_reason" db:"decision_reason" nullable:"true"`
	Seq            *int64        `json:"seq" db:"seq" nullable:"true" doc:"The record that carried it out."`
}

// Decision is one's word on a proposal.
type Decision struct {
	Park     string
	Proposal uuid.UUID
	State    string // approved, rejected or withdrawn
	Reason   string
	By       uuid.UUID
	Via      string
}

// The parcels of a proposal are those its command names and those its right covers.
var sqlProposals = `
SELECT p.proposal_id AS id, p.kind, coalesce(p.decision, 'open') AS state, p.command, p.reason, p.documents,
       jsonb_build_object('id', a.account_id, 'name', a.name) AS proposed_by, p.proposed_at,
       CASE WHEN d.account_id IS NOT NULL THEN jsonb_build_object('id', d.account_id, 'name',
         d.name) END AS decided_by, p.decided_at, p.decision_reason, p.seq,
       ARRAY(SELECT v.code FROM parcel_version v
              WHERE v.park_id = p.park_id AND v.to_seq IS NULL
                AND (v.parcel_id IN (SELECT (x->>'id')::uuid FROM jsonb_array_elements(p.command->'parcels') x)
                  OR v.parcel_id IN (SELECT l.parcel_id FROM allotment_parcel l WHERE l.park_id = p.park_id
                    AND l.to_seq IS NULL AND l.allotment_id = (p.command->'allotment'->>'id')::uuid))
              ORDER BY code_order(v.code)) AS parcels,
       (SELECT jsonb_build_object('collection', o.collection, 'id', o.id, 'code', o.code) FROM (` +
	feed.OfAll(`SELECT '{collection}' AS collection, {table}_id AS id, code FROM {table} WHERE park_id = p.park_id
		AND {table}_id = (p.command->'object'->>'id')::uuid`) + `) o) AS object
  FROM proposal p JOIN account a ON a.account_id = p.proposed_by LEFT JOIN account d ON d.account_id = p.decided_by JOIN park k USING (park_id)
 WHERE k.code = $1`

// Proposals lists a park's proposals in a state, all of them when it is "", the newest first, at most 500.
func (s Ledger) Proposals(ctx context.Context, park, state string) ([]Proposal, error) {
	rows, err := s.Planner.Query(ctx, sqlProposals+` AND ($2 = '' OR coalesce(p.decision, 'open') = $2)
		ORDER BY p.proposed_at DESC, p.proposal_id LIMIT 500`, park, state)
	if err != nil {
		return nil, store.Translate("list proposals", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Proposal])
	return all, store.Translate("list proposals", err)
}

// Proposal reads one; a Missing when there is none.
func (s Ledger) Proposal(ctx context.Context, park string, id uuid.UUID) (Proposal, error) {
	return proposal(ctx, s.Planner, park, id)
}

func proposal(ctx context.Context, q store.Querier, park string, id uuid.UUID) (Proposal, error) {
	rows, err := q.Query(ctx, sqlProposals+` AND p.proposal_id = $2`, park, id)
	if err != nil {
		return Proposal{}, store.Translate("read a proposal", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Proposal])
	if errors.Is(err, pgx.ErrNoRows) {
		return p, &store.Missing{Kind: "proposal", Name: id.String()}
	}
	return p, store.Translate("read a proposal", err)
}

// Preview carries out an order and rolls it back, an order that needs a second person too. Any other account stands
// in for that person, who is not known yet.
func (s Ledger) Preview(ctx context.Context, o Order) (Outcome, error) {
	o.Preview = true
	if NeedsTwo(o.Command.Kind) && o.ApprovedBy == nil {
		second, err := anotherAccount(ctx, s.Planner, o.By)
		if err != nil {
			return Outcome{}, err
		}
		o.ApprovedBy = &second
	}
	return s.Do(ctx, o)
}

// rowQuerier is a pool or a transaction.
type rowQuerier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// anotherAccount is any that could be a second person; a Denial where there is none.
func anotherAccount(ctx context.Context, q rowQuerier, than uuid.UUID) (second uuid.UUID, err error) {
	err = q.QueryRow(ctx, `SELECT account_id FROM account WHERE account_id <> $1 AND NOT placeholder
		ORDER BY created_at LIMIT 1`, than).Scan(&second)
	if errors.Is(err, pgx.ErrNoRows) {
		return second, store.Because("record_needs_two", "proposal.no_second")
	}
	return second, store.Translate("find a second person", err)
}

// ProposeWithin keeps an order for a second person in a transaction of the caller's, who has seen that nothing holds
// what it names: the order is not tried. A Denial where there is no second person.
func ProposeWithin(ctx context.Context, tx pgx.Tx, o Order) (uuid.UUID, error) {
	if _, err := anotherAccount(ctx, tx, o.By); err != nil {
		return uuid.Nil, err
	}
	made, err := propose(ctx, tx, o)
	return made.ID, store.ExplainDenial(store.Translate("propose", err))
}

// Propose keeps a command for a second person, as it was asked, with the versions that were seen. What could not be
// carried out now is refused now.
func (s Ledger) Propose(ctx context.Context, o Order, once *store.Once) (Proposal, error) {
	var err error
	if o.Reason, err = land.ParseProse("reason", o.Reason, land.MaxProse); err != nil {
		return Proposal{}, err
	}
	if _, err := s.Preview(ctx, o); err != nil {
		return Proposal{}, err
	}
	var made Proposal
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		var err error
		if made, err = propose(ctx, tx, o); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 202, made)
	})
	return made, store.ExplainDenial(store.Translate("propose", err))
}

func propose(ctx context.Context, tx pgx.Tx, o Order) (Proposal, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Proposal{}, err
	}
	documents := o.Documents
	if documents == nil {
		documents = []Document{}
	}
	command, err := json.Marshal(o.Command)
	if err != nil {
		return Proposal{}, err
	}
	const sql = `INSERT INTO proposal (park_id, proposal_id, kind, command, reason, documents, proposed_by)
		SELECT park_id, $2, $3, $4::jsonb, $5, $6, $7 FROM park WHERE code = $1`
	if _, err := tx.Exec(ctx, sql, o.Park, id, o.Command.Kind, command, o.Reason, documents, o.By); err != nil {
		return Proposal{}, err
	}
	return proposal(ctx, tx, o.Park, id)
}

// Decided is a proposal after a decision, with the outcome of an approval.
type Decided struct {
	Proposal Proposal `json:"proposal"`
	Outcome  *Outcome `json:"outcome,omitempty" doc:"What the approval did."`
}

// Decide approves, rejects or withdraws an open proposal, and where once is given remembers the answer in the same
// transaction. An approval carries the command out with the versions that were seen when it was proposed: a *Stale
// leaves it open. A Denial of proposal_is_open when it was decided already.
func (s Ledger) Decide(ctx context.Context, d Decision, once *store.Once) (Decided, error) {
	p, err := s.Proposal(ctx, d.Park, d.Proposal)
	if err != nil {
		return Decided{}, err
	}
	if err := p.stillOpen(); err != nil {
		return Decided{}, err
	}
	var after Decided
	settle := func(ctx context.Context, tx pgx.Tx, seq *int64) (err error) {
		if err = d.note(ctx, tx, seq); err != nil {
			return err
		}
		if after.Proposal, err = proposal(ctx, tx, d.Park, d.Proposal); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 200, after)
	}
	if d.State == "approved" {
		o := Order{Park: d.Park, Command: p.Command, Reason: p.Reason, Documents: p.Documents, By: p.ProposedBy.ID,
			ApprovedBy: &d.By, Via: d.Via}
		o.also = func(ctx context.Context, tx pgx.Tx, done Outcome) error {
			after.Outcome = &done
			return settle(ctx, tx, &done.Seq)
		}
		_, err = s.Do(ctx, o)
		return after, err
	}
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error { return settle(ctx, tx, nil) })
	return after, store.ExplainDenial(store.Translate("decide", err))
}

// Foresee tells what a decision on an open proposal would do, and keeps nothing: an approval carries the command out
// with the versions that were seen, and is rolled back. Refusals are those of [Ledger.Decide].
func (s Ledger) Foresee(ctx context.Context, park string, p Proposal, approve bool, via string) (Decided, error) {
	if err := p.stillOpen(); err != nil || !approve {
		return Decided{Proposal: p}, err
	}
	out, err := s.Preview(ctx, Order{Park: park, Command: p.Command, Reason: p.Reason, Documents: p.Documents,
		By: p.ProposedBy.ID, Via: via})
	return Decided{Proposal: p, Outcome: &out}, err
}

func (p Proposal) stillOpen() error {
	if p.State == "open" {
		return nil
	}
	return store.Because("proposal_is_open", "proposal.decided", "state", p.State)
}

// note writes the decision down; the database refuses a second one.
func (d Decision) note(ctx context.Context, tx pgx.Tx, seq *int64) error {
	const sql = `UPDATE proposal p SET decision = $3, decided_by = $4, decided_at = clock_timestamp(),
       decision_reason = nullif($5, ''), seq = $6
		FROM park k WHERE k.park_id = p.park_id AND k.code = $1 AND p.proposal_id = $2`
	_, err := tx.Exec(ctx, sql, d.Park, d.Proposal, d.State, d.By, d.Reason, seq)
	return err
}
