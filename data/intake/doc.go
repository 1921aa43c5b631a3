// Package intake imports files of parcels, zones, plan units and networks. A file is validated as a whole; each
// import is one record. Package file reads the formats.
package intake

import "luodi/data/store"

// Intake takes files into a database.
type Intake struct{ *store.Store }

// Of returns the Intake of a store.
func Of(s *store.Store) Intake { return Intake{s} }
