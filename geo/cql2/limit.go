package cql2

import "luodi/geo"

// Limits of a filter.
const (
	MaxBytes    = 16 << 10
	MaxDepth    = 32   // of calls within calls
	MaxBrackets = 64   // of brackets, NOTs and signs within one another
	MaxNodes    = 512  // calls and values together
	MaxVertices = 2000 // of all geometries together
)

// checkSize refuses a text that is too long to read.
func checkSize(text string) error {
	if len(text) > MaxBytes {
		return geo.NewInvalid(field, "cql2.bytes", len(text), "n", MaxBytes)
	}
	return nil
}

// measure refuses a tree that is too deep or too large.
func measure(root Node) error {
	nodes, vertices := 0, 0
	var walk func(n Node, depth int) error
	walk = func(n Node, depth int) error {
		nodes++
		switch shape := n.(type) {
		case *Shape:
			vertices += countVertices(shape.Shape)
		case *Box:
			vertices += 4
		}
		switch {
		case depth > MaxDepth:
			return tooDeep(MaxDepth, n.Pos())
		case nodes > MaxNodes:
			return expected(geo.Say("cql2.nodes", "n", MaxNodes), n.Pos(), geo.Say("came.more"))
		case vertices > MaxVertices:
			return expected(geo.Say("cql2.vertices", "n", MaxVertices), n.Pos(), geo.Say("came.more"))
		}
		for _, child := range children(n) {
			if err := walk(child, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(root, 1)
}

func tooDeep(most int, at Pos) error {
	return expected(geo.Say("cql2.depth", "n", most), at, geo.Say("came.more"))
}
