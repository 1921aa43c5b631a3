package fit

import (
	"testing"

	"github.com/paulmach/orb"
)

func TestARectangleDoesNotGrowInAHole(t *testing.T) {
	t.Parallel()
	f := newFinder([][]orb.Point{
		{{0, 0}, {100, 0}, {100, 100}, {0, 100}},
		{{10, 10}, {10, 90}, {90, 90}, {90, 10}},
	}, Sides{})
	for _, tall := range []bool{false, true} {
		if got, ok := f.grow(placed{centre: orb.Point{50, 50}, x: 1, y: 1}, tall, 0); ok {
			t.Errorf("in the hole: %+v", got)
		}
		if got, ok := f.grow(placed{centre: orb.Point{5, 50}, x: 1, y: 1}, tall, 0); !ok || got.score < 999 {
			t.Errorf("on land: %+v, %v", got, ok)
		}
	}
}
