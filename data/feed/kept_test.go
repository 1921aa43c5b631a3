package feed_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/data/sample"
	"luodi/data/store"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// keep waits until collections are kept.
func keep(t testing.TB, db *storetest.DB, c *feed.Cache, collections ...*feed.Collection) {
	t.Helper()
	for _, of := range collections {
		for end := time.Now().Add(20 * time.Second); at(t, db, c, of) == nil; {
			if time.Now().After(end) {
				t.Fatalf("%s is not kept: %+v", of.ID, c.Stats())
			}
			time.Sleep(time.Millisecond)
		}
	}
}

// at is what is kept of a collection now.
func at(t testing.TB, db *storetest.DB, c *feed.Cache, of *feed.Collection) *feed.Kept {
	t.Helper()
	now, err := db.Store.Now(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c.At(context.Background(), now, of)
}

// read answers a query by SQL: the features, whether there are more, their count, and the state.
func read(t *testing.T, db *storetest.DB, q *feed.Query) (found []string, more bool, n int, ok bool, state store.State) {
	t.Helper()
	ctx := context.Background()
	err := feed.Of(db.Store).View(ctx, func(v *feed.View) (err error) {
		if state, err = v.State(ctx); err != nil {
			return err
		}
		if n, ok, err = v.Count(ctx, q); err != nil {
			return err
		}
		rows, err := v.Features(ctx, q)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			line, err := rows.Append(nil, false)
			if err != nil {
				return err
			}
			found = append(found, string(line))
		}
		more = rows.More
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, more, n, ok, state
}

// same compares what is kept with what SQL finds, for a query, and returns the page.
func same(t *testing.T, db *storetest.DB, c *feed.Cache, q *feed.Query) *feed.Page {
	t.Helper()
	k := at(t, db, c, q.Collection)
	if k == nil {
		t.Fatalf("%s is not kept", q.Collection.ID)
	}
	page := k.Page(q)
	if page == nil {
		t.Fatalf("%+v is left to the database", q)
	}
	want, more, n, ok, state := read(t, db, q)
	var got []string
	for i := range page.Len() {
		line := string(page.Append(nil, i))
		if i > 0 {
			line = line[2:]
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) || page.More != more {
		t.Fatalf("%+v: %d features, more %v; the database has %d, more %v\n%.300q\n%.300q", q, len(got), page.More,
			len(want), more, got, want)
	}
	if m, counted := k.Count(q); m != n || counted != ok {
		t.Fatalf("%+v: counted %d, %v; the database counts %d, %v", q, m, counted, n, ok)
	}
	if k.State.Stamp() != state.Stamp() {
		t.Fatalf("kept at %s, the database is at %s", k.State.Stamp(), state.Stamp())
	}
	printsAlike(t, db, k, q)
	return page
}

// printsAlike has memory print what holds of the rows that SQL finds, and compares with rows that SQL prints whole.
func printsAlike(t *testing.T, db *storetest.DB, k *feed.Kept, q *feed.Query) {
	t.Helper()
	want, _, _, _, _ := read(t, db, q)
	live := *q
	live.Live = k
	if got, _, _, _, _ := read(t, db, &live); !slices.Equal(got, want) {
		t.Fatalf("%+v: memory and the database print %d and %d features\n%.600q\n%.600q", q, len(got), len(want), got, want)
	}
}

// asker draws queries of the live state.
type asker struct{ *rand.Rand }

func (a asker) query(c *feed.Collection, parks []string, around geo.BBox) *feed.Query {
	q := &feed.Query{Collection: c, Limit: []int{0, 1, 7, 50}[a.IntN(4)]}
	if c.Timed() && a.IntN(3) == 0 {
		q.Park = parks[a.IntN(len(parks))]
	}
	if a.IntN(3) > 0 {
		size := []float64{1e-4, 3e-3, 3e-2}[a.IntN(3)]
		west := around.West + a.Float64()*(around.East-around.West)
		south := around.South + a.Float64()*(around.North-around.South)
		q.Box = &geo.BBox{West: west, South: south, East: west + size, North: south + size}
	}
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Filter && p.Values != nil && a.IntN(6) == 0 {
			q.Equal = append(q.Equal, feed.Equal{Property: p, Value: p.Values[a.IntN(len(p.Values))]})
		}
	}
	return q
}

// TestWhatIsKeptIsWhatTheDatabaseFinds walks random queries of the sample, page by page, from memory and by SQL.
func TestWhatIsKeptIsWhatTheDatabaseFinds(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Collections()...)
	around := geo.BBox{West: storetest.Number[float64](t, db, "SELECT min(ST_XMin(geom)) FROM park"),
		South: storetest.Number[float64](t, db, "SELECT min(ST_YMin(geom)) FROM park"),
		East:  storetest.Number[float64](t, db, "SELECT max(ST_XMax(geom)) FROM park"),
		North: storetest.Number[float64](t, db, "SELECT max(ST_YMax(geom)) FROM park")}
	park := storetest.Number[string](t, db, "SELECT min(code) FROM park")
	a := asker{rand.New(rand.NewPCG(12, 12))}
	for range 300 {
		q := a.query(feed.Collections()[a.IntN(len(feed.Collections()))], []string{park}, around)
		for page := same(t, db, c, q); page.More && q.Limit > 1; page = same(t, db, c, q) {
			after := page.Position()
			q.After = &after
		}
	}
}

// TestBoxesTouchInMemoryAsInTheDatabase asks for boxes whose sides are those of parcels, to the last bit.
func TestBoxesTouchInMemoryAsInTheDatabase(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Parcels())
	rows, err := db.Public.Query(context.Background(), `SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom),
		ST_YMax(geom) FROM parcel_public WHERE to_seq IS NULL LIMIT 60`)
	if err != nil {
		t.Fatal(err)
	}
	boxes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[geo.BBox])
	if err != nil || len(boxes) == 0 {
		t.Fatal(err)
	}
	for _, b := range boxes {
		for _, touching := range []geo.BBox{b, {West: b.East, South: b.South, East: b.East + 1e-4, North: b.North},
			{West: b.West - 1e-4, South: b.South, East: b.West, North: b.North},
			{West: b.West, South: b.North, East: b.East, North: b.North + 1e-4}} {
			same(t, db, c, &feed.Query{Collection: feed.Parcels(), Box: &touching})
		}
	}
}

