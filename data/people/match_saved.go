package people

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// SavedMatch is a search as it was on its day: the question with its weights, the data version it was answered at, and
// the ranking.
type SavedMatch struct {
	ID      uuid.UUID       `json:"id" db:"id" format:"uuid"`
	ParkID  uuid.UUID       `json:"-" db:"park_id"`
	Park    string          `json:"park" db:"park"`
	Name    string          `json:"name" db:"name"`
	Seq     int64           `json:"seq" db:"seq" doc:"The park's clock the search was answered at."`
	At      time.Time       `json:"at" db:"at" doc:"The instant of that change."`
	For     string          `json:"ranked_for" db:"ranked_for" enum:"public,members" doc:"public: ranked by what is public alone. members: by what they see; its ranking is empty for who is no member any more."`
	Asked   json.RawMessage `json:"question" db:"asked"`
	Ranking json.RawMessage `json:"ranking" db:"ranking" doc:"The sites of that day: rank, id, key, code, score."`
	SavedAt time.Time       `json:"saved_at" db:"saved_at"`
}

// SaveMatch keeps a search for an account, once where once is not nil.
func (s People) SaveMatch(ctx context.Context, account uuid.UUID, m SavedMatch, once *store.Once) (SavedMatch, error) {
	var err error
	if m.ID, err = uuid.NewV7(); err != nil {
		return m, err
	}
	const sql = `INSERT INTO saved_match (match_id, park_id, account_id, name, seq, at, asked, ranking,
		ranked_for) SELECT $1, park_id, $2, $3, $4, $5, $6, $7, $9 FROM park WHERE code = $8 RETURNING saved_at`
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, sql, m.ID, account, m.Name, m.Seq, m.At, m.Asked, m.Ranking, m.Park,
			m.For).Scan(&m.SavedAt); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, m)
	})
	return m, store.Translate("save a search", err)
}

const sqlSavedMatches = `
SELECT m.match_id AS id, k.code AS park, m.park_id, m.ranked_for, m.name, m.seq, m.at, m.asked, m.ranking, m.saved_at
  FROM saved_match m JOIN park k USING (park_id) WHERE m.account_id = $1
    AND ($2::uuid IS NULL OR m.match_id = $2) ORDER BY m.saved_at DESC LIMIT 500`

// SavedMatches lists an account's searches, the newest first; or the one of an id, [ErrNotFound] where that is not the
// account's.
func (s People) SavedMatches(ctx context.Context, account uuid.UUID, id *uuid.UUID) ([]SavedMatch, error) {
	rows, err := s.Planner.Query(ctx, sqlSavedMatches, account, id)
	if err != nil {
		return nil, store.Translate("read saved searches", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[SavedMatch])
	if err == nil && id != nil && len(all) == 0 {
		return nil, &store.Missing{Kind: "match", Name: id.String()}
	}
	return all, store.Translate("read saved searches", err)
}

// ForgetMatch deletes a saved search, which is a note of one's own and no record of the land.
func (s People) ForgetMatch(ctx context.Context, account, id uuid.UUID) error {
	done, err := s.Planner.Exec(ctx, `DELETE FROM saved_match WHERE account_id = $1 AND match_id = $2`, account, id)
	if err == nil && done.RowsAffected() == 0 {
		return &store.Missing{Kind: "match", Name: id.String()}
	}
	return store.Translate("forget a saved search", err)
}
