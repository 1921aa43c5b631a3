package feed_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"luodi/data/feed"
	"luodi/data/sample"
	"luodi/data/store"
	"luodi/data/store/storetest"
	"luodi/geo"
)

// TestTheFeedPrintsWhatTheDatabaseHolds compares every feature of the sample with PostgreSQL's own JSON of the same
// row.
func TestTheFeedPrintsWhatTheDatabaseHolds(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	ctx := context.Background()
	all := 0
	for _, c := range feed.Collections() {
		seen, thing := 0, strings.ReplaceAll(strings.TrimSuffix(c.ID, "s"), "-", "_") // parks are park_public
		if c.ID == "network-nodes" {
			thing = "network"
		}
		err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
			rows, err := v.Features(ctx, &feed.Query{Collection: c})
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				line, err := rows.Append(nil, false)
				if err != nil {
					return err
				}
				var f struct {
					ID         string
					Geometry   json.RawMessage
					Properties map[string]any
				}
				if err := json.Unmarshal(line, &f); err != nil {
					return fmt.Errorf("%w in %s", err, line)
				}
				var row map[string]any
				var same bool
				shape := "f.geom"
				if c.ID == "networks" {
					shape = "ST_Multi(f.geom)"
				}
				sql := fmt.Sprintf(`SELECT to_jsonb(f) - 'geom', ST_AsGeoJSON(%[2]s, 9, 0)::jsonb = $2::jsonb
					FROM %[1]s_public f WHERE %[1]s_id = $1`, thing, shape)
				if err := db.Owner.QueryRow(ctx, sql, f.ID, f.Geometry).Scan(&row, &same); err != nil {
					return err
				}
				if !same {
					t.Errorf("%s %s: the shape differs from PostGIS's", c.ID, f.ID)
				}
				compare(t, c, f.Properties, row)
				seen++
			}
			return rows.Err()
		})
		live := storetest.Number[int](t, db, `SELECT count(*) FROM `+thing+`_public f WHERE to_jsonb(f)->>'to_seq' IS NULL
			AND ($1 NOT LIKE 'network%' OR (GeometryType(geom) = 'POINT') = ($1 = 'network-nodes'))`, c.ID)
		if err != nil || seen != live {
			t.Errorf("%s: %d features of %d, %v", c.ID, seen, live, err)
		}
		all += seen
	}
	if all < 100 {
		t.Errorf("the sample has only %d features", all)
	}
}

// compare holds properties against the columns of the same name.
func compare(t *testing.T, c *feed.Collection, properties, row map[string]any) {
	t.Helper()
	for name, got := range properties {
		want, ok := row[name]
		if !ok {
			continue // derived: park, mu, since, seq
		}
		if p := c.Property(name); p.Kind == feed.Number {
			if fmt.Sprintf("%.4f", got) != fmt.Sprintf("%.4f", want) {
				t.Errorf("%s.%s: %v, the database holds %v", c.ID, name, got, want)
			}
			continue
		}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		if p := c.Property(name); p.Kind == feed.Instant && want != nil {
			a, b = a[:20], b[:20]
		}
		if string(a) != string(b) {
			t.Errorf("%s.%s: %s, the database holds %s", c.ID, name, a, b)
		}
	}
}

func TestAViewSeesOneMoment(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	ctx := context.Background()
	err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
		if now, err := v.State(ctx); now.N != 0 || err != nil {
			t.Errorf("an empty database is in state %d, %v", now.N, err)
		}
		if err := sample.Load(ctx, db.Planner); err != nil { // committed meanwhile
			return err
		}
		parks, err := v.ParkList(ctx)
		if err != nil || len(parks) != 0 {
			t.Errorf("the view sees %d parks, %v", len(parks), err)
		}
		if n, ok, err := v.Count(ctx, &feed.Query{Collection: feed.Parcels()}); n != 0 || !ok || err != nil {
			t.Errorf("the view counts %d, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = feed.Of(db.Store).View(ctx, func(v *feed.View) error {
		if _, err := v.Park(ctx, "nowhere"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an unknown park: %v", err)
		}
		extent, err := new(feed.Extents).Of(ctx, v, feed.Parcels())
		if err != nil || extent.Box == nil || extent.From == nil ||
			!extent.Box.Intersects(geo.BBox{West: 122, South: 37, East: 123, North: 38}) {
			t.Errorf("extent %+v, %v", extent, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAppendingAFeatureAllocatesNothing(t *testing.T) { // not parallel: allocations are counted
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	ctx := context.Background()
	err := feed.Of(db.Store).View(ctx, func(v *feed.View) error {
		rows, err := v.Features(ctx, &feed.Query{Collection: feed.Parcels(), Park: "carbon-fibre"})
		if err != nil {
			return err
		}
		defer rows.Close()
		if !rows.Next() {
			return errors.New("the sample has no parcel")
		}
		buf := make([]byte, 0, 1<<20)
		if n := testing.AllocsPerRun(100, func() { buf, err = rows.Append(buf[:0], false) }); n != 0 || err != nil {
			t.Errorf("%g allocations a feature, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheFeedsSQLNamesOnlyWhatTheRegistryKnows: a property is found by its name, once, and only texts are compared.
func TestTheFeedsSQLNamesOnlyWhatTheRegistryKnows(t *testing.T) {
	t.Parallel()
	for _, c := range feed.Collections() {
		for i := range c.Properties {
			p := &c.Properties[i]
			if strings.ContainsAny(p.Name, ` "';-`) || p.Filter && p.Kind != feed.Text {
				t.Errorf("%s.%s", c.ID, p.Name)
			}
			if c.Property(p.Name) != p {
				t.Errorf("%s.%s stands twice", c.ID, p.Name)
			}
		}
		if found, err := feed.FindCollection(c.ID); found != c || err != nil {
			t.Errorf("%s is not found: %v", c.ID, err)
		}
	}
}
