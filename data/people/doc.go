// Package people keeps accounts and what they sign in by: roles, invitations, sessions, tokens, known browsers; and the
// searches that someone saved.
package people

import "luodi/data/store"

// People are the accounts of a database.
type People struct{ *store.Store }

// Of gives those of a store.
func Of(s *store.Store) People { return People{s} }
