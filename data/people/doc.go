// Package people keeps accounts, their roles and their credentials: invitations, sessions, tokens, known browsers. It
// also keeps saved searches.
package people

import "luodi/data/store"

// People are the accounts of a database.
type People struct{ *store.Store }

// Of returns the People of a store.
func Of(s *store.Store) People { return People{s} }
