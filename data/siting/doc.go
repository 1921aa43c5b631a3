// Package siting keeps the free land of parks in memory, by column, and answers what is asked about it: which parcels,
// lots and assemblies suit a need, by which measures, and how much of the ground does.
package siting

import "luodi/data/store"

// Siting is what the database knows about where a need may be met, beyond the free land itself.
type Siting struct{ *store.Store }

// Of gives that of a store.
func Of(s *store.Store) Siting { return Siting{s} }
