package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// Ref names a parcel or an allotment and the version its editor saw. Version 0 means any, which only a caller that may
// write unlocked may say.
type Ref struct {
	ID      uuid.UUID `json:"id" format:"uuid"`
	Version int64     `json:"version,omitempty" minimum:"0" doc:"seq of the state that was seen"`
}

// Document names a paper a change rests on. It holds no person's data.
type Document struct {
	Title  string `json:"title" minLength:"1" maxLength:"300"`
	Number string `json:"number,omitempty" maxLength:"100"`
	Date   string `json:"date,omitempty" format:"date"`
	URL    string `json:"url,omitempty" format:"uri" maxLength:"2000" pattern:"^[Hh][Tt][Tt][Pp][Ss]?://" doc:"http or https"`
	SHA256 string `json:"sha256,omitempty" pattern:"^[0-9a-f]{64}$" doc:"Of the document's file, in hexadecimal."`
}

// MostParcels is how many parcels an order may name: maxItems of [Command].
const MostParcels = 500

// Command is one change of a park's land or of the rights on it; which fields it takes depends on its kind. It is kept
// as it was asked in proposals and scenarios.
type Command struct {
	Kind      string       `json:"kind" text:"-"` // one of Kinds that is not Unordered
	Parcels   []Ref        `json:"parcels,omitempty" maxItems:"500"`
	Allotment *Ref         `json:"allotment,omitempty"`
	Project   *uuid.UUID   `json:"project,omitempty" format:"uuid"`
	Until     *time.Time   `json:"until,omitempty" doc:"deadline of a hold"`
	Terms     *Terms       `json:"terms,omitempty"`
	Shape     *Shape       `json:"shape,omitempty"`
	Object    *Subject     `json:"object,omitempty" doc:"create, edit, retire: what is made, changed or ended"`
	Reverts   int64        `json:"reverts,omitempty" doc:"seq of the record to reverse"`
	Draws     *[]Draw      `json:"draws,omitempty" maxItems:"100" doc:"What the right draws of services: of a hold, or of a draw. Without it what the project needs, each service from the nearest node that has it; an empty list draws nothing."`
	AtRisk    []Risk       `json:"at_risk,omitempty" maxItems:"1000" doc:"edit, retire or revert of a node that leaves it with less than it has promised: whose supply is at risk"`
	Waiting   *uuid.UUID   `json:"waiting,omitempty" format:"uuid" doc:"The place in a line to leave"`
	TermDays  int          `json:"term_days,omitempty" minimum:"1" maximum:"366" doc:"How many days the hold shall last that a place in a line is served with"`
	Settings  *Settings    `json:"settings,omitempty" doc:"settings: what the park tells the public; what is not given stays"`
	Paper     *PaperChange `json:"paper,omitempty" doc:"paper: a photo or document of the one parcel, to be added, changed or retired"`
	Then      *Then        `json:"then,omitempty" doc:"split: what is done with one of its parts in the same transaction"`
}

// Terms are the terms of a supply. Commitments are per mu, in 万元 and dates.
type Terms struct {
	SupplyMode  string         `json:"supply_mode" enum:"tender,auction,listing,agreement,long_lease,lease_then_grant,flexible_term"`
	TermYears   float64        `json:"term_years" exclusiveMinimum:"0" maximum:"70" doc:"At most 50 on industrial land, 70 on residential, 40 on commercial, 50 on other."`
	Commitments map[string]any `json:"commitments,omitempty"`
}

// Order is a command with who gives it and why.
type Order struct {
	Park       string // code
	Command    Command
	Reason     string
	Documents  []Document
	By         uuid.UUID
	ApprovedBy *uuid.UUID
	Unlocked   bool // may name version 0
	Via        string
	Preview    bool // do everything, check everything, keep nothing
	// serves is the place in a queue that a hold of the server's own serves: its term counts from the record.
	serves *place
	// also is done last in the same transaction, unless it is a preview: what must stand or fall with the record.
	also func(context.Context, pgx.Tx, Outcome) error
}

// Outcome is the effect of an order or, in a preview, the effect it would have.
type Outcome struct {
	Seq       int64           `json:"seq"`
	At        time.Time       `json:"at"`
	Record    uuid.UUID       `json:"record" format:"uuid"`
	Preview   bool            `json:"preview"`
	Parcels   []ParcelState   `json:"parcels"`
	Retired   []ParcelState   `json:"retired"`
	Allotment *AllotmentState `json:"allotment,omitempty"`
	Draws     []DrawState     `json:"draws,omitempty" doc:"What the right draws, where the change has to do with it."`
	Waiting   *Waiting        `json:"waiting,omitempty" doc:"The place in a line that was taken or left."`
	Objects   []ObjectState   `json:"objects" doc:"Zones, plan units and networks it touched."`
	Then      *Followed       `json:"then,omitempty" doc:"What followed a split in the same transaction."`
	Paper     *uuid.UUID      `json:"paper,omitempty" format:"uuid" doc:"The paper that was added, changed or retired."`
	Border    json.RawMessage `json:"border,omitempty" doc:"The park's border, a MultiPolygon as GeoJSON in EPSG:4490, where the change drew it."`
}

