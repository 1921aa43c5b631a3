// Package ledger makes every change of land and rights: orders, their records, proposals that wait for a second
// person, reversal, rights and their supply, queues for parcels, and the shapes of splits and merges. It is large,
// and one package because every kind of order works on one transaction through one type, and a reversal undoes
// records of every kind.
package ledger

import "luodi/data/store"

// Ledger makes and reads the records of a database.
type Ledger struct {
	*store.Store
	// Queues is the clerk that serves the queues right after a change that frees land. With nil they wait for the next
	// round of KeepExpiring.
	Queues *Clerk
}

// Of returns the Ledger of a store, without a clerk: no queue is served right after a change.
func Of(s *store.Store) Ledger { return Ledger{Store: s} }
