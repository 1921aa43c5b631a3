package event

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// The channels on which the database wakes those who wait. A notice names a park or an account and nothing else.
const (
	eventChannel    = "luodi_event"
	presenceChannel = "luodi_presence"
	accountChannel  = "luodi_account"
	businessChannel = "luodi_business"
)

// Notice says that something of a park moved: a change was committed, someone came, went or opened another parcel, or
// something of the projects of its district changed.
// Or that something of an account ended: it was disabled, a session or token of it is no longer, or it has other roles.
type Notice struct {
	Park     uuid.UUID
	Presence bool
	Business bool
	Account  uuid.UUID // Nil where the notice is about a park
}

// listenPings is how often a silent connection is asked whether it still is one; it has half of that to answer.
const listenPings = 20 * time.Second

// Listen hands on the database's notices until ctx ends or the connection breaks; up is called once it listens: what
// happened before that it does not tell. It uses a connection of its own.
func (s Events) Listen(ctx context.Context, up func(), heard func(Notice)) error {
	conn, err := pgx.ConnectConfig(ctx, s.Planner.Config().ConnConfig.Copy())
	if err != nil {
		return store.Translate("listen", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx,
		`LISTEN `+eventChannel+`; LISTEN `+presenceChannel+`; LISTEN `+accountChannel+`; LISTEN `+
			businessChannel); err != nil {
		return store.Translate("listen", err)
	}
	up()
	for {
		wait, cancel := context.WithTimeout(ctx, listenPings)
		n, err := conn.WaitForNotification(wait)
		cancel()
		switch {
		case err == nil:
			switch id, err := uuid.Parse(n.Payload); {
			case err != nil: // anyone in the database may notify; who says nothing is not heard
			case n.Channel == accountChannel:
				heard(Notice{Account: id})
			default:
				heard(Notice{Park: id, Presence: n.Channel == presenceChannel,
					Business: n.Channel == businessChannel})
			}
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded) && !conn.IsClosed():
			if err := ping(ctx, conn); err != nil {
				return store.Translate("listen", err)
			}
		default:
			return store.Translate("listen", err)
		}
	}
}

func ping(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, listenPings/2)
	defer cancel()
	return conn.Ping(ctx)
}
