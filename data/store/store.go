// Package store connects to the database, PostgreSQL with PostGIS, and holds what every package above it shares:
// connection pools for two roles, read snapshots (views), error translation, refusals with their reasons, and
// retries.
//
// Geometry is EPSG:4490 here, longitude and latitude in degrees. Errors are the sentinels of errors.go, wrapped once
// with the operation that failed.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/schema"
)

// The database roles. The owner of the schema is whoever the Source's URL names.
const (
	RolePlanner = schema.PlannerRole
	RolePublic  = schema.PublicRole
)

// Source says where the database is.
type Source struct {
	// URL is a PostgreSQL URL or keyword string; its user owns the schema.
	URL string
	// LoginRoles: connect as luodi_planner and luodi_public themselves, as the private cluster allows. Otherwise
	// connect as the URL's user and take the role at the start of each connection.
	LoginRoles bool
	// MaxConns bounds each of the two pools; 0 means 16.
	MaxConns int32
}

// Store is the database seen by two roles: Planner writes, Public reads what is published and nothing else.
type Store struct {
	Planner *pgxpool.Pool
	Public  *pgxpool.Pool
	lanes   *lanes
	present *present

	gate    *gate
	damages *damages
}

// Open connects both roles to a migrated database and checks that they answer.
func Open(ctx context.Context, src Source) (*Store, error) {
	s := &Store{gate: &gate{}, damages: &damages{}}
	var err error
	if s.Planner, err = s.pool(ctx, src, RolePlanner); err != nil {
		return nil, err
	}
	if s.Public, err = s.pool(ctx, src, RolePublic); err != nil {
		s.Planner.Close()
		return nil, err
	}
	s.lanes = newLanes(s.Public.Config().MaxConns)
	single := src
	single.MaxConns = 1
	one, err := s.pool(ctx, single, RolePublic)
	if err != nil {
		s.Public.Close()
		s.Planner.Close()
		return nil, err
	}
	s.present = &present{pool: one}
	if err := s.Ping(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends every connection; it waits for those in use.
func (s *Store) Close() {
	s.present.pool.Close()
	s.Public.Close()
	s.Planner.Close()
}

// Ping reports whether the database answers to both roles.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.Public.Ping(ctx); err != nil {
		return Translate("reach the database for readers", err)
	}
	if err := s.Planner.Ping(ctx); err != nil {
		return Translate("reach the database for planners", err)
	}
	return nil
}

// ClocksAfter lists up to 20 parks whose newest change is later than an instant, the latest first; "" stands for an
// unpublished park. A park's clock equals its newest change, so the query reads the latest changes of all parks, a
// thousand at most.
func (s *Store) ClocksAfter(ctx context.Context, at time.Time) ([]string, error) {
	const sql = `
		WITH ahead AS (SELECT park_id, at FROM event WHERE at > $1 ORDER BY at DESC LIMIT 1000)
		SELECT coalesce(p.code, '') FROM (SELECT park_id, max(at) AS at FROM ahead GROUP BY park_id) c
		  LEFT JOIN park_public p USING (park_id) ORDER BY c.at DESC LIMIT 20`
	rows, err := s.Planner.Query(ctx, sql, at)
	if err != nil {
		return nil, Translate("look at the clocks", err)
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return codes, Translate("look at the clocks", err)
}

func (s *Store) pool(ctx context.Context, src Source, role string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(src.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: database URL: %v", ErrInvalid, err)
	}
	if src.LoginRoles {
		config.ConnConfig.User = role
	} else {
		config.ConnConfig.RuntimeParams["role"] = role
	}
	config.ConnConfig.RuntimeParams["application_name"] = "luodi"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.MaxConns = 16
	if src.MaxConns > 0 {
		config.MaxConns = src.MaxConns
	}
	config.PrepareConn, config.BeforeConnect = s.gate.use, s.gate.connect
	config.ConnConfig.OnPgError = func(_ *pgconn.PgConn, pg *pgconn.PgError) bool {
		s.damages.hear(pg)
		return pg.Severity != "FATAL" // as pgx has it: such a connection is over
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, Translate("open the database", err)
	}
	return pool, nil
}

// Connect opens one connection as the schema's owner.
func (src Source) Connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, src.URL)
	if err != nil {
		return nil, Translate("reach the database", err)
	}
	return conn, nil
}

// CloseConn closes a connection and ignores the error.
func CloseConn(conn *pgx.Conn) { _ = conn.Close(context.Background()) }

// ParkID finds a park by its code; a Missing when there is none.
func (s *Store) ParkID(ctx context.Context, code string) (uuid.UUID, error) {
	var id uuid.UUID
	err := s.Planner.QueryRow(ctx, `SELECT park_id FROM park WHERE code = $1`, code).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return id, &Missing{Kind: "park", Name: code}
	}
	return id, Translate("find a park", err)
}
