package cache

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/data/store/ewkb"
)

// thing is a feature as the model of the test holds it.
type thing struct{ Feature }

// model is what a set must be: every feature in a map.
type model map[Key]thing

func (m model) clone() model { return maps.Clone(m) }

// find answers a query by looking at every feature.
func (m model) find(q *Query) []string {
	keys := slices.SortedFunc(maps.Keys(m), compareKeys)
	found := []string{}
	for _, k := range keys {
		t := m[k]
		passes := (q.Park == nil || *q.Park == k.Park) && (q.After == nil || compareKeys(k, *q.After) > 0)
		for _, e := range q.Equal {
			v := t.Values[e.Property]
			passes = passes && !v.Null && v.Text == e.Value
		}
		near := len(q.Boxes) == 0
		for _, b := range q.Boxes {
			meets, err := ewkb.MeetsBox(t.Shape, b)
			near = near || meets && err == nil
		}
		if passes && near {
			found = append(found, string(t.GeoJSON))
		}
	}
	return found
}

func compareKeys(a, b Key) int {
	if c := compareID(a.Park, b.Park); c != 0 {
		return c
	}
	return compareID(a.ID, b.ID)
}

// maker draws features, of few parks, places and values, so that they often meet.
type maker struct {
	*rand.Rand
	parks []uuid.UUID
	made  int
}

func newMaker(seed uint64) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 12))}
	for range 7 {
		m.parks = append(m.parks, m.id())
	}
	return m
}

func (m *maker) id() (id uuid.UUID) {
	for i := range id {
		id[i] = byte(m.Uint32())
	}
	return id
}

// bound is a box of which the sides lie on a grid, so that boxes often touch.
func (m *maker) bound(most int) orb.Bound {
	x, y := 122+float64(m.IntN(200))*1e-3, 37+float64(m.IntN(200))*1e-3
	return orb.Bound{Min: orb.Point{x, y},
		Max: orb.Point{x + float64(1+m.IntN(most))*1e-3, y + float64(1+m.IntN(most))*1e-3}}
}

// shape is a square, or one or two triangles in the corners of a square: much of its box is outside, and it may lie on
// both sides of a box without meeting it.
func (m *maker) shape() orb.Geometry {
	square := m.bound(3)
	ring := square.ToRing()
	first, second := orb.Polygon{{ring[0], ring[1], ring[3], ring[0]}}, orb.Polygon{{ring[1], ring[2], ring[3], ring[1]}}
	for i := range second[0] { // apart from the first
		second[0][i][0] += 6e-3
	}
	switch m.IntN(4) {
	case 0:
		return orb.MultiPolygon{first, second}
	case 1:
		return first
	}
	return square.ToPolygon()
}

func (m *maker) feature(k Key) thing {
	m.made++
	shape, err := ewkb.Append(nil, m.shape(), 4490)
	if err != nil {
		panic(err)
	}
	values := []Value{{Text: fmt.Sprint(m.IntN(4)), Null: m.IntN(5) == 0}, {Text: fmt.Sprint(m.made)}}
	body := fmt.Sprintf(`{"n":%d,"fill":%q}`, m.made, bytes.Repeat([]byte("x"), m.IntN(400)))
	return thing{Feature{Park: k.Park, ID: k.ID, GeoJSON: []byte(body), Shape: shape, Values: values}}
}

func (m *maker) query(held []Key) *Query {
	q := &Query{}
	if m.IntN(3) == 0 {
		q.Park = &m.parks[m.IntN(len(m.parks))]
	}
	for range m.IntN(3) {
		q.Boxes = append(q.Boxes, m.bound([]int{3, 40, 400}[m.IntN(3)]))
	}
	if m.IntN(3) == 0 {
		q.Equal = append(q.Equal, Equal{0, fmt.Sprint(m.IntN(5))})
	}
	if m.IntN(2) == 0 && len(held) > 0 {
		q.After = &held[m.IntN(len(held))]
	}
	if m.IntN(2) == 0 {
		q.Limit = 1 + m.IntN(60)
	}
	return q
}