// ParcelState is a parcel as a planner sees it in the answer to an order. Geometry is GeoJSON in EPSG:4490.
type ParcelState struct {
	ID         uuid.UUID       `json:"id" db:"id" format:"uuid"`
	Code       string          `json:"code" db:"code"`
	Version    int64           `json:"version" db:"version"`
	Status     string          `json:"status" db:"status"`
	BankStatus string          `json:"bank_status" db:"bank_status"`
	LegalM2    geo.Area        `json:"legal_m2" db:"legal_m2"`
	ComputedM2 float64         `json:"computed_m2" db:"computed_m2"`
	Geometry   json.RawMessage `json:"geometry" db:"geometry"`
}

// AllotmentState is a right as a planner sees it.
type AllotmentState struct {
	ID         uuid.UUID  `json:"id" db:"id" format:"uuid"`
	Version    int64      `json:"version" db:"version"`
	State      string     `json:"state" db:"state" doc:"hold, reserved, supplied, built, or ended"`
	Project    uuid.UUID  `json:"project" db:"project" format:"uuid"`
	ExpiresAt  *time.Time `json:"expires_at" db:"expires_at"`
	SupplyMode *string    `json:"supply_mode" db:"supply_mode"`
	TermYears  *float64   `json:"term_years" db:"term_years"`
}

// work is an order under way: inside its transaction, under its park's clock.
type work struct {
	order    Order
	tx       pgx.Tx
	park     uuid.UUID
	seq      int64
	at       time.Time
	record   uuid.UUID
	right    uuid.UUID            // the allotment the order made or changed
	drawn    bool                 // it changed what a right draws
	place    uuid.UUID            // the place in a queue that it made or ended
	paper    uuid.UUID            // the paper of a parcel that it added, changed or retired
	things   bool                 // the order touched zones, plan units or networks
	bordered bool                 // it drew the park's border
	made     map[string]uuid.UUID // by code, the parcels that a split made
}

var errPreviewed = errors.New("previewed")

// Do carries out an order in one transaction under its park's clock. It compares the versions that the caller saw,
// makes the change, and lets the database check the record as a whole. A preview does the same and rolls back.
// Refusals are a *Denial, a *Stale, or a *geo.Invalid.
func (s Ledger) Do(ctx context.Context, o Order) (Outcome, error) {
	kind := kindOf(o.Command.Kind)
	if kind.carryOut == nil {
		return Outcome{}, geo.NewInvalid("kind", "order.kind", o.Command.Kind)
	}
	var err error
	if o.Reason, err = land.ParseProse("reason", o.Reason, land.MaxProse); err != nil {
		return Outcome{}, err
	}
	if kind.Document != nil && len(o.Documents) == 0 {
		return Outcome{}, kind.Document
	}
	if err := checkDocuments(o.Documents); err != nil {
		return Outcome{}, err
	}
	if err := checkThen(o.Command); err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err = store.Again(ctx, func() error {
		return pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
			var err error
			out, err = (&work{order: o, tx: tx}).carryThrough(ctx, kind.carryOut)
			return err
		})
	})
	if errors.Is(err, errPreviewed) {
		return out, nil
	}
	if err != nil {
		return Outcome{}, store.ExplainDenial(store.Translate(o.Command.Kind, err))
	}
	if kind.Frees && !o.Preview && s.Queues != nil {
		s.serveAfter(ctx, o.Park)
	}
	return out, nil
}

// carryThrough does all of an order inside its transaction: its record, what follows it, and what must stand or fall
// with it. A preview ends in errPreviewed.
func (w *work) carryThrough(ctx context.Context, deed func(context.Context, *work) error) (Outcome, error) {
	out, err := w.carryOut(ctx, deed)
	if err != nil {
		return Outcome{}, err
	}
	if w.order.Command.Then != nil {
		if out.Then, err = w.follow(ctx); err != nil {
			return Outcome{}, err
		}
	}
	switch {
	case w.order.Preview:
		return out, errPreviewed
	case w.order.also != nil:
		return out, w.order.also(ctx, w.tx, out)
	}
	return out, nil
}

// carryOut makes the order's record and has the database check it as a whole.
func (w *work) carryOut(ctx context.Context, deed func(context.Context, *work) error) (Outcome, error) {
	if err := w.open(ctx); err != nil {
		return Outcome{}, err
	}
	if err := deed(ctx, w); err != nil {
		return Outcome{}, err
	}
	if err := w.nameRisks(ctx); err != nil {
		return Outcome{}, err
	}
	if _, err := w.tx.Exec(ctx, "SELECT check_now()"); err != nil { // all but the number of the state, which a commit takes last and a preview never
		return Outcome{}, err
	}
	return w.outcome(ctx)
}

