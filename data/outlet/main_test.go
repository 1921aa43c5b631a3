package outlet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/data/sample"
	"luodi/data/store/storetest"
	"luodi/geo"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// words are texts in both languages that no other field has.
var words = outlet.Vocabulary{
	Layer: func(c *feed.Collection) outlet.Text { return outlet.Text{ZH: "图层" + c.ID, EN: "layer " + c.ID} },
	Field: func(p *feed.Property) outlet.Text { return outlet.Text{ZH: "字段" + p.Name, EN: "field " + p.Name} },
	Value: func(_ *feed.Property, value string) outlet.Text {
		return outlet.Text{ZH: "值" + value, EN: "is " + value}
	},
	Say: func(key string) outlet.Text { return outlet.Text{ZH: "说" + key, EN: "say " + key} },
	Tiles: func(c *feed.Collection, english bool) []outlet.VectorLayer {
		return []outlet.VectorLayer{{ID: c.ID, About: "tiles of " + c.ID, Fields: map[string]string{"id": "the id"}}}
	},
}

const park = "carbon-fibre"

func withSample(t testing.TB) feed.Feed {
	t.Helper()
	return feed.Of(storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load)).Store)
}

var layerIDs = []string{"parcels", "zones", "plan-units", "networks", "network-nodes"}

// job is one of the sample's park, as planners see it.
func job(t testing.TB, format string, crs geo.CRS, layers ...string) *outlet.Job {
	t.Helper()
	f, err := outlet.ParseFormat(format)
	if err != nil {
		t.Fatal(err)
	}
	j := &outlet.Job{Format: f, CRS: crs, Words: words, At: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC), By: "测试局",
		Title: "碳纤维产业园", Temp: t.TempDir(), Zooms: outlet.Zooms{Least: 8, Most: 16}}
	for _, id := range layers {
		c, err := feed.FindMemberCollection(id)
		if err != nil {
			t.Fatal(err)
		}
		j.Queries = append(j.Queries, &feed.Query{Collection: c, Park: park, Member: &feed.Member{Every: true}})
	}
	return j
}

// write carries a job out.
func write(t testing.TB, f feed.Feed, j *outlet.Job) []byte {
	t.Helper()
	var out bytes.Buffer
	err := f.Desk(context.Background(), func(v *feed.View) error {
		_, err := j.Write(context.Background(), v, &out)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", j.Format.Name, err)
	}
	left, err := os.ReadDir(j.Temp)
	if err != nil || len(left) > 0 {
		t.Errorf("%s left %v behind, %v", j.Format.Name, left, err)
	}
	return out.Bytes()
}

// written carries a job out into a file.
func written(t testing.TB, f feed.Feed, j *outlet.Job) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out"+j.Format.Ending)
	if err := os.WriteFile(path, write(t, f, j), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// feature is one as GeoJSON has it.
type feature struct {
	ID         string
	Geometry   json.RawMessage
	Properties map[string]any
}

// told are the features of a layer by id, as feeds print them, x before y.
func told(t testing.TB, f feed.Feed, layer string, crs geo.CRS) map[string]feature {
	t.Helper()
	q := job(t, "geojson", crs, layer).Queries[0]
	q.CRS = geo.CRS{Code: crs.Code, LonFirst: true}
	all := map[string]feature{}
	err := f.Desk(context.Background(), func(v *feed.View) error {
		rows, err := v.Features(context.Background(), q)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			text, err := rows.Append(nil, false)
			if err != nil {
				return err
			}
			var one feature
			if err := json.Unmarshal(text, &one); err != nil {
				return err
			}
			all[one.ID] = one
		}
		return rows.Err()
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %d features, %v", layer, len(all), err)
	}
	return all
}
