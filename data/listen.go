package data

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The channels on which the database wakes those who wait. A notice names a park and nothing else.
const (
	eventChannel    = "luodi_event"
	presenceChannel = "luodi_presence"
)

// Notice says that something of a park moved: a change was committed, or someone came, went or opened another parcel.
type Notice struct {
	Park     uuid.UUID
	Presence bool
}

// listenPings is how often a silent connection is asked whether it still is one; it has half of that to answer.
const listenPings = 20 * time.Second

// Listen hands on the database's notices until ctx ends or the connection breaks; up is called once it listens: what happened before that it does not
// tell. It uses a connection of its own.
func (s *Store) Listen(ctx context.Context, up func(), heard func(Notice)) error {
	conn, err := pgx.ConnectConfig(ctx, s.Planner.Config().ConnConfig.Copy())
	if err != nil {
		return translate("listen", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `LISTEN `+eventChannel+`; LISTEN `+presenceChannel); err != nil {
		return translate("listen", err)
	}
	up()
	for {
		wait, cancel := context.WithTimeout(ctx, listenPings)
		n, err := conn.WaitForNotification(wait)
		cancel()
		switch {
		case err == nil:
			if park, err := uuid.Parse(n.Payload); err == nil { // anyone in the database may notify; who says nothing is not heard
				heard(Notice{Park: park, Presence: n.Channel == presenceChannel})
			}
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded) && !conn.IsClosed():
			if err := ping(ctx, conn); err != nil {
				return translate("listen", err)
			}
		default:
			return translate("listen", err)
		}
	}
}

func ping(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, listenPings/2)
	defer cancel()
	return conn.Ping(ctx)
}
