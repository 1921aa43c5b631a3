package event

import (
	"context"
	"time"

	"github.com/google/uuid"

	"luodi/data/store"
)

// Presence is one open connection of someone signed in to a park.
type Presence struct {
	Connection, Park, Account uuid.UUID
	Parcel                    *uuid.UUID // what is open on the page
}

// Present is someone who has a park open now.
type Present struct {
	ID     uuid.UUID  `json:"id" db:"id"`
	Name   string     `json:"name" db:"name"`
	Parcel *uuid.UUID `json:"parcel" db:"parcel"` // the newest of those open
}

const (
	// PresenceHolds is for how long a connection counts that no process has confirmed since.
	PresenceHolds = time.Minute
	// mostPresent bounds a list of who is there.
	mostPresent = 200
)

const (
	sqlConfirm = `
INSERT INTO presence (connection_id, park_id, account_id, parcel_id) SELECT *
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])
ON CONFLICT (connection_id) DO UPDATE SET seen_at = EXCLUDED.seen_at, parcel_id = EXCLUDED.parcel_id`
	sqlTellPresence = `SELECT pg_notify('` + presenceChannel + `', p::text) FROM unnest($1::uuid[]) p`
	sqlLeave        = `DELETE FROM presence WHERE connection_id = $1 OR seen_at < clock_timestamp() - 2 * $2::interval`
	sqlPresent      = `
SELECT a.account_id AS id, a.name, p.parcel_id AS parcel
  FROM (SELECT DISTINCT ON (account_id) account_id, parcel_id FROM presence WHERE park_id = $1
    AND seen_at > clock_timestamp() - $2::interval
         ORDER BY account_id, parcel_id IS NULL, seen_at DESC, connection_id) p
  JOIN account a USING (account_id) WHERE a.disabled_at IS NULL ORDER BY a.name, a.account_id LIMIT $3`
)

// ConfirmPresence says that these connections are open. With tell, those who look at their parks hear of it.
func (s Events) ConfirmPresence(ctx context.Context, tell bool, all ...Presence) error {
	var connections, parks, accounts []uuid.UUID
	var parcels []*uuid.UUID
	for _, p := range all {
		connections, parks = append(connections, p.Connection), append(parks, p.Park)
		accounts, parcels = append(accounts, p.Account), append(parcels, p.Parcel)
	}
	_, err := s.Planner.Exec(ctx, sqlConfirm, connections, parks, accounts, parcels)
	if err == nil && tell {
		_, err = s.Planner.Exec(ctx, sqlTellPresence, parks)
	}
	return store.Translate("confirm presence", err)
}

// MostWaiting is where Waiting stops counting.
const MostWaiting = 100

// Waiting counts the new enquiries of a park, up to MostWaiting: its cost grows with those alone.
func (s Events) Waiting(ctx context.Context, park uuid.UUID) (n int, err error) {
	const sql = `SELECT count(*) FROM (SELECT FROM enquiry WHERE park_id = $1 AND state = 'new' AND erased_at IS NULL
		LIMIT $2) e`
	err = s.Planner.QueryRow(ctx, sql, park, MostWaiting).Scan(&n)
	return n, store.Translate("count the enquiries that wait", err)
}

// EndPresence deletes a connection, and all connections whose confirmation has expired.
func (s Events) EndPresence(ctx context.Context, p Presence) error {
	_, err := s.Planner.Exec(ctx, sqlLeave, p.Connection, PresenceHolds)
	if err == nil {
		_, err = s.Planner.Exec(ctx, sqlTellPresence, []uuid.UUID{p.Park})
	}
	return store.Translate("end presence", err)
}

// WhoIsPresent lists who has the park open, by name, at most 200.
func (s Events) WhoIsPresent(ctx context.Context, park uuid.UUID) ([]Present, error) {
	return store.ReadAll[Present](ctx, s.Store, sqlPresent, park, PresenceHolds, mostPresent)
}
