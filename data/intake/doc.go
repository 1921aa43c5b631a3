// Package intake takes files of land in: parcels, zones, plan units and networks from outside, checked as a whole, each
// import one record. The formats of files are in package file.
package intake

import "luodi/data/store"

// Intake takes files into a database.
type Intake struct{ *store.Store }

// Of gives that of a store.
func Of(s *store.Store) Intake { return Intake{s} }
