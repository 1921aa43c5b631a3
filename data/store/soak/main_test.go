package soak

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/store/storetest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveDir); dir != "" {
		if err := serveAndWrite(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	storetest.Main(m)
}

// whole reports whether the long forms are asked for.
func whole() bool { return os.Getenv("LUODI_SOAK") != "" }

// pick is the short form of a number, or in a soak the whole one.
func pick[T any](short, long T) T {
	if whole() {
		return long
	}
	return short
}

// site is a park with parcels, a project and two people.
type site struct {
	*storetest.DB
	park            string
	id              uuid.UUID
	parcels         []uuid.UUID
	project         uuid.UUID
	planner, second uuid.UUID
}

func newSite(t testing.TB, db *storetest.DB, park string, squares ...storetest.Square) *site {
	t.Helper()
	s := &site{DB: db, park: park}
	s.id = storetest.Park(t, db, park)
	s.parcels = storetest.Parcels(t, db, s.id, squares...)
	s.project = storetest.Project(t, db, s.id, "某项目", true)
	s.planner, s.second = account(t, db, park+"-planner"), account(t, db, park+"-approver")
	return s
}

func account(t testing.TB, db *storetest.DB, login string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	if _, err := db.Owner.Exec(context.Background(),
		`INSERT INTO account (account_id, login, name) VALUES ($1, $2, $2)`, id, login); err != nil {
		t.Fatal(err)
	}
	return id
}

// grid is n square parcels beside and above one another, seen or not seen by the public in turn where mixed.
func grid(n, across int, mixed bool) []storetest.Square {
	squares := make([]storetest.Square, n)
	step := 1 / float64(across)
	for i := range squares {
		squares[i] = storetest.Square{Code: fmt.Sprintf("P%03d", i), X: step * float64(i%across),
			Y: step * float64(i/across), Side: step * 0.01, Internal: mixed && i%2 == 1}
	}
	return squares
}

func (s *site) order(c ledger.Command) ledger.Order {
	o := ledger.Order{Park: s.park, Command: c, Reason: "soak", By: s.planner, Via: "soak"}
	if ledger.NeedsTwo(c.Kind) {
		o.ApprovedBy = &s.second
	}
	if c.Kind == "correct" {
		o.Documents = []ledger.Document{{Title: "测绘报告"}}
	}
	return o
}

func number[T any](t testing.TB, db *storetest.DB, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := db.Owner.QueryRow(context.Background(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func inDays(n int) *time.Time {
	until := time.Now().Add(time.Duration(n) * 24 * time.Hour)
	return &until
}
