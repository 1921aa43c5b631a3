package feed_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/geo/tile"
)

// office is three parks with land that members read otherwise than the public, and what is kept of them.
type office struct {
	*storetest.DB
	t       *testing.T
	cache   *feed.Cache
	random  *rand.Rand
	parcels *feed.Collection // as members read them
	parks   []uuid.UUID
	codes   []string
	zones   []uuid.UUID // one of each park
	rights  []uuid.UUID // live ones
	of      map[uuid.UUID]uuid.UUID
	project []uuid.UUID
	middle  orb.Point
	made    int
}

func newOffice(t *testing.T) *office {
	t.Helper()
	db := storetest.New(t)
	parcels, err := feed.FindMemberCollection("parcels")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{DB: db, t: t, cache: feed.NewCache(db.Store, 0), random: rand.New(rand.NewPCG(44, 1)), parcels: parcels,
		codes: []string{"first", "second", "third"}, of: map[uuid.UUID]uuid.UUID{}}
	for _, code := range o.codes {
		park, zone := storetest.Park(t, db, code), uuid.New()
		o.parks, o.zones = append(o.parks, park), append(o.zones, zone)
		o.project = append(o.project, storetest.Project(t, db, park, "某项目", true))
		o.record(park, "create", `INSERT INTO zone (park_id, zone_id, code) SELECT $1, $3, 'Z' WHERE $2 > 0`, zone)
		o.record(park, "create", `INSERT INTO zone_version (park_id, zone_id, from_seq, name_zh, name_en, function,
			publication, geom) SELECT $1, $3, $2, 'z', 'z', 'mixed', 'public', geom FROM park WHERE park_id = $1`, zone)
		for range 12 {
			o.parcel(len(o.parks) - 1)
		}
	}
	o.middle = orb.Point{storetest.Number[float64](t, db, "SELECT avg(ST_X(ST_Centroid(geom))) FROM park"),
		storetest.Number[float64](t, db, "SELECT avg(ST_Y(ST_Centroid(geom))) FROM park")}
	return o
}

// record carries out a statement over a park $1 and the number of its change $2.
func (o *office) record(park uuid.UUID, kind, sql string, args ...any) {
	o.t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, o.Planner, func(tx pgx.Tx) error {
		var seq int64
		if err := tx.QueryRow(ctx, `SELECT seq FROM begin_record($1, gen_random_uuid(), $2, 'test', 'test')`, park,
			kind).Scan(&seq); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sql, append([]any{park, seq}, args...)...)
		return err
	})
	if err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

// parcel makes a parcel somewhere, of any publication.
func (o *office) parcel(park int) {
	o.made++
	storetest.Parcels(o.t, o.DB, o.parks[park], storetest.Square{Code: fmt.Sprintf("P%03d", o.made),
		X: float64(o.made%30) * 0.03, Y: float64(o.made/30) * 0.06, Side: 0.00011 + float64(o.made%3)*0.00005,
		Internal: o.random.IntN(4) == 0, Bank: []string{"available", "reserve", "withdrawn"}[o.random.IntN(3)]})
}

// again begins a random parcel of a park anew that is no reserve, with another value of a column.
func (o *office) again(park int, column, value string) {
	o.t.Helper()
	id := storetest.Number[uuid.UUID](o.t, o.DB, `SELECT parcel_id FROM parcel_version v WHERE park_id = $1 AND to_seq IS NULL
		AND bank_status <> 'reserve' AND ($3 <> 'bank_status' OR NOT EXISTS (SELECT FROM allotment_parcel l
		WHERE l.parcel_id = v.parcel_id AND l.to_seq IS NULL)) ORDER BY md5(parcel_id::text || $2) LIMIT 1`, o.parks[park], fmt.Sprint(o.random.Int()), column)
	columns := []string{"bank_status", "publication", "zone_id", "land_use"}
	values := slices.Clone(columns)
	values[slices.Index(columns, column)] = value
	o.record(o.parks[park], "edit", fmt.Sprintf(`WITH ended AS (UPDATE parcel_version SET to_seq = $2 WHERE park_id = $1
		  AND parcel_id = '%[1]s' AND to_seq IS NULL RETURNING *)
		INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, legal_m2, geom, bank_status, publication,
		  zone_id, land_use) SELECT park_id, parcel_id, $2, $2, code, legal_m2, geom, %[2]s, %[3]s, %[4]s, %[5]s
		FROM ended`, id, values[0], values[1], values[2], values[3]))
}

