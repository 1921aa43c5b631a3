// Package registry keeps what is known of companies and of the projects that seek land: parties, contacts, investments,
// milestones, and the chains of industry that projects are pieces of.
package registry

import "luodi/data/store"

// Registry are the projects and companies of a database.
type Registry struct{ *store.Store }

// Of gives those of a store.
func Of(s *store.Store) Registry { return Registry{s} }
