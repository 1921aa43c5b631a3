package main

import (
	"context"
	"io"
	"os"

	"luodi/data"
)

type chainCmd struct {
	database
	File     string `arg:"" help:"The chain as JSON, as docs/matching.md describes it; - for standard input."`
	District string `help:"Code of the district." required:""`
}

// maxChainFile bounds what is read of a file, in bytes.
const maxChainFile = 4 << 20

// Run puts an edition of a chain in force.
func (c chainCmd) Run(ctx context.Context, e *env) error {
	in := io.Reader(os.Stdin)
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return usageError{err}
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	body, err := io.ReadAll(io.LimitReader(in, maxChainFile))
	if err != nil {
		return err
	}
	return e.withStore(ctx, c.database, func(store *data.Store) error {
		code, revision, err := store.PutChain(ctx, c.District, body)
		if err == nil {
			e.say("cli.chain.done", "code", code, "revision", revision, "district", c.District)
		}
		return err
	})
}
