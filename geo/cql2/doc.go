// Package cql2 reads filters in the Common Query Language of OGC (CQL2, OGC 21-065r2), as text and as JSON, into one
// tree, checks the tree against what can be asked for, and prints it back as text.
//
// [ParseText], [ParseDraft] and [ParseJSON] give a [Node]. [Schema.Check] finds the type of each part and refuses what
// does not fit. [Text] prints the canonical form of a tree, which reads back as the same tree.
//
// A filter that is refused gives a geo.Invalid of the field "filter", with what was expected and at which character.
// The package knows no SQL: data/feed compiles the checked tree.
package cql2
