// Package feed reads what is shown of land: the table of collections and their properties, rows by query and as
// GeoJSON, the balance, services, search, and what planners see beyond the public.
package feed

import (
	"context"

	"luodi/data/store"
)

// Feed is what a database shows.
type Feed struct{ *store.Store }

// Of gives that of a store.
func Of(s *store.Store) Feed { return Feed{s} }

// View is what the public, or a planner, sees at one moment.
type View struct{ *store.View }

// View opens a consistent read in the public role, see [store.Store.View].
func (f Feed) View(ctx context.Context, read func(*View) error) error {
	return f.Store.View(ctx, func(v *store.View) error { return read(&View{v}) })
}

// Stream is View for answers that may take as long as their readers like, see [store.Store.Stream].
func (f Feed) Stream(ctx context.Context, read func(*View) error) error {
	return f.Store.Stream(ctx, func(v *store.View) error { return read(&View{v}) })
}

// Desk is View in the planners' role, see [store.Store.Desk].
func (f Feed) Desk(ctx context.Context, read func(*View) error) error {
	return f.Store.Desk(ctx, func(v *store.View) error { return read(&View{v}) })
}
