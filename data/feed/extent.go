package feed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Extent is where the live features of a collection lie and since when it has any; nil where it has none.
type Extent struct {
	Box  *geo.BBox
	From *time.Time
}

// Extents keeps extents by collection and park, so that a change has its own park measured anew and no other. The zero
// value keeps none yet.
type Extents struct {
	mu   sync.Mutex
	kept map[string]keptExtents
}

type keptExtents struct {
	state store.State
	parks map[uuid.UUID]Extent
	all   Extent // of them
}

// Of is the extent of a collection in the state of a view. Concurrent callers wait for the first, which measures.
func (e *Extents) Of(ctx context.Context, v *View, c *Collection) (Extent, error) {
	now, err := v.State(ctx)
	if err != nil {
		return Extent{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	known := e.kept[c.ID]
	if known.parks != nil && known.state.Stamp() == now.Stamp() {
		return known.all, nil
	}
	fresh := keptExtents{state: now}
	if fresh.parks, err = v.extents(ctx, c, known, now); err != nil {
		return Extent{}, err
	}
	for _, park := range fresh.parks {
		fresh.all = fresh.all.join(park)
	}
	if e.kept == nil {
		e.kept = map[string]keptExtents{}
	}
	if now.N >= known.state.N {
		e.kept[c.ID] = fresh
	}
	return fresh.all, nil
}

const sqlTouchedSince = `SELECT DISTINCT park_id FROM state_change WHERE n > $1`

// extents measures the parks that changed since the known extents, or all parks if no earlier state is known.
func (v *View) extents(ctx context.Context, c *Collection, known keptExtents, now store.State) (map[uuid.UUID]Extent,
	error) {
	parks := maps.Clone(known.parks)
	var changed []uuid.UUID // nil: all
	if parks == nil || known.state.N == 0 || known.state.N >= now.N {
		parks = map[uuid.UUID]Extent{}
	} else {
		rows, err := v.Tx.Query(ctx, sqlTouchedSince, known.state.N)
		if err != nil {
			return nil, store.Translate("measure "+c.ID, err)
		}
		if changed, err = pgx.AppendRows([]uuid.UUID{}, rows, pgx.RowTo[uuid.UUID]); err != nil {
			return nil, store.Translate("measure "+c.ID, err)
		}
	}
	from, live := "NULL::timestamptz", "true"
	if c.Timed() {
		from, live = fmt.Sprintf("CASE WHEN e.park_id = ANY ($2) THEN NULL ELSE (SELECT min(lower(x.sys)) FROM %s x "+
			"WHERE x.park_id = e.park_id) END", c.table), "f.to_seq IS NULL"
	}
	begun := map[uuid.UUID]*time.Time{} // what has begun stays so
	for _, park := range changed {
		if then := parks[park].From; then != nil {
			begun[park] = then
		}
		delete(parks, park)
	}
	sql := fmt.Sprintf(`SELECT park_id, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), %s
  FROM (SELECT f.park_id, ST_Extent(f.geom) AS box FROM %s f WHERE %s
    AND ($1::uuid[] IS NULL OR f.park_id = ANY ($1)) GROUP BY f.park_id) e WHERE $2::uuid[] IS NOT NULL`, from, c.table, live)
	// Planned with its values: all parks and one are two questions.
	rows, err := v.Tx.Query(ctx, sql, pgx.QueryExecModeCacheDescribe, changed,
		slices.AppendSeq([]uuid.UUID{}, maps.Keys(begun)))
	if err != nil {
		return nil, store.Translate("measure "+c.ID, err)
	}
	var park uuid.UUID
	var west, south, east, north float64
	var since *time.Time
	_, err = pgx.ForEachRow(rows, []any{&park, &west, &south, &east, &north, &since}, func() error {
		box := []float64{west, south, east, north}
		roundDegrees(box)
		if then := begun[park]; then != nil {
			since = then
		}
		parks[park] = Extent{&geo.BBox{West: box[0], South: box[1], East: box[2], North: box[3]}, since}
		return nil
	})
	return parks, store.Translate("measure "+c.ID, err)
}

// MemberExtent is where the live features of a member's collection lie. It is measured anew each time.
func (v *View) MemberExtent(ctx context.Context, q *Query) (*geo.BBox, error) {
	s, err := v.where(ctx, q)
	if err != nil {
		return nil, err
	}
	sql := "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Extent(f.geom) AS b FROM " + s.text() +
		") e WHERE b IS NOT NULL"
	box := make([]float64, 4)
	err = v.Tx.QueryRow(ctx, sql, append([]any{pgx.QueryExecModeCacheDescribe}, s.args...)...).Scan(&box[0], &box[1],
		&box[2], &box[3])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	roundDegrees(box)
	return &geo.BBox{West: box[0], South: box[1], East: box[2], North: box[3]}, store.Translate("measure "+
		q.Collection.ID, err)
}

// join is the extent of both.
func (e Extent) join(other Extent) Extent {
	switch {
	case e.Box == nil:
		return other
	case other.Box == nil:
		return e
	}
	box := geo.BBox{West: min(e.Box.West, other.Box.West), South: min(e.Box.South, other.Box.South),
		East: max(e.Box.East, other.Box.East), North: max(e.Box.North, other.Box.North)}
	joined := Extent{&box, e.From}
	if other.From != nil && (e.From == nil || other.From.Before(*e.From)) {
		joined.From = other.From
	}
	return joined
}

// roundDegrees brings degrees to the grid that shapes are kept on, so that they print as a feature's coordinates do.
func roundDegrees(values []float64) {
	for i, v := range values {
		values[i] = math.Round(v*gridPerDegree) / gridPerDegree
	}
}

// gridPerDegree is 10^Decimals.
const gridPerDegree = 1e9
