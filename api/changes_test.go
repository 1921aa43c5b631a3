package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// copied is a copy of what a reader finds in a layer of a park: its features by id, as they were printed.
type copied struct {
	who      *colleague
	query    string
	features map[string]string
	seq      string
}

var changeOf = regexp.MustCompile(`,?"change":"(insert|update|delete)"`)

// featureLines are the features of a file, a line each.
func featureLines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, ",\n"); strings.HasPrefix(line, `{"type":"Feature",`) {
			all = append(all, line)
		}
	}
	return all
}

func (c *copied) idOf(line string) string {
	var one struct{ ID string }
	if err := json.Unmarshal([]byte(line), &one); err != nil {
		c.who.t.Fatal(err)
	}
	return one.ID
}

// follow brings the copy up to the newest state; it gives how many changes of each kind it applied.
func (c *copied) follow() map[string]int {
	c.who.t.Helper()
	got := c.who.want(http.StatusOK, "GET", export+"geojson"+c.query+"&since="+c.seq, nil)
	applied := map[string]int{}
	for _, line := range featureLines(got.text) {
		kind, id := changeOf.FindStringSubmatch(line), c.idOf(line)
		if kind == nil {
			c.who.t.Fatalf("no kind of change: %s", line)
		}
		applied[kind[1]]++
		if _, known := c.features[id]; known == (kind[1] == "insert") {
			c.who.t.Errorf("%s of %s, which the copy has: %v", kind[1], id, known)
		}
		if delete(c.features, id); kind[1] != "delete" {
			c.features[id] = changeOf.ReplaceAllString(line, "")
		}
	}
	c.seq = got.head.Get("Luodi-Seq")
	return applied
}

// whole is the layer as it is now.
func (c *copied) whole() map[string]string {
	c.who.t.Helper()
	all := map[string]string{}
	for _, line := range featureLines(c.who.want(http.StatusOK, "GET", export+"geojson"+c.query, nil).text) {
		all[c.idOf(line)] = line
	}
	return all
}

// TestACopyFollowsByChanges: copies of the public, of a planner and behind filters that apply sets of changes, at odd
// times over a random history of every kind of record that touches parcels, equal the source byte for byte.
func TestACopyFollowsByChanges(t *testing.T) {
	t.Parallel()
	plots := squares(6)
	plots[5].Internal = true
	o := newOffice(t, plots...)
	admin := o.admin()
	var copies []*copied
	for _, who := range []*colleague{admin, o.public()} {
		for _, filter := range []string{"", "&filter=" + escape("status = 'available'"),
			"&filter=" + escape("legal_m2 < 20000"), "&crs=EPSG:4550"} {
			copies = append(copies, &copied{who, filter, map[string]string{}, "0"})
		}
	}
	r := rand.New(rand.NewPCG(15, 100))
	kinds, done := map[string]int{}, map[string]int{}
	for step := range 160 {
		done[o.anything(admin, r, step)]++
		for _, c := range copies {
			if r.IntN(4) != 0 && step < 159 {
				continue
			}
			for kind, n := range c.follow() {
				kinds[kind] += n
			}
			if whole := c.whole(); !maps.Equal(c.features, whole) {
				t.Fatalf("step %d, public %v, %s: the copy has\n%v\nthe source\n%v", step, c.who.secret == "", c.query,
					slices.Sorted(maps.Values(c.features)), slices.Sorted(maps.Values(whole)))
			}
		}
	}
	t.Logf("changes applied: %v; records: %v", kinds, done)
	for _, kind := range []string{"insert", "update", "delete"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
	if done["refused"] > 120 {
		t.Errorf("too little happened: %v", done)
	}
}

// anything does something to a parcel, or is refused.
func (o *office) anything(who *colleague, r *rand.Rand, step int) string {
	o.t.Helper()
	var ids []uuid.UUID
	for _, text := range o.texts(`SELECT parcel_id::text FROM parcel_version WHERE to_seq IS NULL ORDER BY parcel_id`) {
		ids = append(ids, uuid.MustParse(text))
	}
	parcel := ids[r.IntN(len(ids))]
	rights := o.texts(`SELECT l.allotment_id::text FROM allotment_parcel l WHERE l.to_seq IS NULL ORDER BY 1`)
	orders := []object{
		o.hold(parcel),
		{"kind": "withdraw", "reason": "r", "parcels": o.refs(parcel)},
		{"kind": "restore", "reason": "r", "parcels": o.refs(parcel)},
		{"kind": "publish", "reason": "r", "parcels": o.refs(parcel)},
		{"kind": "unpublish", "reason": "r", "parcels": o.refs(parcel)},
		{"kind": "split", "reason": "r", "parcels": o.refs(parcel), "shape": object{"parts": 2, "bearing": 0,
			"codes": []string{fmt.Sprintf("S%d-1", step), fmt.Sprintf("S%d-2", step)}}},
		{"kind": "merge", "reason": "r", "parcels": o.refs(parcel, ids[r.IntN(len(ids))]),
			"shape": object{"codes": []string{fmt.Sprintf("M%d", step)}}},
		{"kind": "edit", "reason": "r", "parcels": o.refs(parcel), "object": object{"facts": object{
			"land_use": []string{"1001", "1101"}[r.IntN(2)]}}},
		o.hold(parcel),
	}
	if len(rights) > 0 {
		orders = append(orders, object{"kind": "take_back", "reason": "r", "allotment": o.right(rights[r.IntN(len(rights))])})
	}
	i := r.IntN(len(orders) + 1)
	if i == len(orders) {
		name := object{"name_zh": fmt.Sprint("改名", step)}
		version := `"` + o.texts(`SELECT max(revision)::text FROM project_version`)[0] + `"`
		who.want(http.StatusOK, "PATCH", "/api/projects/"+o.project.String(), name, "If-Match", version)
		return "renamed"
	}
	if got := who.do("POST", records, orders[i]); got.status == http.StatusCreated {
		return orders[i]["kind"].(string)
	}
	return "refused"
}