// change does something to a park that changes what is read of parcels.
func (o *office) change(park int) {
	o.t.Helper()
	id := o.parks[park]
	either := func(a, b string) string { return []string{a, b}[o.random.IntN(2)] }
	switch o.random.IntN(9) {
	case 0:
		o.parcel(park)
	case 1:
		o.again(park, "publication", "'"+either("public", "internal")+"'")
	case 2:
		o.again(park, "bank_status", "'"+either("withdrawn", "available")+"'")
	case 3:
		o.again(park, "zone_id", either("NULL::uuid", fmt.Sprintf("'%s'::uuid", o.zones[park])))
	case 4, 5:
		var free uuid.UUID
		err := o.Owner.QueryRow(context.Background(), `SELECT v.parcel_id FROM parcel_version v WHERE v.park_id = $1
			AND v.to_seq IS NULL AND v.bank_status = 'available' AND NOT EXISTS (SELECT FROM allotment_parcel l
			WHERE l.parcel_id = v.parcel_id AND l.to_seq IS NULL) ORDER BY v.code DESC LIMIT 1`, id).Scan(&free)
		if err == nil {
			right := storetest.Allot(o.t, o.DB, id, o.project[park], []string{"hold", "reserved", "hold"}[o.random.IntN(3)],
				free)
			o.rights, o.of[right] = append(o.rights, right), id
		}
	case 6:
		if len(o.rights) > 0 {
			right := o.rights[0]
			o.rights = o.rights[1:]
			o.record(o.of[right], "edit", `WITH a AS (UPDATE allotment_parcel SET to_seq = $2 WHERE park_id = $1
				AND allotment_id = $3 AND to_seq IS NULL) UPDATE allotment_version SET to_seq = $2 WHERE park_id = $1
				AND allotment_id = $3 AND to_seq IS NULL`, right)
		}
	case 7:
		o.record(id, "edit", `WITH ended AS (UPDATE zone_version SET to_seq = $2 WHERE park_id = $1 AND zone_id = $3
			AND to_seq IS NULL RETURNING *) INSERT INTO zone_version (park_id, zone_id, from_seq, prev_to_seq, name_zh, name_en,
			function, publication, geom) SELECT park_id, zone_id, $2, $2, name_zh, name_en, function,
			CASE publication WHEN 'public' THEN 'internal' ELSE 'public' END, geom FROM ended`, o.zones[park])
	case 8:
		column, value := "hold_shown", either("nothing", "in_negotiation")
		if o.random.IntN(2) == 0 {
			column, value = "corners_told", either("exact", "rounded")
		}
		o.record(id, "settings", fmt.Sprintf(`UPDATE park SET %s = '%s' WHERE park_id = $1 AND $2 > 0`, column, value))
	}
}

// both is what is kept now.
func (o *office) both() *feed.Both {
	o.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		now, err := o.Store.Now(context.Background())
		if err != nil {
			o.t.Fatal(err)
		}
		if b := o.cache.Both(context.Background(), now, o.parcels); b != nil {
			return b
		}
		if time.Now().After(end) {
			o.t.Fatalf("what members read is not kept: %+v", o.cache.Stats())
		}
	}
}

// members are those who read in all parks, in some, and in none.
func (o *office) members() []*feed.Member {
	return []*feed.Member{{Every: true}, {Parks: o.parks[:1]}, {Parks: o.parks[1:]}, {}}
}

// query asks for what memory may find.
func (o *office) query(m *feed.Member) *feed.Query {
	q := &feed.Query{Collection: o.parcels, Member: m}
	if o.random.IntN(3) > 0 {
		q.Park = o.codes[o.random.IntN(3)]
	}
	filters := []string{"status = 'available'", "status IN ('held','in_negotiation','reserved')", "zone IS NULL",
		"legal_m2 > 150 AND NOT status = 'withdrawn'", "bank_status <> 'reserve'", "zone = 'Z' OR land_use = '1001'"}
	if o.random.IntN(3) == 0 {
		q.Filter = parsed(o.t, o.parcels, filters[o.random.IntN(len(filters))], geo.CRS84)
	}
	equal := [][2]string{{"status", "held"}, {"status", "reserve"}, {"zone", "Z"}, {"bank_status", "withdrawn"}}
	if o.random.IntN(4) == 0 {
		e := equal[o.random.IntN(len(equal))]
		q.Equal = append(q.Equal, feed.Equal{Property: o.parcels.Property(e[0]), Value: e[1]})
	}
	return q
}

