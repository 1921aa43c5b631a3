package registry

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// LedgerImport is a ledger that was taken in.
type LedgerImport struct {
	ID      uuid.UUID    `json:"id" db:"id" format:"uuid"`
	Park    *string      `json:"park" db:"park" nullable:"true" doc:"For which park; null: for the district."`
	Name    string       `json:"name" db:"name"`
	Sheet   string       `json:"sheet" db:"sheet"`
	AsOf    string       `json:"as_of" db:"as_of" format:"date"`
	Hash    string       `json:"hash" db:"hash" doc:"SHA-256 of the file."`
	Made    int          `json:"made" db:"made"`
	Changed int          `json:"changed" db:"changed"`
	Kept    int          `json:"kept" db:"kept" doc:"Rows that said nothing new."`
	NotedBy store.Person `json:"noted_by" db:"noted_by"`
	NotedAt time.Time    `json:"noted_at" db:"noted_at"`
}

// LedgerOpen refuses a ledger that has faults or rows to decide: nothing of it is taken in.
type LedgerOpen struct{ Plan *LedgerPlan }

func (e *LedgerOpen) Error() string {
	return fmt.Sprintf("%d faults, %d rows to decide", len(e.Plan.Faults), e.Plan.Ask)
}

// Unwrap gives the first of what is open, as the refusal of a value.
func (e *LedgerOpen) Unwrap() error {
	if len(e.Plan.Faults) > 0 {
		f := e.Plan.Faults[0]
		return &geo.Invalid{Field: fmt.Sprintf("%s%d", f.Column, f.Row), Words: f.Words, Got: f.Got}
	}
	i := slices.IndexFunc(e.Plan.Rows, func(r LedgerPlanRow) bool { return r.Does == "ask" })
	return geo.NewInvalid("decisions", "ledger.decide", fmt.Sprint(e.Plan.Rows[i].Row), "n", e.Plan.Ask)
}

// sqlLedgers lists imports of a district. $3 and $4 are a Sight: the file came as it was, with leads that others may
// not see, so that it is there for who took it in and for leaders alone.
const sqlLedgers = `
SELECT i.import_id AS id, k.code AS park, i.name, i.sheet, i.as_of::text AS as_of, encode(i.hash, 'hex') AS hash, i.made,
       i.changed, i.kept, i.noted_at, jsonb_build_object('id', a.account_id, 'name', a.name) AS noted_by
  FROM ledger_import i JOIN account a ON a.account_id = i.noted_by LEFT JOIN park k ON k.park_id = i.park_id
 WHERE i.district_id = ANY ($1) AND ($2::uuid[] IS NULL OR i.park_id = ANY ($2))
   AND ($3::uuid IS NULL OR i.noted_by = $3 OR i.park_id = ANY ($4::uuid[]))`

// Ledgers lists the ledgers that were taken in, the newest first, at most 200.
func (s Registry) Ledgers(ctx context.Context, of Business) ([]LedgerImport, error) {
	return store.ReadAll[LedgerImport](ctx, s.Store, sqlLedgers+` ORDER BY i.noted_at DESC, i.import_id LIMIT 200`,
		of.args()...)
}

func takenLedger(ctx context.Context, tx pgx.Tx, at LedgerEntry, hash []byte) (*LedgerImport, error) {
	rows, err := tx.Query(ctx, sqlLedgers+` AND i.district_id = $5 AND i.park_id IS NOT DISTINCT FROM $6 AND i.hash = $7`,
		[]uuid.UUID{at.District}, nil, nil, nil, at.District, at.Park, hash)
	if err != nil {
		return nil, err
	}
	one, err := pgx.CollectExactlyOneRow(rows, pgx.RowToAddrOfStructByName[LedgerImport])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return one, err
}

