package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo/land"
)

// oddCodes lists the codes of before there was a rule that are not in the normal form of codes.
func oddCodes(ctx context.Context, src store.Source) ([]feed.UnsettledCode, error) {
	store, err := store.Open(ctx, src)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	return feed.Of(store).UnsettledCodes(ctx)
}

// sayOdd prints such codes, with what nobody sees in them spelled out.
func (e *env) sayOdd(odd []feed.UnsettledCode) {
	if len(odd) == 0 {
		return
	}
	e.say("cli.doctor_codes_odd", "count", len(odd))
	for _, c := range odd {
		e.say("cli.code_odd", "park", cmp.Or(c.Park, c.District), "collection", c.Collection, "code", visible(c.Code),
			"fault", c.Fault)
	}
}

// visible spells out the characters of a text that nobody sees.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if land.Unseen(r) {
			fmt.Fprintf(&b, "<U+%04X>", r)
			continue
		}
		b.WriteRune(r)
	}
	return "“" + b.String() + "”"
}
