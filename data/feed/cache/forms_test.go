package cache

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// walk goes through the features of a snapshot near a box, and makes a form of most: what it is asked as, and what the
// feature is. It reports how many there are, and of how many the form was known.
func walk(t *testing.T, s *Snapshot, forms *Forms, as int, box orb.Bound) (all, known int) {
	t.Helper()
	asked := forms.As(as)
	err := s.Around(&Query{Boxes: []orb.Bound{box}}, asked, func(n uint32) error {
		all++
		of := s.Feature(n)
		want := append([]byte(fmt.Sprint(as, " ")), of...)
		if form := asked.Form(); form != nil {
			known++
			if !bytes.Equal(form, want) {
				return fmt.Errorf("%s has the form %s", of, form)
			}
			return nil
		}
		asked.Make(func(dst []byte) ([]byte, bool) { return append(dst, want...), len(of)%5 > 0 })
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
		before := known
		for k := range held { // what lies with it has its form made anew
			if err := set.Put(m.feature(k).Feature); err != nil {
				t.Fatal(err)
			}
			break
		}
		if all, known = walk(t, set.Snapshot(), forms, 1, everywhere); most == 1<<30 && (known >= before || known == 0) {
			t.Errorf("after a change %d of %d are known, before it %d", known, all, before)
		}
	}
}
