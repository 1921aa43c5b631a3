package main

import (
	"context"

	"luodi/data/registry"
	"luodi/data/store"
)

type chainCmd struct {
	database
	File     string `arg:"" help:"The chain as JSON, as docs/matching.md describes it; - for standard input."`
	District string `help:"Code of the district." required:""`
}

// Run puts an edition of a chain in force.
func (c chainCmd) Run(ctx context.Context, e *env) error {
	body, err := readFile(ctx, c.File)
	if err != nil {
		return usageError{err}
	}
	return e.withStore(ctx, c.database, func(store *store.Store) error {
		code, revision, err := registry.Of(store).PutChain(ctx, c.District, body)
		if err == nil {
			e.say("cli.chain.done", "code", code, "revision", revision, "district", c.District)
		}
		return err
	})
}
