package background

import "testing"

// TestTilesAreNumberedAlongHilbertsCurve: as the specification's examples say; each zoom's numbers follow on the last's,
// each once, and each next tile is beside the one before.
func TestTilesAreNumberedAlongHilbertsCurve(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		z       int
		x, y, n uint64
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := numberOf(c.z, c.x, c.y); got != c.n {
			t.Errorf("%d/%d/%d is %d, wanted %d", c.z, c.x, c.y, got, c.n)
		}
	}
	number := uint64(0)
	for z := range 7 {
		at := map[uint64][2]int{}
		for x := range 1 << z {
			for y := range 1 << z {
				at[numberOf(z, uint64(x), uint64(y))] = [2]int{x, y}
			}
		}
		for i := range len(at) {
			here, known := at[number]
			if before := at[number-1]; !known || i > 0 && abs(here[0]-before[0])+abs(here[1]-before[1]) != 1 {
				t.Fatalf("zoom %d: %d is at %v, the one before at %v", z, number, here, before)
			}
			number++
		}
	}
}

func abs(n int) int { return max(n, -n) }

func FuzzParseDirectory(f *testing.F) {
	f.Add([]byte{2, 0, 5, 1, 1, 10, 10, 1, 0})
	f.Add([]byte{255, 255, 3})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if all, err := parseDirectory(raw); err == nil && 4*len(all) > len(raw) {
			t.Fatal("more entries than bytes")
		}
	})
}

// TestADirectoryHasNoMoreEntriesThanFit: what claims more is refused before room is made for them.
func TestADirectoryHasNoMoreEntriesThanFit(t *testing.T) {
	t.Parallel()
	raw := []byte{2, 0, 5, 1, 1, 10, 10, 1, 0}
	if all, err := parseDirectory(raw); err != nil || len(all) != 2 {
		t.Errorf("%v %v", all, err)
	}
	raw[0] = 3
	if _, err := parseDirectory(raw); err == nil || err.Error() != "a directory of 3 entries in 9 bytes" {
		t.Errorf("%v", err)
	}
}