const sqlOpen = `
SELECT p.park_id, r.seq, r.at
  FROM park p, begin_record(p.park_id, $2, $3, $4, $5, $6, $7, $8, $9, $10) r
 WHERE p.code = $1`

// open takes the clocks that the order needs and ticks the park's, which makes every other writer of the park wait for
// this transaction to end.
func (w *work) open(ctx context.Context) error {
	var err error
	if w.record, err = uuid.NewV7(); err != nil {
		return err
	}
	documents := w.order.Documents
	if documents == nil {
		documents = []Document{}
	}
	var by *uuid.UUID
	if w.order.By != uuid.Nil {
		by = &w.order.By
	}
	var reverts *int64
	if w.order.Command.Reverts > 0 {
		reverts = &w.order.Command.Reverts
	}
	batch := &pgx.Batch{} // one way there and back
	w.queueClocks(batch)
	batch.Queue(sqlOpen, w.order.Park, w.record, w.order.Command.Kind, w.order.Reason, w.order.Via, documents, by,
		w.order.ApprovedBy, w.order.Unlocked, reverts).QueryRow(func(row pgx.Row) error {
		return row.Scan(&w.park, &w.seq, &w.at)
	})
	if err := w.tx.SendBatch(ctx, batch).Close(); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("park %s: %w", w.order.Park, store.ErrNotFound)
		}
		if store.Constraint(err) == "record_park_id_reverts_fkey" {
			return geo.NewInvalid("reverts", "record.of_park", fmt.Sprint(w.order.Command.Reverts))
		}
		return err
	}
	return nil
}

const sqlOutcome = `
SELECT v.parcel_id AS id, v.code, p.version, v.bank_status, v.legal_m2::text AS legal_m2, v.computed_m2,
       ST_AsGeoJSON(v.geom, 9, 0)::json AS geometry,
       CASE WHEN v.to_seq IS NOT NULL THEN 'retired' WHEN a.state = 'hold' THEN 'held'
         ELSE coalesce(a.state, v.bank_status) END AS status
  FROM touched_parcels($1, $2) t
  JOIN parcel p ON (p.park_id, p.parcel_id) = ($1, t.parcel_id)
  JOIN parcel_version v ON (v.park_id, v.parcel_id) = (p.park_id, p.parcel_id)
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (p.park_id, p.parcel_id) AND l.to_seq IS NULL
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
 WHERE (v.to_seq IS NULL OR (v.to_seq = $2 AND NOT EXISTS (SELECT FROM parcel_version n
   WHERE (n.park_id, n.parcel_id, n.from_seq) = (v.park_id, v.parcel_id, $2))))
 ORDER BY code_order(v.code)`

// outcome reads what the order touched.
func (w *work) outcome(ctx context.Context) (Outcome, error) {
	out := Outcome{Seq: w.seq, At: w.at, Record: w.record, Preview: w.order.Preview, Parcels: []ParcelState{},
		Retired: []ParcelState{}, Objects: []ObjectState{}}
	rows, err := w.tx.Query(ctx, sqlOutcome, w.park, w.seq)
	if err != nil {
		return out, err
	}
	touched, err := pgx.CollectRows(rows, pgx.RowToStructByName[ParcelState])
	if err != nil {
		return out, err
	}
	for _, p := range touched {
		if p.Status == "retired" {
			out.Retired = append(out.Retired, p)
		} else {
			out.Parcels = append(out.Parcels, p)
		}
	}
	if w.right != uuid.Nil {
		right, err := w.allotment(ctx, w.right)
		if err != nil {
			return out, err
		}
		out.Allotment = &right
	}
	if w.drawn {
		if out.Draws, err = w.drawStates(ctx, w.right); err != nil {
			return out, err
		}
	}
	if w.place != uuid.Nil {
		if out.Waiting, err = w.waiting(ctx, w.place); err != nil {
			return out, err
		}
	}
	if w.paper != uuid.Nil {
		out.Paper = &w.paper
	}
	if w.bordered {
		if err := w.tx.QueryRow(ctx, `SELECT ST_AsGeoJSON(geom, 9, 0)::json FROM park WHERE park_id = $1`,
			w.park).Scan(&out.Border); err != nil {
			return out, err
		}
	}
	if w.things {
		out.Objects, err = w.objects(ctx)
	}
	return out, err
}

const sqlAllotment = `
SELECT a.allotment_id AS id, a.version, coalesce(v.state, 'ended') AS state, a.project_id AS project, v.expires_at,
       v.supply_mode, v.term_years::float8 AS term_years
  FROM allotment a LEFT JOIN allotment_version v ON (v.park_id, v.allotment_id) = (a.park_id, a.allotment_id)
    AND v.to_seq IS NULL
 WHERE a.park_id = $1 AND a.allotment_id = $2`

func (w *work) allotment(ctx context.Context, id uuid.UUID) (AllotmentState, error) {
	rows, err := w.tx.Query(ctx, sqlAllotment, w.park, id)
	if err != nil {
		return AllotmentState{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[AllotmentState])
}
