package api

import (
	"context"
	"slices"
	"time"

	"luodi/data/store"
	"luodi/message"
)

// clockSlack is how far the clocks of two machines that keep time may be apart.
const clockSlack = 5 * time.Second

// clocksAhead warns of parks whose newest change is of an instant to come: a machine's clock was wrong then, or is now.
// Their changes go on in order, a microsecond after one another, until time has caught up; deadlines and dates of
// records are off by as much.
func clocksAhead(store *store.Store) func(context.Context, message.Lang) []Warning {
	return func(ctx context.Context, lang message.Lang) []Warning {
		parks, err := store.ClocksAfter(ctx, time.Now().Add(clockSlack))
		if err != nil || len(parks) == 0 {
			return nil
		}
		parks = slices.DeleteFunc(parks, func(code string) bool { return code == "" })
		return []Warning{{Code: "clock_ahead", Detail: message.Text(lang, "api.warning.clock_ahead"), Parts: parks}}
	}
}
