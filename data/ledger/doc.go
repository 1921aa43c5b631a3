// Package ledger makes every change of land and rights: orders, the records they make, proposals that wait for a second
// person, reversal, rights and their supply, the queues for parcels, and the shapes that splits and merges give. It is
// one package because every kind of order works on one transaction with one type, and a reversal undoes what any kind
// did.
package ledger

import "luodi/data/store"

// Ledger is the records of a database and what makes new ones.
type Ledger struct {
	*store.Store
	// Lines is who serves those who wait for land right after a change that frees it. Nil: nobody does until
	// KeepExpiring comes round.
	Lines *Clerk
}

// Of gives that of a store, in which nobody serves those who wait right after a change.
func Of(s *store.Store) Ledger { return Ledger{Store: s} }