// TestWhatIsKeptFollowsEveryChange changes land in many ways and compares after each.
func TestWhatIsKeptFollowsEveryChange(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	first := storetest.Park(t, db, "first")
	storetest.Parcels(t, db, first, storetest.Square{Code: "A", Side: 0.001}, storetest.Square{Code: "B", X: 0.2,
		Side: 0.001}, storetest.Square{Code: "C", X: 0.4, Side: 0.001, Internal: true})
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Collections()...)
	var before *feed.Kept
	var moments []time.Time
	compare := func(what string, parcels int) {
		t.Helper()
		moments = append(moments, storetest.Number[time.Time](t, db, "SELECT clock_timestamp()"))
		for i := range moments {
			past := &feed.Query{Collection: feed.Parcels(), When: feed.When{From: &moments[i], Instant: true}}
			printsAlike(t, db, at(t, db, c, feed.Parcels()), past)
			if past.Park = "first"; before != nil {
				printsAlike(t, db, before, past) // of another state: the database prints all
			}
		}
		before = at(t, db, c, feed.Parcels())
		for _, of := range feed.Collections() {
			page := same(t, db, c, &feed.Query{Collection: of})
			if of == feed.Parcels() && page.Len() != parcels {
				t.Errorf("%s: %d parcels, want %d", what, page.Len(), parcels)
			}
		}
		k := at(t, db, c, feed.Parcels())
		for _, code := range []string{"first", "second", "third"} {
			var want *store.ParkState
			err := feed.Of(db.Store).View(context.Background(), func(v *feed.View) (err error) {
				want, err = v.Park(context.Background(), code)
				return err
			})
			got := k.Park(code)
			if (err == nil) != (got != nil) || got != nil && got.Stamp() != want.Stamp() {
				t.Errorf("%s: park %s is kept as %v, the database has %v", what, code, got, want)
			}
		}
	}
	compare("at first", 2)
	second := storetest.Park(t, db, "second")
	compare("a new park", 2)
	ids := storetest.Parcels(t, db, second, storetest.Square{Code: "D", Side: 0.001})
	compare("new land", 3)
	project := storetest.Project(t, db, second, "Named", true)
	storetest.Allot(t, db, second, project, "hold", ids[0])
	compare("a right", 3)
	publish(t, db, first, "B", "internal")
	compare("a withdrawn publication", 2)
	publish(t, db, first, "C", "public")
	compare("a publication", 3)
	storetest.Alter(t, db, `UPDATE park SET name_zh = '别名' WHERE code = 'first'`)
	compare("a park's own row", 3)
	storetest.Alter(t, db, `UPDATE party SET name_zh = '别名', named = false`)
	compare("a party", 3)
	storetest.Park(t, db, "third")
	publish(t, db, first, "A", "internal")
	publish(t, db, first, "A", "public")
	compare("more at once", 3)
	storetest.Alter(t, db, `UPDATE park SET code = 'fourth' WHERE code = 'third'`)
	if k := at(t, db, c, feed.Parcels()); k != nil {
		t.Error("features that print an old code are kept")
	}
	keep(t, db, c, feed.Collections()...)
	compare("another code", 3)
}

