package main

import (
	"bytes"
	"flag"
	"math"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the drawing anew")

const committed = "../lingang.json"

func TestTheCommittedDrawingIsWhatIsDrawn(t *testing.T) {
	t.Parallel()
	var drawn bytes.Buffer
	if err := write(&drawn, compose()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(committed, drawn.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, drawn.Bytes()) {
		t.Errorf("%s differs from what is drawn: run go generate ./data/sample", committed)
	}
}

func TestDissolveKeepsTheArea(t *testing.T) {
	t.Parallel()
	d := settled().draw()
	byBlock := map[string][][]pt{}
	for _, p := range d.plots {
		byBlock[p.block] = append(byBlock[p.block], p.ring)
	}
	for letter, rings := range byBlock {
		want, got := 0.0, 0.0
		for _, r := range rings {
			want += area(r)
		}
		united := dissolve(rings)
		for _, r := range united {
			got += area(r)
		}
		if len(united) != 1 || math.Abs(got-want) > 1e-6 {
			t.Errorf("block %s: %d rings of %.4f m² from %.4f m²", letter, len(united), got, want)
		}
	}
}

func TestChamferTakesOneCorner(t *testing.T) {
	t.Parallel()
	square := []pt{{0, 0}, {100, 0}, {100, 100}, {0, 100}}
	got := chamfer(square, pt{100, 0}, 20)
	if len(got) != 5 || math.Abs(area(got)-(10000-200)) > 1e-9 {
		t.Errorf("got %v of %.3f m²", got, area(got))
	}
	if same := chamfer(square, pt{50, 0}, 20); len(same) != 4 {
		t.Errorf("a point that is no corner changed the ring: %v", same)
	}
}

func TestNodeEntersEveryRingOnTheEdge(t *testing.T) {
	t.Parallel()
	below := []pt{{0, 0}, {100, 0}, {100, 50}, {0, 50}}
	left, right := []pt{{0, 50}, {40, 50.001}, {40, 90}, {0, 90}}, []pt{{40, 50.001}, {100, 50}, {100, 90}, {40, 90}}
	node([]*[]pt{&below, &left, &right})
	want := []pt{{0, 0}, {100, 0}, {100, 50}, {40, 50.001}, {0, 50}}
	if len(below) != len(want) {
		t.Fatalf("got %v", below)
	}
	for i := range want {
		if below[i] != want[i] {
			t.Errorf("node %d is %v, want %v", i, below[i], want[i])
		}
	}
}
