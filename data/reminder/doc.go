// Package reminder keeps what each person wants to be reminded of and how, the mails that do it, and the secret
// addresses of calendars. What there is to remind of it is told: registry.Tasks knows that.
package reminder

import "luodi/data/store"

// Reminders are those of a database.
type Reminders struct{ *store.Store }

// Of returns the Reminders of a store.
func Of(s *store.Store) Reminders { return Reminders{s} }
