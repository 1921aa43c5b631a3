package cql2

import (
	"time"

	"github.com/paulmach/orb"
)

// Pos is a place in a filter's text: a number of characters before it.
type Pos int

// Node is a part of a filter: a [Call], or one of the values [Property], [String], [Number], [Bool], [Date],
// [Timestamp], [Interval], [Shape], [Box] and [List].
type Node interface {
	Pos() Pos
}

// Op is an operator or a function by its name in JSON: "and", "=", "s_intersects".
type Op string

// Call applies an operator or a function to its arguments.
type Call struct {
	Op   Op
	Args []Node
	At   Pos
}

// Property is a property by its name. Check sets its type.
type Property struct {
	Name string
	Type Type
	At   Pos
}

// String is a text literal.
type String struct {
	Value string
	At    Pos
}

// Number is a decimal literal in its shortest form, such as "-12.5" or "1.5E30".
type Number struct {
	Value string
	At    Pos
}

// Bool is TRUE or FALSE.
type Bool struct {
	Value bool
	At    Pos
}

// Date is a day, as its first instant in UTC.
type Date struct {
	Day time.Time
	At  Pos
}

// Timestamp is an instant in UTC, to the microsecond.
type Timestamp struct {
	Instant time.Time
	At      Pos
}

// Interval is the time from one end to another, both included. An end is a Date, a Timestamp or a Property; nil where
// it is open.
type Interval struct {
	From, To Node
	At       Pos
}

// Shape is a geometry literal, its coordinates in the axis order of the filter's reference system. Heights are
// dropped.
type Shape struct {
	Shape orb.Geometry
	At    Pos
}

// Box is a box literal: the lower corner and the upper corner, in the axis order of the filter's reference system.
// Heights are dropped.
type Box struct {
	Corners [4]float64
	At      Pos
}

// List is the list of values after IN.
type List struct {
	Items []Node
	At    Pos
}

// Pos is where the node begins; of a call between operands, where its operator stands.
func (n *Call) Pos() Pos      { return n.At }
func (n *Property) Pos() Pos  { return n.At }
func (n *String) Pos() Pos    { return n.At }
func (n *Number) Pos() Pos    { return n.At }
func (n *Bool) Pos() Pos      { return n.At }
func (n *Date) Pos() Pos      { return n.At }
func (n *Timestamp) Pos() Pos { return n.At }
func (n *Interval) Pos() Pos  { return n.At }
func (n *Shape) Pos() Pos     { return n.At }
func (n *Box) Pos() Pos       { return n.At }
func (n *List) Pos() Pos      { return n.At }

// call makes a call. AND of AND, and OR of OR, are one call: the first argument's, if it is one.
func call(op Op, at Pos, args ...Node) *Call {
	made := &Call{Op: op, At: at}
	if op != OpAnd && op != OpOr {
		made.Args = args
		return made
	}
	for i, arg := range args {
		within, is := arg.(*Call)
		switch {
		case !is || within.Op != op:
			made.Args = append(made.Args, arg)
		case i == 0:
			made = within
		default:
			made.Args = append(made.Args, within.Args...)
		}
	}
	return made
}

// children are the parts of a node.
func children(n Node) []Node {
	switch n := n.(type) {
	case *Call:
		return n.Args
	case *List:
		return n.Items
	case *Interval:
		var ends []Node
		for _, end := range []Node{n.From, n.To} {
			if end != nil {
				ends = append(ends, end)
			}
		}
		return ends
	}
	return nil
}

// And joins filters: nil where there are none, the filter itself where there is one.
func And(filters []Node) Node {
	switch len(filters) {
	case 0:
		return nil
	case 1:
		return filters[0]
	}
	return call(OpAnd, 0, filters...)
}

// Equals is the filter for features whose property has a value.
func Equals(property string, value Node) Node {
	return call(OpEqual, 0, &Property{Name: property}, value)
}
