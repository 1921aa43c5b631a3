package feed

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// ParkLand is what the public land of a park sums to now, by the statuses of a balance.
type ParkLand struct {
	Code, NameZH, NameEN   string
	DistrictZH, DistrictEN string
	TimeZone               string
	Illustrative           bool
	Contact                *ParkContact
	At                     *time.Time // of the newest change; nil before the first
	Legal                  map[land.ParcelStatus]geo.Area
	Total                  geo.Area
}

type parkLandRow struct {
	Code         string       `db:"code"`
	NameZH       string       `db:"name_zh"`
	NameEN       string       `db:"name_en"`
	DistrictZH   string       `db:"district_zh"`
	DistrictEN   string       `db:"district_en"`
	TimeZone     string       `db:"time_zone"`
	Illustrative bool         `db:"illustrative"`
	Contact      *ParkContact `db:"contact"`
	At           *time.Time   `db:"at"`
	Status       *string      `db:"status"`
	Legal        *int64       `db:"legal"`
}

const sqlParkLand = `
SELECT p.code, p.name_zh, p.name_en, p.district_zh, p.district_en, p.time_zone, p.illustrative, p.contact,
       nullif(c.at, '-infinity') AS at, s.status, s.legal
  FROM (SELECT * FROM park_public ORDER BY district_zh, code LIMIT $1) p JOIN park_clock c USING (park_id)
  LEFT JOIN land_sum_public s ON s.park_id = p.park_id AND s.to_seq IS NULL AND s.parcels > 0
 ORDER BY p.district_zh, code_order(p.code)`

// LandOfParks reads what the land of parks sums to, in one query for all: the first of them by district and code, and
// whether there are more.
func (v *View) LandOfParks(ctx context.Context, most int) (all []ParkLand, more bool, err error) {
	rows, err := v.Tx.Query(ctx, sqlParkLand, most+1)
	if err != nil {
		return nil, false, store.Translate("sum the land of parks", err)
	}
	read, err := pgx.CollectRows(rows, pgx.RowToStructByName[parkLandRow])
	if err != nil {
		return nil, false, store.Translate("sum the land of parks", err)
	}
	for _, r := range read {
		if n := len(all); n == 0 || all[n-1].Code != r.Code {
			if n == most {
				return all, true, nil
			}
			all = append(all, ParkLand{Code: r.Code, NameZH: r.NameZH, NameEN: r.NameEN, DistrictZH: r.DistrictZH,
				DistrictEN: r.DistrictEN, TimeZone: r.TimeZone, Illustrative: r.Illustrative, Contact: r.Contact, At: r.At,
				Legal: map[land.ParcelStatus]geo.Area{}})
		}
		if r.Status != nil && r.Legal != nil {
			p, status, legal := &all[len(all)-1], land.ParcelStatus(*r.Status).BalanceRow(), geo.NewArea(*r.Legal)
			p.Legal[status], p.Total = p.Legal[status].Add(legal), p.Total.Add(legal)
		}
	}
	return all, false, nil
}
