package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// maxHold is how far ahead a hold's deadline may lie, at its making and at its extension.
const maxHold = 366 * 24 * time.Hour

const sqlLook = `
SELECT p.parcel_id AS id, p.version, coalesce(v.code, '') AS code, coalesce(v.bank_status, '') AS bank_status,
       coalesce(a.state, '') AS state,
       coalesce(r.name_zh, '') AS holder, a.expires_at AS until,
         coalesce(l.allotment_id, '00000000-0000-0000-0000-000000000000') AS allotment,
       coalesce(f.project_id, '00000000-0000-0000-0000-000000000000') AS first, coalesce(f.name_zh, '') AS first_name
  FROM parcel p
  LEFT JOIN parcel_version v ON (v.park_id, v.parcel_id) = (p.park_id, p.parcel_id) AND v.to_seq IS NULL
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (p.park_id, p.parcel_id) AND l.to_seq IS NULL
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
  LEFT JOIN allotment t ON (t.park_id, t.allotment_id) = (l.park_id, l.allotment_id)
  LEFT JOIN project_version r ON (r.district_id, r.project_id) = (t.district_id, t.project_id) AND upper_inf(r.sys)
  LEFT JOIN LATERAL (SELECT q.project_id, x.name_zh FROM waiting q
    JOIN project_version x ON (x.district_id, x.project_id) = (q.district_id, q.project_id) AND upper_inf(x.sys)
                      WHERE q.park_id = p.park_id AND q.parcel_id = p.parcel_id AND q.to_seq IS NULL
                        ORDER BY q.from_seq LIMIT 1) f ON true
 WHERE p.park_id = $1 AND p.parcel_id = ANY ($2)`

// seen is a parcel as the order finds it, under the clock.
type seen struct {
	ID         uuid.UUID  `db:"id"`
	Version    int64      `db:"version"`
	Code       string     `db:"code"`
	BankStatus string     `db:"bank_status"`
	State      string     `db:"state"`
	Holder     string     `db:"holder"`
	Until      *time.Time `db:"until"`
	Allotment  uuid.UUID  `db:"allotment"`
	First      uuid.UUID  `db:"first"` // the project that is first in the queue; uuid.Nil: nobody waits
	FirstName  string     `db:"first_name"`
}

func (p seen) denial(rule string) *store.Denial {
	status := string(land.Status(land.BankStatus(p.BankStatus), land.AllotmentState(p.State)))
	return &store.Denial{Rule: rule, Parcel: p.ID, Code: p.Code, Status: status, Holder: p.Holder, Until: p.Until}
}

// parcels finds the command's parcels, in its order, and compares the versions that were seen. Each must be live.
func (w *work) parcels(ctx context.Context) ([]seen, error) {
	refs := w.order.Command.Parcels
	if len(refs) == 0 {
		return nil, geo.NewInvalid("parcels", "parcels.some", geo.None())
	}
	ids := make([]uuid.UUID, len(refs))
	at := make(map[uuid.UUID]int, len(refs))
	for i, ref := range refs {
		if _, twice := at[ref.ID]; twice {
			return nil, geo.NewInvalid("parcels", "parcels.once", geo.Say("came.twice", "what", ref.ID))
		}
		ids[i], at[ref.ID] = ref.ID, i
	}
	rows, err := w.tx.Query(ctx, sqlLook, w.park, ids)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[seen])
	if err != nil {
		return nil, err
	}
	if len(found) != len(refs) {
		return nil, geo.NewInvalid("parcels", "parcels.of_park", geo.Say("came.not_found"))
	}
	ordered := make([]seen, len(refs))
	for _, p := range found {
		i := at[p.ID]
		if err := w.compareParcel(ctx, p, refs[i].Version); err != nil {
			return nil, err
		}
		if p.Code == "" {
			return nil, &store.Denial{Rule: "parcel_is_live", Parcel: p.ID, Status: "retired"}
		}
		ordered[i] = p
	}
	return ordered, nil
}

// compareParcel takes an older version too, as long as nothing came since but nodes that others entered in the parcel's
// sides.
func (w *work) compareParcel(ctx context.Context, p seen, version int64) error {
	stale := w.compare(p.ID, p.Code, version, p.Version)
	if stale == nil || version <= 0 || version > p.Version {
		return stale
	}
	var still bool
	if err := w.tx.QueryRow(ctx, `SELECT still_as_seen($1, $2, $3)`, w.park, p.ID, version).Scan(&still); err != nil {
		return err
	}
	if still {
		return nil
	}
	return stale
}

func (w *work) compare(id uuid.UUID, code string, seen, current int64) error {
	if seen == current || (seen == 0 && w.order.Unlocked) {
		return nil
	}
	return &store.Stale{ID: id, Code: code, Seen: seen, Current: current}
}

