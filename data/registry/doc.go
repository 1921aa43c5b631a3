// Package registry keeps companies and the projects that seek land: parties, contacts, investments, milestones, approvals,
// and the industry chains that projects belong to.
package registry

import "luodi/data/store"

// Registry are the projects and companies of a database.
type Registry struct {
	*store.Store
	memory *flowMemory
}

// Of returns the Registry of a store.
func Of(s *store.Store) Registry { return Registry{s, newFlowMemory()} }