// TakeLedger takes a ledger in as a whole, or nothing of it: a *LedgerOpen tells what is in the way. The same file is
// taken once for a park; who sends it again, even at the same moment, gets what it did the first time, and false.
func (s Registry) TakeLedger(ctx context.Context, at LedgerEntry, raw []byte,
	reading LedgerReading) (*LedgerImport, bool,
	error) {
	var made *LedgerImport
	again := false
	hash := sha256.Sum256(raw)
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		plan, err := planLedger(ctx, tx, at, raw, reading)
		if err != nil {
			return err
		}
		if plan.Taken != nil {
			made, again = plan.Taken, true
			return nil
		}
		if len(plan.Faults) > 0 || plan.Ask > 0 {
			return &LedgerOpen{plan}
		}
		taking := &ledgerTaking{tx: tx, at: at, plan: plan, reading: reading}
		if taking.id, err = uuid.NewV7(); err != nil {
			return err
		}
		if err := taking.begin(ctx, raw, hash[:]); err != nil {
			return err
		}
		for i := range plan.Rows {
			if err := taking.row(ctx, &plan.Rows[i]); err != nil {
				return fmt.Errorf("row %d: %w", plan.Rows[i].Row, err)
			}
		}
		made, err = takenLedger(ctx, tx, at, hash[:])
		return err
	})
	if store.Constraint(err) == "ledger_is_taken_once" { // another took it in meanwhile
		err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) (err error) {
			made, err = takenLedger(ctx, tx, at, hash[:])
			again = true
			return err
		})
	}
	return made, !again, store.ExplainDenial(store.Translate("take a ledger in", err))
}

// ledgerTaking is a ledger that is taken in, in one transaction.
type ledgerTaking struct {
	tx      pgx.Tx
	at      LedgerEntry
	id      uuid.UUID
	plan    *LedgerPlan
	reading LedgerReading
	of      map[int]uuid.UUID // which project a row is
}

