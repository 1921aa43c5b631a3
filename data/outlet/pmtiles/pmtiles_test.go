package pmtiles_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"luodi/data/outlet/pmtiles"
	"luodi/data/outlet/pmtiles/pmtilestest"
)

// The numbers that the specification gives.
func TestIDsAreThoseOfTheSpecification(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		z, x, y int
		id      uint64
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := pmtiles.ID(c.z, c.x, c.y); got != c.id {
			t.Errorf("%v is %d", c, got)
		}
	}
}

// A zoom follows the other, and each number is a neighbour of the one before.
func TestIDsAreACurveThroughAllTiles(t *testing.T) {
	t.Parallel()
	first := uint64(0)
	for z := range 8 {
		side := 1 << z
		at := map[uint64][2]int{}
		for x := range side {
			for y := range side {
				at[pmtiles.ID(z, x, y)] = [2]int{x, y}
			}
		}
		for i := range uint64(side * side) {
			p, some := at[first+i]
			if !some {
				t.Fatalf("z%d: none is %d", z, first+i)
			}
			if last, some := at[first+i-1]; some && abs(p[0]-last[0])+abs(p[1]-last[1]) != 1 {
				t.Fatalf("z%d: %v follows %v", z, p, last)
			}
		}
		first += uint64(side * side)
	}
}

func abs(n int) int { return max(n, -n) }

// archive is one of tiles that several add in a random order.
func archive(t *testing.T, tiles map[pmtilestest.Address][]byte) []byte {
	t.Helper()
	spool, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = spool.Close() }()
	w := pmtiles.NewWriter(spool)
	all := make(chan pmtilestest.Address, len(tiles))
	for at := range tiles {
		all <- at
	}
	close(all)
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() {
			for at := range all {
				if err := w.Add(at.Z, at.X, at.Y, tiles[at]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	working.Wait()
	var out bytes.Buffer
	if err := w.Finish(&out, pmtiles.About{MaxZoom: 18, Min: [2]int32{-1, -2}, Max: [2]int32{3, 4},
		Center:     [2]int32{1, 1},
		CenterZoom: 5, Metadata: []byte(`{"vector_layers":[]}`)}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Archives with and without leaves are read back; the order in which tiles came leaves no trace.
func TestArchivesAreReadBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{1, 2, 100, 5000, 40_000} {
		tiles := map[pmtilestest.Address][]byte{}
		for len(tiles) < n {
			z := 9 + r.IntN(10)
			at := pmtilestest.Address{Z: z, X: r.IntN(1 << z), Y: r.IntN(1 << z)}
			tiles[at] = fmt.Append(nil, r.IntN(max(1, n*3/4)))
		}
		file := archive(t, tiles)
		a := pmtilestest.Read(t, file)
		if len(a.Tiles) != n || (a.Leaves > 0) != (n > 4000) {
			t.Errorf("%d tiles are %d, in %d leaves", n, len(a.Tiles), a.Leaves)
		}
		for at, body := range tiles {
			if !bytes.Equal(a.Tiles[at], body) {
				t.Fatalf("%v is %q, not %q", at, a.Tiles[at], body)
			}
		}
		if !bytes.Equal(file, archive(t, tiles)) {
			t.Errorf("%d tiles are two archives", n)
		}
	}
}

// Equal tiles are stored once, and neighbours are one entry.
func TestEqualTilesAreOneContentAndNeighboursOneEntry(t *testing.T) {
	t.Parallel()
	tiles := map[pmtilestest.Address][]byte{}
	for x := range 16 {
		for y := range 16 {
			tiles[pmtilestest.Address{Z: 4, X: x, Y: y}] = []byte("sea")
		}
	}
	a := pmtilestest.Read(t, archive(t, tiles))
	if a.Header.Blobs != 1 || a.Header.Entries != 1 || a.Header.Addressed != 256 {
		t.Errorf("%+v", a.Header)
	}
	tiles[pmtilestest.Address{Z: 4, X: 9, Y: 9}] = []byte("an island")
	a = pmtilestest.Read(t, archive(t, tiles))
	if a.Header.Blobs != 2 || a.Header.Entries != 3 || !slices.Equal(a.Tiles[pmtilestest.Address{Z: 4, X: 9, Y: 9}],
		[]byte("an island")) {
		t.Errorf("%+v", a.Header)
	}
}