// publish gives a parcel another publication by a record, as the planner does.
func publish(t *testing.T, db *storetest.DB, park uuid.UUID, code, publication string) {
	t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, db.Planner, func(tx pgx.Tx) error {
		var seq int64
		if err := tx.QueryRow(ctx, `SELECT seq FROM begin_record($1, gen_random_uuid(), 'publish', 'test', 'test')`,
			park).Scan(&seq); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE parcel_version SET to_seq = $3 WHERE (park_id, code) = ($1, $2)
			AND to_seq IS NULL`, park, code, seq); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status,
			  legal_m2, publication, geom)
			SELECT park_id, parcel_id, $3, $3, code, bank_status, legal_m2, $4, geom FROM parcel_version
			 WHERE (park_id, code, to_seq) = ($1, $2, $3)`, park, code, seq, publication)
		return err
	})
	if err != nil {
		t.Fatalf("publish %s: %v", code, err)
	}
}

// TestACollectionWithoutRoomIsLeftToTheDatabase keeps what fits.
func TestACollectionWithoutRoomIsLeftToTheDatabase(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	park := storetest.Park(t, db, "full")
	var squares []storetest.Square
	for i := range 200 {
		squares = append(squares, storetest.Square{Code: fmt.Sprintf("P%d", i), X: float64(i%20) * 0.05,
			Y: float64(i/20) * 0.05, Side: 0.0004})
	}
	storetest.Parcels(t, db, park, squares...)
	c := feed.NewCache(db.Store, 100<<10)
	for c.Stats().Refusals == 0 {
		if at(t, db, c, feed.Parcels()) != nil {
			t.Fatalf("more is kept than there is room for: %+v", c.Stats())
		}
		time.Sleep(time.Millisecond)
	}
	keep(t, db, c, feed.Collections()[0])
	if got := c.Stats(); got.Bytes > got.Most {
		t.Errorf("%+v", got)
	}
}

// TestADatabaseThatWentBackIsReadAnew takes the newest change away, as a restored backup does, and makes another of the
// same number.
func TestADatabaseThatWentBackIsReadAnew(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	park := storetest.Park(t, db, "back")
	storetest.Parcels(t, db, park, storetest.Square{Code: "A", Side: 0.001})
	c := feed.NewCache(db.Store, 0)
	keep(t, db, c, feed.Parcels())
	was := at(t, db, c, feed.Parcels()).State
	for _, sql := range []string{
		`UPDATE parcel_public SET code = 'Z'`, // what the restored database has
		`DELETE FROM state_change WHERE n = (SELECT max(n) FROM state_change)`,
	} {
		storetest.Alter(t, db, sql)
	}
	keep(t, db, c, feed.Parcels())
	same(t, db, c, &feed.Query{Collection: feed.Parcels()})
	storetest.Alter(t, db, `INSERT INTO state_change (park_id, n, at) SELECT $1, $2, $3`, park, was.N, time.Now())
	keep(t, db, c, feed.Parcels())
	for _, sql := range []string{`UPDATE parcel_public SET code = 'Y'`, // another change of the same number
		`UPDATE state_change SET at = at + interval '1 second' WHERE n = (SELECT max(n) FROM state_change)`} {
		storetest.Alter(t, db, sql)
	}
	keep(t, db, c, feed.Parcels())
	same(t, db, c, &feed.Query{Collection: feed.Parcels()})
}
