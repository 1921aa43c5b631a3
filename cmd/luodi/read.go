package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// readMost bounds what a command reads of a file or of standard input, in bytes.
const readMost = 4 << 20

// readFile reads a file, or standard input for "-". A pipe may keep silent for ever, and what reads it can't be woken:
// when ctx ends the command goes on without it.
func readFile(ctx context.Context, name string) ([]byte, error) {
	type result struct {
		body []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		body, err := readWhole(name)
		read <- result{body, err}
	}()
	select {
	case r := <-read:
		return r.body, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func readWhole(name string) ([]byte, error) {
	in := io.Reader(os.Stdin)
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	body, err := io.ReadAll(io.LimitReader(in, readMost+1))
	if err == nil && len(body) > readMost {
		err = fmt.Errorf("%s: %w: > %d bytes", name, errors.ErrUnsupported, readMost)
	}
	return body, err
}