// drawn draws a tile by memory and by SQL.
func (o *office) drawn(q *feed.Query, at tile.Address) (memory, sql []byte) {
	o.t.Helper()
	box := at.Degrees()
	q.Box = &geo.BBox{West: box.Min[0], South: box.Min[1], East: box.Max[0], North: box.Max[1]}
	draw := o.both().Draw(q)
	if draw == nil {
		o.t.Fatalf("%+v is left to the database", q)
	}
	memory = drawnTile(o.t, o.parcels, at, draw)
	if err := feed.Of(o.Store).Desk(context.Background(), func(v *feed.View) (err error) {
		draw, err = v.Draw(context.Background(), q)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return memory, drawnTile(o.t, o.parcels, at, draw)
}

// TestMembersTilesAreTheSameFromMemoryAndFromTheDatabase changes land in every way that members and the public read
// otherwise, and draws tiles for members of all parks, of some and of none.
func TestMembersTilesAreTheSameFromMemoryAndFromTheDatabase(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	shown := 0
	for range 40 {
		for _, m := range o.members() {
			for range 3 {
				q := o.query(m)
				at := near(o.middle, []int{8, 11, 13, 14}[o.random.IntN(4)])
				at.Row, at.Col = at.Row+o.random.IntN(2), at.Col-o.random.IntN(2)
				memory, sql := o.drawn(q, at)
				if !slices.Equal(memory, sql) {
					t.Fatalf("%+v for %+v at %+v: %d bytes from memory, %d by SQL", q, m, at, len(memory), len(sql))
				}
				if len(sql) > 0 {
					shown++
				}
			}
		}
		for range 1 + o.random.IntN(3) {
			o.change(o.random.IntN(3))
		}
	}
	if shown < 100 {
		t.Errorf("%d tiles show something: too few to compare", shown)
	}
	o.broughtUp()
}

// broughtUp holds that what members read otherwise was never read anew: each change was a small one.
func (o *office) broughtUp() {
	o.t.Helper()
	if n := o.cache.Stats().Drops; n != 0 {
		o.t.Errorf("what members read otherwise could not be brought up %d times", n)
	}
}

// TestWhatMembersReadIsReadAnewAfterALargeChange makes more parcels in one record than are brought up one by one.
func TestWhatMembersReadIsReadAnewAfterALargeChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.both()
	before := o.cache.Stats().Apart
	const many = 10_001
	o.record(o.parks[0], "import", `WITH made AS (INSERT INTO parcel SELECT $1, gen_random_uuid()
		  FROM generate_series(1, $3) RETURNING parcel_id), n AS (SELECT parcel_id, row_number() OVER () AS i FROM made)
		INSERT INTO parcel_version (park_id, parcel_id, from_seq, code, bank_status, legal_m2, publication, services_told,
		  geom) SELECT $1, parcel_id, $2, 'L' || i, 'available', 25, 'internal', 'figure', ST_MakeEnvelope(x, y, x + 0.00005,
		  y + 0.00005, 4490) FROM (SELECT n.*, ST_XMin(geom) + i % 100 * 0.00006 AS x,
		  ST_YMin(geom) + 0.003 + i / 100 * 0.00006 AS y FROM n, park WHERE park_id = $1) p`, many)
	o.both()
	if s := o.cache.Stats(); s.Apart != before+many || s.Drops != 1 {
		t.Errorf("%d parcels are read otherwise, dropped %d times; want %d, dropped once", s.Apart, s.Drops, before+many)
	}
}

// desk reads a page as planners do: its lines, whether there are more, and where it ends.
func (o *office) desk(q *feed.Query) (lines []string, more bool, n int, ok bool, last feed.Position) {
	o.t.Helper()
	ctx := context.Background()
	if err := feed.Of(o.Store).Desk(ctx, func(v *feed.View) (err error) {
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
			lines, last = append(lines, string(line)), rows.Position()
		}
		more = rows.More
		return rows.Err()
	}); err != nil {
		o.t.Fatal(err)
	}
	return lines, more, n, ok, last
}

// own finds a page in the parcels' own rows.
func (o *office) own(q *feed.Query) (found *feed.Found, matched int) {
	o.t.Helper()
	if err := feed.Of(o.Store).Desk(context.Background(), func(v *feed.View) (err error) {
		found, matched, err = v.FindOwn(context.Background(), q, true)
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
	return found, matched
}

// TestMembersListsAreTheSameFromMemoryAndFromTheDatabase walks lists in random orders, page by page, as memory finds them
// and as they are found in the parcels' own rows: features, counts, positions and ends are the same.
func TestMembersListsAreTheSameFromMemoryAndFromTheDatabase(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	followed, owned := 0, 0
	for range 25 {
		for _, m := range o.members() {
			q := o.query(m)
			q.Limit = 1 + o.random.IntN(20)
			for _, name := range []string{"status", "legal_m2", "code", "zone"} {
				if o.random.IntN(3) == 0 {
					q.Sort = append(q.Sort, feed.SortKey{Property: o.parcels.Property(name), Descending: o.random.IntN(2) == 0})
				}
			}
			if o.random.IntN(4) == 0 {
				q.Skip = o.random.IntN(10)
			}
			for more := true; more; {
				b := o.both()
				found, matched, err := b.Find(context.Background(), q)
				if err != nil || found == nil {
					t.Fatalf("%+v is left to the database: %v", q, err)
				}
				want, wantMore, n, _, last := o.desk(q)
				if q.After != nil {
					n, followed = -1, followed+1
				}
				pages := map[*feed.Found]int{found: matched}
				if own, ownMatched := o.own(q); own != nil {
					pages[own], owned = ownMatched, owned+1
				}
				for found, matched := range pages {
					printed := *q
					printed.Found = found
					got, gotMore, _, _, gotLast := o.desk(&printed)
					if !slices.Equal(got, want) || gotMore != wantMore || matched != n || !reflect.DeepEqual(gotLast, last) {
						t.Fatalf("%+v for %+v: %d of %d, more %v, to %v; want %d of %d, more %v, to %v", q, m, len(got), matched,
							gotMore, gotLast, len(want), n, wantMore, last)
					}
				}
				more = wantMore
				q.After, q.Skip = &last, 0
			}
		}
		o.change(o.random.IntN(3))
	}
	o.broughtUp()
	if followed < 50 || owned < 20 {
		t.Errorf("%d pages follow another, %d are found in the parcels' own rows: too few to compare", followed, owned)
	}
}
