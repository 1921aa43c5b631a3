package live

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/event"
	"luodi/data/people"
	"luodi/data/store/storetest"
)

// The next look is an hour away: only the database's notice can ring.
func TestAFollowerIsInDoubtAtOnceWhenSomethingOfItsAccountEnds(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	park := event.ParkName{ID: storetest.Park(t, db, "hub"), Code: "hub"}
	hub := New(db.Store, slog.New(slog.NewTextHandler(io.Discard, nil)), Limits{})
	go hub.Run(t.Context())
	account, _, err := people.Of(db.Store).AddAccount(t.Context(),
		people.Newcomer{Login: "wang", Name: "Wang", Roles: []people.Grant{{Role: people.Viewer}}})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = people.Of(db.Store).CreateToken(t.Context(),
		people.TokenOrder{Account: account.ID, Name: "t", Scope: people.ScopeRead, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	follower, other := hub.Follow(account.ID, Place{Park: park, To: event.Members}),
		hub.Follow(uuid.New(), Place{Park: park, To: event.Members})
	defer follower.Close()
	defer other.Close()
	doubts := func(f *Follower) bool {
		if frames, err := f.Next(t.Context(), time.Hour); err != nil || len(frames) > 0 {
			t.Fatalf("%d frames, %v", len(frames), err)
		}
		return f.Doubted()
	}
	if !doubts(follower) {
		t.Fatal("a follower begins without doubt: what ended before it followed is never seen")
	}
	for _, end := range []string{
		`INSERT INTO session (hash, account_id) VALUES (sha256('x'), $1)`, `DELETE FROM session WHERE account_id = $1`,
		`UPDATE token SET revoked_at = clock_timestamp() WHERE account_id = $1`,
		`DELETE FROM membership WHERE account_id = $1`, `UPDATE account SET disabled_at = clock_timestamp()
			WHERE account_id = $1`,
	} {
		if _, err := db.Planner.Exec(t.Context(), end, account.ID); err != nil {
			t.Fatal(err)
		}
		if end[0] != 'I' && !doubts(follower) {
			t.Errorf("no doubt after %s", end)
		}
	}
	doubts(other)
	select {
	case <-other.doubt:
		t.Error("another account is in doubt")
	default:
	}
}