// hold begins a right: the parcels are kept for the project until the deadline, and it draws the services that the
// project needs.
func hold(ctx context.Context, w *work) error {
	c := w.order.Command
	if c.Project == nil {
		return geo.NewInvalid("project", "project.holding", geo.None())
	}
	until := c.Until
	if served := w.order.serves; served != nil {
		at := w.at.AddDate(0, 0, served.TermDays)
		until = &at
	}
	if err := w.checkDeadline(until); err != nil {
		return err
	}
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	for _, p := range parcels {
		if denial := p.deniesHold(*c.Project); denial != nil {
			return denial
		}
	}
	need, err := w.begin(ctx, *c.Project, *until)
	if err != nil {
		return err
	}
	if err := w.cover(ctx, w.right, parcels); err != nil {
		return err
	}
	if err := w.serve(ctx, *c.Project, parcels); err != nil {
		return err
	}
	_, err = w.shareOut(ctx, w.right, need)
	return err
}

// deniesHold says why a project can't have the parcel now; nil when it can.
func (p seen) deniesHold(project uuid.UUID) *store.Denial {
	switch {
	case p.State != "":
		return p.denial("one_right_at_a_time")
	case p.BankStatus == string(land.BankReserve):
		return p.denial("reserve_needs_release")
	case land.CheckAllottable(land.BankStatus(p.BankStatus)) != nil:
		return p.denial("right_on_live_land")
	case p.First != uuid.Nil && p.First != project:
		d := p.denial("queue_is_kept")
		d.Holder = p.FirstName
		return d
	}
	return nil
}

// begin makes the right of a hold and returns which services its project needs.
func (w *work) begin(ctx context.Context, project uuid.UUID, until time.Time) (need json.RawMessage, err error) {
	if w.right, err = uuid.NewV7(); err != nil {
		return nil, err
	}
	const sqlRight = `INSERT INTO allotment (park_id, allotment_id, district_id, project_id)
		SELECT k.park_id, $2, j.district_id, j.project_id FROM park k
		  JOIN project j ON j.district_id = k.district_id WHERE k.park_id = $1 AND j.project_id = $3
		RETURNING (SELECT r.requirement->'services' FROM project_version r
		  WHERE (r.district_id, r.project_id) = (allotment.district_id, allotment.project_id) AND upper_inf(r.sys))`
	if err := w.tx.QueryRow(ctx, sqlRight, w.park, w.right, project).Scan(&need); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, geo.NewInvalid("project", "project.of_district", project.String())
		}
		return nil, err
	}
	const sqlState = `INSERT INTO allotment_version (park_id, allotment_id, from_seq, state, expires_at)
		VALUES ($1, $2, $3, 'hold', $4)`
	_, err = w.tx.Exec(ctx, sqlState, w.park, w.right, w.seq, until)
	return need, err
}

func (w *work) checkDeadline(until *time.Time) error {
	if until == nil {
		return geo.NewInvalid("until", "hold.deadline", geo.None())
	}
	if !until.After(w.at) || until.Sub(w.at) > maxHold {
		return geo.NewInvalid("until", "hold.within_366", until.Format(time.RFC3339))
	}
	return nil
}

// cover lays a right on parcels.
func (w *work) cover(ctx context.Context, right uuid.UUID, parcels []seen) error {
	ids := make([]uuid.UUID, len(parcels))
	for i, p := range parcels {
		ids[i] = p.ID
	}
	const sql = `INSERT INTO allotment_parcel (park_id, allotment_id, parcel_id, from_seq)
		SELECT $1, $2, unnest($3::uuid[]), $4`
	_, err := w.tx.Exec(ctx, sql, w.park, right, ids, w.seq)
	return err
}

// step moves the command's right to its next state if the state machine allows it, changes the columns in set, and
// returns the right's state before.
func (w *work) step(ctx context.Context, next land.AllotmentState, set string, args ...any) (AllotmentState, error) {
	was, err := w.rightSeen(ctx)
	if err != nil {
		return was, err
	}
	if err := land.AllotmentState(was.State).CheckNext(next); err != nil {
		return was, err
	}
	return was, w.rewrite(ctx, was.ID, string(next), set, args...)
}

// rightSeen finds the command's right, live, and compares the version that was seen.
func (w *work) rightSeen(ctx context.Context) (AllotmentState, error) {
	ref := w.order.Command.Allotment
	if ref == nil {
		return AllotmentState{}, geo.NewInvalid("allotment", "right.given", geo.None())
	}
	was, err := w.allotment(ctx, ref.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return was, geo.NewInvalid("allotment", "right.of_park", ref.ID.String())
	}
	if err != nil {
		return was, err
	}
	if err := w.compare(ref.ID, "allotment", ref.Version, was.Version); err != nil {
		return was, err
	}
	if was.State == "ended" {
		return was, &store.Denial{Rule: "right_is_live"}
	}
	w.right = was.ID
	return was, nil
}

