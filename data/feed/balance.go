package feed

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// Balance is what a park's public land is worth at a moment, by status. Rows sum to Total exactly.
type Balance struct {
	Park          string       `json:"park"`
	Seq           int64        `json:"seq" doc:"The park's clock when this was answered."`
	At            *time.Time   `json:"at" nullable:"true"`
	Datetime      *time.Time   `json:"datetime" nullable:"true" doc:"The instant that was asked for; null for now."`
	StateSeq      int64        `json:"state_seq" doc:"The number of the newest change that the sums hold; 0 before the park's first record."`
	StateAt       *time.Time   `json:"state_at" nullable:"true" doc:"When that change was made; null before the first."`
	Scope         string       `json:"scope" enum:"public,members" doc:"By whose statuses: the land is the published in both."`
	Rows          []BalanceRow `json:"rows"`
	Total         Holding      `json:"total"`
	BoundaryM2    geo.Area     `json:"boundary_m2"`
	UnparcelledM2 geo.Area     `json:"unparcelled_m2" doc:"Roads, water and whatever of the boundary no public parcel covers."`
}

// Holding is a number of parcels and their areas. LegalMu is rounded to 0.01 mu for reading.
type Holding struct {
	Parcels    int64    `json:"parcels"`
	LegalM2    geo.Area `json:"legal_m2"`
	LegalMu    geo.Mu   `json:"legal_mu"`
	ComputedM2 geo.Area `json:"computed_m2"`
}

// BalanceRow is the land of one status. Built is set on supplied land alone: how much of it is built upon.
type BalanceRow struct {
	Status land.ParcelStatus `json:"status"`
	Holding
	BuiltLegalM2 *geo.Area `json:"built_legal_m2,omitempty"`
	BuiltParcels *int64    `json:"built_parcels,omitempty"`
}

// sqlBalance reads, by status, what the land of a park sums to in the state of the number $2: it is kept with each
// change. What of a parcel lies outside of the boundary does not lessen what is unparcelled, hence inside. Areas are
// whole numbers of 0.0001 m², so that sums are exact.
const sqlBalance = `
SELECT l.status, s.parcels, s.legal, s.computed, s.inside
  FROM unnest($3::text[]) l (status) CROSS JOIN LATERAL (SELECT * FROM land_sum_public x
    WHERE (x.park_id, x.status) = ($1, l.status) AND x.from_seq <= $2 ORDER BY x.from_seq DESC LIMIT 1) s
 WHERE s.parcels > 0`

const sqlBoundary = `SELECT round(computed_m2 * 10000)::bigint FROM park_public WHERE park_id = $1`

type balanceSum struct {
	Status                           land.ParcelStatus
	Parcels, Legal, Computed, Inside int64
}

// Balance sums a park's public land now, or as it was at an instant.
func (v *View) Balance(ctx context.Context, code string, at *time.Time) (*Balance, error) {
	return v.balance(ctx, code, at, "public")
}

// DeskBalance sums the same land by the statuses that members read, through a View of the desk.
func (v *View) DeskBalance(ctx context.Context, code string, at *time.Time) (*Balance, error) {
	return v.balance(ctx, code, at, "members")
}

func (v *View) balance(ctx context.Context, code string, at *time.Time, scope string) (*Balance, error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	then := changeAt{Seq: park.Seq, At: park.At}
	if at != nil {
		if then, err = v.changeAt(ctx, *park, *at); err != nil {
			return nil, err
		}
	}
	rows, err := v.Tx.Query(ctx, sqlBalance, park.ID, then.Seq, land.ParcelStatuses())
	if err != nil {
		return nil, store.Translate("sum the land of "+code, err)
	}
	sums, err := pgx.CollectRows(rows, pgx.RowToStructByName[balanceSum])
	if err != nil {
		return nil, store.Translate("sum the land of "+code, err)
	}
	if scope == "members" {
		if sums, err = v.moveSums(ctx, park.ID, then.Seq, then.Seq < park.Seq, sums); err != nil {
			return nil, store.Translate("sum the land of "+code, err)
		}
	}
	var boundary int64
	if err := v.Tx.QueryRow(ctx, sqlBoundary, park.ID).Scan(&boundary); err != nil {
		return nil, store.Translate("measure "+code, err)
	}
	b := &Balance{Park: code, Seq: park.Seq, At: park.At, Datetime: at, StateSeq: then.Seq,
		StateAt: then.At, Scope: scope, BoundaryM2: geo.NewArea(boundary)}
	b.fill(sums)
	return b, nil
}

// fill adds the sums up: every row is there, in the order of a balance, and built land counts as supplied.
func (b *Balance) fill(sums []balanceSum) {
	inside := int64(0)
	for _, status := range land.ParcelStatuses() {
		if status.BalanceRow() != status {
			continue
		}
		row := BalanceRow{Status: status}
		var builtArea geo.Area
		var builtParcels int64
		for _, s := range sums {
			if s.Status.BalanceRow() != status {
				continue
			}
			row.add(s)
			inside += s.Inside
			if s.Status == land.ParcelBuilt {
				builtArea, builtParcels = geo.NewArea(s.Legal), s.Parcels
			}
		}
		if status == land.ParcelSupplied {
			row.BuiltLegalM2, row.BuiltParcels = &builtArea, &builtParcels
		}
		row.LegalMu = row.LegalM2.Mu().Round()
		b.Rows = append(b.Rows, row)
		b.Total.Parcels += row.Parcels
		b.Total.LegalM2 = b.Total.LegalM2.Add(row.LegalM2)
		b.Total.ComputedM2 = b.Total.ComputedM2.Add(row.ComputedM2)
	}
	b.Total.LegalMu = b.Total.LegalM2.Mu().Round()
	b.UnparcelledM2 = b.BoundaryM2.Sub(geo.NewArea(inside))
}

func (h *Holding) add(s balanceSum) {
	h.Parcels += s.Parcels
	h.LegalM2 = h.LegalM2.Add(geo.NewArea(s.Legal))
	h.ComputedM2 = h.ComputedM2.Add(geo.NewArea(s.Computed))
}
