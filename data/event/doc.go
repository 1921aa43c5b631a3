// Package event keeps what happened where all can follow it: the events of a park and of all parks, who is present,
// the notices that wake those who wait, and the webhooks that events are sent to.
package event

import "luodi/data/store"

// Events are the events of a database and who follows them.
type Events struct{ *store.Store }

// Of gives those of a store.
func Of(s *store.Store) Events { return Events{s} }
