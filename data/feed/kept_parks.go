package feed

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// parkTable holds where the clock of every park stands, in one state. Most changes tick a clock: they copy the list of
// parks, not the maps.
type parkTable struct {
	all    []*store.ParkState
	byCode map[string]int
	byUUID map[uuid.UUID]int
}

func (t *parkTable) find(code string) *store.ParkState {
	if i, known := t.byCode[code]; known {
		return t.all[i]
	}
	return nil
}

func (t *parkTable) byID(id uuid.UUID) *store.ParkState {
	if i, known := t.byUUID[id]; known {
		return t.all[i]
	}
	return nil
}

const (
	sqlAllClocks = `SELECT ` + store.ParkColumns + ` FROM park_public p JOIN park_clock c USING (park_id)`
	sqlClocks    = sqlAllClocks + ` WHERE p.park_id = ANY ($1)`
)

func (v *View) clocks(ctx context.Context, sql string, args ...any) ([]*store.ParkState, error) {
	rows, err := v.Tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, store.Translate("read the clocks", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByName[store.ParkState])
	return all, store.Translate("read the clocks", err)
}

// with returns the table with parks as they are now. renamed: one of them had another code, which features print.
func (t *parkTable) with(parks []*store.ParkState) (next *parkTable, renamed bool) {
	next = &parkTable{slices.Clone(t.all), t.byCode, t.byUUID}
	copied := false
	for _, p := range parks {
		if i, known := t.byUUID[p.ID]; known {
			renamed = renamed || next.all[i].Code != p.Code
			next.all[i] = p
			continue
		}
		if !copied {
			next.byCode, next.byUUID, copied = maps.Clone(t.byCode), maps.Clone(t.byUUID), true
		}
		next.byCode[p.Code], next.byUUID[p.ID] = len(next.all), len(next.all)
		next.all = append(next.all, p)
	}
	return next, renamed
}
