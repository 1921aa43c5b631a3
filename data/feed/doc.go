// Package feed is the read side of the database: the table of collections and their properties, features by query and
// as GeoJSON, the land balance, services, search, and the planners' unpublished data. It is one package because an
// answer of the database and one from memory, filtered or not, are chosen and printed by the same rows of one table.
package feed

import (
	"context"

	"luodi/data/store"
)

// Feed reads the collections of a database.
type Feed struct{ *store.Store }

// Of returns the Feed of a store.
func Of(s *store.Store) Feed { return Feed{s} }

// View is a snapshot of the database as the public or a planner sees it.
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
