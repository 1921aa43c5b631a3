package cache

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
)

// walk goes through the features of a snapshot near a box, and makes a form of most: what it is asked as, and the
// shape. It reports how many there are, and of how many the form was known.
func walk(t *testing.T, s *Snapshot, forms *Forms, as int, box orb.Bound) (all, known int) {
	t.Helper()
	asked := forms.As(as)
	err := s.Around(&Query{Boxes: []orb.Bound{box}}, asked, func(n uint32) error {
		all++
		of, _ := s.Drawn(n)
		want := append([]byte(fmt.Sprint(as, " ")), of...)
		if form := asked.Form(); form != nil {
			known++
			if !bytes.Equal(form, want) {
				return fmt.Errorf("%x has the form %x", of, form)
			}
			return nil
		}
		asked.Make(func(dst []byte) ([]byte, bool) { return append(dst, want...), of[len(of)-1]%5 > 0 })
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return all, known
}

var everywhere = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}

// TestFormsAreOfWhatIsThere walks through a set that changes, in parts and as several kinds, by several readers of
// several states at once: a form that is known is that of the feature as it is there.
func TestFormsAreOfWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, most := range []int64{0, 50_000, 1 << 30} {
		m, set, held := newMaker(5), New(2), model{}
		for range 3000 {
			f := m.feature(Key{m.parks[0], m.id()})
			held[Key{f.Park, f.ID}] = f
			if err := set.Add(f.Feature); err != nil {
				t.Fatal(err)
			}
		}
		set.Build()
		forms := NewForms(most)
		done := make(chan bool)
		for round := range 20 {
			s := set.Snapshot()
			go func() {
				defer func() { done <- true }()
				r := maker{Rand: rand.New(rand.NewPCG(uint64(round), 1))}
				for range 10 {
					walk(t, s, forms, r.IntN(3), r.bound(90))
				}
			}()
			change(t, m, set, held)
		}
		for range 20 {
			<-done
		}
		s := set.Snapshot()
		all, _ := walk(t, s, forms, 1, everywhere)
		_, known := walk(t, s, forms, 1, everywhere)
		if forms.Memory() > most {
			t.Errorf("%d bytes of at most %d", forms.Memory(), most)
		}
		if most == 1<<30 && known < all/2 || most == 0 && known > 0 {
			t.Errorf("of %d features %d forms are known in %d bytes", all, known, most)
		}
		if most < 1<<30 {
			continue
		}
		for k, f := range held { // what has the same shape has the same form
			f.GeoJSON = []byte("{}")
			if err := set.Put(f.Feature); err != nil {
				t.Fatal(err)
			}
			if _, now := walk(t, set.Snapshot(), forms, 1, everywhere); now != known {
				t.Errorf("after a change of no shape %d of %d are known, before it %d", now, all, known)
			}
			for _, ring := range []orb.Ring{{{1, 1}, {3, 1}, {3, 3}, {1, 1}}, {{1, 1}, {3, 3}, {1, 3}, {1, 1}}} {
				f.Shape = ewkb.MustMarshal(orb.Polygon{ring}, 4490, binary.LittleEndian) // of one box
				if err := set.Put(f.Feature); err != nil {
					t.Fatal(err)
				}
				walk(t, set.Snapshot(), forms, 1, everywhere)
			}
			_, known = walk(t, set.Snapshot(), forms, 1, everywhere)
			f.Shape = m.feature(k).Shape // what lies with another has its form made anew
			if err := set.Put(f.Feature); err != nil {
				t.Fatal(err)
			}
			if _, now := walk(t, set.Snapshot(), forms, 1, everywhere); now >= known || now == 0 {
				t.Errorf("after a change of a shape %d of %d are known, before it %d", now, all, known)
			}
			break
		}
	}
}
