package file

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Draughtsmen draw an outline in pieces: lines, polylines and arcs whose ends meet. joinLines puts those of one layer
// together:
//
//  1. Ends within the tolerance of each other are one node. A line that is drawn twice counts once.
//  2. From each line that isn't taken yet it goes on at its end, as long as exactly one other line meets it there.
//  3. Where that comes back to the beginning, the lines are an outline. Where three meet, as between neighbours that
//     share a side, or where an end is free, nothing is guessed: the lines stay lines.
//
// An outline's corners are the lines' own; of two ends that meet, the one that came first.
type openLine struct {
	number int64 // of the row
	handle string
	line   orb.LineString
}

// joinedOutline is an outline in pieces: it has the handle of the first.
type joinedOutline struct {
	layer, handle string
	ring          orb.Ring
	rows          []int64
}

// joinMost bounds the corners of open lines that are held in memory; beyond it nothing is joined.
const joinMost = 4_000_000

func joinLines(layer string, lines []openLine, within float64) []joinedOutline {
	lines = drawnOnce(lines, within)
	ends := endsOf(lines, within)
	taken := make([]bool, len(lines))
	var found []joinedOutline
	for i := range lines {
		if taken[i] {
			continue
		}
		chain, closed := walkOn(ends, i)
		for _, step := range chain {
			taken[step.line] = true
		}
		if !closed {
			continue
		}
		outline := joinedOutline{layer: layer, handle: lines[chain[0].line].handle}
		for _, step := range chain {
			line := slices.Clone(lines[step.line].line)
			if step.back {
				slices.Reverse(line)
			}
			if len(outline.ring) > 0 {
				line = line[1:]
			}
			outline.ring = append(outline.ring, line...)
			outline.rows = append(outline.rows, lines[step.line].number)
		}
		outline.ring[len(outline.ring)-1] = outline.ring[0]
		if len(outline.ring) >= 4 {
			found = append(found, outline)
		}
	}
	return found
}

// drawnOnce leaves out lines that lie on another from end to end, and those that end where they begin.
func drawnOnce(lines []openLine, within float64) []openLine {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(lines), func(l openLine) bool {
		if len(l.line) == 2 && planar.Distance(l.line[0], l.line[1]) <= within {
			return true
		}
		key := string(cornersKey(l.line, within))
		again := seen[key]
		seen[key] = true
		return again
	})
}

// lineEnds are the nodes of lines: both ends of each, and by node the lines that end there, one twice that does so
// with both ends.
type lineEnds struct {
	nodes [][2]int
	at    [][]int
}

// endsOf finds the nodes: ends in neighbouring cells of a grid as wide as the tolerance are compared.
func endsOf(lines []openLine, within float64) *lineEnds {
	e := &lineEnds{nodes: make([][2]int, len(lines))}
	var places []orb.Point
	grid := map[[2]int64][]int{}
	node := func(p orb.Point) int {
		cell := [2]int64{int64(math.Floor(p[0] / within)), int64(math.Floor(p[1] / within))}
		for dx := int64(-1); dx <= 1; dx++ {
			for dy := int64(-1); dy <= 1; dy++ {
				for _, n := range grid[[2]int64{cell[0] + dx, cell[1] + dy}] {
					if planar.Distance(places[n], p) <= within {
						return n
					}
				}
			}
		}
		places, e.at = append(places, p), append(e.at, nil)
		grid[cell] = append(grid[cell], len(places)-1)
		return len(places) - 1
	}
	for i, l := range lines {
		for end, p := range []orb.Point{l.line[0], l.line[len(l.line)-1]} {
			n := node(p)
			e.nodes[i][end] = n
			e.at[n] = append(e.at[n], i)
		}
	}
	return e
}

// lineStep is a line of a chain; back: from its end to its beginning.
type lineStep struct {
	line int
	back bool
}

// walkOn follows lines from the beginning of one, and reports whether it came back there.
func walkOn(e *lineEnds, first int) (chain []lineStep, closed bool) {
	start := e.nodes[first][0]
	chain = []lineStep{{line: first}}
	at, line := e.nodes[first][1], first
	for at != start {
		if len(e.at[at]) != 2 {
			return chain, false
		}
		next := e.at[at][0]
		if next == line {
			next = e.at[at][1]
		}
		if next == line || len(chain) > len(e.nodes) {
			return chain, false
		}
		back := e.nodes[next][0] != at
		if at = e.nodes[next][0]; !back {
			at = e.nodes[next][1]
		}
		chain, line = append(chain, lineStep{next, back}), next
	}
	return chain, len(e.at[start]) == 2 && len(chain) > 1
}