// check compares a snapshot with the model at some queries.
func check(t *testing.T, m *maker, s *Snapshot, want model, times int) {
	t.Helper()
	if s.Len() != len(want) {
		t.Fatalf("%d features, want %d", s.Len(), len(want))
	}
	keys := slices.SortedFunc(maps.Keys(want), compareKeys)
	for range times {
		q := m.query(keys)
		all := want.find(q)
		if q.Limit > 0 {
			all = all[:min(len(all), q.Limit+1)]
		}
		found, kept := s.Find(q)
		if !kept {
			t.Fatal("a property of few values is not kept")
		}
		got := []string{}
		for n := range found {
			got = append(got, string(s.Feature(n)))
		}
		if !slices.Equal(got, all) {
			t.Fatalf("%+v: found %d, want %d", q, len(got), len(all))
		}
		whole := *q
		whole.After = nil
		if n, ok := s.Count(&whole, len(want)); !ok || n != len(want.find(&whole)) {
			t.Fatalf("%+v: counted %d, want %d", whole, n, len(want.find(&whole)))
		}
		if len(keys) == 0 {
			continue
		}
		k := keys[m.IntN(len(keys))]
		n, held := s.ByID(k.ID)
		if !held || s.Key(n) != k || !bytes.Equal(s.Feature(n), want[k].GeoJSON) {
			t.Fatalf("%v is not found by its id", k)
		}
		if _, held := s.ByID(m.id()); held {
			t.Fatal("an unknown id is found")
		}
	}
}

func TestASetIsWhatWasPut(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		m, want, set := newMaker(seed), model{}, New(2)
		for range 200 * seed * seed {
			k := Key{m.parks[m.IntN(len(m.parks)-1)], m.id()}
			f := m.feature(k)
			want[k] = f
			if err := set.Add(f.Feature); err != nil {
				t.Fatal(err)
			}
		}
		set.Build()
		check(t, m, set.Snapshot(), want, 60)
		old, was := set.Snapshot(), want.clone()
		for range 30 {
			change(t, m, set, want)
			check(t, m, set.Snapshot(), want, 6)
		}
		check(t, m, old, was, 60) // what a reader holds stays as it was
	}
}

// change puts and removes some features.
func change(t *testing.T, m *maker, set *Set, want model) {
	t.Helper()
	held := slices.SortedFunc(maps.Keys(want), compareKeys)
	for range m.IntN(200) {
		k := Key{m.parks[m.IntN(len(m.parks))], m.id()}
		if len(held) > 0 && m.IntN(4) > 0 {
			k = held[m.IntN(len(held))]
		}
		if m.IntN(3) == 0 {
			delete(want, k)
			set.Remove(k.Park, k.ID)
			continue
		}
		f := m.feature(k)
		want[k] = f
		if err := set.Put(f.Feature); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMemoryIsBoundedByWhatIsHeld changes the same features again and again.
func TestMemoryIsBoundedByWhatIsHeld(t *testing.T) {
	t.Parallel()
	m, set := newMaker(1), New(2)
	var keys []Key
	for range 5000 {
		k := Key{m.parks[0], m.id()}
		keys = append(keys, k)
		if err := set.Add(m.feature(k).Feature); err != nil {
			t.Fatal(err)
		}
	}
	set.Build()
	first := set.Memory()
	for i := range 100_000 {
		if err := set.Put(m.feature(keys[m.IntN(len(keys))]).Feature); err != nil {
			t.Fatal(err)
		}
		if i%100 == 0 {
			set.Snapshot()
		}
	}
	if now := set.Memory(); now > 3*first {
		t.Errorf("%d bytes for what took %d at first", now, first)
	}
	if n := len(set.slabs); n > 60 {
		t.Errorf("%d slabs", n)
	}
}

// TestAPropertyOfTooManyValuesIsLeftToTheDatabase has more values than a dictionary takes.
func TestAPropertyOfTooManyValuesIsLeftToTheDatabase(t *testing.T) {
	t.Parallel()
	m, set := newMaker(1), New(2)
	for range mostWords + 2 {
		if err := set.Add(m.feature(Key{m.parks[0], m.id()}).Feature); err != nil {
			t.Fatal(err)
		}
	}
	set.Build()
	s := set.Snapshot()
	if _, kept := s.Find(&Query{Equal: []Equal{{1, "7"}}}); kept {
		t.Error("a property of too many values is answered")
	}
	if _, ok := s.Count(&Query{Equal: []Equal{{1, "7"}}}, s.Len()); ok {
		t.Error("a property of too many values is counted")
	}
	if n, ok := s.Count(&Query{Equal: []Equal{{0, "9"}}}, s.Len()); !ok || n != 0 {
		t.Error("a value that no feature has is found")
	}
}

// TestReadersGoOnWhileASetChanges is for the race detector.
func TestReadersGoOnWhileASetChanges(t *testing.T) {
	t.Parallel()
	m, want, set := newMaker(3), model{}, New(2)
	set.Build()
	change(t, m, set, want)
	done := make(chan bool)
	for i := range 20 {
		s, was, seed := set.Snapshot(), want.clone(), uint64(i)
		go func() {
			defer func() { done <- true }() // check may end the goroutine
			check(t, &maker{Rand: rand.New(rand.NewPCG(seed, 1)), parks: m.parks}, s, was, 20)
		}()
		change(t, m, set, want)
	}
	for range 20 {
		<-done
	}
}
