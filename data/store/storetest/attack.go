package storetest

import (
	"context"
	_ "embed"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/store/cluster"
)

//go:embed attack.sql
var attackSQL string

// Levels are PostgreSQL's isolation levels.
var Levels = []string{"READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"}

// Taken is what an attack answers that nothing refused.
const Taken = "taken"

// Ground is the test database of direct SQL: the functions of attack.sql stand in the search path of its attackers, and
// each Plot is a park of its own.
type Ground struct {
	*DB
	attackers *pgxpool.Pool
	plots     atomic.Int64
}

// NewGround makes a database and the attacker's functions in it.
func NewGround(t testing.TB) *Ground {
	t.Helper()
	g := &Ground{DB: New(t)}
	config, err := pgxpool.ParseConfig(g.Source.URL)
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.User = cluster.PlannerRole
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	if g.attackers, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.attackers.Close)
	const people = `INSERT INTO account (account_id, login, name)
		VALUES (gen_random_uuid(), 'a', 'a'), (gen_random_uuid(), 'b', 'b')`
	for _, sql := range []string{attackSQL, people} {
		if _, err := g.Owner.Exec(context.Background(), sql); err != nil {
			t.Fatalf("lay out the ground: %v", err)
		}
	}
	return g
}

// Plot makes a park of 11.5 km by 12.5 km, 1.5 km from the next, with a project, and carries out records of it, each
// given as one script of SQL.
func (g *Ground) Plot(t testing.TB, code string, records ...string) uuid.UUID {
	t.Helper()
	n := g.plots.Add(1) - 1
	x, y := 413_100+13_000*float64(n%12), 4_123_600+14_000*float64(n/12)
	park := ParkAt(t, g.DB, code, 4550, x-500, y-5500, x+11_000, y+7000)
	Project(t, g.DB, park, code, true)
	for _, sql := range records {
		if got := g.Attack(t, park, Levels[0], sql); got != Taken {
			t.Fatalf("arrange %s: %s: %s", code, sql, got)
		}
	}
	return park
}

// Attack runs one script as the planner in one transaction and commits it. It answers Taken, or the name of the rule
// that refused, or else the SQLSTATE.
func (g *Ground) Attack(t testing.TB, park uuid.UUID, level, sql string) string {
	t.Helper()
	a := g.Attacker(t, park, level)
	defer a.Leave()
	if got := a.Try(sql); got != Taken {
		return got
	}
	return a.Try("COMMIT")
}

// Attacker is a planner's connection inside a transaction.
type Attacker struct {
	t    testing.TB
	conn *pgxpool.Conn
}

// Attacker begins a transaction on a connection of its own, which must not outlive the test.
func (g *Ground) Attacker(t testing.TB, park uuid.UUID, level string) *Attacker {
	t.Helper()
	conn, err := g.attackers.Acquire(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	a := &Attacker{t: t, conn: conn}
	t.Cleanup(a.Leave)
	begin := "BEGIN ISOLATION LEVEL " + level + "; SET LOCAL search_path = public, attack; SET LOCAL attack.park = '" +
		park.String() + "'"
	if got := a.Try(begin); got != Taken {
		t.Fatalf("begin: %s", got)
	}
	return a
}

// Try runs a script of statements; the transaction stays open where nothing refuses it. It answers as Attack does.
func (a *Attacker) Try(sql string) string {
	_, err := a.conn.Conn().PgConn().Exec(context.Background(), sql).ReadAll()
	return refusal(a.t, sql, err)
}

// Copy runs a COPY … FROM STDIN over rows of tab-separated text, and answers as Try does.
func (a *Attacker) Copy(sql, rows string) string {
	_, err := a.conn.Conn().PgConn().CopyFrom(context.Background(), strings.NewReader(rows), sql)
	return refusal(a.t, sql, err)
}

// PID is the attacker's backend, by which to see whom it waits for.
func (a *Attacker) PID() uint32 { return a.conn.Conn().PgConn().PID() }

// Leave rolls back, and takes away what the attacker left behind: cursors, temporary tables, settings. The end of the
// test does it too.
func (a *Attacker) Leave() {
	if a.conn == nil {
		return
	}
	for _, sql := range []string{"ROLLBACK", "DISCARD ALL"} {
		if _, err := a.conn.Conn().PgConn().Exec(context.Background(), sql).ReadAll(); err != nil {
			a.t.Errorf("leave: %s: %v", sql, err)
		}
	}
	a.conn.Release()
	a.conn = nil
}

func refusal(t testing.TB, sql string, err error) string {
	t.Helper()
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return Taken
	case !errors.As(err, &pg):
		t.Errorf("%s: %v", sql, err)
		return err.Error()
	case pg.ConstraintName != "":
		return pg.ConstraintName
	}
	return pg.Code
}