// begin keeps the file, what its columns mean, and that it was taken in. Who takes the same file in at the same moment
// waits here for the other.
func (t *ledgerTaking) begin(ctx context.Context, raw, hash []byte) error {
	t.of = map[int]uuid.UUID{}
	const (
		sqlFile = `INSERT INTO ledger_file (district_id, hash, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
		sqlTake = `INSERT INTO ledger_import (district_id, import_id, park_id, hash, name, sheet, as_of, reading, made,
			changed, kept, noted_by) VALUES ($1, $2, $3, $4, $5, $6, $7::date, $8, $9, $10, $11, $12)`
		sqlMap = `INSERT INTO ledger_mapping (district_id, park_id, n, columns, noted_by)
			SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4 FROM ledger_mapping
			 WHERE district_id = $1 AND park_id IS NOT DISTINCT FROM $2`
	)
	if _, err := t.tx.Exec(ctx, sqlFile, t.at.District, hash, raw); err != nil {
		return err
	}
	read := t.reading
	read.Sheet, read.HeadRow, read.Columns = t.plan.Sheet, t.plan.HeadRow, t.plan.Columns
	if _, err := t.tx.Exec(ctx, sqlTake, t.at.District, t.id, t.at.Park, hash, t.reading.Name, t.plan.Sheet,
		t.plan.AsOf,
		read, t.plan.Make, t.plan.Change, t.plan.Keep, t.at.By); err != nil {
		return err
	}
	_, err := t.tx.Exec(ctx, sqlMap, t.at.District, t.at.Park, t.plan.Columns, t.at.By)
	return err
}

func (t *ledgerTaking) row(ctx context.Context, one *LedgerPlanRow) error {
	key := one.row.key()
	switch one.Does {
	case "make":
		if slices.ContainsFunc(t.reading.Decisions,
			func(d LedgerDecision) bool { return d.Row == one.Row && d.As == "another" }) {
			key += fmt.Sprintf("|%s %d", t.plan.Hash[:16], one.Row)
		}
		id, err := t.make(ctx, one)
		if err != nil {
			return err
		}
		t.of[one.Row] = id
	case "change", "keep":
		t.of[one.Row] = *one.Project
		if err := t.change(ctx, one); err != nil {
			return err
		}
	case "join":
		t.of[one.Row] = t.of[one.join]
	default:
		return nil
	}
	const sql = `INSERT INTO ledger_row (district_id, import_id, row_no, project_id, park_id, key, made)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	_, err := t.tx.Exec(ctx, sql, t.at.District, t.id, one.Row, t.of[one.Row], t.at.Park, key, one.Does == "make")
	return err
}

// make makes the company, if it is not there, and the project of a row.
func (t *ledgerTaking) make(ctx context.Context, one *LedgerPlanRow) (uuid.UUID, error) {
	row := one.row
	party, err := t.party(ctx, row)
	if err != nil {
		return uuid.Nil, err
	}
	evidence := t.reading.evidence(t.plan.Sheet, row.N)
	facts := ProjectFacts{NameZH: &row.Name, Party: party, Source: &evidence}
	facts.fill(row)
	if row.Code == "" {
		row.Code = fmt.Sprintf("L-%s-%d", t.plan.Hash[:8], row.N)
	}
	made, err := addProject(ctx, t.tx, NewProject{Entry: t.at.Entry, Code: row.Code, Facts: facts})
	if err != nil {
		return uuid.Nil, err
	}
	fresh := ledgerFacts{Project: made}
	changes := fresh.changes(row, t.plan.AsOf)
	return made.ID, t.note(ctx, made.ID, row, changes)
}

// fill puts what a row says of a project's own facts.
func (f *ProjectFacts) fill(row *ledgerRow) {
	for _, m := range row.Money {
		if (m.MoneyKind == MoneyKind{"planned_total", "whole", "CNY"}) {
			f.InvestmentCNY = &m.Amount
		}
	}
	if row.TaskForce != "" {
		f.TaskForce = &row.TaskForce
	}
	if row.NeedMu != nil {
		f.Requirement = &map[string]any{"area_mu": *row.NeedMu}
	}
}

// party finds the company of a row among those one may see, by its credit code, else its name, or makes it.
func (t *ledgerTaking) party(ctx context.Context, row *ledgerRow) (*uuid.UUID, error) {
	if row.Firm == "" && row.Credit == "" {
		return nil, nil
	}
	const sqlFind = `SELECT p.party_id FROM party p WHERE ` + sqlPartyOfBusiness + `
		AND (p.credit_code = $5 OR (p.credit_code IS NULL OR $5 = '') AND $6 <> '' AND firm_name(p.name_zh) = $6)
		ORDER BY p.credit_code = $5 DESC, p.park_id IS NOT DISTINCT FROM $7 DESC, p.party_id LIMIT 1`
	var id uuid.UUID
	err := t.tx.QueryRow(ctx, sqlFind, t.at.Of.args(row.Credit, row.firmKey, t.at.Park)...).Scan(&id)
	if err == nil {
		const sqlCode = `UPDATE party SET credit_code = $3 WHERE district_id = $1 AND party_id = $2 AND credit_code IS NULL
			AND park_id IS NOT DISTINCT FROM $4`
		if row.Credit != "" {
			_, err = t.tx.Exec(ctx, sqlCode, t.at.District, id, row.Credit, t.at.Park)
		}
		return &id, err
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	if id, err = uuid.NewV7(); err != nil {
		return nil, err
	}
	name := row.Firm
	if name == "" {
		name = row.Credit
	}
	const sqlMake = `INSERT INTO party (district_id, party_id, name_zh, source, park_id, credit_code)
		VALUES ($1, $2, $3, $4, $5, nullif($6, ''))`
	_, err = t.tx.Exec(ctx, sqlMake, t.at.District, id, name, t.reading.evidence(t.plan.Sheet, row.N), t.at.Park,
		row.Credit)
	return &id, err
}

// change notes what a row says anew of a project that is there.
func (t *ledgerTaking) change(ctx context.Context, one *LedgerPlanRow) error {
	said := func(field string) bool {
		return slices.ContainsFunc(one.Changes, func(c LedgerChange) bool { return c.Field == field })
	}
	var facts, all ProjectFacts
	all.fill(one.row)
	if said("planned_total") {
		facts.InvestmentCNY = all.InvestmentCNY
	}
	if said("task_force") {
		facts.TaskForce = all.TaskForce
	}
	before, err := project(ctx, t.tx, t.at.Of, *one.Project)
	if err != nil {
		return err
	}
	if said("need") {
		requirement := map[string]any{}
		if err := json.Unmarshal(before.Requirement, &requirement); err != nil {
			return err
		}
		requirement["area_mu"] = *one.row.NeedMu
		facts.Requirement = &requirement
	}
	if facts.InvestmentCNY != nil || facts.TaskForce != nil || facts.Requirement != nil {
		if _, err := revise(ctx, t.tx, t.at.Of, before, facts); err != nil {
			return err
		}
	}
	return t.note(ctx, *one.Project, one.row, one.Changes)
}
