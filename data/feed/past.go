package feed

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// Spell is a time in which the public's row of a parcel said the same of what a page tells of its past.
type Spell struct {
	Code    string     `db:"code"`
	Status  string     `db:"status"`
	LegalMu string     `db:"legal_mu"`
	LandUse *string    `db:"land_use"`
	From    time.Time  `db:"from_at"`
	Until   *time.Time `db:"until_at"` // nil: now
	Out     []string   `db:"out_of"`   // codes of public parcels that ended where this one began, on the same ground
}

// spellsMost is how many rows of a parcel are read.
const spellsMost = 500

// The public's own rows and nothing else: what a park hides of intentions is not in them (docs/decisions/0019). A
// parcel comes out of others that ended with the very change that began it and had ground of it: 1e-10 square degrees
// are 1 m².
const sqlPast = `
SELECT f.code, f.status, round(f.legal_m2 * 15 / 10000, 2)::text AS legal_mu, f.land_use, lower(f.sys) AS from_at,
       upper(f.sys) AS until_at,
       ARRAY(SELECT o.code FROM parcel_public o
         WHERE f.first AND (o.park_id, o.to_seq) = (f.park_id, f.from_seq) AND o.parcel_id <> f.parcel_id
           AND NOT EXISTS (SELECT FROM parcel_public x
             WHERE (x.park_id, x.parcel_id, x.from_seq) = (o.park_id, o.parcel_id, f.from_seq))
           AND o.geom && f.geom AND ST_Area(ST_Intersection(o.geom, f.geom)) > 1e-10 ORDER BY code_order(o.code)) AS out_of
  FROM (SELECT p.*, p.from_seq = (SELECT b.from_seq FROM parcel_public b
           WHERE (b.park_id, b.parcel_id) = ($1, $2) ORDER BY b.from_seq LIMIT 1) AS first
          FROM parcel_public p WHERE (p.park_id, p.parcel_id) = ($1, $2) ORDER BY p.from_seq DESC LIMIT $3) f
 ORDER BY f.from_seq DESC`

// Past reads what the public was told of a parcel, the newest first. Rows that follow each other and say the same are
// one.
func (v *View) Past(ctx context.Context, code string, id uuid.UUID) ([]Spell, error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	rows, err := v.Tx.Query(ctx, sqlPast, park.ID, id, spellsMost)
	if err != nil {
		return nil, store.Translate("read a parcel's past", err)
	}
	read, err := pgx.CollectRows(rows, pgx.RowToStructByName[Spell])
	var all []Spell
	for _, s := range read {
		if n := len(all); n > 0 && all[n-1].follows(s) {
			all[n-1].From, all[n-1].Out = s.From, s.Out
			continue
		}
		all = append(all, s)
	}
	return all, store.Translate("read a parcel's past", err)
}

// follows reports that a spell begins when an earlier one ends, and says the same.
func (s Spell) follows(earlier Spell) bool {
	use := func(text *string) string {
		if text == nil {
			return ""
		}
		return *text
	}
	return s.Code == earlier.Code && s.Status == earlier.Status && s.LegalMu == earlier.LegalMu &&
		use(s.LandUse) == use(earlier.LandUse) && earlier.Until != nil && earlier.Until.Equal(s.From)
}
