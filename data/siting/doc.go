// Package siting keeps the free land of parks in memory as a column store and answers siting questions: which
// parcels, lots and assemblies suit a need, by which measures, and where in the park the good ground lies.
package siting

import "luodi/data/store"

// Siting reads from the database what a siting question needs besides the free land.
type Siting struct{ *store.Store }

// Of returns the Siting of a store.
func Of(s *store.Store) Siting { return Siting{s} }
