package lottest

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"luodi/geo/lot"
)

// Tally counts what random operations came to, so that a property can't hold by refusing everything.
type Tally struct {
	Done    int
	Refused map[lot.Reason]int
}

// NewTally has counted nothing.
func NewTally() *Tally { return &Tally{Refused: make(map[lot.Reason]int)} }

// Took tells whether an operation was done; a refusal must be for one of the reasons.
func (c *Tally) Took(t *rapid.T, err error, may ...lot.Reason) bool {
	if err == nil {
		c.Done++
		return true
	}
	var r *lot.Refused
	if !errors.As(err, &r) || !slices.Contains(may, r.Reason) {
		t.Fatalf("refused: %v", err)
	}
	c.Refused[r.Reason]++
	return false
}

// Most checks that at least a share of the operations was done.
func (c *Tally) Most(t *testing.T, share float64) {
	t.Helper()
	all := c.Done
	for _, n := range c.Refused {
		all += n
	}
	t.Logf("%d done of %d, refused %v", c.Done, all, c.Refused)
	if float64(c.Done) < share*float64(all) {
		t.Errorf("only %d of %d were done: %v", c.Done, all, c.Refused)
	}
}

// Fresh draws a parcel on ground of its own, wound as the package winds it.
func Fresh(t *rapid.T, tb testing.TB) (Ground, lot.Shape, Dice) {
	d := NewDice(t)
	g := NewGround(tb)
	poly := d.Parcel()
	for i := range poly {
		if (poly[i].Orientation() > 0) != (i == 0) {
			poly[i].Reverse()
		}
	}
	s := g.Add(poly)
	if Sound(g, s) != nil || Closest(g, s) < 0.02 {
		t.Skip("the drawn parcel crosses itself, or has corners that snapping could mix up")
	}
	return g, s, d
}

// Closest is the distance between the two vertices of a shape that are closest.
func Closest(g Ground, s lot.Shape) float64 {
	least := math.Inf(1)
	all := slices.Concat(s...)
	for i, id := range all {
		for _, other := range all[:i] {
			p, q := g.Plane.Point(id), g.Plane.Point(other)
			least = min(least, math.Hypot(p[0]-q[0], p[1]-q[1]))
		}
	}
	return least
}
