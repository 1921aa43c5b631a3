// Package event publishes changes: the events of a park and of all parks, presence, the notices that wake listeners,
// and webhooks.
package event

import "luodi/data/store"

// Events are the events of a database and who follows them.
type Events struct{ *store.Store }

// Of returns the Events of a store.
func Of(s *store.Store) Events { return Events{s} }