// rewrite closes a right's version and begins the next: state, and the columns of set, the rest as it was. set names
// columns of ours only.
func (w *work) rewrite(ctx context.Context, id uuid.UUID, state, set string, args ...any) error {
	if err := w.closeRight(ctx, id); err != nil {
		return err
	}
	columns := map[string]string{"expires_at": "expires_at", "supply_mode": "supply_mode", "term_years": "term_years",
		"commitments": "commitments", "extended": "extended"}
	switch set {
	case "deadline":
		columns["expires_at"], columns["extended"] = "$5", "extended + 1"
	case "no deadline":
		columns["expires_at"] = "NULL"
	case "terms":
		columns["expires_at"], columns["supply_mode"], columns["term_years"], columns["commitments"] = "NULL", "$5",
			"$6", "$7"
	}
	sql := `INSERT INTO allotment_version (park_id, allotment_id, from_seq, prev_to_seq, state, expires_at,
       supply_mode, term_years, commitments, extended)
		SELECT park_id, allotment_id, $3, $3, $4, ` + columns["expires_at"] + `, ` + columns["supply_mode"] + `, ` + columns["term_years"] + `, ` + columns["commitments"] + `, ` + columns["extended"] + `
		  FROM allotment_version WHERE park_id = $1 AND allotment_id = $2 AND to_seq = $3`
	_, err := w.tx.Exec(ctx, sql, append([]any{w.park, id, w.seq, state}, args...)...)
	return err
}

func (w *work) closeRight(ctx context.Context, id uuid.UUID) error {
	const sql = `UPDATE allotment_version SET to_seq = $3 WHERE park_id = $1 AND allotment_id = $2 AND to_seq IS NULL`
	_, err := w.tx.Exec(ctx, sql, w.park, id, w.seq)
	return err
}

// extend moves a hold's deadline, once.
func extend(ctx context.Context, w *work) error {
	until := w.order.Command.Until
	if err := w.checkDeadline(until); err != nil {
		return err
	}
	was, err := w.rightSeen(ctx)
	if err != nil {
		return err
	}
	if was.State != string(land.AllotmentHold) {
		return geo.NewInvalid("allotment", "right.hold", was.State)
	}
	if was.ExpiresAt != nil && !until.After(*was.ExpiresAt) {
		return geo.NewInvalid("until", "hold.later",
			until.Format(time.RFC3339), "deadline", was.ExpiresAt.Format(time.RFC3339))
	}
	return w.rewrite(ctx, was.ID, was.State, "deadline", *until)
}

// reserve promises held land: the deadline falls away.
func reserve(ctx context.Context, w *work) error {
	_, err := w.step(ctx, land.AllotmentReserved, "no deadline")
	return err
}

// supply grants reserved land on terms; a second person signed.
func supply(ctx context.Context, w *work) error {
	t := w.order.Command.Terms
	if t == nil {
		return geo.NewInvalid("terms", "terms.given", geo.None())
	}
	commitments := t.Commitments
	if commitments == nil {
		commitments = map[string]any{}
	}
	if err := w.checkTerm(ctx, t.TermYears); err != nil {
		return err
	}
	_, err := w.step(ctx, land.AllotmentSupplied, "terms", t.SupplyMode, t.TermYears, commitments)
	return err
}

// checkTerm compares a term with the uses of the land that the command's right covers.
func (w *work) checkTerm(ctx context.Context, years float64) error {
	if w.order.Command.Allotment == nil {
		return nil // the step asks for it
	}
	const sql = `SELECT DISTINCT coalesce(v.land_use, '') FROM allotment_parcel l
       JOIN parcel_version v ON (v.park_id, v.parcel_id) = (l.park_id, l.parcel_id) AND v.to_seq IS NULL
		WHERE l.park_id = $1 AND l.allotment_id = $2 AND l.to_seq IS NULL`
	rows, err := w.tx.Query(ctx, sql, w.park, w.order.Command.Allotment.ID)
	if err != nil {
		return err
	}
	uses, err := pgx.CollectRows(rows, pgx.RowTo[land.LandUse])
	if err != nil {
		return err
	}
	for _, use := range uses {
		if err := land.CheckTerm(use, years); err != nil {
			return err
		}
	}
	return nil
}

// build records that the supplied land is built on and accepted.
func build(ctx context.Context, w *work) error {
	_, err := w.step(ctx, land.AllotmentBuilt, "")
	return err
}

// takeBack ends a right: given up by the project or reclaimed. expire ends a hold whose deadline has passed.
func takeBack(ctx context.Context, w *work) error { return w.end(ctx, land.AllotmentReleased) }

func expire(ctx context.Context, w *work) error {
	was, err := w.rightSeen(ctx)
	if err != nil {
		return err
	}
	if was.State != string(land.AllotmentHold) || was.ExpiresAt == nil || was.ExpiresAt.After(w.at) {
		return &store.Denial{Rule: "hold_has_run_out"}
	}
	return w.end(ctx, land.AllotmentExpired)
}

func (w *work) end(ctx context.Context, how land.AllotmentState) error {
	was, err := w.rightSeen(ctx)
	if err != nil {
		return err
	}
	if err := land.AllotmentState(was.State).CheckNext(how); err != nil {
		return err
	}
	return w.endRight(ctx, was.ID)
}
