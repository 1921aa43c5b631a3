package feed

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed/cache"
	"luodi/data/store"
)

// errNoRoom ends the loading of a collection that is larger than the memory left for it.
var errNoRoom = errors.New("no room in memory")

// want begins to load a collection in the background, unless that is under way or it found no room a while ago. The
// loading ends with the context.
func (c *Cache) want(ctx context.Context, of *Collection, now store.State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rooms[of]
	if r == nil {
		r = &room{}
		c.rooms[of] = r
	}
	if r.loading || time.Now().Before(r.not) {
		return
	}
	r.loading = true
	go c.load(ctx, of, r, now.Era)
}

// LoadAhead begins to load the parcels before anybody asks for them. It ends with the context.
func (c *Cache) LoadAhead(ctx context.Context) error {
	now, err := c.store.Now(ctx)
	if err == nil && c.most > 0 {
		c.want(ctx, parcels, now)
	}
	return err
}

// load reads a collection whole, in one snapshot, and has it brought up together with the others.
func (c *Cache) load(lasts context.Context, of *Collection, r *room, era uint64) {
	ctx, cancel := context.WithTimeout(lasts, loadMost)
	defer cancel()
	s := &shelf{Set: cache.New(len(layouts[of].filters)), collection: of}
	view := Of(c.store).View
	if of.desk {
		view = Of(c.store).Desk
	}
	err := view(ctx, func(v *View) (err error) {
		if s.state, err = v.State(ctx); err != nil {
			return err
		}
		s.state.Era, s.trail = era, cache.NewTrail(s.state.N)
		bytewise, err := v.bytewise(ctx)
		if err != nil {
			return err
		}
		c.bytewise.Store(bytewise)
		return v.shelve(ctx, s, c.room)
	})
	if err == nil {
		s.Build()
		if !of.desk {
			c.loads.Add(1)
		}
		err = c.place(ctx, s)
	}
	if k := c.now.Load(); err == nil && c.both && k != nil && of == parcels && k.collections[parcels] != nil {
		c.want(lasts, apart, store.State{Era: era})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if errors.Is(err, errNoRoom) {
		c.refusals.Add(1)
		r.not = time.Now().Add(tryAgain)
	}
	r.loading = false
}

// place has a set brought up with the others. A bringing up that is under way may not have seen it.
func (c *Cache) place(ctx context.Context, s *shelf) error {
	c.mu.Lock()
	c.arrived = append(c.arrived, s)
	c.mu.Unlock()
	for {
		if _, err := c.join(ctx); err != nil {
			return err
		}
		c.mu.Lock()
		taken := !slices.Contains(c.arrived, s)
		c.mu.Unlock()
		if taken {
			return nil
		}
	}
}

// room is nil while a set that is being loaded has room beside what is kept.
func (c *Cache) room(s *shelf) error {
	if c.bytes.Load()+s.Memory() > c.most {
		return errNoRoom
	}
	return nil
}

// looks is how many features are loaded between two looks at the memory they take.
const looks = 1024

// shelve adds every live feature of a collection.
func (v *View) shelve(ctx context.Context, s *shelf, room func(*shelf) error) error {
	from := fmt.Sprintf("%s f JOIN park_public k ON k.park_id = f.park_id", s.collection.table)
	if s.collection.versioned {
		from += " WHERE f.to_seq IS NULL"
	}
	n := 0
	return v.eachKept(ctx, s.collection, from, nil, func(f cache.Feature) error {
		if n++; n%looks == 0 {
			if err := room(s); err != nil {
				return err
			}
		}
		return s.Add(f)
	})
}

// eachKept hands on the features of a FROM clause with the collection's rows f and their parks k, as they are kept.
// What it hands on is valid during the call.
func (v *View) eachKept(ctx context.Context, of *Collection, from string, args []any,
	do func(cache.Feature) error) error {
	l := layouts[of]
	sql := fmt.Sprintf("SELECT %s, k.code FROM %s", l.columns, from)
	args = append([]any{pgx.QueryResultFormats{pgx.BinaryFormatCode}}, args...)
	rows, err := v.Tx.Query(ctx, sql, args...)
	if err != nil {
		return store.Translate("read "+of.ID, err)
	}
	defer rows.Close()
	f := cache.Feature{Values: make([]cache.Value, len(l.filters))}
	row := &line{}
	for rows.Next() {
		raw := rows.RawValues()
		row.raw = raw
		copy(f.ID[:], raw[columnID])
		copy(f.Park[:], raw[columnPark])
		f.Shape = raw[columnShape]
		if of.desk {
			f.GeoJSON = l.appendProperties(f.GeoJSON[:0], row)
		} else if f.GeoJSON, err = l.append(f.GeoJSON[:0], row, plainForm); err != nil {
			return err
		} else {
			f.GeoJSON = append(f.GeoJSON, '}')
		}
		f.Tags = l.appendTags(f.Tags[:0], row)
		if l.since > 0 {
			f.Since = int64(binary.BigEndian.Uint64(raw[l.since]))
		}
		for i, p := range l.filters {
			value := raw[p.column]
			f.Values[i] = cache.Value{Text: string(value), Null: value == nil}
		}
		if err = do(f); err != nil {
			return err
		}
	}
	return store.Translate("read "+of.ID, rows.Err())
}

// filterColumn is a property that features are filtered by, and the column it is read from.
type filterColumn struct {
	property *Property
	column   int
}

// filterOf is the place of a property among those that are kept for filtering; below 0 where it is not.
func (l *layout) filterOf(p *Property) int {
	return slices.IndexFunc(l.filters, func(f filterColumn) bool { return f.property == p })
}

// changes are the records of parks that led from one state to another.
type changes struct {
	parks  []uuid.UUID // with seqs: a record each
	seqs   []int64
	itself []uuid.UUID // parks whose own row changed
}

const sqlChanges = `SELECT park_id, seq FROM state_change WHERE n > $1 AND n <= $2`

func (v *View) changes(ctx context.Context, since, until int64) (c changes, err error) {
	rows, err := v.Tx.Query(ctx, sqlChanges, since, until)
	if err != nil {
		return c, store.Translate("read what changed", err)
	}
	var park uuid.UUID
	var seq *int64
	_, err = pgx.ForEachRow(rows, []any{&park, &seq}, func() error {
		if seq == nil {
			c.itself = append(c.itself, park)
		} else {
			c.parks, c.seqs = append(c.parks, park), append(c.seqs, *seq)
		}
		return nil
	})
	return c, store.Translate("read what changed", err)
}

// of lists the parks that changed in any way.
func (c changes) of() []uuid.UUID { return slices.Concat(c.parks, c.itself) }

// Rows that a record began or ended, by the indexes of both ends. OFFSET 0 keeps the planner from joining otherwise
// where statistics say that there are few rows.
const (
	fromBegun = `unnest($1::uuid[], $2::bigint[]) c (park_id, seq) CROSS JOIN LATERAL (SELECT * FROM %s x
	WHERE x.from_seq = c.seq AND x.park_id = c.park_id AND x.to_seq IS NULL OFFSET 0) f
	JOIN park_public k ON k.park_id = f.park_id`
	sqlEnded = `SELECT f.park_id, f.%[2]s FROM unnest($1::uuid[], $2::bigint[]) c (park_id, seq)
	CROSS JOIN LATERAL (SELECT x.park_id, x.%[2]s FROM %[1]s x WHERE x.to_seq = c.seq AND x.park_id = c.park_id
	  OFFSET 0) f`
	fromParks = `park_public f JOIN park_public k ON k.park_id = f.park_id WHERE f.park_id = ANY ($1)`
)

// reshelve brings a set up by what changed.
func (v *View) reshelve(ctx context.Context, s *shelf, c changes) error {
	of := s.collection
	if !of.versioned {
		if len(c.itself) == 0 {
			return nil
		}
		return v.eachKept(ctx, of, fromParks, []any{c.itself}, s.Put)
	}
	if len(c.parks) == 0 {
		return nil
	}
	put := map[cache.Key]bool{}
	err := v.eachKept(ctx, of, fmt.Sprintf(fromBegun, of.table), []any{c.parks, c.seqs}, func(f cache.Feature) error {
		put[cache.Key{Park: f.Park, ID: f.ID}] = true
		return s.Put(f)
	})
	if err != nil {
		return err
	}
	rows, err := v.Tx.Query(ctx, fmt.Sprintf(sqlEnded, of.table, of.key), c.parks, c.seqs)
	if err != nil {
		return store.Translate("read "+of.ID, err)
	}
	var ended cache.Key
	_, err = pgx.ForEachRow(rows, []any{&ended.Park, &ended.ID}, func() error {
		if !put[ended] {
			s.Remove(ended.Park, ended.ID)
		}
		return nil
	})
	return store.Translate("read "+of.ID, err)
}

// bytewise reports whether the database orders texts by their bytes.
func (v *View) bytewise(ctx context.Context) (is bool, err error) {
	err = v.Tx.QueryRow(ctx, `SELECT datlocprovider = 'c' AND datcollate IN ('C', 'POSIX') FROM pg_database
		WHERE datname = current_database()`).Scan(&is)
	return is, store.Translate("read how texts are ordered", err)
}
