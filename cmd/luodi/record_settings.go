package main

import (
	"context"

	"github.com/alecthomas/kong"

	"luodi/data/ledger"
)

type settingsCmd struct {
	ordering
	why
	HoldShown      *string `help:"What the public reads of land under an intention: in_negotiation, or nothing." placeholder:"WORD"`
	MapReviewNo    *string `help:"The number of the map's review (审图号); empty for none." placeholder:"NUMBER"`
	CornersTold    *string `help:"How the public reads corners: exact, or rounded to metres." placeholder:"WORD"`
	OldAfterMonths *int    `help:"After how many months a price or service counts as old." placeholder:"MONTHS"`
}

// Run sets what the park tells the public.
func (c settingsCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Settings: &ledger.Settings{
		HoldShown: c.HoldShown, MapReviewNo: c.MapReviewNo, OldAfterMonths: c.OldAfterMonths,
		CornersTold: c.CornersTold}})
}
